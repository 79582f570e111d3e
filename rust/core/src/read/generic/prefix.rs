//! Takes off what loggers and launchers put in front of a line.

use super::words::{self, Counter};
use crate::time::{self, Stamp};

/// What stood in front of a line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Prefix {
    /// Where the line itself begins.
    pub rest: usize,
    /// Its time stamp, and from where to where it stands in the line.
    pub stamp: Option<(Stamp, (usize, usize))>,
    pub rank: Option<i64>,
    /// The logger warns or reports an error.
    pub alarm: bool,
}

/// Peels one line.
pub fn peel(line: &[u8]) -> Prefix {
    let mut prefix = Prefix::default();
    for _ in 0..10 {
        let at = prefix.rest + blanks(&line[prefix.rest..]);
        let Some(used) = one(&line[at..], at, &mut prefix) else { break };
        prefix.rest = at + used;
    }
    prefix
}

fn blanks(text: &[u8]) -> usize {
    text.iter().take_while(|&&b| b == b' ' || b == b'\t').count()
}

/// The length of the first piece of a prefix, with what separates it from the next.
fn one(text: &[u8], at: usize, prefix: &mut Prefix) -> Option<usize> {
    let first = *text.first()?;
    if prefix.rest == 0
        && let Some(used) = named_stamp(text, at, prefix).or_else(|| transport(text))
    {
        return Some(used + separators(&text[used..]));
    }
    let used = match first {
        b'[' if let Some((rank, used)) = tagged(text) => {
            prefix.rank = rank.or(prefix.rank);
            used
        }
        b'[' => bracket(text, at, prefix)?,
        b'(' => process(text, prefix)?,
        b'I' | b'W' | b'E' | b'F' if glog(text).is_some() => glog_stamp(text, at, prefix)?,
        b'0'..=b'9' => stamp(text, at, prefix)?,
        b'{' if prefix.rest > 0 => numbered(text)?,
        b'|' if prefix.rest > 0 => 1,
        b'-' if prefix.rest > 0 && text.get(1) == Some(&b' ') => 1,
        b'A'..=b'Z' | b'a'..=b'z' | b'_' => word(text, prefix)?,
        _ => return None,
    };
    Some(used + separators(&text[used..]))
}

/// `ts=2025-11-13T02:13:20.703Z`, `time="2025-11-13 02:13:20"`: a date with a clock, by the name loggers give it.
fn named_stamp(text: &[u8], at: usize, prefix: &mut Prefix) -> Option<usize> {
    let names = [&b"ts="[..], b"time=", b"t=", b"timestamp=", b"@timestamp=", b"datetime=", b"asctime="];
    let name = names.into_iter().find(|name| text.starts_with(name))?;
    let quoted = usize::from(text.get(name.len()) == Some(&b'"'));
    let start = name.len() + quoted;
    let (stamp, end) = time::stamp(text.get(start..)?, 0)?;
    let end = start + end;
    let closed = quoted == 0 || text.get(end) == Some(&b'"');
    let apart = text.get(end + quoted).is_none_or(u8::is_ascii_whitespace);
    if !matches!(stamp, Stamp::Wall { .. }) || !closed || !apart {
        return None;
    }
    prefix.stamp.get_or_insert((stamp, (at + start, at + end)));
    Some(end + quoted)
}

/// All of `node08:2070:22628 [4] NCCL INFO Channel 12/24 ...`: hosts, processes and channels, nothing measured.
fn transport(text: &[u8]) -> Option<usize> {
    let head = text.get(..120.min(text.len()))?;
    let mark = memchr::memchr_iter(b']', head).find(|&at| head[at..].starts_with(b"] NCCL "))?;
    let (host, device) = text[..mark].split_at(text[..mark].iter().position(|b| *b == b' ')?);
    let numbers = host.split(|b| *b == b':').skip(1).filter(|part| part.iter().all(u8::is_ascii_digit)).count();
    (numbers >= 2 && device.starts_with(b" [")).then_some(text.len())
}

fn separators(text: &[u8]) -> usize {
    let mut at = blanks(text);
    if let Some(b',' | b':' | b'-' | b'|') = text.get(at) {
        let alone = matches!(text.get(at + 1), None | Some(b' ' | b'\t'));
        at += usize::from(alone || text[at] == b':' || text[at] == b',');
    }
    at
}

