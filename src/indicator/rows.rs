//! Contributions as rows of numbers: every text is replaced by its rank among all texts of its column, so that the order of
//! rows does not matter.

use std::collections::BTreeSet;

use arrow::array::{Array, RecordBatch, StringArray};
use rust_decimal::Decimal;

use super::IndicatorError;
use super::columns::{Columns, Decimals};
use super::status::parse_marks;
use crate::definitions::IndicatorDefinition;
use crate::model::{GroupId, Kind, Mark, Period, TOTAL_MEMBER};

/// One row of contributions, its texts as ranks.
pub(super) struct Row {
    pub(super) measure: usize,
    pub(super) quarter: usize,
    pub(super) authority: u32,
    pub(super) members: Vec<u32>,
    pub(super) group: u32,
    pub(super) numerator: Decimal,
    pub(super) denominator: Decimal,
    /// Marks beside it, sorted, each once.
    pub(super) marks: Vec<Mark>,
    /// What only measures by row have.
    pub(super) single: Option<Single>,
}

/// A row that stands for some equal observations of one firm.
#[derive(Clone, Copy)]
pub(super) struct Single {
    /// How many.
    pub(super) observations: u32,
    /// Whose.
    pub(super) business: u32,
    /// Within which it is compared.
    pub(super) cohort: u32,
    /// Years between before and after, where the query says them.
    pub(super) years: Option<Decimal>,
}

/// Texts by their rank in the order of bytes.
pub(super) struct Ranks {
    names: Vec<String>,
}

impl Ranks {
    fn new(texts: BTreeSet<String>) -> Self {
        Self { names: texts.into_iter().collect() }
    }

    fn rank(&self, text: &str) -> Option<u32> {
        self.names.binary_search_by(|name| name.as_str().cmp(text)).ok().and_then(|at| u32::try_from(at).ok())
    }

    pub(super) fn name(&self, rank: u32) -> &str {
        usize::try_from(rank).ok().and_then(|at| self.names.get(at)).map_or("", String::as_str)
    }
}

/// Everything read from the batches.
pub(super) struct Contributions {
    pub(super) rows: Vec<Row>,
    pub(super) authorities: Ranks,
    pub(super) members: Vec<Ranks>,
    pub(super) groups: Vec<GroupId>,
}

/// The ranks of every column of texts.
struct Lists {
    authorities: Ranks,
    groups: Ranks,
    members: Vec<Ranks>,
    businesses: Ranks,
    cohorts: Ranks,
}

/// Reads the contributions of an indicator dated from `first` to `period`.
pub(super) fn read(
    definition: &IndicatorDefinition,
    batches: &[RecordBatch],
    period: Period,
    first: Period,
) -> Result<Contributions, IndicatorError> {
    let lists = lists(definition, batches)?;
    let ids: Result<Vec<GroupId>, IndicatorError> = lists
        .groups
        .names
        .iter()
        .map(|name| {
            GroupId::new(name.as_str()).map_err(|_| IndicatorError::BadName {
                indicator: definition.id.clone(),
                column: "group_id".to_owned(),
                rule: "letters, digits, `-` and `_`, at most 40",
            })
        })
        .collect();
    let mut rows = Vec::new();
    for batch in batches {
        read_batch(definition, batch, &lists, (period, first), &mut rows)?;
    }
    Ok(Contributions { rows, authorities: lists.authorities, members: lists.members, groups: ids? })
}

fn lists(definition: &IndicatorDefinition, batches: &[RecordBatch]) -> Result<Lists, IndicatorError> {
    let indicator = &definition.id;
    let texts_of = |column: &str, needed: bool| -> Result<BTreeSet<String>, IndicatorError> {
        let mut all = BTreeSet::new();
        for batch in batches {
            let columns = Columns { indicator, batch };
            let texts = if needed { Some(columns.texts(column)?) } else { columns.find_texts(column)? };
            for text in texts.iter().flat_map(StringArray::iter).flatten() {
                if !all.contains(text) {
                    all.insert(text.to_owned());
                }
            }
        }
        Ok(all)
    };
    let mut members = Vec::new();
    for dimension in &definition.dimensions {
        let texts = texts_of(&dimension.name, true)?;
        if texts.contains(TOTAL_MEMBER) || texts.contains("") {
            let rule = "a member is neither empty nor the name of the total";
            return Err(IndicatorError::BadName { indicator: indicator.clone(), column: dimension.name.clone(), rule });
        }
        members.push(Ranks::new(texts));
    }
    let ranks = |column, needed| texts_of(column, needed).map(Ranks::new);
    Ok(Lists {
        authorities: ranks("lad_code", true)?,
        groups: ranks("group_id", true)?,
        members,
        businesses: ranks("business_id", false)?,
        cohorts: ranks("cohort", false)?,
    })
}

