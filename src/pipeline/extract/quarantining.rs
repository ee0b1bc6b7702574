//! The refused rows of an extract on their way into the quarantine file.

use crate::model::Finding;
use crate::pipeline::PipelineError;
use crate::pipeline::quarantine::{QuarantineLine, QuarantineWriter};

use super::bits::Bits;
use super::counts::RuleCounts;
use super::verdict::Strictness;

/// Rows that were refused, written down and not named yet.
#[derive(Debug, Default)]
pub(super) struct Refused {
    /// The file they are written to, if any.
    pub(super) writer: Option<QuarantineWriter>,
    /// How many they are.
    pub(super) rows: u64,
    /// Those of them refused by a rule that states no tolerance of its own.
    pub(super) strict_rows: u64,
    /// Which rows of the file they are.
    pub(super) numbers: Bits,
}

/// Takes refused rows: counts what was found, and writes them down if they are to be kept.
#[derive(Debug)]
pub(super) struct Quarantining<'a> {
    writer: Option<QuarantineWriter>,
    strictness: &'a Strictness,
    rows: u64,
    strict_rows: u64,
    numbers: Bits,
}

impl<'a> Quarantining<'a> {
    pub(super) fn new(writer: Option<QuarantineWriter>, strictness: &'a Strictness) -> Self {
        Self::resume(Refused { writer, ..Refused::default() }, strictness)
    }

    /// What was refused.
    pub(super) fn into_refused(self) -> Refused {
        Refused { writer: self.writer, rows: self.rows, strict_rows: self.strict_rows, numbers: self.numbers }
    }

    /// Goes on where another left off.
    pub(super) fn resume(refused: Refused, strictness: &'a Strictness) -> Self {
        let Refused { writer, rows, strict_rows, numbers } = refused;
        Self { writer, strictness, rows, strict_rows, numbers }
    }

    /// Whether the values of refused rows are needed.
    pub(super) const fn wants_values(&self) -> bool {
        self.writer.is_some()
    }

    pub(super) fn add(
        &mut self,
        row: u64,
        values: Vec<(String, String)>,
        findings: Vec<Finding>,
        counts: &mut RuleCounts,
    ) -> Result<(), PipelineError> {
        for finding in &findings {
            counts.add(finding);
        }
        self.add_counted(row, values, findings)
    }

    /// Adds a row whose findings are counted already.
    pub(super) fn add_counted(
        &mut self,
        row: u64,
        values: Vec<(String, String)>,
        findings: Vec<Finding>,
    ) -> Result<(), PipelineError> {
        self.rows += 1;
        self.numbers.insert(row);
        self.strict_rows += u64::from(self.strictness.is_strict(&findings));
        match &mut self.writer {
            Some(writer) => writer.write(&QuarantineLine { row, values, findings }),
            None => Ok(()),
        }
    }
}
