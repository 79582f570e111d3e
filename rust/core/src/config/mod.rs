//! The settings of a run: a JSON, YAML, TOML or `key=value` text to flat `key.sub` and value pairs.

mod files;
mod json;
mod lines;
mod tables;
#[cfg(test)]
mod tests;
mod tree;
mod yaml;

use std::borrow::Cow;

use crate::error::{Error, Kind, Result};
pub use files::settings_of;
pub use tree::Setting;
use tree::{Tree, flat};

/// Longer files are data, not settings.
pub const LONGEST: usize = 8 << 20;

/// Names and values, in order.
pub type Settings = Vec<(String, Setting)>;

/// The settings of a file, in its order (TOML's by name); its name's ending says how to read it, else its first character.
///
/// Nested settings are `model.dim`; a list of plain values is one text, one of tables is numbered; null is no setting.
/// Refuses what is no text of its kind, and more than 10,000 settings.
///
/// ```
/// use fastlogs_core::config::{Setting, settings};
/// let found = settings(b"lr: 1e-3\nmodel: {dim: 64}\n", "config.yaml")?;
/// assert_eq!(("lr".to_owned(), Setting::Float(0.001)), found[0]);
/// assert_eq!(("model.dim".to_owned(), Setting::Int(64)), found[1]);
/// # Ok::<(), fastlogs_core::error::Error>(())
/// ```
pub fn settings(bytes: &[u8], name: &str) -> Result<Settings> {
    let wrong = |what: String| Error::new(Kind::Damaged, what).at(name);
    if bytes.len() > LONGEST {
        return Err(wrong(format!("wanted settings, found {} bytes", bytes.len())));
    }
    let text = text(bytes);
    let tree = match Form::of(name, &text) {
        Form::Json => json::read(&text),
        Form::Yaml => yaml::read(&text),
        Form::Toml => tables::read(&text),
        Form::Lines => lines::read(&text),
    };
    tree.and_then(flat).map_err(wrong)
}

/// UTF-8 without its mark; what is none is replaced.
fn text(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Json,
    Yaml,
    Toml,
    Lines,
}

impl Form {
    fn of(name: &str, text: &str) -> Form {
        let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
        match (ending.as_str(), text.trim_start().starts_with('{')) {
            ("json", _) => Form::Json,
            ("yaml" | "yml", _) => Form::Yaml,
            ("toml", _) => Form::Toml,
            (_, true) => Form::Json,
            (_, false) => Form::Lines,
        }
    }
}

/// What every reader gives: a tree, or what is wrong in words.
type Read = std::result::Result<Tree, String>;
