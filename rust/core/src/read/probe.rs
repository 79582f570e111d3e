//! Learns a mould of a line by asking the reader that defines its meaning about altered copies of it.
//!
//! Nothing is assumed of that reader but that a line alone decides its row. A number of the line becomes a spot only
//! in the forms (`7`, `-2.5`, `1e-05`, `nan` ...) for which the reader gave the row that the mould would give; all
//! else of the line must be equal to the letter, and a stamp keeps its layout. So a mould never reads what its reader would read otherwise.

use std::sync::Arc;

use crate::number::{self, FORMS, Form};
use crate::pattern::mould::{Alike, Bank, Kind, Mould, Pool, Spot};
use crate::row::{Head, MISSING, PAD, Rows, slot_of};
use crate::time::{self, Stamp};
use crate::types::{Field, Holds, Shape};

/// Reads one line the slow way: what it gives is what the line means.
pub trait Slow {
    /// `data[start..end]` is the line, [`PAD`] bytes that end any number follow it.
    fn line(&mut self, data: &[u8], start: usize, end: usize, offset: u64, rows: &mut Rows);
}

/// Numbers in a line at most; longer ones are read the slow way.
const TOKENS: usize = 160;

/// Numbers up to this length are tried with each digit changed.
const SHORT: usize = 4;

/// A bank with the patience to fill it.
#[derive(Debug, Default)]
pub struct Learner {
    pub bank: Bank,
    pool: Pool,
    slow: u64,
    /// The count of slow lines at which to try to learn next: failures make it rarer.
    next: u64,
    rows: Rows,
}

impl Learner {
    pub fn new(pool: &Pool) -> Self {
        Learner { bank: pool.bank(), pool: pool.clone(), next: 4, ..Learner::default() }
    }

    /// One that never learns.
    pub fn never() -> Self {
        Learner { next: u64::MAX, ..Learner::default() }
    }

    /// Whether so many lines have been in vain that no mould is to be hoped for.
    pub fn is_hopeless(&self) -> bool {
        self.slow > 64 && self.bank.is_empty()
    }

    /// Reads a line the slow way, and learns from it when it is worth it.
    pub fn line(&mut self, slow: &mut impl Slow, place: (&[u8], usize, usize), offset: u64, rows: &mut Rows) {
        let (data, start, end) = place;
        let before = rows.heads.len();
        slow.line(data, start, end, offset, rows);
        if rows.heads.len() != before + 1 {
            return;
        }
        self.slow += 1;
        if self.slow >= self.next && self.bank.misses() {
            self.next = match self.learn(slow, &data[start..end]) {
                true => self.slow + 1,
                false => self.slow * 2,
            };
        }
    }

    fn learn(&mut self, slow: &mut impl Slow, line: &[u8]) -> bool {
        self.rows.clear();
        let Some((mould, shape)) = learned(slow, line, &mut self.rows) else { return false };
        let mould = Arc::new(mould);
        let shape = self.pool.keep(&mould, shape);
        self.bank.add(&mould, &shape);
        true
    }
}

fn learned(slow: &mut impl Slow, line: &[u8], rows: &mut Rows) -> Option<(Mould, Arc<Shape>)> {
    let tokens = tokens(line);
    if tokens.is_empty() || tokens.len() > TOKENS {
        return None;
    }
    let mut probe = Probe::new(slow, line, rows)?;
    let mut spots: Vec<Spot> = tokens.iter().filter_map(|token| probe.spot(line, *token)).collect();
    // Texts are kept anew for each row: every one must have its spot.
    for (slot, word) in probe.words() {
        spots.push(probe.word(line, slot, &word)?);
    }
    spots.sort_by_key(|spot| spot.start);
    let moved = spots.iter().any(|spot| spot.slot.is_some());
    let Probe { shape, base, .. } = probe;
    let (shape, base) = narrowed(&shape, base, &mut spots);
    let mould = moved.then(|| Mould::learn(line, &spots, &base)).flatten()?;
    Some((mould, shape))
}

/// A stretch of the line that may differ in others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Token {
    start: usize,
    end: usize,
    what: What,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Number,
    Stamp,
    /// A text that a slot keeps.
    Word,
}

