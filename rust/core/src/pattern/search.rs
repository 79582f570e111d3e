//! Finds, in a whole block at once, the lines that hold a literal of some matcher.

mod group;
mod window;

use aho_corasick::packed;
use aho_corasick::{AhoCorasick, Input, MatchKind, Span};
use memchr::memmem;

use super::bits::Bits;
use group::{Group, Member};
use window::{Part, alone, shared};

/// At most so many searches for one byte string each; more are searched for together.
const MOST_FINDERS: usize = 3;

/// Byte strings one packed search can hold.
const PACK: usize = 64;

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

/// A search for the longest part that all members share around their window.
fn finder((mut part, mut members): Part) -> Source {
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
fn packs(mut groups: Vec<Part>) -> Vec<Source> {
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
