//! What the failed rules mean for the whole extract: taken, beyond tolerance, refused, or the run stops.

use rust_decimal::Decimal;

use crate::definitions::Schema;
use crate::model::{Finding, RuleId, Severity};

use super::counts::RuleCounts;

/// Which rules state how many rows may fail them.
#[derive(Debug)]
pub(super) struct Strictness {
    /// Rules with a tolerance of their own.
    rules: Vec<(RuleId, Severity, Decimal)>,
    /// Rules that refuse or stop.
    grave: Vec<(RuleId, Severity, Decimal, String)>,
}

/// What becomes of an extract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Its good rows go into the lake.
    Take {
        /// More rows failed than is tolerated.
        over_tolerance: bool,
    },
    /// It is refused whole, for these reasons.
    Refuse(Vec<String>),
    /// The run stops, for these reasons.
    Stop(Vec<String>),
}

impl Strictness {
    pub(super) fn of(schema: &Schema) -> Self {
        let of_rows = schema.rules.iter().map(|rule| (&rule.id, rule.severity, rule.tolerance, &rule.reason));
        let of_sets = schema.set_rules.iter().map(|rule| (&rule.id, rule.severity, rule.tolerance, &rule.reason));
        let all: Vec<_> = of_rows.chain(of_sets).collect();
        let stated = all.iter().filter_map(|(id, severity, share, _)| Some(((*id).clone(), *severity, (*share)?)));
        let grave = all.iter().filter(|(_, severity, ..)| *severity >= Severity::Refuse);
        Self {
            rules: stated.collect(),
            grave: grave
                .map(|(id, severity, share, reason)| {
                    ((*id).clone(), *severity, share.unwrap_or_default(), (*reason).clone())
                })
                .collect(),
        }
    }

    /// Whether a refused row counts towards the general tolerance: one of the rules that refused it states none.
    pub(super) fn is_strict(&self, findings: &[Finding]) -> bool {
        let refusing = |finding: &&Finding| finding.severity >= Severity::Quarantine;
        findings.iter().filter(refusing).any(|finding| !self.rules.iter().any(|(rule, ..)| *rule == finding.rule))
    }

    /// What becomes of an extract of so many rows, of which `strict_rows` were refused without a tolerance of their own.
    pub(super) fn judge(
        &self,
        file: &str,
        counts: &RuleCounts,
        rows_in: u64,
        strict_rows: u64,
        general: Decimal,
    ) -> Verdict {
        let beyond = |count: u64, share: Decimal| Decimal::from(count) > share * Decimal::from(rows_in);
        let (mut refusals, mut stops) = (Vec::new(), Vec::new());
        for (rule, severity, share, reason) in &self.grave {
            let count = counts.of(rule);
            if !beyond(count, *share) {
                continue;
            }
            let text = format!("{file}: {rule} {reason} ({count} of {rows_in} rows)");
            if *severity == Severity::Stop { stops.push(text) } else { refusals.push(text) }
        }
        if !stops.is_empty() {
            stops.append(&mut refusals);
            return Verdict::Stop(stops);
        }
        if !refusals.is_empty() {
            return Verdict::Refuse(refusals);
        }
        let own = |(rule, severity, share): &(RuleId, Severity, Decimal)| {
            *severity >= Severity::Warn && beyond(counts.of(rule), *share)
        };
        Verdict::Take { over_tolerance: beyond(strict_rows, general) || self.rules.iter().any(own) }
    }
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::{Strictness, Verdict};
    use crate::model::{Finding, Place, RuleId, Severity};
    use crate::pipeline::extract::counts::RuleCounts;

    fn finding(rule: &str, severity: Severity) -> Finding {
        let (reason, hint) = (String::new(), String::new());
        Finding { rule: RuleId(rule.to_owned().into()), severity, place: Place::default(), value: None, reason, hint }
    }

    #[test]
    fn a_rule_is_judged_by_its_own_tolerance_first() {
        let rule = |id: &str| RuleId(id.to_owned().into());
        let one = Decimal::new(1, 2);
        let strictness = Strictness {
            rules: vec![(rule("X1"), Severity::Quarantine, one), (rule("X2"), Severity::Refuse, one)],
            grave: vec![
                (rule("X2"), Severity::Refuse, one, "weights differ".to_owned()),
                (rule("X3"), Severity::Stop, Decimal::ZERO, "no area".to_owned()),
            ],
        };
        let general = Decimal::new(5, 2);
        let judge = |rules: &[(&str, Severity, u64)], strict: u64| {
            let mut counts = RuleCounts::default();
            for (rule, severity, times) in rules {
                (0..*times).for_each(|_| counts.add(&finding(rule, *severity)));
            }
            strictness.judge("a.csv", &counts, 100, strict, general)
        };
        let quarantine = Severity::Quarantine;
        assert_eq!(judge(&[("V012", quarantine, 5)], 5), Verdict::Take { over_tolerance: false });
        assert_eq!(judge(&[("V012", quarantine, 6)], 6), Verdict::Take { over_tolerance: true });
        assert_eq!(judge(&[("X1", quarantine, 1)], 0), Verdict::Take { over_tolerance: false });
        assert_eq!(judge(&[("X1", quarantine, 2)], 0), Verdict::Take { over_tolerance: true });
        assert_eq!(judge(&[("X2", Severity::Refuse, 1)], 0), Verdict::Take { over_tolerance: false });
        let refused = "a.csv: X2 weights differ (2 of 100 rows)".to_owned();
        assert_eq!(judge(&[("X2", Severity::Refuse, 2)], 0), Verdict::Refuse(vec![refused]));
        assert!(matches!(judge(&[("X3", Severity::Stop, 1)], 0), Verdict::Stop(_)));
        assert!(strictness.is_strict(&[finding("X1", quarantine), finding("V012", quarantine)]));
        assert!(!strictness.is_strict(&[finding("X1", quarantine), finding("V040", Severity::Repair)]));
    }
}
