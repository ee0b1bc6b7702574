//! Writes the files of a sample, firm by firm.

use std::fmt;
use std::path::Path;

use super::diagnostic::{self, Diagnostic};
use super::error::SampleError;
use super::firm::{self, Firm};
use super::options::{Plan, SampleOptions};
use super::outcome::{self, Outcome};
use super::reference::{extract_name, write_references};
use super::score::{self, Scores};
use super::sheet::Sheet;
use super::voucher::{self, Voucher};
use super::{claim, planted};

/// A file of the sample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenFile {
    /// Its name without folder.
    pub name: String,
    /// Its rows without the header.
    pub rows: u64,
}

/// A row that is wrong on purpose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlantedRow {
    /// The file.
    pub file: String,
    /// The row in the file; the header is row 1.
    pub row: u64,
    /// The column that is wrong.
    pub column: &'static str,
    /// What is wrong with it.
    pub what: &'static str,
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SampleReport {
    /// Every file, sorted by name.
    pub files: Vec<WrittenFile>,
    /// Every planted row, in the order of writing; empty unless asked for.
    pub planted: Vec<PlantedRow>,
}

impl fmt::Display for SampleReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for file in &self.files {
            writeln!(f, "{:>12} rows  {}", file.rows, file.name)?;
        }
        if self.planted.is_empty() {
            return Ok(());
        }
        writeln!(f, "planted:")?;
        for row in &self.planted {
            writeln!(f, "  {} > row {} > {}: {}", row.file, row.row, row.column, row.what)?;
        }
        Ok(())
    }
}

/// The files that grow with the number of firms.
pub(super) struct Files {
    pub(super) businesses: Sheet,
    pub(super) diagnostics: [Sheet; 3],
    pub(super) scores: [Sheet; 3],
    pub(super) vouchers: Sheet,
    pub(super) claims: Sheet,
    pub(super) outcomes: Sheet,
}

impl Files {
    fn create(folder: &Path, plan: &Plan) -> Result<Self, SampleError> {
        let as_of = plan.to.compact();
        let sheet = |dataset: &str, supplier: &str, columns| {
            Sheet::create(folder, extract_name(dataset, supplier, &as_of), columns)
        };
        let diagnostics = |supplier| sheet("diagnostics", supplier, diagnostic::COLUMNS);
        let scores = |supplier| sheet("diagnostic_scores", supplier, score::COLUMNS);
        Ok(Self {
            businesses: sheet("businesses", "wg", firm::COLUMNS)?,
            diagnostics: [diagnostics("c1")?, diagnostics("c2")?, diagnostics("c3")?],
            scores: [scores("c1")?, scores("c2")?, scores("c3")?],
            vouchers: sheet("vouchers", "grants", voucher::COLUMNS)?,
            claims: sheet("voucher_claims", "grants", claim::COLUMNS)?,
            outcomes: sheet("rd_outcomes", "survey", outcome::COLUMNS)?,
        })
    }

    fn finish(self) -> Result<Vec<(String, u64)>, SampleError> {
        let single = [self.businesses, self.vouchers, self.claims, self.outcomes];
        single.into_iter().chain(self.diagnostics).chain(self.scores).map(Sheet::finish).collect()
    }
}

/// Writes all extracts of a sample into the folder `out`, which is made if it is not there. Files of the same names are
/// replaced, others are left alone. A file appears under its name only when it is complete.
///
/// # Errors
/// When the options do not hold, or a file cannot be written.
pub fn write_sample(options: &SampleOptions, out: &Path) -> Result<SampleReport, SampleError> {
    let plan = Plan::new(options)?;
    std::fs::create_dir_all(out).map_err(|source| SampleError::Folder { path: out.to_owned(), source })?;
    let mut files = Files::create(out, &plan)?;
    for number in 1..=plan.firms {
        write_firm(&mut files, &plan, number)?;
    }
    let planted = if options.planted { planted::write_planted(&mut files, &plan)? } else { Vec::new() };
    let mut written = files.finish()?;
    written.extend(write_references(out, plan.to)?);
    written.sort();
    let files = written.into_iter().map(|(name, rows)| WrittenFile { name, rows }).collect();
    Ok(SampleReport { files, planted })
}

fn write_firm(files: &mut Files, plan: &Plan, number: i64) -> Result<(), SampleError> {
    let firm = Firm::draw(plan, number);
    firm.put(&mut files.businesses, plan);
    files.businesses.end()?;
    let diagnostics = Diagnostic::draw_all(plan, &firm);
    let mut scores = Scores::draw(plan, &firm);
    for diagnostic in &diagnostics {
        let sheet = &mut files.diagnostics[diagnostic.contractor];
        diagnostic.put(sheet, &firm);
        sheet.end()?;
        if diagnostic.reported.is_some() {
            scores.advance(diagnostic);
            scores.write(&mut files.scores[diagnostic.contractor], diagnostic)?;
        }
    }
    let vouchers = Voucher::draw_all(plan, &firm, &diagnostics);
    for voucher in &vouchers {
        voucher.put(&mut files.vouchers, &firm);
        files.vouchers.end()?;
        for claim in &voucher.claims {
            claim.put(&mut files.claims, voucher);
            files.claims.end()?;
        }
    }
    for (place, outcome) in (1..).zip(&Outcome::draw_all(plan, &firm, &diagnostics, &vouchers)) {
        outcome.put(&mut files.outcomes, &firm, place);
        files.outcomes.end()?;
    }
    Ok(())
}
