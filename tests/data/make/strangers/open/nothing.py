"""What measures nothing of a training."""

from __future__ import annotations

from data.make.strangers.writer import Writer, log


@log
def nothing_crash(w: Writer) -> None:
    w.say(
        "Loading pretrained weights from ./weights/vit_b_16.pth\nTotal params: 86,567,656\nUsing 8 dataloader workers\nStart training"
    )
    w.say(
        'Traceback (most recent call last):\n  File "train.py", line 284, in <module>\n    main(args)\n  File "train.py", line 211, in main\n    train_one_epoch(model, criterion, loader, optimizer, device, epoch=0)\n  File "/home/u/proj/engine.py", line 41, in train_one_epoch\n    loss = criterion(outputs, targets)\n  File "/opt/conda/lib/python3.9/site-packages/torch/nn/modules/module.py", line 1190, in _call_impl\n    return forward_call(*input, **kwargs)\n  File "/opt/conda/lib/python3.9/site-packages/torch/nn/modules/loss.py", line 1174, in forward\n    return F.cross_entropy(input, target, weight=self.weight,\n  File "/opt/conda/lib/python3.9/site-packages/torch/nn/functional.py", line 3026, in cross_entropy\n    return torch._C._nn.cross_entropy_loss(input, target, weight, _Reduction.get_enum(reduction), ignore_index, label_smoothing)'
    )
    w.say(
        "RuntimeError: CUDA out of memory. Tried to allocate 1.16 GiB (GPU 0; 23.69 GiB total capacity; 20.81 GiB already allocated; 690.94 MiB free; 21.51 GiB reserved in total by PyTorch) If reserved memory is >> allocated memory try setting max_split_size_mb to avoid fragmentation."
    )
    for r in range(4):
        w.say(
            f"WARNING:torch.distributed.elastic.multiprocessing.api:Sending process {41200 + r} closing signal SIGTERM"
        )
    w.say(
        "ERROR:torch.distributed.elastic.multiprocessing.api:failed (exitcode: 1) local_rank: 3 (pid: 41203) of binary: /opt/conda/bin/python"
    )
    w.say(
        "Traceback (most recent call last):\n  File \"/opt/conda/bin/torchrun\", line 33, in <module>\n    sys.exit(load_entry_point('torch==1.13.0', 'console_scripts', 'torchrun')())\n  File \"/opt/conda/lib/python3.9/site-packages/torch/distributed/run.py\", line 762, in main\n    run(args)\ntorch.distributed.elastic.multiprocessing.errors.ChildFailedError: \n============================================================\ntrain.py FAILED\n------------------------------------------------------------\nFailures:\n  <NO_OTHER_FAILURES>\n------------------------------------------------------------\nRoot Cause (first observed failure):\n[0]:\n  time      : 2023-03-11_09:12:44\n  host      : gpu07\n  rank      : 3 (local_rank: 3)\n  exitcode  : 1 (pid: 41203)\n  error_file: <N/A>\n  traceback : To enable traceback see: https://pytorch.org/docs/stable/elastic/errors.html\n============================================================"
    )


@log
def nothing_job_script(w: Writer) -> None:
    w.say(
        "#!/bin/bash\n#SBATCH --job-name=gpt2-small\n#SBATCH --nodes=2\n#SBATCH --ntasks-per-node=4\n#SBATCH --gres=gpu:4\n#SBATCH --cpus-per-task=12\n#SBATCH --time=24:00:00\n#SBATCH --mem=200G\n#SBATCH --output=logs/%x_%j.out\n\nset -euo pipefail\nmodule purge\nmodule load cuda/12.1 nccl/2.18.3\nsource ~/venvs/train/bin/activate\n\nexport MASTER_ADDR=$(scontrol show hostnames $SLURM_JOB_NODELIST | head -n 1)\nexport MASTER_PORT=29500\nexport OMP_NUM_THREADS=12\nexport NCCL_DEBUG=WARN\n\nLR=6e-4\nBATCH=12\nSEQ=1024\nSTEPS=600000\nWARMUP=2000\nSEED=1337\n"
    )
    for lr in ("1e-4", "3e-4", "6e-4", "1e-3"):
        w.say(
            f"# lr sweep\nsrun --exclusive python train.py \\\n    --model gpt2 --n_layer 12 --n_head 12 --n_embd 768 \\\n    --learning_rate {lr} --min_lr 6e-5 --weight_decay 0.1 \\\n    --batch_size $BATCH --block_size $SEQ \\\n    --max_iters $STEPS --warmup_iters $WARMUP \\\n    --eval_interval 1000 --log_interval 10 \\\n    --out_dir out/lr{lr} --seed $SEED"
        )
    w.say('echo "job finished at $(date)"\nif [ $? -eq 0 ]; then\n    rsync -a out/ $HOME/results/$SLURM_JOB_ID/\nfi')


