//! What the names of captures mean, and what the words of a split mean.

use crate::pattern::Wants;
use crate::types::{Holds, TRAIN};

use super::shorthand::Type;

/// What a capture is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// Context of the row: step, epoch, rank ...
    Context(Holds),
    /// A number of that name.
    Metric,
    /// A word of that name.
    Text,
    /// The row's kind.
    Kind,
    /// The stretch that the `pairs` pattern or the payload reader goes over.
    Pairs,
    Payload,
    /// In a `pairs` pattern: the name of a metric, its number, and the unit behind it.
    Name,
    Value,
    Unit,
    /// Read so that the line is understood, and not kept: totals, thread numbers, names that begin with `_`.
    Ignored,
}

/// The words with a meaning of their own.
pub const CONTEXT: &[&str] =
    &["step", "epoch", "epochs", "done", "batch", "all", "total", "wall_time", "elapsed", "rank", "kind"];

/// What a word is context for; `total` says how many steps there will be, which nobody keeps.
pub fn context(word: &str) -> Option<Meaning> {
    Some(match word {
        "step" => Meaning::Context(Holds::Step),
        "epoch" => Meaning::Context(Holds::Epoch),
        "epochs" => Meaning::Context(Holds::Epochs),
        "done" | "batch" => Meaning::Context(Holds::Batch),
        "all" => Meaning::Context(Holds::Batches),
        "wall_time" => Meaning::Context(Holds::WallTime),
        "elapsed" => Meaning::Context(Holds::Elapsed),
        "rank" => Meaning::Context(Holds::Rank),
        "kind" => Meaning::Kind,
        "total" => Meaning::Ignored,
        _ => return None,
    })
}

/// The meaning of a capture of a rule; `read` is its shorthand, if it was written as one.
pub fn of_capture(name: &str, read: Option<Type>) -> Meaning {
    match name {
        "pairs" => Meaning::Pairs,
        "payload" => Meaning::Payload,
        "metric" => Meaning::Name,
        "value" => Meaning::Value,
        "unit" => Meaning::Unit,
        _ if name.starts_with('_') => Meaning::Ignored,
        _ if name.ends_with("_unit") => Meaning::Unit,
        _ => context(unnumbered(name)).unwrap_or(match read {
            Some(Type::Int | Type::Num | Type::Clock) | None => Meaning::Metric,
            Some(Type::Name | Type::Words | Type::Token | Type::Time | Type::Unit) => Meaning::Text,
        }),
    }
}

/// `rank2` is `rank`: a second group for the same thing, as no two groups may bear one name.
pub fn unnumbered(name: &str) -> &str {
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
    if CONTEXT.contains(&stem) { stem } else { name }
}

/// How the bytes of a capture are read.
pub fn wants(meaning: Meaning) -> Wants {
    match meaning {
        Meaning::Context(Holds::Step | Holds::Batch | Holds::Batches | Holds::Rank) => Wants::Int,
        Meaning::Context(Holds::WallTime) => Wants::Stamp,
        Meaning::Context(Holds::Epoch | Holds::Epochs | Holds::Elapsed | Holds::Metric | Holds::Text) => Wants::Number,
        Meaning::Metric => Wants::Number,
        Meaning::Text
        | Meaning::Kind
        | Meaning::Pairs
        | Meaning::Payload
        | Meaning::Name
        | Meaning::Value
        | Meaning::Unit => Wants::Text,
        Meaning::Ignored => Wants::Skip,
    }
}

/// The kind that a word of the log says: `valid`, `Validation`, `dev` are `val`.
pub fn kind_of(word: &str) -> String {
    let word = word.trim().to_ascii_lowercase();
    match word.as_str() {
        "train" | "training" | "" => TRAIN.to_owned(),
        "val" | "valid" | "validate" | "validation" | "eval" | "evaluation" | "dev" => "val".to_owned(),
        "test" | "testing" => "test".to_owned(),
        _ => word,
    }
}

/// The kind that a metric's name says at its head: `val_loss`, `eval/acc`, `Test loss`.
pub fn kind_in(name: &str) -> Option<&'static str> {
    let head = name.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
    match head.to_ascii_lowercase().as_str() {
        "train" | "training" => Some(TRAIN),
        "val" | "valid" | "validation" | "eval" | "dev" => Some("val"),
        "test" => Some("test"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_split_have_one_kind() {
        assert_eq!("val", kind_of("Validation"));
        assert_eq!("train", kind_of("train"));
        assert_eq!("system", kind_of("system"));
        assert_eq!(Some("val"), kind_in("eval_loss"));
        assert_eq!(Some("val"), kind_in("val loss"));
        assert_eq!(Some("test"), kind_in("Test/acc"));
        assert_eq!(None, kind_in("evaluations"));
        assert_eq!(None, kind_in("loss_val"));
    }

    #[test]
    fn a_numbered_word_keeps_its_meaning_and_a_numbered_metric_its_number() {
        assert_eq!(Meaning::Context(Holds::Rank), of_capture("rank2", Some(Type::Int)));
        assert_eq!(Meaning::Metric, of_capture("top5", Some(Type::Num)));
        assert_eq!(Meaning::Text, of_capture("mode", Some(Type::Words)));
        assert_eq!(Meaning::Ignored, of_capture("_thread", Some(Type::Int)));
    }
}
