//! Defects of the kinds that suppliers really deliver (domain, sections 1.1 to 1.8), planted among good rows and listed
//! with the findings they must give. A row that others point at is never spoilt so that it would be refused: what is
//! refused is an additional row under an id of its own, so the neighbours stay as they are.

mod accounts;
mod around;
mod case;
mod diagnostics;
mod files;
mod outcomes;
mod plot;
mod register;
mod scores;
mod vouchers;

pub(super) use case::Plot;
pub(super) use files::plant_files;
pub(super) use plot::Dirt;