@log
def nothing_source_code(w: Writer) -> None:
    w.say(
        '"""Train a ResNet on CIFAR-10."""\nimport argparse\nimport torch\nimport torch.nn as nn\n\nEPOCHS = 200\nLR = 0.1\nMOMENTUM = 0.9\nWEIGHT_DECAY = 5e-4\nBATCH_SIZE = 128\n\n\nclass BasicBlock(nn.Module):\n    expansion = 1\n\n    def __init__(self, in_planes, planes, stride=1):\n        super().__init__()\n        self.conv1 = nn.Conv2d(in_planes, planes, kernel_size=3, stride=stride, padding=1, bias=False)\n        self.bn1 = nn.BatchNorm2d(planes)\n        self.shortcut = nn.Sequential()\n\n'
    )
    w.say(
        "def train(epoch):\n    print('\\nEpoch: %d' % epoch)\n    net.train()\n    train_loss = 0\n    correct = 0\n    total = 0\n    for batch_idx, (inputs, targets) in enumerate(trainloader):\n        inputs, targets = inputs.to(device), targets.to(device)\n        optimizer.zero_grad()\n        outputs = net(inputs)\n        loss = criterion(outputs, targets)\n        loss.backward()\n        optimizer.step()\n\n        train_loss += loss.item()\n        _, predicted = outputs.max(1)\n        total += targets.size(0)\n        correct += predicted.eq(targets).sum().item()\n\n        if batch_idx % 10 == 0:\n            print(f'Loss: {train_loss / (batch_idx + 1):.3f} | Acc: {100. * correct / total:.3f}% ({correct}/{total})')\n"
    )
    w.say(
        "def adjust(optimizer, epoch):\n    lr = 0.1\n    if epoch >= 60:\n        lr = 0.02\n    if epoch >= 120:\n        lr = 0.004\n    if epoch >= 160:\n        lr = 0.0008\n    for group in optimizer.param_groups:\n        group['lr'] = lr\n\n\nif __name__ == '__main__':\n    parser = argparse.ArgumentParser()\n    parser.add_argument('--lr', default=0.1, type=float)\n    parser.add_argument('--epochs', default=200, type=int)\n    parser.add_argument('--resume', '-r', action='store_true')\n    args = parser.parse_args()\n    best_acc = 0\n    start_epoch = 0\n    for epoch in range(start_epoch, start_epoch + args.epochs):\n        train(epoch)\n        test(epoch)\n        scheduler.step()"
    )


@log
def nothing_unit_tests(w: Writer) -> None:
    w.say(
        "============================= test session starts ==============================\nplatform linux -- Python 3.11.4, pytest-7.4.0, pluggy-1.2.0 -- /usr/bin/python\ncachedir: .pytest_cache\nrootdir: /home/u/proj\nconfigfile: pyproject.toml\nplugins: cov-4.1.0, xdist-3.3.1, hypothesis-6.80.0\ncollecting ... collected 64 items\n"
    )
    for k in range(64):
        name = w.noise.choice(["loss", "accuracy", "lr_schedule", "grad_clip", "dataloader", "checkpoint"])
        w.say(
            f"tests/test_{name}.py::test_{name}_{w.noise.choice(['shape', 'value', 'nan', 'resume', 'epoch'])}[{w.int(1, 16)}-{w.x():.2f}] {'PASSED' if k % 21 else 'FAILED'}{' ' * 10}[{(k + 1) * 100 // 64:3d}%]"
        )
    w.say(
        "\n=================================== FAILURES ===================================\n______________________________ test_loss_value[4-0.13] ______________________________\n\n    def test_loss_value(batch, smoothing):\n        model = tiny()\n        loss = model(torch.zeros(batch, 8))\n>       assert loss.item() == pytest.approx(2.3026, abs=1e-4)\nE       assert 2.3518 == 2.3026 ± 1.0e-04\nE         comparison failed\nE         Obtained: 2.3518\nE         Expected: 2.3026 ± 1.0e-04\n\ntests/test_loss.py:41: AssertionError\n---------- coverage: platform linux, python 3.11.4-final-0 -----------\nName                 Stmts   Miss  Cover\n----------------------------------------\nproj/__init__.py         3      0   100%\nproj/loss.py            71      4    94%\nproj/train.py          201     88    56%\n----------------------------------------\nTOTAL                  275     92    67%\n============================= slowest 3 durations ==============================\n2.31s call     tests/test_dataloader.py::test_dataloader_resume\n1.02s call     tests/test_checkpoint.py::test_checkpoint_resume\n0.81s setup    tests/test_loss.py::test_loss_value\n=================== 4 failed, 60 passed in 12.84s ==================="
    )
