"""Molecules, forecasts and equations."""

from __future__ import annotations

from data.make.strangers.writer import Writer, clock, log


@log
def dcrnn_supervisor(w: Writer) -> None:
    t = 8 * 3600.0
    w.say("2021-04-19 08:00:00,120 - INFO - Log directory: data/model/dcrnn_DR_2_h_12_64-64_lr_0.01_bs_64_0419080000/")
    w.say(
        "2021-04-19 08:00:03,514 - INFO - {'base_dir': 'data/model', 'data': {'batch_size': 64, 'dataset_dir': 'data/METR-LA', 'test_batch_size': 64}, 'train': {'base_lr': 0.01, 'dropout': 0, 'epochs': 100, 'lr_decay_ratio': 0.1, 'max_grad_norm': 5, 'min_learning_rate': 2e-06, 'optimizer': 'adam', 'patience': 50, 'steps': [20, 30, 40, 50]}}"
    )
    w.say(
        "2021-04-19 08:00:05,002 - INFO - Model created\n2021-04-19 08:00:05,010 - INFO - Start training ...\n2021-04-19 08:00:05,010 - INFO - num_batches:375"
    )
    best = 1e9
    for e in range(32):
        took = w.x(181, 190)
        t += took
        lr = 0.01 if e < 20 else 0.001 if e < 30 else 0.0001
        val = w.fall(e, 4.4, 2.9, 4)
        now = f"2021-04-19 {clock(t)},{w.int(100, 999)} - INFO - "
        w.say(now + "epoch complete\n" + now + "evaluating now!")
        w.row(
            now
            + "Epoch [{_e}/100] ({_seen}) train_mae: {train_mae:.4f}, val_mae: {val_mae:.4f}, lr: {lr:.6f}, {ok_time:.1f}s",
            (e, (e + 1) * 375, e + 1),
            _e=e,
            _seen=(e + 1) * 375,
            train_mae=w.fall(e, 4.9, 2.6, 3),
            val_mae=val,
            lr=lr,
            ok_time=took,
        )
        if e % 10 == 9:
            w.row(
                now
                + "Epoch [{_e}/100] ({_seen}) train_mae: {_again:.4f}, test_mae: {test_mae:.4f},  lr: {_lr:.6f}, {ok_time:.1f}s",
                (e, (e + 1) * 375, e + 1),
                _e=e,
                _seen=(e + 1) * 375,
                _again=w.series["train_mae"][-1][1],
                test_mae=val + 0.21,
                _lr=lr,
                ok_time=took + 41,
            )
            for name in ("train_mae", "lr"):
                w.series[name].append(w.series[name][-1])
        if val < best:
            if best < 1e9:
                w.say(now + f"Val loss decrease from {best:.4f} to {val:.4f}, saving to models/epo{e}.tar")
            best = val
    w.ok("val loss", "val loss decrease from", "to")


