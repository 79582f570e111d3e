"""What systems, servers and test runs print: counts, times and names, and nothing of it trains."""

from __future__ import annotations

from .writer import Writer, log


@log
def dmesg(w: Writer) -> None:
    t = 0.0
    for k in range(60):
        t += w.x(0, 0.3)
        w.say(
            f"[{t:12.6f}] pci 0000:00:{k % 32:02x}.0: [8086:{w.noise.randrange(0x9999):04x}] type 00 class 0x{w.noise.randrange(0xFFFFFF):06x}"
        )
        if k % 3 == 0:
            w.say(
                f"[{t:12.6f}] pci 0000:00:{k % 32:02x}.0: reg 0x10: [mem 0x{w.noise.randrange(1 << 32):08x}-0x{w.noise.randrange(1 << 32):08x} 64bit]"
            )
        if k % 4 == 0:
            w.say(
                f"[{t:12.6f}] ACPI: SSDT 0x{w.noise.randrange(1 << 48):016X} {w.noise.randrange(1 << 24):06X} (v02 PmRef  Cpu0Ist  00003000 INTL 20120913)"
            )
        if k % 5 == 0:
            w.say(f"[{t:12.6f}] usb 1-{k % 4 + 1}: new high-speed USB device number {k + 2} using xhci_hcd")
        if k % 7 == 0:
            w.say(f"[{t:12.6f}] EXT4-fs (sda{k % 3 + 1}): mounted filesystem with ordered data mode. Opts: (null)")
        if k % 6 == 0:
            w.say(
                f"[{t:12.6f}] CPU{k}: Core temperature above threshold, cpu clock throttled (total events = {k * 31})"
            )
        if k % 9 == 0:
            w.say(
                f"[{t:12.6f}] Memory: {w.noise.randrange(10**6, 10**7)}K/{33554432}K available ({14339 + k}K kernel code, {2400 + k}K rwdata, 5000K rodata)"
            )
        if k % 8 == 0:
            w.say(f"[{t:12.6f}] nvidia-nvlink: Nvlink Core is being initialized, major device number {510 - k}")
        if k % 8 == 1:
            w.say(
                f"[{t:12.6f}] Out of memory: Killed process {w.noise.randrange(99999)} (python) total-vm:{w.noise.randrange(10**8)}kB, anon-rss:{w.noise.randrange(10**8)}kB, file-rss:{k}kB, shmem-rss:0kB, UID:1000 pgtables:{w.noise.randrange(9999)}kB oom_score_adj:0"
            )


@log
def nginx_upstream(w: Writer) -> None:
    for k in range(150):
        w.say(
            f'10.0.{k % 4}.{w.noise.randrange(255)} [2023-05-01T10:{k // 60:02d}:{k % 60:02d}+00:00] "POST /predict HTTP/1.1" 200 {w.noise.randrange(99999)} rt={w.x():.3f} uct={w.x() / 10:.3f} uht={w.x():.3f} urt={w.x():.3f}'
        )


@log
def syslog(w: Writer) -> None:
    for k in range(100):
        p = f"May  1 10:{k // 60:02d}:{k % 60:02d} node01 "
        w.say(
            p
            + w.noise.choice(
                [
                    f"sshd[{w.noise.randrange(99999)}]: Accepted publickey for me from 10.0.0.{k} port {w.noise.randrange(60000)} ssh2: RSA SHA256:abc",
                    f"systemd[1]: Started Session {k + 100} of user me.",
                    f"CRON[{w.noise.randrange(99999)}]: (root) CMD (   cd / && run-parts --report /etc/cron.hourly)",
                    f"kernel: [{k * 3.77 + 1000:.6f}] usb 1-1: new device number {k}",
                    f'dockerd[1234]: time="2023-05-01T10:00:{k % 60:02d}.{w.noise.randrange(10**9):09d}Z" level=info msg="ignoring event" container=abc',
                    f"slurmd[2211]: launch task StepId={k + 5000}.0 request from UID:1000 GID:1000 HOST:10.0.0.1 PORT:{w.noise.randrange(60000)}",
                    f"ntpd[888]: adjusting local clock by {w.x():.6f}s",
                    f"smartd[999]: Device: /dev/sda [SAT], SMART Usage Attribute: 194 Temperature_Celsius changed from {w.noise.randrange(60, 70)} to {w.noise.randrange(60, 70)}",
                ]
            )
        )


