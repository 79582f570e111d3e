//! `layouts.toml`, compiled: what each file of a folder is by its name.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use globset::{GlobBuilder, GlobMatcher, GlobSet, GlobSetBuilder};
use toml::{Table, Value};

/// What a file is by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Log,
    /// An event file: a log beside others, or alone.
    Events,
    /// A database: it may hold many runs.
    Store,
    Config,
    Checkpoint,
    /// Settings, if it has the name of a log.
    Named,
    Never,
}

/// A tracker's way to lay out a run.
#[derive(Debug)]
pub(super) struct Layout {
    pub name: String,
    /// Where its log is below the run's folder, most telling first.
    pub logs: Vec<Way>,
    /// More logs of the same run.
    pub also: Vec<Way>,
    /// Only where no other log is.
    pub alone: bool,
    /// What must be there too.
    pub beside: Vec<String>,
    /// Its settings, where their names alone do not say so.
    pub config: Vec<Way>,
    /// Folders of the run that are no runs.
    pub inside: Vec<String>,
    pub examples: Vec<Example>,
}

/// A path below a run's folder: of a file, or of a folder whose files are one metric each.
#[derive(Debug)]
pub(super) struct Way {
    pub text: String,
    pub within: Vec<Word>,
    /// None for a folder.
    pub name: Option<Word>,
}

/// One name of a path.
#[derive(Debug)]
pub(super) enum Word {
    Plain(String),
    Glob(GlobMatcher),
}

impl Word {
    fn new(text: &str) -> Result<Word, String> {
        if !text.contains(['*', '?', '[']) {
            return Ok(Word::Plain(text.to_owned()));
        }
        let glob = GlobBuilder::new(text).case_insensitive(true).build().map_err(|error| error.to_string())?;
        Ok(Word::Glob(glob.compile_matcher()))
    }

    pub fn fits(&self, name: &str) -> bool {
        match self {
            Word::Plain(plain) => plain == name,
            Word::Glob(glob) => glob.is_match(name),
        }
    }

    fn is_glob(&self) -> bool {
        matches!(self, Word::Glob(_))
    }
}

impl Way {
    fn new(text: &str) -> Result<Way, String> {
        let (path, name) = match text.strip_suffix('/') {
            Some(folder) => (folder, None),
            None => text.rsplit_once('/').map_or(("", Some(text)), |(path, name)| (path, Some(name))),
        };
        let within = path.split('/').filter(|word| !word.is_empty()).map(Word::new).collect::<Result<_, _>>()?;
        Ok(Way { text: text.to_owned(), within, name: name.map(Word::new).transpose()? })
    }

    /// Every file that fits is a log of the run.
    pub fn takes_all(&self) -> bool {
        self.name.as_ref().is_some_and(Word::is_glob)
    }

    /// Of the folders that fit the last one counts.
    pub fn takes_last(&self) -> bool {
        !self.takes_all() && self.within.iter().any(Word::is_glob)
    }
}

/// A run's files, and what they are.
#[derive(Debug)]
#[cfg_attr(not(test), expect(dead_code, reason = "the tests walk the examples"))]
pub(super) struct Example {
    pub files: Vec<String>,
    pub logs: Vec<String>,
    pub config: Vec<String>,
    pub checkpoints: Vec<String>,
}

#[derive(Debug)]
pub(super) struct Layouts {
    pub list: Vec<Layout>,
    pub hidden: Vec<String>,
    config: GlobSet,
    checkpoints: GlobSet,
    marks: GlobSet,
    stores: GlobSet,
    events: GlobSet,
    never: GlobSet,
    named: Vec<String>,
    inside: GlobSet,
    checkpoint_folders: GlobSet,
    whole: GlobSet,
}

const TEXT: &str = include_str!("../../layouts.toml");

