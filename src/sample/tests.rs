//! What a sample must be: the same every time, sensible, and the source of `examples/inbox`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jiff::civil::date;

use super::{SampleError, SampleOptions, SampleReport, write_sample};

/// The options of `examples/inbox`.
const EXAMPLE: SampleOptions =
    SampleOptions { firms: 450, seed: 2020, from: date(2019, 1, 1), to: date(2020, 12, 31), planted: true, dirt: 0 };

type Contents = BTreeMap<String, Vec<u8>>;

fn contents(folder: &Path) -> Contents {
    let read = |entry: std::io::Result<std::fs::DirEntry>| {
        let entry = entry.expect("an entry");
        let name = entry.file_name().into_string().expect("a name in UTF-8");
        (name, std::fs::read(entry.path()).expect("a file"))
    };
    let files = std::fs::read_dir(folder).expect("a folder");
    files.filter(|entry| entry.as_ref().is_ok_and(|e| e.path().is_file())).map(read).collect()
}

fn sample(options: &SampleOptions) -> (SampleReport, Contents) {
    let folder = tempfile::tempdir().expect("a folder");
    let report = write_sample(options, folder.path()).expect("the sample is written");
    (report, contents(folder.path()))
}

/// Rows of a dataset, all suppliers together, as maps from column to value.
fn rows(files: &Contents, dataset: &str) -> Vec<BTreeMap<String, String>> {
    let prefix = format!("{dataset}__");
    let of_dataset = files.iter().filter(|(name, _)| name.starts_with(&prefix));
    of_dataset
        .flat_map(|(_, bytes)| csv::Reader::from_reader(bytes.as_slice()).into_deserialize())
        .map(|row| row.expect("a row of text"))
        .collect()
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a test may ask whether its golden files are to be written anew")]
fn example_inbox_is_what_sample_writes() {
    let inbox = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/inbox");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        write_sample(&EXAMPLE, &inbox).expect("the example is written");
    }
    let (_, written) = sample(&EXAMPLE);
    let committed = contents(&inbox);
    let names = |files: &Contents| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&written), names(&committed));
    for (name, bytes) in &written {
        assert!(committed[name] == *bytes, "{name} differs; UPDATE_GOLDEN=1 rewrites it");
    }
    let size: usize = committed.values().map(Vec::len).sum();
    assert!(size < 6_000_000, "the example has {size} bytes");
}

#[test]
fn headers_are_the_fields_of_the_schemas() {
    let (_, files) = sample(&SampleOptions { firms: 20, ..EXAMPLE });
    for (name, bytes) in &files {
        let (dataset, _) = name.split_once("__").expect("an extract's name");
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("schemas/{dataset}.json"));
        let text = std::fs::read_to_string(&path).expect("a schema a dataset");
        let schema: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let fields = schema["fields"].as_array().expect("fields").iter();
        let fields: Vec<_> = fields.map(|field| field["name"].as_str().expect("a name")).collect();
        let header = std::str::from_utf8(bytes).expect("UTF-8").lines().next().expect("a header");
        assert_eq!(header.split(',').collect::<Vec<_>>(), fields, "{name}");
    }
}

#[test]
fn another_seed_gives_other_rows_but_the_same_reference() {
    let (_, one) = sample(&SampleOptions { firms: 40, planted: false, ..EXAMPLE });
    let (_, other) = sample(&SampleOptions { firms: 40, planted: false, seed: 1, ..EXAMPLE });
    assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
    let same: Vec<_> =
        one.iter().filter(|(name, bytes)| other[*name] == **bytes).map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        same,
        [
            "additionality_params__wg__20201231__001.csv",
            "calls__wg__20201231__001.csv",
            "component_lookup__wg__20201231__001.csv",
            "geography_lookup__wg__20201231__001.csv",
            "instrument_matrix__wg__20201231__001.csv",
            "learning_log__wg__20201231__001.csv",
            "partner_benchmarks__wg__20201231__001.csv",
            "publication_calendar__wg__20201231__001.csv",
            "recipients__wg__20201231__001.csv",
            "ref_deflators__hmt__20201231__001.csv",
            "ref_fx__ec__20201231__001.csv",
            "ref_gva_productivity__ons__20230621__001.csv",
            "ref_industry__ons__20201231__001.csv",
            "rto_list__wg__20201231__001.csv",
            "sic_list__ons__20201231__001.csv",
            "targets_budgets__wg__20201231__001.csv",
        ]
    );
}

