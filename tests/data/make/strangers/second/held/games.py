"""Agents and their rewards."""

from __future__ import annotations

from data.make.strangers.writer import Writer, bar, clock, log


@log
def robomimic_json(w: Writer) -> None:
    w.say(
        '============= New Training Run with Config =============\n\n{\n    "algo_name": "bc",\n    "train": {\n        "batch_size": 16,\n        "num_epochs": 8,\n        "seq_length": 10\n    },\n    "algo": {\n        "optim_params": {\n            "policy": {\n                "learning_rate": {\n                    "initial": 0.0001\n                }\n            }\n        }\n    }\n}\n'
    )
    w.say(
        "============= Loaded Environment Metadata =============\nobs key robot0_eef_pos with shape (3,)\nobs key robot0_eef_quat with shape (4,)\nobs key object with shape (10,)\nCreated environment with name Lift\nAction size is 7\n\n============= Training Dataset =============\nSequenceDataset (\n\tpath=datasets/lift/ph/low_dim.hdf5\n\tnum_demos=180\n\tnum_sequences=8707\n)"
    )
    for e in range(1, 9):
        at = (e, e * 100, e * 50)
        loss = w.fall(e, -2, -19, 2)
        w.say(bar(100, 100, w.x(13, 15)) + "]")
        w.say(f"Train Epoch {e}")
        w.row(
            '{{\n    "Log_Likelihood": {Log_Likelihood:.16g},\n    "Loss": {Loss:.16g},\n    "Optimizer/policy0_lr": {Optimizer/policy0_lr:g},\n    "Policy_Grad_Norms": {Policy_Grad_Norms:.16g},\n    "Time_Data_Loading": {ok_Time_Data_Loading:.16g},\n    "Time_Epoch": {ok_Time_Epoch:.16g},\n    "Time_Log_Info": {ok_Time_Log_Info:.16g},\n    "Time_Process_Batch": {ok_Time_Process_Batch:.16g},\n    "Time_Train_Batch": {ok_Time_Train_Batch:.16g}\n}}',
            at,
            **{
                "Log_Likelihood": -loss,
                "Loss": loss,
                "Optimizer/policy0_lr": 0.0001,
                "Policy_Grad_Norms": w.fall(e, 40, 9, 3),
                "ok_Time_Data_Loading": w.x(0.0001, 0.0003),
                "ok_Time_Epoch": w.x(0.11, 0.13),
                "ok_Time_Log_Info": w.x(0.00001, 0.00005),
                "ok_Time_Process_Batch": w.x(0.001, 0.002),
                "ok_Time_Train_Batch": w.x(0.11, 0.12),
            },
        )
        w.say(bar(50, 50, w.x(40, 45)) + "]")
        w.say(f"Validation Epoch {e}")
        val = w.fall(e, -1.5, -17, 2)
        w.row(
            '{{\n    "Log_Likelihood": {Validation_Log_Likelihood:.16g},\n    "Loss": {Validation_Loss:.16g},\n    "Time_Epoch": {ok_Validation_Time_Epoch:.16g}\n}}',
            at,
            Validation_Log_Likelihood=-val,
            Validation_Loss=val,
            ok_Validation_Time_Epoch=w.x(0.02, 0.03),
        )
        if e % 2 == 0:
            good = round(w.acc(e, 0.98, 1.5), 1)
            w.say(
                f"rollout: env=Lift, horizon=400, use_goals=False, num_episodes=20\n{bar(20, 20, 1 / w.x(1.1, 2.1))}]"
            )
            w.say(f"\nEpoch {e} Rollouts took {w.x(1.1, 2.2)}s (avg) with results:\nEnv: Lift")
            w.row(
                '{{\n    "Horizon": {Horizon:.16g},\n    "Return": {Return:.16g},\n    "Success_Rate": {Success_Rate:.2g},\n    "Time_Episode": {ok_Time_Episode:.16g},\n    "time": {ok_time:.16g}\n}}',
                at,
                Horizon=400 - 340 * good + w.int(0, 20) / 20,
                Return=good,
                Success_Rate=good,
                ok_Time_Episode=w.x(0.4, 0.8),
                ok_time=w.x(1.1, 2.1),
            )
            w.say(f"save checkpoint to /exp/bc_rnn_lift/models/model_epoch_{e}_Lift_success_{good}.pth")
        w.row(f"\nEpoch {e} Memory Usage: {{ok_Memory_Usage}} MB\n", at, ok_Memory_Usage=w.int(2900, 2960))
    w.ok("validation time epoch", "Rollouts took", "took", "Time_Epoch", "usage")


