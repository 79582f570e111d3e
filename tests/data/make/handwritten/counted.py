"""Loops that print their counters with what they measure."""

from __future__ import annotations

from .writer import Writer, log


@log
def mnist_tutorial(w: Writer) -> None:
    w.say("Using device: cuda:0")
    for epoch in range(1, 5):
        for seen in range(0, 6400, 640):
            w.row(
                "Train Epoch: {_e} [{_n}/6400 ({_p}%)]\tLoss: {loss:.6f}",
                (epoch - 1) * 6400 + seen,
                _e=epoch,
                _n=seen,
                _p=seen * 100 // 6400,
                loss=w.loss(epoch * 10),
            )
        w.say("")
        w.row(
            "Test set: Average loss: {test_average_loss:.4f}, Accuracy: {test_accuracy}/10000 ({_p}%)",
            ((epoch - 1) * 6400 + 5760, epoch),
            test_average_loss=w.loss(epoch),
            test_accuracy=9000 + epoch * 37,
            _p=90 + epoch,
        )
        w.say("")


@log
def cifar_tutorial(w: Writer) -> None:
    w.say("Files already downloaded and verified")
    for epoch in range(1, 4):
        for batch in range(2000, 12001, 2000):
            w.row(
                "[{_e}, {_b:5d}] loss: {loss:.3f}",
                (epoch - 1) * 12000 + batch,
                _e=epoch,
                _b=batch,
                loss=w.loss(batch / 1000 + epoch),
            )
    w.say("Finished Training")
    w.say("Accuracy of the network on the 10000 test images: 54 %")


@log
def epoch_equals(w: Writer) -> None:
    for e in range(1, 21):
        w.row(
            "Epoch {_e}: train_loss={train_loss:.4f} val_loss={val_loss:.4f} ({ok_s:.1f}s)",
            e,
            _e=e,
            train_loss=w.loss(e),
            val_loss=w.loss(e),
            ok_s=w.x(10, 12),
        )
        if e % 6 == 0:
            w.say(f"EarlyStopping counter: {e // 6} out of 5")
        if e % 5 == 1:
            w.say(f"Validation loss decreased ({w.x():.6f} --> {w.x():.6f}).  Saving model ...")


@log
def kaggle_pipes(w: Writer) -> None:
    w.say("Seed everything: 42")
    for e in range(1, 13):
        w.row(
            "Epoch {_e:02d} | train loss {train_loss:.4f} | valid loss {valid_loss:.4f} | score {score:.4f} | lr {lr:.2e} | time {ok_time:.0f}s",
            e,
            _e=e,
            train_loss=w.loss(e),
            valid_loss=w.loss(e),
            score=w.x(),
            lr=1e-3 * w.x(),
            ok_time=w.x(20, 30),
        )
        if e % 3 == 1:
            w.say(f"Epoch {e:02d} - Save Best Score: {w.x():.4f} Model")


@log
def kaggle_elapsed(w: Writer) -> None:
    for e in range(1, 4):
        for b in range(0, 300, 50):
            w.row(
                "Epoch: [{_e}][{_b}/300] Elapsed {_m}m {_s}s (remain {_m2}m {_s2}s) Loss: {loss:.4f}({loss_avg:.4f}) Grad: {grad:.4f} LR: {lr:.6f}",
                (e - 1) * 300 + b,
                _e=e,
                _b=b,
                _m=b // 60,
                _s=b % 60,
                _m2=4 - b // 60,
                _s2=59 - b % 60,
                loss=w.loss(e * 6 + b / 50),
                loss_avg=w.loss(e * 6),
                grad=w.x(0, 5),
                lr=w.x() / 1e4,
            )
        w.row(
            "Epoch {_e} - avg_train_loss: {avg_train_loss:.4f}  avg_val_loss: {avg_val_loss:.4f}  time: {ok_time:.0f}s",
            ((e - 1) * 300 + 250, e),
            _e=e,
            avg_train_loss=w.loss(e),
            avg_val_loss=w.loss(e),
            ok_time=w.x(100, 120),
        )
        w.row("Epoch {_e} - Score: {score:.4f}", ((e - 1) * 300 + 250, e), _e=e, score=w.x())


