//! Takes the keys of a TOML table by name and type; whatever is not taken is a mistake with a suggestion.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::problem::{Page, Problem, nearest};

/// Bytes of the file.
pub type Spot = Range<usize>;

/// A word of the file and where it stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Word {
    pub text: String,
    pub spot: Spot,
}

/// A value of an example, before it is known what it is compared with.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Number(f64),
    Text(String),
    Other(&'static str),
}

/// What an example says a table holds.
pub type Values = BTreeMap<String, Value>;

pub struct Keys<'t, 'p> {
    table: &'t DeTable<'t>,
    page: Page<'p>,
    known: &'static [&'static str],
    problems: &'p mut Vec<Problem>,
}

impl<'t, 'p> Keys<'t, 'p> {
    /// Begins with a table; `what` names it in messages, `known` are all keys it may have.
    pub fn new(
        table: &'t DeTable<'t>,
        page: Page<'p>,
        what: &str,
        known: &'static [&'static str],
        problems: &'p mut Vec<Problem>,
    ) -> Self {
        for key in table.keys().filter(|k| !known.contains(&k.get_ref().as_ref())) {
            let word = key.get_ref();
            let help = match nearest(word, known) {
                Some(near) => format!("did you mean '{near}'?"),
                None => format!("the keys of {what} are: {}", known.join(" ")),
            };
            problems.push(page.problem(key.span(), format!("{what} has no key '{word}'"), "unknown key", help));
        }
        Keys { table, page, known, problems }
    }

    fn get(&self, key: &str) -> Option<&'t Spanned<DeValue<'t>>> {
        debug_assert!(self.known.contains(&key), "{key} is not listed");
        self.table.get(key)
    }

    fn wrong(&mut self, key: &str, value: &Spanned<DeValue<'_>>, wanted: &str) {
        let found = value.get_ref().type_str();
        let what = format!("'{key}' wants {wanted}, found {found}");
        self.problems.push(self.page.problem(value.span(), what, format!("write {wanted} here"), ""));
    }

    /// Tells a mistake that only the caller can see.
    pub fn note(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    pub fn word(&mut self, key: &str) -> Option<Word> {
        let value = self.get(key)?;
        match value.get_ref().as_str() {
            Some(text) => Some(Word { text: text.to_owned(), spot: value.span() }),
            None => {
                self.wrong(key, value, "a string");
                None
            }
        }
    }

    pub fn text(&mut self, key: &str) -> Option<String> {
        self.word(key).map(|w| w.text)
    }

    pub fn flag(&mut self, key: &str) -> bool {
        let Some(value) = self.get(key) else { return false };
        value.get_ref().as_bool().unwrap_or_else(|| {
            self.wrong(key, value, "true or false");
            false
        })
    }

    /// A whole number, 0 or more.
    pub fn count(&mut self, key: &str) -> Option<usize> {
        let value = self.get(key)?;
        let count = value.get_ref().as_integer().and_then(|number| number.as_str().parse().ok());
        if count.is_none() {
            self.wrong(key, value, "a whole number");
        }
        count
    }

    /// A list of strings, or one string.
    pub fn words(&mut self, key: &str) -> Vec<Word> {
        let Some(value) = self.get(key) else { return Vec::new() };
        if value.get_ref().is_str() {
            return self.word(key).into_iter().collect();
        }
        let Some(items) = value.get_ref().as_array() else {
            self.wrong(key, value, "a list of strings");
            return Vec::new();
        };
        let mut words = Vec::new();
        for item in items.iter() {
            match item.get_ref().as_str() {
                Some(text) => words.push(Word { text: text.to_owned(), spot: item.span() }),
                None => self.wrong(key, item, "a list of strings"),
            }
        }
        words
    }

    pub fn texts(&mut self, key: &str) -> Vec<String> {
        self.words(key).into_iter().map(|w| w.text).collect()
    }

    /// A table from strings to strings.
    pub fn map(&mut self, key: &str) -> BTreeMap<String, String> {
        let Some(table) = self.table(key) else { return BTreeMap::new() };
        let mut map = BTreeMap::new();
        for (name, value) in table {
            match value.get_ref().as_str() {
                Some(text) => {
                    map.insert(name.get_ref().to_string(), text.to_owned());
                }
                None => self.wrong(key, value, "a table of strings"),
            }
        }
        map
    }

    /// A table from strings to numbers or strings.
    pub fn values(&mut self, key: &str) -> Values {
        let Some(table) = self.table(key) else { return Values::new() };
        table.iter().map(|(name, value)| (name.get_ref().to_string(), plain(value.get_ref()))).collect()
    }

    pub fn table(&mut self, key: &str) -> Option<&'t DeTable<'t>> {
        let value = self.get(key)?;
        if value.get_ref().as_table().is_none() {
            self.wrong(key, value, "a table");
        }
        value.get_ref().as_table()
    }

    /// The tables written as `[[key]]`, each with where it begins.
    pub fn tables(&mut self, key: &str) -> Vec<(&'t DeTable<'t>, Spot)> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let tables = value.get_ref().as_array().map(|items| {
            let tables = items.iter().filter_map(|t| Some((t.get_ref().as_table()?, t.span())));
            tables.collect::<Vec<_>>()
        });
        tables.unwrap_or_else(|| {
            self.wrong(key, value, &format!("tables, each begun with [[{key}]]"));
            Vec::new()
        })
    }
}

fn plain(value: &DeValue<'_>) -> Value {
    let number =
        |text: &str| text.replace('_', "").parse().map_or(Value::Other("a number out of range"), Value::Number);
    match value {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(integer) => number(integer.as_str()),
        DeValue::Float(float) => number(float.as_str()),
        DeValue::Boolean(_) => Value::Other("a boolean"),
        DeValue::Datetime(_) => Value::Other("a date (write it as a string)"),
        DeValue::Array(_) => Value::Other("a list"),
        DeValue::Table(_) => Value::Other("a table"),
    }
}
