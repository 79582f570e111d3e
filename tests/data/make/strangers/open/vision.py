"""Pictures, points and what draws them."""

from __future__ import annotations

from data.make.strangers.writer import Raw, Writer, bar, clock, log, mmss


@log
def imagenet_meter(w: Writer) -> None:
    w.say("=> creating model 'resnet18'")
    w.say(
        "/opt/conda/lib/python3.10/site-packages/torch/optim/lr_scheduler.py:28: UserWarning: The verbose parameter is deprecated. Please use get_last_lr() to access the learning rate."
    )
    for e in range(4):
        for b in range(0, 626, 50):
            n = e * 626 + b
            w.row(
                "Epoch: [{_e}][{_b:3d}/626]\tTime {ok_time:6.3f} ({ok_time_avg:6.3f})\tData {ok_data:6.3f} ({ok_data_avg:6.3f})\tLoss {loss:.4e} ({loss_avg:.4e})\tAcc@1 {acc@1:6.2f} ({acc@1_avg:6.2f})\tAcc@5 {acc@5:6.2f} ({acc@5_avg:6.2f})",
                n,
                **{
                    "_e": e,
                    "_b": b,
                    "ok_time": w.x(0.3, 0.5),
                    "ok_time_avg": w.x(0.4, 0.45),
                    "ok_data": w.x(0, 0.1),
                    "ok_data_avg": w.x(0.02, 0.04),
                    "loss": w.fall(n, 6.95, 2.5, 600),
                    "loss_avg": w.fall(n, 6.95, 2.7, 600),
                    "acc@1": 100 * w.acc(n, 0.6, 900),
                    "acc@1_avg": 100 * w.acc(n, 0.58, 900),
                    "acc@5": 100 * w.acc(n, 0.85, 700),
                    "acc@5_avg": 100 * w.acc(n, 0.83, 700),
                },
            )
        for b in range(0, 98, 20):
            w.row(
                "Test: [{_b:2d}/98]\tTime {ok_time:6.3f} ({ok_time_avg:6.3f})\tLoss {test_loss:.4e} ({test_loss_avg:.4e})\tAcc@1 {test_acc@1:6.2f} ({test_acc@1_avg:6.2f})\tAcc@5 {test_acc@5:6.2f} ({test_acc@5_avg:6.2f})",
                (e * 98 + b, b, e, (e + 1) * 626, e * 626 + 600),
                **{
                    "_b": b,
                    "ok_time": w.x(0.3, 0.9),
                    "ok_time_avg": w.x(0.3, 0.9),
                    "test_loss": w.fall(e, 5, 2.3, 2),
                    "test_loss_avg": w.fall(e, 5, 2.4, 2),
                    "test_acc@1": 100 * w.acc(e, 0.6),
                    "test_acc@1_avg": 100 * w.acc(e, 0.6),
                    "test_acc@5": 100 * w.acc(e, 0.8),
                    "test_acc@5_avg": 100 * w.acc(e, 0.8),
                },
            )
        w.row(
            " *   Acc@1 {*acc@1:.3f} Acc@5 {*acc@5:.3f}",
            (e, (e + 1) * 626, e * 626 + 600, e * 98 + 80, 80),
            **{"*acc@1": 100 * w.acc(e, 0.6), "*acc@5": 100 * w.acc(e, 0.8)},
        )


