//! The quick way for rules whose rows are their captures and no more: slots are copied to known places.

use std::sync::Arc;

use crate::pattern::Found;
use crate::row::{MISSING, Rows};
use crate::types::{Holds, Keep, Shape};

use super::body::text_slot;
use super::context::Context;
use super::draft::{Draft, Shapes};
use super::line::Line;
use super::meaning::Meaning;
use super::rule::Rule;

/// Where the slots of a row come from.
#[derive(Debug, Clone, Copy)]
enum From {
    Capture(usize),
    Text(usize),
    Around(Holds),
}

#[derive(Debug)]
struct Layout {
    shape: Arc<Shape>,
    slots: Vec<From>,
    texts: bool,
    /// Of the shape in the rows filled last.
    ordinal: u32,
}

/// The layouts of all rules, by rule and by what stands around a line.
#[derive(Debug, Default)]
pub struct Layouts {
    known: Vec<Option<Layout>>,
}

impl Layouts {
    /// Adds the row of a line of a plain rule; false if it must be made the long way.
    #[inline]
    pub fn add(
        &mut self,
        rule: &Rule,
        whole: &Line<'_>,
        around: &Context,
        found: &Found,
        shapes: &mut Shapes,
        rows: &mut Rows,
    ) -> bool {
        let at = rule.ordinal as usize * Context::WAYS + around.way();
        if !matches!(self.known.get(at), Some(Some(_))) {
            self.learn(at, rule, around, found, shapes);
        }
        let Some(Some(layout)) = self.known.get_mut(at) else { return false };
        for _ in 0..found.bad.count_ones() {
            rows.seen.bad.note(whole.offset, whole.bytes());
        }
        if layout.texts {
            layout.add_with_texts(whole, around, found, rows);
        } else {
            let shape = rows.shape_near(&layout.shape, &mut layout.ordinal);
            let slots = rows.begin(shape, whole.offset);
            slots.iter_mut().zip(&layout.slots).for_each(|(slot, from)| *slot = from.slot(around, found));
        }
        true
    }

    #[cold]
    fn learn(&mut self, at: usize, rule: &Rule, around: &Context, found: &Found, shapes: &mut Shapes) {
        if self.known.len() <= at {
            self.known.resize_with(at + 1, || None);
        }
        self.known[at] = Layout::new(rule, around, found, shapes);
    }
}

impl Layout {
    /// None if the rule's rows hold no metric: such lines are claimed and give nothing.
    fn new(rule: &Rule, around: &Context, found: &Found, shapes: &mut Shapes) -> Option<Layout> {
        let captures = || rule.captures.iter().enumerate();
        let own = captures().filter_map(|(k, c)| match c.meaning {
            Meaning::Context(_) => Some(From::Capture(k)),
            Meaning::Metric
            | Meaning::Text
            | Meaning::Kind
            | Meaning::Pairs
            | Meaning::Payload
            | Meaning::Name
            | Meaning::Value
            | Meaning::Unit
            | Meaning::Ignored => None,
        });
        let has = |holds: Holds| rule.captures.iter().any(|c| c.meaning == Meaning::Context(holds));
        let others = around.slots().filter(|(holds, _)| !has(*holds)).map(|(holds, _)| From::Around(holds));
        let measured = captures().filter_map(|(k, c)| match c.meaning {
            Meaning::Metric => Some(From::Capture(k)),
            Meaning::Text => Some(From::Text(k)),
            Meaning::Context(_)
            | Meaning::Kind
            | Meaning::Pairs
            | Meaning::Payload
            | Meaning::Name
            | Meaning::Value
            | Meaning::Unit
            | Meaning::Ignored => None,
        });
        let slots: Vec<From> = own.chain(others).chain(measured).collect();
        // The long way says the shape, so that both ways say the same.
        let (mut draft, mut aside) = (Draft::default(), Rows::default());
        rule.begin(b"", around, found, &mut draft);
        rule.add_captures(b"", found, &mut draft, &mut aside);
        let shape = Arc::clone(shapes.of(&draft, rule.ordinal, rule.keep));
        let is_row = draft.metrics > 0 || rule.keep == Keep::Carry;
        let texts = slots.iter().any(|from| matches!(from, From::Text(_)));
        (is_row && shape.fields.len() == slots.len()).then_some(Layout { shape, slots, texts, ordinal: 0 })
    }

    fn add_with_texts(&self, whole: &Line<'_>, around: &Context, found: &Found, rows: &mut Rows) {
        let texts: Vec<u64> = self
            .slots
            .iter()
            .map(|from| match from {
                From::Text(k) => text_slot(whole.data, found, *k, rows),
                From::Capture(_) | From::Around(_) => from.slot(around, found),
            })
            .collect();
        let shape = rows.shape(&self.shape);
        rows.begin(shape, whole.offset).copy_from_slice(&texts);
    }
}

impl From {
    #[inline]
    fn slot(self, around: &Context, found: &Found) -> u64 {
        match self {
            From::Capture(k) => found.slots[k],
            From::Around(holds) => around.slot(holds),
            From::Text(_) => MISSING,
        }
    }
}
