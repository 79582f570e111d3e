"""Loops whose epoch, step or split stands in a line before, in a word, or nowhere."""

from __future__ import annotations

from .writer import Writer, log


@log
def epoch_banner(w: Writer) -> None:
    for e in range(1, 11):
        w.say(f"========== Epoch {e}/10 ==========")
        w.row("Train Loss: {train_loss:.4f} Acc: {train_acc:.4f}", e, train_loss=w.loss(e), train_acc=w.x())
        w.row("Val Loss: {val_loss:.4f} Acc: {val_acc:.4f}", e, val_loss=w.loss(e), val_acc=w.x())


@log
def finetune_tutorial(w: Writer) -> None:
    for e in range(10):
        w.say(f"Epoch {e}/9\n----------")
        w.row("train Loss: {train_loss:.4f} Acc: {train_acc:.4f}", e, train_loss=w.loss(e), train_acc=w.x())
        w.row("val Loss: {val_loss:.4f} Acc: {val_acc:.4f}\n", e, val_loss=w.loss(e), val_acc=w.x())
    w.say("Training complete in 1m 7s\nBest val Acc: 0.954248")


@log
def quickstart(w: Writer) -> None:
    for e in range(1, 5):
        w.say(f"Epoch {e}\n-------------------------------")
        for b in range(10):
            w.row(
                "loss: {loss:>7f}  [{_n:>5d}/60000]", ((e - 1) * 60000 + b * 6400), loss=w.loss(e * 10 + b), _n=b * 6400
            )
        w.row(
            "Test Error: \n Accuracy: {test_error_accuracy:>0.1f}%, Avg loss: {test_error_avg_loss:>8f} \n",
            (e, (e - 1) * 60000 + 57600),
            test_error_accuracy=w.x(50, 90),
            test_error_avg_loss=w.loss(e),
        )
    w.series["test accuracy"] = w.series.pop("test_error_accuracy")
    w.series["test avg loss"] = w.series.pop("test_error_avg_loss")
    w.say("Done!")


@log
def keras_guide_loop(w: Writer) -> None:
    for e in range(3):
        w.say(f"\nStart of epoch {e}")
        for b in range(0, 1000, 100):
            w.row(
                "Training loss (for one batch) at step {_b}: {loss:.4f}",
                (e * 1000 + b, e * 901 + b, b),
                _b=b,
                loss=w.loss(b),
            )
            w.say(f"Seen so far: {(b + 1) * 64} samples")
        w.row("Training acc over epoch: {acc:.4f}", (e, e * 1000 + 900, e * 901 + 900, 900), acc=w.x())
        w.row("Validation acc: {validation_acc:.4f}", (e, e * 1000 + 900, e * 901 + 900, 900), validation_acc=w.x())
        w.say(f"Time taken: {w.x(4, 5):.2f}s")
    w.series["training loss for one batch"] = w.series.pop("loss")
    w.series["training acc over epoch"] = w.series.pop("acc")
    w.known |= {"time taken", "seen so far", "samples"}


@log
def lasagne(w: Writer) -> None:
    w.say("Loading data...\nBuilding model and compiling functions...\nStarting training...")
    for e in range(1, 16):
        w.say(f"Epoch {e} of 15 took {w.x(4, 5):.3f}s")
        w.row("  training loss:\t\t{training_loss:.6f}", e, training_loss=w.loss(e))
        w.row("  validation loss:\t\t{validation_loss:.6f}", e, validation_loss=w.loss(e))
        w.row("  validation accuracy:\t\t{validation_accuracy:.2f} %", e, validation_accuracy=w.x(80, 99))
    w.say("Final results:\n  test loss:\t\t\t0.061214\n  test accuracy:\t\t98.11 %")
    w.known |= {"test loss", "test accuracy", "took"}


@log
def step_block(w: Writer) -> None:
    for n in range(100, 2100, 100):
        w.say(f"Step {n}/2000")
        w.row("  loss: {loss:.4f}", n, loss=w.loss(n))
        w.row("  lr: {lr:.2e}", n, lr=w.x() / 100)
        w.row("  grad_norm: {grad_norm:.3f}", n, grad_norm=w.x(0, 3))


@log
def julia_blocks(w: Writer) -> None:
    for e in range(1, 16):
        w.say(f"┌ Info: Epoch {e}")
        w.row("│   train_loss = {train_loss:.6f}", e, train_loss=w.loss(e))
        w.row("└   test_acc = {test_acc:.4f}", e, test_acc=w.x())


