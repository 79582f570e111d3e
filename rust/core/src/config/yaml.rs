//! YAML settings: the first document, with the words for true and false that PyYAML knows.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, StrInput};

use super::Read;
use super::lines::number;
use super::tree::{DEEPEST, MOST, Setting, TOO_DEEP, TOO_MANY, Tree};

pub(super) fn read(text: &str) -> Read {
    let mut reader = Reader { parser: Parser::new_from_str(text), anchors: HashMap::new(), left: MOST };
    loop {
        match reader.next()? {
            Event::StreamStart | Event::DocumentStart(_) | Event::Nothing => {}
            Event::StreamEnd | Event::DocumentEnd => return Ok(Tree::Table(Vec::new())),
            event => return document(reader.tree(event, DEEPEST)?),
        }
    }
}

/// An empty file is one without settings.
fn document(tree: Tree) -> Read {
    Ok(if tree == Tree::Nothing { Tree::Table(Vec::new()) } else { tree })
}

struct Reader<'text> {
    parser: Parser<'text, StrInput<'text>>,
    anchors: HashMap<usize, Tree>,
    /// Values that may still come, those that an alias repeats among them: a small file can stand for a giant.
    left: usize,
}

impl<'text> Reader<'text> {
    fn next(&mut self) -> Result<Event<'text>, String> {
        match self.parser.next_event() {
            Some(Ok((event, _))) => Ok(event),
            Some(Err(error)) => Err(format!("wanted YAML settings, found {error}")),
            None => Ok(Event::StreamEnd),
        }
    }

    /// The value that an event begins.
    fn tree(&mut self, event: Event<'text>, deep: usize) -> Read {
        self.spend(1)?;
        let deeper = deep.checked_sub(1).ok_or(TOO_DEEP)?;
        let (tree, anchor) = match event {
            Event::Alias(id) => return self.alias(id),
            Event::Scalar(text, style, anchor, tag) => {
                let is_text = tag.is_some_and(|tag| tag.suffix == "str");
                let plain = style == ScalarStyle::Plain && !is_text;
                (if plain { scalar(&text) } else { Tree::Leaf(Setting::Text(text.into_owned())) }, anchor)
            }
            Event::SequenceStart(anchor, _) => (self.list(deeper)?, anchor),
            Event::MappingStart(anchor, _) => (self.table(deeper)?, anchor),
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd
            | Event::SequenceEnd
            | Event::MappingEnd => return Ok(Tree::Nothing),
        };
        if anchor > 0 {
            self.anchors.insert(anchor, tree.clone());
        }
        Ok(tree)
    }

    fn list(&mut self, deep: usize) -> Read {
        let mut list = Vec::new();
        loop {
            match self.next()? {
                Event::SequenceEnd | Event::StreamEnd => return Ok(Tree::List(list)),
                event => list.push(self.tree(event, deep)?),
            }
        }
    }

    fn table(&mut self, deep: usize) -> Read {
        let (mut table, mut merged) = (Vec::new(), Vec::new());
        loop {
            let key = match self.next()? {
                Event::MappingEnd | Event::StreamEnd => break,
                event => key(self.tree(event, deep)?),
            };
            let event = self.next()?;
            let value = self.tree(event, deep)?;
            match (key, value) {
                (Some(key), Tree::Table(inner)) if key == "<<" => merged.extend(inner),
                (Some(key), value) => table.push((key, value)),
                (None, _) => {}
            }
        }
        // What is merged in comes first: what stands here itself wins.
        merged.extend(table);
        Ok(Tree::Table(merged))
    }

    fn alias(&mut self, id: usize) -> Read {
        let tree = self.anchors.get(&id).cloned().unwrap_or(Tree::Nothing);
        self.spend(size(&tree))?;
        Ok(tree)
    }

    fn spend(&mut self, values: usize) -> Result<(), String> {
        self.left = self.left.checked_sub(values).ok_or(TOO_MANY)?;
        Ok(())
    }
}

/// How many values a tree has.
fn size(tree: &Tree) -> usize {
    match tree {
        Tree::Nothing | Tree::Leaf(_) => 1,
        Tree::List(list) => 1 + list.iter().map(size).sum::<usize>(),
        Tree::Table(table) => 1 + table.iter().map(|(_, tree)| size(tree)).sum::<usize>(),
    }
}

/// A key as text; keys that are tables or lists name nothing.
fn key(tree: Tree) -> Option<String> {
    match tree {
        Tree::Leaf(setting) => Some(setting.to_string()),
        Tree::Nothing => Some("null".to_owned()),
        Tree::List(_) | Tree::Table(_) => None,
    }
}

/// A plain scalar. `1e-4` is a number here, as everyone means it, though YAML 1.1 has it for a text.
fn scalar(text: &str) -> Tree {
    let setting = match text {
        "" | "~" | "null" | "Null" | "NULL" => return Tree::Nothing,
        "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Setting::Flag(true),
        "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => Setting::Flag(false),
        ".inf" | "+.inf" | ".Inf" => Setting::Float(f64::INFINITY),
        "-.inf" | "-.Inf" => Setting::Float(f64::NEG_INFINITY),
        ".nan" | ".NaN" => Setting::Float(f64::NAN),
        _ => number(text).unwrap_or_else(|| Setting::Text(text.to_owned())),
    };
    Tree::Leaf(setting)
}
