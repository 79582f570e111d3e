"""What measures nothing of a training."""

from __future__ import annotations

from data.make.strangers.writer import Writer, clock, log


@log
def nothing_pip_install(w: Writer) -> None:
    w.say(
        "Looking in indexes: https://pypi.org/simple, https://pypi.ngc.nvidia.com\nCollecting torch==2.1.0 (from -r requirements.txt (line 1))\n  Downloading torch-2.1.0-cp310-cp310-manylinux1_x86_64.whl.metadata (25 kB)"
    )
    for name in (
        "numpy==1.26.4",
        "tqdm==4.66.2",
        "scikit-learn==1.4.1",
        "pandas==2.2.1",
        "einops==0.7.0",
        "timm==0.9.16",
        "matplotlib==3.8.3",
        "accelerate==0.27.2",
        "datasets==2.18.0",
        "wandb==0.16.4",
    ):
        base, version = name.split("==")
        size = w.x(0.1, 20)
        w.say(
            f"Collecting {name} (from -r requirements.txt (line {w.int(2, 14)}))\n  Downloading {base}-{version}-cp310-cp310-manylinux_2_17_x86_64.manylinux2014_x86_64.whl ({size:.1f} MB)\n\r     ━━━━━━━━━━━━━━━━━━━━╸━━━━━━━━━━━━━━━━━━━ {size / 2:.1f}/{size:.1f} MB {w.x(3, 9):.1f} MB/s eta 0:00:01\r     ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━ {size:.1f}/{size:.1f} MB {w.x(3, 9):.1f} MB/s eta 0:00:00\nRequirement already satisfied: typing-extensions>=4.8.0 in /usr/local/lib/python3.10/dist-packages (from {name}->-r requirements.txt (line 1)) (4.10.0)"
        )
    w.say(
        "Building wheels for collected packages: apex\n  Building wheel for apex (setup.py): started\n  Building wheel for apex (setup.py): still running...\n  Building wheel for apex (setup.py): finished with status 'done'\n  Created wheel for apex: filename=apex-0.1-cp310-cp310-linux_x86_64.whl size=21012331 sha256=9f31c0b1\nSuccessfully built apex\nInstalling collected packages: tqdm, numpy, scikit-learn, pandas, einops, timm\n  Attempting uninstall: numpy\n    Found existing installation: numpy 1.22.2\n    Uninstalling numpy-1.22.2:\n      Successfully uninstalled numpy-1.22.2\nERROR: pip's dependency resolver does not currently take into account all the packages that are installed. This behaviour is the source of the following dependency conflicts.\ncudf 23.8.0 requires numba<0.58,>=0.57, but you have numba 0.59.0 which is incompatible.\nSuccessfully installed numpy-1.26.4 pandas-2.2.1 timm-0.9.16 torch-2.1.0\nWARNING: Running pip as the 'root' user can result in broken permissions and conflicting behaviour with the system package manager. It is recommended to use a virtual environment instead: https://pip.pypa.io/warnings/venv"
    )


@log
def nothing_access_log(w: Writer) -> None:
    t = 36000.0
    for _ in range(140):
        t += w.x(0, 9)
        path = w.noise.choice(
            [
                "/",
                "/static/app.js",
                "/api/v1/runs?page=2",
                "/api/v1/runs/412/metrics?name=loss",
                "/favicon.ico",
                "/login",
                "/api/v1/epochs/12",
            ]
        )
        w.say(
            f'10.{w.int(0, 9)}.{w.int(0, 255)}.{w.int(1, 254)} - - [12/Mar/2024:{clock(t)} +0000] "{w.noise.choice(["GET", "GET", "POST"])} {path} HTTP/1.1" {w.noise.choice([200, 200, 200, 304, 404, 500])} {w.int(120, 90000)} "-" "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/122.0.0.0 Safari/537.36" rt={w.x(0, 1.2):.3f} uct=0.000 urt={w.x(0, 1.1):.3f}'
        )


