//! Which part of the data a word tells of.

/// The kind a split word names.
pub fn split(word: &str) -> Option<&'static str> {
    let own = word.trim_matches(|c: char| !c.is_alphanumeric());
    let word = own.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    let is = |list: &[&str]| list.iter().any(|w| w.eq_ignore_ascii_case(word));
    match () {
        () if !own.is_ascii() => split_abroad(&own.to_lowercase()),
        () if is(&["train", "training", "trn", "train_inner"]) => Some("train"),
        () if is(&["val", "valid", "validation", "validate", "validating"]) => Some("val"),
        () if is(&["test", "testing"]) => Some("test"),
        () if is(&["eval", "evaluation", "evaluate", "evaluating"]) => Some("eval"),
        () if is(&["dev"]) => Some("dev"),
        () => None,
    }
}

/// The kind a split word of another language names.
fn split_abroad(word: &str) -> Option<&'static str> {
    match word {
        "entraînement" | "обучение" | "训练" | "訓練" | "학습" => Some("train"),
        "validación" | "validação" | "валидация" | "验证" | "驗證" | "検証" | "검증" => Some("val"),
        "тест" | "测试" | "測試" | "テスト" | "테스트" => Some("test"),
        _ => None,
    }
}

/// The kind a metric's own name tells: its first word, else its last.
pub fn split_of_name(name: &str) -> Option<&'static str> {
    let head = name.split(|c: char| !c.is_ascii_alphanumeric()).find(|w| !w.is_empty())?;
    split(head)
}
