//! Settings a line each (`lr = 0.1`, `lr: 0.1`, `--lr 0.1`, `[section]`s), and what `argparse` prints: `Namespace(..)`.

use super::Read;
use super::tree::{DEEPEST, MOST, Setting, TOO_DEEP, TOO_MANY, Tree};

pub(super) fn read(text: &str) -> Read {
    if let Some(inner) = called(text.trim()) {
        return namespace(inner, DEEPEST);
    }
    let mut sections = vec![(String::new(), Vec::new())];
    let mut bare = 0;
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with(['#', ';'])) {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            sections.push((name.trim().to_owned(), Vec::new()));
        } else if let (Some((key, value)), Some((_, pairs))) = (pair(line), sections.last_mut()) {
            pairs.push((key.to_owned(), typed(value)));
        } else {
            bare += 1;
        }
    }
    let mut table = Vec::new();
    for (name, pairs) in sections {
        match name.is_empty() {
            true => table.extend(pairs),
            false => table.push((name, Tree::Table(pairs))),
        }
    }
    if table.is_empty() && bare > 0 {
        return Err("wanted settings as `key = value` lines, found none".to_owned());
    }
    Ok(Tree::Table(table))
}

/// Key and value of a line, whichever sign comes first.
fn pair(line: &str) -> Option<(&str, &str)> {
    let option = line.strip_prefix("--");
    let line = option.unwrap_or(line);
    let cut = line.find(['=', ':']).or_else(|| line.find(' ').filter(|_| option.is_some()))?;
    let (key, value) = (line[..cut].trim(), line[cut + 1..].trim());
    let is_name = !key.is_empty() && !key.contains(char::is_whitespace);
    is_name.then_some((unquoted(key).unwrap_or(key), value))
}

/// What stands within `Namespace(...)` and its like.
fn called(text: &str) -> Option<&str> {
    let (name, rest) = text.split_once('(')?;
    let is_name = name.ends_with("Namespace") || matches!(name, "dict" | "Dict" | "AttrDict" | "Munch" | "Box");
    rest.strip_suffix(')').filter(|_| is_name)
}

fn namespace(inner: &str, deep: usize) -> Read {
    let deeper = deep.checked_sub(1).ok_or(TOO_DEEP)?;
    let mut table = Vec::new();
    for part in parts(inner) {
        let Some((key, value)) = part.split_once('=') else { continue };
        let value = value.trim();
        let tree = called(value).map_or_else(|| Ok(typed(value)), |inner| namespace(inner, deeper))?;
        table.push((key.trim().to_owned(), tree));
        if table.len() > MOST {
            return Err(TOO_MANY.to_owned());
        }
    }
    Ok(Tree::Table(table))
}

/// The parts between commas that stand in no bracket and no quotes.
fn parts(text: &str) -> Vec<&str> {
    let (mut parts, mut start, mut open, mut quote, mut escaped) = (Vec::new(), 0, 0_usize, None, false);
    for (at, c) in text.char_indices() {
        match (quote, c) {
            _ if escaped => escaped = false,
            (Some(_), '\\') => escaped = true,
            (Some(q), c) if q == c => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, '(' | '[' | '{') => open += 1,
            (None, ')' | ']' | '}') => open = open.saturating_sub(1),
            (None, ',') if open == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            (None, _) => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

/// A value as Python and shells write it.
pub(super) fn typed(text: &str) -> Tree {
    if let Some(inner) = unquoted(text) {
        return Tree::Leaf(Setting::Text(inner.to_owned()));
    }
    match text {
        "" | "None" | "null" | "~" => return Tree::Nothing,
        "True" | "true" | "TRUE" => return Tree::Leaf(Setting::Flag(true)),
        "False" | "false" | "FALSE" => return Tree::Leaf(Setting::Flag(false)),
        _ => {}
    }
    Tree::Leaf(number(text).unwrap_or_else(|| Setting::Text(text.to_owned())))
}

/// What a text spells as a number: `12`, `1_000`, `1e-3`, `nan`, `-inf`.
pub(super) fn number(text: &str) -> Option<Setting> {
    let plain: String = text.chars().filter(|&c| c != '_').collect();
    let digits = plain.trim_start_matches(['+', '-']);
    if digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') && !text.starts_with('_') {
        return plain.parse().map(Setting::Int).or_else(|_| plain.parse().map(Setting::Float)).ok();
    }
    matches!(digits, "nan" | "NaN" | "inf" | "Infinity").then(|| plain.parse().map(Setting::Float).ok())?
}

fn unquoted(text: &str) -> Option<&str> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    text.strip_prefix(quote)?.strip_suffix(quote)
}