/// `[1,0]<stdout>:`: the job and the rank, as `mpirun --tag-output` says them.
fn tagged(text: &[u8]) -> Option<(Option<i64>, usize)> {
    let close = memchr::memchr(b']', text.get(..80.min(text.len()))?)?;
    let streams = [&b"<stdout>"[..], b"<stderr>", b"<stddiag>"];
    let stream = streams.into_iter().find(|stream| text[close + 1..].starts_with(stream))?;
    let rank = text[1..close].rsplit(|b| *b == b',').next().and_then(|rank| std::str::from_utf8(rank).ok());
    Some((rank.and_then(|rank| rank.parse().ok()), close + 1 + stream.len()))
}

/// Where the stamp begins that ends a bracket of a level or logger: `INFO:20211 train:125 2021-02-03 16:41:20,155`.
fn stamp_behind(inside: &[u8]) -> Option<usize> {
    let letters = inside.iter().take_while(|b| b.is_ascii_alphabetic()).count();
    let logger = inside.iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.')).count();
    let named = words::level(&inside[..letters]) || inside.get(logger..logger + 2) == Some(b": ") && logger > 1;
    if !named {
        return None;
    }
    let begins = |at: &usize| inside[at - 1] == b' ' && inside[*at].is_ascii_digit();
    let whole = |at: &usize| stamp(&inside[*at..], 0, &mut Prefix::default()) == Some(inside.len() - at);
    (1..inside.len()).filter(begins).find(whole)
}

/// `{2391}`: the line of a source.
fn numbered(text: &[u8]) -> Option<usize> {
    let digits = text[1..].iter().take_while(|b| b.is_ascii_digit()).count();
    (digits > 0 && text.get(digits + 1) == Some(&b'}')).then_some(digits + 2)
}

/// `[gpu01:0]`: the host and the process on it.
fn hosted(inside: &[u8]) -> bool {
    let mut parts = inside.split(|b| *b == b':');
    let (Some(host), Some(process), None) = (parts.next(), parts.next(), parts.next()) else { return false };
    let letters = host.iter().take_while(|b| b.is_ascii_alphabetic()).count();
    let numbered = letters > 1 && letters < host.len();
    let counts = std::str::from_utf8(&host[..letters])
        .is_ok_and(|word| words::counter(word).is_some_and(|c| c != Counter::Rank));
    let plain = host.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    let process = (1..=3).contains(&process.len()) && process.iter().all(u8::is_ascii_digit);
    numbered && plain && !counts && process
}

/// `[2024-01-01 10:00:00,123]`, `[INFO]`, `[rank0]`, `[logging.py:96:log_dist]`.
fn bracket(text: &[u8], at: usize, prefix: &mut Prefix) -> Option<usize> {
    let close = memchr::memchr(b']', text.get(..200.min(text.len()))?)?;
    let inside = &text[1..close];
    if let Some(end) = stamp(inside, at + 1, prefix) {
        let rest = inside[end..].trim_ascii();
        return (rest.is_empty() || words::level(rest) || rest.contains(&b'.')).then_some(close + 1);
    }
    if let Some(begin) = stamp_behind(inside) {
        stamp(&inside[begin..], at + 1 + begin, prefix);
        let level = inside.iter().take_while(|b| b.is_ascii_alphabetic()).count();
        prefix.alarm |= alarms(&inside[..level]);
        return Some(close + 1);
    }
    if words::level(inside.trim_ascii()) {
        prefix.alarm |= alarms(inside.trim_ascii());
        return Some(close + 1);
    }
    if let Some(rank) = rank(inside) {
        prefix.rank = Some(rank);
        return Some(close + 1);
    }
    if prefix.rest == 0 && text.get(close + 1) == Some(&b' ') && hosted(inside) {
        return Some(close + 1);
    }
    if let Some(end) = inside.iter().position(|&b| b == b',').or(Some(inside.len())).filter(|_| prefix.rest > 0)
        && is_location(&inside[..end])
    {
        prefix.rank =
            prefix.rank.or_else(|| rank(inside[end..].trim_ascii_start().strip_prefix(b", ").unwrap_or_default()));
        return Some(close + 1);
    }
    // `[host] 2021-10-18 23:44:50`
    let host =
        !inside.is_empty() && inside.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'));
    if host && text.get(close + 1) == Some(&b' ') && stamp(&text[close + 2..], 0, &mut Prefix::default()).is_some() {
        return Some(close + 1);
    }
    let code = inside.windows(4).any(|w| w == b".py:")
        || inside.windows(3).any(|w| w == b".cc")
        || inside.starts_with(b"PID:");
    (code && !inside.contains(&b'=')).then_some(close + 1)
}

