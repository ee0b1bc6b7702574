//! Tests of the scheduler's loop: claims, overlap, time limits, panics, stopping. Time and beats are handed in.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{Semaphore, mpsc, watch};
use tokio::task::JoinHandle;

use super::heartbeat::Heartbeat;
use super::serve::serve_beats;
use super::tests::{at, cron_job, name};
use super::{ClaimError, Ending, Runner, ScheduleError, ServeOptions, ServeSummary, Slot, Timetable, serve};
use crate::clock::Clock;
use crate::definitions::{Job, WorkingDays};
use crate::model::JobName;

/// What runs of a job do.
#[derive(Clone, Copy)]
enum Work {
    Quick,
    /// Waits for a permit of the test.
    Gated,
    Panics,
    Forever,
}

struct Fake {
    work: Work,
    claimed: Mutex<BTreeSet<(JobName, Timestamp)>>,
    claims_to_fail: AtomicUsize,
    gate: Semaphore,
    events: mpsc::UnboundedSender<String>,
}

impl Fake {
    fn say(&self, what: &str, job: &Job, slot: &Slot) {
        let event = format!("{what} {} {}", job.name, slot.local.strftime("%H:%M"));
        self.events.send(event).expect("the test listens");
    }
}

struct Hand(Arc<Fake>);

impl Runner for Hand {
    async fn claim(&self, job: &Job, slot: &Slot) -> Result<bool, ClaimError> {
        let fails = self.0.claims_to_fail.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1));
        if fails.is_ok() {
            self.0.say("unclaimed", job, slot);
            return Err("the ledger is locked".into());
        }
        let new = self.0.claimed.lock().expect("nobody panicked").insert((job.name.clone(), slot.at));
        if !new {
            self.0.say("taken", job, slot);
        }
        Ok(new)
    }

    async fn run(&self, job: Job, slot: Slot) {
        self.0.say("start", &job, &slot);
        match self.0.work {
            Work::Quick => {}
            Work::Gated => self.0.gate.acquire().await.expect("the gate stays open").forget(),
            Work::Panics => panic!("a defect"),
            Work::Forever => std::future::pending().await,
        }
    }

    async fn settle(&self, job: &Job, slot: &Slot, ending: Ending) {
        self.0.say(ending.as_str(), job, slot);
    }
}

/// A scheduler under test, with its time and beats in the test's hands.
struct Bench {
    fake: Arc<Fake>,
    events: mpsc::UnboundedReceiver<String>,
    beats: mpsc::Sender<()>,
    time: Arc<Mutex<Timestamp>>,
    stop: watch::Sender<bool>,
    served: JoinHandle<ServeSummary>,
}

impl Bench {
    /// Serves at 10:30 in winter, when London keeps UTC.
    async fn start(work: Work, jobs: Vec<Job>, options: ServeOptions, claims_to_fail: usize) -> Self {
        let (sender, events) = mpsc::unbounded_channel();
        let fake = Arc::new(Fake {
            work,
            claimed: Mutex::default(),
            claims_to_fail: AtomicUsize::new(claims_to_fail),
            gate: Semaphore::new(0),
            events: sender,
        });
        let timetables = jobs.into_iter().map(|job| {
            (job.name.clone(), Timetable::new(job, &WorkingDays::default()).expect("the schedule is right"))
        });
        let time = Arc::new(Mutex::new(at("2026-01-05T10:30:00Z")));
        let (beats, received) = mpsc::channel(1);
        let (stop, stopped) = watch::channel(false);
        let shown = Arc::clone(&time);
        let now = move || *shown.lock().expect("nobody panicked");
        let hand = Hand(Arc::clone(&fake));
        let served = tokio::spawn(serve_beats(timetables.collect(), options, received, now, hand, stopped));
        let bench = Self { fake, events, beats, time, stop, served };
        // Once a beat was dealt with, the scheduler has seen where its time starts.
        bench.beat("10:30").await;
        bench
    }

    async fn beat(&self, time: &str) {
        // Two beats: the second is only taken when the first was dealt with.
        for _ in 0..2 {
            *self.time.lock().expect("nobody panicked") = at(&format!("2026-01-05T{time}:00Z"));
            self.beats.send(()).await.expect("the scheduler listens");
        }
    }

