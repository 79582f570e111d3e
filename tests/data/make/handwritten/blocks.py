"""Blocks of lines that mean something only together: states above and below, titles, counts that go on."""

from __future__ import annotations

from .writer import Writer, log


@log
def composer(w: Writer) -> None:
    w.say(
        "******************************\nConfig:\nenabled_algorithms/GradientClipping: true\nnode_name: unknown because NODENAME environment variable not set\nnum_gpus_per_node: 8\nnum_nodes: 1\nrank_zero_seed: 17\n\n******************************"
    )
    for b in range(1, 41):
        w.say(f"[batch={b * 10}/4800]:")
        s = b * 10
        w.row("\t Train time/batch: {_b}", s, _b=s - 1)
        w.row("\t Train time/sample: {ok_time_sample}", s, ok_time_sample=(s - 1) * 512)
        w.row("\t Train time/batch_in_epoch: {ok_time_batch_in_epoch}", s, ok_time_batch_in_epoch=s - 1)
        w.row("\t Train time/sample_in_epoch: {ok_time_sample_in_epoch}", s, ok_time_sample_in_epoch=(s - 1) * 512)
        w.row("\t Train time/token: {ok_time_token}", s, ok_time_token=(s - 1) * 512 * 2048)
        w.row(
            "\t Train memory/current_allocated_mem: {memory_current_allocated_mem:.4f}",
            s,
            memory_current_allocated_mem=w.x(3, 4),
        )
        w.row("\t Train memory/alloc_retries: {ok_memory_alloc_retries}", s, ok_memory_alloc_retries=0)
        w.row("\t Train loss/train/total: {loss_train_total:.4f}", s, loss_train_total=w.loss(b))
        w.row(
            "\t Train metrics/train/LanguageCrossEntropy: {metrics_train_language_cross_entropy:.4f}",
            s,
            metrics_train_language_cross_entropy=w.loss(b),
        )
        w.row(
            "\t Train throughput/batches_per_sec: {throughput_batches_per_sec:.4f}", s, throughput_batches_per_sec=w.x()
        )
        w.row(
            "\t Train lr-DecoupledAdamW/group0: {lr_decoupled_adam_w_group0:.4f}",
            s,
            lr_decoupled_adam_w_group0=b * 0.0001,
        )
        w.row(
            "\t Train time/remaining_estimate: {ok_time_remaining_estimate:.4f}", s, ok_time_remaining_estimate=100 - b
        )
    w.known |= {"time_batch", "train_time_batch"}


@log
def below(w: Writer) -> None:
    for e in range(1, 31):
        w.row(
            "train ({_e}/30) loss: {train_loss:.4f} acc: {train_acc:.2f}",
            e,
            _e=e,
            train_loss=w.loss(e),
            train_acc=w.x(50, 90),
        )
        w.row(
            "valid ({_e}/30) loss: {valid_loss:.4f} acc: {valid_acc:.2f}",
            e,
            _e=e,
            valid_loss=w.loss(e),
            valid_acc=w.x(50, 90),
        )
        w.say(f"* Epoch ({e}/30) took {w.x(30, 40):.1f}s")


@log
def below_bare(w: Writer) -> None:
    """The state stands below; results bear no counter."""
    for e in range(1, 21):
        w.row("train loss: {train_loss:.4f}  train acc: {train_acc:.4f}", e, train_loss=w.loss(e), train_acc=w.x())
        w.row("valid loss: {valid_loss:.4f}  valid acc: {valid_acc:.4f}", e, valid_loss=w.loss(e), valid_acc=w.x())
        w.say(f"---- end of epoch {e} ----")


@log
def header_epoch(w: Writer) -> None:
    for e in range(1, 11):
        w.say(f"Epoch {e}/10")
        w.say("-" * 10)
        w.row("train Loss: {train_loss:.4f} Acc: {train_acc:.4f}", e, train_loss=w.loss(e), train_acc=w.x())
        w.row("val Loss: {val_loss:.4f} Acc: {val_acc:.4f}", e, val_loss=w.loss(e), val_acc=w.x())
        w.say("")
    w.say(f"Training complete in 12m 33s\nBest val Acc: {w.x():.4f}")


@log
def arrow_epoch(w: Writer) -> None:
    for e in range(1, 9):
        w.say(f"======> EPOCH {e}")
        w.row("Train loss: {train_loss:.4f}", e, train_loss=w.loss(e))
        w.row("Validation loss: {validation_loss:.4f}", e, validation_loss=w.loss(e))
        w.row("Validation accuracy: {validation_accuracy:.2f}%", e, validation_accuracy=w.x(50, 99))


