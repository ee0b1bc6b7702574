//! Tidy: the rules of the architecture that the compiler cannot check. Only std, so that
//! `rustc --edition 2024 --test tests/tidy.rs -o tidy && ./tidy` answers in seconds, before the long build.
//!
//! The order of `pub mod` in `src/lib.rs` is the architecture. Data walks down that list: a module names only modules
//! above it, stages never name each other, each outside crate has one home. All breaches are reported at once, as
//! `file:line: what (rule) — how to mend`. It reads words, not types, and never looks into macros of other crates; what
//! needs types (a clock asked under another name) is in `clippy.toml`.

#[path = "tidy/source.rs"]
mod source;
#[path = "tidy/trees.rs"]
mod trees;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use source::{CodePath, Source};

/// Modules that do one step each and meet only in `model` types and record batches.
const STAGES: [&str; 7] = ["intake", "decode", "validate", "indicator", "disclosure", "pack", "dispatch"];

/// Plain functions of data: no async, no files, no sockets.
const PURE: [&str; 5] = ["model", "validate", "indicator", "disclosure", "pack"];

/// Who must never see a figure that did not pass disclosure control.
const BLIND: [&str; 2] = ["pack", "dispatch"];

/// Words of unprotected data that the blind modules must not use.
const RAW_WORDS: [&str; 4] = ["Raw", "RawCell", "Contribution", "RecordBatch"];

/// Crates of which the lock file may hold one version only: their types cross module borders.
const SINGLE: [&str; 4] = ["arrow", "parquet", "datafusion", "object_store"];

/// Names that say nothing about what a module owns.
const EMPTY_NAMES: [&str; 6] = ["util", "utils", "common", "misc", "helper", "helpers"];

/// Outside crates (a trailing `*` takes every crate of that beginning) and the modules that may name them.
const HOMES: [(&[&str], &[&str]); 13] = [
    (&["datafusion*"], &["lake", "engine"]),
    (&["deltalake*"], &["lake", "engine"]),
    (&["sqlx*"], &["ledger"]),
    (&["lettre"], &["dispatch"]),
    (&["typst*", "spreadsheet_ods"], &["pack"]),
    (&["calamine"], &["decode"]),
    (&["csv"], &["decode", "sample", "pack", "cli"]),
    (&["croner", "tokio_cron_scheduler"], &["schedule"]),
    (&["object_store"], &["store", "lake"]),
    (&["clap", "comfy_table", "indicatif"], &["cli", "main.rs"]),
    (&["statrs"], &["engine"]),
    (&["microlp"], &["disclosure"]),
    (&["anyhow"], &["main.rs"]),
];

/// Ends of paths that ask for the current time.
const TIME: [[&str; 2]; 7] = [
    ["Timestamp", "now"],
    ["Zoned", "now"],
    ["SystemTime", "now"],
    ["Instant", "now"],
    ["Utc", "now"],
    ["Local", "now"],
    ["OffsetDateTime", "now_utc"],
];

/// Ends of paths that reach the terminal, and who may use them.
const TERMINAL: [([&str; 2], &[&str]); 2] =
    [(["io", "stdout"], &["cli", "main.rs"]), (["io", "stderr"], &["cli", "main.rs", "telemetry"])];

#[test]
fn the_project_is_tidy() {
    let tree = Tree::read(&project_root());
    assert!(tree.files.iter().any(|(path, _)| path == "src/lib.rs"), "no src/lib.rs: run this at the project's root");
    let breaches = check(&tree);
    assert!(breaches.is_empty(), "{} breaches\n{}", breaches.len(), breaches.join("\n"));
}

/// Where cargo says the package is, else the first folder upwards that holds `src/lib.rs`.
fn project_root() -> PathBuf {
    if let Some(folder) = option_env!("CARGO_MANIFEST_DIR") {
        return PathBuf::from(folder);
    }
    let here = std::env::current_dir().expect("the current folder is readable");
    here.ancestors().find(|folder| folder.join("src/lib.rs").is_file()).unwrap_or(&here).to_path_buf()
}

// ---------------------------------------------------------------------------------------------------- the tree

/// Paths from the project's root, with `/`, and what the files hold.
struct Tree {
    files: Vec<(String, String)>,
}

