//! Finds quarantined rows: those of an extract, a dataset, a supplier. Rows that were released are no longer among them.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use crate::ledger::{ExtractRecord, ExtractState, Release};
use crate::model::{ContentHash, DatasetName, SupplierCode};

use super::{PipelineError, QuarantineFile, QuarantineLine, Workspace};

/// Which quarantined rows.
#[derive(Clone, Debug, Default)]
pub struct RefusedFilter {
    /// Only of this dataset.
    pub dataset: Option<DatasetName>,
    /// Only of this supplier.
    pub supplier: Option<SupplierCode>,
    /// Only of this extract: its file's name, or the first digits of its hash.
    pub extract: Option<String>,
}

/// An extract with rows in quarantine.
#[derive(Clone, Debug)]
pub struct RefusedExtract {
    /// The extract.
    pub record: ExtractRecord,
    /// Rows that are in quarantine still.
    pub lines: Vec<QuarantineLine>,
    /// Rows that were released, by row.
    pub released: BTreeMap<u64, Release>,
}

/// An extract and some of its rows as typed: `a1b2c3d4`, `a1b2c3d4:17`, `x__c1__20201231__001.csv:17,20-25`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtractRows {
    /// Its file's name, or the first digits of its hash.
    pub extract: String,
    /// The rows; empty for all.
    pub rows: BTreeSet<u64>,
}

/// Why a text is not an extract with rows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not EXTRACT or EXTRACT:ROWS, such as a1b2c3d4:17 or a1b2c3d4:17,20-25")]
pub struct ExtractRowsError(String);

/// The most rows that one range may name.
const WIDEST_RANGE: u64 = 100_000;

impl FromStr for ExtractRows {
    type Err = ExtractRowsError;
    fn from_str(text: &str) -> Result<Self, ExtractRowsError> {
        let wrong = || ExtractRowsError(text.to_owned());
        let (extract, list) = text.split_once(':').map_or((text, None), |(extract, list)| (extract, Some(list)));
        if extract.is_empty() {
            return Err(wrong());
        }
        let mut rows = BTreeSet::new();
        for part in list.into_iter().flat_map(|list| list.split(',')) {
            let (from, to) = part.split_once('-').unwrap_or((part, part));
            let number = |text: &str| text.parse::<u64>().ok().filter(|row| *row > 0).ok_or_else(wrong);
            let (from, to) = (number(from)?, number(to)?);
            if from > to || to - from > WIDEST_RANGE {
                return Err(wrong());
            }
            rows.extend(from..=to);
        }
        Ok(Self { extract: extract.to_owned(), rows })
    }
}

impl RefusedFilter {
    fn takes(&self, record: &ExtractRecord) -> bool {
        self.dataset.as_ref().is_none_or(|dataset| record.dataset == *dataset)
            && self.supplier.as_ref().is_none_or(|supplier| record.supplier == *supplier)
            && self.extract.as_ref().is_none_or(|text| is_named(record, text))
    }
}

/// Whether an extract is meant by its file's name or the beginning of its hash.
fn is_named(record: &ExtractRecord, text: &str) -> bool {
    record.file_name == text || (text.len() >= 4 && record.hash.as_str().starts_with(text))
}

impl Workspace {
    /// Extracts in the lake of which rows are or were in quarantine, in the order of the ledger.
    ///
    /// # Errors
    /// When the filter names a dataset, supplier or extract that is not there, or the ledger or a file cannot be read.
    pub async fn list_refused(&self, filter: &RefusedFilter) -> Result<Vec<RefusedExtract>, PipelineError> {
        let mut found = Vec::new();
        for (record, released) in self.refused_records(filter).await? {
            let file = QuarantineFile::load(&self.project.settings.restricted_dir, &record.hash)?;
            let lines = file.map(|(_, lines)| lines).unwrap_or_default();
            let lines = lines.into_iter().filter(|line| !released.contains_key(&line.row)).collect();
            found.push(RefusedExtract { record, lines, released });
        }
        Ok(found)
    }

