"""Pictures, poses and point clouds."""

from __future__ import annotations

import math

from data.make.strangers.writer import Raw, Writer, bar, clock, hms, log, mmss


@log
def tfod_dicts(w: Writer) -> None:
    w.say(
        "2021-10-12 20:57:01.104423: I tensorflow/stream_executor/platform/default/dso_loader.cc:53] Successfully opened dynamic library libcudart.so.11.0"
    )
    w.say("I1012 20:57:44.611231  5328 config_util.py:552] Maybe overwriting train_steps: 4000")
    w.say("I1012 20:57:44.611231  5328 config_util.py:552] Maybe overwriting use_bfloat16: False")
    w.say(
        "I1012 20:57:44.720132  5328 dataset_builder.py:163] Reading unweighted datasets: ['annotations/train.record']"
    )
    w.say(
        "WARNING:tensorflow:num_readers has been reduced to 1 to match input file shards.\nW1012 20:57:44.733115  5328 dataset_builder.py:80] num_readers has been reduced to 1 to match input file shards."
    )
    t = 20 * 3600 + 59 * 60 + 13.0
    for n in range(100, 2501, 100):
        t += 9.5 if n > 100 else 0
        head = f"I1012 {clock(t)}.{w.int(100000, 999999)}  5328 model_lib_v2.py"
        w.row(
            head + ":705] Step {_n} per-step time {ok_per_step_time:.3f}s",
            n,
            _n=n,
            ok_per_step_time=w.x(0.09, 0.1) if n > 100 else 0.382,
        )
        cls, loc, reg = w.fall(n, 0.9, 0.08, 300), w.fall(n, 0.7, 0.05, 250), 0.1553 + w.x(-0.0004, 0.0004)
        w.row(
            head
            + ":708] {{'Loss/classification_loss': {Loss/classification_loss:.8g},\n 'Loss/localization_loss': {Loss/localization_loss:.8g},\n 'Loss/regularization_loss': {Loss/regularization_loss:.8g},\n 'Loss/total_loss': {Loss/total_loss:.8g},\n 'learning_rate': {learning_rate:.6g}}}",
            n,
            **{
                "Loss/classification_loss": cls,
                "Loss/localization_loss": loc,
                "Loss/regularization_loss": reg,
                "Loss/total_loss": cls + loc + reg,
                "learning_rate": min(0.0266666 + n * 5.33333e-05, 0.08),
            },
        )
        if n == 1000:
            w.say(
                f"I1012 {clock(t)}.118200  5328 checkpoint_utils.py:140] Waiting for new checkpoint at models/my_ssd\nW1012 {clock(t)}.904411  5328 util.py:194] Unresolved object in checkpoint: (root).optimizer.iter"
            )


