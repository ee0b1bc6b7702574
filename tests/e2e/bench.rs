//! The one entry of these tests: a project of its own in a temporary directory, and the real binary in it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

/// A project directory made by `mesur init`, gone when dropped. On drop it asserts that no run is left `started` and
/// no partial folder or file lies about.
pub(crate) struct TestBench {
    dir: tempfile::TempDir,
    environment: BTreeMap<String, String>,
}

/// What a command printed and how it ended.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl TestBench {
    /// An empty project.
    pub(crate) fn empty() -> Self {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let bench = Self { dir, environment: BTreeMap::new() };
        let path = bench.project().display().to_string();
        let said = output(Command::new(env!("CARGO_BIN_EXE_mesur")).args(["init", &path]));
        assert_eq!(said.code, 0, "init: {}", said.stderr);
        bench
    }

    /// A project with the extracts of `examples/inbox` in its inbox.
    pub(crate) fn with_examples() -> Self {
        let bench = Self::empty();
        for entry in std::fs::read_dir(examples()).expect("examples/inbox") {
            let path = entry.expect("an entry").path();
            let target = bench.inbox().join(path.file_name().expect("a name"));
            std::fs::copy(&path, target).expect("a copy");
        }
        bench
    }

    /// Sets an environment variable for all commands to come.
    pub(crate) fn set(&mut self, key: &str, value: &str) -> &mut Self {
        self.environment.insert(key.to_owned(), value.to_owned());
        self
    }

    /// The project directory.
    pub(crate) fn project(&self) -> PathBuf {
        self.dir.path().join("project")
    }

    /// Its inbox.
    pub(crate) fn inbox(&self) -> PathBuf {
        self.project().join("inbox")
    }

    /// What it writes.
    pub(crate) fn var(&self) -> PathBuf {
        self.project().join("var")
    }

    /// The command, ready to run.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mesur"));
        command.args(arguments).current_dir(self.project()).envs(&self.environment).env_remove("MESUR_PROJECT");
        command.stdin(Stdio::null());
        command
    }

    /// Runs the binary to its end.
    pub(crate) fn mesur(&self, arguments: &[&str]) -> Said {
        output(&mut self.command(arguments))
    }

    /// Runs the binary and asserts its exit code.
    pub(crate) fn expect(&self, code: i32, arguments: &[&str]) -> Said {
        let said = self.mesur(arguments);
        assert_eq!(said.code, code, "mesur {arguments:?}\nstdout: {}\nstderr: {}", said.stdout, said.stderr);
        said
    }

    /// Starts the binary and does not wait.
    pub(crate) fn start(&self, arguments: &[&str]) -> Child {
        self.command(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the binary starts")
    }

    /// The names of all files that it wrote, but for those that SQLite keeps beside the ledger while it is open.
    pub(crate) fn written(&self) -> BTreeSet<PathBuf> {
        let is_beside = |path: &PathBuf| path.to_string_lossy().starts_with("ledger/ledger.sqlite-");
        Self::files(&self.var()).into_keys().filter(|path| !is_beside(path)).collect()
    }

    /// One value of one row.
    pub(crate) fn ask(&self, sql: &str) -> String {
        let said = self.expect(0, &["sql", "-c", sql, "--format", "csv"]);
        said.stdout.lines().nth(1).unwrap_or_default().to_owned()
    }

    /// All files below a folder of the project, with their bytes, by relative path.
    pub(crate) fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut found = BTreeMap::new();
        let mut waiting = vec![folder.to_path_buf()];
        while let Some(next) = waiting.pop() {
            let Ok(entries) = std::fs::read_dir(&next) else { continue };
            for entry in entries {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    waiting.push(path);
                } else {
                    let name = path.strip_prefix(folder).expect("below the folder").to_path_buf();
                    found.insert(name, std::fs::read(&path).expect("a file"));
                }
            }
        }
        found
    }
}

impl Drop for TestBench {
    fn drop(&mut self) {
        if std::thread::panicking() || !self.var().join("ledger").exists() {
            return;
        }
        let runs = self.mesur(&["runs", "list", "--format", "csv"]);
        let started = runs.stdout.lines().skip(1).any(|line| line.split(',').nth(3) == Some("started"));
        assert!(!started, "a run is left started:\n{}", runs.stdout);
        let left: Vec<PathBuf> = Self::files(&self.var())
            .into_keys()
            .filter(|path| {
                let name = path.to_string_lossy();
                name.contains(".partial") || name.ends_with(".tmp")
            })
            .collect();
        assert!(left.is_empty(), "half-written files are left: {left:?}");
    }
}

/// The example extracts of the repository.
pub(crate) fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/inbox")
}

fn output(command: &mut Command) -> Said {
    let Output { status, stdout, stderr } = command.output().expect("the binary runs");
    Said {
        code: status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&stdout).into_owned(),
        stderr: String::from_utf8_lossy(&stderr).into_owned(),
    }
}