/// The optional columns of a batch.
struct Optional<'a> {
    statuses: Option<StringArray>,
    businesses: Option<StringArray>,
    cohorts: Option<StringArray>,
    years: Option<Decimals<'a>>,
    observations: Option<arrow::array::Int32Array>,
}

fn read_batch(
    definition: &IndicatorDefinition,
    batch: &RecordBatch,
    lists: &Lists,
    (period, first): (Period, Period),
    rows: &mut Vec<Row>,
) -> Result<(), IndicatorError> {
    let indicator = &definition.id;
    let columns = Columns { indicator, batch };
    let measures = columns.texts("measure")?;
    let indexes = columns.integers("period_index")?;
    let lads = columns.texts("lad_code")?;
    let owners = columns.texts("group_id")?;
    let numerators = columns.decimals("numerator")?;
    let denominators = columns.decimals("denominator")?;
    let dimensions: Result<Vec<_>, _> = definition.dimensions.iter().map(|d| columns.texts(&d.name)).collect();
    let dimensions = dimensions?;
    let optional = Optional {
        statuses: columns.find_texts("status")?,
        businesses: columns.find_texts("business_id")?,
        cohorts: columns.find_texts("cohort")?,
        years: columns.has("years").then(|| columns.decimals("years")).transpose()?,
        observations: columns.has("observations").then(|| columns.integers("observations")).transpose()?,
    };
    let null = |column: &str| IndicatorError::Null { indicator: indicator.clone(), column: column.to_owned() };
    for row in 0..batch.num_rows() {
        let measure = definition.find_measure_index(measures.value(row)).ok_or_else(|| {
            let declared = definition.measures.iter().map(|m| m.id.as_str()).collect::<Vec<_>>().join(", ");
            IndicatorError::UnknownMeasure { indicator: indicator.clone(), declared }
        })?;
        let outside = || IndicatorError::OutsidePeriod { indicator: indicator.clone() };
        let index = indexes.value(row);
        if index > period.index() {
            return Err(outside());
        }
        let declared = &definition.measures[measure];
        let needs_denominator =
            declared.kind.divides() || matches!(declared.kind, Kind::SurvivalMedian | Kind::Growth | Kind::Estimate);
        let denominator = match denominators.find(row)? {
            None if needs_denominator => return Err(null("denominator")),
            Some(value) if needs_denominator => value,
            _ => Decimal::ZERO,
        };
        rows.push(Row {
            measure,
            quarter: usize::try_from(index - first.index()).map_err(|_| outside())?,
            authority: lists.authorities.rank(lads.value(row)).ok_or_else(|| null("lad_code"))?,
            members: dimensions
                .iter()
                .zip(&lists.members)
                .map(|(texts, ranks)| ranks.rank(texts.value(row)).ok_or_else(|| null("dimension")))
                .collect::<Result<_, _>>()?,
            group: lists.groups.rank(owners.value(row)).ok_or_else(|| null("group_id"))?,
            numerator: numerators.find(row)?.ok_or_else(|| null("numerator"))?,
            denominator,
            marks: marks_of(definition, optional.statuses.as_ref(), row)?,
            single: declared.is_by_row().then(|| single(lists, &optional, row)).transpose()?,
        });
    }
    Ok(())
}

fn marks_of(
    definition: &IndicatorDefinition,
    statuses: Option<&StringArray>,
    row: usize,
) -> Result<Vec<Mark>, IndicatorError> {
    let Some(text) = statuses.filter(|texts| texts.is_valid(row)).map(|texts| texts.value(row)) else {
        return Ok(Vec::new());
    };
    parse_marks(text).ok_or_else(|| IndicatorError::BadName {
        indicator: definition.id.clone(),
        column: "status".to_owned(),
        rule: "a list of p, r, e, b, u, f",
    })
}

fn single(lists: &Lists, optional: &Optional<'_>, row: usize) -> Result<Single, IndicatorError> {
    let text = |texts: &Option<StringArray>| {
        texts.as_ref().filter(|texts| texts.is_valid(row)).map(|texts| texts.value(row).to_owned())
    };
    // No firm and no cohort stand before the first of them.
    let rank = |ranks: &Ranks, text: Option<String>| text.and_then(|text| ranks.rank(&text)).map_or(0, |rank| rank + 1);
    let observations = optional.observations.as_ref().map_or(1, |counts| counts.value(row));
    Ok(Single {
        observations: u32::try_from(observations).unwrap_or(1).max(1),
        business: rank(&lists.businesses, text(&optional.businesses)),
        cohort: rank(&lists.cohorts, text(&optional.cohorts)),
        years: optional.years.as_ref().map(|years| years.find(row)).transpose()?.flatten(),
    })
}
