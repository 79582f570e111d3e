"""Scripts people write for themselves."""

from __future__ import annotations

from data.make.strangers.writer import Raw, Writer, clock, log


@log
def rich_frame(w: Writer) -> None:
    w.say(
        "╭──────────────────────── experiment ────────────────────────╮\n│ name      leaf-disease-convnext                            │\n│ seed      1337                                             │\n│ lr        0.0003                                           │\n│ batch     48                                               │\n╰────────────────────────────────────────────────────────────╯"
    )
    for e in range(1, 13):
        w.say(f"           Epoch {e}/12           ")
        w.say(
            "┏━━━━━━━┳━━━━━━━━┳━━━━━━━━┳━━━━━━━━┓\n┃ split ┃   loss ┃    acc ┃     f1 ┃\n┡━━━━━━━╇━━━━━━━━╇━━━━━━━━╇━━━━━━━━┩"
        )
        w.row(
            "│ train │ {train_loss:.4f} │ {train_acc:5.2f}% │ {train_f1:.4f} │",
            e,
            train_loss=w.fall(e, 1.9, 0.11, 2),
            train_acc=100 * w.acc(e, 0.97, 1),
            train_f1=w.acc(e, 0.95, 1),
        )
        w.row(
            "│ valid │ {valid_loss:.4f} │ {valid_acc:5.2f}% │ {valid_f1:.4f} │",
            e,
            valid_loss=w.fall(e, 1.7, 0.32, 2),
            valid_acc=100 * w.acc(e, 0.91, 1),
            valid_f1=w.acc(e, 0.89, 1),
        )
        w.say("└───────┴────────┴────────┴────────┘")
        if e in (1, 2, 4, 7, 11):
            w.say(f"✔ new best, weights → runs/leaf/{e:03d}.pt")


@log
def spanish_practica(w: Writer) -> None:
    w.say(
        "Práctica 3: clasificación de señales de tráfico\nCargando imágenes... 39209 imágenes en 43 clases\nDivisión: 31367 entrenamiento / 7842 validación\nUsando dispositivo: cuda:0\nNúmero de parámetros entrenables: 1.263.851\n"
    )
    for e in range(1, 26):
        w.row(
            "Época {_e:2d}/25 | pérdida: {pérdida:.4f} | exactitud: {exactitud:.2f} % | pérdida val.: {pérdida_val:.4f} | exactitud val.: {exactitud_val:.2f} % | tiempo: {ok_tiempo:.1f} s",
            e,
            _e=e,
            pérdida=w.fall(e, 3.4, 0.03, 1.5),
            exactitud=100 * w.acc(e, 0.985, 0.6),
            pérdida_val=w.fall(e, 2.9, 0.09, 1.5),
            exactitud_val=100 * w.acc(e, 0.97, 0.6),
            ok_tiempo=w.x(11, 13),
        )
        if e % 5 == 0:
            w.say(f"   -> guardado el modelo en modelos/red_{e}.pth")
        if e == 12:
            w.say("   ** sin mejora durante 3 épocas: se reduce la tasa de aprendizaje a 0.0002 **")
    w.row(
        "\nExactitud final en el conjunto de prueba: {ok_Exactitud_final:.2f} %\nEntrenamiento terminado en 5 min 3 s",
        None,
        ok_Exactitud_final=96.83,
    )
    w.ok("Exactitud final en el conjunto de prueba", "tasa de aprendizaje")


