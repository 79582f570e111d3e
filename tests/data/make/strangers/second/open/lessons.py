"""Tutorials and course work."""

from __future__ import annotations

import math

from data.make.strangers.writer import Writer, log


@log
def bentrevett_ppl(w: Writer) -> None:
    w.say(
        "Number of training examples: 29000\nNumber of validation examples: 1014\nNumber of testing examples: 1000\nUnique tokens in source (de) vocabulary: 7853\nUnique tokens in target (en) vocabulary: 5893\nThe model has 20,518,405 trainable parameters"
    )
    for e in range(1, 15):
        train, val = w.fall(e - 1, 5.05, 1.4, 4), w.fall(e - 1, 4.9, 3.1, 3)
        w.say(f"Epoch: {e:02} | Time: 0m {w.int(24, 27)}s")
        w.row(
            "\tTrain Loss: {Train_Loss:.3f} | Train PPL: {Train_PPL:7.3f}",
            e,
            Train_Loss=train,
            Train_PPL=math.exp(train),
        )
        w.row("\t Val. Loss: {Val_Loss:.3f} |  Val. PPL: {Val_PPL:7.3f}", e, Val_Loss=val, Val_PPL=math.exp(val))
    w.row(
        "| Test Loss: {Test_Loss:.3f} | Test PPL: {Test_PPL:7.3f} |",
        None,
        Test_Loss=val + 0.02,
        Test_PPL=math.exp(val + 0.02),
    )


@log
def d2l_animator(w: Writer) -> None:
    for name, start in (("LeNet", 1.78), ("AlexNet", 0.61), ("VGG-11", 0.92), ("NiN", 1.52)):
        w.say(f"----- {name} -----\ntraining on  cuda")
        for e in range(1, 11):
            w.row(
                "epoch {_e}, loss {loss:.4f}, train acc {train_acc:.3f}, test acc {test_acc:.3f}, time {ok_time:.1f} sec",
                (e, None),
                _e=e,
                loss=w.fall(e - 1, start, 0.21, 1.2),
                train_acc=w.acc(e, 0.95, 0.4),
                test_acc=w.acc(e, 0.93, 0.4),
                ok_time=w.x(1.7, 2.2) if name == "LeNet" else w.x(39, 42),
            )


@log
def makemore_tick(w: Writer) -> None:
    w.say(
        "num parameters total: 12297\ntorch.Size([182625, 3]) torch.Size([182625])\ntorch.Size([22655, 3]) torch.Size([22655])\ntorch.Size([22866, 3]) torch.Size([22866])"
    )
    for n in range(0, 200000, 2000):
        w.row("{_n:7d}/{_max:7d}: {loss:.4f}", n, _n=n, _max=200000, loss=w.fall(n, 3.32, 2.05, 9000))
    w.say("train 2.0674\nval 2.1056\nmora.\nmayah.\nseel.\nndhyal.\nrethrus.\nendrae.")
    w.ok("train", "val", "")


