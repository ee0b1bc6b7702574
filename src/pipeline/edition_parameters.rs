//! What an edition's figures depend on beside extracts: thresholds of the settings, and the versioned rows of parameters, targets and
//! price indices with their sources and effective dates, as the manifest records them (domain, section 7 item 7). Never the
//! parameters of disclosure.

use std::collections::BTreeMap;

use super::build::collect_text;
use super::{Pinned, PipelineError, Workspace};
use crate::config::IndicatorSettings;

/// Versioned parameters: a name and what it says, one row a parameter in force or not. Nulls are left out.
const VERSIONED: [&str; 3] = [
    "select concat_ws('/', 'additionality_params', param_set_id, cast(version as text), scope, instrument) as name, \
     concat_ws('; ', 'deadweight ' || cast(deadweight as text), 'leakage ' || cast(leakage as text), \
     'displacement ' || cast(displacement as text), 'substitution ' || cast(substitution as text), \
     'multiplier ' || cast(multiplier as text), 'persistence ' || cast(persistence_years as text) || ' years', \
     'decay ' || cast(decay_rate as text), 'build-up ' || build_up_profile, 'source: ' || source, \
     'effective from ' || cast(effective_from as text)) as text from additionality_params order by 1, 2",
    "select concat_ws('/', 'targets_budgets', measure_id, scope, period, basis) as name, \
     concat_ws('; ', cast(amount as text) || ' ' || unit, 'source: ' || source_ref, \
     'effective from ' || cast(effective_from as text)) as text from targets_budgets order by 1, 2",
    "select concat_ws('/', 'ref_deflators', series, basis) as name, 'vintage ' || max(vintage) as text \
     from ref_deflators group by series, basis order by 1, 2",
];

impl Workspace {
    /// Names and values, each name once; several versions under one name stand beside one another.
    pub(super) async fn edition_parameters(&self, pinned: &Pinned) -> Result<BTreeMap<String, String>, PipelineError> {
        let mut all = thresholds(&self.project.settings.indicators);
        for sql in VERSIONED {
            for row in collect_text(&pinned.session, sql).await? {
                if let [Some(name), Some(text)] = row.as_slice() {
                    record(&mut all, name, text);
                }
            }
        }
        Ok(all)
    }
}

fn thresholds(settings: &IndicatorSettings) -> BTreeMap<String, String> {
    settings.iter().map(|(name, value)| (format!("indicators.{name}"), value.normalize().to_string())).collect()
}

fn record(all: &mut BTreeMap<String, String>, name: &str, text: &str) {
    all.entry(name.to_owned())
        .and_modify(|known| {
            known.push_str(" | ");
            known.push_str(text);
        })
        .or_insert_with(|| text.to_owned());
}

#[cfg(test)]
mod tests {
    use super::{record, thresholds};
    use crate::config::IndicatorSettings;

    #[test]
    fn every_threshold_is_named_and_versions_stand_side_by_side() {
        let defaults = IndicatorSettings::defaults();
        let mut all = thresholds(&defaults);
        assert_eq!(all.len(), defaults.iter().count());
        assert_eq!(all.get("indicators.cluster_lq").map(String::as_str), Some("1.25"));
        record(&mut all, "targets_budgets/D01", "700 SMES; effective from 2019-01-01");
        record(&mut all, "targets_budgets/D01", "720 SMES; effective from 2020-04-01");
        let both = "700 SMES; effective from 2019-01-01 | 720 SMES; effective from 2020-04-01";
        assert_eq!(all.get("targets_budgets/D01").map(String::as_str), Some(both));
    }
}
