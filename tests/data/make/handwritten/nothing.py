"""Files people keep beside their logs, in which nothing was measured: the right table is empty."""

from __future__ import annotations

from .writer import Writer, log


@log
def crash(w: Writer) -> None:
    w.say(
        'Traceback (most recent call last):\n  File "/home/me/train.py", line 123, in <module>\n    main()\n  File "/home/me/train.py", line 87, in main\n    loss.backward()\n  File "/opt/conda/lib/python3.11/site-packages/torch/_tensor.py", line 492, in backward\n    torch.autograd.backward(\ntorch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 79.15 GiB of which 1.23 GiB is free. Process 1234 has 77.90 GiB memory in use.'
    )


@log
def sbatch(w: Writer) -> None:
    w.say(
        "#!/bin/bash\n#SBATCH --job-name=train\n#SBATCH --nodes=4\n#SBATCH --ntasks-per-node=8\n#SBATCH --gres=gpu:8\n#SBATCH --time=24:00:00\n#SBATCH --mem=512G\n\nexport MASTER_PORT=29500\nexport OMP_NUM_THREADS=8\nLR=3e-4\nBATCH=512\nsrun python train.py --lr 3e-4 --batch-size 512 --epochs 90 --seed 1\nsrun python train.py --lr 1e-4 --batch-size 512 --epochs 90 --seed 2"
    )


@log
def python_source(w: Writer) -> None:
    for n in range(12):
        w.say(
            f"class Block{n}(nn.Module):\n    def __init__(self, dim={64 * (n + 1)}, depth={n}, p=0.{n}):\n        self.scale = {n}.5\n        self.fc = nn.Linear({64 * n}, {128 * n})\n        x = x * {n}.25 + {n}\n        lr = 0.00{n}\n    # step {n}: loss should be about {n}.5\n"
        )
    w.say("for epoch in range(10):\n    print(f'epoch {epoch} loss {loss.item():.4f}')\n    if step % 100 == 0: break")


@log
def readme(w: Writer) -> None:
    w.say(
        "# Results\n\nWe train for 90 epochs with batch size 256 and learning rate 0.1, decayed by 10 at epochs 30 and 60.\n\n| Model | Params | Top-1 |\n|---|---|---|\n| ResNet-18 | 11.7M | 69.76 |\n| ResNet-50 | 25.6M | 76.13 |\n| ViT-B | 86.6M | 81.07 |\n\n## Usage\n\n    pip install foo==1.2.3\n    python train.py --lr 0.1\n\nTraining takes 3 days on 8 GPUs. The loss is 2.31 after 100 steps."
    )


@log
def requirements(w: Writer) -> None:
    w.say(
        "torch==2.3.1\nnumpy>=1.26,<2.0\ntransformers==4.41.2\ndatasets==2.19.1\naccelerate==0.30.1\ntqdm==4.66.4\nscipy==1.13.1\npandas==2.2.2\nprotobuf==3.20.3\nsentencepiece==0.2.0"
    )


@log
def listing(w: Writer) -> None:
    w.say("total 1234567")
    for n in range(20):
        w.say(
            f"-rw-r--r-- 1 me users {int(w.x(100, 90000000)):>9d} May {n + 1:>2d} 10:{n:02d} checkpoint_{n * 1000}.pt"
        )


@log
def nvidia_smi(w: Writer) -> None:
    w.say(
        "Wed May  1 10:00:00 2024       \n+---------------------------------------------------------------------------------------+\n| NVIDIA-SMI 535.104.05             Driver Version: 535.104.05   CUDA Version: 12.2     |\n|-----------------------------------------+----------------------+----------------------+\n| GPU  Name                 Persistence-M | Bus-Id        Disp.A | Volatile Uncorr. ECC |\n| Fan  Temp   Perf          Pwr:Usage/Cap |         Memory-Usage | GPU-Util  Compute M. |\n|=========================================+======================+======================|"
    )
    for n in range(8):
        w.say(
            f"|   {n}  NVIDIA H100 80GB HBM3          On  | 00000000:{n}9:00.0 Off |                    0 |\n| N/A   {30 + n}C    P0              7{n}W / 700W |      {n * 3}MiB / 81559MiB |      {n}%      Default |\n|                                         |                      |             Disabled |\n+-----------------------------------------+----------------------+----------------------+"
        )


@log
def access_log(w: Writer) -> None:
    for n in range(40):
        w.say(
            f'10.0.0.{n % 9} - - [01/May/2024:10:00:{n:02d} +0000] "GET /static/js/app.{n}.js HTTP/1.1" 200 {int(w.x(100, 90000))} "-" "Mozilla/5.0 (X11; Linux x86_64)" {w.x():.3f}'
        )


