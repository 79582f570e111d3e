"""Trainers of frameworks and launchers."""

from __future__ import annotations

import math

from data.make.strangers.writer import Writer, bar, clock, log


@log
def tfslim_globalstep(w: Writer) -> None:
    w.say(
        "WARNING:tensorflow:From train_image_classifier.py:418: create_global_step (from tensorflow.contrib.framework.python.ops.variables) is deprecated and will be removed in a future version.\nInstructions for updating:\nPlease switch to tf.train.create_global_step"
    )
    w.say(
        "INFO:tensorflow:Fine-tuning from /tmp/checkpoints/inception_v3.ckpt\n2018-03-11 15:22:10.481230: I tensorflow/core/platform/cpu_feature_guard.cc:137] Your CPU supports instructions that this TensorFlow binary was not compiled to use: SSE4.1 SSE4.2 AVX AVX2 FMA\nINFO:tensorflow:Restoring parameters from /tmp/checkpoints/inception_v3.ckpt\nINFO:tensorflow:Running local_init_op.\nINFO:tensorflow:Done running local_init_op.\nINFO:tensorflow:Starting Session.\nINFO:tensorflow:Saving checkpoint to path /tmp/flowers-models/inception_v3/model.ckpt\nINFO:tensorflow:Starting Queues.\nINFO:tensorflow:global_step/sec: 0\nINFO:tensorflow:Recording summary at step 0."
    )
    for n in range(10, 1001, 10):
        w.row(
            "INFO:tensorflow:global step {_n}: loss = {loss:.4f} ({ok_sec_step:.3f} sec/step)",
            n,
            _n=n,
            loss=w.fall(n, 3.3, 1.02, 120),
            ok_sec_step=w.x(0.31, 0.36),
        )
        if n % 180 == 0:
            w.row(
                "INFO:tensorflow:global_step/sec: {ok_global_step_sec:.5f}\nINFO:tensorflow:Recording summary at step {_n}.",
                None,
                ok_global_step_sec=w.x(2.9, 3.1),
                _n=n + 2,
            )
        if n % 500 == 0:
            w.say("INFO:tensorflow:Saving checkpoint to path /tmp/flowers-models/inception_v3/model.ckpt")
    w.ok("global_step/sec", "sec/step")
    w.say("INFO:tensorflow:Stopping Training.\nINFO:tensorflow:Finished training! Saving model to disk.")


@log
def leaf_percentiles(w: Writer) -> None:
    w.say("############################## femnist.cnn ##############################\nClients in Total: 192")

    def metrics(r: int) -> None:
        for prefix, shift in (("train_", 0.0), ("test_", 0.02)):
            a = w.acc(r + 2, 0.83, 40) - shift / 2
            for name, value, spread in (("accuracy", a, 0.15), ("loss", w.fall(r, 4.12, 0.55, 35) + shift, 0.3)):
                w.row(
                    f"{prefix}{name}: {{{prefix}{name}:g}}, 10th percentile: {value * (1 - spread):g}, 50th percentile: {value * 1.01:g}, 90th percentile {value * (1 + spread):g}",
                    (r, r + 1) if r else (0, None),
                    **{prefix + name: value},
                )
                for q in ("10th", "50th", "90th"):
                    w.ok(f"{q} percentile", f"{prefix}{name} {q} percentile", f"{prefix} {q} percentile")

    w.say("--- Random Initialization ---")
    metrics(0)
    for r in range(1, 201):
        w.say(f"--- Round {r} of 200: Training 10 Clients ---")
        if r % 10 == 0:
            metrics(r)
    w.say("Checkpoint saved in path: ./checkpoints/femnist/cnn.ckpt")


