//! The words that logs share whatever wrote them: counters, splits, units, and those that join a sentence.

use crate::types::snake_case;

/// What a counter counts. A higher rank is the better step where a line has several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Counter {
    Step(u8),
    Epoch,
    Batch,
    /// Nameless: told by its place (`[260/1938]`, `90:`).
    Bare,
    /// The pair beside a progress bar.
    Bar,
    /// A worker's number (`Rank 0`), no count at all.
    Rank,
}

/// The counter a name stands for: a counting word, alone or after words that only qualify it.
pub fn counter(name: &str) -> Option<Counter> {
    let snake = snake_case(name);
    let words: Vec<&str> = snake.split('_').collect();
    let (last, before) = words.split_last()?;
    if let ("step" | "steps", Some((&"time", before))) = (*last, before.split_last()) {
        return before.iter().all(|w| qualifies(w)).then_some(Counter::Step(6));
    }
    if before.len() > 3 || !before.iter().all(|w| qualifies(w)) {
        return None;
    }
    let plural_needs = |rank| if before.is_empty() { None } else { Some(Counter::Step(rank)) };
    match *last {
        "epoch" | "epochs" if before.iter().any(|w| matches!(*w, "num" | "n" | "total")) => None,
        "epoch" | "ep" | "epo" => Some(Counter::Epoch),
        "epoche" | "epoca" | "época" | "époque" | "epoque" | "эпоха" | "轮" | "轮次" | "周期" | "エポック"
        | "에포크" => Some(Counter::Epoch),
        "iteración" | "iteracion" | "iteração" | "iteracao" | "itération" | "iterazione" | "итерация" => {
            Some(Counter::Step(7))
        }
        "schritt" | "paso" | "passo" | "étape" | "шаг" | "步" | "步数" | "迭代" | "ステップ" | "스텝" => {
            Some(Counter::Step(8))
        }
        "批" | "批次" => Some(Counter::Batch),
        "step" if before.last() == Some(&"micro") => Some(Counter::Batch),
        "step" if before.last() == Some(&"global") => Some(Counter::Step(9)),
        "steps" if before.last().is_some_and(|w| matches!(*w, "total" | "num" | "n" | "training" | "train")) => None,
        "steps" => plural_needs(8),
        "step" => Some(Counter::Step(8)),
        "updates" if before.last() == Some(&"num") => Some(Counter::Step(9)),
        "updates" => plural_needs(4),
        "iter" | "iters" | "iteration" | "itr" | "it" | "ite" | "update" | "upd" | "up" => Some(Counter::Step(7)),
        "timestep" | "timesteps" | "tick" => Some(Counter::Step(6)),
        "iterations" | "round" | "episode" | "generation" | "gen" | "trial" => Some(Counter::Step(5)),
        "frame" => Some(Counter::Step(4)),
        "batch" | "minibatch" | "batches" => Some(Counter::Batch),
        "rank" | "node" | "worker" | "gpu" | "device" if before.is_empty() => Some(Counter::Rank),
        _ => None,
    }
}

fn qualifies(word: &str) -> bool {
    const QUALIFIERS: [&str; 35] = [
        "running",
        "doing",
        "online",
        "outer",
        "model",
        "end",
        "of",
        "start",
        "finished",
        "completed",
        "global",
        "training",
        "learning",
        "current",
        "cur",
        "opt",
        "optimizer",
        "num",
        "n",
        "at",
        "grad",
        "gradient",
        "env",
        "validate",
        "micro",
        "mini",
        "total",
        "the",
        "train",
        "starting",
        "begin",
        "for",
        "progress",
        "on",
        "after",
    ];
    QUALIFIERS.contains(&word) || split(word).is_some()
}

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

/// Whether a word after a number is the number's unit.
pub fn unit(word: &str) -> bool {
    const UNITS: [&str; 82] = [
        "mm",
        "cm",
        "km",
        "deg",
        "degrees",
        "rad",
        "kw",
        "mw",
        "kwh",
        "mwh",
        "ev",
        "mev",
        "kcal",
        "kj",
        "px",
        "pixels",
        "bits",
        "nats",
        "pts",
        "bpm",
        "s",
        "sec",
        "secs",
        "second",
        "seconds",
        "ms",
        "us",
        "ns",
        "msec",
        "min",
        "mins",
        "minute",
        "minutes",
        "h",
        "hr",
        "hrs",
        "hour",
        "hours",
        "day",
        "days",
        "percent",
        "b",
        "kb",
        "mb",
        "gb",
        "tb",
        "kib",
        "mib",
        "gib",
        "tib",
        "byte",
        "bytes",
        "k",
        "m",
        "g",
        "t",
        "x",
        "hz",
        "khz",
        "mhz",
        "ghz",
        "db",
        "w",
        "watts",
        "fps",
        "it",
        "its",
        "samples",
        "sample",
        "images",
        "imgs",
        "img",
        "tokens",
        "tok",
        "words",
        "frames",
        "sentences",
        "steps",
        "examples",
        "flops",
        "gflops",
        "tflops",
    ];
    let lower = word.to_ascii_lowercase();
    match lower.split_once('/') {
        Some((_, per)) => !per.is_empty() && per.len() <= 10,
        None => UNITS.contains(&lower.trim_end_matches('.')),
    }
}

