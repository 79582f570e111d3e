"""Words and voices."""

from __future__ import annotations

from data.make.strangers.writer import Writer, clock, log


@log
def fairseq_inner(w: Writer) -> None:
    w.say(
        "2023-11-02 14:02:11 | INFO | fairseq_cli.train | {'_name': None, 'common': {'_name': None, 'no_progress_bar': False, 'log_interval': 100, 'log_format': 'simple', 'seed': 1, 'fp16': True}, 'optimization': {'max_epoch': 4, 'max_update': 0, 'clip_norm': 0.0, 'update_freq': [1], 'lr': [0.0005]}}"
    )
    w.say(
        "2023-11-02 14:02:14 | INFO | fairseq.tasks.translation | [de] dictionary: 8848 types\n2023-11-02 14:02:14 | INFO | fairseq.tasks.translation | [en] dictionary: 6632 types"
    )
    w.say(
        "2023-11-02 14:02:16 | INFO | fairseq_cli.train | num. shared model params: 39,469,056 (num. trained: 39,469,056)\n2023-11-02 14:02:20 | INFO | fairseq.trainer | NOTE: your device may support faster training with --fp16 or --amp"
    )
    t = 50600.0
    for e in range(1, 5):
        w.say(
            f"2023-11-02 {clock(t)} | INFO | fairseq.trainer | begin training epoch {e}\n2023-11-02 {clock(t)} | INFO | fairseq_cli.train | Start iterating over samples"
        )
        for b in range(100, 1101, 100):
            n = (e - 1) * 1101 + b
            t += 21
            loss = w.fall(n, 12.1, 4.4, 700)
            w.row(
                f"2023-11-02 {clock(t)} | INFO | train_inner | epoch {e:03d}:   {b:4d} / 1101 loss={{loss:.3f}}, nll_loss={{nll_loss:.3f}}, ppl={{ppl:.2f}}, wps={{ok_wps:.1f}}, ups={{ok_ups:.2f}}, wpb={{ok_wpb:.1f}}, bsz={{ok_bsz:.1f}}, num_updates={n}, lr={{lr:.6g}}, gnorm={{gnorm:.3f}}, train_wall={{ok_train_wall:.0f}}, gb_free={{ok_gb_free:.1f}}, wall={{ok_wall:.0f}}",
                n,
                loss=loss,
                nll_loss=loss * 0.93,
                ppl=2 ** (loss * 0.93),
                ok_wps=w.x(17000, 17900),
                ok_ups=w.x(4.6, 4.9),
                ok_wpb=w.x(3500, 3700),
                ok_bsz=w.x(130, 160),
                lr=min(n, 4000) / 4000 * 5e-4,
                gnorm=w.x(0.7, 2.5),
                ok_train_wall=21,
                ok_gb_free=w.x(20, 21),
                ok_wall=t - 50600,
            )
        t += 12
        w.say(f'2023-11-02 {clock(t)} | INFO | fairseq_cli.train | begin validation on "valid" subset')
        loss = w.fall(e, 10, 4, 1)
        last = (e * 1101, e, (e - 1) * 1101 + 1100)
        w.row(
            f"2023-11-02 {clock(t + 3)} | INFO | valid | epoch {e:03d} | valid on 'valid' subset | loss {{valid_loss:.3f}} | nll_loss {{valid_nll_loss:.3f}} | ppl {{valid_ppl:.2f}} | wps {{ok_wps:.1f}} | wpb {{ok_wpb:.1f}} | bsz {{ok_bsz:.1f}} | num_updates {e * 1101}"
            + (f" | best_loss {loss:.3f}" if e > 1 else ""),
            last,
            valid_loss=loss,
            valid_nll_loss=loss * 0.9,
            valid_ppl=2 ** (loss * 0.9),
            ok_wps=w.x(43000, 44000),
            ok_wpb=2835.3,
            ok_bsz=115.6,
        )
        w.say(
            f"2023-11-02 {clock(t + 3)} | INFO | fairseq.checkpoint_utils | Preparing to save checkpoint for epoch {e} @ {e * 1101} updates\n2023-11-02 {clock(t + 4)} | INFO | fairseq.trainer | Saving checkpoint to checkpoints/checkpoint{e}.pt\n2023-11-02 {clock(t + 6)} | INFO | fairseq.checkpoint_utils | Saved checkpoint checkpoints/checkpoint{e}.pt (epoch {e} @ {e * 1101} updates, score {loss:.3f}) (writing took 2.4167594909667969 seconds)"
        )
        w.say(f"2023-11-02 {clock(t + 6)} | INFO | fairseq_cli.train | end of epoch {e} (average epoch stats below)")
        w.row(
            f"2023-11-02 {clock(t + 6)} | INFO | train | epoch {e:03d} | loss {{train_loss:.3f}} | nll_loss {{train_nll_loss:.3f}} | ppl {{train_ppl:.2f}} | wps {{ok_wps:.1f}} | ups {{ok_ups:.2f}} | wpb {{ok_wpb:.1f}} | bsz {{ok_bsz:.1f}} | num_updates {e * 1101} | lr {{train_lr:.6g}} | gnorm {{train_gnorm:.3f}} | train_wall {{ok_train_wall:.0f}} | gb_free {{ok_gb_free:.1f}} | wall {{ok_wall:.0f}}",
            last,
            train_loss=w.fall(e, 10, 4.2, 1),
            train_nll_loss=w.fall(e, 9, 4, 1),
            train_ppl=2 ** w.fall(e, 9, 4, 1),
            ok_wps=w.x(17000, 17900),
            ok_ups=w.x(4.6, 4.9),
            ok_wpb=w.x(3500, 3700),
            ok_bsz=w.x(130, 160),
            train_lr=min(e * 1101, 4000) / 4000 * 5e-4,
            train_gnorm=w.x(0.7, 2.5),
            ok_train_wall=230,
            ok_gb_free=w.x(20, 21),
            ok_wall=t - 50594,
        )
    w.say("2023-11-02 14:20:45 | INFO | fairseq_cli.train | done training in 1098.2 seconds")
    w.ok("best_loss", "num_updates", "valid best_loss", "train num_updates", "valid num_updates")


