"""Scripts people write for themselves."""

from __future__ import annotations

import math

from data.make.strangers.writer import Raw, Writer, log, mmss


@log
def emoji_prints(w: Writer) -> None:
    w.say(
        "🚀 Starting training on NVIDIA GeForce RTX 4070 Ti\n📦 train: 12,480 samples | val: 3,120 samples\n🧠 parameters: 11.2M\n"
        + "─" * 60
    )
    best = 0.0
    for e in range(1, 19):
        lr = 3e-4 if e < 9 else 3e-5
        w.say(f"\n📅 Epoch {e}/18")
        w.row(
            "   🏋️  train → loss: {loss:.4f} | acc: {acc:.2f}%",
            e,
            loss=w.fall(e, 1.9, 0.12, 2),
            acc=100 * w.acc(e, 0.97, 1.2),
        )
        f1 = w.acc(e, 0.91, 1.5)
        w.row(
            "   🔎 valid → loss: {valid_loss:.4f} | acc: {valid_acc:.2f}% | macro-F1: {valid_macro_F1:.3f}",
            e,
            valid_loss=w.fall(e, 1.8, 0.31, 2),
            valid_acc=100 * w.acc(e, 0.92, 1.3),
            valid_macro_F1=f1,
        )
        w.row("   ⏱️  {ok_time:.1f}s | 🎚️ lr: {lr:.0e}", e, ok_time=w.x(31, 36), lr=lr)
        if f1 > best:
            w.say(f"   🏆 new best macro-F1! ({best:.3f} → {f1:.3f}) 💾 saved")
            best = f1
        else:
            w.say("   😴 no improvement")
    w.say(f"\n✅ Done! best macro-F1 = {best:.3f}")
    w.ok("best macro-F1", "new best macro-F1")


@log
def nested_bars_left(w: Writer) -> None:
    w.say("config: bs=32 lr=5e-4 wd=0.01 aug=rand-m7\nfound 3 gpus, using cuda:1")
    epochs, per = 10, 5
    seconds, best = 0.0, 0.0
    for e in range(epochs):
        first = len(w.lines)
        for k in range(1, per + 1):
            b = k * 50
            n = e * 250 + b
            spent = b / 3.1
            w.row(
                f"train {e:02d}: {100 * b // 250:3d}%|{'#' * (b // 25)}{'-' * (10 - b // 25)}| {b}/250 [{mmss(spent)}<{mmss(81 - spent)},  {w.x(3, 3.2):.2f}it/s, loss={{loss:.4f}}, top1={{top1:.1f}}]",
                (n, b, e),
                loss=w.fall(n, 2.9, 0.4, 300),
                top1=100 * w.acc(n + 200, 0.9, 500),
            )
        w.joined(first)
        seconds += 90
        top = round(100 * w.acc(n, 0.86, 500), 1)
        best = max(best, top)
        w.row(
            f"epochs: {100 * (e + 1) // epochs:3d}%|{'#' * (e + 1)}{'-' * (epochs - e - 1)}| {e + 1}/{epochs} [{mmss(seconds)}<{mmss(seconds / (e + 1) * (epochs - e - 1))}, {seconds / (e + 1):.2f}s/it, val_loss={{val_loss:.4f}}, val_top1={{val_top1:.1f}}, best={{ok_best:.1f}}]",
            (e + 1, e, n),
            val_loss=w.fall(n, 2.7, 0.6, 300),
            val_top1=top,
            ok_best=best,
        )
        w.say("")
        w.say("")
        w.say("")
    w.finals(per, "loss", "top1", step=lambda k: ((k + 1) * 250, 250, k))
    w.say("done in 15:00, weights in out/best.safetensors")