    async fn expect(&mut self, events: &[&str]) {
        for event in events {
            assert_eq!(self.events.recv().await.as_deref(), Some(*event));
        }
    }

    async fn stop(mut self) -> (ServeSummary, Vec<String>) {
        self.stop.send(true).expect("the scheduler listens");
        let summary = self.served.await.expect("the scheduler does not panic");
        let mut rest = Vec::new();
        while let Ok(event) = self.events.try_recv() {
            rest.push(event);
        }
        (summary, rest)
    }
}

fn hourly(name_text: &str, overlap: &str) -> Job {
    let mut job = cron_job("0 * * * *", "");
    job.name = name(name_text);
    if overlap == "queue" {
        job.overlap = crate::definitions::Overlap::Queue;
    }
    job
}

fn patient() -> ServeOptions {
    ServeOptions { tick_seconds: 60, drain: Duration::from_mins(1), parallel: 1, ..ServeOptions::default() }
}

fn summary(ran: u64, skipped: u64, broken: u64) -> ServeSummary {
    ServeSummary { ran, skipped, broken }
}

#[tokio::test]
async fn each_slot_is_claimed_run_and_settled_once() {
    let mut bench = Bench::start(Work::Quick, vec![hourly("a", "forbid")], patient(), 0).await;
    bench.beat("10:59").await;
    bench.beat("11:00").await;
    bench.expect(&["start a 11:00", "ran a 11:00"]).await;
    bench.beat("11:30").await;
    bench.beat("12:00").await;
    bench.expect(&["start a 12:00", "ran a 12:00"]).await;
    assert_eq!(bench.stop().await, (summary(2, 0, 0), Vec::new()));
}

#[tokio::test]
async fn a_slot_that_somebody_else_claimed_is_not_run() {
    let mut bench = Bench::start(Work::Quick, vec![hourly("a", "forbid")], patient(), 0).await;
    bench.fake.claimed.lock().expect("nobody panicked").insert((name("a"), at("2026-01-05T11:00:00Z")));
    bench.beat("11:00").await;
    bench.expect(&["taken a 11:00"]).await;
    assert_eq!(bench.stop().await, (summary(0, 0, 0), Vec::new()));
}

#[tokio::test]
async fn a_claim_that_fails_is_tried_again_at_the_next_beat() {
    let mut bench = Bench::start(Work::Quick, vec![hourly("a", "forbid")], patient(), 1).await;
    bench.beat("11:00").await;
    bench.beat("11:01").await;
    bench.expect(&["unclaimed a 11:00", "start a 11:00", "ran a 11:00"]).await;
    assert_eq!(bench.stop().await, (summary(1, 0, 0), Vec::new()));
}

#[tokio::test]
async fn a_slot_is_skipped_while_an_earlier_run_goes_on() {
    let mut bench = Bench::start(Work::Gated, vec![hourly("a", "forbid")], patient(), 0).await;
    bench.beat("11:00").await;
    bench.expect(&["start a 11:00"]).await;
    bench.beat("12:00").await;
    bench.expect(&["skipped a 12:00"]).await;
    bench.fake.gate.add_permits(1);
    bench.expect(&["ran a 11:00"]).await;
    bench.fake.gate.add_permits(1);
    bench.beat("13:00").await;
    bench.expect(&["start a 13:00", "ran a 13:00"]).await;
    assert_eq!(bench.stop().await, (summary(2, 1, 0), Vec::new()));
}

#[tokio::test]
async fn a_queued_slot_waits_and_other_jobs_wait_for_a_place() {
    let jobs = vec![hourly("a", "queue"), hourly("b", "forbid")];
    let mut bench = Bench::start(Work::Gated, jobs, patient(), 0).await;
    bench.beat("11:00").await;
    bench.expect(&["start a 11:00"]).await;
    bench.beat("12:00").await;
    bench.expect(&["skipped b 12:00"]).await;
    bench.fake.gate.add_permits(3);
    bench.expect(&["ran a 11:00", "start b 11:00", "ran b 11:00", "start a 12:00", "ran a 12:00"]).await;
    assert_eq!(bench.stop().await, (summary(3, 1, 0), Vec::new()));
}

