//! The workbook that a supplier gets about their refused rows: what is wrong with each and how to mend it. Holds values,
//! so it lies where its reader asks for it and nowhere else, readable by its owner only; never a row of another supplier.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};

use crate::dispatch::{Draft, write_draft};
use crate::model::{Artefact, Finding, Severity, SupplierCode};
use crate::store;

use super::watch::list_mail;
use super::{PipelineError, RefusedExtract, RefusedFilter, Workspace};

/// One workbook that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportedWorkbook {
    /// Whose rows.
    pub supplier: SupplierCode,
    /// Where it lies.
    pub path: PathBuf,
    /// How many rows it lists.
    pub rows: u64,
    /// Of how many files.
    pub files: u64,
    /// The draft of a mail with the workbook attached, if one was asked for.
    pub draft: Option<PathBuf>,
}

/// Whether a draft of a mail is written beside each workbook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DraftMail {
    /// Into the outbox, to be finished and forwarded by a person.
    Write,
    /// None.
    Leave,
}

/// Columns of the list with their widths in characters.
const COLUMNS: [(&str, f64); 8] = [
    ("File", 42.0),
    ("Sheet", 14.0),
    ("Row", 8.0),
    ("Column", 24.0),
    ("Value", 28.0),
    ("Rule", 8.0),
    ("What is wrong", 52.0),
    ("How to mend it", 52.0),
];

impl Workspace {
    /// Writes one workbook a supplier with rows in quarantine.
    ///
    /// # Errors
    /// When the supplier is not known, or a file cannot be read or written.
    pub async fn export_refused(
        &self,
        supplier: Option<SupplierCode>,
        out: &Path,
        draft: DraftMail,
    ) -> Result<Vec<ExportedWorkbook>, PipelineError> {
        let refused = self.list_refused(&RefusedFilter { supplier, ..RefusedFilter::default() }).await?;
        let mut by_supplier: BTreeMap<SupplierCode, Vec<RefusedExtract>> = BTreeMap::new();
        for extract in refused.into_iter().filter(|extract| !extract.lines.is_empty()) {
            by_supplier.entry(extract.record.supplier.clone()).or_default().push(extract);
        }
        let all = self.ledger.list_extracts().await?;
        let foreign = |own: &SupplierCode| -> Vec<String> {
            all.iter().filter(|extract| extract.supplier != *own).map(|extract| extract.file_name.clone()).collect()
        };
        let settings = &self.project.settings;
        let today = settings.clock.today(&settings.zone);
        let mut written = Vec::new();
        if !by_supplier.is_empty() {
            store::create_private_dir(out)?;
        }
        for (supplier, extracts) in &by_supplier {
            let fail = |source| PipelineError::Workbook { supplier: supplier.to_string(), source };
            let bytes = render(supplier, &today.to_string(), extracts, &foreign(supplier)).map_err(fail)?;
            let path = out.join(format!("refused-rows-{supplier}-{}.xlsx", today.strftime("%Y%m%d")));
            store::write_atomic(&path, &bytes)?;
            let draft = match draft {
                DraftMail::Write => Some(self.draft_mail(supplier, &path, bytes, extracts)?),
                DraftMail::Leave => None,
            };
            let rows = extracts.iter().map(|extract| extract.lines.len()).sum::<usize>();
            written.push(ExportedWorkbook {
                supplier: supplier.clone(),
                path,
                rows: u64::try_from(rows).unwrap_or(u64::MAX),
                files: u64::try_from(extracts.len()).unwrap_or(u64::MAX),
                draft,
            });
        }
        Ok(written)
    }

    /// A mail to the supplier that a person reads, addresses and sends.
    fn draft_mail(
        &self,
        supplier: &SupplierCode,
        workbook: &Path,
        bytes: Vec<u8>,
        extracts: &[RefusedExtract],
    ) -> Result<PathBuf, PipelineError> {
        let settings = &self.project.settings;
        let stem = workbook.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let lines: Vec<String> = extracts
            .iter()
            .map(|extract| {
                let record = &extract.record;
                format!("{}: {} of {} rows were not accepted", record.file_name, record.quarantined, record.rows_in)
            })
            .collect();
        let ask = "The workbook says what is wrong with each row and how to mend it. Please correct the rows where they \
                   are kept, and deliver the whole file again under the next number.";
        let subject = format!("{}: rows of {supplier} that were not accepted", settings.project_name);
        let body = list_mail(subject, &lines, ask);
        let attachment = Artefact {
            file_name: workbook.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
            media_type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            language: None,
            bytes: Arc::from(bytes),
        };
        Ok(write_draft(Draft {
            settings: &settings.mail,
            outbox: &settings.outbox_dir,
            name: &stem,
            body: &body,
            attachments: &[attachment],
            clock: &settings.clock,
        })?)
    }
}