@log
def compose_prefix(w: Writer) -> None:
    t = 41000.0
    w.say(
        "[+] Running 3/3\n ⠿ Container churn-db-1       Created\n ⠿ Container churn-mlflow-1   Created\n ⠿ Container churn-trainer-1  Created\nAttaching to churn-db-1, churn-mlflow-1, churn-trainer-1"
    )
    w.say(
        "churn-db-1       | PostgreSQL Database directory appears to contain a database; Skipping initialization\nchurn-db-1       | 2023-11-07 11:23:18.104 UTC [1] LOG:  database system is ready to accept connections\nchurn-mlflow-1   | [2023-11-07 11:23:20 +0000] [20] [INFO] Listening at: http://0.0.0.0:5000 (20)"
    )
    w.say(
        "churn-trainer-1  | rows: 184203  positives: 11.7 %\nchurn-trainer-1  | numeric: 31  categorical: 12 (embedded to 8)"
    )
    for e in range(1, 31):
        t += 21
        w.row(
            f"churn-trainer-1  | {clock(t)} epoch={e:02d} train_bce={{train_bce:.5f}} valid_bce={{valid_bce:.5f}} valid_auc={{valid_auc:.4f}} lr={{lr:.2e}}",
            e,
            train_bce=w.fall(e, 0.41, 0.243, 2),
            valid_bce=w.fall(e, 0.39, 0.262, 2),
            valid_auc=w.acc(e + 9, 0.88, 0.7),
            lr=1e-3 * 0.9**e,
        )
        if e % 3 == 0:
            w.say(
                f'churn-mlflow-1   | 172.20.0.4 - - [07/Nov/2023:{clock(t)} +0000] "POST /api/2.0/mlflow/runs/log-batch HTTP/1.1" 200 2 "-" "mlflow-python-client/2.8.0"'
            )
        if e % 8 == 0:
            w.say(
                f"churn-db-1       | 2023-11-07 {clock(t)}.771 UTC [27] LOG:  checkpoint complete: wrote {w.int(40, 90)} buffers (0.4%); 0 WAL file(s) added, 0 removed, 0 recycled; write=4.{w.int(100, 999)} s, sync=0.011 s, total=4.{w.int(100, 999)} s"
            )
    w.row(
        "churn-trainer-1  | test_auc={test_auc:.4f} test_logloss={test_logloss:.5f}",
        None,
        test_auc=0.8421,
        test_logloss=0.26704,
    )
    w.say("churn-trainer-1 exited with code 0\nAborting on container exit...\n ⠿ Container churn-trainer-1  Stopped")


@log
def russian_diploma(w: Writer) -> None:
    w.say(
        "Загрузка данных... готово (48210 текстов, 6 классов)\nУстройство: cuda\nМодель: rubert-tiny2 + линейный слой, параметров: 29193798\n"
    )
    for e in range(1, 25):
        w.row(
            "Эпоха {_e:>2}/24  потери={потери:.4f}  точность={точность:.2f}%  вал_потери={вал_потери:.4f}  вал_точность={вал_точность:.2f}%  время {ok_время:.0f} с",
            e,
            _e=e,
            потери=w.fall(e, 1.6, 0.08, 2),
            точность=100 * w.acc(e, 0.99, 1),
            вал_потери=w.fall(e, 1.5, 0.42, 2),
            вал_точность=100 * w.acc(e, 0.9, 1),
            ok_время=w.x(40, 44),
        )
        if e in (1, 2, 3, 6, 10):
            w.say("    модель сохранена: лучшая точность на валидации")
    w.say("\nМатрица ошибок на тестовой выборке:")
    for _ in range(6):
        w.say("  " + " ".join(f"{w.int(0, 900):5d}" for _ in range(6)))
    w.say("\nОбучение завершено за 16 мин 51 с")


