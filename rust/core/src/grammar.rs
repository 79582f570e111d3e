//! How a caller wants lines to be understood.

/// How a named group of a user's pattern is typed; without a hint the leading lines decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hint {
    Int,
    Float,
    Str,
    Datetime,
}

/// A regex with named groups; its name labels the kind of its rows unless it is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    pub name: String,
    pub regex: String,
    pub hints: Vec<(String, Hint)>,
}

/// How the lines are understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Grammar {
    /// Found from the leading bytes.
    Detect,
    /// A format of the catalogue, by name.
    Named(String),
    /// The text of a format file, and its file name.
    Toml {
        text: String,
        file: String,
    },
    Patterns(Vec<Pattern>),
}