@log
def cryodrgn_epochs(w: Writer) -> None:
    def stamp(t: float) -> str:
        return f"2022-01-20 {clock(t)}     "

    t = 52000.0
    w.say(
        stamp(t)
        + "/home/lab/.conda/envs/cryodrgn/bin/cryodrgn train_vae particles.128.mrcs --poses poses.pkl --ctf ctf.pkl --zdim 8 -n 8 -o 00_vae128\n"
        + stamp(t)
        + "Namespace(activation='relu', amp=True, batch_size=8, beta=None, beta_control=None, checkpoint=1, ctf='ctf.pkl', do_pose_sgd=False, lr=0.0001, num_epochs=8, wd=0, zdim=8)"
    )
    w.say(
        stamp(t + 1)
        + "Use cuda True\n"
        + stamp(t + 9)
        + "Loaded 131899 128x128 images\n"
        + stamp(t + 90)
        + "Normalized HT by 0 +/- 97.31\n"
        + stamp(t + 91)
        + "HetOnlyVAE(\n  (encoder): ResidLinearMLP()\n  (decoder): FTPositionalDecoder()\n)\n"
        + stamp(t + 91)
        + "9814284 parameters in model"
    )
    t += 100
    for e in range(1, 9):
        for b in range(10000, 131899, 10000):
            t += 43
            n = (e - 1) * 131899 + b
            gen, kld = w.fall(n, 0.97, 0.93, 90000), w.fall(n, 4, 11, 60000)
            w.row(
                stamp(t)
                + "# [Train Epoch: {_e}/8] [{_b}/131899 images] gen loss={gen_loss:.6f}, kld={kld:.6f}, beta={beta:.6f}, loss={loss:.6f}",
                (n, b),
                _e=e,
                _b=b,
                gen_loss=gen,
                kld=kld,
                beta=0.125,
                loss=gen + kld * 0.125 / 16384,
            )
        t += 10
        w.row(
            stamp(t)
            + "# =====> Epoch: {_e} Average gen loss = {Average_gen_loss:.6}, KLD = {'KLD:.6f}, total loss = {'total_loss:.6f}; Finished in {ok_Finished_in}",
            (e, e * 131899, e * 131899 - 1899),
            **{
                "_e": e,
                "Average_gen_loss": gen + 0.0002,
                "'KLD": kld,
                "'total_loss": gen + 0.0003,
                "ok_Finished_in": 9,
            },
        )
        w.lines[-1] = w.lines[-1][: -len("9")] + f"0:09:{w.int(20, 59)}.{w.int(100000, 999999)}"
    w.say(stamp(t + 60) + "Finished in 1:17:22.010311 (0:09:40.251289 per epoch)")


@log
def raissi_pinn(w: Writer) -> None:
    w.say(
        "WARNING:tensorflow:From Burgers.py:71: The name tf.Session is deprecated. Please use tf.compat.v1.Session instead.\n\nDevice mapping:\n/job:localhost/replica:0/task:0/device:GPU:0 -> device: 0, name: GeForce GTX 1080 Ti, pci bus id: 0000:01:00.0, compute capability: 6.1"
    )
    for n in range(0, 1000, 10):
        w.row(
            "It: {_n}, Loss: {Loss:.3e}, Lambda_1: {Lambda_1:.3f}, Lambda_2: {Lambda_2:.6f}, Time: {ok_Time:.2f}",
            n,
            _n=n,
            Loss=w.fall(n, 0.41, 0.006, 60),
            Lambda_1=0.93 * n / (n + 300),
            Lambda_2=0.00248 + 0.004 / (1 + n / 200),
            ok_Time=w.x(0.1, 0.13),
        )
    for k in range(60):
        w.row(
            "Loss: {'Loss:e}, l1: {l1:.5f}, l2: {l2:.5f}",
            None,
            **{
                "'Loss": w.fall(k, 0.0058, 0.00001, 4),
                "l1": 0.72 + 0.28 * k / (k + 9),
                "l2": 0.0032 + 0.0022 / (1 + k / 4),
            },
        )
    other = {k: list(v) for k, v in w.series.items() if k != "'Loss"}
    other["Loss"] += w.series["'Loss"]
    w.others.append(other)
    w.say(
        "INFO:tensorflow:Optimization terminated with:\n  Message: b'CONVERGENCE: REL_REDUCTION_OF_F_<=_FACTR*EPSMCH'\n  Objective function value: 0.000011\n  Number of iterations: 59\n  Number of functions evaluations: 64"
    )
    w.say("Error u: 1.113419e-03\nError l1: 0.02108%\nError l2: 0.44320%")
    w.ok(
        "Error u",
        "Error l1",
        "Error l2",
        "Objective function value",
        "Number of iterations",
        "Number of functions evaluations",
    )