@log
def german_comma(w: Writer) -> None:
    def de(value: float, digits: int) -> str:
        return Raw(f"{value:.{digits}f}".replace(".", ","))

    w.say(
        "Lade Messdaten aus D:\\Prüfstand\\Lauf_07 ... 312.448 Zeilen\nFenster: 200 Werte, Schrittweite 50\nTraining mit 4.986 Fenstern, Prüfung mit 1.246 Fenstern\n"
    )
    for e in range(1, 36):
        w.row(
            "Epoche {_e:2d} von 35 | Verlust {Verlust} | Genauigkeit {Genauigkeit} % | Prüfverlust {Prüfverlust} | Prüfgenauigkeit {Prüfgenauigkeit} % | Lernrate {Lernrate}",
            e,
            _e=e,
            Verlust=de(w.fall(e, 0.97, 0.04, 3), 4),
            Genauigkeit=de(100 * w.acc(e, 0.99, 1), 1),
            Prüfverlust=de(w.fall(e, 0.91, 0.12, 3), 4),
            Prüfgenauigkeit=de(100 * w.acc(e, 0.96, 1), 1),
            Lernrate=de(0.001 if e < 16 else 0.0005, 4),
        )
        if e == 16:
            w.say("  Lernrate halbiert.")
        if e % 10 == 0:
            w.say(f"  Zwischenstand gesichert (Dauer bisher {e * 7 // 60} min {e * 7 % 60} s)")
    w.say("Fertig. Bestes Modell: Epoche 28")


@log
def pose_millimetres(w: Writer) -> None:
    w.say("H3.6M train subjects S1 S5 S6 S7 S8 | test S9 S11\nmodel: 3 transformer blocks, 243 frames, 9.8 M params")
    for e in range(1, 16):
        for b in range(1000, 4001, 1000):
            w.row(
                "  [{_b}/4000] 3d {3d:.5f}  vel {vel:.5f}  {ok_ms:.0f} ms/it",
                (e - 1) * 4000 + b,
                **{"_b": b, "3d": w.fall(e, 0.14, 0.021, 2), "vel": w.fall(e, 0.02, 0.004, 2), "ok_ms": w.x(90, 101)},
            )
        w.row(
            "epoch {_e}: MPJPE {MPJPE:.1f} mm, P-MPJPE {P-MPJPE:.1f} mm, angle {angle:.2f} deg, lr {lr:.6f}",
            (e, e * 4000),
            **{
                "_e": e,
                "MPJPE": w.fall(e, 92, 41.5, 2),
                "P-MPJPE": w.fall(e, 70, 33.1, 2),
                "angle": w.fall(e, 15, 6.2, 2),
                "lr": 0.0008 * 0.95 ** (e - 1),
            },
        )
    w.ok("ms/it")


@log
def distill_teacher(w: Writer) -> None:
    w.say(
        "Teacher: wrn_40_2 (acc 75.61)  Student: wrn_16_2\nalpha=0.9  T=4.0  epochs=14\n==> teacher frozen, evaluating once"
    )
    w.row(
        "teacher top-1 {ok_teacher_top1:.2f} top-5 {ok_teacher_top5:.2f}",
        None,
        ok_teacher_top1=75.61,
        ok_teacher_top5=93.02,
    )
    w.ok("teacher top-1", "teacher top-5")
    for e in range(1, 15):
        w.say(f"\n==> epoch {e} / 14")
        for b in (100, 200, 300):
            n = (e - 1) * 391 + b
            ce, kd = w.fall(n, 4.4, 0.9, 700), w.fall(n, 16, 3.1, 900)
            w.row(
                "  batch {_b:>3}  CE {CE:6.3f} + KD {KD:6.3f} = {total:6.3f}   agree {agree:4.1f}%",
                (n, (e - 1) * 300 + b, b, None),
                _b=b,
                CE=ce,
                KD=kd,
                total=0.1 * ce + 0.9 * kd,
                agree=100 * w.acc(n, 0.9, 700),
            )
        top = 100 * w.acc(e, 0.745, 0.5)
        w.row(
            "  student top-1 {student_top-1:.2f}  top-5 {student_top-5:.2f}  (gap to teacher {gap_to_teacher:.2f})",
            (e, n),
            **{"student_top-1": top, "student_top-5": 100 * w.acc(e, 0.93, 0.7), "gap_to_teacher": 75.61 - top},
        )
    w.ok("batch")


