//! Hints about memory.

/// The size of a huge page on the machines we know; elsewhere the hint does nothing.
pub const HUGE: usize = 2 << 20;

/// Asks the system to back a large fresh buffer by huge pages, so that its first use costs fewer faults. Changes no
/// byte; does nothing for what holds no whole huge page, where the system declines, and off Linux.
pub fn huge_pages(bytes: &mut [u8]) {
    advise(bytes.as_mut_ptr(), bytes.len());
}

/// The same for what a list has room for beyond its length.
pub fn huge_capacity<T>(list: &mut Vec<T>) {
    let room = list.spare_capacity_mut();
    advise(room.as_mut_ptr().cast(), size_of_val(room));
}

#[cfg(target_os = "linux")]
pub fn advise(start: *mut u8, len: usize) {
    let before = start.align_offset(HUGE);
    let whole = len.saturating_sub(before) / HUGE * HUGE;
    if whole > 0 {
        // SAFETY: the range lies within a buffer that the caller holds alone, and is whole pages; the advice changes how
        // they are backed, not what they hold. That it may fail is no matter.
        unsafe { libc::madvise(start.add(before).cast(), whole, libc::MADV_HUGEPAGE) };
    }
}

#[cfg(not(target_os = "linux"))]
pub fn advise(_start: *mut u8, _len: usize) {}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZES: [usize; 5] = [0, 1, (2 << 20) - 1, 2 << 20, (6 << 20) + 5];

    #[test]
    fn no_byte_changes() {
        for len in SIZES {
            let mut bytes: Vec<u8> = (0..len).map(|at| at as u8).collect();
            huge_pages(&mut bytes);
            assert!(bytes.iter().enumerate().all(|(at, &byte)| byte == at as u8));
        }
    }

    #[test]
    fn a_list_is_as_before() {
        for len in SIZES {
            let mut list = Vec::with_capacity(len);
            list.extend(0..len as u64 / 2);
            huge_capacity(&mut list);
            list.extend(len as u64 / 2..len as u64);
            assert!(list.iter().enumerate().all(|(at, &value)| value == at as u64));
        }
    }
}
