//! Settings as they are nested, and flat.

use std::fmt::{self, Display};

/// One setting.
#[derive(Debug, Clone, PartialEq)]
pub enum Setting {
    Flag(bool),
    Int(i64),
    Float(f64),
    Text(String),
}

impl Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Setting::Flag(flag) => flag.fmt(f),
            Setting::Int(int) => int.fmt(f),
            Setting::Float(float) => write!(f, "{float:?}"),
            Setting::Text(text) => text.fmt(f),
        }
    }
}

/// Settings within settings.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Tree {
    Nothing,
    Leaf(Setting),
    List(Vec<Tree>),
    Table(Vec<(String, Tree)>),
}

/// Deeper than this nobody nests; it keeps recursion short.
pub(super) const DEEPEST: usize = 64;

/// A run has hundreds of settings; a file with more than this is something else.
pub(super) const MOST: usize = 10_000;

pub(super) const TOO_MANY: &str = "wanted settings, found more than 10,000 values";
pub(super) const TOO_DEEP: &str = "wanted settings, found values nested deeper than 64";

/// The leaves by their joined keys; of equal keys the last value stays, where the first stood.
pub(super) fn flat(tree: Tree) -> Result<Vec<(String, Setting)>, String> {
    let Tree::Table(table) = tree else {
        return Err("wanted settings by name, found a bare value".to_owned());
    };
    let mut out = Out::default();
    table.into_iter().try_for_each(|(key, tree)| out.put(key, tree))?;
    Ok(out.list)
}

#[derive(Default)]
struct Out {
    list: Vec<(String, Setting)>,
    places: std::collections::HashMap<String, usize>,
    key_bytes: usize,
}

impl Out {
    fn put(&mut self, key: String, tree: Tree) -> Result<(), String> {
        match tree {
            Tree::Nothing => Ok(()),
            Tree::Leaf(setting) => self.push(key, setting),
            Tree::List(list) if list.iter().all(is_plain) => self.push(key, Setting::Text(written(&list))),
            Tree::List(list) => {
                list.into_iter().enumerate().try_for_each(|(at, tree)| self.put(format!("{key}.{at}"), tree))
            }
            Tree::Table(table) => table.into_iter().try_for_each(|(sub, tree)| self.put(format!("{key}.{sub}"), tree)),
        }
    }

    fn push(&mut self, key: String, setting: Setting) -> Result<(), String> {
        self.key_bytes += key.len();
        if self.list.len() >= MOST || self.key_bytes > super::LONGEST {
            return Err(TOO_MANY.to_owned());
        }
        match self.places.get(&key).and_then(|&at| self.list.get_mut(at)) {
            Some(there) => there.1 = setting,
            None => {
                self.places.insert(key.clone(), self.list.len());
                self.list.push((key, setting));
            }
        }
        Ok(())
    }
}

fn is_plain(tree: &Tree) -> bool {
    match tree {
        Tree::Nothing | Tree::Leaf(_) => true,
        Tree::List(list) => list.iter().all(is_plain),
        Tree::Table(_) => false,
    }
}

/// A list of plain values as one text: `[0.9, 0.95]`.
fn written(list: &[Tree]) -> String {
    let one = |tree: &Tree| match tree {
        Tree::Nothing | Tree::Table(_) => "null".to_owned(),
        Tree::Leaf(setting) => setting.to_string(),
        Tree::List(list) => written(list),
    };
    format!("[{}]", list.iter().map(one).collect::<Vec<_>>().join(", "))
}
