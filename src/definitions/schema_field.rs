//! Reads one field of a Table Schema with its constraints. A constraint that would not be checked is a problem, never
//! passed over.

use std::collections::BTreeMap;

use serde_json::Value;

use super::schema::{Bound, Constraints, Field, FieldKind, Repair, Sensitivity};
use super::schema_form::{read_date_forms, read_number_form, read_status};
use super::schema_node::{Node, Notes};
use super::schema_value::parse_stored;
use super::text_format::TextFormat;

const FIELD_KEYS: &[&str] = &[
    "name",
    "type",
    "format",
    "title",
    "description",
    "example",
    "examples",
    "rdfType",
    "groupChar",
    "decimalChar",
    "bareNumber",
    "trueValues",
    "falseValues",
    "constraints",
    "mesur",
];
const CONSTRAINT_KEYS: &[&str] =
    &["required", "unique", "pattern", "enum", "minimum", "maximum", "minLength", "maxLength"];
const OWN_KEYS: &[&str] = &[
    "sensitivity",
    "precision",
    "scale",
    "unit",
    "repair",
    "number",
    "dates",
    "status",
    "aliases",
    "derived",
    "freeText",
];
/// What Table Schema reads as true and false unless told otherwise.
const TRUTHS: [&str; 4] = ["true", "True", "TRUE", "1"];
const FALSEHOODS: [&str; 4] = ["false", "False", "FALSE", "0"];

pub(super) fn load_field(item: &Value, path: &str, notes: &Notes) -> Option<Field> {
    let mut node = Node::open(item, path, FIELD_KEYS, notes)?;
    let name = node.text("name")?;
    node.path = format!("{path} {name}");
    if !is_column_name(&name) {
        node.problem("name", "is not a column name", "use lower-case letters, digits and `_`, starting with a letter");
    }
    node.require("mesur");
    let own = node.child("mesur", OWN_KEYS)?;
    own.require("sensitivity");
    let kind = read_kind(&node, &own);
    let sensitivity = own.word(
        "sensitivity",
        &[("PUB", Sensitivity::Pub), ("INT", Sensitivity::Int), ("PERS", Sensitivity::Pers), ("CSI", Sensitivity::Csi)],
    );
    let number = read_number_form(&node, &own, kind.as_ref());
    let format = node.find_text("format").filter(|format| format != "default");
    let dates = read_date_forms(&node, &own, kind.as_ref(), format.as_deref());
    let status = read_status(&own, kind.as_ref());
    let is_free_text = own.flag("freeText");
    if is_free_text && !matches!(kind, Some(FieldKind::Text) | None) {
        own.problem("freeText", "belongs to strings only", "leave it out");
    }
    let mut field = Field {
        title: node.find_text("title").unwrap_or_default(),
        description: node.find_text("description").unwrap_or_default(),
        // Whoever forgets the class must not open the column: the load fails anyway, and the strictest class stands in.
        sensitivity: sensitivity.unwrap_or(Sensitivity::Pers),
        unit: own.find_text("unit"),
        constraints: Constraints::default(),
        repairs: read_repairs(&own),
        aliases: own.texts("aliases"),
        is_derived: own.flag("derived"),
        is_free_text,
        kind: kind?,
        name,
        number,
        dates,
        status,
    };
    let format = format.as_deref().filter(|_| field.kind == FieldKind::Text).and_then(TextFormat::named);
    field.constraints = Constraints { format, ..read_constraints(&node, &field) };
    Some(field)
}

fn is_column_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

fn read_kind(node: &Node<'_>, own: &Node<'_>) -> Option<FieldKind> {
    let words = |key: &str, default: [&str; 4]| {
        if node.get(key).is_some() { node.texts(key) } else { default.map(str::to_owned).to_vec() }
    };
    let kind = match node.text("type")?.as_str() {
        "string" => FieldKind::Text,
        "integer" => FieldKind::Integer,
        "number" => read_number(own)?,
        "date" => FieldKind::Date,
        "datetime" => FieldKind::Timestamp,
        "boolean" => {
            FieldKind::Boolean { truths: words("trueValues", TRUTHS), falsehoods: words("falseValues", FALSEHOODS) }
        }
        other => {
            node.problem("type", format!("is `{other}`"), "write string, integer, number, date, datetime or boolean");
            return None;
        }
    };
    if !matches!(kind, FieldKind::Number { .. }) {
        for key in ["precision", "scale"].into_iter().filter(|key| own.get(key).is_some()) {
            own.problem(key, "belongs to numbers only", "leave it out");
        }
    }
    Some(kind)
}