@log
def reinforce_episodes(w: Writer) -> None:
    for n in range(10, 260, 10):
        w.row(
            "Episode {_n}\tLast reward: {last_reward:.2f}\tAverage reward: {average_reward:.2f}",
            n,
            _n=n,
            last_reward=w.x(9, 200),
            average_reward=w.x(9, 200),
        )
    w.say("Solved! Running reward is now 475.31 and the last episode runs to 500 time steps!")


@log
def episode_score_overwritten(w: Writer) -> None:
    for n in range(100, 1100, 100):
        state = "".join(f"\rEpisode {k}\tAverage Score: {w.x(0, 13):.2f}" for k in range(n - 99, n, 33))
        w.row("%s\rEpisode {_n}\tAverage Score: {average_score:.2f}" % state, n, _n=n, average_score=w.x(0, 13))


@log
def dqn_fields(w: Writer) -> None:
    for n in range(1, 40):
        w.row(
            "ep {_n:4d} | steps {steps:6d} | reward {reward:7.2f} | eps {eps:.3f} | loss {loss:.5f}",
            n,
            _n=n,
            steps=n * 213,
            reward=w.x(-20, 20),
            eps=1 / n,
            loss=w.loss(n),
        )


@log
def ppo_updates(w: Writer) -> None:
    w.say("Namespace(env_id='CartPole-v1', seed=1, learning_rate=0.00025, num_envs=4, gamma=0.99)")
    for u in range(1, 30):
        w.row(
            "Update {_u}, num timesteps {num_timesteps}, FPS {fps}, mean reward {mean_reward:.1f}, entropy {entropy:.3f}, value loss {value_loss:.4f}",
            (u, u * 512),
            _u=u,
            num_timesteps=u * 512,
            fps=1200 + u % 7,
            mean_reward=w.x(9, 200),
            entropy=w.x(),
            value_loss=w.loss(u),
        )


@log
def global_step_returns(w: Writer) -> None:
    for n in range(1, 40):
        w.row(
            "global_step={_n}, episodic_return=[{episodic_return:.1f}]", n * 57, _n=n * 57, episodic_return=w.x(9, 200)
        )
        if n % 4 == 0:
            w.row("SPS: {sps}", n * 57, sps=1500 + n)


@log
def gan_brackets(w: Writer) -> None:
    for e in range(3):
        for b in range(20):
            w.row(
                "[Epoch {_e}/3] [Batch {_b}/20] [D loss: {d_loss:.6f}] [G loss: {g_loss:.6f}]",
                e * 20 + b,
                _e=e,
                _b=b,
                d_loss=w.x(),
                g_loss=w.loss(b),
            )


@log
def dcgan_tabs(w: Writer) -> None:
    w.say("Starting Training Loop...")
    for e in range(2):
        for b in range(0, 500, 50):
            w.row(
                "[{_e}/2][{_b}/500]\tLoss_D: {loss_d:.4f}\tLoss_G: {loss_g:.4f}\tD(x): {d_x:.4f}\tD(G(z)): {d_g_z:.4f} / {d_g_z_2:.4f}",
                e * 500 + b,
                _e=e,
                _b=b,
                loss_d=w.x(),
                loss_g=w.loss(b),
                d_x=w.x(),
                d_g_z=w.x(),
                d_g_z_2=w.x(),
            )


