//! Proves, by automata, that a captured body takes exactly the numbers that [`number::decimal`](crate::number)
//! takes, so that one call can stand for the body.

use regex_automata::hybrid::LazyStateID;
use regex_automata::hybrid::dfa::{Cache, DFA};
use regex_automata::nfa::thompson::{self, WhichCaptures};
use regex_automata::{Anchored, Input, MatchKind};
use regex_syntax::hir::{Hir, HirKind};

use super::bytes::Bytes;

/// The spellings of decimal numbers that a body takes whole. Told of a body B: for each number T spelt so, B's
/// preferred match on T alone is all of T. If then the byte after T is none of B's, B's match is T there too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spelling {
    /// `-` and `+` before the number.
    pub minus: bool,
    pub plus: bool,
    /// `12`
    pub whole: bool,
    /// `1.5`
    pub fraction: bool,
    /// `12.`
    pub trailing_dot: bool,
    /// `.5`
    pub leading_dot: bool,
    /// Exponents behind all of these (behind `12.` only if that is taken itself): `e` and `E`.
    pub lower_exponent: bool,
    pub upper_exponent: bool,
}

/// Bodies larger than this are not numbers.
const MOST_STATES: usize = 600;

/// What `body` takes, and all bytes it may take; none if it takes no plain numbers.
pub fn spelling(body: &Hir) -> Option<(Spelling, Bytes)> {
    if let Some(alphabet) = run_of(body) {
        return Some((of_run(&alphabet)?, alphabet));
    }
    let mut alphabet = Bytes::NONE;
    collect(body, &mut alphabet)?;
    let taken = Taken::explore(body)?;
    Some((taken.spelling()?, alphabet))
}

/// The bytes of a body that is as many of them as there are: `\d+`, `[\d.]+`, `\S*`.
fn run_of(body: &Hir) -> Option<Bytes> {
    match body.kind() {
        HirKind::Repetition(run) if run.min < 2 && run.max.is_none() && run.greedy => Bytes::of_one(&run.sub),
        _ => None,
    }
}

/// What is plain of such a body: it takes the numbers that are made of its bytes.
fn of_run(bytes: &Bytes) -> Option<Spelling> {
    let has = |all: &[u8]| all.iter().all(|&b| bytes.has(b));
    has(b"0123456789").then(|| Spelling {
        minus: has(b"-"),
        plus: has(b"+"),
        whole: true,
        fraction: has(b"."),
        trailing_dot: has(b"."),
        leading_dot: has(b"."),
        lower_exponent: has(b"+-e"),
        upper_exponent: has(b"+-E"),
    })
}

