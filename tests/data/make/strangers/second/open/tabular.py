"""Tables, factors and searches."""

from __future__ import annotations

import math

from data.make.strangers.writer import Writer, clock, log, mmss


@log
def libffm_table(w: Writer) -> None:
    w.say("$ ./ffm-train -t 60 -l 0.00002 -k 8 -r 0.1 -s 12 --auto-stop -p va.ffm tr.ffm model")
    w.say(
        "First check if the text file has already been converted to binary format (12.4 seconds)\nBinary file NOT found. Convert text file to binary file (181.7 seconds)\nFirst check if the text file has already been converted to binary format (1.3 seconds)\nBinary file NOT found. Convert text file to binary file (19.6 seconds)"
    )
    w.say("iter   tr_logloss   va_logloss      tr_time")
    t = 0.0
    for i in range(1, 46):
        t += w.x(28.1, 29.3)
        va = 0.4472 + 0.05 / i + (0.0002 * (i - 43) if i > 43 else 0) - i * 0.00005
        w.row(
            "{_i:4d}{tr_logloss:13.5f}{va_logloss:13.5f}{ok_tr_time:13.1f}",
            i,
            _i=i,
            tr_logloss=0.4395 + 0.06 / i - i * 0.00021,
            va_logloss=va,
            ok_tr_time=t,
        )
    w.say("Auto-stop. Use model at 44th iteration.")


@log
def deap_logbook(w: Writer) -> None:
    w.say("gen\tnevals\tavg    \tstd    \tmin \tmax ")
    for g in range(61):
        w.row(
            "{_g}  \t{ok_nevals:<6d}\t{avg:.5g}\t{std:.5g}\t{min}\t{max}",
            g,
            _g=g,
            ok_nevals=300 if g == 0 else w.int(160, 200),
            avg=50 + 45 * g / (g + 9) + w.x(-0.4, 0.4),
            std=w.fall(g, 5.1, 0.9, 9),
            min=int(35 + 40 * g / (g + 15)) + w.int(0, 5),
            max=min(100, int(62 + 41 * g / (g + 8))),
        )
    w.say(
        "-- End of (successful) evolution --\nBest individual is [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1], (98.0,)"
    )


@log
def libsvm_dots(w: Writer) -> None:
    w.say("$ ./svm-train -c 32 -g 0.0078125 -b 0 letter.scale letter.model")
    for _ in range(36):
        stars = "".join("*" if w.x() < 0.15 else "." for _ in range(w.int(1, 9)))
        nsv = w.int(25, 90)
        w.row(
            stars
            + "*\noptimization finished, #iter = {ok_#iter}\nnu = {nu:f}\nobj = {obj:f}, rho = {rho:f}\nnSV = {nSV}, nBSV = {nBSV}",
            None,
            **{
                "ok_#iter": w.int(140, 3000),
                "nu": w.x(0.003, 0.09),
                "obj": -w.x(60, 900),
                "rho": w.x(-1.5, 1.5),
                "nSV": nsv,
                "nBSV": nsv // 3,
            },
        )
    w.say(
        "Total nSV = 3811\n$ ./svm-predict letter.scale.t letter.model out\nAccuracy = 96.98% (4849/5000) (classification)"
    )
    w.ok("Total nSV", "Accuracy")


@log
def cma_es_rows(w: Writer) -> None:
    w.say(
        "(6_w,13)-aCMA-ES (mu_w=4.0,w_1=38%) in dimension 22 (seed=481022, Wed Jun  1 14:03:11 2022)\nIterat #Fevals   function value  axis ratio  sigma  min&max std  t[m:s]"
    )
    sigma = 0.5
    for i in [1, 2, 3, *range(10, 900, 15)]:
        sigma *= 0.995 if i < 10 else 0.93
        t = i * 0.11
        w.row(
            "{_i:5d} {_f:6d} {function_value:.15e} {axis_ratio:.1e} {sigma:.2e}  {ok_min_std:.0e}  {ok_max_std:.0e} "
            + f"{int(t // 60)}:{t % 60:04.1f}",
            (i, i * 13),
            _i=i,
            _f=i * 13,
            function_value=1e4 * math.exp(-i / 45) * w.x(0.7, 1.3),
            axis_ratio=1 + i / 40,
            sigma=sigma,
            ok_min_std=sigma * 0.8,
            ok_max_std=sigma * 1.3,
        )
    w.say(
        "termination on tolfun=1e-11 (Wed Jun  1 14:05:02 2022)\nfinal/bestever f-value = 1.931212e-05 1.901124e-05 after 11636/11102 evaluations\nincumbent solution: [0.21, -1.02, 3.31, 0.09, ...]\nstd deviations: [0.0012, 0.0009, 0.0021, 0.0008, ...]"
    )
    w.ok(
        "min&max std",
        "min",
        "max std",
        "min std",
        "std",
        "min&max",
        "t[m:s]",
        "#Fevals",
        "std 2",
        "t",
        "final/bestever f-value",
    )