@log
def mmengine_epochs(w: Writer) -> None:
    w.say(
        "05/14 09:12:01 - mmengine - INFO - \n------------------------------------------------------------\nSystem environment:\n    sys.platform: linux\n    Python: 3.8.18 (default, Sep 11 2023, 13:40:15) [GCC 11.2.0]\n    CUDA available: True\n    numpy_random_seed: 1205398476\n    GPU 0,1: NVIDIA GeForce RTX 3090\n    PyTorch: 1.13.1\n    OpenCV: 4.9.0\n    MMEngine: 0.10.3\n"
    )
    w.say(
        "05/14 09:12:02 - mmengine - INFO - Config:\nauto_scale_lr = dict(base_batch_size=16, enable=False)\nbackend_args = None\noptim_wrapper = dict(\n    optimizer=dict(lr=0.02, momentum=0.9, type='SGD', weight_decay=0.0001),\n    type='OptimWrapper')\ntrain_cfg = dict(max_epochs=6, type='EpochBasedTrainLoop', val_interval=1)\nval_evaluator = dict(\n    ann_file='data/coco/annotations/instances_val2017.json',\n    metric='bbox',\n    type='CocoMetric')\n"
    )
    w.say("05/14 09:12:09 - mmengine - INFO - Checkpoints will be saved to /data/work_dirs/faster-rcnn_r50.")
    t = 33200.0
    names = ["person", "bicycle", "car", "traffic light"]
    for e in range(1, 7):
        for b in range(50, 501, 50):
            n = (e - 1) * 500 + b
            t += 21
            w.row(
                f"05/14 {clock(t)} - mmengine - INFO - Epoch(train)  [{e}][{b:3d}/500]  base_lr: {{base_lr:.4e}} lr: {{lr:.4e}}  eta: {mmss(3600 + (3000 - n) * 0.42)}  time: {{ok_time:.4f}}  data_time: {{ok_data_time:.4f}}  memory: {{ok_memory}}  grad_norm: {{grad_norm:.4f}}  loss: {{loss:.4f}}  loss_rpn_cls: {{loss_rpn_cls:.4f}}  loss_rpn_bbox: {{loss_rpn_bbox:.4f}}  loss_cls: {{loss_cls:.4f}}  acc: {{acc:.4f}}  loss_bbox: {{loss_bbox:.4f}}",
                n,
                base_lr=0.02 * min(1, n / 500),
                lr=0.02 * min(1, n / 500),
                ok_time=w.x(0.4, 0.45),
                ok_data_time=w.x(0.01, 0.02),
                ok_memory=w.int(5600, 5700),
                grad_norm=w.x(2, 9),
                loss=w.fall(n, 4.5, 0.6, 200),
                loss_rpn_cls=w.fall(n, 0.7, 0.03, 200),
                loss_rpn_bbox=w.fall(n, 0.1, 0.04, 200),
                loss_cls=w.fall(n, 3.2, 0.3, 200),
                acc=w.x(85, 99),
                loss_bbox=w.x(0.1, 0.4),
            )
        w.say(f"05/14 {clock(t)} - mmengine - INFO - Saving checkpoint at {e} epochs")
        w.say(
            "Loading and preparing results...\nDONE (t=1.21s)\ncreating index...\nindex created!\nRunning per image evaluation...\nEvaluate annotation type *bbox*\nDONE (t=33.82s).\nAccumulating evaluation results...\nDONE (t=6.02s)."
        )
        w.say(
            f"05/14 {clock(t)} - mmengine - INFO - \n+---------------+-------+--------+--------+-------+-------+-------+\n| category      | mAP   | mAP_50 | mAP_75 | mAP_s | mAP_m | mAP_l |\n+---------------+-------+--------+--------+-------+-------+-------+"
        )
        for name in names:
            w.say(
                f"| {name:13s} | {w.x(0.1, 0.4):.3f} | {w.x(0.4, 0.6):.3f}  | {w.x(0.1, 0.4):.3f}  | {w.x(0.1, 0.4):.3f} | {w.x(0.1, 0.4):.3f} | {w.x(0.1, 0.4):.3f} |"
            )
        w.say("+---------------+-------+--------+--------+-------+-------+-------+")
        t += 60
        w.row(
            f"05/14 {clock(t)} - mmengine - INFO - Epoch(val) [{e}][250/250]    coco/bbox_mAP: {{coco/bbox_mAP:.4f}}  coco/bbox_mAP_50: {{coco/bbox_mAP_50:.4f}}  coco/bbox_mAP_75: {{coco/bbox_mAP_75:.4f}}  data_time: {{ok_data_time:.4f}}  time: {{ok_time:.4f}}",
            (e, e * 500, e * 250),
            **{
                "coco/bbox_mAP": w.acc(e, 0.38),
                "coco/bbox_mAP_50": w.acc(e, 0.58),
                "coco/bbox_mAP_75": w.acc(e, 0.4),
                "ok_data_time": w.x(0, 0.01),
                "ok_time": w.x(0.03, 0.05),
            },
        )
    w.ok("eta", "val time", "val data_time", *names, "mAP", "mAP_50", "mAP_75", "mAP_s", "mAP_m", "mAP_l")


