//! Opening the ledger: folder and file modes, pragmas, migrations. Never touches a record.

use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::SqlitePool;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use crate::ledger::LedgerError;

static MIGRATIONS: Migrator = sqlx::migrate!("src/ledger/migrations");

/// How long a statement waits for another writer before it gives up as busy.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
const CONNECTIONS: u32 = 4;

/// Takes the lock for writing at once, so that two writers queue up instead of failing half-way.
pub(super) const BEGIN: &str = "begin immediate";

/// The open ledger. Cloning is cheap; all clones share their connections.
#[derive(Clone, Debug)]
pub struct Ledger {
    pub(super) pool: SqlitePool,
    pub(super) secret: Secret,
}

/// The key of the recipients' pseudonyms.
#[derive(Clone)]
pub(super) struct Secret(pub(super) String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(***)")
    }
}

impl Ledger {
    /// Opens the ledger, making folder (0700) and file (0600) when they are missing, and brings its tables up to date.
    ///
    /// # Errors
    /// When folder or file cannot be used, when a newer program has written it, or when it stays locked for 10 seconds.
    pub async fn open(path: &Path) -> Result<Self, LedgerError> {
        make_file(path)?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .journal_mode(SqliteJournalMode::Wal)
            // A mail that went out must not be forgotten when the power fails.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true);
        let pool = connect(options, path).await?;
        migrate(&pool, path).await?;
        Self::of(pool, path).await
    }

    /// Opens the ledger to read it only. Whoever reads never folds the write-ahead log of a writer into the file, so the
    /// end of the program does not wait for the disk. A ledger that is missing or not up to date is opened as by
    /// [`Ledger::open`].
    ///
    /// # Errors
    /// As [`Ledger::open`].
    pub async fn open_to_read(path: &Path) -> Result<Self, LedgerError> {
        if path.is_file()
            && let Ok(pool) = connect(SqliteConnectOptions::new().filename(path).read_only(true), path).await
        {
            if is_current(&pool).await {
                return Self::of(pool, path).await;
            }
            pool.close().await;
        }
        Self::open(path).await
    }

    async fn of(pool: SqlitePool, path: &Path) -> Result<Self, LedgerError> {
        let secret = sqlx::query_scalar("select value from meta where key = 'recipient_secret'")
            .fetch_one(&pool)
            .await
            .map_err(|source| LedgerError::Open { path: path.to_owned(), source })?;
        Ok(Self { pool, secret: Secret(secret) })
    }

    /// Closes all connections, so that the write-ahead log is folded into the file.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

async fn connect(options: SqliteConnectOptions, path: &Path) -> Result<SqlitePool, LedgerError> {
    SqlitePoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(BUSY_TIMEOUT * 2)
        .connect_with(options.busy_timeout(BUSY_TIMEOUT))
        .await
        .map_err(|source| LedgerError::Open { path: path.to_owned(), source })
}

/// Runs what is missing inside one immediate transaction, since two programs may open a new ledger at the same time.
async fn migrate(pool: &SqlitePool, path: &Path) -> Result<(), LedgerError> {
    let open = |source| LedgerError::Open { path: path.to_owned(), source };
    if is_current(pool).await {
        return Ok(());
    }
    let mut transaction = pool.begin_with(BEGIN).await.map_err(open)?;
    MIGRATIONS.run(&mut *transaction).await.map_err(|source| match source {
        MigrateError::VersionMissing(version) => LedgerError::Newer { path: path.to_owned(), version },
        source => LedgerError::Migrate { path: path.to_owned(), source: Box::new(source) },
    })?;
    transaction.commit().await.map_err(open)
}

/// Whether every migration has run and no other. Only reads, so that whoever opens a ledger that is up to date never
/// waits for a writer.
async fn is_current(pool: &SqlitePool) -> bool {
    let done = "select version from _sqlx_migrations where success order by version";
    let wanted: Vec<i64> = MIGRATIONS.iter().map(|migration| migration.version).collect();
    // A ledger without that table is a new one.
    sqlx::query_scalar::<_, i64>(done).fetch_all(pool).await.is_ok_and(|versions| versions == wanted)
}

/// The file exists with its mode before `SQLite` opens it; the log beside it inherits the mode.
fn make_file(path: &Path) -> Result<(), LedgerError> {
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    make_private_directory(directory)
        .map_err(|source| LedgerError::Directory { path: directory.to_owned(), source })?;
    let failed = |source| LedgerError::File { path: PathBuf::from(path), source };
    let file = std::fs::OpenOptions::new()
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .mode(0o600)
        .open(path)
        .map_err(failed)?;
    let mode = file.metadata().map_err(failed)?.permissions().mode() & 0o777;
    if mode == 0o600 {
        return Ok(());
    }
    file.set_permissions(std::fs::Permissions::from_mode(0o600)).map_err(failed)
}

/// Makes a folder and its missing parents with mode 0700; one that exists keeps its mode.
pub(super) fn make_private_directory(directory: &Path) -> io::Result<()> {
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(directory)
}
