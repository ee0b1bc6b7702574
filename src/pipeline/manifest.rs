//! The manifest that a supplier may lay beside an extract: `{same stem}.manifest.json`. Pairs the two, reads it, and
//! compares it with what was received. All differences are told at once; each refuses the file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rust_decimal::Decimal;
use serde_json::Value;

use crate::intake::Candidate;
use crate::model::{ContentHash, ExtractName, Finding, Place, RuleId, Severity};

use super::stability::ExtractTotals;

/// A sum that differs from the manifest's.
pub(super) const CONTROL_TOTAL: RuleId = RuleId::of("V062");
/// A number of rows that differs from the manifest's.
pub(super) const MANIFEST_ROW_COUNT: RuleId = RuleId::of("V063");
/// Bytes that are not those of the manifest.
pub(super) const MANIFEST_HASH: RuleId = RuleId::of("V064");
/// A manifest that cannot be read, belongs to nothing, or to another extract.
pub(super) const MANIFEST_BROKEN: RuleId = RuleId::of("V065");

/// How the name of a manifest ends.
const ENDING: &str = ".manifest.json";
/// The largest manifest that is read, in bytes.
const MOST_BYTES: u64 = 1 << 20;
/// The keys that a manifest may have. All are optional; a key that is there is checked.
const KEYS: [&str; 6] = ["row_count", "sha256", "control_totals", "schema_version", "as_of", "supplier"];

/// What a supplier says about an extract, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Manifest {
    row_count: Option<u64>,
    sha256: Option<String>,
    control_totals: BTreeMap<String, Decimal>,
    schema_version: Option<u64>,
    as_of: Option<String>,
    supplier: Option<String>,
}

/// Files of an inbox with the manifests taken out.
pub(super) struct Paired {
    /// Extracts.
    pub(super) candidates: Vec<Candidate>,
    /// Manifests whose extract is there, by the stem of both.
    pub(super) manifests: BTreeMap<String, PathBuf>,
    /// File names of manifests without an extract.
    pub(super) orphans: Vec<String>,
}

/// Whether a file is a manifest by its name.
pub(super) fn is_manifest(file_name: &str) -> bool {
    file_name.ends_with(ENDING)
}

/// The stem that an extract shares with its manifest: all before the first dot.
pub(super) fn stem(file_name: &str) -> &str {
    file_name.split_once('.').map_or(file_name, |(stem, _)| stem)
}

/// Parts the files of an inbox into extracts and their manifests.
pub(super) fn pair_manifests(files: Vec<Candidate>) -> Paired {
    let (found, candidates): (Vec<_>, Vec<_>) = files.into_iter().partition(|file| is_manifest(&file.file_name));
    let mut paired = Paired { candidates, manifests: BTreeMap::new(), orphans: Vec::new() };
    for file in found {
        if paired.candidates.iter().any(|candidate| stem(&candidate.file_name) == stem(&file.file_name)) {
            paired.manifests.insert(stem(&file.file_name).to_owned(), file.path);
        } else {
            paired.orphans.push(file.file_name);
        }
    }
    paired
}

/// The manifest beside a file that lies anywhere, if there is one.
pub(super) fn find_beside(path: &Path) -> Option<PathBuf> {
    let name = path.file_name()?.to_string_lossy().into_owned();
    let beside = path.with_file_name(format!("{}{ENDING}", stem(&name)));
    beside.is_file().then_some(beside)
}

/// Why a manifest without an extract is refused.
pub(super) fn orphan(file_name: &str) -> Finding {
    let reason = format!("no extract `{}` lies beside the manifest", file_name.replace(ENDING, ".*"));
    broken(file_name, reason, "deliver the extract, or take the manifest away")
}

/// Reads a manifest.
///
/// # Errors
/// Every problem of it, as findings.
pub(super) fn load_manifest(path: &Path) -> Result<Manifest, Vec<Finding>> {
    let file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let fail = |reason: String| vec![broken(&file, reason, "deliver the manifest again")];
    let bytes = std::fs::metadata(path).map_err(|error| fail(format!("cannot be read: {error}")))?.len();
    if bytes > MOST_BYTES {
        return Err(fail(format!("has {bytes} bytes, more than the {MOST_BYTES} that a manifest may have")));
    }
    let text = std::fs::read_to_string(path).map_err(|error| fail(format!("cannot be read: {error}")))?;
    parse_manifest(&file, &text)
}

