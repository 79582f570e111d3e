"""Agents and their rewards."""

from __future__ import annotations

from data.make.strangers.writer import Writer, clock, log


@log
def lerobot_metrics(w: Writer) -> None:
    def big(n: float) -> str:
        return f"{n:.0f}" if n < 1000 else f"{n / 1000:.0f}K" if n < 1e6 else f"{n / 1e6:.0f}M"

    w.say(
        "INFO 2025-06-03 08:12:40 ts/train.py:111 {'batch_size': 8,\n 'dataset': {'episodes': None,\n             'repo_id': 'lab/so101_pick_cube'},\n 'eval': {'batch_size': 10, 'n_episodes': 10, 'use_async_envs': False},\n 'log_freq': 200,\n 'optimizer': {'grad_clip_norm': 10.0, 'lr': 1e-05, 'type': 'adamw'},\n 'policy': {'chunk_size': 100, 'dim_model': 512, 'kl_weight': 10.0, 'type': 'act'},\n 'seed': 1000,\n 'steps': 10000}"
    )
    w.say(
        "INFO 2025-06-03 08:12:49 ts/train.py:127 Creating dataset\nINFO 2025-06-03 08:12:52 ts/train.py:138 Creating policy\nINFO 2025-06-03 08:12:53 ts/train.py:179 cfg.steps=10000 (10K)\nINFO 2025-06-03 08:12:53 ts/train.py:180 dataset.num_frames=22163 (22K)\nINFO 2025-06-03 08:12:53 ts/train.py:183 num_learnable_params=51597190 (52M)\nINFO 2025-06-03 08:12:54 ts/train.py:202 Start offline training on a fixed dataset"
    )
    t = 8 * 3600 + 13 * 60.0
    for n in range(200, 10001, 200):
        t += 34
        short = round(n, -3) if n >= 1000 else n
        short = int(f"{n / 1000:.0f}") * 1000 if n >= 1000 else short
        at = (n, short, n * 8, round(n * 8 / 22163, 2))
        counters = f"step:{big(n)} smpl:{big(n * 8)} ep:{big(n * 8 / 443)} epch:{n * 8 / 22163:.2f}"
        w.row(
            f"INFO 2025-06-03 {clock(t)} ts/train.py:232 {counters} loss:{{loss:.3f}} grdn:{{grdn:.3f}} lr:{{lr:.1e}} updt_s:{{ok_updt_s:.3f}} data_s:{{ok_data_s:.3f}}",
            at,
            loss=w.fall(n, 6.7, 0.12, 250),
            grdn=w.fall(n, 150, 9, 900),
            lr=1e-5,
            ok_updt_s=w.x(0.16, 0.17),
            ok_data_s=w.x(0.001, 0.009),
        )
        if n % 2000 == 0:
            w.say(f"INFO 2025-06-03 {clock(t)} ts/train.py:241 Checkpoint policy after step {n}")
            w.say(f"INFO 2025-06-03 {clock(t)} ts/train.py:250 Eval policy at step {n}")
            good = 10 * int(10 * w.acc(n, 0.9, 4000))
            w.row(
                "Stepping through eval batches: 100%|██████████| 1/1 [00:48<00:00, 48.12s/it, running_success_rate={ok_running_success_rate:.1f}%]",
                None,
                ok_running_success_rate=good,
            )
            t += 49
            w.row(
                f"INFO 2025-06-03 {clock(t)} ts/train.py:284 {counters} ∑rwrd:{{'rwrd:.3f}} success:{{success:.1f}} eval_s:{{ok_eval_s:.3f}}",
                at,
                **{"'rwrd": good * 1.6 + w.x(0, 9), "success": good, "ok_eval_s": w.x(47, 49)},
            )
    w.ok("smpl", "ep", "epch", "step")
    w.say(f"INFO 2025-06-03 {clock(t + 2)} ts/train.py:291 End of training")