impl Tree {
    fn read(root: &Path) -> Self {
        let mut files = Vec::new();
        let mut folders: Vec<String> = ["src", "tests", "benches"].map(str::to_owned).to_vec();
        while let Some(folder) = folders.pop() {
            let Ok(entries) = fs::read_dir(root.join(&folder)) else { continue };
            for entry in entries {
                let entry = entry.expect("a folder entry is readable");
                let path = format!("{folder}/{}", entry.file_name().to_str().expect("file names are UTF-8"));
                if entry.file_type().expect("a file has a type").is_dir() {
                    folders.push(path);
                } else if entry.path().extension().is_some_and(|extension| extension == "rs") {
                    files.push((path.clone(), fs::read_to_string(entry.path()).expect("source files are UTF-8")));
                }
            }
        }
        if let Ok(text) = fs::read_to_string(root.join("Cargo.lock")) {
            files.push(("Cargo.lock".to_owned(), text));
        }
        files.sort();
        Self { files }
    }
}

/// One broken rule at one place.
struct Breach {
    file: String,
    line: usize,
    what: String,
    rule: &'static str,
    mend: String,
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {} ({}) — {}", self.file, self.line, self.what, self.rule, self.mend)
    }
}

/// What is wrong, by which rule, how to mend it; the place is known to whoever asks.
type Fault = (String, &'static str, String);

// ---------------------------------------------------------------------------------------------------- the checks

/// Every breach of every rule, sorted by file and line, each once.
fn check(tree: &Tree) -> Vec<String> {
    let sources: Vec<(&str, Source)> = tree
        .files
        .iter()
        .filter(|(path, _)| path != "Cargo.lock")
        .map(|(path, text)| (path.as_str(), Source::read(path, text)))
        .collect();
    let order = sources.iter().find(|(path, _)| *path == "src/lib.rs").map_or(&[][..], |(_, lib)| &lib.declared);
    let test_files: BTreeSet<&String> = sources.iter().flat_map(|(_, source)| &source.test_files).collect();
    let mut breaches = Vec::new();
    for (file, source) in &sources {
        let lies_in = |stem: &str| file.strip_prefix(stem).is_some_and(|rest| rest == ".rs" || rest.starts_with('/'));
        let all_test = !file.starts_with("src/") || test_files.iter().any(|stem| lies_in(stem));
        let scope = Scope { file, source, order, all_test };
        check_head(&scope, &mut breaches);
        check_words(&scope, &mut breaches);
        check_paths(&scope, &mut breaches);
    }
    if let Some((path, text)) = tree.files.iter().find(|(path, _)| path == "Cargo.lock") {
        check_lock(path, text, &mut breaches);
    }
    breaches.sort_by(|one, other| (&one.file, one.line).cmp(&(&other.file, other.line)));
    let mut lines: Vec<String> = breaches.iter().map(Breach::to_string).collect();
    lines.dedup();
    lines
}

/// One file among the others.
struct Scope<'a> {
    file: &'a str,
    source: &'a Source,
    /// The modules of `src/lib.rs`, top first.
    order: &'a [String],
    /// The whole file is compiled for tests only.
    all_test: bool,
}

impl Scope<'_> {
    /// The home this file counts as: its top module, or the file itself for `main.rs` and `lib.rs`.
    fn home(&self) -> &str {
        self.source.module.first().map_or_else(|| self.file.trim_start_matches("src/"), String::as_str)
    }

    fn rank(&self, module: &str) -> Option<usize> {
        self.order.iter().position(|name| name == module)
    }

    fn breach(&self, line: usize, (what, rule, mend): Fault) -> Breach {
        Breach { file: self.file.to_owned(), line, what, rule, mend }
    }
}

fn fault(what: impl Into<String>, rule: &'static str, mend: impl Into<String>) -> Fault {
    (what.into(), rule, mend.into())
}