/// All bytes of a body without assertions or captures; none if it has such.
fn collect(hir: &Hir, alphabet: &mut Bytes) -> Option<()> {
    match hir.kind() {
        HirKind::Empty => Some(()),
        HirKind::Literal(literal) => {
            literal.0.iter().for_each(|&b| alphabet.add(b));
            Some(())
        }
        HirKind::Class(class) => {
            *alphabet = *alphabet | Bytes::of_class(class)?;
            Some(())
        }
        HirKind::Look(_) => None,
        HirKind::Capture(capture) if capture.name.is_some() => None,
        HirKind::Capture(capture) => collect(&capture.sub, alphabet),
        HirKind::Repetition(repetition) => collect(&repetition.sub, alphabet),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => {
            parts.iter().try_for_each(|part| collect(part, alphabet))
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    None,
    Minus,
    Plus,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mantissa {
    Nothing,
    Whole,
    TrailingDot,
    Fraction,
    LoneDot,
    LeadingDot,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Exponent {
    None,
    Letter,
    Signed,
    Digits,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Letter {
    None,
    Lower,
    Upper,
}

/// A number being spelt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Spelt {
    sign: Sign,
    mantissa: Mantissa,
    letter: Letter,
    exponent: Exponent,
}

const SPELLING_BYTES: &[u8] = b"0123456789.+-eE";

impl Spelt {
    const NOTHING: Spelt =
        Spelt { sign: Sign::None, mantissa: Mantissa::Nothing, letter: Letter::None, exponent: Exponent::None };

    /// How many there are.
    const PLACES: usize = 3 * 6 * 3 * 4;

    fn place(self) -> usize {
        ((self.sign as usize * 6 + self.mantissa as usize) * 3 + self.letter as usize) * 4 + self.exponent as usize
    }

    fn next(self, byte: u8) -> Option<Spelt> {
        match self.exponent {
            Exponent::None => self.next_in_mantissa(byte),
            Exponent::Letter if matches!(byte, b'+' | b'-') => Some(Spelt { exponent: Exponent::Signed, ..self }),
            Exponent::Letter | Exponent::Signed | Exponent::Digits => {
                byte.is_ascii_digit().then_some(Spelt { exponent: Exponent::Digits, ..self })
            }
        }
    }

    fn next_in_mantissa(self, byte: u8) -> Option<Spelt> {
        use Mantissa::{Fraction, LeadingDot, LoneDot, Nothing, TrailingDot, Whole};
        let mantissa = match (self.mantissa, byte) {
            (Nothing, b'+' | b'-') if self.sign == Sign::None => {
                return Some(Spelt { sign: if byte == b'-' { Sign::Minus } else { Sign::Plus }, ..self });
            }
            (Nothing | Whole, b'0'..=b'9') => Whole,
            (Nothing, b'.') => LoneDot,
            (Whole, b'.') => TrailingDot,
            (TrailingDot | Fraction, b'0'..=b'9') => Fraction,
            (LoneDot | LeadingDot, b'0'..=b'9') => LeadingDot,
            (Whole | TrailingDot | Fraction | LeadingDot, b'e' | b'E') => {
                let letter = if byte == b'e' { Letter::Lower } else { Letter::Upper };
                return Some(Spelt { letter, exponent: Exponent::Letter, ..self });
            }
            (Nothing | Whole | TrailingDot | Fraction | LoneDot | LeadingDot, _) => return None,
        };
        Some(Spelt { mantissa, ..self })
    }

    fn is_number(self) -> bool {
        let mantissa = !matches!(self.mantissa, Mantissa::Nothing | Mantissa::LoneDot);
        mantissa && matches!(self.exponent, Exponent::None | Exponent::Digits)
    }
}

/// The kinds of numbers that a body does not take whole, a bit each.
struct Taken {
    refused: u64,
}

/// Where the walk has been: by what is spelt, the states of the body's automaton.
struct Seen {
    states: Vec<Vec<LazyStateID>>,
    count: usize,
}

impl Seen {
    fn insert(&mut self, spelt: Spelt, state: LazyStateID) -> bool {
        let states = &mut self.states[spelt.place()];
        let new = !states.contains(&state);
        if new {
            states.push(state);
            self.count += 1;
        }
        new
    }
}

impl Taken {
    /// Walks the automaton of the body and that of the numbers side by side.
    fn explore(body: &Hir) -> Option<Taken> {
        let dfa = automaton(body)?;
        let mut cache = dfa.create_cache();
        let input = Input::new(b"").anchored(Anchored::Yes);
        let start = dfa.start_state_forward(&mut cache, &input).ok()?;
        let bytes = distinct(&dfa);
        let mut seen = Seen { states: vec![Vec::new(); Spelt::PLACES], count: 0 };
        let mut open = vec![(Spelt::NOTHING, start)];
        let mut refused = 0;
        while let Some((spelt, state)) = open.pop() {
            if spelt.is_number() && !takes_all(&dfa, &mut cache, state)? {
                refused |= kind(spelt.sign, spelt.mantissa, spelt.letter);
            }
            for &byte in &bytes {
                let Some(spelt) = spelt.next(byte) else { continue };
                let state = dfa.next_state(&mut cache, state, byte).ok()?;
                if seen.insert(spelt, state) {
                    open.push((spelt, state));
                }
            }
            if seen.count > MOST_STATES {
                return None;
            }
        }
        Some(Taken { refused })
    }

    fn takes(&self, sign: Sign, mantissa: Mantissa, letter: Letter) -> bool {
        self.refused & kind(sign, mantissa, letter) == 0
    }

    fn spelling(&self) -> Option<Spelling> {
        use Mantissa::{Fraction, LeadingDot, TrailingDot, Whole};
        let bare = |mantissa| self.takes(Sign::None, mantissa, Letter::None);
        let mantissas: Vec<_> = [Whole, Fraction, TrailingDot, LeadingDot].into_iter().filter(|&m| bare(m)).collect();
        let signed = |sign| mantissas.iter().all(|&mantissa| self.takes(sign, mantissa, Letter::None));
        let (minus, plus) = (signed(Sign::Minus), signed(Sign::Plus));
        let signs = [(Sign::None, true), (Sign::Minus, minus), (Sign::Plus, plus)];
        let raised = |letter| {
            let taken = signs.iter().filter(|(_, taken)| *taken);
            taken.flat_map(|(sign, _)| mantissas.iter().map(|m| (*sign, *m))).all(|(s, m)| self.takes(s, m, letter))
        };
        (bare(Whole) || bare(Fraction)).then(|| Spelling {
            minus,
            plus,
            whole: bare(Whole),
            fraction: bare(Fraction),
            trailing_dot: bare(TrailingDot),
            leading_dot: bare(LeadingDot),
            lower_exponent: raised(Letter::Lower),
            upper_exponent: raised(Letter::Upper),
        })
    }
}

/// The bit of a kind of numbers.
fn kind(sign: Sign, mantissa: Mantissa, letter: Letter) -> u64 {
    1 << ((sign as usize * 6 + mantissa as usize) * 3 + letter as usize)
}

/// The bytes of numbers, but of the digits only those that the body tells apart.
fn distinct(dfa: &DFA) -> Vec<u8> {
    let classes = dfa.byte_classes();
    let mut bytes: Vec<u8> = Vec::new();
    for &byte in SPELLING_BYTES {
        let twin = |other: &u8| other.is_ascii_digit() && classes.get(*other) == classes.get(byte);
        if !byte.is_ascii_digit() || !bytes.iter().any(twin) {
            bytes.push(byte);
        }
    }
    bytes
}

/// Whether the body's preferred match ends exactly here, if the text does.
fn takes_all(dfa: &DFA, cache: &mut Cache, state: LazyStateID) -> Option<bool> {
    Some(dfa.next_eoi_state(cache, state).ok()?.is_match())
}

fn automaton(body: &Hir) -> Option<DFA> {
    let config = thompson::Config::new().utf8(false).which_captures(WhichCaptures::None).nfa_size_limit(Some(64 << 10));
    let nfa = thompson::Compiler::new().configure(config).build_from_hir(body).ok()?;
    let config = DFA::config().match_kind(MatchKind::LeftmostFirst).skip_cache_capacity_check(true);
    DFA::builder().configure(config).build_from_nfa(nfa).ok()
}

#[cfg(test)]
mod tests {
    use super::super::syntax::parse;
    use super::*;

    fn of(pattern: &str) -> Option<String> {
        let (s, _) = spelling(&parse(pattern).expect("valid").hir)?;
        let marks = [
            (s.minus, "-"),
            (s.plus, "+"),
            (s.whole, "1"),
            (s.fraction, "1.5"),
            (s.trailing_dot, "1."),
            (s.leading_dot, ".5"),
            (s.lower_exponent, "e"),
            (s.upper_exponent, "E"),
        ];
        Some(marks.iter().filter(|(on, _)| *on).map(|(_, mark)| *mark).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn bodies_are_known_by_what_they_take() {
        for (pattern, spelt) in [
            (r"\d+", Some("1")),
            (r"-?\d+", Some("- 1")),
            (r"[\d.]+", Some("1 1.5 1. .5")),
            (r"[-+0-9.eE]+", Some("- + 1 1.5 1. .5 e E")),
            (r"\S+", Some("- + 1 1.5 1. .5 e E")),
            (r"\d+\.\d+", Some("1.5")),
            (r"[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?", Some("- + 1 1.5 e")),
            (r"-?\d+\.\d+(?:[eE][-+]?\d+)?", Some("- 1.5 e E")),
            (r"\d{4}", None),
            (r"\d+?", None),
            (r"[a-z]+", None),
            (r"\d+\b", None),
        ] {
            assert_eq!(spelt, of(pattern).as_deref(), "{pattern}");
        }
    }

    #[test]
    fn runs_of_bytes_are_known_without_a_proof() {
        for pattern in
            [r"\d+", r"\d*", r"[\d.]+", r"[-+0-9.eE]+", r"[-\d.e+]*", r"[\d.eE-]+", r"\S+", r"[^,]*", r"[0-8.]+", r"a+"]
        {
            let hir = parse(pattern).expect("valid").hir;
            let proved = Taken::explore(&hir).and_then(|taken| taken.spelling());
            assert_eq!(proved, of_run(&run_of(&hir).expect("a run")), "{pattern}");
        }
    }

    #[test]
    fn the_shorthand_for_numbers_takes_every_spelling() {
        let number = r"(?:[-+]?(?:[0-9]+(?:,[0-9]{3})*(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?[KMBT]?|[-+]?(?:[nN]a[nN]|[iI]nf(?:inity)?|NAN|INF))";

        assert_eq!(Some("- + 1 1.5 1. .5 e E"), of(number).as_deref());
    }
}
