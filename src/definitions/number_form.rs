//! How the numbers of a column may be written, and how such a text is read: exactly, in integers, or not at all. No
//! floating point, no rounding, no locale of the machine.

use super::ValueError;

/// How the numbers of a column may be written. The default is digits with a point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberForm {
    /// What stands before the decimals, a single ASCII byte.
    pub point: u8,
    /// What stands between thousands, where the supplier writes anything there.
    pub group: Option<char>,
    /// `(1,200.00)` is negative.
    pub accounting: bool,
    /// Signs of currency that may stand on either side.
    pub currency: Vec<String>,
    /// What `50%` means, where it may stand.
    pub percent: Option<Percent>,
    /// Letters behind a number that multiply it, longest first: `m` is a million.
    pub suffixes: Vec<(String, i128)>,
    /// Any other text on both sides is passed over, as `bareNumber: false` of Table Schema has it.
    pub bare: bool,
}

/// What a per cent sign means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Percent {
    /// `50%` is 50.
    Points,
    /// `50%` is 0.5.
    Fraction,
}

impl Default for NumberForm {
    fn default() -> Self {
        Self {
            point: b'.',
            group: None,
            accounting: false,
            currency: Vec::new(),
            percent: None,
            suffixes: Vec::new(),
            bare: true,
        }
    }
}

/// A number without its ornaments.
struct Stripped<'a> {
    body: &'a str,
    is_negative: bool,
    factor: i128,
    /// By how many places the point moves to the left.
    shift: usize,
}

impl NumberForm {
    /// Only thousands apart.
    #[must_use]
    pub fn grouped(group: Option<char>) -> Self {
        Self { group, ..Self::default() }
    }

    /// Whether numbers have nothing but digits, a sign, a point and separators.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        let ornaments = self.accounting || self.percent.is_some() || !self.bare;
        !ornaments && self.currency.is_empty() && self.suffixes.is_empty()
    }

    /// Reads a number as an integer times ten to minus `scale`. Zeros beyond the scale are no digits.
    ///
    /// # Errors
    /// When the text is not so written, or has more decimals than `scale`; `wrong` says what it is then called.
    pub fn parse(&self, text: &str, scale: usize, wrong: ValueError) -> Result<i128, ValueError> {
        if let Some(value) = parse_plain(text.as_bytes(), self.point, scale) {
            return Ok(i128::from(value));
        }
        let stripped = if self.is_plain() { sign(text) } else { self.strip(text) };
        let point = char::from(self.point);
        let (whole, fraction) = stripped.body.split_once(point).unwrap_or((stripped.body, ""));
        if whole.is_empty() && fraction.is_empty() || !fraction.bytes().all(|b| b.is_ascii_digit()) {
            return Err(wrong);
        }
        self.check_groups(whole, wrong)?;
        let is_whole = wrong == ValueError::NotInteger && stripped.factor == 1;
        if is_whole && stripped.body.len() > whole.len() {
            return Err(wrong);
        }
        scaled(whole, fraction.trim_end_matches('0'), &stripped, scale)
    }

    /// Digits, in groups of three if separators stand between them.
    fn check_groups(&self, whole: &str, wrong: ValueError) -> Result<(), ValueError> {
        if whole.bytes().all(|b| b.is_ascii_digit()) {
            return Ok(());
        }
        if self.group.is_some_and(|group| is_grouped(whole, group)) {
            return Ok(());
        }
        let wrongly = |group| whole.chars().all(|c| c.is_ascii_digit() || separates(c, group));
        let is_declared = self.group.is_some_and(wrongly);
        let is_other = [',', '.', ' '].into_iter().any(|group| is_grouped(whole, group));
        Err(if is_declared || is_other { ValueError::Thousands } else { wrong })
    }

    /// Takes each declared ornament off once; one that stands twice is left and makes the text no number.
    fn strip<'a>(&self, text: &'a str) -> Stripped<'a> {
        let mut left = Stripped { body: text.trim_matches(is_blank), is_negative: false, factor: 1, shift: 0 };
        let (mut signed, mut currency, mut percent, mut multiplied) = (false, false, false, false);
        loop {
            let before = left.body.len();
            if !signed && let Some(rest) = left.body.strip_prefix(['-', '+', '\u{2212}']) {
                left.is_negative = !left.body.starts_with('+');
                left.body = rest;
                signed = true;
            }
            if self.accounting
                && !signed
                && let Some(inner) = in_brackets(left.body)
            {
                left.is_negative = true;
                left.body = inner;
                signed = true;
            }
            if !currency && let Some(rest) = self.without_currency(left.body) {
                left.body = rest;
                currency = true;
            }
            if !percent
                && let Some(meaning) = self.percent
                && let Some(rest) = left.body.strip_suffix('%')
            {
                left.shift = if meaning == Percent::Fraction { 2 } else { 0 };
                left.body = rest;
                percent = true;
            }
            let ends = |suffix: &&(String, i128)| left.body.ends_with(suffix.0.as_str());
            if !multiplied && let Some((suffix, factor)) = self.suffixes.iter().find(ends) {
                left.factor = *factor;
                left.body = &left.body[..left.body.len() - suffix.len()];
                multiplied = true;
            }
            left.body = left.body.trim_matches(is_blank);
            if left.body.len() == before {
                break;
            }
        }
        if !self.bare {
            let begins = |c: char| c.is_ascii_digit() || c == char::from(self.point) || (!signed && c == '-');
            left.body = left.body.trim_start_matches(|c| !begins(c)).trim_end_matches(|c: char| !c.is_ascii_digit());
            if let Some(rest) = left.body.strip_prefix('-') {
                left.is_negative = true;
                left.body = rest;
            }
        }
        left
    }

    fn without_currency<'a>(&self, body: &'a str) -> Option<&'a str> {
        let signs = || self.currency.iter().map(String::as_str);
        let before = signs().find_map(|sign| body.strip_prefix(sign));
        before.or_else(|| signs().find_map(|sign| body.strip_suffix(sign)))
    }
}

