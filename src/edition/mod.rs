//! The life of an edition: which version is next, its folder, the gates before sending.
//!
//! It never computes a figure and never decides the order of steps.

mod error;
mod folder;
mod preflight;
mod version;
mod waiting;

pub use error::EditionError;
pub use folder::{load_artefacts, load_cells, load_mails, write_folder};
pub use preflight::{Preflight, check_preflight};
pub use version::{Next, choose_version};
pub use waiting::{load_waiting_cells, write_waiting_cells};
