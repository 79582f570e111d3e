"""Tables, factors and searches."""

from __future__ import annotations

from data.make.strangers.writer import Writer, log


@log
def crfsuite_lbfgs(w: Writer) -> None:
    w.say(
        "CRFSuite 0.12  Copyright (c) 2007-2011 Naoaki Okazaki\n\nStart time of the training: 2019-05-09T09:11:32Z\n\nReading the data set(s)\n[1] train.crfsuite.txt\n0....1....2....3....4....5....6....7....8....9....10\nNumber of instances: 8323\nSeconds required: 7.112\n\nStatistics the data set(s)\nNumber of data sets (groups): 2\nNumber of instances: 9838\nNumber of items: 264715\nNumber of attributes: 76328\nNumber of labels: 9\n\nFeature generation\ntype: CRF1d\nfeature.minfreq: 0.000000\nfeature.possible_states: 0\nfeature.possible_transitions: 1\n0....1....2....3....4....5....6....7....8....9....10\nNumber of features: 93424\nSeconds required: 1.934\n\nL-BFGS optimization\nc1: 0.100000\nc2: 0.001000\nnum_memories: 6\nmax_iterations: 20\nepsilon: 0.000010\nstop: 10\ndelta: 0.000010\nlinesearch: MoreThuente\nlinesearch.max_iterations: 20\n"
    )
    for i in range(1, 21):
        w.row(
            "***** Iteration #{_i} *****\nLoss: {Loss:f}\nFeature norm: {Feature_norm:f}\nError norm: {Error_norm:f}\nActive features: {Active_features}\nLine search trials: {ok_Line_search_trials}\nLine search step: {ok_Line_search_step:f}\nSeconds required for this iteration: {ok_Seconds_required_for_this_iteration:.3f}",
            i,
            _i=i,
            Loss=w.fall(i - 1, 231000, 3900, 1.7),
            Feature_norm=1 + 9 * i + w.x(-1, 1),
            Error_norm=w.fall(i - 1, 41000, 210, 1),
            Active_features=93424 - i * 1304 - w.int(0, 200),
            ok_Line_search_trials=1 if i > 1 else 2,
            ok_Line_search_step=1.0 if i > 1 else 0.000013,
            ok_Seconds_required_for_this_iteration=w.x(0.4, 0.6) * (2 if i == 1 else 1),
        )
        w.say("Performance by label (#match, #model, #ref) (precision, recall, F1):")
        for label in ("B-LOC", "O", "B-ORG", "B-PER"):
            a, b = w.int(500, 800), w.int(850, 1000)
            w.say(f"    {label}: ({a}, {b}, {b + 90}) ({a / b:.4f}, {a / (b + 90):.4f}, {a / (b + 45):.4f})")
        p, r = w.acc(i, 0.82, 3), w.acc(i, 0.77, 3)
        w.row(
            "Macro-average precision, recall, F1: ({precision:f}, {recall:f}, {F1:f})",
            i,
            precision=p,
            recall=r,
            F1=2 * p * r / (p + r),
        )
        item, inst = int(51533 * w.acc(i + 4, 0.972, 0.2)), int(1517 * w.acc(i, 0.8, 2))
        w.row(
            f"Item accuracy: {item} / 51533 ({{Item_accuracy:.4f}})\nInstance accuracy: {inst} / 1517 ({{Instance_accuracy:.4f}})\n",
            i,
            Item_accuracy=item / 51533,
            Instance_accuracy=inst / 1517,
        )
    w.ok("Macro-average precision", "Macro-average recall", "Macro-average F1", "B-LOC", "O", "B-ORG", "B-PER")
    w.say(
        "L-BFGS terminated with the maximum number of iterations\nTotal seconds required for training: 14.812\n\nStoring the model\nNumber of active features: 60812 (93424)\nSeconds required: 0.121"
    )


@log
def gplearn_table(w: Writer) -> None:
    w.say(
        "    |   Population Average    |             Best Individual              |\n---- ------------------------- ------------------------------------------ ----------\n Gen   Length          Fitness   Length          Fitness      OOB Fitness  Time Left"
    )
    for g in range(40):
        fit = w.fall(g, 0.32, 0.011, 4)
        left = (39 - g) * 1.9
        w.row(
            "{_g:4d} {'Length:8.2f} {'Fitness:16.6g} {'length:8d} {'fitness:16.6g} {OOB_Fitness:16.6g} "
            + f"{(f'{left / 60:.2f}m' if left > 60 else f'{left:.2f}s'):>10}",
            g,
            **{
                "_g": g,
                "'Length": w.x(10, 38),
                "'Fitness": w.fall(g, 458, 1.4, 0.2),
                "'length": w.int(5, 25),
                "'fitness": fit,
                "OOB_Fitness": fit * 1.2,
            },
        )
    w.say("add(sub(mul(X1, X1), X1), sub(mul(X0, X0), -0.999))")
    w.ok(
        "Time Left",
        "Population Average Length",
        "Population Average Fitness",
        "Best Individual Length",
        "Best Individual Fitness",
        "Best Individual OOB Fitness",
    )
    merged = {("Best Individual OOB Fitness" if k == "OOB_Fitness" else k): v for k, v in w.series.items()}
    w.others.append(merged)


