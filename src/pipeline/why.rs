//! From a published cell back to what it was made of: indicator, SQL, snapshot, parameters, extracts, rows. On a
//! confidential cell it tells nobody anything who may not see rows.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::array::{RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema as ArrowSchema};

use super::build::{areas_of, collect_text, parameters};
use super::snapshot::Results;
use super::{Pinned, PipelineError, Workspace};
use crate::definitions::{IndicatorDefinition, LINEAGE_EXTRACT, LINEAGE_ROW, Schema};
use crate::edition;
use crate::engine::{Contributor, MemoryTable};
use crate::ledger::EditionRecord;
use crate::model::{AreaSets, CellAddress, DatasetName, ObsStatus, Period, Role, TOTAL_MEMBER, TimeKey};

/// The firms in question, as a table of the session that looks for their rows.
const FIRMS: &str = "why_firms";

/// What a published cell was made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why {
    /// The edition.
    pub edition: String,
    /// The cell.
    pub address: CellAddress,
    /// Its title in English.
    pub title: String,
    /// Its formula in English.
    pub formula: String,
    /// What was published, as printed in the CSV: a number, or a mark.
    pub published: String,
    /// The statistic's vintage, for published statistics.
    pub vintage: String,
    /// The statement as it ran.
    pub sql: String,
    /// What was bound to it.
    pub parameters: Vec<(&'static str, String)>,
    /// The snapshot's identity.
    pub snapshot: String,
    /// The enterprises behind the cell and their groups; empty for published statistics and for roles that may not see
    /// them.
    pub firms: Vec<(String, String)>,
    /// How many enterprises that are.
    pub firm_count: usize,
    /// The extracts behind it.
    pub sources: Vec<WhySource>,
}

/// One extract behind a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WhySource {
    /// Its dataset.
    pub dataset: DatasetName,
    /// Its file.
    pub file: String,
    /// Rows of the cell's firms, as numbered in the file; none when the dataset is read as a whole.
    pub rows: Option<Vec<u64>>,
    /// Rows of this extract that are in quarantine and so not part of any figure.
    pub quarantined: u64,
}

impl Workspace {
    /// Walks back from a cell of an edition. `edition` is its id, or a quarter, whose latest edition is meant; `table` is a
    /// sheet of the workbook and `cell` a cell of it (`B7`), or `table` is `D06/committed` and `cell` the rest of an
    /// address (`to 2020-21-Q3/WALES/IV;_T;_T`).
    ///
    /// # Errors
    /// When there is no such edition or cell, the role may not know, or the lake no longer shows what it showed then.
    pub async fn why(&self, edition: &str, table: &str, cell: &str, role: Role) -> Result<Why, PipelineError> {
        let record = self.meant_edition(edition).await?;
        let address = find_address(&record, table, cell)?;
        let (published, vintage) = published(&record, &address)?;
        if published == ObsStatus::Confidential.shorthand() && role < Role::Analyst {
            return Err(PipelineError::Gate {
                edition: record.id.to_string(),
                reasons: vec![format!("{address} is confidential, and so is what it was made of")],
            });
        }
        let pinned = self.pin_as_known(record.built_at, &[], Results::Hidden).await?;
        if pinned.id.as_str() != record.snapshot {
            return Err(PipelineError::SnapshotGone { edition: record.id.to_string(), snapshot: record.snapshot });
        }
        let known =
            || self.project.definitions.indicators.keys().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let definition = self.project.definitions.indicators.get(&address.indicator).ok_or_else(|| {
            PipelineError::Unknown { kind: "indicator", name: address.indicator.to_string(), known: known() }
        })?;
        let bound = parameters(record.id.period, &self.project.settings);
        let firms = if definition.is_reference() {
            BTreeMap::new()
        } else {
            let names: Vec<String> = definition.dimensions.iter().map(|dimension| dimension.name.clone()).collect();
            let found = pinned.session.contributors(&definition.sql, &names, &bound).await?;
            of_cell(&found, &address, &areas_of(&pinned.session).await?)
        };
        let sources = self.sources(&pinned, &record, definition, &firms).await?;
        Ok(Why {
            edition: record.id.to_string(),
            title: definition.title.en.clone(),
            formula: definition.formula.en.clone(),
            published,
            vintage,
            sql: definition.sql.trim().to_owned(),
            parameters: vec![
                ("period_start", bound.period_start.to_string()),
                ("period_end", bound.period_end.to_string()),
                ("programme_start", bound.programme_start.to_string()),
            ],
            snapshot: record.snapshot,
            firm_count: firms.len(),
            firms: if role < Role::Analyst { Vec::new() } else { firms.into_iter().collect() },
            sources,
            address,
        })
    }

