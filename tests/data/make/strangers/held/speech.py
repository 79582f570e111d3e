"""Speech, translation, words."""

from __future__ import annotations

from data.make.strangers.writer import Writer, bar, clock, log


@log
def kaldi_chain(w: Writer) -> None:
    w.say(
        "2019-03-04 11:02:10,120 [steps/nnet3/chain/train.py:34 - <module> - INFO ] Starting chain model trainer (train.py)\nsteps/nnet3/chain/train.py --stage -10 --cmd run.pl --chain.xent-regularize 0.1 --chain.leaky-hmm-coefficient 0.1 --trainer.num-epochs 4 --trainer.optimization.initial-effective-lrate 0.001 --trainer.optimization.final-effective-lrate 0.0001 --dir exp/chain/tdnn1a_sp\n['steps/nnet3/chain/train.py', '--stage', '-10', '--trainer.num-epochs', '4']\n2019-03-04 11:02:14,003 [steps/nnet3/chain/train.py:281 - train - INFO ] Arguments for the experiment\n{'alignment_subsampling_factor': 3,\n 'apply_deriv_weights': False,\n 'final_effective_lrate': 0.0001,\n 'initial_effective_lrate': 0.001,\n 'num_epochs': 4.0,\n 'xent_regularize': 0.1}"
    )
    w.say(
        "2019-03-04 11:05:30,120 [steps/nnet3/chain/train.py:394 - train - INFO ] Copying the properties from exp/chain/tdnn1a_sp/egs to exp/chain/tdnn1a_sp\n2019-03-04 11:05:31,001 [steps/nnet3/chain/train.py:408 - train - INFO ] Computing the preconditioning matrix for input features\n2019-03-04 11:06:02,410 [steps/nnet3/chain/train.py:467 - train - INFO ] Training will run for 4.0 epochs = 119 iterations"
    )
    t = 39990.0
    for n in range(119):
        t += 41
        jobs = 3 + n * 13 // 119
        shrink = f"shrink: {1 - w.x(0, 0.003):.5f}" if n % 30 == 29 else ""
        lr = 0.001 * jobs * 0.1 ** (n / 119)
        ep = 4.0 * n / 118
        w.row(
            f"2019-03-04 {clock(t)},{w.int(0, 999):03d} [steps/nnet3/chain/train.py:529 - train - INFO ] Iter: {n}/118   Jobs: {jobs}   Epoch: {ep:.2f}/4.0 ({ep * 25:.1f}% complete)   lr: {{lr:.6f}}   {shrink}",
            (n, float(f"{ep:.2f}")),
            lr=lr,
        )
    w.say(
        "2019-03-04 12:40:02,301 [steps/nnet3/chain/train.py:585 - train - INFO ] Doing final combination to produce final.mdl\n2019-03-04 12:41:02,301 [steps/nnet3/chain/train.py:614 - train - INFO ] Cleaning up the experiment directory exp/chain/tdnn1a_sp\nexp/chain/tdnn1a_sp: num-iters=119 nj=3..16 num-params=17.1M dim=40+100->3456 combine=-0.051->-0.050 (over 5) xent:train/valid[78,118,final]=(-0.89,-0.71,-0.70/-1.01,-0.90,-0.90) logprob:train/valid[78,118,final]=(-0.060,-0.045,-0.044/-0.080,-0.073,-0.073)\n%WER 12.41 [ 6528 / 52602, 812 ins, 1530 del, 4186 sub ] exp/chain/tdnn1a_sp/decode_dev/wer_9\n%WER 11.97 [ 6296 / 52602, 790 ins, 1504 del, 4002 sub ] exp/chain/tdnn1a_sp/decode_dev_rescore/wer_9"
    )
    w.ok("jobs", "shrink", "WER", "complete", "iter", "ins", "del", "sub")


