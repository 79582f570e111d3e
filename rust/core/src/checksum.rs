//! Checksums of the framings that binary logs are written in.

/// The masked CRC-32C that TFRecords keep of lengths and of data.
///
/// ```
/// use fastlogs_core::checksum::{crc32c, masked};
/// assert_eq!(0xe306_9283, crc32c(0, b"123456789"));
/// assert_eq!(0x224b_7fa3, masked(crc32c(0, &24u64.to_le_bytes())));
/// ```
#[inline]
pub fn masked(crc: u32) -> u32 {
    crc.rotate_right(15).wrapping_add(0xa282_ead8)
}

/// From so many bytes on it pays to go over three parts at once.
const LONG: usize = 1024;

/// CRC-32C of bytes that follow others whose checksum is known; by the processor, where it can.
#[inline]
pub fn crc32c(before: u32, bytes: &[u8]) -> u32 {
    let short = if bytes.len() < LONG { fastlogs_simd::crc32c_short(before, bytes) } else { None };
    short.unwrap_or_else(|| crc32c::crc32c_append(before, bytes))
}

/// The CRC-32 of zip files, of parts end to end.
pub fn crc32(parts: [&[u8]; 2]) -> u32 {
    let mut crc = flate2::Crc::new();
    parts.iter().for_each(|part| crc.update(part));
    crc.sum()
}

/// Whether twelve bytes are the length of a TFRecord and its checksum; gives the length.
pub fn record_length(header: &[u8]) -> Option<u64> {
    let (length, crc) = (header.first_chunk::<8>()?, header.get(8..12)?.first_chunk::<4>()?);
    (masked(crc32c(0, length)) == u32::from_le_bytes(*crc)).then(|| u64::from_le_bytes(*length))
}
