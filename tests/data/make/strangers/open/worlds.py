"""Agents, graphs, atoms, series of time, crowds of clients."""

from __future__ import annotations

from data.make.strangers.writer import Raw, Writer, clock, log


@log
def cleanrl_returns(w: Writer) -> None:
    w.say(
        "wandb: (1) Create a W&B account\nwandb: (2) Use an existing W&B account\n/opt/venv/lib/python3.9/site-packages/gym/core.py:317: DeprecationWarning: WARN: Initializing wrapper in old step API which returns one bool instead of two."
    )
    n = 0
    for k in range(90):
        ret = w.int(9, 40 + k * 4)
        n += ret * 4
        w.row("global_step={_n}, episodic_return={episodic_return}", n, _n=n, episodic_return=Raw(f"{ret}.0"))
        if k % 4 == 3:
            w.say(f"SPS: {w.int(1800, 2100)}")
    w.ok("SPS")


@log
def spinningup_epochs(w: Writer) -> None:
    w.say(
        '\x1b[32;1mLogging data to /tmp/experiments/1712323322/progress.txt\x1b[0m\n\x1b[36;1mSaving config:\n\x1b[0m\n{\n    "ac_kwargs":\t{},\n    "clip_ratio":\t0.2,\n    "epochs":\t12,\n    "gamma":\t0.99,\n    "lam":\t0.97,\n    "pi_lr":\t0.0003,\n    "seed":\t0,\n    "steps_per_epoch":\t4000,\n    "vf_lr":\t0.001\n}\n\x1b[32;1m\nNumber of parameters: \t pi: 4610, \t v: 4545\n\x1b[0m'
    )
    for e in range(12):
        if w.x() < 0.5:
            w.say(f"Warning: trajectory cut off by epoch at {w.int(2, 190)} steps.")
            w.say(f"Early stopping at step {w.int(10, 70)} due to reaching max kl.")
        good = (e, (e + 1) * 4000)
        w.say("---------------------------------------\n" + f"|{'Epoch':>16s} |{e:16d} |")
        ret = 20 + 14 * e + w.x(0, 9)
        std = ret * 0.4
        for name, value in (
            ("AverageEpRet", ret),
            ("StdEpRet", std),
            ("MaxEpRet", ret + 2 * std),
            ("MinEpRet", ret - std),
            ("EpLen", ret),
            ("AverageVVals", w.x(0, 30)),
            ("StdVVals", w.x(0.1, 4)),
            ("LossPi", w.x(-0.01, 0.01)),
            ("LossV", w.x(300, 600)),
            ("DeltaLossPi", -w.x(0, 0.02)),
            ("Entropy", w.x(0.5, 0.69)),
            ("KL", w.x(0, 0.02)),
            ("ClipFrac", w.x(0, 0.2)),
            ("StopIter", w.int(10, 79)),
        ):
            w.row(f"|{name:>16s} |{{{name}:>16}} |", good, **{name: f"{value:.3g}"})
        w.say(
            f"|{'TotalEnvInteracts':>17s}|{(e + 1) * 4000:16d} |\n|{'Time':>16s} |{4.1 * (e + 1):16.3g} |\n---------------------------------------"
        )
    w.ok("TotalEnvInteracts", "Time", "Early stopping", "trajectory cut off")


