//! The digest of this program. The units of a plan must be run by the build that made the plan.

use std::{
    env,
    fs::File,
    io::{self, Read},
    sync::OnceLock,
};

use sha2::{Digest, Sha256};

use super::sealed::hex;
use crate::error::{Error, FileError, Result};

/// Returns the digest of the file of this program. It is computed once.
///
/// # Errors
/// [`FileError::Read`].
pub(super) fn digest() -> Result<String> {
    static DIGEST: OnceLock<String> = OnceLock::new();
    if let Some(digest) = DIGEST.get() {
        return Ok(digest.clone());
    }
    let path = env::current_exe().unwrap_or_default();
    // On Linux this is the file of the running program, even if another file has taken its name since.
    let file = File::open("/proc/self/exe").or_else(|_| File::open(&path));
    let digest = file.and_then(of).map_err(|source| Error::File(FileError::Read { path, source }))?;
    Ok(DIGEST.get_or_init(|| digest).clone())
}

fn of(mut file: File) -> io::Result<String> {
    let (mut hash, mut buffer) = (Sha256::new(), vec![0; 1 << 16]);
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hex(&hash.finalize().into())[..16].to_owned()),
            count => hash.update(&buffer[..count]),
        }
    }
}
