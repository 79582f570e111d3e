//! The words every layer shares: what a slot holds, what a shape is, how a metric is named.

use std::sync::Arc;

/// The kind of the main table; every other kind prefixes its metrics' names.
pub const TRAIN: &str = "train";

/// Words that already say the kind at the head of a name.
pub const SPLIT_WORDS: [&str; 8] = ["train", "training", "val", "valid", "validation", "eval", "dev", "test"];

/// Names the tables keep for themselves; a metric of that name gets a trailing `_`.
pub const RESERVED: [&str; 12] =
    ["run", "step", "rank", "epoch", "attempt", "wall_time", "elapsed", "kind", "metric", "value", "text", "offset"];

/// What one slot of a row holds, and so how its 64 bits are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Holds {
    /// f64 bits: a measured number.
    Metric,
    /// start << 32 | length in the text of the [`Rows`](crate::row::Rows): a measured word.
    Text,
    /// i64: the step as logged.
    Step,
    /// f64 bits: the epoch as logged (may be fractional).
    Epoch,
    /// f64 bits: how many epochs there will be.
    Epochs,
    /// i64: the current half of a counter pair within an epoch (`12` of `12/300`).
    Batch,
    /// i64: the total half of that pair.
    Batches,
    /// i64: microseconds since 1970, naive unless the shape says `utc`.
    WallTime,
    /// f64 bits: seconds since the run began (or since midnight, for a stamp without a date).
    Elapsed,
    /// i64: the process that wrote the line.
    Rank,
}

/// Which names a reader hands over: words printed for people, or keys stored for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Naming {
    /// Text logs: `LM Loss` becomes `lm_loss`.
    Printed,
    /// CSV, JSON, event files: the key exactly as stored.
    Stored,
}

/// One slot of a shape.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Field {
    /// The final column name, kind prefix included.
    pub name: Arc<str>,
    /// The name as it stands in the log.
    pub printed: Arc<str>,
    /// `train`, `val` ...: the kind this metric belongs to (a row may mix them).
    pub kind: Arc<str>,
    /// Unit as printed (`ms`, `%`, `GiB`), kept beside the column; never applied to the value.
    pub unit: Option<Arc<str>>,
    pub holds: Holds,
    /// Whether anybody asked for the value. A field not wanted still counts for merging: its slot is
    /// any value but [`MISSING`](crate::row::MISSING) when present.
    pub wanted: bool,
}

impl Field {
    /// A metric of the row's kind, named by the rules of DESIGN 4.
    pub fn metric(printed: &str, kind: &str, naming: Naming, unit: Option<&str>) -> Self {
        Field::new(printed, kind, naming, unit, Holds::Metric)
    }

    pub fn text(printed: &str, kind: &str, naming: Naming) -> Self {
        Field::new(printed, kind, naming, None, Holds::Text)
    }

    /// Step, epoch, rank ...: context of the row, not a metric of its own.
    pub fn context(holds: Holds) -> Self {
        Field::new("", TRAIN, Naming::Stored, None, holds)
    }

    fn new(printed: &str, kind: &str, naming: Naming, unit: Option<&str>, holds: Holds) -> Self {
        Field {
            name: final_name(printed, kind, naming).into(),
            printed: printed.into(),
            kind: kind.into(),
            unit: unit.filter(|u| !u.is_empty()).map(Into::into),
            holds,
            wanted: true,
        }
    }
}

/// How the rows of a shape are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Keep {
    /// Every line is a row.
    All,
    /// States of a progress bar: of consecutive ones the last is the row.
    Last,
    /// Not a row: lends its epoch, step and totals to later lines.
    Carry,
}

/// The lines of one rule that bear the same names: their slots, in order.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Shape {
    /// Ordinal of the rule that claims these lines, for the coverage.
    pub rule: u32,
    pub kind: Arc<str>,
    pub keep: Keep,
    /// The stamps carried an offset from UTC.
    pub utc: bool,
    /// Learned by the generic reader, not stated by a format: its columns need to recur.
    pub guessed: bool,
    pub fields: Vec<Field>,
}

