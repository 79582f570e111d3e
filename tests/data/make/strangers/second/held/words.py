"""Text, speech and language models."""

from __future__ import annotations

import math

from data.make.strangers.writer import Writer, bar, clock, log


@log
def metaseq_json(w: Writer) -> None:
    w.say(
        "2022-05-02 00:11:02 | INFO | metaseq.cli.train | {'_name': None, 'common': {'log_format': 'json', 'log_interval': 25, 'seed': 1, 'fp16': True}, 'optimization': {'max_update': 1500, 'clip_norm': 1.0, 'lr': [0.0003]}, 'criterion': 'vocab_parallel_cross_entropy'}"
    )
    w.say(
        "2022-05-02 00:11:40 | INFO | metaseq.cli.train | num. model params: 125,239,296 (num. trained: 125,239,296)\n2022-05-02 00:11:41 | INFO | metaseq.trainer | detected shared parameter: decoder.embed_tokens.weight <- decoder.output_projection.weight\n2022-05-02 00:12:01 | INFO | metaseq.trainer | begin training epoch 1"
    )
    t = 732.0
    for n in range(25, 1501, 25):
        t += 11.4
        loss = w.fall(n, 15.8, 4.3, 90)
        w.row(
            f"2022-05-02 {clock(t)} | INFO | train_inner | "
            + '{{"epoch": 1, "actv_norm": "{actv_norm:.3f}", "pos_norm": "{pos_norm:.3f}", "tok_norm": "{tok_norm:.3f}", "emb_norm": "0", "loss": "{loss:.3f}", "ppl": "{ppl:.2f}", "wps": "{ok_wps:.0f}", "ups": "{ok_ups:.2f}", "wpb": "{ok_wpb}", "bsz": "{ok_bsz}", "num_updates": "{_n}", "lr": "{lr:.6g}", "gnorm": "{gnorm:.3f}", "clip": "{clip:.1f}", "loss_scale": "{loss_scale}", "scale_window": "{ok_scale_window}", "train_wall": "{ok_train_wall}", "cuda_gb_allocated": "{ok_cuda_gb_allocated:.1f}", "cuda_gb_free": "{ok_cuda_gb_free:.1f}", "wall": "{ok_wall:.0f}"}}',
            n,
            actv_norm=w.fall(n, 320, 160, 400),
            pos_norm=w.x(0.27, 0.29),
            tok_norm=w.x(0.88, 0.91),
            loss=loss,
            ppl=2**loss,
            ok_wps=w.x(44000, 46000),
            ok_ups=w.x(2.1, 2.3),
            ok_wpb=20480,
            ok_bsz=10,
            _n=n,
            lr=0.0003 * min(1, n / 375) * (1 - max(0, n - 375) / 2000),
            gnorm=w.fall(n, 4.4, 0.9, 200),
            clip=100.0 if n < 300 else w.int(0, 24) * 4,
            loss_scale=4,
            ok_scale_window=256,
            ok_train_wall=11,
            ok_cuda_gb_allocated=2.5,
            ok_cuda_gb_free=w.x(19, 20),
            ok_wall=t - 660,
        )
        if n % 500 == 0:
            vloss = loss + 0.12
            t += 6
            w.row(
                f"2022-05-02 {clock(t)} | INFO | valid | "
                + '{{"epoch": 1, "valid_loss": "{valid_loss:.3f}", "valid_ppl": "{valid_ppl:.2f}", "valid_wps": "{ok_valid_wps:.0f}", "valid_wpb": "{ok_valid_wpb}", "valid_bsz": "{ok_valid_bsz}", "valid_num_updates": "{_n}"}}',
                n,
                valid_loss=vloss,
                valid_ppl=2**vloss,
                ok_valid_wps=w.x(120000, 130000),
                ok_valid_wpb=20480,
                ok_valid_bsz=10,
                _n=n,
            )
            w.say(
                f"2022-05-02 {clock(t)} | INFO | metaseq.checkpoint_utils | Preparing to save checkpoint to /checkpoint/opt/checkpoint_1_{n}.pt after {n} updates"
            )
    w.ok("emb_norm", "valid_num_updates", "num_updates")


