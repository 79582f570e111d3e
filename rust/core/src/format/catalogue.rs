//! The formats of the catalogue by what detection asks of each, each compiled when it is first needed.

use std::sync::{Arc, LazyLock, OnceLock};

use memchr::memmem;

use super::Format;
use super::builtin::{FORMATS, File, envelopes};
use super::grams::Grams;
use super::problem::Page;
use super::spec::{self, Spec};

/// A format as its file begins: all that stands before its first table.
#[derive(Debug)]
pub struct Entry {
    file: File,
    /// Without rules and examples.
    pub top: Spec,
    format: OnceLock<Option<Arc<Format>>>,
}

impl Entry {
    fn new(file: File) -> Option<Entry> {
        let top = spec::parse(Page { file: file.name, text: before_tables(file.text) }).ok()?;
        Some(Entry { file, top, format: OnceLock::new() })
    }

    pub fn name(&self) -> &str {
        &self.top.name.text
    }

    /// Its file.
    pub fn text(&self) -> &'static str {
        self.file.text
    }

    /// Whether its rules read lines of text.
    pub fn has_rules(&self) -> bool {
        self.top.reader.text == "text"
    }

    /// The format, compiled once; none if it can't be, which a test rules out.
    pub fn format(&self) -> Option<&Arc<Format>> {
        let compile = || {
            let page = Page { file: self.file.name, text: self.file.text };
            Format::compile(page, envelopes()).ok().map(Arc::new)
        };
        self.format.get_or_init(compile).as_ref()
    }
}

/// The keys of the file itself: TOML has them before its first table.
fn before_tables(text: &str) -> &str {
    text.find("\n[").map_or(text, |end| &text[..end])
}

/// All formats.
#[derive(Debug)]
pub struct Catalogue {
    pub entries: Vec<Entry>,
}

impl Catalogue {
    /// The catalogue that comes with the library.
    pub fn builtin() -> &'static Catalogue {
        static ALL: LazyLock<Catalogue> =
            LazyLock::new(|| Catalogue { entries: FORMATS.iter().copied().filter_map(Entry::new).collect() });
        &ALL
    }

    /// The formats that may have lines in the text, with their places: those of which a literal stands in it.
    pub fn likely<'a>(&'static self, text: &'a [u8]) -> impl Iterator<Item = (usize, &'static Entry)> + use<'a> {
        let grams = Grams::of(text);
        let holds =
            move |need: &String| grams.may_hold(need.as_bytes()) && memmem::find(text, need.as_bytes()).is_some();
        let may = move |entry: &Entry| entry.top.needs.is_empty() || entry.top.needs.iter().any(&holds);
        self.entries.iter().enumerate().filter(move |(_, entry)| !text.is_empty() && may(entry))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_before_the_tables_is_all_that_detection_asks_for() {
        for entry in &Catalogue::builtin().entries {
            let whole = &entry.format().unwrap().spec;
            let bare =
                Spec { lines: vec![], examples: vec![], rejects: vec![], fields: Default::default(), ..whole.clone() };

            assert_eq!(bare, entry.top);
        }
        assert_eq!(FORMATS.len(), Catalogue::builtin().entries.len());
    }

    #[test]
    fn likely_are_the_formats_of_which_a_literal_stands_in_the_text() {
        let all = Catalogue::builtin();
        for file in FORMATS {
            let found: Vec<&str> = all.likely(file.text.as_bytes()).map(|(_, entry)| entry.name()).collect();
            let wanted = all.entries.iter().filter(|entry| {
                let needs = &entry.top.needs;
                needs.is_empty() || needs.iter().any(|need| file.text.contains(need.as_str()))
            });

            assert_eq!(wanted.map(Entry::name).collect::<Vec<_>>(), found, "{}", file.name);
        }
        assert_eq!(0, all.likely(b"").count());
    }
}
