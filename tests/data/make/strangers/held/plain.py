"""Trees, linear models, trials, graphs, equations; frameworks off the road; prefixes of launchers."""

from __future__ import annotations

from data.make.strangers.writer import Writer, log


@log
def catboost_remaining(w: Writer) -> None:
    w.say("Learning rate set to 0.081192")
    best, at = 9.0, 0
    for n in range(0, 1000, 10):
        test = w.fall(n, 0.69, 0.31, 90) * (1.02 if n > 700 else 1)
        if test < best:
            best, at = test, n
        left = (999 - n) * 0.012
        remaining = f"{left:.3g}s" if left >= 1 else f"{left * 1000:.3g}ms"
        total = f"{n * 12 + 62.1:.3g}ms" if n < 70 else f"{n * 0.012:.3g}s"
        w.row(
            f"{n}:\tlearn: {{learn:.7f}}\ttest: {{test:.7f}}\tbest: {best:.7f} ({at})\ttotal: {total}\tremaining: {remaining}",
            n,
            learn=w.fall(n, 0.69, 0.2, 90),
            test=test,
        )
    w.say(f"\nbestTest = {best:.10f}\nbestIteration = {at}\n\nShrink model to first {at + 1} iterations.")
    w.ok("best", "total", "remaining", "bestTest", "bestIteration")


@log
def xgboost_watch(w: Writer) -> None:
    w.say(
        '[10:12:44] WARNING: ../src/learner.cc:767: \nParameters: { "silent", "num_boost_rounds" } are not used.\n\n[10:12:44] INFO: ../src/tree/updater_gpu_hist.cu:712: Using GPU\n(80000, 210) (20000, 210)'
    )
    for n in range(0, 300, 5):
        w.row(
            "[{_n}]\ttrain-rmse:{train-rmse:.5f}\ttrain-mae:{train-mae:.5f}\tvalid-rmse:{valid-rmse:.5f}\tvalid-mae:{valid-mae:.5f}",
            n,
            **{
                "_n": n,
                "train-rmse": w.fall(n, 12, 1.1, 20),
                "train-mae": w.fall(n, 9, 0.8, 20),
                "valid-rmse": w.fall(n, 12.2, 1.9, 20),
                "valid-mae": w.fall(n, 9.1, 1.4, 20),
            },
        )
    w.say(
        "Stopping. Best iteration:\nCV fold 1 done in 12.3s\n   feature  importance\n0  f_012    1023.0\n1  f_101     882.0\n2  f_007     610.0"
    )
    w.ok("CV fold", "importance")


@log
def sklearn_gbm(w: Writer) -> None:
    w.say("      Iter       Train Loss      OOB Improve   Remaining Time ")
    for n in [*range(1, 11), *range(20, 101, 10), *range(200, 1001, 100)]:
        left = (1000 - n) * 0.09
        rest = f"{left / 60:.2f}m" if left > 60 else f"{left:.2f}s"
        w.row(
            "{_n:10d} {train_loss:16.4f} {oob_improve:16.4f} " + f"{rest:>16s} ",
            n,
            _n=n,
            train_loss=w.fall(n, 1.35, 0.3, 60),
            oob_improve=w.fall(n, 0.05, 0.0001, 20),
        )
    w.say("Test R^2: 0.8812\nMSE: 9.1201")
    w.ok("Remaining Time", "Test R^2", "MSE", "R^2", "R")


@log
def sgd_verbose(w: Writer) -> None:
    for e in range(1, 41):
        w.say(f"-- Epoch {e}")
        w.row(
            "Norm: {norm:.2f}, NNZs: {nnzs}, Bias: {bias:.6f}, T: {_t}, Avg. loss: {avg. loss:.6f}",
            (e, e * 11314),
            **{
                "norm": 20 + e / 4 + w.x(),
                "nnzs": 130107,
                "bias": -w.x(1, 1.1),
                "_t": e * 11314,
                "avg. loss": w.fall(e, 0.2, 0.03, 2),
            },
        )
        w.say(f"Total training time: {e * 0.11 + w.x(0, 0.02):.2f} seconds.")
    w.say("Convergence after 40 epochs took 4.52 seconds")
    w.ok("T", "Total training time", "took")