@log
def split_switch(w: Writer) -> None:
    for e in range(1, 16):
        w.row(
            "epoch {_e} [train] loss {train_loss:.4f} acc {train_acc:.4f} [valid] loss {valid_loss:.4f} acc {valid_acc:.4f}",
            e,
            _e=e,
            train_loss=w.loss(e),
            train_acc=w.x(),
            valid_loss=w.loss(e),
            valid_acc=w.x(),
        )


@log
def split_bars(w: Writer) -> None:
    for e in range(1, 16):
        w.row(
            "Epoch {_e} | Train | loss: {train_loss:.4f} acc: {train_acc:.4f} | Valid | loss: {val_loss:.4f} acc: {val_acc:.4f}",
            e,
            _e=e,
            train_loss=w.loss(e),
            train_acc=w.x(),
            val_loss=w.loss(e),
            val_acc=w.x(),
        )


@log
def split_lines(w: Writer) -> None:
    for e in range(1, 16):
        w.row(
            "[train] epoch {_e}: loss={train_loss:.4f}, top1={train_top1:.2f}",
            e,
            _e=e,
            train_loss=w.loss(e),
            train_top1=w.x(),
        )
        w.row(
            "[valid] epoch {_e}: loss={val_loss:.4f}, top1={val_top1:.2f}", e, _e=e, val_loss=w.loss(e), val_top1=w.x()
        )
        if e % 4 == 0:
            w.row(
                "[test]  epoch {_e}: loss={test_loss:.4f}, top1={test_top1:.2f}",
                e,
                _e=e,
                test_loss=w.loss(e),
                test_top1=w.x(),
            )


@log
def dev_colon(w: Writer) -> None:
    for e in range(1, 11):
        for b in range(10, 110, 10):
            w.row("Epoch {_e}, Batch {_b}/100: loss = {loss:.4f}", (e - 1) * 100 + b, _e=e, _b=b, loss=w.loss(b))
        w.row(
            "Dev: P = {dev_p:.2f}, R = {dev_r:.2f}, F1 = {dev_f1:.2f}",
            (e * 100, e),
            dev_p=w.x(),
            dev_r=w.x(),
            dev_f1=w.x(),
        )
        w.row(
            "Test: P = {test_p:.2f}, R = {test_r:.2f}, F1 = {test_f1:.2f}",
            (e * 100, e),
            test_p=w.x(),
            test_r=w.x(),
            test_f1=w.x(),
        )


@log
def eval_names_prefix(w: Writer) -> None:
    for n in range(100, 2100, 100):
        w.row(
            "step {_n} train/loss={train_loss:.4f} train/lr={train_lr:.2e}",
            n,
            _n=n,
            train_loss=w.loss(n),
            train_lr=w.x() / 100,
        )
        if n % 500 == 0:
            w.row(
                "step {_n} eval/loss={eval_loss:.4f} eval/acc={eval_acc:.3f}",
                n,
                _n=n,
                eval_loss=w.loss(n),
                eval_acc=w.x(),
            )


@log
def metric_is_a_value(w: Writer) -> None:
    for e in range(1, 16):
        w.row("epoch={_e} metric=accuracy value={accuracy:.4f}", e, _e=e, accuracy=w.x())
        w.row("epoch={_e} metric=loss value={loss:.4f}", e, _e=e, loss=w.loss(e))


@log
def metric_is_a_word(w: Writer) -> None:
    for e in range(1, 16):
        for name in ("map", "recall"):
            w.row(
                "[eval] iter %d name: %s, score: {eval_%s:.4f}" % (e * 500, name, name),
                e * 500,
                **{f"eval_{name}": w.x()},
            )
    w.say("done")


@log
def two_lines_a_step(w: Writer) -> None:
    for n in range(10, 310, 10):
        w.say(f"Step {n}/300,")
        w.row(
            "Total Loss: {total_loss:.4f}, Mel Loss: {mel_loss:.4f}, Pitch Loss: {pitch_loss:.4f}",
            n,
            total_loss=w.loss(n),
            mel_loss=w.loss(n),
            pitch_loss=w.x(),
        )


@log
def no_step_at_all(w: Writer) -> None:
    for n in range(1, 31):
        w.row("loss: {loss:.4f} acc: {acc:.4f}", (n, n - 1), loss=w.loss(n), acc=w.x())


