//! Work on many threads whose results are used in order. At most a fixed number of items is under way, so that a slow one
//! holds the others up instead of filling memory.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;

/// Takes items one after the other, works on them on `threads` threads, and hands the results to `consume` in the order
/// of the items, on the calling thread. At most `window` items are between the iterator and `consume`. The first error
/// of `consume` ends everything. A panic of `work` goes on in the caller.
pub(super) fn in_order<T, R, E>(
    items: impl Iterator<Item = T> + Send,
    threads: usize,
    window: usize,
    work: impl Fn(T) -> R + Sync,
    mut consume: impl FnMut(R) -> Result<(), E>,
) -> Result<(), E>
where
    T: Send,
    R: Send,
{
    let (permits, permitted) = mpsc::channel();
    let (jobs, waiting) = mpsc::channel();
    let (done, results) = mpsc::channel();
    let waiting = Arc::new(Mutex::new(waiting));
    let work = &work;
    for _ in 0..window.max(1) {
        // The receiver lives; the first permits cannot be lost.
        let _ = permits.send(());
    }
    // The closure owns its ends of the channels: when it gives up, whoever waits at the other end hears of it.
    thread::scope(move |scope| {
        scope.spawn(move || {
            let mut items = items.enumerate();
            while permitted.recv().is_ok() {
                let Some(job) = items.next() else { return };
                if jobs.send(job).is_err() {
                    return;
                }
            }
        });
        for _ in 0..threads.max(1) {
            let (waiting, done) = (Arc::clone(&waiting), done.clone());
            scope.spawn(move || {
                loop {
                    let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Ok((number, item)) = next else { return };
                    let result = catch_unwind(AssertUnwindSafe(|| work(item)));
                    if done.send((number, result)).is_err() {
                        return;
                    }
                }
            });
        }
        // The workers' own ends are the only ones left: the results end when they do.
        drop(done);
        drop(waiting);
        let mut early = BTreeMap::new();
        let mut next = 0;
        for (number, result) in results {
            early.insert(number, result);
            while let Some(result) = early.remove(&next) {
                next += 1;
                match result {
                    Ok(result) => consume(result)?,
                    Err(panic) => resume_unwind(panic),
                }
                // A reader of items that has ended needs no permit.
                let _ = permits.send(());
            }
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::in_order;

    #[test]
    fn results_come_in_order_and_few_are_under_way() {
        let taken = AtomicUsize::new(0);
        let used = AtomicUsize::new(0);
        let most = AtomicUsize::new(0);
        let items = (0..2_000_u64).inspect(|_| {
            taken.fetch_add(1, Ordering::SeqCst);
            most.fetch_max(taken.load(Ordering::SeqCst) - used.load(Ordering::SeqCst), Ordering::SeqCst);
        });
        let mut seen = Vec::new();
        let work = |item: u64| {
            // Uneven work, so that results overtake each other.
            let spins = if item.is_multiple_of(7) { 20_000 } else { 10 };
            (0..spins).fold(item, |sum, n| std::hint::black_box(sum ^ n ^ n))
        };
        let outcome: Result<(), ()> = in_order(items, 3, 5, work, |item| {
            used.fetch_add(1, Ordering::SeqCst);
            seen.push(item);
            Ok(())
        });
        assert_eq!(outcome, Ok(()));
        assert!(seen.into_iter().eq(0..2_000));
        assert!(most.into_inner() <= 6, "no more than the window and the one in hand");
    }

    #[test]
    fn the_first_error_ends_an_endless_iterator() {
        let outcome = in_order(0_u64.., 2, 4, |item| item, |item| if item < 10 { Ok(()) } else { Err(item) });
        assert_eq!(outcome, Err(10));
    }

    #[test]
    #[should_panic(expected = "a defect")]
    fn a_panic_reaches_the_caller() {
        let work = |item: u64| {
            assert!(item != 3, "a defect");
        };
        let _ended: Result<(), ()> = in_order(0_u64.., 2, 4, work, |()| Ok(()));
    }
}
