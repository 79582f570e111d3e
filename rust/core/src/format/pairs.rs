//! The repeated `name value` pattern of a rule.

use crate::error::Result;
use crate::pattern::{Cache, Found, Matcher, NOWHERE, Wants};

use crate::types::TRAIN;

use super::meaning::{kind_in, kind_of};
use super::measure::Printed;
use super::shorthand::expand;

/// A compiled `pairs` pattern.
#[derive(Debug)]
pub struct Pairs {
    matcher: Matcher,
    name: usize,
    value: usize,
    unit: Option<usize>,
    /// Says the kind of its pair and of those after it: `[valid]` within a line.
    kind: Option<usize>,
    /// Further numbers of the same metric: capture, and the word put behind the metric's name.
    more: Vec<More>,
}

#[derive(Debug)]
struct More {
    capture: usize,
    word: String,
    unit: String,
}

/// One name and its value, somewhere in the line.
#[derive(Debug, Clone, Copy)]
pub struct Pair<'a> {
    pub name: &'a [u8],
    /// The word for its kind that stands in the line at or before it.
    pub kind: &'a [u8],
    /// Put behind the name: `percent` of `memory: 27.34GiB(28.78%)`.
    pub word: &'a str,
    pub printed: Printed<'a>,
    /// The unit that the pattern itself says.
    pub unit: &'a str,
}

impl Pair<'_> {
    /// The name with its kind before and its word behind it; `memory` is where they are joined.
    pub fn full_name<'m>(&'m self, memory: &'m mut Vec<u8>) -> &'m [u8] {
        if self.word.is_empty() && self.kind.is_empty() {
            return self.name;
        }
        // The word may itself be a kind: the column `validation` beside `training`.
        let (kind, word) = match kind_in(self.word) {
            Some(kind) => (kind.to_owned(), ""),
            None => (kind_of(&String::from_utf8_lossy(self.kind)), self.word),
        };
        let kind = if kind == TRAIN || kind_in_bytes(self.name) { "" } else { kind.as_str() };
        memory.clear();
        for part in [kind.as_bytes(), self.name, word.as_bytes()].into_iter().filter(|part| !part.is_empty()) {
            if !memory.is_empty() {
                memory.push(b' ');
            }
            memory.extend_from_slice(part);
        }
        memory
    }
}

fn kind_in_bytes(name: &[u8]) -> bool {
    kind_in(&String::from_utf8_lossy(name)).is_some()
}

impl Pairs {
    /// Compiles the pattern; it must capture `metric` and `value`.
    pub fn new(pattern: &str) -> Result<Pairs, String> {
        let expanded = expand(pattern)?;
        let matcher = Matcher::new(&expanded.regex, |_| Wants::Text).map_err(|e| e.to_string())?;
        let place = |name: &str| matcher.captures().iter().position(|c| c.name == name);
        let (Some(name), Some(value)) = (place("metric"), place("value")) else {
            return Err("a 'pairs' pattern captures {metric:...} and {value:...}".to_owned());
        };
        let (unit, kind) = (place("unit"), place("kind"));
        let said = |word: &str| expanded.captures.iter().find(|c| c.name == word).and_then(|c| c.unit.clone());
        let others = matcher.captures().iter().enumerate();
        let more = others
            .filter(|(at, c)| ![Some(name), Some(value), unit, kind].contains(&Some(*at)) && !c.name.starts_with('_'))
            .map(|(capture, c)| More { capture, word: c.name.clone(), unit: said(&c.name).unwrap_or_default() })
            .collect();
        Ok(Pairs { matcher, name, value, unit, kind, more })
    }

