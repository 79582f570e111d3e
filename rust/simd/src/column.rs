//! Columns of words: memory that many of them take from the system at once, and that is written once.

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::ops::{Deref, DerefMut};
use std::ptr::NonNull;
use std::slice;
use std::sync::Arc;

use crate::memory::{HUGE, advise};

/// What columns are aligned to: a line of the processor's cache.
const LINE: usize = 64;

/// A list of words with a part of a larger piece of memory to itself; like a `Vec<u64>`, but that it can be given its
/// memory together with others, and in huge pages.
#[derive(Debug)]
pub struct Column {
    start: NonNull<u64>,
    len: usize,
    room: usize,
    /// Keeps the memory; none where there is no room.
    lot: Option<Arc<Lot>>,
}

/// The memory of some columns, given back when the last of them goes.
#[derive(Debug)]
struct Lot {
    start: NonNull<u8>,
    layout: Layout,
}

// SAFETY: the memory of a lot is only reached through its columns, each of which has a part to itself.
unsafe impl Send for Lot {}
// SAFETY: a shared lot gives no access to its memory.
unsafe impl Sync for Lot {}
// SAFETY: a column alone reaches its part, and only through the borrow rules of `&self` and `&mut self`.
unsafe impl Send for Column {}
// SAFETY: as above; a shared column is only read.
unsafe impl Sync for Column {}

impl Lot {
    /// Where a huge page would fit it begins with one: from there on all whole pages are.
    fn new(words: usize, huge: bool) -> Option<Lot> {
        let layout = Layout::array::<u64>(words).ok()?;
        let layout = layout.align_to(if huge && layout.size() >= HUGE { HUGE } else { LINE }).ok()?;
        if layout.size() == 0 {
            return None;
        }
        // SAFETY: the size is not zero.
        let start = unsafe { alloc(layout) };
        match NonNull::new(start) {
            Some(start) => Some(Lot { start, layout }),
            None => handle_alloc_error(layout),
        }
    }
}

impl Drop for Lot {
    fn drop(&mut self) {
        // SAFETY: it was allocated with this layout, and no column is left.
        unsafe { dealloc(self.start.as_ptr(), self.layout) }
    }
}

impl Default for Column {
    fn default() -> Self {
        Column { start: NonNull::dangling(), len: 0, room: 0, lot: None }
    }
}

impl Column {
    pub fn with_room(words: usize) -> Column {
        Column::of(Lot::new(words, false), words)
    }

    /// The same in huge pages, where it is so large and the system will.
    pub fn large(words: usize) -> Column {
        let lot = Lot::new(words, true);
        if let Some(lot) = &lot {
            advise(lot.start.as_ptr(), lot.layout.size());
        }
        Column::of(lot, words)
    }

    fn of(lot: Option<Lot>, room: usize) -> Column {
        match lot {
            Some(lot) => Column { start: lot.start.cast(), len: 0, room, lot: Some(Arc::new(lot)) },
            None => Column::default(),
        }
    }

    /// Takes so many words of the room of an empty column for another, or what there is.
    ///
    /// ```
    /// use fastlogs_simd::Column;
    /// let mut piece = Column::large(20);
    /// let (mut one, mut two) = (piece.carve(8), piece.carve(8));
    /// one.push(5);
    /// two.push(7);
    /// assert_eq!((&[5][..], &[7][..], 4), (&one[..], &two[..], piece.room()));
    /// ```
    pub fn carve(&mut self, words: usize) -> Column {
        if !self.is_empty() {
            return Column::default();
        }
        let room = words.min(self.room);
        let column = Column { start: self.start, len: 0, room, lot: self.lot.clone() };
        // What follows begins with a line of the processor's cache, too.
        let used = room.next_multiple_of(LINE / size_of::<u64>()).min(self.room);
        // SAFETY: the lot has `room` words from `start` on, which is not fewer than `used`.
        self.start = unsafe { self.start.add(used) };
        self.room -= used;
        column
    }

    /// Takes all memory back that was carved from it, if it is empty and none of that is in use any more.
    ///
    /// ```
    /// use fastlogs_simd::Column;
    /// let mut piece = Column::large(16);
    /// let one = piece.carve(8);
    /// piece.rewind();
    /// assert_eq!(8, piece.room());
    /// drop(one);
    /// piece.rewind();
    /// assert_eq!(16, piece.room());
    /// ```
    pub fn rewind(&mut self) {
        let empty = self.is_empty();
        if let Some(lot) = self.lot.as_mut().and_then(Arc::get_mut).filter(|_| empty) {
            (self.start, self.room) = (lot.start.cast(), lot.layout.size() / size_of::<u64>());
        }
    }