@log
def yolo_rows(w: Writer) -> None:
    w.say("Ultralytics YOLOv8.0.196 🚀 Python-3.10.12 torch-2.1.0+cu118 CUDA:0 (Tesla T4, 15102MiB)")
    w.say(
        "engine/trainer: task=detect, mode=train, model=yolov8n.pt, data=coco128.yaml, epochs=12, patience=50, batch=16, imgsz=640, save=True, lr0=0.01, lrf=0.01, momentum=0.937, weight_decay=0.0005, box=7.5, cls=0.5, dfl=1.5"
    )
    w.say(
        "\n                   from  n    params  module                                       arguments                     \n  0                  -1  1       464  ultralytics.nn.modules.conv.Conv             [3, 16, 3, 2]                 \n  1                  -1  1      4672  ultralytics.nn.modules.conv.Conv             [16, 32, 3, 2]                \n  2                  -1  1      7360  ultralytics.nn.modules.block.C2f             [32, 32, 1, True]             \n  3                  -1  1     18560  ultralytics.nn.modules.conv.Conv             [32, 64, 3, 2]                \n 22        [15, 18, 21]  1    897664  ultralytics.nn.modules.head.Detect           [80, [64, 128, 256]]          \nModel summary: 225 layers, 3157200 parameters, 3157184 gradients, 8.9 GFLOPs\n"
    )
    w.say(
        "Image sizes 640 train, 640 val\nUsing 2 dataloader workers\nLogging results to runs/detect/train\nStarting training for 12 epochs..."
    )
    for e in range(1, 13):
        w.say("\n      Epoch    GPU_mem   box_loss   cls_loss   dfl_loss  Instances       Size")
        w.row(
            f"{f'{e}/12':>11s}      2.{w.int(40, 60)}G {{box_loss:10.4g}} {{cls_loss:10.4g}} {{dfl_loss:10.4g}} {w.int(90, 290):10d} {640:10d}: 100%|██████████| 8/8 [00:0{w.int(3, 6)}<00:00,  2.{w.int(10, 40)}it/s]",
            e,
            box_loss=w.fall(e, 1.3, 0.9),
            cls_loss=w.fall(e, 1.8, 0.8),
            dfl_loss=w.fall(e, 1.3, 1.0),
        )
        w.say(
            f"                 Class     Images  Instances          P          R      mAP50   mAP50-95: 100%|██████████| 4/4 [00:0{w.int(1, 3)}<00:00,  1.{w.int(10, 90)}it/s]"
        )
        w.row(
            "                   all        128        929 {ok_p:10.3g} {ok_r:10.3g} {mAP50:10.3g} {mAP50-95:10.3g}",
            e,
            **{"ok_p": w.acc(e, 0.8), "ok_r": w.acc(e, 0.7), "mAP50": w.acc(e, 0.8), "mAP50-95": w.acc(e, 0.6)},
        )
    w.say(
        "\n12 epochs completed in 0.021 hours.\nOptimizer stripped from runs/detect/train/weights/last.pt, 6.5MB\nOptimizer stripped from runs/detect/train/weights/best.pt, 6.5MB"
    )
    w.ok("GPU_mem", "Instances", "Size", "Images", "Class", "all", "precision", "recall", "val_p", "val_r")


@log
def ssd_bars(w: Writer) -> None:
    w.say(
        "Loading base network...\nInitializing weights...\nLoading the dataset...\nTraining SSD on: VOC0712\nUsing the specified args:\nNamespace(dataset='VOC', dataset_root='/home/u/data/VOCdevkit/', basenet='vgg16_reducedfc.pth', batch_size=32, resume=None, start_iter=0, num_workers=4, cuda=True, lr=0.001, momentum=0.9, weight_decay=0.0005, gamma=0.1, visdom=False, save_folder='weights/')"
    )
    for n in range(0, 1200, 10):
        w.say(f"timer: {w.x(0.2, 0.5):.4f} sec.")
        w.row("iter {_n} || Loss: {loss:.4f} ||", n, _n=n, loss=w.fall(n, 24, 4.5, 60))
        if n % 500 == 0 and n:
            w.say(f"Saving state, iter: {n}")
    w.ok("timer")
    for name in ("aeroplane", "bicycle", "bird", "boat", "bottle", "bus", "car", "cat"):
        w.say(f"AP for {name} = {w.x(0.5, 0.9):.4f}")
        w.ok("AP for " + name, name)
    w.say(f"Mean AP = {w.x(0.6, 0.8):.4f}\n~~~~~~~~\nResults:\n0.812\n0.801\n0.744\n~~~~~~~~")
    w.ok("mean AP", "AP", "Results")