    /// Calls `each` with every row that is in quarantine still, in the same order, one at a time.
    ///
    /// # Errors
    /// As [`Workspace::list_refused`]; also when `each` fails.
    pub async fn for_each_refused<E: From<PipelineError>>(
        &self,
        filter: &RefusedFilter,
        mut each: impl FnMut(&ExtractRecord, QuarantineLine) -> Result<(), E>,
    ) -> Result<(), E> {
        for (record, released) in self.refused_records(filter).await? {
            QuarantineFile::for_each(&self.project.settings.restricted_dir, &record.hash, |line| {
                if released.contains_key(&line.row) { Ok(()) } else { each(&record, line) }
            })?;
        }
        Ok(())
    }

    /// Extracts in the lake of which rows are or were in quarantine, with those that were released.
    async fn refused_records(
        &self,
        filter: &RefusedFilter,
    ) -> Result<Vec<(ExtractRecord, BTreeMap<u64, Release>)>, PipelineError> {
        let all = self.ledger.list_extracts().await?;
        self.check_filter(filter, &all)?;
        let mut released: BTreeMap<ContentHash, BTreeMap<u64, Release>> = BTreeMap::new();
        for release in self.ledger.list_releases().await? {
            let rows = released.entry(release.extract.clone()).or_default();
            rows.extend(release.rows.iter().map(|row| (*row, release.clone())));
        }
        let taken = all.into_iter().filter(|e| e.state == ExtractState::Committed && filter.takes(e));
        let with_released = taken.map(|record| {
            let own = released.remove(&record.hash).unwrap_or_default();
            (record, own)
        });
        Ok(with_released.filter(|(record, released)| record.quarantined > 0 || !released.is_empty()).collect())
    }

    /// The one extract that a text means.
    ///
    /// # Errors
    /// When none or several are meant, or the ledger or the quarantine file cannot be read.
    pub async fn find_refused(&self, text: &str) -> Result<RefusedExtract, PipelineError> {
        let filter = RefusedFilter { extract: Some(text.to_owned()), ..RefusedFilter::default() };
        let mut found = self.list_refused(&filter).await?;
        match (found.pop(), found.is_empty()) {
            (Some(one), true) => Ok(one),
            (None, _) => Err(PipelineError::Release {
                extract: text.to_owned(),
                why: "none of its rows is in quarantine".to_owned(),
            }),
            (Some(_), false) => Err(PipelineError::Release {
                extract: text.to_owned(),
                why: "several extracts are meant: give more digits of the hash".to_owned(),
            }),
        }
    }

    /// A filter that names what is not there is a mistake, not an empty answer.
    fn check_filter(&self, filter: &RefusedFilter, all: &[ExtractRecord]) -> Result<(), PipelineError> {
        let unknown = |kind, name: &str, mut known: Vec<String>| {
            known.sort();
            known.dedup();
            PipelineError::Unknown { kind, name: name.to_owned(), known: known.join(", ") }
        };
        if let Some(dataset) = &filter.dataset
            && !self.project.definitions.schemas.contains_key(dataset)
        {
            let known = self.project.definitions.schemas.keys().map(ToString::to_string).collect();
            return Err(unknown("dataset", dataset.as_str(), known));
        }
        if let Some(supplier) = &filter.supplier
            && !all.iter().any(|record| record.supplier == *supplier)
        {
            let known = all.iter().map(|record| record.supplier.to_string()).collect();
            return Err(unknown("supplier", supplier.as_str(), known));
        }
        if let Some(text) = &filter.extract
            && !all.iter().any(|record| is_named(record, text))
        {
            let refused = all.iter().filter(|record| record.quarantined > 0);
            let known = refused.map(|record| format!("{} {}", record.hash.short(), record.file_name)).collect();
            return Err(unknown("extract", text, known));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::ExtractRows;

    #[test]
    fn rows_are_numbers_and_ranges() {
        let rows = |text: &str| text.parse::<ExtractRows>().map(|typed| typed.rows.into_iter().collect::<Vec<_>>());
        assert_eq!(rows("a1b2c3d4"), Ok(vec![]));
        assert_eq!(rows("a1b2c3d4:17"), Ok(vec![17]));
        assert_eq!(rows("x__c1__20201231__001.csv:17,20-22,17"), Ok(vec![17, 20, 21, 22]));
        for wrong in ["", ":3", "a:", "a:0", "a:x", "a:5-3", "a:1-", "a:1,,2", "a:1-999999999999"] {
            assert!(rows(wrong).is_err(), "{wrong}");
        }
    }
}
