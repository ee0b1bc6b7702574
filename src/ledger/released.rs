//! The register of released cells: of each its subject, its key and digests of the groups behind it, never a value nor a
//! group. Whether two cells may both be out is decided by whoever asks; here the question and the record are one
//! transaction, so that two exports at the same time cannot pass each other unseen.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};

use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use sha2::Sha256;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, Sqlite, Transaction};

use crate::ledger::open::BEGIN;
use crate::ledger::row::{content, doing, encode_time, parsed, text};
use crate::ledger::{AdHocQuery, DigestedCell, Ledger, LedgerError};

/// How digests are written.
const FORMAT: i64 = 1;
/// Bytes of a digest.
pub(super) const HALF: usize = 8;
/// Bytes of a group: its digest, and that of its rows.
const WIDTH: usize = 2 * HALF;

/// Keyed hashes of groups, and of groups with their rows.
pub(super) type KnownHashes = HashMap<(String, Option<u128>), [u8; HALF]>;

/// A cell that asks to be released.
#[derive(Clone)]
pub struct CellToRelease {
    /// What is measured, such as `count vouchers` or `sum vouchers.grant_paid_gbp`.
    pub subject: String,
    /// Which cell.
    pub cell: String,
    /// By group what identifies its rows in the cell; none where only the groups are known.
    pub groups: BTreeMap<String, Option<u128>>,
    /// The value as text, of which a keyed hash is kept; none where there is none to keep.
    pub value: Option<String>,
}

/// A cell that was released.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleasedCell {
    /// Where it went out: `edition <id>` or `export <number>`.
    pub source: String,
    /// What is measured.
    pub subject: String,
    /// Which cell.
    pub cell: String,
    /// Who stands behind it.
    pub groups: GroupDigests,
    /// When.
    pub at: Timestamp,
}

/// Keyed digests of the groups behind a cell, and of their rows in it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct GroupDigests(Vec<u8>);

/// What became of cells that asked to be released.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CellRelease {
    /// They are recorded under this number.
    Released(i64),
    /// So many of the visible ones may not be out beside what is; nothing is recorded but the question.
    Refused(usize),
}

impl GroupDigests {
    /// How many groups.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len() / WIDTH
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// For how many groups two cells differ, counted as in [`Self::may_stand_beside`].
    #[must_use]
    pub fn count_differing(&self, other: &Self) -> usize {
        let most = std::cell::Cell::new(0);
        self.walk(other, &mut |differing| {
            most.set(differing);
            false
        });
        most.get()
    }

    /// The same groups, of which the rows are not known.
    #[must_use]
    pub fn without_rows(&self) -> Self {
        let masked = |entry: &[u8]| [&entry[..HALF], &[0; HALF]].concat();
        Self(self.0.chunks_exact(WIDTH).flat_map(masked).collect())
    }

    /// Whether two cells may both be out. They differ for the groups that stand behind one of them only, and for those with
    /// other rows in the one than in the other; where the rows of a group are not known, it differs only by being there.
    /// `may_stand` says of a number of such groups whether it is right; a larger one than a right one is right too.
    #[must_use]
    pub fn may_stand_beside(&self, other: &Self, may_stand: &(dyn Fn(usize) -> bool + Sync)) -> bool {
        self.walk(other, &mut |differing| may_stand(differing))
    }

    /// Counts differing groups one by one until `is_enough` says so of their number; gives its last answer.
    fn walk(&self, other: &Self, is_enough: &mut dyn FnMut(usize) -> bool) -> bool {
        let mut ours = self.0.chunks_exact(WIDTH).peekable();
        let mut theirs = other.0.chunks_exact(WIDTH).peekable();
        let mut differing = 0;
        loop {
            let order = match (ours.peek(), theirs.peek()) {
                (None, None) => return is_enough(differing),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(a), Some(b)) => a[..HALF].cmp(&b[..HALF]),
            };
            let a = if order == Ordering::Greater { None } else { ours.next() };
            let b = if order == Ordering::Less { None } else { theirs.next() };
            if !is_same(a, b) {
                differing += 1;
                if is_enough(differing) {
                    return true;
                }
            }
        }
    }
}

/// Whether a group stands behind both cells, with the same rows as far as they are known.
fn is_same(a: Option<&[u8]>, b: Option<&[u8]>) -> bool {
    let (Some(a), Some(b)) = (a, b) else { return false };
    let is_unknown = |entry: &[u8]| entry[HALF..] == [0; HALF];
    is_unknown(a) || is_unknown(b) || a[HALF..] == b[HALF..]
}

impl serde::Serialize for GroupDigests {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text =
            self.0.iter().fold(String::with_capacity(2 * self.0.len()), |text, byte| text + &format!("{byte:02x}"));
        serializer.serialize_str(&text)
    }
}

impl<'de> serde::Deserialize<'de> for GroupDigests {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
        let bytes: Option<Vec<u8>> = text.as_bytes().chunks(2).map(byte).collect();
        bytes
            .filter(|bytes| bytes.len().is_multiple_of(WIDTH))
            .map(Self)
            .ok_or_else(|| serde::de::Error::custom("digests of groups are cut off"))
    }
}

impl std::fmt::Debug for GroupDigests {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "GroupDigests({})", self.len())
    }
}

