"""Pictures, poses and point clouds."""

from __future__ import annotations

import math

from data.make.strangers.writer import Writer, clock, hms, log


@log
def votenet_means(w: Writer) -> None:
    names = [
        "box_loss",
        "center_loss",
        "heading_cls_loss",
        "heading_reg_loss",
        "loss",
        "neg_ratio",
        "obj_acc",
        "objectness_loss",
        "pos_ratio",
        "sem_cls_loss",
        "size_cls_loss",
        "size_reg_loss",
        "vote_loss",
    ]
    first = dict(zip(names, [0.97, 0.6, 2.5, 0.02, 17.0, 0.78, 0.7, 0.62, 0.05, 2.7, 2.8, 0.06, 0.55], strict=True))
    last = dict(zip(names, [0.23, 0.1, 0.5, 0.01, 5.5, 0.68, 0.93, 0.12, 0.24, 0.4, 0.5, 0.02, 0.17], strict=True))
    w.say("10 classes: train 5285 scans, val 5050 scans\n5285 5050\n-> parameters 953,114")
    for e in range(4):
        w.row(
            f"**** EPOCH {e:03d} ****\nCurrent learning rate: {{Current_learning_rate:f}}\nCurrent BN decay momentum: {{Current_BN_decay_momentum:f}}\n2020-02-04 {clock(33000 + e * 400)}.{w.int(100000, 999999)}",
            (e, e * 660, None),
            Current_learning_rate=0.001,
            Current_BN_decay_momentum=0.5,
        )
        for b in range(10, 61, 10):
            n = e * 66 + b
            at = (b, n, e * 60 + b, e, None)
            w.row(
                f" ---- batch: {b:03d} ----\n" + "\n".join(f"mean {k}: {{'{k}:f}}" for k in names),
                at,
                **{"'" + k: w.fall(n, first[k], last[k], 60) for k in names},
            )
        if e % 2 == 1:
            w.say("eval batch: 0\neval batch: 10")
            at = (e, n, (e + 1) * 66, b, None)
            w.row(
                "\n".join(f"eval mean {k}: {{eval_mean_{k}:f}}" for k in names),
                at,
                **{"eval_mean_" + k: w.near(last[k] * 1.4 if "loss" in k else last[k]) for k in names},
            )
            for name in ("bed", "table", "sofa", "chair", "toilet"):
                w.say(f"eval {name} Average Precision: {w.x(0.1, 0.7):f}")
                w.ok(f"eval {name} Average Precision", f"{name} Average Precision")
            w.row("eval mAP: {eval_mAP:f}\neval AR: {eval_AR:f}", at, eval_mAP=w.x(0.2, 0.3), eval_AR=w.x(0.5, 0.7))


