//! Indicators over a pinned snapshot: SQL, tables, disclosure control, results into the lakes.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::array::{Array, RecordBatch, StringArray};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use rust_decimal::prelude::ToPrimitive;

use crate::config::IndicatorSettings;
use crate::definitions::{IndicatorDefinition, Query};
use crate::disclosure::{self, History, Protected, Request, TableProtection, Verdict};
use crate::engine::{Contributions, EngineError, QueryParameters, RowShape, Session};
use crate::indicator::{self, Thresholds};
use crate::ledger::DigestedCell;
use crate::model::{AreaCode, AreaSets, EditionId, IndicatorId, Period, Raw, Table};

use super::register::sums_of;
use super::results::{cell_count, identity, published_batch, raw_batch};
use super::side_by_side::side_by_side;
use super::{Pinned, PipelineError, Workspace};

/// The protected tables of a period, in memory.
#[derive(Debug)]
pub struct Built {
    /// One table an indicator and measure.
    pub tables: Vec<Table<Protected>>,
    /// What to tell the user.
    pub report: BuildReport,
    /// For those who review: how much of each table is hidden, and why.
    pub summary: Vec<TableProtection>,
    /// What the attack on the tables found.
    pub verdict: Verdict,
    /// What comes into the register of released cells once these tables are out.
    pub register: Vec<DigestedCell>,
    /// The earlier editions against which they were checked.
    pub against: Vec<EditionId>,
}

/// What becomes of computed figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Storing {
    /// They replace those of their quarter in the lakes.
    Store,
    /// They are told and not kept.
    Leave,
}

/// What a build did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuildReport {
    /// For which quarter.
    pub period: Period,
    /// How many indicators.
    pub indicators: usize,
    /// How many tables.
    pub tables: usize,
    /// How many cells.
    pub cells: usize,
    /// How many of them are hidden.
    pub hidden: usize,
    /// Tables of which every figure is hidden, since nothing less is safe: indicator and measure.
    pub withheld: Vec<(IndicatorId, String)>,
    /// Rows that an indicator's query gave without a date or an area, by indicator.
    pub dropped: Vec<(IndicatorId, u64)>,
    /// The snapshot.
    pub snapshot: String,
}

/// Plans an indicator's SQL without data.
pub(super) async fn plan_indicator(session: &Session, definition: &IndicatorDefinition) -> Result<(), EngineError> {
    if definition.is_reference() {
        session.plan_reference(&definition.sql, &dimension_names(definition)).await
    } else {
        session.plan_indicator(&definition.sql, &dimension_names(definition)).await
    }
}

fn dimension_names(definition: &IndicatorDefinition) -> Vec<String> {
    definition.dimensions.iter().map(|dimension| dimension.name.clone()).collect()
}

fn sql_failed(definition: &IndicatorDefinition, source: EngineError) -> PipelineError {
    PipelineError::IndicatorSql { indicator: definition.id.to_string(), file: definition.file.clone(), source }
}

/// Runs the SQL of an indicator about firms.
pub(super) async fn contributions_of(
    session: &Session,
    definition: &IndicatorDefinition,
    parameters: &QueryParameters,
) -> Result<Contributions, PipelineError> {
    let (dimensions, by_row) = (dimension_names(definition), definition.measures_by_row());
    let shape = RowShape { dimensions: &dimensions, by_row: &by_row };
    let found = session.contributions(&definition.sql, shape, parameters).await;
    found.map_err(|source| sql_failed(definition, source))
}

pub(super) fn parameters(period: Period, settings: &crate::config::Settings) -> QueryParameters {
    QueryParameters {
        period_start: period.first_day(),
        period_end: period.last_day(),
        programme_start: settings.programme_start,
    }
}

/// What the settings ask of figures with uncertainty.
pub(super) fn thresholds(settings: &IndicatorSettings) -> Thresholds {
    let least = |name: &str| settings.find(name).and_then(|value| value.to_usize()).unwrap_or(usize::MAX);
    Thresholds {
        confidence: settings.find("confidence").unwrap_or_default(),
        minimum_treated: least("did_minimum_treated"),
        minimum_controls: least("did_minimum_controls"),
    }
}

