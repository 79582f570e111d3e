//! What every format must satisfy, for ours in the tests and for a user's by `fastlogs formats check`.
//!
//! 1 its name is its file's and nobody else's; 2 every rule has an example, claimed by that rule alone; 3 the row is
//! what the example says; 4 rejects give nothing; 5 no other format takes the examples; 6 the examples joined are
//! recognised as this format; 7 cut anywhere they give the same rows; 8 its patterns take linear time. A copy of another
//! format, whole or in part, is not held against that one.

mod cuts;
mod example;

use std::sync::Arc;

use crate::format::builtin::{File, envelope, envelopes};
use crate::format::line::Line;
use crate::format::problem::{Page, Problem};
use crate::format::spec::{READERS, Spec};
use crate::format::{Format, Score, Scratch};
use crate::row::PAD;
use crate::types::Keep;

use example::Sample;

/// All mistakes of the format file `text`, named `file`; `others` are the formats it must get along with.
pub fn check(text: &str, file: &str, others: &[Arc<Format>]) -> Vec<Problem> {
    let page = Page { file, text };
    let format = match Format::compile(page, envelopes()) {
        Ok(format) => Arc::new(format),
        Err(problems) => return problems,
    };
    let others: Vec<Arc<Format>> = others.iter().filter(|other| !replaces(&format, other)).cloned().collect();
    let others = others.as_slice();
    let mut problems = names(page, &format.spec, others);
    if problems.is_empty() && format.spec.reader.text != "text" {
        problems.extend(records(page, &format.spec));
        problems.extend(signs(page, &format, others));
    } else if format.spec.reader.text == "text" {
        problems.extend(rules_have_examples(page, &format.spec));
        problems.extend(examples(page, &format));
        problems.extend(rejects(page, &format));
        problems.extend(strangers(page, &format, others));
        if problems.is_empty() {
            problems.extend(recognised(page, &format, others));
            problems.extend(cuts::problems(page, &format));
        }
    }
    problems.sort_by_key(|p| p.line);
    problems
}

/// All mistakes of an envelope file.
pub fn check_envelope(file: File) -> Vec<Problem> {
    let page = Page { file: file.name, text: file.text };
    match envelope(file) {
        Ok((spec, compiled)) => example::peeled(page, &spec, &compiled),
        Err(problems) => problems,
    }
}

/// A changed copy that keeps the name: it stands in the other's place.
fn replaces(format: &Format, other: &Format) -> bool {
    format.name() == other.name() && is_made_of(&format.spec, &other.spec)
}

/// Whether a format was made from another: it has a rule of it, its sign, or nothing but its reader.
fn is_made_of(spec: &Spec, other: &Spec) -> bool {
    let bare = |spec: &Spec| spec.lines.is_empty() && spec.sign.is_none() && spec.reader.text != "text";
    spec.lines.iter().any(|line| has_rule(other, &line.regex.text))
        || has_sign_of(spec, other)
        || (bare(spec) && bare(other) && spec.reader.text == other.reader.text)
}

fn has_rule(spec: &Spec, regex: &str) -> bool {
    spec.lines.iter().any(|line| line.regex.text == regex)
}

fn has_sign_of(spec: &Spec, other: &Spec) -> bool {
    spec.sign.as_ref().zip(other.sign.as_ref()).is_some_and(|(own, theirs)| own.text == theirs.text)
}

