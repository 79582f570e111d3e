//! What people print plainly: counts, names and results without a logger, and the table a person would write down.

use super::logs_tests::table;

#[test]
fn an_epoch_and_a_place_in_brackets() {
    let line = |e: u32, b: u32| format!("[{e}, {b:5}] loss: {:.3}\n", 2.0 - f64::from(e) / 10.0 - f64::from(b) / 1e5);
    let text: String = (1..=3).flat_map(|e| (1..=6).map(move |b| line(e, b * 2000))).collect();
    assert_eq!(table(&text), ["loss x18 1.88@2000..1.58@36000"]);
}

#[test]
fn a_count_and_a_gap_before_the_names() {
    let line = |e: u32| {
        format!(
            "{e:<7} train loss={:.3}    valid loss={:.3}\tvalid acc=0.2{e}    > saved as best model!\n",
            1.0 / f64::from(e),
            2.0 / f64::from(e)
        )
    };
    let text: String = (1..=9).map(line).collect();
    assert_eq!(
        table(&text),
        ["train_loss x9 1@1..0.111@9", "valid_loss x9 2@1..0.222@9", "valid_acc x9 0.21@1..0.29@9"]
    );
}

#[test]
fn a_name_said_twice_is_of_the_split_before_it() {
    let line = |e: u32| format!("Epoch {e}/26 | Train Loss: 0.{e}5 Acc: 0.{e}1 | Val Loss: 0.{e}7 Acc: 0.{e}2\n");
    let text: String = (1..=5).map(line).collect();
    assert_eq!(table(&text)[3], "val_acc x5 0.12@1..0.52@5");
}

#[test]
fn a_number_that_is_none_is_one_all_the_same() {
    let line = |k: u32, speed: &str| {
        format!("Step {k:05} | Loss {:.4} | Speed (samples/sec) {speed} | GPU 3.5 MB\n", 4.0 - f64::from(k) / 100.0)
    };
    let text: String = (0..8).map(|k| line(k * 20, if k < 3 { "nan" } else { "39418.7" })).collect();
    assert_eq!(table(&text)[0], "loss x8 4@0..2.6@140");
}

#[test]
fn terms_of_a_sum_and_units_before_a_comma() {
    let line = |k: u32| format!("  batch {k}  CE 4.{k}47 + KD 15.{k}58 = 14.057   agree 11.{k}%\n");
    let text: String = (1..=9).map(line).collect();
    assert_eq!(table(&text)[..2], ["ce x9 4.147@1..4.947@9", "kd x9 15.158@1..15.958@9"]);

    let line = |e: u32| format!("epoch {e}: MPJPE 7{e}.2 mm, P-MPJPE 5{e}.8 mm, angle 12.0{e} deg, lr 0.00080{e}\n");
    let text: String = (1..=9).map(line).collect();
    let names: Vec<String> = table(&text).iter().map(|c| c.split(' ').next().unwrap_or_default().to_owned()).collect();
    assert_eq!(names, ["mpjpe", "p_mpjpe", "angle", "lr"]);
}

#[test]
fn words_of_their_own_before_a_count() {
    let line = |k: u32| format!("  adaround iter {:5}: rec 1.{k}42e-02 round 9.{k}09e+02 beta 2{k}.00\n", k * 250);
    let text: String = (0..9).map(line).collect();
    assert_eq!(
        table(&text),
        ["rec x9 0.01042@0..0.01842@2000", "round x9 900.9@0..980.9@2000", "beta x9 20@0..28@2000"]
    );
}

#[test]
fn a_count_in_angle_brackets() {
    let text: String = (1..=9).map(|k| format!("<{}> LL/token: -9.{k}3154\n", k * 10)).collect();
    assert_eq!(table(&text), ["ll_token x9 -9.13154@10..-9.93154@90"]);
}

#[test]
fn how_the_run_ended_is_told_once() {
    let epochs: String = (1..=5).map(|e| format!("Epoch {e}: loss 0.{e}3 val_loss 0.{e}5\n")).collect();
    let found = table(&format!("{epochs}Finished.\nTest loss: 0.516 | Test accuracy: 0.811\n"));
    assert!(found.contains(&"test_loss x1 0.516@5..0.516@5".to_owned()), "{found:?}");
}