/// `olmo.train:816`, `trainer:250`.
fn is_location(text: &[u8]) -> bool {
    let Some(colon) = text.iter().position(|&b| b == b':') else { return false };
    let (name, line) = (&text[..colon], &text[colon + 1..]);
    let named = name.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'/'));
    named
        && name.first().is_some_and(|b| b.is_ascii_alphabetic())
        && !line.is_empty()
        && line.iter().all(u8::is_ascii_digit)
}

fn alarms(level: &[u8]) -> bool {
    level.starts_with(b"WARN") || level.starts_with(b"ERR") || level == b"CRITICAL" || level == b"FATAL"
}

fn rank(inside: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(inside).ok()?.to_ascii_lowercase();
    let digits = ["rank", "default", "gpu"].iter().find_map(|word| text.strip_prefix(word))?;
    digits.trim_start_matches([' ', ':', '=', '_']).trim().parse().ok()
}

/// `(TaskRunner pid=247607)`; after a stamp `(trainer:250)`.
fn process(text: &[u8], prefix: &Prefix) -> Option<usize> {
    let close = memchr::memchr(b')', text.get(..120.min(text.len()))?)?;
    let inside = &text[1..close];
    let taken = inside.windows(4).any(|w| w == b"pid=") || (prefix.rest > 0 && is_location(inside));
    taken.then_some(close + 1)
}

/// `I1123 22:08:53.257860 12543 solver.cpp:236]`.
fn glog(text: &[u8]) -> Option<usize> {
    let dated = text.len() > 20 && text[1..5].iter().all(u8::is_ascii_digit) && text[5] == b' ' && text[8] == b':';
    let close = memchr::memchr(b']', text.get(..160.min(text.len()))?)?;
    dated.then_some(close + 1)
}

/// The stamp of it begins behind its letter.
fn glog_stamp(text: &[u8], at: usize, prefix: &mut Prefix) -> Option<usize> {
    if let Some((stamp, end)) = time::stamp(text, 1) {
        prefix.stamp.get_or_insert((stamp, (at + 1, at + end)));
    }
    prefix.alarm |= matches!(text[0], b'W' | b'E' | b'F');
    glog(text)
}

/// The end of a date with a clock, or of a clock.
fn stamp(text: &[u8], from: usize, prefix: &mut Prefix) -> Option<usize> {
    if let Some((stamp, end)) = time::stamp(text, 0) {
        prefix.stamp.get_or_insert((stamp, (from, from + end)));
        return Some(end);
    }
    let digits = |from: usize| text.get(from..).unwrap_or_default().iter().take_while(|b| b.is_ascii_digit()).count();
    let clock = |from: usize| -> Option<usize> {
        let full = digits(from) == 2 && text.get(from + 2) == Some(&b':') && digits(from + 3) == 2;
        let seconds = text.get(from + 5) == Some(&b':') && digits(from + 6) == 2;
        let mut end = from + 8;
        if full && seconds && matches!(text.get(end), Some(b'.' | b',')) && digits(end + 1) > 0 {
            end += 1 + digits(end + 1);
        }
        (full && seconds).then_some(end)
    };
    if let Some(end) = clock(0) {
        return Some(end);
    }
    let a = digits(0);
    let mark = *text.get(a)?;
    let b = digits(a + 1);
    if !matches!(mark, b'-' | b'/') || a == 0 || b != 2 {
        return None;
    }
    let third = text.get(a + 3) == Some(&mark);
    let date = if third { a + 4 + digits(a + 4) } else { a + 3 };
    let blank = matches!(text.get(date), Some(b' ' | b'T'));
    let end = clock(date + 1).filter(|_| blank)?;
    let zone = text.get(end..).unwrap_or_default();
    let zone = usize::from(zone.first() == Some(&b'Z'));
    Some(end + zone)
}