@log
def batch_loss_only(w: Writer) -> None:
    w.say("Training started")
    for n in range(1, 41):
        w.row("Batch loss = {batch_loss:.6f}", (n, n - 1), batch_loss=w.loss(n))
    w.say("Training finished in 123.4 seconds")


@log
def best_so_far(w: Writer) -> None:
    best = 0.0
    for e in range(1, 21):
        acc = w.x()
        w.row("Epoch {_e:>3}: val_acc {val_acc:.4f} (best {ok_best:.4f})", e, _e=e, val_acc=acc, ok_best=max(best, acc))
        if acc > best:
            w.say(f"New best model! val_acc={acc:.4f} > {best:.4f}, saving to out/best_{e}.pt")
            best = acc
        else:
            w.say("No improvement, patience 3/10")
    w.known |= {"val_acc_best"}


@log
def keras_checkpoint_lines(w: Writer) -> None:
    for e in range(1, 11):
        w.say(f"Epoch {e}/10")
        w.row(
            "469/469 - 3s - loss: {loss:.4f} - accuracy: {accuracy:.4f} - val_loss: {val_loss:.4f} - val_accuracy: {val_accuracy:.4f} - 3s/epoch - 6ms/step",
            (e * 469, e),
            loss=w.loss(e),
            accuracy=w.x(),
            val_loss=w.loss(e),
            val_accuracy=w.x(),
        )
        if e % 3:
            w.say(f"\nEpoch {e:05d}: val_loss improved from {w.x():.5f} to {w.x():.5f}, saving model to model.h5")
        else:
            w.say(f"\nEpoch {e:05d}: val_loss did not improve from {w.x():.5f}")


@log
def running_averages_inline(w: Writer) -> None:
    for n in range(20, 420, 20):
        w.row(
            "it {_n}/400 | loss {loss:.3f} ({loss_avg:.3f}) | acc {acc:.2f} ({acc_avg:.2f}) | {_r:.0f} img/s",
            n,
            _n=n,
            loss=w.loss(n),
            loss_avg=w.loss(n),
            acc=w.x(),
            acc_avg=w.x(),
            _r=w.x(900, 999),
        )
    w.known |= {"img_s"}


@log
def parenthesised_units(w: Writer) -> None:
    for n in range(1, 31):
        w.row(
            "iteration {_n:5d}/   30 | elapsed time per iteration (ms): {elapsed_time_per_iteration_ms:.1f} | learning rate: {learning_rate:.3E} | lm loss: {lm_loss:.6E} | grad norm: {grad_norm:.3f} |",
            n,
            _n=n,
            elapsed_time_per_iteration_ms=w.x(300, 400),
            learning_rate=w.x() / 100,
            lm_loss=w.loss(n),
            grad_norm=w.x(0, 3),
        )


@log
def source_before_log(w: Writer) -> None:
    w.say(
        "import torch\n\nclass Net(nn.Module):\n    def __init__(self, dim=512, layers=6):\n        self.fc1 = nn.Linear(784, 128)\n        self.lr = 0.001\n        beta1, beta2 = 0.9, 0.95"
    )
    w.say(
        "for step in range(1000):\n    if step % 10 == 0:\n        print(f'step {step} loss {loss:.4f}')\n    warmup = 100\n    cooldown = 200\n"
    )
    for n in range(0, 300, 10):
        w.row(
            "step:{_n}/300 loss:{loss:.4f} step_avg:{step_avg:.2f}ms", n, _n=n, loss=w.loss(n), step_avg=w.x(100, 101)
        )


@log
def model_summary_before_log(w: Writer) -> None:
    w.say(
        "Net(\n  (conv1): Conv2d(1, 32, kernel_size=(3, 3), stride=(1, 1))\n  (conv2): Conv2d(32, 64, kernel_size=(3, 3), stride=(1, 1))\n  (dropout1): Dropout(p=0.25, inplace=False)\n  (fc1): Linear(in_features=9216, out_features=128, bias=True)\n)"
    )
    w.say(
        "=================================================================\nLayer (type:depth-idx)                   Param #\n=================================================================\n├─Conv2d: 1-1                            320\n├─Conv2d: 1-2                            18,496\n├─Linear: 1-3                            1,179,776\n=================================================================\nTotal params: 1,199,882\nTrainable params: 1,199,882\nNon-trainable params: 0"
    )
    w.say("lr: 0.001\nbatch_size: 64\nepochs: 20\nweight_decay: 0.01\nseed: 42")
    for e in range(20):
        w.row("epoch {_e}: loss {loss:.4f}, accuracy {accuracy:.4f}", e, _e=e, loss=w.loss(e), accuracy=w.x())


