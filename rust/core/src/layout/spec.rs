//! `layouts.toml`, compiled: what each file of a folder is by its name.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use toml::{Table, Value};

/// What a file is by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Log,
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
    /// Paths of its log below the run's folder, most telling first.
    pub logs: Vec<String>,
    pub examples: Vec<Example>,
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
    never: GlobSet,
    named: Vec<String>,
    inside: GlobSet,
    events: GlobSet,
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
            never: none(),
            named: Vec::new(),
            inside: none(),
            events: none(),
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
            never: globs(&files.words("never")?)?,
            named: files.words("named")?,
            inside: globs(&folders.words("inside")?)?,
            events: globs(&folders.words("events")?)?,
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

    /// Whether a folder of that name is one checkpoint.
    pub fn is_checkpoint(&self, folder: &str) -> bool {
        self.whole.is_match(folder)
    }

    /// Whether what is in a folder of that name is checkpoints.
    pub fn holds_checkpoints(&self, folder: &str) -> bool {
        self.checkpoint_folders.is_match(folder) || self.whole.is_match(folder)
    }

    /// Whether a folder of that name is part of a run, not a run.
    pub fn is_inside(&self, folder: &str) -> bool {
        self.inside.is_match(folder)
    }

    /// Whether event files in a folder of that name are of the run above it.
    pub fn holds_events(&self, folder: &str) -> bool {
        self.events.is_match(folder)
    }

    pub fn is_part(&self, folder: &str) -> bool {
        self.is_inside(folder) || self.holds_checkpoints(folder)
    }

    /// The folder of the run that a log belongs to.
    pub fn folder_of(&self, log: &Path) -> PathBuf {
        let layouts = self.list.iter().flat_map(|layout| &layout.logs);
        let known = layouts.filter(|logs| logs.contains('/') && log.ends_with(logs));
        let depth = known.map(|logs| Path::new(logs).components().count()).next().unwrap_or(1);
        log.ancestors().nth(depth).unwrap_or(Path::new("")).to_owned()
    }
}

fn layout(table: Table) -> Result<Layout, String> {
    let mut keys = Keys(table);
    let layout = Layout {
        name: keys.word("name")?,
        logs: keys.words("logs")?,
        examples: tables(&mut keys.0, "example")?.into_iter().map(example).collect::<Result<_, _>>()?,
    };
    let about = keys.word("about")?;
    if about.is_empty() || layout.examples.is_empty() {
        return Err(format!("layout '{}' wants an about and an example", layout.name));
    }
    keys.done().map(|()| layout)
}

fn example(table: Table) -> Result<Example, String> {
    let mut keys = Keys(table);
    let mut words = |key| if keys.0.contains_key(key) { keys.words(key) } else { Ok(Vec::new()) };
    let example = Example {
        files: words("files")?,
        logs: words("logs")?,
        config: words("config")?,
        checkpoints: words("checkpoints")?,
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