@log
def wenet_batches(w: Writer) -> None:
    w.say(
        "2022-06-01 03:12:44,120 INFO training on multiple gpus, this gpu 0\nthe number of model params: 48325131\nASRModel(\n  (encoder): ConformerEncoder(\n    (global_cmvn): GlobalCMVN()\n    (after_norm): LayerNorm((256,), eps=1e-12, elementwise_affine=True)\n  )\n)"
    )
    t = 11600.0
    for e in range(4):
        w.say(
            f"2022-06-01 {clock(t)},313 INFO Epoch {e} TRAIN info lr {1e-8 + e * 1e-4}\n2022-06-01 {clock(t)},315 INFO using accumulate grad, new batch size is 4 times larger than before"
        )
        for b in range(0, 1501, 100):
            t += 41
            n = e * 1500 + b
            w.row(
                f"2022-06-01 {clock(t)},{w.int(0, 999):03d} DEBUG TRAIN Batch {e}/{b} loss {{loss:.6f}} loss_att {{loss_att:.6f}} loss_ctc {{loss_ctc:.6f}} lr {{ok_lr:.8f}} rank 0",
                (n, b, e * 1501 + b, e * 1600 + b, e * 1599 + b),
                loss=w.fall(n, 190, 9, 400),
                loss_att=w.fall(n, 170, 8, 400),
                loss_ctc=w.fall(n, 240, 11, 400),
                ok_lr=1e-7 + n * 6e-8,
            )
        w.row(
            f"2022-06-01 {clock(t)},701 INFO Epoch {e} CV info cv_loss {{cv_loss}}",
            (e, (e + 1) * 1500, e * 1500 + 1500, 1500),
            cv_loss=w.fall(e, 60, 9, 1),
        )
        w.say(f"2022-06-01 {clock(t)},702 INFO Checkpoint: save to checkpoint exp/conformer/{e}.pt")
    w.ok("TRAIN info lr", "info lr", "rank", "TRAIN Batch")