#[test]
fn firms_are_the_same_in_a_larger_sample() {
    let (_, small) = sample(&SampleOptions { firms: 30, planted: false, ..EXAMPLE });
    let (_, large) = sample(&SampleOptions { firms: 60, planted: false, ..EXAMPLE });
    // The last firm of a sample has no successor, so it may differ.
    assert_eq!(rows(&small, "businesses")[..29], rows(&large, "businesses")[..29]);
}

#[test]
fn planted_rows_are_where_the_report_says() {
    let (report, files) = sample(&EXAMPLE);
    assert_eq!(report.planted.len(), 15);
    let kinds: BTreeSet<_> = report.planted.iter().map(|row| row.what).collect();
    assert_eq!(kinds.len(), report.planted.len(), "each is of another kind");
    for planted in &report.planted {
        let text = std::str::from_utf8(&files[&planted.file]).expect("UTF-8");
        let line = usize::try_from(planted.row).expect("fits") - 1;
        assert!(text.lines().nth(line).is_some(), "{planted:?}");
        assert!(text.lines().next().expect("a header").split(',').any(|column| column == planted.column));
    }
    for file in &report.files {
        let lines = std::str::from_utf8(&files[&file.name]).expect("UTF-8").lines().count();
        assert_eq!(lines, usize::try_from(file.rows).expect("fits") + 1, "{}", file.name);
    }
}

#[test]
fn planting_adds_rows_and_changes_none() {
    let (_, clean) = sample(&SampleOptions { planted: false, ..EXAMPLE });
    let (_, planted) = sample(&EXAMPLE);
    for (name, bytes) in &clean {
        assert!(planted[name].starts_with(bytes), "{name}");
    }
}

#[test]
fn every_good_row_fits_the_programme() {
    let (_, files) = sample(&SampleOptions { firms: 1500, planted: false, ..EXAMPLE });
    let businesses = rows(&files, "businesses");
    let ids: BTreeSet<_> = businesses.iter().map(|row| &row["business_id"]).collect();
    assert_eq!(ids.len(), 1500);
    let groups: BTreeSet<_> = businesses.iter().map(|row| &row["enterprise_group_id"]).collect();
    assert!((800..1300).contains(&groups.len()), "{} groups", groups.len());

    let diagnostics = rows(&files, "diagnostics");
    let reported =
        |wave: &str| diagnostics.iter().filter(|row| row["wave"] == wave && !row["reported_on"].is_empty()).count();
    assert!((1050..1300).contains(&reported("0")), "{} first diagnostics", reported("0"));
    assert!((150..400).contains(&reported("1")), "{} follow-ups", reported("1"));
    assert_eq!(rows(&files, "diagnostic_scores").len(), 21 * (reported("0") + reported("1") + reported("2")));

    let west: BTreeSet<_> = rows(&files, "geography_lookup")
        .into_iter()
        .filter(|row| row["objective1_area"] == "WWV")
        .map(|row| row["lad_code"].clone())
        .collect();
    assert_eq!(west.len(), 15);
    let western = businesses.iter().filter(|row| west.contains(&row["lad_code"])).count();
    assert!((900..1050).contains(&western), "{western} firms in West Wales and the Valleys");

    for row in rows(&files, "vouchers") {
        assert!(ids.contains(&row["business_id"]));
        if row["decision"] == "APPROVED" {
            let pence = |column: &str| row[column].replace('.', "").parse::<i64>().expect("an amount");
            let parts = pence("grant_offered_gbp") + pence("other_public_gbp") + pence("private_match_gbp");
            assert_eq!(pence("eligible_cost_gbp"), parts);
            assert!(pence("grant_paid_gbp") <= pence("grant_offered_gbp"));
            assert!(row["scheme"] != "IV_PLUS" || pence("grant_offered_gbp") <= 10_000_000);
        }
    }
}

