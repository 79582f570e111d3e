"""Detection, segmentation, pictures made."""

from __future__ import annotations

import json

from data.make.strangers.writer import Writer, bar, clock, hms, log, mmss


@log
def detectron_events(w: Writer) -> None:
    w.say(
        "[07/11 02:31:09 detectron2]: Rank of current process: 0. World size: 1\n[07/11 02:31:10 detectron2]: Command line arguments: Namespace(config_file='configs/COCO-Detection/faster_rcnn_R_50_FPN_1x.yaml', dist_url='tcp://127.0.0.1:50152', eval_only=False, machine_rank=0, num_gpus=1, num_machines=1, opts=['SOLVER.IMS_PER_BATCH', '2', 'SOLVER.BASE_LR', '0.0025'], resume=False)\n[07/11 02:31:10 detectron2]: Running with full config:\nCUDNN_BENCHMARK: false\nMODEL:\n  ANCHOR_GENERATOR:\n    SIZES:\n    - - 32\n    - - 64\n  RPN:\n    NMS_THRESH: 0.7\n    BATCH_SIZE_PER_IMAGE: 256\nSOLVER:\n  BASE_LR: 0.0025\n  MAX_ITER: 1200\n  WARMUP_ITERS: 1000\n  GAMMA: 0.1\n"
    )
    w.say(
        "[07/11 02:31:20 d2.engine.defaults]: Model:\nGeneralizedRCNN(\n  (backbone): FPN(\n    (fpn_lateral2): Conv2d(256, 256, kernel_size=(1, 1), stride=(1, 1))\n    (fpn_output2): Conv2d(256, 256, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))\n  )\n)\n[07/11 02:31:24 d2.data.build]: Distribution of instances among all 3 categories:\n|  category  | #instances   |  category  | #instances   |  category  | #instances   |\n|:----------:|:-------------|:----------:|:-------------|:----------:|:-------------|\n|   person   | 2112         |    car     | 310          |   horse    | 98           |\n|            |              |            |              |            |              |\n|   total    | 2520         |            |              |            |              |"
    )
    w.say("[07/11 02:31:30 d2.engine.train_loop]: Starting training from iteration 0")
    t = 9095.0
    for n in range(19, 1200, 20):
        t += 7
        w.row(
            f"[07/11 {clock(t)} d2.utils.events]:  eta: {hms((1200 - n) * 0.34)}  iter: {n}  total_loss: {{total_loss:.4g}}  loss_cls: {{loss_cls:.4g}}  loss_box_reg: {{loss_box_reg:.4g}}  loss_rpn_cls: {{loss_rpn_cls:.4g}}  loss_rpn_loc: {{loss_rpn_loc:.4g}}    time: {{ok_time:.4f}}  last_time: {{ok_last_time:.4f}}  data_time: {{ok_data_time:.4f}}  last_data_time: {{ok_last_data_time:.4f}}   lr: {{lr:.5g}}  max_mem: {w.int(2710, 2790)}M",
            n,
            total_loss=w.fall(n, 2.4, 0.7, 200),
            loss_cls=w.fall(n, 1.5, 0.2, 200),
            loss_box_reg=w.x(0.2, 0.6),
            loss_rpn_cls=w.x(0.01, 0.09),
            loss_rpn_loc=w.x(0.01, 0.09),
            ok_time=w.x(0.33, 0.35),
            ok_last_time=w.x(0.3, 0.4),
            ok_data_time=w.x(0, 0.01),
            ok_last_data_time=w.x(0, 0.01),
            lr=0.0025 * min(1, (n + 1) / 1000),
        )
    w.say(
        "[07/11 02:38:30 fvcore.common.checkpoint]: Saving checkpoint to ./output/model_final.pth\n[07/11 02:38:31 d2.engine.hooks]: Overall training speed: 1198 iterations in 0:06:47 (0.3402 s / it)\n[07/11 02:38:31 d2.engine.hooks]: Total training time: 0:06:49 (0:00:01 on hooks)"
    )
    w.say(
        "[07/11 02:39:44 d2.evaluation.evaluator]: Inference done 11/61. Dataloading: 0.0010 s/iter. Inference: 0.0712 s/iter. Eval: 0.0002 s/iter. Total: 0.0724 s/iter. ETA=0:00:03"
    )
    w.say(
        " Average Precision  (AP) @[ IoU=0.50:0.95 | area=   all | maxDets=100 ] = 0.412\n Average Precision  (AP) @[ IoU=0.50      | area=   all | maxDets=100 ] = 0.655\n Average Recall     (AR) @[ IoU=0.50:0.95 | area=   all | maxDets=  1 ] = 0.233"
    )
    w.say(
        "[07/11 02:39:50 d2.evaluation.coco_evaluation]: Evaluation results for bbox: \n|   AP   |  AP50  |  AP75  |  APs   |  APm   |  APl   |\n|:------:|:------:|:------:|:------:|:------:|:------:|\n| 41.223 | 65.512 | 44.021 | 21.110 | 40.020 | 52.118 |\n[07/11 02:39:50 d2.evaluation.coco_evaluation]: Per-category bbox AP: \n| category   | AP     | category   | AP     | category   | AP     |\n|:-----------|:-------|:-----------|:-------|:-----------|:-------|\n| person     | 52.110 | car        | 40.331 | horse      | 31.228 |\n[07/11 02:39:50 d2.engine.defaults]: Evaluation results for coco_val in csv format:\n[07/11 02:39:50 d2.evaluation.testing]: copypaste: Task: bbox\n[07/11 02:39:50 d2.evaluation.testing]: copypaste: AP,AP50,AP75,APs,APm,APl\n[07/11 02:39:50 d2.evaluation.testing]: copypaste: 41.2231,65.5120,44.0210,21.1101,40.0200,52.1180"
    )
    w.ok(
        "max_mem",
        "eta",
        "AP",
        "AP50",
        "AP75",
        "APs",
        "APm",
        "APl",
        "person",
        "car",
        "horse",
        "Average Precision",
        "Average Recall",
        "bbox",
        "Dataloading",
        "Inference",
        "Eval",
        "Total",
        "s/it",
        "s/iter",
    )


