"""Language models by the thousand cards, and agents."""

from __future__ import annotations

from data.make.strangers.writer import Writer, bar, clock, log


@log
def modded_run(w: Writer) -> None:
    w.say(
        'import os\nimport sys\nwith open(sys.argv[0]) as f:\n    code = f.read() # read the code of this file ASAP, for logging\nimport uuid\nimport time\nfrom dataclasses import dataclass\nimport torch\n\n@dataclass\nclass Hyperparameters:\n    train_files = "data/fineweb10B/fineweb_train_*.bin"\n    val_tokens = 10485760\n    train_seq_len = 48*1024\n    num_iterations = 1750 # number of iterations to run\n    cooldown_frac = 0.45\n    val_loss_every = 125 # every how many steps to evaluate val loss? 0 for only at the end\n\ndef get_lr(step: int):\n    x = step / args.num_iterations\n    w = 0.1\n    if x < 1 - args.cooldown_frac:\n        return 1.0\n    return w * 1.0 + (1 - w) * 0.1\n\nfor step in range(train_steps + 1):\n    if last_step or (args.val_loss_every > 0 and step % args.val_loss_every == 0):\n        print0(f"step:{step}/{train_steps} val_loss:{val_loss:.4f} train_time:{training_time_ms:.0f}ms step_avg:{training_time_ms/max(step, 1):.2f}ms", console=True)'
    )
    w.say(
        "====================================================================================================\nRunning Python 3.12.7 (main, Oct 16 2024, 04:37:19) [Clang 18.1.8 ]\nRunning PyTorch 2.7.0.dev20250110+cu126 compiled for CUDA 12.6\nMon Jan 20 10:12:11 2025       \n+-----------------------------------------------------------------------------------------+\n| NVIDIA-SMI 550.127.08             Driver Version: 550.127.08     CUDA Version: 12.6     |\n|-----------------------------------------+------------------------+----------------------+\n| GPU  Name                 Persistence-M | Bus-Id          Disp.A | Volatile Uncorr. ECC |\n| Fan  Temp   Perf          Pwr:Usage/Cap |           Memory-Usage | GPU-Util  Compute M. |\n|=========================================+========================+======================|\n|   0  NVIDIA H100 80GB HBM3          On  |   00000000:19:00.0 Off |                    0 |\n| N/A   38C    P0            120W /  700W |    7714MiB /  81559MiB |      0%      Default |\n+-----------------------------------------+------------------------+----------------------+\n===================================================================================================="
    )
    t = 0.0
    for n in range(251):
        if n % 125 == 0:
            w.row(
                f"step:{n}/1750 val_loss:{{val_loss:.4f}} train_time:{t:.0f}ms step_avg:{{step_avg:.2f}}ms",
                n,
                val_loss=w.fall(n, 10.8, 3.3, 20),
                step_avg=t / max(n, 1),
            )
        t += w.x(96, 99)
        if n < 250:
            w.row(f"step:{n + 1}/1750 train_time:{t:.0f}ms step_avg:{{step_avg:.2f}}ms", n + 1, step_avg=t / (n + 1))
    # the validation line says the same average again: a person may leave it out
    w.others.append(w.series | {"step_avg": [p for k, p in enumerate(w.series["step_avg"]) if k not in {0, 126, 252}]})
    w.say("peak memory allocated: 29244 MiB reserved: 43956 MiB")
    w.ok("train_time", "peak memory allocated", "reserved", "peak memory")