@log
def espnet_reporter(w: Writer) -> None:
    w.say(
        "# python3 -m espnet2.bin.asr_train --use_preprocessor true --bpemodel data/en_token_list/bpe.model --token_type bpe --config conf/train_asr.yaml --output_dir exp/asr_train\n# Started at Mon Apr  4 12:01:11 UTC 2022\n#\n[gpu01] 2022-04-04 12:01:30,120 (asr:411) INFO: Vocabulary size: 5000\n[gpu01] 2022-04-04 12:01:34,811 (abs_task:1157) INFO: pytorch.version=1.10.1, cuda.available=True, cudnn.version=8200, cudnn.benchmark=False, cudnn.deterministic=True\n[gpu01] 2022-04-04 12:01:34,820 (abs_task:1161) INFO: Model summary:\n    Class Name: ESPnetASRModel\n    Total Number of model parameters: 116.15 M\n    Number of trainable parameters: 116.15 M (100.0%)\n    Size: 464.59 MB\n    Type: torch.float32\n[gpu01] 2022-04-04 12:01:34,821 (abs_task:1164) INFO: Optimizer:\nAdam (\nParameter Group 0\n    betas: (0.9, 0.999)\n    eps: 1e-08\n    initial_lr: 0.0025\n    lr: 6.25e-08\n    weight_decay: 1e-06\n)"
    )
    t = 43400.0
    for e in range(1, 5):
        w.say(
            f"[gpu01] 2022-04-04 {clock(t)},001 (trainer:280) INFO: {e}/4epoch started. Estimated time to finish: {w.int(1, 20)} minutes and {w.x(1, 59):.2f} seconds"
        )
        for b in range(50, 501, 50):
            n = (e - 1) * 500 + b
            t += 30
            w.row(
                f"[gpu01] 2022-04-04 {clock(t)},{w.int(0, 999):03d} (trainer:727) INFO: {e}epoch:train:{b - 49}-{b}batch: iter_time={{ok_iter_time:.3f}}, forward_time={{ok_forward_time:.3f}}, loss_ctc={{loss_ctc:.3f}}, loss_att={{loss_att:.3f}}, acc={{acc:.3f}}, loss={{loss:.3f}}, backward_time={{ok_backward_time:.3f}}, optim_step_time={{ok_optim_step_time:.3f}}, optim0_lr0={{optim0_lr0:.3e}}, train_time={{ok_train_time:.3f}}",
                (n, b, e, n - 49, b - 49),
                ok_iter_time=w.x(0.001, 0.1),
                ok_forward_time=w.x(0.1, 0.2),
                loss_ctc=w.fall(n, 420, 20, 120),
                loss_att=w.fall(n, 180, 10, 120),
                acc=w.acc(n, 0.95, 400),
                loss=w.fall(n, 250, 13, 120),
                ok_backward_time=w.x(0.2, 0.3),
                ok_optim_step_time=w.x(0.01, 0.05),
                optim0_lr0=6.25e-8 * n,
                ok_train_time=w.x(0.5, 0.6),
            )
        last = (e, e * 500)
        t += 20
        w.row(
            f"[gpu01] 2022-04-04 {clock(t)},500 (trainer:334) INFO: {e}epoch results: [train] iter_time=0.004, forward_time=0.121, loss_ctc={{'loss_ctc:.3f}}, loss_att={{'loss_att:.3f}}, acc={{'acc:.3f}}, loss={{'loss:.3f}}, backward_time=0.244, optim0_lr0={6.25e-8 * e * 500:.3e}, train_time=0.551, time=5 minutes and 1.12 seconds, total_count={e * 500}, gpu_max_cached_mem_GB=21.102, [valid] loss_ctc={{valid_loss_ctc:.3f}}, cer_ctc={{valid_cer_ctc:.3f}}, loss_att={{valid_loss_att:.3f}}, acc={{valid_acc:.3f}}, cer={{valid_cer:.3f}}, wer={{valid_wer:.3f}}, loss={{valid_loss:.3f}}, time=12.3 seconds, total_count={e * 41}, gpu_max_cached_mem_GB=21.102, [att_plot] time=14.02 seconds, total_count=0, gpu_max_cached_mem_GB=21.102",
            last,
            **{
                "'loss_ctc": w.fall(e, 200, 20, 1),
                "'loss_att": w.fall(e, 100, 10, 1),
                "'acc": w.acc(e, 0.9),
                "'loss": w.fall(e, 130, 13, 1),
                "valid_loss_ctc": w.fall(e, 200, 19, 1),
                "valid_cer_ctc": w.fall(e, 0.9, 0.1, 1),
                "valid_loss_att": w.fall(e, 100, 9, 1),
                "valid_acc": w.acc(e, 0.93),
                "valid_cer": w.fall(e, 0.8, 0.1, 1),
                "valid_wer": w.fall(e, 0.99, 0.2, 1),
                "valid_loss": w.fall(e, 130, 12, 1),
            },
        )
        w.say(f"[gpu01] 2022-04-04 {clock(t + 2)},311 (trainer:382) INFO: The best model has been updated: valid.acc")
    w.say("[gpu01] 2022-04-04 12:30:02,311 (trainer:458) INFO: The training was finished at 4 epochs")
    w.ok(
        "iter_time",
        "forward_time",
        "train iter_time",
        "train forward_time",
        "backward_time",
        "train_time",
        "optim0_lr0",
        "time",
        "total_count",
        "gpu_max_cached_mem_GB",
        "train optim0_lr0",
        "valid time",
        "att_plot",
    )