/// What a file must begin with, may be called, and where it must hang.
fn check_head(scope: &Scope<'_>, breaches: &mut Vec<Breach>) {
    let mut heads = Vec::new();
    if !scope.source.has_head {
        heads.push(fault("no leading `//!`", "file head", "say in `//!` lines what the file owns and never does"));
    }
    for name in scope.file.trim_end_matches(".rs").split('/').filter(|part| EMPTY_NAMES.contains(part)) {
        let mend = "name it after the noun it owns or the verb it does";
        heads.push(fault(format!("a module named `{name}`"), "empty name", mend));
    }
    if !scope.source.module.is_empty() && scope.rank(scope.home()).is_none() {
        let what = format!("`{}` has no place in `src/lib.rs`", scope.home());
        heads.push(fault(what, "order of modules", "add its `pub mod` line where data reaches it"));
    }
    breaches.extend(heads.into_iter().map(|head| scope.breach(1, head)));
}

/// Attributes, macros and single words.
fn check_words(scope: &Scope<'_>, breaches: &mut Vec<Breach>) {
    for (index, token) in scope.source.tokens.iter().enumerate() {
        let common = unfinished_word(scope.source, index);
        let word = if token.test || scope.all_test { common } else { common.or_else(|| guarded_word(scope, index)) };
        breaches.extend(word.map(|word| scope.breach(token.line, word)));
    }
}

/// Words that no file may hold, tests included.
fn unfinished_word(source: &Source, index: usize) -> Option<Fault> {
    let (before, after) = (source.near(index, -1), source.near(index, 1));
    let in_attribute = before == "[" && (source.near(index, -2) == "#" || source.near(index, -3) == "#");
    let is_macro = after == "!" && source.near(index, 2) != "=";
    match source.near(index, 0) {
        "allow" if in_attribute => Some(fault(
            "an `allow` attribute",
            "no allow",
            "mend the cause, or write `#[expect(lint, reason = \"...\")]`",
        )),
        "ignore" if in_attribute => Some(fault(
            "an ignored test",
            "no ignored test",
            "make it pass, or move what needs a server to `tests/system`",
        )),
        word @ ("todo" | "unimplemented" | "dbg") if is_macro => {
            Some(fault(format!("`{word}!` left in the code"), "unfinished code", "finish it, or take it out"))
        }
        _ => None,
    }
}

/// Words that only some modules may use.
fn guarded_word(scope: &Scope<'_>, index: usize) -> Option<Fault> {
    let home = scope.home();
    match scope.source.near(index, 0) {
        word @ ("println" | "eprintln" | "print" | "eprint")
            if scope.source.near(index, 1) == "!" && !matches!(home, "cli" | "main.rs") =>
        {
            let mend = "return the data and let `cli` print it, or log through `tracing`";
            Some(fault(format!("`{word}!` in `{home}`"), "printing", mend))
        }
        word @ ("async" | "await") if PURE.contains(&home) => {
            let mend = "take the data as an argument; wait for it in `pipeline`";
            Some(fault(format!("`{word}` in `{home}`, which is plain functions of data"), "pure module", mend))
        }
        word if RAW_WORDS.contains(&word) && BLIND.contains(&home) => Some(fault(
            format!("`{home}` uses `{word}`, which is unprotected"),
            "unprotected data",
            "take `Table<Protected>`",
        )),
        _ => None,
    }
}

/// Where paths lead: up the list, to another stage, to an outside crate, to the clock or the environment.
fn check_paths(scope: &Scope<'_>, breaches: &mut Vec<Breach>) {
    if !scope.file.starts_with("src/") {
        return;
    }
    for path in scope.source.paths() {
        // Test code may use any crate to look at a result, but a test that needs another layer belongs in `tests/`.
        let outside = !(path.test || scope.all_test || scope.source.declared.contains(&path.segments[0]));
        let breach = layer_breach(scope, &path).or_else(|| outside.then(|| outside_breach(scope, &path)).flatten());
        breaches.extend(breach.map(|breach| scope.breach(path.line, breach)));
    }
}

