"""Molecules, forecasts and equations."""

from __future__ import annotations

from data.make.strangers.writer import Writer, bar, clock, log


@log
def nequip_batches(w: Writer) -> None:
    cols = ["loss", "loss_f", "loss_e", "f_mae", "f_rmse", "e_mae", "e/N_mae"]
    w.say(
        "Torch device: cuda\nProcessing dataset...\nLoaded data: Batch(atomic_numbers=[21000, 1], batch=[21000], edge_cell_shift=[373512, 3], edge_index=[2, 373512], forces=[21000, 3], pos=[21000, 3], ptr=[1001], total_energy=[1000, 1])\nCached processed data to disk\nDone!\nSuccessfully loaded the data set of type ASEDataset(1000)...\nReplace string dataset_forces_rms to 30.621034622192383\nNumber of weights: 1406856\nNumber of trainable weights: 1406856\n! Starting training ..."
    )

    def values(e: float, scale: float) -> dict[str, float]:
        f, en = w.fall(e, 1.02, 0.004, 0.6) * scale, w.fall(e, 0.5, 0.01, 0.7) * scale
        return {
            "loss": f + en,
            "loss_f": f,
            "loss_e": en,
            "f_mae": 21 * f**0.5,
            "f_rmse": 30.6 * f**0.5,
            "e_mae": 9 * en**0.5,
            "e/N_mae": 0.43 * en**0.5,
        }

    head = "".join(f"{c:>13s}" for c in cols)
    t = 0.0
    for e in range(1, 9):
        for phase, count, scale in (("training", 190, 1.0), ("validation", 10, 1.15)):
            w.say(f"\n{phase}\n# Epoch batch{head}")
            for b in range(50 if count > 50 else 5, count + 1, 50 if count > 50 else 5):
                pre = "" if phase == "training" else "validation_"
                v = values(e - 1 + b / count * 0.5, scale)
                at = ((e - 1) * 190 + b, (e - 1) * 150 + b, b, e, None) if pre == "" else (b, e, (e - 1) * 10 + b, None)
                w.row(
                    f"{e:7d} {b:5d}" + "".join(f"{{{pre}{c}:13.3g}}" for c in cols),
                    at,
                    **{pre + k: x for k, x in v.items()},
                )
        t += w.x(38, 41)
        w.say(f"\n\n  Train      #    Epoch      wal       LR {head}")
        for phase in ("Train", "Validation"):
            v = values(e, 1.0 if phase == "Train" else 1.2)
            w.row(
                f"! {phase:<15s}{e:8d}{t:9.3f}{{ok_LR:9.3g}} "
                + "".join(f"{{'{c if phase == 'Train' else c.upper()}:13.3g}}" for c in cols),
                e,
                **{"ok_LR": 0.005, **{"'" + (k if phase == "Train" else k.upper()): x for k, x in v.items()}},
            )
        w.say(f"Wall time: {t}\n! Best model {e:8d} {v['loss']:8.3f}")
    w.ok("wal", "Wall time", "Best model", "LR", "Validation_LR", "Train_LR", "Validation wal", "Train wal")


@log
def nnunet_epochs(w: Writer) -> None:
    t = 61234.0

    def p(text: str, at: float | None = None, **values: object) -> None:
        w.row(f"2021-06-14 {clock(t)}.{100000 + len(w.lines) % 9 * 97000 + w.int(0, 90000)}: " + text, at, **values)

    w.say(
        "\nPlease cite the following paper when using nnUNet:\n\nIsensee, F., Jaeger, P.F., Kohl, S.A.A. et al. \"nnU-Net: a self-configuring method for deep learning-based biomedical image segmentation.\" Nat Methods (2020). https://doi.org/10.1038/s41592-020-01008-z\n\n###############################################\nI am running the following nnUNet: 3d_fullres\nMy trainer class is:  <class 'nnunet.training.network_training.nnUNetTrainerV2.nnUNetTrainerV2'>\nFor that I will be using the following configuration:\nnum_classes:  2\nbatch_size:  2\ncurrent spacing:  [1. 1. 1.]\nI am using stage 0 from these plans\nI am using sample dice + CE loss"
    )
    p("loading dataset")
    for e in range(22):
        took = w.x(171, 176)
        t += took
        p(f"\nepoch:  {e}")
        p("train loss : {train_loss:.4f}", e, train_loss=w.fall(e, 0.32, -0.81, 3))
        p("validation loss: {validation_loss:.4f}", e, validation_loss=w.fall(e, 0.21, -0.72, 3))
        a, b = w.acc(e, 0.93, 1), w.acc(e, 0.86, 2)
        p(
            "Average global foreground Dice: [{ok_Average_global_foreground_Dice}, {ok_Dice}]",
            e,
            ok_Average_global_foreground_Dice=round(a, 4),
            ok_Dice=round(b, 4),
        )
        p("(interpret this as an estimate for the Dice of the different classes. This is not exact.)")
        if e > 7 and e % 3:
            p(f"New best epoch (train loss MA): {w.x(-0.7, -0.6):.4f}")
        p("lr: {lr}", e, lr=round(0.01 * (1 - (e + 1) / 1000) ** 0.9, 6))
        p("This epoch took {ok_This_epoch_took:f} s\n", e, ok_This_epoch_took=took)
    w.ok(
        "Average global foreground Dice 0",
        "Average global foreground Dice 1",
        "Average global foreground Dice[0]",
        "Average global foreground Dice[1]",
        "New best epoch",
        "New best epoch (train loss MA)",
        "train loss MA",
        "This epoch took",
    )