@log
def optuna_trials(w: Writer) -> None:
    w.say(
        "[I 2023-02-03 10:11:12,120] A new study created in memory with name: no-name-4b1cd1f3-0dbb-4a7e-9a31-4d5a0f2d13e1"
    )
    best, at = 0.0, 0
    for n in range(50):
        v = w.x(0.7, 0.95)
        if v > best:
            best, at = v, n
        if n in {17, 31}:
            w.say(f"[I 2023-02-03 10:{12 + n // 2}:{n % 2 * 30 + 14},003] Trial {n} pruned. ")
            continue
        w.row(
            f"[I 2023-02-03 10:{12 + n // 2}:{n % 2 * 30 + w.int(10, 29)},{w.int(0, 999):03d}] Trial {n} finished with value: {{value}} and parameters: {{{{'n_layers': {w.int(1, 4)}, 'dropout': {w.x(0.1, 0.5)}, 'lr': {w.x(1e-5, 1e-2)}, 'optimizer': '{w.noise.choice(['Adam', 'SGD'])}'}}}}. Best is trial {at} with value: {best}.",
            n,
            value=v,
        )
    w.say(
        "Study statistics: \n  Number of finished trials:  50\n  Number of pruned trials:  2\n  Number of complete trials:  48\nBest trial:\n  Value:  0.94"
    )
    w.ok(
        "n_layers",
        "dropout",
        "lr",
        "parameters",
        "best",
        "Best is trial with value",
        "Number of",
        "Number of finished trials",
        "Number of pruned trials",
        "Number of complete trials",
        "Best trial Value",
        "best value",
    )
    w.series["'value"] = w.series.pop("value")


