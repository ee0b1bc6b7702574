//! The reviewer's file of an edition, as text and as a workbook: how much of each table is hidden and under which class of rule,
//! what that costs, what the audit found, and who waived. It is no part of the pack. Never holds a figure, a firm or a parameter.

use std::fmt::Write;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use crate::disclosure::{Policy, RuleClass, TableProtection, Verdict};
use crate::model::EditionId;

use super::PipelineError;

/// Classes of rules, in the order of columns.
const CLASSES: [RuleClass; 5] = [
    RuleClass::TooFew,
    RuleClass::SmallGroup,
    RuleClass::Concentration,
    RuleClass::EarlierEdition,
    RuleClass::Complementary,
];

/// What is reviewed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reviewed<'a> {
    pub(super) edition: &'a EditionId,
    pub(super) policy: &'a Policy,
    pub(super) summary: &'a [TableProtection],
    pub(super) verdict: &'a Verdict,
}

impl Reviewed<'_> {
    /// How many confidential figures of a table were attacked.
    fn attacked(&self, table: &TableProtection) -> u64 {
        let of = |found: &&crate::disclosure::TableVerdict| {
            found.indicator == table.indicator && found.measure == table.measure
        };
        self.verdict.tables.iter().find(of).map_or(0, |found| found.attacked)
    }

    fn verdict_words(&self) -> String {
        let attacked = self.verdict.attacked();
        if self.verdict.passes() {
            return format!("passed: {attacked} confidential sums and differences were attacked, and all withstood");
        }
        format!("not passed: {}", self.verdict.tables_that_fail().join("; "))
    }
}

/// Who waived protection, who recorded it and why, in one line for the manifest; none if nobody did. Names no firm.
pub(super) fn tell_waivers(policy: &Policy) -> Option<String> {
    let lines: Vec<String> =
        policy.recorded_waivers().iter().map(|waiver| format!("{} ({})", waiver.reason, waiver.by)).collect();
    (!lines.is_empty()).then(|| lines.join("; "))
}

/// The reviewer's file as text.
pub(super) fn render_review(reviewed: &Reviewed<'_>) -> String {
    let mut text = format!(
        "Disclosure review of {}\nPolicy: {}\nFor those who approve the edition; not part of the pack.\n\nAudit {}.\n\nWaivers:\n",
        reviewed.edition,
        reviewed.policy,
        reviewed.verdict_words()
    );
    for waiver in reviewed.policy.recorded_waivers() {
        let _ = writeln!(text, "- {}, recorded by {}", waiver.reason, waiver.by);
    }
    if reviewed.policy.recorded_waivers().is_empty() {
        text.push_str("- none\n");
    }
    text.push_str("\nTables:\n");
    for table in reviewed.summary {
        let _ = write!(text, "- {table}");
        let classes = CLASSES.iter().filter_map(|class| Some((class, table.cost.by_class.get(class)?)));
        let classes: Vec<String> = classes.map(|(class, count)| format!("{count} {}", class.words())).collect();
        if !classes.is_empty() {
            let _ = write!(text, " ({})", classes.join(", "));
        }
        if let Some(share) = table.cost.share_percent {
            let _ = write!(text, "; {share}% of the sum of its cells");
        }
        let _ = writeln!(text, "; {} attacked", reviewed.attacked(table));
    }
    text
}

/// The reviewer's file as a workbook. The same review gives the same bytes.
///
/// # Errors
/// When the workbook cannot be made.
pub(super) fn render_review_workbook(reviewed: &Reviewed<'_>) -> Result<Vec<u8>, PipelineError> {
    let failed = |source| PipelineError::Review { edition: reviewed.edition.to_string(), source };
    workbook(reviewed).map_err(failed)
}

fn workbook(reviewed: &Reviewed<'_>) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let day = ExcelDateTime::parse_from_str(&reviewed.edition.period.last_day().to_string())?;
    workbook.set_properties(&DocProperties::new().set_title("Disclosure review").set_creation_datetime(&day));
    write_tables(workbook.add_worksheet().set_name("Tables")?, reviewed)?;
    write_summary(workbook.add_worksheet().set_name("Audit and waivers")?, reviewed)?;
    workbook.save_to_buffer()
}

fn write_tables(sheet: &mut Worksheet, reviewed: &Reviewed<'_>) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold().set_text_wrap();
    let classes = CLASSES.iter().map(|class| class.words());
    let titles = ["indicator", "measure", "cells", "confidential"].into_iter().chain(classes);
    let titles = titles.chain(["share of the sum of its cells, %", "sums attacked"]);
    for (column, title) in (0..).zip(titles) {
        sheet.write_string_with_format(0, column, title, &bold)?;
    }
    for (row, table) in (1..).zip(reviewed.summary) {
        sheet.write_string(row, 0, table.indicator.as_str())?;
        sheet.write_string(row, 1, &table.measure)?;
        let classes = CLASSES.iter().map(|class| table.cost.by_class.get(class).copied().unwrap_or(0));
        let counts = [table.cells, table.hidden].into_iter().chain(classes);
        for (column, count) in (2..).zip(counts) {
            sheet.write_number(row, column, number(count))?;
        }
        if let Some(share) = table.cost.share_percent {
            sheet.write_number(row, 9, share.try_into().unwrap_or(f64::NAN))?;
        }
        sheet.write_number(row, 10, number(reviewed.attacked(table)))?;
    }
    sheet.set_freeze_panes(1, 2)?;
    Ok(())
}

fn write_summary(sheet: &mut Worksheet, reviewed: &Reviewed<'_>) -> Result<(), XlsxError> {
    let lines = [
        ("edition", reviewed.edition.to_string()),
        ("policy", reviewed.policy.to_string()),
        ("audit", reviewed.verdict_words()),
    ];
    for (row, (name, value)) in (0..).zip(lines) {
        sheet.write_string(row, 0, name)?;
        sheet.write_string(row, 1, value)?;
    }
    for (row, waiver) in (4..).zip(reviewed.policy.recorded_waivers()) {
        sheet.write_string(row, 0, "waiver")?;
        sheet.write_string(row, 1, &waiver.reason)?;
        sheet.write_string(row, 2, &waiver.by)?;
    }
    Ok(())
}

/// A number of cells as a workbook holds it.
fn number(count: u64) -> f64 {
    u32::try_from(count).map_or(f64::INFINITY, f64::from)
}
