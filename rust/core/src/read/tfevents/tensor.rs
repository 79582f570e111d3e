//! The one number, or the text, that a tensor of an event file holds.

use crate::read::wire::proto::{Fields, Value, varint};

/// Types of elements, by their numbers in the format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Element {
    F32,
    F64,
    I32,
    U8,
    I16,
    I8,
    Text,
    I64,
    Bool,
    Bf16,
    F16,
    U32,
    U64,
}

impl Element {
    fn of(number: u64) -> Option<Element> {
        Some(match number {
            1 => Element::F32,
            2 => Element::F64,
            3 => Element::I32,
            4 => Element::U8,
            5 => Element::I16,
            6 => Element::I8,
            7 => Element::Text,
            9 => Element::I64,
            10 => Element::Bool,
            14 => Element::Bf16,
            17 => Element::I16,
            19 => Element::F16,
            22 => Element::U32,
            23 => Element::U64,
            _ => return None,
        })
    }

    /// The field that holds such elements one by one.
    fn field(self) -> u32 {
        match self {
            Element::F32 => 5,
            Element::F64 => 6,
            Element::I32 | Element::U8 | Element::I16 | Element::I8 => 7,
            Element::Text => 8,
            Element::I64 => 10,
            Element::Bool => 11,
            Element::Bf16 | Element::F16 => 13,
            Element::U32 => 16,
            Element::U64 => 17,
        }
    }

    /// An element as it lies in memory, lowest byte first.
    fn of_memory(self, bytes: &[u8]) -> Option<f64> {
        fn exactly<const N: usize>(bytes: &[u8]) -> Option<[u8; N]> {
            bytes.try_into().ok()
        }
        Some(match self {
            Element::F32 => f64::from(f32::from_le_bytes(exactly(bytes)?)),
            Element::F64 => f64::from_le_bytes(exactly(bytes)?),
            Element::I32 => f64::from(i32::from_le_bytes(exactly(bytes)?)),
            Element::U8 => f64::from(u8::from_le_bytes(exactly(bytes)?)),
            Element::I16 => f64::from(i16::from_le_bytes(exactly(bytes)?)),
            Element::I8 => f64::from(i8::from_le_bytes(exactly(bytes)?)),
            Element::I64 => i64::from_le_bytes(exactly(bytes)?) as f64,
            Element::Bool => f64::from(u8::from(exactly::<1>(bytes)? != [0])),
            Element::Bf16 => bf16(u16::from_le_bytes(exactly(bytes)?)),
            Element::F16 => f16(u16::from_le_bytes(exactly(bytes)?)),
            Element::U32 => f64::from(u32::from_le_bytes(exactly(bytes)?)),
            Element::U64 => u64::from_le_bytes(exactly(bytes)?) as f64,
            Element::Text => return None,
        })
    }

    /// An element that is written as a number of variable length.
    fn of_varint(self, value: u64) -> Option<f64> {
        Some(match self {
            Element::I32 | Element::U8 | Element::I16 | Element::I8 => f64::from(value as i32),
            Element::I64 => value as i64 as f64,
            Element::Bool => f64::from(u8::from(value != 0)),
            Element::Bf16 => bf16(value as u16),
            Element::F16 => f16(value as u16),
            Element::U32 => f64::from(value as u32),
            Element::U64 => value as f64,
            Element::F32 | Element::F64 | Element::Text => return None,
        })
    }
}

/// A tensor, its fields apart.
#[derive(Debug)]
pub struct Tensor<'a> {
    element: Option<Element>,
    bytes: &'a [u8],
}

