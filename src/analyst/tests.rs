//! The gate under attack: the standard tricks of an analyst who may ask as much as he likes (domain, section 3.7).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use arrow::array::{ArrayRef, Decimal128Array, RecordBatch, StringArray};
use arrow::util::display::array_value_to_string;

use super::gate;
use crate::disclosure::Policy;
use crate::engine::{
    Engine, EngineLimits, ExportRules, ExportTable, MemoryTable, NamedSql, OwnerKey, Register, Session, SessionSource,
};
use crate::ledger::{AdHocQuery, Ledger};
use crate::model::Role;

/// Vouchers, claims, businesses and a public list of schemes, with the gate before them.
struct Bench {
    session: Session,
    ledger: Ledger,
    policy: Policy,
    rules: ExportRules,
    _dir: tempfile::TempDir,
}

fn texts(values: impl IntoIterator<Item = String>) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(values))
}

fn money(values: impl IntoIterator<Item = i128>) -> ArrayRef {
    let array = Decimal128Array::from_iter_values(values).with_precision_and_scale(14, 2).expect("14 digits");
    Arc::new(array)
}

fn table(name: &str, columns: Vec<(&str, ArrayRef)>) -> MemoryTable {
    let batch = RecordBatch::try_from_iter(columns).expect("equal columns");
    MemoryTable { name: name.to_owned(), description: String::new(), schema: batch.schema(), batches: vec![batch] }
}

/// Twenty-six firms, one of which is the successor of another of the same group. The first fourteen have a voucher of IV,
/// the others of SMART; B01 has two. B26's is larger than all others together.
fn tables() -> Vec<MemoryTable> {
    let firms: Vec<usize> = (1..=26).collect();
    let firm = |n: usize| format!("B{n:02}");
    let group = |n: usize| if n == 2 { "G01".to_owned() } else { format!("G{n:02}") };
    let owners: Vec<usize> = std::iter::once(1).chain(firms.iter().copied()).collect();
    let scheme = |n: usize| if n <= 14 { "IV" } else { "SMART" }.to_owned();
    let grant = |n: usize| if n == 26 { 99_000_000 } else { 100_000 + i128::try_from(n).expect("small") };
    vec![
        table(
            "businesses",
            vec![
                ("business_id", texts(firms.iter().map(|n| firm(*n)))),
                ("enterprise_group_id", texts(firms.iter().map(|n| group(*n)))),
                ("tier", texts(firms.iter().map(|n| if n % 2 == 0 { "OEM" } else { "T1" }.to_owned()))),
            ],
        ),
        table(
            "vouchers",
            vec![
                ("voucher_id", texts((0..owners.len()).map(|n| format!("V{n:02}")))),
                ("business_id", texts(owners.iter().map(|n| firm(*n)))),
                ("scheme", texts(owners.iter().map(|n| scheme(*n)))),
                ("grant_gbp", money(owners.iter().map(|n| grant(*n)))),
                ("paid_gbp", money(owners.iter().map(|n| grant(*n) / 2))),
            ],
        ),
        table(
            "claims",
            vec![
                ("voucher_id", texts((0..owners.len()).flat_map(|n| [format!("V{n:02}"), format!("V{n:02}")]))),
                ("claim_no", texts((0..owners.len()).flat_map(|_| ["1".to_owned(), "2".to_owned()]))),
                ("claimed_gbp", money(owners.iter().flat_map(|_| [500, 700]))),
            ],
        ),
        table("schemes", vec![("scheme", texts(["IV".to_owned(), "SMART".to_owned()])), ("cap", money([5, 6]))]),
        table("internal", vec![("note", texts(["a".to_owned()]))]),
    ]
}

fn rules() -> ExportRules {
    let key = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let parents = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
    let business = || OwnerKey::Business("business_id".to_owned());
    let through = OwnerKey::Through {
        column: "voucher_id".to_owned(),
        table: "vouchers".to_owned(),
        key: "voucher_id".to_owned(),
        business: "business_id".to_owned(),
    };
    let held = |names: &[&str], owner, above: &[&str]| ExportTable { key: key(names), owner, parents: parents(above) };
    ExportRules {
        open: parents(&["schemes"]),
        tables: BTreeMap::from([
            ("businesses".to_owned(), held(&["business_id"], business(), &[])),
            ("vouchers".to_owned(), held(&["voucher_id"], business(), &["businesses"])),
            ("claims".to_owned(), held(&["voucher_id", "claim_no"], through, &["vouchers"])),
        ]),
        register: Some(Register {
            table: "businesses".to_owned(),
            business: "business_id".to_owned(),
            group: "enterprise_group_id".to_owned(),
            successor: None,
        }),
    }
}

