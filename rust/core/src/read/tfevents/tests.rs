use super::*;
use proptest::prelude::*;

fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
    [&[number << 3 | 2, bytes.len() as u8][..], bytes].concat()
}

#[test]
fn images_and_graphs_are_told_by_their_beginnings() {
    let head = b"\x09\0\0\0\0\0\0\xf0\x3f\x10\x05".to_vec();
    let summary = |number: u8, behind: &[u8]| {
        let value = field(1, &[field(1, b"tag"), field(number, &[7; 50])].concat());
        [head.clone(), field(5, &[&value[..], behind].concat())].concat()
    };
    let told = |event: &[u8], there: usize| glance(&event[..there], event.len());

    let image = summary(4, b"");
    assert_eq!(Some(What::Image), told(&image, image.len() - 30));
    assert_eq!(Some(What::Audio), told(&summary(6, b""), image.len() - 30));
    assert_eq!(None, told(&summary(8, b""), image.len() - 30));
    // A scalar may follow the image.
    let more = summary(4, &field(1, &field(1, b"loss")));
    assert!((0..=more.len()).all(|there| told(&more, there).is_none()));
    for there in 0..image.len() {
        assert_eq!((there >= image.len() - 50).then_some(What::Image), told(&image, there), "{there}");
    }
    let graph = [head, field(4, &[1; 50])].concat();
    assert_eq!(Some(What::Graph), told(&graph, 20));
}

#[test]
fn folders_say_kinds() {
    for (path, kind) in [
        ("a/validation/events", Some("val")),
        ("a/eval/events", Some("val")),
        ("a/test/events", Some("test")),
        ("a/train/events", None),
        ("validation", None),
        ("a/validation2/events", None),
    ] {
        assert_eq!(kind, kind_of_folder(path), "{path}");
    }
}

/// A number written now as one thing, now as another; a text, a histogram, a tensor of two.
fn event(tag: u8, how: u8, step: i64, bits: u32) -> Vec<u8> {
    let bytes = bits.to_le_bytes();
    let scalar = field(1, &field(1, b"scalars"));
    let value = match how {
        0..8 => [&[0x15][..], &bytes].concat(),
        8..11 => field(8, &[&[8, 1, 18, 0][..], &field(4, &bytes)].concat()),
        11 => field(8, &[&[8, 1, 18, 0, 0x2d][..], &bytes].concat()),
        12 => field(8, &[&[8, 1][..], &field(5, &bytes)].concat()),
        // A whole number in memory, two numbers, a number and what it is for, and one behind which something follows.
        13 => field(8, &[&[8, 3, 18, 0][..], &field(4, &bytes)].concat()),
        14 => field(8, &[&[8, 1, 18, 4, 18, 2, 8, 2][..], &field(4, &[bytes, bytes].concat())].concat()),
        15 => [field(8, &[&[8, 1, 18, 0][..], &field(4, &bytes)].concat()), field(9, &scalar)].concat(),
        16 => field(9, &field(1, &field(1, b"histograms"))),
        17 => [&[0x15][..], &bytes, &field(7, b"a node")].concat(),
        _ => field(5, &[9; 9]),
    };
    let name = [b"train/loss", b"train/rate", b"val/loss__"][usize::from(tag)];
    let mut record = [&[9][..], &(1.7e9 + step as f64).to_le_bytes(), &[16]].concat();
    let mut rest = step as u64;
    while rest > 127 {
        record.push(rest as u8 | 128);
        rest >>= 7;
    }
    record.push(rest as u8);
    record.extend(field(5, &field(1, &[field(1, name), value].concat())));
    record
}

/// The rows of records; `plainly` where none is read by the form of one before it.
fn rows_of(records: &[Vec<u8>], plainly: bool) -> Rows {
    let (mut tags, mut rows) = (Tags::new(None), Rows::default());
    tags.begin_block();
    let mut events = Events { tags: &mut tags, rows: &mut rows, table: Table::Values };
    for (offset, record) in records.iter().enumerate() {
        if plainly {
            events.rows.seen.lines += 1;
            events.any(offset as u64, record);
        } else {
            events.record(offset as u64, record);
        }
    }
    rows
}

proptest! {
    #[test]
    fn records_read_by_the_form_of_others_say_what_their_fields_say(
        events in proptest::collection::vec((0u8..3, 0u8..19, -2i64..300, any::<u32>()), 0..60),
        torn in proptest::option::of((any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<u8>())),
    ) {
        let mut records: Vec<Vec<u8>> = events.iter().map(|&(tag, how, step, bits)| event(tag, how, step, bits)).collect();
        // Each twice: the second is like the first.
        records = records.iter().flat_map(|record| [record.clone(), record.clone()]).collect();
        if let (Some((which, at, byte)), false) = (torn, records.is_empty()) {
            let record = which.get_mut(&mut records);
            let at = at.index(record.len());
            record[at] = byte;
        }

        let (plain, quick) = (rows_of(&records, true), rows_of(&records, false));
        prop_assert_eq!(&plain.heads, &quick.heads);
        prop_assert_eq!(&plain.slots, &quick.slots);
        prop_assert_eq!(&plain.seen, &quick.seen);
        prop_assert_eq!(&plain.shapes, &quick.shapes);
    }

    #[test]
    fn times_are_rounded_as_numbers_are(seconds in prop_oneof![any::<f64>(), -2e9..2e9, 1.6e9..1.8e9]) {
        let plausible = seconds.is_finite() && seconds.abs() < 1e11;
        let expected = if plausible { (seconds * 1e6).round() as i64 as u64 } else { MISSING };

        prop_assert_eq!(expected, micros(seconds));
    }
}
