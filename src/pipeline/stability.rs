//! Whether an extract resembles those before it: its number of rows and the shares of its categories. Pure: what was
//! counted comes in, findings go out. Never tells a value of a row; a category is named only when its column is open.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::definitions::{Schema, Sensitivity, Stability};
use crate::ledger::PastExtract;
use crate::model::{Finding, Place, RuleId, Severity};

/// Fewer rows than the last extract, by more than the declared share.
pub(super) const ROW_COUNT_DROP: RuleId = RuleId::of("V060");
/// A category's share moved by more than the declared number of standard deviations.
pub(super) const SHARE_MOVED: RuleId = RuleId::of("V061");

/// From so many earlier extracts on, their own spread counts too.
const HISTORY: usize = 3;
/// How many categories a finding names.
const NAMED: usize = 5;

/// What is counted in an extract while it is checked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ExtractTotals {
    /// Rows the file held.
    pub(super) rows_in: u64,
    /// Rows to go into the lake.
    pub(super) accepted: u64,
    /// Rows set aside.
    pub(super) quarantined: u64,
    /// The sum of every column of numbers over all rows in; what could not be read counts as nothing.
    pub(super) sums: BTreeMap<String, Decimal>,
    /// By declared column, how many rows in each category holds.
    pub(super) shares: BTreeMap<String, BTreeMap<String, u64>>,
}

/// Compares an extract with those before it, the newest first.
pub(super) fn check_stability(
    file: &str,
    schema: &Schema,
    rules: &Stability,
    totals: &ExtractTotals,
    past: &[PastExtract],
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let Some(last) = past.first() else { return findings };
    findings.extend(check_rows(file, rules, totals.rows_in, last));
    let history: Vec<ExtractTotals> = past
        .iter()
        .filter_map(|extract| extract.totals.as_ref())
        .filter_map(|totals| ExtractTotals::deserialize(totals).ok())
        .collect();
    for column in &rules.shares {
        let shares: Vec<&BTreeMap<String, u64>> =
            history.iter().filter_map(|totals| totals.shares.get(column)).collect();
        let Some(now) = totals.shares.get(column).filter(|_| !shares.is_empty()) else { continue };
        findings.extend(check_shares(file, schema, column, rules.deviations, now, &shares));
    }
    findings
}

/// Holds a snapshot of which no row is good, after one that had rows: it would leave nothing of its supplier in the
/// dataset. No schema needs to ask for that.
pub(super) fn check_not_empty(file: &str, totals: &ExtractTotals, past: &[PastExtract]) -> Option<Finding> {
    let last = past.first().filter(|last| last.rows_in > 0 && totals.accepted == 0)?;
    let reason = format!(
        "none of the {} rows is good, and the extract would replace `{}`, which had {} rows",
        totals.rows_in, last.file_name, last.rows_in
    );
    let hint = "ask the supplier for the rows; if there are none any more, let the file through with --accept V060";
    Some(dropped(file, Severity::Refuse, reason, hint))
}

/// Holds a header without rows, unless the one before it was let through as such: hardly a supplier means to say
/// nothing, and what refers to the missing rows would be refused in their place.
pub(super) fn check_has_rows(file: &str, past: &[PastExtract]) -> Option<Finding> {
    let hint = "ask the supplier for the rows; if there are none to report, let the file through with --accept V060";
    let found = || dropped(file, Severity::Refuse, "the file has a header and no rows".to_owned(), hint);
    past.first().is_none_or(|last| last.rows_in > 0).then(found)
}

/// What is told of a whole file with too few rows.
fn dropped(file: &str, severity: Severity, reason: String, hint: &str) -> Finding {
    let place = Place { file: file.to_owned(), ..Place::default() };
    Finding { rule: ROW_COUNT_DROP, severity, place, value: None, reason, hint: hint.to_owned() }
}

fn check_rows(file: &str, rules: &Stability, rows: u64, last: &PastExtract) -> Option<Finding> {
    let limit = rules.row_drop?;
    let (before, now) = (Decimal::from(last.rows_in), Decimal::from(rows));
    if before.is_zero() || before - now <= limit * before {
        return None;
    }
    let percent = |share: Decimal| (share * Decimal::ONE_HUNDRED).round_dp(1).normalize();
    let (drop, most) = (percent((before - now) / before), percent(limit));
    let reason = format!(
        "the extract has {rows} rows, {drop} % fewer than the {} of `{}`; at most {most} % is expected",
        last.rows_in, last.file_name
    );
    let hint =
        "ask the supplier whether rows are missing; if the drop is right, let the file through with --accept V060";
    Some(dropped(file, rules.severity, reason, hint))
}

