//! What a pack is made of: protected tables and the words around them. Nothing here was read from a file by `pack`.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::definitions::Text;
use crate::disclosure::Protected;
use crate::model::{
    AreaCode, Artefact, DatasetName, Direction, EditionId, IndicatorId, Language, MailBody, Period, PlacedCells,
    RagLimits, Table, Target,
};

/// What the pack says about an indicator. The figures' units are in the tables' headers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogueEntry {
    /// The full name.
    pub title: Text,
    /// A name of two short lines, for headlines.
    pub short: Text,
    /// How it is computed, in words.
    pub formula: Text,
    /// Where the data come from.
    pub source: Text,
    /// Which date places an event in a quarter.
    pub dated_by: String,
    /// Actions of the plan it belongs to.
    pub actions: Vec<u8>,
    /// Whether more is better.
    pub direction: Direction,
}

/// An area's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AreaName {
    /// `WWV`, `EW`, `WALES`, `UK` or a local authority code.
    pub code: AreaCode,
    /// Its name.
    pub name: Text,
    /// For an authority, the region it lies in (`WWV` or `EW`).
    pub region: Option<AreaCode>,
}

/// One of the 21 components of the diagnostic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComponentName {
    /// `PE1` to `PI3`.
    pub code: String,
    /// The code of its group, `PE MS SC CI PI`.
    pub group: String,
    /// The name of its group.
    pub group_name: Text,
    /// Its own name.
    pub name: Text,
}

/// What became of a dataset's rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatasetQuality {
    /// Which table.
    pub dataset: DatasetName,
    /// Rows read; accepted plus quarantined.
    pub rows_in: u64,
    /// Rows in the lake, repaired ones among them.
    pub accepted: u64,
    /// Accepted rows in which a rule mended a value.
    pub repaired: u64,
    /// Rows refused.
    pub quarantined: u64,
    /// Files refused whole.
    pub refused_files: u64,
}

/// The quality of the data behind an edition.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct QualityStatement {
    /// One entry a dataset, in the order of printing.
    pub datasets: Vec<DatasetQuality>,
}

/// How many cells are confidential, in total. Never per table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct SuppressionSummary {
    /// All cells of all tables.
    pub cells: u64,
    /// Those that are confidential.
    pub hidden: u64,
}

/// To what figures are rounded, once, when they are printed (domain, section 3.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rounding {
    /// Counts of programme data go to the nearest multiple; 1 leaves them alone.
    pub count_base: u32,
    /// Money in tables goes to the nearest multiple of so many pounds or euros; 1 leaves whole ones.
    pub money_base: u32,
    /// Money in headlines goes to the nearest multiple of so many pounds.
    pub headline_money_base: u32,
    /// Whether counts came rounded by their size.
    pub by_size: bool,
}

impl Rounding {
    /// Whole numbers, whole pounds, headlines to 0.1 million.
    pub const NONE: Self = Self { count_base: 1, money_base: 1, headline_money_base: 100_000, by_size: false };
    /// Counts to 5, money to 1,000, headlines to 0.1 million.
    pub const STANDARD: Self = Self { count_base: 5, money_base: 1_000, headline_money_base: 100_000, by_size: false };
    /// Counts to steps that grow with their size, money to 1,000, headlines to 0.1 million.
    pub const LADDER: Self = Self { count_base: 1, money_base: 1_000, headline_money_base: 100_000, by_size: true };

    pub(super) fn base(base: u32) -> Decimal {
        Decimal::from(base.max(1))
    }
}

/// Everything a pack is rendered from. The same input gives the same bytes.
#[derive(Clone, Copy, Debug)]
pub struct PackInput<'a> {
    /// Which edition.
    pub edition: &'a EditionId,
    /// The quarter reported.
    pub period: Period,
    /// Up to which day the data are known.
    pub as_of: Date,
    /// The short hash of the lake's snapshot.
    pub snapshot: &'a str,
    /// Whether all figures are provisional.
    pub provisional: bool,
    /// Whether the data are invented (`sample`); every page then says so.
    pub illustrative: bool,
    /// Whether the clock was fixed by hand; the cover then says so.
    pub rehearsal: bool,
    /// One table an indicator and measure.
    pub tables: &'a [Table<Protected>],
    /// Names and methods of the indicators.
    pub catalogue: &'a BTreeMap<IndicatorId, CatalogueEntry>,
    /// Targets, profiles and budgets.
    pub targets: &'a [Target],
    /// Limits of the status words.
    pub rag: RagLimits,
    /// Rounding of printed figures.
    pub rounding: Rounding,
    /// Names of areas.
    pub areas: &'a [AreaName],
    /// Names of the components.
    pub components: &'a [ComponentName],
    /// What became of the rows.
    pub quality: &'a QualityStatement,
    /// How much is confidential.
    pub suppression: &'a SuppressionSummary,
    /// Names of sections in order ([`super::SECTIONS`]); empty for all.
    pub sections: &'a [String],
    /// The version of this program.
    pub code_version: &'a str,
    /// Whom readers write to, if the mail should link to somebody.
    pub contact: Option<&'a str>,
    /// What else the manifest records: policy version and HMAC, settings.
    pub parameters: &'a BTreeMap<String, String>,
}

/// A rendered pack.
#[derive(Clone, Debug)]
pub struct Pack {
    /// PDF and ODS in both languages (Welsh first), then the CSV of all cells.
    pub artefacts: Vec<Artefact>,
    /// `manifest.json`: what the others are, with their hashes.
    pub manifest: Artefact,
    /// The mail with Welsh first.
    pub mail_cy_first: MailBody,
    /// The mail with English first.
    pub mail_en_first: MailBody,
    /// Where in the workbooks released cells stand; the same in both languages.
    pub cells: PlacedCells,
}

impl Pack {
    /// The mail for a reader who prefers a language; both languages are in it.
    #[must_use]
    pub fn mail(&self, first: Language) -> &MailBody {
        match first {
            Language::Cy => &self.mail_cy_first,
            Language::En => &self.mail_en_first,
        }
    }
}
