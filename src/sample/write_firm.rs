//! Writes the rows of one firm into the files of a sample: register, diagnostics, vouchers, outcomes, returns.

use crate::model::Severity;

use super::account::Accounts;
use super::component::{self, Share};
use super::diagnostic::Diagnostic;
use super::dirt::{Dirt, Plot};
use super::error::SampleError;
use super::firm::Firm;
use super::options::Plan;
use super::outcome::Outcome;
use super::score::Scores;
use super::shape::COMPONENTS;
use super::sheet::Sheet;
use super::story::{plant_funded_twice, plant_second_baseline, plant_withdrawn};
use super::voucher::Voucher;
use super::write::Files;
use super::{contact, cost, subsidy};

/// Writes them all.
pub(super) fn write_firm(
    files: &mut Files,
    mut dirt: Option<&mut Dirt>,
    plan: &Plan,
    number: i64,
) -> Result<(), SampleError> {
    let firm = Firm::draw(plan, number);
    if let Some(dirt) = dirt.as_deref_mut() {
        dirt.move_to(&firm);
    }
    files.postcodes.note(&firm);
    firm.put(&mut files.businesses, plan);
    end(dirt.as_deref_mut(), Plot::Businesses, &mut files.businesses)?;
    if contact::put(&mut files.contacts, plan, &firm) {
        end(dirt.as_deref_mut(), Plot::Contacts, &mut files.contacts)?;
    }
    for award in subsidy::draw_all(plan, &firm) {
        award.put(&mut files.subsidies, &firm);
        end(dirt.as_deref_mut(), Plot::Subsidies, &mut files.subsidies)?;
    }
    let diagnostics = Diagnostic::draw_all(plan, &firm);
    write_diagnostics(files, dirt.as_deref_mut(), plan, &firm, &diagnostics)?;
    let vouchers = Voucher::draw_all(plan, &firm, &diagnostics);
    let shares = component::draw_all(plan, &firm, &vouchers);
    for (voucher, shares) in vouchers.iter().zip(&shares) {
        write_voucher(files, dirt.as_deref_mut(), plan, &firm, voucher, shares)?;
    }
    let outcomes = Outcome::draw_all(plan, &firm, &diagnostics, &vouchers);
    write_outcomes(&mut files.outcomes, dirt.as_deref_mut(), plan, &firm, &vouchers, &outcomes)?;
    if let Some(accounts) = Accounts::draw(plan, &firm, &diagnostics) {
        write_accounts(&mut files.accounts[usize::from(!accounts.filed)], dirt, &firm, &accounts)?;
    }
    Ok(())
}

/// Ends the row at hand, with a defect where one is due.
fn end(dirt: Option<&mut Dirt>, plot: Plot, sheet: &mut Sheet) -> Result<u64, SampleError> {
    match dirt {
        Some(dirt) => dirt.end(plot, sheet),
        None => sheet.end(),
    }
}

fn write_diagnostics(
    files: &mut Files,
    mut dirt: Option<&mut Dirt>,
    plan: &Plan,
    firm: &Firm,
    diagnostics: &[Diagnostic],
) -> Result<(), SampleError> {
    let mut scores = Scores::draw(plan, firm);
    for diagnostic in diagnostics {
        let sheet = &mut files.diagnostics[diagnostic.contractor];
        diagnostic.put(sheet, firm);
        end(dirt.as_deref_mut(), Plot::Diagnostics, sheet)?;
        if let Some(dirt) = dirt.as_deref_mut() {
            plant_second_baseline(dirt, &mut files.diagnostics[1], firm, diagnostic)?;
        }
        if diagnostic.reported.is_some() {
            scores.advance(diagnostic);
            let sheet = &mut files.scores[diagnostic.contractor];
            Dirt::write_rows(dirt.as_deref_mut(), Plot::Scores, sheet, COMPONENTS.len(), |sheet, at| {
                scores.put(sheet, diagnostic, at);
            })?;
            if let Some(dirt) = dirt.as_deref_mut() {
                dirt.remember_diagnostic(firm, diagnostic);
            }
        }
    }
    Ok(())
}

fn write_voucher(
    files: &mut Files,
    mut dirt: Option<&mut Dirt>,
    plan: &Plan,
    firm: &Firm,
    voucher: &Voucher,
    shares: &[Share],
) -> Result<(), SampleError> {
    voucher.put(&mut files.vouchers, firm);
    let row = end(dirt.as_deref_mut(), Plot::Vouchers, &mut files.vouchers)?;
    let mut twice = false;
    if let Some(dirt) = dirt.as_deref_mut() {
        dirt.remember_voucher(firm, voucher);
        plant_withdrawn(dirt, &mut files.vouchers, firm, voucher, row)?;
        twice = plant_funded_twice(dirt, files, firm, voucher, shares)?;
    }
    if !twice {
        Dirt::write_rows(dirt.as_deref_mut(), Plot::Components, &mut files.components, shares.len(), |sheet, at| {
            component::put(sheet, voucher, shares[at]);
        })?;
    }
    let lines = cost::draw_lines(plan, voucher);
    Dirt::write_rows(dirt.as_deref_mut(), Plot::Costs, &mut files.costs, lines.len(), |sheet, at| {
        lines[at].put(sheet, voucher);
    })?;
    for claim in &voucher.claims {
        claim.put(&mut files.claims, voucher);
        end(dirt.as_deref_mut(), Plot::Claims, &mut files.claims)?;
    }
    Ok(())
}

fn write_outcomes(
    sheet: &mut Sheet,
    mut dirt: Option<&mut Dirt>,
    plan: &Plan,
    firm: &Firm,
    vouchers: &[Voucher],
    outcomes: &[Outcome],
) -> Result<(), SampleError> {
    let to_firm = outcomes.iter().any(|outcome| outcome.kind() == "NEW_TO_FIRM_PRODUCT");
    for ((at, outcome), place) in outcomes.iter().enumerate().zip(1..) {
        outcome.put(sheet, firm, place);
        if let Some(dirt) = dirt.as_deref_mut() {
            dirt.look_around(plan, vouchers, outcome);
        }
        let row = end(dirt.as_deref_mut(), Plot::Outcomes, sheet)?;
        let Some(dirt) = dirt.as_deref_mut() else { continue };
        // What is remarkable happens in clean samples too.
        if outcome.kind() == "NEW_TO_MARKET_PRODUCT" && !to_firm {
            dirt.note_drawn(sheet, row, "new-to-market-only", ("outcome_type", "X609", Severity::Warn))?;
        }
        if outcomes[..at].iter().any(|before| outcome.claims_jobs_of(before)) {
            dirt.note_drawn(sheet, row, "same-jobs-by-two-vouchers", ("quantity", "X610", Severity::Warn))?;
        }
    }
    Ok(())
}

fn write_accounts(
    sheet: &mut Sheet,
    mut dirt: Option<&mut Dirt>,
    firm: &Firm,
    accounts: &Accounts,
) -> Result<(), SampleError> {
    for at in 0..accounts.len() {
        accounts.put(sheet, firm, at);
        match dirt.as_deref_mut() {
            Some(dirt) if at == 0 => {
                dirt.around.more_years = accounts.len() >= 3;
                dirt.end(Plot::Accounts, sheet)?;
            }
            Some(dirt) => {
                sheet.end()?;
                dirt.count(Plot::Accounts, 1);
            }
            None => {
                sheet.end()?;
            }
        }
    }
    Ok(())
}
