"""Other frameworks, other tables, other tongues."""

from __future__ import annotations

from data.make.strangers.writer import Writer, clock, log


@log
def lightgbm_info(w: Writer) -> None:
    w.say(
        "[LightGBM] [Info] Number of positive: 8115, number of negative: 15885\n[LightGBM] [Info] Auto-choosing row-wise multi-threading, the overhead of testing was 0.002211 seconds.\nYou can set `force_row_wise=true` to remove the overhead.\n[LightGBM] [Info] Total Bins 6132\n[LightGBM] [Info] Number of data points in the train set: 24000, number of used features: 28\n[LightGBM] [Info] [binary:BoostFromScore]: pavg=0.338125 -> initscore=-0.671651\n[LightGBM] [Info] Start training from score -0.671651"
    )
    for n in range(10, 601, 10):
        w.row(
            "[{_n}]\ttraining's binary_logloss: {binary_logloss:.6g}\ttraining's auc: {auc:.6g}\tvalid_1's binary_logloss: {'binary_logloss:.6g}\tvalid_1's auc: {'auc:.6g}",
            n,
            **{
                "_n": n,
                "binary_logloss": w.fall(n, 0.64, 0.3, 120),
                "auc": w.acc(n, 0.97, 20),
                "'binary_logloss": w.fall(n, 0.64, 0.41, 90),
                "'auc": w.acc(n, 0.9, 20),
            },
        )
        if n % 130 == 0:
            w.say("[LightGBM] [Warning] No further splits with positive gain, best gain: -inf")
    w.say("Saving model to model.txt\nFinished in 12.3 s")
    w.ok("Finished")


@log
def sklearn_mlp(w: Writer) -> None:
    w.say("Fitting MLPClassifier(early_stopping=True, hidden_layer_sizes=(256, 128), random_state=0, verbose=True)")
    for n in range(1, 47):
        w.row("Iteration {_n}, loss = {loss:.8f}", n, _n=n, loss=w.fall(n, 0.7, 0.02, 4))
        w.row("Validation score: {validation_score:.6f}", n, validation_score=w.acc(n, 0.97, 1))
    w.say(
        "Validation score did not improve more than tol=0.000100 for 10 consecutive epochs. Stopping.\nTest accuracy: 0.9682"
    )
    w.ok("test accuracy", "tol")


@log
def vowpal_progress(w: Writer) -> None:
    w.say(
        "final_regressor = model.vw\nNum weight bits = 18\nlearning rate = 0.5\ninitial_t = 0\npower_t = 0.5\nusing no cache\nReading datafile = rcv1.train.vw.gz\nnum sources = 1\nEnabled reductions: gd, scorer\naverage  since         example        example        current        current  current\nloss     last          counter         weight          label        predict features"
    )
    n = 1
    for k in range(20):
        w.row(
            "{average loss:8.6f} {since last:8.6f} {_n:12d} {_w:12.1f} {ok_label:14.4f} {ok_predict:14.4f} {ok_features:8d}",
            n,
            **{
                "average loss": w.fall(k, 0.98, 0.05, 5),
                "since last": w.fall(k, 0.98, 0.04, 4),
                "_n": n,
                "_w": float(n),
                "ok_label": float(w.noise.choice([-1, 1])),
                "ok_predict": w.x(-1, 1),
                "ok_features": w.int(20, 220),
            },
        )
        n *= 2
    w.say(
        "\nfinished run\nnumber of examples = 781265\nweighted example sum = 781265.000000\nweighted label sum = -41230.000000\naverage loss = 0.049982\nbest constant = -0.052772\nbest constant's loss = 0.997215\ntotal feature number = 60360412"
    )
    w.ok(
        "current label",
        "current predict",
        "current features",
        "example weight",
        "example counter",
        "average loss",
        "number of examples",
        "weighted example sum",
        "weighted label sum",
        "best constant",
        "best constant's loss",
        "total feature number",
    )


