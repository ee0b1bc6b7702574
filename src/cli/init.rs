//! `mesur init`: a new project directory with the definitions that ship, from the binary itself.

use std::path::Path;

use include_dir::{Dir, include_dir};

use super::arguments::InitArguments;
use super::error::CliError;

static SCHEMAS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/schemas");
static QUERIES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/queries");
static JOBS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/jobs");
const SETTINGS: &str = include_str!("../../mesur.toml");
const POLICY: &str = include_str!("../../disclosure-policy.placeholder.toml");

/// The repository's own project reads the example; a new one reads its own inbox and holds real data.
const EXAMPLE: [(&str, &str); 2] = [
    ("examples/inbox", "inbox"),
    ("data = \"invented\"           # the example; `mesur init` writes \"real\"", "data = \"real\""),
];

pub(super) fn run(arguments: &InitArguments) -> Result<u8, CliError> {
    let dir = &arguments.dir;
    let failed = |doing: &'static str, path: &Path| {
        let path = path.to_path_buf();
        move |source| CliError::Io { doing, path, source }
    };
    std::fs::create_dir_all(dir).map_err(failed("make", dir))?;
    if std::fs::read_dir(dir).map_err(failed("read", dir))?.next().is_some() {
        return Err(CliError::NotEmpty { path: dir.clone() });
    }
    for (name, tree) in [("schemas", &SCHEMAS), ("queries", &QUERIES), ("jobs", &JOBS)] {
        let target = dir.join(name);
        std::fs::create_dir_all(&target).map_err(failed("make", &target))?;
        tree.extract(&target).map_err(failed("write", &target))?;
    }
    let settings = EXAMPLE.iter().fold(SETTINGS.to_owned(), |text, (from, to)| text.replace(from, to));
    for (name, text) in [
        ("mesur.toml", settings.as_str()),
        ("disclosure-policy.placeholder.toml", POLICY),
        (".gitignore", "/var\n/inbox\n"),
    ] {
        let path = dir.join(name);
        std::fs::write(&path, text).map_err(failed("write", &path))?;
    }
    let inbox = dir.join("inbox");
    std::fs::create_dir_all(&inbox).map_err(failed("make", &inbox))?;
    say!("{} is a project: put extracts into {}, then `mesur run nightly`", dir.display(), inbox.display());
    Ok(0)
}
