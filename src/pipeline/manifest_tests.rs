//! What manifests promise: good ones pass, each difference has its rule, and all come at once.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::manifest::{is_manifest, pair_manifests, parse_manifest, stem};
use super::stability::ExtractTotals;
use crate::intake::Candidate;
use crate::model::{ContentHash, ExtractName};

const FILE: &str = "vouchers__grants__20201231__001.csv";
const MANIFEST: &str = "vouchers__grants__20201231__001.manifest.json";

fn hash() -> ContentHash {
    ContentHash::from_digest(&[7; 32])
}

fn totals() -> ExtractTotals {
    let sums = BTreeMap::from([("grant_offered_gbp".to_owned(), Decimal::new(123_450, 2))]);
    ExtractTotals { rows_in: 3, accepted: 2, quarantined: 1, sums, shares: BTreeMap::new() }
}

/// All findings about a manifest's text, as told.
fn told(text: &str) -> Vec<String> {
    let name = ExtractName::parse(FILE).expect("a name");
    let findings = match parse_manifest(MANIFEST, text) {
        Err(problems) => problems,
        Ok(manifest) => {
            let mut findings = manifest.check_file(FILE, &name, 2, &hash());
            findings.extend(manifest.check_totals(FILE, &totals()));
            findings
        }
    };
    findings.iter().map(|finding| format!("{} {}", finding.rule, finding.reason)).collect()
}

#[test]
fn a_manifest_that_agrees_is_silent() {
    let text = format!(
        r#"{{"row_count": 3, "sha256": "{}", "control_totals": {{"grant_offered_gbp": "1234.5"}},
             "schema_version": 2, "as_of": "2020-12-31", "supplier": "grants"}}"#,
        hash().as_str().to_uppercase()
    );
    assert_eq!(told(&text), [""; 0]);
    assert_eq!(told(r#"{"as_of": "20201231"}"#), [""; 0], "the form of file names will do");
    assert_eq!(told("\u{feff}{}"), [""; 0], "every key is optional, and Windows writes a mark");
}

#[test]
fn all_differences_come_at_once() {
    let text = r#"{"row_count": 4, "sha256": "abcdef0123", "control_totals": {"grant_offered_gbp": "1234.51",
        "scheme": "1"}, "schema_version": 3, "as_of": "2020-09-30", "supplier": "c1"}"#;
    assert_eq!(
        told(text),
        [
            "V064 the file's SHA-256 begins with 07070707, its manifest says abcdef01",
            "V065 the manifest says supplier `c1`, the file's name `grants`",
            "V065 the manifest says as_of `2020-09-30`, the file's name `2020-12-31`",
            "V065 the manifest says schema version 3, the schema here has 2",
            "V063 the file has 3 rows, its manifest says 4",
            "V062 the column sums to 1234.5, its manifest says 1234.51",
            "V062 the manifest gives the sum of a column that holds no numbers",
        ]
    );
}

#[test]
fn a_broken_manifest_says_how() {
    assert_eq!(told("{\n  \"row_count\" 3}"), ["V065 is not JSON: line 2 column 15"]);
    assert_eq!(told("[1]"), ["V065 is not a JSON object"]);
    assert_eq!(
        told(r#"{"rows": 3, "row_count": "3", "sha256": 5, "control_totals": {"a": 1.5}}"#),
        [
            "V065 `rows` is not a key of a manifest",
            "V065 `row_count` is not a whole number",
            "V065 `sha256` is not a text",
            "V065 `control_totals.a` is not a decimal number in quotes",
        ]
    );
    assert_eq!(told(r#"{"control_totals": []}"#), ["V065 `control_totals` is not an object"]);
}

#[test]
fn a_manifest_finds_the_extract_of_its_stem() {
    let candidate = |file: &str| Candidate {
        path: file.into(),
        file_name: file.to_owned(),
        name: ExtractName::parse(file),
        bytes: 1,
    };
    let lonely = "vouchers__grants__20201231__002.manifest.json";
    let paired = pair_manifests(vec![candidate(FILE), candidate(MANIFEST), candidate(lonely)]);
    assert_eq!(paired.candidates.len(), 1);
    assert_eq!(paired.manifests.keys().collect::<Vec<_>>(), ["vouchers__grants__20201231__001"]);
    assert_eq!(paired.orphans, [lonely]);
    assert!(is_manifest(MANIFEST) && !is_manifest(FILE));
    assert_eq!(stem("vouchers__grants__20201231__001.csv.gz"), stem(MANIFEST));
}