/// A category whose share moved, and by how much.
struct Move {
    category: String,
    from: Decimal,
    to: Decimal,
}

fn check_shares(
    file: &str,
    schema: &Schema,
    column: &str,
    deviations: Decimal,
    now: &BTreeMap<String, u64>,
    history: &[&BTreeMap<String, u64>],
) -> Option<Finding> {
    let rows: u64 = now.values().sum();
    if rows == 0 {
        return None;
    }
    let categories: BTreeSet<&String> = now.keys().chain(history.iter().flat_map(|past| past.keys())).collect();
    let mut moves: Vec<Move> = Vec::new();
    for category in categories {
        let to = share_of(now, category)?;
        let past: Vec<Decimal> = history.iter().filter_map(|past| share_of(past, category)).collect();
        let Some((from, variance)) = expect(&past, history[0], category) else { continue };
        let change = to - from;
        if change * change > deviations * deviations * variance {
            moves.push(Move { category: category.clone(), from, to });
        }
    }
    if moves.is_empty() {
        return None;
    }
    moves.sort_by_key(|change| std::cmp::Reverse((change.to - change.from).abs()));
    let open = schema.find_field(column).is_some_and(|field| field.sensitivity <= Sensitivity::Int);
    let told: Vec<String> = moves.iter().take(NAMED).map(|change| tell(change, open)).collect();
    let more = if moves.len() > NAMED { format!(", and {} more", moves.len() - NAMED) } else { String::new() };
    Some(Finding {
        rule: SHARE_MOVED,
        severity: Severity::Warn,
        place: Place { file: file.to_owned(), column: Some(column.to_owned()), ..Place::default() },
        value: None,
        reason: format!(
            "shares moved by more than {} standard deviations: {}{more}",
            deviations.normalize(),
            told.join(", ")
        ),
        hint: "ask the supplier whether a selection or a coding has changed".to_owned(),
    })
}

fn tell(change: &Move, open: bool) -> String {
    let percent = |share: Decimal| (share * Decimal::ONE_HUNDRED).round_dp(1).normalize();
    let name = if open { format!("`{}` ", change.category) } else { String::new() };
    format!("{name}from {} % to {} %", percent(change.from), percent(change.to))
}

fn share_of(counts: &BTreeMap<String, u64>, category: &str) -> Option<Decimal> {
    let rows: u64 = counts.values().sum();
    let count = counts.get(category).copied().unwrap_or(0);
    (rows > 0).then(|| Decimal::from(count) / Decimal::from(rows))
}