@log
def deepspeed_ranks(w: Writer) -> None:
    w.say(
        '[2023-05-02 02:12:01,101] [WARNING] [runner.py:190:fetch_hostfile] Unable to find hostfile, will proceed with training with local resources only.\n[2023-05-02 02:12:09,871] [INFO] [config.py:955:print] DeepSpeedEngine configuration:\n[2023-05-02 02:12:09,872] [INFO] [config.py:959:print]   activation_checkpointing_config  {\n    "partition_activations": false, \n    "contiguous_memory_optimization": false\n}\n[2023-05-02 02:12:09,873] [INFO] [config.py:959:print]   gradient_clipping ............ 1.0\n[2023-05-02 02:12:09,873] [INFO] [config.py:959:print]   initial_dynamic_scale ........ 65536\n[2023-05-02 02:12:09,873] [INFO] [config.py:959:print]   steps_per_print .............. 10\n[2023-05-02 02:12:09,874] [INFO] [config.py:959:print]   zero_optimization_stage ...... 2\n[2023-05-02 02:12:11,003] [INFO] [loss_scaler.py:188:update_scale] [deepspeed] OVERFLOW! Rank 0 Skipping step. Attempted loss scale: 65536, reducing to 32768'
    )
    t = 7935.0
    for n in range(10, 501, 10):
        t += 6
        lr = 9.6e-6 * min(1, n / 100)
        w.row(
            f"[2023-05-02 {clock(t)},{w.int(0, 499):03d}] [INFO] [logging.py:96:log_dist] [Rank 0] step={n}, skipped={{ok_skipped}}, lr=[{{lr}}], mom=[[0.9, 0.95]]",
            n,
            ok_skipped=2,
            lr=lr,
        )
        w.say(
            f"[2023-05-02 {clock(t)},{w.int(500, 999):03d}] [INFO] [timer.py:199:stop] epoch=0/micro_step={n}/global_step={n}, RunningAvgSamplesPerSec={w.x(30, 31)}, CurrSamplesPerSec={w.x(29, 32)}, MemAllocated=4.34GB, MaxMemAllocated=12.81GB"
        )
        w.row(
            "steps: {_n} loss: {loss:.4f} iter time (s): {iter time:.3f} samples/sec: {samples/sec:.3f}",
            n,
            **{"_n": n, "loss": w.fall(n, 2.9, 1.9, 60), "iter time": w.x(0.5, 0.6), "samples/sec": w.x(28, 32)},
        )
    w.say(
        "[2023-05-02 02:20:01,120] [INFO] [torch_checkpoint_engine.py:23:save] [Torch] Saving output/global_step500/mp_rank_00_model_states.pt..."
    )
    w.ok(
        "mom",
        "RunningAvgSamplesPerSec",
        "CurrSamplesPerSec",
        "MemAllocated",
        "MaxMemAllocated",
        "micro_step",
        "global_step",
    )


@log
def titan_colours(w: Writer) -> None:
    w.say(
        "[rank0]:[titan] 2024-11-02 10:01:12,103 - root - INFO - Starting job: Llama 3 8B training\n[rank0]:[titan] 2024-11-02 10:01:14,120 - root - INFO - CUDA capacity: NVIDIA H100 with 95.00GiB memory\n[rank0]:[titan] 2024-11-02 10:01:20,330 - root - INFO - \x1b[34mModel llama3 8B \x1b[31msize: 8,030,261,248 total parameters\x1b[39m\n[rank0]:[titan] 2024-11-02 10:01:31,020 - root - INFO - CUDA memory usage for model: 3.77GiB(3.97%)\n[rank0]:[titan] 2024-11-02 10:01:31,030 - root - INFO - Training starts at step 1, with local batch size 1, global batch size 8, sequence length 8192, total steps 1000 (warmup 200)"
    )
    t = 36100.0
    for n in [1, *range(10, 501, 10)]:
        t += 13
        w.row(
            f"[rank0]:[titan] 2024-11-02 {clock(t)},{w.int(0, 999):03d} - root - INFO - \x1b[31mstep: {n:2d}  \x1b[32mloss: {{loss:7.4f}}  \x1b[33mmemory: {{memory:5.2f}}GiB({w.x(80, 85):.2f}%)  \x1b[34mtps: {{tps:,}}  \x1b[36mtflops: {{tflops:,.2f}}  \x1b[35mmfu: {{mfu:.2f}}%\x1b[39m",
            n,
            loss=w.fall(n, 12.25, 3.2, 40),
            memory=w.x(76, 77),
            tps=w.int(5900, 6300) if n > 1 else w.int(400, 800),
            tflops=w.x(340, 360),
            mfu=w.x(34, 36),
        )
        if n == 1:
            w.say(
                "[rank0]:[titan] 2024-11-02 10:01:54,410 - root - INFO - Synchronizing and adjusting timeout for all ProcessGroups to 0:01:40"
            )
        if n % 100 == 0:
            w.say(
                f"[rank0]:[titan] 2024-11-02 {clock(t)},900 - root - INFO - [GC] Peforming periodical GC collection 0.02 seconds."
            )