@log
def resumed_after_oom(w: Writer) -> None:
    def part(first: int, last: int, die: int | None) -> None:
        for e in range(first, last + 1):
            for b in range(1, 6):
                if e == die and b == 4:
                    return
                n = (e - 1) * 250 + b * 50
                w.row(
                    "ep {_e:3d} it {_b:4d}/250 | loss {loss:.4f} | gnorm {gnorm:5.2f} | lr {lr:.3e} | {ok_mem:.1f} GiB",
                    n,
                    _e=e,
                    _b=b * 50,
                    loss=w.fall(n, 3.2, 0.41, 500),
                    gnorm=w.x(0.7, 3),
                    lr=6e-4 * (0.5 + 0.5 * math.cos(math.pi * n / 3000)),
                    ok_mem=w.x(20.1, 23.4),
                )
            w.row(
                "ep {_e:3d} done     | val_loss {val_loss:.4f} | val_wer {val_wer:.2f} % | saved ckpt_{_e:03d}.pt",
                (e, n),
                _e=e,
                val_loss=w.fall(n, 3, 0.62, 500),
                val_wer=w.fall(n, 88, 14.2, 500),
            )

    w.say(
        "=== job 771204 on node a17, started Thu Mar  9 21:10:02 CET 2023\n8124 utterances train / 902 valid, vocabulary 64\nno checkpoint found, starting from scratch"
    )
    part(1, 6, 6)
    w.say(
        'Traceback (most recent call last):\n  File "train.py", line 212, in <module>\n    main(cfg)\n  File "train.py", line 171, in main\n    loss.backward()\n  File "/opt/venv/lib/python3.9/site-packages/torch/_tensor.py", line 488, in backward\n    torch.autograd.backward(\nRuntimeError: CUDA out of memory. Tried to allocate 1.91 GiB (GPU 0; 23.65 GiB total capacity; 20.80 GiB already allocated; 982.56 MiB free; 21.14 GiB reserved in total by PyTorch)\nslurmstepd: error: *** JOB 771204 ON a17 EXITED WITH CODE 1 ***'
    )
    w.say(
        "=== job 771398 on node a09, started Fri Mar 10 08:02:44 CET 2023\n8124 utterances train / 902 valid, vocabulary 64\nfound ckpt_005.pt, resuming at epoch 6 (max_seconds 18 -> 14)"
    )
    part(6, 12, None)
    w.others.append(
        {k: [p for i, p in enumerate(v) if all(q[0] != p[0] for q in v[i + 1 :])] for k, v in w.series.items()}
    )
    w.say("=== done Fri Mar 10 10:55:19 CET 2023")


@log
def dl4j_listener(w: Writer) -> None:
    t = 51000.0
    w.say(
        "14:09:58.201 [main] INFO  org.nd4j.linalg.factory.Nd4jBackend - Loaded [CpuBackend] backend\n14:09:58.904 [main] INFO  org.nd4j.nativeblas.NativeOpsHolder - Number of threads used for linear algebra: 8\n14:09:59.410 [main] INFO  o.d.nn.multilayer.MultiLayerNetwork - Starting MultiLayerNetwork with WorkspaceModes set to [training: ENABLED; inference: ENABLED], cacheMode set to [NONE]\n14:09:59.811 [main] INFO  o.d.e.c.LenetMnistExample - Train model..."
    )
    n = 0
    for e in range(5):
        while n < (e + 1) * 200:
            t += 0.9
            w.row(
                f"{clock(t)}.{w.int(100, 999)} [main] INFO  o.d.o.l.ScoreIterationListener - Score at iteration {n} is {{Score:.16g}}",
                n,
                Score=w.fall(n, 2.31, 0.03, 25),
            )
            n += 10
        w.say(
            f"{clock(t)}.990 [main] INFO  o.d.o.l.EvaluativeListener - Starting evaluation nr. {e + 1}\n{clock(t + 2)}.119 [main] INFO  o.d.o.l.EvaluativeListener - Reporting evaluation results:"
        )
        t += 2
        a = w.acc(e + 1, 0.993, 0.05)
        w.row(
            f"{clock(t)}.121 [main] INFO  o.d.o.l.EvaluativeListener - Evaluation:\n\n========================Evaluation Metrics========================\n # of classes:    10\n Accuracy:        {{Accuracy:.4f}}\n Precision:       {{Precision:.4f}}\n Recall:          {{Recall:.4f}}\n F1 Score:        {{F1_Score:.4f}}\nPrecision, recall & F1: macro-averaged (equally weighted avg. of 10 classes)\n==================================================================",
            (n, n - 10, e, e + 1),
            Accuracy=a,
            Precision=a - 0.001,
            Recall=a - 0.0005,
            F1_Score=a - 0.0007,
        )
    w.ok("# of classes", "of classes")


@log
def dlib_steps(w: Writer) -> None:
    w.say(
        "The network has 12 layers\ndnn_trainer details: \n  net_type::num_layers:  12\n  net size: 1.7MB\n  net architecture hash: 7fb9ab3d0d1b4f9b29bb0d3d7ae5ce5c\n  loss: loss_multiclass_log\n  get_train_one_step_calls():                    0\n  synchronization file:                       mnist_sync\n  trainer.get_solvers()[0]: sgd: weight_decay=0.0005, momentum=0.9\n  learning rate:                              0.01\n  learning rate shrink factor:                0.1\n  min learning rate:                          1e-05\n  iterations without progress threshold:      2000\n  test iterations without progress threshold: 500"
    )
    n, lr = 0, 0.01
    for _ in range(90):
        n += w.int(460, 480)
        lr = 0.01 if n < 21000 else 0.001 if n < 33000 else 0.0001
        since = 0 if n < 3000 else int((n % 12000) / 12000 * 1999)
        w.row(
            "step#: {_n:<7d} learning rate: {learning_rate:<7g} average loss: {average_loss:<11.6g} steps without apparent progress: {ok_steps_without_apparent_progress}",
            n,
            _n=n,
            learning_rate=lr,
            average_loss=w.fall(n, 0.9, 0.0008, 500),
            ok_steps_without_apparent_progress=since,
        )
        if n % 5 == 0:
            w.say("Saved state to mnist_sync_")
    w.say(
        "training num_right: 59987\ntraining num_wrong: 13\ntraining accuracy:  0.999783\ntesting num_right: 9917\ntesting num_wrong: 83\ntesting accuracy:  0.9917"
    )
    w.ok(
        "training num_right",
        "training num_wrong",
        "training accuracy",
        "testing num_right",
        "testing num_wrong",
        "testing accuracy",
    )