@log
def llamacpp_perplexity(w: Writer) -> None:
    w.say(
        "main: build = 1699 (b9f4795)\nmain: seed  = 1704100001\nllama_model_loader: loaded meta data with 20 key-value pairs and 291 tensors from models/llama-2-7b.Q4_K_M.gguf (version GGUF V2)\nllama_model_loader: - kv   0:                       general.architecture str              = llama\nllama_model_loader: - kv   1:                               general.name str              = LLaMA v2\nllama_model_loader: - kv   2:                       llama.context_length u32              = 4096\nllama_model_loader: - kv   3:                     llama.embedding_length u32              = 4096\nllama_model_loader: - kv   4:                          llama.block_count u32              = 32\nllama_model_loader: - kv   5:                  llama.feed_forward_length u32              = 11008\nllama_model_loader: - kv   6:                 llama.rope.dimension_count u32              = 128\nllama_model_loader: - kv   7:                 llama.attention.head_count u32              = 32\nllama_model_loader: - type  f32:   65 tensors\nllama_model_loader: - type q4_K:  193 tensors\nllama_model_loader: - type q6_K:   33 tensors\nllm_load_print_meta: format           = GGUF V2\nllm_load_print_meta: vocab type       = SPM\nllm_load_print_meta: n_vocab          = 32000\nllm_load_print_meta: n_layer          = 32\nllm_load_print_meta: f_norm_rms_eps   = 1.0e-05\nllm_load_print_meta: model size       = 3.80 GiB (4.84 BPW)\nllama_new_context_with_model: KV self size  =  256.00 MiB\nsystem_info: n_threads = 8 / 16 | AVX = 1 | AVX2 = 1 | FMA = 1 | BLAS = 1 |\nperplexity: tokenizing the input ..\nperplexity: tokenization took 612.1 ms\nperplexity: calculating perplexity over 300 chunks, batch_size=512\nperplexity: 1.71 seconds per pass - ETA 8.55 minutes"
    )
    parts = []
    for k in range(1, 301):
        value = f"{5.83 + 0.9 * math.sin(k / 3) / k**0.6 - 1.5 / k + w.x(-0.01, 0.01):.4f}"
        parts.append(f"[{k}]{value},")
        w.series.setdefault("perplexity", []).append(((k,), float(value)))
    w.say("".join(parts))
    w.say(
        "Final estimate: PPL = 5.8291 +/- 0.04711\n\nllama_print_timings:        load time =    2401.22 ms\nllama_print_timings:      sample time =       0.00 ms /     1 runs   (    0.00 ms per token,      inf tokens per second)\nllama_print_timings: prompt eval time =  501233.10 ms / 153600 tokens (    3.26 ms per token,   306.44 tokens per second)\nllama_print_timings:        eval time =       0.00 ms /     1 runs   (    0.00 ms per token,      inf tokens per second)\nllama_print_timings:       total time =  512004.51 ms"
    )
    w.say(
        "\n$ python convert.py models/mistral-7b --outtype f16\nLoading model file models/mistral-7b/model-00001-of-00002.safetensors\nLoading model file models/mistral-7b/model-00002-of-00002.safetensors\nparams = Params(n_vocab=32000, n_embd=4096, n_layer=32, n_ctx=32768, n_ff=14336, n_head=32, n_head_kv=8, f_norm_eps=1e-05)\nLoading vocab file 'models/mistral-7b/tokenizer.model', type 'spm'\nWriting models/mistral-7b/ggml-model-f16.gguf, format 1"
    )
    w.ok(
        "Final estimate",
        "PPL",
        "Final estimate PPL",
        "load time",
        "sample time",
        "prompt eval time",
        "eval time",
        "total time",
        "seconds per pass",
        "ETA",
    )