@log
def dreamer_slashes(w: Writer) -> None:
    w.say(
        "Logdir /home/u/logdir/dmc_walker_walk/dreamerv2/1\nCreate envs.\nPrefill dataset (5000 steps).\nEpisode has 500 steps and return 41.2.\nEpisode has 500 steps and return 38.0.\nSimulate agent.\nEncoder CNN inputs: ['image']\nEncoder MLP inputs: []\nDecoder CNN outputs: ['image']\nStart evaluation."
    )
    for n in range(5000, 105001, 2500):
        w.row(
            "[{_n}] kl_loss {kl_loss:.1f} / image_loss {image_loss:.1f} / reward_loss {reward_loss:.1f} / model_loss {model_loss:.1f} / actor_ent {actor_ent:.1f} / critic_loss {critic_loss:.1f} / fps {ok_fps:.1f}",
            n,
            _n=n,
            kl_loss=w.x(2, 6),
            image_loss=w.fall(n, 13000, 11000, 9000),
            reward_loss=w.x(0.9, 1.0),
            model_loss=w.fall(n, 13005, 11006, 9000),
            actor_ent=w.x(3, 8),
            critic_loss=w.x(1, 3),
            ok_fps=w.x(30, 35),
        )
        if n % 5000 == 0:
            w.say(f"Train episode has 500 steps and return {w.x(100, 900):.1f}.")
    w.ok("return", "Train episode", "Episode")


@log
def tianshou_epochs(w: Writer) -> None:
    w.say("Observations shape: (3,)\nActions shape: (1,)\nAction range: -2.0 2.0")
    for e in range(1, 21):
        n = e * 5000
        w.row(
            f"Epoch #{e}: 5001it [00:{w.int(20, 28)}, {w.x(190, 240):.2f}it/s, alpha={{alpha:.3f}}, env_step={n}, len=200, loss/actor={{loss/actor:.3f}}, loss/critic1={{loss/critic1:.3f}}, n/ep=0, n/st=10, rew={{rew:.2f}}]                          ",
            (n, e),
            **{
                "alpha": w.fall(e, 0.9, 0.1),
                "loss/actor": w.fall(e, 200, 20),
                "loss/critic1": w.x(1, 9),
                "rew": -1400 + 1250 * w.acc(e, 1, 2),
            },
        )
        w.row(
            f"Epoch #{e}: test_reward: {{test_reward:.6f}} ± {w.x(60, 200):.6f}, best_reward: {{ok_best_reward:.6f}} ± {w.x(60, 200):.6f} in #{e}",
            (e, n),
            test_reward=-1300 + 1150 * w.acc(e, 1, 2),
            ok_best_reward=-150.0,
        )
    w.say(
        "{'best_result': '-141.22 ± 82.10',\n 'best_reward': -141.2212,\n 'duration': '481.20s',\n 'test_episode': 2100.0,\n 'test_speed': '4102.10 step/s',\n 'test_step': 420000,\n 'train_episode': 500.0,\n 'train_time/collector': '40.11s'}"
    )
    w.ok(
        "env_step",
        "len",
        "n/ep",
        "n/st",
        "test_reward",
        "best_result",
        "duration",
        "test_episode",
        "test_step",
        "test_speed",
        "train_episode",
        "train_time/collector",
    )


@log
def cora_epochs(w: Writer) -> None:
    w.say(
        "Downloading https://github.com/kimiyoung/planetoid/raw/master/data/ind.cora.x\nProcessing...\nDone!\nData(x=[2708, 1433], edge_index=[2, 10556], y=[2708], train_mask=[2708], val_mask=[2708], test_mask=[2708])"
    )
    best = 0.0
    for e in range(1, 201):
        val = w.acc(e, 0.79, 12)
        best = max(best, val)
        w.row(
            "Epoch: {_e:03d}, Loss: {loss:.4f}, Train: {train:.4f}, Val: {val:.4f}, Test: {test:.4f}",
            e,
            _e=e,
            loss=w.fall(e, 1.95, 0.2, 20),
            train=w.acc(e, 0.99, 8),
            val=val,
            test=w.acc(e, 0.815, 12),
        )
    w.say("Median time per epoch: 0.0041s")
    w.ok("Median time per epoch")


