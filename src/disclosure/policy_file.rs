//! Reads the keys of a policy file and collects what is wrong with them. No value ever stands in a problem.

use rust_decimal::Decimal;
use toml::{Table, Value};

use super::DisclosureError;
use super::policy::{Dominance, RecordedWaiver};
use super::rounding::Scheme;
use crate::model::GroupId;

/// The keys that were not asked for yet, and the problems so far.
pub(super) struct Keys<'a> {
    table: Table,
    problems: Vec<String>,
    file: &'a str,
}

impl<'a> Keys<'a> {
    pub(super) fn read(text: &str, file: &'a str) -> Result<Self, DisclosureError> {
        match text.parse() {
            Ok(table) => Ok(Self { table, problems: Vec::new(), file }),
            // The parser's own message quotes the line, so it is not passed on.
            Err(_) => {
                Err(DisclosureError::Policy { file: file.to_owned(), problems: vec!["it is not TOML".to_owned()] })
            }
        }
    }

    /// A text that says something. Empty where there is a problem, as is every answer below.
    pub(super) fn text(&mut self, key: &str) -> String {
        match self.table.remove(key) {
            Some(Value::String(text)) if !text.trim().is_empty() => return text,
            Some(_) => self.note(format!("`{key}` is not a text")),
            None => self.note(format!("`{key}` is missing")),
        }
        String::new()
    }

    /// A flag that is off when it is absent.
    pub(super) fn flag(&mut self, key: &str) -> bool {
        match self.table.remove(key) {
            None => false,
            Some(Value::Boolean(flag)) => flag,
            Some(_) => {
                self.note(format!("`{key}` is neither true nor false"));
                false
            }
        }
    }

    /// A whole number from `least` to 1000.
    pub(super) fn whole(&mut self, key: &str, least: u32) -> u32 {
        if !self.table.contains_key(key) {
            self.note(format!("`{key}` is missing"));
        }
        self.optional_whole(key, least).unwrap_or_default()
    }

    /// As [`Keys::whole`], but it may be absent.
    pub(super) fn optional_whole(&mut self, key: &str, least: u32) -> Option<u32> {
        let value = self.table.remove(key)?;
        let number = value.as_integer().and_then(|n| u32::try_from(n).ok()).filter(|n| (least..=1000).contains(n));
        if number.is_none() {
            self.note(format!("`{key}` is not a whole number from {least} to 1000"));
        }
        number
    }

    /// A number from 0 to 100.
    pub(super) fn percent(&mut self, key: &str) -> Decimal {
        if !self.table.contains_key(key) {
            self.note(format!("`{key}` is missing"));
        }
        self.optional_percent(key).unwrap_or_default()
    }

    fn optional_percent(&mut self, key: &str) -> Option<Decimal> {
        let percent = percent(&self.table.remove(key)?);
        if percent.is_none() {
            self.note(format!("`{key}` is not a number from 0 to 100"));
        }
        percent
    }

    /// Both parameters of the (n,k) rule, or neither.
    pub(super) fn dominance(&mut self) -> Option<Dominance> {
        let n = self.optional_whole("dominance_n", 1);
        let k_percent = self.optional_percent("dominance_k_percent");
        match (n, k_percent) {
            (Some(n), Some(k_percent)) if k_percent > Decimal::ZERO => return Some(Dominance { n, k_percent }),
            (None, None) => {}
            _ => {
                self.note(
                    "`dominance_n` and `dominance_k_percent` belong together, and the second is not 0".to_owned(),
                );
            }
        }
        None
    }

    /// Who agreed to be recognised: `group`, `by` and `reason` of each, all texts.
    pub(super) fn waivers(&mut self) -> Vec<RecordedWaiver> {
        let Some(value) = self.table.remove("waivers") else { return Vec::new() };
        let waivers: Option<Vec<RecordedWaiver>> = value.as_array().and_then(|all| all.iter().map(waiver).collect());
        waivers.unwrap_or_else(|| {
            self.note("`waivers` is not a list of tables with the texts `group`, `by` and `reason`".to_owned());
            Vec::new()
        })
    }

    pub(super) fn rounding(&mut self) -> Scheme {
        let Some(value) = self.table.remove("rounding") else { return Scheme::None };
        value.as_str().and_then(Scheme::find).unwrap_or_else(|| {
            self.note(format!("`rounding` is not one of {}", Scheme::ALL.map(Scheme::name).join(", ")));
            Scheme::None
        })
    }

    /// Nothing is left over and nothing was wrong.
    pub(super) fn finish(mut self) -> Result<(), DisclosureError> {
        self.problems.extend(self.table.keys().map(|key| format!("`{key}` is not a key of it")));
        if self.problems.is_empty() {
            return Ok(());
        }
        Err(DisclosureError::Policy { file: self.file.to_owned(), problems: self.problems })
    }

    fn note(&mut self, problem: String) {
        self.problems.push(problem);
    }
}

fn waiver(value: &Value) -> Option<RecordedWaiver> {
    let table = value.as_table().filter(|table| table.len() == 3)?;
    let text = |key: &str| table.get(key)?.as_str().filter(|text| !text.trim().is_empty());
    let group = GroupId::new(text("group")?).ok()?;
    Some(RecordedWaiver { group, by: text("by")?.to_owned(), reason: text("reason")?.to_owned() })
}

fn percent(value: &Value) -> Option<Decimal> {
    let decimal: Decimal = match value {
        Value::Integer(number) => Decimal::from(*number),
        // Its shortest text is what was typed; the binary value is not.
        Value::Float(number) => number.to_string().parse().ok()?,
        Value::String(text) => text.parse().ok()?,
        _ => return None,
    };
    (decimal >= Decimal::ZERO && decimal <= Decimal::ONE_HUNDRED).then_some(decimal)
}

#[cfg(test)]
mod tests {
    use crate::disclosure::Policy;

    const TEXT: &str = "version = \"1\"\nthreshold_count = 5\nthreshold_magnitude = 3\np_percent = 10\n";

    #[test]
    fn waivers_come_with_name_and_reason() {
        let waiver = "[[waivers]]\ngroup = \"G1\"\nby = \"A. Person\"\nreason = \"letter of 3 May 2020\"\n";
        let policy = Policy::parse(&format!("{TEXT}{waiver}"), "policy.toml").expect("a policy");
        let told: Vec<(&str, &str, &str)> =
            policy.recorded_waivers().iter().map(|w| (w.group.as_str(), w.by.as_str(), w.reason.as_str())).collect();
        assert_eq!(told, [("G1", "A. Person", "letter of 3 May 2020")]);
        assert_eq!(format!("{:?}", policy.waivers()), "Waivers(1)");
        let error = Policy::parse(&format!("{TEXT}[[waivers]]\ngroup = \"G1\"\nby = \"A. Person\"\n"), "policy.toml");
        assert_eq!(
            error.expect_err("no reason").to_string(),
            "read the disclosure policy policy.toml: `waivers` is not a list of tables with the texts `group`, `by` and \
             `reason`; see the guide for operators"
        );
    }
}
