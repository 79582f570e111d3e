"""Logs that measure nothing."""

from __future__ import annotations

from data.make.strangers.writer import Writer, log


@log
def nothing_squeue(w: Writer) -> None:
    w.say(
        "[mw412@login2 ~]$ squeue -u mw412 -o '%.10i %.9P %.22j %.8u %.2t %.10M %.6D %R'\n     JOBID PARTITION                   NAME     USER ST       TIME  NODES NODELIST(REASON)"
    )
    for k in range(28):
        state = "R" if k < 9 else "PD"
        left = f"{w.int(0, 9)}:{w.int(10, 59)}:{w.int(10, 59)}" if k < 9 else "0:00"
        where = f"gpu{w.int(101, 140)}" if k < 9 else ("(Priority)" if k % 3 else "(Resources)")
        w.say(
            f"{8812034 + k:10d} {'a100' if k % 2 else 'v100':>9} {'loss_sweep_' + str(k):>22} {'mw412':>8} {state:>2} {left:>10} {1 + k % 2:6d} {where}"
        )
    w.say(
        "[mw412@login2 ~]$ sacct -j 8812034 --format=JobID,JobName%20,Elapsed,MaxRSS,State,ExitCode\n       JobID              JobName    Elapsed     MaxRSS      State ExitCode\n------------ -------------------- ---------- ---------- ---------- --------"
    )
    for k in range(8):
        w.say(
            f"{8812000 + k}{'.batch':>5}         loss_sweep_{k} 0{k % 5}:{w.int(10, 59)}:{w.int(10, 59)}  {w.int(1000000, 9000000)}K  COMPLETED      0:0"
        )
    w.say(
        "[mw412@login2 ~]$ quota -s\nDisk quotas for user mw412 (uid 40122):\n     Filesystem   space   quota   limit   grace   files   quota   limit   grace\n       /dev/sdb    81G*     80G    100G   6days    401k       0       0\n[mw412@login2 ~]$ exit\nlogout"
    )


@log
def nothing_ssh_session(w: Writer) -> None:
    w.say(
        "$ ssh -p 2222 anna@beo.cs.uni.example\nWarning: Permanently added '[beo.cs.uni.example]:2222' (ED25519) to the list of known hosts.\nanna@beo.cs.uni.example's password:\nWelcome to Ubuntu 22.04.3 LTS (GNU/Linux 5.15.0-91-generic x86_64)\n\n * Documentation:  https://help.ubuntu.com\n\n  System information as of Mon Jan  8 09:14:02 UTC 2024\n\n  System load:  12.41              Processes:             911\n  Usage of /:   81.3% of 1.72TB   Users logged in:       4\n  Memory usage: 37%                IPv4 address for eno1: 10.3.1.17\n  Swap usage:   2%                 Temperature:           61.0 C\n\nExpanded Security Maintenance for Applications is not enabled.\n\n14 updates can be applied immediately.\nTo see these additional updates run: apt list --upgradable\n\nLast login: Fri Jan  5 17:40:51 2024 from 10.3.200.4"
    )
    w.say("anna@beo:~$ cd thesis/runs && ls -lt | head -20\ntotal 1284")
    for k in range(18):
        w.say(
            f"drwxrwxr-x 2 anna anna {4096 * (1 + k % 3):6d} Jan  {1 + k % 7} {w.int(10, 23)}:{w.int(10, 59)} lr{w.int(1, 9)}e-4_acc0.{w.int(700, 900)}_seed{k}"
        )
    w.say(
        "anna@beo:~/thesis/runs$ du -sh . && df -h /\n91G\t.\nFilesystem      Size  Used Avail Use% Mounted on\n/dev/nvme0n1p2  1.8T  1.4T  331G  82% /\nanna@beo:~/thesis/runs$ tmux ls\ntrain: 1 windows (created Fri Jan  5 17:41:30 2024)\nanna@beo:~/thesis/runs$ nano ../train.py\nanna@beo:~/thesis/runs$ git -C .. status -s\n M train.py\n?? runs/\nanna@beo:~/thesis/runs$ exit\nlogout\nConnection to beo.cs.uni.example closed."
    )


@log
def nothing_compile_kernels(w: Writer) -> None:
    w.say(
        "running build_ext\nbuilding 'pointnet2_ops._ext' extension\nEmitting ninja build file /tmp/build/temp.linux-x86_64-cpython-39/build.ninja...\nCompiling objects...\nAllowing ninja to set a default number of workers... (overridable by setting the environment variable MAX_JOBS=N)"
    )
    names = [
        "ball_query",
        "group_points",
        "interpolate",
        "sampling",
        "focal_loss",
        "chamfer_loss",
        "roi_pool",
        "voxelize",
        "hash_table",
        "nms",
    ]
    for i, name in enumerate(names, 1):
        w.say(
            f"[{i}/{len(names)}] /usr/local/cuda/bin/nvcc -I/opt/torch/include -c src/{name}_gpu.cu -o build/{name}_gpu.o -D__CUDA_NO_HALF_OPERATORS__ --expt-relaxed-constexpr -O3 -gencode=arch=compute_{70 + i % 3 * 5},code=sm_{70 + i % 3 * 5} -std=c++14"
        )
        if i % 3 == 0:
            w.say(
                f'src/{name}_gpu.cu(1{i}4): warning #177-D: variable "loss" was declared but never referenced\n\nsrc/{name}_gpu.cu({i}2): warning #2361-D: invalid narrowing conversion from "unsigned int" to "int"\n'
            )
            w.say(
                f"ptxas info    : 0 bytes gmem\nptxas info    : Compiling entry function '_Z{i}3step_kernelPKfPfi' for 'sm_75'\nptxas info    : Used {w.int(16, 60)} registers, {w.int(300, 400)} bytes cmem[0]"
            )
    w.say(
        "g++ -pthread -shared -B /opt/conda/compiler_compat "
        + " ".join(f"build/{n}_gpu.o" for n in names)
        + " -L/usr/local/cuda/lib64 -lcudart -lc10 -ltorch -o build/_ext.so\n/opt/conda/compiler_compat/ld: warning: libcudart.so.11.0 may conflict with libcudart.so.10.2\ncopying build/_ext.so -> pointnet2_ops\nrunning install_lib\nWriting /opt/conda/lib/python3.9/site-packages/pointnet2_ops-3.0.0.egg-info\nreal\t3m12.401s\nuser\t9m44.220s\nsys\t0m31.118s"
    )


