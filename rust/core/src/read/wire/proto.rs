//! Walks the fields of a protobuf message: what is no field ends the walk.

/// What a field holds, as it is on the wire.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    Varint(u64),
    Fixed64(u64),
    Fixed32(u32),
    Bytes(&'a [u8]),
}

impl<'a> Value<'a> {
    pub fn bytes(self) -> Option<&'a [u8]> {
        match self {
            Value::Bytes(bytes) => Some(bytes),
            Value::Varint(_) | Value::Fixed64(_) | Value::Fixed32(_) => None,
        }
    }

    pub fn varint(self) -> Option<u64> {
        match self {
            Value::Varint(value) => Some(value),
            Value::Bytes(_) | Value::Fixed64(_) | Value::Fixed32(_) => None,
        }
    }

    pub fn double(self) -> Option<f64> {
        match self {
            Value::Fixed64(bits) => Some(f64::from_bits(bits)),
            Value::Bytes(_) | Value::Varint(_) | Value::Fixed32(_) => None,
        }
    }
}

/// The fields of a message, in order.
///
/// ```
/// use fastlogs_core::read::wire::proto::{Fields, Value};
/// let mut fields = Fields::of(b"\x08\x96\x01\x12\x02hi");
/// assert_eq!(Some((1, Value::Varint(150))), fields.next());
/// assert_eq!(Some((2, Value::Bytes(b"hi"))), fields.next());
/// assert!(fields.next().is_none() && fields.is_whole());
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Fields<'a> {
    rest: &'a [u8],
}

impl<'a> Fields<'a> {
    pub fn of(message: &'a [u8]) -> Fields<'a> {
        Fields { rest: message }
    }

    /// Asked at the end of the walk: whether every byte was of a field.
    pub fn is_whole(&self) -> bool {
        self.rest.is_empty()
    }

    /// How many bytes are not walked over yet.
    pub fn left(&self) -> usize {
        self.rest.len()
    }

    /// The first field of that number that holds bytes.
    pub fn message(mut self, number: u32) -> Option<&'a [u8]> {
        self.find_map(|(found, value)| value.bytes().filter(|_| found == number))
    }

    #[inline]
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    #[inline]
    fn read(&mut self) -> Option<(u32, Value<'a>)> {
        let key = varint(&mut self.rest)?;
        let number = u32::try_from(key >> 3).ok().filter(|&number| number > 0)?;
        let value = match key & 7 {
            0 => Value::Varint(varint(&mut self.rest)?),
            1 => Value::Fixed64(u64::from_le_bytes(*self.take(8)?.first_chunk()?)),
            2 => {
                let length = varint(&mut self.rest)?;
                Value::Bytes(self.take(usize::try_from(length).ok()?)?)
            }
            5 => Value::Fixed32(u32::from_le_bytes(*self.take(4)?.first_chunk()?)),
            // Groups are of the last century.
            _ => return None,
        };
        Some((number, value))
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = (u32, Value<'a>);

    #[inline]
    fn next(&mut self) -> Option<(u32, Value<'a>)> {
        let before = self.rest;
        let field = self.read();
        if field.is_none() {
            self.rest = before;
        }
        field
    }
}

/// A number of seven bits a byte, the lowest first; what is beyond 64 bits is cut, as protobuf does.
#[inline]
pub fn varint(rest: &mut &[u8]) -> Option<u64> {
    let first = *rest.first()?;
    if first < 0x80 {
        *rest = &rest[1..];
        return Some(u64::from(first));
    }
    let mut value = 0;
    for (at, &byte) in rest.iter().take(10).enumerate() {
        value |= u64::from(byte & 0x7f) << (7 * at);
        if byte < 0x80 {
            *rest = &rest[at + 1..];
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written(mut value: u64) -> Vec<u8> {
        let mut out = Vec::new();
        while value >= 0x80 {
            out.push(value as u8 | 0x80);
            value >>= 7;
        }
        out.push(value as u8);
        out
    }

    proptest! {
        #[test]
        fn varints_come_back(value: u64, behind: u8) {
            let mut bytes = written(value);
            let length = bytes.len();
            bytes.push(behind);

            let mut rest = &bytes[..];
            prop_assert_eq!(Some(value), varint(&mut rest));
            prop_assert_eq!(&[behind][..], rest);
            for cut in 0..length {
                prop_assert_eq!(None, varint(&mut &bytes[..cut]));
            }
        }

        #[test]
        fn any_bytes_end(bytes: Vec<u8>) {
            let mut fields = Fields::of(&bytes);
            prop_assert!(fields.by_ref().count() <= bytes.len());
            prop_assert!(fields.is_whole() || fields.next().is_none());
        }
    }
}
