//! Cuts a line into words, numbers, quoted texts and marks.
//!
//! What the parser decides may depend on the *skeleton* only: all bytes but those of numbers, clocks, dates and other
//! changing text, and which numbers are whole. Two lines of one skeleton therefore mean the same, and the meaning is
//! worked out once.

mod drawing;
mod lexer;
mod moment;
mod number;
#[cfg(test)]
mod tests;
mod word;

/// What a stretch of a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    Word,
    Number,
    /// A duration or time of day: `0:32:48`, `4h 33m 53s`, `9 days, 21:39:23`.
    Clock,
    /// Dates, versions, addresses, paths, hexadecimal: text that changes and measures nothing.
    Junk,
    /// Quoted text that is no number; `start..end` is inside the quotes.
    Text,
    /// Quoted text before a colon.
    Key,
    /// A value that is said to be missing: `None`, `null`, `N/A`.
    Absent,
    /// One blank.
    Blank,
    /// Two or more blanks, or a tab.
    Wide,
    /// The drawing of a progress bar.
    Bar,
    Mark(u8),
}

/// `start..end` is the text itself; `end..tail` the unit glued to a number, or the closing quote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    pub kind: Kind,
    pub start: u32,
    pub end: u32,
    pub tail: u32,
}

impl Token {
    pub fn text<'a>(&self, line: &'a [u8]) -> &'a [u8] {
        &line[self.start as usize..self.end as usize]
    }

    pub fn unit<'a>(&self, line: &'a [u8]) -> &'a [u8] {
        match self.kind {
            Kind::Number => &line[self.end as usize..self.tail as usize],
            _ => &[],
        }
    }

    /// A number as counters are printed: digits alone.
    pub fn is_whole(&self, line: &[u8]) -> bool {
        self.kind == Kind::Number && self.text(line).iter().all(u8::is_ascii_digit)
    }

    pub fn is_blank(&self) -> bool {
        matches!(self.kind, Kind::Blank | Kind::Wide)
    }

    pub fn is(&self, mark: u8) -> bool {
        self.kind == Kind::Mark(mark)
    }
}

/// Cuts `line[from..]`.
pub fn cut(line: &[u8], from: usize, tokens: &mut Vec<Token>) {
    tokens.clear();
    let mut lexer = Lexer { line, tokens };
    let mut at = from;
    while at < line.len() {
        at = lexer.next(at);
    }
}

/// A hash of the skeleton.
pub fn skeleton(line: &[u8], tokens: &[Token]) -> u64 {
    let mut hash = Skeleton::default();
    for token in tokens {
        hash.add(line, token);
    }
    hash.0
}

/// FNV-1a in words of eight bytes.
#[derive(Clone, Copy)]
pub struct Skeleton(pub u64);

impl Default for Skeleton {
    fn default() -> Self {
        Skeleton(0xcbf2_9ce4_8422_2325)
    }
}

impl Skeleton {
    fn add(&mut self, line: &[u8], token: &Token) {
        let sign = match token.kind {
            Kind::Word => 1,
            Kind::Number if token.is_whole(line) => 2,
            Kind::Number => 12,
            Kind::Clock => 3,
            Kind::Junk => 4,
            Kind::Text => 5,
            Kind::Key => 6,
            Kind::Absent => 7,
            Kind::Blank => 8,
            Kind::Wide => 9,
            Kind::Bar => 10,
            Kind::Mark(mark) => 256 + u64::from(mark),
        };
        self.mix(sign);
        match token.kind {
            Kind::Word | Kind::Key => self.bytes(token.text(line)),
            Kind::Number => self.bytes(token.unit(line)),
            Kind::Clock | Kind::Junk | Kind::Text | Kind::Absent | Kind::Blank | Kind::Wide | Kind::Bar => {}
            Kind::Mark(_) => {}
        }
    }

    pub fn bytes(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.mix(u64::from_le_bytes(word) ^ (chunk.len() as u64) << 56);
        }
    }

    fn mix(&mut self, word: u64) {
        self.0 = (self.0 ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(23);
    }
}

struct Lexer<'a, 't> {
    line: &'a [u8],
    tokens: &'t mut Vec<Token>,
}
