//! What the ledger promises.

use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt;

use jiff::Timestamp;
use serde_json::json;

use super::{
    Acceptance, AdHocOutcome, AdHocQuery, Before, CellRelease, CellToRelease, Channel, Decision, DispatchOutcome,
    DispatchState, EditionRecord, ExtractRecord, ExtractState, Lateness, Ledger, LedgerError, Lock, RecordedQuery,
    Release, RunState,
};
use crate::model::{
    Address, ContentHash, DatasetName, EditionState, ErrorClass, ExtractName, JobName, Period, Role, RuleId,
};

struct Bench {
    ledger: Ledger,
    folder: tempfile::TempDir,
}

async fn bench() -> Bench {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let ledger = Ledger::open(&folder.path().join("ledger/ledger.sqlite")).await.expect("a new ledger opens");
    Bench { ledger, folder }
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_609_400_000 + second).expect("a time")
}

fn hash(number: u8) -> ContentHash {
    ContentHash::from_digest(&[number; 32])
}

fn job() -> JobName {
    JobName::new("iacw-quarterly").expect("a name")
}

fn extract(number: u8, supplier: &str, as_of: &str, sequence: u32, ingested: i64) -> ExtractRecord {
    ExtractRecord {
        hash: hash(number),
        dataset: DatasetName::new("vouchers").expect("a name"),
        supplier: supplier.parse().expect("a code"),
        as_of: as_of.parse().expect("a day"),
        sequence,
        file_name: format!("vouchers__{supplier}__{as_of}__{sequence:03}.csv"),
        bytes: 100,
        state: ExtractState::Committed,
        rows_in: 10,
        accepted: 9,
        quarantined: 1,
        repaired: 2,
        reason: None,
        dialect: Some(json!({"encoding": "UTF-8"})),
        ingested_at: at(ingested),
        run: None,
    }
}

fn edition() -> EditionRecord {
    EditionRecord {
        id: "iacw-quarterly@2020-21-Q3.v1".parse().expect("an id"),
        state: EditionState::Built,
        snapshot: "abcdef01".to_owned(),
        input_hash: "in".to_owned(),
        manifest_hash: "out".to_owned(),
        path: "iacw-quarterly@2020-21-Q3.v1".into(),
        built_at: at(0),
    }
}

async fn live(ledger: &Ledger, known_at: Option<Timestamp>, increments: &[&str]) -> Vec<ContentHash> {
    let increments: BTreeSet<DatasetName> =
        increments.iter().map(|name| DatasetName::new(*name).expect("a name")).collect();
    let live = ledger.live_extracts(known_at, &increments).await.expect("readable");
    live.into_values().flatten().map(|extract| extract.hash).collect()
}

#[tokio::test]
async fn recording_a_committed_extract_again_changes_nothing() {
    let Bench { ledger, folder: _folder } = bench().await;
    let first = extract(1, "grants", "2020-09-30", 1, 0);
    ledger.record_extract(&first).await.expect("recorded");
    let again = ExtractRecord { state: ExtractState::Refused, accepted: 0, ingested_at: at(99), ..first.clone() };
    ledger.record_extract(&again).await.expect("recorded again");
    assert_eq!(ledger.list_extracts().await.expect("readable"), vec![first.clone()]);
    assert_eq!(ledger.find_extract(&first.hash).await.expect("readable"), Some(first));
    assert_eq!(ledger.find_extract(&hash(9)).await.expect("readable"), None);
}

#[tokio::test]
async fn a_refused_extract_may_be_accepted_later() {
    let Bench { ledger, folder: _folder } = bench().await;
    let good = extract(1, "grants", "2020-09-30", 1, 5);
    let refused = ExtractRecord {
        state: ExtractState::Refused,
        reason: Some("broken header".to_owned()),
        ingested_at: at(0),
        ..good.clone()
    };
    ledger.record_extract(&refused).await.expect("recorded");
    assert_eq!(ledger.find_extract(&hash(1)).await.expect("readable"), Some(refused));
    ledger.record_extract(&good).await.expect("recorded");
    assert_eq!(ledger.find_extract(&hash(1)).await.expect("readable"), Some(good));
}