    /// Gives the pairs of `data[start..end]` in order.
    pub fn each<'a>(
        &'a self,
        data: &'a [u8],
        (start, end): (usize, usize),
        (cache, found): (&mut Cache, &mut Found),
        mut give: impl FnMut(Pair<'a>),
    ) {
        let (mut at, mut kind) = (start, &b""[..]);
        while at < end && self.matcher.read(data, at, end, cache, found) && found.end > at {
            at = found.end;
            let span = |capture: usize| found.spans.get(capture).copied().filter(|s| *s != NOWHERE);
            let place = |(from, to): (u32, u32)| (from as usize, to as usize);
            let (Some(name), Some(value)) = (span(self.name).map(place), span(self.value).map(place)) else { continue };
            let said = self.kind.and_then(span).map(place);
            kind = said.map_or(kind, |(from, to)| data.get(from..to).unwrap_or_default());
            let unit = self.unit.and_then(span).map_or((value.1, value.1), place);
            let name = data.get(name.0..name.1).unwrap_or_default();
            give(Pair { name, kind, word: "", printed: Printed { data, value, unit, rest: (at, end) }, unit: "" });
            for more in &self.more {
                let Some(value) = span(more.capture).map(place) else { continue };
                // The pattern itself says what follows, so that nothing behind it can be a part of it.
                let printed = Printed { data, value, unit: (value.1, value.1), rest: (value.1, value.1) };
                give(Pair { name, kind, word: &more.word, printed, unit: &more.unit });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(pattern: &str, text: &str) -> Vec<(String, String, String)> {
        let pairs = Pairs::new(pattern).unwrap();
        let (mut cache, mut found) = (Cache::default(), Found::default());
        let mut list = Vec::new();
        let text_of = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        pairs.each(text.as_bytes(), (0, text.len()), (&mut cache, &mut found), |pair| {
            let value = text_of(&pair.printed.data[pair.printed.value.0..pair.printed.value.1]);
            let unit = text_of(&pair.printed.data[pair.printed.unit.0..pair.printed.unit.1]);
            list.push((text_of(pair.name) + pair.word, value, unit + pair.unit));
        });
        list
    }

    #[test]
    fn pairs_are_found_one_after_the_other() {
        let found = pairs("{metric:NAME} {value:NUM}{unit:UNIT?}", "loss 2.3456, time 15.20ms, mfu 12.34%");

        let wanted = [("loss", "2.3456", ""), ("time", "15.20", "ms"), ("mfu", "12.34", "%")];
        assert_eq!(wanted.map(|(n, v, u)| (n.into(), v.into(), u.into())).to_vec(), found);
    }

    #[test]
    fn a_second_number_gets_its_word_behind_the_name() {
        let found = pairs(
            r"{metric:NAME}: {value:NUM}{unit:UNIT?}(?:\({_x:INT}\)|\({percent:NUM%}\))?",
            "memory: 27.34GiB(28.78%)",
        );

        assert_eq!(("memory".into(), "27.34".into(), "GiB".into()), found[0]);
        assert_eq!(("memorypercent".into(), "28.78".into(), "%".into()), found[1]);
    }

    #[test]
    fn a_word_for_the_kind_counts_until_the_next_one() {
        let pairs = Pairs::new(r"(?:\[{kind:NAME}\] )?{metric:NAME}={value:NUM}").unwrap();
        let text = "[train] loss=1, acc=2, [valid] loss=3, acc=4";
        let (mut names, mut memory) = (Vec::new(), Vec::new());
        pairs.each(text.as_bytes(), (0, text.len()), (&mut Cache::default(), &mut Found::default()), |pair| {
            names.push(String::from_utf8(pair.full_name(&mut memory).to_vec()).unwrap());
        });

        assert_eq!(vec!["loss", "acc", "val loss", "val acc"], names);
    }

    #[test]
    fn a_second_number_may_be_of_another_kind() {
        let pairs = Pairs::new(r"{metric:NAME} \| {value:NUM} \| {validation:NUM}").unwrap();
        let (mut names, mut memory) = (Vec::new(), Vec::new());
        pairs.each(b"loss | 1 | 2", (0, 12), (&mut Cache::default(), &mut Found::default()), |pair| {
            names.push(String::from_utf8(pair.full_name(&mut memory).to_vec()).unwrap());
        });

        assert_eq!(vec!["loss", "val loss"], names);
    }

    #[test]
    fn a_pattern_without_name_or_value_is_refused() {
        assert!(Pairs::new("{name:NAME} {value:NUM}").is_err());
    }
}
