"""Whole logs in the manner of what trainers print, banners and warnings and bars included, and what a reader must find.

Each function writes one log; what it writes down with `Log.row` is what a person would read off it, from the numbers
as they are printed.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass, field

TRACE = """Traceback (most recent call last):
  File "train.py", line 120, in <module>
    main(args, lr=0.1)
KeyboardInterrupt
"""


@dataclass
class Log:
    """A log, and its tables: column -> values, and the step of each row of a kind."""

    format: str
    text: str = ""
    columns: dict[str, list[float]] = field(default_factory=dict)
    steps: dict[str, list[int]] = field(default_factory=dict)

    def say(self, *lines: str) -> None:
        self.text += "".join(f"{line}\n" for line in lines)

    def row(self, line: str, step: int | None = None, *, of: str = "train", **columns: str | float) -> None:
        """A line (or none) that gives these values, as printed."""
        if line:
            self.say(line)
        if step is not None:
            self.steps.setdefault(of, []).append(step)
        for name, value in columns.items():
            self.columns.setdefault(name, []).append(float(value))


def fall(step: int, begin: float = 10.0) -> float:
    """A loss that falls."""
    return 2 + begin / (1 + step / 7) + 0.01 * math.sin(step)


def litgpt() -> Log:
    log = Log("litgpt")
    log.say("Seed set to 1337", "Time to instantiate model: 0.05 seconds.", "Total parameters: 30,142,848")
    log.say("{'checkpoint_dir': PosixPath('checkpoints/pythia'), 'lr': 0.0002, 'seed': 1337}", "Validating ...")
    for k in range(1, 41):
        loss, ms = f"{fall(k):.3f}", f"{28 + k / 10:.2f}"
        log.row(
            f"Epoch 1 | iter {k:2d} step {k:d} | loss train: {loss}, val: n/a | iter time: {ms} ms (step) remaining time: 0:01:{k:02d}",
            k,
            loss=loss,
            iter_time=ms,
        )
        if k % 20 == 0:
            log.say("Validating ...", "Below is an instruction that describes a task.", "### Response:")
            log.row(f"iter {k}: val loss {fall(k):.4f}, val time: {500 + k}.00 ms", val_loss=f"{fall(k):.4f}")
    log.say("Training time: 12.32s", "Memory used: 5.12 GB")
    return log


def deepspeed() -> Log:
    log = Log("deepspeed")
    at = "[2024-02-03 10:00:{:02d},123] [INFO] "
    log.say(f"{at.format(1)}[real_accelerator.py:133:get_accelerator] Setting ds_accelerator to cuda (auto detect)")
    log.say(
        *(
            f"{at.format(2)}[config.py:1000:print]   {key} {'.' * 20} {n}"
            for key, n in [("zero_stage", 2), ("train_batch_size", 256)]
        )
    )
    log.say(
        "[2024-02-03 10:00:03,000] [WARNING] [cpu_adam.py:84:__init__] FP16 params for CPUAdam may not work on AMD CPUs"
    )
    for k in range(10, 210, 10):
        lr, speed = f"{1e-4 * k:.6f}", f"{26 + k / 100:.3f}"
        log.row(
            f"{at.format(5)}[logging.py:96:log_dist] [Rank 0] step={k}, skipped=0, lr=[{lr}, {lr}], mom=[(0.9, 0.999)]",
            k,
            lr=lr,
        )
        log.row(
            f"{at.format(6)}[timer.py:260:stop] epoch=0/micro_step={2 * k}/global_step={k}, RunningAvgSamplesPerSec={speed}, "
            f"CurrSamplesPerSec={speed}, MemAllocated=8.0GB, MaxMemAllocated=18.7GB",
            running_avg_samples_per_sec=speed,
        )
    return log


def axolotl() -> Log:
    log = Log("hf_trainer")
    log.say(
        "The following values were not passed to `accelerate launch`:", "  `--num_processes` was set to a value of `2`"
    )
    log.say("[2024-05-01 10:00:00,123] [INFO] [axolotl.train.train:104] [PID:123] [RANK:0] loading tokenizer... llama")
    log.say("trainable params: 41,943,040 || all params: 6,780,358,656 || trainable%: 0.6186")
    for k in range(1, 31):
        loss, norm = f"{fall(k):.4f}", f"{1 + k / 50}"
        log.row(
            f"{{'loss': {loss}, 'grad_norm': {norm}, 'learning_rate': {2e-4 * (1 - k / 40)}, 'epoch': {k / 10}}}",
            loss=loss,
            grad_norm=norm,
        )
        if k % 10 == 0:
            log.row(
                f"{{'eval_loss': {loss}, 'eval_runtime': 1.5, 'eval_samples_per_second': 60.1, 'epoch': {k / 10}}}",
                eval_loss=loss,
            )
            log.say(
                "[2024-05-01 10:01:00,123] [INFO] [axolotl.callbacks.on_step_end:125] [PID:123] [RANK:0] GPU memory usage while training: 13.345GB"
            )
    log.say(
        "{'train_runtime': 41.6363, 'train_samples_per_second': 1.489, 'train_steps_per_second': 0.024, 'train_loss': 2.66, 'epoch': 3.0}"
    )
    return log


def olmo() -> Log:
    log = Log("olmo")
    log.say(
        "[2024-04-17 09:42:20] INFO     [olmo.train:100, rank=0] Configuration:",
        "    seed: 6198",
        "    model:",
        "      d_model: 2048",
    )
    log.say("[2024-04-17 09:42:21] INFO     [olmo.train:120, rank=0] Peak GPU Memory (MB) before fsdp: 0.0")
    for k in range(1, 41):
        loss = f"{fall(k):.4f}"
        log.say(
            f"[2024-04-17 09:43:{k:02d}] INFO     [olmo.train:816, rank=0] [step={k}/739328]",
            f"    optim/total_grad_norm={1 + k / 10:.4f}",
        )
        log.row(f"    train/CrossEntropyLoss={loss}", k, train_cross_entropy_loss=loss)
        log.row(f"    throughput/total_tokens={k * 4194304:,}", throughput_total_tokens=k * 4194304)
        log.row(f"    System/Peak GPU Memory (MB)={42133 + k:,}", system_peak_gpu_memory_mb=42133 + k)
    return log


def composer() -> Log:
    log = Log("composer")
    log.say(
        "*" * 30,
        "Config:",
        "node_name: unknown because NODENAME environment variable not set",
        "num_gpus_per_node: 1",
        "*" * 30,
    )
    for k in range(1, 41):
        loss = f"{fall(k):.4f}"
        log.say(f"[batch={k}/100]:", f"\t Train time/batch: {k - 1}")
        log.row(f"\t Train loss/train/total: {loss}", loss_train_total=loss)
        if k % 10 == 0:
            log.say("[eval batch=1/8] Eval on eval data")
            log.row(
                f"\t Eval metrics/eval/LanguagePerplexity: {100 / k:.4f}",
                val_metrics_eval_language_perplexity=f"{100 / k:.4f}",
            )
    return log


def maxtext() -> Log:
    log = Log("maxtext")
    log.say(
        "I0317 09:59:00.100000 125344476638336 max_utils.py:50] Config param base_emb_dim: 2048",
        "Memstats: After params initialized:",
    )
    log.say("\tUsing (GB) 5.12 / 30.75 (16.65%) on TPU_0(process=0,(0,0,0,0))")
    for k in range(50):
        loss = f"{fall(k):.3f}" if k < 48 else "nan"
        line = f"completed step: {k}, seconds: 0.428, TFLOP/s/device: {240 + k}.360, Tokens/s/device: 9579.808, total_weights: 29182, loss: {loss}"
        log.row(
            f"I0317 10:00:{k:02d}.230409 125344476638336 metric_logger.py:181] {line}",
            k,
            loss=loss,
            tflop_s_device=f"{240 + k}.360",
        )
        if k > 46:
            log.say("NaN or Inf found in input tensor.")
    return log


def verl() -> Log:
    log = Log("verl")
    log.say(
        "2025-03-01 10:00:00,123\tINFO worker.py:1841 -- Started a local Ray instance.",
        "(TaskRunner pid=1234) {'actor_rollout_ref': {'actor': {'clip_ratio': 0.2}}}",
    )
    log.say("(WorkerDict pid=1300) Total steps: 435, num_warmup_steps: 0")
    for k in range(1, 31):
        log.row(
            f"\x1b[36m(TaskRunner pid=1234)\x1b[0m step:{k} - global_seqlen/min:{150000 + k} - actor/entropy:{fall(k):.6f} - critic/score/mean:{k / 40} - timing_s/gen:12.{k} - perf/mfu/actor:0.0",
            k,
            actor_entropy=f"{fall(k):.6f}",
            critic_score_mean=k / 40,
        )
        log.say(
            f"\x1b[36m(TaskRunner pid=1234)\x1b[0m Training Progress: {k}%|▏         | {k}/435 [01:30<10:50:12, 90.01s/it]"
        )
    return log


def espnet2() -> Log:
    log = Log("espnet2")
    at = "[air209] 2021-10-18 23:44:50,895 "
    log.say(
        "# python3 -m espnet2.bin.asr_train --use_preprocessor true --ngpu 1",
        f"{at}(asr:382) INFO: Vocabulary size: 5000",
        "ESPnetASRModel(",
        "  (frontend): DefaultFrontend(",
    )
    for epoch in range(1, 13):
        log.say(
            f"{at}(trainer:258) INFO: {epoch}/70epoch started. Estimated time to finish: 3 hours, 2 minutes and 1.5 seconds"
        )
        log.row(
            f"{at}(trainer:316) INFO: {epoch}epoch results: [train] iter_time=0.164, loss_ctc={fall(epoch):.3e}, acc={epoch / 20:.3e}, train_time=0.5, "
            f"time=1 minute and 43.19 seconds, total_count={49 * epoch}, gpu_max_cached_mem_GB=8.2, [valid] loss_ctc={fall(epoch) + 1:.3f}, acc={epoch / 25}, "
            "time=3.1 seconds, total_count=2, gpu_max_cached_mem_GB=8.2, [att_plot] time=1.2 seconds, total_count=0, gpu_max_cached_mem_GB=8.2",
            epoch_loss_ctc=f"{fall(epoch):.3e}",
            val_loss_ctc=f"{fall(epoch) + 1:.3f}",
            val_acc=epoch / 25,
        )
        log.say(f"{at}(trainer:384) INFO: The best model has been updated: valid.acc")
    return log


def marian() -> Log:
    log = Log("marian")
    at = "[2021-05-26 23:32:41] "
    log.say(
        f"{at}[marian] Marian v1.10.0 6f6d484 2021-02-06 15:35:16 -0800",
        f"{at}[config] after-epochs: 0",
        f"{at}[config] learn-rate: 0.0003",
        f"{at}[memory] Reserving 229 MB, device gpu0",
    )
    for k in range(100, 3100, 100):
        cost = f"{fall(k // 100):.8f}"
        log.row(
            f"{at}Ep. 1 : Up. {k} : Sen. {k * 31:,} : Cost {cost} : Time 59.31s : 17289.59 words/s : L.r. {k * 1e-8:.4e}",
            k,
            cost=cost,
            sen=k * 31,
        )
        if k % 1000 == 0:
            log.row(
                f"{at}[valid] Ep. 1 : Up. {k} : cross-entropy : {cost} : new best", k, of="val", val_cross_entropy=cost
            )
            log.row(
                f"{at}[valid] Ep. 1 : Up. {k} : bleu : {k / 100} : stalled 1 times (last best: 40.1)", val_bleu=k / 100
            )
            log.say(f"{at}Saving model weights and runtime parameters to model/model.iter{k}.npz")
    return log


def opennmt() -> Log:
    log = Log("opennmt")
    at = "[2023-02-22 17:52:22,799 INFO] "
    log.say(
        f"{at}encoder: 20485120",
        f"{at}* number of parameters: 93000000",
        f"{at}Start training loop and validate every 1000 steps...",
    )
    for k in range(50, 2050, 50):
        ppl = f"{fall(k // 50):.2f}"
        log.row(
            f"{at}Step {k}/ 2000; acc: {k / 40:6.2f}; ppl: {ppl:>8}; xent: 9.34; lr: 0.00001; sents:   6400; bsz: 3500/3400/64; 10559/11089 tok/s;  {k:5d} sec;",
            k,
            ppl=ppl,
            acc=f"{k / 40:.2f}",
        )
        if k % 1000 == 0:
            log.say(f"{at}valid stats calculation", f"{at}Train perplexity: 1698.27")
            log.row(f"{at}Validation perplexity: {ppl}", val_perplexity=ppl)
    return log


def mxnet() -> Log:
    log = Log("mxnet")
    log.say(
        "INFO:root:start with arguments Namespace(batch_size=128, lr=0.1, num_epochs=3)",
        "[22:00:01] src/io/iter_image_recordio_2.cc:153: ImageRecordIOParser2: train.rec, use 4 threads for decoding..",
    )
    for epoch in range(3):
        for batch in range(20, 220, 20):
            acc = f"{(epoch + batch / 200) / 4:.6f}"
            log.row(
                f"INFO:root:Epoch[{epoch}] Batch [{batch}]\tSpeed: {650 + batch}.68 samples/sec\tTrain-accuracy={acc}",
                train_accuracy=acc,
                speed=f"{650 + batch}.68",
            )
        log.row(f"INFO:root:Epoch[{epoch}] Time cost=19.3", epoch_time_cost=19.3)
        log.say(f'INFO:root:Saved checkpoint to "model-{epoch + 1:04d}.params"')
        log.row(f"INFO:root:Epoch[{epoch}] Validation-accuracy=0.{epoch + 5}", validation_accuracy=f"0.{epoch + 5}")
    return log


def flair() -> Log:
    log = Log("flair")
    at = "2020-06-23 12:11:47,980 "
    log.say(
        at + "-" * 100,
        f'{at}Model: "SequenceTagger(',
        "  (embeddings): StackedEmbeddings(",
        f'{at} - learning_rate: "0.1"',
        f'{at} - mini_batch_size: "32"',
    )
    for epoch in range(1, 11):
        for k in range(1, 5):
            loss = f"{fall(4 * epoch + k):.8f}"
            log.row(f"{at}epoch {epoch} - iter {k}/4 - loss {loss} - samples/sec: 2604.20 - lr: 0.100000", loss=loss)
        log.say(at + "-" * 100)
        log.row(f"{at}EPOCH {epoch} done: loss {fall(epoch):.4f} - lr 0.1000000", epoch_loss=f"{fall(epoch):.4f}")
        log.row(f"{at}DEV : loss {fall(epoch)} - score 0.{epoch:02d}", val_loss=fall(epoch), val_score=f"0.{epoch:02d}")
        log.say(f"{at}BAD EPOCHS (no improvement): 0")
    return log


def tf_estimator() -> Log:
    log = Log("tf_estimator")
    log.say(
        "WARNING:tensorflow:From train.py:12: The name tf.app.run is deprecated.",
        "INFO:tensorflow:Using config: {'_model_dir': '/tmp/x', '_tf_random_seed': 42, '_save_checkpoints_steps': 1000}",
    )
    log.say(
        "INFO:tensorflow:Running local_init_op.", "INFO:tensorflow:Saving checkpoints for 0 into /tmp/x/model.ckpt."
    )
    for k in range(0, 3000, 100):
        log.row(
            f"INFO:tensorflow:loss = {fall(k // 100):.6g}, step = {k}" + (" (0.726 sec)" if k else ""),
            k,
            loss=f"{fall(k // 100):.6g}",
        )
        log.say(*([f"INFO:tensorflow:global_step/sec: 137.{k}"] if k else []))
    log.row(
        "INFO:tensorflow:Saving dict for global step 3000: accuracy = 0.97, global_step = 3000, loss = 0.1",
        3000,
        of="val",
        val_accuracy=0.97,
    )
    log.say("INFO:tensorflow:Loss for final step: 0.553216.")
    return log


def detectron2() -> Log:
    log = Log("detectron2")
    log.say(
        "[08/17 21:00:00 detectron2]: Rank of current process: 0. World size: 8",
        "sys.platform            linux",
        "Python                  3.7.10",
        "MODEL:",
        "  ANCHOR_GENERATOR:",
        "    SIZES: [[32], [64]]",
    )
    log.say("|   category    | #instances   |", "|:-------------:|:-------------|", "|    person     | 257253       |")
    for k in range(19, 819, 20):
        loss = f"{fall(k // 20):.3f}"
        log.row(
            f"[08/17 21:29:{k % 60:02d} d2.utils.events]:  eta: 1 day, 11:14:26  iter: {k}  total_loss: {loss}  loss_cls: 0.3607  time: 0.4710  data_time: 0.0141  lr: {k * 1e-6:.5g}  max_mem: 18496M",
            k,
            total_loss=loss,
            max_mem=18496,
        )
    log.say(
        "[08/17 22:00:00 d2.evaluation.testing]: copypaste: Task: bbox",
        "[08/17 22:00:00 d2.evaluation.testing]: copypaste: AP,AP50,AP75,APs,APm,APl",
    )
    return log


def yolox() -> Log:
    log = Log("yolox")
    at = "2023-11-27 15:47:27 | INFO     | yolox.core.trainer:"
    log.say(
        f"{at}before_train:130 - args: Namespace(batch_size=8, devices=1)",
        f"{at}before_train:131 - exp value:",
        "╒═══════════════════╤═══════╕",
        "│ keys              │ values │",
        "│ max_epoch         │ 300    │",
    )
    for epoch in range(1, 4):
        log.say(f"{at}before_epoch:189 - ---> start train epoch{epoch}")
        for k in range(10, 110, 10):
            loss = f"{fall(epoch * 10 + k // 10):.1f}"
            log.row(
                f"{at}after_iter:256 - epoch: {epoch}/300, iter: {k}/100, mem: 8800Mb, iter_time: 0.{k}s, data_time: 0.001s, total_loss: {loss}, iou_loss: 4.5, lr: 2.287e-05, size: 640, ETA: 5 days, 14:54:58",
                total_loss=loss,
            )
        log.say(f"{at}save_ckpt:321 - Save weights to ./YOLOX_outputs/yolox_s")
    return log


def darknet() -> Log:
    log = Log("darknet")
    log.say(
        "yolov3-voc",
        "layer     filters    size              input                output",
        "    0 conv     32  3 x 3 / 1   416 x 416 x   3   ->   416 x 416 x  32  0.299 BFLOPs",
        "Loading weights from darknet53.conv.74...Done!",
        "Learning Rate: 0.001, Momentum: 0.9, Decay: 0.0005",
    )
    for k in range(1, 41):
        log.say(
            "Loaded: 0.000032 seconds",
            "Region 82 Avg IOU: 0.285731, Class: 0.483013, Obj: 0.536301, No Obj: 0.457, .5R: 0.0, .75R: 0.0,  count: 6",
            "Region 94 Avg IOU: 0.2, Class: 0.5, Obj: 0.3, No Obj: 0.4, .5R: 0.0, .75R: 0.0,  count: 3",
        )
        log.row(
            f"{k}: {fall(k):.6f}, {fall(k) + 1:.6f} avg, 0.000100 rate, 0.886196 seconds, {64 * k} images",
            k,
            loss=f"{fall(k):.6f}",
            avg_loss=f"{fall(k) + 1:.6f}",
            images=64 * k,
        )
    return log


def timm() -> Log:
    log = Log("timm")
    log.say(
        "Training with a single process on 1 GPUs.",
        "Model resnet50 created, param count:25557032",
        "Data processing configuration for current model + dataset:",
        "\tinput_size: (3, 224, 224)",
        "Scheduled epochs: 300",
    )
    for epoch in range(3):
        for k in range(0, 500, 50):
            loss = f"{fall(epoch * 10 + k // 50):9.6f}"
            log.row(
                f"Train: {epoch} [{k:>4d}/499 ({k / 5:>3.0f}%)]  Loss: {loss} ({fall(k):.4f})  Time: 0.517s,  494.95/s  (0.520s,  492.00/s)  LR: 1.000e-04  Data: 0.010 (0.011)",
                loss=loss,
                lr="1.000e-04",
            )
        for k in (0, 50, 78):
            log.say(
                f"Test: [{k:>4d}/78]  Time: 0.412 (0.412)  Loss:  {fall(epoch):6.4f} ({fall(epoch):6.4f})  Acc@1: {10 + k:7.4f} ({10 + k:7.4f})  Acc@5: 25.0000 (25.0000)"
            )
        log.row("", test_loss=f"{fall(epoch):6.4f}", test_acc_1=88)
        log.say("Current checkpoints:", f" ('./output/train/checkpoint-{epoch}.pth.tar', {10 + epoch}.5)")
    return log


def torchvision() -> Log:
    log = Log("torchvision")
    log.say(
        "Not using distributed mode",
        "Namespace(aux_loss=True, backbone='resnet50', batch_size=2, lr=0.0001)",
        "number of params: 41302368",
        "loading annotations into memory...",
        "Done (t=13.61s)",
        "Start training",
    )
    for epoch in range(2):
        for k in range(0, 200, 10):
            loss = f"{fall(epoch * 20 + k // 10):.4f}"
            log.row(
                f"Epoch: [{epoch}]  [{k:>3d}/200]  eta: 0:01:20  lr: 0.000100  class_error: 99.12  loss: {loss} ({loss})  time: 0.3981  data: 0.0115  max mem: 2547",
                loss=loss,
            )
        log.say(f"Epoch: [{epoch}] Total time: 0:01:20 (0.4 s / it)")
        log.row(f"Averaged stats: lr: 0.000100  class_error: 90.00  loss: {loss} ({fall(epoch):.4f})", epoch_loss=loss)
        log.say("IoU metric: bbox", " Average Precision  (AP) @[ IoU=0.50:0.95 | area=   all | maxDets=100 ] = 0.001")
    log.say("Training time 0:10:12")
    return log


def pytorch_imagenet() -> Log:
    log = Log("pytorch_imagenet")
    log.say(
        "=> creating model 'resnet18'",
        "UserWarning: nn.init.kaiming_normal is now deprecated in favor of nn.init.kaiming_normal_.",
    )
    for epoch in range(3):
        for k in range(0, 100, 10):
            loss = f"{fall(epoch * 10 + k // 10):.4e}"
            log.row(
                f"Epoch: [{epoch}][{k:3d}/100]\tTime  0.400 ( 1.100)\tData  0.000 ( 0.500)\tLoss {loss} ({loss})\tAcc@1   {k}.00 (  0.14)\tAcc@5   0.39 (  0.57)",
                loss=loss,
                acc_1=k,
            )
        log.say(
            "Test: [ 0/10]\tTime  3.201 ( 3.201)\tLoss 6.1e+00 (6.1e+00)\tAcc@1   1.95 (  1.95)\tAcc@5   6.64 (  6.64)"
        )
        log.row(f" * Acc@1 {55 + epoch}.300 Acc@5 78.610", val_acc_1=f"{55 + epoch}.300")
    return log


def pytorch_mnist() -> Log:
    log = Log("pytorch_mnist")
    log.say("Downloading http://yann.lecun.com/exdb/mnist/train-images-idx3-ubyte.gz", "100.0%", "Processing...")
    for epoch in range(1, 4):
        for k in range(0, 60000, 6400):
            loss = f"{fall(epoch * 10 + k // 6400):.6f}"
            log.row(f"Train Epoch: {epoch} [{k}/60000 ({k / 600:.0f}%)]\tLoss: {loss}", loss=loss)
        log.say("")
        log.row(
            f"Test set: Average loss: 0.{5 - epoch}500, Accuracy: 9833/10000 (9{epoch}%)",
            test_average_loss=f"0.{5 - epoch}500",
            test_accuracy=90 + epoch,
        )
        log.say("")
    return log


def pytorch_lm() -> Log:
    log = Log("pytorch_lm")
    for epoch in range(1, 4):
        for k in range(200, 2000, 200):
            loss = f"{fall(epoch * 9 + k // 200):5.2f}"
            log.row(
                f"| epoch {epoch:3d} | {k:5d}/ 2000 batches | lr 20.00 | ms/batch 12.31 | loss {loss} | ppl  2050.39",
                loss=loss,
            )
        log.say("-" * 89)
        log.row(
            f"| end of epoch {epoch:3d} | time: 35.50s | valid loss  5.{9 - epoch} | valid ppl   283.10",
            valid_loss=f"5.{9 - epoch}",
        )
        log.say("-" * 89)
    log.say("=" * 89)
    log.row("| End of training | test loss  4.85 | test ppl   127.53", test_loss=4.85)
    return log


def paddle() -> Log:
    log = Log("paddle")
    at = "[2022/08/16 03:07:33] ppocr INFO: "
    log.say(
        f"{at}Architecture : ",
        f"{at}    Backbone : ",
        f"{at}        scale : 0.5",
        f"{at}    epoch_num : 400",
        f"{at}train dataloader has 102 iters",
    )
    for k in range(20, 620, 20):
        loss = f"{fall(k // 20):.6f}"
        log.row(
            f"{at}epoch: [{1 + k // 102}/400], global_step: {k}, lr: 0.000100, acc: 0.{k:03d}000, loss: {loss}, avg_reader_cost: 2.10 s, avg_batch_cost: 6.32390 s, avg_samples: 48.0, ips: 7.59025 samples/s, eta: 5:51:59",
            k,
            loss=loss,
            ips=7.59025,
        )
        if k % 200 == 0:
            log.say("eval model:: 100%|██████████| 4/4 [00:02<00:00,  1.91it/s]")
            log.row(f"{at}cur metric, acc: 0.{k}, norm_edit_dis: 0.7123, fps: 512.25", val_acc=f"0.{k}")
            log.say(
                f"{at}best metric, acc: 0.{k}, is_float16: False, norm_edit_dis: 0.7123, fps: 512.25, best_epoch: {k // 102}"
            )
    return log


def caffe() -> Log:
    log = Log("caffe")
    at = "I1123 22:08:54.256758 12543 "
    log.say(
        f"{at}caffe.cpp:217] Using GPUs 0",
        f"{at}solver.cpp:48] Initializing solver from parameters:",
        "test_iter: 100",
        "base_lr: 0.01",
        "max_iter: 10000",
        f"{at}net.cpp:150] Top shape: 64 10 (640)",
        f"{at}net.cpp:165] Memory required for data: 5169924",
    )
    for k in range(0, 3000, 100):
        if k % 500 == 0:
            log.say(f"{at}solver.cpp:341] Iteration {k}, Testing net (#0)")
            log.row(
                f"{at}solver.cpp:409]     Test net output #0: accuracy = 0.{k + 100}",
                k,
                of="test",
                test_accuracy=f"0.{k + 100}",
            )
            log.row(
                f"{at}solver.cpp:409]     Test net output #1: loss = {fall(k)} (* 1 = {fall(k)} loss)",
                test_loss=fall(k),
            )
        log.row(f"{at}solver.cpp:237] Iteration {k}, loss = {fall(k // 100):.6g}", k, loss=f"{fall(k // 100):.6g}")
        log.row(
            f"{at}solver.cpp:253]     Train net output #0: loss = {fall(k // 100) + 1:.6g} (* 1 = {fall(k // 100) + 1:.6g} loss)",
            net_loss=f"{fall(k // 100) + 1:.6g}",
        )
        log.row(f"{at}sgd_solver.cpp:106] Iteration {k}, lr = 0.01", lr=0.01)
    log.say(f"{at}solver.cpp:326] Optimization Done.")
    return log


def stylegan() -> Log:
    log = Log("stylegan")
    log.say(
        "",
        "Training options:",
        "{",
        '  "num_gpus": 1,',
        '  "kimg": 25000',
        "}",
        "Output directory:   out/00000",
        "Generator      Parameters  Buffers  Output shape        Datatype",
        "---            ---         ---      ---                 ---",
        "mapping.fc0    262656      -        [16, 512]           float32",
    )
    for k in range(40):
        log.row(
            f"tick {k:<5d} kimg {4.0 * k:<8.1f} time {k}m 13s       sec/tick 153.{k:<7d} sec/kimg 38.41   maintenance 0.2    cpumem 3.12   gpumem 6.34   augment {k / 100:.3f}",
            k,
            kimg=f"{4.0 * k:.1f}",
            sec_tick=f"153.{k}",
            augment=f"{k / 100:.3f}",
        )
        if k % 20 == 0:
            log.say("Evaluating metrics...")
            log.row(
                json.dumps(
                    {
                        "results": {"fid50k_full": 300.5 - k},
                        "metric": "fid50k_full",
                        "total_time": 301.2,
                        "snapshot_pkl": "network-snapshot-003000.pkl",
                    }
                ),
                val_fid50k_full=300.5 - k,
            )
    return log


def lightgbm() -> Log:
    log = Log("lightgbm")
    log.say(
        "[LightGBM] [Info] Finished loading parameters",
        "[LightGBM] [Info] Total Bins 6143",
        "[LightGBM] [Warning] Auto-choosing row-wise multi-threading, the overhead of testing was 0.000123 seconds.",
    )
    for k in range(1, 41):
        log.row(f"[LightGBM] [Info] Iteration:{k}, valid_1 auc : 0.{500 + k}", k, valid_1_auc=f"0.{500 + k}")
        log.row(
            f"[LightGBM] [Info] Iteration:{k}, valid_1 binary_logloss : {fall(k):.6f}",
            valid_1_binary_logloss=f"{fall(k):.6f}",
        )
        log.row(
            f"[LightGBM] [Info] {k / 10:.6f} seconds elapsed, finished iteration {k}", seconds_elapsed=f"{k / 10:.6f}"
        )
    log.say("[LightGBM] [Info] Finished training")
    return log


def xgboost() -> Log:
    log = Log("xgboost")
    log.say(
        "[12:37:03] WARNING: ../src/learner.cc:576: ",
        'Parameters: { "n_estimators" } might not be used.',
        "Will train until validation_1-logloss hasn't improved in 10 rounds.",
    )
    for k in range(40):
        log.row(
            f"[{k}]\tvalidation_0-logloss:{fall(k):.5f}\tvalidation_1-logloss:{fall(k) + 0.1:.5f}",
            k,
            of="val",
            validation_0_logloss=f"{fall(k):.5f}",
            validation_1_logloss=f"{fall(k) + 0.1:.5f}",
        )
    log.say("Stopping. Best iteration:", "[39]\tbest so far", "Accuracy: 96.12%")
    return log


def catboost() -> Log:
    log = Log("catboost")
    log.say("Learning rate set to 0.030102")
    for k in range(0, 1000, 25):
        log.row(
            f"{k}:\tlearn: {fall(k // 25):.7f}\ttest: {fall(k // 25) + 0.1:.7f}\tbest: {fall(k // 25) + 0.1:.7f} ({k})\ttotal: {k + 5}ms\tremaining: {57 - k // 25}s",
            k,
            learn=f"{fall(k // 25):.7f}",
            test=f"{fall(k // 25) + 0.1:.7f}",
        )
    log.say("", "bestTest = 0.6931", "bestIteration = 975", "", "Shrink model to first 976 iterations.")
    return log


def sklearn() -> Log:
    log = Log("sklearn")
    log.say(
        "/usr/lib/python3/dist-packages/sklearn/neural_network/_multilayer_perceptron.py:692: ConvergenceWarning: Stochastic Optimizer"
    )
    for k in range(1, 31):
        log.row(f"Iteration {k}, loss = {fall(k):.8f}", k, loss=f"{fall(k):.8f}")
        log.row(f"Validation score: 0.{500 + k}000", validation_score=f"0.{500 + k}000")
    log.say("Training loss did not improve more than tol=0.000100 for 10 consecutive epochs. Stopping.")
    return log


def rsl_rl() -> Log:
    log = Log("rsl_rl")
    log.say(
        "Setting seed: 1", "Actor MLP: Sequential(", "  (0): Linear(in_features=48, out_features=128, bias=True)", ")"
    )
    for k in range(30):
        log.say(
            "#" * 80, f"                      \x1b[1m Learning iteration {k}/500 \x1b[0m                       ", ""
        )
        log.row(
            f"                       Computation: {120000 + k} steps/s (collection: 0.980s, learning 0.084s)",
            k,
            computation=120000 + k,
        )
        log.row(f"               Value function loss: {fall(k):.4f}", value_function_loss=f"{fall(k):.4f}")
        log.row(f"                       Mean reward: {k / 3:.2f}", mean_reward=f"{k / 3:.2f}")
        log.say("-" * 80)
        log.row(f"                   Total timesteps: {98304 * (k + 1)}", total_timesteps=98304 * (k + 1))
        log.say("                    Iteration time: 1.06s", "                               ETA: 510.2s", "")
    return log


def cleanrl() -> Log:
    log = Log("cleanrl")
    log.say("A.L.E: Arcade Learning Environment (version 0.8.1+53f58b7)", "[Powered by Stella]")
    for k in range(1, 41):
        log.row(f"global_step={128 * k}, episodic_return=[{k / 2}]", 128 * k, episodic_return=k / 2)
        if k % 5 == 0:
            log.row(f"SPS: {1500 + k}", sps=1500 + k)
    return log


def baselines() -> Log:
    log = Log("baselines")
    log.say("Using cpu device", "Wrapping the env with a `Monitor` wrapper", "Logging to ./tb/PPO_1")
    for k in range(1, 21):
        reward = f"{k * 1.5:<9.3g}"
        log.say("-" * 34, "| rollout/            |           |", "|    ep_len_mean      | 22.1      |")
        log.row(f"|    ep_rew_mean      | {reward} |", 2048 * k, rollout_ep_rew_mean=reward)
        log.say(
            "| time/               |           |",
            f"|    iterations       | {k:<9d} |",
            f"|    total_timesteps  | {2048 * k:<9d} |",
            "-" * 34,
        )
    return log


def yolo() -> Log:
    log = Log("yolo")
    log.say(
        "Ultralytics YOLOv8.0.200 Python-3.10.12 torch-2.1.0+cu118 CUDA:0 (Tesla T4, 15102MiB)",
        "",
        "                   from  n    params  module                                       arguments",
        "  0                  -1  1       464  ultralytics.nn.modules.conv.Conv             [3, 16, 3, 2]",
        "Model summary: 225 layers, 3157200 parameters, 3157184 gradients, 8.9 GFLOPs",
        "Starting training for 5 epochs...",
        "",
    )
    for k in range(1, 6):
        log.say("      Epoch    GPU_mem   box_loss   cls_loss   dfl_loss  Instances       Size")
        states = "\r".join(
            f"        {k}/5      2.51G      {fall(k):.3f}      2.921      1.301         25        640: {25 * n}%|##        | {2 * n}/8 [00:0{n}<00:03,  1.90it/s]"
            for n in range(1, 4)
        )
        last = f"        {k}/5      2.51G      {fall(k):.3f}      1.{k}21      1.301         25        640: 100%|##########| 8/8 [00:04<00:00,  1.90it/s]"
        log.row(f"{states}\r{last}", box_loss=f"{fall(k):.3f}", cls_loss=f"1.{k}21")
        log.say(
            "                 Class     Images  Instances      Box(P          R      mAP50  mAP50-95): 100%|##########| 4/4 [00:01<00:00,  3.01it/s]"
        )
        log.say(f"                   all        128        929      0.64      0.537      0.6{k}      0.446")
    return log


def spacy() -> Log:
    log = Log("spacy")
    log.say(
        "ℹ Using GPU: 0",
        "\x1b[1m",
        "=========================== Initializing pipeline ===========================\x1b[0m",
        "[2023-01-01 10:00:00,000] [INFO] Set up nlp object from config",
        "✔ Initialized pipeline",
        "\x1b[1m",
        "============================= Training pipeline =============================\x1b[0m",
        "ℹ Pipeline: ['tok2vec', 'tagger']",
        "ℹ Initial learn rate: 0.001",
    )
    log.say(
        "E    #       LOSS TOK2VEC  LOSS TAGGER  TAG_ACC  SCORE ",
        "---  ------  ------------  -----------  -------  ------",
    )
    for k in range(12):
        log.row(
            f"{k // 4:3d}  {200 * k:6d}  {100 / (k + 1):12.2f}  {fall(k):11.2f}  {70 + k:7.2f}  {0.7 + k / 100:6.2f}",
            200 * k,
            loss_tagger=f"{fall(k):.2f}",
            score=f"{0.7 + k / 100:.2f}",
        )
    log.say("✔ Saved pipeline to output directory", "output/model-last")
    return log


def mlperf() -> Log:
    log = Log("mlperf + fairseq")
    log.say("Beginning trial 1 of 1", "+ srun --ntasks=8 bash run_and_time.sh")
    log.say(
        ':::MLLOG {"namespace": "", "time_ms": 1593144925451, "event_type": "POINT_IN_TIME", "key": "global_batch_size", "value": 960, "metadata": {"file": "train.py", "lineno": 171}}'
    )
    for epoch in range(1, 9):
        for k in range(100, 500, 100):
            log.row(
                f"| epoch {epoch:03d}:    {k} / 487 loss={fall(epoch * 5 + k // 100):.3f}, ppl=5.2, num_updates={(epoch - 1) * 487 + k}, lr=0.0001",
                (epoch - 1) * 487 + k,
                loss=f"{fall(epoch * 5 + k // 100):.3f}",
            )
        log.row(
            f':::MLLOG {{"namespace": "", "time_ms": 15931449{epoch}, "event_type": "POINT_IN_TIME", "key": "eval_accuracy", "value": 0.{epoch}, "metadata": {{"file": "train.py", "lineno": 300, "epoch_num": {epoch}}}}}',
            eval_accuracy=f"0.{epoch}",
        )
    return log


def pix2pix() -> Log:
    log = Log("pix2pix")
    for run in ("Tue Apr  5 05:07:35 2022",):
        log.say(f"================ Training Loss ({run}) ================")
        for epoch in range(1, 4):
            for k in range(100, 1100, 100):
                log.row(
                    f"(epoch: {epoch}, iters: {k}, time: 0.186, data: 0.175) G_GAN: {fall(epoch * 10 + k // 100):.3f} G_L1: 12.300 D_real: 0.6 D_fake: 0.5 ",
                    g_gan=f"{fall(epoch * 10 + k // 100):.3f}",
                )
    return log


def nemo() -> Log:
    log = Log("nemo")
    log.say(
        "[NeMo W 2024-05-01 10:00:00 nemo_logging:349] /usr/lib/python3.10/site.py:12: UserWarning: deprecated",
        "GPU available: True (cuda), used: True",
        "  | Name   | Type     | Params | Mode ",
        "---------------------------------------",
        "0 | module | GPTModel | 7.5 B  | train",
    )
    for k in range(40):
        log.row(
            f"[NeMo I 2024-05-01 10:00:{k:02d} nemo_logging:393] Training epoch 0, iteration {k}/999 | lr: {k * 1e-6:.3e} | global_batch_size: 512 | global_step: {k} | reduced_train_loss: {fall(k):.2f} | train_step_timing in s: 1.207 | consumed_samples: {512 * (k + 1)}",
            k,
            reduced_train_loss=f"{fall(k):.2f}",
            consumed_samples=512 * (k + 1),
        )
    return log


def keras() -> Log:
    log = Log("keras")
    log.say(
        'Model: "sequential"',
        "_" * 65,
        " Layer (type)                Output Shape              Param #   ",
        "=" * 65,
        " dense (Dense)               (None, 128)               100480    ",
        "Total params: 101770 (397.54 KB)",
    )
    for epoch in range(1, 6):
        log.say(f"Epoch {epoch}/5")
        states = "\r".join(
            f" {n}/469 [=====>........................] - ETA: 1s - loss: {fall(n):.4f} - accuracy: 0.5000"
            for n in (1, 200, 400)
        )
        last = f"469/469 [==============================] - 2s 3ms/step - loss: {fall(epoch):.4f} - accuracy: 0.8{epoch}00 - val_loss: {fall(epoch) + 0.1:.4f} - val_accuracy: 0.7{epoch}00"
        log.row(
            f"{states}\r{last}",
            loss=f"{fall(epoch):.4f}",
            val_loss=f"{fall(epoch) + 0.1:.4f}",
            val_accuracy=f"0.7{epoch}00",
        )
    log.say("313/313 [==============================] - 0s 1ms/step - loss: 0.5000 - accuracy: 0.8000")
    for name in ("loss", "accuracy"):
        log.columns.get(name, []).append(0.5 if name == "loss" else 0.8)
    return log


PRODUCERS: list[Callable[[], Log]] = [
    litgpt, deepspeed, axolotl, olmo, composer, maxtext, verl, espnet2, marian, opennmt, mxnet, flair, tf_estimator,
    detectron2, yolox, darknet, timm, torchvision, pytorch_imagenet, pytorch_mnist, pytorch_lm, paddle, caffe, stylegan,
    lightgbm, xgboost, catboost, sklearn, rsl_rl, cleanrl, baselines, yolo, spacy, mlperf, pix2pix, nemo, keras,
]  # fmt: skip

JOB = """#!/bin/bash
#SBATCH --job-name=train
#SBATCH --nodes=4
#SBATCH --time=24:00:00
export OMP_NUM_THREADS=8
LR=0.001
for seed in 1 2 3; do
    python train.py --lr=0.1 --epochs=90 --seed=$seed --batch-size=256