@log
def leela_policy(w: Writer) -> None:
    w.say("Found 312 chunks\n1.13.1\nRestoring from leelaz-model-160000")
    for n in range(160100, 168001, 100):
        pol, mse, reg = (
            w.fall(n - 160000, 2.34, 1.91, 1500),
            w.fall(n - 160000, 0.19, 0.164, 1500),
            0.11 + w.x(0, 0.0005),
        )
        w.row(
            "step {_n}, lr={lr:g} policy={policy:g} mse={mse:g} reg={reg:g} total={total:g} ({ok_pos:g} pos/s)",
            n,
            _n=n,
            lr=0.05 if n < 164000 else 0.005,
            policy=pol,
            mse=mse,
            reg=reg,
            total=pol + mse + reg,
            ok_pos=w.x(3500, 3700),
        )
        if n % 2000 == 0:
            w.row(
                "step {_n}, policy={test_policy:g} training accuracy={'training_accuracy:g}%, mse={test_mse:g}",
                n,
                **{
                    "_n": n,
                    "test_policy": pol + 0.08,
                    "'training_accuracy": 100 * w.acc(n - 160000, 0.49, 300),
                    "test_mse": mse + 0.011,
                },
            )
            w.say(f"Model saved in file: /data/lz/leelaz-model-{n}")
    merged = {k: list(v) for k, v in w.series.items() if k not in ("test_policy", "test_mse")}
    lines = [x for x in w.lines if x.startswith("step")]
    for name in ("policy", "mse"):
        base, extra = list(w.series[name]), list(w.series["test_" + name])
        merged[name] = [extra.pop(0) if "accuracy" in line else base.pop(0) for line in lines]
    w.others.append(merged)
    w.ok("pos/s", "policy_2", "mse_2")


@log
def td3_official(w: Writer) -> None:
    w.say(
        "---------------------------------------\nPolicy: TD3, Env: HalfCheetah-v2, Seed: 0\n---------------------------------------"
    )

    def evaluate(n: int) -> None:
        w.row(
            "---------------------------------------\nEvaluation over 10 episodes: {'episodes:.3f}\n---------------------------------------",
            (n, None),
            **{"'episodes": -20 + 9300 * n / (n + 60000) + w.x(-90, 90)},
        )

    evaluate(0)
    for k in range(1, 101):
        n = k * 1000
        w.row(
            "Total T: {_n} Episode Num: {_k} Episode T: {ok_Episode_T} Reward: {Reward:.3f}",
            (n, k),
            _n=n,
            _k=k,
            ok_Episode_T=1000,
            Reward=-250 + (0 if k < 25 else 8800 * (n - 24000) / (n + 40000)) + w.x(-120, 120),
        )
        if n % 5000 == 0:
            evaluate(n)
    w.ok("Episode T", "episodes", "Evaluation over 10 episodes")


@log
def d3rlpy_structlog(w: Writer) -> None:
    t = 52000.0
    w.say(
        "2022-10-10 14:26:39 [info     ] Directory is created at d3rlpy_logs/DiscreteCQL_20221010142639\n2022-10-10 14:26:39 [debug    ] RoundIterator is selected.\n2022-10-10 14:26:39 [debug    ] Building models...\n2022-10-10 14:26:40 [debug    ] Models have been built.\n2022-10-10 14:26:40 [info     ] Parameters are saved to d3rlpy_logs/DiscreteCQL_20221010142639/params.json params={'action_scaler': None, 'alpha': 1.0, 'batch_size': 32, 'gamma': 0.99, 'learning_rate': 6.25e-05, 'n_critics': 1, 'target_update_interval': 8000}"
    )
    for e in range(1, 16):
        t += 31
        w.say(f"Epoch {e}/15: " + bar(3125, 3125, w.x(98, 104)) + "]")
        w.row(
            f"2022-10-10 {clock(t)} [info     ] DiscreteCQL_20221010142639: epoch={e} step={e * 3125} epoch={e} metrics={{{{'time_sample_batch': {{ok_time_sample_batch:.16g}}, 'time_algorithm_update': {{ok_time_algorithm_update:.16g}}, 'loss': {{loss:.16g}}, 'time_step': {{ok_time_step:.16g}}, 'td_error': {{td_error:.16g}}, 'environment': {{environment:.1f}}}}}} step={e * 3125}",
            (e, e * 3125),
            ok_time_sample_batch=w.x(0.0003, 0.0004),
            ok_time_algorithm_update=w.x(0.009, 0.0099),
            loss=w.fall(e, 0.8, 0.41, 2),
            ok_time_step=w.x(0.0097, 0.0105),
            td_error=w.fall(e, 0.2, 0.06, 2),
            environment=w.int(20, 200),
        )
        w.say(
            f"2022-10-10 {clock(t)} [info     ] Model parameters are saved to d3rlpy_logs/DiscreteCQL_20221010142639/model_{e * 3125}.pt"
        )