@log
def libfm_iters(w: Writer) -> None:
    w.say(
        "----------------------------------------------------------------------------\nlibFM\n  Version: 1.4.4\n  Author:  Steffen Rendle, srendle@libfm.org\n  WWW:     http://www.libfm.org/\nThis program comes with ABSOLUTELY NO WARRANTY; for details see license.txt.\nThis is free software, and you are welcome to redistribute it under certain\nconditions; for details see license.txt.\n----------------------------------------------------------------------------\nLoading train...\t\nhas x = 0\nhas xt = 1\nnum_rows=800000\tnum_values=1600000\tnum_features=9992\tmin_target=1\tmax_target=5\nLoading test... \t\nhas x = 0\nhas xt = 1\nnum_rows=200209\tnum_values=400418\tnum_features=9992\tmin_target=1\tmax_target=5\n#relations: 0\nLoading meta data...\t\nlogfile: 10 log.txt\nlearnrate: 0.01\nlearnrates=0.01,0.01,0.01\n#iterations: 60"
    )
    for i in range(60):
        w.row(
            "#Iter={_i:3d}\tTrain={'Train:.6g}\tTest={Test:.6g}",
            i,
            **{"_i": i, "'Train": w.fall(i, 1.09, 0.79, 4), "Test": w.fall(i, 1.05, 0.843, 4)},
        )
    w.say("Final\tTrain=0.808123\tTest=0.851209\nWriting FM model to fm.model")
    w.ok("Final Train", "Final Test")
    w.others.append(
        {"'Train": [*w.series["'Train"], ((None,), 0.808123)], "Test": [*w.series["Test"], ((None,), 0.851209)]}
    )


@log
def autogluon_models(w: Writer) -> None:
    w.say(
        "Beginning AutoGluon training ... Time limit = 120s\nAutoGluon will save models to \"AutogluonModels/ag-20231012_081520/\"\nAutoGluon Version:  0.8.2\nPython Version:     3.10.12\nTrain Data Rows:    39073\nTrain Data Columns: 14\nLabel Column: class\nPreprocessing data ...\nUsing Feature Generators to preprocess the data ...\nData preprocessing and feature engineering runtime = 0.31s ...\nAutoGluon will gauge predictive performance using evaluation metric: 'accuracy'\nAutomatically generating train/validation split with holdout_frac=0.0639, Train Rows: 36573, Val Rows: 2500\nFitting 10 L1 models ..."
    )
    left, rows = 119.2, []
    for name in (
        "KNeighborsUnif",
        "KNeighborsDist",
        "LightGBMXT",
        "LightGBM",
        "RandomForestGini",
        "RandomForestEntr",
        "CatBoost",
        "ExtraTreesGini",
        "NeuralNetTorch",
        "XGBoost",
    ):
        w.say(f"Fitting model: {name} ... Training model for up to {left:.2f}s of the {left:.2f}s of remaining time.")
        score, run = w.x(0.77, 0.88), w.x(0.2, 9)
        if name == "NeuralNetTorch":
            for e in range(1, 26):
                w.row(
                    "Epoch {_e} (Update {_u}).\tTrain loss: {Train_loss}, Val accuracy: {Val_accuracy}, Best Epoch: {_b}",
                    (e, e * 72),
                    _e=e,
                    _u=e * 72,
                    Train_loss=round(w.fall(e, 0.5, 0.29, 2), 4),
                    Val_accuracy=round(w.acc(e, 0.86, 0.2), 4),
                    _b=max(1, e - e % 3),
                )
        w.row(
            "\t{Validation_score:.4g}\t = Validation score   (accuracy)\n\t{ok_Training_runtime:.3g}s\t = Training   runtime\n\t{ok_Validation_runtime:.2g}s\t = Validation runtime",
            None,
            Validation_score=score,
            ok_Training_runtime=run,
            ok_Validation_runtime=w.x(0.01, 0.2),
        )
        left -= run
        rows.append((score, name, run))
    w.say(
        f"Fitting model: WeightedEnsemble_L2 ... Training model for up to 119.2s of the {left:.2f}s of remaining time."
    )
    w.row(
        "\t{Validation_score:.4g}\t = Validation score   (accuracy)\n\t{ok_Training_runtime:.3g}s\t = Training   runtime\n\t{ok_Validation_runtime:.2g}s\t = Validation runtime",
        None,
        Validation_score=0.8844,
        ok_Training_runtime=0.91,
        ok_Validation_runtime=0.002,
    )
    w.say(
        'AutoGluon training complete, total runtime = 61.2s ... Best model: "WeightedEnsemble_L2"\n                 model  score_val  pred_time_val  fit_time  stack_level  can_infer'
    )
    for score, name, run in sorted(rows, reverse=True):
        w.say(f"{name:>22}   {score:.6f}       {w.x(0.01, 0.2):.6f}  {run:8.6f}            1       True")
    w.ok(
        "score_val",
        "pred_time_val",
        "fit_time",
        "stack_level",
        "runtime",
        "Best Epoch",
        "remaining time",
        "Validation score (accuracy)",
        "accuracy",
    )


