//! What counts: steps, epochs, batches, in many languages.

use super::split;
use crate::types::snake_case;

/// What a counter counts. A higher rank is the better step where a line has several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Counter {
    Step(u8),
    Epoch,
    Batch,
    /// Nameless: told by its place (`[260/1938]`, `90:`).
    Bare,
    /// The pair beside a progress bar.
    Bar,
    /// A worker's number (`Rank 0`), no count at all.
    Rank,
}

/// The counter a name stands for: a counting word, alone or after words that only qualify it.
pub fn counter(name: &str) -> Option<Counter> {
    let snake = snake_case(name);
    let words: Vec<&str> = snake.split('_').collect();
    let (last, before) = words.split_last()?;
    if let ("step" | "steps", Some((&"time", before))) = (*last, before.split_last()) {
        return before.iter().all(|w| qualifies(w)).then_some(Counter::Step(6));
    }
    if before.len() > 3 || !before.iter().all(|w| qualifies(w)) {
        return None;
    }
    let plural_needs = |rank| if before.is_empty() { None } else { Some(Counter::Step(rank)) };
    match *last {
        "epoch" | "epochs" if before.iter().any(|w| matches!(*w, "num" | "n" | "total")) => None,
        "epoch" | "ep" | "epo" => Some(Counter::Epoch),
        "epoche" | "epoca" | "época" | "époque" | "epoque" | "эпоха" | "轮" | "轮次" | "周期" | "エポック"
        | "에포크" => Some(Counter::Epoch),
        "iteración" | "iteracion" | "iteração" | "iteracao" | "itération" | "iterazione" | "итерация" => {
            Some(Counter::Step(7))
        }
        "schritt" | "paso" | "passo" | "étape" | "шаг" | "步" | "步数" | "迭代" | "ステップ" | "스텝" => {
            Some(Counter::Step(8))
        }
        "批" | "批次" => Some(Counter::Batch),
        "step" if before.last() == Some(&"micro") => Some(Counter::Batch),
        "step" if before.last() == Some(&"global") => Some(Counter::Step(9)),
        "steps" if before.last().is_some_and(|w| matches!(*w, "total" | "num" | "n" | "training" | "train")) => None,
        "steps" => plural_needs(8),
        "step" => Some(Counter::Step(8)),
        "updates" if before.last() == Some(&"num") => Some(Counter::Step(9)),
        "updates" => plural_needs(4),
        "iter" | "iters" | "iteration" | "itr" | "it" | "ite" | "update" | "upd" | "up" => Some(Counter::Step(7)),
        "timestep" | "timesteps" | "tick" => Some(Counter::Step(6)),
        "iterations" | "round" | "episode" | "generation" | "gen" | "trial" => Some(Counter::Step(5)),
        "frame" => Some(Counter::Step(4)),
        "batch" | "minibatch" | "batches" => Some(Counter::Batch),
        "rank" | "node" | "worker" | "gpu" | "device" if before.is_empty() => Some(Counter::Rank),
        _ => None,
    }
}

fn qualifies(word: &str) -> bool {
    const QUALIFIERS: [&str; 35] = [
        "running",
        "doing",
        "online",
        "outer",
        "model",
        "end",
        "of",
        "start",
        "finished",
        "completed",
        "global",
        "training",
        "learning",
        "current",
        "cur",
        "opt",
        "optimizer",
        "num",
        "n",
        "at",
        "grad",
        "gradient",
        "env",
        "validate",
        "micro",
        "mini",
        "total",
        "the",
        "train",
        "starting",
        "begin",
        "for",
        "progress",
        "on",
        "after",
    ];
    QUALIFIERS.contains(&word) || split(word).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counting_word_alone_or_qualified_is_a_counter() {
        for (name, wanted) in [
            ("Step", Some(Counter::Step(8))),
            ("global_step", Some(Counter::Step(9))),
            ("num_updates", Some(Counter::Step(9))),
            ("Ep.", Some(Counter::Epoch)),
            ("validate step", Some(Counter::Step(8))),
            ("Learning iteration", Some(Counter::Step(7))),
            ("total_timesteps", Some(Counter::Step(6))),
            ("micro_step", Some(Counter::Batch)),
            ("step_time", None),
            ("global batch size", None),
            ("number of skipped iterations", None),
            ("num_epochs", None),
            ("loss", None),
        ] {
            assert_eq!(counter(name), wanted, "{name}");
        }
    }
}
