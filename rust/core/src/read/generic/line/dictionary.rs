//! Dictionaries, JSON or Python, and the events some loggers write as one.

use super::parser::Parser;
use super::{Bind, Role};
use crate::read::generic::token::Kind;
use crate::read::generic::words;

impl Parser<'_> {
    /// `{'loss': 0.5, 'eval': {'acc': 0.9}}`.
    pub(super) fn dictionary(&mut self, at: usize, close: usize) -> usize {
        self.close();
        let mut path = Vec::new();
        let before = self.line.found.len();
        self.entries(at + 1, close, &mut path);
        self.event(at, close, before);
        close + 1
    }

    pub(super) fn entries(&mut self, mut at: usize, close: usize, path: &mut Vec<String>) {
        while at < close {
            at = self.solid(at);
            if self.kind(at) != Some(Kind::Key) || at >= close {
                at += 1;
                continue;
            }
            let key = self.words(at, at + 1).to_owned();
            let value = self.solid(self.solid(at + 1) + 1);
            at = self.entry(key, value, close, path);
        }
    }

    pub(super) fn entry(&mut self, key: String, value: usize, close: usize, path: &mut Vec<String>) -> usize {
        path.push(key);
        let quoted = usize::from(self.is(value, b'"'));
        let end = match self.kind(value + quoted) {
            Some(Kind::Word) if self.wraps(value) => {
                let end = self.closing(value + 1, close).unwrap_or(close);
                if let Some(number) = (value..end).find(|&k| self.kind(k) == Some(Kind::Number)) {
                    self.entry_value(number, path);
                }
                end + 1
            }
            Some(Kind::Number | Kind::Clock) => {
                self.entry_value(value + quoted, path);
                value + quoted + 1
            }
            Some(Kind::Mark(b'{')) => {
                let end = self.closing(value, close).unwrap_or(close);
                self.entries(value + 1, end, path);
                end + 1
            }
            Some(Kind::Mark(b'[' | b'(')) => self.entry_list(value, close, path),
            _ => value + 1,
        };
        path.pop();
        end
    }

    pub(super) fn entry_list(&mut self, value: usize, close: usize, path: &[String]) -> usize {
        let end = self.closing(value, close).unwrap_or(close);
        let numbers: Vec<usize> = (value..end).filter(|&k| self.kind(k) == Some(Kind::Number)).collect();
        if let [one] = numbers.as_slice() {
            self.entry_value(*one, path);
        }
        end + 1
    }

    pub(super) fn entry_value(&mut self, token: usize, path: &[String]) {
        let name = path.join(".");
        match path.last().and_then(|last| words::counter(last)).filter(|_| path.len() == 1) {
            Some(counter) => self.count(counter, &name, token, None),
            None => {
                let kind = path.last().and_then(|last| words::split_of_name(last)).or(self.kind);
                let found = self.add(Role::Value, &name, Bind::Strong, token);
                if let Some(found) = found.and_then(|k| self.line.found.get_mut(k)) {
                    found.name = name;
                    found.kind = kind;
                }
            }
        }
    }

    /// An event: the name of the metric is the value of `key`, its number that of `value`, and the counters are among
    /// what describes it. An event without a counter is a setting.
    pub(super) fn event(&mut self, at: usize, close: usize, before: usize) {
        let text_of = |key: &str| {
            (at..close)
                .find(|&k| self.kind(k) == Some(Kind::Key) && self.word(k) == key)
                .map(|k| self.solid(self.solid(k + 1) + 1))
        };
        let (Some(key), Some(_)) = (text_of("key"), text_of("value")) else { return };
        if self.kind(key) != Some(Kind::Text) {
            return;
        }
        let name = self.words(key, key + 1).to_owned();
        self.line.literals.push(key as u32);
        let found = self.line.found.split_off(before);
        for mut one in found {
            let own = one.name.strip_prefix("value").map(|rest| rest.trim_start_matches('.').to_owned());
            let last = one.name.rsplit('.').next().unwrap_or_default().to_owned();
            match own {
                Some(rest) if rest.is_empty() => {
                    one.name.clone_from(&name);
                    one.kind = words::split_of_name(&name);
                }
                Some(rest) => {
                    if let Some(counter) = words::counter(&rest) {
                        one.role = Role::Count(counter);
                    }
                    one.name = rest;
                }
                None => match words::counter(last.trim_end_matches("_num")).or_else(|| words::counter(&last)) {
                    Some(counter) => {
                        one.role = Role::Count(counter);
                        one.name = last;
                    }
                    None => continue,
                },
            }
            self.line.found.push(one);
        }
        let any = |value: bool| self.line.found[before..].iter().any(|f| (f.role == Role::Value) == value);
        if !(any(true) && any(false)) {
            self.line.found.truncate(before);
        }
    }
}