@log
def darknet_avg(w: Writer) -> None:
    w.say(
        "yolov3-voc\n compute_capability = 750, cudnn_half = 0 \nlayer   filters  size/strd(dil)      input                output\n   0 conv     32       3 x 3/ 1    416 x 416 x   3 ->  416 x 416 x  32 0.299 BF\n   1 conv     64       3 x 3/ 2    416 x 416 x  32 ->  208 x 208 x  64 1.595 BF\n   2 conv     32       1 x 1/ 1    208 x 208 x  64 ->  208 x 208 x  32 0.177 BF\nTotal BFLOPS 65.312 \nLoading weights from darknet53.conv.74...Done!\nLearning Rate: 0.001, Momentum: 0.9, Decay: 0.0005\nResizing, random_coef = 1.40 \n\n 608 x 608 \nLoaded: 0.000043 seconds"
    )
    for n in range(1, 101):
        w.row(
            " {_n}: {ok_loss:f}, {avg loss:f} avg loss, {rate:f} rate, {ok_seconds:f} seconds, {_i} images",
            n,
            **{
                "_n": n,
                "ok_loss": w.fall(n, 1500, 4, 8),
                "avg loss": w.fall(n, 1500, 6, 12),
                "rate": 0.001 * (n / 1000) ** 4,
                "ok_seconds": w.x(4, 6),
                "_i": n * 64,
            },
        )
        w.say(f"Loaded: 0.0000{w.int(20, 60)} seconds")
        if n % 10 == 0:
            w.say(f"Resizing\n{32 * w.int(10, 19)}\nLoaded: {w.x():f} seconds")
    w.say("Saving weights to backup//yolov3-voc_100.weights")
    w.ok("images", "loaded", "hours left", "seconds")