@log
def frcnn_session(w: Writer) -> None:
    w.say(
        "Called with args:\nNamespace(batch_size=1, checkepoch=1, class_agnostic=False, cuda=True, dataset='pascal_voc', disp_interval=100, lr=0.001, lr_decay_gamma=0.1, lr_decay_step=5, max_epochs=3, net='res101', optimizer='sgd')"
    )
    w.say(
        "Using config:\n{'ANCHOR_RATIOS': [0.5, 1, 2],\n 'ANCHOR_SCALES': [8, 16, 32],\n 'TRAIN': {'BATCH_SIZE': 128,\n           'BG_THRESH_HI': 0.5,\n           'MOMENTUM': 0.9,\n           'WEIGHT_DECAY': 0.0001}}\nbefore filtering, there are 10022 images...\nafter filtering, there are 10022 images...\n10022 roidb entries"
    )
    for e in range(1, 4):
        for b in range(0, 2500, 100):
            n = (e - 1) * 2505 + b
            w.row(
                f"[session 1][epoch {e:2d}][iter {b:4d}/2505] loss: {{loss:.4f}}, lr: {{lr:.2e}}",
                n,
                loss=w.fall(n, 4.1, 0.4, 400),
                lr=0.001,
            )
            fg = w.int(8, 64)
            w.say(f"\t\t\tfg/bg=({fg}/{128 - fg}), time cost: {w.x(40, 50):f}")
            w.row(
                "\t\t\trpn_cls: {rpn_cls:.4f}, rpn_box: {rpn_box:.4f}, rcnn_cls: {rcnn_cls:.4f}, rcnn_box {rcnn_box:.4f}",
                n,
                rpn_cls=w.fall(n, 0.7, 0.05, 300),
                rpn_box=w.x(0.01, 0.2),
                rcnn_cls=w.fall(n, 3, 0.1, 300),
                rcnn_box=w.x(0, 0.2),
            )
        w.say(f"save model: models/res101/pascal_voc/faster_rcnn_1_{e}_2504.pth\n{w.x(1100, 1200):f}")
    w.ok("fg/bg", "fg", "bg", "time cost", "session")


@log
def dcgan_slashes(w: Writer) -> None:
    w.say(
        "Random Seed:  999\nGenerator(\n  (main): Sequential(\n    (0): ConvTranspose2d(100, 512, kernel_size=(4, 4), stride=(1, 1), bias=False)\n    (1): BatchNorm2d(512, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)\n    (2): ReLU(inplace=True)\n  )\n)\nStarting Training Loop..."
    )
    for e in range(5):
        for b in range(0, 1583, 50):
            w.row(
                "[{_e}/5][{_b}/1583]\tLoss_D: {Loss_D:.4f}\tLoss_G: {Loss_G:.4f}\tD(x): {D(x):.4f}\tD(G(z)): {D(G(z)):.4f} / {D(G(z))':.4f}",
                e * 1583 + b,
                **{
                    "_e": e,
                    "_b": b,
                    "Loss_D": w.x(0.1, 1.9),
                    "Loss_G": w.x(1, 7),
                    "D(x)": w.x(0.4, 1),
                    "D(G(z))": w.x(0, 0.5),
                    "D(G(z))'": w.x(0, 0.2),
                },
            )


@log
def diffusers_bar(w: Writer) -> None:
    w.say(
        "04/11/2024 08:01:22 - INFO - __main__ - Distributed environment: NO\nNum processes: 1\nProcess index: 0\nLocal process index: 0\nDevice: cuda\n\nMixed precision type: fp16\n"
    )
    w.say(
        "{'clip_sample_range', 'thresholding', 'variance_type'} was not found in config. Values will be initialized to default values."
    )
    w.say(
        "04/11/2024 08:01:40 - INFO - __main__ - ***** Running training *****\n04/11/2024 08:01:40 - INFO - __main__ -   Num examples = 833\n04/11/2024 08:01:40 - INFO - __main__ -   Num Epochs = 3\n04/11/2024 08:01:40 - INFO - __main__ -   Instantaneous batch size per device = 1\n04/11/2024 08:01:40 - INFO - __main__ -   Gradient Accumulation steps = 4\n04/11/2024 08:01:40 - INFO - __main__ -   Total optimization steps = 600"
    )
    first = len(w.lines)
    w.say("Steps:   0%|          | 0/600 [00:00<?, ?it/s]")
    for n in range(3, 601, 3):
        w.row(
            f"Steps: {bar(n, 600, 1.41)}, lr={{lr}}, step_loss={{step_loss:.3g}}]",
            n,
            lr=Raw("1e-5"),
            step_loss=w.x(0.002, 0.4),
        )
        if n % 150 == 0:
            w.joined(first)
            w.say(
                f"04/11/2024 08:1{n // 150}:40 - INFO - accelerate.accelerator - Saving current state to sd-pokemon/checkpoint-{n}"
            )
            w.say(
                "Configuration saved in sd-pokemon/checkpoint/unet_ema/config.json\nModel weights saved in sd-pokemon/checkpoint/unet_ema/diffusion_pytorch_model.safetensors"
            )
            first = len(w.lines)
    w.ok("it/s", "s/it")


