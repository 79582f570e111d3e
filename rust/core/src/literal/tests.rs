//! What single objects give, in both dialects.

use proptest::prelude::*;

use super::*;

fn found(text: &str, dialect: Dialect) -> Option<String> {
    let mut out = Vec::new();
    let mut leaves = Leaves::default();
    let end = leaves.read(text.as_bytes(), 0, text.len(), dialect)?;
    for leaf in leaves.list.iter().filter(|leaf| !leaf.hidden) {
        let key = String::from_utf8_lossy(leaves.key(leaf));
        out.push(match leaf.value {
            Value::Number(v) => format!("{key}={v:?}"),
            Value::Flag(v) => format!("{key}={v}"),
            Value::Null => format!("{key}=null"),
            Value::Quoted { .. } => format!("{key}='{}'", &text[leaf.start..leaf.end]),
        });
    }
    let rest = if end == text.len() { String::new() } else { format!(" + {:?}", &text[end..]) };
    Some(out.join(" ") + &rest)
}

#[test]
fn json() {
    for (text, wanted) in [
        ("{}", Some("")),
        ("{ }", Some("")),
        (r#"{"a": 1}"#, Some("a=1.0")),
        (r#"{"a":{"b":{"c":[1,[2,3]]}}}"#, Some("a.b.c.0=1.0 a.b.c.1.0=2.0 a.b.c.1.1=3.0")),
        (r#"{"a": [1, "x"], "b": [{"c": 1}], "d": [[]], "e": 2}"#, Some("e=2.0")),
        (r#"{"a": [1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17], "b": 2}"#, Some("b=2.0")),
        (r#"{"a": nan, "b": .5, "c": +1, "d": 5.}"#, Some("a=NaN b=0.5 c=1.0 d=5.0")),
        (r#"{"a": 1} trailing"#, Some("a=1.0 + \" trailing\"")),
        (r#"{"a": null, "b": true, "c": false}"#, Some("a=null b=true c=false")),
        (r#"{"a": 'x'}"#, None),
        (r#"{'a': 1}"#, None),
        (r#"{"a": None}"#, Some("a=null")),
        (r#"{"a": 1,}"#, None),
        (r#"{"a": 1 "b": 2}"#, None),
        (r#"{"a": 1.2.3}"#, None),
        (r#"{"a": 1x}"#, None),
        (r#"{"a": (1)}"#, None),
        (r#"{"a": {"b": 1}"#, None),
        (r#"{"a"#, None),
        (r#"{"a": "x\"#, None),
        ("[1]", None),
        ("", None),
    ] {
        assert_eq!(wanted.map(str::to_owned), found(text, Dialect::Json), "{text}");
    }
}

#[test]
fn python() {
    for (text, wanted) in [
        ("{'loss': 2.075, 'epoch': 0.04}", "loss=2.075 epoch=0.04"),
        ("{'loss': '2.075'}", "loss='2.075'"),
        ("{\"it's\": 1, 'b': \"it's\"}", "it's=1.0 b='it's'"),
        ("{'a': None, 'b': True, 'c': nan, 'd': -inf}", "a=null b=true c=NaN d=-inf"),
        ("{'a': np.float64(0.1), 'b': numpy.float32(nan)}", "a=0.1 b=NaN"),
        ("{'a': tensor(0.5), 'b': tensor(0.5, device='cuda:0', grad_fn=<MeanBackward0>)}", "a=0.5 b=0.5"),
        ("{'a': array(0.5, dtype=float32), 'b': Array(2, dtype=int32)}", "a=0.5 b=2.0"),
        ("{'a': Decimal('0.5')}", "a='0.5'"),
        ("{'a': tensor([0.5, 1])}", "a.0=0.5 a.1=1.0"),
        ("{'a': (0.9, 0.999), 'b': (1,), 'c': ()}", "a.0=0.9 a.1=0.999 b.0=1.0"),
        ("{'a': datetime.datetime(2024, 1, 1), 'b': 1}", "b=1.0"),
        ("{'a': <object at 0x7f, here>, 'b': 1}", "b=1.0"),
        ("{'a': <object at 0x7f>, 'b': 1}", "b=1.0"),
        ("{u'a': u'x', u'b': 123L, 'c': 1}", "a='x' c=1.0"),
        ("{0: 0.5, (1, 2): 3, 'x': 1,}", "0=0.5 (1, 2)=3.0 x=1.0"),
        ("{'a': np.True_, 'b': np.bool_(False)}", "a=true b=false"),
        ("{'a': {'b': {'c': 1}}}", "a.b.c=1.0"),
    ] {
        assert_eq!(Some(wanted.to_owned()), found(text, Dialect::Python), "{text}");
    }
}

#[test]
fn nesting_has_a_floor() {
    let deep = "{\"a\": ".repeat(1000) + "1" + &"}".repeat(1000);
    assert_eq!(None, found(&deep, Dialect::Json));
    let lists = format!("{{\"a\": {}1{}}}", "[".repeat(1000), "]".repeat(1000));
    assert_eq!(None, found(&lists, Dialect::Json));
    let calls = format!("{{'a': {}1{}}}", "tensor(".repeat(1000), ")".repeat(1000));
    assert_eq!(None, found(&calls, Dialect::Python));
}

#[test]
fn pairs_of_a_payload() {
    let mut seen = Vec::new();
    let whole = pairs(b"{'loss': 2.5, 'note': 'x'}", Dialect::Python, |key, value| seen.push((key.to_vec(), value)));
    assert!(whole);
    assert_eq!((b"loss".to_vec(), Value::Number(2.5)), seen[0]);
    assert!(!pairs(b"{'loss': 2.5", Dialect::Python, |_, _| panic!("not an object")));
}

#[test]
fn escapes() {
    for (raw, wanted) in [
        (r"a\n\t\r\\\/", "a\n\t\r\\/"),
        (r"\u00e9\xe9", "éé"),
        (r"\ud83d\ude00", "😀"),
        (r"\ud83d", "\u{fffd}"),
        (r"\ud83d\u0041", "\u{fffd}A"),
        (r"\u12", "\u{fffd}12"),
        (r"\U0001f600", "😀"),
        ("\\", ""),
    ] {
        let mut out = Vec::new();
        unescape(raw.as_bytes(), &mut out);
        assert_eq!(wanted, String::from_utf8_lossy(&out), "{raw}");
    }
}

proptest! {
    #[test]
    fn anything_at_all(text in "[{}\\[\\]()\"'\\\\:,<> a-cu0-9.Ttensor-]{0,60}") {
        for dialect in [Dialect::Json, Dialect::Python] {
            found(&text.replace(|c: char| !c.is_ascii(), ""), dialect);
            found(&format!("{{{text}}}"), dialect);
            found(&format!("{{'a': {text}}}"), dialect);
        }
    }
}