@log
def swin_logger(w: Writer) -> None:
    w.say(
        "[2022-08-01 10:12:01 swin_tiny_patch4_window7_224](main.py 92): INFO Creating model:swin/swin_tiny_patch4_window7_224\n[2022-08-01 10:12:03 swin_tiny_patch4_window7_224](main.py 101): INFO number of params: 28288354\n[2022-08-01 10:12:03 swin_tiny_patch4_window7_224](main.py 104): INFO number of GFLOPs: 4.494360576\n[2022-08-01 10:12:04 swin_tiny_patch4_window7_224](main.py 140): INFO Start training"
    )
    p = "swin_tiny_patch4_window7_224](main.py"
    t = 36730.0
    for e in range(3):
        for b in range(0, 1251, 50):
            n = e * 1251 + b
            t += 17
            lr = 1e-6 + n * 4e-8
            w.row(
                f"[2022-08-01 {clock(t)} {p} 190): INFO Train: [{e}/300][{b}/1251]\teta {hms((1251 - b) * 0.34)} lr {{lr:.6f}}\t wd {{wd:.4f}}\ttime {{ok_time:.4f}} ({{ok_time_avg:.4f}})\tloss {{loss:.4f}} ({{loss_avg:.4f}})\tgrad_norm {{grad_norm:.4f}} ({{grad_norm_avg:.4f}})\tloss_scale {{loss_scale:.4f}} ({{loss_scale_avg:.4f}})\tmem {{ok_mem:.0f}}MB",
                n,
                lr=lr,
                wd=0.05,
                ok_time=w.x(0.33, 0.36),
                ok_time_avg=w.x(0.34, 0.35),
                loss=w.fall(n, 6.95, 4, 2000),
                loss_avg=w.fall(n, 6.95, 4.2, 2000),
                grad_norm=w.x(0.8, 4),
                grad_norm_avg=w.x(1, 3),
                loss_scale=65536.0,
                loss_scale_avg=65536.0,
                ok_mem=w.int(9000, 9020),
            )
        w.say(
            f"[2022-08-01 {clock(t)} {p} 198): INFO EPOCH {e} training takes 0:07:{w.int(10, 59)}\n[2022-08-01 {clock(t)} swin_tiny_patch4_window7_224](utils.py 76): INFO output/ckpt_epoch_{e}.pth saving......"
        )
        for b in range(0, 98, 20):
            t += 3
            w.row(
                f"[2022-08-01 {clock(t)} {p} 241): INFO Test: [{b}/98]\tTime {{ok_time:.3f}} ({{ok_time_avg:.3f}})\tLoss {{test_loss:.4f}} ({{test_loss_avg:.4f}})\tAcc@1 {{test_acc@1:.3f}} ({{test_acc@1_avg:.3f}})\tAcc@5 {{test_acc@5:.3f}} ({{test_acc@5_avg:.3f}})\tMem {{ok_mem:.0f}}MB",
                (e * 98 + b, b, e, (e + 1) * 1251, e * 1251 + 1250),
                **{
                    "ok_time": w.x(0.2, 1),
                    "ok_time_avg": w.x(0.2, 1),
                    "test_loss": w.fall(e, 6, 3, 2),
                    "test_loss_avg": w.fall(e, 6, 3, 2),
                    "test_acc@1": 100 * w.acc(e, 0.6),
                    "test_acc@1_avg": 100 * w.acc(e, 0.6),
                    "test_acc@5": 100 * w.acc(e, 0.8),
                    "test_acc@5_avg": 100 * w.acc(e, 0.8),
                    "ok_mem": 9011,
                },
            )
        a = 100 * w.acc(e, 0.6)
        w.row(
            f"[2022-08-01 {clock(t)} {p} 248): INFO  * Acc@1 {{*acc@1:.3f}} Acc@5 {{*acc@5:.3f}}",
            (e, (e + 1) * 1251, e * 1251 + 1250, e * 98 + 80, 80),
            **{"*acc@1": a, "*acc@5": a + 21},
        )
        w.say(
            f"[2022-08-01 {clock(t)} {p} 149): INFO Accuracy of the network on the 50000 test images: {a:.1f}%\n[2022-08-01 {clock(t)} {p} 151): INFO Max accuracy: {a:.2f}%"
        )
    w.ok("eta", "Accuracy of the network on the 50000 test images", "Max accuracy", "EPOCH training takes", "accuracy")


@log
def segmentation_iou(w: Writer) -> None:
    classes = {"background": 0.97, "road": 0.93, "building": 0.81, "vegetation": 0.78, "pedestrian": 0.41}
    w.say(
        "device: cuda:0\nUNet(in_channels=3, out_channels=5) 31037829 parameters\nclass weights: tensor([0.2, 1.0, 1.1, 1.3, 4.0])\nTrain: 367 images, Val: 101 images"
    )
    for e in range(1, 21):
        w.say(f"Epoch {e}/20")
        w.row(
            "  Train | loss = {train_loss:.4f} | pixel acc = {train_pixel_acc:.4f}",
            e,
            train_loss=w.fall(e, 1.6, 0.2),
            train_pixel_acc=w.acc(e, 0.95, 1),
        )
        w.row(
            "  Val   | loss = {val_loss:.4f} | pixel acc = {val_pixel_acc:.4f} | mIoU = {val_miou:.4f}",
            e,
            val_loss=w.fall(e, 1.5, 0.3),
            val_pixel_acc=w.acc(e, 0.93, 1),
            val_miou=w.acc(e, 0.74, 3),
        )
        w.say("  Class-wise IoU:")
        for name, top in classes.items():
            w.row(f"    {name:<12s}: {{{name}:.4f}}", e, **{name: w.acc(e, top, 2)})
        if e % 7 == 1:
            w.say("  -> mIoU improved, saved weights/unet_best.pth")
    w.say("Done in 0h 31m 12s")