impl Layouts {
    /// The layouts that come with the library.
    pub fn builtin() -> &'static Layouts {
        static ALL: LazyLock<Layouts> = LazyLock::new(|| {
            // A test reads the file; without it every folder would still be judged by its names.
            Layouts::read(TEXT).unwrap_or_else(|_| Layouts::nothing())
        });
        &ALL
    }

    fn nothing() -> Layouts {
        let none = GlobSet::empty;
        Layouts {
            list: Vec::new(),
            hidden: Vec::new(),
            config: none(),
            checkpoints: none(),
            marks: none(),
            stores: none(),
            events: none(),
            never: none(),
            named: Vec::new(),
            inside: none(),
            checkpoint_folders: none(),
            whole: none(),
        }
    }

    /// Layouts as they are written; what is wrong in words.
    pub fn read(text: &str) -> Result<Layouts, String> {
        let mut all = text.parse::<Table>().map_err(|error| error.to_string())?;
        let mut files = Keys::take(&mut all, "files")?;
        let mut folders = Keys::take(&mut all, "folders")?;
        let layouts = Layouts {
            list: tables(&mut all, "layout")?.into_iter().map(layout).collect::<Result<_, _>>()?,
            hidden: files.words("hidden")?,
            config: globs(&files.words("config")?)?,
            checkpoints: globs(&files.words("checkpoints")?)?,
            marks: globs(&files.words("marks")?)?,
            stores: globs(&files.words("stores")?)?,
            events: globs(&files.words("events")?)?,
            never: globs(&files.words("never")?)?,
            named: files.words("named")?,
            inside: globs(&folders.words("inside")?)?,
            checkpoint_folders: globs(&folders.words("checkpoints")?)?,
            whole: globs(&folders.words("checkpoint")?)?,
        };
        [files, folders, Keys(all)].into_iter().try_for_each(Keys::done)?;
        Ok(layouts)
    }

    pub fn kind(&self, name: &str) -> Kind {
        let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
        if self.config.is_match(name) {
            Kind::Config
        } else if self.stores.is_match(name) {
            Kind::Store
        } else if self.events.is_match(name) {
            Kind::Events
        } else if self.checkpoints.is_match(name) {
            Kind::Checkpoint
        } else if self.named.iter().any(|known| known.eq_ignore_ascii_case(ending)) {
            Kind::Named
        } else if self.never.is_match(name) {
            Kind::Never
        } else {
            Kind::Log
        }
    }

    /// Whether a file of that name says that its folder is a checkpoint.
    pub fn is_mark(&self, name: &str) -> bool {
        self.marks.is_match(name)
    }

    /// Whether a folder of that name is one checkpoint.
    pub fn is_checkpoint(&self, folder: &str) -> bool {
        self.whole.is_match(folder)
    }

    /// Whether what is in a folder of that name is checkpoints.
    pub fn holds_checkpoints(&self, folder: &str) -> bool {
        self.checkpoint_folders.is_match(folder) || self.whole.is_match(folder)
    }

    /// Whether a path leads through checkpoints.
    pub fn is_weights(&self, path: &str) -> bool {
        path.split('/').any(|name| self.holds_checkpoints(name))
    }

    /// Whether a folder of that name is part of a run, not a run.
    pub fn is_inside(&self, folder: &str) -> bool {
        self.inside.is_match(folder)
    }

    pub fn is_part(&self, folder: &str) -> bool {
        self.is_inside(folder) || self.holds_checkpoints(folder)
    }

    /// The folder of the run that a log belongs to.
    pub fn folder_of(&self, log: &Path) -> PathBuf {
        let ways = self.list.iter().flat_map(|layout| &layout.logs);
        let known = ways.filter(|way| !way.within.is_empty() && way.leads_to(log));
        let depth = known.map(|way| way.within.len() + usize::from(way.name.is_some())).next().unwrap_or(1);
        log.ancestors().nth(depth).unwrap_or(Path::new("")).to_owned()
    }
}

impl Way {
    /// Whether a path ends as this does.
    fn leads_to(&self, path: &Path) -> bool {
        let words: Vec<&Word> = self.within.iter().chain(&self.name).collect();
        let mut parts = path.components().rev();
        words.iter().rev().all(|word| parts.next().is_some_and(|part| word.fits(&part.as_os_str().to_string_lossy())))
    }
}

fn layout(table: Table) -> Result<Layout, String> {
    let mut keys = Keys(table);
    let layout = Layout {
        name: keys.word("name")?,
        logs: keys.ways("logs")?,
        also: keys.ways("also")?,
        alone: keys.0.remove("alone").is_some_and(|value| value.as_bool() == Some(true)),
        beside: keys.words_or_none("beside")?,
        config: keys.ways("config")?,
        inside: keys.words_or_none("inside")?,
        examples: tables(&mut keys.0, "example")?.into_iter().map(example).collect::<Result<_, _>>()?,
    };
    let about = keys.word("about")?;
    if about.is_empty() || layout.examples.is_empty() || layout.logs.is_empty() {
        return Err(format!("layout '{}' wants an about, logs and an example", layout.name));
    }
    keys.done().map(|()| layout)
}

fn example(table: Table) -> Result<Example, String> {
    let mut keys = Keys(table);
    let example = Example {
        files: keys.words_or_none("files")?,
        logs: keys.words_or_none("logs")?,
        config: keys.words_or_none("config")?,
        checkpoints: keys.words_or_none("checkpoints")?,
    };
    keys.done().map(|()| example)
}

/// The keys of a table, each taken once; what is left is a slip of the hand.
struct Keys(Table);

impl Keys {
    fn take(table: &mut Table, key: &str) -> Result<Keys, String> {
        match table.remove(key) {
            Some(Value::Table(table)) => Ok(Keys(table)),
            Some(_) | None => Err(format!("wanted a table '{key}'")),
        }
    }

    fn word(&mut self, key: &str) -> Result<String, String> {
        match self.0.remove(key) {
            Some(Value::String(word)) => Ok(word),
            Some(_) | None => Err(format!("wanted a string '{key}'")),
        }
    }

    fn words(&mut self, key: &str) -> Result<Vec<String>, String> {
        let wrong = || format!("wanted a list of strings '{key}'");
        let Some(Value::Array(list)) = self.0.remove(key) else { return Err(wrong()) };
        list.into_iter().map(|value| value.as_str().map(str::to_owned).ok_or_else(wrong)).collect()
    }

    fn words_or_none(&mut self, key: &str) -> Result<Vec<String>, String> {
        if self.0.contains_key(key) { self.words(key) } else { Ok(Vec::new()) }
    }

    fn ways(&mut self, key: &str) -> Result<Vec<Way>, String> {
        self.words_or_none(key)?.iter().map(|text| Way::new(text)).collect()
    }

    fn done(self) -> Result<(), String> {
        self.0.keys().next().map_or(Ok(()), |key| Err(format!("unknown key '{key}'")))
    }
}

fn tables(table: &mut Table, key: &str) -> Result<Vec<Table>, String> {
    let wrong = || format!("wanted [[{key}]]");
    let Some(Value::Array(list)) = table.remove(key) else { return Err(wrong()) };
    list.into_iter().map(|value| if let Value::Table(table) = value { Ok(table) } else { Err(wrong()) }).collect()
}

fn globs(words: &[String]) -> Result<GlobSet, String> {
    let mut set = GlobSetBuilder::new();
    for word in words {
        set.add(GlobBuilder::new(word).case_insensitive(true).build().map_err(|error| error.to_string())?);
    }
    set.build().map_err(|error| error.to_string())
}