#[test]
fn a_dictionary_over_several_lines() {
    let stats = |k: u32| {
        format!(
            "Steps {} @ 2005.9 SPS. Stats:\n{{'baseline_loss': 112.{k}1,\n 'entropy_loss': -1102.{k}2,\n 'total_loss': 134.{k}5}}\n",
            k * 10240
        )
    };
    let text: String = (1..=9).map(stats).collect();
    let found = table(&text);
    assert!(found.iter().any(|c| c.starts_with("entropy_loss x9 -1102.12")), "{found:?}");
    assert!(found.iter().any(|c| c.starts_with("total_loss x9 134.15")), "{found:?}");
}

#[test]
fn a_value_without_a_name() {
    let text: String =
        (0..9).map(|k| format!("{:7}/{:7}: {:.4}\n", k * 2000, 200_000, 3.5 - f64::from(k) / 10.0)).collect();
    assert_eq!(table(&text), ["unnamed x9 3.5@0..2.7@16000"]);
}

#[test]
fn a_server_that_counts_its_keys_measures_nothing() {
    let text: String = (0..30).map(|k| format!("[974] 12 Jun 16:10:{k:02} - DB 0: {} keys (0 volatile) in 64 slots HT.\n[974] 12 Jun 16:10:{k:02} - {k} clients connected (0 slaves), 931184 bytes in use\n", 36 + k)).collect();
    assert_eq!(table(&text), Vec::<String>::new());
}

#[test]
fn a_rate_that_stands_still_is_told_all_the_same() {
    let epoch = |e: u32| {
        format!("**** EPOCH {e:03} ****\nCurrent learning rate: 0.001000\nmean loss: {:.3}\n", 2.0 / f64::from(e + 1))
    };
    let text: String = (0..6).map(epoch).collect();
    assert_eq!(table(&text)[0], "current_learning_rate x6 0.001@1..0.001@6");
}

#[test]
fn what_is_said_beside_a_saved_picture_is_measured() {
    let line = |k: u32| {
        let saved = format!("  >> 采样保存到 samples/00{k}.png，FID = 13{k}.56\n");
        format!("iter {k} loss 0.69{k}\n{}", if k.is_multiple_of(3) { saved } else { String::new() })
    };
    let text: String = (1..9).map(line).collect();
    assert_eq!(table(&text), ["loss x8 0.691@1..0.698@8", "fid x2 133.56@3..136.56@6"]);
}

#[test]
fn the_accuracy_of_a_network_is_an_accuracy() {
    let line = |e: u32| format!("[{e}] loss: 0.69{e}\nAccuracy of the network on the val images: {} %\n", 90 + e % 4);
    let text: String = (1..8).map(line).collect();
    assert_eq!(table(&text)[1], "val_accuracy x7 91@1..93@7");
}

#[test]
fn losses_before_a_dictionary_say_what_it_holds() {
    let text: String = (1..9).map(|k| format!("Losses {{'ner': 32{k}.18}}\n")).collect();
    assert_eq!(table(&text).len(), 1, "{:?}", table(&text));
}

#[test]
fn settings_on_one_line_are_no_measurement() {
    let config = "engine/trainer: task=segment, mode=train, model=yolo11n.pt, epochs=500, amp=True, batch=16, lr0=0.001, iou=0.7, cls=0.5\n";
    let epochs: String = (1..9).map(|k| format!("epoch {k} loss 0.{k}5\n")).collect();
    assert_eq!(table(&format!("{config}{epochs}")), ["loss x8 0.15@1..0.85@8"]);
}

#[test]
fn epochs_and_splits_abroad() {
    let epoch =
        |e: u32| format!("Époque {e}/9\n    entraînement : perte = 1.{e}19\n    validation   : perte = 1.{e}69\n");
    let text: String = (1..9).map(epoch).collect();
    assert_eq!(table(&text), ["perte x8 1.119@1..1.819@8", "val_perte x8 1.169@1..1.869@8"]);
}
