//! A row being made: its slots, and the words by which its shape is found again.

use std::sync::Arc;

use hashbrown::HashMap;

use crate::types::{Field, Holds, Keep, Naming, Shape, TRAIN};
use crate::wanted::Wanted;

use super::meaning::{kind_in, kind_of};

/// Shapes beyond this are forgotten: a log whose names never come again must not fill the memory.
const MOST_SHAPES: usize = 4096;

/// The row of one line until its shape is known.
#[derive(Debug, Default)]
pub struct Draft {
    /// The rule, the kind and the fields in order, each part after its length: equal keys mean equal shapes.
    key: Vec<u8>,
    pub slots: Vec<u64>,
    /// One bit a context that is there.
    contexts: u16,
    pub metrics: usize,
}

impl Draft {
    /// Forgets the row before; `kind` is the word for the kind of the whole line, if there is one.
    pub fn begin(&mut self, rule: u32, utc: bool, kind: Option<&[u8]>) {
        self.key.clear();
        self.slots.clear();
        (self.contexts, self.metrics) = (0, 0);
        self.key.extend_from_slice(&rule.to_le_bytes());
        self.key.push(u8::from(utc));
        self.part(kind.unwrap_or_default());
    }

    fn part(&mut self, bytes: &[u8]) {
        self.key.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
        self.key.extend_from_slice(bytes);
    }

    pub fn has(&self, holds: Holds) -> bool {
        self.contexts & 1 << tag(holds) != 0
    }

    /// Adds a context field; of two that hold the same the first counts.
    pub fn context(&mut self, holds: Holds, slot: u64) {
        if !self.has(holds) {
            self.contexts |= 1 << tag(holds);
            self.key.push(tag(holds));
            self.slots.push(slot);
        }
    }

    /// Adds a number.
    pub fn metric(&mut self, printed: &[u8], unit: &[u8], naming: Naming, slot: u64) {
        self.named(Holds::Metric, printed, unit, naming, slot);
    }

    /// Adds a word; its slot refers to the text of the rows.
    pub fn text(&mut self, printed: &[u8], naming: Naming, slot: u64) {
        self.named(Holds::Text, printed, b"", naming, slot);
    }

    fn named(&mut self, holds: Holds, printed: &[u8], unit: &[u8], naming: Naming, slot: u64) {
        self.key.push(tag(holds) | if naming == Naming::Stored { STORED } else { 0 });
        self.part(printed);
        self.part(unit);
        self.slots.push(slot);
        self.metrics += 1;
    }

    fn shape(&self, rule: u32, keep: Keep) -> Shape {
        let mut key = Key(self.key.get(4..).unwrap_or_default());
        let utc = key.byte() == Some(1);
        let said = String::from_utf8_lossy(key.part()).into_owned();
        let mut fields = Fields::default();
        while let Some(byte) = key.byte() {
            fields.add(byte, &mut key, &said);
        }
        let kind: Arc<str> = kind_of_row(&said, &fields.list).into();
        Shape { rule, kind, keep, utc, guessed: false, fields: fields.list }
    }
}

const STORED: u8 = 0x80;

/// All that a slot can hold; a tag is a place in it.
const HOLDS: [Holds; 10] = [
    Holds::Metric,
    Holds::Text,
    Holds::Step,
    Holds::Epoch,
    Holds::Epochs,
    Holds::Batch,
    Holds::Batches,
    Holds::WallTime,
    Holds::Elapsed,
    Holds::Rank,
];

fn tag(holds: Holds) -> u8 {
    HOLDS.iter().position(|&h| h == holds).unwrap_or_default() as u8
}

/// A key being taken apart again.
struct Key<'a>(&'a [u8]);

impl<'a> Key<'a> {
    fn byte(&mut self) -> Option<u8> {
        let (&byte, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(byte)
    }

    fn part(&mut self) -> &'a [u8] {
        let Some((len, rest)) = self.0.split_first_chunk::<4>() else { return &[] };
        let len = (u32::from_le_bytes(*len) as usize).min(rest.len());
        let (part, rest) = rest.split_at(len);
        self.0 = rest;
        part
    }
}

#[derive(Default)]
struct Fields {
    list: Vec<Field>,
}

impl Fields {
    fn add(&mut self, byte: u8, key: &mut Key<'_>, said: &str) {
        let naming = if byte & STORED != 0 { Naming::Stored } else { Naming::Printed };
        let holds = HOLDS.get(usize::from(byte & !STORED)).copied().unwrap_or(Holds::Metric);
        let field = match holds {
            Holds::Metric => {
                let (name, unit) = (lossy(key.part()), lossy(key.part()));
                Field::metric(&name, &kind_of_field(&name, said), naming, Some(&unit))
            }
            Holds::Text => {
                let (name, _) = (lossy(key.part()), key.part());
                Field::text(&name, &kind_of_field(&name, said), naming)
            }
            Holds::Step
            | Holds::Epoch
            | Holds::Epochs
            | Holds::Batch
            | Holds::Batches
            | Holds::WallTime
            | Holds::Elapsed
            | Holds::Rank => Field::context(holds),
        };
        self.list.push(self.unlike_others(field));
    }

