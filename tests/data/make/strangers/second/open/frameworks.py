"""Trainers of frameworks and launchers."""

from __future__ import annotations

from data.make.strangers.writer import Writer, log


@log
def fedavg_rounds(w: Writer) -> None:
    w.say(
        "\nExperimental details:\n    Model     : cnn\n    Optimizer : sgd\n    Learning  : 0.01\n    Global Rounds   : 6\n\n    Federated parameters:\n    Non-IID\n    Fraction of users  : 0.04\n    Local Batch size   : 10\n    Local Epochs       : 2\n"
    )
    for g in range(6):
        w.say(f"\n | Global Training Round : {g + 1} |\n")
        for client in range(4):
            for ep in range(2):
                for b in range(0, 480, 160):
                    k = g * 2 + ep + b / 480 + client * 0.05
                    w.row(
                        "| Global Round : {_g} | Local Epoch : {_ep} | [{_b}/480 ({_p:.0f}%)]\tLoss: {Loss:.6f}",
                        None,
                        _g=g,
                        _ep=ep,
                        _b=b,
                        _p=100 * b / 480,
                        Loss=w.fall(k, 2.3, 0.12, 2),
                    )
        w.row(
            f" \nAvg Training Stats after {g + 1} global rounds:\nTraining Loss : {{'Loss:.14f}}\nTrain Accuracy: {{Accuracy:.2f}}% \n",
            (g + 1, g),
            **{"'Loss": w.fall(g, 2.1, 0.2, 1), "Accuracy": 100 * w.acc(g, 0.97, 1)},
        )
    w.row(
        " \n Results after 6 global rounds of training:\n|---- Avg Train Accuracy: {ok_Avg_Train_Accuracy:.2f}%\n|---- Test Accuracy: {Test_Accuracy:.2f}%\n\n Total Run Time: 91.2211",
        None,
        ok_Avg_Train_Accuracy=88.12,
        Test_Accuracy=89.03,
    )
    w.ok("Avg Train Accuracy", "Avg Accuracy", "Total Run Time")


@log
def julia_info_boxes(w: Writer) -> None:
    w.say(
        "  Activating project at `~/src/MNISTKnet`\n[ Info: Training on GPU\n┌ Info: data loaded\n│   size(xtrn) = (28, 28, 1, 60000)\n└   size(xtst) = (28, 28, 1, 10000)\n┌ Warning: Performing scalar indexing on task Task (runnable) @0x00007f2b1c1a0010.\n│ Invocation of getindex resulted in scalar indexing of a GPU array.\n└ @ GPUArraysCore ~/.julia/packages/GPUArraysCore/B3xv7/src/GPUArraysCore.jl:103"
    )
    for e in range(1, 21):
        w.row(
            "┌ Info: Epoch {_e}\n│   train_loss = {train_loss:.16g}\n│   train_acc = {train_acc:.4g}\n│   test_loss = {test_loss:.16g}\n│   test_acc = {test_acc:.4g}\n└   elapsed = {ok_elapsed:.9g}",
            e,
            _e=e,
            train_loss=w.fall(e, 0.6, 0.008, 1),
            train_acc=w.acc(e, 0.998, 0.1),
            test_loss=w.fall(e, 0.5, 0.029, 1),
            test_acc=w.acc(e, 0.991, 0.1),
            ok_elapsed=w.x(4.1, 4.9) + (22 if e == 1 else 0),
        )
        if e % 10 == 0:
            w.say(f'[ Info: Model saved in "runs/lenet/model_{e}.bson"')


@log
def mpirun_tags(w: Writer) -> None:
    w.say(
        "--------------------------------------------------------------------------\nWARNING: No preset parameters were found for the device that Open MPI\ndetected:\n\n  Local host:            cn114\n  Device name:           mlx5_0\n\nDefault device parameters will be used, which may result in lower performance.\n--------------------------------------------------------------------------"
    )
    for r in range(4):
        w.say(f"[1,{r}]<stdout>:worker {r}/4 on cn11{4 + r // 2} seed {100 + r}")
    for g in range(1, 41):
        w.row(
            f"[1,0]<stdout>:gen {g:3d} evals {g * 256:6d} fit.mean {{fit_mean:9.3f}} fit.best {{fit_best:9.3f}} sigma {{sigma:.5f}} |theta| {{theta:.4f}} {{ok_s:.1f}} s",
            (g, g * 256),
            fit_mean=-400 + 700 * g / (g + 12) + w.x(-20, 20),
            fit_best=-300 + 720 * g / (g + 10) + w.x(-20, 20),
            sigma=0.1 * 0.99**g,
            theta=3.1 + g / 50,
            ok_s=w.x(8, 9),
        )
        if g % 7 == 0:
            w.say(
                f"[1,{g % 4}]<stderr>:/opt/mpi4py/gym/envs/registration.py:555: UserWarning: WARN: The environment Walker2d-v3 is out of date. You should consider upgrading to version `v4`."
            )
    w.ok("s", "evals")