    async fn meant_edition(&self, edition: &str) -> Result<EditionRecord, PipelineError> {
        let all = self.ledger.list_editions(None, None).await?;
        let period: Option<Period> = edition.parse().ok();
        let is_meant = |record: &&EditionRecord| match period {
            Some(period) => record.id.period == period,
            None => record.id.to_string() == edition,
        };
        let latest = all.iter().filter(is_meant).max_by_key(|record| (record.built_at, record.id.version));
        latest.cloned().ok_or_else(|| PipelineError::Unknown {
            kind: "edition",
            name: edition.to_owned(),
            known: all.iter().map(|record| record.id.to_string()).collect::<Vec<_>>().join(", "),
        })
    }

    /// The live extracts of every dataset that the indicator reads, with the rows of its firms.
    async fn sources(
        &self,
        pinned: &Pinned,
        record: &EditionRecord,
        definition: &IndicatorDefinition,
        firms: &BTreeMap<String, String>,
    ) -> Result<Vec<WhySource>, PipelineError> {
        let memory = [firm_table(firms)?];
        let looking = self.pin_as_known(record.built_at, &memory, Results::Hidden).await?;
        let mut sources = Vec::new();
        for dataset in self.datasets_read(pinned, &definition.sql)? {
            let Some(schema) = self.project.definitions.schemas.get(&dataset) else { continue };
            let rows = match self.rows_of_firms(schema) {
                Some(sql) if !firms.is_empty() => Some(by_extract(collect_text(&looking.session, &sql).await?)),
                Some(_) => Some(BTreeMap::new()),
                None => None,
            };
            for extract in pinned.extracts.iter().filter(|extract| extract.dataset == dataset) {
                let rows = rows.as_ref().map(|rows| rows.get(extract.hash.as_str()).cloned().unwrap_or_default());
                if rows.as_ref().is_some_and(Vec::is_empty) && extract.quarantined == 0 {
                    continue;
                }
                sources.push(WhySource {
                    dataset: dataset.clone(),
                    file: extract.file_name.clone(),
                    rows,
                    quarantined: extract.quarantined,
                });
            }
        }
        Ok(sources)
    }

    /// The datasets below a statement, views followed.
    fn datasets_read(&self, pinned: &Pinned, sql: &str) -> Result<BTreeSet<DatasetName>, PipelineError> {
        let definitions = &self.project.definitions;
        let mut datasets = BTreeSet::new();
        let mut waiting = vec![sql];
        let mut seen = BTreeSet::new();
        while let Some(sql) = waiting.pop() {
            for name in pinned.session.named_tables(sql)? {
                if let Some(view) = definitions.staging.iter().find(|view| view.name == name) {
                    if seen.insert(name) {
                        waiting.push(&view.sql);
                    }
                } else if let Ok(dataset) = DatasetName::new(name) {
                    datasets.insert(dataset);
                }
            }
        }
        datasets.retain(|dataset| definitions.schemas.contains_key(dataset));
        Ok(datasets)
    }

    /// SQL for extract and row of every row that belongs to the firms in question, by its own column or that of the dataset
    /// it refers to; none for a dataset that is not about firms. All names are those of schemas.
    fn rows_of_firms(&self, schema: &Schema) -> Option<String> {
        let has_firm = |schema: &Schema| schema.fields.iter().any(|field| field.name == "business_id");
        let firms = format!(
            "(SELECT DISTINCT f.business_id FROM firms AS f INNER JOIN {FIRMS} AS w ON f.resolved_id = w.business_id)"
        );
        let shown = format!("SELECT DISTINCT d.{LINEAGE_EXTRACT}, d.{LINEAGE_ROW}");
        let order = format!("ORDER BY d.{LINEAGE_EXTRACT}, d.{LINEAGE_ROW}");
        let name = &schema.dataset;
        if has_firm(schema) {
            return Some(format!(
                "{shown} FROM {name} AS d INNER JOIN {firms} AS k ON d.business_id = k.business_id {order}"
            ));
        }
        let (key, parent) = schema.foreign_keys.iter().find_map(|key| {
            let parent = self.project.definitions.schemas.get(&key.resource)?;
            (has_firm(parent) && key.fields.len() == 1).then_some((key, parent))
        })?;
        let (here, there) = (&key.fields[0], key.reference_fields.first()?);
        Some(format!(
            "{shown} FROM {name} AS d INNER JOIN {} AS p ON d.{here} = p.{there} \
             INNER JOIN {firms} AS k ON p.business_id = k.business_id {order}",
            parent.dataset
        ))
    }
}

