//! A format file as written: TOML made into plain structs, unknown keys refused with a suggestion.

use std::collections::BTreeMap;

use toml::de::DeTable;

use super::keys::{Keys, Value, Values};
pub use super::keys::{Spot, Word};
use super::problem::{Page, Problem};

const FORMAT: &[&str] = &[
    "name", "about", "url", "reader", "files", "magic", "needs", "sign", "fallback", "line", "fields", "example",
    "reject",
];
const LINE: &[&str] =
    &["name", "regex", "pairs", "payload", "roles", "names", "metric", "drop", "keep", "carry", "kind", "into"];
const FIELDS: &[&str] = &["step", "epoch", "time", "elapsed", "rank", "kind", "drop"];
const EXAMPLE: &[&str] = &["line", "lines", "is", "at", "row", "rows", "units", "config"];
const REJECT: &[&str] = &["line", "lines"];
const ENVELOPE: &[&str] = &["name", "about", "regex", "example", "reject"];
const PEELED: &[&str] = &["line", "lines", "rest", "at"];

/// The readers a format may name.
pub const READERS: &[&str] = &["text", "generic", "jsonl", "json", "csv", "tfevents", "wandb"];

/// A format file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Spec {
    pub name: Word,
    pub about: String,
    pub url: String,
    pub reader: Word,
    /// Globs of file names this format is tried on first.
    pub files: Vec<String>,
    /// First bytes that prove the format.
    pub magic: Vec<String>,
    /// Literals: a line with none of them is skipped before any regex.
    pub needs: Vec<String>,
    /// A line that only this format prints, where the generic reader reads it: a header, a banner.
    pub sign: Option<Word>,
    /// Chosen only where no other format is.
    pub fallback: bool,
    pub lines: Vec<LineSpec>,
    pub fields: FieldsSpec,
    pub examples: Vec<Example>,
    pub rejects: Vec<Reject>,
}

/// One kind of line.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LineSpec {
    pub name: Word,
    pub regex: Word,
    pub pairs: Option<Word>,
    /// `json` or `python`.
    pub payload: Option<Word>,
    /// Printed name -> word with a meaning: `num_updates = "step"`.
    pub roles: BTreeMap<String, String>,
    /// Capture -> printed name, where the group can't spell it.
    pub names: BTreeMap<String, String>,
    /// The name of what `{value}` captures, when the line does not print it.
    pub metric: Option<Word>,
    /// Printed names that are no metrics.
    pub drop: Vec<String>,
    pub keep: Option<Word>,
    pub carry: Vec<Word>,
    pub kind: Option<Word>,
    pub into: Option<Word>,
    pub spot: Spot,
}

/// Which keys of a record have a meaning.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldsSpec {
    pub step: Vec<String>,
    pub epoch: Vec<String>,
    pub time: Vec<String>,
    pub elapsed: Vec<String>,
    pub rank: Vec<String>,
    pub kind: Vec<String>,
    pub drop: Vec<String>,
}

/// Lines that each are the same row of the same rule.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Example {
    pub lines: Vec<Word>,
    pub is: Word,
    pub at: Values,
    pub row: Values,
    /// Of several lines that give so many rows, `at` and `row` are the last.
    pub rows: Option<usize>,
    pub units: BTreeMap<String, String>,
    pub config: BTreeMap<String, String>,
    pub spot: Spot,
}

/// Lines that must give nothing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reject {
    pub lines: Vec<Word>,
    pub spot: Spot,
}

/// What a logger or launcher puts in front of a line.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct EnvelopeSpec {
    pub name: Word,
    pub about: String,
    pub regex: Word,
    pub examples: Vec<Peeled>,
    pub rejects: Vec<Reject>,
}

/// A line and what is left of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Peeled {
    pub lines: Vec<Word>,
    pub rest: String,
    pub at: Values,
    pub spot: Spot,
}

