//! What users write: schemas, queries, jobs. Loads them and checks them against each other; SQL itself is planned by
//! `engine`. Never touches data.

mod header;
mod indicator;
#[cfg(test)]
mod indicator_tests;
mod problem;
mod query_file;

mod arrow_types;
mod catalogue;
mod compiled_rule;
mod layout;
mod layout_cells;
mod layout_check;
mod layout_load;
mod layout_read;
mod layout_sheets;
#[cfg(test)]
mod layout_tests;
mod layout_toml;
mod schema;
mod schema_check;
mod schema_field;
mod schema_load;
mod schema_node;
#[cfg(test)]
mod schema_tests;
mod schema_value;

pub use problem::{DefinitionsError, Problem};

pub use arrow_types::{
    Columns, LINEAGE_AS_OF, LINEAGE_EXTRACT, LINEAGE_ROW, LINEAGE_SEQUENCE, LINEAGE_SUPPLIER, lineage_fields,
};
pub use catalogue::Definitions;
pub use compiled_rule::{CompiledRule, RowCheck};
pub use layout::{
    AboveHeader, CELL_GROUP, HeaderAt, IdColumn, Layout, Release, RowKind, RowTest, TableEnd, TextForm, Unpivot,
    find_layout, find_position,
};
pub use layout_cells::{Markers, NumberCell, NumberForm, Rewrite, rewrite_text};
pub use layout_check::check_layouts;
pub use layout_load::load_layouts;
pub use layout_sheets::{ChosenSheet, SheetAt, SheetPick, choose_sheets, describe_sheets, named_groups, shown_pattern};
pub use schema::{
    Bound, Constraints, Drift, DriftAction, Expected, ExtractMode, Field, FieldKind, ForeignKey, Repair, RowRule,
    Schema, Sensitivity,
};
pub use schema_load::load_schemas;
pub use schema_value::{
    ValueError, days_since_epoch, parse_boolean, parse_date, parse_decimal, parse_integer, parse_stored,
    parse_timestamp,
};

mod job;
mod job_load;
mod job_reader;
#[cfg(test)]
mod job_tests;
mod working_days;

pub use job::{Job, Missed, Overlap, Reports, Schedule, ScheduleRule, Step};
pub use job_load::{load_jobs, parse_job};
pub use working_days::{WorkingDays, bank_holidays, easter_sunday};

pub use indicator::{Breakdowns, Dimension, DisclosureUnit, IndicatorDefinition, Measure, Text, load_indicators};
pub use query_file::{DataCheck, StagingView, load_checks, load_staging};
