"""Text, speech and language models."""

from __future__ import annotations

import math

from data.make.strangers.writer import Raw, Writer, bar, clock, log


@log
def icefall_batches(w: Writer) -> None:
    t = 30.0 * 3600
    w.say(
        "2023-03-02 06:00:00,113 INFO [train.py:973] Training started\n2023-03-02 06:00:00,117 INFO [train.py:983] Device: cuda:0\n2023-03-02 06:00:00,120 INFO [train.py:992] {'best_train_loss': inf, 'best_valid_loss': inf, 'batch_idx_train': 0, 'log_interval': 50, 'reset_interval': 200, 'valid_interval': 400, 'subsampling_factor': 4, 'base_lr': 0.05, 'lr_batches': 5000, 'max_duration': 300}\n2023-03-02 06:00:02,441 INFO [train.py:1005] Number of model parameters: 70369391"
    )
    for e in range(1, 6):
        for b in range(0, 401, 50):
            t += 19
            n = (e - 1) * 420 + b
            at = (b, n, (e - 1) * 401 + b, (e - 1) * 400 + b, e, None)
            simple, pruned = w.fall(n, 1.05, 0.36, 120), w.fall(n, 1.6, 0.24, 110)
            w.row(
                f"2023-03-02 {clock(t)},{w.int(100, 999)} INFO [train.py:901] Epoch {e}, batch {b}, loss[loss={{'loss:.4}}, simple_loss={{'simple_loss:.4}}, pruned_loss={{'pruned_loss:.4}}, over {{_f:.2f}} frames. ], tot_loss[loss={{'tot_loss:.4}}, simple_loss={{'Simple_loss:.4}}, pruned_loss={{'Pruned_loss:.4}}, over {{_g:.2f}} frames. ], batch size: {{ok_batch_size}}, lr: {{lr:.2e}}, grad_scale: {{grad_scale}}",
                at,
                **{
                    "'loss": simple * 0.5 + pruned,
                    "'simple_loss": simple,
                    "'pruned_loss": pruned,
                    "_f": w.int(5000, 7400),
                    "'tot_loss": simple * 0.51 + pruned + 0.003,
                    "'Simple_loss": simple + 0.01,
                    "'Pruned_loss": pruned + 0.005,
                    "_g": w.x(1.0e6, 1.4e6) if b else 6210.0,
                    "ok_batch_size": w.int(13, 44),
                    "lr": 0.05 * ((n**2 + 5000**2) / 5000**2) ** -0.25 * min(1, 0.5 + n / 1000),
                    "grad_scale": 8.0 if n < 1000 else 16.0,
                },
            )
            if b == 0:
                w.say(f"2023-03-02 {clock(t + 1)},018 INFO [train.py:926] Computing validation loss")
                t += 12
                w.row(
                    f"2023-03-02 {clock(t)},{w.int(100, 999)} INFO [train.py:935] Epoch {e}, validation: loss={{validation_loss:.4}}, simple_loss={{validation_simple_loss:.4}}, pruned_loss={{validation_pruned_loss:.4}}, over 944034.00 frames. ",
                    at,
                    validation_loss=simple * 0.5 + pruned - 0.02,
                    validation_simple_loss=simple - 0.01,
                    validation_pruned_loss=pruned - 0.015,
                )
                w.row(
                    f"2023-03-02 {clock(t)},940 INFO [train.py:936] Maximum memory allocated so far is {{ok_Maximum_memory}}MB",
                    None,
                    ok_Maximum_memory=w.int(17800, 17900),
                )
            if b == 200:
                quart = sorted(w.x(20, 400) for _ in range(5))
                w.say(
                    f"2023-03-02 {clock(t)},511 INFO [optim.py:369] Clipping_scale=2.0, grad-norm quartiles {quart[0]:.3e} {quart[1]:.3e} {quart[2]:.3e} {quart[3]:.3e} {quart[4]:.3e}, threshold={2 * quart[2]:.3e}, percent-clipped={w.int(0, 4)}.0"
                )
        w.say(
            f"2023-03-02 {clock(t + 8)},300 INFO [checkpoint.py:75] Saving checkpoint to pruned_transducer_stateless7/exp/epoch-{e}.pt"
        )
    w.ok(
        "frames",
        "over",
        "grad-norm quartiles",
        "quartiles",
        "threshold",
        "percent-clipped",
        "Clipping_scale",
        "Maximum memory allocated so far is",
        "memory",
        "tot_loss frames",
        "loss frames",
        "validation frames",
        "memory allocated",
    )


