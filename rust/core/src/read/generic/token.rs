//! Cuts a line into words, numbers, quoted texts and marks.
//!
//! What the parser decides may depend on the *skeleton* only: all bytes but those of numbers, clocks, dates and other
//! changing text. Two lines of one skeleton therefore mean the same, and the meaning is worked out once.

use super::words;

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
            Kind::Number => 2,
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

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

impl Lexer<'_, '_> {
    fn byte(&self, at: usize) -> u8 {
        self.line.get(at).copied().unwrap_or(b'\n')
    }

    fn run(&self, at: usize, holds: impl Fn(u8) -> bool) -> usize {
        at + self.line.get(at..).unwrap_or_default().iter().take_while(|&&b| holds(b)).count()
    }

    fn push(&mut self, kind: Kind, start: usize, end: usize) -> usize {
        self.push_with(kind, start, end, end)
    }

    fn push_with(&mut self, kind: Kind, start: usize, end: usize, tail: usize) -> usize {
        self.tokens.push(Token { kind, start: start as u32, end: end as u32, tail: tail as u32 });
        tail
    }

    fn next(&mut self, at: usize) -> usize {
        match self.byte(at) {
            b' ' | b'\t' => self.blank(at),
            b'0'..=b'9' => self.number(at, at),
            b'+' | b'-' if self.may_sign(at) => self.number(at, at + 1),
            b'.' if self.byte(at + 1).is_ascii_digit() => self.number(at, at),
            b'"' | b'\'' => self.quoted(at),
            b'|' if self.after_percent() => self.drawn(at),
            b'[' if self.arrow(at).is_some() => self.arrowed(at),
            b'-' if self.option(at) => self.path(at, at),
            b'/' if self.opens_path(at) => self.path(at, at),
            b'.' if matches!(self.byte(at + 1), b'/' | b'.') => self.path(at, at),
            0xC2 if self.byte(at + 1) == 0xB1 => self.push(Kind::Mark(0xB1), at, at + 2),
            0xE2 if self.glyphs(at) - at >= 9 => self.drawing(at),
            b if is_word(b) => self.word(at),
            b => self.push(Kind::Mark(b), at, at + 1),
        }
    }

    fn blank(&mut self, at: usize) -> usize {
        let end = self.run(at, |b| b == b' ' || b == b'\t');
        let narrow = end == at + 1 && self.byte(at) == b' ';
        self.push(if narrow { Kind::Blank } else { Kind::Wide }, at, end)
    }

    /// A sign belongs to the number unless something stands right before it (`0-20`, `)-1`).
    fn may_sign(&self, at: usize) -> bool {
        let next = self.byte(at + 1);
        let number = next.is_ascii_digit()
            || (next == b'.' && self.byte(at + 2).is_ascii_digit())
            || (self.not_a_number(at + 1).is_some());
        let free = match self.tokens.last().map(|t| t.kind) {
            None | Some(Kind::Blank | Kind::Wide | Kind::Bar) => true,
            Some(Kind::Mark(mark)) => !matches!(mark, b')' | b']' | b'}' | b'-' | b'+'),
            Some(Kind::Word | Kind::Number | Kind::Clock | Kind::Junk | Kind::Text | Kind::Key | Kind::Absent) => false,
        };
        number && free
    }

    /// `--lr`: an option of a command, no name.
    fn option(&self, at: usize) -> bool {
        let free = matches!(self.tokens.last().map(|t| t.kind), None | Some(Kind::Blank | Kind::Wide));
        free && self.byte(at + 1) == b'-' && self.byte(at + 2).is_ascii_alphabetic()
    }