/// Numbers and stamps that stand by themselves: `mode1` has none.
fn tokens(line: &[u8]) -> Vec<Token> {
    let mut padded = line.to_vec();
    padded.resize(line.len() + PAD, 0);
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < line.len() {
        let glued = at > 0 && (line[at - 1].is_ascii_alphanumeric() || line[at - 1] == b'_');
        let sign = matches!(line[at], b'-' | b'+') && line.get(at + 1).is_some_and(u8::is_ascii_digit);
        let word = matches!(line[at], b'n' | b'N' | b'i' | b'I');
        let begins = !glued && (line[at].is_ascii_digit() || sign || word);
        let stamp = begins.then(|| time::stamp(&padded, at)).flatten().map(|(_, end)| (end, true));
        let number = || begins.then(|| number::decimal(&padded, at)).flatten().map(|(_, end)| (end, false));
        match stamp.or_else(number).filter(|(end, _)| *end <= line.len()) {
            Some((end, stamp)) => {
                tokens.push(Token { start: at, end, what: if stamp { What::Stamp } else { What::Number } });
                at = end;
            }
            None => at += 1,
        }
    }
    tokens
}

/// One line's meaning, and how it answers to changes.
struct Probe<'a, S> {
    slow: &'a mut S,
    rows: &'a mut Rows,
    shape: Arc<Shape>,
    base: Vec<u64>,
    /// What the text slots hold.
    texts: Vec<Option<String>>,
}

/// What a change of one token did to the row.
enum Answer {
    /// Not the same kind of row any more.
    Other,
    Same,
    /// One slot changed, to this.
    Slot(usize, u64),
    /// One slot changed, to this text.
    Text(usize, String),
}

impl<'a, S: Slow> Probe<'a, S> {
    fn new(slow: &'a mut S, line: &[u8], rows: &'a mut Rows) -> Option<Self> {
        let mut probe = Probe { slow, rows, shape: placeholder(), base: Vec::new(), texts: Vec::new() };
        probe.ask(line);
        let head = *probe.rows.heads.first().filter(|_| probe.rows.heads.len() == 1)?;
        probe.shape = Arc::clone(&probe.rows.shapes[head.shape as usize]);
        probe.base = probe.rows.slots_of(&head).to_vec();
        probe.texts = probe.texts_of(&head);
        let claimed = probe.rows.seen.matched.get(probe.shape.rule as usize) == Some(&1);
        (claimed && probe.is_quiet()).then_some(probe)
    }

    fn texts_of(&self, head: &Head) -> Vec<Option<String>> {
        let text = |(field, &slot): (&Field, &u64)| {
            (field.holds == Holds::Text && slot != MISSING).then(|| self.rows.text_of(slot).into_owned())
        };
        self.shape.fields.iter().zip(self.rows.slots_of(head)).map(text).collect()
    }

    fn words(&self) -> Vec<(usize, String)> {
        self.texts.iter().enumerate().filter_map(|(slot, text)| Some((slot, text.clone()?))).collect()
    }

    fn ask(&mut self, line: &[u8]) {
        let mut padded = line.to_vec();
        padded.extend_from_slice(b"\n");
        padded.resize(line.len() + PAD, 0);
        self.rows.clear();
        self.slow.line(&padded, 0, line.len(), 0, self.rows);
    }

    /// Whether the line asked about left nothing behind but its row.
    fn is_quiet(&self) -> bool {
        let seen = &self.rows.seen;
        seen.bad.count == 0
            && seen.near.count == 0
            && seen.clipped.count == 0
            && seen.recoded == 0
            && self.rows.settings.is_empty()
            && seen.matched.iter().sum::<u64>() == 1
    }

    fn answer(&mut self, line: &[u8], token: Token, text: &[u8]) -> Answer {
        let altered = [&line[..token.start], text, &line[token.end..]].concat();
        self.ask(&altered);
        let Some(head) = self.rows.heads.first().copied().filter(|_| self.rows.heads.len() == 1) else {
            return Answer::Other;
        };
        let same = Arc::ptr_eq(&self.rows.shapes[head.shape as usize], &self.shape);
        if !same || !self.is_quiet() {
            return Answer::Other;
        }
        self.change(&head)
    }

