use super::*;

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
