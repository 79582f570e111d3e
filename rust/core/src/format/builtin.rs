//! The catalogue: the formats and envelopes that come with the library.

use std::sync::{Arc, LazyLock};

use super::Format;
use super::catalogue::{Catalogue, Entry};
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
    "accelerate"
    "allennlp"
    "atlas_mag"
    "baselines"
    "build_nanogpt"
    "caffe"
    "catboost"
    "chainer"
    "cleanrl"
    "clu"
    "composer"
    "coqui_tts"
    "csv"
    "darknet"
    "deepspeech"
    "deepspeed"
    "detectron2"
    "espnet2"
    "fairseq"
    "fastai"
    "fasttext"
    "flair"
    "flashlight"
    "gaussian_splatting"
    "gluoncv"
    "gluonnlp"
    "gpt2_finetune"
    "hf_trainer"
    "icefall"
    "ignite"
    "joeynmt"
    "json"
    "jsonl"
    "kaldi"
    "keras"
    "lightgbm"
    "lightning"
    "lingua"
    "litgpt"
    "llama_recipes"
    "llmc"
    "madrona"
    "marian"
    "maxtext"
    "megatron"
    "mingpt"
    "mlperf"
    "mmengine"
    "modded_nanogpt"
    "mxnet"
    "nanochat"
    "nanogpt"
    "nanotron"
    "nemo"
    "nerf"
    "nvidia_dll"
    "nvidia_examples"
    "olmo"
    "open_clip"
    "opennmt"
    "openrlhf"
    "paddle"
    "pix2pix"
    "pyg"
    "pytorch_imagenet"
    "pytorch_lm"
    "pytorch_mnist"
    "recbole"
    "rl_games"
    "rsl_rl"
    "sklearn"
    "sklearn_gbm"
    "spacy"
    "speechbrain"
    "stylegan"
    "swin"
    "tesseract"
    "tf_estimator"
    "tf_slim"
    "tfevents"
    "tfevents_histograms"
    "tianshou"
    "timm"
    "torchtitan"
    "torchtune"
    "torchvision"
    "tt_train"
    "verl"
    "wandb"
    "wandb_console"
    "wandb_system"
    "word2vec"
    "xgboost"
    "yolo"
    "yolo_csv"
    "yolox"
);

/// The envelopes, in the order in which they are tried: those that say more come first.
pub const ENVELOPES: &[File] = files!("envelopes/":
    "place"
    "python_logging"
    "loguru"
    "level_name"
    "bars"
    "open_clip"
    "hydra"
    "detectron"
    "swin"
    "bracket_day"
    "bracket_stamp"
    "bracket_level"
    "bracket_bars"
    "bracket_pid"
    "bracket_place"
    "rank_of"
    "rank"
    "olmo"
    "olmo_columns"
    "glog"
    "mxnet"
    "ray"
    "titan"
    "nemo"
    "mpirun"
    "compose"
    "kubectl"
    "syslog"
    "weekday"
    "stamp"
    "clock"
    "lingua"
    "level"
    "program"
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

/// The whole catalogue, compiled: for those who ask about every format.
pub fn formats() -> &'static [Arc<Format>] {
    static ALL: LazyLock<Vec<Arc<Format>>> =
        LazyLock::new(|| Catalogue::builtin().entries.iter().filter_map(Entry::format).cloned().collect());
    &ALL
}

/// A format of the catalogue by its name.
pub fn format(name: &str) -> Option<&'static Arc<Format>> {
    Catalogue::builtin().entries.iter().find(|entry| entry.name() == name)?.format()
}
