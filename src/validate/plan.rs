//! What is known of a column before any row is read, in the shape in which its cells are checked fastest. A plan says of
//! a good cell that it is good, and nothing of any other: `checks` looks at those again and says what is wrong.

use crate::definitions::{
    Constraints, DateForm, Field, FieldKind, Repair, Schema, TextFormat, parse_iso, parse_plain, parse_timestamp,
};

use super::checks::SPREADSHEET_ERRORS;
use super::pattern::Matcher;
use super::repair::repair_text;
use super::words::WordTable;
use crate::model::{COVERED_CELL, NOT_CALCULATED};

/// How one column is checked.
#[derive(Debug)]
pub(super) struct ColumnPlan<'a> {
    pub(super) field: &'a Field,
    pub(super) is_required: bool,
    /// The texts that stand for no value.
    pub(super) missing: &'a [String],
    /// Whether the empty text is one of them.
    pub(super) empty_is_missing: bool,
    pub(super) cells: CellPlan<'a>,
}

#[derive(Debug)]
pub(super) enum CellPlan<'a> {
    Text(TextPlan),
    Integer(NumberPlan<'a>),
    Number(NumberPlan<'a>),
    Date(DayPlan<'a>),
    Timestamp(InstantPlan),
    Boolean(WordTable<bool>),
}

/// Constraints on the text of a cell.
#[derive(Debug)]
pub(super) struct TextPlan {
    /// Texts that need another look: no values, codes, outdated values.
    special: WordTable<()>,
    trims: bool,
    uppers: bool,
    pads: bool,
    format: Option<TextFormat>,
    pattern: Option<Matcher>,
    allowed: Option<WordTable<()>>,
    lengths: Option<(usize, usize)>,
}

/// Limits on a value in the units in which it is stored.
#[derive(Debug)]
struct Limits {
    least: i128,
    most: i128,
    /// Sorted; nothing: any.
    allowed: Option<Vec<i128>>,
}

#[derive(Debug)]
pub(super) struct NumberPlan<'a> {
    field: &'a Field,
    special: WordTable<()>,
    /// The usual numbers can be read without looking at the field's form.
    is_usual: bool,
    point: u8,
    scale: usize,
    limits: Limits,
    text: Option<TextPlan>,
}

#[derive(Debug)]
pub(super) struct DayPlan<'a> {
    field: &'a Field,
    special: WordTable<()>,
    is_iso: bool,
    is_usual: bool,
    limits: Limits,
    text: Option<TextPlan>,
}

#[derive(Debug)]
pub(super) struct InstantPlan {
    special: WordTable<()>,
    is_usual: bool,
    limits: Limits,
    text: Option<TextPlan>,
}

impl<'a> ColumnPlan<'a> {
    pub(super) fn new(field: &'a Field, schema: &'a Schema) -> Self {
        Self {
            field,
            is_required: schema.is_required(field),
            missing: &schema.missing_values,
            empty_is_missing: schema.missing_values.iter().any(String::is_empty),
            cells: CellPlan::new(field, schema),
        }
    }

    pub(super) fn is_missing(&self, text: &str) -> bool {
        self.missing.iter().any(|missing| missing == text)
    }
}

