//! What the keys of stored rows are for: the step, the epoch, the time and the kind, by name and by behaviour.

use crate::number;
use crate::time::{self, Stamp};
use crate::types::TRAIN;

/// Names of a step, the likeliest first.
const STEPS: [&str; 23] = [
    "step",
    "global_step",
    "_step",
    "iteration",
    "iter",
    "current_steps",
    "num_updates",
    "trainer/global_step",
    "timesteps_total",
    "training_iteration",
    "n_iter",
    "update",
    "steps",
    "total_timesteps",
    "time/total_timesteps",
    "iterations",
    "num_timesteps",
    "batch",
    "batch_idx",
    "gen",
    "generation",
    "episode",
    "round",
];

const EPOCHS: [&str; 3] = ["epoch", "epochs", "trainer/epoch"];

const TIMES: [&str; 9] =
    ["_timestamp", "timestamp", "wall_time", "walltime", "time", "ts", "datetime", "created_at", "date"];

/// Keys whose word says which split a row is of.
const SPLITS: [&str; 6] = ["mode", "split", "phase", "stage", "kind", "subset"];

/// Keys under which an object keeps the settings of its run.
const SETTINGS: [&str; 5] = ["config", "hparams", "hyperparameters", "hyperparams", "args"];

/// Ray Tune adds these to every result, and joins nested keys with a slash wherever else it writes them.
const SLASHED: [&str; 2] = ["training_iteration", "time_total_s"];

/// The names that a format gives a role to; where it gives none, those that are known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    pub step: Vec<String>,
    pub epoch: Vec<String>,
    pub time: Vec<String>,
    pub elapsed: Vec<String>,
    pub rank: Vec<String>,
    pub drop: Vec<String>,
}

impl Names {
    /// How likely a name is the step's: lower is likelier.
    pub fn step(&self, name: &str) -> Option<usize> {
        rank(&self.step, &STEPS, name)
    }

    pub fn epoch(&self, name: &str) -> Option<usize> {
        rank(&self.epoch, &EPOCHS, name)
    }

    pub fn time(&self, name: &str) -> Option<usize> {
        rank(&self.time, &TIMES, name)
    }

    /// A number that nobody calls the time elapsed is that by its name only if it runs on as a clock does: what
    /// each step took has the same name in some logs.
    pub fn elapsed(&self, name: &str, course: &Course) -> Option<usize> {
        rank(&self.elapsed, &["elapsed"], name).filter(|_| !self.elapsed.is_empty() || course.runs_on())
    }

    pub fn rank(&self, name: &str) -> Option<usize> {
        rank(&self.rank, &["rank"], name)
    }
}

fn rank(stated: &[String], known: &[&str], name: &str) -> Option<usize> {
    if stated.is_empty() {
        return known.iter().position(|known| known.eq_ignore_ascii_case(name));
    }
    stated.iter().position(|stated| stated == name)
}

pub fn names_split(name: &[u8]) -> bool {
    SPLITS.iter().any(|split| name.eq_ignore_ascii_case(split.as_bytes()))
}

/// The setting that a nested key names: `lr` of `config.lr`.
pub fn setting(key: &[u8], joint: u8) -> Option<&[u8]> {
    let end = key.iter().position(|&b| b == joint)?;
    let holder = &key[..end];
    SETTINGS.iter().any(|name| holder.eq_ignore_ascii_case(name.as_bytes())).then(|| &key[end + 1..])
}

/// What joins the nested keys of objects that bear these keys, where it is no dot.
pub fn joint_of<'k>(keys: impl Iterator<Item = &'k [u8]>) -> Option<u8> {
    let marks = keys.filter(|key| SLASHED.iter().any(|mark| mark.as_bytes() == *key)).count();
    (marks == SLASHED.len()).then_some(b'/')
}

/// The kind that a word stands for.
pub fn kind_of_word(word: &[u8]) -> Option<&'static str> {
    const KINDS: [(&str, &str); 8] = [
        ("train", TRAIN),
        ("training", TRAIN),
        ("val", "val"),
        ("valid", "val"),
        ("validation", "val"),
        ("eval", "val"),
        ("dev", "val"),
        ("test", "test"),
    ];
    KINDS.iter().find(|(known, _)| word.eq_ignore_ascii_case(known.as_bytes())).map(|&(_, kind)| kind)
}

