//! What the pack needs beside tables: names from the lookups, targets, the quality of the data, parameters.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::definitions::{IndicatorDefinition, Text};
use crate::ledger::{ExtractRecord, ExtractState};
use crate::model::{AreaCode, DatasetName, IndicatorId, Target, TargetBasis};
use crate::pack::{AreaName, CatalogueEntry, ComponentName, DatasetQuality, QualityStatement};

use super::build::collect_text;
use super::{Pinned, PipelineError, Workspace};

/// Names of the areas that are sets of authorities. The sets themselves are data (`geography_lookup`).
const REGIONS: [(&str, &str, &str); 4] = [
    ("WWV", "Gorllewin Cymru a’r Cymoedd", "West Wales and the Valleys"),
    ("EW", "Dwyrain Cymru", "East Wales"),
    ("WALES", "Cymru", "Wales"),
    ("UK", "Y Deyrnas Unedig", "United Kingdom"),
];

/// A text of a definition as it is printed: with typographic apostrophes.
fn printed(text: &Text) -> Text {
    Text { cy: text.cy.replace('\'', "’"), en: text.en.replace('\'', "’") }
}

/// A text that others continue: without its full stop.
fn fragment(text: &Text) -> Text {
    let Text { cy, en } = printed(text);
    let bare = |text: String| text.trim_end().trim_end_matches('.').to_owned();
    Text { cy: bare(cy), en: bare(en) }
}

/// The catalogue as the pack prints it.
pub(super) fn catalogue(
    indicators: &BTreeMap<IndicatorId, IndicatorDefinition>,
) -> BTreeMap<IndicatorId, CatalogueEntry> {
    let entry = |definition: &IndicatorDefinition| CatalogueEntry {
        title: printed(&definition.title),
        short: printed(&definition.short),
        formula: printed(&definition.formula),
        source: fragment(&definition.source),
        dated_by: definition.dated_by.clone(),
        actions: definition.actions.clone(),
        direction: definition.direction,
    };
    // The pack explains what it shows; what is computed on request is explained by `mesur explain`.
    let shown = indicators.iter().filter(|(_, definition)| !definition.is_on_request());
    shown.map(|(id, definition)| (id.clone(), entry(definition))).collect()
}

impl Workspace {
    /// Names of areas in both languages: the regions, then the live authorities.
    pub(super) async fn area_names(&self, pinned: &Pinned) -> Result<Vec<AreaName>, PipelineError> {
        let mut names: Vec<AreaName> = REGIONS
            .iter()
            .map(|(code, cy, en)| AreaName {
                code: AreaCode::new(*code).expect("the names of regions are area codes"),
                name: Text { cy: (*cy).to_owned(), en: (*en).to_owned() },
                region: None,
            })
            .collect();
        let sql = "select lad_code, name_cy, name_en, objective1_area from geography_lookup order by lad_code";
        for row in collect_text(&pinned.session, sql).await? {
            let [Some(code), Some(cy), Some(en), region] = row.as_slice() else { continue };
            let region = region.as_ref().and_then(|region| AreaCode::new(region.clone()).ok());
            if let Ok(code) = AreaCode::new(code.clone()) {
                names.push(AreaName { code, name: Text { cy: cy.clone(), en: en.clone() }, region });
            }
        }
        Ok(names)
    }

    /// Names of the components of the diagnostic, in the order of their codes as delivered.
    pub(super) async fn component_names(&self, pinned: &Pinned) -> Result<Vec<ComponentName>, PipelineError> {
        let sql = "select component_code, group_code, group_cy, group_en, name_cy, name_en, _row \
                   from component_lookup order by _row";
        let mut names = Vec::new();
        for row in collect_text(&pinned.session, sql).await? {
            let [Some(code), Some(group), Some(group_cy), Some(group_en), Some(cy), Some(en), _] = row.as_slice()
            else {
                continue;
            };
            names.push(ComponentName {
                code: code.clone(),
                group: group.clone(),
                group_name: Text { cy: group_cy.clone(), en: group_en.clone() },
                name: Text { cy: cy.clone(), en: en.clone() },
            });
        }
        Ok(names)
    }

    /// Targets, profiles and budgets.
    pub(super) async fn targets(&self, pinned: &Pinned) -> Result<Vec<Target>, PipelineError> {
        let sql = "select measure_id, scope, period, amount, basis from targets_budgets \
                   order by measure_id, scope, period, basis";
        let mut targets = Vec::new();
        for row in collect_text(&pinned.session, sql).await? {
            let [Some(measure_id), Some(scope), Some(period), Some(amount), Some(basis)] = row.as_slice() else {
                continue;
            };
            let basis = match basis.as_str() {
                "CEILING" => TargetBasis::Ceiling,
                "TARGET" => TargetBasis::Target,
                "PROFILE" => TargetBasis::Profile,
                _ => TargetBasis::Benchmark,
            };
            let amount: Decimal = amount.parse().map_err(|_| PipelineError::MissingReference {
                dataset: "targets_budgets",
                what: format!("the amount of `{measure_id}` has more digits than can be printed"),
            })?;
            targets.push(Target {
                measure_id: measure_id.clone(),
                scope: scope.clone(),
                period: period.clone(),
                amount,
                basis,
            });
        }
        Ok(targets)
    }

    /// What became of the rows of the extracts that this snapshot reads, and how many files were refused.
    pub(super) async fn quality(&self, pinned: &Pinned) -> Result<QualityStatement, PipelineError> {
        let mut datasets: BTreeMap<DatasetName, DatasetQuality> = BTreeMap::new();
        let empty = |dataset: &DatasetName| DatasetQuality {
            dataset: dataset.clone(),
            rows_in: 0,
            accepted: 0,
            repaired: 0,
            quarantined: 0,
            refused_files: 0,
        };
        for extract in &pinned.extracts {
            let entry = datasets.entry(extract.dataset.clone()).or_insert_with(|| empty(&extract.dataset));
            entry.rows_in += extract.rows_in;
            entry.accepted += extract.accepted;
            entry.repaired += extract.repaired;
            entry.quarantined += extract.quarantined;
        }
        let refused = |extract: &&ExtractRecord| extract.state == ExtractState::Refused;
        for extract in self.ledger.list_extracts().await?.iter().filter(refused) {
            let entry = datasets.entry(extract.dataset.clone()).or_insert_with(|| empty(&extract.dataset));
            entry.refused_files += 1;
        }
        Ok(QualityStatement { datasets: datasets.into_values().collect() })
    }
}