@log
def pytest_output(w: Writer) -> None:
    w.say(
        "============================= test session starts ==============================\nplatform linux -- Python 3.11.4, pytest-7.4.0, pluggy-1.2.0\nrootdir: /home/me/project\ncollected 240 items\n"
    )
    for n in range(1, 13):
        w.say(f"tests/test_part{n}.py {'.' * 20}                    [{n * 8:3d}%]")
    w.say(
        "=========================== short test summary info ============================\nFAILED tests/test_part3.py::test_loss - AssertionError: assert 0.51 == 0.5\nFAILED tests/test_part4.py::test_acc - AssertionError: assert 0.81 == 0.8\n================== 2 failed, 238 passed, 3 warnings in 12.34s =================="
    )


@log
def apt_install(w: Writer) -> None:
    w.say(
        "Reading package lists... Done\nBuilding dependency tree... Done\nThe following NEW packages will be installed:\n  libfoo1 libbar2\n0 upgraded, 12 newly installed, 0 to remove and 34 not upgraded.\nNeed to get 12.3 MB of archives.\nAfter this operation, 45.6 MB of additional disk space will be used."
    )
    for n in range(1, 13):
        w.say(
            f"Get:{n} http://archive.ubuntu.com/ubuntu jammy/main amd64 libfoo{n} amd64 1.2.{n}-1ubuntu1 [{int(w.x(10, 999))} kB]"
        )
    w.say("Fetched 12.3 MB in 2s (5,678 kB/s)")
    for n in range(1, 13):
        w.say(
            f"Selecting previously unselected package libfoo{n}:amd64.\n(Reading database ... {10000 + n * 37} files and directories currently installed.)\nPreparing to unpack .../libfoo{n}_1.2.{n}_amd64.deb ...\nUnpacking libfoo{n}:amd64 (1.2.{n}-1ubuntu1) ..."
        )


@log
def pip_install(w: Writer) -> None:
    for n in range(12):
        w.say(
            f"Collecting package{n}>=1.{n}\n  Downloading package{n}-1.{n}.3-py3-none-any.whl ({w.x(1, 900):.1f} kB)\n     ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━ {w.x(1, 900):.1f}/{w.x(1, 900):.1f} kB {w.x(1, 90):.1f} MB/s eta 0:00:00"
        )
    w.say("Successfully installed package0-1.0.3 package1-1.1.3")


@log
def wget_progress(w: Writer) -> None:
    w.say(
        "--2024-05-01 10:00:00--  https://example.com/data.tar.gz\nResolving example.com... 93.184.216.34\nConnecting to example.com|93.184.216.34|:443... connected.\nHTTP request sent, awaiting response... 200 OK\nLength: 170498071 (163M) [application/x-gzip]\n"
    )
    for n in range(30):
        w.say(
            f"{n * 50:6d}K .......... .......... .......... .......... .......... {n * 3:2d}% {w.x(1, 9):.2f}M {30 - n}s"
        )


@log
def git_history(w: Writer) -> None:
    for n in range(20):
        w.say(
            f"commit {int(w.x(1e14, 9e14)):x}\nAuthor: A Person <a{n}@example.com>\nDate:   Wed May {n + 1} 10:{n:02d}:00 2024 +0200\n\n    Fix loss at step {n * 10}: was {w.x():.3f}\n\n {n + 1} files changed, {n * 7 + 1} insertions(+), {n + 3} deletions(-)\n"
        )


@log
def config_dump(w: Writer) -> None:
    w.say(
        "2024-05-01 10:00:00 INFO Config:\nmodel:\n  name: vit\n  depth: 12\n  dim: 768\n  heads: 12\n  dropout: 0.1\noptim:\n  lr: 0.0003\n  weight_decay: 0.05\n  betas: [0.9, 0.95]\n  warmup_steps: 2000\ndata:\n  batch_size: 512\n  workers: 8\n  size: 224\ntrainer:\n  epochs: 90\n  log_every: 50\n  seed: 42"
    )
    w.say("Namespace(lr=0.1, epochs=90, batch_size=256, momentum=0.9, weight_decay=0.0001, seed=None, gpu=0)")


@log
def torch_summary(w: Writer) -> None:
    w.say(
        "----------------------------------------------------------------\n        Layer (type)               Output Shape         Param #\n================================================================"
    )
    for n in range(1, 25):
        w.say(f"            Conv2d-{n}         [-1, {16 * n}, {224 // n}, {224 // n}]          {n * 864:,}")
    w.say(
        "================================================================\nTotal params: 1,234,567\nTrainable params: 1,234,567\nNon-trainable params: 0\n----------------------------------------------------------------\nInput size (MB): 0.57\nForward/backward pass size (MB): 62.79\nParams size (MB): 4.71\nEstimated Total Size (MB): 68.07"
    )


