//! What a document holds: rows in lists, columns, or one row. By what its values are, never by whose it is.

use crate::read::generic::words::measured;
use crate::read::json::columns;
use crate::read::json::tree::{Node, Tree};
use crate::read::roles::{self, Names};
use crate::types::{TRAIN, snake_case};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// Tables one after the other, each a row.
    Rows(Vec<Way>),
    /// Values by metric, and by step within.
    Columns,
    /// The document is the row.
    Row,
}

/// Where rows are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// The keys that lead to what holds them.
    pub path: Vec<String>,
    /// They are values of a table whose keys are their steps.
    pub keyed: bool,
    /// They follow each other, and nothing holds them.
    pub bare: bool,
    pub kind: &'static str,
}

/// What opens where rows begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opens {
    List,
    Table,
    Nothing,
}

impl Way {
    pub fn opens(&self) -> Opens {
        match (self.bare, self.keyed) {
            (true, _) => Opens::Nothing,
            (false, true) => Opens::Table,
            (false, false) => Opens::List,
        }
    }
}

/// The shape of a document; none where nothing in it looks like a log.
pub fn shape(text: &[u8], values: &[Tree], names: &Names) -> Option<Shape> {
    let [document] = values else {
        // Documents that follow each other, or rows that do.
        let first = values.get(..1).and_then(|first| shape(text, first, names));
        if let Some(Shape::Rows(ways)) = first {
            return Some(Shape::Rows(ways));
        }
        let way = Way { path: Vec::new(), keyed: false, bare: true, kind: TRAIN };
        let rows: Vec<&Tree> = values.iter().collect();
        return is_log(text, &rows, names, true).then_some(Shape::Rows(vec![way]));
    };
    let mut found = Vec::new();
    candidates(document, &mut Vec::new(), &mut found);
    found.retain(|(way, rows)| is_log(text, rows, names, way.path.is_empty()));
    let in_rows: usize = found.iter().flat_map(|(_, rows)| rows).map(|row| numbers(text, row)).sum();
    let in_columns = columns::count(text, document, names);
    if in_rows > 0 && in_rows >= in_columns {
        return Some(Shape::Rows(best(text, found)));
    }
    if in_columns > 0 {
        return Some(Shape::Columns);
    }
    let one_line = memchr::memchr(b'\n', &text[document.start..document.end]).is_none();
    (!one_line && is_row(text, document, names)).then_some(Shape::Row)
}

type Candidate<'a> = (Way, Vec<&'a Tree>);

/// Lists of tables, and tables of tables by number, that keys lead to.
fn candidates<'a>(tree: &'a Tree, path: &mut Vec<String>, found: &mut Vec<Candidate<'a>>) {
    let kind = || path.last().and_then(|key| roles::kind_of_word(key.as_bytes())).unwrap_or(TRAIN);
    let way = |keyed| Way { path: path.clone(), keyed, bare: false, kind: kind() };
    let rows: Vec<&Tree> = tree.list().iter().filter(|row| row.is_table()).collect();
    if tree.is_list() {
        if !rows.is_empty() && 2 * rows.len() > tree.list().len() {
            found.push((way(false), rows));
        }
        return;
    }
    let table = tree.table();
    if !table.is_empty() && table.iter().all(|(key, value)| value.is_table() && key.parse::<i64>().is_ok()) {
        found.push((way(true), table.iter().map(|(_, value)| value).collect()));
        return;
    }
    for (key, value) in table {
        path.push(key.clone());
        candidates(value, path, found);
        path.pop();
    }
}

/// Of several the one with the most numbers, and those beside it.
fn best(text: &[u8], found: Vec<Candidate<'_>>) -> Vec<Way> {
    let total = |(_, rows): &Candidate<'_>| rows.iter().map(|row| numbers(text, row)).sum::<usize>();
    let Some(most) = found.iter().max_by_key(|candidate| total(candidate)).map(|(way, _)| way.clone()) else {
        return Vec::new();
    };
    let above = |way: &Way| way.path.split_last().map(|(_, above)| above.to_vec());
    found.into_iter().map(|(way, _)| way).filter(|way| way.keyed == most.keyed && above(way) == above(&most)).collect()
}

/// The rows of a document, as far as it is there.
pub fn objects<'a>(values: &'a [Tree], ways: &[Way]) -> Vec<&'a Tree> {
    if ways.iter().any(|way| way.bare) {
        return values.iter().filter(|value| value.whole).collect();
    }
    let mut objects = Vec::new();
    for way in ways {
        let Some(mut at) = values.first() else { continue };
        for key in &way.path {
            at = at.get(key).unwrap_or(at);
        }
        let listed = at.list().iter();
        objects
            .extend(listed.chain(at.table().iter().map(|(_, value)| value)).filter(|row| row.is_table() && row.whole));
    }
    objects.truncate(1000);
    objects
}

