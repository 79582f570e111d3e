//! Finds, in a whole block at once, the lines that hold a literal of some matcher.

use aho_corasick::packed;
use aho_corasick::{AhoCorasick, Input, MatchKind, Span};
use memchr::memmem;

use super::analyse::rarity;

/// At most so many searches for one byte string each; more are searched for together.
const MOST_FINDERS: usize = 3;

/// Byte strings one packed search can hold.
const PACK: usize = 64;

/// Bytes of a literal that a packed search looks at.
const WINDOW: usize = 4;

/// A window at least so rare may stand for several literals.
const RARE: u32 = 13;

/// A literal and the matcher that needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Member {
    literal: Vec<u8>,
    matcher: usize,
    /// Where in the literal the common part stands.
    offset: usize,
}

/// Literals with a part in common, which is what is searched for.
#[derive(Debug)]
struct Group {
    members: Vec<Member>,
    /// Two places, counted from the part found, by whose bytes most members can be ruled out.
    places: [isize; 2],
    /// By byte at each place: which members may be there, 64 members a word.
    masks: [Vec<[u64; 256]>; 2],
}

/// What searches a block for the parts of some groups.
#[derive(Debug)]
enum Engine {
    One(memmem::Finder<'static>),
    Packed(packed::Searcher),
    Automaton(AhoCorasick),
}

#[derive(Debug)]
struct Source {
    engine: Engine,
    groups: Vec<Group>,
    /// The lowest matcher that it can speak for.
    lowest: usize,
}

/// All literals of a set.
#[derive(Debug, Default)]
pub struct Search {
    sources: Vec<Source>,
}

/// The next hit of each source; searched anew when passed by.
#[derive(Debug, Default, Clone)]
pub struct Cursors(Vec<Cursor>);

#[derive(Debug, Clone, Copy)]
struct Cursor {
    /// No hit stands between where was searched from last and this; none if nothing was searched yet.
    next: Option<Hit>,
    /// The first hit behind a line whose hits are known, and the end of that line.
    beyond: Hit,
    end: usize,
}

/// Where a part of some group stands; [`EXHAUSTED`] when there is none any more.
#[derive(Debug, Clone, Copy)]
struct Hit {
    at: usize,
    group: usize,
}

const EXHAUSTED: usize = usize::MAX;

/// Matchers, one bit each.
#[derive(Debug, Default, Clone)]
pub struct Bits(Vec<u64>);

impl Bits {
    pub fn clear(&mut self, matchers: usize) {
        self.0.clear();
        self.0.resize(matchers.div_ceil(64), 0);
    }

    pub fn add(&mut self, matcher: usize) {
        self.0[matcher / 64] |= 1 << (matcher % 64);
    }

    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|&word| word == 0)
    }

    pub fn join(&mut self, other: &Bits) {
        self.0.iter_mut().zip(&other.0).for_each(|(word, more)| *word |= more);
    }

    /// The matchers in order.
    pub fn iter(&self) -> impl Iterator<Item = usize> {
        self.0.iter().enumerate().flat_map(|(at, &word)| {
            std::iter::successors(Some(word).filter(|&w| w != 0), |w| Some(w & (w - 1)).filter(|&w| w != 0))
                .map(move |word| 64 * at + word.trailing_zeros() as usize)
        })
    }
}

impl Search {
    /// `literals` with the matchers they belong to.
    pub fn new(literals: &[(Vec<u8>, usize)]) -> Search {
        let groups = match literals.len() {
            0 => return Search::default(),
            1..=MOST_FINDERS => literals.iter().map(|(literal, matcher)| alone(literal, *matcher)).collect(),
            _ => shared(literals),
        };
        match groups.len() {
            0..=MOST_FINDERS => Search { sources: groups.into_iter().map(finder).collect() },
            _ => Search { sources: packs(groups) },
        }
    }

    pub fn restart(&self, cursors: &mut Cursors) {
        cursors.0.clear();
        let unknown = Cursor { next: None, beyond: Hit { at: 0, group: 0 }, end: EXHAUSTED };
        cursors.0.resize(self.sources.len(), unknown);
    }

    /// The next place at or behind `from` where a literal surely stands.
    pub fn next(&self, data: &[u8], from: usize, cursors: &mut Cursors) -> Option<usize> {
        loop {
            let hits = self.sources.iter().zip(&mut cursors.0).map(|(source, cursor)| source.at(data, from, cursor));
            let (source, hit) =
                hits.enumerate().min_by_key(|(_, hit)| hit.at).filter(|(_, hit)| hit.at != EXHAUSTED)?;
            if self.sources[source].groups[hit.group].holds_any(data, hit.at, from) {
                return Some(hit.at);
            }
            cursors.0[source].next = Some(self.sources[source].find(data, hit.at + 1));
        }
    }