@log
def yolox_loguru(w: Writer) -> None:
    t = 9 * 3600 + 14 * 60.0
    w.say(
        "2022-03-08 09:13:11 | INFO     | yolox.core.trainer:130 - args: Namespace(batch_size=16, cache=False, ckpt='yolox_s.pth', devices=2, exp_file='exps/drone.py', fp16=True, num_machines=1, occupy=True, resume=False)"
    )
    w.say(
        "2022-03-08 09:13:11 | INFO     | yolox.core.trainer:131 - exp value:\n╒══════════════════╤════════════════════════════╕\n│ keys             │ values                     │\n╞══════════════════╪════════════════════════════╡\n│ seed             │ None                       │\n├──────────────────┼────────────────────────────┤\n│ warmup_epochs    │ 1                          │\n├──────────────────┼────────────────────────────┤\n│ max_epoch        │ 6                          │\n├──────────────────┼────────────────────────────┤\n│ basic_lr_per_img │ 0.00015625                 │\n├──────────────────┼────────────────────────────┤\n│ ema              │ True                       │\n╘══════════════════╧════════════════════════════╛"
    )
    w.say(
        "2022-03-08 09:13:12 | INFO     | yolox.core.trainer:137 - Model Summary: Params: 8.94M, Gflops: 26.64\n2022-03-08 09:13:15 | INFO     | yolox.core.trainer:155 - init prefetcher, this might take one minute or less...\n2022-03-08 09:13:21 | INFO     | yolox.core.trainer:191 - Training start..."
    )
    for e in range(1, 7):
        w.say(f"2022-03-08 {clock(t)} | INFO     | yolox.core.trainer:202 - ---> start train epoch{e}")
        if e == 5:
            w.say(
                f"2022-03-08 {clock(t)} | INFO     | yolox.core.trainer:206 - --->No mosaic aug now!\n2022-03-08 {clock(t)} | INFO     | yolox.core.trainer:208 - --->Add additional L1 loss now!"
            )
        for b in range(50, 401, 50):
            n = (e - 1) * 400 + b
            t += 16
            iou, conf, cls, l1 = (
                w.fall(n, 4.4, 1.9, 400),
                w.fall(n, 9, 2.1, 200),
                w.fall(n, 2, 0.6, 300),
                0.0 if e < 5 else w.x(0.5, 0.8),
            )
            w.row(
                f"2022-03-08 {clock(t)} | INFO     | yolox.core.trainer:260 - epoch: {e}/6, iter: {b}/400, mem: {{ok_mem:.0f}}Mb, iter_time: {{ok_iter_time:.3f}}s, data_time: {{ok_data_time:.3f}}s, total_loss: {{total_loss:.1f}}, iou_loss: {{iou_loss:.1f}}, l1_loss: {{l1_loss:.1f}}, conf_loss: {{conf_loss:.1f}}, cls_loss: {{cls_loss:.1f}}, lr: {{lr:.3e}}, size: {{ok_size}}, ETA: {hms((2400 - n) * 0.32)}",
                n,
                ok_mem=w.int(5600, 5640),
                ok_iter_time=w.x(0.3, 0.34),
                ok_data_time=w.x(0.001, 0.01),
                total_loss=iou + conf + cls + l1,
                iou_loss=iou,
                l1_loss=l1,
                conf_loss=conf,
                cls_loss=cls,
                lr=0.0025 * min((n / 400) ** 2, 0.05 + 0.95 * (0.5 + 0.5 * math.cos(math.pi * max(0, n - 400) / 2000))),
                ok_size=w.int(15, 25) * 32,
            )
        w.say(f"2022-03-08 {clock(t)} | INFO     | yolox.core.trainer:364 - Save weights to ./YOLOX_outputs/drone")
        t += 30
        w.say(
            f"100%|##########| 69/69 [00:21<00:00,  3.19it/s]\n2022-03-08 {clock(t)} | INFO     | yolox.evaluators.coco_evaluator:256 - Evaluate in main process..."
        )
        w.say(
            "Loading and preparing results...\nDONE (t=0.31s)\ncreating index...\nindex created!\nRunning per image evaluation...\nDONE (t=2.71s).\nAccumulating evaluation results...\nDONE (t=0.52s)."
        )
        w.say(
            f"2022-03-08 {clock(t)} | INFO     | yolox.core.trainer:354 - \nAverage forward time: 4.{w.int(10, 99)} ms, Average NMS time: 1.{w.int(10, 99)} ms, Average inference time: 6.{w.int(10, 99)} ms"
        )
        ap = w.acc(e, 0.44)
        for area, dets, value in (("0.50:0.95", 100, ap), ("0.50     ", 100, ap * 1.6), ("0.75     ", 100, ap * 1.05)):
            w.say(f" Average Precision  (AP) @[ IoU={area} | area=   all | maxDets={dets} ] = {value:.3f}")
            name = f"'Average Precision (AP) @[ IoU={area.strip()} | area= all | maxDets={dets} ]"
            w.series.setdefault(name, []).append(((e, e * 400, e * 69), float(f"{value:.3f}")))
    w.ok("Average forward time", "Average NMS time", "Average inference time", "ETA", "size", "mem")
    w.say(
        "2022-03-08 09:31:52 | INFO     | yolox.core.trainer:196 - Training of experiment is done and the best AP is 31.20"
    )