/// The inside of `( .. )`.
fn in_brackets(body: &str) -> Option<&str> {
    body.strip_prefix('(')?.strip_suffix(')')
}

/// An optional sign and the rest.
fn sign(text: &str) -> Stripped<'_> {
    let body = text.strip_prefix(['-', '+']).unwrap_or(text);
    Stripped { body, is_negative: text.starts_with('-'), factor: 1, shift: 0 }
}

/// A blank, a no-break space or a narrow one.
fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}')
}

/// Whether a character is the separator: a declared blank stands for every kind of blank.
fn separates(c: char, group: char) -> bool {
    c == group || is_blank(group) && is_blank(c)
}

/// Whether digits stand in groups of three behind a first group of one to three.
fn is_grouped(whole: &str, group: char) -> bool {
    let mut parts = whole.split(|c| separates(c, group));
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let first = parts.next().unwrap_or_default();
    (1..=3).contains(&first.len()) && digits(first) && parts.all(|part| part.len() == 3 && digits(part))
}

/// The digits on both sides of the point, times a factor, exactly.
fn scaled(whole: &str, fraction: &str, stripped: &Stripped<'_>, scale: usize) -> Result<i128, ValueError> {
    let mut value: i128 = 0;
    for digit in whole.bytes().chain(fraction.bytes()).filter(u8::is_ascii_digit) {
        value = grown(value, digit)?;
    }
    value = value.checked_mul(stripped.factor).ok_or(ValueError::TooLarge)?;
    let mut decimals = fraction.len() + stripped.shift;
    while decimals > scale {
        if value % 10 != 0 {
            return Err(ValueError::Scale);
        }
        value /= 10;
        decimals -= 1;
    }
    for _ in decimals..scale {
        value = grown(value, b'0')?;
    }
    Ok(if stripped.is_negative { -value } else { value })
}

fn grown(value: i128, digit: u8) -> Result<i128, ValueError> {
    value.checked_mul(10).and_then(|v| v.checked_add(i128::from(digit - b'0'))).ok_or(ValueError::TooLarge)
}

/// The usual number: a sign, digits, a point, no more decimals than the column keeps, and at most 18 digits in all.
/// None says nothing about other texts.
#[must_use]
#[inline]
pub fn parse_plain(text: &[u8], point: u8, scale: usize) -> Option<i64> {
    let (is_negative, digits) = match text.first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    if digits.is_empty() || digits.len() + scale > 18 {
        return None;
    }
    // Eighteen digits cannot run over, so that nothing needs to look.
    let grown = |value: i64, digit: u8| value.wrapping_mul(10).wrapping_add(i64::from(digit));
    let mut value: i64 = 0;
    let mut point_at = digits.len();
    for (index, byte) in digits.iter().enumerate() {
        let digit = byte.wrapping_sub(b'0');
        if digit <= 9 {
            value = grown(value, digit);
        } else if *byte == point && point_at == digits.len() && scale > 0 && digits.len() > 1 {
            point_at = index;
        } else {
            return None;
        }
    }
    let decimals = digits.len().saturating_sub(point_at + 1);
    if decimals > scale {
        return None;
    }
    for _ in decimals..scale {
        value = grown(value, 0);
    }
    Some(if is_negative { -value } else { value })
}