impl<'a> Tensor<'a> {
    pub fn of(bytes: &'a [u8]) -> Tensor<'a> {
        let element = Fields::of(bytes).find_map(|(number, value)| value.varint().filter(|_| number == 1));
        Tensor { element: element.and_then(Element::of), bytes }
    }

    /// Its number, where it is one number.
    pub fn number(&self) -> Option<f64> {
        let element = self.element?;
        if self.elements() != Some(1) {
            return None;
        }
        let mut found = None;
        for (number, value) in Fields::of(self.bytes) {
            match value {
                Value::Bytes(content) if number == 4 => found = element.of_memory(content).or(found),
                value if number == element.field() => found = one(element, value).or(found),
                Value::Bytes(_) | Value::Varint(_) | Value::Fixed32(_) | Value::Fixed64(_) => {}
            }
        }
        // Elements that are all zero need not be written.
        found.or_else(|| (element != Element::Text && !self.has_content(element)).then_some(0.0))
    }

    /// Its numbers, where they are floats in rows of three.
    pub fn rows_of_three(&self) -> Option<Vec<[f64; 3]>> {
        let element = self.element.filter(|element| matches!(element, Element::F32 | Element::F64))?;
        let sizes = Fields::of(Fields::of(self.bytes).message(2)?).filter(|(number, _)| *number == 2);
        if sizes.count() != 2 {
            return None;
        }
        let mut numbers = Vec::new();
        for (_, value) in Fields::of(self.bytes).filter(|&(number, _)| number == 4 || number == element.field()) {
            match value {
                Value::Bytes(many) => {
                    let size = if element == Element::F32 { 4 } else { 8 };
                    numbers.extend(many.chunks(size).map_while(|one| element.of_memory(one)));
                }
                value => numbers.extend(one(element, value)),
            }
        }
        let (rows, rest) = numbers.as_chunks();
        (rest.is_empty() && self.elements() == Some(numbers.len() as u64)).then(|| rows.to_vec())
    }

    /// Whether it is one 32-bit float, and that is its last four bytes.
    pub fn ends_with_its_number(&self) -> bool {
        let mut fields = Fields::of(self.bytes);
        let (mut contents, mut last_is_four) = (0, false);
        for (number, value) in fields.by_ref() {
            let content = number == 4 || number == Element::F32.field();
            contents += usize::from(content);
            last_is_four = content && matches!(value, Value::Fixed32(_) | Value::Bytes([_, _, _, _]));
        }
        let single = self.element == Some(Element::F32) && self.elements() == Some(1);
        single && fields.is_whole() && contents == 1 && last_is_four
    }

    /// Its texts, a line each.
    pub fn text(&self) -> Option<Vec<u8>> {
        if self.element? != Element::Text {
            return None;
        }
        let texts = Fields::of(self.bytes).filter_map(|(number, value)| value.bytes().filter(|_| number == 8));
        let lines: Vec<&[u8]> = texts.collect();
        (!lines.is_empty()).then(|| lines.join(&b'\n'))
    }

    fn has_content(&self, element: Element) -> bool {
        Fields::of(self.bytes).any(|(number, _)| number == 4 || number == element.field())
    }

    /// How many there are by its shape; none where that is not known.
    fn elements(&self) -> Option<u64> {
        let Some(shape) = Fields::of(self.bytes).message(2) else { return Some(1) };
        let mut count: u64 = 1;
        for (number, value) in Fields::of(shape) {
            match (number, value) {
                (2, Value::Bytes(dim)) => {
                    let size = Fields::of(dim).find_map(|(number, value)| value.varint().filter(|_| number == 1));
                    count = count.checked_mul(size.unwrap_or_default())?;
                }
                (3, Value::Varint(unknown)) if unknown != 0 => return None,
                _ => {}
            }
        }
        Some(count)
    }
}

/// The only element of a field: by itself, or packed.
fn one(element: Element, value: Value<'_>) -> Option<f64> {
    match value {
        Value::Fixed32(bits) => element.of_memory(&bits.to_le_bytes()),
        Value::Fixed64(bits) => element.of_memory(&bits.to_le_bytes()),
        Value::Varint(value) => element.of_varint(value),
        Value::Bytes(packed) => match element {
            Element::F32 | Element::F64 => element.of_memory(packed),
            _ => {
                let mut rest = packed;
                let value = varint(&mut rest)?;
                if rest.is_empty() { element.of_varint(value) } else { None }
            }
        },
    }
}

/// The upper half of a float.
fn bf16(bits: u16) -> f64 {
    f64::from(f32::from_bits(u32::from(bits) << 16))
}

/// Half precision: a sign, five bits of exponent, ten of fraction.
fn f16(bits: u16) -> f64 {
    let sign = if bits & 0x8000 == 0 { 1.0 } else { -1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 0x1f), f64::from(bits & 0x3ff) / 1024.0);
    match (exponent, fraction > 0.0) {
        (0, _) => sign * fraction * f64::powi(2.0, -14),
        (31, false) => sign * f64::INFINITY,
        (31, true) => f64::NAN,
        _ => sign * (1.0 + fraction) * f64::powi(2.0, exponent - 15),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_floats_are_what_ieee_says() {
        let known = [
            (0x3c00, 1.0),
            (0xc000, -2.0),
            (0x7bff, 65504.0),
            (0x0001, 5.960_464_477_539_063e-8),
            (0x0400, 6.103_515_625e-5),
            (0x3555, 0.333_251_953_125),
            (0x7c00, f64::INFINITY),
            (0x8000, -0.0),
        ];
        for (bits, value) in known {
            assert_eq!(value, f16(bits));
        }
        assert!(f16(0x7e00).is_nan());
        assert_eq!((1.0, -0.5, 3.140_625), (bf16(0x3f80), bf16(0xbf00), bf16(0x4049)));
    }

    #[test]
    fn numbers_stand_alone_or_packed_or_in_memory() {
        let number = |bytes: &[u8]| Tensor::of(bytes).number();
        assert_eq!(Some(1.5), number(b"\x08\x01\x12\x00\x2d\0\0\xc0\x3f"));
        assert_eq!(Some(1.5), number(b"\x08\x01\x12\x00\x2a\x04\0\0\xc0\x3f"));
        assert_eq!(Some(1.5), number(b"\x08\x01\x22\x04\0\0\xc0\x3f"));
        assert_eq!(Some(-3.0), number(b"\x08\x09\x50\xfd\xff\xff\xff\xff\xff\xff\xff\xff\x01"));
        assert_eq!(Some(7.0), number(b"\x08\x03\x3a\x01\x07"));
        assert_eq!(Some(0.0), number(b"\x08\x01\x12\x00"));
        // Two elements, no type, a text.
        assert_eq!(None, number(b"\x08\x01\x12\x04\x12\x02\x08\x02\x22\x08\0\0\xc0\x3f\0\0\xc0\x3f"));
        assert_eq!(None, number(b"\x2d\0\0\xc0\x3f"));
        assert_eq!(None, number(b"\x08\x07\x42\x01a"));
    }
}