impl Shape {
    pub fn position(&self, holds: Holds) -> Option<usize> {
        self.fields.iter().position(|f| f.holds == holds)
    }
}

/// The column name of a printed or stored name: snake case for print, kind prefix where needed,
/// a trailing `_` where a table's own column has the name.
///
/// ```
/// use fastlogs_core::types::{Naming, final_name};
/// assert_eq!(final_name("LM Loss", "train", Naming::Printed), "lm_loss");
/// assert_eq!(final_name("Loss", "val", Naming::Printed), "val_loss");
/// assert_eq!(final_name("eval_loss", "val", Naming::Stored), "eval_loss");
/// assert_eq!(final_name("value", "train", Naming::Stored), "value_");
/// ```
pub fn final_name(printed: &str, kind: &str, naming: Naming) -> String {
    let mut name = match naming {
        Naming::Printed => snake_case(printed),
        Naming::Stored => printed.to_owned(),
    };
    if kind != TRAIN && !begins_with_split_word(&name) {
        name = format!("{kind}_{name}");
    }
    if RESERVED.contains(&name.as_str()) {
        name.push('_');
    }
    name
}

/// Words of the field that are one word though capitals stand inside them.
const WHOLE: [&str; 6] = ["mAP", "mIoU", "GIoU", "DIoU", "CIoU", "IoU"];

/// `/ . - ( ) @` and blanks become one `_`, camel case is split, everything is lower case.
pub fn snake_case(printed: &str) -> String {
    let mut out = String::with_capacity(printed.len() + 4);
    let chars: Vec<char> = printed.chars().collect();
    let mut taken = 0;
    for (i, &c) in chars.iter().enumerate() {
        if i < taken {
            continue;
        }
        if let Some(word) = whole_word(&chars, i) {
            let apart = out.ends_with(|c: char| c.is_alphanumeric());
            out.extend(apart.then_some('_'));
            out.extend(word.chars().flat_map(char::to_lowercase));
            taken = i + word.len();
            continue;
        }
        if !c.is_alphanumeric() {
            if !out.is_empty() && !out.ends_with('_') {
                out.push('_');
            }
            continue;
        }
        let before = i.checked_sub(1).map(|k| chars[k]);
        let after = chars.get(i + 1);
        let starts_word = c.is_uppercase()
            && (before.is_some_and(char::is_lowercase)
                || (before.is_some_and(char::is_uppercase) && after.is_some_and(|a| a.is_lowercase())));
        if starts_word && !out.ends_with('_') {
            out.push('_');
        }
        out.extend(c.to_lowercase());
    }
    out.truncate(out.trim_end_matches('_').len());
    out
}

/// The word of the field that stands at `at`, and does not go on behind it.
fn whole_word(chars: &[char], at: usize) -> Option<&'static str> {
    let stands = |word: &&&str| {
        let end = at + word.len();
        let goes_on = chars.get(end).is_some_and(|c| c.is_lowercase());
        chars.get(at..end).is_some_and(|there| there.iter().copied().eq(word.chars())) && !goes_on
    };
    let begins = at == 0 || !chars[at - 1].is_alphabetic() || chars[at].is_uppercase() && chars[at - 1].is_lowercase();
    WHOLE.iter().filter(|_| begins).find(stands).copied()
}

fn begins_with_split_word(name: &str) -> bool {
    let head = name.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
    SPLIT_WORDS.contains(&head.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printed_names_become_snake_case() {
        for (printed, name) in [
            ("LM Loss", "lm_loss"),
            ("GradNorm", "grad_norm"),
            ("Tok/s", "tok_s"),
            ("PPL", "ppl"),
            ("Train/Val Gap", "train_val_gap"),
            ("elapsed time per iteration (ms)", "elapsed_time_per_iteration_ms"),
            ("mAP@0.5", "map_0_5"),
            ("bbox_mAP_50", "bbox_map_50"),
            ("mAP50-95", "map50_95"),
            ("mIoU", "miou"),
            ("valIoU", "val_iou"),
            ("mApple", "m_apple"),
            ("D_A", "d_a"),
        ] {
            assert_eq!(name, snake_case(printed));
        }
    }
}