#[test]
fn the_smallest_sample_and_a_long_one_are_written() {
    let (report, _) = sample(&SampleOptions { firms: 20, to: date(2019, 4, 1), ..EXAMPLE });
    assert_eq!(report.files.len(), 33);
    let (_, files) = sample(&SampleOptions { firms: 60, to: date(2024, 3, 31), ..EXAMPLE });
    assert!(rows(&files, "vouchers").iter().any(|row| row["subsidy_basis"] == "MFA"));
}

#[test]
fn lines_weights_and_claims_add_up_to_their_vouchers() {
    let (_, files) = sample(&SampleOptions { firms: 600, planted: false, ..EXAMPLE });
    let pence = |text: &str| text.replace('.', "").parse::<i64>().expect("an amount");
    let sum = |dataset: &str, voucher: &str, column: &str| {
        let rows = rows(&files, dataset);
        let of_voucher = rows.iter().filter(|row| row["voucher_id"] == voucher && !row[column].is_empty());
        of_voucher.map(|row| pence(&row[column])).sum::<i64>()
    };
    for row in rows(&files, "vouchers").iter().filter(|row| row["decision"] == "APPROVED").take(40) {
        let id = &row["voucher_id"];
        assert_eq!(sum("voucher_costs", id, "eligible_gbp"), pence(&row["eligible_cost_gbp"]), "{id}");
        assert_eq!(sum("voucher_costs", id, "grant_gbp"), pence(&row["grant_offered_gbp"]), "{id}");
        assert_eq!(sum("voucher_components", id, "weight"), 10_000, "{id}");
        assert!(sum("voucher_claims", id, "approved_gbp") <= pence(&row["grant_offered_gbp"]), "{id}");
    }
    assert!(rows(&files, "business_contacts").iter().all(|row| row["email"].ends_with("@firm.example.invalid")));
}

#[test]
fn dirt_is_listed_and_leaves_the_other_rows_as_they_are() {
    let options = SampleOptions { firms: 1500, planted: false, ..EXAMPLE };
    let (_, clean) = sample(&options);
    let folder = tempfile::tempdir().expect("a folder");
    let report =
        write_sample(&SampleOptions { dirt: 20_000, ..options }, folder.path()).expect("the sample is written");
    let dirty = contents(folder.path());
    let lists = contents(&folder.path().join("planted"));
    let list = csv::Reader::from_reader(lists["planted.csv"].as_slice()).into_records();
    let list: Vec<_> = list.map(|line| line.expect("a line")).collect();
    assert_eq!(u64::try_from(list.len()).expect("fits"), report.defects);
    let cases: BTreeSet<&str> = list.iter().map(|line| &line[3]).collect();
    assert!(cases.len() > 90, "{} kinds", cases.len());

    for (name, bytes) in &clean {
        let records = |bytes: &[u8]| -> Vec<Vec<String>> {
            let rows = csv::Reader::from_reader(bytes).into_records().map(|row| row.expect("a row"));
            rows.map(|row| row.iter().map(str::to_owned).collect()).collect()
        };
        let of_file = list.iter().filter(|line| &line[0] == name && !line[1].is_empty());
        let planted: BTreeSet<usize> = of_file.map(|line| line[1].parse().expect("a row")).collect();
        let before: BTreeSet<Vec<String>> = records(bytes).into_iter().collect();
        // Row 1 is the header.
        for (row, fields) in (2..).zip(records(&dirty[name])).filter(|(row, _)| !planted.contains(row)) {
            assert!(before.contains(&fields), "{name} row {row}");
        }
    }
}

#[test]
fn options_that_cannot_hold_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    for options in [
        SampleOptions { firms: 19, ..EXAMPLE },
        SampleOptions { firms: 10_000_001, ..EXAMPLE },
        SampleOptions { from: date(2018, 12, 31), ..EXAMPLE },
        SampleOptions { to: date(2019, 2, 1), ..EXAMPLE },
        SampleOptions { dirt: 200_001, ..EXAMPLE },
    ] {
        let error = write_sample(&options, folder.path()).expect_err("refused");
        assert!(matches!(error, SampleError::Options { .. }), "{error}");
    }
    assert!(contents(folder.path()).is_empty());
}