@log
def cyclegan_iters(w: Writer) -> None:
    w.say(
        "----------------- Options ---------------\n               batch_size: 1                             \n                    beta1: 0.5                           \n                 dataroot: ./datasets/maps               \t[default: None]\n                 lambda_A: 10.0                          \n                       lr: 0.0002                        \n                 n_epochs: 100                           \n               print_freq: 100                           \n----------------- End -------------------\ndataset [UnalignedDataset] was created\nThe number of training images = 1096\ninitialize network with normal\nmodel [CycleGANModel] was created\n---------- Networks initialized -------------\n[Network G_A] Total number of parameters : 11.378 M\n[Network D_A] Total number of parameters : 2.765 M\n-----------------------------------------------\ncreate web directory ./checkpoints/maps_cyclegan/web..."
    )
    names = ("D_A", "G_A", "cycle_A", "idt_A", "D_B", "G_B", "cycle_B", "idt_B")
    for e in range(1, 7):
        start = {1: 0, 2: 4, 3: 8, 4: 12, 5: 16, 6: 20}[e]
        for b in range(100 - start, 1097, 100):
            n = (e - 1) * 1096 + b
            w.row(
                f"(epoch: {e}, iters: {b}, time: {w.x(0.2, 0.3):.3f}, data: {w.x(0, 0.01):.3f}) "
                + " ".join(f"{x}: {{{x}:.3f}}" for x in names)
                + " ",
                (n, b, (e - 1) * 1100 + b),
                **{x: w.x(0.1, 0.6) if x[0] in "DG" else w.fall(n, 2.1, 0.6, 900) for x in names},
            )
        if e % 3 == 0:
            w.say(f"saving the model at the end of epoch {e}, iters {e * 1096}")
        w.say(f"End of epoch {e} / 200 \t Time Taken: {w.int(240, 260)} sec\nlearning rate 0.0002000 -> 0.0002000")
    w.ok("time", "data", "Time Taken", "learning rate", "End of epoch Time Taken", "sec")


@log
def stylegan_ticks(w: Writer) -> None:
    w.say(
        'Training options:\n{\n  "num_gpus": 1,\n  "image_snapshot_ticks": 50,\n  "random_seed": 0,\n  "G_kwargs": {\n    "z_dim": 512,\n    "w_dim": 512\n  },\n  "ema_kimg": 1.25,\n  "batch_size": 4\n}\n\nOutput directory:   ~/training-runs/00000-afhqcat-auto1\nTraining data:      ~/datasets/afhqcat.zip\nTraining duration:  25000 kimg\nNumber of images:   5153\nImage resolution:   512\n\nGenerator             Parameters  Buffers  Output shape        Datatype\n---                   ---         ---      ---                 ---     \nmapping.fc0           262656      -        [4, 512]            float32 \nsynthesis.b4.conv1    2622465     32       [4, 512, 4, 4]      float32 \n---                   ---         ---      ---                 ---     \nTotal                 28700647    175536   -                   -       \n\nTraining for 25000 kimg...\n'
    )
    for k in range(40):
        s = 41 + 96 * k
        took = f"{s // 60}m {s % 60:02d}s" if s >= 60 else f"{s}s"
        kimg = 4.0 * k if k else 0.0
        form = f"tick {k:<5d} kimg {kimg:<8.1f} time {took:<12s} sec/tick {{ok_sec/tick:<7.1f}} sec/kimg {{sec/kimg:<7.2f}} maintenance {{ok_maintenance:<6.1f}} cpumem {{ok_cpumem:<6.2f}} gpumem {{gpumem:<6.2f}} augment {{augment:.3f}}"
        w.row(
            form,
            (k, kimg),
            **{
                "ok_sec/tick": w.x(90, 96),
                "sec/kimg": w.x(23, 24),
                "ok_maintenance": w.x(0, 30),
                "ok_cpumem": w.x(4, 5),
                "gpumem": w.x(10, 11),
                "augment": 0.004 * k + w.x(0, 0.004),
            },
        )
        if k % 10 == 0:
            fid = w.fall(k, 280, 12, 4)
            w.say("Evaluating metrics...")
            w.say(
                json.dumps(
                    {
                        "results": {"fid50k_full": fid},
                        "metric": "fid50k_full",
                        "total_time": w.x(90, 99),
                        "total_time_str": "1m 32s",
                        "num_gpus": 1,
                        "snapshot_pkl": f"network-snapshot-{int(kimg):06d}.pkl",
                        "timestamp": 1628000000.5 + s,
                    }
                )
            )
            w.series.setdefault("fid50k_full", []).append(((None,), fid))
    w.ok("kimg", "time", "total_time", "num_gpus", "timestamp", "tick")