@log
def deepspeech_elapsed(w: Writer) -> None:
    w.say(
        "I Could not find best validating checkpoint.\nI Could not find most recent checkpoint.\nI Initializing all variables.\nI STARTING Optimization"
    )
    for e in range(8):
        loss = w.fall(e, 110, 20, 2)
        for s in range(100, 601, 100):
            w.row(
                f"Epoch {e} |   Training | Elapsed Time: 0:{s // 60:02d}:{s % 60:02d} | Steps: {s} | Loss: {{loss:.6f}}",
                (e * 600 + s, s),
                loss=loss * w.x(0.95, 1.1),
            )
        for s in (20, 40):
            w.row(
                f"Epoch {e} | Validation | Elapsed Time: 0:00:{s // 2} | Steps: {s} | Loss: {{validation_loss:.6f}} | Dataset: data/dev.csv",
                (e * 40 + s, s, e, (e + 1) * 600),
                validation_loss=loss * w.x(1, 1.2),
            )
        if e % 3 != 2:
            w.say(f"I Saved new best validating model with loss {loss:.6f} to: /ckpt/best_dev-{(e + 1) * 600}")
        w.say("--------------------------------------------------------------------------------")
    w.say(
        "I FINISHED optimization in 1:02:12.334951\nTesting model on data/test.csv\nTest epoch | Steps: 41 | Elapsed Time: 0:01:10\nTest on data/test.csv - WER: 0.281312, CER: 0.101422, loss: 22.310421"
    )
    w.others.append(
        {
            "loss": [((e, 600, (e + 1) * 600), w.series["loss"][e * 6 + 5][1]) for e in range(8)],
            "validation_loss": [((e, 40, (e + 1) * 40), w.series["validation_loss"][e * 2 + 1][1]) for e in range(8)],
        }
    )
    w.ok("elapsed", "elapsed time", "WER", "CER", "test loss", "Test on data/test.csv loss", "loss with")


@log
def coqui_blocks(w: Writer) -> None:
    w.say(
        " > Setting up Audio Processor...\n | > sample_rate:22050\n | > resample:False\n | > num_mels:80\n | > log_func:np.log10\n | > min_level_db:-100\n | > fft_size:1024\n | > power:1.5\n | > hop_length:256\n > Init speaker_embedding layer.\n > Model has 28610257 parameters\n\n > Number of output frames: 2"
    )
    for e in range(3):
        w.say(
            f"\n\x1b[4m\x1b[1m > EPOCH: {e}/1000\x1b[0m\n --> /work/runs/glow-tts-May-14-2022_10+12AM-0cf3265\n\n\x1b[1m > TRAINING (2022-05-14 10:1{e}:55) \x1b[0m"
        )
        for s in range(24, 406, 25):
            n = e * 406 + s
            w.say(f"\n\x1b[1m   --> STEP: {s}/406 -- GLOBAL_STEP: {n}\x1b[0m")
            for name, first, last in (("loss", 4.1, -0.4), ("log_mle", 0.9, -1.3), ("loss_dur", 2.9, 0.4)):
                w.row(
                    "     | > {%s:.5f}  ({%s_avg:.5f})".replace("{", name + ": {", 1) % (name, name),
                    n,
                    **{
                        name: first + (last - first) * n / (n + 150) + w.x(0, 0.05),
                        name + "_avg": first + (last - first) * n / (n + 180) + w.x(0, 0.02),
                    },
                )
            w.row("     | > current_lr: {current_lr:.8f}", n, current_lr=2.5e-7 * (1 + n))
            w.row(
                "     | > step_time: {ok_step_time:.4f}  ({ok_step_time_avg:.5f})",
                n,
                ok_step_time=w.x(0.3, 0.6),
                ok_step_time_avg=w.x(0.4, 0.5),
            )
            w.row(
                "     | > loader_time: {ok_loader_time:.4f}  ({ok_loader_time_avg:.5f})",
                n,
                ok_loader_time=w.x(0.001, 0.01),
                ok_loader_time_avg=w.x(0.001, 0.01),
            )
        w.say("\n\x1b[1m > EVALUATION \x1b[0m\n\n\n  \x1b[1m--> EVAL PERFORMANCE\x1b[0m")
        last = (e, (e + 1) * 406, e * 406 + 399)
        for name in ("avg_loader_time", "avg_loss", "avg_log_mle", "avg_loss_dur"):
            shown = f"ok_{name}" if "time" in name else name
            w.row(
                f"     | > {name}:\x1b[92m {{{shown}:.5f}} \x1b[0m(" + f"{w.x(-0.2, 0):+.5f})",
                last,
                **{shown: w.x(0.2, 1.5)},
            )
        w.say(f"\n > BEST MODEL : /work/runs/glow-tts/best_model_{(e + 1) * 406}.pth")
    w.ok("avg_loss", "avg_log_mle", "avg_loss_dur", "EVAL PERFORMANCE", "GLOBAL_STEP")