@log
def pygcn_underscores(w: Writer) -> None:
    w.say("Loading cora dataset...")
    for e in range(1, 151):
        w.row(
            "Epoch: {_e:04d} loss_train: {loss:.4f} acc_train: {acc:.4f} loss_val: {'loss:.4f} acc_val: {'acc:.4f} time: {ok_time:.4f}s",
            e,
            **{
                "_e": e,
                "loss": w.fall(e, 1.95, 0.4, 40),
                "acc": w.acc(e, 0.96, 30),
                "'loss": w.fall(e, 1.95, 0.7, 40),
                "'acc": w.acc(e, 0.82, 30),
                "ok_time": w.x(0.004, 0.006),
            },
        )
    w.say("Optimization Finished!\nTotal time elapsed: 1.2204s\nTest set results: loss= 0.7411 accuracy= 0.8330")
    w.ok(
        "Total time elapsed",
        "test loss",
        "test accuracy",
        "Test set results loss",
        "Test set results accuracy",
        "loss",
        "accuracy",
    )


@log
def ogb_runs(w: Writer) -> None:
    w.say(
        "Namespace(device=0, log_steps=1, use_sage=False, num_layers=3, hidden_channels=256, dropout=0.5, lr=0.01, epochs=25, runs=3)"
    )
    for r in range(1, 4):
        for e in range(1, 26):
            w.row(
                "Run: {_r:02d}, Epoch: {_e:02d}, Loss: {loss:.4f}, Train: {train:.2f}%, Valid: {valid:.2f}% Test: {test:.2f}%",
                e,
                _r=r,
                _e=e,
                loss=w.fall(e, 3.6, 1.0, 9),
                train=100 * w.acc(e, 0.76, 4),
                valid=100 * w.acc(e, 0.73, 4),
                test=100 * w.acc(e, 0.72, 4),
            )
        w.say(
            f"Run {r:02d}:\nHighest Train: 74.12\nHighest Valid: 71.83\n  Final Train: 73.90\n   Final Test: 70.{w.int(10, 99)}"
        )
    w.say(
        "All runs:\nHighest Train: 74.41 ± 0.21\nHighest Valid: 71.92 ± 0.10\n  Final Train: 74.02 ± 0.31\n   Final Test: 70.84 ± 0.27"
    )
    w.ok(
        "run", "Highest Train", "Highest Valid", "Highest", "Final Train", "Final Test", "Final", "All runs", "run_runs"
    )


@log
def mace_forces(w: Writer) -> None:
    w.say(
        "2024-03-01 09:12:01.003 INFO: MACE version: 0.3.4\n2024-03-01 09:12:01.311 INFO: CUDA version: 12.1, CUDA device: 0\n2024-03-01 09:12:04.204 INFO: Atomic energies: [-13.587222780835477, -1029.4889999855063, -1484.9814568572233]\n2024-03-01 09:12:05.001 INFO: Average number of neighbors: 17.213\n2024-03-01 09:12:06.880 INFO: Number of parameters: 184528\n2024-03-01 09:12:06.881 INFO: Optimizer: Adam (\nParameter Group 0\n    amsgrad: True\n    betas: (0.9, 0.999)\n    eps: 1e-08\n    lr: 0.01\n    weight_decay: 0.0\n)\n2024-03-01 09:12:07.100 INFO: Started training\n2024-03-01 09:12:07.101 INFO: Using gradient clipping with tolerance=10.000"
    )
    t = 33140.0
    for e in range(0, 100, 2):
        t += 31
        w.row(
            f"2024-03-01 {clock(t)}.{w.int(0, 999):03d} INFO: Epoch {e}: loss={{loss:.4f}}, MAE_E_per_atom={{MAE_E_per_atom:.1f}} meV, MAE_F={{MAE_F:.1f}} meV / A",
            e,
            loss=w.fall(e, 4.1, 0.02, 2),
            MAE_E_per_atom=w.fall(e, 310, 2, 3),
            MAE_F=w.fall(e, 240, 19, 5),
        )
    w.say(
        "2024-03-01 09:40:11.100 INFO: Training complete\n2024-03-01 09:40:12.003 INFO: Computing metrics for training, validation, and test sets\n2024-03-01 09:40:20.110 INFO: \n+-------------+---------------------+------------------+-------------------+\n| config_type | MAE E / meV / atom  | MAE F / meV / A  | relative F MAE %  |\n+-------------+---------------------+------------------+-------------------+\n|    train    |          1.2        |       12.1       |        1.10       |\n|    valid    |          2.0        |       19.3       |        1.92       |\n+-------------+---------------------+------------------+-------------------+"
    )
    w.ok(
        "MAE E / meV / atom",
        "MAE F / meV / A",
        "relative F MAE %",
        "config_type",
        "valid",
        "MAE E",
        "MAE F",
        "train MAE E / meV / atom",
        "val MAE E / meV / atom",
    )


