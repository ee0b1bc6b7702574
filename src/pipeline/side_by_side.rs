//! Work in tasks of their own, some at a time, each perhaps after other work. What they gave comes in their order, and
//! whoever stops waiting ends them.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;

use tokio::task::JoinSet;

use super::PipelineError;

/// Does all of it, so many at once. `doing` says what, for the error.
///
/// # Errors
/// When one of the tasks panicked.
pub(super) async fn side_by_side<T: Send + 'static, W: Future<Output = T> + Send + 'static>(
    works: impl IntoIterator<Item = W>,
    at_once: usize,
    doing: &'static str,
) -> Result<Vec<T>, PipelineError> {
    let free = works.into_iter().map(|work| (BTreeSet::new(), async move { Ok(work.await) }));
    in_turns(free, at_once, doing).await
}

/// Does all of it, so many at once, each after those whose places it names. After the first error nothing more is begun,
/// and what is under way is waited for. `doing` says what, for the error.
///
/// # Errors
/// The error of the first place that failed, or a panic.
pub(super) async fn in_turns<T, W>(
    works: impl IntoIterator<Item = (BTreeSet<usize>, W)>,
    at_once: usize,
    doing: &'static str,
) -> Result<Vec<T>, PipelineError>
where
    T: Send + 'static,
    W: Future<Output = Result<T, PipelineError>> + Send + 'static,
{
    let mut waiting: BTreeMap<usize, (BTreeSet<usize>, W)> = works.into_iter().enumerate().collect();
    let (mut done, mut failed) = (BTreeMap::new(), BTreeMap::new());
    let mut running = JoinSet::new();
    loop {
        while failed.is_empty() && running.len() < at_once.max(1) {
            let is_free = |after: &BTreeSet<usize>| after.iter().all(|other| done.contains_key(other));
            let next = waiting.iter().find(|(_, (after, _))| is_free(after)).map(|(place, _)| *place);
            let Some((place, (_, work))) = next.and_then(|place| waiting.remove_entry(&place)) else { break };
            running.spawn(async move { (place, work.await) });
        }
        let Some(ended) = running.join_next().await else { break };
        match ended {
            Ok((place, Ok(result))) => {
                done.insert(place, result);
            }
            Ok((place, Err(error))) => {
                failed.insert(place, error);
            }
            // Whose it was is not known: it goes before all others.
            Err(source) => return Err(PipelineError::Panicked { doing, source }),
        }
    }
    failed.into_values().next().map_or_else(|| Ok(done.into_values().collect()), Err)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::{Arc, Mutex};

    use super::in_turns;
    use crate::pipeline::PipelineError;

    fn waits(places: &[&[usize]]) -> Vec<BTreeSet<usize>> {
        places.iter().map(|others| others.iter().copied().collect()).collect()
    }

    fn broken(what: &str) -> PipelineError {
        PipelineError::NoPeriod { inbox: what.into() }
    }

    #[tokio::test]
    async fn each_begins_when_those_it_waits_for_have_ended() {
        let after = waits(&[&[], &[0], &[], &[1, 2], &[]]);
        let ended = Arc::new(Mutex::new(BTreeSet::new()));
        let works = (0..).zip(after).map(|(place, after)| {
            let (ended, wanted) = (Arc::clone(&ended), after.clone());
            let work = async move {
                assert!(wanted.is_subset(&ended.lock().expect("nobody panicked")));
                tokio::task::yield_now().await;
                ended.lock().expect("nobody panicked").insert(place);
                Ok(place * 10)
            };
            (after, work)
        });
        assert_eq!(in_turns(works, 2, "counting").await.expect("all end"), [0, 10, 20, 30, 40]);
    }

    #[tokio::test]
    async fn after_an_error_nothing_is_begun_and_what_runs_ends() {
        let after = waits(&[&[], &[], &[1], &[]]);
        let ended = Arc::new(Mutex::new(Vec::new()));
        let works = (0..).zip(after).map(|(place, after)| {
            let ended = Arc::clone(&ended);
            let work = async move {
                for _ in 0..(place * 10) {
                    tokio::task::yield_now().await;
                }
                ended.lock().expect("nobody panicked").push(place);
                if place == 0 { Err(broken("first")) } else { Ok(place) }
            };
            (after, work)
        });
        let error = in_turns(works, 2, "counting").await.expect_err("one failed").to_string();
        assert!(error.contains("first"), "{error}");
        assert_eq!(*ended.lock().expect("nobody panicked"), [0, 1]);
    }

    #[tokio::test]
    async fn those_that_wait_for_each_other_are_not_waited_for() {
        let after = waits(&[&[1], &[0], &[]]);
        let works = (0..).zip(after).map(|(place, after)| (after, async move { Ok(place) }));
        let results: Vec<usize> = in_turns(works, 2, "counting").await.expect("ends");
        assert_eq!(results, [2]);
    }
}