/// Reads a format file; all its mistakes at once.
pub fn parse(page: Page<'_>) -> Result<Spec, Vec<Problem>> {
    with_keys(page, "a format", FORMAT, |keys, problems| Spec {
        name: required(keys, "name", page),
        about: keys.text("about").unwrap_or_default(),
        url: keys.text("url").unwrap_or_default(),
        reader: keys.word("reader").unwrap_or_else(|| Word { text: "text".into(), spot: 0..0 }),
        files: keys.texts("files"),
        magic: keys.texts("magic"),
        needs: keys.texts("needs"),
        sign: keys.word("sign"),
        fallback: keys.flag("fallback"),
        lines: keys.tables("line").into_iter().map(|(t, spot)| line(t, spot, page, problems)).collect(),
        fields: keys.table("fields").map(|t| fields(t, page, problems)).unwrap_or_default(),
        examples: keys.tables("example").into_iter().map(|(t, spot)| example(t, spot, page, problems)).collect(),
        rejects: keys.tables("reject").into_iter().map(|(t, spot)| reject(t, spot, page, problems)).collect(),
    })
}

/// Reads an envelope file; all its mistakes at once.
pub fn parse_envelope(page: Page<'_>) -> Result<EnvelopeSpec, Vec<Problem>> {
    with_keys(page, "an envelope", ENVELOPE, |keys, problems| EnvelopeSpec {
        name: required(keys, "name", page),
        about: keys.text("about").unwrap_or_default(),
        regex: required(keys, "regex", page),
        examples: keys.tables("example").into_iter().map(|(t, spot)| peeled(t, spot, page, problems)).collect(),
        rejects: keys.tables("reject").into_iter().map(|(t, spot)| reject(t, spot, page, problems)).collect(),
    })
}

fn with_keys<T>(
    page: Page<'_>,
    what: &str,
    known: &'static [&'static str],
    read: impl FnOnce(&mut Keys<'_, '_>, &mut Vec<Problem>) -> T,
) -> Result<T, Vec<Problem>> {
    let document = DeTable::parse(page.text).map_err(|e| {
        let reason = e.message().lines().next().unwrap_or_default().to_owned();
        vec![page.problem(e.span().unwrap_or(0..0), "this is not TOML", reason, "")]
    })?;
    let (mut top, mut below) = (Vec::new(), Vec::new());
    let value = read(&mut Keys::new(document.get_ref(), page, what, known, &mut top), &mut below);
    top.append(&mut below);
    top.sort_by_key(|p| p.line);
    if top.is_empty() { Ok(value) } else { Err(top) }
}

fn required(keys: &mut Keys<'_, '_>, key: &str, page: Page<'_>) -> Word {
    keys.word(key).unwrap_or_else(|| {
        keys.note(page.whole(format!("no '{key}'"), format!("begin the file with {key} = \"...\"")));
        Word::default()
    })
}

fn line(table: &DeTable<'_>, spot: Spot, page: Page<'_>, problems: &mut Vec<Problem>) -> LineSpec {
    let mut keys = Keys::new(table, page, "a [[line]]", LINE, problems);
    let line = LineSpec {
        name: keys.word("name").unwrap_or_default(),
        regex: keys.word("regex").unwrap_or_default(),
        pairs: keys.word("pairs"),
        payload: keys.word("payload"),
        roles: keys.map("roles"),
        names: keys.map("names"),
        metric: keys.word("metric"),
        drop: keys.texts("drop"),
        keep: keys.word("keep"),
        carry: keys.words("carry"),
        kind: keys.word("kind"),
        into: keys.word("into"),
        spot: spot.clone(),
    };
    for (key, word) in [("name", &line.name), ("regex", &line.regex)] {
        if word.text.is_empty() {
            keys.note(page.problem(spot.clone(), format!("this [[line]] has no '{key}'"), "add it below", ""));
        }
    }
    line
}

fn fields(table: &DeTable<'_>, page: Page<'_>, problems: &mut Vec<Problem>) -> FieldsSpec {
    let mut keys = Keys::new(table, page, "[fields]", FIELDS, problems);
    FieldsSpec {
        step: keys.texts("step"),
        epoch: keys.texts("epoch"),
        time: keys.texts("time"),
        elapsed: keys.texts("elapsed"),
        rank: keys.texts("rank"),
        kind: keys.texts("kind"),
        drop: keys.texts("drop"),
    }
}

