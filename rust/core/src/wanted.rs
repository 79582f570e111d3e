//! Which metrics were asked for: final names, printed names or globs.

use crate::types::Field;

/// None asked for by name means all of them.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    names: Option<Vec<String>>,
}

impl Wanted {
    pub fn new(names: Option<Vec<String>>) -> Self {
        Wanted { names }
    }

    pub fn everything(&self) -> bool {
        self.names.is_none()
    }

    pub fn takes(&self, field: &Field) -> bool {
        self.takes_name(&field.name) || self.takes_name(&field.printed)
    }

    pub fn takes_name(&self, name: &str) -> bool {
        let Some(names) = &self.names else { return true };
        names.iter().any(|wanted| glob(wanted.as_bytes(), name.as_bytes()))
    }
}

/// `*` stands for any text, `?` for one byte. Linear in practice: the last star is the only one retried.
fn glob(pattern: &[u8], name: &[u8]) -> bool {
    let (mut p, mut n) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while n < name.len() {
        if p < pattern.len() && pattern[p] == b'*' {
            star = Some((p, n));
            p += 1;
        } else if p < pattern.len() && (pattern[p] == b'?' || pattern[p] == name[n]) {
            p += 1;
            n += 1;
        } else if let Some((at, from)) = star {
            star = Some((at, from + 1));
            p = at + 1;
            n = from + 1;
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|&b| b == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_match_as_in_a_shell() {
        for (pattern, name, fits) in [
            ("loss", "loss", true),
            ("loss", "val_loss", false),
            ("*loss", "val_loss", true),
            ("val_*", "val_loss", true),
            ("*a*b", "xaybzb", true),
            ("l?ss", "loss", true),
            ("l?ss", "lss", false),
            ("*", "", true),
        ] {
            assert_eq!(fits, glob(pattern.as_bytes(), name.as_bytes()), "{pattern} {name}");
        }
    }
}