fn numbers(text: &[u8], row: &Tree) -> usize {
    let plain = |tree: &Tree| usize::from(number(text, tree).is_some());
    let of = |tree: &Tree| match tree.is_list() {
        true => tree.list().iter().map(plain).sum(),
        false => plain(tree),
    };
    row.table().iter().map(|(_, value)| of(value)).sum()
}

/// A value as a number; what is between quotes too.
pub fn number(text: &[u8], tree: &Tree) -> Option<f64> {
    match tree.node {
        Node::Number(value) => Some(value),
        Node::Text => roles::numeric_text(&text[tree.start..tree.end]),
        Node::Flag | Node::Null | Node::List(_) | Node::Table(_) => None,
    }
}

/// Whether rows are those of a log: they count their steps, or a name is one of what people measure. What makes up
/// a whole document may also be told by a fraction.
fn is_log(text: &[u8], rows: &[&Tree], names: &Names, alone: bool) -> bool {
    let told = |(key, value): &(String, Tree)| {
        let number = number(text, value);
        let counts = number.is_some() && (names.step(key).is_some() || names.epoch(key).is_some());
        counts || number.is_some() && measured(key) || alone && number.is_some_and(|value| value.fract() != 0.0)
    };
    rows.iter().take(100).any(|row| row.table().iter().any(told))
}

/// Whether a table is what a run gave at its end: numbers for the better part, and some of what people judge it by.
fn is_row(text: &[u8], tree: &Tree, names: &Names) -> bool {
    let mut leaves = Vec::new();
    scalars(tree, "", &mut leaves);
    let numeric = leaves.iter().filter(|(_, value)| number(text, value).is_some());
    let (mut count, mut judged) = (0, false);
    for (key, _) in numeric {
        count += 1;
        judged |= is_result(key) && names.step(key).is_none();
    }
    tree.is_table() && judged && 2 * count >= leaves.len()
}

fn scalars<'a>(tree: &'a Tree, key: &str, leaves: &mut Vec<(String, &'a Tree)>) {
    if tree.is_scalar() {
        leaves.push((key.to_owned(), tree));
    }
    for (below, value) in tree.table() {
        scalars(value, below, leaves);
    }
}

/// Ends with a word for what is measured; settings only begin with one (`layer_norm_eps`).
fn is_result(key: &str) -> bool {
    let snake = snake_case(key);
    let last = snake.trim_end_matches(|c: char| c.is_ascii_digit() || c == '_').rsplit('_').next().unwrap_or_default();
    let setting = matches!(last, "lr" | "norm" | "map" | "cost" | "objective" | "like" | "kl" | "error" | "return");
    measured(last) && !setting
}

/// Names of values that rows give by position: `learn: [0.9]` where `learn_metrics` lists one name.
pub fn positions(text: &[u8], values: &[Tree], rows: &[&Tree]) -> Vec<(String, String)> {
    let (Some(document), Some(row)) = (values.first(), rows.last()) else { return Vec::new() };
    let mut lists = Vec::new();
    named_lists(text, document, &mut lists);
    let mut named = Vec::new();
    for (key, value) in row.table().iter().filter(|(_, value)| value.is_list()) {
        let fits = |(name, words): &&(&str, Vec<String>)| {
            words.len() == value.list().len() && snake_case(name).split('_').any(|word| word == snake_case(key))
        };
        let Some((_, words)) = lists.iter().find(fits) else { continue };
        named.extend(words.iter().enumerate().map(|(k, word)| (format!("{key}.{k}"), format!("{key}.{word}"))));
    }
    named
}

/// Lists of tables that each have a name.
fn named_lists<'a>(text: &[u8], tree: &'a Tree, lists: &mut Vec<(&'a str, Vec<String>)>) {
    let name = |tree: &Tree| {
        let name = tree.get("name").filter(|name| name.node == Node::Text)?;
        Some(String::from_utf8_lossy(&text[name.start..name.end]).into_owned())
    };
    for (key, value) in tree.table() {
        named_lists(text, value, lists);
        let names: Option<Vec<String>> = value.list().iter().map(name).collect();
        if let Some(names) = names.filter(|names| !names.is_empty()) {
            lists.push((key, names));
        }
    }
}