@log
def wgan_brackets(w: Writer) -> None:
    w.say(
        "Namespace(b1=0.5, b2=0.999, batch_size=64, channels=1, clip_value=0.01, img_size=28, latent_dim=100, lr=0.0002, n_cpu=8, n_critic=5, n_epochs=4, sample_interval=400)"
    )
    for e in range(4):
        for b in range(0, 938, 15):
            n = e * 938 + b
            w.row(
                "[Epoch {_e}/4] [Batch {_b}/938] [D loss: {D loss:f}] [G loss: {G loss:f}]",
                n,
                **{"_e": e, "_b": b, "D loss": -w.x(0.1, 0.9), "G loss": w.x(-0.3, 0.6)},
            )


@log
def guided_diffusion_box(w: Writer) -> None:
    w.say(
        "Logging to /tmp/openai-2023-04-02-11-12-44-120331\ncreating model and diffusion...\ncreating data loader...\ntraining..."
    )
    names = ("grad_norm", "loss", "loss_q0", "loss_q1", "loss_q2", "loss_q3", "mse", "mse_q0", "mse_q3", "param_norm")
    for n in range(0, 171, 10):
        w.say("-" * 26)
        for name in names:
            value = (
                w.x(0.01, 1)
                if name == "grad_norm"
                else 303 + n / 100
                if name == "param_norm"
                else w.fall(n, 1, 0.02, 20)
            )
            w.row(f"| {name:<12s} | {{{name}:<8s}} |", n, **{name: f"{value:.3g}"})
        w.row("| samples      | {ok_samples:<8s} |", n, ok_samples=f"{(n + 1) * 128:.3g}")
        w.say(f"| step         | {n:<8d} |\n" + "-" * 26)
    w.say("saving model 0...\nsaving model 0.9999...")


@log
def nerf_psnr(w: Writer) -> None:
    w.say(
        "Loaded blender (138, 400, 400, 4) torch.Size([40, 4, 4]) [400, 400, 555.5555155968841] ./data/nerf_synthetic/lego\nFound ckpts []\nNot ndc!\nget rays\ndone, concats\nBegin\nTRAIN views are [ 0  1  2 97 98 99]\nTEST views are [113 114 115]\nVAL views are [100 101 102]"
    )
    len(w.lines)
    for n in range(100, 12001, 100):
        w.row(
            "[TRAIN] Iter: {_n} Loss: {loss}  PSNR: {psnr}",
            n,
            _n=n,
            loss=w.fall(n, 0.12, 0.004, 500),
            psnr=14 + 14 * n / (n + 1500) + w.x(),
        )
        if n % 1000 == 0:
            w.say(
                f"  {n // 120}%|{'█' * (n // 1200):10s}| {n}/12000 [{mmss(n / 9.1)}<{mmss((12000 - n) / 9.1)},  9.1{w.int(0, 9)}it/s]"
            )
        if n % 5000 == 0:
            w.say(
                f"Saved checkpoints at ./logs/blender_paper_lego/{n:06d}.tar\ntest poses shape torch.Size([25, 4, 4])\n0 0.0012381076812744141\ntorch.Size([400, 400, 3]) torch.Size([400, 400])\n1 9.481230020523071\n2 9.310223340988159\nSaved test set"
            )
    w.ok("it/s", "s/it")