    /// Two numbers of one name on one line are two columns.
    fn unlike_others(&self, mut field: Field) -> Field {
        let measured = |f: &Field| matches!(f.holds, Holds::Metric | Holds::Text);
        let taken = |name: &str| self.list.iter().any(|f| measured(f) && *f.name == *name);
        if measured(&field) && taken(&field.name) {
            let free = (2..).map(|n| format!("{}_{n}", field.name)).find(|name| !taken(name));
            field.name = free.unwrap_or_default().into();
        }
        field
    }
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// What the name says goes before what the line says.
fn kind_of_field(name: &str, said: &str) -> String {
    kind_in(name).map_or_else(|| kind_of(said), str::to_owned)
}

/// What the line says; else the kind that all its metrics share.
fn kind_of_row(said: &str, fields: &[Field]) -> String {
    if !said.is_empty() {
        return kind_of(said);
    }
    let mut kinds = fields.iter().filter(|f| matches!(f.holds, Holds::Metric | Holds::Text)).map(|f| &*f.kind);
    let first = kinds.next().unwrap_or(TRAIN);
    if kinds.all(|kind| kind == first) { first.to_owned() } else { TRAIN.to_owned() }
}

/// The shapes a reader has met.
#[derive(Debug, Default)]
pub struct Shapes {
    pub wanted: Wanted,
    known: HashMap<Box<[u8]>, Arc<Shape>>,
    /// What each rule gave last.
    last: Vec<Option<(Vec<u8>, Arc<Shape>)>>,
}

impl Shapes {
    /// The shape of a draft.
    pub fn of(&mut self, draft: &Draft, rule: u32, keep: Keep) -> &Arc<Shape> {
        let at = rule as usize;
        if self.last.len() <= at {
            self.last.resize(at + 1, None);
        }
        let same = matches!(&self.last[at], Some((key, _)) if *key == draft.key);
        if !same {
            let shape = self.find(draft, rule, keep);
            self.last[at] = Some((draft.key.clone(), shape));
        }
        let (_, shape) = self.last[at].as_ref().expect("it was set above if it was not there");
        shape
    }

    fn find(&mut self, draft: &Draft, rule: u32, keep: Keep) -> Arc<Shape> {
        if let Some(shape) = self.known.get(draft.key.as_slice()) {
            return Arc::clone(shape);
        }
        if self.known.len() == MOST_SHAPES {
            self.known.clear();
        }
        let mut shape = draft.shape(rule, keep);
        for field in shape.fields.iter_mut().filter(|f| matches!(f.holds, Holds::Metric | Holds::Text)) {
            field.wanted = self.wanted.takes(field);
        }
        let shape = Arc::new(shape);
        self.known.insert(draft.key.as_slice().into(), Arc::clone(&shape));
        shape
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_at_its_head_says_the_kind_before_the_line_does() {
        let mut draft = Draft::default();
        draft.begin(3, false, None);
        draft.context(Holds::Step, 7);
        draft.metric(b"Train Loss", b"", Naming::Printed, 0);
        draft.metric(b"val loss", b"", Naming::Printed, 0);

        let shape = draft.shape(3, Keep::All);

        let told: Vec<_> = shape.fields.iter().map(|f| (&*f.name, &*f.kind)).collect();
        assert_eq!(vec![("step", "train"), ("train_loss", "train"), ("val_loss", "val")], {
            let mut told = told;
            told[0].0 = "step";
            told
        });
        assert_eq!("train", &*shape.kind);
    }

    #[test]
    fn a_row_of_validation_metrics_only_is_a_validation_row() {
        let mut draft = Draft::default();
        draft.begin(0, false, None);
        draft.metric(b"eval_loss", b"", Naming::Stored, 0);
        draft.metric(b"eval_acc", b"%", Naming::Stored, 0);

        let shape = draft.shape(0, Keep::All);

        assert_eq!("val", &*shape.kind);
        assert_eq!(Some("%"), shape.fields[1].unit.as_deref());
    }

    #[test]
    fn equal_names_of_one_line_are_two_columns() {
        let mut draft = Draft::default();
        draft.begin(0, false, Some(b"valid"));
        draft.metric(b"loss", b"", Naming::Printed, 0);
        draft.metric(b"Loss", b"", Naming::Printed, 0);

        let names: Vec<_> = draft.shape(0, Keep::All).fields.iter().map(|f| f.name.to_string()).collect();
        assert_eq!(vec!["val_loss", "val_loss_2"], names);
    }

    #[test]
    fn the_same_words_give_the_same_shape_again() {
        let (mut draft, mut shapes) = (Draft::default(), Shapes::default());
        let mut shape_of = |name: &[u8]| {
            draft.begin(0, false, None);
            draft.metric(name, b"", Naming::Printed, 0);
            Arc::clone(shapes.of(&draft, 0, Keep::All))
        };

        let (first, other, again) = (shape_of(b"a"), shape_of(b"b"), shape_of(b"a"));

        assert!(Arc::ptr_eq(&first, &again));
        assert!(!Arc::ptr_eq(&first, &other));
    }
}