/// Views: one that can be seen through, one that vouches for its rows, one that names nobody.
fn views() -> Vec<NamedSql> {
    let view = |name: &str, sql: &str| NamedSql { name: name.to_owned(), sql: sql.to_owned() };
    vec![
        view("iv", "select voucher_id, business_id, grant_gbp from vouchers where scheme = 'IV' order by voucher_id"),
        view(
            "firsts",
            "select voucher_id, business_id, grant_gbp from (select voucher_id, business_id, grant_gbp, \
             row_number() over (partition by business_id order by voucher_id) as nth from vouchers) where nth = 1",
        ),
        view("totals", "select scheme, sum(grant_gbp) as gbp from vouchers group by scheme"),
    ]
}

async fn bench() -> Bench {
    let dir = tempfile::tempdir().expect("a scratch folder");
    let limits = EngineLimits {
        memory_bytes: 256 << 20,
        spill_dir: dir.path().join("spill"),
        spill_bytes: 1 << 30,
        threads: 2,
        query_deadline: Duration::from_mins(1),
    };
    let engine = Engine::new(limits).expect("a scratch folder can be written");
    let (memory, staging) = (tables(), views());
    let source = SessionSource { memory: &memory, staging: &staging, ..SessionSource::empty() };
    let session = engine.open(source).expect("names are distinct");
    let ledger = Ledger::open(&dir.path().join("ledger.sqlite")).await.expect("a new ledger opens");
    let text = "version = \"1\"\nthreshold_count = 5\nthreshold_magnitude = 3\np_percent = 10\n";
    let policy = Policy::parse(text, "policy.toml").expect("a policy");
    Bench { session, ledger, policy, rules: rules(), _dir: dir }
}

impl Bench {
    /// What leaves, row by row, or why nothing does.
    async fn ask(&self, sql: &str) -> Result<Vec<String>, String> {
        let export = self.session.export(sql, &self.rules).await.map_err(|error| error.to_string())?;
        if let Some(cells) = &export.cells {
            let record = AdHocQuery {
                role: Role::Analyst,
                asked_by: None,
                query: sql.to_owned(),
                snapshot: "s".to_owned(),
                cells: gate::shown_count(cells),
                at: jiff::Timestamp::UNIX_EPOCH,
            };
            gate::release(&self.ledger, &self.policy, &record, cells).await.map_err(|error| error.to_string())?;
        }
        let mut lines = Vec::new();
        for batch in &export.batches {
            for row in 0..batch.num_rows() {
                let cell = |array: &ArrayRef| array_value_to_string(array, row).expect("prints");
                lines.push(batch.columns().iter().map(cell).collect::<Vec<_>>().join(" "));
            }
        }
        Ok(lines)
    }

    /// The reason, without the hint.
    async fn refusal(&self, sql: &str) -> String {
        let said = self.ask(sql).await.err().unwrap_or_else(|| panic!("{sql} left"));
        said.split(" (hint: ").next().unwrap_or_default().to_owned()
    }
}

const TOO_FEW: &str = "nothing was exported: too few enterprise groups stand behind";
const DOMINATED: &str = "nothing was exported: one enterprise group dominates";
const DIFFERS: &str = "differ from an earlier release by too few enterprise groups";

#[tokio::test]
async fn a_safe_table_leaves_as_it_is_and_again() {
    let bench = bench().await;
    let sql = "select v.scheme, count(*) as vouchers, count(distinct v.business_id) as firms from vouchers v \
        group by v.scheme order by v.scheme limit 5";
    let expected = vec!["IV 15 14".to_owned(), "SMART 12 12".to_owned()];
    assert_eq!(bench.ask(sql).await, Ok(expected.clone()));
    assert_eq!(bench.ask(sql).await, Ok(expected), "what is out may be had again");
    let sums = "select scheme, sum(grant_gbp) / 1000 as thousands, avg(paid_gbp) as mean from vouchers \
        where scheme = 'IV' group by scheme";
    assert_eq!(bench.ask(sums).await, Ok(vec!["IV 15.001060 500.032666".to_owned()]));
    let asked = bench.ledger.list_ad_hoc_queries().await.expect("reads");
    assert!(asked.iter().all(|asked| asked.outcome == "released"));
    assert_eq!(bench.ledger.list_released_cells("count vouchers").await.expect("reads").len(), 4);
}

