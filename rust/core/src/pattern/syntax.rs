//! Turns the text of a pattern into a syntax tree, and says what is wrong when it can't.

use regex_syntax::ast::{self, Ast, Span};
use regex_syntax::hir::translate::TranslatorBuilder;
use regex_syntax::hir::{self, Hir};

use crate::error::{Error, Kind, Result};

/// Deeper nesting than this serves nobody and would let a hostile pattern eat the stack.
const NEST_LIMIT: u32 = 96;

/// A pattern taken apart: bytes mode, `\d \w \s \b` ASCII, `.` any byte but `\n`.
pub struct Syntax {
    /// The pattern as meant, to be compiled with `unicode(false)`.
    pub text: String,
    pub hir: Hir,
}

pub fn parse(pattern: &str) -> Result<Syntax> {
    let tree = tree_of(pattern)?;
    let failed = match translated(pattern, &tree) {
        Ok(hir) => return Ok(Syntax { text: pattern.to_owned(), hir }),
        Err(error) => error,
    };
    if !matches!(failed.kind(), hir::ErrorKind::UnicodeNotAllowed) {
        return Err(refused(pattern, &failed.kind().to_string(), failed.span()));
    }
    let text = with_unicode_classes(pattern, &tree);
    let hir = translated(&text, &tree_of(&text)?)
        .map_err(|error| refused(pattern, &error.kind().to_string(), failed.span()))?;
    Ok(Syntax { text, hir })
}

fn tree_of(pattern: &str) -> Result<Ast> {
    ast::parse::ParserBuilder::new()
        .nest_limit(NEST_LIMIT)
        .build()
        .parse(pattern)
        .map_err(|error| refused(pattern, &reason(pattern, &error), error.span()))
}

fn translated(pattern: &str, tree: &Ast) -> std::result::Result<Hir, hir::Error> {
    TranslatorBuilder::new().utf8(false).unicode(false).build().translate(pattern, tree)
}

/// Wraps the classes that speak of characters beyond ASCII in `(?u:...)`, and only those, so that the rest of
/// the pattern stays ASCII.
fn with_unicode_classes(pattern: &str, tree: &Ast) -> String {
    let mut spans = Vec::new();
    // The visitor only fails when we say so.
    let Ok(()) = ast::visit(tree, Wide { pattern, spans: &mut spans });
    spans.sort_by_key(|span| span.start.offset);
    let mut text = String::with_capacity(pattern.len() + 5 * spans.len());
    let mut from = 0;
    for span in spans {
        text.push_str(&pattern[from..span.start.offset]);
        text.push_str("(?u:");
        text.push_str(&pattern[span.start.offset..span.end.offset]);
        text.push(')');
        from = span.end.offset;
    }
    text.push_str(&pattern[from..]);
    text
}

/// Collects the spans of what can't be said in bytes.
struct Wide<'a> {
    pattern: &'a str,
    spans: &'a mut Vec<Span>,
}

impl ast::Visitor for Wide<'_> {
    type Output = ();
    type Err = std::convert::Infallible;

    fn finish(self) -> std::result::Result<(), Self::Err> {
        Ok(())
    }

    fn visit_pre(&mut self, ast: &Ast) -> std::result::Result<(), Self::Err> {
        let span = ast.span();
        let text = &self.pattern[span.start.offset..span.end.offset];
        let wide = match ast {
            Ast::ClassUnicode(_) => true,
            Ast::ClassBracketed(_) => {
                !text.is_ascii() || ["\\p", "\\P", "\\u", "\\U", "\\x{"].iter().any(|mark| text.contains(mark))
            }
            Ast::Literal(literal) => !literal.c.is_ascii(),
            Ast::Empty(_)
            | Ast::Flags(_)
            | Ast::Dot(_)
            | Ast::Assertion(_)
            | Ast::ClassPerl(_)
            | Ast::Repetition(_)
            | Ast::Group(_)
            | Ast::Alternation(_)
            | Ast::Concat(_) => false,
        };
        if wide {
            self.spans.push(*span);
        }
        Ok(())
    }
}