@log
def chinese_rounds(w: Writer) -> None:
    w.say(
        "正在加载数据集……完成，共 60000 张训练图片，10000 张测试图片\n使用设备：cuda:0\n模型参数量：1,199,882\n开始训练"
    )
    for e in range(1, 13):
        for b in range(200, 601, 200):
            n = (e - 1) * 600 + b
            w.row(
                "第{_e}轮 [{_b}/600]，损失：{损失:.4f}，学习率：{学习率:.6f}",
                n,
                _e=e,
                _b=b,
                损失=w.fall(n, 1.6, 0.03, 200),
                学习率=0.001 * 0.8 ** (e - 1),
            )
        w.row(
            "第{_e}轮结束，训练准确率：{训练准确率:.2f}%，测试损失：{测试损失:.4f}，测试准确率：{测试准确率:.2f}%，用时{ok_用时:.1f}秒",
            (e, e * 600),
            _e=e,
            训练准确率=100 * w.acc(e, 0.995, 0.3),
            测试损失=w.fall(e, 0.4, 0.028, 1),
            测试准确率=100 * w.acc(e, 0.99, 0.2),
            ok_用时=w.x(14, 16),
        )
    w.say("训练结束，最佳测试准确率：98.91%，模型已保存到 ./checkpoint/best.pth")
    w.ok("最佳测试准确率", "用时")


@log
def fortran_columns(w: Writer) -> None:
    def f(value: float) -> str:
        m, x = f"{abs(value):.5e}".split("e")
        digits = m.replace(".", "")
        power = int(x) + 1
        return Raw(f"{'-' if value < 0 else ' '}0.{digits}E{'-' if power < 0 else '+'}{abs(power):02d}")

    w.say(
        " reading fit.inp\n number of training points    =         4812\n number of validation points  =          535\n hidden layers                =   2   nodes   20   20\n weights                      =         1021\n optimiser: extended Kalman filter   lambda =  0.98000\n\n   iter        rms_train        rms_valid         gradnorm"
    )
    for i in range(151):
        w.row(
            "{_i:7d}   {rms_train}   {rms_valid}   {gradnorm}",
            i,
            _i=i,
            rms_train=f(w.fall(i, 0.81, 0.0021, 6)),
            rms_valid=f(w.fall(i, 0.84, 0.0034, 6)),
            gradnorm=f(w.fall(i, 11.0, 0.004, 4)),
        )
        if i and i % 50 == 0:
            w.say(f" weights written to weights.{i:05d}")
    w.say("\n fit terminated: maximum number of iterations\n cpu time (s) =   812.34")


@log
def notebook_timeit_cells(w: Writer) -> None:
    w.say(
        "In [1]: %matplotlib inline\nIn [2]: %load_ext autoreload\nIn [3]: X.shape, y.shape\nOut[3]: ((50000, 784), (50000,))\nIn [4]: net = MLP([784, 200, 10])\nIn [5]: net.init(seed=3)"
    )
    cell, done = 5, 0
    for lr in (0.5, 0.1, 0.02, 0.005):
        cell += 1
        w.say(f"\nIn [{cell}]: %%time\n   ...: fit(net, X, y, Xv, yv, lr={lr}, epochs=10)\n   ...: ")
        for e in range(1, 11):
            done += 1
            w.row(
                "{_e:>3} cost={cost:.5f} err={err:.2f}% valid_err={valid_err:.2f}%",
                (e, done),
                _e=e,
                cost=w.fall(done, 1.1, 0.02, 2),
                err=w.fall(done, 22, 0.1, 2),
                valid_err=w.fall(done, 20, 2.1, 2),
            )
        w.say(
            f"CPU times: user {w.int(30, 59)}.{w.int(1, 9)} s, sys: {w.int(100, 900)} ms, total: {w.int(1, 2)}min {w.int(1, 50)}s\nWall time: {w.int(14, 20)}.{w.int(1, 9)} s"
        )
    w.say(
        "\nIn [10]: %timeit net.forward(X[:128])\n1.41 ms ± 22.7 µs per loop (mean ± std. dev. of 7 runs, 1,000 loops each)\nIn [11]: np.savez('w.npz', *net.W)"
    )
    w.ok("CPU times", "Wall time", "user", "sys", "total")


@log
def header_every_ten(w: Writer) -> None:
    w.say("graph: 169343 nodes, 1166243 edges, 128 features, 40 classes\nmodel: GAT, 3 layers, 4 heads, dropout 0.6\n")
    t = 0.0
    for e in range(1, 101):
        if e % 10 == 1:
            w.say(
                "+-------+----------+---------+---------+---------+----------+\n| epoch | tr_loss  | tr_acc  | va_acc  | te_acc  | sec      |\n+-------+----------+---------+---------+---------+----------+"
            )
        t += w.x(0.6, 0.8)
        w.row(
            "| {_e:5d} | {tr_loss:8.5f} | {tr_acc:6.2f}% | {va_acc:6.2f}% | {te_acc:6.2f}% | {ok_sec:8.1f} |",
            e,
            _e=e,
            tr_loss=w.fall(e, 3.7, 0.9, 12),
            tr_acc=100 * w.acc(e, 0.76, 6),
            va_acc=100 * w.acc(e, 0.73, 6),
            te_acc=100 * w.acc(e, 0.72, 6),
            ok_sec=t,
        )
    w.say("+-------+----------+---------+---------+---------+----------+")