    /// The end of `nan` or `inf` with a unit that may be glued to it.
    fn not_a_number(&self, at: usize) -> Option<(usize, usize)> {
        let text = self.line.get(at..)?;
        let long = [8, 3].into_iter().find(|&n| {
            text.get(..n).is_some_and(|head| {
                head.eq_ignore_ascii_case(b"infinity")
                    || head.eq_ignore_ascii_case(b"nan")
                    || head.eq_ignore_ascii_case(b"inf")
            })
        })?;
        let end = at + long;
        let tail = self.run(end, |b| is_word(b) || b == b'%' || b == b'/');
        let unit = std::str::from_utf8(&self.line[end..tail]).ok()?;
        (unit.is_empty() || matches!(unit, "ms" | "s" | "%" | "us" | "sec" | "x" | "it/s" | "s/it"))
            .then_some((end, tail))
    }

    fn number(&mut self, start: usize, at: usize) -> usize {
        if let Some((end, tail)) = self.not_a_number(at) {
            return self.push_with(Kind::Number, start, end, tail);
        }
        if let Some(end) = self.moment(at) {
            return self.push(Kind::Junk, start, end);
        }
        if let Some(end) = self.duration(at) {
            return self.push(Kind::Clock, start, end);
        }
        let end = self.digits(at);
        let next = self.byte(end);
        if next == b'.' && self.byte(end + 1).is_ascii_digit() || next == b'_' {
            return self.alnum(start, end);
        }
        let tail = self.unit_end(end);
        if self.byte(tail).is_ascii_digit() && tail > end && self.byte(tail - 1) != b'/' {
            return self.alnum(start, tail);
        }
        self.push_with(Kind::Number, start, end, tail)
    }

    /// Versions, addresses, hexadecimal, `640x640`.
    fn alnum(&mut self, start: usize, at: usize) -> usize {
        let end = self.run(at, |b| is_word(b) || matches!(b, b'.' | b'/' | b'-' | b'~'));
        self.push(Kind::Junk, start, end)
    }

    /// The end of `1,234.5e-6`.
    fn digits(&self, at: usize) -> usize {
        let mut end = self.run(at, |b| b.is_ascii_digit());
        while end - at <= 15 && self.thousands(at, end) {
            end += 4;
        }
        if self.byte(end) == b'.' && self.byte(end + 1) != b'.' {
            end = self.run(end + 1, |b| b.is_ascii_digit());
        }
        if self.byte(end) | 0x20 == b'e' {
            let sign = usize::from(matches!(self.byte(end + 1), b'+' | b'-'));
            let exponent = self.run(end + 1 + sign, |b| b.is_ascii_digit());
            let unit = self
                .line
                .get(exponent..self.unit_end(exponent))
                .and_then(|u| std::str::from_utf8(u).ok())
                .unwrap_or_default();
            if exponent > end + 1 + sign && (!is_word(self.byte(exponent)) || words::unit(unit)) {
                end = exponent;
            }
        }
        end
    }

    fn thousands(&self, at: usize, end: usize) -> bool {
        let first = self.run(at, |b| b.is_ascii_digit()) - at;
        first <= 3
            && self.byte(at) != b'0'
            && self.byte(end) == b','
            && self.run(end + 1, |b| b.is_ascii_digit()) == end + 4
            && !self.inside_list()
    }

    /// Within `[1,200,300]` a comma separates.
    fn inside_list(&self) -> bool {
        self.tokens.iter().rev().take(3).any(|t| t.is(b'[') || t.is(b'('))
    }

    fn unit_end(&self, end: usize) -> usize {
        let first = self.byte(end);
        if first == b'%' {
            return end + 1;
        }
        if !first.is_ascii_alphabetic() {
            // a Greek mu
            return if first == 0xC2 && self.byte(end + 1) == 0xB5 { self.run(end, is_word) } else { end };
        }
        let letters = self.run(end, |b| b.is_ascii_alphabetic());
        if self.byte(letters) == b'/' && self.byte(letters + 1).is_ascii_alphabetic() {
            return self.run(letters + 1, |b| b.is_ascii_alphabetic());
        }
        letters
    }