@log
def keras_summary(w: Writer) -> None:
    w.say(
        'Model: "sequential"\n_________________________________________________________________\n Layer (type)                Output Shape              Param #   \n================================================================='
    )
    for n in range(1, 9):
        w.say(
            f" conv2d_{n} (Conv2D)           (None, {28 - n}, {28 - n}, {32 * n})        {n * 320}       \n                                                                 "
        )
    w.say(
        "=================================================================\nTotal params: 34,826 (136.04 KB)\nTrainable params: 34,826 (136.04 KB)\nNon-trainable params: 0 (0.00 Byte)"
    )


@log
def tensor_dump(w: Writer) -> None:
    w.say("tensor([[" + ", ".join(f"{w.x(-1, 1): .4f}" for _ in range(6)) + "],")
    for _ in range(30):
        w.say("        [" + ", ".join(f"{w.x(-1, 1): .4f}" for _ in range(6)) + "],")
    w.say("       ], device='cuda:0')")


@log
def nccl(w: Writer) -> None:
    for n in range(24):
        w.say(
            f"node-1:1234:{1300 + n} [{n % 8}] NCCL INFO Channel {n:02d}/24 : {n % 8}[{n % 8}] -> {(n + 1) % 8}[{(n + 1) % 8}] via P2P/CUMEM"
        )
    w.say("node-1:1234:1300 [0] NCCL INFO comm 0x55d rank 0 nranks 8 cudaDev 0 busId 19000 - Init COMPLETE")


@log
def cargo_build(w: Writer) -> None:
    for n in range(20):
        w.say(f"   Compiling crate{n} v1.{n}.{n % 7}")
    w.say("    Finished release [optimized] target(s) in 1m 23s")


@log
def cmake_make(w: Writer) -> None:
    for n in range(0, 101, 4):
        w.say(f"[{n:3d}%] Building CXX object src/CMakeFiles/core.dir/part{n}.cpp.o")


@log
def docker_build(w: Writer) -> None:
    for n in range(1, 15):
        w.say(
            f"Step {n}/14 : RUN pip install package{n}=={n}.2.1\n ---> Running in {int(w.x(1e11, 9e11)):x}\nRemoving intermediate container {int(w.x(1e11, 9e11)):x}"
        )
    w.say("Successfully built 0123456789ab")


@log
def ping(w: Writer) -> None:
    w.say("PING example.com (93.184.216.34) 56(84) bytes of data.")
    for n in range(1, 30):
        w.say(f"64 bytes from 93.184.216.34: icmp_seq={n} ttl=56 time={w.x(10, 12):.1f} ms")
    w.say(
        "--- example.com ping statistics ---\n29 packets transmitted, 29 received, 0% packet loss, time 28040ms\nrtt min/avg/max/mdev = 10.1/11.2/12.3/0.456 ms"
    )


@log
def conda_list(w: Writer) -> None:
    w.say(
        "# packages in environment at /opt/conda:\n#\n# Name                    Version                   Build  Channel"
    )
    for n in range(25):
        w.say(f"package{n:<18} {n}.{n % 7}.{n % 3}                 py311h{n:05d}_{n % 4}    conda-forge")


@log
def top_dump(w: Writer) -> None:
    w.say(
        "top - 10:00:00 up 12 days,  3:45,  2 users,  load average: 1.23, 1.45, 1.67\nTasks: 345 total,   2 running, 343 sleeping,   0 stopped,   0 zombie\n%Cpu(s): 12.3 us,  4.5 sy,  0.0 ni, 83.2 id\nMiB Mem : 515912.3 total, 123456.7 free\n\n    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND"
    )
    for n in range(20):
        w.say(
            f"  {1000 + n * 37} me        20   0   {w.x(1, 99):.1f}g   {w.x(1, 9):.1f}g  {100 + n}m S  {w.x(0, 99):.1f}   {w.x(0, 9):.1f}  {n}:{n + 10:02d}.{n + 20:02d} python"
        )


@log
def server_json_free(w: Writer) -> None:
    for n in range(40):
        w.say(
            f'2024-05-01 10:00:{n:02d},123 INFO uvicorn.access: 10.0.0.{n % 9}:5{n:04d} - "POST /predict HTTP/1.1" 200'
        )
        w.say(f"2024-05-01 10:00:{n:02d},124 DEBUG pool: worker {n % 4} picked task {n * 17} from queue of {n % 5}")


@log
def download_bars(w: Writer) -> None:
    for name in ("config.json", "model.safetensors", "tokenizer.json"):
        w.say(
            "\r".join(
                f"{name}: {k * 10:3d}%|{'█' * k}{' ' * (10 - k)}| {k * 10}.0M/100M [00:0{k % 10}<00:0{9 - k % 10}, 98.{k}MB/s]"
                for k in range(11)
            )
        )