@log
def milesial_unet(w: Writer) -> None:
    w.say(
        "INFO: Using device cuda\nINFO: Network:\n\t3 input channels\n\t2 output channels (classes)\n\tTransposed conv upscaling\nINFO: Creating dataset with 5088 examples\nINFO: Scanning mask files to determine unique values\n100%|██████████| 5088/5088 [00:31<00:00, 160.80it/s]\nINFO: Unique mask values: [0, 1]"
    )
    w.say(
        "wandb: Currently logged in as: anonymous. Use `wandb login --relogin` to force relogin\nwandb: Tracking run with wandb version 0.13.5\nINFO: Starting training:\n        Epochs:          4\n        Batch size:      8\n        Learning rate:   1e-05\n        Training size:   4580\n        Validation size: 508\n        Checkpoints:     True\n        Device:          cuda\n        Images scaling:  0.5\n        Mixed Precision: True\n"
    )
    parts = 5
    for e in range(1, 5):
        seconds = 0.0
        for k in range(1, parts + 1):
            first = len(w.lines)
            for j in range(4):
                n = ((k - 1) * 4 + j + 1) * 4576 // 20
                g = (e - 1) * 4580 + n
                seconds += 12.3
                left = seconds * (4580 - n) / n
                w.row(
                    f"Epoch {e}/4: {100 * n / 4580:3.0f}%|{'█' * (n * 20 // 4580)}{' ' * (20 - n * 20 // 4580)}| {n}/4580 [{mmss(seconds)}<{mmss(left)}, {{ok_rate:5.2f}}img/s, loss (batch)={{loss_batch:.3g}}]",
                    (g, n, e, g // 8),
                    loss_batch=w.fall(g, 1.3, 0.03, 900),
                    ok_rate=w.x(17, 19),
                )
            w.joined(first)
            w.say("Validation round:   0%|          | 0/63 [00:00<?, ?batch/s]")
            w.row(
                "INFO: Validation Dice score: {Validation_Dice_score}",
                (g, n, e, g // 8, k, (e - 1) * 5 + k),
                Validation_Dice_score=w.acc(g, 0.985, 300),
            )
        w.say(f"INFO: Checkpoint {e} saved!")
    w.finals(
        4,
        "loss_batch",
        step=lambda k: ((k // 5) * 4580 + (k % 5 + 1) * 4 * 4576 // 20, (k % 5 + 1) * 4 * 4576 // 20, k // 5 + 1),
    )


@log
def per_class_pascal(w: Writer) -> None:
    names = ["aeroplane", "bicycle", "bird", "boat", "bottle", "bus", "car", "cat"]
    w.say(
        "loading annotations into memory... VOC07 trainval 5011 images\nnet: vgg16-reduced, priors 8732, lr 1e-3 x0.1 @ [6, 8]"
    )
    for e in range(1, 10):
        for it in range(100, 401, 100):
            n = (e - 1) * 400 + it
            w.row(
                "epoch {_e} iter {_it}/400  conf {conf:.3f}  loc {loc:.3f}  lr {lr:.0e}  ({ok_sec_it:.2f} s/it)",
                n,
                _e=e,
                _it=it,
                conf=w.fall(n, 9, 1.6, 250),
                loc=w.fall(n, 3.1, 0.8, 300),
                lr=1e-3 if e < 6 else 1e-4 if e < 8 else 1e-5,
                ok_sec_it=w.x(0.3, 0.34),
            )
        w.say("Evaluating detections\nVOC07 metric? Yes")
        aps = [w.acc(e, 0.8 - 0.04 * k, 2) for k in range(len(names))]
        for name, ap in zip(names, aps, strict=True):
            w.say(f"AP for {name} = {ap:.4f}")
        w.row("Mean AP = {Mean_AP:.4f}\n~~~~~~~~", (e, e * 400), Mean_AP=sum(aps) / len(aps))
    w.ok(*names, *("AP for " + k for k in names), *("AP " + k for k in names), *(k + " AP" for k in names), "AP")


@log
def slowfast_json(w: Writer) -> None:
    t = 36000.0
    w.say(
        "[09/12 10:00:00][INFO] train_net.py: 419: Train with config:\n[09/12 10:00:00][INFO] train_net.py: 420: {'BN': CfgNode({'NUM_BATCHES_PRECISE': 200, 'WEIGHT_DECAY': 0.0}),\n 'DATA': CfgNode({'NUM_FRAMES': 32, 'SAMPLING_RATE': 2}),\n 'SOLVER': CfgNode({'BASE_LR': 0.1, 'MAX_EPOCH': 5, 'WARMUP_EPOCHS': 1.0})}"
    )
    w.say(
        "[09/12 10:00:09][INFO] misc.py: 183: Params: 34,566,488\n[09/12 10:00:09][INFO] misc.py: 184: Mem: 0.12878799438476562 MB\n[09/12 10:00:14][INFO] train_net.py: 513: Start epoch: 1"
    )
    for e in range(1, 6):
        for b in range(100, 1001, 100):
            n = (e - 1) * 1000 + b
            t += 61
            w.row(
                f"[09/12 {clock(t)}][INFO] logging.py:  99: json_stats: "
                + f'{{{{"_type": "train_iter", "dt": {{ok_dt:.5f}}, "dt_data": {{ok_dt_data:.5f}}, "dt_net": {{ok_dt_net:.5f}}, "epoch": "{e}/5", "eta": "{hms((5000 - n) * 0.61)}", "gpu_mem": "8.55G", "grad_norm": {{\'GRAD_NORM:.5f}}, "iter": "{b}/1000", "loss": {{\'LOSS:.5f}}, "lr": {{\'LR:.5f}}, "top1_err": {{\'ToP1_err:.5f}}, "top5_err": {{\'ToP5_err:.5f}}}}}}',
                n,
                **{
                    "ok_dt": w.x(0.58, 0.64),
                    "ok_dt_data": w.x(0.0003, 0.001),
                    "ok_dt_net": w.x(0.57, 0.63),
                    "'GRAD_NORM": w.x(1.1, 4),
                    "'LOSS": w.fall(n, 6.1, 1.7, 900),
                    "'LR": 0.1 * min(1.0, n / 1000) * (0.5 + 0.5 * math.cos(n / 5000 * math.pi)),
                    "'ToP1_err": 100 - 100 * w.acc(n + 300, 0.62, 2200),
                    "'ToP5_err": 100 - 100 * w.acc(n + 300, 0.85, 1700),
                },
            )
        t += 3
        w.row(
            f"[09/12 {clock(t)}][INFO] logging.py:  99: json_stats: "
            + f'{{{{"RAM": "61.20/251.54G", "_type": "train_epoch", "dt": {{ok_dt:.5f}}, "dt_data": 0.00044, "dt_net": 0.60610, "epoch": "{e}/5", "eta": "{hms((5 - e) * 613)}", "gpu_mem": "8.55G", "grad_norm": {{\'grad_norm:.5f}}, "loss": {{\'loss:.5f}}, "lr": {{\'lr:.5f}}, "top1_err": {{\'top1_err:.5f}}, "top5_err": {{\'top5_err:.5f}}}}}}',
            (e, e * 1000),
            **{
                "ok_dt": 0.61,
                "'grad_norm": w.x(1.5, 2.5),
                "'loss": w.fall(n - 500, 6.1, 1.8, 900),
                "'lr": 0.1 * (0.5 + 0.5 * math.cos(n / 5000 * math.pi)),
                "'top1_err": 100 - 100 * w.acc(n, 0.6, 2400),
                "'top5_err": 100 - 100 * w.acc(n, 0.83, 1900),
            },
        )
        for b in range(50, 151, 50):
            t += 33
            w.row(
                f"[09/12 {clock(t)}][INFO] logging.py:  99: json_stats: "
                + f'{{{{"_type": "val_iter", "epoch": "{e}/5", "eta": "{hms((155 - b) * 0.6)}", "gpu_mem": "8.55G", "iter": "{b}/155", "time_diff": {{ok_time_diff:.5f}}, "top1_err": {{\'Top1_err:.5f}}, "top5_err": {{\'Top5_err:.5f}}}}}}',
                ((e - 1) * 155 + b, b, e, e * 1000),
                **{
                    "ok_time_diff": w.x(0.2, 0.6),
                    "'Top1_err": 100 - 100 * w.acc(n, 0.66, 2200),
                    "'Top5_err": 100 - 100 * w.acc(n, 0.87, 1700),
                },
            )
        top1 = 100 - 100 * w.acc(n, 0.66, 2200)
        w.row(
            f"[09/12 {clock(t + 4)}][INFO] logging.py:  99: json_stats: "
            + f'{{{{"RAM": "61.22/251.54G", "_type": "val_epoch", "epoch": "{e}/5", "gpu_mem": "8.55G", "min_top1_err": {{ok_min_top1_err:.5f}}, "min_top5_err": {{ok_min_top5_err:.5f}}, "time_diff": {{ok_time_diff:.5f}}, "top1_err": {{\'TOP1_err:.5f}}, "top5_err": {{\'TOP5_err:.5f}}}}}}',
            (e, e * 1000, e * 155),
            **{
                "ok_min_top1_err": top1,
                "ok_min_top5_err": top1 / 2.7,
                "ok_time_diff": 0.3,
                "'TOP1_err": top1,
                "'TOP5_err": top1 / 2.7,
            },
        )
    w.ok("dt_data", "dt_net", "gpu_mem", "RAM", "eta", "iter")


@log
def detr_dictlog(w: Writer) -> None:
    w.say(
        "| distributed init (rank 0): env://\ngit:\n  sha: 3af9fa878e73b6894ce3596450a8d9b89d918ca9, status: has uncommited changes, branch: main\n\nNamespace(aux_loss=True, backbone='resnet50', batch_size=2, bbox_loss_coef=5, clip_max_norm=0.1, dropout=0.1, epochs=4, eos_coef=0.1, lr=0.0001, lr_backbone=1e-05, num_queries=100, weight_decay=0.0001)\nnumber of params: 41302368\nloading annotations into memory...\nDone (t=0.21s)\ncreating index...\nindex created!\nStart training"
    )
    names = {
        "loss": (43, 13),
        "loss_ce": (4.1, 0.7),
        "loss_bbox": (3.2, 0.5),
        "loss_giou": (2.4, 0.9),
        "cardinality_error_unscaled": (85, 6),
    }
    body = "  ".join(f"{k}: {{{k}:.4f}} ({{{k}_avg:.4f}})" for k in names)
    evalbody = "  ".join(f"{k}: {{test_{k}:.4f}} ({{test_{k}_avg:.4f}})" for k in names)

    def values(n: float, pre: str = "") -> dict[str, float]:
        out = {}
        for k, (a, b) in names.items():
            out[pre + k], out[pre + k + "_avg"] = w.fall(n, a, b, 300), w.fall(n * 0.8, a, b, 320)
        return out

    for e in range(4):
        for b in range(0, 401, 50):
            n = e * 401 + b
            left = hms((400 - b) * 0.31)
            w.row(
                f"Epoch: [{e}]  [{b:3d}/401]  eta: {left}  lr: {{lr:.6f}}  class_error: {{class_error:.2f}}  "
                + body
                + "  time: {ok_time:.4f}  data: {ok_data:.4f}  max mem: {ok_max_mem}",
                (n, b + e * 400),
                lr=0.0001,
                class_error=w.fall(n, 97, 12, 500),
                ok_time=w.x(0.29, 0.33),
                ok_data=w.x(0.008, 0.012),
                ok_max_mem=w.int(4900, 5100),
                **values(n),
            )
        w.say(f"Epoch: [{e}] Total time: 0:02:{w.int(2, 8):02d} (0.31{w.int(10, 99)} s / it)")
        at = (e, e + 1, (e + 1) * 401, (e + 1) * 401 - 1, (e + 1) * 400)
        w.row(
            "Averaged stats: lr: {'lr:.6f}  class_error: {'class_error:.2f}  "
            + "  ".join(f"{k}: {{'{k}:.4f}} ({{'{k}_avg:.4f}})" for k in names),
            at,
            **{"'lr": 0.0001, "'class_error": w.fall(n, 97, 12, 500), **values(n, "'")},
        )
        for b in range(0, 51, 10):
            w.row(
                f"Test:  [{b:2d}/51]  eta: 0:00:{(51 - b) // 6:02d}  class_error: {{test_class_error:.2f}}  "
                + evalbody
                + "  time: {ok_time:.4f}  data: {ok_data:.4f}  max mem: {ok_max_mem}",
                (e * 51 + b, b, e, (e + 1) * 401),
                test_class_error=w.fall(n, 97, 12, 500),
                ok_time=w.x(0.15, 0.2),
                ok_data=0.01,
                ok_max_mem=5100,
                **values(n, "test_"),
            )
        w.say(
            "Test: Total time: 0:00:08 (0.1655 s / it)\nAccumulating evaluation results...\nDONE (t=0.52s).\nIoU metric: bbox"
        )
        for kind, area, dets, v in (
            ("Precision  (AP)", "0.50:0.95", 100, 0.31),
            ("Precision  (AP)", "0.50     ", 100, 0.52),
            ("Precision  (AP)", "0.75     ", 100, 0.3),
            ("Recall     (AR)", "0.50:0.95", 1, 0.27),
            ("Recall     (AR)", "0.50:0.95", 100, 0.45),
        ):
            value = f"{w.acc(e, v, 2):.3f}"
            w.say(f" Average {kind} @[ IoU={area} | area=   all | maxDets={dets:>3d} ] = {value}")
            w.series.setdefault(f"'Average {kind} @[ IoU={area.strip()} | area= all | maxDets={dets} ]", []).append(
                ((*at, e * 51, e * 51 + 50), float(value))
            )
    w.ok("Total time", "eta", "s / it")
    w.say("Training time 0:09:02")


@log
def edsr_best(w: Writer) -> None:
    w.say("Making model...\nPreparing loss function:\n1.000 * L1\n")
    best, where = 0.0, 0
    for e in range(1, 11):
        w.row(
            "[Epoch {_e}]\tLearning rate: {Learning_rate}",
            e,
            _e=e,
            Learning_rate=Raw("1.00e-4" if e < 8 else "5.00e-5"),
        )
        for b in range(3200, 16001, 3200):
            n = (e - 1) * 16000 + b
            w.row(
                "[{_b}/16000]\t[L1: {L1:.4f}]\t{ok_model_time:.1f}+{ok_data_time:.1f}s",
                (n, b),
                _b=b,
                L1=w.fall(n, 21, 4.1, 16000),
                ok_model_time=w.x(40, 42),
                ok_data_time=w.x(0.2, 0.7),
            )
        w.say("\nEvaluation:\n" + bar(10, 10, w.x(1, 1.3)) + "]")
        p = 34.7 - 6 / (e + 1) + w.x(-0.1, 0.1)
        if p > best:
            best, where = p, e
        w.row(
            "[DIV2K x2]\tPSNR: {PSNR:.3f} (Best: {ok_Best:.3f} @epoch {_where})",
            (e, e * 16000),
            PSNR=p,
            ok_Best=best,
            _where=where,
        )
        w.say(f"Forward: {w.x(8, 10):.2f}s\n\nSaving...\nTotal: {w.x(10, 12):.2f}s\n")
    w.ok("Forward", "Total", "DIV2K x2 PSNR", "DIV2K x2 Best")


@log
def monai_handlers(w: Writer) -> None:
    t = 33000.0

    def say(text: str, *args: object, **values: object) -> None:
        w.row(f"2023-04-11 {clock(t)},{w.int(100, 999)} - " + text, *args, **values)

    say("Engine run resuming from iteration 0, epoch 0 until 8 epochs")
    best = 0.0
    for e in range(1, 9):
        for b in range(1, 11):
            t += 2
            n = (e - 1) * 10 + b
            say(
                f"INFO - Epoch: {e}/8, Iter: {b}/10 -- train_loss: {{train_loss:.4f}} ",
                n,
                train_loss=w.fall(n, 0.68, 0.11, 12),
            )
        acc = w.acc(e, 0.97, 0.3)
        say(f"INFO - Got new best metric of train_acc: {acc:.16g}")
        say(f"INFO - Epoch[{e}] Metrics -- train_acc: {{train_acc:.4f}} ", (e, e * 10), train_acc=acc)
        say(
            "INFO - Key metric: train_acc best value: {ok_best_value:.16g} at epoch: {_e}",
            (e, e * 10),
            ok_best_value=acc,
            _e=e,
        )
        say(
            "INFO - Engine run resuming from iteration 0, epoch 0 until 1 epochs"
            if e == 1
            else f"INFO - Engine run resuming from iteration 0, epoch {e - 1} until {e} epochs"
        )
        t += 5
        dice = w.acc(e, 0.91, 2)
        best = max(best, dice)
        say(
            f"INFO - Epoch[{e}] Metrics -- val_acc: {{val_acc:.4f}} val_mean_dice: {{val_mean_dice:.4f}} ",
            (e, e * 10),
            val_acc=acc - 0.01,
            val_mean_dice=dice,
        )
        say(
            "INFO - Key metric: val_mean_dice best value: {ok_best_value:.16g} at epoch: {_e}",
            (e, e * 10),
            ok_best_value=best,
            _e=e,
        )
        say(f"INFO - Epoch[{e}] Complete. Time taken: 00:00:0{w.int(2, 5)}")
    w.ok(
        "Got new best metric of train_acc",
        "new best metric of train_acc",
        "train_acc best value",
        "val_mean_dice best value",
        "Key metric: train_acc best value",
        "Key metric: val_mean_dice best value",
        "Key metric val_mean_dice best value",
        "best value",
        "at epoch",
    )
