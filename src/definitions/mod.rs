//! What users write: schemas, layouts, queries and their tests, jobs. Loads them and checks them against each other;
//! SQL itself is planned by `engine`. Never touches data.

mod header;
mod indicator;
#[cfg(test)]
mod indicator_tests;
mod problem;
mod query_file;

mod arrow_types;
mod catalogue;
mod compiled_rule;
mod date_form;
mod layout;
mod layout_cells;
mod layout_check;
mod layout_load;
mod layout_read;
mod layout_sheets;
#[cfg(test)]
mod layout_tests;
mod layout_toml;
mod number_form;
mod own_references;
mod schema;
mod schema_check;
mod schema_check_forms;
mod schema_field;
mod schema_form;
mod schema_load;
mod schema_node;
mod schema_rules;
mod schema_rules_load;
#[cfg(test)]
mod schema_tests;
mod schema_value;
mod status_codes;
mod text_format;
#[cfg(test)]
mod value_tests;

pub use problem::{DefinitionsError, Problem};

pub use arrow_types::{
    Columns, LINEAGE_AS_OF, LINEAGE_EXTRACT, LINEAGE_ROW, LINEAGE_SEQUENCE, LINEAGE_SUPPLIER, lineage_fields,
};
pub use catalogue::Definitions;
pub use compiled_rule::{CompiledRule, RowCheck};
pub use date_form::{DateForm, DatePattern, parse_day, parse_iso};
pub use layout::{
    AboveHeader, CELL_GROUP, HeaderAt, IdColumn, Layout, Release, RowKind, RowTest, TableEnd, TextForm, Unpivot,
    find_layout, find_position,
};
pub use layout_cells::{CellNumberForm, Markers, NumberCell, Rewrite, rewrite_text};
pub use layout_check::check_layouts;
pub use layout_load::load_layouts;
pub use layout_sheets::{ChosenSheet, SheetAt, SheetPick, choose_sheets, describe_sheets, named_groups, shown_pattern};
pub use number_form::{NumberForm, Percent, parse_plain};
pub use schema::{Bound, Constraints, ExtractMode, Field, FieldKind, ForeignKey, Repair, Schema, Sensitivity};
pub use schema_load::load_schemas;
pub use schema_rules::{
    Calendar, Drift, DriftAction, Expected, RowRule, SET_RULE_REFUSED, SET_RULE_ROW, SET_RULE_TABLE, SET_RULE_TARGET,
    SetRule, Stability,
};
pub use schema_value::{
    ValueError, days_since_epoch, parse_boolean, parse_date, parse_decimal, parse_integer, parse_stored,
    parse_timestamp,
};
pub use status_codes::StatusCodes;
pub use text_format::TextFormat;

mod job;
mod job_load;
mod job_reader;
#[cfg(test)]
mod job_tests;
mod working_days;

pub use job::{Job, Missed, Overlap, Reports, Schedule, ScheduleRule, Step};
pub use job_load::{load_jobs, parse_job};
pub use working_days::{WorkingDays, bank_holidays, easter_sunday};

pub use indicator::{
    Breakdowns, Dimension, DisclosureUnit, IndicatorDefinition, Measure, Text, Times, load_indicators,
};
pub use query_file::{CheckSeverity, DataCheck, StagingView, load_checks, load_staging};

mod explain;
#[cfg(test)]
mod explain_tests;
mod fixture;
mod selection;
mod text_table;
mod turns;

pub use fixture::{Fixture, FixtureCase, Given, load_fixtures};
pub use selection::{Query, Selection, UnknownSelection};
pub use text_table::TextTable;
pub use turns::Turn;