@log
def stgcn_pipes(w: Writer) -> None:
    w.say(
        "Training configs: Namespace(Ks=3, Kt=3, act_func='glu', batch_size=32, dataset='pemsd7-m', droprate=0.5, enable_cuda=True, epochs=10000, gamma=0.95, gso_type='sym_norm_lap', lr=0.001, n_his=12, n_pred=3, opt='adam', patience=30, seed=42, step_size=10, stblock_num=2, weight_decay_rate=0.0005)"
    )
    bad, best = 0, 9.0
    for e in range(1, 81):
        val = w.fall(e, 0.41, 0.208, 4)
        if e % 8 == 0:
            w.say(f"100%|██████████| 216/216 [00:{w.int(10, 19)}<00:00, {w.x(11, 20):.2f}it/s]")
        w.row(
            "Epoch: {_e:03d} | Lr: {Lr:.20f} |Train loss: {Train_loss:.6f} | Val loss: {Val_loss:.6f} | GPU occupy: {ok_GPU_occupy:.6f} MiB",
            e,
            _e=e,
            Lr=0.001 * 0.95 ** ((e - 1) // 10),
            Train_loss=w.fall(e, 0.48, 0.19, 4),
            Val_loss=val,
            ok_GPU_occupy=274.56298828125 if e > 1 else 268.1123046875,
        )
        if val < best:
            best, bad = val, 0
        else:
            bad += 1
            w.say(f"EarlyStopping counter: {bad} out of 30")
    w.row(
        "Dataset pemsd7-m | Test loss {Test_loss:.6f} | MAE {MAE:.6f} | RMSE {RMSE:.6f} | WMAPE {WMAPE:.8f}",
        None,
        Test_loss=0.2163,
        MAE=2.2412,
        RMSE=4.012,
        WMAPE=0.03921,
    )
    w.ok("EarlyStopping counter")


@log
def cellpose_losses(w: Writer) -> None:
    t = 50000.0
    w.say(
        "2024-05-02 13:53:02,120 [INFO] WRITING LOG OUTPUT TO /home/bio/.cellpose/run.log\n2024-05-02 13:53:02,121 [INFO] \ncellpose version: \t3.0.7 \nplatform:       \tlinux \npython version: \t3.10.13 \ntorch version:  \t2.2.1\n2024-05-02 13:53:02,871 [INFO] ** TORCH CUDA version installed and working. **\n2024-05-02 13:53:02,871 [INFO] >>>> using GPU (CUDA)\n2024-05-02 13:53:03,001 [INFO] not all flows are present, running flow generation for all images\n100%|##########| 68/68 [00:04<00:00, 14.21it/s]\n2024-05-02 13:53:14,630 [INFO] computing flows for labels\n2024-05-02 13:53:19,011 [INFO] >>> computing diameters\n100%|##########| 68/68 [00:00<00:00, 713.23it/s]\n2024-05-02 13:53:20,551 [INFO] >>> using channels [2, 1]\n2024-05-02 13:53:20,552 [INFO] >>> normalizing {'lowhigh': None, 'percentile': None, 'normalize': True, 'norm3D': False}\n2024-05-02 13:53:21,009 [INFO] >>> n_epochs=500, n_train=68, n_test=9\n2024-05-02 13:53:21,010 [INFO] >>> SGD, learning_rate=0.10000, weight_decay=0.00010, momentum=0.900\n2024-05-02 13:53:21,774 [INFO] >>> saving model to /data/cells/models/CP_20240502_135302"
    )
    for e in [0, 5, *range(10, 500, 10)]:
        w.row(
            f"2024-05-02 {clock(t + e * 2.1)},{w.int(100, 999)} [INFO] {e}, train_loss={{train_loss:.4f}}, test_loss={{test_loss:.4f}}, LR={{LR:.4f}}, time {{ok_time:.2f}}s",
            e,
            train_loss=w.fall(e, 0.61, 0.062, 25),
            test_loss=w.fall(e, 0.55, 0.081, 25),
            LR=min(0.1, 0.1 * e / 9) if e < 400 else 0.1 / 2 ** ((e - 390) // 10),
            ok_time=e * 2.1 + w.x(2, 3),
        )
        if e and e % 100 == 0:
            w.say(
                f"2024-05-02 {clock(t + e * 2.1)},990 [INFO] saving network parameters to /data/cells/models/CP_20240502_135302"
            )


@log
def gpytorch_rbf(w: Writer) -> None:
    w.say(
        "/opt/conda/lib/python3.8/site-packages/gpytorch/utils/linear_cg.py:266: NumericalWarning: CG terminated in 1000 iterations with average residual norm 0.0131 which is larger than the tolerance of 0.01\n  warnings.warn("
    )
    for i in range(1, 101):
        w.row(
            "Iter {_i}/100 - Loss: {Loss:.3f}   lengthscale: {lengthscale:.3f}   noise: {noise:.3f}",
            i,
            _i=i,
            Loss=-0.12 + 1.05 / (1 + (i - 1) / 18) + w.x(-0.004, 0.004),
            lengthscale=0.693 - 0.42 * (i - 1) / (i + 25),
            noise=0.004 + 0.689 / (1 + (i - 1) / 12),
        )
    w.row("MAE on the held-out third: {ok_MAE:.4f}\nnlpd: {ok_nlpd:.4f}", None, ok_MAE=0.0931, ok_nlpd=-0.6111)
    w.ok("MAE on the held-out third")


@log
def chemprop_norms(w: Writer) -> None:
    w.say(
        "Command line\npython chemprop_train --data_path data/delaney.csv --dataset_type regression --save_dir delaney --epochs 30\nArgs\n{'aggregation': 'mean',\n 'batch_size': 50,\n 'depth': 3,\n 'final_lr': 0.0001,\n 'hidden_size': 300,\n 'init_lr': 0.0001,\n 'max_lr': 0.001,\n 'metric': 'rmse'}\nLoading data\nNumber of tasks = 1\nFold 0\nSplitting data with seed 0\nTotal size = 1,128 | train size = 902 | val size = 112 | test size = 114\nFitting scaler\nBuilding model 0\nMoleculeModel(\n  (encoder): MPN(...)\n  (readout): Sequential(...)\n)\nNumber of parameters = 355,201\nMoving model to cuda"
    )
    for e in range(30):
        w.say(f"Epoch {e}")
        w.row(
            "Loss = {Loss:.4e}, PNorm = {PNorm:.4f}, GNorm = {GNorm:.4f}, lr_0 = {lr_0:.4e}",
            (e, e + 1),
            Loss=w.fall(e, 1.1, 0.03, 2),
            PNorm=33.9 + e * 0.11,
            GNorm=w.x(0.7, 6),
            lr_0=min(1e-4 + 4.5e-4 * (e + 1), 1e-3 * 0.1 ** (max(0, e - 1) / 28)),
        )
        w.row("Validation rmse = {Validation_rmse:.6f}", (e, e + 1), Validation_rmse=w.fall(e, 1.9, 0.61, 2))
    w.row(
        'Model 0 best validation rmse = {ok_best_validation_rmse:.6f} on epoch 27\nLoading pretrained parameter "encoder.encoder.0.W_i.weight".\nMoving model to cuda\nModel 0 test rmse = {Model_0_test_rmse:.6f}\nEnsemble test rmse = {Ensemble_test_rmse:.6f}',
        None,
        ok_best_validation_rmse=0.641,
        Model_0_test_rmse=0.671201,
        Ensemble_test_rmse=0.671201,
    )
    w.say(
        "1-fold cross validation\n\tSeed 0 ==> test rmse = 0.671201\nOverall test rmse = 0.671201 +/- 0.000000\nElapsed time = 0:00:41"
    )
    w.ok(
        "Model 0 best validation rmse",
        "Overall test rmse",
        "test rmse",
        "Seed 0 ==> test rmse",
        "Seed 0 test rmse",
        "Elapsed time",
    )