    /// Adds every matcher below `limit` one of whose literals stands in the line.
    pub fn collect(
        &self,
        data: &[u8],
        (start, end): (usize, usize),
        limit: usize,
        cursors: &mut Cursors,
        bits: &mut Bits,
    ) {
        for (source, cursor) in self.sources.iter().zip(&mut cursors.0).filter(|(source, _)| source.lowest < limit) {
            let mut hit = source.at(data, start, cursor);
            while hit.at < end {
                source.groups[hit.group].each(data, hit.at, start, |member| {
                    // A literal holds no line end, so it can't reach beyond the line of its hit.
                    if member.matcher < limit {
                        bits.add(member.matcher);
                    }
                });
                hit = source.find(data, hit.at + 1);
            }
            (cursor.beyond, cursor.end) = (hit, end);
        }
    }
}

impl Source {
    /// The next hit at or behind `from`.
    #[inline]
    fn at(&self, data: &[u8], from: usize, cursor: &mut Cursor) -> Hit {
        match cursor.next {
            Some(hit) if hit.at >= from => hit,
            Some(_) | None => {
                let known = from >= cursor.end && cursor.beyond.at >= from;
                let hit = if known { cursor.beyond } else { self.find(data, from) };
                cursor.next = Some(hit);
                hit
            }
        }
    }

    /// The next hit and its group. All parts of a source are of one length, so that from each place on there is
    /// one hit at most and none hides another.
    fn find(&self, data: &[u8], from: usize) -> Hit {
        let found = match &self.engine {
            Engine::One(finder) => data.get(from..).and_then(|rest| finder.find(rest)).map(|at| (from + at, 0)),
            Engine::Packed(searcher) => {
                let span = Span { start: from.min(data.len()), end: data.len() };
                searcher.find_in(data, span).map(|found| (found.start(), found.pattern().as_usize()))
            }
            Engine::Automaton(automaton) => {
                let input = Input::new(data).range(from.min(data.len())..);
                automaton.find(input).map(|found| (found.start(), found.pattern().as_usize()))
            }
        };
        found.map_or(Hit { at: EXHAUSTED, group: 0 }, |(at, group)| Hit { at, group })
    }
}

impl Group {
    fn new(members: Vec<Member>) -> Group {
        let first = places(&members).min_by_key(|&place| spread(&members, &[place])).unwrap_or(0);
        let second = places(&members).min_by_key(|&place| spread(&members, &[first, place])).unwrap_or(0);
        let places = [first, second];
        let masks = places.map(|place| masks(&members, place));
        Group { members, places, masks }
    }

    fn holds_any(&self, data: &[u8], at: usize, start: usize) -> bool {
        let mut any = false;
        self.each(data, at, start, |_| any = true);
        any
    }

    /// The members whose literals stand around the part found at `at`, none of them beginning before `start`.
    fn each(&self, data: &[u8], at: usize, start: usize, mut act: impl FnMut(&Member)) {
        for word in 0..self.masks[0].len() {
            let mask = |k: usize| match at.checked_add_signed(self.places[k]).and_then(|at| data.get(at)) {
                Some(&b) => self.masks[k][word][usize::from(b)],
                None => u64::MAX,
            };
            let mut left = mask(0) & mask(1);
            while left != 0 {
                let index = 64 * word + left.trailing_zeros() as usize;
                left &= left - 1;
                if let Some(member) = self.members.get(index).filter(|member| member.stands(data, at, start)) {
                    act(member);
                }
            }
        }
    }
}

impl Member {
    fn stands(&self, data: &[u8], at: usize, start: usize) -> bool {
        let Some(from) = at.checked_sub(self.offset).filter(|&from| from >= start) else { return false };
        data.get(from..from + self.literal.len()).is_some_and(|text| text == self.literal)
    }

    /// The byte at a place counted from the common part, where the literal reaches so far.
    fn byte(&self, place: isize) -> Option<u8> {
        self.literal.get(self.offset.checked_add_signed(place)?).copied()
    }
}

/// All places that some member reaches.
fn places(members: &[Member]) -> impl Iterator<Item = isize> {
    let before = members.iter().map(|member| member.offset as isize).max().unwrap_or(0);
    let behind = members.iter().map(|member| (member.literal.len() - member.offset) as isize).max().unwrap_or(1);
    -before..behind.max(1)
}

/// How many pairs of members the bytes at these places leave undistinguished.
fn spread(members: &[Member], at: &[isize]) -> usize {
    let key = |member: &Member| -> Vec<Option<u8>> { at.iter().map(|&place| member.byte(place)).collect() };
    let mut keys: Vec<_> = members.iter().map(key).collect();
    keys.sort();
    let alike: usize = keys.chunk_by(|a, b| a == b).map(|run| run.len() * run.len()).sum();
    // A member that does not reach a place can't be told from any.
    let short = keys.iter().filter(|key| key.contains(&None)).count();
    alike + short * members.len()
}