@log
def autoformer_iters(w: Writer) -> None:
    w.say(
        "Args in experiment:\nNamespace(is_training=1, model_id='ETTm2_96_96', model='Autoformer', data='ETTm2', root_path='./dataset/', features='M', seq_len=96, label_len=48, pred_len=96, enc_in=7, d_model=512, n_heads=8, train_epochs=8, batch_size=32, patience=3, learning_rate=0.0001, loss='mse', lradj='type1')\nUse GPU: cuda:0\n>>>>>>>start training : ETTm2_96_96_Autoformer_ETTm2_ftM_sl96_ll48_pl96_dm512>>>>>>>>>>>>>>>>>>>>>>>>>>\ntrain 34369\nval 11425\ntest 11425"
    )
    for e in range(1, 9):
        for b in range(100, 1074, 100):
            w.row(
                f"\titers: {b}, epoch: {e} | loss: {{loss:.7f}}",
                ((e - 1) * 1074 + b, b, (e - 1) * 1000 + b),
                loss=w.fall(e * 1000 + b, 0.5, 0.2, 1500),
            )
            w.say(f"\tspeed: {w.x(0.05, 0.07):.4f}s/iter; left time: {w.x(100, 500):.4f}s")
        w.say(f"Epoch: {e} cost time: {w.x(60, 70)}")
        w.row(
            f"Epoch: {e}, Steps: 1074 | Train Loss: {{train_loss:.7f}} Vali Loss: {{vali_loss:.7f}} Test Loss: {{test_loss:.7f}}",
            (e, e * 1074, (e - 1) * 1074 + 1000),
            train_loss=w.fall(e, 0.4, 0.2),
            vali_loss=w.x(0.15, 0.2),
            test_loss=w.x(0.22, 0.26),
        )
        w.say(
            f"Validation loss decreased ({w.x():.6f} --> {w.x():.6f}).  Saving model ...\nUpdating learning rate to {0.0001 * 0.5 ** (e - 1)}"
            if e < 6
            else f"EarlyStopping counter: {e - 5} out of 3\nUpdating learning rate to {0.0001 * 0.5 ** (e - 1)}"
        )
    w.say(
        "Early stopping\n>>>>>>>testing : ETTm2_96_96_Autoformer_ETTm2_ftM_sl96_ll48_pl96_dm512<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<\ntest 11425\ntest shape: (357, 32, 96, 7) (357, 32, 96, 7)\nmse:0.2550114989280701, mae:0.33886954188346863"
    )
    w.ok(
        "speed",
        "left time",
        "cost time",
        "lr",
        "Updating learning rate to",
        "learning rate",
        "mse",
        "mae",
        "EarlyStopping counter",
        "Updating lr",
    )