/// A level, a logger before a level, or a logger after a stamp.
fn word(text: &[u8], prefix: &mut Prefix) -> Option<usize> {
    let len = text.iter().take_while(|&&b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'<' | b'>')).count();
    let (name, rest) = text.split_at(len);
    if words::level(name) {
        return level(text, len, prefix);
    }
    if prefix.rest == 0 {
        return None;
    }
    if matches!(name, b"stdout" | b"stderr") && matches!(rest.get(..3), Some(b" F " | b" P ")) {
        return Some(len + 2);
    }
    let after = blanks(rest);
    let next = rest.get(after + 1..).unwrap_or_default();
    match rest.get(after) {
        // `root - INFO`, `mod.sub - `, and `trainer:after_iter:256 - `
        Some(b'-' | b'|') if after > 0 => {
            let goes_on = next.trim_ascii_start();
            let leveled = goes_on.iter().take_while(|b| b.is_ascii_alphabetic()).count();
            let logger = words::level(&goes_on[..leveled])
                || name.contains(&b'.')
                || name == b"root"
                || name == b"tqdm"
                || name.starts_with(b"__");
            logger.then_some(len)
        }
        Some(b':') if after == 0 => located(text).or_else(|| placed(text)),
        Some(b'-') if after == 0 => placed(text),
        // `ppocr INFO:`
        _ if after == 1 => {
            let leveled = rest[1..].iter().take_while(|b| b.is_ascii_alphabetic()).count();
            words::level(&rest[1..1 + leveled]).then_some(len)
        }
        _ => None,
    }
}

/// `yolox.core.trainer:after_iter:256 - `.
fn located(text: &[u8]) -> Option<usize> {
    let end = text
        .iter()
        .take_while(|&&b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b':' | b'<' | b'>'))
        .count();
    let digits = text[..end].iter().rev().take_while(|b| b.is_ascii_digit()).count();
    let dashed = text.get(end..end + 3) == Some(b" - ");
    let marks = text[..end].iter().filter(|&&b| b == b':' || b == b'.').count();
    (digits > 0 && dashed && marks > 1).then_some(end)
}

/// `node-0:0`, `olmo.train:967`: places in columns of their own, a level behind them.
fn placed(text: &[u8]) -> Option<usize> {
    let columns: Vec<&[u8]> = text[..text.len().min(160)].split(|&b| b == b'\t').take(4).collect();
    let level = columns.iter().position(|column| words::level(column))?;
    let numbered = |column: &&[u8]| {
        let digits = column.iter().rev().take_while(|b| b.is_ascii_digit()).count();
        digits > 0 && column[..column.len() - digits].ends_with(b":") && !column.contains(&b' ')
    };
    (level > 0 && columns[..level].iter().all(numbered)).then(|| columns[0].len())
}

