//! Writes the files of a sample, one after the other to the end.

use std::fmt;
use std::path::Path;

use super::dirt::{Dirt, plant_files};
use super::error::SampleError;
use super::options::{Plan, SampleOptions};
use super::postcode::Postcodes;
use super::reference::{extract_name, write_references};
use super::sheet::Sheet;
use super::write_firm::write_firm;
use super::{account, claim, component, contact, cost, diagnostic, firm, outcome, planted, score, subsidy, voucher};

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
    /// The lines of `planted/planted.csv`: one a finding that must come of a defect, or a defect that must give none.
    pub defects: u64,
}

impl fmt::Display for SampleReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for file in &self.files {
            writeln!(f, "{:>12} rows  {}", file.rows, file.name)?;
        }
        if self.defects > 0 {
            writeln!(f, "{:>12} lines about planted defects in planted/planted.csv", self.defects)?;
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

/// The folder, below that of the extracts, in which the list of planted defects lies.
const LIST_FOLDER: &str = "planted";

/// The files that grow with the number of firms.
pub(super) struct Files {
    pub(super) businesses: Sheet,
    pub(super) contacts: Sheet,
    pub(super) diagnostics: [Sheet; 3],
    pub(super) scores: [Sheet; 3],
    pub(super) vouchers: Sheet,
    pub(super) components: Sheet,
    pub(super) costs: Sheet,
    pub(super) claims: Sheet,
    pub(super) outcomes: Sheet,
    /// Filed at Companies House, and told in a survey.
    pub(super) accounts: [Sheet; 2],
    pub(super) subsidies: Sheet,
    pub(super) postcodes: Postcodes,
}

impl Files {
    fn create(folder: &Path, plan: &Plan) -> Result<Self, SampleError> {
        let as_of = plan.to.compact();
        let sheet = |dataset: &str, supplier: &str, columns| {
            Sheet::create(folder, extract_name(dataset, supplier, &as_of), columns)
        };
        let diagnostics = |supplier| sheet("diagnostics", supplier, diagnostic::COLUMNS);
        let scores = |supplier| sheet("diagnostic_scores", supplier, score::COLUMNS);
        let accounts = |supplier| sheet("company_accounts", supplier, account::COLUMNS);
        Ok(Self {
            businesses: sheet("businesses", "wg", firm::COLUMNS)?,
            contacts: sheet("business_contacts", "wg", contact::COLUMNS)?,
            diagnostics: [diagnostics("c1")?, diagnostics("c2")?, diagnostics("c3")?],
            scores: [scores("c1")?, scores("c2")?, scores("c3")?],
            vouchers: sheet("vouchers", "grants", voucher::COLUMNS)?,
            components: sheet("voucher_components", "grants", component::COLUMNS)?,
            costs: sheet("voucher_costs", "grants", cost::COLUMNS)?,
            claims: sheet("voucher_claims", "grants", claim::COLUMNS)?,
            outcomes: sheet("rd_outcomes", "survey", outcome::COLUMNS)?,
            accounts: [accounts("ch")?, accounts("survey")?],
            subsidies: sheet("subsidy_history", "wg", subsidy::COLUMNS)?,
            postcodes: Postcodes::new(),
        })
    }

    fn finish(self, folder: &Path, as_of: &str) -> Result<Vec<(String, u64)>, SampleError> {
        let lookup = self.postcodes.write(folder, extract_name("postcode_lookup", "ons", as_of))?;
        let wide = [self.businesses, self.contacts, self.vouchers, self.components, self.costs, self.claims];
        let others = [self.outcomes, self.subsidies].into_iter().chain(self.accounts);
        let sheets = wide.into_iter().chain(others).chain(self.diagnostics).chain(self.scores);
        sheets.map(Sheet::finish).chain([Ok(lookup)]).collect()
    }
}

/// Writes all extracts of a sample into the folder `out`, which is made if it is not there. Files of the same names are
/// replaced, others are left alone. A file appears under its name only when it is complete. The list of planted defects
/// goes into the folder `planted` below `out`, where no ingest looks.
///
/// # Errors
/// When the options do not hold, or a file cannot be written.
pub fn write_sample(options: &SampleOptions, out: &Path) -> Result<SampleReport, SampleError> {
    let plan = Plan::new(options)?;
    create_folder(out)?;
    let mut dirt = None;
    if plan.dirt > 0 {
        let list = out.join(LIST_FOLDER);
        create_folder(&list)?;
        dirt = Some(Dirt::create(&list, &plan)?);
    }
    let mut files = Files::create(out, &plan)?;
    for number in 1..=plan.firms {
        write_firm(&mut files, dirt.as_mut(), &plan, number)?;
    }
    let planted = if options.planted { planted::write_planted(&mut files, &plan)? } else { Vec::new() };
    let as_of = plan.to.compact();
    let mut written = files.finish(out, &as_of)?;
    written.extend(write_references(out, plan.to)?);
    let mut defects = 0;
    if let Some(mut dirt) = dirt {
        let rows = written.iter().find(|(name, _)| name.starts_with("rd_outcomes__")).map_or(0, |(_, rows)| *rows);
        written.extend(plant_files(&mut dirt, out, &as_of, rows)?);
        defects = dirt.finish()?;
    }
    written.sort();
    let files = written.into_iter().map(|(name, rows)| WrittenFile { name, rows }).collect();
    Ok(SampleReport { files, planted, defects })
}

fn create_folder(path: &Path) -> Result<(), SampleError> {
    std::fs::create_dir_all(path).map_err(|source| SampleError::Folder { path: path.to_owned(), source })
}