@log
def elegantrl_columns(w: Writer) -> None:
    w.say("| Arguments Remove cwd: ./LunarLanderContinuous-v2_ModSAC_0\n| train_agent: GPU 0")
    w.say(
        "################################################################################\nID     Step    Time |    avgR   stdR   avgS  stdS |    expR   objC   objA   etc."
    )
    t, n = 0.0, 0
    for _ in range(42):
        n += w.int(7800, 8300)
        t += w.x(38, 44)
        r = -380 + 640 * n / (n + 60000) + w.x(-25, 25)
        w.row(
            "{_id:<3}{_step:8.2e}{ok_Time:8.0f} |{avgR:8.2f}{stdR:7.1f}{avgS:7.0f}{stdS:6.0f} |{expR:8.2f}{objC:7.2f}{objA:7.2f}{etc:7.2f}",
            (float(f"{n:8.2e}"), n),
            _id=0,
            _step=n,
            ok_Time=t,
            avgR=r,
            stdR=w.x(15, 120),
            avgS=w.x(180, 960),
            stdS=w.x(20, 300),
            expR=r / 200 + w.x(-0.3, 0.3),
            objC=w.fall(n, 4.8, 0.6, 30000),
            objA=w.x(-20, 60) + n / 9000,
            etc=w.fall(n, 0.9, 0.1, 90000),
        )
    w.say("| UsedTime:    1731 | SavedDir: ./LunarLanderContinuous-v2_ModSAC_0")
    w.ok("ID")


@log
def torchbeast_dicts(w: Writer) -> None:
    w.say(
        "[INFO:20211 file_writer:125 2021-02-03 16:41:20,155] Found log directory: /home/u/logs/torchbeast/pong-1\n[INFO:20211 file_writer:126 2021-02-03 16:41:20,156] Saving arguments to /home/u/logs/torchbeast/pong-1/meta.json\n[INFO:20211 monobeast:371 2021-02-03 16:41:20,208] Using CUDA.\n[INFO:20260 monobeast:141 2021-02-03 16:41:23,977] Actor 0 started.\n[INFO:20261 monobeast:141 2021-02-03 16:41:23,991] Actor 1 started."
    )
    t, n = 60085.0, 0
    for _ in range(40):
        t += 5
        n += 640 * w.int(14, 17)
        pg, base, ent = w.x(-60, 90), w.fall(n, 130, 11, 90000), -w.fall(n, 1140, 720, 200000)
        total = pg + base + ent * 0.01
        r = -21 + 30 * n / (n + 300000) + w.x(-1, 1)
        stats = (
            "{{'baseline_loss': {baseline_loss:.13g},\n 'entropy_loss': {entropy_loss:.13g},\n 'episode_returns': "
            + f"({r:.1f},)"
            + ",\n 'mean_episode_return': "
            + "{mean_episode_return:.13g}"
            + ",\n 'pg_loss': {pg_loss:.13g},\n 'step': {_step},\n 'total_loss': {total_loss:.13g}}}"
        )
        values = {
            "baseline_loss": base,
            "entropy_loss": ent,
            "mean_episode_return": round(r, 1),
            "pg_loss": pg,
            "_step": n,
            "total_loss": total,
            "ok_SPS": w.x(1790, 2180),
            "Loss": total,
        }
        values["Return_per_episode"] = r
        w.row(
            f"[INFO:20211 monobeast:481 2021-02-03 {clock(t)},{w.int(100, 999)}] Steps {n} @ {{ok_SPS:.1f}} SPS. Loss {{Loss:f}}. Return per episode: {{Return_per_episode:.1f}}. Stats:\n"
            + stats,
            n,
            **values,
        )
    w.ok("episode_returns")


