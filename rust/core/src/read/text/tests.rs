use super::*;
use crate::format::builtin;
use crate::format::patterns::from_patterns;
use crate::grammar::Pattern;
use crate::read::show::{line_ends, listing, read_in_blocks, read_whole};

fn rows_of(format: &str, text: &str) -> Vec<String> {
    let format = builtin::format(format).expect("in the catalogue");
    listing(&read_whole(&mut TextReader::new(Arc::clone(format)), text.as_bytes()))
}

#[test]
fn a_two_line_record_gives_two_rows_to_be_merged() {
    let rows = rows_of("tt_train", "Step: 1, Loss: 11.02\nFull step time 703.1 ms\nnoise\nStep: 2, Loss: inf\n");

    assert_eq!(
        vec!["0 train: Step=1, loss=11.02", "21 train: full_step_time=703.1", "51 train: Step=2, loss=inf"],
        rows
    );
}

#[test]
fn envelopes_and_colours_are_taken_off() {
    let text = "\x1b[32m[rank1]:\x1b[0m 2026-01-26 16:56:54,000 - x - INFO - iter 5: loss 2.5, time 15.20ms\r\n";

    let rows = rows_of("nanogpt", text);

    assert_eq!(vec!["0 train: Step=5, WallTime=1769446614000000, Rank=1, loss=2.5, time=15.2"], rows);
}

fn patterns(list: &[(&str, &str)], head: &str, wanted: Wanted) -> Arc<Format> {
    let pattern = |(name, regex): &(&str, &str)| Pattern {
        name: (*name).to_owned(),
        regex: (*regex).to_owned(),
        hints: Vec::new(),
    };
    let list: Vec<Pattern> = list.iter().map(pattern).collect();
    from_patterns(&list, head.as_bytes(), &wanted).expect("good patterns")
}

#[test]
fn patterns_are_searched_for_anywhere_and_the_first_wins() {
    let text = "00:01 INFO step=1 loss=0.5 state=ok\nval loss=0.7\nstep=2 loss=bad state=ok\nstep= loss=\n";
    let list =
        [("", r"step=(?P<step>\d+) loss=(?P<loss>[\w.]+) state=(?P<state>\w+)"), ("val", r"loss=(?P<loss>[\d.]+)")];

    let rows = read_whole(&mut TextReader::new(patterns(&list, text, Wanted::default())), text.as_bytes());

    let wanted = vec!["0 train: Step=1, loss=0.5, state='ok'", "36 val: val_loss=0.7", "49 train: Step=2, state='ok'"];
    assert_eq!(wanted, listing(&rows));
    assert_eq!((1, 1), (rows.seen.bad.count, rows.seen.near.count));
}

#[test]
fn a_metric_not_asked_for_is_there_but_not_read() {
    let text = "step=1 loss=0.5 acc=0.7\n";
    let only = Wanted::new(Some(vec!["acc".into()]));
    let format = patterns(&[("", r"step=(?P<step>\d+) loss=(?P<loss>\S+) acc=(?P<acc>\S+)")], text, only.clone());
    let plan = TextPlan::new(format, text.as_bytes()).wanting(only);

    assert_eq!(vec!["0 train: Step=1, loss?, acc=0.7"], listing(&read_whole(&mut *plan.reader(), text.as_bytes())));
    assert!(plan.expects_step());
}

/// The examples of a format as a file.
fn joined(format: &Format) -> String {
    let lines = format.spec.examples.iter().chain(&format.spec.examples).flat_map(|example| &example.lines);
    lines.map(|line| format!("{}\nsome noise\n", line.text)).collect()
}

#[test]
fn any_blocks_give_the_same_rows() {
    for format in builtin::formats().iter().filter(|f| f.spec.reader.text == "text") {
        let text = joined(format);
        let whole = listing(&read_whole(&mut TextReader::new(Arc::clone(format)), text.as_bytes()));
        for cut in line_ends(text.as_bytes()) {
            let cuts = [cut];
            let rows = read_in_blocks(&mut TextReader::new(Arc::clone(format)), text.as_bytes(), &cuts);
            assert_eq!(whole, listing(&rows), "{} cut at {cut}", format.name());
        }
    }
}

#[test]
fn colours_and_carriage_returns_change_nothing() {
    for format in builtin::formats().iter().filter(|f| f.spec.reader.text == "text") {
        let text = joined(format);
        let values = |text: &str| {
            let rows = listing(&read_whole(&mut TextReader::new(Arc::clone(format)), text.as_bytes()));
            rows.iter().map(|row| row.split_once(' ').expect("an offset").1.to_owned()).collect::<Vec<_>>()
        };
        let coloured: String = text.lines().map(|line| format!("\x1b[32m{line}\x1b[0m\n")).collect();

        assert_eq!(values(&text), values(&text.replace('\n', "\r\n")), "{}", format.name());
        assert_eq!(values(&text), values(&coloured), "{}", format.name());
    }
}

#[test]
fn a_source_that_ends_within_a_number_gives_no_number() {
    let rows = read_whole(
        &mut TextReader::new(Arc::clone(builtin::format("tt_train").expect("listed"))),
        b"Step: 1, Loss: 11.02\nStep: 2, Loss: 9.6",
    );

    assert_eq!(vec!["0 train: Step=1, loss=11.02", "21 train: Step=2"], listing(&rows));
    assert_eq!(1, rows.seen.bad.count);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(48))]

    /// Whatever stands where a number stood, a reader that learns moulds gives what one that never does gives.
    #[test]
    fn moulds_change_nothing(
        which in 0usize..64,
        changes in proptest::collection::vec((0usize..40, 0usize..SPELLINGS.len()), 0..60),
    ) {
        let formats: Vec<_> = builtin::formats().iter().filter(|f| f.spec.reader.text == "text").collect();
        let format = formats[which % formats.len()];
        let examples: Vec<&str> =
            format.spec.examples.iter().flat_map(|example| &example.lines).map(|line| line.text.as_str()).collect();
        let mut text = String::new();
        for (k, change) in changes.iter().enumerate() {
            // Runs of like lines, so that there is something to learn.
            let line = examples[k / 10 % examples.len()];
            text.push_str(&if k % 3 == 0 { line.to_owned() } else { altered(line, *change) });
            text.push('\n');
        }

        let learning = read_whole(&mut TextReader::new(Arc::clone(format)), text.as_bytes());
        let plain = read_whole(&mut TextReader::plain(Arc::clone(format)), text.as_bytes());

        proptest::prop_assert_eq!(listing(&plain), listing(&learning));
        proptest::prop_assert_eq!(plain.seen, learning.seen);
    }
}

const SPELLINGS: [&str; 16] = [
    "0",
    "7",
    "-2.5",
    "+3",
    "1e-05",
    "nan",
    "-inf",
    "1,234",
    "1.6M",
    "12.",
    ".5",
    "x",
    "",
    "9999999999999999999",
    "1.2.3",
    "0x1F",
];

/// The line with one of its numbers spelled otherwise.
fn altered(line: &str, (number, spelling): (usize, usize)) -> String {
    let numbers = regex::Regex::new("[0-9.]+").expect("a pattern");
    let places: Vec<_> = numbers.find_iter(line).collect();
    let Some(place) = places.get(number % places.len().max(1)) else { return line.to_owned() };
    format!("{}{}{}", &line[..place.start()], SPELLINGS[spelling], &line[place.end()..])
}