@log
def csv_in_stdout(w: Writer) -> None:
    w.say(
        "loading ./cache/features.npy (mmap)\n[W] 12 rows with NaN dropped\ntraining for 60 epochs, patience 15\nepoch,lr,train_mse,val_mse,val_r2,seconds"
    )
    for e in range(1, 53):
        w.row(
            "{_e},{lr:.6f},{train_mse:.6f},{val_mse:.6f},{val_r2:.4f},{ok_seconds:.2f}",
            e,
            _e=e,
            lr=0.01 * 0.95**e,
            train_mse=w.fall(e, 1.21, 0.118, 3),
            val_mse=w.fall(e, 1.1, 0.151, 3),
            val_r2=w.acc(e, 0.86, 2),
            ok_seconds=w.x(1.8, 2.2),
        )
        if e in (9, 21, 37):
            w.say(f"[I] checkpoint -> out/m{e:03d}.pkl")
        if e == 30:
            w.say("[W] gradient clipped 41 times since last warning")
    w.say("[I] early stop after epoch 52, best epoch 37\nreport written to out/report.html")


@log
def lstm_demand_units(w: Writer) -> None:
    w.say(
        "Load forecasting, region NO2, 2016-01-01 .. 2021-12-31, hourly\nTrain 43 824 h | Valid 4 392 h | Test 4 392 h\nLookback 168 h, horizon 24 h, LSTM(96)-Dense(24)\n"
    )
    for e in range(1, 31):
        w.row(
            "[{_e:02d}/30] train RMSE {train_RMSE:6.1f} MW, MAPE {train_MAPE:5.2f} % || valid RMSE {valid_RMSE:6.1f} MW, MAPE {valid_MAPE:5.2f} % || {ok_time:4.1f} s",
            e,
            _e=e,
            train_RMSE=w.fall(e, 980, 142, 2),
            train_MAPE=w.fall(e, 19, 2.8, 2),
            valid_RMSE=w.fall(e, 940, 171, 2),
            valid_MAPE=w.fall(e, 18, 3.3, 2),
            ok_time=w.x(21, 24),
        )
        if e % 10 == 0:
            w.say(
                "        hour ahead:     1     6    12    24\n        MAPE [%]:    "
                + "  ".join(f"{x:.2f}" for x in (w.x(0.9, 1.2), w.x(2.2, 2.6), w.x(3, 3.3), w.x(4, 4.9)))
            )
    w.row("TEST RMSE {TEST_RMSE:.1f} MW, MAPE {TEST_MAPE:.2f} %", None, TEST_RMSE=181.4, TEST_MAPE=3.44)
    w.ok("hour ahead", "time", "MAPE [%]", "MAPE")


@log
def gan_two_losses_cn(w: Writer) -> None:
    w.say("参数: 批大小=64 潜变量维度=128 判别器学习率=4e-4 生成器学习率=1e-4\n图像数: 21551\n开始训练……")
    for n in range(200, 12001, 200):
        w.row(
            "迭代 {_n:>6d} | D损失 {D损失:.4f} | G损失 {G损失:.4f} | 梯度惩罚 {梯度惩罚:.5f} | 耗时 {ok_耗时:.1f}s",
            n,
            _n=n,
            D损失=w.x(0.9, 1.4) - n / 60000,
            G损失=w.x(0.8, 1.5) + n / 20000,
            梯度惩罚=w.x(0.001, 0.04),
            ok_耗时=w.x(30, 33),
        )
        if n % 2000 == 0:
            w.row("  >> 采样保存到 samples/{_n:06d}.png，FID = {FID:.2f}", n, _n=n, FID=w.fall(n, 210, 31, 2400))
    w.say("训练完成，总耗时 32分11秒")
    w.ok("总耗时")