@log
def tacotron_words(w: Writer) -> None:
    w.say(
        "FP16 Run: False\nDynamic Loss Scaling: True\nDistributed Run: False\ncuDNN Enabled: True\ncuDNN Benchmark: False\nEpoch: 0"
    )
    for n in range(161):
        if n and n % 40 == 0:
            w.say(f"Epoch: {n // 40}")
        w.row(
            "Train loss {_n} {train_loss:.6f} Grad Norm {grad_norm:.6f} {_s:.2f}s/it",
            n,
            _n=n,
            train_loss=w.fall(n, 48, 0.7, 3),
            grad_norm=w.x(0.5, 30 / (1 + n / 9) + 1),
            _s=w.x(1.9, 2.6),
        )
        if n % 50 == 0:
            w.row("Validation loss {_n}: {validation_loss:9f}  ", n, _n=n, validation_loss=w.fall(n, 50, 0.8, 3))
            w.say(f"Saving model and optimizer state at iteration {n} to outdir/checkpoint_{n}")
    w.ok("s/it")


@log
def opennmt_semicolons(w: Writer) -> None:
    w.say(
        "[2021-02-11 04:12:01,101 INFO]  * src vocab size = 24999\n[2021-02-11 04:12:01,102 INFO]  * tgt vocab size = 35820\n[2021-02-11 04:12:01,120 INFO] Building model...\n[2021-02-11 04:12:04,120 INFO] NMTModel(\n  (encoder): RNNEncoder(\n    (rnn): LSTM(500, 500, num_layers=2, dropout=0.3)\n  )\n)\n[2021-02-11 04:12:04,121 INFO] encoder: 16506500\n[2021-02-11 04:12:04,121 INFO] * number of parameters: 58121320\n[2021-02-11 04:12:04,130 INFO] Starting training on GPU: [0]\n[2021-02-11 04:12:04,130 INFO] Start training loop and validate every 500 steps...\n[2021-02-11 04:12:04,131 INFO] corpus_1's transforms: TransformPipe()"
    )
    t = 15124.0
    for n in range(50, 3001, 50):
        t += 12
        x = w.fall(n, 9.3, 2.1, 400)
        w.row(
            f"[2021-02-11 {clock(t)},{w.int(0, 999):03d} INFO] Step {n}/ 3000; acc: {{acc:6.2f}}; ppl: {{ppl:5.2f}}; xent: {{xent:4.2f}}; lr: {{lr:7.5f}}; {w.int(9000, 9999)}/{w.int(9000, 9999)} tok/s; {t - 15124:6.0f} sec;",
            n,
            acc=100 * w.acc(n, 0.6, 900),
            ppl=2.71828**x,
            xent=x,
            lr=1.0,
        )
        if n % 500 == 0:
            t += 4
            w.say(f"[2021-02-11 {clock(t)},120 INFO] valid's transforms: TransformPipe()")
            w.row(
                f"[2021-02-11 {clock(t)},311 INFO] Validation perplexity: {{validation_perplexity:g}}",
                n,
                validation_perplexity=w.fall(n, 900, 8, 60),
            )
            w.row(
                f"[2021-02-11 {clock(t)},312 INFO] Validation accuracy: {{validation_accuracy:g}}",
                n,
                validation_accuracy=100 * w.acc(n, 0.6, 900),
            )
            w.say(f"[2021-02-11 {clock(t)},340 INFO] Saving checkpoint run/model_step_{n}.pt")
    w.ok("tok/s", "sec")