@log
def verl_console(w: Writer) -> None:
    head = "\x1b[36m(main_task pid=30412)\x1b[0m "
    w.say(
        "2025-02-20 10:03:11,402\tINFO worker.py:1821 -- Started a local Ray instance.\n"
        + head
        + "{'actor_rollout_ref': {'actor': {'clip_ratio': 0.2, 'entropy_coeff': 0.001,\n"
        + head
        + "                                 'grad_clip': 1.0, 'optim': {'lr': 1e-06},\n"
        + head
        + "                                 'ppo_mini_batch_size': 256}},\n"
        + head
        + " 'trainer': {'project_name': 'verl_grpo', 'test_freq': 5, 'total_epochs': 15}}"
    )
    w.say(
        head
        + "Size of train dataloader: 29\n"
        + head
        + "Total training steps: 60\n\x1b[36m(WorkerDict pid=31120)\x1b[0m Before init optimizer, memory allocated (GB): 5.0, memory reserved (GB): 5.3"
    )
    w.row(
        head + "step:0 - val/test_score/openai/gsm8k:{val/test_score/openai/gsm8k:.3f}",
        0,
        **{"val/test_score/openai/gsm8k": 0.124},
    )
    for n in range(1, 61):
        values = {
            "global_seqlen/min": w.int(60000, 70000),
            "global_seqlen/max": w.int(71000, 79000),
            "global_seqlen/mean": w.x(70000, 71000),
            "actor/kl_loss": 0.001 * n**0.7 + w.x(0, 0.0005),
            "actor/entropy_loss": w.fall(n, 0.41, 0.07, 12),
            "actor/pg_loss": w.x(-0.01, 0.02),
            "actor/pg_clipfrac": w.x(0.001, 0.004),
            "actor/ppo_kl": w.x(0, 0.001),
            "actor/grad_norm": w.x(0.1, 0.4),
            "ok_mfu/actor": w.x(0.3, 0.34),
            "actor/lr": 0.000001,
            "critic/score/mean": w.acc(n, 0.86, 8),
            "critic/score/max": 1.0,
            "critic/score/min": 0.0,
            "critic/advantages/mean": w.x(-0.05, 0.02),
            "response_length/mean": 190 + n * 1.5 + w.x(-9, 9),
            "response_length/clip_ratio": w.x(0.0, 0.02),
            "ok_timing_s/gen": w.x(18, 22),
            "ok_timing_s/update_actor": w.x(30, 33),
            "ok_timing_s/step": w.x(70, 80),
        }
        if n % 10 == 0:
            values["val/test_score/openai/gsm8k"] = w.acc(n, 0.82, 7)
        w.row(head + f"step:{n} - " + " - ".join(f"{k.removeprefix('ok_')}:{{{k}:.3f}}" for k in values), n, **values)
        if n % 20 == 0:
            w.say(
                f"\x1b[36m(WorkerDict pid=31120)\x1b[0m [rank-0]: Saving model to checkpoints/verl_grpo/global_step_{n}/actor"
            )


