//! What lies in the inbox. One folder, not those below it.

use std::fs;
use std::path::{Path, PathBuf};

use super::IntakeError;
use crate::model::{ExtractName, ExtractNameError};

/// A file that may be an extract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Where it lies.
    pub path: PathBuf,
    /// Its name without folder.
    pub file_name: String,
    /// The name's parts, or why it has none.
    pub name: Result<ExtractName, ExtractNameError>,
    /// Its size.
    pub bytes: u64,
}

/// Something in the inbox that is left alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// Its name without folder.
    pub file_name: String,
    /// Why, as a fragment: `a hidden or temporary file`.
    pub reason: &'static str,
}

/// What lies in the inbox, each list sorted by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inbox {
    /// Files to look at, those with a wrong name among them.
    pub candidates: Vec<Candidate>,
    /// What is left alone.
    pub skipped: Vec<Skipped>,
}

/// Lists the inbox without changing anything. A file that vanishes meanwhile is not listed.
///
/// # Errors
/// [`IntakeError::Inbox`] when the folder cannot be listed.
pub fn list_inbox(dir: &Path) -> Result<Inbox, IntakeError> {
    let fail = |source| IntakeError::Inbox { path: dir.to_path_buf(), source };
    let home = dir.canonicalize().map_err(fail)?;
    let mut names = Vec::new();
    for entry in fs::read_dir(&home).map_err(fail)? {
        names.push(entry.map_err(fail)?.file_name());
    }
    names.sort();
    let mut inbox = Inbox::default();
    for name in names {
        let file_name = name.to_string_lossy().into_owned();
        match look(&home, &home.join(&name), &file_name) {
            Look::File(bytes) => {
                let parts = ExtractName::parse(&file_name);
                inbox.candidates.push(Candidate { path: home.join(&name), file_name, name: parts, bytes });
            }
            Look::Skip(reason) => inbox.skipped.push(Skipped { file_name, reason }),
            Look::Gone => {}
        }
    }
    Ok(inbox)
}

enum Look {
    File(u64),
    Skip(&'static str),
    Gone,
}

fn look(home: &Path, path: &Path, file_name: &str) -> Look {
    if is_temporary(file_name) {
        return Look::Skip("a hidden or temporary file");
    }
    if file_name.chars().any(|c| c.is_control() || c == char::REPLACEMENT_CHARACTER) {
        return Look::Skip("a name with characters that cannot be printed");
    }
    let Ok(link) = fs::symlink_metadata(path) else { return Look::Gone };
    if link.is_symlink() && !path.canonicalize().is_ok_and(|target| target.starts_with(home)) {
        return Look::Skip("a link that leaves the inbox or leads nowhere");
    }
    match fs::metadata(path) {
        Ok(target) if target.is_file() => Look::File(target.len()),
        Ok(target) if target.is_dir() => Look::Skip("a folder"),
        Ok(_) => Look::Skip("not a file"),
        Err(_) => Look::Gone,
    }
}

/// Files that other programs have not finished, or keep beside their own.
fn is_temporary(file_name: &str) -> bool {
    let extension = Path::new(file_name).extension().and_then(|text| text.to_str()).unwrap_or("");
    file_name.starts_with(['.', '~'])
        || file_name.ends_with('~')
        || ["part", "partial", "tmp", "temp", "crdownload", "filepart", "swp", "lock"]
            .iter()
            .any(|known| extension.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::list_inbox;

    #[test]
    fn files_are_listed_by_name_and_the_rest_is_left_alone() {
        let dir = tempfile::tempdir().expect("a scratch folder");
        let outside = tempfile::tempdir().expect("another one");
        fs::write(outside.path().join("secret.csv"), b"s").expect("writes");
        let inbox = dir.path();
        for name in ["vouchers__grants__20200930__001.csv", "readme.txt", "~$x.xlsx", "a.csv.part", ".hidden"] {
            fs::write(inbox.join(name), b"12345").expect("writes");
        }
        fs::create_dir(inbox.join("below")).expect("makes");
        symlink(outside.path().join("secret.csv"), inbox.join("leaves.csv")).expect("links");
        symlink("readme.txt", inbox.join("stays.txt")).expect("links");
        symlink("nowhere", inbox.join("dangling.csv")).expect("links");

        let found = list_inbox(inbox).expect("lists");
        let names: Vec<_> = found.candidates.iter().map(|c| (c.file_name.as_str(), c.name.is_ok(), c.bytes)).collect();
        assert_eq!(
            names,
            [("readme.txt", false, 5), ("stays.txt", false, 5), ("vouchers__grants__20200930__001.csv", true, 5)]
        );
        let skipped: Vec<_> = found.skipped.iter().map(|s| (s.file_name.as_str(), s.reason)).collect();
        let temporary = "a hidden or temporary file";
        let link = "a link that leaves the inbox or leads nowhere";
        assert_eq!(
            skipped,
            [
                (".hidden", temporary),
                ("a.csv.part", temporary),
                ("below", "a folder"),
                ("dangling.csv", link),
                ("leaves.csv", link),
                ("~$x.xlsx", temporary),
            ]
        );
    }

    #[test]
    fn an_inbox_that_is_not_there_is_named() {
        let error = list_inbox("/nowhere/inbox".as_ref()).expect_err("no folder");
        assert!(error.to_string().contains("/nowhere/inbox"));
        assert_eq!(error.class().exit_code(), 2);
    }
}