@log
def hifigan_steps(w: Writer) -> None:
    w.say(
        "Initializing Training Process..\nBatch size per GPU : 16\nGenerator(\n  (conv_pre): Conv1d(80, 512, kernel_size=(7,), stride=(1,), padding=(3,))\n)\ncheckpoints directory :  cp_hifigan\nEpoch: 1"
    )
    n = 0
    for e in range(1, 9):
        if e > 1:
            w.say(f"Epoch: {e}")
        for b in range(55):
            if n % 5 == 0:
                w.row(
                    "Steps : {_n:d}, Gen Loss Total : {Gen Loss Total:4.3f}, Mel-Spec. Error : {Mel-Spec. Error:4.3f}, s/b : {s/b:4.3f}",
                    n,
                    **{
                        "_n": n,
                        "Gen Loss Total": w.fall(n, 101, 31, 60),
                        "Mel-Spec. Error": w.fall(n, 2.1, 0.5, 60),
                        "s/b": w.x(0.4, 0.5),
                    },
                )
            n += 1
        w.say(f"Time taken for epoch {e} is {w.int(24, 27)} sec\n")
    w.ok("time taken", "Time taken for epoch")


@log
def allennlp_table(w: Writer) -> None:
    w.say(
        "2021-09-12 21:10:02,102 - INFO - allennlp.common.params - random_seed = 13370\n2021-09-12 21:10:02,102 - INFO - allennlp.common.params - numpy_seed = 1337\n2021-09-12 21:10:02,103 - INFO - allennlp.common.params - trainer.num_epochs = 8\n2021-09-12 21:10:02,103 - INFO - allennlp.common.params - trainer.optimizer.lr = 0.001\n2021-09-12 21:10:02,104 - INFO - allennlp.common.params - trainer.patience = 10"
    )
    t = 76300.0
    p = "INFO - allennlp.training.callbacks.console_logger"
    for e in range(8):
        w.say(
            f"2021-09-12 {clock(t)},531 - INFO - allennlp.training.gradient_descent_trainer - Epoch {e}/7\n2021-09-12 {clock(t)},531 - INFO - allennlp.training.gradient_descent_trainer - Worker 0 memory usage: 2.8G\n2021-09-12 {clock(t)},533 - INFO - allennlp.training.gradient_descent_trainer - Training"
        )
        t += 61
        w.say(f"2021-09-12 {clock(t)},201 - INFO - allennlp.training.gradient_descent_trainer - Validating")
        t += 9
        w.say(f"2021-09-12 {clock(t)},810 - {p} -                          Training |  Validation")
        for name, top in (("accuracy", True), ("f1-measure-overall", True), ("loss", False)):
            w.row(
                f"2021-09-12 {clock(t)},811 - {p} - {name:22s} | {{{name}:9.3f}} | {{'{name}:9.3f}}",
                e,
                **{name: w.acc(e) if top else w.fall(e, 40, 2), "'" + name: w.acc(e, 0.9) if top else w.fall(e, 35, 4)},
            )
        w.row(
            f"2021-09-12 {clock(t)},812 - {p} - gpu_0_memory_MB        | {{ok_gpu_0_memory_MB:9.3f}} |       N/A",
            e,
            ok_gpu_0_memory_MB=w.x(3100, 3200),
        )
        w.row(
            f"2021-09-12 {clock(t)},812 - {p} - reg_loss               | {{reg_loss:9.3f}} | {{'reg_loss:9.3f}}",
            e,
            **{"reg_loss": 0.0, "'reg_loss": 0.0},
        )
        w.say(
            f"2021-09-12 {clock(t)},990 - INFO - allennlp.training.gradient_descent_trainer - Epoch duration: 0:01:10.3{w.int(10000, 99999)}\n2021-09-12 {clock(t)},991 - INFO - allennlp.training.gradient_descent_trainer - Estimated training time remaining: 0:0{7 - e}:12"
        )
    w.ok("Worker 0 memory usage", "Epoch duration", "Estimated training time remaining", "gpu_0_memory_MB")