fn example(table: &DeTable<'_>, spot: Spot, page: Page<'_>, problems: &mut Vec<Problem>) -> Example {
    let mut keys = Keys::new(table, page, "an [[example]]", EXAMPLE, problems);
    let example = Example {
        lines: lines(&mut keys, &spot, page),
        is: keys.word("is").unwrap_or_default(),
        at: keys.values("at"),
        row: keys.values("row"),
        rows: keys.count("rows"),
        units: keys.map("units"),
        config: keys.map("config"),
        spot: spot.clone(),
    };
    no_others(&example.at, &spot, page, problems);
    no_others(&example.row, &spot, page, problems);
    example
}

fn reject(table: &DeTable<'_>, spot: Spot, page: Page<'_>, problems: &mut Vec<Problem>) -> Reject {
    let mut keys = Keys::new(table, page, "a [[reject]]", REJECT, problems);
    Reject { lines: lines(&mut keys, &spot, page), spot }
}

fn peeled(table: &DeTable<'_>, spot: Spot, page: Page<'_>, problems: &mut Vec<Problem>) -> Peeled {
    let mut keys = Keys::new(table, page, "an [[example]]", PEELED, problems);
    let lines = lines(&mut keys, &spot, page);
    let peeled =
        Peeled { lines, rest: keys.text("rest").unwrap_or_default(), at: keys.values("at"), spot: spot.clone() };
    no_others(&peeled.at, &spot, page, problems);
    peeled
}

fn lines(keys: &mut Keys<'_, '_>, spot: &Spot, page: Page<'_>) -> Vec<Word> {
    let mut lines = keys.words("line");
    lines.extend(keys.words("lines"));
    if lines.is_empty() {
        keys.note(page.problem(spot.clone(), "this example has no 'line'", "add line = \"...\" below", ""));
    }
    lines
}

fn no_others(values: &Values, spot: &Spot, page: Page<'_>, problems: &mut Vec<Problem>) {
    for (name, value) in values {
        match value {
            Value::Number(_) | Value::Text(_) => {}
            Value::Other(found) => {
                let what = format!("'{name}' of an example wants a number or a string, found {found}");
                problems.push(page.problem(spot.clone(), what, "in this example", ""));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(text: &str) -> Page<'_> {
        Page { file: "x.toml", text }
    }

    #[test]
    fn a_format_is_read_with_everything_in_it() {
        let text = "name = 'x'\nneeds = ['iter ']\n[[line]]\nname = 'a'\nregex = '^b'\ncarry = ['epoch']\n\
                    [[example]]\nline = 'b'\nis = 'a'\nat = { step = 1_000 }\nrow = { loss = nan, state = 'ok' }\n";

        let spec = parse(page(text)).unwrap();

        assert_eq!("x", spec.name.text);
        assert_eq!("text", spec.reader.text);
        assert_eq!("^b", spec.lines[0].regex.text);
        assert_eq!(Value::Number(1000.0), spec.examples[0].at["step"]);
        assert!(matches!(spec.examples[0].row["loss"], Value::Number(x) if x.is_nan()));
        assert_eq!(Value::Text("ok".into()), spec.examples[0].row["state"]);
    }

    #[test]
    fn every_mistake_is_told_with_its_line() {
        let text = "name = 'x'\nneed = ['a']\n[[line]]\nname = 1\nregexp = '^b'\n";

        let told: Vec<(usize, String)> = parse(page(text)).unwrap_err().into_iter().map(|p| (p.line, p.help)).collect();

        assert!(told.contains(&(2, "did you mean 'needs'?".into())), "{told:?}");
        assert!(told.contains(&(5, "did you mean 'regex'?".into())), "{told:?}");
        assert!(told.iter().any(|(line, _)| *line == 4), "{told:?}");
    }

    #[test]
    fn what_is_no_toml_says_where() {
        let problems = parse(page("name = 'x'\nneeds = [\n")).unwrap_err();

        assert_eq!("this is not TOML", problems[0].what);
        assert!(problems[0].line >= 2);
    }
}