impl Ledger {
    /// Releases cells, if `may_stand` allows each beside every cell of its subject that is out, and beside the others. The
    /// question is recorded in any case. A cell that is out already, with the same rows of the same groups, is not
    /// recorded twice.
    ///
    /// # Errors
    /// When the ledger cannot be read or written.
    pub async fn record_released_cells(
        &self,
        query: &AdHocQuery,
        cells: &[CellToRelease],
        may_stand: &(dyn Fn(usize) -> bool + Sync),
    ) -> Result<CellRelease, LedgerError> {
        let failed = doing("record released cells");
        let digested = self.digest_cells(cells);
        let mut transaction = self.pool.begin_with(BEGIN).await.map_err(&failed)?;
        let mut out: BTreeMap<&str, Vec<GroupDigests>> = BTreeMap::new();
        for cell in &digested {
            if !out.contains_key(cell.subject.as_str()) {
                out.insert(&cell.subject, known_digests(&mut transaction, &cell.subject).await?);
            }
        }
        let mut refused = 0;
        for cell in &digested {
            let groups = &cell.groups;
            let known = out.entry(&cell.subject).or_default();
            refused += usize::from(!known.iter().all(|earlier| earlier.may_stand_beside(groups, may_stand)));
            known.push(groups.clone());
        }
        let outcome = if refused == 0 { "released" } else { "refused" };
        let number = query.insert(&mut transaction, outcome).await?;
        if refused == 0 {
            let source = format!("export {number}");
            for cell in &digested {
                insert_cell(&mut transaction, &source, cell, query.at).await?;
            }
        }
        transaction.commit().await.map_err(&failed)?;
        Ok(if refused == 0 { CellRelease::Released(number) } else { CellRelease::Refused(refused) })
    }

    /// The released cells of a subject, in the order of their release.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn list_released_cells(&self, subject: &str) -> Result<Vec<ReleasedCell>, LedgerError> {
        let rows = sqlx::query(
            "select source, subject, cell, groups, at from released_cells where subject = ? and format = ? order by id",
        )
        .bind(subject)
        .bind(FORMAT)
        .fetch_all(&self.pool)
        .await
        .map_err(doing("list released cells"))?;
        rows.iter().map(record).collect()
    }

    /// The groups of a cell, with what was hashed for other cells at hand: the same rows stand behind many.
    pub(super) fn digests(&self, cell: &CellToRelease, known: &mut KnownHashes) -> GroupDigests {
        let mut entry = |(group, rows): (&String, &Option<u128>)| {
            let mut hash = |rows: Option<u128>| {
                *known.entry((group.clone(), rows)).or_insert_with(|| match rows {
                    None => self.keyed(&["group", group]),
                    Some(rows) => self.keyed(&["rows", group, &format!("{rows:032x}")]),
                })
            };
            let mut entry = [0; WIDTH];
            entry[..HALF].copy_from_slice(&hash(None));
            if rows.is_some() {
                entry[HALF..].copy_from_slice(&hash(*rows));
            }
            entry
        };
        let mut entries: Vec<[u8; WIDTH]> = cell.groups.iter().map(&mut entry).collect();
        entries.sort_unstable();
        GroupDigests(entries.concat())
    }

    /// The first bytes of a keyed hash. Only this ledger can make it.
    pub(super) fn keyed(&self, parts: &[&str]) -> [u8; HALF] {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.secret.0.as_bytes()).expect("HMAC takes keys of any length");
        for part in parts {
            mac.update(part.as_bytes());
            mac.update(&[0]);
        }
        let digest = mac.finalize().into_bytes();
        let mut first = [0; HALF];
        first.copy_from_slice(&digest[..HALF]);
        first
    }
}

/// Records a cell, unless it is out already with the same rows of the same groups.
pub(super) async fn insert_cell(
    transaction: &mut Transaction<'_, Sqlite>,
    source: &str,
    cell: &DigestedCell,
    at: Timestamp,
) -> Result<(), LedgerError> {
    sqlx::query(
        "insert into released_cells (format, source, subject, cell, groups, value, at)
         select ?1, ?2, ?3, ?4, ?5, ?6, ?7
         where not exists (select 1 from released_cells where subject = ?3 and groups = ?5 and cell = ?4)",
    )
    .bind(FORMAT)
    .bind(source)
    .bind(&cell.subject)
    .bind(&cell.cell)
    .bind(&cell.groups.0)
    .bind(cell.value.map(|value| value.to_vec()))
    .bind(encode_time(at))
    .execute(&mut **transaction)
    .await
    .map_err(doing("record a released cell"))?;
    Ok(())
}

/// The different sets of groups that are out under a subject.
async fn known_digests(
    transaction: &mut Transaction<'_, Sqlite>,
    subject: &str,
) -> Result<Vec<GroupDigests>, LedgerError> {
    let rows = sqlx::query("select distinct groups from released_cells where subject = ? and format = ?")
        .bind(subject)
        .bind(FORMAT)
        .fetch_all(&mut **transaction)
        .await
        .map_err(doing("list released cells"))?;
    rows.iter().map(groups_of).collect()
}

fn groups_of(row: &SqliteRow) -> Result<GroupDigests, LedgerError> {
    let bytes: Vec<u8> = row.try_get("groups").map_err(|source| content("groups", source))?;
    if bytes.len().is_multiple_of(WIDTH) {
        return Ok(GroupDigests(bytes));
    }
    Err(content("groups", "it is cut off"))
}

fn record(row: &SqliteRow) -> Result<ReleasedCell, LedgerError> {
    Ok(ReleasedCell {
        source: text(row, "source")?,
        subject: text(row, "subject")?,
        cell: text(row, "cell")?,
        groups: groups_of(row)?,
        at: parsed(row, "at")?,
    })
}
