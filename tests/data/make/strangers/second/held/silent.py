"""Logs that measure nothing."""

from __future__ import annotations

from data.make.strangers.writer import Writer, log


@log
def nothing_oom_at_start(w: Writer) -> None:
    w.say("[2024-02-11 19:02:11,480][__main__][INFO] - Working directory: /scratch/outputs/2024-02-11/19-02-10")
    w.say(
        "model:\n  name: swinv2_large\n  drop_path: 0.2\n  img_size: 384\ntrain:\n  epochs: 100\n  batch_size: 64\n  lr: 0.001\n  weight_decay: 0.05\n  warmup_epochs: 5\n  clip_grad: 5.0\ndata:\n  root: /datasets/inat21\n  workers: 16\n  loss: soft_target\nval:\n  every: 1\n  metric: acc1"
    )
    w.say(
        "[2024-02-11 19:02:19,004][data][INFO] - found 2686843 training images, 10000 classes\n[2024-02-11 19:02:20,711][data][INFO] - found 100000 validation images\n[2024-02-11 19:02:31,208][model][INFO] - 195.2 M parameters, 35.1 GMACs\n[2024-02-11 19:02:31,209][optim][INFO] - AdamW: 214 decayed tensors, 391 without decay\n[2024-02-11 19:02:31,950][__main__][INFO] - start training"
    )
    w.say("Error executing job with overrides: ['train.batch_size=64']\nTraceback (most recent call last):")
    for f, n, code in [
        ("main.py", 88, "trainer.fit(train_loader, val_loader)"),
        ("engine.py", 141, "loss = self.step(images, labels)"),
        ("engine.py", 97, "logits = self.model(images)"),
        ("models/swin.py", 602, "x = self.forward_features(x)"),
        ("models/swin.py", 588, "x = layer(x)"),
        ("models/swin.py", 421, "x = blk(x)"),
        ("models/swin.py", 286, "attn = self.softmax(attn + mask)"),
    ]:
        w.say(f'  File "/home/pk/inat/{f}", line {n}, in {"forward" if "models" in f else "run"}\n    {code}')
    w.say(
        "torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 1.27 GiB (GPU 0; 23.69 GiB total capacity; 21.02 GiB already allocated; 1.11 GiB free; 21.44 GiB reserved in total by PyTorch) If reserved memory is >> allocated memory try setting max_split_size_mb to avoid fragmentation."
    )
    w.say(
        "\nSet the environment variable HYDRA_FULL_ERROR=1 for a complete stack trace.\nsrun: error: gpu07: task 0: Exited with exit code 1"
    )


@log
def nothing_dataset_stats(w: Writer) -> None:
    w.say(
        "$ python inspect_data.py --root /data/chestxray --split train\nscanning 86524 files ... 100%\n\nimages           86524\npatients         28008\nunreadable           3\nwidth            min 1024  mean 1024.0  max 1024\nmean pixel       0.5056\nstd pixel        0.2522\n\nlabel                  count      share   mean age\n-----------------------------------------------------"
    )
    for name in (
        "Atelectasis",
        "Cardiomegaly",
        "Consolidation",
        "Edema",
        "Effusion",
        "Emphysema",
        "Fibrosis",
        "Hernia",
        "Infiltration",
        "Mass",
        "Nodule",
        "Pleural_Thickening",
        "Pneumonia",
        "Pneumothorax",
        "No Finding",
    ):
        w.say(f"{name:<20s} {w.int(140, 50000):7d}    {w.x(0.1, 58):6.2f}%      {w.x(40, 57):4.1f}")
    w.say(
        "\nage        \ncount    86524.000000\nmean        46.626513\nstd         16.603511\nmin          1.000000\n25%         35.000000\n50%         49.000000\n75%         59.000000\nmax        414.000000\nName: age, dtype: float64\n\n   view  gender  loss_to_followup\n0    PA       M             False\n1    AP       F              True\n2    PA       F             False\n\nduplicate hashes: 11\nwrote stats/train_summary.json"
    )


@log
def nothing_nvidia_smi(w: Writer) -> None:
    for k in range(4):
        w.say(
            f"Thu Jun  8 14:2{k}:07 2023       \n+-----------------------------------------------------------------------------+\n| NVIDIA-SMI 515.65.01    Driver Version: 515.65.01    CUDA Version: 11.7     |\n|-------------------------------+----------------------+----------------------+\n| GPU  Name        Persistence-M| Bus-Id        Disp.A | Volatile Uncorr. ECC |\n| Fan  Temp  Perf  Pwr:Usage/Cap|         Memory-Usage | GPU-Util  Compute M. |\n|                               |                      |               MIG M. |\n|===============================+======================+======================|"
        )
        for g in range(4):
            w.say(
                f"|   {g}  NVIDIA A40          Off  | 00000000:{g + 1}1:00.0 Off |                    0 |\n|  0%   {w.int(35, 80)}C    P0   {w.int(80, 299)}W / 300W |  {w.int(1000, 46000):5d}MiB / 46068MiB |    {w.int(0, 100):3d}%      Default |\n|                               |                      |                  N/A |\n+-------------------------------+----------------------+----------------------+"
            )
        w.say(
            "                                                                               \n+-----------------------------------------------------------------------------+\n| Processes:                                                                  |\n|  GPU   GI   CI        PID   Type   Process name                  GPU Memory |\n|        ID   ID                                                   Usage      |\n|=============================================================================|\n|    0   N/A  N/A    310912      C   python train_loss.py            21033MiB |\n|    2   N/A  N/A    311004      C   .../envs/eval/bin/python         8121MiB |\n+-----------------------------------------------------------------------------+"
        )