@log
def stanza_tagger(w: Writer) -> None:
    t = 30000.0

    def info(text: str, *args: object, **values: object) -> None:
        w.row(f"2022-09-12 {clock(t)} INFO: " + text, *args, **values)

    info("Running parser in train mode")
    info("Loading data with batch size 5000...")
    info("Training parser...")
    best = 0.0
    for n in range(20, 1001, 20):
        t += 4.1
        info(
            "Finished STEP {_n}/50000, loss = {loss:f} ({ok_sec_batch:.3f} sec/batch), lr: {lr:f}",
            n,
            _n=n,
            loss=w.fall(n, 9.5, 0.8, 90),
            ok_sec_batch=w.x(0.19, 0.22),
            lr=0.003,
        )
        if n % 100 == 0:
            info("Evaluating on dev set...")
            las = 100 * w.acc(n, 0.88, 60)
            w.row(
                "LAS\tMLAS\tBLEX\n{LAS:.2f}\t{MLAS:.2f}\t{BLEX:.2f}",
                n,
                LAS=las,
                MLAS=las - 7 + w.x(0, 1),
                BLEX=las - 5 + w.x(0, 1),
            )
            info(
                "step {_n}: train_loss = {'train_loss:.6f}, dev_score = {dev_score:.4f}",
                n,
                **{"_n": n, "'train_loss": w.fall(n, 9, 0.8, 90), "dev_score": round(las / 100, 4)},
            )
            if las > best:
                best = las
                info("new best model saved.")
            w.say("")
    merged = {k: list(v) for k, v in w.series.items() if k != "'train_loss"}
    both, steps = list(w.series["loss"]), list(w.series["'train_loss"])
    merged["loss"] = [p for q in both for p in ([q, steps.pop(0)] if q[0][0] % 100 == 0 else [q])]
    w.others.append(merged)
    info("Training ended with 1000 steps.")
    info("Best dev F1 = {ok_Best_dev_F1:.2f}, at iteration = {_n}", None, ok_Best_dev_F1=best, _n=1000)
    w.ok("sec/batch", "at iteration")


@log
def kohya_steps(w: Writer) -> None:
    w.say(
        "prepare tokenizer\nUsing DreamBooth method.\nprepare images.\nfound directory train/10_sks dog contains 20 image files\n200 train images with repeating.\n0 reg images.\n[Dataset 0]\n  batch_size: 2\n  resolution: (512, 512)\n  enable_bucket: True\nloading image sizes.\n100%|██████████| 20/20 [00:00<00:00, 3120.76it/s]\nprepare dataset\nprepare accelerator\nload StableDiffusion checkpoint: sd-v1-5.safetensors\ncreate LoRA network. base dim (rank): 32, alpha: 16\nenable LoRA for U-Net\noverride steps. steps for 10 epochs is / 指定エポックまでのステップ数: 1000\nrunning training / 学習開始\n  num train images * repeats / 学習画像の数×繰り返し回数: 200\n  num batches per epoch / 1epochのバッチ数: 100\n  total optimization steps / 学習ステップ数: 1000"
    )
    w.say("steps:   0%|          | 0/1000 [00:00<?, ?it/s]")
    for e in range(1, 11):
        w.say(f"\nepoch {e}/10")
        first = len(w.lines)
        for b in range(10, 101, 10):
            n = (e - 1) * 100 + b
            w.row(
                "steps: " + bar(n, 1000, w.x(1.4, 1.5)) + ", avr_loss={avr_loss:.3g}]",
                n,
                avr_loss=w.fall(n, 0.16, 0.092, 100),
            )
        w.joined(first)
        if e % 5 == 0:
            w.say(f"saving checkpoint: out/sks-{e:06d}.safetensors")
    w.finals(10, "avr_loss", step=lambda k: ((k + 1) * 100,))
    w.ok("loss")
    w.say("model saved.")