@log
def rank_threads(w: Writer) -> None:
    t = 1700.0
    w.say(
        "*****************************************\nSetting OMP_NUM_THREADS environment variable for each process to be 1 in default, to avoid your system being overloaded, please further tune the variable for optimal performance in your application as needed.\n*****************************************"
    )
    for r in range(4):
        w.say(f"[rank {r}] cuda:{r} NVIDIA A100-SXM4-40GB, world size 4")
    for n in range(20, 401, 20):
        t += 8
        base = w.fall(n, 10.4, 3.3, 60)
        for r in sorted(range(4), key=lambda _: w.x()):
            w.row(
                f"[rank {r}] {clock(t)} step {n} loss {{'loss:.4f}} tokens {{ok_tokens}}",
                (n, None),
                **{"'loss": base + w.x(-0.2, 0.2), "ok_tokens": n * 65536},
            )
        if n % 100 == 0:
            w.row(
                f"[rank 0] {clock(t + 3)} step {n} valid nll {{valid_nll:.4f}} bits/byte {{bits/byte:.4f}}",
                n,
                **{"valid_nll": base + 0.1, "bits/byte": (base + 0.1) / 2.97},
            )
    split = {k: v for k, v in w.series.items() if k != "'loss"}
    rows = [x for x in w.lines if " loss " in x]
    for r in range(4):
        split[f"'rank {r} loss"] = [
            p for p, x in zip(w.series["'loss"], rows, strict=True) if x.startswith(f"[rank {r}]")
        ]
    w.others.append(split)
    w.others.append({**{k: v for k, v in split.items() if "rank" not in k}, "'loss": split["'rank 0 loss"]})
    w.ok(
        *(f"rank {r} loss" for r in range(4)),
        *(f"rank {r} tokens" for r in range(4)),
        "rank",
        "rank 0 valid nll",
        "rank 0 bits/byte",
    )


@log
def rasa_bars(w: Writer) -> None:
    w.say(
        "2021-07-21 13:15:02 INFO     rasa.model_training  - Training NLU model...\nNLU data was loaded, 61 intents.\n2021-07-21 13:15:04 INFO     rasa.nlu.model  - Starting to train component DIETClassifier\n/usr/lib/python3.8/site-packages/rasa/utils/train_utils.py:565: UserWarning: constrain_similarities is set to `False`. It is recommended to set it to `True` when using cross-entropy loss."
    )
    for part, total, names in (("DIET", 40, ("t_loss", "i_acc", "e_f1")), ("TED", 30, ("t_loss", "loss", "acc"))):
        first = len(w.lines)
        for e in range(1, total + 1):
            values = {
                "t_loss": w.fall(e, 6, 0.9, 5),
                "loss": w.fall(e, 5, 0.4, 5),
                "i_acc": w.acc(e, 0.99, 3),
                "e_f1": w.acc(e, 0.95, 5),
                "acc": w.acc(e, 0.98, 3),
            }
            q = "'" if part == "DIET" else "'_"
            form = ", ".join(f"{k}={{{(q if k == 't_loss' else '') + k}:.3g}}" for k in names)
            used = {(q if k == "t_loss" else "") + k: values[k] for k in names}
            w.row("Epochs: " + bar(e, total, w.x(2, 3)) + f", {form}]", e, **used)
        w.joined(first)
        w.say(f"2021-07-21 13:1{5 if part == 'DIET' else 6}:40 INFO     rasa.nlu.model  - Finished training component.")
        if part == "DIET":
            w.say(
                "2021-07-21 13:15:44 INFO     rasa.model_training  - NLU model training completed.\n2021-07-21 13:15:44 INFO     rasa.model_training  - Training Core model...\nProcessed story blocks: 100%|██████████| 33/33 [00:00<00:00, 1402.11it/s, # trackers=1]\nProcessed trackers: 100%|██████████| 33/33 [00:00<00:00, 1201.91it/s, # actions=161]"
            )
    merged = {k: v for k, v in w.series.items() if "t_loss" not in k}
    merged["t_loss"] = w.series["'t_loss"] + w.series["'_t_loss"]
    w.others.append(merged)
    w.ok("# trackers", "# actions", "trackers", "actions")
    w.say(
        "2021-07-21 13:16:44 INFO     rasa.model_training  - Core model training completed.\nYour Rasa model is trained and saved at '/app/models/20210721-131502.tar.gz'."
    )
    w.say("\n".join(f"2021-07-21 13:17:{s:02d} DEBUG    rasa.core.agent  - reload check {s}" for s in range(1, 20)))