@log
def basicsr_thousands(w: Writer) -> None:
    t = 3600.0 * 11
    w.say(
        "2021-12-05 11:00:00,121 INFO: \n                ____                _       _____  ____\n               / __ ) ____ _ _____ (_)_____/ ___/ / __ \\\n              / __  |/ __ `// ___// // ___/\\__ \\ / /_/ /\n             / /_/ // /_/ /(__  )/ // /__ ___/ // _, _/\n            /_____/ \\__,_//____//_/ \\___//____//_/ |_|\n\nVersion Information: \n\tBasicSR: 1.3.4.9\n\tPyTorch: 1.10.0+cu113\n\tTorchVision: 0.11.1+cu113"
    )
    w.say(
        "2021-12-05 11:00:00,122 INFO: \n  name: 101_train_MSRResNet_x4\n  scale: 4\n  num_gpu: 2\n  train:[\n    ema_decay: 0.999\n    optim_g:[\n      type: Adam\n      lr: 0.0002\n    ]\n    total_iter: 10000\n  ]\n\n2021-12-05 11:00:04,902 INFO: Training statistics:\n\tNumber of train images: 32592\n\tDataset enlarge ratio: 100\n\tBatch size per gpu: 16\n\tRequire iter number per epoch: 101850\n\tTotal epochs: 1; iters: 10000.\n2021-12-05 11:00:11,044 INFO: Start training from epoch: 0, iter: 0"
    )
    for n in range(100, 10001, 100):
        t += 17
        lr = 2e-4 * (0.5 + 0.5 * math.cos(math.pi * n / 10000))
        w.row(
            f"2021-12-05 {clock(t)},{w.int(100, 999)} INFO: [101_t..][epoch:  0, iter:{n:8,d}, lr:({{lr:.3e}},)] [eta: {hms((10000 - n) * 0.17)}, time (data): {{ok_time:.3f}} ({{ok_data:.3f}})] l_pix: {{l_pix:.4e}} ",
            n,
            lr=lr,
            ok_time=w.x(0.16, 0.18),
            ok_data=w.x(0.001, 0.004),
            l_pix=w.fall(n, 0.11, 0.021, 400),
        )
        if n % 2000 == 0:
            w.say(f"2021-12-05 {clock(t)},950 INFO: Saving models and training states.")
            for name, p in (("Set5", 31.2), ("Set14", 27.9)):
                psnr = p - 300 / (n + 200) + w.x(0, 0.1)
                w.row(
                    f"2021-12-05 {clock(t + 9)},101 INFO: Validation {name}\n\t # psnr: {{{name}_psnr:.4f}}\tBest: {{ok_Best:.4f}} @ {n} iter\n",
                    n,
                    **{f"{name}_psnr": psnr, "ok_Best": psnr},
                )
                w.ok(f"{name} Best", f"{name} psnr Best", "psnr Best")
    merged = {k: v for k, v in w.series.items() if "psnr" not in k}
    merged["'psnr"] = [p for a, b in zip(w.series["Set5_psnr"], w.series["Set14_psnr"], strict=True) for p in (a, b)]
    w.others.append(merged)
    w.ok("time (data)", "eta", "time data")
    w.say(
        f"2021-12-05 {clock(t + 20)},330 INFO: End of training. Time consumed: 0:28:31\n2021-12-05 {clock(t + 20)},330 INFO: Save the latest model."
    )