#[tokio::test]
async fn open_tables_leave_without_an_aggregate() {
    let bench = bench().await;
    let sql = "select s.scheme, max(s.cap) over () as cap from schemes s order by 1";
    assert_eq!(bench.ask(sql).await, Ok(vec!["IV 0.06".to_owned(), "SMART 0.06".to_owned()]));
    assert!(bench.ask("show tables").await.is_ok());
}

#[tokio::test]
async fn rows_and_single_values_do_not_leave() {
    let bench = bench().await;
    for sql in [
        "select * from vouchers limit 1",
        "select distinct grant_gbp from vouchers",
        "select min(grant_gbp) from vouchers",
        "select max(grant_gbp) from vouchers",
        "select median(grant_gbp) from vouchers",
        "select array_agg(grant_gbp) from vouchers",
        "select string_agg(business_id, ',') from vouchers",
        "select sum(distinct grant_gbp) from vouchers",
        "select first_value(grant_gbp order by grant_gbp) from vouchers",
        "select stddev(grant_gbp) from vouchers",
        "select scheme, grant_gbp, rank() over (order by grant_gbp) from vouchers",
        "select scheme, count(*) from vouchers group by scheme having count(*) > 1",
        "select n from (select scheme, count(*) as n from vouchers group by scheme) where n > 13",
        "select count(*) from vouchers union all select count(*) from vouchers",
        "select count(*) from (select * from vouchers union all select * from vouchers)",
        "select count(*) from (select * from vouchers limit 12)",
        "select count(*) from (select * from vouchers order by grant_gbp desc limit 12)",
        "select sum(s) from (select business_id, sum(grant_gbp) as s from vouchers group by business_id)",
        "select count(*) from (select distinct scheme, business_id from vouchers)",
        "select scheme, count(*) from vouchers group by rollup (scheme)",
        "select count(*) from vouchers where business_id in (select business_id from vouchers where grant_gbp > 50000)",
        "select count(*), (select max(grant_gbp) from vouchers) as m from vouchers",
        "select count(*) from schemes where exists (select 1 from vouchers where grant_gbp > 1000)",
        "select count(*) from schemes s left semi join vouchers v on v.scheme = s.scheme",
        "select count(*) from vouchers where random() < 0.5",
        "select count(s.scheme) from schemes s left join vouchers v on v.business_id = 'B05' and v.scheme = s.scheme",
        "select count(*) from internal",
        "select gbp from totals",
        "select count(*) from totals",
        "select count(*) from vouchers v cross join (select 'B06' as __mesur_owner_0 from schemes)",
        "explain select * from vouchers",
        "explain analyze select count(*) from vouchers where business_id = 'B01'",
        "select voucher_id from vouchers as schemes",
        "with schemes as (select * from vouchers) select * from schemes",
    ] {
        let said = bench.refusal(sql).await;
        assert!(said.starts_with("let the result leave: "), "{sql}: {said}");
    }
    assert!(bench.ledger.list_released_cells("count vouchers").await.expect("reads").is_empty());
}

#[tokio::test]
async fn reasons_say_what_and_how_to_ask_better() {
    let bench = bench().await;
    let said = bench.ask("select scheme, max(grant_gbp) from vouchers group by scheme").await;
    let expected = "let the result leave: `max` can show the value of one firm (hint: only count, sum and avg leave; the \
                    pack has medians where they are safe)";
    assert_eq!(said, Err(expected.to_owned()));
    let said = bench
        .ask("select tier, count(*) from vouchers join businesses using (business_id) group by tier, scheme")
        .await;
    let expected = "nothing was exported: too few enterprise groups stand behind 4 of 4 cells (hint: group more coarsely, \
                    or ask for more areas, schemes or quarters at once)";
    assert_eq!(said, Err(expected.to_owned()));
}

