//! Captures: numbers are read at once where that is proved right.

use std::sync::Arc;

use regex_syntax::hir::{Capture as Group, Hir};

use super::super::Wants;
use super::super::bytes::Bytes;
use super::super::proof::{Spelling, spelling};
use super::super::template::{Number, Op, Reading};
use super::{Fit, Follow, Unfit, Writer};

impl Writer<'_> {
    pub(super) fn group(&mut self, group: &Group, follow: Follow<'_>) -> Fit {
        let Some(at) = self.groups.iter().position(|&g| g == group.index as usize) else {
            return self.emit(&group.sub, follow);
        };
        let number = self.number(at, &group.sub, follow)?;
        self.general(at, &group.sub, follow)?;
        let here = self.here();
        if let Some(Op::Number(number)) = number.and_then(|at| self.ops.get_mut(at)) {
            number.after = here;
        }
        Ok(())
    }

    /// A capture by general steps.
    fn general(&mut self, at: usize, body: &Hir, follow: Follow<'_>) -> Fit {
        let late = !matches!(self.captures[at].wants, Wants::Text | Wants::Skip);
        let capture = at as u8;
        let before = self.ops.len();
        self.push(Op::Open(capture))?;
        self.emit(body, follow)?;
        if let [Op::Run { class, min, max }] = &self.ops[before + 1..] {
            let taken = Op::Taken { capture, late, class: Arc::clone(class), min: *min, max: *max };
            self.ops.truncate(before);
            return self.push(taken);
        }
        self.push(Op::Close { capture, late })
    }

    /// The step that reads a number at once, if that is proved right for this body and what follows it.
    fn number(&mut self, at: usize, body: &Hir, follow: Follow<'_>) -> Result<Option<usize>, Unfit> {
        if !wants_number(self.captures[at].wants) {
            return Ok(None);
        }
        let proved = spelling(body).filter(|(_, alphabet)| follow.head.stops(alphabet));
        let Some(number) = proved.and_then(|(spelt, alphabet)| number(at, self.captures[at].wants, spelt, &alphabet))
        else {
            return Ok(None);
        };
        self.push(Op::Number(Box::new(number)))?;
        Ok(Some(self.ops.len() - 1))
    }
}

fn wants_number(wants: Wants) -> bool {
    match wants {
        Wants::Number | Wants::Int | Wants::Skip => true,
        Wants::Text | Wants::Stamp | Wants::Quantity => false,
    }
}

fn number(at: usize, wants: Wants, spelt: Spelling, alphabet: &Bytes) -> Option<Number> {
    let reading = match wants {
        Wants::Int => Reading::Int,
        Wants::Skip if spelt.fraction => Reading::Skip,
        Wants::Number if spelt.fraction => Reading::Decimal,
        Wants::Number => Reading::Whole,
        Wants::Skip | Wants::Text | Wants::Stamp | Wants::Quantity => return None,
    };
    let integral = matches!(reading, Reading::Int | Reading::Whole);
    if integral && !spelt.whole {
        return None;
    }
    let mut first = Bytes::of(b"0123456789");
    let signs = [(spelt.minus, b'-'), (spelt.plus, b'+'), (spelt.leading_dot && !integral, b'.')];
    signs.iter().filter(|(on, _)| *on).for_each(|&(_, b)| first.add(b));
    Some(Number {
        capture: at as u8,
        reading,
        first: *first.table(),
        alphabet: *alphabet.table(),
        no_lower: !spelt.lower_exponent,
        no_upper: !spelt.upper_exponent,
        no_leading_dot: !spelt.leading_dot,
        no_trailing_dot: !spelt.trailing_dot,
        needs_dot: !spelt.whole,
        dots_matter: !spelt.leading_dot || !spelt.trailing_dot || !spelt.whole,
        after: 0,
    })
}