#[tokio::test]
async fn the_newest_committed_extract_of_each_supplier_is_live() {
    let Bench { ledger, folder: _folder } = bench().await;
    for record in [
        extract(1, "c1", "2020-06-30", 9, 0),
        extract(2, "c1", "2020-09-30", 1, 1),
        extract(3, "c1", "2020-09-30", 2, 2),
        ExtractRecord { state: ExtractState::Refused, ..extract(4, "c1", "2020-12-31", 1, 3) },
        extract(5, "c2", "2020-06-30", 1, 4),
    ] {
        ledger.record_extract(&record).await.expect("recorded");
    }
    assert_eq!(live(&ledger, None, &[]).await, vec![hash(3), hash(5)]);
    assert_eq!(live(&ledger, Some(at(1)), &[]).await, vec![hash(2)], "as it was known then");
    assert_eq!(live(&ledger, None, &["vouchers"]).await, vec![hash(1), hash(3), hash(5)], "increments add up");
}

#[tokio::test]
async fn a_file_delivered_again_under_its_name_replaces_the_first() {
    let Bench { ledger, folder: _folder } = bench().await;
    ledger.record_extract(&extract(8, "c1", "2020-06-30", 1, 0)).await.expect("recorded");
    ledger.record_extract(&extract(7, "c1", "2020-06-30", 1, 1)).await.expect("recorded");
    assert_eq!(live(&ledger, None, &[]).await, vec![hash(7)]);
}

#[tokio::test]
async fn the_last_word_counts_when_bytes_come_again() {
    let Bench { ledger, folder: _folder } = bench().await;
    ledger.record_extract(&extract(1, "c1", "2020-09-30", 1, 0)).await.expect("recorded");
    let again = async |number: u8, file: &str, second: i64| {
        let name = ExtractName::parse(file).expect("a name");
        ledger.record_redelivery(&hash(number), file, &name, at(second)).await.expect("recorded");
    };
    // The same for the next quarter: they count once, for the later day.
    again(1, "vouchers__c1__20201231__001.csv", 1).await;
    for mode in [&[][..], &["vouchers"]] {
        let increments = mode.iter().map(|name| DatasetName::new(*name).expect("a name")).collect();
        let live = ledger.live_extracts(None, &increments).await.expect("readable");
        let told: Vec<_> = live.into_values().flatten().map(|one| (one.hash, one.as_of, one.sequence)).collect();
        assert_eq!(told, [(hash(1), "2020-12-31".parse().expect("a day"), 1)]);
    }
    // A correction of the first quarter, then the first bytes again for it.
    ledger.record_extract(&extract(2, "c1", "2020-09-30", 2, 2)).await.expect("recorded");
    assert_eq!(live(&ledger, None, &[]).await, [hash(1)], "the newest day is the first bytes' still");
    assert_eq!(live(&ledger, None, &["vouchers"]).await, [hash(2), hash(1)]);
    again(1, "vouchers__c1__20200930__003.csv", 3).await;
    assert_eq!(live(&ledger, None, &["vouchers"]).await, [hash(1)]);
    assert_eq!(live(&ledger, Some(at(2)), &["vouchers"]).await, [hash(2), hash(1)], "as it was known then");
    // Under one name: other bytes, then the first ones.
    ledger.record_extract(&extract(3, "c1", "2020-12-31", 1, 4)).await.expect("recorded");
    assert_eq!(live(&ledger, None, &[]).await, [hash(3)]);
    again(1, "vouchers__c1__20201231__001.csv", 5).await;
    assert_eq!(live(&ledger, None, &[]).await, [hash(1)]);
    assert_eq!(live(&ledger, Some(at(4)), &[]).await, [hash(3)]);
    let files: Vec<String> =
        ledger.list_deliveries().await.expect("readable").into_iter().map(|one| one.file_name).collect();
    assert_eq!(files.len(), 6);
}

