//! Deliveries: which extract came for which day, under which number, when; and which extracts are live, that is, seen by
//! queries. The same bytes may come again for another day or after others: the last word of a supplier counts.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;

use crate::ledger::row::{content, doing, encode_time, number, parsed, text};
use crate::ledger::{Ledger, LedgerError};
use crate::model::{ContentHash, DatasetName, ExtractName, SupplierCode};

/// One delivery of a committed extract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// A number that grows with every delivery.
    pub number: u64,
    /// What came.
    pub hash: ContentHash,
    /// Its name, without folder.
    pub file_name: String,
    /// Where its rows belong.
    pub dataset: DatasetName,
    /// Who delivered it.
    pub supplier: SupplierCode,
    /// The day up to which it is known.
    pub as_of: Date,
    /// Its number among the deliveries of that day.
    pub sequence: u32,
    /// When it came.
    pub came_at: Timestamp,
}

/// An extract whose rows queries see, with the latest day and number for which it counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveExtract {
    /// Its identity; the lake's rows carry it.
    pub hash: ContentHash,
    /// Who delivered it.
    pub supplier: SupplierCode,
    /// The day up to which it is known.
    pub as_of: Date,
    /// Its number among the deliveries of that day.
    pub sequence: u32,
}

const LIST: &str = "select id, extract, file_name, dataset, supplier, as_of, sequence, came_at from deliveries
    order by dataset, supplier, as_of, sequence, came_at, id";

impl Ledger {
    /// Records that a committed extract came again, under a name that it does not have or not last.
    ///
    /// # Errors
    /// When the ledger cannot be written.
    pub async fn record_redelivery(
        &self,
        extract: &ContentHash,
        file_name: &str,
        name: &ExtractName,
        now: Timestamp,
    ) -> Result<(), LedgerError> {
        sqlx::query(
            "insert into deliveries (extract, file_name, dataset, supplier, as_of, sequence, came_at)
             values (?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(extract.as_str())
        .bind(file_name)
        .bind(name.dataset.as_str())
        .bind(name.supplier.as_str())
        .bind(name.as_of.to_string())
        .bind(name.sequence)
        .bind(encode_time(now))
        .execute(&self.pool)
        .await
        .map(|_| ())
        .map_err(doing("record a file that came again"))
    }

    /// All deliveries of committed extracts, by dataset, supplier, day, number, and in the order in which they came.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn list_deliveries(&self) -> Result<Vec<Delivery>, LedgerError> {
        let rows = sqlx::query(LIST).fetch_all(&self.pool).await.map_err(doing("list deliveries"))?;
        let delivery = |row| {
            Ok(Delivery {
                number: number(row, "id")?,
                hash: ContentHash::try_from(text(row, "extract")?).map_err(|source| content("extract", source))?,
                file_name: text(row, "file_name")?,
                dataset: parsed(row, "dataset")?,
                supplier: parsed(row, "supplier")?,
                as_of: parsed(row, "as_of")?,
                sequence: number(row, "sequence")?,
                came_at: parsed(row, "came_at")?,
            })
        };
        rows.iter().map(delivery).collect()
    }

    /// The extracts that count, of those delivered up to `known_at` (of all, when it is none); see [`live_of`].
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn live_extracts(
        &self,
        known_at: Option<Timestamp>,
        increments: &BTreeSet<DatasetName>,
    ) -> Result<BTreeMap<DatasetName, Vec<LiveExtract>>, LedgerError> {
        let mut deliveries = self.list_deliveries().await?;
        deliveries.retain(|delivery| known_at.is_none_or(|instant| delivery.came_at <= instant));
        Ok(live_of(&deliveries, increments))
    }
}

/// The extracts that count, of deliveries in the order of [`Ledger::list_deliveries`].
///
/// Of a snapshot dataset that is the newest of each supplier, by day, then number. Of a dataset named in `increments` it is
/// every day's highest number of each supplier. What is delivered again under the same name replaces what came before. An
/// extract that counts for several days counts once, for the latest of them.
#[must_use]
pub fn live_of(deliveries: &[Delivery], increments: &BTreeSet<DatasetName>) -> BTreeMap<DatasetName, Vec<LiveExtract>> {
    let mut newest = BTreeMap::new();
    for delivery in deliveries {
        let day = increments.contains(&delivery.dataset).then_some(delivery.as_of);
        // They come in order, so the last one of a key is the newest.
        newest.insert((&delivery.dataset, &delivery.supplier, day), delivery);
    }
    let mut live: BTreeMap<DatasetName, Vec<LiveExtract>> = BTreeMap::new();
    for ((dataset, supplier, _), delivery) in newest {
        let own = live.entry(dataset.clone()).or_default();
        own.retain(|earlier| earlier.hash != delivery.hash || earlier.supplier != *supplier);
        own.push(LiveExtract {
            hash: delivery.hash.clone(),
            supplier: supplier.clone(),
            as_of: delivery.as_of,
            sequence: delivery.sequence,
        });
    }
    live
}