@log
def tabnet_bars(w: Writer) -> None:
    w.say(
        '/usr/local/lib/python3.8/dist-packages/pytorch_tabnet/abstract_model.py:75: UserWarning: Device used : cuda\n  warnings.warn(f"Device used : {self.device}")'
    )
    for e in range(60):
        w.row(
            "epoch {_e:<3d}| loss: {loss:<8.5f}| train_auc: {train_auc:<8.5f}| valid_auc: {valid_auc:<8.5f}|  0:%02d:%02ds"
            % ((e + 1) // 60, (e + 1) % 60),
            e,
            _e=e,
            loss=w.fall(e, 0.7, 0.3, 8),
            train_auc=w.acc(e, 0.93, 2),
            valid_auc=w.acc(e, 0.91, 2),
        )
    w.say(
        "\nEarly stopping occurred at epoch 59 with best_epoch = 44 and best_valid_auc = 0.90822\nBest weights from best epoch are automatically used!"
    )
    w.ok("best_epoch", "best_valid_auc", "with best_epoch")


@log
def liblinear_tron(w: Writer) -> None:
    w.say("[LibLinear]init f 1.386e+04 |g| 2.512e+04")
    f, g = 13860.0, 25120.0
    for n in range(1, 41):
        f *= w.x(0.88, 0.99)
        g *= w.x(0.6, 0.95)
        w.row(
            "iter {_n:2d} act {act:5.3e} pre {pre:5.3e} delta {delta:5.3e} f {f:5.3e} |g| {|g|:5.3e} CG {CG:3d}",
            n,
            **{"_n": n, "act": f * 0.05, "pre": f * 0.048, "delta": w.x(1, 3), "f": f, "|g|": g, "CG": w.int(2, 9)},
        )
    w.say("optimization finished, #iter = 40\nObjective value = -2013.331\nnSV = 1422")
    w.ok("iter", "Objective value", "nSV", "init f", "init |g|", "init")


@log
def flax_absl(w: Writer) -> None:
    w.say(
        "I0312 04:11:02.114253 140012345678144 xla_bridge.py:355] Unable to initialize backend 'tpu_driver': NOT_FOUND: Unable to find driver in registry given worker: \nI0312 04:11:03.012345 140012345678144 main.py:51] JAX process: 0 / 1\nI0312 04:11:03.012399 140012345678144 main.py:52] JAX local devices: [GpuDevice(id=0, process_index=0)]\nI0312 04:11:03.012501 140012345678144 dataset_info.py:491] Load dataset info from /root/tensorflow_datasets/mnist/3.0.1"
    )
    t = 15070.0
    for e in range(1, 41):
        t += 2.4
        w.row(
            f"I0312 {clock(t)}.{w.int(0, 999999):06d} 140012345678144 train.py:146] epoch:{e:3d}, train_loss: {{train_loss:.4f}}, train_accuracy: {{train_accuracy:.2f}}, test_loss: {{test_loss:.4f}}, test_accuracy: {{test_accuracy:.2f}}",
            e,
            train_loss=w.fall(e, 0.24, 0.004, 1),
            train_accuracy=100 * w.acc(e, 0.99, 0.1),
            test_loss=w.fall(e, 0.08, 0.03, 1),
            test_accuracy=100 * w.acc(e, 0.985, 0.1),
        )


@log
def flux_tuples(w: Writer) -> None:
    w.say(
        '[ Info: Training on GPU\n[ Info: Dataset MNIST: 60000 train and 10000 test examples\n[ Info: LeNet5 model: 44426 trainable params\n[ Info: TensorBoard logging at "runs/"'
    )
    for e in range(41):
        w.row(
            "Epoch: {_e}   Train: (loss = {train_loss:.4f}f0, acc = {train_acc:.4f})   Test: (loss = {test_loss:.4f}f0, acc = {test_acc:.4f})",
            e,
            _e=e,
            train_loss=w.fall(e, 2.3, 0.03, 1),
            train_acc=100 * w.acc(e, 0.99, 0.5),
            test_loss=w.fall(e, 2.3, 0.05, 1),
            test_acc=100 * w.acc(e, 0.985, 0.5),
        )
        if e and e % 5 == 0:
            w.say('[ Info: Model saved in "runs/model.bson"')


@log
def luz_metrics(w: Writer) -> None:
    w.say(
        "> fitted <- net %>%\n+   setup(loss = nn_cross_entropy_loss(), optimizer = optim_adam, metrics = list(luz_metric_accuracy())) %>%\n+   fit(train_dl, epochs = 20, valid_data = test_dl)"
    )
    for e in range(1, 21):
        w.say(f"Epoch {e}/20")
        w.row(
            "Train metrics: Loss: {loss:.4f} - Acc: {acc:.4f}", e, loss=w.fall(e, 0.4, 0.03, 2), acc=w.acc(e, 0.99, 0.4)
        )
        w.row(
            "Valid metrics: Loss: {'loss:.4f} - Acc: {'acc:.4f}",
            e,
            **{"'loss": w.fall(e, 0.3, 0.05, 2), "'acc": w.acc(e, 0.985, 0.4)},
        )
    w.say(
        "A `luz_module_fitted`\n── Time ───────────────────────────────────────────────\n• Total time: 2m 41.2s\n• Avg time per training epoch: 7.1s\n\n── Metrics observed in the last epoch ─────────────────\nℹ Training:\nloss: 0.0312\nacc: 0.9901\nℹ Validation:\nloss: 0.0533\nacc: 0.9840"
    )
    w.ok(
        "Total time",
        "Avg time per training epoch",
        "Training loss",
        "Training acc",
        "Validation loss",
        "Validation acc",
        "loss",
        "acc",
    )


@log
def paddle_ocr(w: Writer) -> None:
    w.say(
        "[2023/08/21 10:02:11] ppocr INFO: Architecture : \n[2023/08/21 10:02:11] ppocr INFO:     Backbone : \n[2023/08/21 10:02:11] ppocr INFO:         name : MobileNetV3\n[2023/08/21 10:02:11] ppocr INFO:         scale : 0.5\n[2023/08/21 10:02:11] ppocr INFO: Global : \n[2023/08/21 10:02:11] ppocr INFO:     epoch_num : 10\n[2023/08/21 10:02:11] ppocr INFO:     log_smooth_window : 20\n[2023/08/21 10:02:11] ppocr INFO: Optimizer : \n[2023/08/21 10:02:11] ppocr INFO:     beta1 : 0.9\n[2023/08/21 10:02:11] ppocr INFO:     beta2 : 0.999\n[2023/08/21 10:02:12] ppocr INFO: train dataloader has 60 iters\n[2023/08/21 10:02:12] ppocr INFO: valid dataloader has 12 iters"
    )
    t = 36135.0
    n = 0
    for e in range(1, 11):
        for _ in range(6):
            n += 10
            t += 4
            w.row(
                f"[2023/08/21 {clock(t)}] ppocr INFO: epoch: [{e}/10], global_step: {n}, lr: {{lr:.6f}}, acc: {{acc:.6f}}, norm_edit_dis: {{norm_edit_dis:.6f}}, loss: {{loss:.6f}}, avg_reader_cost: {{ok_avg_reader_cost:.5f}} s, avg_batch_cost: {{ok_avg_batch_cost:.5f}} s, avg_samples: {{ok_avg_samples:.1f}}, ips: {{ok_ips:.5f}} samples/s, eta: 0:0{(600 - n) // 150}:{w.int(10, 59)}",
                n,
                lr=0.001 * min(1, n / 100),
                acc=w.acc(n, 0.8, 120),
                norm_edit_dis=w.acc(n, 0.95, 90),
                loss=w.fall(n, 32, 1.1, 30),
                ok_avg_reader_cost=w.x(0.01, 0.2),
                ok_avg_batch_cost=w.x(0.2, 0.4),
                ok_avg_samples=128.0,
                ok_ips=w.x(300, 500),
            )
        w.say(f"\reval model:: 100%|██████████| 12/12 [00:02<00:00,  {w.x(4, 6):.2f}it/s]")
        w.row(
            f"[2023/08/21 {clock(t + 1)}] ppocr INFO: cur metric, acc: {{cur_acc:.16f}}, norm_edit_dis: {{cur_norm_edit_dis:.16f}}, fps: {{ok_fps:.10f}}",
            (n, e),
            cur_acc=w.acc(e, 0.8),
            cur_norm_edit_dis=w.acc(e, 0.93, 1),
            ok_fps=w.x(2000, 3000),
        )
        w.say(
            f"[2023/08/21 {clock(t + 2)}] ppocr INFO: save best model is to ./output/rec/best_accuracy\n[2023/08/21 {clock(t + 2)}] ppocr INFO: best metric, acc: {w.acc(e, 0.8):.10f}, is_float16: False, norm_edit_dis: {w.acc(e, 0.93):.10f}, fps: {w.x(2000, 3000):.10f}, best_epoch: {e}"
        )
    w.series["'acc"] = w.series.pop("cur_acc")
    w.series["'norm_edit_dis"] = w.series.pop("cur_norm_edit_dis")
    w.ok("eta", "best metric acc", "best metric", "best_epoch", "best", "global_step")


@log
def mindspore_is(w: Writer) -> None:
    w.say(
        "[WARNING] ME(21330:140213,MainProcess):2023-02-11-10:12:44.120.331 [mindspore/run_check/_check_version.py:140] MindSpore version 2.0.0 and cuda version 11.1.105 does not match."
    )
    for e in range(1, 6):
        for s in range(125, 1876, 125):
            w.row(
                f"epoch: {e} step: {s}, loss is {{loss}}",
                ((e - 1) * 1875 + s, s),
                loss=w.fall(e * 1875 + s, 2.3, 0.01, 600),
            )
        w.say(f"Train epoch time: {w.x(9000, 9900):.3f} ms, per step time: {w.x(4, 6):.3f} ms")
        w.row(f"epoch: {e}, accuracy: {{accuracy:.4f}}", (e, e * 1875, 1875), accuracy=w.acc(e, 0.99, 0.3))
    w.say("=============== {'Accuracy': 0.9811698717948718} ===============")
    w.ok("Train epoch time", "per step time", "epoch time", "Accuracy")


@log
def fastai_rows(w: Writer) -> None:
    w.say(
        'Downloading: "https://download.pytorch.org/models/resnet34-b627a593.pth" to /root/.cache/torch/hub/checkpoints/resnet34-b627a593.pth\nSuggestedLRs(valley=0.0010000000474974513)'
    )
    for cycle in (1, 12):
        w.say("epoch     train_loss  valid_loss  error_rate  accuracy  time    ")
        for e in range(cycle):
            r = w.fall(e, 0.2, 0.05)
            w.row(
                "{_e:<10d}{train_loss:<12.6f}{valid_loss:<12.6f}{error_rate:<12.6f}{accuracy:<10.6f}00:%d    "
                % w.int(10, 50),
                e,
                _e=e,
                train_loss=w.fall(e, 0.9, 0.1),
                valid_loss=w.fall(e, 0.4, 0.15),
                error_rate=r,
                accuracy=1 - r,
            )
        if cycle == 1:
            w.say("Better model found at epoch 0 with valid_loss value: 0.40123.")
    w.ok("valid_loss value", "with valid_loss value", "time", "better model found at epoch")


@log
def gluon_validation(w: Writer) -> None:
    w.say(
        "INFO:root:Namespace(batch_norm=False, batch_size=128, dataset='cifar10', dtype='float32', epochs=6, gpus='0', log_interval=50, lr=0.1, lr_factor=0.1, lr_steps='30,60,90', model='resnet18_v1', momentum=0.9, seed=123, start_epoch=0, wd=0.0001)\nINFO:root:Starting new image-classification task:, dtype=float32"
    )
    for e in range(6):
        for b in range(50, 391, 50):
            w.row(
                "INFO:root:Epoch[{_e}] Batch [{_b}]\tSpeed: {ok_speed:f} samples/sec\taccuracy={accuracy:f}, top_k_accuracy_5={top_k_accuracy_5:f}",
                (e * 391 + b, b, e * 350 + b, e * 351 + b, e * 400 + b),
                _e=e,
                _b=b,
                ok_speed=w.x(1300, 1500),
                accuracy=w.acc(e * 391 + b, 0.9, 900),
                top_k_accuracy_5=w.acc(e * 391 + b, 0.99, 300),
            )
        last = (e, (e + 1) * 391, e * 391 + 350, (e + 1) * 350, 350, e * 400 + 350, e * 351 + 350)
        w.row(
            "INFO:root:[Epoch {_e}] training: accuracy={training_accuracy:f}, top_k_accuracy_5={training_top_k_accuracy_5:f}",
            last,
            _e=e,
            training_accuracy=w.acc(e, 0.9),
            training_top_k_accuracy_5=w.acc(e, 0.99, 0.5),
        )
        w.row("INFO:root:[Epoch {_e}] time cost: {ok_time_cost:f}", None, _e=e, ok_time_cost=w.x(33, 36))
        w.row(
            "INFO:root:[Epoch {_e}] validation: accuracy={validation_accuracy:f}, top_k_accuracy_5={validation_top_k_accuracy_5:f}",
            last,
            _e=e,
            validation_accuracy=w.acc(e, 0.88),
            validation_top_k_accuracy_5=w.acc(e, 0.98, 0.5),
        )


@log
def ignite_results(w: Writer) -> None:
    w.say("2023-06-01 08:12:33,120 ignite.engine.engine.Engine INFO: Engine run starting with max_epochs=10.")
    t = 29553.0
    for e in range(1, 11):
        for b in range(100, 939, 100):
            n = (e - 1) * 938 + b
            w.row(f"Epoch[{e}] Iteration[{b}/938] Loss: {{loss:.2f}}", n, loss=w.fall(n, 2.3, 0.1, 300))
        t += 14
        w.say(
            f"2023-06-01 {clock(t)},811 ignite.engine.engine.Engine INFO: Epoch[{e}] Complete. Time taken: 00:00:{w.int(10, 14)}.{w.int(100, 999)}"
        )
        last = (e, e * 938, (e - 1) * 938 + 900)
        w.row(
            f"Training Results - Epoch: {e}  Avg accuracy: {{avg_accuracy:.2f}} Avg loss: {{avg_loss:.2f}}",
            last,
            avg_accuracy=w.acc(e, 0.99, 0.3),
            avg_loss=w.fall(e, 0.3, 0.03),
        )
        w.row(
            f"Validation Results - Epoch: {e}  Avg accuracy: {{'avg_accuracy:.2f}} Avg loss: {{'avg_loss:.2f}}",
            last,
            **{"'avg_accuracy": w.acc(e, 0.985, 0.3), "'avg_loss": w.fall(e, 0.28, 0.05)},
        )
    w.say("2023-06-01 08:15:01,331 ignite.engine.engine.Engine INFO: Engine run complete. Time taken: 00:02:28")
    w.ok("Time taken", "complete time taken")


@log
def chainer_report(w: Writer) -> None:
    w.say("Device: @cupy:0\n# unit: 1000\n# Minibatch-size: 100\n# epoch: 12\n")
    w.say("epoch       main/loss   validation/main/loss  main/accuracy  validation/main/accuracy  elapsed_time")
    for e in range(1, 13):
        w.row(
            "{_e:<10d}  {main/loss:<10.6g}  {validation/main/loss:<20.6g}  {main/accuracy:<13.6g}  {validation/main/accuracy:<24.6g}  {ok_elapsed_time:<12.6g}",
            e,
            **{
                "_e": e,
                "main/loss": w.fall(e, 0.19, 0.01, 1),
                "validation/main/loss": w.x(0.06, 0.1),
                "main/accuracy": w.acc(e, 0.995, 0.1),
                "validation/main/accuracy": w.acc(e, 0.982, 0.1),
                "ok_elapsed_time": 3.1 * e + w.x(),
            },
        )
        w.say(
            f"\x1b[J     total [{'#' * (e * 4)}{'.' * (50 - e * 4)}] {e * 100 / 12:5.2f}%\nthis epoch [{'.' * 50}]  0.00%\n{e * 600:10d} iter, {e} epoch / 12 epochs\n    inf iters/sec. Estimated time to finish: 0:00:00.\x1b[4A"
            if e % 4 == 0
            else "\x1b[J"
        )
    w.ok("total", "this epoch", "iter", "iters/sec", "Estimated time to finish")
