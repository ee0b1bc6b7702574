//! Synthetic extracts: programme data with the shapes of real data and nobody's secrets. The same options give the
//! same bytes. Every firm is drawn from its own random stream, so memory does not grow with their number. Never reads
//! data, never touches the lake.

mod account;
mod claim;
mod component;
mod contact;
mod cost;
mod day;
mod diagnostic;
mod dice;
mod dirt;
mod error;
mod firm;
mod options;
mod outcome;
mod planted;
mod postcode;
mod reference;
mod score;
mod shape;
mod sheet;
mod story;
mod subsidy;
mod voucher;
mod write;
mod write_firm;

#[cfg(test)]
mod tests;

pub use error::SampleError;
pub use options::{MAX_FIRMS, MIN_DAYS, MIN_FIRMS, MOST_DIRT, SampleOptions};
pub use write::{PlantedRow, SampleReport, WrittenFile, write_sample};
