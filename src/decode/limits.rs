//! How much of a file is read before it is refused.

/// Limits on one extract. Whatever exceeds one refuses the whole file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeLimits {
    /// Bytes of the file as it lies on disk.
    pub file_bytes: u64,
    /// Rows of data, before any unpivoting.
    pub rows: u64,
    /// Columns.
    pub columns: usize,
    /// Bytes of text in one cell.
    pub cell_bytes: usize,
    /// Bytes that a compressed file may unpack to, and bytes of text a workbook may yield.
    pub expanded_bytes: u64,
    /// How many times larger than packed one part of a compressed file may be.
    pub expansion_ratio: u64,
}

impl Default for DecodeLimits {
    /// Room for ten million rows of ordinary extracts, none for bombs.
    fn default() -> Self {
        Self {
            file_bytes: 8 << 30,
            rows: 500_000_000,
            columns: 2_000,
            cell_bytes: 64 << 10,
            expanded_bytes: 2 << 30,
            expansion_ratio: 200,
        }
    }
}

impl DecodeLimits {
    /// Bytes of one delimited record: a record is kept in memory whole.
    pub(super) fn record_bytes(&self) -> usize {
        self.columns.saturating_mul(self.cell_bytes).clamp(64 << 10, 16 << 20)
    }
}
