//! Data tests over the live lake: queries that return the rows that are wrong. Rows are counted; of their values only keys
//! are kept that are neither confidential nor personal.

use std::collections::BTreeSet;

use arrow::array::RecordBatch;
use futures::{FutureExt, StreamExt, TryStreamExt};

use super::given::as_texts;
use super::{DataTestOutcome, WrongKeys};
use crate::definitions::{DataCheck, Definitions, Selection, Sensitivity};
use crate::engine::Session;
use crate::pipeline::{Pinned, PipelineError, Workspace};

/// How many wrong rows are named.
const MOST_NAMED: usize = 5;

impl Workspace {
    /// Runs the chosen data tests over a pinned snapshot. A test is left out while none of the datasets behind it has come.
    ///
    /// # Errors
    /// When the lake cannot be read, or the SQL of a test is wrong or fails.
    pub(super) async fn test_data(
        &self,
        pinned: &Pinned,
        selection: &Selection,
    ) -> Result<Vec<DataTestOutcome>, PipelineError> {
        let definitions = &self.project.definitions;
        let live: BTreeSet<&str> = pinned.extracts.iter().map(|extract| extract.dataset.as_str()).collect();
        let chosen = definitions.checks.iter().filter(|check| selection.contains(&check.name));
        let chosen: Vec<&DataCheck> = chosen.collect();
        let names: Vec<&str> = chosen.iter().map(|check| check.name.as_str()).collect();
        let session = pinned.session.with_rows_kept(definitions.views_behind(&names))?;
        let mut runs = Vec::new();
        for check in chosen {
            if definitions.datasets_behind(&check.name).iter().any(|dataset| live.contains(dataset.as_str())) {
                runs.push(run_check(&session, definitions, check).boxed());
            }
        }
        let at_once = self.project.settings.limits.threads.max(1);
        futures::stream::iter(runs).buffered(at_once).try_collect().await
    }
}

async fn run_check(
    session: &Session,
    definitions: &Definitions,
    check: &DataCheck,
) -> Result<DataTestOutcome, PipelineError> {
    let failed = |source| PipelineError::DataTest { name: check.name.clone(), source };
    let mut rows = session.query(&check.sql).await.map_err(failed)?;
    let (mut wrong, mut keys) = (0, WrongKeys::default());
    while let Some(batch) = rows.next().await {
        let batch = batch.map_err(failed)?;
        wrong += u64::try_from(batch.num_rows()).unwrap_or(u64::MAX);
        add_keys(&mut keys, &batch, definitions)?;
    }
    let (name, title, hint) = (check.name.clone(), check.title.clone(), check.hint.clone());
    Ok(DataTestOutcome { name, title, hint, severity: check.severity, wrong, keys })
}

fn add_keys(keys: &mut WrongKeys, batch: &RecordBatch, definitions: &Definitions) -> Result<(), PipelineError> {
    let schema = batch.schema();
    let shown: Vec<usize> =
        (0..schema.fields().len()).filter(|at| is_open_key(definitions, schema.field(*at).name())).collect();
    keys.columns = shown.iter().map(|at| schema.field(*at).name().clone()).collect();
    let room = MOST_NAMED.saturating_sub(keys.rows.len()).min(batch.num_rows());
    let failed = |source| PipelineError::Arrow { doing: "read the keys of wrong rows".to_owned(), source };
    let rows = as_texts(&[batch.slice(0, room).project(&shown).map_err(failed)?]).map_err(failed)?;
    keys.rows.extend(rows.into_iter().map(|row| row.into_iter().map(Option::unwrap_or_default).collect()));
    Ok(())
}

/// Whether a column is a key of some dataset and nowhere confidential or personal. Columns are known by their names; a name
/// that no dataset has is a computed value and stays here.
fn is_open_key(definitions: &Definitions, name: &str) -> bool {
    let is_open = |sensitivity| matches!(sensitivity, Sensitivity::Pub | Sensitivity::Int);
    let is_key = definitions.schemas.values().any(|schema| schema.primary_key.iter().any(|key| key == name));
    let mut fields = definitions.schemas.values().filter_map(|schema| schema.find_field(name));
    is_key && fields.all(|field| is_open(field.sensitivity))
}