@log
def marian_updates(w: Writer) -> None:
    w.say(
        "[2020-06-10 14:10:01] [marian] Marian v1.9.0 ba94c5b9 2020-05-17 10:42:17 +0100\n[2020-06-10 14:10:01] [config] after-epochs: 0\n[2020-06-10 14:10:01] [config] beam-size: 12\n[2020-06-10 14:10:01] [config] clip-norm: 5\n[2020-06-10 14:10:01] [config] learn-rate: 0.0003\n[2020-06-10 14:10:01] [config] mini-batch: 64\n[2020-06-10 14:10:01] [config] valid-freq: 2500\n[2020-06-10 14:10:01] [config] workspace: 9000\n[2020-06-10 14:10:02] [data] Loading vocabulary from JSON/Yaml file model/vocab.deen.yml\n[2020-06-10 14:10:03] [data] Setting vocabulary size for input 0 to 36,000\n[2020-06-10 14:10:05] [memory] Extending reserved space to 9088 MB (device gpu0)\n[2020-06-10 14:10:30] Training started\n[2020-06-10 14:10:30] [data] Shuffling data"
    )
    t = 51030.0
    sen = 0
    ep = 1
    for n in range(500, 20001, 500):
        t += 61
        sen += w.int(78000, 82000)
        w.row(
            f"[2020-06-10 {clock(t)}] Ep. {ep} : Up. {n} : Sen. {sen:,} : Cost {{cost:.8f}} : Time {w.x(58, 63):.2f}s : {w.x(30000, 33000):.2f} words/s : L.r. {{L.r.:.4e}}",
            n,
            **{"cost": w.fall(n, 9.1, 2.8, 3000), "L.r.": 3e-4 * min(1, n / 16000)},
        )
        if n % 2500 == 0:
            w.say(f"[2020-06-10 {clock(t)}] Saving model weights and runtime parameters to model/model.npz.orig.npz")
            w.row(
                f"[2020-06-10 {clock(t + 4)}] [valid] Ep. {ep} : Up. {n} : cross-entropy : {{cross-entropy:.4f}} : new best",
                n,
                **{"cross-entropy": w.fall(n, 190, 44, 3000)},
            )
            w.row(
                f"[2020-06-10 {clock(t + 5)}] [valid] Ep. {ep} : Up. {n} : perplexity : {{perplexity:.4f}} : new best",
                n,
                perplexity=w.fall(n, 200, 6, 1000),
            )
            w.row(
                f"[2020-06-10 {clock(t + 30)}] [valid] Ep. {ep} : Up. {n} : translation : {{translation:.4f}} : "
                + ("stalled 1 times (last best: 27.1)" if n == 12500 else "new best"),
                n,
                translation=30 * w.acc(n, 1, 3000),
            )
        if n % 9000 == 0:
            w.say(
                f"[2020-06-10 {clock(t)}] Seen {sen + 211:,} samples\n[2020-06-10 {clock(t)}] Starting data epoch {ep + 1} in logical epoch {ep + 1}"
            )
            ep += 1
            sen = 0
    w.ok("Sen", "Time", "words/s", "Up", "Ep", "Seen", "last best")


@log
def joey_steps(w: Writer) -> None:
    w.say(
        "2022-03-01 10:12:33,120 - INFO - joeynmt.training - Hello! This is Joey-NMT.\n2022-03-01 10:12:34,120 - INFO - joeynmt.helpers - cfg.training.learning_rate           : 0.0002\n2022-03-01 10:12:34,120 - INFO - joeynmt.helpers - cfg.training.batch_size              : 4096\n2022-03-01 10:12:34,121 - INFO - joeynmt.helpers - cfg.model.encoder.num_layers         : 6\n2022-03-01 10:12:38,420 - INFO - joeynmt.training - Train stats:\n\tdevice: cuda\n\tn_gpu: 1\n\tgradient accumulation: 1\n\tbatch size per device: 4096\n\ttotal batch size (w. parallel & accumulation): 4096\n2022-03-01 10:12:38,421 - INFO - joeynmt.training - EPOCH 1"
    )
    t = 36760.0
    n = 0
    for e in range(1, 5):
        if e > 1:
            w.say(f"2022-03-01 {clock(t)},003 - INFO - joeynmt.training - EPOCH {e}")
        for _ in range(9):
            n += 100
            t += 13
            w.row(
                f"2022-03-01 {clock(t)},{w.int(0, 999):03d} - INFO - joeynmt.training - Epoch {e:3d}, Step: {n:8d}, Batch Loss: {{batch_loss:12.6f}}, Batch Acc: {{batch_acc:.6f}}, Tokens per Sec: {{tokens_per_sec:8.0f}}, Lr: {{lr:.6f}}",
                n,
                batch_loss=w.fall(n, 5.8, 1.7, 500),
                batch_acc=w.acc(n, 0.6, 800),
                tokens_per_sec=w.int(9000, 9999),
                lr=0.0002,
            )
            if n % 600 == 0:
                w.row(
                    f"2022-03-01 {clock(t + 20)},554 - INFO - joeynmt.prediction - Evaluation result (greedy) bleu: {{bleu:6.2f}}, loss: {{'loss:6.2f}}, ppl: {{ppl:6.2f}}, acc: {{'acc:6.2f}}, generation: {w.x(9, 20):.4f}[sec], evaluation: {w.x(0, 1):.4f}[sec]",
                    n,
                    **{
                        "bleu": 30 * w.acc(n, 1, 1500),
                        "'loss": w.fall(n, 6, 1.9, 500),
                        "ppl": w.fall(n, 300, 6, 90),
                        "'acc": w.acc(n, 0.6, 800),
                    },
                )
                w.say(
                    f"2022-03-01 {clock(t + 21)},880 - INFO - joeynmt.training - Example #0\n2022-03-01 {clock(t + 21)},880 - INFO - joeynmt.training - \tSource:     David Gallo : das ist Bill Lange . ich bin Dave Gallo .\n2022-03-01 {clock(t + 21)},880 - INFO - joeynmt.training - \tReference:  David Gallo : this is Bill Lange . I 'm Dave Gallo .\n2022-03-01 {clock(t + 21)},881 - INFO - joeynmt.training - \tHypothesis: David Gallo : this is Bill Lange , and I 'm Dave Gallo ."
                )
                t += 25
        w.row(
            f"2022-03-01 {clock(t)},911 - INFO - joeynmt.training - Epoch {e:3d}: total training loss {{total_training_loss:.2f}}",
            (e, n),
            total_training_loss=w.fall(e, 5000, 1500, 2),
        )
    w.series["total loss"] = w.series.pop("total_training_loss")
    w.ok("generation", "evaluation", "Evaluation result generation")


