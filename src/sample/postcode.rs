//! The postcodes that the sample's firms have, as a lookup would hold them. None of them exists.

use std::path::Path;

use super::error::SampleError;
use super::firm::Firm;
use super::shape::AUTHORITIES;
use super::sheet::Sheet;

/// Columns of `postcode_lookup`.
pub(super) const COLUMNS: &[&str] = &["postcode", "lad_code", "country", "terminated_on"];

/// Pairs of letters at the end of a postcode.
pub(super) const ENDINGS: usize = 26 * 26;

/// Which postcodes are in use: a flag each, so that memory does not grow with the firms.
pub(super) struct Postcodes(Vec<bool>);

impl Postcodes {
    pub(super) fn new() -> Self {
        Self(vec![false; AUTHORITIES.len() * ENDINGS])
    }

    /// Notes a firm's postcode.
    pub(super) fn note(&mut self, firm: &Firm) {
        if let Some(authority) = AUTHORITIES.iter().position(|((code, _), _)| *code == firm.lad_code) {
            self.0[authority * ENDINGS + firm.postcode_ending()] = true;
        }
    }

    /// Writes the lookup.
    pub(super) fn write(&self, folder: &Path, name: String) -> Result<(String, u64), SampleError> {
        let mut sheet = Sheet::create(folder, name, COLUMNS)?;
        for (place, _) in self.0.iter().enumerate().filter(|(_, used)| **used) {
            let ((lad_code, beginning), _) = AUTHORITIES[place / ENDINGS];
            let ending = place % ENDINGS;
            sheet.postcode(beginning, [letter(ending / 26), letter(ending % 26)]).text(lad_code);
            sheet.text("W92000004").empty();
            sheet.end()?;
        }
        sheet.finish()
    }
}

/// The capital letter at a place in the alphabet.
pub(super) fn letter(at: usize) -> u8 {
    u8::try_from(at).expect("a letter's place fits a byte") + b'A'
}