@log
def tf_cnn_benchmark(w: Writer) -> None:
    w.say(
        "TensorFlow:  1.13\nModel:       resnet50\nDataset:     imagenet (synthetic)\nMode:        BenchmarkMode.TRAIN\nSingleSess:  False\nBatch size:  128 global\n             64 per device\nNum batches: 600\nNum epochs:  0.06\nDevices:     ['/gpu:0', '/gpu:1']\nNUMA bind:   False\nData format: NCHW\nOptimizer:   sgd\nVariables:   parameter_server\n==========\nGenerating training model\nInitializing graph\nW0613 17:32:11.220031 140203 deprecation.py:323] From benchmark_cnn.py:1886: __init__ (from tensorflow.python.training.supervisor) is deprecated\nI0613 17:32:14.003121 140203 session_manager.py:491] Running local_init_op.\nRunning warm up\nDone warm up\nStep\tImg/sec\ttotal_loss"
    )
    for n in [1, *range(10, 601, 10)]:
        w.row(
            "{_n}\timages/sec: {ok_images_sec:.1f} +/- {ok_uncertainty:.1f} (jitter = {ok_jitter:.1f})\t{total_loss:.3f}",
            n,
            _n=n,
            ok_images_sec=w.x(609, 614),
            ok_uncertainty=w.x(0.3, 2.2),
            ok_jitter=w.x(1.5, 4.2),
            total_loss=w.fall(n, 8.38, 7.41, 300),
        )
    w.say(
        "----------------------------------------------------------------\ntotal images/sec: 611.42\n----------------------------------------------------------------"
    )
    w.ok("Img/sec", "images/sec", "+/-", "total images/sec")


@log
def journal_prefix(w: Writer) -> None:
    t = 9 * 3600.0

    def j(text: str, *args: object, **values: object) -> None:
        w.row(f"Nov 02 {clock(t)} gpubox fraud-trainer[20417]: " + text, *args, **values)

    w.say(
        "-- Logs begin at Tue 2021-10-12 08:01:22 CEST, end at Tue 2021-11-02 17:40:10 CET. --\nNov 02 08:59:58 gpubox systemd[1]: Started nightly retraining of the fraud model."
    )
    j("using 3 months of data, 2841022 rows, fraud rate 0.0018")
    for e in range(1, 31):
        t += 147
        j(
            "epoch {_e} done: bce={bce:.6f} pr_auc={pr_auc:.4f} recall@p90={recall@p90:.4f}",
            e,
            **{
                "_e": e,
                "bce": w.fall(e, 0.012, 0.0039, 3),
                "pr_auc": w.acc(e, 0.74, 2),
                "recall@p90": w.acc(e, 0.55, 3),
            },
        )
        if e % 5 == 0:
            t += 2
            j("validation on last 7 days: pr_auc={'pr_auc:.4f}", e, **{"'pr_auc": w.acc(e, 0.7, 2)})
        if e == 13:
            w.say(
                f"Nov 02 {clock(t)} gpubox kernel: nvidia-modeset: WARNING: GPU:0: Unable to read EDID for display device DP-0"
            )
        if e in (7, 18):
            w.say(
                f"Nov 02 {clock(t + 1)} gpubox CRON[{w.int(20000, 30000)}]: (root) CMD (   cd / && run-parts --report /etc/cron.hourly)"
            )
    both = {k: v for k, v in w.series.items() if k != "'pr_auc"}
    extra = list(w.series["'pr_auc"])
    both["pr_auc"] = [
        p for i, q in enumerate(w.series["pr_auc"], 1) for p in ([q, extra.pop(0)] if i % 5 == 0 else [q])
    ]
    w.others.append(both)
    w.say(
        f"Nov 02 {clock(t + 9)} gpubox systemd[1]: fraud-trainer.service: Succeeded.\nNov 02 {clock(t + 9)} gpubox systemd[1]: fraud-trainer.service: Consumed 3h 12min 44.120s CPU time."
    )
