use super::*;

fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
    [&[number << 3 | 2, bytes.len() as u8][..], bytes].concat()
}

#[test]
fn images_and_graphs_are_told_by_their_beginnings() {
    let head = b"\x09\0\0\0\0\0\0\xf0\x3f\x10\x05".to_vec();
    let value = |number: u8| {
        let value = [field(1, b"tag"), vec![number << 3 | 2, 0xff, 0x7f]].concat();
        [head.clone(), vec![5 << 3 | 2, 0xff, 0x7f, 0x0a, 0xff, 0x7f], value].concat()
    };

    assert_eq!(Some(What::Image), glance(&value(4)));
    assert_eq!(Some(What::Audio), glance(&value(6)));
    assert_eq!(None, glance(&value(8)));
    assert_eq!(Some(What::Graph), glance(&[head.clone(), vec![4 << 3 | 2, 0xff, 0x7f, 1, 2]].concat()));
    for cut in 0..value(4).len() - 3 {
        assert_eq!(None, glance(&value(4)[..cut]), "{cut}");
    }
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
