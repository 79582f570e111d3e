//! Goes through a document block by block and gives the objects that are rows as soon as they are whole.

use crate::literal::unescape;
use crate::read::json::shape::{Opens, Way};
use crate::read::json::tree::is_word;
use crate::row::PAD;

/// A list or a table that is open.
#[derive(Debug)]
struct Frame {
    list: bool,
    /// The key of the value at hand, in a table.
    key: Vec<u8>,
    wants_key: bool,
    /// Whose rows are in it.
    way: Option<usize>,
}

/// Something the document holds; places are in the text that is held.
#[derive(Debug, PartialEq, Eq)]
pub enum Piece {
    Row {
        way: usize,
        step: Option<i64>,
        start: usize,
        end: usize,
    },
    /// A plain value beside the rows.
    Setting {
        key: String,
        start: usize,
        end: usize,
    },
}

/// A row that is not yet whole.
#[derive(Debug)]
struct Element {
    start: usize,
    way: usize,
    depth: usize,
}

#[derive(Debug)]
pub struct Walk {
    ways: Vec<Way>,
    frames: Vec<Frame>,
    /// The text from `base` on, and what may be looked at behind it.
    held: Vec<u8>,
    base: u64,
    at: usize,
    /// Where the text at hand begins.
    text_at: Option<usize>,
    element: Option<Element>,
}

impl Walk {
    pub fn new(ways: &[Way]) -> Self {
        let held = vec![0; PAD];
        Walk { ways: ways.to_vec(), frames: Vec::new(), held, base: 0, at: 0, text_at: None, element: None }
    }

    /// Takes more of the document; `offset` is where it stands.
    pub fn take(&mut self, bytes: &[u8], offset: u64) {
        let len = self.len();
        if len == 0 {
            self.base = offset;
        }
        self.held.truncate(len);
        self.held.extend_from_slice(bytes);
        self.held.resize(len + bytes.len() + PAD, 0);
    }

    pub fn len(&self) -> usize {
        self.held.len() - PAD
    }

    pub fn offset(&self, at: usize) -> u64 {
        self.base + at as u64
    }

    pub fn text(&self, start: usize, end: usize) -> &[u8] {
        &self.held[start..end]
    }

    /// The text and the padding behind it.
    pub fn padded(&self) -> &[u8] {
        &self.held
    }

    /// Lets go of what was given.
    pub fn forget(&mut self) {
        let element = self.element.as_ref().map(|element| element.start);
        let keep = [element, self.text_at].into_iter().flatten().min().unwrap_or(self.at).min(self.at);
        self.held.drain(..keep);
        self.base += keep as u64;
        self.at -= keep;
        self.text_at = self.text_at.map(|at| at - keep);
        if let Some(element) = &mut self.element {
            element.start -= keep;
        }
    }

    /// The row that the end of the document has cut.
    pub fn left(&self) -> Option<(usize, usize)> {
        self.element.as_ref().map(|element| (element.start, self.len()))
    }

    /// The next piece that is whole; none until more of the document is there.
    pub fn next(&mut self) -> Option<Piece> {
        while self.at < self.len() {
            let piece = match (self.text_at, self.held[self.at]) {
                (Some(start), _) => self.text_on(start)?,
                (None, b'"') => {
                    self.text_at = Some(self.at);
                    self.at += 1;
                    None
                }
                (None, byte @ (b'{' | b'[')) => self.open(byte),
                (None, b'}' | b']') => self.close(),
                (None, b',') => self.comma(),
                (None, byte) if is_word(byte) => self.word()?,
                (None, _) => {
                    self.at += 1;
                    None
                }
            };
            if piece.is_some() {
                return piece;
            }
        }
        None
    }

    /// Goes on in a text; none if its end is not there.
    fn text_on(&mut self, start: usize) -> Option<Option<Piece>> {
        let len = self.len();
        loop {
            let Some(k) = memchr::memchr2(b'"', b'\\', &self.held[self.at..len]) else {
                self.at = len;
                return None;
            };
            self.at += k;
            if self.held[self.at] == b'"' {
                break;
            }
            // What is escaped is still to come.
            if self.at + 1 >= len {
                return None;
            }
            self.at += 2;
        }
        self.at += 1;
        self.text_at = None;
        let (start, end) = (start + 1, self.at - 1);
        let inside = self.element.is_some();
        match self.frames.last_mut() {
            Some(frame) if !inside && frame.wants_key => {
                frame.key.clear();
                unescape(&self.held[start..end], &mut frame.key);
                frame.wants_key = false;
                Some(None)
            }
            Some(_) | None => Some(self.setting(start, end)),
        }
    }

    /// Goes over a number or a constant; none if its end is not there.
    fn word(&mut self) -> Option<Option<Piece>> {
        let (start, len) = (self.at, self.len());
        let end = start + self.held[start..len].iter().take_while(|b| is_word(**b)).count();
        if end == len {
            return None;
        }
        self.at = end;
        let null = &self.held[start..end] == b"null";
        Some(if null { None } else { self.setting(start, end) })
    }

    fn open(&mut self, byte: u8) -> Option<Piece> {
        let at = self.at;
        self.at += 1;
        if let Some(element) = &mut self.element {
            element.depth += 1;
            return None;
        }
        let of_frame = self.frames.last().map_or_else(|| self.way(Opens::Nothing), |frame| frame.way);
        if let (b'{', Some(way)) = (byte, of_frame) {
            self.element = Some(Element { start: at, way, depth: 1 });
            return None;
        }
        let way = self.way(if byte == b'[' { Opens::List } else { Opens::Table });
        self.frames.push(Frame { list: byte == b'[', key: Vec::new(), wants_key: byte == b'{', way });
        None
    }

    /// Whose rows are in what opens here.
    fn way(&self, opens: Opens) -> Option<usize> {
        let here = |way: &Way| {
            way.opens() == opens
                && way.path.len() == self.frames.len()
                && way.path.iter().zip(&self.frames).all(|(key, frame)| !frame.list && key.as_bytes() == frame.key)
        };
        self.ways.iter().position(here)
    }

    fn close(&mut self) -> Option<Piece> {
        self.at += 1;
        let Some(element) = &mut self.element else {
            self.frames.pop();
            return None;
        };
        element.depth -= 1;
        if element.depth > 0 {
            return None;
        }
        let Element { start, way, .. } = self.element.take()?;
        let key = self.frames.last().map_or(&b""[..], |frame| &frame.key);
        let step = std::str::from_utf8(key).ok().and_then(|key| key.parse().ok());
        Some(Piece::Row { way, step, start, end: self.at })
    }

    fn comma(&mut self) -> Option<Piece> {
        self.at += 1;
        if let (Some(frame), None) = (self.frames.last_mut(), &self.element) {
            frame.wants_key = !frame.list;
        }
        None
    }

    fn setting(&self, start: usize, end: usize) -> Option<Piece> {
        let plain = self.element.is_none() && !self.frames.is_empty() && !self.frames.iter().any(|frame| frame.list);
        let keys = || self.frames.iter().map(|frame| String::from_utf8_lossy(&frame.key));
        plain.then(|| Piece::Setting { key: keys().collect::<Vec<_>>().join("."), start, end })
    }
}
