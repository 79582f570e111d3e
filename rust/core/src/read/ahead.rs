//! What is read of a source while it is found out how to read it, so that a small one is read once.

use crate::lines::lines;
use crate::read::mixed::{Stretch, claimed, without};
use crate::row::{Block, Marks, PAD, Plan, Rows};

/// The rows of a text as one plan gives them, and what the plan leaves. It keeps its memory for the next source.
#[derive(Debug, Default)]
pub struct Ahead {
    /// With padding.
    text: Vec<u8>,
    rows: Rows,
    /// What no row and no setting is made of.
    left: Vec<Stretch>,
    /// The plan is the one chosen.
    holds: bool,
}

impl Ahead {
    /// Reads a text as if it were the first block of a source.
    pub fn read(&mut self, plan: &dyn Plan, text: &[u8]) {
        self.forget();
        self.text.clear();
        self.text.extend_from_slice(text);
        self.text.resize(text.len() + PAD, 0);
        self.rows.clear();
        self.rows.marks = Some(Marks::default());
        let block = Block { data: &self.text, len: text.len(), offset: 0 };
        plan.reader().read(block, &mut self.rows);
        self.left = without(&block, &[(0, text.len())], &claimed(&self.rows));
        self.holds = true;
    }

    /// The lines that the plan leaves.
    pub fn left(&self) -> Vec<u8> {
        self.left.iter().flat_map(|&(start, end)| &self.text[start..end]).copied().collect()
    }

    /// Whether the plan leaves no line but blank ones.
    pub fn takes_all(&self) -> bool {
        let blank = |&(start, end): &Stretch| {
            let block = Block { data: &self.text[start..], len: end - start, offset: 0 };
            lines(block).all(|line| line.bytes().trim_ascii().is_empty())
        };
        self.holds && self.left.iter().all(blank)
    }

    /// Another plan was chosen, or another text is to be read.
    pub fn forget(&mut self) {
        self.holds = false;
    }

    /// The rows of a block, if it is the text that was read; once.
    pub fn give(&mut self, block: &Block<'_>, rows: &mut Rows) -> bool {
        let known = std::mem::take(&mut self.holds);
        let same = known && block.offset == 0 && self.text.strip_suffix(&[0; PAD]) == Some(block.bytes());
        if same {
            std::mem::swap(rows, &mut self.rows);
            rows.marks = None;
        }
        same
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::builtin;
    use crate::read::show::{listing, read_whole};
    use crate::read::text::TextPlan;
    use crate::read::text::TextReader;

    const LOG: &[u8] = b"step 1 | Tokens: none\n\nConfig: dim=4\n[Validation] Loss: 2.5, PPL: 12.2\nnothing\n";

    #[test]
    fn what_was_read_ahead_is_what_is_read() {
        let format = builtin::format("atlas_mag").expect("a format");
        let plan = TextPlan::new(format.clone(), LOG);
        let mut ahead = Ahead::default();
        ahead.read(&plan, LOG);

        assert!(!ahead.takes_all());
        assert_eq!(b"step 1 | Tokens: none\n\nnothing\n", &ahead.left()[..]);
        let padded = [LOG, &[0; PAD]].concat();
        let mut rows = Rows::default();
        assert!(ahead.give(&Block { data: &padded, len: LOG.len(), offset: 0 }, &mut rows));
        let other = read_whole(&mut TextReader::new(format.clone()), LOG);
        assert_eq!((listing(&other), &other.seen, &other.settings), (listing(&rows), &rows.seen, &rows.settings));
        assert!(!ahead.give(&Block { data: &padded, len: LOG.len(), offset: 0 }, &mut rows), "it is given once");
    }

    #[test]
    fn another_block_is_not_what_was_read() {
        let plan = TextPlan::new(builtin::format("atlas_mag").expect("a format").clone(), LOG);
        let padded = [LOG, &[0; PAD]].concat();
        for (len, offset) in [(LOG.len() - 1, 0), (LOG.len(), 1)] {
            let mut ahead = Ahead::default();
            ahead.read(&plan, LOG);
            assert!(!ahead.give(&Block { data: &padded, len, offset }, &mut Rows::default()));
        }
    }
}