    /// What is different in the row of the line asked about.
    fn change(&self, head: &Head) -> Answer {
        let texts = self.texts_of(head);
        let moved = |&(k, (new, old)): &(usize, (&u64, &u64))| match (&texts[k], &self.texts[k]) {
            (None, None) => new != old,
            (now, before) => now != before,
        };
        let mut changed = self.rows.slots_of(head).iter().zip(&self.base).enumerate().filter(moved);
        match (changed.next(), changed.next()) {
            (None, _) => Answer::Same,
            (Some((slot, (&new, _))), None) => match &texts[slot] {
                Some(text) => Answer::Text(slot, text.clone()),
                None => Answer::Slot(slot, new),
            },
            (Some(_), Some(_)) => Answer::Other,
        }
    }

    /// The spot of a text: the first place of the line that answers for it.
    fn word(&mut self, line: &[u8], slot: usize, word: &str) -> Option<Spot> {
        if !is_word(word.as_bytes()) {
            return None;
        }
        let places: Vec<usize> = memchr::memmem::find_iter(line, word).collect();
        places.into_iter().find_map(|start| {
            let end = start + word.len();
            let token = Token { start, end, what: What::Word };
            let until = *line.get(end).filter(|b| !b.is_ascii_alphanumeric() && !matches!(b, b'_' | b'\\'))?;
            let follows = ["zzz", "Qa_1", "warning"].iter().all(|other| {
                matches!(self.answer(line, token, other.as_bytes()), Answer::Text(at, text) if at == slot && text == *other)
            });
            follows.then_some(Spot { start, end, slot: Some(slot), kind: Kind::Text { until, fits: is_word } })
        })
    }

    /// The spot a token is, in the forms it may take; none where it must stay as it is.
    fn spot(&mut self, line: &[u8], token: Token) -> Option<Spot> {
        match token.what {
            What::Number => self.number(line, token),
            What::Stamp => self.stamp(line, token),
            What::Word => None,
        }
    }

    fn number(&mut self, line: &[u8], token: Token) -> Option<Spot> {
        let own = neighbours(&line[token.start..token.end]);
        let tried = FORMS.iter().copied().chain(own.iter().filter_map(|text| Some((Form::of(text)?, text.as_slice()))));
        let answers: Vec<(Form, &[u8], Answer)> =
            tried.map(|(form, text)| (form, text, self.answer(line, token, text))).collect();
        let slot = answers.iter().find_map(|(_, _, a)| if let Answer::Slot(slot, _) = a { Some(*slot) } else { None });
        let old = slot.map(|slot| self.base[slot]);
        let given = |answer: &Answer| match answer {
            Answer::Other | Answer::Text(..) => None,
            Answer::Same => Some(old),
            Answer::Slot(at, new) => (Some(*at) == slot).then_some(Some(*new)),
        };
        let fits = |kind: Kind, text: &[u8], answer: &Answer| match given(answer) {
            None => false,
            Some(bits) => reading(kind, text).is_some_and(|read| slot.is_none() || Some(read) == bits),
        };
        let kinds = [Kind::Number, Kind::Integer].into_iter().chain((1..=12).map(Kind::Shifted));
        let best = kinds.map(|kind| {
            let bad = |form: Form| answers.iter().any(|(f, text, answer)| *f == form && !fits(kind, text, answer));
            let forms = FORMS.iter().filter(|(form, _)| !bad(*form)).fold(0u16, |all, (form, _)| all | form.bit());
            (forms, kind)
        });
        let (forms, kind) = best.max_by_key(|(forms, kind)| (forms.count_ones(), matches!(kind, Kind::Number)))?;
        let now = Form::of(&line[token.start..token.end])?;
        (forms & now.bit() != 0).then(|| Spot { start: token.start, end: token.end, slot, kind: kind.only(forms) })
    }

    fn stamp(&mut self, line: &[u8], token: Token) -> Option<Spot> {
        let text = &line[token.start..token.end];
        let (now, _) = read_stamp(text)?;
        let altered = altered_stamps(text);
        let mut slot = None;
        for other in &altered {
            let (stamp, bits) = read_stamp(other)?;
            match self.answer(line, token, other) {
                Answer::Slot(at, new) if new == bits && slot.is_none_or(|s| s == at) => slot = Some(at),
                Answer::Same if slot.is_none() && stamp != now => {}
                Answer::Same | Answer::Slot(..) | Answer::Text(..) | Answer::Other => return None,
            }
        }
        let kind = Kind::Alike(Alike::new(text)?);
        (altered.len() > 1).then_some(Spot { start: token.start, end: token.end, slot, kind })
    }
}