@log
def stan_advi(w: Writer) -> None:
    w.say(
        "------------------------------------------------------------\nEXPERIMENTAL ALGORITHM:\n  This procedure has not been thoroughly tested and may be unstable\n  or buggy. The interface is subject to change.\n------------------------------------------------------------\n\nGradient evaluation took 0.000812 seconds\n1000 transitions using 10 leapfrog steps per transition would take 8.12 seconds.\nAdjust your expectations accordingly!\n\nBegin eta adaptation.\nIteration:   1 / 250 [  0%]  (Adaptation)\nIteration:  50 / 250 [ 20%]  (Adaptation)\nIteration: 100 / 250 [ 40%]  (Adaptation)\nIteration: 150 / 250 [ 60%]  (Adaptation)\nIteration: 200 / 250 [ 80%]  (Adaptation)\nSuccess! Found best value [eta = 1] earlier than expected.\n\nBegin stochastic gradient ascent.\n  iter             ELBO   delta_ELBO_mean   delta_ELBO_med   notes "
    )
    for n in range(100, 4101, 100):
        note = (
            "   MAY BE DIVERGING... INSPECT ELBO"
            if n in (300, 400)
            else "   MEDIAN ELBO CONVERGED"
            if n == 4100
            else ""
        )
        w.row(
            "{_n:6d} {ELBO:16.3f} {delta_ELBO_mean:17.3f} {delta_ELBO_med:16.3f}" + note,
            n,
            _n=n,
            ELBO=-w.fall(n, 91000, 6130, 120),
            delta_ELBO_mean=w.fall(n, 1, 0.02, 300),
            delta_ELBO_med=w.fall(n, 1, 0.008, 300),
        )
    w.say("\nDrawing a sample of size 1000 from the approximate posterior... \nCOMPLETED.")
    w.ok("eta", "Gradient evaluation took")


@log
def tpot_generations(w: Writer) -> None:
    w.say(
        "Warning: xgboost.XGBClassifier is not available and will not be used by TPOT.\n30 operators have been imported by TPOT."
    )
    score = 0.9701
    for g in range(1, 26):
        w.say(
            f"Optimization Progress: {100 * (g + 1) * 50 // 1300:3d}%|{'█' * ((g + 1) * 10 // 26):<10}| {(g + 1) * 50}/1300 [{mmss(g * 41)}<{mmss((25 - g) * 41)},  {w.x(1, 2):.2f}pipeline/s]"
        )
        score += w.x(0, 0.0009) if w.x() < 0.5 else 0
        w.row(
            f"\nGeneration {g} - Current best internal CV score: {{Current_best_internal_CV_score:.16g}}",
            g,
            Current_best_internal_CV_score=score,
        )
        if g % 8 == 0:
            w.say(
                "_pre_test decorator: _random_mutation_operator: num_test=0 Found array with 0 feature(s) (shape=(50, 0)) while a minimum of 1 is required.\nPipeline encountered that has previously been evaluated during the optimization process. Using the score from the previous evaluation."
            )
    w.say(
        "\nBest pipeline: RandomForestClassifier(PolynomialFeatures(input_matrix, degree=2, include_bias=False, interaction_only=False), bootstrap=True, criterion=entropy, max_features=0.35, min_samples_leaf=3, n_estimators=100)"
    )
    w.row("holdout {ok_holdout:.4f}", None, ok_holdout=0.9778)


@log
def bayesopt_table(w: Writer) -> None:
    w.say("|   iter    |  target   | colsam... | max_depth | min_ch... | subsample |\n" + "-" * 73)
    best = -9.0
    for i in range(1, 41):
        v = -0.31 + 0.05 * i / (i + 9) + w.x(-0.03, 0.02)
        a, b = ("\x1b[95m", "\x1b[0m") if v > best and i > 1 else ("", "")
        best = max(best, v)
        cells = [
            f"{i}",
            "{target:.4g}",
            f"{w.x(0.1, 1):.4g}",
            f"{w.x(3, 12):.4g}",
            f"{w.x(1, 20):.4g}",
            f"{w.x(0.5, 1):.4g}",
        ]
        value = v
        shown = [f"{value:.4g}" if c.startswith("{") else c for c in cells]
        form = "|" + "|".join(f" {a}{c}{' ' * (9 - len(s))}{b} " for c, s in zip(cells, shown, strict=True)) + "|"
        w.row(form, i, target=value)
    w.say(
        "=" * 73
        + "\n{'target': -0.2611, 'params': {'colsample_bytree': 0.61, 'max_depth': 7.4, 'min_child_weight': 3.2, 'subsample': 0.88}}"
    )
    w.ok("colsam...", "colsam", "max_depth", "min_ch...", "min_ch", "subsample")