impl<'a> CellPlan<'a> {
    fn new(field: &'a Field, schema: &Schema) -> Self {
        // Other repairs than these change texts that are good values already, so that each cell needs another look.
        let is_usual = field.repairs.iter().all(|repair| matches!(repair, Repair::Trim | Repair::Map(_)));
        let special = special_words(field, schema);
        let limits = Limits::new(field);
        let text = has_text_limits(&field.constraints).then(|| TextPlan::new(field, schema));
        match &field.kind {
            FieldKind::Text => Self::Text(TextPlan::new(field, schema)),
            FieldKind::Integer => Self::Integer(NumberPlan {
                field,
                special,
                is_usual,
                point: field.number.point,
                scale: 0,
                limits,
                text,
            }),
            FieldKind::Number { scale, .. } => {
                let scale = usize::try_from(*scale).unwrap_or(0);
                Self::Number(NumberPlan { field, special, is_usual, point: field.number.point, scale, limits, text })
            }
            FieldKind::Date => {
                let is_iso = field.dates == [DateForm::Iso];
                Self::Date(DayPlan { field, special, is_iso, is_usual, limits, text })
            }
            FieldKind::Timestamp => Self::Timestamp(InstantPlan { special, is_usual, limits, text }),
            FieldKind::Boolean { truths, falsehoods } => {
                let truths = truths.iter().map(|word| (word.as_str(), true));
                let words = truths.chain(falsehoods.iter().map(|word| (word.as_str(), false)));
                // Codes, outdated values and limits are left to the other look.
                let plain = words.filter(|(word, _)| special.find(word.as_bytes()).is_none());
                let usual = is_usual && text.is_none() && field.constraints.allowed.is_empty();
                Self::Boolean(WordTable::new(plain.filter(|_| usual)))
            }
        }
    }
}

fn has_text_limits(constraints: &Constraints) -> bool {
    let forms = constraints.pattern.is_some() || constraints.format.is_some();
    forms || constraints.min_length.is_some() || constraints.max_length.is_some()
}

fn special_words(field: &Field, schema: &Schema) -> WordTable<()> {
    let missing = schema.missing_values.iter();
    let codes = field.status.iter().flat_map(|status| status.codes.keys());
    let outdated =
        field.repairs.iter().filter_map(|repair| if let Repair::Map(pairs) = repair { Some(pairs) } else { None });
    let words = missing.chain(codes).chain(outdated.flat_map(|pairs| pairs.keys())).map(String::as_str);
    let errors = if field.kind == FieldKind::Text { SPREADSHEET_ERRORS.as_slice() } else { &[] };
    let gaps = [NOT_CALCULATED, COVERED_CELL];
    WordTable::new(words.chain(errors.iter().copied()).chain(gaps).map(|word| (word, ())))
}

impl Limits {
    fn new(field: &Field) -> Self {
        let constraints = &field.constraints;
        let (mut least, mut most) = match field.kind {
            FieldKind::Integer => (i128::from(i64::MIN), i128::from(i64::MAX)),
            FieldKind::Number { precision, .. } => {
                let limit = 10_i128.checked_pow(u32::from(precision)).unwrap_or(i128::MAX) - 1;
                (-limit, limit)
            }
            _ => (i128::MIN, i128::MAX),
        };
        if let Some(bound) = &constraints.minimum {
            least = least.max(bound.stored);
        }
        if let Some(bound) = &constraints.maximum {
            most = most.min(bound.stored);
        }
        let allowed = (!constraints.allowed_stored.is_empty()).then(|| constraints.allowed_stored.clone());
        Self { least, most, allowed }
    }

    #[inline]
    fn hold(&self, value: i128) -> bool {
        let is_within = self.least <= value && value <= self.most;
        is_within && self.allowed.as_ref().is_none_or(|allowed| allowed.binary_search(&value).is_ok())
    }
}

impl TextPlan {
    fn new(field: &Field, schema: &Schema) -> Self {
        let constraints = &field.constraints;
        let source = constraints.pattern_source.as_deref().unwrap_or_default();
        let pattern = constraints.pattern.as_ref().map(|regex| Matcher::new(source, regex));
        let is_text = field.kind == FieldKind::Text;
        let words = if is_text { constraints.allowed.as_slice() } else { &[] };
        // What satisfies the pattern, or is an allowed value, may be such that no repair would change it.
        let keeps = |word: &String| repair_text(word, &field.repairs, &mut Vec::new()) == word.as_str();
        let is_settled = !words.is_empty() && words.iter().all(keeps);
        let admits_only = |wanted| pattern.as_ref().is_some_and(|pattern| pattern.admits_only(wanted));
        let has = |wanted: &Repair| field.repairs.contains(wanted);
        Self {
            special: special_words(field, schema),
            trims: has(&Repair::Trim) && !is_settled && !admits_only(|byte| byte.is_ascii_graphic()),
            uppers: has(&Repair::Upper) && !is_settled && !admits_only(|byte| !byte.is_ascii_lowercase()),
            pads: has(&Repair::Pad8) && !is_settled,
            allowed: (!words.is_empty()).then(|| WordTable::new(words.iter().map(|word| (word.as_str(), ())))),
            lengths: Self::lengths(constraints),
            format: constraints.format,
            pattern,
        }
    }