@log
def warnings_between(w: Writer) -> None:
    for n in range(0, 400, 10):
        w.row("INFO:trainer:iter={_n} loss={loss:.4f} acc={acc:.3f}", n, _n=n, loss=w.loss(n), acc=w.x())
        if n % 90 == 0:
            w.say(
                "/usr/lib/python3.11/site-packages/torch/optim/lr_scheduler.py:139: UserWarning: Detected call of `lr_scheduler.step()` before `optimizer.step()`. In PyTorch 1.1.0 and later"
            )
            w.say(f"WARNING:trainer:gradient overflow, reducing loss scale to {2.0 ** (16 - n // 90)}")
            w.say(f"Checkpoint saved to runs/ckpt_{n}.pt (123.4 MB)")


@log
def gradient_spikes(w: Writer) -> None:
    for n in range(1, 61):
        if n in {17, 18}:
            w.row("step={_n} loss={loss} gnorm={gnorm}", n, _n=n, loss=_Text("nan"), gnorm=_Text("inf"))
        else:
            w.row("step={_n} loss={loss:.4f} gnorm={gnorm:.3f}", n, _n=n, loss=w.loss(n), gnorm=w.x(0, 3))


class _Text(str):
    def __format__(self, spec: str) -> str:
        return str(self)


@log
def ten_folds(w: Writer) -> None:
    for e in range(1, 31):
        w.row(
            "Fold 1/10 Epoch {_e}/30: train_loss {train_loss:.4f}, dev_loss {dev_loss:.4f}, dev_f1 {dev_f1:.4f}",
            e,
            _e=e,
            train_loss=w.loss(e),
            dev_loss=w.loss(e),
            dev_f1=w.x(),
        )
    w.known |= {"fold"}


@log
def docker_stamps(w: Writer) -> None:
    for n in range(5, 205, 5):
        w.row(
            "2024-05-01T10:%02d:%02d.123456789Z stdout F trainer-0 | step %s{_n} loss={loss:.4f} tps={tps}"
            % (n // 60, n % 60, ""),
            n,
            _n=n,
            loss=w.loss(n),
            tps=52000 + n,
        )


@log
def torchrun_prefix(w: Writer) -> None:
    for n in range(10, 210, 10):
        w.row(
            "[default0]:[2024-05-01 10:%02d:%02d,123] [INFO] step: {_n} | loss: {loss:.4f} | lr: {lr:.2e}"
            % (n // 60, n % 60),
            n,
            _n=n,
            loss=w.loss(n),
            lr=w.x() / 100,
        )


@log
def ansi_colours(w: Writer) -> None:
    for n in range(10, 210, 10):
        w.row(
            "\x1b[32mstep {_n}\x1b[0m  loss \x1b[1m{loss:.4f}\x1b[0m  ppl \x1b[33m{ppl:.2f}\x1b[0m",
            n,
            _n=n,
            loss=w.loss(n),
            ppl=w.x(10, 20),
        )


@log
def crlf_lines(w: Writer) -> None:
    for n in range(10, 210, 10):
        w.row("Iter {_n}\tcost {cost:.4f}\terr {err:.3f}\r", n, _n=n, cost=w.loss(n), err=w.x())


@log
def magnitudes(w: Writer) -> None:
    for n in range(10, 210, 10):
        w.row(
            "step {_n} | loss {loss:.4f} | 32.5K tok/s | mem {mem:.2f}GiB | dt {dt:.1f}ms | norm {norm:.3f}",
            n,
            _n=n,
            loss=w.loss(n),
            mem=w.x(20, 30),
            dt=w.x(100, 120),
            norm=w.x(),
        )
    w.known |= {"tok_s"}


@log
def time_then_eta(w: Writer) -> None:
    for e in range(1, 21):
        w.row(
            "[00:0%d:%02d] epoch={_e} loss={loss:.5f} wer={wer:.2f}%% elapsed=0:%02d:10 remaining=0:%02d:50"
            % (e // 60, e % 60, e, 20 - e),
            e,
            _e=e,
            loss=w.loss(e),
            wer=w.x(5, 30),
        )
    w.known |= {"elapsed", "remaining"}