@log
def annotated_transformer(w: Writer) -> None:
    w.say("Train worker process using GPU: 0 for training")
    total = 0
    for e in range(5):
        w.say(f"[GPU0] Epoch {e} Training ====")
        for b in range(0, 201, 40):
            n = e * 240 + b
            rate = 512**-0.5 * min((n + 1) ** -0.5, (n + 1) * 300**-1.5)
            w.row(
                "Epoch Step: {_b:6d} | Accumulation Step: {_acc:3d} | Loss: {Loss:6.2f} | Tokens / Sec: {ok_Tokens_Sec:7.1f} | Learning Rate: {Learning_Rate:6.1e}",
                (b, n, e * 201 + b, e * 200 + b, total + b // 10, None),
                _b=b,
                _acc=b // 10 + 1,
                Loss=w.fall(n, 7.6, 1.2, 110),
                ok_Tokens_Sec=w.x(2400, 3100),
                Learning_Rate=rate,
            )
        w.say(f"| ID | GPU | MEM |\n------------------\n|  0 | {w.int(28, 60)}% | {w.int(20, 31)}% |")
        w.say(f"[GPU0] Epoch {e} Validation ====")
        value = w.fall(n, 6.5, 1.4, 110)
        w.say(f"(tensor({value:.4f}, device='cuda:0'), <__main__.TrainState object at 0x7f0c2{w.int(100000, 999999)}>)")
    w.ok("ID", "GPU", "MEM", "tensor", "validation tensor", "Tokens / Sec", "accumulation step", "")


@log
def tf1_minibatch(w: Writer) -> None:
    w.say(
        "Extracting /tmp/data/train-images-idx3-ubyte.gz\nExtracting /tmp/data/train-labels-idx1-ubyte.gz\nExtracting /tmp/data/t10k-images-idx3-ubyte.gz\nExtracting /tmp/data/t10k-labels-idx1-ubyte.gz\nI tensorflow/core/common_runtime/gpu/gpu_device.cc:975] Creating TensorFlow device (/gpu:0) -> (device: 0, name: GeForce GTX 970, pci bus id: 0000:01:00.0)"
    )
    for n in range(1280, 1280 * 78, 1280):
        w.row(
            "Iter {_n}, Minibatch Loss= {Minibatch_Loss:.6f}, Training Accuracy= {Training_Accuracy:.5f}",
            n,
            _n=n,
            Minibatch_Loss=w.fall(n, 26000, 310, 3000),
            Training_Accuracy=int(128 * min(1, w.acc(n, 0.985, 2500))) / 128,
        )
    w.row("Optimization Finished!\nTesting Accuracy: {Testing_Accuracy:.6g}", None, Testing_Accuracy=0.972656)


@log
def cost_after_iteration(w: Writer) -> None:
    w.say(
        "Number of training examples: m_train = 209\nNumber of testing examples: m_test = 50\nEach image is of size: (64, 64, 3)\ntrain_set_x shape: (209, 64, 64, 3)\nm_train = 209"
    )
    for rate in (0.01, 0.001, 0.0001):
        w.say(f"learning rate is: {rate}")
        for i in range(0, 2000, 100):
            w.row("Cost after iteration {_i}: {Cost:f}", i, _i=i, Cost=0.12 + 0.573147 / (1 + i * rate / 3))
        w.row(
            "train accuracy: {ok_train_accuracy:.14g} %\ntest accuracy: {ok_test_accuracy:.14g} %\n\n-------------------------------------------------------\n",
            None,
            ok_train_accuracy=w.x(68, 99.5),
            ok_test_accuracy=w.x(36, 70),
        )
    w.ok("accuracy")


@log
def earlystop_counter(w: Writer) -> None:
    best, bad = float("inf"), 0
    for e in range(1, 60):
        v = w.fall(e, 0.62, 0.062, 1.5) + (0.0006 * e if e > 12 else 0)
        w.row(
            "[{_e:>3}/100] train_loss: {train_loss:.5f} valid_loss: {valid_loss:.5f}",
            e,
            _e=e,
            train_loss=w.fall(e, 0.8, 0.031, 1.5),
            valid_loss=v,
        )
        if v < best:
            w.say(f"Validation loss decreased ({best:.6f} --> {v:.6f}).  Saving model ...")
            best, bad = v, 0
        else:
            bad += 1
            w.say(f"EarlyStopping counter: {bad} out of 20")
        if bad == 20:
            break
    w.say("Early stopping")
    w.row("Test Loss: {Test_Loss:.6f}\n", None, Test_Loss=best + 0.004)
    for c in range(10):
        w.say(f"Test Accuracy of {c:>5}: {w.int(95, 99)}% ({w.int(850, 900)}/{w.int(900, 1100)})")
        w.ok(f"Test Accuracy of {c}", f"accuracy of {c}")
    w.say("\nTest Accuracy (Overall): 97% (9772/10000)")
    w.ok(
        "Validation loss decreased",
        "EarlyStopping counter",
        "Test Accuracy (Overall)",
        "Test Accuracy of",
        "Test Accuracy",
    )


@log
def minchar_samples(w: Writer) -> None:
    words = [
        "the",
        "and",
        "thou",
        "of",
        "sire",
        "hath",
        "kingt",
        "wo",
        "mer",
        "ans",
        "ther",
        "iseld",
        "hou",
        "Cor",
        "VICNIO:",
        "mathe;",
        "Whe",
        "to,",
        "se.",
        "lond",
        "beris",
        "hin",
        "I",
    ]
    w.say("data has 1115394 characters, 65 unique.")
    for n in range(0, 6001, 100):
        if n % 1000 == 0:
            w.say(
                "----\n "
                + "\n".join(" ".join(words[w.int(0, len(words) - 1)] for _ in range(9)) for _ in range(3))
                + " \n----"
            )
        w.row("iter {_n}, loss: {loss:f}", n, _n=n, loss=w.fall(n, 104.359685, 45.1, 1500))


@log
def udacity_sentiment(w: Writer) -> None:
    w.say(
        "SentimentRNN(\n  (embedding): Embedding(74073, 400)\n  (lstm): LSTM(400, 256, num_layers=2, batch_first=True, dropout=0.5)\n  (dropout): Dropout(p=0.3)\n  (fc): Linear(in_features=256, out_features=1, bias=True)\n  (sig): Sigmoid()\n)"
    )
    n = 0
    for e in range(1, 11):
        for _ in range(4):
            n += 100
            w.row(
                "Epoch: {_e}/10... Step: {_n}... Loss: {Loss:.6f}... Val Loss: {Val_Loss:.6f}",
                n,
                _e=e,
                _n=n,
                Loss=w.fall(n, 0.69, 0.11, 700),
                Val_Loss=w.fall(n, 0.68, 0.39, 500),
            )
    w.row("Test loss: {Test_loss:.3f}\nTest accuracy: {Test_accuracy:.3f}", None, Test_loss=0.516, Test_accuracy=0.811)


@log
def finetune_phases(w: Writer) -> None:
    best = 0.0
    for e in range(25):
        w.say(f"Epoch {e}/24\n----------")
        w.row(
            "train Loss: {train_Loss:.4f} Acc: {train_Acc:.4f}",
            e,
            train_Loss=w.fall(e, 0.62, 0.29, 2),
            train_Acc=w.acc(e + 3, 0.88, 0.6),
        )
        acc = w.acc(e + 3, 0.955, 0.2)
        best = max(best, acc)
        w.row("val Loss: {val_Loss:.4f} Acc: {val_Acc:.4f}\n", e, val_Loss=w.fall(e, 0.3, 0.17, 2), val_Acc=acc)
    w.say(f"Training complete in 1m 37s\nBest val Acc: {best:4f}")
    w.ok("Best val Acc")


@log
def udacity_scores(w: Writer) -> None:
    w.say(
        "INFO:unityagents:\n'Academy' started successfully!\nUnity Academy name: Academy\n        Number of Brains: 1\n        Number of External Brains : 1\n        Lesson number : 0\nUnity brain name: BananaBrain\n        Vector Observation space size (per agent): 37\n        Vector Action space size (per agent): 4"
    )
    for part in range(3):
        first = len(w.lines)
        for e in range(part * 100 + 1, part * 100 + 101):
            w.row(
                "Episode {_e}\tAverage Score: {Average_Score:.2f}",
                e,
                _e=e,
                Average_Score=21 * max(0.0, e - 30) / (e + 130) + w.x(-0.05, 0.05),
            )
        w.joined(first)
    w.finals(100, "Average_Score", step=lambda k: ((k + 1) * 100,))
    w.say("\nEnvironment solved in 200 episodes!\tAverage Score: 13.11")
    w.ok("Environment solved in")
    for o in [dict(w.series), *w.others]:
        w.others.append({"Average_Score": [*o["Average_Score"], ((None,), 13.11)]})


@log
def libtorch_mnist(w: Writer) -> None:
    w.say("CUDA available! Training on GPU.")
    for e in range(1, 11):
        first = len(w.lines)
        for b in range(0, 60000, 3840):
            w.row(
                "Train Epoch: {_e} [{_b:5d}/60000] Loss: {Loss:.4f}",
                ((e - 1) * 60000 + b, b, e),
                _e=e,
                _b=b,
                Loss=w.fall((e - 1) * 938 + b / 64, 2.3, 0.04, 90),
            )
        w.joined(first)
        w.row(
            "Test set: Average loss: {Test_set_Average_loss:.4f} | Accuracy: {Test_set_Accuracy:.3f}",
            (e, (e - 1) * 60000 + b, e * 60000),
            Test_set_Average_loss=w.fall(e, 0.3, 0.04, 1),
            Test_set_Accuracy=w.acc(e, 0.991, 0.05),
        )
    w.finals(16, "Loss", step=lambda k: (k * 60000 + 57600, 57600, k + 1))
    other = {k.replace("Test_set_Accuracy", "'Accuracy"): v for k, v in w.series.items()}
    w.others.append(other)
    w.others.append({k.replace("Test_set_Accuracy", "'Accuracy"): v for k, v in w.others[0].items()})
