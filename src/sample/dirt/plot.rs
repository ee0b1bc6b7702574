//! Plants defects while rows are written, so many of a million, those first that were planted least, and lists them.

use std::path::Path;

use csv::ByteRecord;

use crate::model::Severity;

use super::super::error::SampleError;
use super::super::options::Plan;
use super::super::sheet::Sheet;
use super::super::story::{STORIES, Story};
use super::around::Around;
use super::case::{Case, Expected, PLOTS, Plot, Way, cases_of};

/// Columns of the list of planted defects.
const COLUMNS: &[&str] = &["file", "row", "column", "case", "rule", "severity"];

/// The first number of the ids of additional rows; no drawn row has one so high.
const FRESH: i64 = 500_000_000;

#[derive(Clone, Debug, Default)]
struct Tally {
    rows: i64,
    planted: i64,
    used: Vec<i64>,
}

/// The defects of a sample.
pub(crate) struct Dirt {
    /// Rows of a million that are planted.
    rate: i64,
    list: Sheet,
    fresh: i64,
    tallies: [Tally; PLOTS],
    told: [i64; STORIES],
    pub(crate) around: Around,
}

impl Dirt {
    /// Starts the list of planted defects in `folder`.
    pub(crate) fn create(folder: &Path, plan: &Plan) -> Result<Self, SampleError> {
        let tally = |plot| Tally { used: vec![0; cases_of(plot).len()], ..Tally::default() };
        let plots = [
            Plot::Businesses,
            Plot::Contacts,
            Plot::Diagnostics,
            Plot::Scores,
            Plot::Vouchers,
            Plot::Components,
            Plot::Costs,
            Plot::Claims,
            Plot::Outcomes,
            Plot::Accounts,
            Plot::Subsidies,
        ];
        Ok(Self {
            rate: plan.dirt,
            list: Sheet::create(folder, "planted.csv".to_owned(), COLUMNS)?,
            fresh: FRESH,
            tallies: plots.map(tally),
            told: [0; STORIES],
            around: Around::new(plan),
        })
    }

    /// Lists one planted defect. Without a finding the row, or the file, is accepted as it is.
    pub(crate) fn note(
        &mut self,
        file: &str,
        row: Option<u64>,
        case: &str,
        expected: Option<Expected>,
    ) -> Result<(), SampleError> {
        let (column, rule, severity) = match expected {
            Some((column, rule, severity)) => (column, rule, word(severity)),
            None => ("", "", "kept"),
        };
        self.list.text(file);
        match row {
            Some(row) => self.list.whole(i64::try_from(row).expect("a row's number fits 63 bits")),
            None => self.list.empty(),
        };
        self.list.text(column).text(case).text(rule).text(severity);
        self.list.end()?;
        Ok(())
    }

    /// Completes the list; returns the number of its lines.
    pub(crate) fn finish(self) -> Result<u64, SampleError> {
        self.list.finish().map(|(_, rows)| rows)
    }

    /// Whether more should be planted in a plot by now.
    pub(crate) fn is_due(&self, plot: Plot) -> bool {
        let tally = &self.tallies[plot as usize];
        self.rate > 0 && tally.planted * 1_000_000 < tally.rows * self.rate
    }

    /// Whether one row of a block that is about to be written should be spoilt: the kinds that need a block were planted no
    /// more often than the others.
    fn is_due_for_block(&self, plot: Plot, rows: usize) -> bool {
        let tally = &self.tallies[plot as usize];
        let rows = tally.rows + i64::try_from(rows).expect("a few rows");
        let least = |block: bool| {
            let cases = cases_of(plot).iter().zip(&tally.used);
            cases.filter(|(case, _)| is_block(case) == block).map(|(_, used)| *used).min().unwrap_or(0)
        };
        tally.planted * 1_000_000 < rows * self.rate && least(true) <= least(false)
    }