@log
def kaggle_folds_text(w: Writer) -> None:
    total = 0.0
    w.say(
        "Some weights of the model checkpoint at microsoft/deberta-v3-base were not used when initializing DebertaV2Model: ['mask_predictions.dense.weight', 'lm_predictions.lm_head.bias']\n- This IS expected if you are initializing DebertaV2Model from the checkpoint of a model trained on another task"
    )
    for f in range(3):
        w.say(f"========== fold: {f} training ==========")
        best = 9.0
        for e in range(1, 5):
            for b in (0, 100, 200, 300, 387):
                n = (e - 1) * 388 + b
                el = b // 2
                w.row(
                    f"Epoch: [{e}][{b}/388] Elapsed {el // 60}m {el % 60}s (remain {(387 - b) // 2 // 60}m {(387 - b) // 2 % 60}s) Loss: {{Loss:.4f}}({{Loss_avg:.4f}}) Grad: {{Grad:.4f}}  LR: {{LR:.8f}}  ",
                    (n, f * 1552 + n),
                    Loss=w.fall(n, 0.7, 0.09, 150),
                    Loss_avg=w.fall(n, 0.7, 0.11, 160),
                    Grad=w.x(30000, 240000),
                    LR=2e-5 * (0.5 + 0.5 * math.cos(math.pi * n / 1552)),
                )
            for b in (0, 96):
                w.row(
                    f"EVAL: [{b}/97] Elapsed 0m {b // 4}s (remain 0m {(96 - b) // 4}s) Loss: {{EVAL_Loss:.4f}}({{EVAL_Loss_avg:.4f}}) ",
                    (b, (e - 1) * 97 + b, e, n, (f * 4 + e - 1) * 97 + b, f * 1552 + n),
                    EVAL_Loss=w.fall(n, 0.6, 0.11, 150),
                    EVAL_Loss_avg=w.fall(n, 0.6, 0.12, 150),
                )
            score = w.fall(n, 0.62, 0.448, 200)
            w.row(
                "Epoch {_e} - avg_train_loss: {avg_train_loss:.4f}  avg_val_loss: {avg_val_loss:.4f}  time: {ok_time:.0f}s",
                (e, f * 4 + e, n),
                _e=e,
                avg_train_loss=w.fall(n, 0.6, 0.1, 160),
                avg_val_loss=w.fall(n, 0.6, 0.12, 150),
                ok_time=w.int(218, 224),
            )
            w.row("Epoch {_e} - Score: {Score:.4f}", (e, f * 4 + e, n), _e=e, Score=score)
            if score < best:
                best = score
                w.say(f"Epoch {e} - Save Best Score: {best:.4f} Model")
        total += best
        w.row(f"========== fold: {f} result ==========\nScore: {{ok_result:.4f}}", None, ok_result=best)
    w.row("========== CV ==========\nScore: {ok_cv:.4f}", None, ok_cv=total / 3)
    merged = {k: list(v) for k, v in w.series.items()}
    merged["Score"] = [
        ((None,), float(x.split("Score: ")[1].split()[0]))
        for line in w.lines
        for x in line.splitlines()
        if "Score: " in x and "Best" not in x
    ]
    w.others.append(merged)
    w.ok("Save Best Score", "Score", "CV Score", "result Score", "fold result Score", "Elapsed", "remain")