/// The kind that a key begins with: `eval_loss`, `val/loss`, `test.acc`.
pub fn kind_of_key(key: &str) -> Option<&'static str> {
    let head = key.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
    kind_of_word(head.as_bytes())
}

/// What a key's numbers did over the leading rows.
#[derive(Debug, Clone, Default)]
pub struct Course {
    pub seen: u64,
    pub whole: u64,
    pub rises: u64,
    pub falls: u64,
    /// Falls on a row whose epoch was higher than the one before.
    pub falls_at_epochs: u64,
    last: Option<f64>,
}

impl Course {
    pub fn note(&mut self, value: f64, epoch_rose: bool) {
        self.seen += 1;
        self.whole += u64::from(value.fract() == 0.0);
        if let Some(last) = self.last {
            self.rises += u64::from(value > last);
            self.falls += u64::from(value < last);
            self.falls_at_epochs += u64::from(value < last && epoch_rose);
        }
        self.last = Some(value);
    }

    /// Whether it rises as a clock does; a resume may set it back.
    fn runs_on(&self) -> bool {
        self.rises > 20 * self.falls
    }

    /// Whether it may be a step, and how well it behaves: 3 never falls, 2 falls with the epochs, 1 falls rarely.
    fn merit(&self) -> Option<u32> {
        let still = self.rises == 0 && self.falls == 0;
        match () {
            // One line that was hit does not make a step of a file no step.
            () if self.seen == 0 || (self.seen - self.whole) * 50 > self.seen => None,
            () if still => (self.seen <= 2).then_some(0),
            () if self.falls == 0 => Some(3),
            () if self.falls == self.falls_at_epochs => Some(2),
            () => (self.rises > 2 * self.falls).then_some(1),
        }
    }
}

/// The step among candidates, each with the rank of its name; and whether it begins anew with every epoch.
pub fn choose_step(candidates: &[(usize, &Course)]) -> Option<(usize, bool)> {
    let scored = candidates.iter().enumerate().filter_map(|(i, (rank, course))| {
        let merit = course.merit()?;
        Some(((merit, std::cmp::Reverse(*rank)), i, merit == 2))
    });
    scored.max_by_key(|&(score, ..)| score).map(|(_, i, batch)| (i, batch))
}

/// How a key writes the time of day and year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Clock {
    Seconds,
    Millis,
    Micros,
    Nanos,
    /// Text: with a date it is the wall time, without one the time elapsed.
    Stamp,
}

impl Clock {
    /// The unit in which a number would be a moment between 2001 and 2096.
    pub fn of_number(value: f64) -> Option<Clock> {
        [Clock::Seconds, Clock::Millis, Clock::Micros, Clock::Nanos]
            .into_iter()
            .find(|clock| clock.micros(value).is_some())
    }

    pub fn of_text(text: &[u8]) -> Option<Clock> {
        whole_stamp(text).map(|_| Clock::Stamp)
    }

    /// Microseconds since 1970, if the number is a plausible moment in this unit.
    pub fn micros(self, value: f64) -> Option<u64> {
        match self {
            Clock::Seconds => moment(value, 1e6),
            Clock::Millis => moment(value, 1e3),
            Clock::Micros => moment(value, 1.0),
            Clock::Nanos => moment(value, 1e-3),
            Clock::Stamp => None,
        }
    }

    /// The same as a plain function, for a mould.
    pub fn mapping(self) -> fn(f64) -> Option<u64> {
        match self {
            Clock::Seconds => |value| moment(value, 1e6),
            Clock::Millis => |value| moment(value, 1e3),
            Clock::Micros => |value| moment(value, 1.0),
            Clock::Nanos => |value| moment(value, 1e-3),
            Clock::Stamp => |_| None,
        }
    }
}

fn moment(value: f64, to_micros: f64) -> Option<u64> {
    let micros = (value * to_micros).round();
    (1e15..4e15).contains(&micros).then_some(micros as u64)
}