    /// How many words it can hold before it has to move.
    pub fn room(&self) -> usize {
        self.room
    }

    #[inline]
    pub fn push(&mut self, word: u64) {
        self.make_room(1);
        // SAFETY: there is room for one more.
        unsafe { self.start.add(self.len).write(word) };
        self.len += 1;
    }

    /// Appends the same word so many times.
    pub fn push_many(&mut self, word: u64, count: usize) {
        self.extend(count, std::iter::repeat_n(word, count));
    }

    /// Appends what the iterator gives, `most` words at most.
    #[inline]
    pub fn extend(&mut self, most: usize, words: impl Iterator<Item = u64>) {
        self.make_room(most);
        // SAFETY: there is room for `most` words behind the others.
        let end = unsafe { self.start.add(self.len) };
        let mut count = 0;
        for word in words.take(most) {
            // SAFETY: fewer than `most` were written yet.
            unsafe { end.add(count).write(word) };
            count += 1;
        }
        self.len += count;
    }

    #[inline]
    fn make_room(&mut self, more: usize) {
        if self.room - self.len < more {
            self.grow(more);
        }
    }

    #[cold]
    fn grow(&mut self, more: usize) {
        let room = self.len.saturating_add(more).max(self.room.saturating_mul(2)).max(8);
        let mut grown = Column::with_room(room);
        assert!(grown.room == room, "no memory for {room} words");
        // SAFETY: there is room for more than `len` words, and the two parts are not the same.
        unsafe { grown.start.copy_from_nonoverlapping(self.start, self.len) };
        grown.len = self.len;
        *self = grown;
    }
}

impl Deref for Column {
    type Target = [u64];

    fn deref(&self) -> &[u64] {
        // SAFETY: the first `len` words are written, and nobody else writes them.
        unsafe { slice::from_raw_parts(self.start.as_ptr(), self.len) }
    }
}

impl DerefMut for Column {
    fn deref_mut(&mut self) -> &mut [u64] {
        // SAFETY: as above, and the borrow is the only one.
        unsafe { slice::from_raw_parts_mut(self.start.as_ptr(), self.len) }
    }
}

/// The bytes of the words, as the machine has them.
impl AsRef<[u8]> for Column {
    fn as_ref(&self) -> &[u8] {
        // SAFETY: any word is eight bytes, all of them written.
        unsafe { slice::from_raw_parts(self.start.as_ptr().cast(), self.len * size_of::<u64>()) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What is done to a column.
    #[derive(Debug, Clone)]
    enum Deed {
        Push(u64),
        Many(u64, usize),
        Extend(Vec<u64>, usize),
    }

    fn deed() -> impl Strategy<Value = (usize, Deed)> {
        let deed = prop_oneof![
            any::<u64>().prop_map(Deed::Push),
            (any::<u64>(), 0usize..20).prop_map(|(word, count)| Deed::Many(word, count)),
            (proptest::collection::vec(any::<u64>(), 0..20), 0usize..25)
                .prop_map(|(words, most)| Deed::Extend(words, most)),
        ];
        (0usize..3, deed)
    }

    proptest! {
        #[test]
        fn columns_are_lists(room in 0usize..30, deeds in proptest::collection::vec(deed(), 0..40)) {
            let mut piece = Column::large(3 * room.next_multiple_of(8));
            let mut columns: Vec<Column> = (0..3).map(|_| piece.carve(room)).collect();
            let mut lists = vec![Vec::new(); 3];
            for (at, deed) in deeds {
                match deed {
                    Deed::Push(word) => {
                        columns[at].push(word);
                        lists[at].push(word);
                    }
                    Deed::Many(word, count) => {
                        columns[at].push_many(word, count);
                        lists[at].extend(vec![word; count]);
                    }
                    Deed::Extend(words, most) => {
                        columns[at].extend(most, words.iter().copied());
                        lists[at].extend(words.iter().copied().take(most));
                    }
                }
            }
            for (column, list) in columns.into_iter().zip(lists) {
                prop_assert_eq!(&list[..], &column[..]);
                let bytes: Vec<u8> = list.iter().flat_map(|word| word.to_ne_bytes()).collect();
                prop_assert_eq!(&bytes[..], column.as_ref());
            }
        }
    }

    #[test]
    fn a_column_outlives_its_lot() {
        let mut piece = Column::large(600_000);
        let columns = [piece.carve(200_000), piece.carve(200_000)];
        let mut last = piece.carve(600_000);
        assert_eq!((200_000, 0), (last.room(), piece.room()));
        drop((piece, columns));
        last.push_many(5, 600_001);
        assert_eq!(600_001 * 5, last.iter().sum::<u64>());
    }
}
