use super::*;

fn number(_: &str) -> Wants {
    Wants::Number
}

#[test]
fn captures_are_read_in_order_of_their_groups() {
    let matcher = Matcher::new(r"(?P<a>\d+)(?:-(?P<b>\d+))? (x) (?P<c>\S+)", number).expect("valid");
    let line = b"say 17 x 1.6q";
    let (mut cache, mut found) = (Cache::default(), Found::default());

    assert_eq!(["a", "b", "c"], [0, 1, 2].map(|at| matcher.captures()[at].name.as_str()));
    assert!(matcher.read(line, 0, line.len(), &mut cache, &mut found));
    assert_eq!([17f64.to_bits(), crate::row::MISSING], found.slots[..2]);
    assert_eq!((4, 13), (found.start, found.end));
}

#[test]
fn too_large_patterns_are_refused() {
    for pattern in ["(?:a{1000}){1000}", "((a{100}){100}){100}", r"(?u:\w{5000}){5000}"] {
        let said = Matcher::new(pattern, number).expect_err("too large").to_string();

        assert!(said.contains("memory"), "{said}");
    }
}