@log
def gaussian_splat_bar(w: Writer) -> None:
    w.say(
        "Optimizing \nOutput folder: ./output/3f1c88a2-b [14/05 10:11:20]\nTensorboard not available: not logging progress [14/05 10:11:20]\nReading camera 301/301 [14/05 10:11:26]\nLoading Training Cameras [14/05 10:11:26]\nNumber of points at initialisation :  182686 [14/05 10:11:55]"
    )
    first = len(w.lines)
    w.say("Training progress:   0%|          | 0/30000 [00:00<?, ?it/s]")
    for n in range(100, 30001, 100):
        w.row(f"Training progress: {bar(n, 30000, 41.3)}, Loss={{loss:.7f}}]", n, loss=w.fall(n, 0.3, 0.04, 1500))
        if n in {7000, 30000}:
            w.joined(first)
            for split in ("test", "train"):
                w.row(
                    f"\n[ITER {n}] Evaluating {split}: L1 {{ok_L1}} PSNR {{{split}_PSNR}} [14/05 10:1{n // 7000}:07]",
                    n,
                    **{"ok_L1": w.x(0.02, 0.05), f"{split}_PSNR": w.x(21, 27)},
                )
            w.say(f"\n[ITER {n}] Saving Gaussians [14/05 10:1{n // 7000}:09]")
            first = len(w.lines)
    w.ok("it/s", "s/it")
    w.series["test PSNR"] = w.series.pop("test_PSNR")
    w.series["PSNR"] = w.series.pop("train_PSNR")
    w.say("\nTraining complete. [14/05 10:31:00]")
    w.ok("test L1", "train L1", "Evaluating")


@log
def pointnet_blue(w: Writer) -> None:
    w.say(
        "Namespace(batchSize=32, dataset='shapenet', dataset_type='shapenet', feature_transform=True, model='', nepoch=4, num_points=2500, outf='cls', workers=4)\nRandom Seed:  4713\n12137 2874\nclasses 16"
    )
    for e in range(4):
        for b in range(0, 379, 9):
            n = e * 379 + b
            w.row(
                f"[{e}: {b}/379] train loss: {{train_loss:f}} accuracy: {{train_accuracy:f}}",
                n,
                train_loss=w.fall(n, 2.8, 0.2, 80),
                train_accuracy=w.int(10, 32) / 32,
            )
            if b % 10 == 0:
                w.row(
                    f"[{e}: {b}/379] \x1b[94mtest\x1b[0m loss: {{test_loss:f}} accuracy: {{test_accuracy:f}}",
                    n,
                    test_loss=w.fall(n, 2.8, 0.4, 80),
                    test_accuracy=w.int(10, 32) / 32,
                )
    w.say("final accuracy 0.9641614474599861")
    w.ok("final accuracy")


@log
def simclr_knn(w: Writer) -> None:
    w.say(
        "Files already downloaded and verified\nFiles already downloaded and verified\n# Model Params: 24.62M FLOPs: 1.31G"
    )
    for e in range(1, 6):
        first = len(w.lines)
        for b in range(5, 98, 4):
            n = (e - 1) * 97 + b
            w.row(
                f"Train Epoch: [{e}/500] Loss: {{train_loss:.4f}}: {bar(b, 97, 1.72)}]",
                n,
                train_loss=w.fall(n, 6.2, 4.9, 60),
            )
        w.joined(first)
        w.say("Feature extracting: 100%|██████████| 98/98 [00:11<00:00,  8.62it/s]")
        first = len(w.lines)
        for b in (5, 12, 20):
            w.row(
                f"Test Epoch: [{e}/500] Acc@1:{{test_acc@1:.2f}}% Acc@5:{{test_acc@5:.2f}}%: {bar(b, 20, 4.2)}]",
                ((e - 1) * 20 + b, b, e),
                **{"test_acc@1": 100 * w.acc(e, 0.7), "test_acc@5": 100 * w.acc(e, 0.97)},
            )
        w.joined(first)
    w.ok("it/s", "s/it")
    train = {"train_loss": [((e, e * 97), w.series["train_loss"][e * 24 - 1][1]) for e in range(1, 6)]}
    tests = {
        f"test_acc@{k}": [((e, 20, e * 20), w.series[f"test_acc@{k}"][e * 3 - 1][1]) for e in range(1, 6)]
        for k in (1, 5)
    }
    w.others.append(train | tests)