@log
def gluonts_bar(w: Writer) -> None:
    w.say(
        "INFO:root:Using CPU\nINFO:gluonts.trainer:Start model training\nINFO:gluonts.trainer:Number of parameters in DeepARTrainingNetwork: 26844"
    )
    for e in range(12):
        first = len(w.lines)
        w.row(
            "INFO:gluonts.trainer:Epoch[{_e}] Learning rate is {Learning_rate:g}",
            (e, (e + 1) * 50, e * 50),
            _e=e,
            Learning_rate=0.001 if e < 9 else 0.0005,
        )
        first = len(w.lines)
        w.say("  0%|          | 0/50 [00:00<?, ?it/s]")
        for b in (12, 24, 37, 50):
            w.row(
                bar(b, 50, w.x(9, 10)) + f", epoch={e + 1}/12, avg_epoch_loss={{avg_epoch_loss:.3g}}]",
                (e * 50 + b, e + 1, e, b),
                avg_epoch_loss=w.fall(e + b / 50, 6.1, 3.9, 2),
            )
        w.joined(first)
        w.row(
            "INFO:gluonts.trainer:Epoch[{_e}] Elapsed time {ok_Elapsed_time:.3f} seconds",
            e,
            _e=e,
            ok_Elapsed_time=w.x(5, 5.6),
        )
        w.row(
            "INFO:gluonts.trainer:Epoch[{_e}] Evaluation metric 'epoch_loss'={epoch_loss:f}",
            (e, (e + 1) * 50),
            _e=e,
            epoch_loss=w.series["avg_epoch_loss"][-1][1] + w.x(-0.004, 0.004),
        )
    w.finals(4, "avg_epoch_loss", step=lambda k: ((k + 1) * 50, k + 1, k, 50))
    w.say(
        "INFO:root:Computing averaged parameters.\nINFO:root:Loading averaged parameters.\nINFO:gluonts.trainer:End model training"
    )
    w.row(
        'Running evaluation: 100%|██████████| 321/321 [00:02<00:00, 141.09it/s]\n{{\n    "MSE": {ok_MSE:.8f},\n    "MASE": {ok_MASE:.8f},\n    "mean_wQuantileLoss": {ok_mean_wQuantileLoss:.8f}\n}}',
        None,
        ok_MSE=1043211.20114,
        ok_MASE=0.81122,
        ok_mean_wQuantileLoss=0.061207,
    )


@log
def dgl_sage(w: Writer) -> None:
    w.say(
        "Using backend: pytorch\nThis will download 1.38GB. Will you proceed? (y/N) y\nRead 111059956 edges\ngraph: 2449029 nodes, classes 47"
    )
    for e in range(6):
        for b in range(0, 181, 20):
            n = e * 193 + b
            speed = "nan" if n < 60 else f"{w.x(36000, 41000):.4f}"
            w.row(
                f"Epoch {e:05d} | Step {b:05d} | Loss {{Loss:.4f}} | Train Acc {{Train_Acc:.4f}} | Speed (samples/sec) {speed} | GPU {{ok_GPU:.1f}} MB",
                (b, n, e * 181 + b, e * 180 + b, None),
                Loss=w.fall(n, 4.1, 0.51, 60),
                Train_Acc=max(0.01, w.acc(n, 0.88, 40)),
                ok_GPU=w.x(3200, 3300),
            )
        w.row("Epoch Time(s): {ok_Epoch_Time:.4f}", None, ok_Epoch_Time=w.x(16, 19))
        if e % 2 == 1:
            w.row(
                "Eval Acc {Eval_Acc:.4f}\nTest Acc: {Test_Acc:.4f}",
                (e, n, b, None),
                Eval_Acc=w.acc(e, 0.91, 0.2),
                Test_Acc=w.acc(e, 0.78, 0.2),
            )
    w.ok("Speed (samples/sec)", "Speed", "Epoch Time(s)", "samples/sec")
    w.row("Avg epoch time: {ok_Avg_epoch_time}", None, ok_Avg_epoch_time=17.2210991)


@log
def n2p2_epochs(w: Writer) -> None:
    rule = "#" * 76
    w.say(
        f"{rule}\n# Learning curves for training properties:\n#  * energy\n#  * force\n{rule}\n# Col  Name             Description\n{rule}\n# 1    epoch            Current epoch.\n# 2    RMSEpa_Etrain_pu RMSE of training energies per atom. (physical units)\n# 3    RMSEpa_Etest_pu  RMSE of test energies per atom. (physical units)\n# 4    RMSE_Ftrain_pu   RMSE of training forces. (physical units)\n# 5    RMSE_Ftest_pu    RMSE of test forces. (physical units)\n{rule}\n#        1                2                3                4                5\n#    epoch RMSEpa_Etrain_pu  RMSEpa_Etest_pu   RMSE_Ftrain_pu    RMSE_Ftest_pu\n{rule}"
    )
    for e in range(51):
        w.row(
            "{_e:10d} {RMSEpa_Etrain_pu:16.8E} {RMSEpa_Etest_pu:16.8E} {RMSE_Ftrain_pu:16.8E} {RMSE_Ftest_pu:16.8E}",
            e,
            _e=e,
            RMSEpa_Etrain_pu=w.fall(e, 0.41, 0.0006, 0.3),
            RMSEpa_Etest_pu=w.fall(e, 0.42, 0.0007, 0.3),
            RMSE_Ftrain_pu=w.fall(e, 0.32, 0.031, 0.5),
            RMSE_Ftest_pu=w.fall(e, 0.33, 0.034, 0.5),
        )