#[tokio::test]
async fn a_run_is_begun_finished_once_and_listed() {
    let Bench { ledger, folder: _folder } = bench().await;
    let period = Some("2020-21-Q3".parse().expect("a period"));
    let id = ledger.begin_run(&job(), period, at(0)).await.expect("begun");
    assert_eq!(ledger.find_complete_run(&job(), period).await.expect("readable"), None);
    ledger.finish_run(&id, RunState::Complete, &json!({"rows": 3}), at(9)).await.expect("finished");
    let run = ledger.find_run(&id).await.expect("readable").expect("there");
    assert_eq!((run.state, run.finished_at), (RunState::Complete, Some(at(9))));
    assert_eq!(run.summary, Some(json!({"rows": 3})));
    assert_eq!(ledger.find_complete_run(&job(), period).await.expect("readable"), Some(run.clone()));
    assert_eq!(ledger.list_runs(5).await.expect("readable"), vec![run]);
    let again = ledger.finish_run(&id, RunState::Failed, &json!(null), at(10)).await.expect_err("ended already");
    assert!(matches!(again, LedgerError::RunNotStarted(_)));
}

#[tokio::test]
async fn runs_that_were_killed_are_aborted() {
    let Bench { ledger, folder: _folder } = bench().await;
    let killed = ledger.begin_run(&job(), None, at(0)).await.expect("begun");
    let skipped = ledger.begin_run(&job(), None, at(1)).await.expect("begun");
    ledger.finish_run(&skipped, RunState::Skipped, &json!({}), at(2)).await.expect("finished");
    assert_eq!(ledger.abort_stale_runs(at(3)).await.expect("done"), vec![killed]);
    assert_eq!(ledger.abort_stale_runs(at(4)).await.expect("done"), vec![]);
    let states: Vec<_> = ledger.list_runs(9).await.expect("readable").into_iter().map(|run| run.state).collect();
    assert_eq!(states, vec![RunState::Skipped, RunState::Aborted]);
}

#[tokio::test]
async fn a_slot_is_claimed_once() {
    let Bench { ledger, folder: _folder } = bench().await;
    assert!(ledger.claim_slot(&job(), at(0), at(1)).await.expect("asked"));
    assert!(!ledger.claim_slot(&job(), at(0), at(2)).await.expect("asked"));
    let run = ledger.begin_run(&job(), None, at(2)).await.expect("begun");
    ledger.finish_slot(&job(), at(0), Some(&run), at(3)).await.expect("finished");
    let slot = ledger.find_last_slot(&job()).await.expect("readable").expect("there");
    assert_eq!((slot.slot, slot.run, slot.finished_at), (at(0), Some(run), Some(at(3))));
}

#[tokio::test]
async fn a_frozen_edition_keeps_its_content_and_never_goes_back() {
    let Bench { ledger, folder: _folder } = bench().await;
    ledger.record_edition(&edition()).await.expect("recorded");
    let rebuilt = EditionRecord { manifest_hash: "other".to_owned(), ..edition() };
    ledger.record_edition(&rebuilt).await.expect("not frozen yet");
    ledger.set_edition_state(&rebuilt.id, EditionState::Frozen, at(1)).await.expect("forward");
    ledger.record_edition(&rebuilt).await.expect("the same content changes nothing");
    let found = ledger.find_edition(&rebuilt.id).await.expect("readable").expect("there");
    assert_eq!(found, EditionRecord { state: EditionState::Frozen, ..rebuilt.clone() });
    let changed = ledger.record_edition(&edition()).await.expect_err("frozen");
    assert!(matches!(changed, LedgerError::EditionFrozen(_)));
    let back = ledger.set_edition_state(&rebuilt.id, EditionState::Built, at(2)).await.expect_err("back");
    assert!(matches!(back, LedgerError::EditionOrder { .. }));
    let period = Some(rebuilt.id.period);
    assert_eq!(ledger.list_editions(Some(&job()), period).await.expect("readable").len(), 1);
    assert_eq!(ledger.list_editions(None, period.map(Period::next)).await.expect("readable"), vec![]);
}