@log
def megatron_lm(w: Writer) -> None:
    w.say(
        "using world size: 8, data-parallel-size: 4, tensor-model-parallel size: 2, pipeline-model-parallel size: 1 \nusing torch.float16 for parameters ...\n------------------------ arguments ------------------------\n  adam_beta1 ...................................... 0.9\n  adam_beta2 ...................................... 0.95\n  clip_grad ....................................... 1.0\n  global_batch_size ............................... 256\n  hidden_size ..................................... 1024\n  lr .............................................. 0.00015\n  num_layers ...................................... 24\n  seq_length ...................................... 1024\n  train_iters ..................................... 5000\n-------------------- end of arguments ---------------------\nsetting number of micro-batches to constant 16\n> building GPT2BPETokenizer tokenizer ...\n > padded vocab (size: 50257) with 175 dummy tokens (new size: 50432)\n[before the start of training step] datetime: 2021-10-04 03:21:08 "
    )
    for n in range(100, 5001, 100):
        loss = w.fall(n, 10.9, 2.7, 400)
        w.row(
            " iteration {_n:8d}/    5000 | consumed samples: {_s:12d} | elapsed time per iteration (ms): {ok_elapsed_time_per_iteration_(ms):.1f} | learning rate: {learning_rate:.3E} | global batch size: {ok_global_batch_size:5d} | lm loss: {lm_loss:.6E} | loss scale: {loss_scale:.1f} | grad norm: {grad_norm:.3f} | number of skipped iterations: {ok_number_of_skipped_iterations:3d} | number of nan iterations: {ok_number_of_nan_iterations:3d} |",
            (n, n * 256),
            **{
                "_n": n,
                "_s": n * 256,
                "ok_elapsed_time_per_iteration_(ms)": w.x(1230, 1260),
                "learning_rate": 1.5e-4 * min(1, n / 500),
                "ok_global_batch_size": 256,
                "lm_loss": loss,
                "loss_scale": 131072.0 if n < 2000 else 262144.0,
                "grad_norm": w.x(0.3, 1.6),
                "ok_number_of_skipped_iterations": 2 if n == 100 else 0,
                "ok_number_of_nan_iterations": 0,
            },
        )
        if n == 100:
            w.say(
                "[Rank 0] (after 100 iterations) memory (MB) | allocated: 3101.4 | max allocated: 9204.11 | reserved: 10120.0 | max reserved: 10120.0"
            )
        w.say(
            f"time (ms) | forward-compute: {w.x(400, 420):.2f} | backward-compute: {w.x(700, 720):.2f} | backward-params-all-reduce: {w.x(40, 50):.2f} | optimizer: {w.x(20, 24):.2f} | batch-generator: {w.x(2, 4):.2f}"
        )
        if n % 1000 == 0:
            rule = "-" * 100
            w.row(
                f"{rule}\n validation loss at iteration {n} | lm loss value: {{'lm_loss_value:.6E}} | lm loss PPL: {{'lm_loss_PPL:.6E}} | \n{rule}\nsaving checkpoint at iteration {n:7d} to checkpoints/gpt2_345m",
                n,
                **{"'lm_loss_value": loss + 0.04, "'lm_loss_PPL": math.exp(loss + 0.04)},
            )
    w.ok(
        "global batch size",
        "consumed samples",
        "allocated",
        "max allocated",
        "reserved",
        "max reserved",
        *(
            f"{p}{k}"
            for k in (
                "forward-compute",
                "backward-compute",
                "backward-params-all-reduce",
                "optimizer",
                "batch-generator",
            )
            for p in ("", "time (ms) ")
        ),
        "memory (MB) allocated",
        "memory (MB)",
    )


