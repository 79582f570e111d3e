"""Tutorials and course work."""

from __future__ import annotations

from data.make.strangers.writer import Writer, bar, log


@log
def cs224n_parser(w: Writer) -> None:
    rule = "=" * 80
    w.say(
        f"{rule}\nINITIALIZING\n{rule}\nLoading data...\ntook 1.53 seconds\nBuilding parser...\ntook 0.82 seconds\nLoading pretrained embeddings...\ntook 2.01 seconds\nVectorizing data...\ntook 1.17 seconds\nPreprocessing training data...\ntook 31.44 seconds\ntook 0.00 seconds\n\n{rule}\nTRAINING\n{rule}"
    )
    best = 0.0
    for e in range(1, 11):
        at = (e, e * 1848, 1848)
        w.say(f"Epoch {e} out of 10")
        w.say(bar(1848, 1848, w.x(18, 27)) + "]")
        w.row("Average Train Loss: {Average_Train_Loss}", at, Average_Train_Loss=w.fall(e - 1, 0.1818, 0.051, 1.6))
        w.say("Evaluating on dev set")
        w.say(f"1445850it [00:00, {w.x(2.4e7, 3.3e7):.2f}it/s]")
        uas = 100 * w.acc(e + 3, 0.91, 0.35)
        w.row("- dev UAS: {dev_UAS:.2f}", at, dev_UAS=uas)
        if uas > best:
            best = uas
            w.say("New best dev UAS! Saving model.")
        w.say("")
    w.say(
        f"{rule}\nTESTING\n{rule}\nRestoring the best model weights found on the dev set\nFinal evaluation on test set\n2919736it [00:00, 46182263.47it/s]"
    )
    w.row("- test UAS: {test_UAS:.2f}\nDone!", None, test_UAS=best + 0.31)


@log
def octave_fmincg(w: Writer) -> None:
    w.say(
        "\nLoading and Visualizing Data ...\nProgram paused. Press enter to continue.\n\nTraining One-vs-All Logistic Regression..."
    )
    for k in range(10):
        first = len(w.lines)
        for i in range(1, 26):
            w.row(
                "Iteration {_i:4d} | Cost: {Cost:4.6e}",
                (i, k * 25 + i),
                _i=i,
                Cost=w.fall(i - 1, 0.35, 0.012 + 0.004 * (k % 4), 2),
            )
        w.joined(first)
        w.say("")
    w.row(
        "Program paused. Press enter to continue.\n\nTraining Set Accuracy: {Training_Set_Accuracy:f}",
        None,
        Training_Set_Accuracy=94.96,
    )
    w.finals(25, "Cost", step=lambda k: (25, (k + 1) * 25))


