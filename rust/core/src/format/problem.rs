//! What is wrong in a format file: where it stands, what was wanted, what to type next.

use std::fmt;
use std::ops::Range;

/// One mistake of a format file, shown like a compiler's message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Wanted and found, in one line.
    pub what: String,
    pub file: String,
    /// From 1; 0 when the file as a whole is meant.
    pub line: usize,
    /// The line as it stands in the file.
    pub text: String,
    /// The characters of `text` that are meant.
    pub mark: Range<usize>,
    /// Said beside the mark.
    pub note: String,
    /// What to type next.
    pub help: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", self.what)?;
        if self.line == 0 {
            write!(f, "\n  --> {}", self.file)?;
        } else {
            let indent = self.line.to_string().len();
            let (text, mark) = self.in_view();
            write!(f, "\n  --> {}:{}\n{} | {text}", self.file, self.line, self.line)?;
            let (blanks, carets) = (mark.start, mark.len().max(1));
            write!(f, "\n{:indent$} | {:blanks$}{:^<carets$} {}", "", "", "", self.note)?;
        }
        if !self.help.is_empty() {
            write!(f, "\nhelp: {}", self.help)?;
        }
        Ok(())
    }
}

/// Characters of a line that are shown.
const VIEW: usize = 100;

impl Problem {
    /// The line and its mark, cut to what can be seen at a glance.
    fn in_view(&self) -> (String, Range<usize>) {
        let count = self.text.chars().count();
        if count <= VIEW {
            return (self.text.clone(), self.mark.clone());
        }
        let from = if self.mark.start < VIEW { 0 } else { self.mark.start - VIEW / 2 };
        let (before, after) = (if from > 0 { "..." } else { "" }, if from + VIEW < count { "..." } else { "" });
        let shown: String = self.text.chars().skip(from).take(VIEW).collect();
        let shift = |at: usize| (at.max(from) - from).min(VIEW) + before.len();
        (format!("{before}{shown}{after}"), shift(self.mark.start)..shift(self.mark.end))
    }
}

/// A format file being judged: makes byte positions into lines and columns.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    pub file: &'a str,
    pub text: &'a str,
}

impl Page<'_> {
    /// A problem with the bytes `spot` of the file.
    pub fn problem(
        &self,
        spot: Range<usize>,
        what: impl Into<String>,
        note: impl Into<String>,
        help: impl Into<String>,
    ) -> Problem {
        let at = spot.start.min(self.text.len());
        let before = self.text.get(..at).unwrap_or_default();
        let begin = before.rfind('\n').map_or(0, |i| i + 1);
        let line = self.text[begin..].lines().next().unwrap_or_default();
        let from = before[begin..].chars().count();
        let meant = self.text.get(at..spot.end).unwrap_or_default().lines().next().unwrap_or_default();
        Problem {
            what: what.into(),
            file: self.file.to_owned(),
            line: before.matches('\n').count() + 1,
            text: line.to_owned(),
            mark: from..from + meant.chars().count(),
            note: note.into(),
            help: help.into(),
        }
    }

    /// A problem of the file as a whole.
    pub fn whole(&self, what: impl Into<String>, help: impl Into<String>) -> Problem {
        Problem {
            what: what.into(),
            file: self.file.to_owned(),
            line: 0,
            text: String::new(),
            mark: 0..0,
            note: String::new(),
            help: help.into(),
        }
    }
}

/// The known word that `word` most likely means, if one is near.
pub fn nearest<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    let near = |k: &&str| {
        distance(word, k) <= (word.len().max(k.len()) / 3).max(2).min(word.len().min(k.len()).saturating_sub(1))
    };
    known.iter().copied().filter(near).min_by_key(|k| distance(word, k))
}

/// How many characters must be put in, taken out or changed to make one word of the other.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.chars().enumerate() {
            let cost = (diagonal + usize::from(x != y)).min(row[j] + 1).min(row[j + 1] + 1);
            diagonal = std::mem::replace(&mut row[j + 1], cost);
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_shows_the_line_and_points_at_it() {
        let page = Page { file: "x.toml", text: "name = \"x\"\nabuot = \"y\"\n" };
        let shown = page.problem(11..16, "unknown key 'abuot'", "not a key", "did you mean 'about'?").to_string();

        let wanted = "error: unknown key 'abuot'\n  --> x.toml:2\n2 | abuot = \"y\"\n  | ^^^^^ not a key\n\
                      help: did you mean 'about'?";
        assert_eq!(wanted, shown);
    }

    #[test]
    fn near_words_are_suggested_and_far_ones_are_not() {
        assert_eq!(Some("regex"), nearest("regexp", &["name", "regex", "pairs"]));
        assert_eq!(Some("name"), nearest("nmae", &["name", "regex"]));
        assert_eq!(None, nearest("colour", &["name", "regex"]));
    }

    #[test]
    fn any_spot_can_be_shown() {
        let page = Page { file: "x.toml", text: "a = 'é'\n" };
        for start in 0..20 {
            for end in start..20 {
                page.problem(start..end, "", "", "");
            }
        }
    }
}
