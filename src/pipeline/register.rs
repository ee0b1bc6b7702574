//! What editions that went out have said, so that the next ones are checked against it, and what each adds to the register
//! of released cells. Never decides whether a figure may be told.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use sha2::{Digest, Sha256};

use super::{PipelineError, Workspace};
use crate::disclosure::{Earlier, Protected, Step};
use crate::edition;
use crate::ledger::{CellToRelease, DigestedCell, EditionRecord, GroupDigests, released_by};
use crate::model::{
    AreaCode, CellAddress, CellKey, EditionId, Kind, ObsStatus, Observation, Period, PublishedCell, Raw, RawCell,
    Table, TableHeader, TimeKey,
};
use crate::pack::{PrintedCell, list_printed};

/// What was said before, as far as it is about tables that are built now.
#[derive(Debug, Default)]
pub(super) struct Past {
    pub(super) tables: Vec<Table<Earlier>>,
    pub(super) steps: Vec<Step>,
}

/// What was said of one area and one choice of members: times, and who stood behind it.
type Words = BTreeMap<(AreaCode, Vec<String>), Vec<(TimeKey, GroupDigests)>>;

impl Workspace {
    /// The editions of a quarter and of those before it that went out: all of them, or those that were out when an edition
    /// was built. What a later quarter gave away of this one cannot be taken back by hiding it here.
    pub(super) async fn released_until(
        &self,
        period: Period,
        built: Option<&EditionRecord>,
    ) -> Result<Vec<EditionId>, PipelineError> {
        let mut out: Vec<EditionId> =
            self.ledger.list_released_editions().await?.into_iter().map(|(id, _)| id).collect();
        // In the order in which they went, whatever the clock said: an edition goes under the lock under which it was built.
        if let Some(own) = built.and_then(|record| out.iter().position(|id| *id == record.id)) {
            out.truncate(own);
        }
        out.retain(|id| id.period <= period);
        Ok(out)
    }

    /// What some editions said, beside the tables of a new one. `sums` are theirs, as the register would hold them.
    pub(super) async fn past(
        &self,
        editions: &[EditionId],
        raw: &[Table<Raw>],
        sums: &[DigestedCell],
    ) -> Result<Past, PipelineError> {
        let mut past = Past::default();
        if editions.is_empty() {
            return Ok(past);
        }
        for id in editions {
            past.tables.extend(self.said_by(id, raw).await?);
        }
        let sources: BTreeSet<String> = editions.iter().map(released_by).collect();
        let now: BTreeMap<&str, &GroupDigests> = sums.iter().map(|sum| (sum.cell.as_str(), &sum.groups)).collect();
        for table in raw.iter().filter(|table| is_registered(table.header())) {
            let mut words = Words::new();
            for cell in self.ledger.list_released_cells(&subject(table.header())).await? {
                if let Some(address) = sources.contains(&cell.source).then(|| cell.cell.parse::<CellAddress>().ok()) {
                    let Some(CellAddress { key, .. }) = address else { continue };
                    words.entry((key.area, key.members)).or_default().push((key.time, cell.groups));
                }
            }
            past.steps.extend(steps(table, &words, &now));
        }
        Ok(past)
    }

    /// An edition's own figures, from its file of all cells. Where its files are gone, only the register speaks.
    async fn said_by(&self, id: &EditionId, raw: &[Table<Raw>]) -> Result<Vec<Table<Earlier>>, PipelineError> {
        let Some(record) = self.ledger.find_edition(id).await? else { return Ok(Vec::new()) };
        let artefacts = match edition::load_artefacts(&record.path) {
            Ok(artefacts) => artefacts,
            Err(error) => {
                tracing::warn!(edition = %id, %error, "compared by its contributors only");
                return Ok(Vec::new());
            }
        };
        let csv = artefacts.iter().filter(|file| file.media_type == "text/csv");
        let mut by_table: BTreeMap<(String, String), BTreeMap<CellKey, PublishedCell>> = BTreeMap::new();
        for (address, cell) in csv.flat_map(|file| list_printed(&file.bytes)) {
            let name = (address.indicator.to_string(), address.measure);
            by_table.entry(name).or_default().extend(read_cell(&cell).map(|cell| (address.key, cell)));
        }
        let header = |table: &Table<Raw>| table.header().clone();
        let said = |header: TableHeader| {
            let cells = by_table.remove(&(header.indicator.to_string(), header.measure.clone()))?;
            Some(Table::new(Earlier, header, cells))
        };
        Ok(raw.iter().filter(|table| is_registered(table.header())).map(header).filter_map(said).collect())
    }