@log
def grid_of_c(w: Writer) -> None:
    w.say("(1797, 64) (1797,)\nFitting 5 folds for each of 12 candidates, totalling 60 fits")
    for c in (0.1, 1, 10, 100):
        for gamma in (0.0001, 0.001, 0.01):
            top = 0.7 + 0.28 * (1 if c >= 1 else 0.5) - (0.4 if gamma > 0.005 else 0)
            for k in range(1, 6):
                params = f"C={c}, gamma={gamma}"
                left = f"[CV {k}/5] END "
                right = f" {params};"
                w.row(
                    left
                    + "." * (60 - len(left) - len(right))
                    + right
                    + ", score={score:.3f} total time=   {ok_total_time:.1f}s",
                    None,
                    score=top + w.x(-0.02, 0.02),
                    ok_total_time=w.x(0.1, 0.6),
                )
    w.say(
        "best: {'C': 10, 'gamma': 0.001}\n              precision    recall  f1-score   support\n\n           0       1.00      1.00      1.00        27\n           1       0.97      1.00      0.99        35\n           2       1.00      1.00      1.00        36\n\n    accuracy                           0.99       360\n   macro avg       0.99      0.99      0.99       360\nweighted avg       0.99      0.99      0.99       360"
    )
    w.ok(
        "C",
        "gamma",
        "time",
        "precision",
        "recall",
        "f1-score",
        "support",
        "accuracy",
        *(
            f"{a} {b}"
            for a in ("0", "1", "2", "accuracy", "macro avg", "weighted avg")
            for b in ("precision", "recall", "f1-score", "support")
        ),
        "macro avg",
        "weighted avg",
    )


@log
def quant_bits_sweep(w: Writer) -> None:
    w.say("post-training quantisation, mobilenet_v2, 1024 calibration images\nfp32 reference: top1 71.88")
    for bits in (8, 6, 5, 4, 3):
        w.say(f"\n##### W{bits}A8 #####\nfolding batch norms ... 52 layers")
        for it in range(0, 2001, 250):
            w.row(
                "  adaround iter {_it:5d}: rec {rec:.3e} round {round:.3e} beta {beta:.2f}",
                (it, None),
                _it=it,
                rec=w.fall(it, 0.08 / bits, 0.002 / bits, 300),
                round=w.fall(it, 900, 3, 200),
                beta=max(2, 20 - 18 * it / 2000),
            )
        w.row(
            f"  W{bits}A8 top1 {{top1:.2f}}  drop {{drop:.2f}}  size {{size:.2f}} MB",
            (bits, None),
            top1=71.8 - 0.6 * (8 - bits) ** 1.5,
            drop=0.08 + 0.6 * (8 - bits) ** 1.5,
            size=3.5 * bits / 8,
        )
    w.ok("fp32 reference top1", "fp32 reference", "W8A8 top1", "W6A8 top1", "W5A8 top1", "W4A8 top1", "W3A8 top1")


@log
def korean_notebook(w: Writer) -> None:
    w.say(
        "데이터 불러오는 중... 완료\n훈련 문장 149,995개 / 테스트 문장 49,997개\n단어 집합의 크기: 19,416\n장치: cuda"
    )
    for e in range(1, 31):
        w.row(
            "에폭 {_e:2d}/30 | 손실 {손실:.4f} | 정확도 {정확도:.2f}% | 검증 손실 {검증_손실:.4f} | 검증 정확도 {검증_정확도:.2f}% | {ok_초:.1f}초",
            e,
            _e=e,
            손실=w.fall(e, 0.69, 0.14, 3),
            정확도=100 * w.acc(e, 0.95, 0.8),
            검증_손실=w.fall(e, 0.66, 0.31, 3),
            검증_정확도=100 * w.acc(e, 0.88, 0.5),
            ok_초=w.x(19, 22),
        )
        if e % 6 == 0:
            w.say(f"  → 모델 저장: sentiment_{e:02d}.pt")
    w.say("학습 완료! 테스트 정확도: 86.51%")
    w.ok("테스트 정확도")