@log
def llmc_table(w: Writer) -> None:
    w.say(
        "+-----------------------+----------------------------------------------------+\n| Parameter             | Value                                              |\n+-----------------------+----------------------------------------------------+\n| train data pattern    | dev/data/tinyshakespeare/tiny_shakespeare_train.bin |\n| batch size B          | 4                                                  |\n| sequence length T     | 1024                                               |\n| learning rate (LR)    | 3.000000e-04                                       |\n| warmup iterations     | 0                                                  |\n| weight decay          | 0.000000e+00                                       |\n| skip update lossz     | 0.000000                                           |\n| max_steps             | -1                                                 |\n| val_loss_every        | 20                                                 |\n| use_master_weights    | enabled                                            |\n+-----------------------+----------------------------------------------------+\n| device                | NVIDIA A100-SXM4-40GB                              |\n| peak TFlops           | 312.0                                              |\n| precision             | BF16                                               |\n+-----------------------+----------------------------------------------------+\n| num_parameters        | 124475904                                          |\n| train_num_batches     | 74                                                 |\n+-----------------------+----------------------------------------------------+\nHellaSwag eval not found at dev/data/hellaswag/hellaswag_val.bin, skipping its evaluation\nnum_parameters: 124475904 => bytes: 248951808\nallocating 237 MiB for model parameters"
    )
    for n in range(75):
        if n % 20 == 0 or n == 74:
            w.row("val loss {val_loss:f}", (n, n + 1, n or None), val_loss=w.fall(n, 4.5, 3.4, 9))
        if n == 40:
            w.say(
                "generating:\n---\nCOMINIUS:\nThe king shall have no more of me,\nAnd, step by step 3 or 4, I'll give them loss: 2.\n---"
            )
        if n < 74:
            w.row(
                "step {_n:4d}/74 | loss {loss:7.6f} (+nanz)| norm {norm:6.4f} (+nanz)| lr {lr:.2e} | {_ms:.2f} ms | {_mfu:.1f}% bf16 MFU | {_tok:.0f} tok/s",
                n + 1,
                _n=n + 1,
                loss=w.fall(n, 4.4, 3.2, 9),
                norm=w.x(1, 9),
                lr=3e-4,
                _ms=w.x(24, 26),
                _mfu=w.x(48, 52),
                _tok=w.x(160000, 170000),
            )
    w.say("total average iteration time: 25.102201 ms")
    w.ok("ms", "bf16 MFU", "MFU", "tok/s", "total average iteration time", "z", "lossz", "loss z", "norm z", "normz")


@log
def composer_blocks(w: Writer) -> None:
    w.say(
        "******************************\nConfig:\nenabled_algorithms/GradientClipping: true\nnode_name: unknown because NODENAME environment variable not set\nnum_gpus_per_node: 8\nnum_nodes: 1\nrank_zero_seed: 17\n\n******************************"
    )
    for n in range(1, 31):
        w.say(f"[batch={n * 10}/4800]:")
        w.say(
            f"\t Train time/epoch: 0\n\t Train time/batch: {n * 10 - 1}\n\t Train time/sample: {(n * 10 - 1) * 256}\n\t Train time/batch_in_epoch: {n * 10 - 1}"
        )
        w.row("\t Train trainer/device_train_microbatch_size: {ok_mb}", n * 10, ok_mb=8)
        good = (n * 10, n * 10 - 1)
        w.row("\t Train loss/train/total: {loss/train/total:.4f}", good, **{"loss/train/total": w.fall(n, 10.9, 4, 4)})
        w.row(
            "\t Train metrics/train/LanguageCrossEntropy: {LanguageCrossEntropy:.4f}",
            good,
            LanguageCrossEntropy=w.fall(n, 10.9, 4, 4),
        )
        w.row(
            "\t Train metrics/train/LanguagePerplexity: {LanguagePerplexity:.4f}",
            good,
            LanguagePerplexity=w.fall(n, 40000, 80, 2),
        )
        w.row(
            "\t Train throughput/batches_per_sec: {throughput/batches_per_sec:.4f}",
            good,
            **{"throughput/batches_per_sec": w.x(0.4, 0.5)},
        )
        w.row(
            "\t Train lr-DecoupledAdamW/group0: {lr-DecoupledAdamW/group0:.4g}",
            good,
            **{"lr-DecoupledAdamW/group0": 6e-6 * n * 10},
        )
        if n % 10 == 0:
            w.say(
                "[Eval batch=1/25] Eval on eval data:\n[Eval batch=13/25] Eval on eval data:\n[Eval batch=25/25] Eval on eval data:"
            )
            w.row(
                "\t Eval metrics/eval/LanguageCrossEntropy: {val/LanguageCrossEntropy:.4f}",
                (*good, 25),
                **{"val/LanguageCrossEntropy": w.fall(n, 10, 4, 4)},
            )
            w.row(
                "\t Eval metrics/eval/LanguagePerplexity: {val/LanguagePerplexity:.4f}",
                (*good, 25),
                **{"val/LanguagePerplexity": w.fall(n, 30000, 80, 2)},
            )
    w.ok(
        "time/epoch",
        "time/batch",
        "time/sample",
        "time/batch_in_epoch",
        "trainer/device_train_microbatch_size",
        "device_train_microbatch_size",
        "train trainer/device_train_microbatch_size",
        "mb",
    )


