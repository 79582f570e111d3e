//! The number types of tensors, each as the double it stands for.

use super::vector::{LANES, Vector};

/// A number as a tensor stores it.
pub trait Element: Copy + Default + Send + Sync + 'static {
    /// Whether a float holds it.
    const NARROW: bool;

    fn wide(self) -> f64;

    /// Two numbers' difference: of floats as a float.
    #[inline(always)]
    fn less(self, other: Self) -> f64 {
        match Self::NARROW {
            true => f64::from(self.wide() as f32 - other.wide() as f32),
            false => self.wide() - other.wide(),
        }
    }

    /// Sixteen of them as floats; of wider numbers never asked.
    fn vector<V: Vector>(values: &[Self; LANES]) -> V;
}

/// IEEE half precision, by its bits.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[repr(transparent)]
pub struct Half(pub u16);

/// bfloat16, by its bits.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[repr(transparent)]
pub struct Brain(pub u16);

#[inline(always)]
pub fn half(bits: u16) -> f32 {
    let (exponent, fraction) = (u32::from(bits >> 10 & 31), u32::from(bits & 1023));
    let size = match exponent {
        0 => fraction as f32 / 16_777_216.0,
        31 if fraction == 0 => f32::INFINITY,
        31 => f32::NAN,
        _ => f32::from_bits((exponent + 112) << 23 | fraction << 13),
    };
    if bits >> 15 == 1 { -size } else { size }
}

#[inline(always)]
pub fn brain(bits: u16) -> f32 {
    f32::from_bits(u32::from(bits) << 16)
}

/// The bits of sixteen numbers of two bytes.
macro_rules! bits {
    ($values:expr) => {{
        let mut bits = [0; LANES];
        let mut at = 0;
        while at < LANES {
            bits[at] = $values[at].0;
            at += 1;
        }
        bits
    }};
}

macro_rules! element {
    ($kind:ty, $narrow:literal, $value:ident => $wide:expr, $values:ident => $vector:expr) => {
        impl Element for $kind {
            const NARROW: bool = $narrow;

            #[inline(always)]
            fn wide(self) -> f64 {
                let $value = self;
                $wide
            }

            #[inline(always)]
            fn vector<V: Vector>($values: &[Self; LANES]) -> V {
                $vector
            }
        }
    };
}

element!(f32, true, value => f64::from(value), values => V::from_f32(values));
element!(f64, false, value => value, values => V::splat(values[0] as f32));
element!(Half, true, value => f64::from(half(value.0)), values => V::from_half(&bits!(values)));
element!(Brain, true, value => f64::from(brain(value.0)), values => V::from_brain(&bits!(values)));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_what_the_standard_says() {
        for (bits, value) in [
            (0x0000, 0.0),
            (0x8000, -0.0),
            (0x0001, 2f32.powi(-24)),
            (0x03ff, 2f32.powi(-14) - 2f32.powi(-24)),
            (0x0400, 2f32.powi(-14)),
            (0x3c00, 1.0),
            (0x3555, 0.333_251_95),
            (0xc000, -2.0),
            (0x7bff, 65_504.0),
            (0x7c00, f32::INFINITY),
            (0xfc00, f32::NEG_INFINITY),
        ] {
            assert_eq!(half(bits).to_bits(), value.to_bits(), "{bits:04x}");
        }
        assert!(half(0x7c01).is_nan() && half(0xffff).is_nan());
    }

    #[test]
    fn brains_are_the_upper_half_of_a_float() {
        for bits in 0..=u16::MAX {
            let value = f32::from_bits(u32::from(bits) << 16);
            assert!(brain(bits) == value || value.is_nan());
        }
    }
}