@log
def speechbrain_epochs(w: Writer) -> None:
    def sb(value: float) -> Raw:
        return Raw(f"{value:.2f}" if 1.0 < value < 100.0 else f"{value:.2e}")

    w.say(
        "speechbrain.core - Beginning experiment!\nspeechbrain.core - Experiment folder: results/CRDNN_BPE/2602\nspeechbrain.core - Gradscaler enabled: False. Using precision: fp32.\nspeechbrain.core - 148.1M trainable parameters in ASR\nspeechbrain.utils.checkpoints - Would load a checkpoint here, but none found yet."
    )
    for e in range(1, 13):
        tl = w.fall(e, 3.9, 0.62, 1.5)
        w.row(
            f"speechbrain.utils.epoch_loop - Going into epoch {e}\n"
            + bar(3301, 3301, w.x(1.1, 1.3))
            + ", train_loss={ok_train_loss:.3g}]",
            None,
            ok_train_loss=tl,
        )
        w.say(bar(227, 227, w.x(1.5, 1.9)) + "]")
        cer = w.fall(e, 31, 4.1, 1)
        w.row(
            f"speechbrain.utils.train_logger - epoch: {e}, lr: {{lr}} - train loss: {{train_loss}} - valid loss: {{valid_loss}}, valid CER: {{valid_CER}}, valid WER: {{valid_WER}}",
            (e, e * 3301),
            lr=sb(1.0 if e < 7 else 0.8 if e < 10 else 0.64),
            train_loss=sb(tl),
            valid_loss=sb(w.fall(e, 3.1, 0.9, 1.5)),
            valid_CER=sb(cer),
            valid_WER=sb(cer * 2.4),
        )
        w.say(
            f"speechbrain.utils.checkpoints - Saved an end-of-epoch checkpoint in results/CRDNN_BPE/2602/save/CKPT+2022-04-0{1 + e // 4}+{w.int(10, 23)}-{w.int(10, 59)}-{w.int(10, 59)}+00"
        )
    w.series["train_loss"] = [(p[0], p[1]) for p in w.series["train_loss"]]
    w.ok("loss")
    w.say("speechbrain.utils.checkpoints - Loading a checkpoint from results/CRDNN_BPE/2602/save/CKPT+2022-04-03")
    w.row(
        "speechbrain.utils.train_logger - Epoch loaded: 12 - test loss: {test_loss}, test CER: {test_CER}, test WER: {test_WER}",
        None,
        test_loss=sb(1.02),
        test_CER=sb(4.4),
        test_WER=sb(9.8),
    )
    w.ok("Epoch loaded")


@log
def demucs_summary(w: Writer) -> None:
    t = 5000.0
    w.say(
        "[05-22 01:23:20][dora.distrib][INFO] - world_size is 1, skipping init.\n[05-22 01:23:20][__main__][INFO] - For logs, checkpoints and samples check /home/mus/outputs/xps/97d170e1\n[05-22 01:23:34][demucs.solver][INFO] - Model size 41.9 MB"
    )
    for e in range(1, 11):
        w.say(
            f"[05-22 {clock(t)}][demucs.solver][INFO] - ----------------------------------------------------------------------\n[05-22 {clock(t)}][demucs.solver][INFO] - Training..."
        )
        for b in range(160, 801, 160):
            t += 73
            n = (e - 1) * 800 + b
            w.row(
                f"[05-22 {clock(t)}][demucs.solver][INFO] - Train | Epoch {e} | {b}/800 | {{ok_it_sec:.1f}} it/sec | Loss {{Loss:.4f}} | Grad {{Grad:.4f}}",
                n,
                ok_it_sec=w.x(2.1, 2.3),
                Loss=w.fall(n, 0.31, 0.139, 900),
                Grad=w.x(0.4, 1.2),
            )
        w.row(
            f"[05-22 {clock(t)}][demucs.solver][INFO] - Train Summary | Epoch {e} | Loss={{'Loss:.4f}} | Grad={{'Grad:.4f}}",
            (e, e * 800),
            **{"'Loss": w.fall(n, 0.33, 0.14, 900), "'Grad": w.x(0.7, 0.9)},
        )
        w.say(f"[05-22 {clock(t)}][demucs.solver][INFO] - Cross validation...")
        t += 40
        v = w.fall(n, 0.3, 0.15, 900)
        w.row(
            f"[05-22 {clock(t)}][demucs.solver][INFO] - Valid Summary | Epoch {e} | Loss={{Valid_Summary_Loss:.4f}} | Nsdr={{Valid_Summary_Nsdr:.3f}} | Best={{ok_Best:.4f}} | Bname=main",
            (e, e * 800),
            Valid_Summary_Loss=v,
            Valid_Summary_Nsdr=6.8 - 10 * (v - 0.15),
            ok_Best=v,
        )
    w.ok("Train Summary Loss", "Train Summary Grad", "Valid Summary Best", "it/sec")
    merged = {
        ("Valid_Loss" if k == "Valid_Summary_Loss" else "Valid_Nsdr" if k == "Valid_Summary_Nsdr" else k): v
        for k, v in w.series.items()
    }
    w.others.append(merged)


