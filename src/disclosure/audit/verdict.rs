//! What the audit found, by table. Names cells, never figures.

use std::collections::BTreeMap;
use std::fmt;

use super::Exhibit;
use super::secrets::Secret;
use crate::model::{CellKey, IndicatorId, TimeKey};

/// What is wrong with the protection of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weakness {
    /// A reader can bound it more tightly than may be.
    Narrow,
    /// The only firm behind another hidden cell, or a contractor, can work it out.
    FromInside,
    /// Nobody could say within the limits.
    Unsolved,
}

/// A cell that is not protected as it must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which cell.
    pub key: CellKey,
    /// What is wrong.
    pub weakness: Weakness,
}

/// The audit of one table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableVerdict {
    /// Which indicator.
    pub indicator: IndicatorId,
    /// Which measure.
    pub measure: String,
    /// How many secrets were attacked.
    pub attacked: u64,
    /// Those that are not safe, in the order of cells.
    pub findings: Vec<Finding>,
}

/// The audit of an edition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// One entry a table.
    pub tables: Vec<TableVerdict>,
    /// Whether some totals are not the sums of their parts, so that nothing could be said.
    pub broken: bool,
}

impl Verdict {
    pub(super) fn new(
        exhibit: &Exhibit<'_>,
        secrets: &[Secret<'_>],
        weaknesses: Vec<Option<Weakness>>,
        broken: bool,
    ) -> Self {
        let empty = |table: &crate::model::Table<crate::model::Raw>| TableVerdict {
            indicator: table.header().indicator.clone(),
            measure: table.header().measure.clone(),
            attacked: 0,
            findings: Vec::new(),
        };
        let mut tables: Vec<TableVerdict> = exhibit.raw.iter().map(empty).collect();
        for (secret, weakness) in secrets.iter().zip(weaknesses) {
            let (table, cell) = secret.at;
            let verdict = &mut tables[table];
            verdict.attacked += 1;
            let key = exhibit.raw[table].cells().keys().nth(cell);
            if let (Some(weakness), Some(key)) = (weakness, key) {
                verdict.findings.push(Finding { key: key.clone(), weakness });
            }
        }
        for table in &mut tables {
            table.findings.sort_by(|a, b| (&a.key, a.weakness).cmp(&(&b.key, b.weakness)));
            table.findings.dedup();
        }
        Self { tables, broken }
    }

    /// The same attack after everything that it found was mended.
    pub(in crate::disclosure) fn mended(&self) -> Self {
        let mended = |table: &TableVerdict| TableVerdict { findings: Vec::new(), ..table.clone() };
        Self { tables: self.tables.iter().map(mended).collect(), broken: false }
    }

    /// Whether every secret is safe.
    #[must_use]
    pub fn passes(&self) -> bool {
        !self.broken && self.tables.iter().all(|table| table.findings.is_empty())
    }

    /// How many secrets were attacked.
    #[must_use]
    pub fn attacked(&self) -> u64 {
        self.tables.iter().map(|table| table.attacked).sum()
    }

    /// One line for each table that does not pass: how many of the attacked figures fail in which way, and never which.
    #[must_use]
    pub fn tables_that_fail(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for table in &self.tables {
            let mut counts: BTreeMap<Weakness, usize> = BTreeMap::new();
            for finding in &table.findings {
                *counts.entry(finding.weakness).or_default() += 1;
            }
            let ways: Vec<String> = counts.iter().map(|(weakness, count)| format!("{count} {weakness}")).collect();
            if !ways.is_empty() {
                let (indicator, measure, all) = (&table.indicator, &table.measure, table.attacked);
                lines.push(format!("{indicator} {measure}: of {all} confidential figures {}", ways.join(", ")));
            }
        }
        if self.broken {
            lines.push("some totals are not the sums of their parts, so that nothing could be judged".to_owned());
        }
        lines
    }

    /// One line for each cell that is not safe.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let lines = |table: &TableVerdict| -> Vec<String> {
            let line = |f: &Finding| format!("{} {} {}: {}", table.indicator, table.measure, place(&f.key), f.weakness);
            table.findings.iter().map(line).collect()
        };
        self.tables.iter().flat_map(lines).collect()
    }
}

impl fmt::Display for Weakness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Narrow => "can be bounded too tightly",
            Self::FromInside => "can be worked out by a firm or a contractor behind other figures",
            Self::Unsolved => "could not be judged within the limits",
        })
    }
}

fn place(key: &CellKey) -> String {
    let time = match key.time {
        TimeKey::Year(year) => year.to_string(),
        TimeKey::Quarter(period) => period.to_string(),
        TimeKey::ToDate(period) => format!("to {period}"),
    };
    format!("{} {time} {}", key.area, key.members.join(" ")).trim_end().to_owned()
}