    fn lengths(constraints: &Constraints) -> Option<(usize, usize)> {
        let (least, most) = (constraints.min_length, constraints.max_length);
        (least.is_some() || most.is_some()).then(|| (least.unwrap_or(0), most.unwrap_or(usize::MAX)))
    }

    /// Whether a text is a good value as it stands.
    #[inline]
    pub(super) fn is_good(&self, text: &str) -> bool {
        let bytes = text.as_bytes();
        if self.special.find(bytes).is_some() || self.may_need_repair(text) {
            return false;
        }
        if let Some(pattern) = &self.pattern
            && !pattern.is_match(text)
        {
            return false;
        }
        if self.format.is_some_and(|format| !format.admits(text)) {
            return false;
        }
        if let Some(allowed) = &self.allowed
            && allowed.find(bytes).is_none()
        {
            return false;
        }
        match self.lengths {
            None => true,
            // A character has one to four bytes.
            Some((least, most)) if bytes.len() <= most && bytes.len() >= least.saturating_mul(4) => true,
            Some((least, most)) => (least..=most).contains(&text.chars().count()),
        }
    }

    fn may_need_repair(&self, text: &str) -> bool {
        let bytes = text.as_bytes();
        let may_be_blank = |byte: &u8| byte.is_ascii_whitespace() || !byte.is_ascii() || byte.is_ascii_control();
        if self.trims && (bytes.first().is_some_and(may_be_blank) || bytes.last().is_some_and(may_be_blank)) {
            let trimmed = text.trim();
            if trimmed.len() < text.len() {
                return true;
            }
        }
        if self.uppers && bytes.iter().any(|byte| byte.is_ascii_lowercase() || !byte.is_ascii()) {
            return true;
        }
        self.pads && bytes.len() < 8 && bytes.iter().all(u8::is_ascii_digit)
    }
}

impl NumberPlan<'_> {
    /// The value of a good cell.
    #[inline]
    pub(super) fn find(&self, text: &str) -> Option<i128> {
        if !self.is_usual || self.special.find(text.as_bytes()).is_some() {
            return None;
        }
        let value = match parse_plain(text.as_bytes(), self.point, self.scale) {
            Some(value) => i128::from(value),
            None => self.field.parse(text).ok()?,
        };
        (self.limits.hold(value) && self.text.as_ref().is_none_or(|plan| plan.is_good(text))).then_some(value)
    }
}

impl DayPlan<'_> {
    /// The days of a good cell.
    #[inline]
    pub(super) fn find(&self, text: &str) -> Option<i32> {
        if !self.is_usual || self.special.find(text.as_bytes()).is_some() {
            return None;
        }
        let day =
            if self.is_iso { parse_iso(text.as_bytes())? } else { i32::try_from(self.field.parse(text).ok()?).ok()? };
        let is_good = self.limits.hold(i128::from(day)) && self.text.as_ref().is_none_or(|plan| plan.is_good(text));
        is_good.then_some(day)
    }
}

impl InstantPlan {
    /// The microseconds of a good cell.
    pub(super) fn find(&self, text: &str) -> Option<i64> {
        if !self.is_usual || self.special.find(text.as_bytes()).is_some() {
            return None;
        }
        let instant = parse_timestamp(text).ok()?;
        let is_good = self.limits.hold(i128::from(instant)) && self.text.as_ref().is_none_or(|plan| plan.is_good(text));
        is_good.then_some(instant)
    }
}
