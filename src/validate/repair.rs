//! Fixed mendings of a text, in the order of the schema. Each one that changes anything is recorded.

use std::borrow::Cow;

use crate::definitions::Repair;
use crate::model::RuleId;

use super::rules;

/// A mending that took place.
pub(super) struct Repaired {
    pub(super) rule: RuleId,
    pub(super) reason: &'static str,
}

/// Applies the repairs to a text.
pub(super) fn repair_text<'a>(text: &'a str, repairs: &[Repair], done: &mut Vec<Repaired>) -> Cow<'a, str> {
    let mut current = Cow::Borrowed(text);
    for repair in repairs {
        if let Some((changed, repaired)) = apply(&current, repair) {
            current = Cow::Owned(changed);
            done.push(repaired);
        }
    }
    current
}

fn apply(text: &str, repair: &Repair) -> Option<(String, Repaired)> {
    match repair {
        Repair::Trim => {
            let trimmed = text.trim();
            let repaired = Repaired { rule: rules::TRIMMED, reason: "blanks around the value were removed" };
            (trimmed.len() < text.len()).then(|| (trimmed.to_owned(), repaired))
        }
        Repair::Upper => {
            if !text.chars().any(char::is_lowercase) {
                return None;
            }
            let repaired = Repaired { rule: rules::UPPER_CASED, reason: "small letters were made capital" };
            Some((text.to_uppercase(), repaired))
        }
        Repair::Pad8 => {
            let short = (1..8).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
            let repaired = Repaired { rule: rules::PADDED, reason: "leading zeros were added to eight digits" };
            short.then(|| (format!("{text:0>8}"), repaired))
        }
        Repair::Map(pairs) => {
            let repaired = Repaired { rule: rules::MAPPED, reason: "a known outdated value was replaced" };
            pairs.get(text).map(|right| (right.clone(), repaired))
        }
    }
}