fn render(
    supplier: &SupplierCode,
    day: &str,
    extracts: &[RefusedExtract],
    foreign: &[String],
) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // The same rows on the same day give the same bytes.
    let made = ExcelDateTime::parse_from_str(day)?;
    workbook.set_properties(&DocProperties::new().set_title("Refused rows").set_creation_datetime(&made));
    write_summary(workbook.add_worksheet().set_name("Summary")?, supplier, day, extracts)?;
    write_rows(workbook.add_worksheet().set_name("Rows")?, extracts, foreign)?;
    workbook.save_to_buffer()
}

fn header() -> Format {
    Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Top)
}

fn wrapped() -> Format {
    Format::new().set_text_wrap().set_align(FormatAlign::Top)
}

fn write_summary(
    sheet: &mut Worksheet,
    supplier: &SupplierCode,
    day: &str,
    extracts: &[RefusedExtract],
) -> Result<(), XlsxError> {
    for (column, width) in [46.0, 18.0, 18.0, 18.0].into_iter().enumerate() {
        sheet.set_column_width(u16::try_from(column).unwrap_or(0), width)?;
    }
    let title = Format::new().set_bold().set_font_size(14);
    sheet.write_string_with_format(0, 0, "Rows that were not accepted", &title)?;
    sheet.write_string(1, 0, format!("Supplier {supplier}, as of {day}"))?;
    let lines = [
        "The sheet Rows lists each of them: where it stands, what is wrong, and how to mend it.",
        "Please correct the rows where they are kept, and deliver the whole file again under the next number.",
        "All other rows of these files were accepted. Nothing has to be done about them.",
    ];
    for (row, line) in (3_u32..).zip(lines) {
        sheet.write_string(row, 0, line)?;
    }
    let mut row = 7;
    for (column, name) in (0_u16..).zip(["File", "Rows delivered", "Accepted", "Not accepted"]) {
        sheet.write_string_with_format(row, column, name, &header())?;
    }
    for extract in extracts {
        row += 1;
        let record = &extract.record;
        sheet.write_string(row, 0, &record.file_name)?;
        for (column, number) in (1_u16..).zip([record.rows_in, record.accepted, record.quarantined]) {
            // Excel's numbers are exact up to 15 digits, far beyond any count of rows.
            sheet.write_number(row, column, u32::try_from(number).unwrap_or(u32::MAX))?;
        }
    }
    Ok(())
}

fn write_rows(sheet: &mut Worksheet, extracts: &[RefusedExtract], foreign: &[String]) -> Result<(), XlsxError> {
    for (column, (name, width)) in (0_u16..).zip(COLUMNS) {
        sheet.set_column_width(column, width)?;
        sheet.write_string_with_format(0, column, name, &header())?;
    }
    sheet.set_freeze_panes(1, 0)?;
    let format = wrapped();
    let mut row = 0;
    for extract in extracts {
        for line in &extract.lines {
            for finding in line.findings.iter().filter(|finding| finding.severity >= Severity::Quarantine) {
                row += 1;
                let (reason, hint) = own_words(finding, foreign);
                let place = &finding.place;
                let texts = [
                    (0, extract.record.file_name.as_str()),
                    (1, place.sheet.as_deref().unwrap_or_default()),
                    (3, place.column.as_deref().unwrap_or_default()),
                    (4, finding.value.as_deref().unwrap_or_default()),
                    (5, finding.rule.0.as_ref()),
                    (6, reason),
                    (7, hint),
                ];
                // Always as text: a value that begins with `=` is no formula.
                for (column, text) in texts {
                    sheet.write_string_with_format(row, column, text, &format)?;
                }
                sheet.write_number_with_format(row, 2, u32::try_from(line.row).unwrap_or(u32::MAX), &format)?;
            }
        }
    }
    if row > 0 {
        sheet.autofilter(0, 0, row, 7)?;
    }
    Ok(())
}

/// Reason and hint of a finding, unless they speak of another supplier's file.
fn own_words<'a>(finding: &'a Finding, foreign: &[String]) -> (&'a str, &'a str) {
    if foreign.iter().any(|file| finding.reason.contains(file.as_str()) || finding.hint.contains(file.as_str())) {
        return ("another delivery contradicts this row", "ask the programme's office which one is right");
    }
    (&finding.reason, &finding.hint)
}