@log
def garage_tabular(w: Writer) -> None:
    t = 43200.0
    w.say(
        "2020-08-14 12:00:00 | [trpo_cartpole] Logging to /home/u/data/local/experiment/trpo_cartpole\n2020-08-14 12:00:01 | [trpo_cartpole] Obtaining samples..."
    )
    for e in range(12):
        t += 6
        now = f"2020-08-14 {clock(t)} | [trpo_cartpole] epoch #{e} | "
        w.say(
            f"{now}Optimizing policy...\n{now}Computing loss before\n{now}Computing KL before\n{now}Optimizing\n{now}Saving snapshot...\n{now}Saved\n{now}Time {e * 6 + 6}.21 s\n{now}EpochTime 5.98 s"
        )
        r = 20 + 180 * e / (e + 3)
        values = {
            "Evaluation/AverageDiscountedReturn": r * 0.6,
            "Evaluation/AverageReturn": r,
            "_Iteration": e,
            "Evaluation/MaxReturn": min(200, r * 1.6),
            "Evaluation/MinReturn": r * 0.4,
            "ok_Evaluation/NumEpisodes": w.int(10, 50),
            "Evaluation/StdReturn": w.x(5, 40),
            "policy/Entropy": w.fall(e, 0.69, 0.31, 9),
            "policy/KL": w.x(0.004, 0.0099),
            "policy/LossAfter": -w.x(0.01, 0.04),
            "policy/LossBefore": -w.x(0.0, 0.002),
            "LinearFeatureBaseline/ExplainedVariance": w.acc(e, 0.9, 2),
            "ok_TotalEnvSteps": (e + 1) * 1024,
        }
        rule = "-" * 40 + "  " + "-" * 14
        w.row(
            rule
            + "\n"
            + "\n".join(
                f"{('Evaluation/Iteration' if k == '_Iteration' else k.removeprefix('ok_')):<40}  {{{k}:>14.6g}}"
                for k in values
            )
            + "\n"
            + rule,
            (e, (e + 1) * 1024),
            **values,
        )
    w.ok("Evaluation/Iteration", "EpochTime", "Time")


@log
def rllib_status(w: Writer) -> None:
    ts = 0
    for i in range(1, 14):
        ts += 4000
        total = i * 4.81 + w.x(0, 0.1)
        rule = "+-----------------------------+----------+--------------------+--------+------------------+-------+----------+----------------------+----------------------+--------------------+"
        w.say(
            f"== Status ==\nCurrent time: 2022-08-01 10:0{i // 10}:{i * 5 % 60:02d} (running for 00:0{int(total // 60)}:{total % 60:05.2f})\nMemory usage on this node: {w.x(9, 11):.1f}/62.7 GiB\nUsing FIFO scheduling algorithm.\nResources requested: 3.0/16 CPUs, 0/1 GPUs, 0.0/33.2 GiB heap, 0.0/16.6 GiB objects\nResult logdir: /home/u/ray_results/PPO\nNumber of trials: 1/1 (1 RUNNING)"
        )
        w.say(
            rule
            + "\n| Trial name                  | status   | loc                |   iter |   total time (s) |    ts |   reward |   episode_reward_max |   episode_reward_min |   episode_len_mean |\n"
            + rule.replace("+", "|", 1)[:-1].replace("-+-", "-+-")
            + "|"
        )
        r = round(200 * i / (i + 5), 2)
        w.row(
            "| PPO_CartPole-v1_3b1f2_00000 | RUNNING  | 10.0.0.12:{_pid:<8d} | {_iter:6d} | {ok_total_time_(s):16.4f} | {_ts:5d} | {reward:8.6g} | {episode_reward_max:20d} | {episode_reward_min:20d} | {episode_len_mean:18.6g} |",
            (i, ts),
            **{
                "_pid": 41220,
                "_iter": i,
                "ok_total_time_(s)": total,
                "_ts": ts,
                "reward": r,
                "episode_reward_max": min(500, 70 + 40 * i),
                "episode_reward_min": w.int(8, 20 + i),
                "episode_len_mean": r,
            },
        )
        w.say(rule + "\n\n")
        if i == 4:
            w.say(
                "2022-08-01 10:00:21,120\tWARNING deprecation.py:47 -- DeprecationWarning: `clear_buffer` has been deprecated."
            )
    w.ok("ts", "iter", "total time (s)", "loc", "Memory usage on this node")