#[tokio::test]
async fn a_recipient_is_dispatched_to_once_for_each_edition() {
    let Bench { ledger, folder: _folder } = bench().await;
    let id = edition().id;
    ledger.record_edition(&edition()).await.expect("recorded");
    let key = ledger.recipient_key(&Address::new("Mair@example.test".to_owned()));
    assert_eq!(key, ledger.recipient_key(&Address::new("mair@EXAMPLE.test ".to_owned())));
    let open = ledger.open_dispatch(&id, &key, Channel::Smtp, "<1@x>", at(0)).await.expect("opened");
    assert_eq!((open.state, open.attempts), (DispatchState::Pending, 0));
    assert!(ledger.begin_dispatch(&id, &key, Channel::Smtp, at(1)).await.expect("asked"));
    assert!(!ledger.begin_dispatch(&id, &key, Channel::Smtp, at(1)).await.expect("asked"), "already sending");
    let later = DispatchOutcome::FailedForNow("451 later".to_owned());
    ledger.finish_dispatch(&id, &key, Channel::Smtp, &later, at(2)).await.expect("finished");
    assert!(ledger.begin_dispatch(&id, &key, Channel::Smtp, at(3)).await.expect("asked"), "retried");
    let sent = DispatchOutcome::Sent("250 ok".to_owned());
    ledger.finish_dispatch(&id, &key, Channel::Smtp, &sent, at(4)).await.expect("finished");
    let lost = DispatchOutcome::Unknown("lost".to_owned());
    ledger.finish_dispatch(&id, &key, Channel::Smtp, &lost, at(5)).await.expect("finished");
    let again = ledger.open_dispatch(&id, &key, Channel::Smtp, "<2@x>", at(6)).await.expect("opened");
    assert_eq!((again.state, again.attempts, again.at), (DispatchState::Sent, 2, at(4)));
    assert_eq!(again.message_id, "<1@x>", "the first message id stays");
    assert!(!ledger.begin_dispatch(&id, &key, Channel::Smtp, at(7)).await.expect("asked"));
    assert_eq!(ledger.list_dispatches(&id).await.expect("readable"), vec![again]);
}

#[tokio::test]
async fn what_failed_for_good_or_is_unknown_waits_for_a_person() {
    let Bench { ledger, folder: _folder } = bench().await;
    let id = edition().id;
    ledger.record_edition(&edition()).await.expect("recorded");
    for outcome in [DispatchOutcome::FailedForGood("550".to_owned()), DispatchOutcome::Unknown("lost".to_owned())] {
        let key = ledger.recipient_key(&Address::new(format!("{:?}@example.test", outcome.state())));
        ledger.open_dispatch(&id, &key, Channel::Smtp, "<1@x>", at(0)).await.expect("opened");
        assert!(ledger.begin_dispatch(&id, &key, Channel::Smtp, at(1)).await.expect("asked"));
        ledger.finish_dispatch(&id, &key, Channel::Smtp, &outcome, at(2)).await.expect("finished");
        assert!(!ledger.begin_dispatch(&id, &key, Channel::Smtp, at(3)).await.expect("asked"));
        let decide = |decision| ledger.decide_dispatch(&id, &key, Channel::Smtp, decision, at(4));
        assert!(decide(Decision::SendAgain).await.expect("decided"));
        assert!(!decide(Decision::Arrived).await.expect("nothing to decide"), "it is pending");
        assert!(ledger.begin_dispatch(&id, &key, Channel::Smtp, at(5)).await.expect("asked"));
        ledger.finish_dispatch(&id, &key, Channel::Smtp, &outcome, at(6)).await.expect("finished");
        assert!(decide(Decision::Arrived).await.expect("decided"));
        assert!(!ledger.begin_dispatch(&id, &key, Channel::Smtp, at(7)).await.expect("asked"));
    }
}

#[tokio::test]
async fn files_are_private_and_hold_no_address() {
    let Bench { ledger, folder } = bench().await;
    ledger.record_edition(&edition()).await.expect("recorded");
    let key = ledger.recipient_key(&Address::new("mair@example.test".to_owned()));
    ledger.open_dispatch(&edition().id, &key, Channel::Files, "<1@x>", at(0)).await.expect("opened");
    let path = folder.path().join("ledger/ledger.sqlite");
    let mode = |path: &std::path::Path| std::fs::metadata(path).expect("there").permissions().mode() & 0o777;
    assert_eq!(mode(&folder.path().join("ledger")), 0o700);
    assert_eq!(mode(&path), 0o600);
    assert_eq!(mode(&path.with_extension("sqlite-wal")), 0o600);
    ledger.close().await;
    let bytes = std::fs::read(&path).expect("readable");
    assert!(!bytes.windows(4).any(|window| window == b"mair"));
}

