"""Tables, boxes and blocks printed to a console."""

from __future__ import annotations

from .writer import Writer, log


@log
def fastai(w: Writer) -> None:
    w.say("epoch     train_loss  valid_loss  accuracy  time    ")
    for e in range(10):
        w.row(
            "{_e:<9} {train_loss:.6f}    {valid_loss:.6f}    {accuracy:.6f}  00:{ok_time:02d}     ",
            e,
            _e=e,
            train_loss=w.loss(e),
            valid_loss=w.loss(e),
            accuracy=w.x(),
            ok_time=12 + e % 3,
        )
    w.known |= {"time"}


@log
def markdown_table(w: Writer) -> None:
    w.say("| epoch | train_loss | val_loss | lr |\n|------:|-----------:|---------:|---:|")
    for e in range(1, 16):
        w.row(
            "| {_e} | {train_loss:.4f} | {val_loss:.4f} | {lr:.6f} |",
            e,
            _e=e,
            train_loss=w.loss(e),
            val_loss=w.loss(e),
            lr=w.x() / 100,
        )


@log
def markdown_epochs_between_prints(w: Writer) -> None:
    w.say("Epoch | Loss   | Acc    | F1\n------|--------|--------|------")
    for e in range(1, 21):
        w.row("{_e:5d} | {loss:.4f} | {acc:.4f} | {f1:.3f}", e, _e=e, loss=w.loss(e), acc=w.x(), f1=w.x())
        if e % 7 == 0:
            w.say("  checkpoint written")


@log
def rich_table(w: Writer) -> None:
    w.say("┏━━━━━━━┳━━━━━━━━━┳━━━━━━━━━━┓\n┃ Epoch ┃ Loss    ┃ Accuracy ┃\n┡━━━━━━━╇━━━━━━━━━╇━━━━━━━━━━┩")
    for e in range(1, 13):
        w.row("│ {_e:<5} │ {loss:<7.4f} │ {accuracy:<8.4f} │", e, _e=e, loss=w.loss(e), accuracy=w.x())
    w.say("└───────┴─────────┴──────────┘")


@log
def tabulate_grid(w: Writer) -> None:
    rule = "+---------+------------+-----------+"
    w.say(f"{rule}\n|   epoch |   val_loss |   val_acc |\n+=========+============+===========+")
    for e in range(1, 13):
        w.row("| {_e:7d} | {val_loss:10.4f} | {val_acc:9.4f} |", e, _e=e, val_loss=w.loss(e), val_acc=w.x())
        w.say(rule)


@log
def repeated_header(w: Writer) -> None:
    for n in range(60):
        if n % 20 == 0:
            w.say("   Iter      Loss    GradNorm        LR")
            w.say("-------  --------  ----------  --------")
        w.row(
            "{_n:7d}  {loss:8.4f}  {gradnorm:10.3f}  {lr:8.2e}",
            n * 10,
            _n=n * 10,
            loss=w.loss(n),
            gradnorm=w.x(0, 3),
            lr=w.x() / 100,
        )
    w.series["grad_norm"] = w.series.pop("gradnorm")


@log
def sklearn_gbm(w: Writer) -> None:
    w.say("      Iter       Train Loss   Remaining Time ")
    for n in [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20, 30, 40, 50]:
        w.row("{_n:10d} {train_loss:16.4f} {_t:12.2f}s", n, _n=n, train_loss=w.loss(n), _t=60 - n)
    w.known |= {"remaining time"}


@log
def matlab_table(w: Writer) -> None:
    w.say(
        "|======================================================================|\n|  Epoch  |  Iteration  |  Mini-batch  |  Mini-batch  |  Base Learning  |\n|         |             |   Accuracy   |     Loss     |      Rate       |\n|======================================================================|"
    )
    for n in range(50, 850, 50):
        w.row(
            "| {_e:7d} | {_n:11d} | {mini_batch_accuracy:11.2f}% | {mini_batch_loss:12.4f} | {base_learning_rate:15.4f} |",
            n,
            _e=1 + n // 200,
            _n=n,
            mini_batch_accuracy=w.x(20, 99),
            mini_batch_loss=w.loss(n),
            base_learning_rate=0.01,
        )
    w.say("|======================================================================|")