@log
def gptq_layers(w: Writer) -> None:
    t = 45000.0
    mods = ["self_attn.k_proj", "self_attn.v_proj", "self_attn.q_proj", "self_attn.out_proj", "fc1", "fc2"]
    w.say(
        "2023-07-02 12:29:51 WARNING [datasets.builder] Found cached dataset wikitext (/root/.cache/huggingface/datasets/wikitext)\nToken indices sequence length is longer than the specified maximum sequence length for this model (2824491 > 2048). Running this sequence through the model will result in indexing errors"
    )
    for layer in range(1, 13):
        w.say(f"2023-07-02 {clock(t)} INFO [auto_gptq.modeling._base] Start quantizing layer {layer}/12")
        for k, mod in enumerate(mods):
            t += 2
            w.say(f"2023-07-02 {clock(t)} INFO [auto_gptq.modeling._base] Quantizing {mod} in layer {layer}/12...")
            w.row(
                f"2023-07-02 {clock(t)} INFO [auto_gptq.quantization.gptq] duration: {{ok_duration:.16g}}",
                None,
                ok_duration=w.x(0.3, 0.9),
            )
            w.row(
                f"2023-07-02 {clock(t)} INFO [auto_gptq.quantization.gptq] avg loss: {{avg_loss:.16g}}",
                None,
                avg_loss=(0.4 + k) * layer**1.3 * w.x(0.4, 3),
            )
    w.say(
        f"2023-07-02 {clock(t + 5)} INFO [auto_gptq.modeling._utils] Packing model...\n2023-07-02 {clock(t + 30)} INFO [auto_gptq.modeling._utils] Model packed."
    )


@log
def waveglow_colon(w: Writer) -> None:
    w.say(
        "WaveGlow(\n  (upsample): ConvTranspose1d(80, 80, kernel_size=(1024,), stride=(256,))\n  (WN): ModuleList(...)\n)\noutput directory checkpoints"
    )
    n = 0
    for e in range(6):
        w.say(f"Epoch: {e}")
        for _ in range(20):
            w.row("{_n}:\t{loss:.9f}", n, _n=n, loss=-6.1 + 6 / (1 + n / 14) + w.x(-0.2, 0.2))
            n += 1
            if n % 50 == 0:
                w.say(f"Saving model and optimizer state at iteration {n} to checkpoints/waveglow_{n}")


