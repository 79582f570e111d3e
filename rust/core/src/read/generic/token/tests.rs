//! What lines of many hands are cut into.

use super::*;

fn kinds(line: &str) -> Vec<(Kind, String)> {
    let mut tokens = Vec::new();
    cut(line.as_bytes(), 0, &mut tokens);
    let text = |t: &Token| String::from_utf8_lossy(&line.as_bytes()[t.start as usize..t.tail as usize]).into_owned();
    tokens.iter().filter(|t| !t.is_blank()).map(|t| (t.kind, text(t))).collect()
}

fn numbers(line: &str) -> Vec<String> {
    kinds(line).into_iter().filter(|(k, _)| *k == Kind::Number).map(|(_, t)| t).collect()
}

#[test]
fn numbers_stand_alone_and_bear_their_units() {
    assert_eq!(
        numbers("step 12/300 loss=-1.5e-05, 27.34GiB(28.78%) 1.6M"),
        ["12", "300", "-1.5e-05", "27.34GiB", "28.78%", "1.6M"]
    );
    assert_eq!(
        numbers("train/total_tokens=4,194,304 step_avg:nanms a -inf b=NaN"),
        ["4,194,304", "nanms", "-inf", "NaN"]
    );
    assert_eq!(numbers("Batch [0-20]"), ["0", "20"]);
}

#[test]
fn digits_inside_words_are_no_numbers() {
    for line in ["conv1_2", "top_k_accuracy_5", "BLEU-1", "ndcg@10", "mAP@.5", "s0.loss_cls", "f1"] {
        assert_eq!(numbers(line), [""; 0], "{line}");
    }
    assert_eq!(numbers("epoch001 Epoch_3 ckpt_7"), ["001", "3"]);
}

#[test]
fn dates_versions_paths_and_hashes_are_junk() {
    for text in
        ["2020-06-23 12:11:11,678", "08/17 21:29:44", "1.10.0", "127.0.0.1", "/a/b/3/c.pt", "7fc372e6", "640x640"]
    {
        assert_eq!(kinds(text), [(Kind::Junk, text.to_owned())], "{text}");
    }
}

#[test]
fn durations_are_one_token() {
    for text in ["0:32:48", "4h 33m 53s", "9 days, 21:39:23", "1 hour, 19 minutes and 54.41 seconds", "01:23"] {
        assert_eq!(kinds(text), [(Kind::Clock, text.to_owned())], "{text}");
    }
}

#[test]
fn bars_are_drawn_in_many_ways() {
    for line in ["45%|███▏   | 12/300", "12/30 [===>......] -", "100%|###4  | 3/3", "━━━━━━━━ 3/3"]
    {
        assert!(kinds(line).iter().any(|(k, _)| *k == Kind::Bar), "{line}");
    }
}

#[test]
fn the_skeleton_forgets_the_numbers_only() {
    let of = |line: &str| {
        let mut tokens = Vec::new();
        cut(line.as_bytes(), 0, &mut tokens);
        skeleton(line.as_bytes(), &tokens)
    };
    assert_eq!(of("step 1 loss 0.5"), of("step 1000 loss 1e-5"));
    assert_ne!(of("step 1 loss 0.5"), of("step 1 lost 0.5"));
    assert_ne!(of("step 1 loss 0.5ms"), of("step 1 loss 0.5s"));
}
