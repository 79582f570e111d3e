//! The ways a number may be written.

/// One way to write a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Whole,
    Fraction,
    Exponent,
    /// With a capital `E`.
    Capital,
    /// `.5` or `5.`
    Edge,
    /// `nan` or `inf`
    Word,
    MinusWhole,
    MinusFraction,
    MinusExponent,
    /// `-inf`
    MinusWord,
    PlusWhole,
    PlusFraction,
    PlusExponent,
}

/// Examples of each form, for whoever must know which of them a place of a line takes.
pub const FORMS: [(Form, &[u8]); 24] = [
    (Form::Whole, b"7"),
    (Form::Whole, b"83"),
    (Form::Whole, b"408675"),
    (Form::Whole, b"123456789012"),
    (Form::Whole, b"0042"),
    (Form::Fraction, b"0.5"),
    (Form::Fraction, b"12.3456"),
    (Form::Fraction, b"1048576.25"),
    (Form::Exponent, b"1e-05"),
    (Form::Exponent, b"3.25e+08"),
    (Form::Exponent, b"2e3"),
    (Form::Capital, b"1E-05"),
    (Form::Capital, b"3.250000E+08"),
    (Form::Edge, b".5"),
    (Form::Edge, b"5."),
    (Form::Word, b"nan"),
    (Form::Word, b"inf"),
    (Form::MinusWhole, b"-3"),
    (Form::MinusFraction, b"-2.5"),
    (Form::MinusExponent, b"-1.5e-07"),
    (Form::MinusWord, b"-inf"),
    (Form::PlusWhole, b"+4"),
    (Form::PlusFraction, b"+4.5"),
    (Form::PlusExponent, b"+1e+10"),
];

impl Form {
    pub fn bit(self) -> u16 {
        1 << self as u16
    }

    /// The form a number is written in; none for the odd ones.
    ///
    /// ```
    /// use fastlogs_core::number::Form;
    /// assert_eq!(Form::of(b"-1.5e-07"), Some(Form::MinusExponent));
    /// assert_eq!(Form::of(b"-.5"), None);
    /// ```
    pub fn of(number: &[u8]) -> Option<Form> {
        let (sign, bare) = match number.first()? {
            b'-' => (1, &number[1..]),
            b'+' => (2, &number[1..]),
            _ => (0, number),
        };
        let has = |wanted: u8| bare.contains(&wanted);
        let edge = bare.first() == Some(&b'.') || bare.last() == Some(&b'.');
        let word = matches!(bare, b"nan" | b"inf");
        let wordy = bare.first().is_none_or(u8::is_ascii_alphabetic);
        match (sign, word, wordy, edge, has(b'E'), has(b'e'), has(b'.')) {
            (0, true, ..) => Some(Form::Word),
            (1, true, ..) if bare == b"inf" => Some(Form::MinusWord),
            (_, _, true, ..) => None,
            (0, _, _, true, false, false, _) => Some(Form::Edge),
            (_, _, _, true, ..) => None,
            (0, _, _, _, true, ..) => Some(Form::Capital),
            (_, _, _, _, true, ..) => None,
            (0, _, _, _, _, true, _) => Some(Form::Exponent),
            (1, _, _, _, _, true, _) => Some(Form::MinusExponent),
            (_, _, _, _, _, true, _) => Some(Form::PlusExponent),
            (0, _, _, _, _, _, true) => Some(Form::Fraction),
            (1, _, _, _, _, _, true) => Some(Form::MinusFraction),
            (_, _, _, _, _, _, true) => Some(Form::PlusFraction),
            (0, ..) => Some(Form::Whole),
            (1, ..) => Some(Form::MinusWhole),
            _ => Some(Form::PlusWhole),
        }
    }
}

/// The forms in which a number is read; in any other it is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forms(u16);

/// Stands for `-inf` while its sign is put aside.
const INFINITE: u16 = 1 << 13;

/// The named forms.
const NAMED: u16 = INFINITE - 1;

impl Forms {
    /// Every number, the odd ones without a form included.
    pub const ANY: Forms = Forms(u16::MAX);

    /// The forms of these [`Form::bit`]s.
    pub fn of_bits(bits: u16) -> Forms {
        Forms(bits & NAMED)
    }

    #[inline(always)]
    pub fn has(self, form: Form) -> bool {
        self.0 & 1 << form as u16 != 0
    }

    /// Whether a number in this form is one of them; none is any odd one.
    pub fn take(self, form: Option<Form>) -> bool {
        form.map_or(self == Forms::ANY, |form| self.has(form))
    }

    pub(super) fn has_infinite(self) -> bool {
        self.has(Form::Word) || self.0 & INFINITE != 0
    }

    /// What may follow a minus.
    #[inline]
    pub(super) fn behind_minus(self) -> Forms {
        let words = if self.has(Form::MinusWord) { INFINITE } else { 0 };
        self.behind(Form::MinusWhole, words)
    }

    /// What may follow a plus.
    #[inline]
    pub(super) fn behind_plus(self) -> Forms {
        self.behind(Form::PlusWhole, 0)
    }

    /// The three forms from `first` on, as those without a sign.
    fn behind(self, first: Form, more: u16) -> Forms {
        if self == Forms::ANY { self } else { Forms(self.0 >> first as u16 & 0b111 | more) }
    }
}
