//! The order people expect files in.

use std::cmp::Ordering;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// Numbers by their value, all else by its bytes, folder by folder: `run_2/x` before `run_10/a`.
///
/// ```
/// use std::{cmp::Ordering, path::Path};
/// use fastlogs_core::source::natural;
/// assert_eq!(Ordering::Less, natural(Path::new("run_2.log"), Path::new("run_10.log")));
/// ```
pub fn natural(a: &Path, b: &Path) -> Ordering {
    let names = |path| Path::components(path).map(|c| c.as_os_str().as_bytes());
    let (mut left, mut right) = (names(a), names(b));
    loop {
        match (left.next(), right.next()) {
            (None, None) => return a.cmp(b),
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(x), Some(y)) => match natural_name(x, y) {
                Ordering::Equal => {}
                unequal => return unequal,
            },
        }
    }
}

/// The same of two names.
pub fn natural_name(mut a: &[u8], mut b: &[u8]) -> Ordering {
    loop {
        let (x, y) = match (a.first(), b.first()) {
            (Some(x), Some(y)) => (x, y),
            (left, right) => return left.cmp(&right),
        };
        if x.is_ascii_digit() && y.is_ascii_digit() {
            let ((n, after_n), (m, after_m)) = (number(a), number(b));
            match n.len().cmp(&m.len()).then(n.cmp(m)) {
                Ordering::Equal => (a, b) = (after_n, after_m),
                unequal => return unequal,
            }
        } else if x == y {
            (a, b) = (&a[1..], &b[1..]);
        } else {
            return x.cmp(y);
        }
    }
}

/// The digits a name begins with, without leading zeros, and what follows them.
fn number(name: &[u8]) -> (&[u8], &[u8]) {
    let (digits, rest) = name.split_at(name.iter().take_while(|b| b.is_ascii_digit()).count());
    let zeros = digits.iter().take_while(|&&b| b == b'0').count();
    (&digits[zeros..], rest)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_count_wherever_they_stand() {
        let sorted = ["a", "a/b", "a-1/x", "a1", "a01b", "a1b", "a2", "a10/1", "a10/02", "a99999999999999999999", "b"];
        let mut names = sorted.map(Path::new);
        names.reverse();
        names.sort_by(|a, b| natural(a, b));

        assert_eq!(sorted.map(Path::new), names);
    }

    proptest! {
        #[test]
        fn it_is_an_order(names in proptest::collection::vec("[a0-2/]{0,6}", 3)) {
            let order = |i: usize, k: usize| natural(Path::new(&names[i]), Path::new(&names[k]));
            prop_assert_eq!(order(0, 1), order(1, 0).reverse());
            if order(0, 1) == Ordering::Less && order(1, 2) == Ordering::Less {
                prop_assert_eq!(Ordering::Less, order(0, 2));
            }
        }
    }
}