@log
def seeds_then_mean(w: Writer) -> None:
    finals = []
    w.say("dataset: MUTAG | model: GIN | 5 seeds | hidden 64 | layers 5")
    for seed in range(5):
        w.say(f"\n--- seed {seed} ---")
        for e in range(10, 101, 10):
            test = 100 * w.acc(e, 0.93, 12)
            w.row(
                "  {_e:3d}: loss {loss:.4f}  train acc {train_acc:.2f}  test acc {test_acc:.2f}",
                (e, seed * 100 + e),
                _e=e,
                loss=w.fall(e, 0.69, 0.11, 12),
                train_acc=100 * w.acc(e, 0.99, 9),
                test_acc=test,
            )
        finals.append(test)
        w.row("  -> final {ok_final:.2f}", None, ok_final=test)
    mean = sum(finals) / 5
    w.say(f"\ntest accuracy over 5 seeds: {mean:.2f} ± {(sum((x - mean) ** 2 for x in finals) / 5) ** 0.5:.2f}")
    w.ok("test accuracy over 5 seeds", "test accuracy", "->", "seed", "final")


@log
def french_epochs(w: Writer) -> None:
    w.say(
        "Chargement du jeu de données... 10 012 phrases (fr), vocabulaire : 8 402 mots\nPériphérique : cuda\nArrêt anticipé : patience 5\n"
    )
    for e in range(1, 24):
        w.say(f"Époque {e}/40")
        w.row(
            "    entraînement : perte = {perte:.4f}, exactitude = {exactitude:.3f}",
            e,
            perte=w.fall(e, 2.1, 0.11, 2),
            exactitude=w.acc(e, 0.97, 2),
        )
        w.row(
            "    validation   : perte = {validation_perte:.4f}, exactitude = {validation_exactitude:.3f}",
            e,
            validation_perte=w.fall(e, 2.0, 0.36, 2),
            validation_exactitude=w.acc(e, 0.89, 2),
        )
        if e > 18:
            w.say(f"    pas d'amélioration depuis {e - 18} époque(s)")
    w.say("Arrêt anticipé à l'époque 23. Meilleure époque : 18\nDurée totale : 6 min 41 s")


@log
def multitask_lines(w: Writer) -> None:
    tasks = {"depth": ("rmse", 1.9, 0.52), "normals": ("deg", 41, 18.2), "seg": ("ce", 2.8, 0.41)}
    w.say("NYUv2, 795 train / 654 test, uncertainty weighting (Kendall et al.)")
    for n in range(250, 5001, 250):
        w.row("[iter {_n}] total {total:.4f}", n, _n=n, total=w.fall(n, 5.1, 0.9, 600))
        for task, (unit, first, last) in tasks.items():
            w.row(
                f"    {task:<8} {unit} {{'{task}_{unit}:.4f}}   weight {{ok_{task}_weight:.3f}}",
                n,
                **{f"'{task}_{unit}": w.fall(n, first, last, 700), f"ok_{task}_weight": w.x(0.2, 3)},
            )
        if n % 1000 == 0:
            w.row(
                "  EVAL @ {_n}: depth rmse {eval_depth_rmse:.3f} | normals mean {eval_normals_mean:.2f} | mIoU {eval_mIoU:.2f}",
                n,
                _n=n,
                eval_depth_rmse=w.fall(n, 1.6, 0.61, 700),
                eval_normals_mean=w.fall(n, 38, 21, 700),
                eval_mIoU=100 * w.acc(n, 0.47, 500),
            )
    w.ok("weight", "eval", *(f"{t} weight" for t in tasks), *(f"{t} {u} weight" for t, (u, _, _) in tasks.items()))


@log
def siamese_margins(w: Writer) -> None:
    w.say("signatures: 1320 genuine / 1320 forged, pairs per epoch 20000\nmargin 1.0, embedding 128")
    for e in range(1, 31):
        w.row(
            "epoch#{_e:02d} contrastive={contrastive:.5f} d(pos)={d_pos:.3f} d(neg)={d_neg:.3f}",
            e,
            _e=e,
            contrastive=w.fall(e, 0.24, 0.018, 3),
            d_pos=w.fall(e, 0.6, 0.12, 4),
            d_neg=0.55 + 0.6 * e / (e + 4),
        )
        if e % 3 == 0:
            w.row(
                "         EER={EER:.2f}% at threshold {threshold:.3f}, FAR@1%={FAR@1%:.2f}%",
                e,
                **{"EER": w.fall(e, 31, 4.4, 4), "threshold": w.x(0.4, 0.6), "FAR@1%": w.fall(e, 60, 9, 4)},
            )