@log
def wav2letter_pipes(w: Writer) -> None:
    w.say(
        "I0302 11:20:11.310012 31415 Train.cpp:141] Gflags after parsing \n--am=;--arch=network.arch;--batchsize=8;--criterion=ctc;--iter=25;--lr=0.1;--lrcrit=0.0;--maxgradnorm=1;--tokens=tokens.txt\nI0302 11:20:11.310099 31415 Train.cpp:151] Experiment path: /runs/ctc\nI0302 11:20:12.450121 31415 Train.cpp:197] Number of classes (network): 30\nI0302 11:20:12.909230 31415 Train.cpp:251] [Network] Sequential [input -> (0) -> output]\nI0302 11:20:12.909261 31415 Train.cpp:252] [Network Params: 10236480]\nI0302 11:20:12.909270 31415 Train.cpp:253] [Criterion] ConnectionistTemporalClassificationCriterion\nI0302 11:20:13.401191 31415 W2lListFilesDataset.cpp:141] 28539 files found.\nI0302 11:20:13.411191 31415 Utils.cpp:102] Filtered 0/28539 samples\nI0302 11:20:14.010011 31415 Train.cpp:571] Shuffling trainset\nI0302 11:20:14.010191 31415 Train.cpp:578] Epoch 1 started!"
    )
    for e in range(1, 26):
        w.row(
            f"epoch: {e:8d} | nupdates: {e * 3567:12d} | lr: {{lr:4.6f}} | lrcriterion: {{lrcriterion:4.6f}} | runtime: 00:{w.int(10, 14)}:{w.int(10, 59)} | bch(ms): {{ok_bch(ms):.2f}} | smp(ms): {{ok_smp(ms):.2f}} | fwd(ms): {{ok_fwd(ms):.2f}} | crit-fwd(ms): {{ok_crit-fwd(ms):.2f}} | bwd(ms): {{ok_bwd(ms):.2f}} | optim(ms): {{ok_optim(ms):.2f}} | loss: {{loss:10.5f}} | train-TER: {{train-TER:5.2f}} | train-WER: {{train-WER:5.2f}} | dev-clean-loss: {{dev-clean-loss:10.5f}} | dev-clean-TER: {{dev-clean-TER:5.2f}} | dev-clean-WER: {{dev-clean-WER:5.2f}} | avg-isz: {{ok_avg-isz:03d}} | avg-tsz: {{ok_avg-tsz:03d}} | max-tsz: {{ok_max-tsz:03d}} | hrs: {{ok_hrs:7.2f}} | thrpt(sec/sec): {{ok_thrpt(sec/sec):.2f}}",
            (e, e * 3567),
            **{
                "lr": 0.1 * 0.9 ** (e // 5),
                "lrcriterion": 0.0,
                "ok_bch(ms)": w.x(200, 212),
                "ok_smp(ms)": w.x(0.4, 0.6),
                "ok_fwd(ms)": w.x(50, 60),
                "ok_crit-fwd(ms)": w.x(2, 3),
                "ok_bwd(ms)": w.x(120, 130),
                "ok_optim(ms)": w.x(8, 9),
                "loss": w.fall(e, 42, 4.1, 2),
                "train-TER": w.fall(e, 81, 6.3, 2),
                "train-WER": w.fall(e, 95, 18, 2),
                "dev-clean-loss": w.fall(e, 31, 7.1, 2),
                "dev-clean-TER": w.fall(e, 70, 7.4, 2),
                "dev-clean-WER": w.fall(e, 92, 20, 2),
                "ok_avg-isz": 1268,
                "ok_avg-tsz": 183,
                "ok_max-tsz": 391,
                "ok_hrs": 100.59,
                "ok_thrpt(sec/sec)": w.x(480, 500),
            },
        )
        w.say(
            f"I0302 {clock(40800 + e * 720)}.{w.int(100000, 499999)} 31415 Train.cpp:571] Shuffling trainset\nI0302 {clock(40800 + e * 720)}.{w.int(500000, 999999)} 31415 Train.cpp:578] Epoch {e + 1} started!"
        )
    w.ok("runtime", "nupdates")


@log
def awdlstm_pipes(w: Writer) -> None:
    rule = "-" * 89
    w.say(
        "Applying weight drop of 0.5 to weight_hh_l0\nApplying weight drop of 0.5 to weight_hh_l0\nApplying weight drop of 0.5 to weight_hh_l0\n[WeightDrop(\n  (module): LSTM(400, 1150)\n), WeightDrop(\n  (module): LSTM(1150, 400)\n)]\nUsing []\nArgs: Namespace(alpha=2, batch_size=20, beta=1, bptt=70, clip=0.25, cuda=True, dropout=0.4, epochs=8, lr=30, model='LSTM', nlayers=3, optimizer='sgd', wdecay=1.2e-06)\nModel total parameters: 24221600"
    )
    for e in range(1, 9):
        for b in range(200, 601, 200):
            n = (e - 1) * 663 + b
            loss = w.fall(n, 6.9, 4.1, 900)
            w.row(
                "| epoch {_e:3d} | {_b:5d}/{_t:5d} batches | lr {lr:05.5f} | ms/batch {ok_ms/batch:5.2f} | loss {loss:5.2f} | ppl {ppl:8.2f} | bpc {bpc:8.3f}",
                n,
                **{
                    "_e": e,
                    "_b": b,
                    "_t": 663,
                    "lr": 30.0,
                    "ok_ms/batch": w.x(61, 66),
                    "loss": loss,
                    "ppl": math.exp(loss),
                    "bpc": loss / math.log(2),
                },
            )
        v = loss - 0.05
        w.row(
            f"{rule}\n| end of epoch {{_e:3d}} | time: {{ok_time:5.2f}}s | valid loss {{valid_loss:5.2f}} | valid ppl {{valid_ppl:8.2f}} | valid bpc {{valid_bpc:8.3f}}\n{rule}",
            (e, e * 663, n),
            _e=e,
            ok_time=w.x(44, 47),
            valid_loss=v,
            valid_ppl=math.exp(v),
            valid_bpc=v / math.log(2),
        )
        w.say("Saving model (new best validation)")
    rule = "=" * 89
    w.row(
        f"{rule}\n| End of training | test loss {{test_loss:5.2f}} | test ppl {{test_ppl:8.2f}} | test bpc {{test_bpc:8.3f}}\n{rule}",
        None,
        test_loss=v - 0.04,
        test_ppl=math.exp(v - 0.04),
        test_bpc=(v - 0.04) / math.log(2),
    )


@log
def torchtune_pipe(w: Writer) -> None:
    w.say(
        "INFO:torchtune.utils._logging:Running LoRAFinetuneRecipeSingleDevice with resolved config:\n\nbatch_size: 2\ncheckpointer:\n  _component_: torchtune.training.FullModelHFCheckpointer\n  checkpoint_dir: /tmp/Llama-3.2-1B-Instruct\ndevice: cuda\nepochs: 2\ngradient_accumulation_steps: 8\nlr_scheduler:\n  num_warmup_steps: 100\noptimizer:\n  lr: 0.0003\nseed: null\n\nINFO:torchtune.utils._logging:Model is initialized with precision torch.bfloat16.\nINFO:torchtune.utils._logging:Memory stats after model init:\n\tGPU peak memory allocation: 2.49 GiB\n\tGPU peak memory reserved: 2.51 GiB\n\tGPU peak memory active: 2.49 GiB\nINFO:torchtune.utils._logging:Tokenizer is initialized from file.\nINFO:torchtune.utils._logging:Optimizer and loss are initialized.\nINFO:torchtune.utils._logging:Dataset and Sampler are initialized.\nINFO:torchtune.utils._logging:Learning rate scheduler is initialized.\nWARNING:torchtune.utils._logging: Profiling disabled."
    )
    for e in range(2):
        first = len(w.lines)
        for b in range(1, 41):
            n = e * 40 + b
            w.row(
                f"{e + 1}|{n}|Loss: {{Loss:.16g}}: " + bar(b, 40, 1 / w.x(2.1, 2.3)) + "]",
                (n, b, e + 1),
                Loss=w.fall(n, 1.9, 0.91, 9),
            )
        w.joined(first)
        w.say(
            f"\nINFO:torchtune.utils._logging:Model checkpoint of size 2.30 GiB saved to /tmp/out/epoch_{e}/model-00001-of-00001.safetensors\nINFO:torchtune.utils._logging:Adapter checkpoint of size 0.08 GiB saved to /tmp/out/epoch_{e}/adapter_model.pt"
        )
    w.finals(40, "Loss", step=lambda k: ((k + 1) * 40, 40, k + 1))
    w.ok("GPU peak memory allocation", "GPU peak memory reserved", "GPU peak memory active")