    /// The end of a date, of a date and a clock, or of a version.
    fn moment(&self, at: usize) -> Option<usize> {
        let a = self.run(at, |b| b.is_ascii_digit());
        let mark = self.byte(a);
        if !matches!(mark, b'-' | b'/' | b'.') {
            return None;
        }
        let b = self.run(a + 1, |b| b.is_ascii_digit());
        if b == a + 1 {
            return None;
        }
        if self.byte(b) == mark && self.byte(b + 1).is_ascii_digit() {
            if mark == b'.' {
                return Some(self.run(b, |b| is_word(b) || b == b'.' || b == b'+'));
            }
            let c = self.run(b + 1, |b| b.is_ascii_digit());
            let lengths = (a - at, b - a - 1, c - b - 1);
            let dated = matches!(lengths, (4, 2, 2) | (1 | 2, 1 | 2, 4) | (2, 2, 2));
            return dated.then(|| self.clock_after(c));
        }
        // `08/17 21:29:44`
        let short = mark == b'/' && a - at == 2 && b == a + 3;
        (short && self.byte(b) == b' ' && self.clock(b + 1).is_some_and(|end| end >= b + 9))
            .then(|| self.clock_after(b))
    }

    fn clock_after(&self, date: usize) -> usize {
        let glue = usize::from(matches!(self.byte(date), b' ' | b'T' | b'_' | b'-'));
        let digits = |at: usize| self.run(at, |b| b.is_ascii_digit()) == at + 2;
        let clock = date + glue;
        let whole = glue == 1 && digits(clock) && self.byte(clock + 2) == b':' && digits(clock + 3);
        if whole {
            self.run(clock + 5, |b| b.is_ascii_digit() || matches!(b, b':' | b',' | b'.' | b'Z' | b'+'))
        } else {
            date
        }
    }

    /// The end of `12:34`, `1:02:03`, `01:02:03.456`.
    fn clock(&self, at: usize) -> Option<usize> {
        let two = |at: usize| self.run(at, |b| b.is_ascii_digit()) == at + 2;
        let hours = self.run(at, |b| b.is_ascii_digit());
        if hours == at || hours - at > 4 || self.byte(hours) != b':' || !two(hours + 1) {
            return None;
        }
        let mut end = hours + 3;
        let full = self.byte(end) == b':' && two(end + 1);
        if full {
            end += 3;
        }
        if full && self.byte(end) == b'.' && self.byte(end + 1).is_ascii_digit() {
            end = self.run(end + 1, |b| b.is_ascii_digit());
        }
        let stops = !is_word(self.byte(end))
            && (!matches!(self.byte(end), b'.' | b':') || !self.byte(end + 1).is_ascii_digit());
        stops.then_some(end)
    }

    fn duration(&self, at: usize) -> Option<usize> {
        if let Some(end) = self.clock(at) {
            return Some(end);
        }
        let mut end = self.duration_part(at)?;
        let mut parts = 1;
        while let Some(next) = self.next_part(end) {
            end = next;
            parts += 1;
        }
        (parts > 1).then_some(end)
    }

    /// The end of `4h`, `9 days`, `19 minutes`.
    fn duration_part(&self, at: usize) -> Option<usize> {
        let whole = self.run(at, |b| b.is_ascii_digit());
        let digits = if self.byte(whole) == b'.' { self.run(whole + 1, |b| b.is_ascii_digit()) } else { whole };
        let blank = usize::from(self.byte(digits) == b' ');
        let end = self.run(digits + blank, |b| b.is_ascii_alphabetic());
        let unit = std::str::from_utf8(self.line.get(digits + blank..end)?).ok()?;
        let long = matches!(
            unit,
            "day"
                | "days"
                | "hour"
                | "hours"
                | "hr"
                | "hrs"
                | "minute"
                | "minutes"
                | "min"
                | "mins"
                | "second"
                | "seconds"
                | "sec"
                | "secs"
        );
        let short = blank == 0 && matches!(unit, "d" | "h" | "m" | "s");
        (digits > at && (short || long && !is_word(self.byte(end)))).then_some(end)
    }