    /// Whether a defect of several rows is due, and has been told less often than the others were planted. It then counts
    /// as told.
    pub(crate) fn takes_turn(&mut self, story: Story) -> bool {
        let plot = if story == Story::SecondBaseline { Plot::Diagnostics } else { Plot::Vouchers };
        let told = &mut self.told[story as usize];
        let tally = &mut self.tallies[plot as usize];
        // Once when single rows have begun, then once a round of them.
        let round = tally.planted / i64::try_from(tally.used.len()).expect("a few cases");
        let turn = tally.planted > 0 && *told <= round;
        if turn {
            *told += 1;
            tally.planted += 2;
        }
        turn
    }

    /// A number that no other row has.
    pub(crate) const fn fresh_number(&mut self) -> i64 {
        self.fresh += 1;
        self.fresh
    }

    /// Counts rows that were written without a defect.
    pub(crate) fn count(&mut self, plot: Plot, rows: usize) {
        self.tallies[plot as usize].rows += i64::try_from(rows).expect("a few rows");
    }

    /// Ends the row at hand, with a defect if one is due and fits. Returns the row's number.
    pub(crate) fn end(&mut self, plot: Plot, sheet: &mut Sheet) -> Result<u64, SampleError> {
        self.count(plot, 1);
        let due = self.is_due(plot);
        let fits = |case: &Case, around: &Around| !is_block(case) && needs_hold(case, sheet, around);
        let Some(case) = due.then(|| self.choose(plot, fits)).flatten() else { return sheet.end() };
        match case.way {
            Way::Here => {
                self.edit(&case, sheet);
                let row = sheet.end()?;
                self.list_row(plot, sheet, row, &case, case.findings)?;
                Ok(row)
            }
            Way::Extra | Way::Again => {
                let (row, copy) = end_copied(sheet)?;
                self.extra(plot, sheet, &copy, &case)?;
                Ok(row)
            }
            Way::Twice(second) => {
                let (row, copy) = end_copied(sheet)?;
                self.start_extra(sheet, &copy, &case);
                let first_row = sheet.end()?;
                self.list_row(plot, sheet, first_row, &case, &[])?;
                self.start_extra(sheet, &copy, &case);
                for edit in second {
                    edit.apply(sheet, &self.around);
                }
                let second_row = sheet.end()?;
                self.list_row(plot, sheet, second_row, &case, case.findings)?;
                Ok(row)
            }
            Way::Block(_) | Way::Gap(_) => unreachable!("blocks are written by `write_block`"),
        }
    }

    /// Writes rows that `put` puts together; they are a block where defects may take several of them.
    pub(crate) fn write_rows(
        dirt: Option<&mut Self>,
        plot: Plot,
        sheet: &mut Sheet,
        rows: usize,
        put: impl Fn(&mut Sheet, usize),
    ) -> Result<(), SampleError> {
        let Some(dirt) = dirt else {
            return (0..rows).try_for_each(|at| {
                put(sheet, at);
                sheet.end().map(drop)
            });
        };
        let mut block = Vec::with_capacity(rows);
        for at in 0..rows {
            put(sheet, at);
            block.push(sheet.take());
        }
        dirt.write_block(plot, sheet, &block)
    }

    /// Writes the rows of a block, one of them spoilt or left out if a defect is due and fits.
    fn write_block(&mut self, plot: Plot, sheet: &mut Sheet, block: &[ByteRecord]) -> Result<(), SampleError> {
        let mut spot = None;
        let due = self.is_due_for_block(plot, block.len());
        let fits = |case: &Case, around: &Around| {
            let found = |record: &ByteRecord| fits_record(case, sheet, record, around);
            spot = if is_block(case) { block.iter().position(found) } else { None };
            spot.is_some()
        };
        let case = due.then(|| self.choose(plot, fits)).flatten();
        let (Some(case), Some(spot)) = (case, spot) else {
            for record in block {
                sheet.start(record);
                self.end(plot, sheet)?;
            }
            return Ok(());
        };
        self.count(plot, block.len());
        let (rest, gap) = match case.way {
            Way::Block(rest) => (rest, false),
            Way::Gap(rest) => (rest, true),
            _ => unreachable!("only blocks were chosen from"),
        };
        for (at, record) in block.iter().enumerate() {
            if gap && at == spot {
                continue;
            }
            sheet.start(record);
            if at == spot {
                self.edit(&case, sheet);
            }
            let row = sheet.end()?;
            self.list_row(plot, sheet, row, &case, if at == spot { case.findings } else { rest })?;
        }
        Ok(())
    }

