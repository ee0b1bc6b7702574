//! From what was typed to a value of the right kind, or what is wrong with it. Looks at one value at a time.

use std::path::PathBuf;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use secrecy::SecretString;

use super::document::Literal;
use super::keys::KeyKind;
use super::quantity::{format_bytes, parse_bytes};

/// A value of the right kind.
#[derive(Clone, Debug)]
pub(super) enum Value {
    /// Text, a word of a choice, a mailbox, a log filter.
    Text(String),
    Path(PathBuf),
    /// A whole number, a size in bytes.
    Number(u64),
    Share(Decimal),
    Amount(Decimal),
    Day(Date),
    Days(Vec<Date>),
    Zone(TimeZone),
    Secret(SecretString),
}

/// The largest amount.
const MOST: u64 = 1_000_000_000_000;

/// What is wrong with a value, and what would be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    pub(super) what: String,
    pub(super) hint: String,
}

fn wrong(what: impl Into<String>, hint: impl Into<String>) -> Wrong {
    Wrong { what: what.into(), hint: hint.into() }
}

/// Types a value from the file.
pub(super) fn type_literal(kind: KeyKind, literal: &Literal) -> Result<Value, Wrong> {
    let mistyped = || wrong(format!("is {} where {} belongs", literal.kind(), describe_kind(kind)), example(kind));
    match (kind, literal) {
        (KeyKind::Secret, _) => Err(wrong(
            "a secret does not belong in a file that is shared",
            "set it in the environment, or name a file with `_file` after the key",
        )),
        (KeyKind::Days, Literal::List(items)) => {
            let days = items.iter().map(|item| match item {
                Literal::Text(text) | Literal::Moment(text) => parse_day(text),
                _ => Err(mistyped()),
            });
            days.collect::<Result<_, _>>().map(Value::Days)
        }
        (KeyKind::Integer(..) | KeyKind::Share | KeyKind::Amount, Literal::Integer(number)) => {
            type_text(kind, &number.to_string())
        }
        (KeyKind::Share | KeyKind::Amount, Literal::Number(text)) | (KeyKind::Day, Literal::Moment(text)) => {
            type_text(kind, text)
        }
        (KeyKind::Integer(..) | KeyKind::Share | KeyKind::Amount | KeyKind::Days, _) => Err(mistyped()),
        (_, Literal::Text(text)) => type_text(kind, text),
        _ => Err(mistyped()),
    }
}

/// Types a value from the environment or a flag, where everything is text.
pub(super) fn type_text(kind: KeyKind, text: &str) -> Result<Value, Wrong> {
    let invalid = || wrong(format!("`{text}` is not {}", describe_kind(kind)), example(kind));
    match kind {
        KeyKind::Secret if text.is_empty() => Err(wrong("is empty", "unset it, or give the secret")),
        KeyKind::Secret => Ok(Value::Secret(SecretString::from(text))),
        KeyKind::Days => {
            let days = text.split(',').map(str::trim).filter(|day| !day.is_empty());
            days.map(parse_day).collect::<Result<_, _>>().map(Value::Days)
        }
        _ if text.trim().is_empty() => Err(wrong("is empty", example(kind))),
        KeyKind::Text => Ok(Value::Text(text.to_owned())),
        KeyKind::Path => Ok(Value::Path(PathBuf::from(text))),
        KeyKind::Integer(least, most) => {
            let number = text.parse().map_err(|_| invalid())?;
            within(number, least, most, |bound| bound.to_string())
        }
        KeyKind::Bytes(least, most) => {
            let number = parse_bytes(text).map_err(|what| wrong(what, ""))?;
            within(number, least, most, format_bytes)
        }
        KeyKind::Share => {
            let share: Decimal = text.parse().map_err(|_| invalid())?;
            if share < Decimal::ZERO || share > Decimal::ONE { Err(invalid()) } else { Ok(Value::Share(share)) }
        }
        KeyKind::Amount => {
            let amount: Decimal = text.parse().map_err(|_| invalid())?;
            let fits = amount >= Decimal::ZERO && amount.scale() <= 10 && amount <= Decimal::from(MOST);
            if fits { Ok(Value::Amount(amount)) } else { Err(invalid()) }
        }
        KeyKind::Day => parse_day(text).map(Value::Day),
        KeyKind::Zone => TimeZone::get(text).map(Value::Zone).map_err(|_| invalid()),
        KeyKind::Choice(words) if words.contains(&text) => Ok(Value::Text(text.to_owned())),
        KeyKind::Mailbox if is_mailbox(text) => Ok(Value::Text(text.to_owned())),
        KeyKind::LogFilter if tracing_subscriber::EnvFilter::try_new(text).is_ok() => Ok(Value::Text(text.to_owned())),
        KeyKind::Choice(_) | KeyKind::Mailbox | KeyKind::LogFilter => Err(invalid()),
    }
}