@log
def pymarl_stats(w: Writer) -> None:
    w.say(
        "[WARNING 10:21:33] root Changed type of config entry \"env_args.seed\" from int to NoneType\n[INFO 10:21:33] pymarl Running command 'my_main'\n[INFO 10:21:33] pymarl Started run with ID \"4\"\n[DEBUG 10:21:33] pymarl Starting Heartbeat\n[DEBUG 10:21:33] my_main Started\n[INFO 10:21:33] my_main Experiment Parameters:\n[INFO 10:21:33] my_main \n\n{   'agent': 'rnn',\n    'batch_size': 32,\n    'env': 'sc2',\n    'env_args': {   'difficulty': '7', 'map_name': '3m'},\n    'epsilon_anneal_time': 50000,\n    'gamma': 0.99,\n    'lr': 0.0005,\n    't_max': 2050000}\n"
    )
    w.say("[INFO 10:21:58] my_main Beginning training for 2050000 timesteps")
    t, n, ep = 37400.0, 0, 0
    for k in range(20):
        n += w.int(10000, 10080)
        ep += w.int(380, 440)
        t += 92
        stats = {
            "battle_won_mean": max(0, w.acc(k, 0.97, 3)),
            "dead_allies_mean": w.fall(k, 2.9, 0.9, 5),
            "dead_enemies_mean": 3 * max(0, w.acc(k + 1, 0.97, 2)),
            "ep_length_mean": w.x(22, 36),
            "epsilon": max(0.05, 1 - 0.95 * n / 50000),
            "grad_norm": w.x(0.2, 2.4),
            "loss": w.fall(k, 0.9, 0.03, 3),
            "q_taken_mean": 0.6 * k / (k + 3),
            "return_mean": 20 * max(0, w.acc(k + 1, 0.97, 3)),
            "return_std": w.x(1, 5),
            "target_mean": 0.61 * k / (k + 3),
            "td_error_abs": w.x(0.05, 0.2),
            "test_battle_won_mean": max(0, w.acc(k, 0.99, 2)),
            "test_return_mean": 20 * max(0, w.acc(k + 1, 0.99, 2)),
        }
        w.say(
            f"[INFO {clock(t - 2)}] my_main t_env: {n} / 2050000\n[INFO {clock(t - 2)}] my_main Estimated time left: {w.int(3, 5)} hours, {w.int(1, 59)} minutes, {w.int(1, 59)} seconds. Time passed: {int(92 * k // 60)} minutes, {int(92 * k % 60)} seconds"
        )
        form = f"[INFO {clock(t)}] my_main Recent Stats | t_env: {n:>10} | Episode: {ep:>8}\n"
        for i, name in enumerate(stats, 1):
            wide = f"{stats[name]:.4f}"
            form += f"{name + ':':<25}{'':{8 - len(wide)}}{{{name}:.4f}}" + ("\n" if i % 4 == 0 else "\t")
        w.row(form, (n, ep), **stats)
    w.ok("Time passed", "Estimated time left", "Episode", "t_env")


@log
def mlagents_summary(w: Writer) -> None:
    w.say(
        "            ┐  ╖\n        ╓╖╬│╡  ││╬╖╖\n    ╓╖╬│││││┘  ╬│││││╬╖\n Version information:\n  ml-agents: 0.30.0,\n  ml-agents-envs: 0.30.0,\n  Communicator API: 1.5.0,\n  PyTorch: 1.13.1+cu117\n[INFO] Listening on port 5004. Start training by pressing the Play button in the Unity Editor.\n[INFO] Connected to Unity environment with package version 2.3.0-exp.3 and communication version 1.5.0\n[INFO] Connected new brain: Crawler?team=0\n[WARNING] Deleting TensorBoard data events.out.tfevents.1675.host that was left over from a previous run."
    )
    w.say(
        "[INFO] Hyperparameters for behavior name Crawler: \n\ttrainer_type:\tppo\n\thyperparameters:\t\n\t  batch_size:\t2048\n\t  buffer_size:\t20480\n\t  learning_rate:\t0.0003\n\t  beta:\t0.005\n\t  epsilon:\t0.2\n\tmax_steps:\t1500000\n\tsummary_freq:\t30000"
    )
    t = 0.0
    for n in range(30000, 1500001, 30000):
        t += w.x(51, 60)
        w.row(
            f"[INFO] Crawler. Step: {n}. Time Elapsed: {{ok_Time_Elapsed:.3f}} s. Mean Reward: {{Mean_Reward:.3f}}. Std of Reward: {{Std_of_Reward:.3f}}. Training.",
            n,
            ok_Time_Elapsed=t,
            Mean_Reward=900 * n / (n + 900000) + w.x(-10, 10),
            Std_of_Reward=w.x(20, 140),
        )
        if n % 480000 == 0:
            w.say(f"[INFO] Exported results/crawler_01/Crawler/Crawler-{n - 212}.onnx")
    w.say(
        "[INFO] Exported results/crawler_01/Crawler/Crawler-1500212.onnx\n[INFO] Copied results/crawler_01/Crawler/Crawler-1500212.onnx to results/crawler_01/Crawler.onnx."
    )


