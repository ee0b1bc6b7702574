//! Defects that take several rows: a second baseline by another contractor, double funding, an application that was
//! withdrawn and made anew.

use crate::model::Severity::{Quarantine, Warn};

use super::component::{self, Share};
use super::diagnostic::Diagnostic;
use super::dirt::Dirt;
use super::error::SampleError;
use super::firm::Firm;
use super::sheet::Sheet;
use super::voucher::Voucher;
use super::write::Files;

/// A defect of several rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Story {
    SecondBaseline,
    FundedTwice,
    WithdrawnThenApproved,
}

/// How many there are.
pub(super) const STORIES: usize = 3;

/// Lets the second contractor report a first diagnostic that the first contractor has reported already.
pub(super) fn plant_second_baseline(
    dirt: &mut Dirt,
    second: &mut Sheet,
    firm: &Firm,
    diagnostic: &Diagnostic,
) -> Result<(), SampleError> {
    let fits = diagnostic.contractor == 0 && diagnostic.wave == 0 && diagnostic.reported.is_some();
    if !fits || !dirt.takes_turn(Story::SecondBaseline) {
        return Ok(());
    }
    let again = Diagnostic { contractor: 1, ..diagnostic.clone() };
    again.put(second, firm);
    dirt.refresh(second);
    let row = second.end()?;
    dirt.note(second.name(), Some(row), "second-baseline", Some(("wave", "X213", Quarantine)))
}

/// Writes the components of a firm's vouchers, with a project of an Innovation Voucher that Innovation Voucher Plus pays
/// for too where that is due.
pub(super) fn plant_funded_twice(
    dirt: &mut Dirt,
    files: &mut Files,
    firm: &Firm,
    voucher: &Voucher,
    shares: &[Share],
) -> Result<bool, SampleError> {
    let fits = voucher.scheme.code == "IV" && voucher.decision == "APPROVED" && voucher.started.is_some();
    if !fits || !dirt.takes_turn(Story::FundedTwice) {
        return Ok(false);
    }
    let case = "funded-twice";
    let twice = voucher.funded_twice(dirt.fresh_number());
    twice.put(&mut files.vouchers, firm);
    let row = files.vouchers.end()?;
    dirt.note(files.vouchers.name(), Some(row), case, None)?;
    let sheet = &mut files.components;
    for (at, share) in shares.iter().enumerate() {
        component::put(sheet, voucher, *share);
        let row = sheet.end()?;
        if at == 0 {
            dirt.note(sheet.name(), Some(row), case, Some(("voucher_id", "X443", Warn)))?;
        }
    }
    component::put(sheet, &twice, (shares[0].0, 10_000));
    let row = sheet.end()?;
    dirt.note(sheet.name(), Some(row), case, Some(("voucher_id", "X443", Warn)))?;
    Ok(true)
}

/// Adds an application that was withdrawn before the one in `row` was approved.
pub(super) fn plant_withdrawn(
    dirt: &mut Dirt,
    sheet: &mut Sheet,
    firm: &Firm,
    voucher: &Voucher,
    row: u64,
) -> Result<(), SampleError> {
    if voucher.decision != "APPROVED" || !dirt.takes_turn(Story::WithdrawnThenApproved) {
        return Ok(());
    }
    let case = "withdrawn-then-approved";
    voucher.withdrawn(dirt.fresh_number()).put(sheet, firm);
    let withdrawn = sheet.end()?;
    dirt.note(sheet.name(), Some(withdrawn), case, None)?;
    dirt.note(sheet.name(), Some(row), case, Some(("voucher_id", "X424", Warn)))
}
