//! A copy of the ledger, for a dry run. Leaves the ledger itself as it is.

use std::path::Path;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};

use crate::ledger::row::doing;
use crate::ledger::{Ledger, LedgerError};

impl Ledger {
    /// Copies the ledger as it stands to a file that is not there yet, also while somebody writes. A ledger that is not
    /// there gives no copy.
    ///
    /// # Errors
    /// When it cannot be read, or the copy cannot be written.
    pub async fn copy(from: &Path, to: &Path) -> Result<(), LedgerError> {
        if !from.exists() {
            return Ok(());
        }
        let options = SqliteConnectOptions::new().filename(from);
        let open = |source| LedgerError::Open { path: from.to_owned(), source };
        let mut connection = options.connect().await.map_err(open)?;
        let copied =
            sqlx::query("vacuum into ?").bind(to.to_string_lossy().into_owned()).execute(&mut connection).await;
        copied.map_err(doing("copy it for a dry run"))?;
        connection.close().await.map_err(doing("copy it for a dry run"))
    }
}