@log
def lightning_carriage(w: Writer) -> None:
    w.say(
        "GPU available: True (cuda), used: True\nTPU available: False, using: 0 TPU cores\nHPU available: False, using: 0 HPUs\nLOCAL_RANK: 0 - CUDA_VISIBLE_DEVICES: [0]\n\n  | Name     | Type               | Params\n------------------------------------------------\n0 | backbone | ResNet             | 11.7 M\n1 | head     | Linear             | 5.1 K \n2 | acc      | MulticlassAccuracy | 0     \n------------------------------------------------\n11.7 M    Trainable params\n0         Non-trainable params\n11.7 M    Total params\n46.779    Total estimated model params size (MB)"
    )
    for e in range(6):
        first = len(w.lines)
        w.say(f"Epoch {e}:   0%|          | 0/240 [00:00<?, ?it/s]")
        for b in range(20, 241, 20):
            n = e * 240 + b
            w.row(
                f"Epoch {e}: {bar(b, 240, 11.2)}, v_num=3, train_loss={{train_loss:.3f}}, train_acc={{train_acc:.3f}}]",
                n,
                train_loss=w.fall(n, 2.3, 0.1, 200),
                train_acc=w.acc(n, 0.97, 200),
            )
        w.joined(first)
        v = w.fall(e, 1.2, 0.3, 2)
        w.say(
            f"Epoch {e}, global step {(e + 1) * 240}: 'val_loss' was not in top 1"
            if e == 4
            else f"Epoch {e}, global step {(e + 1) * 240}: 'val_loss' reached {v:.5f} (best {v:.5f}), saving model to '/work/lightning_logs/version_3/checkpoints/epoch={e}-step={(e + 1) * 240}.ckpt' as top 1"
        )
    w.finals(12, "train_loss", "train_acc", step=lambda k: (k, (k + 1) * 240))
    w.say(
        "`Trainer.fit` stopped: `max_epochs=6` reached.\n────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────\n       Test metric             DataLoader 0\n────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────\n        test_acc            0.9123000144958496\n        test_loss           0.31212908029556274\n────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────"
    )
    w.ok("v_num", "it/s", "val_loss", "best", "test_acc", "test_loss", "global step")


@log
def caffe_solver(w: Writer) -> None:
    w.say(
        'I0611 15:02:11.101221 20312 solver.cpp:44] Initializing solver from parameters: \ntest_iter: 100\ntest_interval: 500\nbase_lr: 0.01\ndisplay: 100\nmax_iter: 3000\nlr_policy: "inv"\ngamma: 0.0001\npower: 0.75\nmomentum: 0.9\nweight_decay: 0.0005\nsnapshot: 5000\nI0611 15:02:11.201221 20312 net.cpp:122] Setting up conv1\nI0611 15:02:11.201230 20312 net.cpp:129] Top shape: 64 20 24 24 (737280)\nI0611 15:02:11.201240 20312 net.cpp:137] Memory required for data: 3150080'
    )
    t = 54132.0
    for n in range(0, 3001, 100):
        t += 0.9

        def stamp() -> str:
            nonlocal t
            t += 0.004
            return f"I0611 {clock(t)}.{int(t % 1 * 1e6):06d} 20312"

        if n % 500 == 0:
            w.say(f"{stamp()} solver.cpp:330] Iteration {n}, Testing net (#0)")
            w.row(
                f"{stamp()} solver.cpp:397]     Test net output #0: accuracy = {{accuracy:.4g}}",
                n,
                accuracy=w.acc(n, 0.99, 60),
            )
            loss = w.fall(n, 2.3, 0.03, 60)
            w.row(
                f"{stamp()} solver.cpp:397]     Test net output #1: loss = {{'loss:.6g}} (* 1 = {loss:.6g} loss)",
                n,
                **{"'loss": float(f"{loss:.6g}")},
            )
        if n < 3000:
            loss = w.fall(n, 2.4, 0.02, 60)
            w.row(
                f"{stamp()} solver.cpp:218] Iteration {n} ({w.x(100, 120):.4f} iter/s, {w.x(0.8, 0.9):.5f}s/100 iters), loss = {{loss:.6g}}",
                n,
                loss=loss,
            )
            w.say(f"{stamp()} solver.cpp:237]     Train net output #0: loss = {loss:.6g} (* 1 = {loss:.6g} loss)")
            w.row(
                f"{stamp()} sgd_solver.cpp:105] Iteration {n}, lr = {{lr:.6g}}", n, lr=0.01 * (1 + 0.0001 * n) ** -0.75
            )
    w.say(
        "I0611 15:03:01.120031 20312 solver.cpp:315] Optimization Done.\nI0611 15:03:01.120040 20312 caffe.cpp:259] Optimization Done."
    )
    w.ok(
        "iter/s",
        "s/100 iters",
        "Train net output #0: loss",
        "Train net output",
        "train net output 0",
        "train loss",
        "train net output loss",
    )