    fn next_part(&self, end: usize) -> Option<usize> {
        let mut at = end;
        if self.byte(at) == b',' {
            at += 1;
        }
        at = self.run(at, |b| b == b' ').min(at + 1);
        if self.line.get(at..at + 4) == Some(b"and ") {
            at += 4;
        }
        if !self.byte(at).is_ascii_digit() {
            return None;
        }
        self.clock(at).or_else(|| self.duration_part(at))
    }

    fn word(&mut self, at: usize) -> usize {
        if let Some((end, tail)) = self.not_a_number(at).filter(|&(_, tail)| self.has_value(tail)) {
            return self.push_with(Kind::Number, at, end, tail);
        }
        let mut end = self.run(at, is_word);
        if let Some(digits) = self.counted(at, end) {
            self.push(Kind::Word, at, digits);
            let number = self.run(digits, |b| b == b'_');
            return self.number(number, number);
        }
        while self.glues(at, end) {
            let skipped = 1 + usize::from(self.byte(end) == b'@' && self.byte(end + 1) == b'.');
            end = self.run(end + skipped, is_word);
        }
        let text = &self.line[at..end];
        if self.is_path(text) {
            return self.path(at, end);
        }
        if matches!(text, b"None" | b"null" | b"N/A" | b"n/a" | b"NA" | b"none") {
            return self.push(Kind::Absent, at, end);
        }
        // an abbreviation keeps its full stop
        if self.byte(end) == b'.' && matches!(self.byte(end + 1), b' ' | b':' | b'\t' | b',' | b'=') {
            end += 1;
        }
        self.push(Kind::Word, at, end)
    }

    /// Whether the `nan` that ends at `tail` is a value: in `number of nan iterations` it is a word.
    fn has_value(&self, tail: usize) -> bool {
        let goes_on = self.byte(tail) == b' ' && self.byte(tail + 1).is_ascii_alphabetic();
        let mut solid = self.tokens.iter().rev().filter(|t| !t.is_blank());
        let bound = |t: &Token| matches!(t.kind, Kind::Mark(b':' | b'=' | b',' | b'(' | b'['));
        let before = solid.next();
        let joined = |t: &Token| {
            t.kind == Kind::Word && !words::joins(std::str::from_utf8(t.text(self.line)).unwrap_or_default())
        };
        before.is_some_and(|t| {
            bound(t)
                || joined(t) && !goes_on
                || joined(t) && words::measured(std::str::from_utf8(t.text(self.line)).unwrap_or_default())
        })
    }

    /// Whether the mark at `end` is inside a word: `s0.loss`, `Tok/s`, `Train-acc`, `ndcg@10`, `mAP@.5`, `training's`.
    fn glues(&self, start: usize, end: usize) -> bool {
        let (mark, next) = (self.byte(end), self.byte(end + 1));
        let letter_before = end > start && is_word(self.byte(end - 1));
        match mark {
            b'.' | b'/' | b'\'' | b'&' | b'+' => letter_before && is_word(next) && next != 0xC2,
            b'-' => letter_before && is_word(next),
            b'@' => letter_before && (is_word(next) || next == b'.' && self.byte(end + 2).is_ascii_digit()),
            _ => false,
        }
    }

    /// Where the digits begin that are glued to a counting word: `epoch001`, `iter_100`.
    fn counted(&self, at: usize, end: usize) -> Option<usize> {
        let letters = self.run(at, |b| b.is_ascii_alphabetic());
        let digits = self.run(letters, |b| b == b'_');
        let all = digits < end && self.run(digits, |b| b.is_ascii_digit()) == end && digits - letters <= 1;
        let free = !matches!(self.byte(end), b'.' | b'/' | b'-' | b'_') || matches!(self.byte(end + 1), b' ' | b'\n');
        let word = self.line.get(at..letters)?;
        const COUNTING: [&[u8]; 6] = [b"epoch", b"ep", b"iter", b"step", b"iteration", b"batch"];
        let counts = COUNTING.iter().any(|w| w.eq_ignore_ascii_case(word));
        (all && free && counts).then_some(letters)
    }