@log
def notebook_steps(w: Writer) -> None:
    w.say(
        "Some weights of BertForSequenceClassification were not initialized from the model checkpoint at bert-base-uncased and are newly initialized: ['classifier.bias', 'classifier.weight']\nYou should probably TRAIN this model on a down-stream task to be able to use it for predictions and inference.\n\n [6315/6315 24:41, Epoch 3/3]"
    )
    w.say("Step\tTraining Loss\tValidation Loss\tAccuracy\tF1\tRuntime\tSamples Per Second")
    for n in range(150, 6301, 150):
        w.row(
            "{_n}\t{training_loss:.6f}\t{validation_loss:.6f}\t{accuracy:.6f}\t{f1:.6f}\t{ok_runtime:.6f}\t{ok_samples_per_second:.6f}",
            n,
            _n=n,
            training_loss=w.fall(n, 0.69, 0.2, 900),
            validation_loss=w.fall(n, 0.66, 0.3, 900),
            accuracy=w.acc(n, 0.9, 200),
            f1=w.acc(n, 0.89, 250),
            ok_runtime=w.x(20, 21),
            ok_samples_per_second=w.x(400, 420),
        )
    w.say(
        "TrainOutput(global_step=6315, training_loss=0.2934112548828125, metrics={'train_runtime': 1482.103, 'train_samples_per_second': 136.33, 'train_loss': 0.2934112548828125, 'epoch': 3.0})"
    )
    w.ok("train_runtime", "train_samples_per_second", "train_loss", "global_step")


@log
def word2vec_thread(w: Writer) -> None:
    w.say(
        "time ./word2vec -train text8 -output vectors.bin -cbow 1 -size 200 -window 8 -negative 25 -hs 0 -sample 1e-4 -threads 20 -binary 1 -iter 15\nStarting training using file text8\nVocab size: 71291\nWords in train file: 16718843"
    )
    first = len(w.lines)
    for k in range(220):
        p = k / 219 * 100
        w.row(
            "Alpha: {alpha:f}  Progress: {ok_progress:.2f}%  Words/thread/sec: {ok_words/thread/sec:.2f}k  ",
            None,
            **{"alpha": 0.05 * (1 - p / 100) + 0.000005, "ok_progress": p, "ok_words/thread/sec": w.x(140, 160)},
        )
    w.joined(first)
    w.say("\nreal\t2m14.331s\nuser\t35m5.120s\nsys\t0m4.001s")


@log
def fasttext_carriage(w: Writer) -> None:
    w.say("Read 0M words\rRead 1M words\rRead 2M words\rRead 2M words\nNumber of words:  146132\nNumber of labels: 735")
    first = len(w.lines)
    for k in range(0, 1001, 7):
        p = k / 10
        s = int((100 - p) * 0.6)
        w.row(
            f"Progress: {p:5.1f}% words/sec/thread: {w.int(70000, 90000):7d} lr: {{lr:9.6f}} avg.loss: {{loss:9.6f}} ETA:   0h {s // 60}m{s % 60:2d}s",
            None,
            lr=0.5 * (1 - p / 100),
            loss=w.fall(k, 18, 5.1, 90),
        )
    w.joined(first)
    w.say("N\t3000\nP@1\t0.585\nR@1\t0.253")
    w.ok("Progress", "words/sec/thread", "ETA", "P@1", "R@1", "P", "R", "N")