/// Reads the text of a manifest.
pub(super) fn parse_manifest(file: &str, text: &str) -> Result<Manifest, Vec<Finding>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let map = match serde_json::from_str::<Value>(text) {
        Ok(Value::Object(map)) => map,
        Ok(_) => return Err(vec![broken(file, "is not a JSON object".to_owned(), "write { ... }")]),
        Err(error) => {
            let reason = format!("is not JSON: line {} column {}", error.line(), error.column());
            return Err(vec![broken(file, reason, "check quotes, commas and brackets there")]);
        }
    };
    let mut problems = Vec::new();
    let mut problem = |key: &str, what: &str, hint: &str| {
        problems.push(broken(file, format!("`{key}` {what}"), hint));
    };
    for key in map.keys().filter(|key| !KEYS.contains(&key.as_str())) {
        problem(key, "is not a key of a manifest", &format!("known are {}", KEYS.join(", ")));
    }
    let mut manifest = Manifest::default();
    for (key, slot) in [("row_count", &mut manifest.row_count), ("schema_version", &mut manifest.schema_version)] {
        match map.get(key).map(Value::as_u64) {
            Some(None) => problem(key, "is not a whole number", "write digits without quotes"),
            number => *slot = number.flatten(),
        }
    }
    let texts =
        [("sha256", &mut manifest.sha256), ("as_of", &mut manifest.as_of), ("supplier", &mut manifest.supplier)];
    for (key, slot) in texts {
        match map.get(key).map(Value::as_str) {
            Some(None) => problem(key, "is not a text", "write it in quotes"),
            text => *slot = text.flatten().map(str::to_owned),
        }
    }
    match map.get("control_totals") {
        None => {}
        Some(Value::Object(totals)) => {
            for (column, total) in totals {
                match total.as_str().map(str::parse::<Decimal>) {
                    Some(Ok(total)) => drop(manifest.control_totals.insert(column.clone(), total)),
                    _ => problem(
                        &format!("control_totals.{column}"),
                        "is not a decimal number in quotes",
                        "write it as \"1234.50\"",
                    ),
                }
            }
        }
        Some(_) => problem("control_totals", "is not an object", "write { \"column\": \"1234.50\" }"),
    }
    if problems.is_empty() { Ok(manifest) } else { Err(problems) }
}

impl Manifest {
    /// Compares it with what is known of a file before it is decoded.
    pub(super) fn check_file(
        &self,
        file: &str,
        name: &ExtractName,
        schema_version: u32,
        hash: &ContentHash,
    ) -> Vec<Finding> {
        let mut findings = Vec::new();
        if let Some(told) = self.sha256.as_ref().filter(|told| !told.eq_ignore_ascii_case(hash.as_str())) {
            let reason = format!("the file's SHA-256 begins with {}, its manifest says {}", hash.short(), start(told));
            let hint = "the file was changed or cut on its way: deliver both again";
            findings.push(finding(MANIFEST_HASH, file, None, reason, hint));
        }
        let day = name.as_of.to_string();
        let said = [
            ("supplier", self.supplier.as_deref(), name.supplier.to_string()),
            // Both forms of a day are in use: the one of texts and the one of file names.
            ("as_of", self.as_of.as_deref().filter(|told| told.replace('-', "") != day.replace('-', "")), day),
            ("schema_version", None, String::new()),
        ];
        for (key, told, known) in said {
            if let Some(told) = told.filter(|told| *told != known) {
                let reason = format!("the manifest says {key} `{told}`, the file's name `{known}`");
                findings.push(finding(MANIFEST_BROKEN, file, None, reason, "deliver the manifest of this extract"));
            }
        }
        if let Some(told) = self.schema_version.filter(|told| *told != u64::from(schema_version)) {
            let reason = format!("the manifest says schema version {told}, the schema here has {schema_version}");
            let hint = "agree on the version of the schema with the supplier";
            findings.push(finding(MANIFEST_BROKEN, file, None, reason, hint));
        }
        findings
    }

    /// Whether it says that the file has no rows.
    pub(super) fn confirms_no_rows(&self) -> bool {
        self.row_count == Some(0)
    }

    /// Compares it with what was counted in the file.
    pub(super) fn check_totals(&self, file: &str, totals: &ExtractTotals) -> Vec<Finding> {
        let mut findings = Vec::new();
        if let Some(told) = self.row_count.filter(|told| *told != totals.rows_in) {
            let reason = format!("the file has {} rows, its manifest says {told}", totals.rows_in);
            let hint = "the file is not complete, or the manifest is of another one: deliver both again";
            findings.push(finding(MANIFEST_ROW_COUNT, file, None, reason, hint));
        }
        for (column, told) in &self.control_totals {
            let reason = match totals.sums.get(column) {
                None => "the manifest gives the sum of a column that holds no numbers".to_owned(),
                Some(sum) if sum == told => continue,
                Some(sum) => {
                    format!("the column sums to {}, its manifest says {}", sum.normalize(), told.normalize())
                }
            };
            let hint = "find the rows that differ, or that cannot be read, and deliver both again";
            findings.push(finding(CONTROL_TOTAL, file, Some(column), reason, hint));
        }
        findings
    }
}

/// The beginning of a hash, or all of a text that is none.
fn start(text: &str) -> String {
    text.chars().take(8).collect()
}

fn broken(file: &str, reason: String, hint: &str) -> Finding {
    finding(MANIFEST_BROKEN, file, None, reason, hint)
}

fn finding(rule: RuleId, file: &str, column: Option<&str>, reason: String, hint: &str) -> Finding {
    Finding {
        rule,
        severity: Severity::Refuse,
        place: Place { file: file.to_owned(), column: column.map(str::to_owned), ..Place::default() },
        value: None,
        reason,
        hint: hint.to_owned(),
    }
}
