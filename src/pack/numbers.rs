//! How numbers are rounded and written. A figure is rounded once, here, half away from zero, on decimals; the digits
//! are the same in both languages.

use rust_decimal::{Decimal, RoundingStrategy};

use super::input::Rounding;
use crate::model::{Kind, TableHeader, Unit};

/// The minus sign of the pack.
const MINUS: char = '\u{2212}';
/// Keeps a sign, a pound and a number together.
const MILLION: i64 = 1_000_000;

/// A figure as it is printed everywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Number {
    /// The rounded value.
    pub(super) value: Decimal,
    /// Its decimals.
    pub(super) decimals: u32,
    /// What stands before and after it in text.
    pub(super) form: Form,
}

/// What is written around a number in text; spreadsheets put it in the column's head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Nothing.
    Plain,
    /// `34.2%`.
    PerCent,
    /// `£1,234`.
    Pounds,
    /// `£3.9m`, the value being in pounds.
    PoundsMillion,
    /// `£3.9m`, the value being in millions of pounds.
    Millions,
    /// `€1,234`.
    Euros,
}

impl Number {
    /// The number with its unit's sign: `£3.9m`, `34.2%`, `−1.5`.
    pub(super) fn text(&self) -> String {
        self.write("")
    }

    /// The number without its unit's sign, for tables: `1,234.5`. Per cent keep theirs.
    pub(super) fn cell(&self) -> String {
        match self.form {
            Form::PerCent => self.text(),
            _ => digits(self.value, self.decimals),
        }
    }

    /// With a sign always: `+80`, `−£0.1m`, `0`.
    pub(super) fn signed(&self) -> String {
        self.write(if self.value.is_sign_positive() && !self.value.is_zero() { "+" } else { "" })
    }

    fn write(&self, plus: &str) -> String {
        let sign =
            if self.value.is_sign_negative() && !self.value.is_zero() { MINUS.to_string() } else { plus.to_owned() };
        let size = self.value.abs();
        match self.form {
            Form::Plain => format!("{sign}{}", digits(size, self.decimals)),
            Form::PerCent => format!("{sign}{}%", digits(size, self.decimals)),
            Form::Pounds => format!("{sign}£{}", digits(size, self.decimals)),
            Form::PoundsMillion => format!("{sign}£{}m", digits(size / Decimal::from(MILLION), 1)),
            Form::Millions => format!("{sign}£{}m", digits(size, self.decimals)),
            Form::Euros => format!("{sign}€{}", digits(size, self.decimals)),
        }
    }
}

/// Rounds half away from zero.
pub(super) fn round(value: Decimal, decimals: u32) -> Decimal {
    value.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero)
}

fn round_to(value: Decimal, base: u32) -> Decimal {
    let base = Rounding::base(base);
    round(value / base, 0) * base
}

/// `1,234.5`, with a true minus.
pub(super) fn digits(value: Decimal, decimals: u32) -> String {
    let rounded = round(value, decimals);
    let places = usize::try_from(decimals).unwrap_or(0);
    let text = format!("{:.places$}", rounded.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let sign = if rounded.is_sign_negative() && !rounded.is_zero() { MINUS.to_string() } else { String::new() };
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{grouped}{point}{fraction}")
}

/// A table's figure, or a difference of two: rounded for its unit.
pub(super) fn of_table(value: Decimal, header: &TableHeader, rounding: Rounding) -> Number {
    let counted = header.kind == Kind::Count || header.unit.counts_things();
    if counted && !header.kind.is_level() {
        return Number { value: round_to(value, rounding.count_base), decimals: 0, form: Form::Plain };
    }
    match (header.unit, header.kind) {
        (Unit::Gbp, Kind::Magnitude) => {
            Number { value: round_to(value, rounding.money_base), decimals: 0, form: Form::Pounds }
        }
        (Unit::Eur, Kind::Magnitude) => {
            Number { value: round_to(value, rounding.money_base), decimals: 0, form: Form::Euros }
        }
        (unit, _) => {
            let form = match unit {
                Unit::PerCent | Unit::PerCentAYear => Form::PerCent,
                Unit::Gbp | Unit::GbpPerHour | Unit::GbpPerJob | Unit::GbpPerFte | Unit::GbpPerPerson => Form::Pounds,
                Unit::GbpMillion => Form::Millions,
                Unit::Eur => Form::Euros,
                _ => Form::Plain,
            };
            Number { value: round(value, header.decimals), decimals: header.decimals, form }
        }
    }
}

/// A headline's figure: money in millions, everything else as in tables.
pub(super) fn of_headline(value: Decimal, header: &TableHeader, rounding: Rounding) -> Number {
    let base = Rounding::base(rounding.headline_money_base);
    if header.unit == Unit::Gbp
        && header.kind == Kind::Magnitude
        && (value.is_zero() || value.abs() * Decimal::TWO >= base)
    {
        let value = round_to(value, rounding.headline_money_base);
        return Number { value, decimals: 0, form: Form::PoundsMillion };
    }
    of_table(value, header, rounding)
}

/// A percentage worked out by the pack from unrounded released figures, one decimal.
pub(super) fn per_cent(value: Decimal) -> Number {
    Number { value: round(value, 1), decimals: 1, form: Form::PerCent }
}

/// A plain number.
pub(super) fn plain(value: Decimal, decimals: u32) -> Number {
    Number { value: round(value, decimals), decimals, form: Form::Plain }
}

/// A count of ours (rows, cells), never rounded.
pub(super) fn count(value: u64) -> Number {
    Number { value: Decimal::from(value), decimals: 0, form: Form::Plain }
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::{Form, Number, digits, per_cent, round_to};

    #[test]
    fn ties_go_away_from_zero() {
        assert_eq!(digits(Decimal::new(8125, 2), 1), "81.3");
        assert_eq!(digits(Decimal::new(-8125, 2), 1), "\u{2212}81.3");
        assert_eq!(round_to(Decimal::new(125, 1), 5), Decimal::from(15));
        assert_eq!(digits(Decimal::new(-4, 2), 1), "0.0");
    }

    #[test]
    fn digits_are_grouped_in_threes() {
        assert_eq!(digits(Decimal::from(1_234_567), 0), "1,234,567");
        assert_eq!(digits(Decimal::from(999), 0), "999");
        assert_eq!(digits(Decimal::new(12345, 1), 1), "1,234.5");
    }

    #[test]
    fn signs_stand_before_the_pound() {
        let number = Number { value: Decimal::from(-500_000), decimals: 0, form: Form::PoundsMillion };
        assert_eq!(number.signed(), "\u{2212}£0.5m");
        assert_eq!(per_cent(Decimal::new(3416, 2)).text(), "34.2%");
        assert_eq!(per_cent(Decimal::new(46, 1)).signed(), "+4.6%");
    }
}
