//! The catalogue: the formats and envelopes that come with the library.

use std::sync::{Arc, LazyLock};

use super::Format;
use super::envelope::{Envelope, Envelopes};
use super::problem::{Page, Problem};
use super::spec::{EnvelopeSpec, parse_envelope};

/// A file of the catalogue.
#[derive(Debug, Clone, Copy)]
pub struct File {
    pub name: &'static str,
    pub text: &'static str,
}

macro_rules! files {
    ($folder:literal: $($name:literal)*) => {
        &[$(File { name: concat!($name, ".toml"), text: include_str!(concat!("../../formats/", $folder, $name, ".toml")) }),*]
    };
}

/// The formats, sorted by name.
pub const FORMATS: &[File] = files!("":
    "atlas_mag"
    "csv"
    "fairseq"
    "hf_trainer"
    "jsonl"
    "keras"
    "lightning"
    "llmc"
    "megatron"
    "mmengine"
    "modded_nanogpt"
    "nanogpt"
    "tfevents"
    "torchtitan"
    "tt_train"
    "wandb"
    "wandb_console"
    "wandb_system"
    "yolo_csv"
);

/// The envelopes, in the order in which they are tried: those that say more come first.
pub const ENVELOPES: &[File] = files!("envelopes/":
    "python_logging"
    "loguru"
    "level_name"
    "bars"
    "hydra"
    "detectron"
    "bracket_stamp"
    "bracket_level"
    "bracket_place"
    "rank_of"
    "rank"
    "olmo"
    "glog"
    "mxnet"
    "ray"
    "titan"
    "syslog"
    "stamp"
    "clock"
    "level"
    "srun"
);

/// The compiled envelopes; compiled once, as they are data and never change.
pub fn envelopes() -> &'static Arc<Envelopes> {
    static ALL: LazyLock<Arc<Envelopes>> = LazyLock::new(|| {
        let list = ENVELOPES.iter().map(|file| envelope(*file).map(|(_, compiled)| compiled));
        // A test compiles each of them.
        Arc::new(Envelopes::new(list.filter_map(Result::ok).collect()))
    });
    &ALL
}

/// One envelope as written and compiled.
pub fn envelope(file: File) -> Result<(EnvelopeSpec, Envelope), Vec<Problem>> {
    let page = Page { file: file.name, text: file.text };
    let spec = parse_envelope(page)?;
    let compiled = Envelope::new(&spec)
        .map_err(|why| vec![page.problem(spec.regex.spot.clone(), "this envelope can't be used", why, "")])?;
    Ok((spec, compiled))
}

/// The compiled catalogue; compiled once, as it is data and never changes.
pub fn formats() -> &'static [Arc<Format>] {
    static ALL: LazyLock<Vec<Arc<Format>>> = LazyLock::new(|| {
        let compile = |file: &File| Format::compile(Page { file: file.name, text: file.text }, envelopes());
        // A test compiles each of them.
        FORMATS.iter().filter_map(|file| compile(file).ok()).map(Arc::new).collect()
    });
    &ALL
}

/// A format of the catalogue by its name.
pub fn format(name: &str) -> Option<&'static Arc<Format>> {
    formats().iter().find(|format| format.name() == name)
}