#[tokio::test]
async fn a_newer_ledger_is_refused_clearly() {
    let Bench { ledger, folder } = bench().await;
    sqlx::query(
        "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
         values (9999, 'of the future', 1, x'00', 0)",
    )
    .execute(&ledger.pool)
    .await
    .expect("written");
    ledger.close().await;
    let error = Ledger::open(&folder.path().join("ledger/ledger.sqlite")).await.expect_err("newer");
    assert!(matches!(error, LedgerError::Newer { version: 9999, .. }));
    assert_eq!(error.class(), ErrorClass::Usage);
}

#[tokio::test]
async fn a_reader_sees_what_a_writer_has_not_folded_in_and_leaves_it_so() {
    let Bench { ledger, folder } = bench().await;
    ledger.record_edition(&edition()).await.expect("recorded");
    let path = folder.path().join("ledger/ledger.sqlite");
    let log = path.with_extension("sqlite-wal");
    let before = std::fs::read(&log).expect("the writer has not closed");
    let reader = Ledger::open_to_read(&path).await.expect("opens");
    assert_eq!(reader.find_edition(&edition().id).await.expect("reads").map(|found| found.id), Some(edition().id));
    assert!(reader.set_edition_state(&edition().id, EditionState::Checked, at(1)).await.is_err());
    reader.close().await;
    assert_eq!(std::fs::read(&log).expect("still there"), before);
    let missing = folder.path().join("other/ledger.sqlite");
    Ledger::open_to_read(&missing).await.expect("a missing ledger is made").close().await;
}

#[tokio::test]
async fn two_programs_may_open_a_new_ledger_at_once() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("ledger.sqlite");
    let (first, second) = tokio::join!(Ledger::open(&path), Ledger::open(&path));
    let (first, second) = (first.expect("opens"), second.expect("opens"));
    let address = Address::new("mair@example.test".to_owned());
    assert_eq!(first.recipient_key(&address), second.recipient_key(&address));
}

#[tokio::test]
async fn what_is_no_ledger_is_refused_for_good() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("ledger.sqlite");
    std::fs::write(&path, "this is not a database, and long enough to be seen as none".repeat(50)).expect("written");
    let error = Ledger::open(&path).await.expect_err("no ledger");
    assert_eq!(error.class(), ErrorClass::Permanent);
    let blocked = Ledger::open(&path.join("below/ledger.sqlite")).await.expect_err("a file is no folder");
    assert!(matches!(blocked, LedgerError::Directory { .. }));
    assert_eq!(blocked.class(), ErrorClass::Permanent);
}

#[test]
fn the_lock_is_held_once_and_names_its_holder() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("ledger/lock");
    let lock = Lock::acquire(&path).expect("free");
    let error = Lock::acquire(&path).expect_err("held");
    assert!(matches!(error, LedgerError::Held { pid: Some(pid) } if pid == std::process::id()));
    assert_eq!(error.class(), ErrorClass::Transient);
    drop(lock);
    Lock::acquire(&path).expect("free again");
}

#[tokio::test]
async fn a_release_moves_rows_once() {
    let Bench { ledger, folder: _folder } = bench().await;
    ledger.record_extract(&extract(1, "c1", "2020-12-31", 1, 0)).await.expect("written");
    let release = |id: u8, rows: &[u64]| Release {
        id: hash(id),
        extract: hash(1),
        rows: rows.iter().copied().collect(),
        overridden: [RuleId::of("X401"), RuleId::of("X402")].into(),
        by: "the operator".to_owned(),
        note: "agreed".to_owned(),
        at: at(5),
    };
    assert_eq!(ledger.record_release(&release(7, &[4])).await.expect("written"), 1);
    assert_eq!(ledger.record_release(&release(7, &[4])).await.expect("written"), 0);
    assert_eq!(ledger.record_release(&release(8, &[4])).await.expect("written"), 0);
    let record = ledger.find_extract(&hash(1)).await.expect("readable").expect("there");
    assert_eq!((record.rows_in, record.accepted, record.quarantined), (10, 10, 0));
    let releases = ledger.list_releases().await.expect("readable");
    assert_eq!(releases.iter().find(|one| one.id == hash(7)), Some(&release(7, &[4])));
}

