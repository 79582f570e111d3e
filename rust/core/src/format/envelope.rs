//! What loggers and launchers put in front of a line, taken off before rules see it.

use crate::pattern::{Cache, Found, Matcher};
use crate::row::{MISSING, slot_of};
use crate::types::Holds;

use super::context::Context;
use super::first::{Bytes, first_bytes};
use super::meaning::{Meaning, of_capture, wants};
use super::shorthand::expand;
use super::spec::EnvelopeSpec;

/// How many envelopes a line may be in.
pub const DEEPEST: usize = 6;

/// One kind of envelope, compiled.
#[derive(Debug)]
pub struct Envelope {
    pub name: String,
    matcher: Matcher,
    first: Bytes,
    meanings: Vec<Meaning>,
}

impl Envelope {
    /// Compiles an envelope; the error says why it can't be.
    pub fn new(spec: &EnvelopeSpec) -> Result<Envelope, String> {
        let expanded = expand(&spec.regex.text)?;
        let read = |name: &str| expanded.captures.iter().find(|c| c.name == name).map(|c| c.read);
        let meaning = |name: &str| of_capture(name, read(name));
        let matcher = Matcher::new(&expanded.regex, |name| wants(meaning(name))).map_err(|e| e.to_string())?;
        if !expanded.regex.starts_with('^') {
            return Err("an envelope stands at the beginning: start its regex with ^".to_owned());
        }
        let meanings = matcher.captures().iter().map(|c| meaning(&c.name)).collect();
        Ok(Envelope { name: spec.name.text.clone(), first: first_bytes(matcher.tree()), matcher, meanings })
    }

    /// Takes the envelope off `data[start..end]`: gives where the rest begins.
    #[inline]
    pub fn peel(
        &self,
        data: &[u8],
        (start, end): (usize, usize),
        (cache, found): (&mut Cache, &mut Found),
        context: &mut Context,
    ) -> Option<usize> {
        let &byte = data.get(start)?;
        if !self.first.has(byte) || !self.matcher.read(data, start, end, cache, found) || found.end == start {
            return None;
        }
        for (k, meaning) in self.meanings.iter().enumerate() {
            if found.slots[k] != MISSING {
                tell(context, *meaning, found, k);
            }
        }
        Some(found.end)
    }
}

/// The inner envelope is nearer to the program, so what it says counts.
fn tell(context: &mut Context, meaning: Meaning, found: &Found, k: usize) {
    let slot = found.slots[k];
    match meaning {
        Meaning::Context(Holds::WallTime) if found.clock >> k & 1 == 1 => {
            context.elapsed = slot_of(slot as i64 as f64 / 1e6);
        }
        Meaning::Context(Holds::WallTime) => {
            context.wall_time = slot;
            context.utc = found.utc >> k & 1 == 1;
        }
        Meaning::Context(Holds::Elapsed) => context.elapsed = slot,
        Meaning::Context(Holds::Rank) => context.rank = slot,
        Meaning::Context(
            Holds::Step | Holds::Epoch | Holds::Epochs | Holds::Batch | Holds::Batches | Holds::Metric | Holds::Text,
        )
        | Meaning::Metric
        | Meaning::Text
        | Meaning::Kind
        | Meaning::Pairs
        | Meaning::Payload
        | Meaning::Name
        | Meaning::Value
        | Meaning::Unit
        | Meaning::Ignored => {}
    }
}

/// All kinds of envelope, in the order in which they are tried.
#[derive(Debug, Default)]
pub struct Envelopes {
    list: Vec<Envelope>,
    /// By first byte, so that most lines are refused by one look.
    by_byte: Vec<Vec<u16>>,
}

impl Envelopes {
    pub fn new(list: Vec<Envelope>) -> Envelopes {
        let of = |byte: u8| (0u16..).zip(&list).filter(|(_, e)| e.first.has(byte)).map(|(k, _)| k).collect();
        Envelopes { by_byte: (0..=u8::MAX).map(of).collect(), list }
    }

    pub fn list(&self) -> &[Envelope] {
        &self.list
    }

    /// Takes the outermost envelope off the line: gives where the rest begins.
    pub fn peel(
        &self,
        data: &[u8],
        (start, end): (usize, usize),
        (cache, found): (&mut Cache, &mut Found),
        context: &mut Context,
    ) -> Option<usize> {
        let byte = *data.get(start..end)?.first()?;
        let few = self.by_byte.get(usize::from(byte))?;
        few.iter().find_map(|&k| self.list[usize::from(k)].peel(data, (start, end), (cache, found), context))
    }
}