/// Names are the file's, and unique.
fn names(page: Page<'_>, spec: &Spec, others: &[Arc<Format>]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let name = &spec.name;
    let stem = page.file.rsplit(['/', '\\']).next().unwrap_or_default().trim_end_matches(".toml");
    if stem != name.text {
        let what = format!("format '{}' is in a file named '{stem}.toml'", name.text);
        problems.push(page.problem(name.spot.clone(), what, "wants the file's name", "rename one of the two"));
    }
    if others.iter().any(|other| other.name() == name.text) {
        let what = format!("there is a format '{}' already", name.text);
        problems.push(page.problem(name.spot.clone(), what, "taken", "give it a name of its own"));
    }
    if !READERS.contains(&spec.reader.text.as_str()) {
        let what = format!("no reader '{}'", spec.reader.text);
        problems.push(page.problem(spec.reader.spot.clone(), what, format!("one of {}", READERS.join(" ")), ""));
    }
    for (at, line) in spec.lines.iter().enumerate() {
        if spec.lines[..at].iter().any(|before| before.name.text == line.name.text) {
            let what = format!("two rules are named '{}'", line.name.text);
            problems.push(page.problem(line.name.spot.clone(), what, "the second one", "give it another name"));
        }
    }
    problems
}

/// The examples of a format whose reader is code: each is a file of one row, and gives it.
fn records(page: Page<'_>, spec: &Spec) -> Vec<Problem> {
    if spec.examples.is_empty() && ["generic", "jsonl", "csv"].contains(&spec.reader.text.as_str()) {
        return vec![page.whole("there is no example", "add an [[example]] with its line and row")];
    }
    let mut problems = Vec::new();
    for example in &spec.examples {
        let wrong = example.lines.iter().filter_map(|line| example::record(page, line, example));
        problems.extend(wrong);
    }
    let rejected = spec.rejects.iter().flat_map(|reject| &reject.lines);
    let taken = rejected.filter(|line| example::record_rows(page, &line.text).is_some_and(|r| !r.heads.is_empty()));
    problems
        .extend(taken.map(|line| page.problem(line.spot.clone(), "a rejected line gives a row", "must give none", "")));
    problems
}

/// A format that the generic reader reads is known by its sign: its examples bear it, and no others do.
fn signs(page: Page<'_>, format: &Format, others: &[Arc<Format>]) -> Vec<Problem> {
    if format.spec.reader.text != "generic" {
        return Vec::new();
    }
    let Some(sign) = &format.spec.sign else {
        return vec![page.whole("there is no 'sign'", "add sign = \"...\": a regex for a line that only it prints")];
    };
    let problem = |what: String| page.problem(sign.spot.clone(), what, "this regex", "change it, or add to 'needs'");
    let borne = |spec: &Spec| spec.examples.iter().flat_map(|e| &e.lines).any(|word| bears(format, &word.text));
    let rejected = format.spec.rejects.iter().flat_map(|reject| &reject.lines).find(|word| bears(format, &word.text));
    let others = others.iter().filter(|other| borne(&other.spec) && !has_sign_of(&format.spec, &other.spec));
    let mut problems: Vec<Problem> =
        others.map(|other| problem(format!("examples of format '{}' bear this sign", other.name()))).collect();
    problems.extend((!borne(&format.spec)).then(|| problem("no example bears the sign".to_owned())));
    problems.extend(rejected.map(|_| problem("a rejected line bears the sign".to_owned())));
    problems
}

fn bears(format: &Format, text: &str) -> bool {
    text.lines().any(|line| {
        let padded = padded(line);
        let line = Line { data: &padded, start: 0, end: line.len(), offset: 0, open: false };
        format.is_signed_by(&line, &mut Scratch::default())
    })
}

fn rules_have_examples(page: Page<'_>, spec: &Spec) -> Vec<Problem> {
    let without = spec.lines.iter().filter(|line| !spec.examples.iter().any(|e| e.is.text == line.name.text));
    let problem = |name: &crate::format::spec::LineSpec| {
        let what = format!("rule '{}' has no example", name.name.text);
        let help = format!("add an [[example]] with is = \"{}\" and the row its line gives", name.name.text);
        page.problem(name.name.spot.clone(), what, "no line shows it", help)
    };
    without.map(problem).collect()
}

/// Each example is claimed by its rule alone and gives its row.
fn examples(page: Page<'_>, format: &Arc<Format>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for example in &format.spec.examples {
        for line in &example.lines {
            let sample = Sample { page, format, line };
            problems.extend(sample.claimed_by(&example.is).or_else(|| sample.row(example)));
        }
    }
    problems
}