#[tokio::test]
async fn cells_of_few_groups_do_not_leave() {
    let bench = bench().await;
    for sql in [
        "select count(*) from vouchers where business_id = 'B05'",
        "select count(*) from vouchers where business_id = 'B05' and grant_gbp > 1000000",
        "select business_id, count(*) from vouchers group by business_id limit 1",
        "select scheme || voucher_id as label, sum(grant_gbp) from vouchers group by 1",
        // Ten businesses are nine groups: B01 and B02 belong together.
        "select count(*) from vouchers where business_id <= 'B10'",
        "select sum(case when business_id = 'B05' then grant_gbp else 0 end) from vouchers",
        "select sum(grant_gbp) filter (where business_id = 'B05') from vouchers",
        "select sum(case when business_id = 'B05' then 1 else 0 end) from vouchers",
        "select count(case when business_id = 'B05' then 1 end) from vouchers",
        "select avg(case when business_id = 'B05' then 1 else 0 end) from vouchers",
        "select count(distinct case when business_id = 'B05' then voucher_id end) from vouchers",
        "select count(v.voucher_id) from schemes s left join vouchers v on v.business_id = 'B05' and v.scheme = s.scheme",
        // Others' rows beside one firm's do not hide it, and its id cannot be projected away.
        "select count(v.voucher_id) from vouchers v cross join (select * from vouchers where business_id = 'B05') w",
        "select count(*) from (select grant_gbp as g from vouchers where business_id = 'B05') w cross join vouchers v",
        "select sum(w.g) from (select grant_gbp as g from vouchers where voucher_id = 'V07') w",
    ] {
        let said = bench.refusal(sql).await;
        assert!(said.starts_with(TOO_FEW), "{sql}: {said}");
    }
}

#[tokio::test]
async fn made_up_values_are_not_added_up() {
    let bench = bench().await;
    for sql in [
        "select sum(case when business_id = 'B05' then grant_gbp else 1000 end) from vouchers",
        "select sum(case when business_id = 'B05' then 2 else 1 end) from vouchers",
        "select sum(grant_gbp * 1000000000 + paid_gbp) from vouchers",
        "select sum(grant_gbp + 1000000) from vouchers",
        "select sum(case when business_id = 'B05' then grant_gbp else paid_gbp end) from vouchers",
        "select sum(g) from (select grant_gbp + 1000000 as g from vouchers)",
        "select sum(coalesce(grant_gbp, 1000000)) from vouchers",
        "select sum(s.cap) from vouchers v join schemes s on s.scheme = v.scheme",
        "select avg(case when business_id = 'B05' then grant_gbp else 5 end) from vouchers",
        "select sum(cast(grant_gbp as double)) from vouchers",
        "select count(distinct case when business_id = 'B05' then voucher_id else 'x' end) from vouchers",
        "select count(distinct case when business_id = 'B05' then voucher_id else scheme end) from vouchers",
        "select count(distinct scheme || grant_gbp) from vouchers",
    ] {
        let said = bench.refusal(sql).await;
        assert!(said.starts_with("let the result leave: `"), "{sql}: {said}");
    }
}

#[tokio::test]
async fn an_amount_that_one_group_dominates_does_not_leave() {
    let bench = bench().await;
    let said = bench.refusal("select scheme, sum(grant_gbp), count(*) from vouchers group by scheme").await;
    assert_eq!(said, format!("{DOMINATED} 1 of 2 cells"));
    assert!(bench.ask("select scheme, count(grant_gbp) from vouchers group by scheme").await.is_ok());
}

