use super::*;
#[test]
fn dbg() {
    let data = std::fs::read(std::env::var("F").unwrap()).unwrap();
    let seen = seen::Seen::of(&data);
    let facts = roles::Facts::of(&seen);
    println!("{facts:?}\nhead {:?}", seen.head);
    for c in &seen.clusters {
        println!(
            "{} x{} hints {:?} residue {} parts {:?}\n    found {:?}\n   kind {:?} label {:?}",
            String::from_utf8_lossy(&c.sample),
            c.count,
            c.hints,
            c.line.residue,
            facts.parts(&c.line),
            c.line.found.iter().map(|f| (f.role, f.name.clone(), f.kind, f.bind, f.unit.clone())).collect::<Vec<_>>(),
            c.line.kind,
            c.line.label
        );
    }
}