@log
def cifar_tutorial_tuple(w: Writer) -> None:
    w.say(
        "Files already downloaded and verified\nFiles already downloaded and verified\ncuda:0\nship  car   deer  plane"
    )
    for e in range(1, 9):
        for b in range(2000, 12001, 2000):
            n = (e - 1) * 12500 + b
            w.row(
                "[{_e}, {_b:5d}] loss: {loss:.3f}",
                (n, b, (e - 1) * 12000 + b, None),
                _e=e,
                _b=b,
                loss=w.fall(n, 2.35, 0.72, 14000),
            )
    w.say("Finished Training\nGroundTruth:  cat   ship  ship  plane\nPredicted:    cat   ship  car   ship")
    w.row("Accuracy of the network on the 10000 test images: {ok_Accuracy:d} %", None, ok_Accuracy=63)
    for name in ("plane", "car", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"):
        w.say(f"Accuracy for class: {name:5s} is {w.x(40, 80):.1f} %")
        w.ok(name, f"Accuracy for class {name}", f"class {name}", f"Accuracy for class {name} is")
    w.ok("Accuracy of the network on the 10000 test images", "Accuracy of the network", "Accuracy for class")


@log
def tf2_template(w: Writer) -> None:
    w.say(
        "2020-11-03 10:12:41.001234: I tensorflow/core/platform/cpu_feature_guard.cc:142] This TensorFlow binary is optimized with oneAPI Deep Neural Network Library (oneDNN)to use the following CPU instructions in performance-critical operations:  AVX2 FMA\nTo enable them in other operations, rebuild TensorFlow with the appropriate compiler flags."
    )
    w.say(
        "2020-11-03 10:12:41.551010: I tensorflow/core/common_runtime/gpu/gpu_device.cc:1402] Created TensorFlow device (/job:localhost/replica:0/task:0/device:GPU:0 with 7234 MB memory) -> physical GPU (device: 0, name: GeForce RTX 2070, pci bus id: 0000:01:00.0, compute capability: 7.5)\n2020-11-03 10:12:42.889213: W tensorflow/core/framework/cpu_allocator_impl.cc:81] Allocation of 188160000 exceeds 10% of free system memory."
    )
    for e in range(1, 41):
        w.row(
            "Epoch {_e}, Loss: {Loss:.16g}, Accuracy: {Accuracy:.16g}, Test Loss: {Test_Loss:.16g}, Test Accuracy: {Test_Accuracy:.16g}",
            e,
            _e=e,
            Loss=w.fall(e - 1, 0.134, 0.0021, 1.5),
            Accuracy=100 - w.fall(e - 1, 4.04, 0.1, 1.2),
            Test_Loss=0.057 + w.x(0, 0.02) + e * 0.0009,
            Test_Accuracy=100 - w.fall(e - 1, 2, 1.6, 2),
        )


@log
def cs231n_solver(w: Writer) -> None:
    w.say("X_train:  (49000, 3, 32, 32)\ny_train:  (49000,)\nX_val:  (1000, 3, 32, 32)\ny_val:  (1000,)")
    for e in range(11):
        at = (e, e * 490, e * 490 - 10 if e else 0, e * 490 + 1)
        if e == 0:
            w.row("(Iteration {_n} / 4900) loss: {loss:f}", (1, 0), _n=1, loss=2.304060)
        w.row(
            "(Epoch {_e} / 10) train acc: {train_acc:f}; val_acc: {val_acc:f}",
            at,
            _e=e,
            train_acc=round(w.acc(e + 0.2, 0.66, 1.5), 3),
            val_acc=round(w.acc(e + 0.2, 0.55, 1.2), 3),
        )
        if e < 10:
            for k in range(e * 490 // 100, (e + 1) * 490 // 100 + 1):
                n = k * 100 + 1
                if n == 1 or not e * 490 < n <= (e + 1) * 490:
                    continue
                w.row("(Iteration {_n} / 4900) loss: {loss:f}", (n, n - 1), _n=n, loss=w.fall(n, 2.3, 1.02, 900))
    w.say("Validation set accuracy:  0.531\nTest set accuracy:  0.517")
    w.ok("Validation set accuracy", "Test set accuracy")


@log
def theano_minibatch(w: Writer) -> None:
    w.say(
        "Using gpu device 0: GeForce GTX 780 (CNMeM is disabled)\n... loading data\n... building the model\n... training the model"
    )
    best = 100.0
    for e in range(1, 61):
        v = 1.7 + 7.9 / (1 + e / 4) * w.x(0.97, 1.03) - e * 0.001
        at = (e, e * 2500, 2500)
        w.row("epoch {_e}, minibatch 2500/2500, validation error {validation_error:f} %", at, _e=e, validation_error=v)
        if v < best:
            best = v
            w.row(
                "     epoch {_e}, minibatch 2500/2500, test error of best model {test_error_of_best_model:f} %",
                at,
                _e=e,
                test_error_of_best_model=v + w.x(-0.1, 0.2),
            )
    w.say(
        f"Optimization complete. Best validation score of {best:f} % obtained at iteration 147500, with test performance 1.840000 %\nThe code for file mlp.py ran for 10.35m"
    )
    w.ok("Best validation score", "Best validation score of", "with test performance", "test performance")


@log
def vae_average(w: Writer) -> None:
    for e in range(1, 8):
        for b in range(0, 460, 50):
            n = b * 128
            w.row(
                "Train Epoch: {_e} [{_n}/60000 ({_p:.0f}%)]\tLoss: {Loss:.6f}",
                ((e - 1) * 60000 + n, n, (e - 1) * 469 + b),
                _e=e,
                _n=n,
                _p=100 * n / 60000,
                Loss=w.fall((e - 1) * 469 + b, 549, 101, 120),
            )
        w.row(
            "====> Epoch: {_e} Average loss: {Average_loss:.4f}",
            (e, e * 60000, e * 60000 - 2400),
            _e=e,
            Average_loss=w.fall(e - 0.5, 220, 103, 1),
        )
        w.row(
            "====> Test set loss: {Test_set_loss:.4f}",
            (e, e * 60000, e * 60000 - 2400),
            Test_set_loss=w.fall(e, 200, 103, 1),
        )