    fn is_path(&self, text: &[u8]) -> bool {
        let slashes = text.iter().filter(|&&b| b == b'/').count();
        let dot = text.iter().rposition(|&b| b == b'.');
        let extension = dot.is_some_and(|d| {
            (2..=6).contains(&(text.len() - d)) && text[d + 1..].iter().all(u8::is_ascii_alphanumeric)
        });
        slashes >= 1
            && extension
            && dot > text.iter().rposition(|&b| b == b'/')
            && self.byte(dot.unwrap_or(0)) != 0
            && text[dot.map_or(0, |d| d + 1)..].iter().any(u8::is_ascii_alphabetic)
    }

    fn opens_path(&self, at: usize) -> bool {
        let free = matches!(self.tokens.last().map(|t| t.kind), None | Some(Kind::Blank | Kind::Wide | Kind::Mark(_)));
        free && (self.byte(at + 1).is_ascii_alphabetic() || self.byte(at + 1) == b'/')
    }

    fn path(&mut self, start: usize, at: usize) -> usize {
        let end = self.run(at, |b| !matches!(b, b' ' | b'\t' | b',' | b';' | b'"' | b'\'' | b')' | b']' | b'|' | b'='));
        self.push(Kind::Junk, start, end.max(at + 1))
    }

    fn quoted(&mut self, at: usize) -> usize {
        let quote = self.byte(at);
        let opens = self.tokens.last().is_none_or(|t| matches!(t.kind, Kind::Blank | Kind::Wide | Kind::Mark(_)));
        let inside = self.line.get(at + 1..).unwrap_or_default();
        let close = memchr::memchr(quote, inside).map(|n| at + 1 + n);
        match close {
            Some(close) if opens => self.quote(at + 1, close),
            _ => self.push(Kind::Mark(quote), at, at + 1),
        }
    }

    fn quote(&mut self, start: usize, close: usize) -> usize {
        let after = self.run(close + 1, |b| b == b' ');
        let kind = if self.byte(after) == b':' {
            Kind::Key
        } else if self.quoted_number(start, close) {
            Kind::Number
        } else {
            match self.duration(start) {
                Some(end) if end == close => Kind::Clock,
                _ => Kind::Text,
            }
        };
        match kind {
            Kind::Number => {
                self.push(Kind::Mark(b'"'), start - 1, start);
                self.push(Kind::Number, start, close);
                self.push(Kind::Mark(b'"'), close, close + 1)
            }
            _ => self.push_with(kind, start, close, close + 1),
        }
    }

    fn quoted_number(&self, start: usize, close: usize) -> bool {
        let sign = usize::from(matches!(self.byte(start), b'-' | b'+'));
        let named = self.not_a_number(start + sign).is_some_and(|(end, tail)| end == close && tail == close);
        let digits = self.byte(start + sign).is_ascii_digit() || self.byte(start + sign) == b'.';
        named || digits && close > start && self.digits(start + sign) == close
    }

    fn after_percent(&self) -> bool {
        let number = |t: &Token| t.kind == Kind::Number && self.line.get(t.end as usize) == Some(&b'%');
        self.tokens.last().is_some_and(number)
    }

    /// `|███▏     |` after a percentage.
    fn drawn(&mut self, at: usize) -> usize {
        let inside =
            self.run(at + 1, |b| b >= 0x80 || matches!(b, b' ' | b'#' | b'=' | b'>' | b'-' | b'.' | b'0'..=b'9'));
        match self.byte(inside) {
            b'|' => self.push(Kind::Bar, at, inside + 1),
            // a bar cut off by the end of the line
            b'\n' if inside > at + 1 => self.push(Kind::Bar, at, inside),
            _ => self.push(Kind::Mark(b'|'), at, at + 1),
        }
    }

    /// The end of `[====>.....]`.
    fn arrow(&self, at: usize) -> Option<usize> {
        let end = self.run(at + 1, |b| matches!(b, b'=' | b'>' | b'.' | b'-' | b'#' | b' ' | b'*'));
        let drawn = self.run(at + 1, |b| matches!(b, b'=' | b'>' | b'.' | b'-' | b'#' | b'*'));
        (self.byte(end) == b']' && end - at > 5 && (drawn > at + 1 || end - at > 9)).then_some(end + 1)
    }