@log
def coqui(w: Writer) -> None:
    for e in range(4):
        w.say(
            f"\n > EPOCH: {e}/1000\n --> /home/me/run-May-01-2023_10+00AM-abc\n\n > TRAINING (2023-05-01 10:0{e}:00) "
        )
        for b in range(0, 100, 25):
            gs = e * 100 + b
            w.say(f"\n   --> TIME: 2023-05-01 10:0{e}:{b // 2:02d} -- STEP: {b}/100 -- GLOBAL_STEP: {gs}")
            w.row("     | > loss: {loss:.5f}  ({loss_avg:.5f})", gs, loss=w.loss(e + b / 100), loss_avg=w.loss(e))
            w.row(
                "     | > log_mle: {log_mle:.5f}  ({log_mle_avg:.5f})",
                gs,
                log_mle=w.loss(e + b / 100),
                log_mle_avg=w.loss(e),
            )
            w.row("     | > current_lr: {current_lr:.5f} ", gs, current_lr=w.x() / 1000)
            w.row(
                "     | > step_time: {step_time:.4f}  ({step_time_avg:.5f})", gs, step_time=w.x(), step_time_avg=w.x()
            )
        w.say("\n > EVALUATION \n")
        w.say("\n  --> EVAL PERFORMANCE")
        gs = e * 100 + 75
        w.row(
            "     | > avg_loader_time: {eval_avg_loader_time:.5f} (+{_d:.5f})",
            (gs, e),
            eval_avg_loader_time=w.x(),
            _d=w.x(),
        )
        w.row("     | > avg_loss: {eval_avg_loss:.5f} (-{_d:.5f})", (gs, e), eval_avg_loss=w.loss(e), _d=w.x())
        w.row("     | > avg_log_mle: {eval_avg_log_mle:.5f} (-{_d:.5f})", (gs, e), eval_avg_log_mle=w.loss(e), _d=w.x())
        w.say(f"\n > BEST MODEL : /home/me/run/best_model_{gs}.pth")
    w.known |= {"avg_loader_time_avg", "avg_loss_avg", "avg_log_mle_avg"}


@log
def titled_blocks(w: Writer) -> None:
    for e in range(1, 9):
        w.say(f"Epoch {e}")
        w.say("Train:")
        w.row("  loss: {train_loss:.4f}", e, train_loss=w.loss(e))
        w.row("  acc: {train_acc:.4f}", e, train_acc=w.x())
        w.say("Valid:")
        w.row("  loss: {valid_loss:.4f}", e, valid_loss=w.loss(e))
        w.row("  acc: {valid_acc:.4f}", e, valid_acc=w.x())


@log
def titled_dashes(w: Writer) -> None:
    for e in range(1, 9):
        w.say(f"------------ Epoch {e} ------------")
        w.say("-- training --")
        w.row("loss = {train_loss:.4f}, accuracy = {train_accuracy:.4f}", e, train_loss=w.loss(e), train_accuracy=w.x())
        w.say("-- validation --")
        w.row("loss = {val_loss:.4f}, accuracy = {val_accuracy:.4f}", e, val_loss=w.loss(e), val_accuracy=w.x())


@log
def eval_block(w: Writer) -> None:
    """Steps, and now and then a block of results."""
    for s in range(100, 3001, 100):
        w.row(
            "step {_s} | loss {loss:.4f} | lr {lr:.2e} | {ok_tok} tok/s",
            s,
            _s=s,
            loss=w.loss(s / 100),
            lr=1e-4 * w.x(),
            ok_tok=w.noise.randrange(10000, 12000),
        )
        if s % 500 == 0:
            w.say("***** Running Evaluation *****\n  Num examples = 1000\n  Batch size = 8")
            w.say("***** Eval results *****")
            w.row("  eval_accuracy = {eval_accuracy:.4f}", s, eval_accuracy=w.x())
            w.row("  eval_loss = {eval_loss:.4f}", s, eval_loss=w.loss(s / 100))
            w.row("  perplexity = {perplexity:.4f}", s, perplexity=w.x(1, 9))
    w.known |= {"eval_perplexity", "tok_s", "num_examples", "batch_size"}


@log
def two_models(w: Writer) -> None:
    for e in range(1, 11):
        w.say(f"Epoch [{e}/10]")
        for m in ("teacher", "student"):
            w.row(
                "\t" + m + " | loss: {" + m + "_loss:.4f} | acc: {" + m + "_acc:.2f}%",
                e,
                **{m + "_loss": w.loss(e), m + "_acc": w.x(50, 90)},
            )


@log
def multi_task(w: Writer) -> None:
    for s in range(100, 2001, 100):
        w.say(f"[step {s}]")
        for t in ("det", "seg", "depth"):
            w.row(
                "  " + t + ": loss={" + t + "_loss:.4f} acc={" + t + "_acc:.3f}",
                s,
                **{t + "_loss": w.loss(s / 100), t + "_acc": w.x()},
            )