@log
def confusion_after_epoch(w: Writer) -> None:
    w.say("Using device: cuda\nClasses: ['COVID', 'Normal', 'Pneumonia']\nTrain samples: 3281, Val samples: 821")
    for e in range(1, 21):
        w.row(
            "Epoch {_e}/20 -> train_loss={train_loss:.4f} train_acc={train_acc:.2f}% | val_loss={val_loss:.4f} val_acc={val_acc:.2f}%",
            e,
            _e=e,
            train_loss=w.fall(e, 1.1, 0.1),
            train_acc=100 * w.acc(e),
            val_loss=w.fall(e, 1.0, 0.2),
            val_acc=100 * w.acc(e, 0.93),
        )
        a = [[w.int(2, 30) for _ in range(3)] for _ in range(3)]
        for i in range(3):
            a[i][i] = w.int(210, 270)
        w.say(
            f"Confusion matrix:\n[[{a[0][0]:3d} {a[0][1]:3d} {a[0][2]:3d}]\n [{a[1][0]:3d} {a[1][1]:3d} {a[1][2]:3d}]\n [{a[2][0]:3d} {a[2][1]:3d} {a[2][2]:3d}]]"
        )


@log
def crnn_arrows(w: Writer) -> None:
    w.say(
        "Namespace(adadelta=False, adam=True, alphabet='0123456789abcdefghijklmnopqrstuvwxyz', batchSize=64, beta1=0.5, displayInterval=500, imgH=32, imgW=100, lr=0.01, nh=256, niter=4, n_test_disp=3, saveInterval=500, valInterval=500)\nRandom Seed:  1234"
    )
    words = ["house", "hotel", "exit", "coffee", "1984", "street", "parking"]
    for e in range(4):
        for b in range(500, 5001, 500):
            n = e * 5000 + b
            w.row(f"[{e}/4][{b}/5000] Loss: {{loss:f}}", n, loss=w.fall(n, 31, 0.6, 900))
            w.say("Start val")
            for word in w.noise.sample(words, 3):
                raw = "".join(c + "-" * w.int(0, 3) for c in word).ljust(26, "-")[:26]
                w.say(f"{raw} => {word:<20s}, gt: {word:<20s}")
            w.row(
                "Test loss: {test_loss:f}, accuray: {accuray:f}",
                n,
                test_loss=w.fall(n, 22, 0.9, 900),
                accuray=w.acc(n, 0.9, 2500),
            )


