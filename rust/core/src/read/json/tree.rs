//! A document as a tree of places: as much of it as is there, also when it is cut.

use crate::literal::unescape;
use crate::number;

/// Deeper values are passed over.
const DEPTH: usize = 64;

#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    Number(f64),
    Text,
    Flag,
    Null,
    List(Vec<Tree>),
    Table(Vec<(String, Tree)>),
}

/// A value and where it stands; a text without its quotes.
#[derive(Debug, Clone, PartialEq)]
pub struct Tree {
    pub node: Node,
    pub start: usize,
    pub end: usize,
    /// Its end is there.
    pub whole: bool,
}

impl Tree {
    pub fn list(&self) -> &[Tree] {
        match &self.node {
            Node::List(list) => list,
            Node::Number(_) | Node::Text | Node::Flag | Node::Null | Node::Table(_) => &[],
        }
    }

    pub fn table(&self) -> &[(String, Tree)] {
        match &self.node {
            Node::Table(table) => table,
            Node::Number(_) | Node::Text | Node::Flag | Node::Null | Node::List(_) => &[],
        }
    }

    pub fn get(&self, key: &str) -> Option<&Tree> {
        self.table().iter().find(|(known, _)| known == key).map(|(_, tree)| tree)
    }

    pub fn is_list(&self) -> bool {
        matches!(self.node, Node::List(_))
    }

    pub fn is_table(&self) -> bool {
        matches!(self.node, Node::Table(_))
    }

    pub fn is_scalar(&self) -> bool {
        !self.is_list() && !self.is_table()
    }
}

/// The values of a document: one, or tables that follow each other over lines. None where they are no JSON, or
/// where lines are objects of their own.
pub fn values(text: &[u8]) -> Option<Vec<Tree>> {
    let first = first(text).filter(|tree| !tree.is_scalar())?;
    let mut at = next(text, first.end);
    let spread = memchr::memchr(b'\n', &text[first.start..first.end]).is_some();
    let mut values = vec![first];
    while at < text.len() {
        if !spread || text[at] != b'{' {
            return None;
        }
        let mut parser = Parser { text, at, depth: 0, broken: false };
        values.push(parser.value().filter(|_| !parser.broken)?);
        at = next(text, parser.at);
    }
    Some(values)
}

/// The first value; none where there is none or it is no JSON.
pub fn first(text: &[u8]) -> Option<Tree> {
    let mut parser = Parser { text, at: next(text, 0), depth: 0, broken: false };
    parser.value().filter(|_| !parser.broken)
}

fn next(text: &[u8], at: usize) -> usize {
    text[at..].iter().position(|b| !b.is_ascii_whitespace()).map_or(text.len(), |k| at + k)
}

struct Parser<'a> {
    text: &'a [u8],
    at: usize,
    depth: usize,
    broken: bool,
}

impl Parser<'_> {
    /// The next byte that is no blank.
    fn peek(&mut self) -> Option<u8> {
        self.at = next(self.text, self.at);
        self.text.get(self.at).copied()
    }

    /// The value at hand; none at the end, and where a text or a word is cut.
    fn value(&mut self) -> Option<Tree> {
        match self.peek()? {
            b'{' => self.nested(Parser::table),
            b'[' => self.nested(Parser::list),
            b'"' => self.text(),
            _ => self.word(),
        }
    }

    fn nested(&mut self, read: fn(&mut Self) -> (Node, bool)) -> Option<Tree> {
        let start = self.at;
        self.at += 1;
        self.depth += 1;
        if self.depth > DEPTH {
            self.broken = true;
            return None;
        }
        let (node, whole) = read(self);
        self.depth -= 1;
        Some(Tree { node, start, end: self.at, whole })
    }

    fn list(&mut self) -> (Node, bool) {
        let mut list = Vec::new();
        loop {
            match self.peek() {
                Some(b']') => {
                    self.at += 1;
                    return (Node::List(list), true);
                }
                Some(b',') => self.at += 1,
                Some(_) => match self.value() {
                    Some(value) => list.push(value),
                    None => return (Node::List(list), false),
                },
                None => return (Node::List(list), false),
            }
            if self.broken {
                return (Node::List(list), false);
            }
        }
    }

    fn table(&mut self) -> (Node, bool) {
        let mut table = Vec::new();
        loop {
            match self.peek() {
                Some(b'}') => {
                    self.at += 1;
                    return (Node::Table(table), true);
                }
                Some(b',') => self.at += 1,
                Some(b'"') => match self.entry() {
                    Some(entry) => table.push(entry),
                    None => return (Node::Table(table), false),
                },
                Some(_) => {
                    self.broken = true;
                    return (Node::Table(table), false);
                }
                None => return (Node::Table(table), false),
            }
            if self.broken {
                return (Node::Table(table), false);
            }
        }
    }

    fn entry(&mut self) -> Option<(String, Tree)> {
        let key = self.text()?;
        let mut name = Vec::new();
        unescape(&self.text[key.start..key.end], &mut name);
        if self.peek()? != b':' {
            self.broken = true;
            return None;
        }
        self.at += 1;
        let value = self.value()?;
        Some((String::from_utf8_lossy(&name).into_owned(), value))
    }

    fn text(&mut self) -> Option<Tree> {
        let start = self.at + 1;
        let mut at = start;
        loop {
            at += memchr::memchr2(b'"', b'\\', self.text.get(at..)?).or_else(|| self.ends())?;
            if self.text[at] == b'"' {
                break;
            }
            at += 2;
        }
        self.at = at + 1;
        Some(Tree { node: Node::Text, start, end: at, whole: true })
    }

    /// A text that is cut ends all.
    fn ends(&mut self) -> Option<usize> {
        self.at = self.text.len();
        None
    }

    fn word(&mut self) -> Option<Tree> {
        let start = self.at;
        let len = self.text[start..].iter().take_while(|b| is_word(**b)).count();
        self.at += len;
        // A word at the end may go on.
        if self.at == self.text.len() {
            return None;
        }
        let word = &self.text[start..start + len];
        let node = match word {
            b"true" | b"false" => Node::Flag,
            b"null" => Node::Null,
            _ => match number::decimal(self.text, start) {
                Some((value, end)) if end == start + len => Node::Number(value),
                Some(_) | None => {
                    self.broken = true;
                    return None;
                }
            },
        };
        Some(Tree { node, start, end: start + len, whole: true })
    }
}

/// What numbers and the names of constants are made of.
pub fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.' | b'_')
}