done
"""
SOURCE = """import torch

class Net(torch.nn.Module):
    def __init__(self, width=128, dropout=0.5):
        super().__init__()
        self.fc = torch.nn.Linear(784, width)

def train(epochs=10, lr=0.1):
    optimizer = torch.optim.SGD(
        model.parameters(),
        lr=0.1,
        momentum=0.9,
        weight_decay=1e-4
    )
    for epoch in range(epochs):
        loss = 0.0
        print(f"epoch {epoch} loss {loss:.4f}")
        # Epoch 1/10 would print loss: 0.5
"""
CRASH = """Loading checkpoint shards: 100%|##########| 2/2 [00:05<00:00,  2.61s/it]
Traceback (most recent call last):
  File "/opt/train.py", line 212, in <module>
    trainer.train()
  File "/opt/trainer.py", line 1859, in train
    return inner_training_loop(batch_size=8, resume=None)
torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB (GPU 0; 39.39 GiB total capacity; 36.12 GiB already allocated)
ERROR:torch.distributed.elastic.multiprocessing.api:failed (exitcode: 1) local_rank: 0 (pid: 12345) of binary: /usr/bin/python
srun: error: node001: task 0: Exited with exit code 1
slurmstepd: error: *** STEP 12345.0 ON node001 CANCELLED AT 2024-01-01T10:00:00 ***
"""
INSTALL = """Collecting torch==2.1.0
  Downloading torch-2.1.0-cp310-cp310-manylinux1_x86_64.whl (670.2 MB)
     ---------------------------------------- 670.2/670.2 MB 2.1 MB/s eta 0:00:00
Collecting filelock
  Downloading filelock-3.12.4-py3-none-any.whl (11 kB)
Installing collected packages: filelock, torch
Successfully installed filelock-3.12.4 torch-2.1.0
"""
CONFIG = """model:
  hidden_size: 4096
  num_layers: 32
optim:
  name: adamw
  lr: 0.0003
  betas: [0.9, 0.95]
trainer:
  max_steps: 100000
  precision: bf16
"""
NOTHING = {"job": JOB, "source": SOURCE, "crash": CRASH, "install": INSTALL, "config": CONFIG, "trace": TRACE}