@log
def sockeye_speedometer(w: Writer) -> None:
    w.say(
        "[INFO:sockeye.utils] Sockeye version 1.18.56, commit 1db2ab0, path /opt/sockeye/__init__.py\n[INFO:sockeye.utils] Arguments: Namespace(allow_missing_params=False, batch_size=64, batch_type='sentence', checkpoint_frequency=400, decode_and_evaluate=500, initial_learning_rate=0.0003, max_updates=2000, num_layers=1)\n[INFO:sockeye.training] Training started."
    )
    for n in range(50, 2001, 50):
        w.row(
            "[INFO:sockeye.training] Epoch[{_e}] Batch [{_n}]\tSpeed: {_s:.2f} samples/sec {_t:.2f} tokens/sec {_u:.2f} updates/sec\tperplexity={'perplexity:f}",
            n,
            **{
                "_e": n // 700,
                "_n": n,
                "_s": w.x(700, 800),
                "_t": w.x(9000, 9900),
                "_u": w.x(11, 12),
                "'perplexity": w.fall(n, 3000, 18, 60),
            },
        )
        if n % 400 == 0:
            k = n // 400
            good = (k, n)
            w.say(
                f"[INFO:sockeye.training] Checkpoint [{k}]\tUpdates={n} Epoch={n // 700} Samples={n * 64} Time-cost={w.x(30, 40):.3f} Updates/sec={w.x(11, 12):.3f}"
            )
            w.row(
                f"[INFO:sockeye.training] Checkpoint [{k}]\tTrain-perplexity={{train_perplexity:f}}",
                good,
                train_perplexity=w.fall(n, 900, 20, 200),
            )
            w.row(
                f"[INFO:sockeye.training] Checkpoint [{k}]\tValidation-perplexity={{validation_perplexity:f}}",
                good,
                validation_perplexity=w.fall(n, 800, 22, 200),
            )
            w.say(f"[INFO:sockeye.training] Validation-perplexity improved to {w.x(30, 300):f} (delta {w.x(1, 30):f}).")
    w.ok(
        "Speed",
        "samples/sec",
        "tokens/sec",
        "updates/sec",
        "Time-cost",
        "Updates",
        "Samples",
        "Validation-perplexity improved to",
        "delta",
        "improved to",
        "Checkpoint",
    )


