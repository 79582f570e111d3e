//! Which rows of several lists meet: those of equal keys, the k-th of its equals in one list with the k-th in another.
//!
//! This is the join of lists that are whole: the series of a document (`read::sheet`), the files of one run
//! (`scan::together`). Values that come one by one are joined by `collect::join`, which is another thing: a run may begin
//! again between two of them, to which stretch a value belongs is known only later than the value, and nothing is sorted
//! that came in order.

use std::collections::HashMap;
use std::hash::Hash;

/// A key, and which of its equals in its list it is.
pub type Place<K> = (K, u32);

/// The place of each key of a list.
pub fn places<K: Copy + Ord + Hash>(keys: impl IntoIterator<Item = K>) -> Vec<Place<K>> {
    let mut places: Vec<Place<K>> = Vec::new();
    // How often each key was there: asked only from when on one is less than the one before it.
    let mut counts: Option<HashMap<K, u32>> = None;
    for key in keys {
        let last = places.last().copied();
        if counts.is_none() && last.is_some_and(|(last, _)| key < last) {
            counts = Some(places.iter().map(|&(key, place)| (key, place + 1)).collect());
        }
        let place = match (&mut counts, last) {
            (Some(counts), _) => {
                let count = counts.entry(key).or_default();
                *count += 1;
                *count - 1
            }
            (None, Some((last, place))) if last == key => place + 1,
            (None, _) => 0,
        };
        places.push((key, place));
    }
    places
}

/// Where a row of the whole has something from: which list, and which row of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct From {
    pub list: usize,
    pub row: usize,
}

/// The rows of all lists in the order of their places.
#[derive(Debug)]
pub struct Whole<K> {
    all: Vec<(Place<K>, From)>,
}

impl<K: Copy + Ord> Whole<K> {
    pub fn of<'l>(lists: impl IntoIterator<Item = &'l [Place<K>]>) -> Self
    where
        K: 'l,
    {
        let lists = lists.into_iter().enumerate();
        let mut all: Vec<(Place<K>, From)> = lists
            .flat_map(|(list, places)| places.iter().zip(0..).map(move |(&place, row)| (place, From { list, row })))
            .collect();
        // Lists are mostly in order: what is sorted in stretches is merged.
        all.sort();
        Whole { all }
    }

    /// Each place, with what meets there: the first lists first.
    pub fn rows(&self) -> impl Iterator<Item = (Place<K>, &[(Place<K>, From)])> {
        self.all.chunk_by(|one, other| one.0 == other.0).map(|met| (met[0].0, met))
    }
}

/// The rows of two lists that meet, in the order of their places.
pub fn pairs<K: Copy + Ord>(one: &[Place<K>], other: &[Place<K>]) -> Vec<(usize, usize)> {
    let whole = Whole::of([one, other]);
    let both = whole.rows().filter_map(|(_, met)| match met {
        [(_, mine), (_, theirs)] if mine.list < theirs.list => Some((mine.row, theirs.row)),
        _ => None,
    });
    both.collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn equal_keys_meet_in_the_order_they_come() {
        let (one, other) = (places([1, 2, 2]), places([2, 3, 2]));
        let whole = Whole::of([&one[..], &other[..]]);
        let rows: Vec<(Place<i32>, usize)> = whole.rows().map(|(place, met)| (place, met.len())).collect();

        assert_eq!(vec![((1, 0), 1), ((2, 0), 2), ((2, 1), 2), ((3, 0), 1)], rows);
        assert_eq!(vec![(1, 0), (2, 2)], pairs(&one, &other));
    }

    proptest! {
        /// Against the plain way: a map from each place.
        #[test]
        fn what_meets_is_what_a_map_says(
            lists in proptest::collection::vec((any::<bool>(), proptest::collection::vec(0i64..9, 0..20)), 0..4),
        ) {
            let sorted = |(sort, mut keys): (bool, Vec<i64>)| {
                if sort {
                    keys.sort();
                }
                keys
            };
            let lists: Vec<Vec<i64>> = lists.into_iter().map(sorted).collect();
            let mut map: BTreeMap<Place<i64>, Vec<From>> = BTreeMap::new();
            for (list, keys) in lists.iter().enumerate() {
                let mut counts = HashMap::<i64, u32>::new();
                for (row, &key) in keys.iter().enumerate() {
                    let count = counts.entry(key).or_default();
                    map.entry((key, *count)).or_default().push(From { list, row });
                    *count += 1;
                }
            }

            let all: Vec<Vec<Place<i64>>> = lists.iter().map(|keys| places(keys.iter().copied())).collect();
            let whole = Whole::of(all.iter().map(Vec::as_slice));
            let found: BTreeMap<Place<i64>, Vec<From>> =
                whole.rows().map(|(place, met)| (place, met.iter().map(|(_, from)| *from).collect())).collect();
            prop_assert_eq!(&map, &found);
            prop_assert!(whole.rows().map(|(place, _)| place).is_sorted());
            if let [one, other, ..] = &all[..] {
                let both = map.values().filter_map(|met| match met[..] {
                    [From { list: 0, row: a }, From { list: 1, row: b }, ..] => Some((a, b)),
                    _ => None,
                });
                prop_assert_eq!(both.collect::<Vec<_>>(), pairs(one, other));
            }
        }
    }
}
