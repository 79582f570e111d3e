"""What is read from each log: the same regexes, columns and types for every peer."""

from __future__ import annotations

from dataclasses import dataclass

INT, FLOAT, TEXT, SIZE, STAMP = "int", "float", "text", "size", "stamp"

# A signed number, one without sign, and digits, as the regexes say them.
N, D, W = r"[-+0-9.eE]+", r"[\d.]+", r"\d+"


@dataclass(frozen=True)
class Column:
    """A group of a regex; `names` are what it may be called in the table of a format or of the generic reader."""

    group: str
    holds: str
    names: tuple[str, ...] = ()
    # How a time stamp is written, for strptime.
    written: str = ""

    @property
    def called(self) -> tuple[str, ...]:
        return (self.group, *self.names)


@dataclass(frozen=True)
class Table:
    """The lines of one regex; `literal` is in each of them, for those who search before they match."""

    kind: str
    literal: str
    regex: str
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Workload:
    letter: str
    tables: tuple[Table, ...]
    # Megabytes of the real measurement.
    size_mb: int = 512
    # The format of the catalogue that reads it, if there is one.
    format: str | None = None

    @property
    def patterns(self) -> list[dict[str, str]]:
        return [{table.kind: table.regex} for table in self.tables]


ATLAS = (
    Table(
        "train",
        "[Epoch ",
        rf"\[Epoch (?P<epoch>{W})/(?P<epochs>{W})\] Step (?P<step>{W}) \| Tokens: (?P<tokens>\S+)"
        rf" \| LM Loss: (?P<loss>{D}) \| Polar: (?P<polar>{D}) \| PPL: (?P<ppl>{D}) \| LR: (?P<lr>{N})"
        rf" \| GradNorm: (?P<grad_norm>{D}) \| Gate std: (?P<gate_std>{D}) \| Tok/s: (?P<tok_s>{W})",
        (
            Column("epoch", INT),
            Column("epochs", INT),
            Column("step", INT),
            Column("tokens", SIZE),
            Column("loss", FLOAT, ("lm_loss",)),
            Column("polar", FLOAT),
            Column("ppl", FLOAT),
            Column("lr", FLOAT),
            Column("grad_norm", FLOAT),
            Column("gate_std", FLOAT),
            Column("tok_s", INT),
        ),
    ),
    Table(
        "val",
        "[Validation] ",
        rf"\[Validation\] Loss: (?P<val_loss>{D}), PPL: (?P<val_ppl>{D}), Train/Val Gap: (?P<train_val_gap>{D})x",
        (Column("val_loss", FLOAT), Column("val_ppl", FLOAT), Column("train_val_gap", FLOAT)),
    ),
)

