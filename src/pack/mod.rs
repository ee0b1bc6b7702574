//! Protected tables to the quarter's pack: a document model in each language, then PDF, workbook, mail, CSV, manifest.
//!
//! A pure function of its input: no clock, no files, no network, system fonts never. The same input gives the same
//! bytes. It takes protected tables only; a raw figure does not compile here.

mod charts;
mod collation;
mod csv_cells;
mod document;
mod error;
mod figures;
mod fonts;
mod input;
mod mail;
mod manifest;
mod messages;
mod numbers;
mod ods;
mod ods_xml;
mod pdf;
mod pdf_data;
mod render;
mod sections;
#[cfg(test)]
mod tests;

pub use csv_cells::{PrintedCell, find_printed, list_printed};
pub use error::PackError;
pub use input::{
    AreaName, CatalogueEntry, ComponentName, DatasetQuality, Pack, PackInput, QualityStatement, Rounding,
    SuppressionSummary,
};
pub use messages::{MessageStatus, check_messages};
pub use render::render_pack;
pub use sections::SECTIONS;
