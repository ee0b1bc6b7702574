//! Work in tasks of their own, some at a time. What they gave comes in their order, and whoever stops waiting ends them.

use std::future::Future;

use futures::{StreamExt, TryStreamExt};
use tokio::task::JoinSet;

use super::PipelineError;

/// Does all of it, so many at once. `doing` says what, for the error.
///
/// # Errors
/// When one of the tasks panicked.
pub(super) async fn side_by_side<T: Send + 'static, W: Future<Output = T> + Send + 'static>(
    works: Vec<W>,
    at_once: usize,
    doing: &'static str,
) -> Result<Vec<T>, PipelineError> {
    let started = works.into_iter().map(|work| async move {
        let mut task = JoinSet::new();
        task.spawn(work);
        task.join_next().await.expect("one task was spawned")
    });
    let panicked = |source| PipelineError::Panicked { doing, source };
    futures::stream::iter(started).buffered(at_once.max(1)).map_err(panicked).try_collect().await
}