#[tokio::test]
async fn queries_that_differ_by_one_firm_do_not_both_leave() {
    let bench = bench().await;
    let all = "select sum(grant_gbp) from vouchers where scheme = 'IV'";
    bench.ask(all).await.expect("fourteen firms");
    bench.ask("select count(*) from vouchers where scheme = 'IV'").await.expect("fourteen firms");
    for sql in [
        "select sum(grant_gbp) from vouchers where scheme = 'IV' and business_id <> 'B05'",
        "select sum(grant_gbp) * 2 from vouchers where scheme = 'IV' and business_id <> 'B05'",
        "select avg(grant_gbp) from vouchers where scheme = 'IV' and business_id <> 'B05'",
        "select sum(case when business_id = 'B05' then 0 else grant_gbp end) from vouchers where scheme = 'IV'",
        "select sum(v.grant_gbp) from vouchers v join schemes s using (scheme) where s.cap < 0.06 and v.business_id <> 'B05'",
        "select count(*) from vouchers where scheme = 'IV' and business_id <> 'B05'",
        "select count(distinct voucher_id) from vouchers where scheme = 'IV' and business_id <> 'B05'",
        "select sum(case when business_id = 'B05' then 0 else 1 end) from vouchers where scheme = 'IV'",
        // Repeated rows count once where different values are counted, here and in the register.
        "select count(distinct v.voucher_id) from vouchers v join claims c using (voucher_id) \
         where v.scheme = 'IV' and v.voucher_id <> 'V00'",
        // B01 has two vouchers: without one of them the groups are the same, and still it is one voucher's value.
        "select sum(grant_gbp) from vouchers where scheme = 'IV' and voucher_id <> 'V00'",
        "select count(*) from vouchers where scheme = 'IV' and voucher_id <> 'V00'",
        // In parts that add up to all but one.
        "select business_id < 'B03', sum(grant_gbp) from vouchers where scheme = 'IV' and voucher_id <> 'V00' group by 1",
        // By way of a view.
        "select sum(grant_gbp) from iv where business_id <> 'B05'",
        "select count(*) from firsts where business_id <= 'B14'",
    ] {
        let said = bench.refusal(sql).await;
        assert!(said.ends_with(DIFFERS) || said.starts_with(TOO_FEW), "{sql}: {said}");
    }
    // The same rows asked for in another way are the same release.
    bench.ask("select sum(grant_gbp) from iv").await.expect("the same rows");
    bench.ask(all).await.expect("the same question");
    // Enough firms between two releases.
    bench.ask("select count(*) from vouchers").await.expect("twelve firms more");
}

#[tokio::test]
async fn two_figures_of_one_query_do_not_give_a_firm_away() {
    let bench = bench().await;
    let sql = "select count(*), count(case when business_id <> 'B05' then 1 end) from vouchers where scheme = 'IV'";
    let expected = "nothing was exported: 1 of 2 figures, marginal sums included, differ from an earlier release by too few \
                    enterprise groups";
    assert_eq!(bench.refusal(sql).await, expected);
}

#[tokio::test]
async fn parts_and_their_whole_are_compared() {
    let bench = bench().await;
    let parts = "select scheme, count(*) from vouchers where business_id <> 'B05' group by scheme";
    bench.ask(parts).await.expect("thirteen and twelve firms");
    let said = bench.refusal("select count(*) from vouchers").await;
    assert!(said.ends_with(DIFFERS), "the parts add up to all but one firm: {said}");
}

#[tokio::test]
async fn joins_that_repeat_rows_are_refused() {
    let bench = bench().await;
    let said = bench.refusal("select sum(v.grant_gbp) from vouchers v join claims c using (voucher_id)").await;
    assert_eq!(said, "let the result leave: the join repeats rows of `vouchers`, so its amounts count several times");
    let hidden =
        "select sum(w.g) from (select grant_gbp as g from vouchers where voucher_id = 'V07') w cross join schemes s";
    assert!(bench.refusal(hidden).await.starts_with("let the result leave: the join repeats rows of `vouchers`"));
    let said = bench.refusal("select count(*) from vouchers cross join (values (1), (2)) as t(n)").await;
    assert!(said.starts_with("let the result leave: it cannot be said whose rows are counted"), "{said}");
    let paid = "select v.scheme, sum(c.claimed_gbp), count(*) from vouchers v join claims c using (voucher_id) \
        group by v.scheme order by 1";
    assert_eq!(bench.ask(paid).await, Ok(vec!["IV 180.00 30".to_owned(), "SMART 144.00 24".to_owned()]));
}

#[tokio::test]
async fn claims_belong_to_the_group_of_their_voucher() {
    let bench = bench().await;
    let said = bench.refusal("select count(*) from claims where voucher_id <= 'V09'").await;
    assert_eq!(said, format!("{TOO_FEW} 1 of 1 cells"));
    assert_eq!(bench.ask("select count(*) from claims where voucher_id <= 'V11'").await, Ok(vec!["24".to_owned()]));
}