    /// What would be in the register once these tables are out, to be kept until then.
    pub(super) fn to_be_released(&self, sums: Vec<DigestedCell>, told: &[Table<Protected>]) -> Vec<DigestedCell> {
        let mut values: BTreeMap<String, Decimal> = BTreeMap::new();
        for table in told {
            let header = table.header();
            for (key, cell) in table.cells() {
                values.extend(cell.observation.value().map(|value| (address(header, key), value)));
            }
        }
        let shown = |sum: DigestedCell| {
            let value = values.get(&sum.cell)?.normalize().to_string();
            Some(self.ledger.with_value(sum, &value))
        };
        sums.into_iter().filter_map(shown).collect()
    }
}

/// For how many groups cells differ from what was said of their places. `now` are the groups behind them, by address; behind
/// a cell that is not there is nobody.
fn steps(table: &Table<Raw>, words: &Words, now: &BTreeMap<&str, &GroupDigests>) -> Vec<Step> {
    let nobody = GroupDigests::default();
    let mut steps = Vec::new();
    for key in table.cells().keys() {
        let Some(words) = words.get(&(key.area.clone(), key.members.clone())) else { continue };
        let groups = now.get(address(table.header(), key).as_str()).copied().unwrap_or(&nobody);
        let only_groups = groups.without_rows();
        for (since, then) in words {
            let groups = match (key.time, *since) {
                // Of the same time only firms count that came or went: what a firm corrected is no figure of it.
                (time, since) if time == since => only_groups.count_differing(then),
                (TimeKey::ToDate(time), TimeKey::ToDate(since)) if since < time => groups.count_differing(then),
                _ => 0,
            };
            if groups > 0 {
                let (indicator, measure) = (table.header().indicator.clone(), table.header().measure.clone());
                steps.push(Step { indicator, measure, key: key.clone(), since: *since, groups });
            }
        }
    }
    steps
}

/// Every sum of every table, with who stands behind it and nothing that it says.
pub(super) fn sums_of(raw: &[Table<Raw>]) -> Vec<CellToRelease> {
    let of = |table: &Table<Raw>| -> Vec<CellToRelease> {
        let cells = table.cells().iter().filter(|(_, cell)| !cell.contributions.is_empty());
        cells.map(|(key, cell)| to_register(table.header(), key, cell)).collect()
    };
    raw.iter().filter(|table| is_registered(table.header())).flat_map(of).collect()
}

/// Figures of firms that are made of sums, so that one can be subtracted from another.
fn is_registered(header: &TableHeader) -> bool {
    header.kind != Kind::Reference && header.kind.is_additive()
}

fn subject(header: &TableHeader) -> String {
    format!("indicator {} {}", header.indicator, header.measure)
}

fn address(header: &TableHeader, key: &CellKey) -> String {
    let (indicator, measure) = (header.indicator.clone(), header.measure.clone());
    CellAddress { indicator, measure, key: key.clone() }.to_string()
}

fn to_register(header: &TableHeader, key: &CellKey, cell: &RawCell) -> CellToRelease {
    let mut parts: BTreeMap<String, (Decimal, Decimal)> = BTreeMap::new();
    for contribution in &cell.contributions {
        let part = parts.entry(contribution.group.to_string()).or_default();
        part.0 += contribution.numerator;
        part.1 += contribution.denominator.unwrap_or_default();
    }
    // Whoever adds nothing hides nobody else's part.
    let adds = |part: &(Decimal, Decimal)| !(part.0.is_zero() && part.1.is_zero());
    let adding = parts.into_iter().filter(|(_, part)| adds(part));
    let groups = adding.map(|(group, part)| (group, Some(fingerprint(part)))).collect();
    CellToRelease { subject: subject(header), cell: address(header, key), groups, value: None }
}

/// What a group adds to a cell, as a number that differs when it does.
fn fingerprint((numerator, denominator): (Decimal, Decimal)) -> u128 {
    let digest = Sha256::digest(format!("{}|{}", numerator.normalize(), denominator.normalize()));
    let mut first = [0; 16];
    first.copy_from_slice(&digest[..16]);
    u128::from_be_bytes(first)
}

/// What a printed cell said; none for a mark that is neither a number nor a confidential one.
fn read_cell(cell: &PrintedCell) -> Option<PublishedCell> {
    let observation = match cell.value.parse() {
        Ok(value) => Observation::of(value),
        Err(_) if cell.status == ObsStatus::Confidential.shorthand() => Observation::Missing(ObsStatus::Confidential),
        Err(_) => return None,
    };
    Some(PublishedCell { observation, interval: None })
}