@log
def vowpal(w: Writer) -> None:
    w.say(
        "average  since         example        example        current        current  current\nloss     last          counter         weight          label        predict features"
    )
    n = 1
    for _ in range(14):
        w.row(
            "{average_loss:.6f} {since_last:.6f} {_n:12d} {_w:14.1f} {current_label:14.4f} {current_predict:14.4f} {current_features:8d}",
            n,
            average_loss=w.x(),
            since_last=w.x(),
            _n=n,
            _w=n,
            current_label=w.x() - 0.5,
            current_predict=w.x(),
            current_features=50 + n % 7,
        )
        n *= 2
    w.known |= {"example weight", "example counter"}


@log
def hash_header(w: Writer) -> None:
    w.say("# iter  loss  val_loss  acc")
    for n in range(0, 200, 10):
        w.row("{_n} {loss:.5f} {val_loss:.5f} {acc:.4f}", n, _n=n, loss=w.loss(n), val_loss=w.loss(n), acc=w.x())


@log
def spinning_up(w: Writer) -> None:
    for e in range(12):
        rule = "-" * 39
        w.say(rule)
        w.row(
            "|             Epoch | {_e:15d} |\n|      AverageEpRet | {average_ep_ret:15.3g} |\n|          StdEpRet | {std_ep_ret:15.3g} |\n|      TotalEnvInteracts | {total_env_interacts:10.3g} |\n|            LossPi | {loss_pi:15.3g} |",
            e,
            _e=e,
            average_ep_ret=w.x(20, 200),
            std_ep_ret=w.x(2, 20),
            total_env_interacts=4000 * (e + 1),
            loss_pi=w.loss(e),
        )
        w.say(rule)


@log
def legged_blocks(w: Writer) -> None:
    for n in range(20):
        w.say("#" * 60 + f"\n                      Learning iteration {n}/20\n")
        w.row(
            "               Mean reward: {mean_reward:.2f}\n       Mean episode length: {mean_episode_length:.2f}\n  Mean value_function loss: {mean_value_function_loss:.4f}",
            n,
            mean_reward=w.x(0, 20),
            mean_episode_length=w.x(100, 900),
            mean_value_function_loss=w.loss(n),
        )
        w.say("-" * 60)


@log
def transposed(w: Writer) -> None:
    for e in range(8):
        w.say(
            f"2024-05-01 10:00:{e:02d},123 - INFO - trainer - Epoch {e}/7\n                    Training |  Validation"
        )
        w.row(
            "accuracy          | {train_accuracy:9.3f} | {val_accuracy:10.3f}",
            e,
            train_accuracy=w.x(),
            val_accuracy=w.x(),
        )
        w.row("loss              | {train_loss:9.3f} | {val_loss:10.3f}", e, train_loss=w.loss(e), val_loss=w.loss(e))


@log
def indented_sections(w: Writer) -> None:
    for n in range(100, 1600, 100):
        w.say(f"Update: {n}")
        w.row("    Loss: {loss:.3e}, A: {a:.3e}, V: {v:.3e}, E: {e:.3e}", n, loss=w.loss(n), a=w.x(), v=w.x(), e=w.x())
        w.row(
            "    Rewards          => Avg: {rewards_avg:.3e}, Min: {rewards_min:.3e}, Max: {rewards_max:.3e}",
            n,
            rewards_avg=w.x(),
            rewards_min=w.x() - 2,
            rewards_max=w.x() + 2,
        )


@log
def pipes_header_every_epoch(w: Writer) -> None:
    for e in range(1, 13):
        w.say("  Epoch  |  Train MSE  |  Valid MSE  |  Time")
        w.row(
            "  {_e:3d}    |  {train_mse:.6f}   |  {valid_mse:.6f}   |  {ok_time:.2f}",
            e,
            _e=e,
            train_mse=w.loss(e),
            valid_mse=w.loss(e),
            ok_time=w.x(3, 4),
        )


@log
def key_value_columns(w: Writer) -> None:
    for n in range(10, 160, 10):
        w.say("-" * 30)
        for name, spec, value in (
            ("iteration", "_n:d", n),
            ("loss", "loss:.5f", w.loss(n)),
            ("reward_mean", "reward_mean:.3f", w.x()),
            ("kl", "kl:.5f", w.x()),
        ):
            w.row(f"{name:<16}{{{spec}}}", n, **{spec.split(":")[0]: value})