    fn arrowed(&mut self, at: usize) -> usize {
        let end = self.arrow(at).unwrap_or(at + 1);
        self.push(Kind::Bar, at, end)
    }

    /// The end of a run of box-drawing and block glyphs.
    fn glyphs(&self, at: usize) -> usize {
        let mut end = at;
        while self.byte(end) == 0xE2 && matches!(self.byte(end + 1), 0x94..=0x96) {
            end += 3;
        }
        end.min(self.line.len())
    }

    fn drawing(&mut self, at: usize) -> usize {
        let end = self.glyphs(at).max(at + 1);
        self.push(Kind::Bar, at, end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(line: &str) -> Vec<(Kind, String)> {
        let mut tokens = Vec::new();
        cut(line.as_bytes(), 0, &mut tokens);
        let text =
            |t: &Token| String::from_utf8_lossy(&line.as_bytes()[t.start as usize..t.tail as usize]).into_owned();
        tokens.iter().filter(|t| !t.is_blank()).map(|t| (t.kind, text(t))).collect()
    }

    fn numbers(line: &str) -> Vec<String> {
        kinds(line).into_iter().filter(|(k, _)| *k == Kind::Number).map(|(_, t)| t).collect()
    }

    #[test]
    fn numbers_stand_alone_and_bear_their_units() {
        assert_eq!(
            numbers("step 12/300 loss=-1.5e-05, 27.34GiB(28.78%) 1.6M"),
            ["12", "300", "-1.5e-05", "27.34GiB", "28.78%", "1.6M"]
        );
        assert_eq!(
            numbers("train/total_tokens=4,194,304 step_avg:nanms a -inf b=NaN"),
            ["4,194,304", "nanms", "-inf", "NaN"]
        );
        assert_eq!(numbers("Batch [0-20]"), ["0", "20"]);
    }

    #[test]
    fn digits_inside_words_are_no_numbers() {
        for line in ["conv1_2", "top_k_accuracy_5", "BLEU-1", "ndcg@10", "mAP@.5", "s0.loss_cls", "f1"] {
            assert_eq!(numbers(line), [""; 0], "{line}");
        }
        assert_eq!(numbers("epoch001 Epoch_3 ckpt_7"), ["001", "3"]);
    }

    #[test]
    fn dates_versions_paths_and_hashes_are_junk() {
        for text in
            ["2020-06-23 12:11:11,678", "08/17 21:29:44", "1.10.0", "127.0.0.1", "/a/b/3/c.pt", "7fc372e6", "640x640"]
        {
            assert_eq!(kinds(text), [(Kind::Junk, text.to_owned())], "{text}");
        }
    }

    #[test]
    fn durations_are_one_token() {
        for text in ["0:32:48", "4h 33m 53s", "9 days, 21:39:23", "1 hour, 19 minutes and 54.41 seconds", "01:23"] {
            assert_eq!(kinds(text), [(Kind::Clock, text.to_owned())], "{text}");
        }
    }

    #[test]
    fn bars_are_drawn_in_many_ways() {
        for line in ["45%|███▏   | 12/300", "12/30 [===>......] -", "100%|###4  | 3/3", "━━━━━━━━ 3/3"]
        {
            assert!(kinds(line).iter().any(|(k, _)| *k == Kind::Bar), "{line}");
        }
    }

    #[test]
    fn the_skeleton_forgets_the_numbers_only() {
        let of = |line: &str| {
            let mut tokens = Vec::new();
            cut(line.as_bytes(), 0, &mut tokens);
            skeleton(line.as_bytes(), &tokens)
        };
        assert_eq!(of("step 1 loss 0.5"), of("step 1000 loss 1e-5"));
        assert_ne!(of("step 1 loss 0.5"), of("step 1 lost 0.5"));
        assert_ne!(of("step 1 loss 0.5ms"), of("step 1 loss 0.5s"));
    }
}