/// The shape without what this line leaves out: so that lines of two rules that share an optional name, but never
/// on one line, do not seem to collide.
fn narrowed(shape: &Arc<Shape>, base: Vec<u64>, spots: &mut [Spot]) -> (Arc<Shape>, Vec<u64>) {
    let filled = |slot: usize| base[slot] != MISSING || spots.iter().any(|spot| spot.slot == Some(slot));
    let optional = |slot: usize| matches!(shape.fields[slot].holds, Holds::Metric | Holds::Text);
    let kept: Vec<usize> = (0..base.len()).filter(|&slot| !optional(slot) || filled(slot)).collect();
    if kept.len() == base.len() {
        return (Arc::clone(shape), base);
    }
    for spot in spots {
        spot.slot = spot.slot.and_then(|slot| kept.iter().position(|&k| k == slot));
    }
    let fields = kept.iter().map(|&slot| shape.fields[slot].clone()).collect();
    (Arc::new(Shape { fields, ..Shape::clone(shape) }), kept.iter().map(|&slot| base[slot]).collect())
}

/// Letters first, and none of the words that are numbers or nothing at all.
fn is_word(text: &[u8]) -> bool {
    let odd: [&[u8]; 8] = [b"nan", b"inf", b"infinity", b"none", b"null", b"na", b"true", b"false"];
    text.first().is_some_and(u8::is_ascii_alphabetic)
        && text.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_')
        && !odd.iter().any(|word| text.eq_ignore_ascii_case(word))
}

fn placeholder() -> Arc<Shape> {
    let kind = crate::types::TRAIN.into();
    Arc::new(Shape { rule: 0, kind, keep: crate::types::Keep::All, utc: false, guessed: false, fields: Vec::new() })
}

/// What a mould would make of a number.
fn reading(kind: Kind, text: &[u8]) -> Option<u64> {
    let mut padded = text.to_vec();
    padded.resize(text.len() + PAD, b' ');
    let (bits, end) = match kind {
        Kind::Integer => number::integer(&padded, 0).map(|(value, end)| (value as u64, end))?,
        Kind::Shifted(power) => {
            number::shifted(&padded, 0, power, number::Forms::ANY).map(|(value, end)| (slot_of(value), end))?
        }
        _ => number::decimal(&padded, 0).map(|(value, end)| (slot_of(value), end))?,
    };
    (end == text.len()).then_some(bits)
}

fn read_stamp(text: &[u8]) -> Option<(Stamp, u64)> {
    let mut padded = text.to_vec();
    padded.resize(text.len() + PAD, b' ');
    let (stamp, end) = time::stamp(&padded, 0)?;
    let bits = match stamp {
        Stamp::Wall { micros, .. } => micros as u64,
        Stamp::Clock { micros } => slot_of(micros as f64 / 1e6),
    };
    (end == text.len()).then_some((stamp, bits))
}

/// Numbers of one digit, and a short number with one digit changed: a pattern may single some out, as `@[15]` does.
fn neighbours(text: &[u8]) -> Vec<Vec<u8>> {
    let mut all: Vec<Vec<u8>> = (b'0'..=b'9').map(|digit| vec![digit]).collect();
    if (2..=SHORT).contains(&text.len()) {
        all.extend(exchanges(text));
    }
    all
}

/// The text with one digit changed, for each of its digits and each other one.
fn exchanges(text: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    let places = text.iter().enumerate().filter(|(_, byte)| byte.is_ascii_digit());
    places.flat_map(move |(k, byte)| {
        let others = (b'0'..=b'9').filter(move |digit| digit != byte);
        others.map(move |digit| [&text[..k], &[digit], &text[k + 1..]].concat())
    })
}

/// The stamp with one digit changed, where that leaves it a stamp.
fn altered_stamps(text: &[u8]) -> Vec<Vec<u8>> {
    exchanges(text).filter(|other| read_stamp(other).is_some()).collect()
}
