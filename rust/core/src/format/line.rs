//! A line being read.

/// `data[start..end]` of a block; its first byte is at `offset` of the source.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a> {
    pub data: &'a [u8],
    pub start: usize,
    pub end: usize,
    pub offset: u64,
    /// The source ends in it, without a line end: it may be cut.
    pub open: bool,
}

impl<'a> Line<'a> {
    pub fn bytes(&self) -> &'a [u8] {
        self.data.get(self.start..self.end).unwrap_or_default()
    }

    /// Whether what ends at `at` may go on where the source does not: only more of a number stands after it.
    pub fn may_be_cut(&self, at: usize) -> bool {
        let rest = self.data.get(at..self.end).unwrap_or_default();
        self.open && rest.iter().all(|b| matches!(b, b'0'..=b'9' | b'.' | b',' | b':' | b'+' | b'-' | b'e' | b'E'))
    }
}