@log
def decision_transformer(w: Writer) -> None:
    rule = "=" * 50
    w.say(
        f"{rule}\nStarting new experiment: hopper medium\n2186 trajectories, 999906 timesteps found\nAverage return: 1422.06, std: 378.95\nMax return: 3222.36, min: 315.87\n{rule}\nwandb: Tracking run with wandb version 0.9.1\nwandb: Run `wandb off` to turn off syncing.\n"
    )
    total = 0.0
    for i in range(1, 11):
        train, ev = w.x(611, 640), w.x(90, 140)
        total += train + ev
        values: dict[str, float] = {"ok_time/training": train}
        for target in (3600, 1800):
            q = f"evaluation/target_{target}_"
            values |= {
                q + "return_mean": 2300 * w.acc(i, 0.9, 1),
                q + "return_std": w.x(200, 700),
                q + "length_mean": w.x(400, 800),
                q + "length_std": w.x(80, 200),
            }
        values |= {
            "ok_time/total": total,
            "ok_time/evaluation": ev,
            "training/train_loss_mean": w.fall(i, 0.2, 0.052, 1),
            "training/train_loss_std": w.x(0.002, 0.02),
            "training/action_error": w.fall(i, 0.18, 0.05, 1),
        }
        w.say("=" * 80)
        w.row(f"Iteration {i}\n" + "\n".join(f"{k.removeprefix('ok_')}: {{{k}:.16g}}" for k in values), i, **values)


@log
def pfrl_statistics(w: Writer) -> None:
    w.say(
        "Output files are saved in results/doubledunk/20220214T101512.330121\nINFO:pfrl.experiments.train_agent:env is CartPole-v0, obs (4,), actions 2"
    )
    n = 0
    for ep in range(1, 61):
        length = min(200, 10 + int(190 * ep / (ep + 12)) + w.int(-8, 25))
        n += length
        w.row(
            "INFO:pfrl.experiments.train_agent:outdir:results/20220214T101512.330121 step:{_n} episode:{_ep} R:{R}",
            (n, ep, ep - 1),
            _n=n,
            _ep=ep - 1,
            R=float(length),
        )
        w.row(
            "INFO:pfrl.experiments.train_agent:statistics:[('average_q', {average_q:.8g}), ('average_loss', {average_loss:.8g}), ('cumulative_steps', {_c}), ('n_updates', {_u}), ('rlen', {_r})]",
            (n, ep, ep - 1, max(0, n - 100)),
            average_q=1 + 15 * ep / (ep + 20),
            average_loss=w.fall(ep, 0.5, 0.04, 5),
            _c=n,
            _u=max(0, n - 100),
            _r=n,
        )
        if ep % 12 == 0:
            scores = [w.int(120, 200) for _ in range(5)]
            for k, s in enumerate(scores):
                w.row(
                    "INFO:pfrl.experiments.evaluator:evaluation episode {_k} length:{ok_length} R:{ok_evaluation_R}",
                    None,
                    _k=k,
                    ok_length=s,
                    ok_evaluation_R=float(s),
                )
            w.say(
                f"INFO:pfrl.experiments.evaluator:The best score is updated {w.x(20, 60):.1f} -> {sum(scores) / 5}\nINFO:pfrl.experiments.evaluator:Saved the agent to results/20220214T101512.330121/best"
            )
    w.ok(
        "R",
        "evaluation episode R",
        "The best score is updated",
        "evaluation length",
        "cumulative_steps",
        "n_updates",
        "rlen",
        "evaluation episode length",
    )


@log
def habitat_updates(w: Writer) -> None:
    t = 42000.0
    w.say(
        "2021-05-11 11:39:02,131 Initializing dataset PointNav-v1\n2021-05-11 11:39:11,804 initializing sim Sim-v0\n2021-05-11 11:39:58,005 Initializing task Nav-v0\n2021-05-11 11:40:01,550 agent number of parameters: 12461572"
    )
    frames = 0
    for n in range(10, 401, 10):
        t += 31
        frames += 20480
        w.row(f"2021-05-11 {clock(t)},{w.int(100, 999)} update: {n}\tfps: {{ok_fps:.3f}}\t", n, ok_fps=w.x(640, 690))
        w.row(
            f"2021-05-11 {clock(t)},{w.int(100, 999)} update: {n}\tenv-time: {{ok_env-time:.3f}}s\tpth-time: {{ok_pth-time:.3f}}s\tframes: {{_frames}}",
            n,
            **{"ok_env-time": n * 1.7, "ok_pth-time": n * 1.3, "_frames": frames},
        )
        s = max(0, w.acc(n, 0.88, 120))
        w.row(
            f"2021-05-11 {clock(t)},{w.int(100, 999)} Average window size: 50  distance_to_goal: {{distance_to_goal:.3f}}  reward: {{reward:.3f}}  spl: {{spl:.3f}}  success: {{success:.3f}}",
            (n, frames),
            distance_to_goal=w.fall(n, 5.9, 0.7, 80),
            reward=-0.5 + 7 * s,
            spl=s * 0.8,
            success=s,
        )
    w.ok("Average window size", "window size", "frames")
