//! The small words of patterns, `{loss:NUM}`, made into named groups.

/// What a captured stretch is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Type {
    Int,
    Num,
    Name,
    Words,
    Token,
    Time,
    Clock,
    Unit,
}

/// Each shorthand: its word, the regex it stands for, and what that is in words.
/// ASCII only, and each as near to one run of one class as it can be: that is what makes a line quick to read.
pub const SHORTHANDS: &[(&str, Type, &str, &str)] = &[
    ("INT", Type::Int, "[-+]?[0-9]+", "a whole number"),
    ("NUM", Type::Num, NUM, "a number: 1.5 -0.5 1e+15 nan inf 1,234 1.6M"),
    ("NAME", Type::Name, r"[A-Za-z_][A-Za-z0-9_./@%()+-]*", "one word: loss, train/lr(1e-3)"),
    (
        "WORDS",
        Type::Words,
        r"[A-Za-z_][A-Za-z0-9_./@%()+-]*(?: [A-Za-z0-9_./@%()+-]+)*",
        "words with single blanks: lm loss",
    ),
    ("TOKEN", Type::Token, r"[^\s,|;]+", "anything up to a blank, comma, bar or semicolon"),
    ("TIME", Type::Time, TIME, "a date and time: 2026-01-26 16:56:54,000"),
    ("CLOCK", Type::Clock, r"[0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]+)?", "a time of day: 16:56:54"),
    ("UNIT", Type::Unit, r"[A-Za-z%]+(?:/[A-Za-z]+)?", "a unit: ms, %, GiB, it/s"),
];

const NUM: &str =
    r"(?:[-+]?(?:[0-9]+(?:,[0-9]{3})*(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?[KMBT]?|[-+]?(?i:nan|inf(?:inity)?))";
const TIME: &str = r"(?:[0-9]{4}[-/][0-9]{2}[-/][0-9]{2}|[0-9]{2}/[0-9]{2}/[0-9]{4})[T_ ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]+)?(?:Z|[-+][0-9]{2}:?[0-9]{2})?";

/// A pattern with its shorthands written out, and what they said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expanded {
    pub regex: String,
    /// Capture, its type, and the unit printed behind it (`{time:NUM ms}`).
    pub captures: Vec<Capture>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capture {
    pub name: String,
    pub read: Type,
    pub unit: Option<String>,
}

/// Writes out `{name:TYPE}`, `{name:TYPE?}` and `{name:TYPE unit}`; other braces stay as they are.
///
/// ```
/// use fastlogs_core::format::shorthand::expand;
/// assert_eq!("^iter (?P<step>[-+]?[0-9]+):", expand("^iter {step:INT}:").unwrap().regex);
/// assert_eq!("[0-9]{3}", expand("[0-9]{3}").unwrap().regex);
/// ```
pub fn expand(pattern: &str) -> Result<Expanded, String> {
    let mut out = Expanded::default();
    let mut rest = pattern;
    while let Some(open) = rest.find('{') {
        out.regex.push_str(&rest[..open]);
        let inside = rest[open + 1..].split('}').next().unwrap_or_default();
        match inside.split_once(':') {
            Some((name, what)) if is_name(name) && what.starts_with(|c: char| c.is_ascii_uppercase()) => {
                let capture = capture(name, what)?;
                out.regex.push_str(&capture.1);
                out.captures.push(capture.0);
                rest = rest.get(open + inside.len() + 2..).ok_or("a '{' is not closed")?;
            }
            Some(_) | None => {
                out.regex.push('{');
                rest = &rest[open + 1..];
            }
        }
    }
    out.regex.push_str(rest);
    Ok(out)
}

fn is_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

fn capture(name: &str, what: &str) -> Result<(Capture, String), String> {
    let end = what.find(|c: char| !c.is_ascii_uppercase()).unwrap_or(what.len());
    let (word, tail) = (&what[..end], &what[end..]);
    // `{gap:NUMx}`: the unit may begin right behind the word, also in upper case.
    let found = SHORTHANDS.iter().filter(|s| what.starts_with(s.0)).max_by_key(|s| s.0.len());
    let Some(&(known, read, regex, _)) = found else {
        let words: Vec<&str> = SHORTHANDS.iter().map(|s| s.0).collect();
        return Err(format!("no shorthand '{word}'; there are {}", words.join(" ")));
    };
    let unit = what.get(known.len()..).unwrap_or(tail);
    let group = format!("(?P<{name}>{regex})");
    let capture = |unit: Option<&str>| Capture { name: name.to_owned(), read, unit: unit.map(str::to_owned) };
    match unit {
        "" => Ok((capture(None), group)),
        "?" => Ok((capture(None), format!("{group}?"))),
        printed => Ok((capture(Some(printed.trim())), format!("{group}{}", regex_syntax::escape(printed)))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reads(what: &str, text: &str) -> bool {
        let regex = expand(&format!("^{{x:{what}}}$")).unwrap().regex;
        regex::Regex::new(&regex).unwrap().is_match(text)
    }

    #[test]
    fn a_number_is_read_whole_in_every_spelling() {
        for text in
            "1 -1 +1 1.5 .5 5. 1e5 1.3633944e+15 2E-07 nan NaN inf -inf Infinity 1,234 1,234,567.8 1.6M 20K".split(' ')
        {
            assert!(reads("NUM", text), "{text}");
        }
        for text in "1,23 1.2.3 e5 - . 1e na 12,3456".split(' ') {
            assert!(!reads("NUM", text), "{text}");
        }
    }

    #[test]
    fn units_stand_behind_their_number() {
        let expanded = expand("{time:NUM ms} {gap:NUMx} {mfu:NUM%}").unwrap();

        let units: Vec<_> = expanded.captures.iter().map(|c| c.unit.as_deref().unwrap()).collect();
        assert_eq!(vec!["ms", "x", "%"], units);
        assert!(regex::Regex::new(&expanded.regex).unwrap().is_match("1.5 ms 0.83x -100.00%"));
    }

    #[test]
    fn stamps_and_clocks_are_told_apart() {
        assert!(reads("TIME", "2026-01-26 16:56:54,000"));
        assert!(reads("TIME", "2026-01-26T16:56:54.123456Z"));
        assert!(reads("TIME", "2023/06/05 20:10:13"));
        assert!(reads("CLOCK", "16:56:54"));
        assert!(!reads("CLOCK", "6:56:54"));
    }

    #[test]
    fn an_unknown_shorthand_is_refused_and_an_open_brace_does_not_panic() {
        assert!(expand("{x:FLOAT}").unwrap_err().contains("INT NUM"));
        assert!(expand("{x:NUM").is_err());
        assert_eq!("a{2,3}{", expand("a{2,3}{").unwrap().regex);
    }
}
