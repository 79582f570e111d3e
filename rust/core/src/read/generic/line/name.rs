//! Names trimmed to what they name.

use crate::read::generic::words;

/// Cuts the words that only join a name to its sentence: `finished with loss` is `loss`.
pub(super) fn trim_joins(name: &str) -> &str {
    // `Accuracy of the network on the val images`
    if name.split_once(" of the ").is_some_and(|(measured, _)| words::measured(measured)) {
        return name.trim();
    }
    let mut kept = name.trim_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '=' | '/' | '-'));
    loop {
        let last = kept.rsplit(char::is_whitespace).next().unwrap_or_default();
        if last.len() == kept.len() || !words::joins(last) {
            break;
        }
        kept = kept[..kept.len() - last.len()].trim_end();
    }
    let begins = kept
        .split_whitespace()
        .filter(|w| {
            words::joins(w) && !matches!(*w, "on" | "of" | "over" | "per" | "in" | "at" | "for" | "to" | "a" | "and")
        })
        .map(|w| w.as_ptr() as usize + w.len() - kept.as_ptr() as usize)
        .rfind(|&end| end < kept.len());
    let kept = begins.map_or(kept, |at| kept[at..].trim_start());
    kept.split_once(' ').map_or(kept, |(first, rest)| if words::joins(first) { rest.trim_start() } else { kept })
}

/// A name tells its split at its head (`val_loss`), its end (`loss val`), or after `on` (`loss on dev set`).
pub(super) fn value_name(name: &str, kind: Option<&'static str>) -> (String, Option<&'static str>) {
    if let Some(own) = words::split_of_name(name) {
        return (name.to_owned(), Some(own));
    }
    // `Accuracy of the network on the val images`
    if let Some((measured, rest)) = name.split_once(" of the ")
        && words::measured(measured)
    {
        return (measured.trim().to_owned(), rest.split_whitespace().find_map(words::split).or(kind));
    }
    if let Some((measured, rest)) = name.split_once(" on ")
        && let Some(own) = rest.split_whitespace().find_map(words::split)
    {
        return (measured.trim().to_owned(), Some(own));
    }
    if let Some((measured, last)) = name.rsplit_once([' ', '/', '_', '(', '['])
        && let Some(own) = words::split(last)
    {
        return (measured.trim().to_owned(), Some(own));
    }
    (name.to_owned(), kind)
}