@log
def torch7_confusion(w: Writer) -> None:
    w.say(
        "==> executing all\n==> switching to floats\n==> downloading dataset\n==> using regular, full training data\n==> here is the model:\nnn.Sequential {\n  [input -> (1) -> (2) -> (3) -> output]\n  (1): nn.SpatialConvolutionMM(3 -> 64, 5x5)\n  (2): nn.Tanh\n  (3): nn.Linear(256 -> 4)\n}\n==> defining some tools\n==> training!"
    )
    names = ["cat", "dog", "owl", "fox"]

    def matrix(kind: str, e: int) -> None:
        a = min(0.985, w.acc(e, 0.97 if kind == "train" else 0.93, 0.6))
        hit: list[float] = []
        w.say("ConfusionMatrix:")
        for i, name in enumerate(names):
            row = [w.int(0, int(1 + 300 * (1 - a))) for _ in names]
            row[i] = 500 - sum(row) + row[i]
            hit.append(100 * row[i] / 500)
            inner = " ".join(f"{v:7d}" for v in row)
            lead, tail = ("[[", "]") if i == 0 else (" [", "]]" if i == len(names) - 1 else "]")
            w.say(f"{lead}{inner}{tail}  {100 * row[i] / sum(row):.3f}% \t[class: {name}]")
        q = "'" if kind == "train" else "'_"
        w.row(
            f" + average row correct: {{{q}average_row_correct:.10g}}% \n + average rowUcol correct (VOC measure): {{{q}average_rowUcol_correct_VOC_measure:.10g}}% \n + global correct: {{{q}global_correct:.10g}}%",
            (e, None),
            **{
                q + "average_row_correct": sum(hit) / 4,
                q + "average_rowUcol_correct_VOC_measure": sum(hit) / 4 - 9 + e / 9,
                q + "global_correct": sum(hit) / 4,
            },
        )

    for e in range(1, 13):
        w.say(
            f"==> doing epoch on training data:\n==> online epoch # {e} [batchSize = 16]\n [=========================== 2000/2000 ============>]  Tot: {w.int(12, 15)}s{w.int(100, 999)}ms | Step: 6ms"
        )
        w.row(
            "\n==> time to learn 1 sample = {ok_time_to_learn_1_sample:.10g}ms",
            e,
            ok_time_to_learn_1_sample=w.x(6.1, 6.9),
        )
        matrix("train", e)
        w.say(
            "==> saving model to /home/u/results/model.net\n==> testing on test set:\n [=========================== 500/500 ==============>]  Tot: 1s201ms | Step: 2ms"
        )
        w.row(
            "\n==> time to test 1 sample = {ok_time_to_test_1_sample:.10g}ms", e, ok_time_to_test_1_sample=w.x(2.1, 2.9)
        )
        matrix("test", e)
    merged = {}
    for key in list(w.series):
        if not key.startswith("'_"):
            merged[key] = [p for a, b in zip(w.series[key], w.series["'_" + key[1:]], strict=True) for p in (a, b)]
    w.others.append(merged)
    w.ok("class", *names, *("class " + k for k in names))


@log
def opencv_cascade(w: Writer) -> None:
    w.say(
        "PARAMETERS:\ncascadeDirName: data\nvecFileName: pos.vec\nbgFileName: bg.txt\nnumPos: 900\nnumNeg: 1800\nnumStages: 9\nprecalcValBufSize[Mb] : 2048\nprecalcIdxBufSize[Mb] : 2048\nacceptanceRatioBreakValue : -1\nstageType: BOOST\nfeatureType: LBP\nsampleWidth: 24\nsampleHeight: 24\nboostType: GAB\nminHitRate: 0.995\nmaxFalseAlarmRate: 0.5\nweightTrimRate: 0.95\nmaxDepth: 1\nmaxWeakCount: 100\nNumber of unique features given windowSize [24,24] : 8464\n"
    )
    ratio, seconds, done = 1.0, 0, 0
    for s in range(9):
        w.say(f"===== TRAINING {s}-stage =====\n<BEGIN\nPOS count : consumed   900 : {900 + s * 4}")
        w.row(
            "NEG count : acceptanceRatio    1800 : {ok_acceptanceRatio:.6g}\nPrecalculation time: {ok_Precalculation_time}",
            s,
            ok_acceptanceRatio=ratio,
            ok_Precalculation_time=w.int(2, 5),
        )
        w.say("+----+---------+---------+\n|  N |    HR   |    FA   |\n+----+---------+---------+")
        weak = 4 + s // 2 + w.int(0, 1)
        for k in range(1, weak + 1):
            fa = 1.0 if k < 3 else 0.93 - (0.93 - 0.44) * (k - 2) / (weak - 2) + w.x(-0.02, 0)
            w.row(
                "|{_k:4d}|{HR:9.6g}|{FA:9.6g}|\n+----+---------+---------+",
                (k, done + k, s, None),
                _k=k,
                HR=1 if k < 4 else round(w.int(896, 899) / 900, 6),
                FA=int(1800 * fa) / 1800,
            )
        done += weak
        ratio *= w.x(0.3, 0.5)
        seconds += w.int(20, 90)
        w.say(f"END>\nTraining until now has taken 0 days 0 hours {seconds // 60} minutes {seconds % 60} seconds.\n")
    w.ok(
        "NEG count", "NEG count acceptanceRatio", "POS count", "NEG count : acceptanceRatio", "N", "POS count consumed"
    )