@log
def reid_ranks(w: Writer) -> None:
    w.say(
        "2024-03-02 19:20:11,830 reid_baseline INFO: Using 1 GPUS\n2024-03-02 19:20:11,830 reid_baseline INFO: Namespace(config_file='configs/softmax_triplet.yml', opts=[])\n2024-03-02 19:20:11,831 reid_baseline INFO: Running with config:\nSOLVER:\n  BASE_LR: 0.00035\n  MAX_EPOCHS: 30\n  STEPS: [40, 70]\n  WARMUP_ITERS: 10\n  MARGIN: 0.3"
    )
    w.say(
        "=> Market1501 loaded\nDataset statistics:\n  ----------------------------------------\n  subset   | # ids | # images | # cameras\n  ----------------------------------------\n  train    |   751 |    12936 |         6\n  query    |   750 |     3368 |         6\n  gallery  |   751 |    15913 |         6\n  ----------------------------------------"
    )
    t = 69700.0
    for e in range(1, 31):
        for b in range(50, 186, 50):
            n = (e - 1) * 185 + b
            t += 14
            w.row(
                f"2024-03-02 {clock(t)},{w.int(0, 999):03d} reid_baseline.train INFO: Epoch[{e}] Iteration[{b}/185] Loss: {{loss:.3f}}, Acc: {{acc:.3f}}, Base Lr: {{base_lr:.2e}}",
                n,
                loss=w.fall(n, 9.1, 1.4, 500),
                acc=w.acc(n, 0.98, 600),
                base_lr=0.00035 * min(1, e / 10),
            )
        w.say(
            f"2024-03-02 {clock(t)},{w.int(0, 999):03d} reid_baseline.train INFO: Epoch {e} done. Time per batch: 0.{w.int(250, 280)}[s] Speed: {w.x(220, 250):.1f}[samples/s]\n2024-03-02 {clock(t)},{w.int(0, 999):03d} reid_baseline.train INFO: ----------"
        )
        if e % 5 == 0:
            w.say(f"2024-03-02 {clock(t)},012 reid_baseline.train INFO: Validation Results - Epoch: {e}")
            w.row(
                f"2024-03-02 {clock(t)},013 reid_baseline.train INFO: mAP: {{mAP:.1%}}".replace(
                    "{mAP:.1%}", "{mAP:.1f}%"
                ),
                (e, e * 185, (e - 1) * 185 + 150),
                mAP=100 * w.acc(e, 0.85, 5),
            )
            for r in (1, 5, 10):
                w.row(
                    f"2024-03-02 {clock(t)},014 reid_baseline.train INFO: CMC curve, Rank-{r:<3d}:{{rank-{r}:.1f}}%",
                    (e, e * 185, (e - 1) * 185 + 150),
                    **{f"rank-{r}": 100 * w.acc(e, 0.93 + r / 200, 5)},
                )
    w.ok("time per batch", "speed")


@log
def arcface_speed(w: Writer) -> None:
    w.say(
        "Training: 2024-02-10 11:20:31,101-: margin_list              [1.0, 0.0, 0.4]\nTraining: 2024-02-10 11:20:31,101-: network                  r50\nTraining: 2024-02-10 11:20:31,101-: batch_size               128\nTraining: 2024-02-10 11:20:31,101-: lr                       0.02\nTraining: 2024-02-10 11:20:31,101-: num_image                490623\nTraining: 2024-02-10 11:20:31,101-: num_epoch                20\nTraining: 2024-02-10 11:20:40,412-Reducer buckets have been rebuilt in this iteration."
    )
    t = 40900.0
    for n in range(50, 6001, 50):
        t += 22
        w.row(
            f"Training: 2024-02-10 {clock(t)},{w.int(0, 999):03d}-Speed {{ok_speed:.2f}} samples/sec   Loss {{loss:.4f}}   LearningRate {{learningrate:.6f}}   Epoch: {n // 3833}   Global Step: {n}   Fp16 Grad Scale: {{Fp16_Grad_Scale:.0f}}   Required: {w.int(3, 4)} hours",
            n,
            ok_speed=w.x(1100, 1200),
            loss=w.fall(n, 44, 9, 900),
            learningrate=0.02 * (1 - n / 76660) ** 2,
            Fp16_Grad_Scale=2.0 ** (14 + n // 2000),
        )
        if n % 2000 == 0:
            for name, top in (("lfw", 0.995), ("cfp_fp", 0.95), ("agedb_30", 0.96)):
                w.row(
                    f"Training: 2024-02-10 {clock(t + 9)},551-[{name}][{n}]XNorm: {{{name} XNorm:f}}",
                    n,
                    **{f"{name} XNorm": w.x(19, 23)},
                )
                a = top - 200 / n * w.x(0.5, 1)
                w.row(
                    f"Training: 2024-02-10 {clock(t + 9)},551-[{name}][{n}]Accuracy-Flip: {{{name} Accuracy-Flip:.5f}}+-{w.x(0.002, 0.01):.5f}",
                    n,
                    **{f"{name} Accuracy-Flip": a},
                )
                w.say(f"Training: 2024-02-10 {clock(t + 9)},552-[{name}][{n}]Accuracy-Highest: {a:.5f}")
    w.ok(
        "lfw Accuracy-Highest",
        "cfp_fp Accuracy-Highest",
        "agedb_30 Accuracy-Highest",
        "Accuracy-Highest",
        "lfw Accuracy-Flip",
        "cfp_fp Accuracy-Flip",
        "agedb_30 Accuracy-Flip",
        "Required",
        "samples/sec",
    )