#[tokio::test]
async fn a_held_extract_may_be_tried_again_and_is_not_live() {
    let Bench { ledger, folder: _folder } = bench().await;
    let held = ExtractRecord { state: ExtractState::Held, ..extract(1, "c1", "2020-12-31", 1, 0) };
    ledger.record_extract(&held).await.expect("written");
    assert_eq!(live(&ledger, None, &[]).await, []);
    let acceptance = Acceptance {
        extract: hash(1),
        rule: RuleId::of("V060"),
        by: "the operator".to_owned(),
        note: "confirmed".to_owned(),
        at: at(1),
    };
    ledger.record_acceptance(&acceptance).await.expect("written");
    assert_eq!(ledger.list_acceptances(&hash(1)).await.expect("readable"), [acceptance]);
    ledger.record_extract(&extract(1, "c1", "2020-12-31", 1, 2)).await.expect("written");
    assert_eq!(live(&ledger, None, &[]).await, [hash(1)]);
}

#[tokio::test]
async fn earlier_extracts_come_newest_first_with_what_was_counted() {
    let Bench { ledger, folder: _folder } = bench().await;
    for (number, supplier, day, sequence) in
        [(1, "c1", "2020-06-30", 1), (2, "c1", "2020-09-30", 1), (3, "c1", "2020-12-31", 2), (4, "c2", "2020-09-30", 1)]
    {
        ledger.record_extract(&extract(number, supplier, day, sequence, 0)).await.expect("written");
    }
    ledger.record_totals(&hash(2), &json!({"rows_in": 9})).await.expect("written");
    ledger.record_totals(&hash(2), &json!({"rows_in": 10})).await.expect("written");
    let (dataset, supplier) = (DatasetName::new("vouchers").expect("a name"), "c1".parse().expect("a code"));
    let this = hash(9);
    let as_of = "2020-12-31".parse().expect("a day");
    let before = Before { hash: &this, dataset: &dataset, supplier: &supplier, as_of, sequence: 1 };
    let past = ledger.list_past_extracts(before).await.expect("readable");
    let told: Vec<_> = past.into_iter().map(|extract| (extract.hash, extract.totals)).collect();
    assert_eq!(told, [(hash(2), Some(json!({"rows_in": 10}))), (hash(1), None)]);
}

#[tokio::test]
async fn the_owner_is_told_once() {
    let Bench { ledger, folder: _folder } = bench().await;
    let (dataset, supplier) = (DatasetName::new("vouchers").expect("a name"), "c1".parse().expect("a code"));
    let late = Lateness { dataset: &dataset, supplier: &supplier, period: "2020-21-Q3", state: "late" };
    assert!(!ledger.was_told(late).await.expect("readable"));
    ledger.record_told(late, at(1)).await.expect("written");
    ledger.record_told(late, at(2)).await.expect("written");
    assert!(ledger.was_told(late).await.expect("readable"));
    assert!(!ledger.was_told(Lateness { state: "missing", ..late }).await.expect("readable"));

    assert_eq!(ledger.began_at().await.expect("readable"), None);
    ledger.begin_run(&job(), None, at(4)).await.expect("written");
    assert_eq!(ledger.began_at().await.expect("readable"), Some(at(4)));
}

fn question(query: &str, cells: u64) -> AdHocQuery {
    AdHocQuery {
        role: Role::Analyst,
        asked_by: Some("Ann".to_owned()),
        query: query.to_owned(),
        snapshot: "abcdef01".to_owned(),
        cells,
        at: at(1),
    }
}

fn cell(subject: &str, groups: &[(&str, u128)]) -> CellToRelease {
    CellToRelease {
        subject: subject.to_owned(),
        cell: "scheme=IV".to_owned(),
        groups: groups.iter().map(|(group, rows)| ((*group).to_owned(), Some(*rows))).collect(),
        value: Some("42".to_owned()),
    }
}

