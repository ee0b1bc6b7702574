//! Bad rows of a dozen kinds. They are additional rows at the end of the files, most of them of one firm that no
//! sample draws (`WB-99000001`), so that the totals of the good rows stay as they are.

use super::claim;
use super::day::Day;
use super::diagnostic::{Contractor, Diagnostic};
use super::error::SampleError;
use super::firm::Firm;
use super::options::Plan;
use super::score::Scores;
use super::sheet::Sheet;
use super::voucher::Voucher;
use super::write::{Files, PlantedRow};

/// The number of the firm of which most planted rows tell.
const PLANTED_FIRM: i64 = 99_000_001;

/// A number that no firm has.
const NOBODY: i64 = 99_999_999;

/// Ends the row at hand after spoiling `column`, and notes it.
fn spoil(
    notes: &mut Vec<PlantedRow>,
    sheet: &mut Sheet,
    column: &'static str,
    value: Option<&str>,
    what: &'static str,
) -> Result<(), SampleError> {
    if let Some(value) = value {
        sheet.replace(column, value);
    }
    let row = sheet.end()?;
    notes.push(PlantedRow { file: sheet.name().to_owned(), row, column, what });
    Ok(())
}

/// Plants them all.
pub(super) fn write_planted(files: &mut Files, plan: &Plan) -> Result<Vec<PlantedRow>, SampleError> {
    let mut notes = Vec::new();
    let firm = Firm::planted(plan, PLANTED_FIRM);
    plant_businesses(&mut notes, files, plan, &firm)?;
    plant_diagnostics(&mut notes, files, plan, &firm)?;
    plant_vouchers(&mut notes, files, plan, &firm)?;
    plant_outcomes(&mut notes, files, plan, &firm)?;
    Ok(notes)
}

fn plant_businesses(
    notes: &mut Vec<PlantedRow>,
    files: &mut Files,
    plan: &Plan,
    firm: &Firm,
) -> Result<(), SampleError> {
    let sheet = &mut files.businesses;
    firm.put(sheet, plan);
    spoil(notes, sheet, "lad_code", Some("W06000007"), "retired code of Powys: repaired to W06000023")?;
    Firm::planted(plan, PLANTED_FIRM + 1).put(sheet, plan);
    spoil(notes, sheet, "sme_class", Some("GIANT"), "no such size class")?;
    Firm::planted(plan, PLANTED_FIRM + 2).put(sheet, plan);
    spoil(notes, sheet, "legal_name", Some(""), "required value missing")?;
    Firm::draw(plan, 1).put(sheet, plan);
    spoil(notes, sheet, "business_id", None, "second row of one key")
}

/// A diagnostic of the planted firm, reported and with a plan.
fn reported(plan: &Plan, firm: &Firm, wave: i64, contractor: Contractor) -> Diagnostic {
    Diagnostic::planted(firm, wave, contractor, plan.from.plus(7).workday())
}

fn plant_diagnostics(
    notes: &mut Vec<PlantedRow>,
    files: &mut Files,
    plan: &Plan,
    firm: &Firm,
) -> Result<(), SampleError> {
    let good = reported(plan, firm, 0, 0);
    let [first, second, third] = &mut files.diagnostics;
    good.put(first, firm);
    first.replace("site_lad_code", "W06000007");
    let what = "fee with VAT is not net plus VAT: kept with a warning (the retired code is repaired)";
    spoil(notes, first, "fee_gross", Some("1999.99"), what)?;
    reported(plan, firm, 1, 0).put(first, firm);
    let early = plan.from.text();
    spoil(notes, first, "visited_on", Some(&early), "visit before its request")?;
    reported(plan, firm, 2, 1).put(second, &Firm::planted(plan, NOBODY));
    spoil(notes, second, "business_id", None, "no such business")?;
    reported(plan, firm, 3, 2).put(third, firm);
    third.replace("turnover_at_visit_gbp", "n/k");
    spoil(notes, third, "wave", None, "wave without the one before (a turnover that is not known is no defect)")?;

    let mut scores = Scores::draw(plan, firm);
    scores.advance(&good);
    let [first, second, _] = &mut files.scores;
    for at in 0..super::shape::COMPONENTS.len() {
        scores.put(first, &good, at);
        if at == 10 {
            for (column, value) in [("applicable", "true"), ("target_level", "5.0"), ("importance", "3")] {
                first.replace(column, value);
            }
            spoil(notes, first, "current_level", Some("6.0"), "level above 5: its diagnostic has 20 good rows left")?;
        } else {
            first.end()?;
        }
    }
    scores.put(second, &Diagnostic { number: NOBODY * 10, ..good }, 0);
    spoil(notes, second, "diagnostic_id", None, "no such diagnostic")
}

fn plant_vouchers(notes: &mut Vec<PlantedRow>, files: &mut Files, plan: &Plan, firm: &Firm) -> Result<(), SampleError> {
    let sheet = &mut files.vouchers;
    let applied = plan.from.plus(40).workday();
    let mut voucher = Voucher::planted(firm, 1, applied);
    voucher.put(sheet, firm);
    for (column, value) in [("eligible_cost_gbp", "200000.02"), ("private_match_gbp", "100000.01")] {
        sheet.replace(column, value);
    }
    sheet.replace("intervention_rate", "0.50000").replace("subsidy_amount_gbp", "100000.01");
    spoil(notes, sheet, "grant_offered_gbp", Some("100000.01"), "grant a penny above the cap of IV Plus")?;
    voucher.number += 1;
    voucher.put(sheet, firm);
    spoil(notes, sheet, "private_match_gbp", Some("1.00"), "costs do not add up to the eligible cost")?;
    voucher.number += 1;
    voucher.put(sheet, firm);
    sheet.end()?;
    if let Some(claim) = claim::planted(&voucher) {
        claim.put(&mut files.claims, &voucher);
        spoil(notes, &mut files.claims, "approved_gbp", None, "more approved than claimed")?;
    }
    Ok(())
}

fn plant_outcomes(notes: &mut Vec<PlantedRow>, files: &mut Files, plan: &Plan, firm: &Firm) -> Result<(), SampleError> {
    let sheet = &mut files.outcomes;
    let day: Day = plan.from.plus(80).workday();
    let outcome = super::outcome::Outcome::planted(day);
    outcome.put(sheet, firm, 1);
    spoil(notes, sheet, "attribution_pct", Some("110.00"), "a share above 100 per cent")?;
    outcome.put(sheet, firm, 2);
    spoil(notes, sheet, "observed_on", Some("03/04/2020"), "a day that can be read in two ways")
}