/// Paths inside the crate.
fn layer_breach(scope: &Scope<'_>, path: &CodePath) -> Option<Fault> {
    let own = scope.source.module.first()?.as_str();
    let target = path.inside_crate()?;
    let top = *target.first()?;
    if top == own {
        return None;
    }
    if top == "*" {
        let what = format!("`{own}` takes in every module of the crate");
        return Some(fault(what, "upward path", "name the one module that is meant"));
    }
    if STAGES.contains(&own) && STAGES.contains(&top) {
        if BLIND.contains(&own) && target.starts_with(&["disclosure", "Protected"]) {
            return None;
        }
        let mend = "meet in a `model` type or a record batch, and wire the two in `pipeline`";
        return Some(fault(format!("stage `{own}` names stage `{top}`"), "stages do not know each other", mend));
    }
    if scope.rank(top)? <= scope.rank(own)? {
        return None;
    }
    let what = format!("`{own}` names `{top}`, which stands below it in `src/lib.rs`");
    Some(fault(what, "upward path", "move what they share up the list, or do the wiring in `pipeline`"))
}

/// Paths out of the crate.
fn outside_breach(scope: &Scope<'_>, path: &CodePath) -> Option<Fault> {
    let home = scope.home();
    let parts = path.parts();
    let first = parts[0];
    if BLIND.contains(&home) && (is_crate(first, "arrow*") || first == "parquet") {
        return Some(fault(
            format!("`{home}` uses the crate `{first}`"),
            "unprotected data",
            "take `Table<Protected>`",
        ));
    }
    for (crates, homes) in HOMES {
        if crates.iter().any(|name| is_crate(first, name)) && !homes.contains(&home) {
            let mend = format!("its home is {}: ask there", quoted(homes));
            return Some(fault(format!("the crate `{first}` in `{home}`"), "crate outside its home", mend));
        }
    }
    if let Some(end) = TIME.iter().find(|end| home != "clock" && parts.ends_with(*end)) {
        let mend = "take a `clock::Clock`, so that a rehearsal or a test can fix the time";
        return Some(fault(format!("`{}` in `{home}`", end.join("::")), "current time", mend));
    }
    if let Some((end, _)) = TERMINAL.iter().find(|(end, homes)| parts.ends_with(end) && !homes.contains(&home)) {
        let mend = "return the data and let `cli` print it";
        return Some(fault(format!("`{}` in `{home}`", end.join("::")), "printing", mend));
    }
    let whole = parts.join("::");
    let environment = parts.starts_with(&["std", "env"]) || matches!(parts[..], ["env", "var" | "var_os" | "vars"]);
    let arguments = home == "main.rs" && matches!(parts.last(), Some(&("args" | "args_os")));
    if environment && !arguments && home != "config" {
        let mend = "read it in `config` and pass the setting on";
        return Some(fault(format!("`{whole}` in `{home}`"), "environment", mend));
    }
    let effect = first == "tokio" || matches!(parts[..], ["std", "fs" | "net" | "process", ..]);
    if effect && PURE.contains(&home) {
        let mend = "take the data as an argument; read and write in `pipeline` or the foundation";
        return Some(fault(format!("`{whole}` in `{home}`, which is plain functions of data"), "pure module", mend));
    }
    None
}

/// `name` is a crate, or with a trailing `*` all crates whose names begin so.
fn is_crate(segment: &str, name: &str) -> bool {
    name.strip_suffix('*').map_or(segment == name, |start| {
        segment.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
    })
}

fn quoted(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" or ")
}

/// Crates whose types cross borders must be in the tree once.
fn check_lock(file: &str, text: &str, breaches: &mut Vec<Breach>) {
    let mut versions: BTreeMap<&str, Vec<(usize, &str)>> = BTreeMap::new();
    let mut name = "";
    for (index, line) in text.lines().enumerate() {
        let value = |key: &str| line.strip_prefix(key)?.strip_prefix(" = \"")?.strip_suffix('"');
        if let Some(value) = value("name") {
            name = value;
        } else if let Some(version) = value("version").filter(|_| SINGLE.contains(&name)) {
            versions.entry(name).or_default().push((index + 1, version));
        }
    }
    for (name, places) in versions.iter().filter(|(_, places)| places.len() > 1) {
        let list: Vec<&str> = places.iter().map(|(_, version)| *version).collect();
        breaches.push(Breach {
            file: file.to_owned(),
            line: places[1].0,
            what: format!("{} versions of `{name}`: {}", places.len(), list.join(", ")),
            rule: "one version",
            mend: "move the crates that need it to releases that agree".to_owned(),
        });
    }
}