/// Indicators over a snapshot, of whatever quarter: the views that they share are computed once.
struct Computation {
    indicators: Vec<IndicatorDefinition>,
    session: Session,
    thresholds: Thresholds,
    areas: AreaSets,
    /// The quarter in which the programme began.
    first: Period,
}

/// Tables of an indicator, and how many rows of its SQL count nowhere, if some do.
type Computed = (Vec<Table<Raw>>, Option<(IndicatorId, u64)>);

impl Computation {
    async fn indicator(
        &self,
        definition: &IndicatorDefinition,
        period: Period,
        parameters: &QueryParameters,
    ) -> Result<Computed, PipelineError> {
        let table_failed = |source| PipelineError::Indicator { indicator: definition.id.to_string(), source };
        if definition.is_reference() {
            let found = self.session.reference(&definition.sql, parameters).await;
            let batches = found.map_err(|source| sql_failed(definition, source))?;
            return Ok((indicator::tabulate_reference(definition, &batches).map_err(table_failed)?, None));
        }
        let found = contributions_of(&self.session, definition, parameters).await?;
        let dropped = (found.dropped > 0).then(|| (definition.id.clone(), found.dropped));
        let (areas, thresholds) = (&self.areas, &self.thresholds);
        let tables = indicator::tabulate(definition, &found.batches, areas, period, self.first, thresholds);
        Ok((tables.map_err(table_failed)?, dropped))
    }
}

impl Workspace {
    async fn computation(&self, pinned: &Pinned, select: &[String]) -> Result<Arc<Computation>, PipelineError> {
        let indicators = self.selected(select)?;
        let names: Vec<&str> = indicators.iter().map(|definition| Query::Indicator(definition).name()).collect();
        let views = self.project.definitions.views_behind(&names);
        Ok(Arc::new(Computation {
            indicators: indicators.into_iter().cloned().collect(),
            session: pinned.session.with_rows_kept(views)?,
            thresholds: thresholds(&self.project.settings.indicators),
            areas: areas_of(&pinned.session).await?,
            first: Period::containing(self.project.settings.programme_start),
        }))
    }

    /// Computes the indicators of a quarter.
    async fn compute(
        &self,
        computation: &Arc<Computation>,
        period: Period,
    ) -> Result<(Vec<Table<Raw>>, Vec<(IndicatorId, u64)>), PipelineError> {
        let parameters = parameters(period, &self.project.settings);
        // Planning takes longer than running where there are few rows, so each is planned in its task too.
        let work = |at: usize| {
            let computation = Arc::clone(computation);
            async move { computation.indicator(&computation.indicators[at], period, &parameters).await }
        };
        let works = (0..computation.indicators.len()).map(work);
        let threads = self.project.settings.limits.threads;
        let (mut tables, mut dropped) = (Vec::new(), Vec::new());
        for computed in side_by_side(works, threads, "computing an indicator").await? {
            let (made, left_out) = computed?;
            tables.extend(made);
            dropped.extend(left_out);
        }
        Ok((tables, dropped))
    }

    /// Computes, protects and stores the indicators of a quarter.
    ///
    /// # Errors
    /// When a query fails, the tables cannot be protected, or the lakes cannot be written.
    pub async fn build(&self, pinned: &Pinned, period: Period, select: &[String]) -> Result<Built, PipelineError> {
        // A part of the indicators replaces nothing that a whole build stored.
        let storing = if select.is_empty() { Storing::Store } else { Storing::Leave };
        let against = self.released_until(period, None).await?;
        Box::pin(self.build_as(pinned, period, select, storing, &against)).await
    }