@log
def litgpt_iters(w: Writer) -> None:
    w.say(
        "{'access_token': None,\n 'checkpoint_dir': PosixPath('checkpoints/EleutherAI/pythia-160m'),\n 'devices': 1,\n 'eval': EvalArgs(interval=100, max_new_tokens=100, max_iters=100, initial_validation=False),\n 'lora_alpha': 16,\n 'lora_dropout': 0.05,\n 'lora_r': 8,\n 'seed': 1337,\n 'train': TrainArgs(save_interval=1000, log_interval=1, global_batch_size=16, micro_batch_size=4, epochs=1, max_norm=None)}\nSeed set to 1337\nNumber of trainable parameters: 884,736\nNumber of non-trainable parameters: 162,322,944\nThe longest sequence length in the train data is 512, the model's max sequence length is 512 and context length is 2048"
    )
    for n in range(1, 201):
        tail = " (step)" if n % 4 == 0 else ""
        w.row(
            f"Epoch 1 | iter {n} step {n // 4} | loss train: {{loss train:.3f}}, val: n/a | iter time: {{ok_iter_time:.2f}} ms{tail}",
            (n, n // 4),
            **{"loss train": w.fall(n, 2.9, 1.1, 30), "ok_iter_time": w.x(60, 70)},
        )
        if n % 100 == 0:
            w.say(
                "Recommend a movie for me to watch during the weekend and explain the reason.\nBelow is an instruction that describes a task. Rating 8 out of 10."
            )
            w.row(
                "iter {_n}: val loss {val loss:.4f}, val time: {_t:.2f} ms",
                (n, n // 4),
                **{"_n": n, "val loss": w.fall(n, 2.5, 1.2, 30), "_t": w.x(2000, 3000)},
            )
    w.say("Training time: 41.22s\nMemory used: 4.77 GB")
    w.ok("val time", "Training time", "Memory used", "step", "iter")


@log
def maxtext_completed(w: Writer) -> None:
    w.say(
        "I0405 12:01:11.103321 140512345 max_utils.py:350] Jax initialized on process 0\nDecoding config base_emb_dim: 2048\nConfig param attention: autoselected\nConfig param base_emb_dim: 2048\nConfig param base_num_decoder_layers: 16\nConfig param dropout_rate: 0\nConfig param learning_rate: 3e-05\nConfig param per_device_batch_size: 12.0\nConfig param steps: 150001\nConfig param warmup_steps_fraction: 0.1\nnumber parameters: 1.104 billion\nPer train step:\n Total TFLOPs: 170.84 \n split as 96.72% learnable weight flops and 3.28% attention flops"
    )
    for n in range(81):
        s = w.x(1.9, 2.0) if n else 41.2
        w.row(
            "completed step: {_n}, seconds: {ok_seconds:.3f}, TFLOP/s/device: {TFLOP/s/device:.3f}, Tokens/s/device: {Tokens/s/device:.3f}, total_weights: {ok_total_weights}, loss: {loss:.3f}",
            n,
            **{
                "_n": n,
                "ok_seconds": s,
                "TFLOP/s/device": 170.84 / s,
                "Tokens/s/device": 24576 / s,
                "ok_total_weights": 98304,
                "loss": w.fall(n, 10.9, 5.9, 12),
            },
        )
        if n and n % 20 == 0:
            w.say(
                f"To see full metrics 'tensorboard --logdir=gs://bucket/run/tensorboard/'\nSaved a checkpoint at step {n}"
            )


@log
def clu_metric_writer(w: Writer) -> None:
    w.say(
        "I1012 07:30:11.120331 140187654321 main.py:55] JAX process: 0 / 4\nI1012 07:30:12.310221 140187654321 logging_writer.py:68] [0] Hyperparameters: {'batch_size': 4096, 'learning_rate': 0.003, 'num_train_steps': 2000, 'warmup_steps': 500, 'dropout': 0.1}\nI1012 07:30:20.000221 140187654321 parameter_overview.py:257] \n+--------------------+------------------+------------+-----------+--------+\n| Name               | Shape            | Size       | Mean      | Std    |\n+--------------------+------------------+------------+-----------+--------+\n| embedding/kernel   | (16, 16, 3, 768) | 589,824    | -1.32e-05 | 0.0361 |\n| head/bias          | (1000,)          | 1,000      | -6.9      | 0.0    |\n+--------------------+------------------+------------+-----------+--------+\nTotal: 86,567,656"
    )
    t = 27060.0
    for n in range(50, 2001, 50):
        t += 20

        def p(n: int = n) -> str:
            nonlocal t
            t += 0.003
            return f"I1012 {clock(t)}.{int(t % 1 * 1e6):06d} 140187654321 logging_writer.py:48] [{n}]"

        w.row(
            p() + " l2_grads={l2_grads:.6g}, learning_rate={learning_rate:.6g}, train_loss={train_loss:.6g}",
            n,
            l2_grads=w.x(0.3, 3),
            learning_rate=0.003 * min(1, n / 500),
            train_loss=w.fall(n, 6.95, 2.2, 500),
        )
        if n % 100 == 0:
            w.row(
                p() + " img/sec/core={img/sec/core:.6g}, steps_per_sec={steps_per_sec:.6g}",
                n,
                **{"img/sec/core": w.x(500, 560), "steps_per_sec": w.x(2.4, 2.6)},
            )
        if n % 500 == 0:
            w.row(
                p() + " eval/accuracy={val/accuracy:.6g}, eval/loss={val/loss:.6g}",
                n,
                **{"val/accuracy": w.acc(n, 0.7, 500), "val/loss": w.fall(n, 6, 2.3, 400)},
            )
            w.say(
                f"I1012 {clock(t)}.771122 140187654321 checkpoints.py:500] Saving checkpoint at step: {n}\nI1012 {clock(t)}.999122 140187654321 local.py:41] Setting work unit notes: {n / 20:.1f}% @{n}, 2.5 steps/s, ETA: {(2000 - n) // 150} minutes"
            )


@log
def dpo_rewards(w: Writer) -> None:
    w.say(
        "You are using the default legacy behaviour of the <class 'transformers.models.llama.tokenization_llama.LlamaTokenizer'>. This is expected.\n/opt/conda/lib/python3.10/site-packages/trl/trainer/utils.py:294: UserWarning: max_length is not set in the DPODataCollator's init it will default to `512` by default, but you should do it yourself in the future.\n  warnings.warn(\n  0%|          | 0/400 [00:00<?, ?it/s]Could not estimate the number of tokens of the input, floating-point operations will not be computed"
    )
    k = 0
    for n in range(10, 401, 10):
        k += 1
        ep = float(f"{n / 400:.2f}")
        m = 2.1 * n / (n + 90)
        keys = {
            "loss": 0.69 / (1 + m),
            "learning_rate": 5e-7 * (1 - n / 400),
            "rewards/chosen": 0.4 * m * w.x(0.8, 1.2),
            "rewards/rejected": -0.6 * m * w.x(0.8, 1.2),
            "rewards/accuracies": w.int(12, 20) / 20,
            "rewards/margins": m,
            "logps/rejected": -w.x(200, 300),
            "logps/chosen": -w.x(180, 290),
            "logits/rejected": -w.x(1, 3),
            "logits/chosen": -w.x(1, 3),
        }
        w.row("{{" + ", ".join(f"'{x}': {{{x}}}" for x in keys) + f", 'epoch': {ep}}}}}", (ep, n, k, k - 1), **keys)


@log
def sb3_boxes(w: Writer) -> None:
    w.say(
        "Using cuda device\nWrapping the env with a `Monitor` wrapper\nWrapping the env in a DummyVecEnv.\nLogging to ./ppo_lunar_tensorboard/PPO_1"
    )
    for k in range(1, 16):
        good = (k * 2048, k)
        keys = {
            "rollout/": None,
            "ep_len_mean": w.x(80, 300),
            "ep_rew_mean": -180 + 24.0 * k + w.x(0, 9),
            "time/": None,
            "fps": w.int(900, 1000),
            "iterations": k,
            "time_elapsed": k * 2,
            "total_timesteps": k * 2048,
        }
        if k > 1:
            keys |= {
                "train/": None,
                "approx_kl": w.x(0.004, 0.02),
                "clip_fraction": w.x(0, 0.2),
                "clip_range": 0.2,
                "entropy_loss": -w.x(1, 1.38),
                "explained_variance": w.x(-0.1, 0.9),
                "learning_rate": 0.0003,
                "loss": w.x(5, 400),
                "n_updates": (k - 1) * 10,
                "policy_gradient_loss": -w.x(0, 0.02),
                "value_loss": w.x(20, 900),
            }
        w.say("-" * 42 if k > 1 else "-" * 34)
        for name, value in keys.items():
            if value is None:
                w.say(f"| {name:<23s} |{'':13s}|")
            else:
                shown = (
                    f"{value:.3g}"
                    if isinstance(value, float) and not (abs(value) < 1e-2 and value)
                    else (f"{value:.9f}".rstrip("0") if isinstance(value, float) else str(value))
                )
                key = (
                    f"ok_{name}"
                    if name in {"fps", "iterations", "time_elapsed", "total_timesteps", "n_updates"}
                    else name
                )
                w.row(f"|    {name:<20s} | {{{key}:<11s}} |", good, **{key: shown})
        w.say("-" * 42 if k > 1 else "-" * 34)
        if k % 5 == 0:
            w.say(
                f"Eval num_timesteps={k * 2048}, episode_reward={w.x(-100, 200):.2f} +/- {w.x(10, 90):.2f}\nEpisode length: {w.x(100, 300):.2f} +/- {w.x(10, 90):.2f}\nNew best mean reward!"
            )
    w.ok("time/fps", "episode_reward", "Episode length", "Eval num_timesteps", "Eval episode_reward", "num_timesteps")


@log
def isaac_box(w: Writer) -> None:
    w.say(
        "Importing module 'gym_38' (/opt/isaacgym/python/isaacgym/_bindings/linux-x86_64/gym_38.so)\nSetting GYM_USD_PLUG_INFO_PATH to /opt/isaacgym/python/isaacgym/_bindings/linux-x86_64/usd/plugInfo.json\nPyTorch version 1.10.0+cu113\nDevice count 1\nPhysX GPU Pipeline: enabled\nGPU Pipeline: enabled\nActor MLP: Sequential(\n  (0): Linear(in_features=48, out_features=512, bias=True)\n  (1): ELU(alpha=1.0)\n  (2): Linear(in_features=512, out_features=12, bias=True)\n)"
    )
    for n in range(16):
        good = (n, (n + 1) * 98304)
        w.say("#" * 80 + "\n" + f"\x1b[1m Learning iteration {n}/1500 \x1b[0m".center(80) + "\n")
        w.say(
            f"{'Computation:':>35s} {w.int(40000, 50000)} steps/s (collection: {w.x(1, 2):.3f}s, learning {w.x(0.3, 0.4):.3f}s)"
        )
        for name, value in (
            ("Value function loss", w.fall(n, 0.4, 0.01)),
            ("Surrogate loss", -w.x(0, 0.02)),
            ("Mean action noise std", 1 - n / 200),
            ("Mean reward", n * 0.3 - 1),
            ("Mean episode length", 20 + 30.0 * n),
            ("Mean episode rew_action_rate", -w.x(0, 0.02)),
            ("Mean episode rew_tracking_lin_vel", w.x(0, 0.02) * (n + 1)),
            ("Mean episode terrain_level", 3 - n / 9),
        ):
            fmt = ".2f" if name in {"Mean action noise std", "Mean reward", "Mean episode length"} else ".4f"
            w.row(f"{name + ':':>35s} {{{name}:{fmt}}}", good, **{name: value})
        w.say(
            "-" * 80
            + f"\n{'Total timesteps:':>35s} {(n + 1) * 98304}\n{'Iteration time:':>35s} {w.x(1.4, 2.2):.2f}s\n{'Total time:':>35s} {(n + 1) * 1.9:.2f}s\n{'ETA:':>35s} {(1500 - n) * 1.9:.1f}s\n"
        )
    w.ok("Computation", "steps/s", "collection", "learning", "Total timesteps", "Iteration time", "Total time", "ETA")


@log
def reinforce_tabs(w: Writer) -> None:
    w.say(
        "/usr/lib/python3/site-packages/gym/envs/registration.py:555: UserWarning: WARN: The environment CartPole-v1 is out of date."
    )
    run = 10.0
    for n in range(10, 1301, 10):
        last = min(500.0, 10 + n * w.x(0.1, 0.5))
        run = 0.95 * run + 0.05 * last
        w.row(
            "Episode {_n}\tLast reward: {last_reward:.2f}\tAverage reward: {average_reward:.2f}",
            n,
            _n=n,
            last_reward=last,
            average_reward=run,
        )
    w.say("Solved! Running reward is now 476.1234 and the last episode runs to 500 time steps!")
    w.ok("Running reward")


@log
def alphazero_bars(w: Writer) -> None:
    w.say(
        "2023-07-01 10:00:12 host __main__[412] INFO Loading OthelloGame...\n2023-07-01 10:00:12 host __main__[412] INFO Loading NNetWrapper...\n2023-07-01 10:00:14 host __main__[412] WARNING Not loading a checkpoint!\n2023-07-01 10:00:14 host __main__[412] INFO Starting the learning process 🎉"
    )
    finals: dict[str, list] = {"loss_pi": [], "loss_v": []}
    for i in range(1, 4):
        w.say(f"2023-07-01 10:0{i}:14 host Coach[412] INFO Starting Iter #{i} ...")
        w.say(f"Self Play: 100%|██████████| 100/100 [08:0{i}<00:00,  4.8{i}s/it]")
        for e in range(1, 6):
            w.say(f"EPOCH ::: {e}")
            first = len(w.lines)
            for b in range(10, 61, 10):
                w.row(
                    f"Training Net: {bar(b, 60, 21.4)}, Loss_pi={{loss_pi:.2e}}, Loss_v={{loss_v:.2e}}]",
                    None,
                    loss_pi=w.fall(e * 60 + b, 4, 1.5, 200),
                    loss_v=w.fall(e * 60 + b, 1, 0.4, 200),
                )
            w.joined(first)
            for name in finals:
                finals[name].append(w.series[name][-1])
        w.say(
            "2023-07-01 10:09:14 host Coach[412] INFO PITTING AGAINST PREVIOUS VERSION\nArena.playGames (1): 100%|██████████| 20/20 [01:11<00:00,  3.58s/it]\nArena.playGames (2): 100%|██████████| 20/20 [01:10<00:00,  3.52s/it]"
        )
        w.say(
            f"2023-07-01 10:09:24 host Coach[412] INFO NEW/PREV WINS : {w.int(20, 30)} / {w.int(5, 12)} ; DRAWS : {w.int(0, 3)}\n2023-07-01 10:09:24 host Coach[412] INFO ACCEPTING NEW MODEL"
        )
    w.others.append(finals)
    w.ok("it/s", "s/it", "WINS", "DRAWS", "NEW/PREV WINS", "NEW", "PREV")