fn within(number: u64, least: u64, most: u64, show: impl Fn(u64) -> String) -> Result<Value, Wrong> {
    if (least..=most).contains(&number) {
        return Ok(Value::Number(number));
    }
    Err(wrong(format!("{} is out of bounds", show(number)), format!("from {} to {}", show(least), show(most))))
}

fn parse_day(text: &str) -> Result<Date, Wrong> {
    let day = text.parse::<Date>().ok().filter(|day| day.to_string() == text);
    day.ok_or_else(|| wrong(format!("`{text}` is not {}", describe_kind(KeyKind::Day)), example(KeyKind::Day)))
}

/// Enough to catch a slip; `dispatch` parses it for the header.
fn is_mailbox(text: &str) -> bool {
    let address = match text.split_once('<') {
        Some((_, rest)) => rest.strip_suffix('>').unwrap_or_default(),
        None => text,
    };
    address.split_once('@').is_some_and(|(local, domain)| {
        let plain = |part: &str| !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || "@<>,;".contains(c));
        plain(local) && plain(domain)
    })
}

/// What a kind holds, for messages and the documentation.
pub(super) fn describe_kind(kind: KeyKind) -> String {
    match kind {
        KeyKind::Text => "a text".to_owned(),
        KeyKind::Path => "a path".to_owned(),
        KeyKind::Integer(least, most) => format!("a whole number from {least} to {most}"),
        KeyKind::Bytes(least, most) => format!("a size from {} to {}", format_bytes(least), format_bytes(most)),
        KeyKind::Share => "a number from 0 to 1".to_owned(),
        KeyKind::Amount => "a number that is not negative, of at most ten digits after the point".to_owned(),
        KeyKind::Day => "a day".to_owned(),
        KeyKind::Days => "a list of days".to_owned(),
        KeyKind::Zone => "a time zone".to_owned(),
        KeyKind::Choice(words) => format!("one of {}", words.join(", ")),
        KeyKind::Mailbox => "a mail address".to_owned(),
        KeyKind::LogFilter => "a log filter".to_owned(),
        KeyKind::Secret => "a secret".to_owned(),
    }
}

fn example(kind: KeyKind) -> &'static str {
    match kind {
        KeyKind::Text => "write it in quotes",
        KeyKind::Path => "write it in quotes, such as \"var/lake\"",
        KeyKind::Integer(..) => "write digits without quotes",
        KeyKind::Bytes(..) => "write it in quotes with a unit, such as \"512 MiB\"",
        KeyKind::Share => "write a fraction such as 0.95",
        KeyKind::Amount => "write digits without quotes, such as 500 or 1.25",
        KeyKind::Day => "write it as 2019-01-01",
        KeyKind::Days => "write it as [2022-06-03, 2022-09-19]",
        KeyKind::Zone => "take a name of the IANA database, such as \"Europe/London\"",
        KeyKind::Choice(_) => "write one of these words in quotes",
        KeyKind::Mailbox => "write \"Name <name@example.org>\" or only the address",
        KeyKind::LogFilter => "write a level such as \"info\", or \"warn,mesur=debug\"",
        KeyKind::Secret => "",
    }
}

#[cfg(test)]
mod tests {
    use super::super::keys::{Fallback, KEYS};
    use super::{is_mailbox, type_text};

    #[test]
    fn every_default_is_a_value_of_its_kind() {
        for key in KEYS {
            if let Fallback::Value(text) = key.fallback {
                assert!(type_text(key.kind, text).is_ok(), "{}: {text}", key.name);
            }
        }
    }

    #[test]
    fn mailboxes_are_told_from_slips() {
        for good in ["a@example.org", "Arloesi Cymru <pecyn@example.org>"] {
            assert!(is_mailbox(good), "{good}");
        }
        for bad in ["a", "a@", "@b", "Name <a@b", "a@b, c@d", "a b@c", "<>"] {
            assert!(!is_mailbox(bad), "{bad}");
        }
    }
}