@log
def spacy_scores(w: Writer) -> None:
    w.say(
        "\x1b[38;5;4mℹ Saving to output directory: output\x1b[0m\n\x1b[38;5;4mℹ Using CPU\x1b[0m\n\x1b[1m\n=========================== Initializing pipeline ===========================\x1b[0m\n[2023-01-12 10:11:02,101] [INFO] Set up nlp object from config\n[2023-01-12 10:11:02,120] [INFO] Pipeline: ['tok2vec', 'ner']\n[2023-01-12 10:11:02,124] [INFO] Created vocabulary\n\x1b[38;5;2m✔ Initialized pipeline\x1b[0m\n\x1b[1m\n============================= Training pipeline =============================\x1b[0m\n\x1b[38;5;4mℹ Pipeline: ['tok2vec', 'ner']\x1b[0m\n\x1b[38;5;4mℹ Initial learn rate: 0.001\x1b[0m"
    )
    w.say(
        "E    #       LOSS TOK2VEC  LOSS NER  ENTS_F  ENTS_P  ENTS_R  SCORE \n---  ------  ------------  --------  ------  ------  ------  ------"
    )
    for n in range(0, 8001, 200):
        e = n // 900
        f = 100 * w.acc(n, 0.85, 900) if n else 0.0
        w.row(
            "{_e:>3d}  {_n:>6d}  {loss_tok2vec:12.2f}  {loss_ner:8.2f}  {ents_f:6.2f}  {ents_p:6.2f}  {ents_r:6.2f}  {score:6.2f}",
            (n, e),
            _e=e,
            _n=n,
            loss_tok2vec=w.x(20, 300) if n else 0.0,
            loss_ner=w.fall(n, 2300, 90, 600) if n else 41.2,
            ents_f=f,
            ents_p=f * w.x(0.98, 1.01),
            ents_r=f * w.x(0.98, 1.01),
            score=f / 100,
        )
    w.say("\x1b[38;5;2m✔ Saved pipeline to output directory\x1b[0m\noutput/model-last")


@log
def flair_iters(w: Writer) -> None:
    line = "-" * 100
    t = 33000.0
    w.say(
        f'2021-11-03 {clock(t)},120 {line}\n2021-11-03 {clock(t)},121 Model: "SequenceTagger(\n  (embeddings): StackedEmbeddings(\n    (list_embedding_0): WordEmbeddings(\'glove\')\n  )\n  (rnn): LSTM(4196, 256, batch_first=True, bidirectional=True)\n  (linear): Linear(in_features=512, out_features=20, bias=True)\n)"\n2021-11-03 {clock(t)},122 Parameters:\n2021-11-03 {clock(t)},122  - learning_rate: "0.1"\n2021-11-03 {clock(t)},122  - mini_batch_size: "32"\n2021-11-03 {clock(t)},122  - patience: "3"\n2021-11-03 {clock(t)},122  - anneal_factor: "0.5"\n2021-11-03 {clock(t)},122  - max_epochs: "8"\n2021-11-03 {clock(t)},122 {line}'
    )
    for e in range(1, 9):
        for b in range(46, 469, 46):
            n = (e - 1) * 469 + b
            t += 7
            w.row(
                f"2021-11-03 {clock(t)},{w.int(0, 999):03d} epoch {e} - iter {b}/469 - loss {{loss:.8f}} - time (sec): {{ok_time:.2f}} - samples/sec: {{ok_samples/sec:.2f}} - lr: {{ok_lr:.6f}}",
                n,
                **{
                    "loss": w.fall(n, 1.1, 0.05, 300),
                    "ok_time": b * 0.16,
                    "ok_samples/sec": w.x(190, 210),
                    "ok_lr": 0.1,
                },
            )
        last = (e, e * 469, (e - 1) * 469 + 460)
        w.say(f"2021-11-03 {clock(t)},803 {line}")
        w.row(
            f"2021-11-03 {clock(t)},803 EPOCH {e} done: loss {{'loss:.4f}} - lr {{ok_lr:.7f}}",
            last,
            **{"'loss": w.fall(e, 0.7, 0.05, 1), "ok_lr": 0.1},
        )
        w.row(
            f"2021-11-03 {clock(t + 9)},412 DEV : loss {{''loss:.16f}} - score {{score:.4f}}",
            last,
            **{"''loss": w.fall(e, 0.4, 0.06, 1), "score": w.acc(e, 0.95, 0.5)},
        )
        w.say(f"2021-11-03 {clock(t + 9)},440 BAD EPOCHS (no improvement): {0 if e != 6 else 1}")
        if e != 6:
            w.say(f"2021-11-03 {clock(t + 9)},441 saving best model")
        w.say(f"2021-11-03 {clock(t + 10)},841 {line}")
    w.say(
        "2021-11-03 09:40:01,120 Testing using best model ...\n2021-11-03 09:40:20,120 0.9021\t0.9114\t0.9067\t0.8401\n2021-11-03 09:40:20,120 \nResults:\n- F-score (micro) 0.9067\n- F-score (macro) 0.8902\n- Accuracy 0.8401\n\nBy class:\n              precision    recall  f1-score   support\n\n         LOC     0.9231    0.9281    0.9256      1668\n         PER     0.9622    0.9604    0.9613      1617\n         ORG     0.8801    0.8970    0.8885      1661\n\n   micro avg     0.9021    0.9114    0.9067      4946"
    )
    w.ok(
        "BAD EPOCHS",
        "BAD EPOCHS (no improvement)",
        "F-score",
        "Accuracy",
        "precision",
        "recall",
        "f1-score",
        "support",
        "LOC",
        "PER",
        "ORG",
        "micro avg",
    )