#[tokio::test]
async fn different_jobs_run_beside_each_other_when_there_are_places() {
    let jobs = vec![hourly("a", "forbid"), hourly("b", "forbid")];
    let mut bench = Bench::start(Work::Gated, jobs, ServeOptions { parallel: 2, ..patient() }, 0).await;
    bench.beat("11:00").await;
    bench.expect(&["start a 11:00", "start b 11:00"]).await;
    bench.fake.gate.add_permits(2);
    assert_eq!(bench.stop().await.0, summary(2, 0, 0));
}

#[tokio::test]
async fn a_panic_and_a_run_without_end_leave_the_scheduler_standing() {
    let mut bench = Bench::start(Work::Panics, vec![hourly("a", "forbid")], patient(), 0).await;
    bench.beat("11:00").await;
    bench.expect(&["start a 11:00", "panicked a 11:00"]).await;
    bench.beat("12:00").await;
    bench.expect(&["start a 12:00", "panicked a 12:00"]).await;
    assert_eq!(bench.stop().await, (summary(0, 0, 2), Vec::new()));

    let job = Job { timeout: Duration::from_millis(1), ..hourly("a", "forbid") };
    let mut bench = Bench::start(Work::Forever, vec![job], patient(), 0).await;
    bench.beat("11:00").await;
    bench.expect(&["start a 11:00", "timed out a 11:00"]).await;
    assert_eq!(bench.stop().await, (summary(0, 0, 1), Vec::new()));
}

#[tokio::test]
async fn a_stop_waits_for_the_run_and_leaves_the_queue_unclaimed() {
    let jobs = vec![hourly("a", "forbid"), hourly("b", "forbid")];
    let mut bench = Bench::start(Work::Gated, jobs, patient(), 0).await;
    bench.beat("11:00").await;
    bench.expect(&["start a 11:00"]).await;
    let fake = Arc::clone(&bench.fake);
    bench.stop.send(true).expect("the scheduler listens");
    fake.gate.add_permits(1);
    bench.expect(&["ran a 11:00"]).await;
    assert_eq!(bench.served.await.expect("the scheduler does not panic"), summary(1, 0, 0));
    assert_eq!(fake.claimed.lock().expect("nobody panicked").len(), 1);
}

#[tokio::test]
async fn a_stop_cuts_off_what_does_not_end_in_time() {
    let options = ServeOptions { drain: Duration::from_millis(1), ..patient() };
    let mut bench = Bench::start(Work::Forever, vec![hourly("a", "forbid")], options, 0).await;
    bench.beat("11:00").await;
    bench.expect(&["start a 11:00"]).await;
    assert_eq!(bench.stop().await, (summary(0, 0, 1), vec!["cut off a 11:00".to_owned()]));
}

#[tokio::test]
async fn missed_slots_are_caught_up_and_dead_runs_taken_up_at_the_start() {
    let options = ServeOptions {
        last_planned: BTreeMap::from([(name("a"), at("2026-01-05T08:00:00Z"))]),
        unfinished: vec![(name("a"), at("2026-01-05T08:00:00Z")), (name("gone"), at("2026-01-05T08:00:00Z"))],
        ..patient()
    };
    let mut bench = Bench::start(Work::Quick, vec![hourly("a", "queue")], options, 0).await;
    bench.expect(&["start a 08:00", "ran a 08:00", "start a 10:00", "ran a 10:00"]).await;
    assert_eq!(bench.stop().await, (summary(2, 0, 0), Vec::new()));
}

#[tokio::test]
async fn the_heart_beats_until_it_is_stopped() {
    let (heartbeat, mut beats) = Heartbeat::start(1).await.expect("the heart starts");
    assert_eq!(beats.recv().await, Some(()));
    heartbeat.stop().await.expect("the heart stops");
}

#[tokio::test]
async fn a_clock_that_stands_still_is_not_served() {
    let (sender, _events) = mpsc::unbounded_channel();
    let fake = Fake {
        work: Work::Quick,
        claimed: Mutex::default(),
        claims_to_fail: AtomicUsize::new(0),
        gate: Semaphore::new(0),
        events: sender,
    };
    let clock = Clock::Fixed(Timestamp::UNIX_EPOCH);
    let (_stop, stopped) = watch::channel(false);
    let served = serve(BTreeMap::new(), patient(), clock, Hand(Arc::new(fake)), stopped).await;
    assert!(matches!(served, Err(ScheduleError::Rehearsal)));
}