fn masks(members: &[Member], place: isize) -> Vec<[u64; 256]> {
    let mut masks = vec![[0; 256]; members.len().div_ceil(64)];
    for (at, member) in members.iter().enumerate() {
        let bit = 1 << (at % 64);
        match member.byte(place) {
            Some(b) => masks[at / 64][usize::from(b)] |= bit,
            None => masks[at / 64].iter_mut().for_each(|mask| *mask |= bit),
        }
    }
    masks
}

/// A group of one, with the whole literal as its part.
fn alone(literal: &[u8], matcher: usize) -> (Vec<u8>, Vec<Member>) {
    (literal.to_vec(), vec![Member { literal: literal.to_vec(), matcher, offset: 0 }])
}

/// Few short windows that together stand in all literals: the one most literals share first, else each its rarest.
fn shared(literals: &[(Vec<u8>, usize)]) -> Vec<(Vec<u8>, Vec<Member>)> {
    let mut left: Vec<&(Vec<u8>, usize)> = literals.iter().collect();
    let mut groups = Vec::new();
    while let Some((literal, _)) = left.first() {
        let width = literal.len().min(WINDOW);
        let window = common_window(&left).unwrap_or_else(|| rarest_window(literal, width).to_vec());
        let offset = |literal: &[u8]| memmem::find(literal, &window);
        let (these, others): (Vec<_>, Vec<_>) = left.into_iter().partition(|(literal, _)| offset(literal).is_some());
        let member = |(literal, matcher): &(Vec<u8>, usize)| Member {
            literal: literal.clone(),
            matcher: *matcher,
            offset: offset(literal).unwrap_or(0),
        };
        let members = these.into_iter().map(member).collect();
        groups.push((window, members));
        left = others;
    }
    groups
}

/// The window that most of the literals share, two at least; the rarest of several.
fn common_window(literals: &[&(Vec<u8>, usize)]) -> Option<Vec<u8>> {
    let mut all: Vec<&[u8]> = Vec::new();
    for (literal, _) in literals {
        let mut windows: Vec<&[u8]> = literal.windows(WINDOW).collect();
        windows.sort();
        windows.dedup();
        all.extend(windows);
    }
    all.sort();
    let runs = all.chunk_by(|a, b| a == b).filter(|run| run.len() > 1 && rareness(run[0]) >= RARE);
    runs.max_by_key(|run| (run.len(), rareness(run[0]))).map(|run| run[0].to_vec())
}

fn rarest_window(literal: &[u8], width: usize) -> &[u8] {
    literal.windows(width.max(1)).max_by_key(|window| rareness(window)).unwrap_or(literal)
}

fn rareness(window: &[u8]) -> u32 {
    window.iter().map(|&b| rarity(b)).sum()
}

/// A search for the longest part that all members share around their window.
fn finder((mut part, mut members): (Vec<u8>, Vec<Member>)) -> Source {
    let at = |members: &[Member], place: isize| {
        let first = members.first().and_then(|member| member.byte(place))?;
        members.iter().all(|member| member.byte(place) == Some(first)).then_some(first)
    };
    while let Some(b) = at(&members, part.len() as isize) {
        part.push(b);
    }
    while let Some(b) = at(&members, -1) {
        part.insert(0, b);
        members.iter_mut().for_each(|member| member.offset -= 1);
    }
    source(Engine::One(memmem::Finder::new(&part).into_owned()), vec![Group::new(members)])
}

/// Searches for many windows at once, each for windows of one width.
fn packs(mut groups: Vec<(Vec<u8>, Vec<Member>)>) -> Vec<Source> {
    groups.sort_by_key(|(window, _)| window.len());
    let mut sources = Vec::new();
    for alike in groups.chunk_by(|a, b| a.0.len() == b.0.len()) {
        let chunks = alike.len().div_ceil(PACK);
        for chunk in alike.chunks(alike.len().div_ceil(chunks)) {
            let windows: Vec<&[u8]> = chunk.iter().map(|(window, _)| window.as_slice()).collect();
            sources.extend(
                engine(&windows).map(|engine| {
                    source(engine, chunk.iter().map(|(_, members)| Group::new(members.clone())).collect())
                }),
            );
        }
    }
    sources
}

fn engine(windows: &[&[u8]]) -> Option<Engine> {
    let packed = packed::Config::new().builder().extend(windows).build();
    let automaton = || AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(windows).ok();
    packed.map(Engine::Packed).or_else(|| automaton().map(Engine::Automaton))
}

fn source(engine: Engine, groups: Vec<Group>) -> Source {
    let lowest = groups.iter().flat_map(|group| &group.members).map(|member| member.matcher).min().unwrap_or(0);
    Source { engine, groups, lowest }
}