/// A text that is a stamp from end to end.
pub fn whole_stamp(text: &[u8]) -> Option<Stamp> {
    time::stamp(text, 0).filter(|&(_, end)| end == text.len()).map(|(stamp, _)| stamp)
}

/// A text that is a number from end to end: a decimal, or one with thousands or a magnitude.
pub fn numeric_text(text: &[u8]) -> Option<f64> {
    number::plain(text).or_else(|| with_unit(text, b""))
}

/// A text that is a duration: `0:32:48`, `9 days, 21:39:23`.
pub fn seconds(text: &[u8]) -> Option<f64> {
    with_unit(text, b"s")
}

fn with_unit(text: &[u8], unit: &[u8]) -> Option<f64> {
    // Words are the most of texts, and no number begins with any but these.
    text.first().filter(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.' | b' '))?;
    number::quantity(text, b"").filter(|quantity| quantity.unit == unit).map(|quantity| quantity.value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn course(values: &[f64], epochs: &[bool]) -> Course {
        let mut course = Course::default();
        values.iter().enumerate().for_each(|(i, &v)| course.note(v, epochs.get(i).copied().unwrap_or(false)));
        course
    }

    #[test]
    fn the_step_is_the_one_that_rises() {
        let rising = course(&[1.0, 2.0, 3.0], &[]);
        let constant = course(&[7.0, 7.0, 7.0], &[]);
        let fractional = course(&[0.5, 1.0, 1.5], &[]);
        let per_epoch = course(&[1.0, 2.0, 1.0, 2.0], &[false, false, true, false]);
        let restarted = course(&[1.0, 2.0, 3.0, 4.0, 1.0, 2.0], &[]);

        assert_eq!(Some((1, false)), choose_step(&[(0, &constant), (9, &rising)]));
        assert_eq!(Some((0, false)), choose_step(&[(0, &rising), (9, &rising)]));
        assert_eq!(None, choose_step(&[(0, &fractional)]));
        assert_eq!(Some((0, true)), choose_step(&[(0, &per_epoch)]));
        assert_eq!(Some((1, false)), choose_step(&[(0, &per_epoch), (9, &rising)]));
        assert_eq!(Some((0, false)), choose_step(&[(0, &restarted)]));
        assert_eq!(Some((0, false)), choose_step(&[(0, &course(&[5.0], &[]))]));
    }

    #[test]
    fn what_runs_on_is_the_time_elapsed() {
        let names = Names::default();
        let stated = Names { elapsed: vec!["t".to_owned()], ..Names::default() };

        assert_eq!(Some(0), names.elapsed("Elapsed", &course(&[0.5, 1.0, 1.5], &[])));
        assert_eq!(None, names.elapsed("elapsed", &course(&[0.5, 0.4, 0.6, 0.5], &[])));
        assert_eq!(None, names.elapsed("t", &course(&[0.5, 1.0], &[])));
        assert_eq!(Some(0), stated.elapsed("t", &course(&[0.5, 0.4], &[])));
        assert_eq!(None, stated.elapsed("elapsed", &course(&[0.5, 1.0], &[])));
    }

    #[test]
    fn kinds_begin_keys() {
        for (key, kind) in [
            ("eval_loss", Some("val")),
            ("val/loss", Some("val")),
            ("Test.acc", Some("test")),
            ("train_loss", Some("train")),
            ("DEV_F1", Some("val")),
            ("evaluation", None),
            ("loss", None),
            ("", None),
        ] {
            assert_eq!(kind, kind_of_key(key), "{key}");
        }
    }

    #[test]
    fn moments_have_their_unit() {
        assert_eq!(Some(Clock::Seconds), Clock::of_number(1_541_809_092.5));
        assert_eq!(Some(1_541_809_092_500_000), Clock::Seconds.micros(1_541_809_092.5));
        assert_eq!(Some(Clock::Millis), Clock::of_number(1_593_144_925_451.0));
        assert_eq!(None, Clock::of_number(0.65));
        assert_eq!(None, Clock::of_number(f64::NAN));
    }
}