@log
def openclip_info(w: Writer) -> None:
    t = 28806.0
    w.say(
        "2023-01-20,08:00:00 | INFO | Running with a single process. Device cuda:0.\n2023-01-20,08:00:00 | INFO | Loaded RN50 model config.\n2023-01-20,08:00:03 | INFO | Model:\n2023-01-20,08:00:03 | INFO | CLIP(\n  (visual): ModifiedResNet()\n  (transformer): Transformer()\n)\n2023-01-20,08:00:03 | INFO | Params:\n2023-01-20,08:00:03 | INFO |   batch_size: 320\n2023-01-20,08:00:03 | INFO |   epochs: 4\n2023-01-20,08:00:03 | INFO |   lr: 0.001\n2023-01-20,08:00:03 | INFO |   warmup: 1000\n2023-01-20,08:00:03 | INFO |   wd: 0.1"
    )
    total = 320 * 2500
    for e in range(4):
        w.say(f"2023-01-20,{clock(t)} | INFO | Start epoch {e}")
        for b in range(0, 2500, 250):
            t += 101
            n = e * 2500 + b
            loss = w.fall(n, 5.8, 1.1, 900)
            w.row(
                f"2023-01-20,{clock(t)} | INFO | Train Epoch: {e} [{(b + 1) * 320:>6}/{total} ({100 * b / 2500:.0f}%)] Data (t): {{ok_Data_(t):.3f}} Batch (t): {{ok_Batch_(t):.3f}}, {{ok_rate:#g}}/s, {{ok_rate_per_gpu:#g}}/s/gpu LR: {{LR:5f}} Logit Scale: {{Logit_Scale:.3f}} Contrastive_loss: {{Contrastive_loss:#.5g}} ({{Contrastive_loss_avg:#.5g}}) Loss: {{Loss:#.5g}} ({{Loss_avg:#.5g}})",
                (n, e * total + (b + 1) * 320, (b + 1) * 320, n + 1),
                **{
                    "ok_Data_(t)": w.x(0.01, 0.09),
                    "ok_Batch_(t)": w.x(0.39, 0.42),
                    "ok_rate": w.x(760, 790),
                    "ok_rate_per_gpu": w.x(760, 790),
                    "LR": 1e-3 * min(1, n / 1000) * (0.5 + 0.5 * math.cos(math.pi * n / 10000)),
                    "Logit_Scale": 14.286 + 30 * n / (n + 4000),
                    "Contrastive_loss": loss,
                    "Contrastive_loss_avg": loss + 0.1,
                    "Loss": loss,
                    "Loss_avg": loss + 0.1,
                },
            )
        t += 60
        w.row(
            f"2023-01-20,{clock(t)} | INFO | Eval Epoch: {e + 1} imagenet-zeroshot-val-top1: {{imagenet-zeroshot-val-top1:.4f}}\timagenet-zeroshot-val-top5: {{imagenet-zeroshot-val-top5:.4f}}",
            (e + 1, e, (e + 1) * 2500, n, (e + 1) * total, n * 320),
            **{"imagenet-zeroshot-val-top1": w.acc(e, 0.31, 2), "imagenet-zeroshot-val-top5": w.acc(e, 0.55, 2)},
        )
    w.ok("/s", "/s/gpu", "Data", "Batch", "s/gpu", "s")


@log
def parlai_columns(w: Writer) -> None:
    t = 36000.0
    w.say(
        "10:00:00 | building dictionary first...\n10:00:00 | Opt:\n10:00:00 |     activation: gelu\n10:00:00 |     batchsize: 32\n10:00:00 |     learningrate: 1e-05\n10:00:00 |     task: convai2\n10:00:04 | Total parameters: 87,508,992 (87,508,992 trainable)\n10:00:05 | training..."
    )
    cols = [
        "clip",
        "ctpb",
        "exps",
        "exs",
        "gnorm",
        "gpu_mem",
        "loss",
        "lr",
        "ltpb",
        "ppl",
        "token_acc",
        "total_train_updates",
        "tpb",
        "ups",
    ]
    context = {"ctpb", "exps", "exs", "gpu_mem", "ltpb", "tpb", "ups", "total_train_updates"}
    for n in range(50, 1001, 50):
        t += 21
        loss = w.fall(n, 4.9, 2.61, 200)
        v = {
            "clip": 1,
            "ctpb": w.int(3100, 3300),
            "exps": w.x(70, 75),
            "exs": n * 32 if n == 50 else 1600,
            "gnorm": w.x(3, 9),
            "gpu_mem": w.x(0.4, 0.5),
            "loss": loss,
            "lr": 1e-5,
            "ltpb": w.int(380, 420),
            "ppl": math.exp(loss),
            "token_acc": w.acc(n, 0.44, 60),
            "total_train_updates": n,
            "tpb": w.int(3500, 3700),
            "ups": w.x(2.2, 2.4),
        }
        shown = {k: f"{x:.4g}" for k, x in v.items()}
        wide = {k: max(len(k), len(shown[k])) for k in cols}
        w.say(
            f"{clock(t)} | time:{n * 21 // 50}s total_exs:{n * 32} total_steps:{n} epochs:{n * 32 / 131438:.2f} time_left:{(1000 - n) * 21 // 50}s\n    "
            + "  ".join(f"{k:>{wide[k]}}" for k in cols)
        )
        w.row(
            "    "
            + "  ".join(f"{' ' * (wide[k] - len(shown[k]))}{{{'ok_' if k in context else ''}{k}:.4g}}" for k in cols)
            + "\n",
            (n, n * 32, round(n * 32 / 131438, 2)),
            **{("ok_" if k in context else "") + k: x for k, x in v.items()},
        )
    w.ok("total_exs", "total_steps", "epochs", "time_left")