/// Letters that make a number larger, and name nothing.
pub fn magnitude(word: &str) -> bool {
    matches!(word, "K" | "M" | "G" | "B" | "T")
}

/// Units of size, and of what moves so many in a second.
pub fn size(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    let own = lower.strip_suffix("/s").or_else(|| lower.strip_suffix("/sec")).unwrap_or(&lower);
    matches!(own, "b" | "kb" | "mb" | "gb" | "tb" | "kib" | "mib" | "gib" | "tib" | "byte" | "bytes")
}

/// Units of time from minutes on, of which nothing is counted: `up 3 days`.
pub fn long_time(word: &str) -> bool {
    matches!(
        word.to_ascii_lowercase().as_str(),
        "min" | "mins" | "minute" | "minutes" | "hour" | "hours" | "hr" | "hrs" | "day" | "days" | "week" | "weeks"
    )
}

/// Words for all parts together.
pub fn whole(word: &str) -> bool {
    matches!(word.to_ascii_lowercase().as_str(), "all" | "total" | "overall" | "mean" | "average")
}

/// Words that join a sentence and belong to no name.
pub fn joins(word: &str) -> bool {
    const JOINS: [&str; 32] = [
        "with",
        "is",
        "was",
        "are",
        "of",
        "the",
        "at",
        "after",
        "in",
        "on",
        "to",
        "for",
        "a",
        "an",
        "and",
        "by",
        "from",
        "has",
        "have",
        "had",
        "finished",
        "done",
        "got",
        "reached",
        "over",
        "per",
        "took",
        "takes",
        "then",
        "as",
        "completed",
        "==>",
    ];
    let word = word.trim_end_matches(['.', ',', '!']);
    JOINS.iter().any(|w| w.eq_ignore_ascii_case(word))
}

/// Names of what people measure; asked only where nothing else tells a measurement from a setting.
pub fn measured(name: &str) -> bool {
    const WORDS: [&str; 59] = [
        "mape",
        "mpjpe",
        "fitness",
        "loss",
        "losses",
        "acc",
        "accuracy",
        "error",
        "err",
        "ppl",
        "perplexity",
        "reward",
        "rewards",
        "return",
        "score",
        "lr",
        "bleu",
        "rouge",
        "wer",
        "cer",
        "f1",
        "auc",
        "map",
        "ap",
        "ar",
        "iou",
        "miou",
        "psnr",
        "ssim",
        "fid",
        "mse",
        "mae",
        "rmse",
        "r2",
        "precision",
        "recall",
        "logloss",
        "ndcg",
        "norm",
        "gnorm",
        "entropy",
        "kl",
        "elbo",
        "nll",
        "bpc",
        "bpd",
        "cost",
        "objective",
        "likelihood",
        "like",
        "likelihood",
        "top1",
        "top5",
        "prec",
        "dice",
        "hits",
        "mrr",
        "bpb",
        "xent",
    ];
    snake_case(name).split('_').any(|w| WORDS.contains(&w))
}

/// Measures of the whole, that no rank or threshold tells apart.
pub fn falls_or_rises(word: &str) -> bool {
    const WORDS: [&str; 14] = [
        "loss",
        "cost",
        "error",
        "err",
        "nll",
        "ppl",
        "perplexity",
        "reward",
        "return",
        "score",
        "objective",
        "elbo",
        "accuracy",
        "likelihood",
    ];
    WORDS.iter().any(|w| w.eq_ignore_ascii_case(word))
}

/// Words for one of several parts, whose number tells which.
pub fn part(word: &str) -> bool {
    const WORDS: [&str; 14] = [
        "class", "layer", "head", "task", "label", "player", "agent", "expert", "domain", "block", "stage", "level",
        "scale", "client",
    ];
    WORDS.iter().any(|w| w.eq_ignore_ascii_case(word))
}

/// Names whose value is the name of a metric.
pub fn names_metric(name: &str) -> bool {
    matches!(snake_case(name).as_str(), "metric" | "metric_name" | "name" | "tag" | "key" | "measure")
}