@log
def trainer_dicts(w: Writer) -> None:
    w.say(
        "[INFO|trainer.py:1721] 2023-09-04 10:12:44,120 >> ***** Running training *****\n[INFO|trainer.py:1722] 2023-09-04 10:12:44,120 >>   Num examples = 3,668\n[INFO|trainer.py:1723] 2023-09-04 10:12:44,120 >>   Num Epochs = 5\n[INFO|trainer.py:1724] 2023-09-04 10:12:44,120 >>   Instantaneous batch size per device = 32\n[INFO|trainer.py:1728] 2023-09-04 10:12:44,120 >>   Total optimization steps = 575\n[INFO|trainer.py:1729] 2023-09-04 10:12:44,121 >>   Number of trainable parameters = 108,311,810"
    )
    k = 0
    for n in range(5, 576, 5):
        k += 1
        ep = float(f"{n / 115:.2f}")
        w.row(
            "{{'loss': {loss:.4f}, 'grad_norm': {grad_norm}, 'learning_rate': {learning_rate}, 'epoch': {_ep}}}",
            (ep, n, k, k - 1),
            loss=w.fall(n, 0.68, 0.1, 120),
            grad_norm=w.x(0.5, 9),
            learning_rate=2e-5 * (1 - n / 575),
            _ep=ep,
        )
        if n % 115 == 0:
            ep = n // 115
            w.row(
                "{{'eval_loss': {val_loss}, 'eval_accuracy': {val_accuracy}, 'eval_f1': {val_f1}, 'eval_runtime': {ok_eval_runtime:.4f}, 'eval_samples_per_second': {ok_eval_samples_per_second:.3f}, 'eval_steps_per_second': {ok_eval_steps_per_second:.3f}, 'epoch': {_ep}.0}}",
                (ep, n, ep - 1, k, k - 1, k + ep, k + ep - 1),
                val_loss=w.fall(n, 0.6, 0.3, 120),
                val_accuracy=w.int(280, 350) / 408,
                val_f1=w.x(0.8, 0.9),
                ok_eval_runtime=w.x(1, 2),
                ok_eval_samples_per_second=w.x(200, 300),
                ok_eval_steps_per_second=w.x(30, 40),
                _ep=ep,
            )
            w.say(
                f"[INFO|trainer.py:2926] 2023-09-04 10:1{ep + 2}:20,001 >> Saving model checkpoint to out/mrpc/checkpoint-{n}\n[INFO|configuration_utils.py:458] 2023-09-04 10:1{ep + 2}:20,003 >> Configuration saved in out/mrpc/checkpoint-{n}/config.json"
            )
    w.say(
        "{'train_runtime': 301.2013, 'train_samples_per_second': 60.889, 'train_steps_per_second': 1.909, 'train_loss': 0.2741304347826087, 'epoch': 5.0}\n***** train metrics *****\n  epoch                    =        5.0\n  train_loss               =     0.2741\n  train_runtime            = 0:05:01.20\n  train_samples            =       3668\n  train_samples_per_second =     60.889\n  train_steps_per_second   =      1.909"
    )
    w.ok(
        "train_runtime",
        "train_samples_per_second",
        "train_steps_per_second",
        "train_loss",
        "train_samples",
        "total_flos",
    )