@log
def nothing_apt_upgrade(w: Writer) -> None:
    w.say(
        "Hit:1 http://archive.ubuntu.com/ubuntu jammy InRelease\nGet:2 http://security.ubuntu.com/ubuntu jammy-security InRelease [110 kB]\nGet:3 https://developer.download.nvidia.com/compute/cuda/repos/ubuntu2204/x86_64  InRelease [1581 B]\nGet:4 http://archive.ubuntu.com/ubuntu jammy-updates/main amd64 Packages [1409 kB]\nFetched 4127 kB in 2s (1904 kB/s)\nGet:5 http://archive.ubuntu.com/ubuntu jammy-updates/universe amd64 Packages [1248 kB]\nGet:6 http://archive.ubuntu.com/ubuntu jammy-backports/universe amd64 Packages [32.6 kB]\nReading package lists... Done\nBuilding dependency tree... Done\nReading state information... Done\nCalculating upgrade... Done\nThe following packages will be upgraded:\n  libcudnn8 libcudnn8-dev cuda-toolkit-12-config-common libnccl2 libnccl-dev nvidia-fs\n6 upgraded, 0 newly installed, 0 to remove and 11 not upgraded.\nNeed to get 911 MB of archives.\nAfter this operation, 1,204 kB of additional disk space will be used."
    )
    for k, name in enumerate(
        [
            "libcudnn8 8.9.4.25-1+cuda12.2",
            "libcudnn8-dev 8.9.4.25-1+cuda12.2",
            "cuda-toolkit-12-config-common 12.2.128-1",
            "libnccl2 2.18.3-1+cuda12.2",
        ],
        1,
    ):
        w.say(
            f"Get:{k} https://developer.download.nvidia.com/compute/cuda/repos/ubuntu2204/x86_64  {name} [{w.int(100, 400)} MB]"
        )
    for k in range(0, 101, 10):
        w.say(f"Progress: [{k:3d}%] [{'#' * (k // 4)}{'.' * (25 - k // 4)}]")
    w.say(
        "(Reading database ... 118204 files and directories currently installed.)\nPreparing to unpack .../libcudnn8_8.9.4.25-1+cuda12.2_amd64.deb ...\nUnpacking libcudnn8 (8.9.4.25-1+cuda12.2) over (8.9.2.26-1+cuda12.1) ...\nSetting up libcudnn8 (8.9.4.25-1+cuda12.2) ...\nSetting up libnccl2 (2.18.3-1+cuda12.2) ...\nProcessing triggers for libc-bin (2.35-0ubuntu3.1) ...\nScanning processes...\nNo services need to be restarted.\nNo VM guests are running outdated hypervisor (qemu) binaries on this host."
    )


@log
def nothing_docker_build(w: Writer) -> None:
    w.say(
        "[+] Building 412.7s (14/14) FINISHED                                     docker:default\n => [internal] load build definition from Dockerfile                               0.0s\n => => transferring dockerfile: 1.21kB                                             0.0s\n => [internal] load metadata for nvcr.io/nvidia/pytorch:23.10-py3                  1.1s\n => [internal] load .dockerignore                                                  0.0s\n => [ 1/9] FROM nvcr.io/nvidia/pytorch:23.10-py3@sha256:1f1c7e10de07              201.3s"
    )
    for _ in range(14):
        w.say(
            f" => => sha256:{w.int(10**9, 10**10 - 1):x}{w.int(10**9, 10**10 - 1):x} {w.x(0.1, 2.2):.2f}GB / {w.x(2.2, 2.4):.2f}GB  {w.x(10, 190):8.1f}s"
        )
    for k, step in enumerate(
        [
            "RUN apt-get update && apt-get install -y git ffmpeg",
            "WORKDIR /workspace/train",
            "COPY requirements.txt .",
            "RUN pip install --no-cache-dir -r requirements.txt",
            "COPY src/ src/",
            "COPY configs/loss_ablation.yaml configs/",
            "RUN python -m compileall -q src",
            'ENTRYPOINT ["python", "-m", "src.train"]',
        ],
        2,
    ):
        w.say(f" => [ {k}/9] {step:<70} {w.x(0.1, 90):6.1f}s")
    w.say(
        " => exporting to image                                                           22.1s\n => => exporting layers                                                          22.0s\n => => writing image sha256:9a1bd0e1c6a3f0d3d2                                     0.0s\n => => naming to docker.io/lab/train:acc-fix                                      0.0s\n\n$ docker images\nREPOSITORY   TAG        IMAGE ID       CREATED          SIZE\nlab/train    acc-fix    9a1bd0e1c6a3   10 seconds ago   22.4GB\nlab/train    epoch-30   77ab01ff9012   3 weeks ago      22.1GB\n\n$ docker push registry.example/lab/train:acc-fix\nThe push refers to repository [registry.example/lab/train]\n5f70bf18a086: Layer already exists\n3c1f0a2b1e11: Pushing  1.204GB/2.107GB\n3c1f0a2b1e11: Pushed\nacc-fix: digest: sha256:c0ffee11d0 size: 9181"
    )
