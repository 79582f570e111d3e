use super::record::Held;
use super::*;

/// A field of bytes.
fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
    // Two bytes of key and two of length do for all fields here.
    let key = u32::from(number) << 3 | 2;
    let mut out = vec![key as u8 | 0x80, (key >> 7) as u8];
    out.extend([bytes.len() as u8 | 0x80, (bytes.len() >> 7) as u8]);
    out.extend(bytes);
    out
}

fn number(number: u8, value: u64) -> Vec<u8> {
    let mut out = vec![number << 3];
    let mut rest = value;
    while rest >= 0x80 {
        out.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    out.push(rest as u8);
    out
}

/// What becomes of records: (step, values) of each row.
fn read(records: &[Vec<u8>], table: Table) -> (Vec<(i64, Vec<f64>)>, Rows) {
    let plan = WandbPlan { name: "wandb".into(), table, wanted: Wanted::default() };
    let (mut reader, mut rows) = (Records::new(&plan), Rows::default());
    for (k, record) in records.iter().enumerate() {
        reader.take(k as u64, record, &mut rows);
    }
    let step = |head| {
        let shape: &Shape = &rows.shapes[(head as &crate::row::Head).shape as usize];
        let slots = rows.slots_of(head);
        let step = shape.position(Holds::Step).map_or(-1, |slot| slots[slot] as i64);
        let metrics = shape.fields.iter().zip(slots).filter(|(field, _)| field.holds == Holds::Metric);
        (step, metrics.map(|(_, &slot)| f64::from_bits(slot)).collect())
    };
    let found = rows.heads.iter().map(step).collect();
    (found, rows)
}

fn json(key: &str, value: &str) -> Vec<u8> {
    field(1, &[field(1, key.as_bytes()), field(16, value.as_bytes())].concat())
}

#[test]
fn steps_are_stated_beside_or_counted() {
    let beside = field(2, &number(1, 4));
    let records = [
        field(2, &[json("loss", "0.5"), json("_step", "3")].concat()),
        field(2, &[json("loss", "1.5"), beside].concat()),
        field(2, &json("loss", "2.5")),
        // Below what was: the next one.
        field(2, &[json("loss", "3.5"), json("_step", "2")].concat()),
    ];

    let expected = vec![(3, vec![0.5]), (4, vec![1.5]), (5, vec![2.5]), (6, vec![3.5])];
    assert_eq!(expected, read(&records, Table::History).0);
    let begun = [field(17, &number(14, 100)), field(2, &json("loss", "0.5"))];
    assert_eq!(vec![(100, vec![0.5])], read(&begun, Table::History).0);
}

#[test]
fn values_have_their_own_types_or_are_json() {
    let item = |value: Vec<u8>| field(1, &[field(1, b"x"), value].concat());
    let double = [vec![6 << 3 | 1], 2.5f64.to_le_bytes().to_vec()].concat();
    let records = [
        field(2, &item(number(5, 5))),
        field(2, &item(double)),
        field(2, &item(field(8, b"7"))),
        field(2, &json("x", "NaN")),
        field(2, &field(1, &[field(2, b"a"), field(2, b"b"), field(16, b"4")].concat())),
        field(2, &[json("x", "1"), json("h", r#"{"_type": "histogram", "values": [1]}"#)].concat()),
    ];

    let (rows, all) = read(&records, Table::History);
    let values: Vec<f64> = rows.iter().flat_map(|(_, values)| values.clone()).collect();
    assert_eq!([-3.0, 2.5, 7.0], values[..3]);
    assert!(values[3].is_nan());
    assert_eq!([4.0, 1.0], values[4..]);
    assert!(all.shapes.iter().any(|shape| shape.fields.iter().any(|field| &*field.name == "a.b")));
    assert!(matches!(items(&json("k", "1"), 1).next().map(|item| item.value.whole()), Some(Some(1))));
    assert!(Held::Nothing.whole().is_none());
}

#[test]
fn the_machine_and_the_console_are_given_when_asked_for() {
    let time = field(2, &number(1, 1_700_000_000));
    let items = field(3, &[field(1, b"cpu"), field(16, b"12.5")].concat());
    let records = [
        field(2, &json("loss", "0.5")),
        field(7, &[time.clone(), items].concat()),
        field(4, &[number(1, 1), time, field(3, b"hello\n")].concat()),
    ];

    assert_eq!(vec![(0, vec![0.5])], read(&records, Table::History).0);
    let (system, rows) = read(&records, Table::System);
    assert_eq!((vec![(-1, vec![12.5])], "system_cpu"), (system, &*rows.shapes[0].fields[0].name));
    let (console, rows) = read(&records, Table::Console);
    assert_eq!((vec![(0, vec![])], &b"hello"[..]), (console, &rows.text[..]));
}