/// `INFO`, `INFO:root:`, `WARNING:`.
fn level(text: &[u8], len: usize, prefix: &mut Prefix) -> Option<usize> {
    let alone = prefix.rest > 0
        || text.get(len) == Some(&b':')
        || (text.get(len) == Some(&b' ') && text[0].is_ascii_uppercase());
    if !alone {
        return None;
    }
    prefix.alarm |= alarms(&text[..len]);
    if text.get(len) != Some(&b':') {
        return Some(len);
    }
    let name = text[len + 1..].iter().take_while(|&&b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.')).count();
    let logger = name > 0 && text.get(len + 1 + name) == Some(&b':') && text[len + 1].is_ascii_alphabetic();
    let glued =
        text.get(len + 2 + name).is_some_and(|b| !b.is_ascii_digit() || text.get(len + 4 + name) == Some(&b':'));
    Some(if logger && glued { len + 1 + name } else { len })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn launchers_tell_the_rank() {
        for (line, rank) in
            [("[1,3]<stdout>:a 0.5", 3), ("[rank12]: a 0.5", 12), ("[default0]:a 0.5", 0), ("[GPU1] a 0.5", 1)]
        {
            assert_eq!(Some(rank), peel(line.as_bytes()).rank, "{line}");
        }
        assert_eq!(None, peel(b"[1,3] a 0.5").rank);
    }

    #[test]
    fn prefixes_are_taken_off() {
        for (line, rest) in [
            ("INFO:root:[Epoch 0] train=0.1", "[Epoch 0] train=0.1"),
            ("INFO:0-epoch (4/178643): total", "0-epoch (4/178643): total"),
            ("INFO:gluonnlp:15:04:21 Epoch: 1", "Epoch: 1"),
            ("2020-06-23 12:11:47,980 epoch 7 - iter 3/4", "epoch 7 - iter 3/4"),
            ("2020-06-25 23:07:47,881 Node[0] Epoch[0]", "Node[0] Epoch[0]"),
            ("2023-11-27 15:47:27.037 | INFO     | yolox.core.trainer:after_iter:256 - epoch: 1/300", "epoch: 1/300"),
            ("2021-12-08 14:12:48,773 - INFO - tqdm - accuracy: 0.75", "accuracy: 0.75"),
            (
                "I1123 22:08:54.256758 12543 solver.cpp:236] Iteration 100, loss = 1.9978",
                "Iteration 100, loss = 1.9978",
            ),
            ("[2023-12-29 13:02:49,647] [INFO] [logging.py:96:log_dist] [Rank 0] step=10", "step=10"),
            ("[12:37:03] [250]\ttest-auc:0.6", "[250]\ttest-auc:0.6"),
            ("(TaskRunner pid=247607) step:1 - a:2", "step:1 - a:2"),
            ("[2022/08/16 03:07:33] ppocr INFO: epoch: [1/400]", "epoch: [1/400]"),
            ("2023/06/05 20:10:13 - mmengine - INFO - Epoch(train)   [1][1/6]", "Epoch(train)   [1][1/6]"),
            ("[08/17 21:29:44 d2.utils.events]:  eta: 1 day", "eta: 1 day"),
            ("[rank0]:[titan] 2025", "[titan] 2025"),
            ("[1,3]<stdout>:step 3 loss 0.5", "step 3 loss 0.5"),
            ("[INFO:20211 monobeast:481 2021-02-03 16:41:30,464] Steps 10240", "Steps 10240"),
            ("[INFO 10:24:50] my_main loss 0.5", "my_main loss 0.5"),
            ("[flaml.automl.logger: 11-15 19:00:02] {2391} INFO -  at 2.1s", "at 2.1s"),
            ("[loss: 0.5]", "[loss: 0.5]"),
            ("[prterun-a@1,12]<stderr>: step 3", "step 3"),
            ("[gpu-node1:3] step 3", "step 3"),
            ("[epoch1:3] loss 0.5", "[epoch1:3] loss 0.5"),
            ("loss 0.5", "loss 0.5"),
            ("2024-05-01T10:00:00.123456789Z stdout F step 3 loss 0.5", "step 3 loss 0.5"),
            ("ts=2025-11-13T02:13:20.703Z level=info step=1", "level=info step=1"),
            ("time=\"2025-11-13 02:13:20\" step=1", "step=1"),
            ("time=0:01:20 step=1", "time=0:01:20 step=1"),
            ("node08:2070:22628 [4] NCCL INFO Channel 12/24 : 4[8000] -> 4[9000] via P2P", ""),
            ("node08:2070 step 12/24", "node08:2070 step 12/24"),
            ("2024-02-20 05:13:42.624\tnode-0:0\tolmo.train:967\tINFO\t[step=10/500]", "[step=10/500]"),
            ("2024-02-20 05:13:42.624 loss:0\tacc:967\tlr:0.5", "loss:0\tacc:967\tlr:0.5"),
            ("[valid] Ep. 1", "[valid] Ep. 1"),
            ("[INFO:20211 beast:481 2021-02-03 16:41:30,464] Steps 10240", "Steps 10240"),
            ("2026-01-26 17:00:00,000 - __main__ - INFO -   [Validation] Loss: 1", "[Validation] Loss: 1"),
        ] {
            let prefix = peel(line.as_bytes());
            assert_eq!(line[prefix.rest..].trim_start(), rest, "{line}");
        }
    }
}