/// The cell that is meant.
fn find_address(record: &EditionRecord, table: &str, cell: &str) -> Result<CellAddress, PipelineError> {
    if let Ok(address) = format!("{table}/{cell}").parse() {
        return Ok(address);
    }
    let sheets = edition::load_cells(&record.path)?.unwrap_or_default();
    let unknown = |kind, name: &str, known: Vec<&String>| PipelineError::Unknown {
        kind,
        name: name.to_owned(),
        known: known.into_iter().map(String::as_str).collect::<Vec<_>>().join(", "),
    };
    let cells = sheets.get(table).ok_or_else(|| unknown("table", table, sheets.keys().collect()))?;
    let text = cells.get(&cell.to_ascii_uppercase()).ok_or_else(|| unknown("cell", cell, cells.keys().collect()))?;
    text.parse().map_err(|_| unknown("cell", cell, cells.keys().collect()))
}

/// What the edition's CSV says of a cell, and its vintage.
fn published(record: &EditionRecord, address: &CellAddress) -> Result<(String, String), PipelineError> {
    let artefacts = edition::load_artefacts(&record.path)?;
    let bytes = artefacts.iter().find(|a| a.media_type == "text/csv").map(|a| Arc::clone(&a.bytes)).unwrap_or_default();
    let mut reader = csv::Reader::from_reader(bytes.as_ref());
    let (kind, time) = match address.key.time {
        TimeKey::Year(year) => ("year", year.to_string()),
        TimeKey::Quarter(period) => ("quarter", period.to_string()),
        TimeKey::ToDate(period) => ("to_date", period.to_string()),
    };
    let names = reader.headers().cloned().unwrap_or_default();
    let place = |name: &str| names.iter().position(|column| column == name).unwrap_or(usize::MAX);
    let wanted = [
        (place("indicator"), address.indicator.to_string()),
        (place("measure"), address.measure.clone()),
        (place("time_type"), kind.to_owned()),
        (place("time"), time),
        (place("area_code"), address.key.area.to_string()),
    ];
    let members = |text: &str| -> Vec<String> {
        text.split(';').filter_map(|part| part.split_once('=')).map(|(_, member)| member.to_owned()).collect()
    };
    for line in reader.records().filter_map(Result::ok) {
        let field = |at: usize| line.get(at).unwrap_or_default();
        let is_meant = wanted.iter().all(|(at, text)| field(*at) == text)
            && members(field(place("dimensions"))) == address.key.members;
        if is_meant {
            let (value, status) = (field(place("value")), field(place("status")));
            return Ok((format!("{value} {status}").trim().to_owned(), field(place("vintage")).to_owned()));
        }
    }
    Err(PipelineError::Unknown {
        kind: "cell",
        name: address.to_string(),
        known: "the rows of the edition's CSV".to_owned(),
    })
}

/// The firms of a cell, each with its group.
fn of_cell(found: &[Contributor], address: &CellAddress, areas: &AreaSets) -> BTreeMap<String, String> {
    let region = areas.find(&address.key.area);
    let is_inside = |lad: &str| match &region {
        Some(set) => set.contains(lad),
        None => lad == address.key.area.as_str(),
    };
    let is_then = |index: i32| match address.key.time {
        TimeKey::Quarter(period) => index == period.index(),
        TimeKey::ToDate(period) => index <= period.index(),
        TimeKey::Year(_) => false,
    };
    let fits = |contributor: &&Contributor| {
        contributor.measure == address.measure
            && is_then(contributor.period_index)
            && is_inside(&contributor.lad_code)
            && address
                .key
                .members
                .iter()
                .zip(&contributor.members)
                .all(|(wanted, own)| wanted == TOTAL_MEMBER || wanted == own)
    };
    found.iter().filter(fits).map(|c| (c.business_id.clone(), c.group_id.clone())).collect()
}

fn firm_table(firms: &BTreeMap<String, String>) -> Result<MemoryTable, PipelineError> {
    let schema = Arc::new(ArrowSchema::new(vec![Field::new("business_id", DataType::Utf8, false)]));
    let column = Arc::new(StringArray::from_iter_values(firms.keys()));
    let batch = RecordBatch::try_new(Arc::clone(&schema), vec![column])
        .map_err(|source| PipelineError::Arrow { doing: "list the firms behind a cell".to_owned(), source })?;
    let description = "The firms behind a cell.".to_owned();
    Ok(MemoryTable { name: FIRMS.to_owned(), description, schema, batches: vec![batch] })
}

fn by_extract(rows: Vec<Vec<Option<String>>>) -> BTreeMap<String, Vec<u64>> {
    let mut found: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for row in rows {
        let [Some(extract), Some(number)] = row.as_slice() else { continue };
        if let Ok(number) = number.parse() {
            found.entry(extract.clone()).or_default().push(number);
        }
    }
    found
}