/// The expected share of a category and the variance around it. With few earlier extracts that is the last share and
/// its binomial variance; with [`HISTORY`] or more, their mean, and the larger of their own variance and the binomial
/// one, so that a history that happens to stand still does not make every row a surprise.
fn expect(past: &[Decimal], last: &BTreeMap<String, u64>, category: &str) -> Option<(Decimal, Decimal)> {
    let rows: u64 = last.values().sum();
    if rows == 0 {
        return None;
    }
    // One row more in each direction keeps the variance of a category that was empty, or everything, above nothing.
    let count = last.get(category).copied().unwrap_or(0);
    let likely = Decimal::from(count + 1) / Decimal::from(rows + 2);
    let binomial = likely * (Decimal::ONE - likely) / Decimal::from(rows);
    if past.len() < HISTORY {
        return Some((*past.first()?, binomial));
    }
    let number = Decimal::from(past.len());
    let mean = past.iter().sum::<Decimal>() / number;
    let squares: Decimal = past.iter().map(|share| (*share - mean) * (*share - mean)).sum();
    Some((mean, binomial.max(squares / (number - Decimal::ONE))))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use rust_decimal::Decimal;

    use super::{ExtractTotals, check_rows, check_shares, check_stability};
    use crate::definitions::{Schema, Stability, load_schemas};
    use crate::ledger::PastExtract;
    use crate::model::{ContentHash, Finding, Severity};

    const FILE: &str = "things__c1__20201231__001.csv";

    fn schema() -> Schema {
        let text = r#"{"name": "things", "title": "Things", "description": "",
            "fields": [{"name": "id", "type": "string", "mesur": {"sensitivity": "PUB"}},
                       {"name": "area", "type": "string", "mesur": {"sensitivity": "PUB"}},
                       {"name": "name", "type": "string", "mesur": {"sensitivity": "PERS"}}],
            "primaryKey": "id", "mesur": {"version": 1, "mode": "snapshot"}}"#;
        let dir = tempfile::tempdir().expect("a folder");
        std::fs::write(dir.path().join("things.json"), text).expect("a file");
        load_schemas(dir.path()).expect("a schema").into_values().next().expect("one")
    }

    fn rules() -> Stability {
        Stability {
            row_drop: Some(Decimal::new(5, 2)),
            severity: Severity::Refuse,
            shares: vec!["area".to_owned(), "name".to_owned()],
            deviations: Decimal::from(3),
        }
    }

    fn counts(pairs: &[(&str, u64)]) -> BTreeMap<String, u64> {
        pairs.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect()
    }

    fn totals(pairs: &[(&str, u64)]) -> ExtractTotals {
        let shares = BTreeMap::from([("area".to_owned(), counts(pairs))]);
        let rows_in = pairs.iter().map(|(_, count)| count).sum();
        ExtractTotals { rows_in, accepted: rows_in, shares, ..ExtractTotals::default() }
    }

    fn past(totals: &ExtractTotals) -> PastExtract {
        PastExtract {
            hash: ContentHash::from_digest(&[1; 32]),
            file_name: "things__c1__20200930__001.csv".to_owned(),
            rows_in: totals.rows_in,
            totals: Some(serde_json::to_value(totals).expect("JSON")),
        }
    }

    fn found(now: &[(&str, u64)], before: &[&[(&str, u64)]]) -> Vec<Finding> {
        let past: Vec<PastExtract> = before.iter().map(|pairs| past(&totals(pairs))).collect();
        check_stability(FILE, &schema(), &rules(), &totals(now), &past)
    }

    #[test]
    fn a_drop_at_the_limit_passes_and_one_row_more_holds() {
        let last = past(&totals(&[("A", 1000)]));
        assert!(check_rows(FILE, &rules(), 950, &last).is_none());
        assert!(check_rows(FILE, &rules(), 2000, &last).is_none());
        let finding = check_rows(FILE, &rules(), 949, &last).expect("a finding");
        assert_eq!(
            finding.to_string(),
            "things__c1__20201231__001.csv: V060 the extract has 949 rows, 5.1 % fewer than the 1000 of \
             `things__c1__20200930__001.csv`; at most 5 % is expected (ask the supplier whether rows are missing; if \
             the drop is right, let the file through with --accept V060)"
        );
        assert_eq!(finding.severity, Severity::Refuse);
    }

    #[test]
    fn the_first_extract_has_nothing_to_be_compared_with() {
        assert_eq!(found(&[("A", 1)], &[]), []);
    }

    #[test]
    fn a_share_moves_beyond_three_standard_errors_of_the_last() {
        // 400 of 1,000: one standard error is about 1.55 points.
        assert_eq!(found(&[("A", 445), ("B", 555)], &[&[("A", 400), ("B", 600)]]), []);
        let findings = found(&[("A", 450), ("B", 550)], &[&[("A", 400), ("B", 600)]]);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].severity, Severity::Warn);
        assert_eq!(
            findings[0].reason,
            "shares moved by more than 3 standard deviations: `A` from 40 % to 45 %, `B` from 60 % to 55 %"
        );
    }

    #[test]
    fn a_history_that_varies_allows_more() {
        let before: [&[(&str, u64)]; 4] = [
            &[("A", 400), ("B", 600)],
            &[("A", 500), ("B", 500)],
            &[("A", 300), ("B", 700)],
            &[("A", 450), ("B", 550)],
        ];
        assert_eq!(found(&[("A", 500), ("B", 500)], &before), []);
        assert_eq!(found(&[("A", 900), ("B", 100)], &before).len(), 1);
    }

    #[test]
    fn a_new_category_of_one_row_is_no_surprise_and_one_of_many_is() {
        let last: &[(&str, u64)] = &[("A", 1000)];
        assert_eq!(found(&[("A", 999), ("B", 1)], &[last]), []);
        assert_eq!(found(&[("A", 900), ("B", 100)], &[last]).len(), 1);
        assert_eq!(found(&[("B", 1000)], &[last]).len(), 1);
    }

    #[test]
    fn a_category_of_a_personal_column_is_not_named() {
        let (now, last) = (counts(&[("Ann", 900), ("Bob", 100)]), counts(&[("Ann", 100), ("Bob", 900)]));
        let finding = check_shares(FILE, &schema(), "name", Decimal::from(3), &now, &[&last]).expect("a finding");
        assert!(!finding.to_string().contains("Ann"), "{finding}");
    }

    #[test]
    fn totals_survive_the_ledger() {
        let mut totals = totals(&[("A", 3)]);
        totals.sums.insert("money".to_owned(), Decimal::new(12345, 2));
        let json = serde_json::to_value(&totals).expect("JSON");
        assert_eq!(json["sums"]["money"], "123.45");
        assert_eq!(serde_json::from_value::<ExtractTotals>(json).expect("totals"), totals);
    }
}
