//! What names measure, or do not.

use crate::types::snake_case;

/// Names of what people measure; asked only where nothing else tells a measurement from a setting.
pub fn measured(name: &str) -> bool {
    const WORDS: [&str; 59] = [
        "mape",
        "mpjpe",
        "fitness",
        "loss",
        "losses",
        "acc",
        "accuracy",
        "error",
        "err",
        "ppl",
        "perplexity",
        "reward",
        "rewards",
        "return",
        "score",
        "lr",
        "bleu",
        "rouge",
        "wer",
        "cer",
        "f1",
        "auc",
        "map",
        "ap",
        "ar",
        "iou",
        "miou",
        "psnr",
        "ssim",
        "fid",
        "mse",
        "mae",
        "rmse",
        "r2",
        "precision",
        "recall",
        "logloss",
        "ndcg",
        "norm",
        "gnorm",
        "entropy",
        "kl",
        "elbo",
        "nll",
        "bpc",
        "bpd",
        "cost",
        "objective",
        "likelihood",
        "like",
        "likelihood",
        "top1",
        "top5",
        "prec",
        "dice",
        "hits",
        "mrr",
        "bpb",
        "xent",
    ];
    snake_case(name).split('_').any(|w| WORDS.contains(&w))
}

/// Measures of the whole, that no rank or threshold tells apart.
pub fn falls_or_rises(word: &str) -> bool {
    const WORDS: [&str; 14] = [
        "loss",
        "cost",
        "error",
        "err",
        "nll",
        "ppl",
        "perplexity",
        "reward",
        "return",
        "score",
        "objective",
        "elbo",
        "accuracy",
        "likelihood",
    ];
    WORDS.iter().any(|w| w.eq_ignore_ascii_case(word))
}

/// Names whose value is the name of a metric.
pub fn names_metric(name: &str) -> bool {
    matches!(snake_case(name).as_str(), "metric" | "metric_name" | "name" | "tag" | "key" | "measure")
}

/// Names that say no more than that they measure.
pub fn names_value(name: &str) -> bool {
    matches!(snake_case(name).as_str(), "value" | "val" | "score" | "result" | "metric_value")
}

/// Names of statistics that say nothing without what they are of.
pub fn statistic(name: &str) -> bool {
    matches!(
        name.to_ascii_lowercase().trim_end_matches('.'),
        "avg"
            | "average"
            | "mean"
            | "min"
            | "max"
            | "std"
            | "stddev"
            | "median"
            | "sum"
            | "var"
            | "ema"
            | "smoothed"
            | "p50"
            | "p90"
            | "p99"
    )
}

/// Names of numbers that only tell things apart.
pub fn setting(name: &str) -> bool {
    let snake = snake_case(name);
    matches!(snake.rsplit('_').next(), Some("seed" | "port" | "pid" | "uid" | "version"))
}

/// Names of rates, which are measured even where they are whole.
pub fn rate(name: &str) -> bool {
    let snake = snake_case(name);
    snake
        .split('_')
        .any(|w| matches!(w, "sps" | "fps" | "ips" | "wps" | "ups" | "tps" | "throughput" | "speed" | "mfu"))
}

/// Names of estimates made for the person who waits, not measurements.
pub fn estimate(name: &str) -> bool {
    let snake = snake_case(name);
    let mut words = snake.split('_');
    words.any(|w| matches!(w, "eta" | "remaining" | "remain" | "estimated"))
}

/// Whether a name ends in what people count, in many or by other words: a count where its numbers behave so.
pub fn counted(name: &str) -> bool {
    const COUNTED: [&str; 22] = [
        "steps",
        "step",
        "iters",
        "iter",
        "iterations",
        "iteration",
        "updates",
        "update",
        "episodes",
        "episode",
        "timesteps",
        "frames",
        "batches",
        "batch",
        "samples",
        "gen",
        "generation",
        "generations",
        "rounds",
        "round",
        "trees",
        "games",
    ];
    let snake = snake_case(name);
    snake.rsplit('_').next().is_some_and(|last| COUNTED.contains(&last))
}

/// Counters of those who learn by playing.
pub fn played(name: &str) -> bool {
    snake_case(name).split('_').any(|w| matches!(w, "episode" | "episodes"))
}

/// Names of how fast a model learns.
pub fn learning_rate(name: &str) -> bool {
    let snake = snake_case(name);
    snake == "lr" || snake.ends_with("_lr") || snake.ends_with("learning_rate")
}
