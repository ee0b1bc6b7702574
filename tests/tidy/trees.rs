//! Small trees, good and bad: each rule of tidy is shown to fail with its whole message, and to leave good code alone.

use super::source::blank_literals;
use super::{Tree, check};

const LIB: &str = "//! The crate.
pub mod model;
pub mod clock;
pub mod config;
pub mod telemetry;
pub mod definitions;
pub mod store;
pub mod ledger;
pub mod lake;
pub mod engine;
pub mod intake;
pub mod decode;
pub mod validate;
pub mod indicator;
pub mod disclosure;
pub mod pack;
pub mod dispatch;
pub mod pipeline;
pub mod schedule;
pub mod cli;
";

/// The breaches of a tree with these files beside `src/lib.rs`.
fn breaches(files: &[(&str, &str)]) -> Vec<String> {
    let mut all = vec![("src/lib.rs".to_owned(), LIB.to_owned())];
    all.extend(files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())));
    check(&Tree { files: all })
}

/// The breaches of one file whose second line is `code`.
fn breaches_in(path: &str, code: &str) -> Vec<String> {
    breaches(&[(path, &format!("//! Head.\n{code}\n"))])
}

#[test]
fn a_good_tree_passes() {
    let model = r##"//! Nouns.
// println!("not printed"), crate::engine, todo!()
/* outer /* inner */ println!() */
/// A doc with a call: `SystemTime::now()`.
pub fn text<'a>(word: &'a str) -> (&'a str, char, char, &str, &str) {
    (word, '"', '\'', "dbg!(\" crate::engine\")", r#"Instant::now() "quoted" println!()"#)
}
pub fn bytes() -> (&'static [u8], u8) { (b"std::env::var", b'\'') }
pub struct Row { pub r#type: u8, pub todo: bool }
pub fn differs(row: &Row) -> bool { let todo = row.todo; todo != false }
"##;
    let pack = "//! Pack.
use crate::disclosure::Protected;
use crate::model::{self, Table as Figures};
mod csv;
pub(in crate::pack) fn bytes(table: &Figures<Protected>) -> Vec<u8> { csv::write(table, super::clock::fixed()) }
#[cfg(test)]
mod tests;
#[cfg(test)]
mod more {
    use super::super::super::model::Text;
    fn shown() { println!(\"{}\", calamine::open()); std::fs::read(\"x\"); let _ = Instant::now(); }
}
";
    let cli = "//! Printing.
use crate::{engine::Session, pipeline};
pub fn show() { println!(\"{}\", std::io::stdout().lock()); }
";
    let lock = "[[package]]\nname = \"arrow\"\nversion = \"59.3.2\"\n\n[[package]]\nname = \"base64\"\nversion = \"0.21.7\"\n\n\
        [[package]]\nname = \"base64\"\nversion = \"0.22.1\"\n";
    let files = [
        ("src/model/mod.rs", model),
        ("src/pack/mod.rs", pack),
        ("src/pack/csv.rs", "//! Text tables.\nuse super::super::model::Text;\n"),
        ("src/pack/tests.rs", "//! Tests.\nfn reads() { println!(\"x\"); Timestamp::now(); arrow::array::new(); }\n"),
        (
            "src/dispatch/mod.rs",
            "//! Mail.\nuse lettre::{Message, message::header};\nasync fn send() { tokio::spawn(x).await }\n",
        ),
        ("src/clock/mod.rs", "//! Time.\npub fn now() -> Timestamp { jiff::Timestamp::now() }\n"),
        ("src/config/mod.rs", "//! Settings.\nuse std::{env, fs};\n"),
        ("src/cli/mod.rs", cli),
        (
            "src/main.rs",
            "//! Start.\nuse anyhow::Result;\nfn main() { mesur::cli::run(std::env::args_os()); eprintln!(); }\n",
        ),
        (
            "tests/it/main.rs",
            "//! Tests.\nuse datafusion::prelude::*;\nfn t() { println!(\"{}\", std::env::var(\"X\")); }\n",
        ),
        ("Cargo.lock", lock),
    ];
    assert_eq!(breaches(&files), Vec::<String>::new());
}

#[test]
fn every_breach_is_reported_at_once() {
    let text = "use crate::engine::Session;\n#[allow(dead_code)]\nfn f() { todo!() }\n";
    assert_eq!(
        breaches(&[("src/model/util.rs", text)]),
        [
            "src/model/util.rs:1: no leading `//!` (file head) — say in `//!` lines what the file owns and never does",
            "src/model/util.rs:1: a module named `util` (empty name) — name it after the noun it owns or the verb it does",
            "src/model/util.rs:1: `model` names `engine`, which stands below it in `src/lib.rs` (upward path) — \
             move what they share up the list, or do the wiring in `pipeline`",
            "src/model/util.rs:2: an `allow` attribute (no allow) — mend the cause, or write \
             `#[expect(lint, reason = \"...\")]`",
            "src/model/util.rs:3: `todo!` left in the code (unfinished code) — finish it, or take it out",
        ]
    );
}

#[test]
fn an_upward_path_is_found_in_every_form() {
    let forms = [
        "use crate::engine::Session;",
        "use crate::{model::Period, engine::{self, Session}};",
        "pub(crate) use crate::engine as machine;",
        "fn f(s: &crate::engine::Session) {}",
        "fn f() -> Vec<crate::engine::Session> { Vec::new() }",
        "fn f() { let _ = <X as crate::engine::Run>::run(); }",
        "use super::super::engine;",
        "fn f() { super::super::engine::run(); }",
        "mod inner { use super::super::super::engine; }",
        "#[cfg(test)] mod tests { use crate::engine::Session; }",
        "use mesur::engine;",
        "impl crate::engine::Run for X {}",
    ];
    for form in forms {
        assert_eq!(
            breaches_in("src/store/local.rs", form),
            ["src/store/local.rs:2: `store` names `engine`, which stands below it in `src/lib.rs` (upward path) — \
              move what they share up the list, or do the wiring in `pipeline`"],
            "{form}"
        );
    }
}

#[test]
fn a_glob_of_the_crate_is_refused() {
    for form in ["use crate::*;", "use super::super::*;"] {
        assert_eq!(
            breaches_in("src/store/local.rs", form),
            ["src/store/local.rs:2: `store` takes in every module of the crate (upward path) — \
              name the one module that is meant"],
            "{form}"
        );
    }
}

#[test]
fn a_stage_that_names_a_stage_is_found_up_and_down() {
    for (file, form, stages) in [
        ("src/validate/mod.rs", "use crate::decode::Decoded;", "stage `validate` names stage `decode`"),
        ("src/decode/mod.rs", "use super::validate;", "stage `decode` names stage `validate`"),
        ("src/pack/mod.rs", "use crate::disclosure::{Protected, Policy};", "stage `pack` names stage `disclosure`"),
        ("src/pack/mod.rs", "use crate::disclosure;", "stage `pack` names stage `disclosure`"),
        ("src/indicator/mod.rs", "use crate::disclosure::Protected;", "stage `indicator` names stage `disclosure`"),
    ] {
        let mend = "meet in a `model` type or a record batch, and wire the two in `pipeline`";
        assert_eq!(
            breaches_in(file, form),
            [format!("{file}:2: {stages} (stages do not know each other) — {mend}")],
            "{form}"
        );
    }
}

#[test]
fn a_folder_that_lib_does_not_name_is_found() {
    assert_eq!(
        breaches_in("src/extra/mod.rs", ""),
        ["src/extra/mod.rs:1: `extra` has no place in `src/lib.rs` (order of modules) — \
          add its `pub mod` line where data reaches it"]
    );
}

#[test]
fn an_outside_crate_away_from_home_is_found() {
    for (file, form, what, home) in [
        ("pipeline", "use datafusion::prelude::*;", "datafusion", "`lake` or `engine`"),
        ("pipeline", "use {datafusion_common::Result};", "datafusion_common", "`lake` or `engine`"),
        ("store", "fn f() { ::deltalake_core::open(); }", "deltalake_core", "`lake` or `engine`"),
        ("pipeline", "#[derive(sqlx::FromRow)] struct R;", "sqlx", "`ledger`"),
        ("cli", "use lettre::Message;", "lettre", "`dispatch`"),
        ("dispatch", "use typst_pdf::pdf;", "typst_pdf", "`pack`"),
        ("intake", "use calamine::Reader;", "calamine", "`decode`"),
        ("engine", "fn f(r: csv::Reader) {}", "csv", "`decode` or `sample` or `pack` or `cli`"),
        ("pipeline", "use croner::Cron as Slots;", "croner", "`schedule`"),
        ("pipeline", "use tokio_cron_scheduler as beat;", "tokio_cron_scheduler", "`schedule`"),
        ("engine", "use object_store::path::Path;", "object_store", "`store` or `lake`"),
        ("pipeline", "fn f() -> anyhow::Result<()> { Ok(()) }", "anyhow", "`main.rs`"),
        ("config", "#[derive(clap::Args)] struct A;", "clap", "`cli` or `main.rs`"),
    ] {
        let want = format!(
            "src/{file}/a.rs:2: the crate `{what}` in `{file}` (crate outside its home) — its home is {home}: ask there"
        );
        assert_eq!(breaches_in(&format!("src/{file}/a.rs"), form), [want], "{form}");
    }
}

#[test]
fn the_current_time_outside_clock_is_found() {
    for form in ["Timestamp::now", "SystemTime::now", "Zoned::now", "Instant::now", "Utc::now"] {
        let mend = "take a `clock::Clock`, so that a rehearsal or a test can fix the time";
        let want = format!("src/ledger/mod.rs:2: `{form}` in `ledger` (current time) — {mend}");
        assert_eq!(breaches_in("src/ledger/mod.rs", &format!("fn f() {{ x::{form}(); }}")), [&*want]);
        assert_eq!(breaches_in("src/ledger/mod.rs", &format!("fn f() {{ x.map({form}); }}")), [&*want]);
        assert_eq!(breaches_in("src/clock/mod.rs", &format!("fn f() {{ x::{form}(); }}")), Vec::<String>::new());
    }
}

#[test]
fn the_environment_outside_config_is_found() {
    for (form, what) in [
        ("use std::env;", "std::env"),
        ("use std::{fs, env::{self, var}};", "std::env"),
        ("fn f() { std::env::var(x); }", "std::env::var"),
        ("fn f() { env::var(x); }", "env::var"),
    ] {
        let want = format!(
            "src/store/mod.rs:2: `{what}` in `store` (environment) — read it in `config` and pass the setting on"
        );
        assert_eq!(breaches_in("src/store/mod.rs", form)[0], want, "{form}");
    }
    assert_eq!(
        breaches_in("src/main.rs", "fn main() { std::env::var(x); }"),
        ["src/main.rs:2: `std::env::var` in `main.rs` (environment) — read it in `config` and pass the setting on"]
    );
}

#[test]
fn printing_outside_cli_is_found() {
    for name in ["println", "eprintln", "print", "eprint"] {
        let mend = "return the data and let `cli` print it, or log through `tracing`";
        assert_eq!(
            breaches_in("src/pipeline/mod.rs", &format!("fn f() {{ {name}!(); }}")),
            [format!("src/pipeline/mod.rs:2: `{name}!` in `pipeline` (printing) — {mend}")]
        );
    }
    assert_eq!(
        breaches_in("src/pipeline/mod.rs", "fn f() { write(std::io::stdout()); }"),
        ["src/pipeline/mod.rs:2: `io::stdout` in `pipeline` (printing) — return the data and let `cli` print it"]
    );
}

#[test]
fn unprotected_data_in_pack_and_dispatch_is_found() {
    for (stage, form, what) in [
        ("pack", "use arrow::array::Array;", "uses the crate `arrow`"),
        ("dispatch", "use arrow_schema::Schema;", "uses the crate `arrow_schema`"),
        ("pack", "use parquet::file::reader;", "uses the crate `parquet`"),
        ("pack", "use crate::model::Raw;", "uses `Raw`, which is unprotected"),
        ("dispatch", "fn f(c: &model::RawCell) {}", "uses `RawCell`, which is unprotected"),
        ("pack", "fn f(c: &[Contribution]) {}", "uses `Contribution`, which is unprotected"),
        ("pack", "fn f(b: &RecordBatch) {}", "uses `RecordBatch`, which is unprotected"),
    ] {
        let want = format!("src/{stage}/mod.rs:2: `{stage}` {what} (unprotected data) — take `Table<Protected>`");
        assert_eq!(breaches_in(&format!("src/{stage}/mod.rs"), form), [want], "{form}");
    }
    let home = "the crate `datafusion` in `pack` (crate outside its home) — its home is `lake` or `engine`: ask there";
    assert_eq!(breaches_in("src/pack/mod.rs", "use datafusion::sql;"), [format!("src/pack/mod.rs:2: {home}")]);
}

#[test]
fn effects_in_a_pure_module_are_found() {
    let files = "take the data as an argument; read and write in `pipeline` or the foundation";
    let wait = "take the data as an argument; wait for it in `pipeline`";
    for (form, what, mend) in [
        ("use std::fs;", "std::fs", files),
        ("use tokio::sync::Mutex;", "tokio::sync::Mutex", files),
        ("async fn f() {}", "async", wait),
    ] {
        assert_eq!(
            breaches_in("src/validate/mod.rs", form),
            [format!(
                "src/validate/mod.rs:2: `{what}` in `validate`, which is plain functions of data (pure module) — {mend}"
            )],
            "{form}"
        );
    }
}

#[test]
fn unfinished_and_silenced_code_is_found_in_tests_too() {
    for (code, what) in [
        (
            "#![allow(clippy::all)]",
            "an `allow` attribute (no allow) — mend the cause, or write `#[expect(lint, reason = \"...\")]`",
        ),
        (
            "#[test]\n#[ignore = \"slow\"] fn t() {}",
            "an ignored test (no ignored test) — make it pass, or move what needs a server to `tests/system`",
        ),
        (
            "fn f() { unimplemented!() }",
            "`unimplemented!` left in the code (unfinished code) — finish it, or take it out",
        ),
        ("fn f() { dbg!(1); }", "`dbg!` left in the code (unfinished code) — finish it, or take it out"),
    ] {
        let line = 1 + code.lines().count();
        assert_eq!(breaches_in("tests/it/main.rs", code), [format!("tests/it/main.rs:{line}: {what}")], "{code}");
    }
}

#[test]
fn two_versions_of_a_shared_crate_are_found() {
    let lock =
        "[[package]]\nname = \"arrow\"\nversion = \"58.0.0\"\n\n[[package]]\nname = \"arrow\"\nversion = \"59.3.2\"\n";
    assert_eq!(
        breaches(&[("Cargo.lock", lock)]),
        ["Cargo.lock:7: 2 versions of `arrow`: 58.0.0, 59.3.2 (one version) — \
          move the crates that need it to releases that agree"]
    );
}

#[test]
fn code_behind_a_test_item_is_still_checked() {
    let code = "#[cfg(test)]\nimpl X { fn a() { println!(); } }\n#[cfg(test)] use std::fs;\nfn f() { println!(); }";
    let mend = "return the data and let `cli` print it, or log through `tracing`";
    assert_eq!(
        breaches_in("src/store/mod.rs", code),
        [format!("src/store/mod.rs:5: `println!` in `store` (printing) — {mend}")]
    );
}

#[test]
fn literals_and_comments_are_blanked_and_lines_kept() {
    for (text, left) in [
        ("a // b\nc", "a c"),
        ("a /* b /* c */ d */ e", "a e"),
        ("f(\"x \\\" y\") z", "f( ) z"),
        ("r#\"a\"b\"# c", "c"),
        ("r#type r b", "r#type r b"),
        ("br\"x\" 'y' '\\'' '\\u{1F}' <'a> &'b c", "<'a> &'b c"),
        ("a \"open", "a"),
    ] {
        let blank = blank_literals(text);
        assert_eq!(blank.split_whitespace().collect::<Vec<_>>().join(" "), left, "{text}");
        assert_eq!((blank.len(), blank.lines().count()), (text.len(), text.lines().count()), "{text}");
    }
}
