//! Whether a run began again, of metrics that each have their own steps.
//!
//! A step that falls may be a run that goes on from a checkpoint, or only a metric that counts anew in every epoch. A
//! program that begins to write, in another file or with a mark, begins the run again if it falls behind what was
//! written. Within one program's writing a fall waits: the metric that catches up with what it had has been written
//! again; where another goes on from where it was, the run never stopped, and the metric that fell is *loose*.

/// So many values are held back; then a fall is believed.
const PATIENCE: usize = 1 << 16;

/// What becomes of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It belongs to the stretch.
    Goes,
    /// Not known yet.
    Waits,
    /// The run began again with the values that wait; anew, where it began where it first did.
    Begins { anew: bool },
    /// It did not.
    Stays,
}

/// The steps of one metric.
#[derive(Debug, Default, Clone, Copy)]
struct Course {
    /// In this life.
    first: Option<i64>,
    /// In the stretch, and the last in the one before.
    began: Option<i64>,
    last: Option<i64>,
    before: Option<i64>,
    count: u64,
    count_before: u64,
    /// While values wait: where it fell from, and where it is now.
    fell_from: Option<i64>,
    now: Option<i64>,
    /// It was heard since the program began to write.
    heard: bool,
    loose: bool,
}

/// See the module.
#[derive(Debug, Default)]
pub struct Restarts {
    courses: Vec<Course>,
    /// The step that a fall went to, while it is not believed; whether that is where the run first began.
    fall: Option<(i64, bool)>,
    waited: usize,
    /// A program began to write, and nothing goes on from before.
    fresh: bool,
    /// Where a program said that it goes on from: in the stretch, and in the one about to begin.
    stated: Option<i64>,
    next_stated: Option<i64>,
    resumed: bool,
}

impl Restarts {
    /// Judges a value of the only case that needs no thought, the next step of a metric of a run that nobody doubts;
    /// what goes is noted.
    #[inline]
    pub fn goes_on(&mut self, series: usize, step: i64) -> bool {
        let Some(course) = self.courses.get_mut(series) else { return false };
        let rises = course.last.is_some_and(|last| last < step);
        if !rises || course.loose || self.fresh || self.fall.is_some() {
            return false;
        }
        (course.heard, course.last) = (true, Some(step));
        course.count += 1;
        true
    }

    /// Judges a value; what goes is noted.
    #[inline]
    pub fn judge(&mut self, series: usize, step: i64) -> Verdict {
        if self.courses.len() <= series {
            self.courses.resize_with(series + 1, Course::default);
        }
        if self.fall.is_some() {
            return self.judge_waiting(series, step);
        }
        let course = &self.courses[series];
        match course.last {
            Some(last) if step < last && !course.loose => self.judge_fall(series, step),
            last => {
                // Only what was written before can go on.
                self.fresh &= course.loose || last.is_none_or(|last| step <= last) || course.heard;
                self.accept(series, step);
                Verdict::Goes
            }
        }
    }

    #[cold]
    fn judge_fall(&mut self, series: usize, step: i64) -> Verdict {
        let course = self.courses[series];
        let anew = course.first.is_none_or(|first| step <= first);
        let beyond = |(k, other): (usize, &Course)| k != series && !other.loose && other.last.is_some_and(|l| l > step);
        if self.fresh && !course.heard || !self.courses.iter().enumerate().any(beyond) {
            return Verdict::Begins { anew };
        }
        self.fall = Some((step, anew));
        self.waited = 1;
        let course = &mut self.courses[series];
        (course.fell_from, course.now) = (course.last, Some(step));
        Verdict::Waits
    }

    fn judge_waiting(&mut self, series: usize, step: i64) -> Verdict {
        let Some((fallen_to, anew)) = self.fall else { return Verdict::Goes };
        self.waited += 1;
        let course = &mut self.courses[series];
        let last = course.now.or(course.last);
        if course.loose {
            return Verdict::Waits;
        }
        let caught_up = course.fell_from.is_some_and(|from| step > from);
        let fell_twice = course.fell_from.is_some() && last.is_some_and(|last| step < last);
        if caught_up || fell_twice || self.waited > PATIENCE {
            return Verdict::Begins { anew };
        }
        let goes_on = course.fell_from.is_none() && course.last.is_some_and(|last| step > last && last > fallen_to);
        if goes_on {
            return Verdict::Stays;
        }
        if course.last.is_some_and(|last| step < last) && course.fell_from.is_none() {
            course.fell_from = course.last;
        }
        course.now = Some(step);
        Verdict::Waits
    }

    /// Notes a value whose stretch is known.
    #[inline]
    pub fn accept(&mut self, series: usize, step: i64) {
        let course = &mut self.courses[series];
        course.heard = true;
        course.count += 1;
        course.last = Some(course.last.map_or(step, |last| last.max(step)));
        if course.began.is_none() {
            course.began = Some(step);
            course.first = course.first.or(Some(step));
        }
    }

    /// A program begins to write, and says from where on if it knows.
    pub fn begin_writer(&mut self, step: Option<i64>) -> Option<Verdict> {
        let waited = self.fall.map(|(_, anew)| Verdict::Begins { anew });
        let Some(step) = step else {
            self.fresh = self.courses.iter().any(|course| course.last.is_some());
            self.courses.iter_mut().for_each(|course| course.heard = false);
            return waited;
        };
        let reaches = |course: &Course| !course.loose && course.last.is_some_and(|last| last >= step);
        let falls = self.courses.iter().any(reaches);
        let firsts = self.courses.iter().filter(|course| !course.loose).filter_map(|course| course.first);
        let anew = firsts.min().is_some_and(|first| step <= first);
        self.next_stated = Some(step).filter(|_| falls && !anew);
        if falls { Some(Verdict::Begins { anew }) } else { waited }
    }

    /// No more values: a fall that waits is believed.
    pub fn give_up(&mut self) -> Option<Verdict> {
        self.fall.map(|(_, anew)| Verdict::Begins { anew })
    }

    /// The values that wait are the first of a new stretch.
    pub fn begin(&mut self, anew: bool) {
        self.resumed = !anew;
        self.stated = self.next_stated.take();
        self.fresh = false;
        self.forget_fall(false);
        for course in &mut self.courses {
            (course.before, course.count_before) =
                if anew { (None, 0) } else { (course.last.or(course.before), course.count) };
            (course.last, course.began) = (None, None);
            if anew {
                (course.first, course.count) = (None, 0);
            }
        }
    }

    /// The values that wait go on; what fell is loose.
    pub fn stay(&mut self) {
        self.forget_fall(true);
    }

    fn forget_fall(&mut self, loose: bool) {
        self.fall = None;
        for course in &mut self.courses {
            course.loose |= loose && course.fell_from.is_some();
            (course.fell_from, course.now) = (None, None);
        }
    }

    pub fn is_loose(&self, series: usize) -> bool {
        self.courses.get(series).is_some_and(|course| course.loose)
    }

    /// From which step on the stretch wrote older rows again: by the metric that has most values, or as was said.
    pub fn rewritten(&mut self) -> Option<i64> {
        if !std::mem::take(&mut self.resumed) {
            return None;
        }
        let again = |course: &&Course| !course.loose && course.began.zip(course.before).is_some_and(|(b, l)| b <= l);
        let most = self.courses.iter().filter(again).max_by_key(|course| course.count_before);
        let stated = self.stated.take();
        most.and_then(|course| course.began).into_iter().chain(stated).min()
    }
}