fn reason(pattern: &str, error: &ast::Error) -> String {
    let rest = &pattern[group_start(pattern, error.span().start.offset)..];
    let construct = CONSTRUCTS.iter().find(|(mark, _)| rest.starts_with(mark));
    match (construct, error.kind()) {
        (Some((mark, name)), _) => format!("{name} `{mark}` can't be matched in linear time, so it is not supported"),
        (None, ast::ErrorKind::UnsupportedBackreference) => {
            "a back-reference can't be matched in linear time, so it is not supported".to_owned()
        }
        (None, kind) => kind.to_string(),
    }
}

/// Other engines' constructs that ours refuses, by what they begin with.
const CONSTRUCTS: [(&str, &str); 8] = [
    ("(?=", "look-ahead"),
    ("(?!", "negative look-ahead"),
    ("(?<=", "look-behind"),
    ("(?<!", "negative look-behind"),
    ("(?P=", "a back-reference"),
    ("(?>", "an atomic group"),
    ("(?(", "a conditional group"),
    ("(?&", "a recursive group"),
];

/// The `(` that an error inside a group's opening speaks of.
fn group_start(pattern: &str, at: usize) -> usize {
    let head = pattern.get(..at).unwrap_or(pattern);
    let near = head.len().saturating_sub(3);
    match head.rfind('(') {
        Some(open) if open >= near && !pattern[at..].starts_with('(') => open,
        Some(_) | None => head.len(),
    }
}

/// The error all refusals share: what, where, in which pattern.
pub fn refused(pattern: &str, why: &str, span: &Span) -> Error {
    let found = pattern.get(span.start.offset..span.end.offset).unwrap_or_default();
    let at = pattern.get(..span.start.offset).map_or(0, |head| head.chars().count()) + 1;
    let near = if found.is_empty() || found.len() > 40 { String::new() } else { format!(", near `{found}`") };
    Error::new(Kind::Pattern, format!("pattern `{}`: {why} (character {at}{near})", brief(pattern)))
}

/// A pattern short enough to be shown in a message.
pub fn brief(pattern: &str) -> String {
    match pattern.char_indices().nth(120) {
        Some((cut, _)) => format!("{}...", &pattern[..cut]),
        None => pattern.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(pattern: &str) -> String {
        parse(pattern).err().expect("must be refused").to_string()
    }

    #[test]
    fn what_is_refused_is_named_with_its_place() {
        for (pattern, words) in [
            (r"a(?=b)", "look-ahead `(?=`"),
            (r"ab(?!b)", "negative look-ahead `(?!`"),
            (r"(?<=x)b", "look-behind `(?<=`"),
            (r"(?<!x)b", "negative look-behind `(?<!`"),
            (r"(a)\1", "back-reference"),
            (r"(?P<x>a)(?P=x)", "back-reference `(?P=`"),
            (r"(?>a)", "atomic group `(?>`"),
            (r"a[b", "unclosed character class"),
            (r"loss (\d", "unclosed group"),
        ] {
            let said = refusal(pattern);

            assert!(said.contains(words), "{pattern}: {said}");
            assert!(said.contains("character "), "{pattern}: {said}");
        }
        assert!(refusal(r"ab(?!b)").contains("character 3"));
    }

    #[test]
    fn only_what_needs_it_becomes_unicode() {
        assert_eq!(r"\d+ é", parse(r"\d+ é").expect("plain").text);
        assert_eq!(r"\d+(?u:[█▏])\w", parse(r"\d+[█▏]\w").expect("class").text);
        assert_eq!(r"(?u:\p{Greek})=\d", parse(r"\p{Greek}=\d").expect("property").text);
    }

    #[test]
    fn nesting_has_a_limit() {
        let deep = format!("{}a{}", "(".repeat(5000), ")".repeat(5000));

        assert!(refusal(&deep).contains("nest"));
    }
}