@log
def matlab_table(w: Writer) -> None:
    rule = "|" + "=" * 118 + "|"
    w.say(
        "Training on single GPU.\nInitializing input data normalization.\n"
        + rule
        + "\n|  Epoch  |  Iteration  |  Time Elapsed  |  Mini-batch  |  Validation  |  Mini-batch  |  Validation  |  Base Learning  |\n|         |             |   (hh:mm:ss)   |   Accuracy   |   Accuracy   |     Loss     |     Loss     |      Rate       |\n"
        + rule
    )
    for n in [1, *range(50, 2341, 50), 2340]:
        e = (n - 1) // 234 + 1
        shown = n == 1 or n % 150 == 0 or n == 2340
        val = (
            {"Validation_Accuracy": 100 * w.acc(n, 0.97, 60), "Validation_Loss": w.fall(n, 2.3, 0.11, 90)}
            if shown
            else {}
        )
        w.row(
            f"| {e:7d} | {n:11d} | {'0' + hms(n * 0.21):>14} | {{Mini-batch_Accuracy:11.2f}}% | "
            + ("{Validation_Accuracy:11.2f}% | " if shown else " " * 12 + " | ")
            + "{Mini-batch_Loss:12.4f} | "
            + ("{Validation_Loss:12.4f} | " if shown else " " * 12 + " | ")
            + "{Base_Learning_Rate:15.4f} |",
            n,
            **{
                "Mini-batch_Accuracy": 100 * min(1.0, w.acc(n, 0.995, 50)),
                "Mini-batch_Loss": w.fall(n, 2.6, 0.03, 60),
                "Base_Learning_Rate": 0.01 * 0.1 ** ((e - 1) // 5),
                **val,
            },
        )
    w.say(rule + "\nTraining finished: Max epochs completed.")
    w.ok("Time Elapsed", "Iteration")


@log
def monodepth_examples(w: Writer) -> None:
    def h(s: float) -> str:
        s = int(s)
        return f"{s // 3600:02d}h{s // 60 % 60:02d}m{s % 60:02d}s"

    w.say(
        "Training model named:\n   mono_model\nModels and tensorboard events files are saved to:\n   /home/u/tmp\nTraining is using:\n   cuda\nUsing split:\n   eigen_zhou\nThere are 39810 training items and 4424 validation items\n"
    )
    t = 0.0
    for e in range(5):
        w.say("Training")
        for b in range(0, 3317, 250):
            n = e * 3317 + b
            t += 88
            w.row(
                f"epoch {e:>3} | batch {b:>6} | examples/s: {{ok_examples/s:5.1f}} | loss: {{loss:.5f}} | time elapsed: {h(t)} | time left: {h(6000 - t)}",
                (b, n, e, None),
                **{"ok_examples/s": w.x(33, 35), "loss": w.fall(n, 0.21, 0.091, 900)},
            )
    w.ok("time elapsed", "time left")