#[tokio::test]
async fn a_cell_is_released_once_and_one_too_like_it_never() {
    let Bench { ledger, folder } = bench().await;
    let few = |differing: usize| differing == 0 || differing > 1;
    let ours = cell("count vouchers", &[("G1", 1), ("G2", 2), ("G3", 3)]);
    let ask = async |cells: &[CellToRelease]| {
        ledger.record_released_cells(&question("select 1", 1), cells, &few).await.expect("written")
    };
    assert_eq!(ask(std::slice::from_ref(&ours)).await, CellRelease::Released(1));
    assert_eq!(ask(std::slice::from_ref(&ours)).await, CellRelease::Released(2), "the same again");
    let [released] = &ledger.list_released_cells("count vouchers").await.expect("readable")[..] else {
        panic!("the same cell is there once")
    };
    assert_eq!((released.source.as_str(), released.cell.as_str(), released.groups.len()), ("export 1", "scheme=IV", 3));

    for other in [
        cell("count vouchers", &[("G1", 1), ("G2", 2)]),
        cell("count vouchers", &[("G1", 1), ("G2", 2), ("G3", 4)]),
        cell("count vouchers", &[("G1", 1), ("G2", 2), ("G3", 3), ("G4", 4)]),
    ] {
        assert_eq!(ask(&[other]).await, CellRelease::Refused(1));
    }
    assert_eq!(
        ask(&[cell("count claims", &[("G1", 1), ("G2", 2)])]).await,
        CellRelease::Released(6),
        "another subject"
    );
    let pair = [cell("sum a", &[("G1", 1)]), cell("sum a", &[("G2", 2)])];
    assert_eq!(ask(&pair).await, CellRelease::Released(7), "two groups differ");
    let pair = [cell("sum b", &[("G1", 1)]), cell("sum b", &[("G1", 1), ("G2", 2)])];
    assert_eq!(ask(&pair).await, CellRelease::Refused(1), "cells of one export are compared too");
    assert!(ledger.list_released_cells("sum b").await.expect("readable").is_empty());

    let outcomes: Vec<String> =
        ledger.list_ad_hoc_queries().await.expect("readable").into_iter().map(|asked| asked.outcome).collect();
    let (released, refused) = ("released", "refused");
    assert_eq!(outcomes, [released, released, refused, refused, refused, released, released, refused]);
    ledger.close().await;
    let bytes = std::fs::read(folder.path().join("ledger/ledger.sqlite")).expect("a file");
    assert!(!bytes.windows(2).any(|two| two == b"G1"), "no group is written down");
}

#[tokio::test]
async fn cells_of_an_edition_count_as_released_by_their_groups() {
    let Bench { ledger, folder: _folder } = bench().await;
    let mut published = cell("sum vouchers.grant_paid_gbp", &[("G1", 0), ("G2", 0), ("G3", 0)]);
    for rows in published.groups.values_mut() {
        *rows = None;
    }
    let edition = edition().id;
    let digested = ledger.digest_cells(std::slice::from_ref(&published));
    for second in [1, 2] {
        ledger.record_released_edition(&edition, &digested, at(second)).await.expect("written");
    }
    assert_eq!(ledger.list_released_editions().await.expect("readable"), [(edition, at(1))]);
    let released = ledger.list_released_cells(&published.subject).await.expect("readable");
    assert_eq!(released.len(), 1);
    assert_eq!(released[0].source, "edition iacw-quarterly@2020-21-Q3.v1");
    let few = |differing: usize| differing == 0 || differing > 1;
    let ask = async |groups: &[(&str, u128)]| {
        let cells = [cell(&published.subject, groups)];
        ledger.record_released_cells(&question("select 1", 1), &cells, &few).await.expect("written")
    };
    assert_eq!(ask(&[("G1", 1), ("G2", 2)]).await, CellRelease::Refused(1));
    assert_eq!(ask(&[("G1", 1), ("G2", 2), ("G3", 3)]).await, CellRelease::Released(2));
}

#[tokio::test]
async fn every_question_is_kept() {
    let Bench { ledger, folder: _folder } = bench().await;
    ledger.record_ad_hoc_query(&question("select 1", 0), AdHocOutcome::Shown).await.expect("written");
    let asked = ledger.list_ad_hoc_queries().await.expect("readable");
    assert_eq!(asked, [RecordedQuery { query: question("select 1", 0), outcome: "shown".to_owned() }]);
}