@log
def kge(w: Writer) -> None:
    for s in range(0, 5001, 100):
        w.row(
            "2023-05-01 10:{_m:02d}:00,123 INFO     Training average positive_sample_loss at step {_a}: {positive_sample_loss:.6f}",
            s,
            _m=s // 100 % 60,
            _a=s,
            positive_sample_loss=w.loss(s / 100),
        )
        w.row(
            "2023-05-01 10:{_m:02d}:00,124 INFO     Training average negative_sample_loss at step {_a}: {negative_sample_loss:.6f}",
            s,
            _m=s // 100 % 60,
            _a=s,
            negative_sample_loss=w.loss(s / 100),
        )
        w.row(
            "2023-05-01 10:{_m:02d}:00,125 INFO     Training average loss at step {_a}: {loss:.6f}",
            s,
            _m=s // 100 % 60,
            _a=s,
            loss=w.loss(s / 100),
        )
        if s % 1000 == 0 and s:
            w.say("2023-05-01 10:00:00,126 INFO     Evaluating on Valid Dataset...")
            for k in (0, 1000):
                w.say(f"2023-05-01 10:00:00,126 INFO     Evaluating the model... ({k}/2000)")
            for m in ("MRR", "MR", "HITS@1", "HITS@3", "HITS@10"):
                key = "valid_" + m.replace("@", "_")
                w.row(
                    "2023-05-01 10:00:00,127 INFO     Valid " + m + " at step {_a}: {" + key + ":.6f}",
                    s,
                    _a=s,
                    **{key: w.x()},
                )


@log
def iters_private(w: Writer) -> None:
    """The interval goes on across epochs; no format knows it."""
    t = 0
    for e in range(1, 5):
        for i in range(1, 548):
            t += 1
            if t % 50 == 0:
                w.row(
                    "ep {_e} it {_i} | g_loss {g_loss:.3f} | d_loss {d_loss:.3f}",
                    t,
                    _e=e,
                    _i=i,
                    g_loss=w.x(),
                    d_loss=w.x(),
                )


@log
def last_extra(w: Writer) -> None:
    """The last batch of each epoch is printed out of turn."""
    for e in range(1, 5):
        for i in [*range(0, 468, 50), 468]:
            w.row("epoch {_e}, batch {_i}: loss={loss:.3f}", (e - 1) * 469 + i, _e=e, _i=i, loss=w.loss(e + i / 469))


@log
def zerobased_batches(w: Writer) -> None:
    for e in range(4):
        for b in range(0, 1000, 100):
            w.row("epoch {_e} batch {_b} loss {loss:.4f}", e * 1000 + b, _e=e, _b=b, loss=w.loss(e + b / 1000))


@log
def totals_iter_cyc(w: Writer) -> None:
    """pix2pix as it is: it prints at every hundredth of all iterations."""
    w.say("dataset [UnalignedDataset] was created\nThe number of training images = 1096")
    t = 0
    for e in range(1, 5):
        for i in range(1, 1097):
            t += 1
            if t % 100 == 0:
                w.row(
                    "(epoch: {_e}, iters: {_i}, time: {time:.3f}, data: {data:.3f}) D_A: {D_A:.3f} G_A: {G_A:.3f} cycle_A: {cycle_A:.3f} ",
                    t,
                    _e=e,
                    _i=i,
                    time=w.x(),
                    data=w.x(),
                    D_A=w.x(),
                    G_A=w.x(),
                    cycle_A=w.x(),
                )
        w.row("End of epoch {_e} / 200 \t Time Taken: {ok_time_taken} sec", None, _e=e, ok_time_taken=100 + e)
        w.row("learning rate {_a:.7f} -> {ok_learning_rate:.7f}", None, _a=2e-4, ok_learning_rate=2e-4)


@log
def one_line_counts_below(w: Writer) -> None:
    """Batches by a bare loss; the epoch's line stands below with its mean."""
    for e in range(1, 6):
        for b in range(50, 401, 50):
            w.row("    batch {_b:4d}  loss {loss:.4f}", (e - 1) * 400 + b, _b=b, loss=w.loss(e + b / 400))
        w.row(
            "Epoch {_e} finished. Average loss {average_loss:.4f}, val loss {val_loss:.4f}",
            (e * 400, e),
            _e=e,
            average_loss=w.loss(e),
            val_loss=w.loss(e),
        )


@log
def ppo_blocks(w: Writer) -> None:
    for it in range(1, 21):
        w.say(f"---------------------------------------\nIteration {it}/200")
        w.row("Total timesteps: {ok_total_timesteps}", None, ok_total_timesteps=it * 2048)
        w.row("Mean episode reward: {mean_episode_reward:.2f}", (it, it * 2048), mean_episode_reward=w.x(-200, 300))
        w.row("Policy loss: {policy_loss:.5f}", (it, it * 2048), policy_loss=w.x())
        w.row("Value loss: {value_loss:.5f}", (it, it * 2048), value_loss=w.x())
        w.row("Entropy: {entropy:.4f}", (it, it * 2048), entropy=w.x())