@log
def nanogpt_fork(w: Writer) -> None:
    w.say(
        "Overriding config with config/train_shakespeare_char.py:\n# train a miniature character-level shakespeare model\n\nout_dir = 'out-shakespeare-char'\neval_interval = 250 # keep frequent because we'll overfit\neval_iters = 200\nlearning_rate = 1e-3 # with baby networks can afford to go a bit higher\nmax_iters = 5000\nbeta2 = 0.99 # make a bit bigger because number of tokens per iter is small\n"
    )
    w.say(
        "tokens per iteration will be: 16,384\nfound vocab_size = 65 (inside data/shakespeare_char/meta.pkl)\nInitializing a new model from scratch\nnumber of parameters: 10.65M\nnum decayed parameter tensors: 26, with 10,740,096 parameters\nnum non-decayed parameter tensors: 13, with 4,992 parameters\nusing fused AdamW: True\ncompiling the model... (takes a ~minute)"
    )
    for n in range(0, 2001, 20):
        if n % 250 == 0 or (n % 250 < 20 and n > 20):
            k = n - n % 250
            w.row(
                "step {_n}: train loss {train_loss:.4f}, val loss {val_loss:.4f}",
                k,
                _n=k,
                train_loss=w.fall(k, 4.28, 1.0, 300),
                val_loss=w.fall(k, 4.28, 1.4, 300),
            )
            if k:
                w.say("saving checkpoint to out-shakespeare-char")
        w.row(
            "iter {_n}: loss {loss:.4f}, time {ok_time:.2f}ms, mfu {mfu:.2f}%, grad_norm {grad_norm:.3f}, lr {lr:.3e}",
            n,
            _n=n,
            loss=w.fall(n, 4.27, 1.0, 300),
            ok_time=w.x(120, 130),
            mfu=w.x(2.9, 3.1) if n > 40 else -100.0,
            grad_norm=w.x(0.3, 1.9),
            lr=1e-3 * min(1, n / 100),
        )


@log
def olmo_console(w: Writer) -> None:
    w.say(
        "2024-02-20 05:12:09.112\tnode-0:0\tolmo.train:121\tINFO\tLoading model from checkpoint...\n2024-02-20 05:12:10.010\tnode-0:0\t__main__:171\tINFO\tTotal number of parameters: 1,176,764,416\n2024-02-20 05:12:10.011\tnode-0:0\t__main__:172\tINFO\tNumber of non-embedding parameters: 1,073,741,824"
    )
    t = 18800.0
    for n in range(10, 311, 10):
        t += 22
        w.say(f"2024-02-20 {clock(t)}.{w.int(0, 999):03d}\tnode-0:0\tolmo.train:967\tINFO\t[step={n}/739328,epoch=0]")
        loss = w.fall(n, 11.1, 3.4, 60)
        w.row("    optim/total_grad_norm={optim/total_grad_norm:.4g}", n, **{"optim/total_grad_norm": w.x(0.4, 6)})
        w.row(
            "    optim/learning_rate_group0={optim/learning_rate_group0:.4g}",
            n,
            **{"optim/learning_rate_group0": 4e-4 * n / 2000},
        )
        w.row("    train/CrossEntropyLoss={train/CrossEntropyLoss:.4g}", n, **{"train/CrossEntropyLoss": loss})
        w.row(
            "    train/Perplexity={train/Perplexity:,}",
            n,
            **{"train/Perplexity": round(2.718281828**loss) if loss > 6.95 else round(2.718281828**loss, 1)},
        )
        w.row("    throughput/total_tokens={throughput/total_tokens:,}", n, **{"throughput/total_tokens": n * 4194304})
        w.row(
            "    throughput/device/tokens_per_second={throughput/device/tokens_per_second:,}",
            n,
            **{"throughput/device/tokens_per_second": w.int(12000, 13900)},
        )
        w.row(
            "    throughput/device/batches_per_second={throughput/device/batches_per_second:.4f}",
            n,
            **{"throughput/device/batches_per_second": w.x(0.4, 0.5)},
        )
        if n % 50 == 0:
            w.row(
                "    System/Peak GPU Memory (MB)={System/Peak GPU Memory (MB):,}",
                n,
                **{"System/Peak GPU Memory (MB)": w.int(38000, 41000)},
            )
    w.say(
        "2024-02-20 05:24:10.411\tnode-0:0\tolmo.train:1127\tINFO\tSaving checkpoint...\n2024-02-20 05:24:31.020\tnode-0:0\tolmo.train:1129\tINFO\tCheckpoint saved to /ckpt/OLMo-1B/step310"
    )