@log
def flower_rounds(w: Writer) -> None:
    w.say(
        "INFO :      Starting Flower server, config: num_rounds=20, no round_timeout\nINFO :      [INIT]\nINFO :      Using initial global parameters provided by strategy\nINFO :      Evaluating initial global parameters"
    )
    w.say("INFO :      initial parameters (loss, other metrics): 0.07212, {}")
    for e in range(1, 21):
        w.say(
            f"INFO :      \nINFO :      [ROUND {e}]\nINFO :      configure_fit: strategy sampled 10 clients (out of 100)\nINFO :      aggregate_fit: received 10 results and 0 failures"
        )
        if e == 1:
            w.say("WARNING :   No fit_metrics_aggregation_fn provided")
        w.row(
            f"INFO :      fit progress: ({e}, {w.fall(e, 0.07, 0.02)}, {{{{'accuracy': {{accuracy:.4f}}}}}}, {e * 12.1 + w.x()})",
            e,
            accuracy=w.acc(e, 0.8),
        )
        w.say(
            "INFO :      configure_evaluate: strategy sampled 10 clients (out of 100)\nINFO :      aggregate_evaluate: received 10 results and 0 failures"
        )
    w.say("INFO :      \nINFO :      [SUMMARY]\nINFO :      Run finished 20 round(s) in 251.03s")
    w.ok("loss", "fit", "initial", "fit progress", "strategy", "received", "initial accuracy", "round")


@log
def recbole_results(w: Writer) -> None:
    w.say(
        "Sat 11 May 2024 10:12:01 INFO  ['run_recbole.py', '--model=BPR', '--dataset=ml-100k']\nSat 11 May 2024 10:12:01 INFO  \nGeneral Hyper Parameters:\ngpu_id = 0\nuse_gpu = True\nseed = 2020\nstate = INFO\nreproducibility = True\n\nTraining Hyper Parameters:\nepochs = 300\ntrain_batch_size = 2048\nlearner = adam\nlearning_rate = 0.001\neval_step = 1\nstopping_step = 10\nclip_grad_norm = None\nweight_decay = 0.0\n"
    )
    w.say(
        "Sat 11 May 2024 10:12:02 INFO  ml-100k\nThe number of users: 944\nAverage actions of users: 106.04453870625663\nThe number of items: 1683\nAverage actions of items: 59.45303210463734\nThe number of inters: 100000\nThe sparsity of the dataset: 93.70575143257098%\nRemain Fields: ['user_id', 'item_id', 'rating', 'timestamp']"
    )
    w.say(
        "Sat 11 May 2024 10:12:03 INFO  BPR(\n  (user_embedding): Embedding(944, 64)\n  (item_embedding): Embedding(1683, 64)\n  (loss): BPRLoss()\n)\nTrainable parameters: 168128"
    )
    t = 36730.0
    names = ("recall@10", "mrr@10", "ndcg@10", "hit@10", "precision@10")
    for e in range(24):
        t += 1
        day = f"Sat 11 May 2024 {clock(t)} INFO  "
        w.row(
            day + f"epoch {e} training [time: {w.x(0.2, 0.4):.2f}s, train loss: {{train_loss:.4f}}]",
            e,
            train_loss=w.fall(e, 27.7, 9, 6),
        )
        w.row(
            day + f"epoch {e} evaluating [time: {w.x(0.05, 0.1):.2f}s, valid_score: {{valid_score:.6f}}]",
            e,
            valid_score=w.acc(e, 0.37, 3),
        )
        w.say(day + "valid result: ")
        w.row(
            "    ".join(f"{n} : {{{n}:.4f}}" for n in names),
            e,
            **{n: w.acc(e, top, 3) for n, top in zip(names, (0.21, 0.38, 0.22, 0.7, 0.16), strict=False)},
        )
        if e % 5 == 0:
            w.say(day + "Saving current: saved/BPR-May-11-2024_10-12-03.pth")
    w.say(
        "Sat 11 May 2024 10:13:01 INFO  Finished training, best eval result in epoch 17\nSat 11 May 2024 10:13:01 INFO  best valid : OrderedDict([('recall@10', 0.2162), ('mrr@10', 0.3914), ('ndcg@10', 0.2284), ('hit@10', 0.7232), ('precision@10', 0.1622)])\nSat 11 May 2024 10:13:01 INFO  test result: OrderedDict([('recall@10', 0.2435), ('mrr@10', 0.4632), ('ndcg@10', 0.2771), ('hit@10', 0.7508), ('precision@10', 0.1904)])"
    )
    w.ok("time", *[f"test result {n}" for n in names], *names, "test result", "best valid", "best eval result in epoch")