@log
def percent_of_epoch(w: Writer) -> None:
    w.say("reading shards 000..063 (12.1 GB)\nvocab 32k, context 512, 86.1 M params, tokens/epoch 1.62e9")
    for k in range(1, 61):
        pos = k * 5 / 100
        w.row(
            "{_pos:5.2f} ep ({_p:5.1f}%)  ce {ce:.4f}  ppl {ppl:8.2f}  lr {lr:.2e}  {ok_tok:.0f} tok/s",
            (round(pos, 2), round(100 * pos / 3, 1), None),
            _pos=pos,
            _p=100 * pos / 3,
            ce=(c := w.fall(k, 8.8, 3.2, 4)),
            ppl=math.exp(c),
            lr=4e-4 * min(1, k / 6) * (0.55 + 0.45 * math.cos(math.pi * k / 60)),
            ok_tok=w.x(51000, 53000),
        )
        if k % 10 == 0:
            w.row(
                "        held-out ce {held-out_ce:.4f} ppl {held-out_ppl:.2f}",
                (round(pos, 2), round(100 * pos / 3, 1), None),
                **{"held-out_ce": c + 0.07, "held-out_ppl": math.exp(c + 0.07)},
            )


@log
def snake_generations(w: Writer) -> None:
    record = 0
    w.say(
        "pygame 2.1.2 (SDL 2.0.18, Python 3.9.7)\nHello from the pygame community. https://www.pygame.org/contribute.html"
    )
    for g in range(1, 141):
        score = max(0, int(w.near(32 * g / (g + 60), 0.7)) if g > 40 else w.int(0, 2))
        record = max(record, score)
        w.row("Game {_g} Score {Score} Record: {ok_Record}", g, _g=g, Score=score, ok_Record=record)


@log
def wandb_tail(w: Writer) -> None:
    w.say(
        "wandb: Currently logged in as: tk91 (lab-7). Use `wandb login --relogin` to force relogin\nwandb: Tracking run with wandb version 0.15.12\nwandb: Run data is saved locally in /home/tk/prot/wandb/run-20231018_101122-x1k2j3h4\nwandb: Run `wandb offline` to turn off syncing.\nwandb: Syncing run crisp-lake-41\nwandb: ⭐️ View project at https://wandb.ai/lab-7/prot\nwandb: 🚀 View run at https://wandb.ai/lab-7/prot/runs/x1k2j3h4"
    )
    for e in range(1, 31):
        w.row(
            "epoch {_e:>2} | train/mae {train/mae:.4f} | val/mae {val/mae:.4f} | val/spearman {val/spearman:.3f} | lr {lr:.1e}",
            e,
            **{
                "_e": e,
                "train/mae": w.fall(e, 1.7, 0.31, 2),
                "val/mae": w.fall(e, 1.6, 0.52, 2),
                "val/spearman": w.acc(e, 0.81, 2),
                "lr": 1e-3 * 0.9**e,
            },
        )
    w.say(
        "wandb: Waiting for W&B process to finish... (success).\nwandb: \nwandb: Run history:\nwandb:        epoch ▁▁▁▂▂▂▂▃▃▃▃▃▄▄▄▅▅▅▅▆▆▆▆▆▇▇▇███\nwandb:           lr █▇▇▆▆▅▅▄▄▄▃▃▃▃▂▂▂▂▂▂▂▁▁▁▁▁▁▁▁▁\nwandb:    train/mae █▆▅▄▄▃▃▃▂▂▂▂▂▂▂▂▁▁▁▁▁▁▁▁▁▁▁▁▁▁\nwandb:      val/mae █▆▅▄▄▃▃▂▂▂▂▂▂▂▂▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁\nwandb: \nwandb: Run summary:\nwandb:        epoch 30\nwandb:           lr 4e-05"
    )
    for k in ("train/mae", "val/mae", "val/spearman"):
        w.say(f"wandb: {k:>12} {w.series[k][-1][1] + 0.00001234:.5f}")
        w.ok("wandb: " + k, "wandb " + k)
    w.ok("wandb lr", "wandb epoch")
    other = {
        k: [*v, ((None,), round(v[-1][1] + 0.00001234, 5))] if k != "lr" else [*v, ((None,), 4e-05)]
        for k, v in w.series.items()
    }
    w.others.append(other)
    w.say(
        "wandb: \nwandb: Synced 5 W&B file(s), 0 media file(s), 0 artifact file(s) and 0 other file(s)\nwandb: Find logs at: ./wandb/run-20231018_101122-x1k2j3h4/logs"
    )
