//! Work of which some must wait for other work: side by side where it may be, in tasks of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;

use tokio::task::JoinSet;

use super::PipelineError;

/// Does the work of every place, each after the places that `after` names, so many at once; what they gave comes in the
/// order of places. After the first error nothing more is begun, and what is under way is waited for. `doing` says what,
/// for the error.
///
/// # Errors
/// The error of the first place that failed, or a panic.
pub(super) async fn in_turns<T, W>(
    after: &[BTreeSet<usize>],
    at_once: usize,
    doing: &'static str,
    begin: impl Fn(usize) -> W,
) -> Result<Vec<T>, PipelineError>
where
    T: Send + 'static,
    W: Future<Output = Result<T, PipelineError>> + Send + 'static,
{
    let mut waiting: Vec<usize> = (0..after.len()).collect();
    let (mut done, mut failed) = (BTreeMap::new(), BTreeMap::new());
    let mut running = JoinSet::new();
    loop {
        while failed.is_empty() && running.len() < at_once.max(1) {
            let is_free = |place: &usize| after[*place].iter().all(|other| done.contains_key(other));
            let Some(next) = waiting.iter().position(is_free) else { break };
            let place = waiting.remove(next);
            let work = begin(place);
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
        let results = in_turns(&after, 2, "counting", |place| {
            let (ended, wanted) = (Arc::clone(&ended), after[place].clone());
            async move {
                assert!(wanted.is_subset(&ended.lock().expect("nobody panicked")));
                tokio::task::yield_now().await;
                ended.lock().expect("nobody panicked").insert(place);
                Ok(place * 10)
            }
        });
        assert_eq!(results.await.expect("all end"), [0, 10, 20, 30, 40]);
    }

    #[tokio::test]
    async fn after_an_error_nothing_is_begun_and_what_runs_ends() {
        let after = waits(&[&[], &[], &[1], &[]]);
        let ended = Arc::new(Mutex::new(Vec::new()));
        let results = in_turns(&after, 2, "counting", |place| {
            let ended = Arc::clone(&ended);
            async move {
                for _ in 0..(place * 10) {
                    tokio::task::yield_now().await;
                }
                ended.lock().expect("nobody panicked").push(place);
                if place == 0 { Err(broken("first")) } else { Ok(place) }
            }
        });
        let error = results.await.expect_err("one failed").to_string();
        assert!(error.contains("first"), "{error}");
        assert_eq!(*ended.lock().expect("nobody panicked"), [0, 1]);
    }

    #[tokio::test]
    async fn those_that_wait_for_each_other_are_not_waited_for() {
        let after = waits(&[&[1], &[0], &[]]);
        let results: Vec<usize> =
            in_turns(&after, 2, "counting", |place| async move { Ok(place) }).await.expect("ends");
        assert_eq!(results, [2]);
    }
}
