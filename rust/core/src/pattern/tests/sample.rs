//! Rules as users write them, and lines of them.

use super::super::Wants;
use super::grammar::Rng;

pub struct Rule {
    pub pattern: &'static str,
    /// The line with `{i}` for an integer, `{f}` for a decimal, `{e}` for one with an exponent, `{r}` for one of 17 digits.
    shape: &'static str,
    pub wants: fn(&str) -> Wants,
}

pub const RULES: &[Rule] = &[
    Rule {
        pattern: r"\[Epoch (?P<epoch>\d+)/(?P<epochs>\d+)\] Step (?P<step>\d+) \| Tokens: (?P<tokens>\S+) \| LM Loss: (?P<loss>[\d.]+) \| Polar: (?P<polar>[\d.]+) \| PPL: (?P<ppl>[\d.]+) \| LR: (?P<lr>[-+0-9.eE]+) \| GradNorm: (?P<gnorm>[\d.]+) \| Gate std: (?P<gate>[\d.]+) \| Tok/s: (?P<toks>\d+)",
        shape: "[Epoch {i}/{i}] Step {i} | Tokens: {f}M | LM Loss: {f} | Polar: {f} | PPL: {f} | LR: {e} | GradNorm: {f} | Gate std: {f} | Tok/s: {i}",
        wants,
    },
    Rule {
        pattern: r"\[Validation\] Loss: (?P<vloss>[\d.]+), PPL: (?P<vppl>[\d.]+), Train/Val Gap: (?P<gap>[\d.]+)x",
        shape: "[Validation] Loss: {f}, PPL: {f}, Train/Val Gap: {f}x",
        wants,
    },
    Rule { pattern: r"Step: (?P<step>\d+), Loss: (?P<loss>[\d.]+)", shape: "Step: {i}, Loss: {f}", wants },
    Rule { pattern: r"Full step time (?P<ms>[\d.]+) ms", shape: "Full step time {f} ms", wants },
    Rule {
        pattern: r"(?P<text>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}) INFO trainer: step=(?P<step>\d+) loss=(?P<loss>[\d.]+) lr=(?P<lr>[-+0-9.eE]+) grad_norm=(?P<gnorm>[\d.]+) tok/s=(?P<toks>\d+)",
        shape: "2025-11-13 02:13:20,123 INFO trainer: step={i} loss={f} lr={e} grad_norm={f} tok/s={i}",
        wants,
    },
    Rule {
        pattern: r#"\{"loss": (?P<loss>[-+0-9.eE]+), "grad_norm": (?P<grad_norm>[-+0-9.eE]+), "learning_rate": (?P<learning_rate>[-+0-9.eE]+), "epoch": (?P<epoch>[-+0-9.eE]+), "step": (?P<step>\d+)\}"#,
        shape: r#"{"loss": {f}, "grad_norm": {r}, "learning_rate": {e}, "epoch": {f}, "step": {i}}"#,
        wants,
    },
    Rule {
        pattern: r"\{'loss': (?P<loss>[-+0-9.eE]+), 'grad_norm': (?P<gnorm>[-+0-9.eE]+), 'learning_rate': (?P<lr>[-+0-9.eE]+), 'epoch': (?P<epoch>[\d.]+)\}",
        shape: "{'loss': {f}, 'grad_norm': {r}, 'learning_rate': {r}, 'epoch': {f}}",
        wants,
    },
    Rule {
        pattern: r#"ts=(?P<text>\S+) level=(?P<textlevel>\S+) msg="train step" step=(?P<step>\d+) loss=(?P<loss>[\d.]+) lr=(?P<lr>[-+0-9.eE]+) grad_norm=(?P<gnorm>[\d.]+) tokens_per_sec=(?P<tps>[\d.]+) mem_gb=(?P<mem>[\d.]+)"#,
        shape: r#"ts=2025-11-13T02:13:20.703Z level=info msg="train step" step={i} loss={f} lr={e} grad_norm={f} tokens_per_sec={f} mem_gb={f}"#,
        wants,
    },
    Rule {
        pattern: r"^iter (?P<step>-?[0-9]+): loss (?P<loss>(?:[-+]?(?:[0-9]+(?:,[0-9]{3})*(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?[KMBT]?|[-+]?(?:[nN]a[nN]|[iI]nf(?:inity)?|NAN|INF))), time (?P<skip>[\d.]+)(?P<text>[A-Za-z%]+(?:/[A-Za-z]+)?)?(?:, mfu (?P<mfu>[-\d.]+)%)?$",
        shape: "iter {i}: loss {f}, time {f}ms, mfu {f}%",
        wants,
    },
    Rule {
        pattern: r"^(?P<text>.*?)\s+(?:train|valid(?:ation)?) loss[:=]\s*(?P<loss>\S+)(?:\s+\((?P<mean>[\d.]+)\))?",
        shape: "Epoch {i} valid loss: {f} ({f})",
        wants,
    },
    Rule {
        pattern: r"(?P<textname>[A-Za-z_][\w./]*)\s*[:=]\s*(?P<value>[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|nan|inf)\b",
        shape: "train/lr = {e} (x)",
        wants,
    },
    Rule {
        pattern: r"(?P<textbar>\d+%\|[^|]*\|) (?P<step>\d+)/(?P<steps>\d+) \[(?P<quantity>[\d:]+)<[\d:?]+, +(?P<rate>[\d.]+)(?:it/s|s/it)(?:, loss=(?P<loss>[\d.]+))?\]",
        shape: "17%|██▏  | {i}/{i} [00:31<01:20,  {f}it/s, loss={f}]",
        wants,
    },
];

fn wants(name: &str) -> Wants {
    match name {
        "epoch" | "epochs" | "step" | "steps" | "toks" => Wants::Int,
        "skip" => Wants::Skip,
        "quantity" => Wants::Quantity,
        name if name.starts_with("text") => Wants::Text,
        _ => Wants::Number,
    }
}

impl Rule {
    pub fn line(&self, rng: &mut Rng) -> Vec<u8> {
        let mut line = String::new();
        let mut rest = self.shape;
        while let Some(open) = rest.find('{') {
            line.push_str(&rest[..open]);
            let drawn = match rest.get(open..open + 3) {
                Some("{i}") => Some(rng.below(100_000).to_string()),
                Some("{f}") => Some(format!("{:.1$}", rng.below(1 << 20) as f64 / 4096.0, rng.below(7))),
                Some("{e}") => Some(format!("{:.2e}", rng.below(1 << 20) as f64 / 1e9).replace("e-", "e-0")),
                Some("{r}") => Some(format!("{:?}", rng.next() as f64 / 7e21)),
                Some(_) | None => None,
            };
            match drawn {
                Some(number) => {
                    line.push_str(&number);
                    rest = &rest[open + 3..];
                }
                None => {
                    line.push('{');
                    rest = &rest[open + 1..];
                }
            }
        }
        line.push_str(rest);
        line.into_bytes()
    }
}
