//! Whole numbers that order as floats do.

/// A whole number that orders as `f64::total_cmp` does.
pub(super) fn key(value: f64) -> i64 {
    turned(value.to_bits() as i64)
}

/// The value of a key.
pub(super) fn value(key: i64) -> f64 {
    f64::from_bits(turned(key) as u64)
}

/// Negative floats order backwards by their bits: all of them but the sign is turned, and turned again is as it was.
fn turned(bits: i64) -> i64 {
    bits ^ (((bits >> 63) as u64) >> 1) as i64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn keys_order_as_values_do_and_give_them_back(a in any::<f64>(), b in any::<f64>()) {
            prop_assert_eq!(key(a).cmp(&key(b)), a.total_cmp(&b));
            prop_assert_eq!(value(key(a)).to_bits(), a.to_bits());
        }
    }
}
