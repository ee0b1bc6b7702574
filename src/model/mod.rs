//! Our nouns as types. Pure: no input or output, no async, no Arrow.
//!
//! Everything a stage says to another is said in these types or in Arrow record batches. A value of a type here is
//! already checked: what was typed or delivered is parsed once, at the border.

mod area;
mod cell_address;
mod class;
mod edition;
mod extract;
mod finding;
mod language;
mod measure;
mod message;
mod names;
mod observation;
mod period;
mod progress;
mod role;
mod table;

pub use area::{AreaSets, AreaSetsError, EAST_WALES, WALES, WEST_WALES_AND_VALLEYS};
pub use cell_address::{CellAddress, CellAddressError, PlacedCells};
pub use class::ErrorClass;
pub use edition::{EditionId, EditionIdError, EditionState};
pub use extract::{ContentHash, ContentHashError, ExtractName, ExtractNameError};
pub use finding::{COVERED_CELL, Finding, NOT_CALCULATED, Place, RuleId, Severity};
pub use language::Language;
pub use measure::{Kind, Unit};
pub use message::{Address, Artefact, MailBody, Recipient};
pub use names::{AreaCode, DatasetName, GroupId, IndicatorId, JobName, NameError, SupplierCode};
pub use observation::{Interval, Mark, ObsStatus, Observation};
pub use period::{Period, PeriodError};
pub use progress::{Direction, Progress, RagLimits, Target, TargetBasis};
pub use role::Role;
pub use table::{
    CellKey, Contribution, PublishedCell, Raw, RawCell, TOTAL_MEMBER, Table, TableHeader, TableState, TimeKey,
};