fn rejects(page: Page<'_>, format: &Arc<Format>) -> Vec<Problem> {
    let lines = format.spec.rejects.iter().flat_map(|reject| &reject.lines);
    let taken = lines.filter_map(|line| Some((line, claim(format, &line.text)?)));
    let problem = |(line, rule): (&crate::format::spec::Word, String)| {
        let what = format!("a rejected line is claimed by rule '{rule}'");
        page.problem(line.spot.clone(), what, "must give nothing", "make the rule's regex stricter, or move the line")
    };
    taken.map(problem).collect()
}

/// No other format takes an example, unless this or that is a fallback.
fn strangers(page: Page<'_>, format: &Format, others: &[Arc<Format>]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for other in others.iter().filter(|other| !other.spec.fallback && !format.spec.fallback) {
        for line in format.spec.examples.iter().flat_map(|example| &example.lines) {
            if let Some(rule) = gives(other, &line.text).filter(|rule| !is_copied(format, other, rule)) {
                let what = format!("format '{}' takes an example of format '{}'", other.name(), format.name());
                let note = format!("claimed by its rule '{rule}'");
                problems.push(page.problem(line.spot.clone(), what, note, "make one of the two stricter"));
            }
        }
    }
    problems
}

/// Whether the format has that rule of the other, word for word: it was begun from it.
fn is_copied(format: &Format, other: &Format, rule: &str) -> bool {
    let line = other.spec.lines.iter().find(|line| line.name.text == rule);
    line.is_some_and(|line| has_rule(&format.spec, &line.regex.text))
}

/// The rule of the format that makes a row of the line. A line that only lends its epoch or step may be of many.
fn gives(format: &Format, text: &str) -> Option<String> {
    let rule = claim(format, text)?;
    let lends = format.rules.iter().any(|other| *other.name == *rule && other.keep == Keep::Carry);
    (!lends).then_some(rule)
}

/// The examples joined are recognised as this format.
fn recognised(page: Page<'_>, format: &Format, others: &[Arc<Format>]) -> Option<Problem> {
    let joined = joined(&format.spec);
    let score = |format: &Format| format.score(&joined.split(|&b| b == b'\n').collect::<Vec<_>>());
    let own = score(format);
    // A copy can't be told from what it was copied from, and need not be.
    let outdone = |other: &Format| {
        let theirs = score(other);
        beats(&theirs, &own) || !(beats(&own, &theirs) || is_made_of(&format.spec, &other.spec))
    };
    let better = others.iter().filter(|other| !other.spec.fallback).find(|other| outdone(other))?;
    let what = format!("the examples of '{}' look as much like format '{}'", format.name(), better.name());
    Some(page.problem(format.spec.name.spot.clone(), what, "can't be told apart", "add lines that only it writes"))
}

fn beats(own: &Score, other: &Score) -> bool {
    own.lines > other.lines || (own.lines == other.lines && own.bytes > other.bytes)
}

/// The examples as a file.
fn joined(spec: &Spec) -> Vec<u8> {
    let lines = spec.examples.iter().flat_map(|example| &example.lines);
    lines.flat_map(|line| line.text.bytes().chain([b'\n'])).collect()
}

/// The rule of the format that claims the line.
fn claim(format: &Format, text: &str) -> Option<String> {
    let padded = padded(text);
    let line = Line { data: &padded, start: 0, end: text.len(), offset: 0, open: false };
    format.needs.next(text.as_bytes(), 0)?;
    format.claim(&line, &mut Scratch::default()).map(|(rule, _)| rule.name.to_string())
}

fn padded(text: &str) -> Vec<u8> {
    let mut padded = text.as_bytes().to_vec();
    padded.resize(text.len() + PAD, 0);
    padded
}

#[cfg(test)]
mod tests;