@log
def nothing_dmesg(w: Writer) -> None:
    w.say(
        "[    0.000000] Linux version 5.15.0-97-generic (buildd@lcy02-amd64-033) (gcc (Ubuntu 11.4.0-1ubuntu1~22.04) 11.4.0, GNU ld (GNU Binutils for Ubuntu) 2.38) #107-Ubuntu SMP Wed Feb 7 13:26:48 UTC 2024\n[    0.000000] Command line: BOOT_IMAGE=/vmlinuz-5.15.0-97-generic root=/dev/mapper/vg0-root ro quiet splash\n[    0.000000] BIOS-e820: [mem 0x0000000000000000-0x000000000009ffff] usable\n[    0.004012] tsc: Detected 2250.000 MHz processor\n[    0.012331] last_pfn = 0x204f380 max_arch_pfn = 0x400000000\n[    0.120331] Memory: 131734412K/134118904K available (16393K kernel code, 4379K rwdata, 10872K rodata, 3340K init, 18684K bss, 2384236K reserved, 0K cma-reserved)\n[    0.220114] Calibrating delay loop (skipped), value calculated using timer frequency.. 4500.00 BogoMIPS (lpj=9000000)"
    )
    t = 1.2
    for k in range(110):
        t += w.x(0, 40)
        w.say(
            f"[{t:12.6f}] "
            + w.noise.choice(
                [
                    f"pci 0000:{w.int(10, 99)}:00.0: BAR {w.int(0, 5)}: assigned [mem 0x{w.int(2**28, 2**31):x}-0x{w.int(2**31, 2**32):x} 64bit pref]",
                    f"usb 1-{w.int(1, 9)}: new high-speed USB device number {w.int(2, 19)} using xhci_hcd",
                    f"NVRM: Xid (PCI:0000:{w.int(10, 99)}:00): 31, pid={w.int(1000, 99999)}, name=python, Ch 00000008, intr 00000000. MMU Fault: ENGINE GRAPHICS GPCCLIENT_T1_0 faulted @ 0x7f12_{w.int(10000000, 99999999)}",
                    f"CPU{w.int(0, 63)}: Core temperature above threshold, cpu clock throttled (total events = {w.int(1, 900)})",
                    f"EXT4-fs (nvme{w.int(0, 3)}n1p1): mounted filesystem with ordered data mode. Opts: (null). Quota mode: none.",
                    f"python[{w.int(1000, 99999)}]: segfault at {w.int(10, 99)} ip 00007f8d1c2b4a21 sp 00007ffd01c2d1f0 error 4 in libtorch_cpu.so[7f8d18000000+10000000]",
                    f"Out of memory: Killed process {w.int(1000, 99999)} (python) total-vm:{w.int(10**6, 10**8)}kB, anon-rss:{w.int(10**6, 10**8)}kB, file-rss:{w.int(0, 9999)}kB, shmem-rss:0kB, UID:1000 pgtables:{w.int(1000, 90000)}kB oom_score_adj:0",
                    "igb 0000:01:00.0 eno1: igb: eno1 NIC Link is Up 1000 Mbps Full Duplex, Flow Control: RX",
                ]
            )
        )


@log
def nothing_download(w: Writer) -> None:
    w.say(
        "--2024-02-02 10:11:12--  http://images.cocodataset.org/zips/train2017.zip\nResolving images.cocodataset.org (images.cocodataset.org)... 52.216.211.9, 3.5.29.101\nConnecting to images.cocodataset.org (images.cocodataset.org)|52.216.211.9|:80... connected.\nHTTP request sent, awaiting response... 200 OK\nLength: 19336861798 (18G) [application/zip]\nSaving to: ‘train2017.zip’\n"
    )
    for k in range(0, 19336861798 // 1024 // 50 + 1, 6400):
        p = min(100, k * 50 * 1024 * 100 // 19336861798)
        left = (100 - p) * 3
        w.say(
            f"{k * 50:9d}K .......... .......... .......... .......... .......... {p:2d}% {w.x(20, 60):.1f}M {left // 60}m{left % 60}s"
        )
    w.say(
        "\n2024-02-02 10:17:02 (52.7 MB/s) - ‘train2017.zip’ saved [19336861798/19336861798]\n\nDownloading https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz to ./data/cifar-10-python.tar.gz"
    )
    first = len(w.lines)
    for k in range(0, 171, 5):
        n = int(k * 1e6 * 1.0028)
        w.say(
            f" {k * 100 // 170:3d}%|{'█' * (k * 10 // 170):10s}| {n}/170498071 [00:{k // 8:02d}<00:{(170 - k) // 8:02d}, {w.int(8000000, 9000000)}.{w.int(10, 99)}it/s]"
        )
    w.joined(first)
    w.say(
        "Extracting ./data/cifar-10-python.tar.gz to ./data\nDownloading readme: 100%|██████████| 9.06k/9.06k [00:00<00:00, 13.2MB/s]\nDownloading data: 100%|██████████| 21.0M/21.0M [00:01<00:00, 17.1MB/s]\nGenerating train split: 100%|██████████| 25000/25000 [00:00<00:00, 101241.45 examples/s]\nGenerating test split: 100%|██████████| 25000/25000 [00:00<00:00, 112933.12 examples/s]\nMap: 100%|██████████| 25000/25000 [00:14<00:00, 1711.03 examples/s]"
    )
