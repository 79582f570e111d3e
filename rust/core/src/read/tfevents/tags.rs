//! The tags of an event file: what each is for, and the shape of its rows.

use std::sync::Arc;

use hashbrown::HashMap;

use super::What;
use super::form::{Form, Varying};
use super::histogram::STATISTICS;
use crate::read::roles::kind_of_key;
use crate::read::wire::proto::Fields;
use crate::row::Rows;
use crate::types::{Field, Holds, Keep, Naming, Shape, TRAIN};

/// What wrote the values of a tag, as its metadata says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Plugin {
    #[default]
    Unknown,
    Scalars,
    Text,
    Hparams,
    Histograms,
    Images,
    Audio,
    Graphs,
    Other,
}

impl Plugin {
    fn of(metadata: &[u8]) -> Plugin {
        let name = Fields::of(metadata).message(1).and_then(|data| Fields::of(data).message(1));
        match name.unwrap_or_default() {
            b"" => Plugin::Unknown,
            b"scalars" => Plugin::Scalars,
            b"text" => Plugin::Text,
            b"hparams" => Plugin::Hparams,
            b"histograms" => Plugin::Histograms,
            b"images" => Plugin::Images,
            b"audio" => Plugin::Audio,
            b"graphs" | b"graph_run_metadata" | b"graph_run_metadata_graph" | b"graph_keras_model" => Plugin::Graphs,
            _ => Plugin::Other,
        }
    }
}

#[derive(Debug)]
struct Tag {
    name: Vec<u8>,
    plugin: Plugin,
    /// The shapes of its numbers, of its texts and of its histograms.
    shapes: [Option<Arc<Shape>>; 3],
    /// Block, and the ordinal of a shape in its rows.
    ordinals: [(u64, u32); 3],
    /// The tag whose value came next last time: mostly it does again.
    next: usize,
    /// What its last number was written as.
    form: Form,
}

/// See the module.
#[derive(Debug)]
pub struct Tags {
    kind: Option<Arc<str>>,
    list: Vec<Tag>,
    by_name: HashMap<Vec<u8>, usize>,
    last: usize,
    block: u64,
    session: Arc<Shape>,
}

const NUMBER: usize = 0;
const TEXT: usize = 1;
const HISTOGRAM: usize = 2;

impl Tags {
    pub fn new(kind: Option<Arc<str>>) -> Tags {
        let session = Shape {
            rule: 7,
            kind: TRAIN.into(),
            keep: Keep::Carry,
            utc: true,
            guessed: false,
            fields: vec![Field::context(Holds::Step)],
        };
        Tags { kind, list: Vec::new(), by_name: HashMap::new(), last: 0, block: 0, session: Arc::new(session) }
    }

    /// The ordinals of shapes are of one block.
    pub fn begin_block(&mut self) {
        self.block += 1;
    }

    pub fn describe(&mut self, tag: &[u8], metadata: &[u8]) {
        let at = self.find(tag);
        let plugin = Plugin::of(metadata);
        if plugin != Plugin::Unknown {
            self.list[at].plugin = plugin;
            // A tensor of this tag may mean something else from now on.
            self.list[at].form = Form::default();
        }
    }

    /// The shape and the number of a record, where it is one of the tag that mostly comes now, and written as ever.
    #[inline]
    pub fn expected(&mut self, record: &[u8], rows: &mut Rows) -> Option<(u32, Varying)> {
        let next = self.list.get(self.last)?.next;
        let varying = self.list.get(next)?.form.of(record)?;
        self.last = next;
        Some((self.ordinal_at(next, NUMBER, rows), varying))
    }

    /// Remembers how a number of the tag seen last is written.
    pub fn learn(&mut self, record: &[u8]) {
        let Some(tag) = self.list.get_mut(self.last) else { return };
        if tag.form.of(record).is_none() && tag.ordinals[NUMBER].0 == self.block {
            tag.form = Form::new(record, &tag.name, tag.plugin);
        }
    }

    pub fn plugin(&mut self, tag: &[u8]) -> Plugin {
        let at = self.find(tag);
        self.list[at].plugin
    }

    #[inline]
    pub fn metric(&mut self, tag: &[u8], rows: &mut Rows) -> u32 {
        self.ordinal(tag, NUMBER, rows)
    }

    pub fn text(&mut self, tag: &[u8], rows: &mut Rows) -> u32 {
        self.ordinal(tag, TEXT, rows)
    }

    pub fn histogram(&mut self, tag: &[u8], rows: &mut Rows) -> u32 {
        self.ordinal(tag, HISTOGRAM, rows)
    }

    /// The shape of what is no row: that a program begins to write.
    pub fn session(&self, rows: &mut Rows) -> u32 {
        rows.shape(&self.session)
    }

    #[inline]
    fn ordinal(&mut self, tag: &[u8], of: usize, rows: &mut Rows) -> u32 {
        let at = self.find(tag);
        self.ordinal_at(at, of, rows)
    }

    #[inline]
    fn ordinal_at(&mut self, at: usize, of: usize, rows: &mut Rows) -> u32 {
        match self.list[at].ordinals[of] {
            (block, ordinal) if block == self.block => ordinal,
            _ => self.entered(at, of, rows),
        }
    }

    #[cold]
    fn entered(&mut self, at: usize, of: usize, rows: &mut Rows) -> u32 {
        let kind = self.kind.clone();
        let tag = &mut self.list[at];
        let shape = tag.shapes[of].get_or_insert_with(|| Arc::new(shape(&tag.name, kind.as_deref(), of)));
        let ordinal = rows.shape(shape);
        tag.ordinals[of] = (self.block, ordinal);
        ordinal
    }

    #[inline]
    fn find(&mut self, name: &[u8]) -> usize {
        let likely = self.list.get(self.last).map_or(0, |tag| tag.next);
        let at = match self.list.get(likely) {
            Some(tag) if tag.name == name => likely,
            _ => self.look_up(name),
        };
        self.last = at;
        at
    }

    #[cold]
    fn look_up(&mut self, name: &[u8]) -> usize {
        let at = match self.by_name.get(name) {
            Some(&at) => at,
            None => {
                let tag = Tag {
                    name: name.to_vec(),
                    plugin: if name.starts_with(b"_hparams_/") { Plugin::Hparams } else { Plugin::Unknown },
                    shapes: [None, None, None],
                    ordinals: [(0, 0); 3],
                    next: 0,
                    form: Form::default(),
                };
                self.by_name.insert(name.to_vec(), self.list.len());
                self.list.push(tag);
                self.list.len() - 1
            }
        };
        if let Some(last) = self.list.get_mut(self.last) {
            last.next = at;
        }
        at
    }
}

fn shape(tag: &[u8], kind: Option<&str>, of: usize) -> Shape {
    let name = String::from_utf8_lossy(tag);
    let kind = kind.or_else(|| kind_of_key(&name)).unwrap_or(TRAIN);
    let metric = |name: &str| Field::metric(name, kind, Naming::Stored, None);
    let mut fields = vec![Field::context(Holds::Step), Field::context(Holds::WallTime)];
    match of {
        TEXT => fields.push(Field::text(&name, kind, Naming::Stored)),
        HISTOGRAM => fields.extend(STATISTICS.map(|what| metric(&format!("{name}/{what}")))),
        _ => fields.push(metric(&name)),
    }
    let rule = if of == HISTOGRAM {
        What::Histogram
    } else if of == TEXT {
        What::Text
    } else {
        What::Scalar
    };
    Shape { rule: rule as u32, kind: kind.into(), keep: Keep::All, utc: true, guessed: false, fields }
}
