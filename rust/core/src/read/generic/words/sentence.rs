//! Words that join, level, wrap or number what others name.

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

/// The types whose printed form wraps numbers: `tensor(0.5, device='cuda:0')`.
pub fn wrapper(word: &str) -> bool {
    let own = word.rsplit('.').next().unwrap_or(word);
    let sized = own.trim_end_matches(|c: char| c.is_ascii_digit());
    matches!(own, "tensor" | "Tensor" | "array" | "Array" | "DeviceArray" | "Parameter" | "Some")
        || matches!(sized, "float" | "int" | "bfloat" | "uint")
        || matches!(own, "longdouble" | "scalar")
}

/// Words for all parts together.
pub fn whole(word: &str) -> bool {
    matches!(word.to_ascii_lowercase().as_str(), "all" | "total" | "overall" | "mean" | "average")
}

/// Words for one of several parts, whose number tells which.
pub fn part(word: &str) -> bool {
    const WORDS: [&str; 14] = [
        "class", "layer", "head", "task", "label", "player", "agent", "expert", "domain", "block", "stage", "level",
        "scale", "client",
    ];
    WORDS.iter().any(|w| w.eq_ignore_ascii_case(word))
}
