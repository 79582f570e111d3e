//! Draws patterns together with lines that they match, or nearly.

/// Numbers without reason, the same for the same seed.
pub struct Rng(u64);

impl Rng {
    pub fn new(seed: u64) -> Rng {
        Rng(seed ^ 0x9E37_79B9_7F4A_7C15)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, count: usize) -> usize {
        (self.next() % count as u64) as usize
    }

    pub fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    pub fn chance(&mut self, percent: u64) -> bool {
        self.next() % 100 < percent
    }
}

enum Node {
    Literal(&'static str),
    Class(&'static str, &'static [u8]),
    Repeat(Box<Node>, &'static str, usize, usize),
    Many(Vec<Node>),
    Either(Vec<Node>),
    Capture(String, Box<Node>),
    Look(&'static str),
}

const LITERALS: [&str; 16] = [
    "loss",
    ": ",
    " | ",
    "e",
    ".",
    "1",
    "a",
    "ab",
    "-",
    ", ",
    "lr=",
    "step ",
    "M",
    "a long literal here",
    "loss: ",
    "b",
];

const CLASSES: [(&str, &[u8]); 16] = [
    (r"\d", b"0123456789"),
    (r"[\d.]", b"0123456789.."),
    (r"[-+0-9.eE]", b"0123456789.-+eE"),
    (r"[-\d.e]", b"0123456789.-e"),
    (r"\S", b"ab019.-e|:MK%"),
    (r"\w", b"abe01_"),
    (r"\s", b"  \t"),
    (".", b"ab 01.-|:\xc3"),
    (r"[^|]", b"ab 01.-:"),
    (r"[^ ]", b"ab01.-|:"),
    ("[ab]", b"ab"),
    ("[a-z]", b"abelos"),
    (r"[\d,]", b"0123456789,"),
    ("[eE]", b"eE"),
    (r"[^\d]", b"ab .|"),
    ("[-+]", b"-+"),
];

const REPEATS: [(&str, usize, usize); 14] = [
    ("+", 1, 5),
    ("*", 0, 4),
    ("?", 0, 1),
    ("+", 1, 9),
    ("{2}", 2, 2),
    ("{1,3}", 1, 3),
    ("{2,}", 2, 6),
    ("+?", 1, 4),
    ("*?", 0, 4),
    ("??", 0, 1),
    ("{1,3}?", 1, 3),
    ("+", 1, 3),
    ("{3}", 3, 3),
    ("{0,2}", 0, 2),
];

/// Bodies that people write for numbers, with what they take.
const NUMBERS: [(&str, &[&str]); 9] = [
    (r"[-+]?\d+", &["1", "-12", "+7", "1234567890123"]),
    (r"-?[0-9]+", &["0", "-0", "17"]),
    (r"\d+\.\d+", &["1.5", "10.25", "0.0001"]),
    (r"[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?", &["1.5e-05", "12", "3e7", "-1.25"]),
    (r"-?\d+\.\d+(?:[eE][-+]?\d+)?", &["1.5E3", "-0.5"]),
    (r"\d*\.?\d+", &[".5", "1.5", "22"]),
    (
        r"(?:[-+]?(?:[0-9]+(?:,[0-9]{3})*(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?[KMBT]?|[-+]?(?:[nN]a[nN]|[iI]nf(?:inity)?|NAN|INF))",
        &["1,234.5", "1.6M", "nan", "-inf", "8.19e-08", "5.", "1e"],
    ),
    (r"[\d.]+(?:e[+-]?\d+)?", &["1.5e-3", "2.25", "1.2.3"]),
    (r"nan|inf|-?\d+\.?\d*", &["nan", "inf", "3.", "-3.5"]),
];

/// A pattern and a line that it should match.
pub fn pattern_and_line(rng: &mut Rng) -> (String, Vec<u8>) {
    let mut captures = 0;
    let mut parts = Vec::new();
    if rng.chance(12) {
        parts.push(Node::Look("^"));
    }
    for _ in 0..1 + rng.below(6) {
        parts.push(part(rng, 0, &mut captures));
        if rng.chance(40) {
            parts.push(Node::Literal(rng.pick(&LITERALS)));
        }
    }
    if rng.chance(12) {
        parts.push(Node::Look("$"));
    }
    let tree = Node::Many(parts);
    let (mut pattern, mut line) = (String::new(), Vec::new());
    write(&tree, &mut pattern);
    if rng.chance(40) {
        line.extend_from_slice(rng.pick(&["x ", "loss: 1 ", "12", "  ", "a", "[rank0]: "]).as_bytes());
    }
    sample(&tree, rng, &mut line);
    if rng.chance(40) {
        line.extend_from_slice(rng.pick(&[" x", "7", ".5", "e3", " | ", "M", "nan"]).as_bytes());
    }
    line.retain(|&b| b != b'\n');
    (pattern, line)
}

fn part(rng: &mut Rng, depth: usize, captures: &mut usize) -> Node {
    let deep = depth > 2;
    match rng.below(if deep { 4 } else { 9 }) {
        0 => Node::Literal(rng.pick(&LITERALS)),
        1 => class(rng),
        2 => {
            let (text, least, most) = rng.pick(&REPEATS);
            Node::Repeat(Box::new(class(rng)), text, least, most)
        }
        3 => capture(rng, captures, |rng, _| {
            let (text, least, most) = rng.pick(&REPEATS);
            Node::Repeat(Box::new(class(rng)), text, least, most)
        }),
        4 => capture(rng, captures, |rng, _| number(rng)),
        5 => capture(rng, captures, |rng, captures| part(rng, depth + 1, captures)),
        6 => {
            let (text, least, most) = rng.pick(&REPEATS);
            Node::Repeat(Box::new(several(rng, depth + 1, captures)), text, least, most)
        }
        7 => Node::Either((0..2 + rng.below(3)).map(|_| several(rng, depth + 1, captures)).collect()),
        _ if rng.chance(20) => Node::Look(rng.pick(&[r"\b", r"\B"])),
        _ => several(rng, depth + 1, captures),
    }
}

fn several(rng: &mut Rng, depth: usize, captures: &mut usize) -> Node {
    Node::Many((0..1 + rng.below(3)).map(|_| part(rng, depth, captures)).collect())
}

fn class(rng: &mut Rng) -> Node {
    let (text, members) = rng.pick(&CLASSES);
    Node::Class(text, members)
}

fn number(rng: &mut Rng) -> Node {
    let (text, samples) = rng.pick(&NUMBERS);
    Node::Class(text, rng.pick(samples).as_bytes())
}

fn capture(rng: &mut Rng, captures: &mut usize, body: impl FnOnce(&mut Rng, &mut usize) -> Node) -> Node {
    *captures += 1;
    let letter = rng.pick(&["n", "n", "n", "i", "i", "t", "q", "s"]);
    let name = format!("{letter}{captures}");
    Node::Capture(name, Box::new(body(rng, captures)))
}

fn write(node: &Node, out: &mut String) {
    match node {
        Node::Literal(text) => out.push_str(&regex_syntax::escape(text)),
        Node::Class(text, _) if text.len() > 12 || text.contains('|') || text.contains('?') => {
            out.push_str("(?:");
            out.push_str(text);
            out.push(')');
        }
        Node::Class(text, _) | Node::Look(text) => out.push_str(text),
        Node::Repeat(body, text, _, _) => {
            out.push_str("(?:");
            write(body, out);
            out.push(')');
            out.push_str(text);
        }
        Node::Many(parts) => parts.iter().for_each(|part| write(part, out)),
        Node::Either(parts) => {
            out.push_str("(?:");
            for (at, part) in parts.iter().enumerate() {
                if at > 0 {
                    out.push('|');
                }
                write(part, out);
            }
            out.push(')');
        }
        Node::Capture(name, body) => {
            out.push_str(&format!("(?P<{name}>"));
            write(body, out);
            out.push(')');
        }
    }
}

fn sample(node: &Node, rng: &mut Rng, out: &mut Vec<u8>) {
    match node {
        Node::Literal(text) => out.extend_from_slice(text.as_bytes()),
        // Bodies of numbers keep their sample whole, classes give one byte.
        Node::Class(text, sample) if NUMBERS.iter().any(|(body, _)| body == text) => out.extend_from_slice(sample),
        Node::Class(_, members) => out.push(rng.pick(members)),
        Node::Repeat(body, _, least, most) => {
            for _ in 0..least + rng.below(most - least + 1) {
                sample(body, rng, out);
            }
        }
        Node::Many(parts) => parts.iter().for_each(|part| sample(part, rng, out)),
        Node::Either(parts) => sample(&parts[rng.below(parts.len())], rng, out),
        Node::Capture(_, body) => sample(body, rng, out),
        Node::Look(_) => {}
    }
}

const TOKENS: [&str; 18] = [
    "nan",
    "inf",
    "-inf",
    "1e999",
    "1.2.3",
    "9007199254740993",
    "1e-400",
    "-0",
    "1,234",
    "1.6M",
    "5.",
    ".5",
    "1e",
    "e5",
    "-",
    "0.30000000000000004",
    "99999999999999999999",
    "NaN%",
];

/// The line with one thing wrong.
pub fn mutated(line: &[u8], rng: &mut Rng) -> Vec<u8> {
    let mut line = line.to_vec();
    let at = rng.below(line.len() + 1);
    match rng.below(8) {
        0 if at < line.len() => {
            line.remove(at);
        }
        1 if at < line.len() => line.insert(at, line[at]),
        2 if at < line.len() => line[at] = rng.pick(b" .,e0-+|\xffMn:x9\\\""),
        3 => line.truncate(at),
        4 => line.extend_from_slice(rng.pick(&TOKENS).as_bytes()),
        5 | 6 => swap_number(&mut line, at, rng),
        _ => {
            line.splice(at..at, rng.pick(&TOKENS).bytes());
        }
    }
    line.retain(|&b| b != b'\n');
    line
}

/// Puts an odd number in the place of the next one.
fn swap_number(line: &mut Vec<u8>, from: usize, rng: &mut Rng) {
    let Some(start) = (from..line.len()).find(|&at| line[at].is_ascii_digit()) else { return };
    let end = (start..line.len()).find(|&at| !matches!(line[at], b'0'..=b'9' | b'.')).unwrap_or(line.len());
    line.splice(start..end, rng.pick(&TOKENS).bytes());
}
