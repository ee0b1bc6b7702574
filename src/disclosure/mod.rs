//! The only maker of `Table<Protected>`.

use crate::model::{PublishedCell, TableState};

/// The state of a table that went through disclosure control. Its private field keeps everybody else from making one.
#[derive(Debug)]
pub struct Protected(());

impl TableState for Protected {
    type Cell = PublishedCell;
}

#[cfg(test)]
impl Protected {
    /// For tests of `pack` only: a state without any protection behind it.
    pub(crate) const fn assume_for_test() -> Self {
        Self(())
    }
}