@log
def lightgcn_epochs(w: Writer) -> None:
    w.say(
        "\x1b[0;30;43m[TEST]\x1b[0m".replace("[TEST]", "SEED: 2020")
        + "\n>>SEED: 2020\n{'A_n_fold': 100,\n 'A_split': False,\n 'bpr_batch_size': 2048,\n 'decay': 0.0001,\n 'dropout': 0,\n 'keep_prob': 0.6,\n 'latent_dim_rec': 64,\n 'lightGCN_n_layers': 3,\n 'lr': 0.001}\ncores for test: 8\n810128 interactions for training\n217242 interactions for testing\ngowalla Sparsity : 0.0008396216228570436\ngowalla is ready to go\nlgn is already to go(dropout:0)\nloading adjacency matrix"
    )
    for e in range(61):
        if e % 10 == 0:
            w.say("\x1b[0;30;43m[TEST]\x1b[0m")
            w.row(
                "{{'precision': array([{precision:.8f}]), 'recall': array([{recall:.8f}]), 'ndcg': array([{ndcg:.8f}])}}",
                (e, e + 1, e or None, e // 10),
                precision=w.acc(e, 0.05, 9),
                recall=w.acc(e, 0.18, 9),
                ndcg=w.acc(e, 0.15, 9),
            )
        w.row(f"EPOCH[{e + 1}/1000] loss{{loss:.3f}}-|Sample:{w.x(4, 6):.2f}|", e + 1, loss=w.fall(e, 0.54, 0.03, 6))
    w.ok("Sample")


@log
def deepmd_curve(w: Writer) -> None:
    w.say(
        "#  step      rmse_val    rmse_trn    rmse_e_val  rmse_e_trn    rmse_f_val  rmse_f_trn         lr\n# If there is no available reference data, rmse_*_{val,trn} will print nan"
    )
    for n in range(0, 20001, 200):
        w.row(
            "{_n:7d}      {rmse_val:.2e}    {rmse_trn:.2e}      {rmse_e_val:.2e}    {rmse_e_trn:.2e}      {rmse_f_val:.2e}    {rmse_f_trn:.2e}    {lr:.1e}",
            n,
            _n=n,
            rmse_val=w.fall(n, 30, 0.9, 900),
            rmse_trn=w.fall(n, 29, 0.8, 900),
            rmse_e_val=w.fall(n, 0.5, 0.001, 900),
            rmse_e_trn=w.fall(n, 0.5, 0.001, 900),
            rmse_f_val=w.fall(n, 0.8, 0.04, 900),
            rmse_f_trn=w.fall(n, 0.8, 0.04, 900),
            lr=1e-3 * 0.95 ** (n // 5000),
        )


@log
def equinox_equals(w: Writer) -> None:
    w.say(
        "2023-10-01 10:12:33.120410: W external/xla/xla/service/gpu/nvptx_compiler.cc:673] The NVIDIA driver's CUDA version is 12.1 which is older than the ptxas CUDA version (12.2.140).\n(8000, 32, 1) (2000, 32, 1)"
    )
    for n in range(0, 3001, 30):
        w.row(
            "step={_n}, loss={loss}, computation_time={ok_computation_time:.6f}",
            n,
            _n=n,
            loss=w.fall(n, 0.7, 0.01, 300),
            ok_computation_time=w.x(0.001, 0.003),
        )
        if n % 600 == 0:
            w.row(
                "validation: step={_n}, val_loss={val_loss}, val_accuracy={val_accuracy}",
                n,
                _n=n,
                val_loss=w.fall(n, 0.7, 0.02, 300),
                val_accuracy=w.acc(n, 0.98, 90),
            )
    w.say("test_accuracy=0.9815")
    w.ok("test_accuracy")


@log
def keras_bar(w: Writer) -> None:
    w.say(
        '2020-06-11 10:12:11.103311: I tensorflow/core/platform/cpu_feature_guard.cc:142] Your CPU supports instructions that this TensorFlow binary was not compiled to use: AVX2 FMA\nModel: "sequential"\n_________________________________________________________________\nLayer (type)                 Output Shape              Param #   \n=================================================================\nconv2d (Conv2D)              (None, 26, 26, 32)        320       \n_________________________________________________________________\nflatten (Flatten)            (None, 21632)             0         \n_________________________________________________________________\ndense (Dense)                (None, 10)                216330    \n=================================================================\nTotal params: 216,650\nTrainable params: 216,650\nNon-trainable params: 0\n_________________________________________________________________\nTrain on 54000 samples, validate on 6000 samples'
    )
    total = 422
    last = {"loss": [], "accuracy": []}
    for e in range(1, 7):
        w.say(f"Epoch {e}/6")
        first = len(w.lines)
        for b in (1, 40, 80, 120, 160, 200, 240, 280, 320, 360, 400, 422):
            n = (e - 1) * total + b
            head = f"{b:3d}/{total} "
            keys = {"loss": w.fall(n, 2.2, 0.05, 150), "accuracy": w.acc(n, 0.99, 90)}
            if b < total:
                k = b * 30 // total
                w.row(
                    head
                    + f"[{'=' * k}>{'.' * (29 - k)}] - ETA: {(total - b) // 100}s - loss: {{loss:.4f}} - accuracy: {{accuracy:.4f}}"
                    + "\b" * 80,
                    n,
                    **keys,
                )
            else:
                w.row(head + f"[{'=' * 30}] - 4s 9ms/step - loss: {{loss:.4f}} - accuracy: {{accuracy:.4f}}", n, **keys)
                # the closing line says two numbers more
                tail = f" - val_loss: {w.fall(e, 0.3, 0.04, 1):.4f} - val_accuracy: {w.acc(e, 0.985, 0.2):.4f}"
                w.lines[-1] += tail
                words = tail.split()
                for name, value in (("val_loss", words[2]), ("val_accuracy", words[5])):
                    w.series.setdefault(name, []).append(((e, e * total), float(value)))
                for name in last:
                    last[name].append(((e, e * total), w.series[name][-1][1]))
        w.joined(first)
    w.others.append(w.series | last)
    w.say("Test loss: 0.0412 / test accuracy: 0.9871")
    w.ok("ETA", "step", "ms/step", "test loss", "test accuracy")


@log
def catalyst_epochs(w: Writer) -> None:
    for e in range(1, 31):
        w.row(
            "train ({_e}/30) accuracy01: {accuracy01} | accuracy03: {accuracy03} | loss: {loss} | lr: {lr} | momentum: {ok_momentum}",
            e,
            _e=e,
            accuracy01=w.acc(e),
            accuracy03=w.acc(e, 0.99, 1),
            loss=w.fall(e, 0.5, 0.03),
            lr=0.02,
            ok_momentum=0.9,
        )
        w.row(
            "valid ({_e}/30) accuracy01: {valid_accuracy01} | accuracy03: {valid_accuracy03} | loss: {valid_loss} | lr: {ok_lr} | momentum: {ok_momentum}",
            e,
            _e=e,
            valid_accuracy01=w.acc(e, 0.93),
            valid_accuracy03=w.acc(e, 0.98, 1),
            valid_loss=w.fall(e, 0.4, 0.05),
            ok_lr=0.02,
            ok_momentum=0.9,
        )
        w.row("* Epoch ({_e}/30) ", None, _e=e)
    w.say("Top best models:\nlogs/checkpoints/train.29.pth\t0.0512\nlogs/checkpoints/train.30.pth\t0.0533")


@log
def deepxde_lists(w: Writer) -> None:
    w.say("Using backend: pytorch\nCompiling model...\n'compile' took 0.000421 s\n\nTraining model...\n")
    w.say("Step      Train loss                        Test loss                         Test metric     ")
    for n in range(0, 20001, 500):
        w.row(
            "{_n:<9d} [{loss:.2e}, {'loss:.2e}, {''loss:.2e}]    [{test_loss:.2e}, {'test_loss:.2e}, {''test_loss:.2e}]    [{test_metric:.2e}]    ",
            n,
            **{
                "_n": n,
                "loss": w.fall(n, 0.4, 1e-5, 90),
                "'loss": w.fall(n, 0.3, 2e-6, 90),
                "''loss": w.fall(n, 0.1, 3e-6, 90),
                "test_loss": w.fall(n, 0.4, 1e-5, 90),
                "'test_loss": w.fall(n, 0.3, 2e-6, 90),
                "''test_loss": w.fall(n, 0.1, 3e-6, 90),
                "test_metric": w.fall(n, 1, 1e-3, 90),
            },
        )
    w.say(
        "\nBest model at step 19500:\n  train loss: 1.21e-05\n  test loss: 1.31e-05\n  test metric: [1.02e-03]\n\n'train' took 41.220112 s"
    )
    w.ok("Best model at step", "train loss", "test loss", "test metric", "took")


@log
def horovod_prefix(w: Writer) -> None:
    w.say(
        "[1,0]<stderr>:2020-10-01 10:11:12.410221: I tensorflow/stream_executor/platform/default/dso_loader.cc:44] Successfully opened dynamic library libcudart.so.10.1\n[1,1]<stderr>:2020-10-01 10:11:12.411002: I tensorflow/stream_executor/platform/default/dso_loader.cc:44] Successfully opened dynamic library libcudart.so.10.1\n[1,2]<stderr>:2020-10-01 10:11:12.412110: I tensorflow/stream_executor/platform/default/dso_loader.cc:44] Successfully opened dynamic library libcudart.so.10.1\n[1,0]<stdout>:Horovod size: 4, batch per worker: 32"
    )
    for n in range(0, 1000, 10):
        w.row("[1,0]<stdout>:Step #{_n}\tLoss: {loss:f}", n, _n=n, loss=w.fall(n, 2.3, 0.04, 90))
        if n % 250 == 40:
            w.say(
                "[1,3]<stderr>:[2020-10-01 10:12:40.1: W /tmp/pip-install/horovod/horovod/common/stall_inspector.cc:107] One or more tensors were submitted to be reduced, gathered or broadcasted by subset of ranks and are waiting for remainder of ranks for more than 60 seconds."
            )
        if n % 250 == 240:
            w.row(
                "[1,0]<stdout>:Eval at step {_n}\tLoss: {val_loss:f}\tAccuracy: {val_accuracy:.2%}".replace(
                    ":.2%}", ":.2f}%"
                ),
                n,
                _n=n,
                val_loss=w.fall(n, 2.2, 0.05, 90),
                val_accuracy=100 * w.acc(n, 0.98, 30),
            )
    w.say("[1,0]<stdout>:Finished training.")


@log
def srun_labels(w: Writer) -> None:
    for r in range(4):
        w.say(f"{r}: rank {r}/4 on node gpu-{r // 2 + 11} device cuda:{r % 2}")
    w.say(
        "0: NCCL version 2.18.3+cuda12.1\n0: Model has 1.31B parameters\n2: [W socket.cpp:601] [c10d] The client socket has failed to connect to [gpu-11]:29500 (errno: 22 - Invalid argument)."
    )
    for n in range(25, 2001, 25):
        w.row(
            "0: [step {_n:6d}] loss={loss:.4f} z_loss={z_loss:.2e} lr={lr:.3e} grad_norm={grad_norm:.3f} tokens={ok_tokens:,}",
            n,
            _n=n,
            loss=w.fall(n, 10.4, 2.7, 200),
            z_loss=w.x(1e-5, 1e-3),
            lr=3e-4 * min(1, n / 500),
            grad_norm=w.x(0.2, 2),
            ok_tokens=n * 524288,
        )
        if n % 500 == 0:
            w.row(
                "0: [step {_n:6d}] eval: c4_loss={c4_loss:.4f} pile_loss={pile_loss:.4f}",
                n,
                _n=n,
                c4_loss=w.fall(n, 9, 2.8, 200),
                pile_loss=w.fall(n, 8, 2.4, 200),
            )
            for r in range(4):
                w.say(f"{r}: saved shard {r} of checkpoint step_{n} in {w.x(3, 9):.1f}s")
    w.say(
        "0: done\nslurmstepd: error: *** STEP 812311.0 ON gpu-11 CANCELLED AT 2024-03-02T04:11:12 DUE TO TIME LIMIT ***"
    )