fn read_number(own: &Node<'_>) -> Option<FieldKind> {
    own.require("precision");
    own.require("scale");
    let precision: u8 = own.find_number("precision")?;
    let scale: i8 = own.find_number("scale")?;
    if precision == 0 || precision > 38 || u8::try_from(scale).is_ok_and(|scale| scale > precision) {
        own.problem("precision", "is not a possible number of digits", "1 to 38, and no fewer than the scale");
        return None;
    }
    Some(FieldKind::Number { precision, scale })
}

fn read_constraints(node: &Node<'_>, field: &Field) -> Constraints {
    let kind = &field.kind;
    let Some(limits) = node.child("constraints", CONSTRAINT_KEYS) else { return Constraints::default() };
    let pattern_source = limits.find_text("pattern");
    let pattern = pattern_source.as_ref().and_then(|source| {
        // Table Schema patterns match the whole value.
        regex::Regex::new(&format!("^(?:{source})$"))
            .map_err(|error| limits.problem("pattern", format!("does not compile: {error}"), "see the `regex` syntax"))
            .ok()
    });
    let is_text = matches!(kind, FieldKind::Text);
    for key in ["minLength", "maxLength"].into_iter().filter(|key| !is_text && limits.get(key).is_some()) {
        limits.problem(key, "belongs to strings only", "leave it out");
    }
    let orderless = is_text || matches!(kind, FieldKind::Boolean { .. });
    for key in ["minimum", "maximum"].into_iter().filter(|key| orderless && limits.get(key).is_some()) {
        limits.problem(key, "belongs to numbers and dates only", "leave it out");
    }
    let bound = |key: &str| if orderless { None } else { read_bound(&limits, key, field) };
    let (minimum, maximum) = (bound("minimum"), bound("maximum"));
    if let (Some(low), Some(high)) = (&minimum, &maximum)
        && low.stored > high.stored
    {
        limits.problem("minimum", "lies above the maximum", "");
    }
    let lengths = |key| limits.find_number::<usize>(key);
    let (min_length, max_length) = (lengths("minLength"), lengths("maxLength"));
    if min_length.zip(max_length).is_some_and(|(least, most)| least > most) {
        limits.problem("minLength", "lies above maxLength", "");
    }
    let allowed = limits.texts("enum");
    if allowed.is_empty() && limits.get("enum").is_some() {
        limits.problem("enum", "allows nothing", "list the values");
    }
    for value in allowed.iter().filter(|value| stored_limit(value, field).is_none()) {
        limits.problem("enum", format!("`{value}` is not a value of the field's type"), "");
    }
    let mut allowed_stored: Vec<i128> = Vec::new();
    if !is_text {
        allowed_stored.extend(allowed.iter().filter_map(|value| stored_limit(value, field)));
        allowed_stored.sort_unstable();
    }
    Constraints {
        required: limits.flag("required"),
        unique: limits.flag("unique"),
        format: None,
        pattern,
        pattern_source,
        allowed,
        allowed_stored,
        minimum,
        maximum,
        min_length,
        max_length,
    }
}

/// A limit as the field's values are written, or plainly.
pub(super) fn stored_limit(text: &str, field: &Field) -> Option<i128> {
    field.parse(text).or_else(|_| parse_stored(text, &field.kind)).ok()
}

fn read_bound(limits: &Node<'_>, key: &str, field: &Field) -> Option<Bound> {
    let (text, stored) = match limits.get(key)? {
        Value::String(text) => (text.clone(), stored_limit(text, field)),
        // A number of JSON has a point, whatever the values have.
        other => (other.to_string(), parse_stored(&other.to_string(), &field.kind).ok()),
    };
    if let Some(stored) = stored {
        return Some(Bound { stored, text });
    }
    limits.problem(key, format!("`{text}` is not a value of the field's type"), "write it as the field's values are");
    None
}

fn read_repairs(own: &Node<'_>) -> Vec<Repair> {
    let mut repairs = Vec::new();
    for (path, item) in own.list("repair") {
        match item {
            Value::String(word) if word == "trim" => repairs.push(Repair::Trim),
            Value::String(word) if word == "upper" => repairs.push(Repair::Upper),
            Value::String(word) if word == "pad8" => repairs.push(Repair::Pad8),
            Value::Object(object) if object.len() == 1 => match object.get("map").and_then(Value::as_object) {
                Some(pairs) => {
                    let texts =
                        pairs.iter().filter_map(|(wrong, right)| Some((wrong.clone(), right.as_str()?.to_owned())));
                    let texts: BTreeMap<String, String> = texts.collect();
                    if texts.len() < pairs.len() {
                        own.problem("repair", format!("{path} maps to what is no text"), "write it in quotes");
                    }
                    repairs.push(Repair::Map(texts));
                }
                None => own.problem("repair", format!("{path} is not a known repair"), "write { \"map\": { .. } }"),
            },
            _ => own.problem("repair", format!("{path} is not a known repair"), "write trim, upper, pad8 or a map"),
        }
    }
    repairs
}