/// Names that say no more than that they measure.
pub fn names_value(name: &str) -> bool {
    matches!(snake_case(name).as_str(), "value" | "val" | "score" | "result" | "metric_value")
}

/// The types whose printed form wraps numbers: `tensor(0.5, device='cuda:0')`.
pub fn wrapper(word: &str) -> bool {
    let own = word.rsplit('.').next().unwrap_or(word);
    let sized = own.trim_end_matches(|c: char| c.is_ascii_digit());
    matches!(own, "tensor" | "Tensor" | "array" | "Array" | "DeviceArray" | "Parameter" | "Some")
        || matches!(sized, "float" | "int" | "bfloat" | "uint")
        || matches!(own, "longdouble" | "scalar")
}

/// Names of statistics that say nothing without what they are of.
pub fn statistic(name: &str) -> bool {
    matches!(
        name.to_ascii_lowercase().trim_end_matches('.'),
        "avg"
            | "average"
            | "mean"
            | "min"
            | "max"
            | "std"
            | "stddev"
            | "median"
            | "sum"
            | "var"
            | "ema"
            | "smoothed"
            | "p50"
            | "p90"
            | "p99"
    )
}

/// Names of numbers that only tell things apart.
pub fn setting(name: &str) -> bool {
    let snake = snake_case(name);
    matches!(snake.rsplit('_').next(), Some("seed" | "port" | "pid" | "uid" | "version"))
}

/// Names of rates, which are measured even where they are whole.
pub fn rate(name: &str) -> bool {
    let snake = snake_case(name);
    snake
        .split('_')
        .any(|w| matches!(w, "sps" | "fps" | "ips" | "wps" | "ups" | "tps" | "throughput" | "speed" | "mfu"))
}

/// Names of estimates made for the person who waits, not measurements.
pub fn estimate(name: &str) -> bool {
    let snake = snake_case(name);
    let mut words = snake.split('_');
    words.any(|w| matches!(w, "eta" | "remaining" | "remain" | "estimated"))
}

/// Whether a name ends in what people count, in many or by other words: a count where its numbers behave so.
pub fn counted(name: &str) -> bool {
    const COUNTED: [&str; 22] = [
        "steps",
        "step",
        "iters",
        "iter",
        "iterations",
        "iteration",
        "updates",
        "update",
        "episodes",
        "episode",
        "timesteps",
        "frames",
        "batches",
        "batch",
        "samples",
        "gen",
        "generation",
        "generations",
        "rounds",
        "round",
        "trees",
        "games",
    ];
    let snake = snake_case(name);
    snake.rsplit('_').next().is_some_and(|last| COUNTED.contains(&last))
}

/// Counters of those who learn by playing.
pub fn played(name: &str) -> bool {
    snake_case(name).split('_').any(|w| matches!(w, "episode" | "episodes"))
}

/// Names of how fast a model learns.
pub fn learning_rate(name: &str) -> bool {
    let snake = snake_case(name);
    snake == "lr" || snake.ends_with("_lr") || snake.ends_with("learning_rate")
}

/// Levels that loggers print.
pub fn level(word: &[u8]) -> bool {
    const LEVELS: [&[u8]; 14] = [
        b"INFO",
        b"WARNING",
        b"WARN",
        b"ERROR",
        b"DEBUG",
        b"CRITICAL",
        b"FATAL",
        b"TRACE",
        b"SUCCESS",
        b"NOTICE",
        b"info",
        b"debug",
        b"warning",
        b"error",
    ];
    LEVELS.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counting_word_alone_or_qualified_is_a_counter() {
        for (name, wanted) in [
            ("Step", Some(Counter::Step(8))),
            ("global_step", Some(Counter::Step(9))),
            ("num_updates", Some(Counter::Step(9))),
            ("Ep.", Some(Counter::Epoch)),
            ("validate step", Some(Counter::Step(8))),
            ("Learning iteration", Some(Counter::Step(7))),
            ("total_timesteps", Some(Counter::Step(6))),
            ("micro_step", Some(Counter::Batch)),
            ("step_time", None),
            ("global batch size", None),
            ("number of skipped iterations", None),
            ("num_epochs", None),
            ("loss", None),
        ] {
            assert_eq!(counter(name), wanted, "{name}");
        }
    }

    #[test]
    fn units_are_known_by_list_or_by_rate() {
        for word in ["ms", "samples/sec", "GiB", "it/s", "sec", "words/s"] {
            assert!(unit(word), "{word}");
        }
        assert!(!unit("loss"));
    }
}