@log
def pytest_run(w: Writer) -> None:
    w.say(
        "============================= test session starts ==============================\nplatform linux -- Python 3.10.6, pytest-7.2.0, pluggy-1.0.0\nrootdir: /home/me/proj\ncollected 412 items\n"
    )
    for k in range(40):
        w.say(f"tests/test_module_{k}.py " + "." * w.noise.randrange(5, 40) + f" [{k * 100 // 40:3d}%]")
    w.say("============================= slowest 10 durations =============================")
    for k in range(10):
        w.say(f"{w.x(1, 10):.2f}s call     tests/test_module_{k}.py::test_thing_{k}")
    w.say("================== 411 passed, 1 skipped in 123.45s (0:02:03) ==================")


@log
def ctest(w: Writer) -> None:
    w.say("Test project /home/me/build")
    for k in range(1, 41):
        w.say(f"      Start {k:3d}: test_{k}")
        w.say(f"{k:3d}/40 Test #{k}: test_{k} ..............................   Passed    {w.x():.2f} sec")
    w.say("\n100% tests passed, 0 tests failed out of 40\n\nTotal Test time (real) =  22.33 sec")


@log
def gtest(w: Writer) -> None:
    w.say("[==========] Running 60 tests from 12 test suites.\n[----------] Global test environment set-up.")
    for s in range(12):
        w.say(f"[----------] 5 tests from Suite{s}")
        for k in range(5):
            w.say(f"[ RUN      ] Suite{s}.Case{k}\n[       OK ] Suite{s}.Case{k} ({w.noise.randrange(500)} ms)")
        w.say(f"[----------] 5 tests from Suite{s} ({w.noise.randrange(5000)} ms total)\n")


@log
def go_test(w: Writer) -> None:
    for k in range(40):
        w.say(f"=== RUN   TestThing{k}\n--- PASS: TestThing{k} ({w.x():.2f}s)")
    for k in range(10):
        w.say(f"ok  \tgithub.com/me/proj/pkg{k}\t{w.x():.3f}s")


@log
def wget(w: Writer) -> None:
    w.say(
        "--2023-05-01 10:00:00--  https://host/data.tar.gz\nResolving host (host)... 1.2.3.4\nConnecting to host (host)|1.2.3.4|:443... connected.\nHTTP request sent, awaiting response... 200 OK\nLength: 170498071 (163M) [application/x-gzip]\nSaving to: 'data.tar.gz'\n"
    )
    for k in range(100):
        w.say(
            f"{k * 500:6d}K .......... .......... .......... .......... .......... {k:2d}% {w.x(1, 90):.1f}M {100 - k}s"
        )


@log
def rsync(w: Writer) -> None:
    for k in range(60):
        w.say(
            f"data/file{k}.bin\n    {w.noise.randrange(10**9):,} 100%  {w.x(10, 110):.2f}MB/s    0:00:{k:02d} (xfr#{k + 1}, to-chk={60 - k}/70)"
        )


@log
def k8s_events(w: Writer) -> None:
    for k in range(60):
        w.say(
            f'I0501 10:{k // 60:02d}:{k % 60:02d}.{w.noise.randrange(10**6):06d}       1 controller.go:{w.noise.choice([123, 456])}] "Reconciling" namespace="default" name="job-{k}" generation={k % 7} duration="{w.x(1, 9):.3f}ms" queueDepth={k % 5}'
        )


@log
def postgres(w: Writer) -> None:
    for k in range(80):
        w.say(
            f"2023-05-01 10:{k // 60:02d}:{k % 60:02d}.123 UTC [{w.noise.randrange(9999)}] LOG:  duration: {w.x(1, 90):.3f} ms  statement: SELECT * FROM items WHERE id = {k}"
        )
        if k % 20 == 0:
            w.say(
                f"2023-05-01 10:00:00.123 UTC [77] LOG:  checkpoint complete: wrote {w.noise.randrange(999)} buffers ({w.x(0, 5):.1f}%); 0 WAL file(s) added, 0 removed, {k} recycled; write={w.x(1, 90):.3f} s, sync={w.x():.3f} s, total={w.x(1, 90):.3f} s; sync files={k}, longest={w.x():.3f} s, average={w.x():.3f} s; distance={w.noise.randrange(9999)} kB, estimate={w.noise.randrange(9999)} kB"
            )


@log
def gc_log(w: Writer) -> None:
    for k in range(100):
        w.say(
            f"[{k * 1.31:.3f}s][info][gc] GC({k}) Pause Young (Normal) (G1 Evacuation Pause) {w.noise.randrange(100, 300)}M->{w.noise.randrange(20, 90)}M(512M) {w.x(1, 9):.3f}ms"
        )