@log
def mallet_topics(w: Writer) -> None:
    w.say("Mallet LDA: 10 topics, 4 topic bits, 1111 topic mask\nData loaded.\nmax tokens: 7843\ntotal tokens: 1712206")
    words = [
        "model",
        "data",
        "network",
        "learning",
        "image",
        "market",
        "bank",
        "rate",
        "cell",
        "gene",
        "protein",
        "game",
        "season",
        "player",
        "team",
        "law",
        "court",
        "state",
        "water",
        "energy",
    ]
    for n in range(10, 401, 10):
        w.row(
            "<{_n}> LL/token: {LL/token:.5f}",
            n,
            **{"_n": n, "LL/token": -9.61 + 0.9 * n / (n + 40) + w.x(-0.003, 0.003)},
        )
        if n % 50 == 0:
            w.say("")
            for k in range(10):
                w.say(f"{k}\t5\t" + " ".join(words[(k * 3 + j * 7 + n // 50) % len(words)] for j in range(8)))
            w.say("")
    w.say("Total time: 41 seconds")


@log
def flaml_estimators(w: Writer) -> None:
    t = 19 * 3600.0
    p = "[flaml.automl.logger: 11-15 "
    w.say(
        f"{p}{clock(t)}] {{1679}} INFO - task = classification\n{p}{clock(t)}] {{1686}} INFO - Data split method: stratified\n{p}{clock(t)}] {{1689}} INFO - Evaluation method: holdout\n{p}{clock(t)}] {{1788}} INFO - Minimizing error metric: 1-roc_auc\n{p}{clock(t)}] {{1900}} INFO - List of ML learners in AutoML Run: ['lgbm']"
    )
    best, used = 0.3777, 0.3
    for i in range(36):
        used += w.x(0.2, 3)
        if i and w.x() < 0.4:
            best *= w.x(0.97, 0.995)
        w.say(f"{p}{clock(t + used)}] {{2218}} INFO - iteration {i}, current learner lgbm")
        if i == 0:
            w.say(
                f"{p}{clock(t + used)}] {{2344}} INFO - Estimated sufficient time budget=10432s. Estimated necessary time budget=10s."
            )
        w.row(
            f"{p}{clock(t + used)}] {{{{2391}}}} INFO -  at {{ok_at:.1f}}s,\testimator lgbm's best error={{'best_error:.4f}},\tbest estimator lgbm's best error={{'Best_error:.4f}}",
            (i, round(used, 1)),
            **{"ok_at": used, "'best_error": best, "'Best_error": best},
        )
    w.say(
        f"{p}{clock(t + used + 2)}] {{2627}} INFO - retrain lgbm for 1.2s\n{p}{clock(t + used + 2)}] {{2630}} INFO - retrained model: LGBMClassifier(colsample_bytree=0.7, learning_rate=0.0712, max_bin=255, n_estimators=221, num_leaves=31)\n{p}{clock(t + used + 2)}] {{1930}} INFO - fit succeeded\n{p}{clock(t + used + 2)}] {{1931}} INFO - Time taken to find the best model: 48.21"
    )
    w.ok(
        "Time taken to find the best model",
        "Estimated sufficient time budget",
        "Estimated necessary time budget",
        "time budget",
    )


@log
def neat_generations(w: Writer) -> None:
    for g in range(24):
        species = 2 + g // 8
        best = min(3.98, 2.9 + 0.05 * g)
        w.say(f"\n ****** Running generation {g} ****** \n")
        w.row(
            "Population's average fitness: {average_fitness:.5f} stdev: {stdev:.5f}",
            g,
            average_fitness=2.2 + 0.8 * g / (g + 8),
            stdev=w.x(0.3, 0.5),
        )
        w.row(
            f"Best fitness: {{Best_fitness:.5f}} - size: (1, 2) - species 1 - id {w.int(20, 3000)}\nAverage adjusted fitness: {{Average_adjusted_fitness:.3f}}\nMean genetic distance {{Mean_genetic_distance:.3f}}, standard deviation {{standard_deviation:.3f}}\nPopulation of 150 members in {species} species:",
            g,
            Best_fitness=best,
            Average_adjusted_fitness=w.x(0.4, 0.6),
            Mean_genetic_distance=1.2 + g / 20,
            standard_deviation=w.x(0.3, 0.5),
        )
        w.say("   ID   age  size  fitness  adj fit  stag\n  ====  ===  ====  =======  =======  ====")
        for s in range(1, species + 1):
            w.say(
                f"  {s:4d}  {g:3d}  {150 // species:4d}  {best - 0.2 * (s - 1):7.1f}  {w.x(0.3, 0.6):7.3f}  {w.int(0, 9):4d}"
            )
        w.say(
            f"Total extinctions: 0\nGeneration time: {w.x(0.02, 0.09):.3f} sec"
            + (f" ({w.x(0.03, 0.07):.3f} average)" if g else "")
        )
    merged = {("'average_fitness" if k == "average_fitness" else k): v for k, v in w.series.items()}
    w.others.append(merged)
    w.ok(
        "Population's average fitness",
        "size",
        "fitness",
        "adj fit",
        "stag",
        "age",
        "ID",
        "species",
        "id",
        "Total extinctions",
        "Generation time",
        "average",
        "Population",
    )