    /// Writes an additional row into a sheet, after the pattern of `copy`.
    fn extra(&mut self, plot: Plot, sheet: &mut Sheet, copy: &ByteRecord, case: &Case) -> Result<(), SampleError> {
        self.start_extra(sheet, copy, case);
        let row = sheet.end()?;
        self.list_row(plot, sheet, row, case, case.findings)
    }

    fn start_extra(&mut self, sheet: &mut Sheet, copy: &ByteRecord, case: &Case) {
        sheet.start(copy);
        if matches!(case.way, Way::Extra | Way::Twice(_)) {
            self.refresh(sheet);
        }
        self.edit(case, sheet);
    }

    /// Gives the row at hand an id that no other has, in its first column if that holds one of its own.
    pub(crate) fn refresh(&mut self, sheet: &mut Sheet) {
        if let Some(column) = sheet.own_id() {
            let number = self.fresh_number();
            let prefix: String = sheet.field(column).chars().take_while(|c| !c.is_ascii_digit()).collect();
            sheet.replace(column, &format!("{prefix}{number}"));
        }
    }

    fn edit(&self, case: &Case, sheet: &mut Sheet) {
        for edit in case.edits {
            edit.apply(sheet, &self.around);
        }
    }

    fn list_row(
        &mut self,
        plot: Plot,
        sheet: &Sheet,
        row: u64,
        case: &Case,
        findings: &[Expected],
    ) -> Result<(), SampleError> {
        self.tallies[plot as usize].planted += 1;
        if findings.is_empty() {
            return self.note(sheet.name(), Some(row), case.name, None);
        }
        findings.iter().try_for_each(|finding| self.note(sheet.name(), Some(row), case.name, Some(*finding)))
    }

    /// The case that was planted least among those that fit, the earlier of equals. From now on it counts as planted.
    fn choose(&mut self, plot: Plot, mut fits: impl FnMut(&Case, &Around) -> bool) -> Option<Case> {
        let used = &mut self.tallies[plot as usize].used;
        let mut order: Vec<usize> = (0..used.len()).collect();
        order.sort_by_key(|at| used[*at]);
        let at = order.into_iter().find(|at| fits(&cases_of(plot)[*at], &self.around))?;
        used[at] += 1;
        Some(cases_of(plot)[at])
    }
}

const fn is_block(case: &Case) -> bool {
    matches!(case.way, Way::Block(_) | Way::Gap(_))
}

fn needs_hold(case: &Case, sheet: &Sheet, around: &Around) -> bool {
    case.needs.iter().all(|need| need.holds(sheet, around))
}

fn fits_record(case: &Case, sheet: &mut Sheet, record: &ByteRecord, around: &Around) -> bool {
    sheet.start(record);
    let fits = needs_hold(case, sheet, around);
    sheet.take();
    fits
}

/// Ends the row at hand and gives a copy of it.
fn end_copied(sheet: &mut Sheet) -> Result<(u64, ByteRecord), SampleError> {
    let copy = sheet.copy();
    Ok((sheet.end()?, copy))
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Warn => "warn",
        Severity::Repair => "repair",
        Severity::Quarantine => "quarantine",
        Severity::Refuse => "refuse",
        Severity::Stop => "stop",
    }
}