@log
def icefall(w: Writer) -> None:
    for b in range(0, 1000, 50):
        w.row(
            "2023-04-05 10:%02d:%02d,123 INFO [train.py:876] (0/4) Epoch 1, batch {_b}, loss[loss={loss:.4g}, simple_loss={simple_loss:.4g}, over {_f}.00 frames.], batch size: {_bs}, lr: {lr:.2e}"
            % (b // 60, b % 60),
            b,
            _b=b,
            loss=w.loss(b / 50),
            simple_loss=w.loss(b / 30),
            _f=5000 + b % 7,
            _bs=14 + b % 3,
            lr=w.x() / 100,
        )
    w.known |= {"batch size", "frames"}


@log
def wenet(w: Writer) -> None:
    for e in range(2):
        for b in range(0, 500, 50):
            w.row(
                "2023-04-05 10:%02d:%02d,123 DEBUG TRAIN Batch {_e}/{_b} loss {loss:.6f} loss_att {loss_att:.6f} loss_ctc {loss_ctc:.6f} lr {lr:.8f} rank 0"
                % (e * 10 + b // 60, b % 60),
                (e * 450 + b, e * 500 + b, e * 451 + b),
                _e=e,
                _b=b,
                loss=w.loss(b / 50),
                loss_att=w.loss(b),
                loss_ctc=w.loss(b),
                lr=w.x() / 1000,
            )


@log
def flax_mnist(w: Writer) -> None:
    for e in range(1, 11):
        w.row(
            "train epoch: {_e}, loss: {train_loss:.4f}, accuracy: {train_accuracy:.2f}",
            e,
            _e=e,
            train_loss=w.loss(e),
            train_accuracy=w.x(80, 99),
        )
        w.row(
            " model eval epoch: {_e}, loss: {eval_loss:.2f}, accuracy: {eval_accuracy:.2f}",
            e,
            _e=e,
            eval_loss=w.loss(e),
            eval_accuracy=w.x(80, 99),
        )


@log
def absl_jax(w: Writer) -> None:
    for e in range(1, 16):
        w.row(
            "I0405 10:%02d:00.123456 140012345678 train.py:169] epoch:%s{_e}, train_loss: {train_loss:.4f}, train_accuracy: {train_accuracy:.2f}, test_loss: {test_loss:.4f}, test_accuracy: {test_accuracy:.2f}"
            % (e, "  "),
            e,
            _e=e,
            train_loss=w.loss(e),
            train_accuracy=w.x(80, 99),
            test_loss=w.loss(e),
            test_accuracy=w.x(80, 99),
        )


@log
def candle_mnist(w: Writer) -> None:
    w.say("train-images: [60000, 784]")
    w.say("train-labels: [60000]")
    for e in range(1, 31):
        w.row(
            "{_e:4d} train loss: {train_loss:8.5f} test acc: {test_acc:5.2f}%",
            e,
            _e=e,
            train_loss=w.loss(e),
            test_acc=w.x(80, 99),
        )


@log
def libtorch(w: Writer) -> None:
    for e in range(1, 4):
        for b in range(1, 9):
            w.row("Epoch: {_e} | Batch: {_b} | Loss: {loss:.5f}", (e - 1) * 8 + b, _e=e, _b=b, loss=w.loss(e * 8 + b))


@log
def julia_info_lines(w: Writer) -> None:
    for e in range(1, 16):
        w.row("[ Info: Epoch {_e} | loss = {loss:.6f} | acc = {acc:.4f}", e, _e=e, loss=w.loss(e), acc=w.x())


@log
def r_xgboost_cv(w: Writer) -> None:
    for e in range(30):
        w.row(
            "[{_e}]\ttrain-rmse:{train_rmse:.6f}+{ok_a:.6f}\ttest-rmse:{test_rmse:.6f}+{ok_b:.6f}",
            e,
            _e=e,
            train_rmse=w.loss(e),
            test_rmse=w.loss(e),
            ok_a=w.x(),
            ok_b=w.x(),
        )
    w.known |= {"train_rmse_std", "test_rmse_std"}


@log
def ranks_interleaved(w: Writer) -> None:
    for n in range(10, 210, 10):
        for rank in (2, 0, 3, 1):
            w.row("[Rank {_r}] step {_n} loss {loss:.4f} lr {lr:.2e}", n, _r=rank, _n=n, loss=w.loss(n), lr=w.x() / 100)


@log
def ranks_words(w: Writer) -> None:
    for n in range(1, 21):
        for rank in range(2):
            w.row(
                "rank={_r} iter={_n} loss={loss:.5f} throughput={throughput:.1f} samples/s",
                n,
                _r=rank,
                _n=n,
                loss=w.loss(n),
                throughput=w.x(900, 1000),
            )


@log
def resumed(w: Writer) -> None:
    for n in [*range(100, 2100, 100), *range(1600, 3600, 100)]:
        if n == 1600 and w.series.get("loss") and len(w.series["loss"]) == 20:
            w.say("Resuming from checkpoint ckpt_1500.pt")
        w.row(
            "iter {_n:6d} loss {loss:.4f} lr {lr:.3e} ({ok_t:.2f} s/iter)",
            n,
            _n=n,
            loss=w.loss(n),
            lr=w.x() / 100,
            ok_t=w.x(0.3, 0.4),
        )
    w.known |= {"s_iter", "lr_avg"}


@log
def validation_rulers(w: Writer) -> None:
    for n in range(50, 1050, 50):
        w.row("step {_n}: loss {loss:.4f}, grad norm {grad_norm:.3f}", n, _n=n, loss=w.loss(n), grad_norm=w.x(0, 3))
        if n % 200 == 0:
            w.row(
                "--- Validation @ step {_n}: loss {val_loss:.4f} | ppl {val_ppl:.2f} | acc {val_acc:.1f}% ---",
                n,
                _n=n,
                val_loss=w.loss(n),
                val_ppl=w.x(10, 20),
                val_acc=w.x(40, 60),
            )


@log
def thousands(w: Writer) -> None:
    for n in range(500, 10500, 500):
        w.row(
            "step {_n:,} | tokens {tokens:,} | loss {loss:.3f} | {ok_tok_s:,} tok/s",
            n,
            _n=n,
            tokens=n * 4096,
            loss=w.loss(n),
            ok_tok_s=51000 + n,
        )
    w.known |= {"tok", "tok_s"}


@log
def rates_before_names(w: Writer) -> None:
    for n in range(10, 310, 10):
        w.row(
            "step {_n}/300, loss {loss:.4f}, 12.3 GB, {_r:.1f} samples/s, {_i:.2f} it/s",
            n,
            _n=n,
            loss=w.loss(n),
            _r=w.x(1000, 1200),
            _i=w.x(3, 4),
        )
    w.known |= {"samples_s", "it_s", "gb"}


@log
def european(w: Writer) -> None:
    for e in range(1, 21):
        loss, acc = f"{w.loss(e):.4f}", f"{w.x():.4f}"
        w.row(
            "Epoche {_e}: Verlust {verlust}; Genauigkeit {genauigkeit}",
            (e),
            _e=e,
            verlust=loss.replace(".", ","),
            genauigkeit=acc.replace(".", ","),
        )


@log
def tensors(w: Writer) -> None:
    for e in range(1, 16):
        w.row(
            "epoch {_e} loss tensor({loss:.4f}, device='cuda:0', grad_fn=<NllLossBackward0>) acc tensor({acc:.4f})",
            e,
            _e=e,
            loss=w.loss(e),
            acc=w.x(),
        )


@log
def numpy_reprs(w: Writer) -> None:
    for e in range(1, 16):
        w.row(
            "Epoch: {_e}, Loss: np.float32({loss:.4f}), Dice: array([{dice:.4f}], dtype=float32), LR: [{lr:.6f}]",
            e,
            _e=e,
            loss=w.loss(e),
            dice=w.x(),
            lr=w.x() / 100,
        )


@log
def logfmt(w: Writer) -> None:
    for n in range(10, 310, 10):
        w.row(
            'ts=2024-05-01T10:%02d:%02dZ level=info msg="train step" step={_n} loss={loss:.4f} lr={lr:.2e} tok_per_s={tok_per_s}'
            % (n // 60, n % 60),
            n,
            _n=n,
            loss=w.loss(n),
            lr=w.x() / 100,
            tok_per_s=52000 + n,
        )


@log
def emojis(w: Writer) -> None:
    for e in range(1, 16):
        w.row(
            "🚀 Epoch {_e}/15 🔥 loss: {loss:.4f} ✅ acc: {acc:.3f} ⏱️ {ok_s:.1f}s",
            e,
            _e=e,
            loss=w.loss(e),
            acc=w.x(),
            ok_s=w.x(10, 12),
        )
        if e % 5 == 0:
            w.say("💾 Model saved! Best so far ✨")


@log
def chinese(w: Writer) -> None:
    for e in range(1, 16):
        w.row(
            "第{_e}轮 训练损失: {a:.4f} 验证损失: {b:.4f} 准确率: {c:.2f}%",
            e,
            _e=e,
            a=w.loss(e),
            b=w.loss(e),
            c=w.x(60, 90),
        )
    w.series = {new: w.series[old] for old, new in zip("abc", ("训练损失", "验证损失", "准确率"), strict=True)}


@log
def chinese_epoch(w: Writer) -> None:
    for e in range(1, 16):
        w.row("轮次：{_e}，损失：{a:.4f}，学习率：{b:.6f}", e, _e=e, a=w.loss(e), b=w.x() / 100)
    w.series = {new: w.series[old] for old, new in zip("ab", ("损失", "学习率"), strict=True)}


@log
def per_class(w: Writer) -> None:
    for e in range(1, 13):
        w.row("Epoch {_e} loss {loss:.4f}", e, _e=e, loss=w.loss(e))
        w.row(
            "  IoU per class: [{a:.4f}, {b:.4f}, {c:.4f}]  mIoU: {miou:.4f}", e, a=w.x(), b=w.x(), c=w.x(), miou=w.x()
        )
    w.series = {
        {"a": "iou_per_class_0", "b": "iou_per_class_1", "c": "iou_per_class_2"}.get(k, k): v
        for k, v in w.series.items()
    }


@log
def tqdm_postfix(w: Writer) -> None:
    for e in range(1, 5):
        states = [
            f"Epoch {e}: {k * 10:3d}%|{'█' * k}{' ' * (10 - k)}| {k * 10}/100 [00:{k:02d}<00:{10 - k:02d},  9.90it/s, loss={w.x():.3f}]"
            for k in range(10)
        ]
        w.row(
            "\r".join(states).replace("{", "{{")
            + "\rEpoch {_e}: 100%|██████████| 100/100 [00:10<00:00,  9.90it/s, loss={loss:.3f}]",
            (e * 100, e),
            _e=e,
            loss=w.x(),
        )
        w.row(
            "Epoch {_e}: val_loss={val_loss:.4f} val_acc={val_acc:.4f}",
            (e * 100, e),
            _e=e,
            val_loss=w.loss(e),
            val_acc=w.x(),
        )


@log
def accelerate_eval(w: Writer) -> None:
    for e in range(8):
        w.row("epoch {_e}: {{'accuracy': {accuracy:.6f}, 'f1': {f1:.6f}}}", e, _e=e, accuracy=w.x(), f1=w.x())


@log
def tf1_minibatch(w: Writer) -> None:
    w.say("Extracting /tmp/data/train-images-idx3-ubyte.gz")
    for n in [1, *range(200, 4200, 200)]:
        w.row(
            "Step {_n}, Minibatch Loss= {minibatch_loss:.4f}, Training Accuracy= {training_accuracy:.3f}",
            n,
            _n=n,
            minibatch_loss=w.loss(n),
            training_accuracy=w.x(),
        )
    w.say("Optimization Finished!")
    w.say("Testing Accuracy: 0.8515625")


@log
def tf2_quickstart(w: Writer) -> None:
    for e in range(1, 13):
        w.row(
            "Epoch {_e}, Loss: {loss:.5f}, Accuracy: {accuracy:.4f}, Test Loss: {test_loss:.5f}, Test Accuracy: {test_accuracy:.4f}",
            e,
            _e=e,
            loss=w.loss(e),
            accuracy=w.x(80, 99),
            test_loss=w.loss(e),
            test_accuracy=w.x(80, 99),
        )


@log
def tf_retrain(w: Writer) -> None:
    for n in range(0, 200, 10):
        head = f"INFO:tensorflow:2017-08-05 10:{n // 60:02d}:{n % 60:02d}.123456: "
        w.row(head + "Step {_n}: Train accuracy = {train_accuracy:.1f}%", n, _n=n, train_accuracy=w.x(50, 99))
        w.row(head + "Step {_n}: Cross entropy = {cross_entropy:.6f}", n, _n=n, cross_entropy=w.loss(n))
        w.row(
            head + "Step {_n}: Validation accuracy = {validation_accuracy:.1f}% (N=100)",
            n,
            _n=n,
            validation_accuracy=w.x(50, 99),
        )


@log
def word_language_model(w: Writer) -> None:
    for e in range(1, 4):
        for b in range(200, 2001, 200):
            w.row(
                "| epoch {_e:3d} | {_b:5d}/ 2200 batches | lr {lr:02.2f} | ms/batch {ms_batch:5.2f} | loss {loss:5.2f} | ppl {ppl:8.2f}",
                (e - 1) * 2200 + b,
                _e=e,
                _b=b,
                lr=20 / e,
                ms_batch=w.x(30, 33),
                loss=w.loss(b),
                ppl=w.x(90, 200),
            )
        w.say("-" * 89)
        w.row(
            "| end of epoch {_e:3d} | time: {ok_time:5.2f}s | valid loss {valid_loss:5.2f} | valid ppl {valid_ppl:8.2f}",
            ((e - 1) * 2200 + 2000, e),
            _e=e,
            ok_time=w.x(90, 99),
            valid_loss=w.loss(e),
            valid_ppl=w.x(90, 200),
        )
        w.say("-" * 89)


@log
def annotated_transformer(w: Writer) -> None:
    w.say("[GPU0] Epoch 0 Training ====")
    for n in range(1, 1200, 40):
        w.row(
            "Epoch Step: {_n:6d} | Accumulation Step: {accumulation_step:3d} | Loss: {loss:6.2f} | Tokens / Sec: {tokens_sec:7.1f} | Learning Rate: {learning_rate:6.1e}",
            n,
            _n=n,
            accumulation_step=(n + 9) // 10,
            loss=w.loss(n),
            tokens_sec=w.x(2000, 3000),
            learning_rate=w.x() / 1e4,
        )
    w.series.pop("accumulation_step")
    w.known.add("accumulation_step")


@log
def open_clip(w: Writer) -> None:
    for e in range(2):
        for b in range(10):
            w.row(
                "2023-04-05,10:%02d:%02d | INFO | Train Epoch: {_e} [{_n:>6d}/10000 ({_p}%%)] Data (t): {data_t:.3f} Batch (t): {batch_t:.3f}, {_r:.1f}/s LR: {lr:.6f} Logit Scale: {logit_scale:.3f} Loss: {loss:.5f} ({loss_avg:.5f})"
                % (e, b),
                e * 10000 + b * 1000,
                _e=e,
                _n=b * 1000,
                _p=b * 10,
                data_t=w.x(),
                batch_t=w.x(),
                _r=w.x(60, 70),
                lr=w.x() / 100,
                logit_scale=w.x(14, 15),
                loss=w.loss(b),
                loss_avg=w.loss(b),
            )
    w.known |= {"s", "batch_t_2", "logit_scale"}


@log
def aligned_blanks(w: Writer) -> None:
    for e in range(1, 16):
        w.row(
            "Epoch {_e:3d}   Train Loss {train_loss:10.4f}   Val Loss {val_loss:10.4f}   AUC {auc:8.4f}",
            e,
            _e=e,
            train_loss=w.loss(e),
            val_loss=w.loss(e),
            auc=w.x(),
        )


@log
def arrows(w: Writer) -> None:
    for e in range(1, 16):
        w.row(">>> epoch {_e} >>> loss {loss:.4f} >>> acc {acc:.4f}", e, _e=e, loss=w.loss(e), acc=w.x())


@log
def semicolons(w: Writer) -> None:
    for e in range(1, 16):
        w.row("(epoch {_e}) loss={loss:.4f}; acc={acc:.4f}; f1={f1:.4f};", e, _e=e, loss=w.loss(e), acc=w.x(), f1=w.x())


@log
def percent_and_eta(w: Writer) -> None:
    for n in range(100, 2100, 100):
        w.row(
            "step={_n}/2000 ({_p:.1f}%) loss={loss:.5f} eta=0:{_m:02d}:34",
            n,
            _n=n,
            _p=n / 20,
            loss=w.loss(n),
            _m=20 - n // 100,
        )


@log
def yunjey(w: Writer) -> None:
    for e in range(1, 4):
        for b in range(100, 601, 100):
            w.row("Epoch [{_e}/3], Step [{_b}/600], Loss: {loss:.4f}", (e - 1) * 600 + b, _e=e, _b=b, loss=w.loss(b))
    w.say("Test Accuracy of the model on the 10000 test images: 97.31 %")


@log
def tacotron2(w: Writer) -> None:
    w.say("Epoch: 0")
    for n in range(60):
        w.row(
            "Train loss {_n} {train_loss:.6f} Grad Norm {grad_norm:.6f} {_t:.2f}s/it",
            n,
            _n=n,
            train_loss=w.loss(n),
            grad_norm=w.x(0, 3),
            _t=w.x(0.3, 0.4),
        )
        if n % 20 == 0:
            w.row("Validation loss {_n}: {validation_loss:9f}  ", n, _n=n, validation_loss=w.loss(n))
    w.known |= {"s_it"}


@log
def self_play(w: Writer) -> None:
    for n in range(1, 31):
        w.row(
            "iter {_n} games {games} elo {elo:.1f} win {win:.3f} draw {draw:.3f} policy_loss {policy_loss:.4f}",
            n,
            _n=n,
            games=n * 100,
            elo=w.x(900, 1800),
            win=w.x(),
            draw=w.x(),
            policy_loss=w.loss(n),
        )


@log
def progress_meter(w: Writer) -> None:
    w.say("=> creating model 'resnet50'")
    for e in range(2):
        for b in range(0, 500, 50):
            w.row(
                "Epoch: [{_e}][{_b:3d}/500]\tTime {time:6.3f} ({time_avg:6.3f})\tLoss {loss:.4e} ({loss_avg:.4e})\tAcc@1 {acc_1:6.2f} ({acc_1_avg:6.2f})",
                e * 500 + b,
                _e=e,
                _b=b,
                time=w.x(),
                time_avg=w.x(),
                loss=w.loss(b),
                loss_avg=w.loss(b),
                acc_1=w.x(0, 90),
                acc_1_avg=w.x(0, 90),
            )
        w.row(
            " * Acc@1 {val_acc_1:.3f} Acc@5 {acc_5:.3f}", (e * 500 + 450, e), val_acc_1=w.x(50, 90), acc_5=w.x(80, 99)
        )
    w.series["acc_1 *"] = w.series.pop("val_acc_1")


@log
def rust_tracing(w: Writer) -> None:
    for n in range(10, 310, 10):
        w.row(
            "2024-05-01T10:%02d:%02d.123456Z  INFO trainer::run: optim step complete step={_n} loss={loss:.5f} grad_norm={grad_norm:.3f} elapsed_ms={elapsed_ms}"
            % (n // 60, n % 60),
            n,
            _n=n,
            loss=w.loss(n),
            grad_norm=w.x(0, 3),
            elapsed_ms=120 + n % 7,
        )


@log
def go_prints(w: Writer) -> None:
    for e in range(1, 21):
        w.row(
            "2024/05/01 10:00:%02d epoch %s{_e} cost {cost:.6f} accuracy {accuracy:.4f}" % (e, ""),
            e,
            _e=e,
            cost=w.loss(e),
            accuracy=w.x(),
        )


@log
def dl4j(w: Writer) -> None:
    for n in range(0, 200, 10):
        w.row(
            "10:00:%02d.123 [main] INFO  o.d.o.l.ScoreIterationListener - Score at iteration {_n} is {score:.12f}"
            % (n // 10),
            n,
            _n=n,
            score=w.loss(n),
        )


@log
def glove(w: Writer) -> None:
    w.say("TRAINING MODEL\nRead 60666468 lines.\nInitializing parameters...done.\nvector size: 50")
    for n in range(1, 26):
        w.row("05/01/24 - 10:%02d.00AM, iter: {_n:03d}, cost: {cost:.6f}" % n, n, _n=n, cost=w.loss(n))


@log
def darknet(w: Writer) -> None:
    for n in range(1, 41):
        w.row(
            " {_n}: {_l:.6f}, {avg_loss:.6f} avg loss, {rate:.6f} rate, {seconds:.6f} seconds, {images} images",
            n,
            _n=n,
            _l=w.loss(n),
            avg_loss=w.loss(n),
            rate=w.x() / 100,
            seconds=w.x(),
            images=n * 64,
        )
        w.say("Loaded: 0.000041 seconds")
    # What stands first is the loss, as whoever knows the program may say.
    w.known |= {"loss"}


@log
def d2l(w: Writer) -> None:
    for e in range(1, 11):
        w.row(
            "epoch {_e}, loss {loss:.4f}, train acc {train_acc:.3f}, test acc {test_acc:.3f}, time {ok_time:.1f} sec",
            e,
            _e=e,
            loss=w.loss(e),
            train_acc=w.x(),
            test_acc=w.x(),
            ok_time=w.x(4, 5),
        )


@log
def at_step(w: Writer) -> None:
    for n in range(0, 1000, 50):
        w.row("Accuracy at step {_n}: {accuracy:.4f}", n, _n=n, accuracy=w.x())
        w.row("Loss at step {_n}: {loss:.4f}", n, _n=n, loss=w.loss(n))


@log
def sklearn_mlp(w: Writer) -> None:
    for n in range(1, 31):
        w.row("Iteration {_n}, loss = {loss:.8f}", n, _n=n, loss=w.loss(n))
        w.row("Validation score: {validation_score:.6f}", n, validation_score=w.x())
    w.say("Validation score did not improve more than tol=0.000100 for 10 consecutive epochs. Stopping.")


@log
def logger_dict(w: Writer) -> None:
    for n in range(10, 310, 10):
        w.row(
            "[2024-05-01 10:%02d:%02d,123][__main__][INFO] - Step {_n}: {{'loss': {loss:.4f}, 'lr': {lr:.2e}, 'mem': {mem}}}"
            % (n // 60, n % 60),
            n,
            _n=n,
            loss=w.loss(n),
            lr=w.x() / 100,
            mem=4000 + n,
        )


@log
def json_in_prefix(w: Writer) -> None:
    for n in range(10, 310, 10):
        w.row(
            '2024-05-01 10:%02d:%02d INFO metrics={{"step": {_n}, "loss": {loss:.4f}, "aux": {{"kl": {aux_kl:.5f}}}}}'
            % (n // 60, n % 60),
            n,
            _n=n,
            loss=w.loss(n),
            aux_kl=w.x(),
        )