    pub(super) async fn build_as(
        &self,
        pinned: &Pinned,
        period: Period,
        select: &[String],
        storing: Storing,
        against: &[EditionId],
    ) -> Result<Built, PipelineError> {
        let computation = self.computation(pinned, select).await?;
        let (raw, dropped) = self.compute(&computation, period).await?;
        let indicators: BTreeSet<&IndicatorId> = raw.iter().map(|table| &table.header().indicator).collect();
        let indicators = indicators.len();
        let raw_rows = raw_batch(&raw, period)?;
        let policy = self.project.load_policy()?;
        let sums = self.ledger.digest_cells(&sums_of(&raw));
        let past = self.past(against, &raw, &sums).await?;
        let waivers = policy.waivers();
        // Whose growth a figure to date would tell: the last quarter that is out, as it is known now.
        let then = match against.iter().map(|id| id.period).filter(|earlier| *earlier < period).max() {
            Some(since) => self.compute(&computation, since).await?.0,
            None => Vec::new(),
        };
        let history = History { published: &past.tables, raw: &then, steps: &past.steps };
        let request = Request { areas: &computation.areas, policy: &policy, waivers: &waivers, history };
        let protection = disclosure::protect_all(raw, &request)?;
        let published_rows = published_batch(&protection.tables, period)?;
        if storing == Storing::Store {
            let slice = period.to_string();
            for (lake, table, rows) in
                [(&self.lake, "indicators_raw", raw_rows), (&self.published, "indicators", published_rows)]
            {
                let transaction = format!("build-{slice}-{}", identity(&rows));
                lake.replace_slice(table, rows.schema(), vec![rows], "period", &slice, &transaction).await?;
            }
        }
        let report = BuildReport {
            period,
            indicators,
            tables: protection.tables.len(),
            cells: cell_count(&protection.tables),
            hidden: usize::try_from(protection.hidden()).unwrap_or(usize::MAX),
            withheld: protection.withheld,
            dropped,
            snapshot: pinned.id.short().to_owned(),
        };
        let register = self.to_be_released(sums, &protection.tables);
        let (tables, summary, verdict) = (protection.tables, protection.summary, protection.verdict);
        Ok(Built { tables, report, summary, verdict, register, against: against.to_vec() })
    }

    /// The indicators that some words choose, `+` with those that must be built before them; all for no words.
    fn selected(&self, select: &[String]) -> Result<Vec<&IndicatorDefinition>, PipelineError> {
        let definitions = &self.project.definitions;
        let selection = definitions.select(select)?;
        // Some are computed only for whoever names them.
        let is_meant = |indicator: &&IndicatorDefinition| !select.is_empty() || !indicator.is_on_request();
        let all = definitions.indicators.values().filter(is_meant);
        let chosen: Vec<_> = all.filter(|indicator| selection.contains(Query::Indicator(indicator).name())).collect();
        if chosen.is_empty() && !select.is_empty() {
            let known = definitions.indicators.keys().map(IndicatorId::as_str).collect::<Vec<_>>().join(", ");
            return Err(PipelineError::Unknown { kind: "indicator", name: select.join(", "), known });
        }
        Ok(chosen)
    }
}

/// The sets of authorities that figures are published for, from the geography lookup of a session.
pub(super) async fn areas_of(session: &Session) -> Result<AreaSets, PipelineError> {
    let missing = |what: &str| PipelineError::MissingReference { dataset: "geography_lookup", what: what.to_owned() };
    let sql = "select lad_code, objective1_area from geography_lookup order by lad_code";
    let rows = collect_text(session, sql).await?;
    if rows.is_empty() {
        return Err(missing("it is empty"));
    }
    let mut regions = Vec::with_capacity(rows.len());
    for row in rows {
        let [Some(lad), Some(area)] = row.as_slice() else { return Err(missing("an authority has no area")) };
        let code = AreaCode::new(area.clone()).map_err(|error| missing(&error.to_string()))?;
        regions.push((lad.clone(), code));
    }
    AreaSets::from_regions(regions).map_err(|error| missing(&error.to_string()))
}

/// All rows of a small query, as text.
pub(super) async fn collect_text(session: &Session, sql: &str) -> Result<Vec<Vec<Option<String>>>, PipelineError> {
    let answer = session.query(sql).await?;
    let batches: Vec<RecordBatch> = answer.collect().await?;
    let failed = |source| PipelineError::Arrow { doing: "read a lookup".to_owned(), source };
    let mut rows = Vec::new();
    for batch in &batches {
        let mut columns = Vec::new();
        for column in batch.columns() {
            columns.push(cast(column, &DataType::Utf8).map_err(failed)?);
        }
        let texts: Vec<&StringArray> =
            columns.iter().filter_map(|column| column.as_any().downcast_ref::<StringArray>()).collect();
        for row in 0..batch.num_rows() {
            rows.push(texts.iter().map(|column| column.is_valid(row).then(|| column.value(row).to_owned())).collect());
        }
    }
    Ok(rows)
}
