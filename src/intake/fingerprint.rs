//! A file's identity: the SHA-256 of its bytes.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::IntakeError;
use crate::model::ContentHash;

/// How much is read at once, bytes.
const BUFFER_BYTES: usize = 256 * 1024;

/// The SHA-256 of a file's bytes, read in pieces, so that a file of any size needs little memory.
///
/// # Errors
/// [`IntakeError::Read`].
pub fn fingerprint(path: &Path) -> Result<ContentHash, IntakeError> {
    let fail = |source| IntakeError::Read { path: path.to_path_buf(), source };
    let mut file = File::open(path).map_err(fail)?;
    copy_hashed(&mut file, &mut io::sink()).map(|(hash, _)| hash).map_err(|error| fail(error.into_inner()))
}

/// Which side of a copy failed.
#[derive(Debug)]
pub(super) enum CopyError {
    Read(io::Error),
    Write(io::Error),
}

impl CopyError {
    fn into_inner(self) -> io::Error {
        match self {
            Self::Read(source) | Self::Write(source) => source,
        }
    }
}

/// Copies all bytes and returns their hash and number.
pub(super) fn copy_hashed(from: &mut impl Read, to: &mut impl Write) -> Result<(ContentHash, u64), CopyError> {
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; BUFFER_BYTES];
    let mut bytes = 0_u64;
    loop {
        let count = match from.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(CopyError::Read(error)),
        };
        hasher.update(&buffer[..count]);
        to.write_all(&buffer[..count]).map_err(CopyError::Write)?;
        bytes += count as u64;
    }
    Ok((ContentHash::from_digest(&hasher.finalize().into()), bytes))
}

#[cfg(test)]
mod tests {
    use super::fingerprint;

    #[test]
    fn the_hash_is_sha_256_of_the_bytes() {
        let dir = tempfile::tempdir().expect("a scratch folder");
        let path = dir.path().join("abc");
        std::fs::write(&path, b"abc").expect("writes");
        assert_eq!(
            fingerprint(&path).expect("reads").as_str(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert!(fingerprint(&dir.path().join("none")).expect_err("no file").to_string().contains("none"));
    }
}