WORKLOADS = {
    "dense": Workload("a", ATLAS, format="atlas_mag"),
    "pairs": Workload(
        "b",
        (
            Table(
                "train",
                "Step: ",
                rf"Step: (?P<step>{W}), Loss: (?P<loss>{D})",
                (Column("step", INT), Column("loss", FLOAT)),
            ),
            Table(
                "train",
                "Full step time ",
                rf"Full step time (?P<full_step_time>{D}) ms",
                (Column("full_step_time", FLOAT),),
            ),
        ),
        size_mb=256,
        format="tt_train",
    ),
    "sparse": Workload(
        "c",
        (
            Table(
                "train",
                " INFO trainer: step=",
                r"(?P<wall_time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}) INFO trainer:"
                rf" step=(?P<step>{W}) loss=(?P<loss>{D}) lr=(?P<lr>{N}) grad_norm=(?P<grad_norm>{D})"
                rf" tok/s=(?P<tok_s>{W})",
                (
                    Column("wall_time", STAMP, written="%Y-%m-%d %H:%M:%S,%3f"),
                    Column("step", INT),
                    Column("loss", FLOAT),
                    Column("lr", FLOAT),
                    Column("grad_norm", FLOAT),
                    Column("tok_s", INT),
                ),
            ),
        ),
        size_mb=1000,
    ),
    "records": Workload(
        "d",
        (
            Table(
                "train",
                '{"loss": ',
                rf'\{{"loss": (?P<loss>{N}), "grad_norm": (?P<grad_norm>{N}), "learning_rate": (?P<learning_rate>{N}),'
                rf' "epoch": (?P<epoch>{N}), "step": (?P<step>{W})\}}',
                (
                    Column("loss", FLOAT),
                    Column("grad_norm", FLOAT),
                    Column("learning_rate", FLOAT),
                    Column("epoch", FLOAT),
                    Column("step", INT),
                ),
            ),
        ),
        format="jsonl",
    ),
    "dicts": Workload(
        "e",
        (
            Table(
                "train",
                "{'loss': ",
                rf"\{{'loss': (?P<loss>{N}), 'grad_norm': (?P<grad_norm>{N}), 'learning_rate': (?P<learning_rate>{N}),"
                rf" 'epoch': (?P<epoch>{D})\}}",
                (
                    Column("loss", FLOAT),
                    Column("grad_norm", FLOAT),
                    Column("learning_rate", FLOAT),
                    Column("epoch", FLOAT),
                ),
            ),
            Table(
                "val",
                "{'eval_loss': ",
                rf"\{{'eval_loss': (?P<eval_loss>{N}), 'eval_runtime': (?P<eval_runtime>{D}),"
                rf" 'eval_samples_per_second': (?P<eval_samples_per_second>{D}),"
                rf" 'eval_steps_per_second': (?P<eval_steps_per_second>{D})",
                (
                    Column("eval_loss", FLOAT),
                    Column("eval_runtime", FLOAT),
                    Column("eval_samples_per_second", FLOAT),
                    Column("eval_steps_per_second", FLOAT),
                ),
            ),
        ),
        format="hf_trainer",
    ),
    "logfmt": Workload(
        "f",
        (
            Table(
                "train",
                'msg="train step"',
                r'ts=(?P<wall_time>\S+) level=(?P<level>\S+) msg="train step"'
                rf" step=(?P<step>{W}) loss=(?P<loss>{D}) lr=(?P<lr>{N}) grad_norm=(?P<grad_norm>{D})"
                rf" tokens_per_sec=(?P<tokens_per_sec>{D}) mem_gb=(?P<mem_gb>{D})",
                (
                    Column("wall_time", STAMP, written="%Y-%m-%dT%H:%M:%S%.3fZ"),
                    Column("level", TEXT),
                    Column("step", INT),
                    Column("loss", FLOAT),
                    Column("lr", FLOAT),
                    Column("grad_norm", FLOAT),
                    Column("tokens_per_sec", FLOAT),
                    Column("mem_gb", FLOAT),
                ),
            ),
        ),
    ),
    "sweep": Workload("g", ATLAS, format="atlas_mag"),
}


def alike(n: int) -> list[str]:
    """Patterns that share a factor; each finds one line in a hundred of those that `hundred` writes."""
    return [rf"metric_{k:02d}/value: (?P<reading>{D}) at step (?P<step>{W})" for k in range(n)]


def unlike(n: int) -> list[str]:
    """Patterns that share nothing; only the first is in the log."""
    return alike(1) + [rf"{word} (?P<{word}>{D})" for word in WORDS[: n - 1]]


# As unlike as words are.
WORDS = (  # noqa: SIM905
    "acorn badge cabin daisy eagle fable gauge habit icing jacket kayak label magic naval oasis paddle "
    "quartz radar salad tiger umbra vapor wagon xenon yacht zebra amber bison comet delta ember flint "
    "grove hazel ivory jumbo koala lemur mango nylon olive pixel quill raven sable tulip urban vivid "
    "waltz yeast zonal atlas birch cedar dwarf elbow frost giant heron igloo joust knoll lunar maple "
    "noble orbit plume quest ridge storm thorn usher vigor wheat yodel zesty alpha broom crane drift "
    "epoxy focal ghost hinge input jelly kiosk lodge merit north onset prism query robin spine "
    "umber visor whale yield "
).split()