@log
def dglke_triples(w: Writer) -> None:
    w.say(
        "Using backend: pytorch\nLogs are being recorded at: ckpts/TransE_l2_FB15k_0/train.log\nReading train triples....\nFinished. Read 483142 train triples.\nReading valid triples....\nFinished. Read 50000 valid triples.\nReading test triples....\nFinished. Read 59071 test triples.\n|Train|: 483142\nrandom partition 483142 edges into 1 parts\npart 0 has 483142 edges\n|valid|: 50000\n|test|: 59071\nTotal initialize time 7.101 seconds"
    )
    for n in range(1000, 24001, 1000):
        pos, neg = w.fall(n, 0.9, 0.18, 2000), w.fall(n, 0.8, 0.27, 2000)
        for name, v in (
            ("pos_loss", pos),
            ("neg_loss", neg),
            ("loss", (pos + neg) / 2),
            ("regularization", 0.002 + n * 1e-8),
        ):
            w.row(f"[proc 0][Train]({n}/24000) average {name}: {{'average_{name}:.16g}}", n, **{f"'average_{name}": v})
        w.row(
            "[proc 0][Train] 1000 steps take {ok_take:.3f} seconds\n[proc 0]sample: {ok_sample:.3f}, forward: {ok_forward:.3f}, backward: {ok_backward:.3f}, update: {ok_update:.3f}",
            None,
            ok_take=w.x(5, 5.3),
            ok_sample=w.x(0.6, 0.7),
            ok_forward=w.x(2, 2.2),
            ok_backward=w.x(1.3, 1.5),
            ok_update=w.x(0.8, 1),
        )
    w.say("proc 0 takes 124.110 seconds\ntraining takes 124.2101 seconds")
    w.row(
        "-------------- Test result --------------\nTest average MRR: {Test_average_MRR}\nTest average MR: {Test_average_MR}\nTest average HITS@1: {Test_average_HITS@1}\nTest average HITS@3: {Test_average_HITS@3}\nTest average HITS@10: {Test_average_HITS@10}\n-----------------------------------------\ntesting takes 61.102 seconds",
        None,
        **{
            "Test_average_MRR": 0.6571201,
            "Test_average_MR": 46.10921,
            "Test_average_HITS@1": 0.5329111,
            "Test_average_HITS@3": 0.7522012,
            "Test_average_HITS@10": 0.8482001,
        },
    )
    w.ok("training takes", "testing takes", "proc 0 takes", "steps take", "takes")


@log
def nnet_r(w: Writer) -> None:
    w.say(
        "> library(nnet)\n> set.seed(42)\n> for (h in c(2, 4, 6, 8, 10)) fits[[h]] <- nnet(y ~ ., d, size = h, decay = 1e-3, maxit = 100)"
    )
    for k, h in enumerate((2, 4, 6, 8, 10)):
        start, last = w.x(700, 1300), w.x(160, 330) - 14 * k
        w.say(f"# weights:  {h * 9 + h + 1}")
        w.row("initial  value {ok_initial_value:f} ", None, ok_initial_value=start)
        for i in range(10, 101, 10):
            w.row("iter {_i:3d} value {value:f}", (i, k * 100 + i), _i=i, value=last + (start - last) / (1 + i / 8))
        w.row(
            "final  value {ok_final_value:f} \nstopped after 100 iterations",
            None,
            ok_final_value=w.series["value"][-1][1],
        )
    w.ok("initial", "final", "weights", "# weights")
    w.say("> table(pred, test$y)\n    \npred   0   1\n   0 401  31\n   1  22 190\n> ")
