//! The life of an edition: which version is next, its folder, the gates before sending.
//!
//! It never computes a figure and never decides the order of steps.

mod error;
mod folder;
mod preflight;
mod version;

pub use error::EditionError;
pub use folder::{encode_register, load_artefacts, load_cells, load_mails, load_register, write_folder};
pub use preflight::{Preflight, check_preflight};
pub use version::{Next, choose_version};
