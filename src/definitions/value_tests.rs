//! Laws of value forms: what is written is read back, and what may be two days is refused.

use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::date_form::{DateForm, parse_day};
use super::number_form::{NumberForm, Percent, parse_plain};
use super::{ValueError, days_since_epoch};

fn forms(names: &[&str]) -> Vec<DateForm> {
    names.iter().map(|name| DateForm::named(name).expect("a form")).collect()
}

/// Digits in groups of three.
fn grouped(whole: u64, separator: &str) -> String {
    let digits = whole.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push_str(separator);
        }
        text.push(digit);
    }
    text
}

fn any_day() -> impl Strategy<Value = Date> {
    (1900i16..2100, 1i8..=12, 1i8..=28).prop_map(|(year, month, day)| date(year, month, day))
}

#[test]
fn forms_that_cannot_be_meant_are_refused() {
    for name in ["%d/%m", "%H:%M", "%d %Y", "%Y %y", "", "%Y-%m-%d-%d", "%"] {
        assert!(DateForm::named(name).is_err(), "{name}");
    }
}

#[test]
fn digits_without_anything_between_them_are_two() {
    let form = [DateForm::named("%Y%m%d").expect("a pattern")];
    assert_eq!(parse_day("20200123", &form), Ok(18_284));
    assert_eq!(parse_day("2020123", &form), Err(ValueError::NotDate));
}

#[test]
fn a_bare_number_is_taken_out_of_its_text() {
    let form = NumberForm { bare: false, ..NumberForm::default() };
    let read = |text| form.parse(text, 2, ValueError::NotNumber);
    assert_eq!(read("EUR 95.50 p.a."), Ok(9550));
    assert_eq!(read("-95%"), Ok(-9500));
    assert_eq!(read("none"), Err(ValueError::NotNumber));
    assert_eq!(read("1 or 2"), Err(ValueError::NotNumber));
}

#[test]
fn a_percent_may_be_a_fraction() {
    let form = NumberForm { percent: Some(Percent::Fraction), ..NumberForm::default() };
    assert_eq!(form.parse("50.38%", 4, ValueError::NotNumber), Ok(5038));
    assert_eq!(form.parse("0.5", 4, ValueError::NotNumber), Ok(5000));
    assert_eq!(form.parse("0.001%", 4, ValueError::NotNumber), Err(ValueError::Scale));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn numbers_are_read_back(whole in 0u64..1_000_000_000_000, cents in 0u64..100, negative: bool) {
        let value = i128::from(whole) * 100 + i128::from(cents);
        let value = if negative { -value } else { value };
        let sign = if negative { "-" } else { "" };
        let mut form = NumberForm { group: Some(','), currency: vec!["£".into()], accounting: true, ..NumberForm::default() };
        let comma = grouped(whole, ",");
        let mut texts = vec![
            format!("{sign}{whole}.{cents:02}"), format!("{sign}{comma}.{cents:02}"), format!("{sign}£{comma}.{cents:02}0"),
        ];
        if negative {
            texts.push(format!("(£{comma}.{cents:02})"));
        }
        for text in &texts {
            prop_assert_eq!(form.parse(text, 2, ValueError::NotNumber), Ok(value), "{}", text);
        }
        form = NumberForm { point: b',', group: Some(' '), percent: Some(Percent::Points), ..NumberForm::default() };
        for blank in [" ", "\u{a0}", "\u{202f}"] {
            let text = format!("{sign}{},{cents:02}{blank}%", grouped(whole, blank));
            prop_assert_eq!(form.parse(&text, 2, ValueError::NotNumber), Ok(value), "{}", text);
        }
    }

    #[test]
    fn the_short_way_reads_what_the_long_way_reads(text in "[-+]?[0-9]{0,12}[.,]?[0-9]{0,9}", scale in 0usize..7) {
        for point in [b'.', b','] {
            if let Some(value) = parse_plain(text.as_bytes(), point, scale) {
                // One more zero in front of the digits is too long for the short way.
                let sign = text.len() - text.trim_start_matches(['-', '+']).len();
                let long = format!("{}{}{}", &text[..sign], "0".repeat(20), &text[sign..]);
                let form = NumberForm { point, ..NumberForm::default() };
                prop_assert_eq!(form.parse(&long, scale, ValueError::NotNumber), Ok(i128::from(value)), "{}", text);
            }
        }
    }

    #[test]
    fn nothing_panics(text in "\\PC{0,20}", odd in "[-+£(),. %m0-9\u{a0}]{0,12}") {
        let form = NumberForm {
            group: Some(','), accounting: true, currency: vec!["£".into()], percent: Some(Percent::Fraction),
            suffixes: vec![("m".into(), 1_000_000)], bare: false, ..NumberForm::default()
        };
        let all = forms(&["%Y-%m-%d", "%d/%m/%y", "%d %b %Y", "%m/%Y", "financial-year", "excel-serial"]);
        for text in [text, odd] {
            let _ = form.parse(&text, 2, ValueError::NotNumber);
            let _ = NumberForm::default().parse(&text, 2, ValueError::NotInteger);
            let _ = parse_day(&text, &all);
        }
    }

    #[test]
    fn days_are_read_back(day in any_day()) {
        let expected = Ok(days_since_epoch(day));
        let (d, m, y) = (day.day(), day.month(), day.year());
        prop_assert_eq!(parse_day(&format!("{y:04}-{m:02}-{d:02}"), &forms(&["%Y-%m-%d"])), expected);
        prop_assert_eq!(parse_day(&format!("{d}/{m:02}/{y}"), &forms(&["%Y-%m-%d", "%d/%m/%Y"])), expected);
        prop_assert_eq!(parse_day(&format!("{d}.{m}.{y} 00:00"), &forms(&["%d.%m.%Y 00:00"])), expected);
        let serial = days_since_epoch(day) + if day < date(1900, 3, 1) { 25_568 } else { 25_569 };
        prop_assert_eq!(parse_day(&serial.to_string(), &forms(&["excel-serial"])), expected);
        let april = days_since_epoch(date(y, 4, 1));
        prop_assert_eq!(parse_day(&format!("{y}-{:02}", (y + 1) % 100), &forms(&["financial-year"])), Ok(april));
    }

    #[test]
    fn a_day_that_may_be_two_is_refused(day in 1i8..=12, month in 1i8..=12, year in 1900i16..2100) {
        let text = format!("{day:02}/{month:02}/{year}");
        prop_assert_eq!(parse_day(&text, &forms(&["%Y-%m-%d"])), Err(ValueError::AmbiguousDate));
        let both = parse_day(&text, &forms(&["%d/%m/%Y", "%m/%d/%Y"]));
        prop_assert_eq!(both.is_ok(), day == month, "{}", text);
        prop_assert_eq!(both.err(), (day != month).then_some(ValueError::AmbiguousDate));
    }
}