@log
def rlhf_rich_table(w: Writer) -> None:
    w.say(
        "[2024-07-01 10:00:02,113] [INFO] starting PPO with model=EleutherAI/pythia-1b, kl_coef=0.05, lr=1e-06\nLoading checkpoint shards: 100%|██████████| 2/2 [00:03<00:00,  1.61s/it]"
    )
    for n in range(1, 19):
        w.say(
            f"\n             PPO iteration {n}/18              \n┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━┓\n┃ Metric                     ┃      Value ┃\n┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━┩"
        )
        for name, value in (
            ("reward/mean", w.acc(n, 2.4, 8) - 0.5),
            ("reward/std", w.x(0.7, 1.1)),
            ("objective/kl", w.x(0, 6)),
            ("policy/loss", w.x(-0.05, 0.02)),
            ("value/loss", w.fall(n, 2, 0.2)),
            ("policy/clipfrac", w.x(0, 0.2)),
            ("response length", w.x(40, 90)),
        ):
            w.row(f"│ {name:26s} │ {{{name}:10.4f}} │", n, **{name: value})
        w.say("└────────────────────────────┴────────────┘")
        if n % 6 == 0:
            w.say(f"Saved checkpoint to out/ppo/step_{n}")


@log
def ner_report(w: Writer) -> None:
    w.say("Loading data...\nvocab size: 23626, tags: ['O', 'B-LOC', 'I-LOC', 'B-PER', 'I-PER', 'B-ORG', 'I-ORG']")
    for e in range(1, 26):
        w.row(
            "[Epoch {_e:2d}]  train loss = {train_loss:8.3f}   dev: acc {dev_acc:.2%}  pre {dev_pre:.2f}%  rec {dev_rec:.2f}%  FB1 {dev_fb1:.2f}".replace(
                "{dev_acc:.2%}", "{dev_acc:.2f}%"
            ),
            e,
            _e=e,
            train_loss=w.fall(e, 900, 12, 2),
            dev_acc=100 * w.acc(e, 0.98, 0.4),
            dev_pre=100 * w.acc(e, 0.88, 1),
            dev_rec=100 * w.acc(e, 0.86, 1.5),
            dev_fb1=100 * w.acc(e, 0.87, 1.2),
        )
    w.say("\n=== test ===\n              precision    recall  f1-score   support\n")
    for tag in ("LOC", "MISC", "ORG", "PER"):
        w.say(f"{tag:>12s} {w.x(0.7, 0.95):11.4f} {w.x(0.7, 0.95):9.4f} {w.x(0.7, 0.95):9.4f} {w.int(600, 1700):9d}")
        w.ok(tag)
    w.say(
        "\n   micro avg      0.8712    0.8590    0.8651      5648\n   macro avg      0.8530    0.8411    0.8468      5648\nweighted avg      0.8714    0.8590    0.8650      5648\n"
    )
    w.ok("precision", "recall", "f1-score", "support", "micro avg", "macro avg", "weighted avg", "test")
