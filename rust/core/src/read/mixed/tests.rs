use super::*;
use crate::format::builtin;
use crate::read::text::TextReader;
use crate::row::PAD;
use std::fmt::Write;

/// A format of the catalogue as a plan.
struct Named(&'static str);

impl Plan for Named {
    fn name(&self) -> &str {
        self.0
    }
    fn rules(&self) -> Vec<String> {
        builtin::format(self.0).unwrap().rules.iter().map(|rule| rule.name.to_string()).collect()
    }
    fn expects_step(&self) -> bool {
        true
    }
    fn splittable(&self) -> bool {
        true
    }
    fn reader(&self) -> Box<dyn Reader> {
        Box::new(TextReader::new(Arc::clone(builtin::format(self.0).unwrap())))
    }
}

fn mixed() -> Mixed {
    Mixed::new(vec![Arc::new(Named("nanogpt")), Arc::new(Named("tt_train"))])
}

fn log() -> String {
    let mut log = String::new();
    for k in 0..12 {
        writeln!(log, "iter {k}: loss 2.{k}, time 15.20ms, mfu 12.34%\r\nnothing here\nStep: {k}, Loss: 1.{k}")
            .unwrap();
    }
    log + "iter x: near miss"
}

fn told(rows: &Rows) -> Vec<(u64, String)> {
    let values = |head: &Head| {
        let fields = &rows.shapes[head.shape as usize].fields;
        // What a line leaves out, a mould that others have learned may leave out of the shape.
        let there = fields.iter().zip(rows.slots_of(head)).filter(|(_, slot)| **slot != MISSING);
        let shown = there.map(|(field, slot)| format!("{}={slot:x}", field.name));
        format!("{} {}", rows.shapes[head.shape as usize].rule, shown.collect::<Vec<_>>().join(" "))
    };
    rows.heads.iter().map(|head| (head.offset, values(head))).collect()
}

fn read(parts: &[&str]) -> (Vec<(u64, String)>, Rows) {
    let (mut reader, mut all, mut offset) = (mixed().reader(), Vec::new(), 0);
    let mut last = Rows::default();
    for part in parts {
        let mut data = part.as_bytes().to_vec();
        data.resize(part.len() + PAD, 0);
        let mut rows = Rows::default();
        reader.read(Block { data: &data, len: part.len(), offset }, &mut rows);
        all.extend(told(&rows));
        offset += part.len() as u64;
        let before = std::mem::replace(&mut last, rows);
        last.seen.lines += before.seen.lines;
    }
    (all, last)
}

#[test]
fn each_format_reads_its_lines_in_the_order_of_the_file() {
    let log = log();

    let (rows, whole) = read(&[&log]);

    assert_eq!(24, rows.len());
    assert!(rows.is_sorted_by_key(|(offset, _)| *offset));
    assert_eq!("nanogpt + tt_train", mixed().name());
    assert_eq!((37, 1), (whole.seen.lines, whole.seen.near.count));
    assert_eq!(mixed().rules().len(), 2 + Named("tt_train").rules().len());
    assert_eq!(12, whole.seen.matched[0]);
    assert_eq!(12, whole.seen.matched[2..].iter().sum::<u64>());
}

#[test]
fn split_between_any_two_lines_the_rows_are_the_same() {
    let log = log();
    let whole = read(&[&log]);
    for (cut, _) in log.match_indices('\n') {
        let (head, tail) = log.split_at(cut + 1);
        let parts = read(&[head, tail]);
        assert_eq!(whole.0, parts.0, "cut at {cut}");
        assert_eq!(whole.1.seen.lines, parts.1.seen.lines);
    }
}
