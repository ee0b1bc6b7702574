//! Reads how the values of a field may be written: number forms, date forms, codes. What cannot be meant is a problem.

use serde_json::Value;

use super::date_form::DateForm;
use super::number_form::{NumberForm, Percent};
use super::schema::FieldKind;
use super::schema_node::Node;
use super::status_codes::{STATUSES, StatusCodes};
use super::text_format::TextFormat;

pub(super) fn read_number_form(node: &Node<'_>, own: &Node<'_>, kind: Option<&FieldKind>) -> NumberForm {
    let is_number = matches!(kind, Some(FieldKind::Integer | FieldKind::Number { .. }) | None);
    for key in ["groupChar", "decimalChar", "bareNumber"].into_iter().filter(|key| node.get(key).is_some()) {
        if !is_number {
            node.problem(key, "belongs to numbers only", "leave it out");
        }
    }
    if !is_number && own.get("number").is_some() {
        own.problem("number", "belongs to numbers only", "leave it out");
    }
    let point = read_char(node, "decimalChar").unwrap_or('.');
    let mut form = NumberForm {
        point: u8::try_from(point).unwrap_or(b'.'),
        group: read_char(node, "groupChar"),
        bare: node.get("bareNumber").is_none() || node.flag("bareNumber"),
        ..NumberForm::default()
    };
    if !matches!(point, '.' | ',') {
        node.problem("decimalChar", "is neither a point nor a comma", "write \".\" or \",\"");
    }
    if form.group == Some(point) {
        node.problem("groupChar", "is the decimal character too", "thousands and decimals are kept apart");
    }
    let Some(number) = own.child("number", &["accounting", "currency", "percent", "suffixes"]) else { return form };
    form.accounting = number.flag("accounting");
    form.currency = number.texts("currency");
    for sign in form.currency.iter().filter(|sign| !is_ornament(sign)) {
        number.problem("currency", format!("`{sign}` can be part of a number"), "name a sign such as \"£\" or \"GBP\"");
    }
    form.percent = number.word("percent", &[("points", Percent::Points), ("fraction", Percent::Fraction)]);
    if let Some(suffixes) = number.get("suffixes") {
        let Some(pairs) = suffixes.as_object() else {
            number.problem("suffixes", "is not an object", "write { \"m\": 1000000 }");
            return form;
        };
        for (suffix, factor) in pairs {
            match factor.as_u64().filter(|factor| *factor > 0) {
                Some(factor) if is_ornament(suffix) => form.suffixes.push((suffix.clone(), i128::from(factor))),
                _ => number.problem(
                    "suffixes",
                    format!("`{suffix}` is no letter with a whole factor"),
                    "write { \"m\": 1000000 }",
                ),
            }
        }
    }
    form.suffixes.sort_by_key(|(suffix, _)| std::cmp::Reverse(suffix.len()));
    form
}

/// Whether a text can stand beside a number without being taken for a part of it.
fn is_ornament(text: &str) -> bool {
    !text.is_empty() && !text.contains(|c: char| c.is_ascii_digit() || c.is_whitespace() || "+-.,()%".contains(c))
}

/// A single character that is no part of a number.
fn read_char(node: &Node<'_>, key: &str) -> Option<char> {
    let text = node.find_text(key)?;
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (Some(c), None) if !c.is_ascii_digit() && !matches!(c, '-' | '+') => Some(c),
        _ => {
            node.problem(key, "is not one separating character", "write \",\"");
            None
        }
    }
}

pub(super) fn read_date_forms(
    node: &Node<'_>,
    own: &Node<'_>,
    kind: Option<&FieldKind>,
    format: Option<&str>,
) -> Vec<DateForm> {
    let is_date = matches!(kind, Some(FieldKind::Date) | None);
    let mut forms = Vec::new();
    if let Some(format) = format {
        let is_known_text = matches!(kind, Some(FieldKind::Text)) && TextFormat::named(format).is_some();
        match DateForm::named(format) {
            Ok(form) if is_date => forms.push(form),
            Err(what) if is_date => node.problem("format", format!("`{format}` {what}"), "write %d/%m/%Y, for example"),
            _ if is_known_text => {}
            _ => node.problem("format", format!("`{format}` is not supported"), "leave the format out"),
        }
    }
    if !is_date && own.get("dates").is_some() {
        own.problem("dates", "belongs to dates only", "leave it out");
    }
    for name in own.texts("dates") {
        match DateForm::named(&name) {
            Ok(form) if !forms.contains(&form) => forms.push(form),
            Ok(_) => {}
            Err(what) => own.problem("dates", format!("`{name}` {what}"), "or financial-year, or excel-serial"),
        }
    }
    if forms.is_empty() {
        forms.push(DateForm::Iso);
    }
    forms
}

pub(super) fn read_status(own: &Node<'_>, kind: Option<&FieldKind>) -> Option<StatusCodes> {
    let node = own.child("status", &["codes", "marks", "field"])?;
    let mut status = StatusCodes { field: node.find_text("field"), ..StatusCodes::default() };
    let own_words = status.field.is_some();
    for (code, meaning) in read_pairs(&node, "codes", own_words) {
        if code.is_empty() {
            node.problem("codes", "gives the empty text a status", "nothing at all says nothing about why");
        }
        status.codes.insert(code, meaning);
    }
    status.marks = read_pairs(&node, "marks", own_words);
    status.marks.sort_by_key(|(mark, _)| std::cmp::Reverse(mark.len()));
    if !status.marks.is_empty() && !matches!(kind, Some(FieldKind::Integer | FieldKind::Number { .. }) | None) {
        node.problem("marks", "belong to numbers only", "list whole texts under codes");
    }
    if status.marks.iter().any(|(mark, _)| mark.is_empty() || mark.ends_with(|c: char| c.is_ascii_digit())) {
        node.problem("marks", "can be part of a number", "a mark does not end in a digit");
    }
    if status.codes.is_empty() && status.marks.is_empty() {
        node.problem("codes", "is empty", "list the texts that stand for no value");
    }
    Some(status)
}

/// Texts with their statuses. A status that goes to the schema's own field may be any word.
fn read_pairs(node: &Node<'_>, key: &str, own_words: bool) -> Vec<(String, String)> {
    let Some(value) = node.get(key) else { return Vec::new() };
    let Some(pairs) = value.as_object() else {
        node.problem(key, "is not an object", "write { \"..\": \"x\" }");
        return Vec::new();
    };
    let mut read = Vec::new();
    for (text, status) in pairs {
        match status {
            Value::String(status) if own_words || STATUSES.contains(&status.as_str()) => {
                read.push((text.clone(), status.clone()));
            }
            _ => {
                node.problem(key, format!("`{text}` means no known status"), format!("one of {}", STATUSES.join(", ")));
            }
        }
    }
    read
}
