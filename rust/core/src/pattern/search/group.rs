//! Literals with a part in common, told apart by the bytes around it.

/// A literal and the matcher that needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub literal: Vec<u8>,
    pub matcher: usize,
    /// Where in the literal the common part stands.
    pub offset: usize,
}

/// Literals with a part in common, which is what is searched for.
#[derive(Debug)]
pub struct Group {
    pub members: Vec<Member>,
    /// Two places, counted from the part found, by whose bytes most members can be ruled out.
    places: [isize; 2],
    /// By byte at each place: which members may be there, 64 members a word.
    masks: [Vec<[u64; 256]>; 2],
}

impl Group {
    pub fn new(members: Vec<Member>) -> Group {
        let first = places(&members).min_by_key(|&place| spread(&members, &[place])).unwrap_or(0);
        let second = places(&members).min_by_key(|&place| spread(&members, &[first, place])).unwrap_or(0);
        let places = [first, second];
        let masks = places.map(|place| masks(&members, place));
        Group { members, places, masks }
    }

    pub fn holds_any(&self, data: &[u8], at: usize, start: usize) -> bool {
        let mut any = false;
        self.each(data, at, start, |_| any = true);
        any
    }

    /// The members whose literals stand around the part found at `at`, none of them beginning before `start`.
    pub fn each(&self, data: &[u8], at: usize, start: usize, mut act: impl FnMut(&Member)) {
        for word in 0..self.masks[0].len() {
            let mask = |k: usize| match at.checked_add_signed(self.places[k]).and_then(|at| data.get(at)) {
                Some(&b) => self.masks[k][word][usize::from(b)],
                None => u64::MAX,
            };
            let mut left = mask(0) & mask(1);
            while left != 0 {
                let index = 64 * word + left.trailing_zeros() as usize;
                left &= left - 1;
                if let Some(member) = self.members.get(index).filter(|member| member.stands(data, at, start)) {
                    act(member);
                }
            }
        }
    }
}

impl Member {
    fn stands(&self, data: &[u8], at: usize, start: usize) -> bool {
        let Some(from) = at.checked_sub(self.offset).filter(|&from| from >= start) else { return false };
        data.get(from..from + self.literal.len()).is_some_and(|text| text == self.literal)
    }

    /// The byte at a place counted from the common part, where the literal reaches so far.
    pub fn byte(&self, place: isize) -> Option<u8> {
        self.literal.get(self.offset.checked_add_signed(place)?).copied()
    }
}

/// All places that some member reaches.
fn places(members: &[Member]) -> impl Iterator<Item = isize> {
    let before = members.iter().map(|member| member.offset as isize).max().unwrap_or(0);
    let behind = members.iter().map(|member| (member.literal.len() - member.offset) as isize).max().unwrap_or(1);
    -before..behind.max(1)
}

/// How many pairs of members the bytes at these places leave undistinguished.
fn spread(members: &[Member], at: &[isize]) -> usize {
    let key = |member: &Member| -> Vec<Option<u8>> { at.iter().map(|&place| member.byte(place)).collect() };
    let mut keys: Vec<_> = members.iter().map(key).collect();
    keys.sort();
    let alike: usize = keys.chunk_by(|a, b| a == b).map(|run| run.len() * run.len()).sum();
    // A member that does not reach a place can't be told from any.
    let short = keys.iter().filter(|key| key.contains(&None)).count();
    alike + short * members.len()
}

fn masks(members: &[Member], place: isize) -> Vec<[u64; 256]> {
    let mut masks = vec![[0; 256]; members.len().div_ceil(64)];
    for (at, member) in members.iter().enumerate() {
        let bit = 1 << (at % 64);
        match member.byte(place) {
            Some(b) => masks[at / 64][usize::from(b)] |= bit,
            None => masks[at / 64].iter_mut().for_each(|mask| *mask |= bit),
        }
    }
    masks
}