@log
def estimator_hooks(w: Writer) -> None:
    w.say(
        "WARNING:tensorflow:From /usr/lib/python3.6/site-packages/tensorflow/python/training/training_util.py:236: Variable.initialized_value (from tensorflow.python.ops.variables) is deprecated and will be removed in a future version.\nINFO:tensorflow:Using config: {'_model_dir': '/tmp/mnist', '_tf_random_seed': None, '_save_summary_steps': 100, '_save_checkpoints_secs': 600, '_log_step_count_steps': 100, '_keep_checkpoint_max': 5}\nINFO:tensorflow:Calling model_fn.\nINFO:tensorflow:Done calling model_fn.\nINFO:tensorflow:Graph was finalized.\nINFO:tensorflow:Running local_init_op.\nINFO:tensorflow:Saving checkpoints for 0 into /tmp/mnist/model.ckpt."
    )
    for n in range(0, 5000, 100):
        if n == 0:
            w.row("INFO:tensorflow:loss = {loss:.7g}, step = 1", 1, loss=w.fall(0, 2.3, 0.1, 300))
        else:
            w.row(
                "INFO:tensorflow:global_step/sec: {ok_global_step/sec:.6g}",
                n + 1,
                **{"ok_global_step/sec": w.x(110, 130)},
            )
            w.row(
                "INFO:tensorflow:loss = {loss:.7g}, step = {_n} ({_s:.3f} sec)",
                n + 1,
                loss=w.fall(n, 2.3, 0.05, 300),
                _n=n + 1,
                _s=w.x(0.8, 0.9),
            )
        if n and n % 1000 == 0:
            w.say(
                f"INFO:tensorflow:Saving checkpoints for {n} into /tmp/mnist/model.ckpt.\nINFO:tensorflow:Starting evaluation at 2019-02-11-10:1{n // 1000}:22\nINFO:tensorflow:Restoring parameters from /tmp/mnist/model.ckpt-{n}\nINFO:tensorflow:Finished evaluation at 2019-02-11-10:1{n // 1000}:24"
            )
            w.row(
                "INFO:tensorflow:Saving dict for global step {_n}: accuracy = {accuracy:.4f}, global_step = {_n2}, loss = {'loss:.8f}",
                n,
                **{"_n": n, "_n2": n, "accuracy": w.acc(n, 0.98, 100), "'loss": w.fall(n, 1, 0.06, 300)},
            )
    w.say("INFO:tensorflow:Loss for final step: 0.06120139.")
    w.ok("global_step", "sec", "Loss for final step")


@log
def glove_cost(w: Writer) -> None:
    w.say(
        "TRAINING MODEL\nRead 60666466 lines.\nInitializing parameters...Using random seed 1706000000\ndone.\nvector size: 50\nvocab size: 71290\nx_max: 10.000000\nalpha: 0.750000"
    )
    for n in range(1, 51):
        w.row(
            f"01/23/24 - 09:{14 + n // 6:02d}.{n * 10 % 60:02d}AM, iter: {n:03d}, cost: {{cost:f}}",
            n,
            cost=w.fall(n, 0.09, 0.03, 6),
        )


@log
def axolotl_mixture(w: Writer) -> None:
    w.say(
        "[2024-01-20 10:11:12,120] [INFO] [axolotl.load_tokenizer:216] [PID:412] [RANK:0] EOS: 2 / </s>\n[2024-01-20 10:11:12,121] [DEBUG] [axolotl.calculate_total_num_steps:297] [PID:412] [RANK:0] total_num_tokens: 182913\n[2024-01-20 10:11:30,410] [INFO] [axolotl.train.log:61] [PID:412] [RANK:0] Starting trainer...\ntrainable params: 39,976,960 || all params: 7,281,709,056 || trainable%: 0.5490051867819437"
    )
    first = len(w.lines)
    w.say("  0%|          | 0/120 [00:00<?, ?it/s]")
    for n in range(1, 121):
        w.say(f"{bar(n, 120, 0.31)}]")
        w.say(" " * 80)
        ep = f"{n / 40:.2f}"
        w.row(
            "{{'loss': {loss:.4f}, 'learning_rate': {learning_rate:.4g}, 'epoch': {_ep}}}",
            (n, float(ep), n - 1),
            loss=w.fall(n, 1.4, 0.9, 20),
            learning_rate=2e-4 * min(1, n / 10),
            _ep=ep,
        )
        w.joined(first)
        first = len(w.lines)
        if n % 40 == 0:
            first2 = len(w.lines)
            for b in range(2, 9, 2):
                w.say(f"{bar(b, 8, 1.9)}]")
            w.joined(first2)
            w.row(
                "{{'eval_loss': {val_loss}, 'eval_runtime': {ok_eval_runtime:.4f}, 'eval_samples_per_second': {ok_eval_samples_per_second:.3f}, 'epoch': {_ep}}}",
                (n, float(ep), n // 40, n // 40 - 1, n - 1, n + n // 40, n + n // 40 - 1),
                val_loss=w.fall(n, 1.3, 0.95, 20),
                ok_eval_runtime=w.x(4, 5),
                ok_eval_samples_per_second=w.x(20, 30),
                _ep=ep,
            )
            w.say(
                f"[2024-01-20 10:1{n // 40 + 1}:44,003] [INFO] [axolotl.callbacks:120] Saving model checkpoint to ./lora-out/checkpoint-{n}"
            )
            first = len(w.lines)
    w.ok("it/s", "s/it")
