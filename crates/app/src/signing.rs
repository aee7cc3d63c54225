//! The key that signs summaries of decisions: read from its file, or made there at the first start.

use crate::clock::Clock;
use anyhow::{Context as _, bail};
use shipworthy_trust::SigningKey;
use std::io::Write as _;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

/// Reads the key, or makes it when the file is missing. Its public half is written beside it, for those who verify.
///
/// # Errors
/// When the file cannot be read or written, holds no key, or can be read by others.
pub fn load_or_make(path: &Path, clock: &Clock) -> anyhow::Result<SigningKey> {
    let shown = path.display();
    match std::fs::read_to_string(path) {
        Ok(text) => {
            let mode = std::fs::metadata(path).with_context(|| format!("`{shown}`"))?.permissions().mode();
            if mode & 0o077 != 0 {
                bail!("the signing key `{shown}` can be read by others\nhint: chmod 600 {shown}");
            }
            SigningKey::from_pem(&text).with_context(|| format!("the signing key `{shown}`"))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            make(path, clock).with_context(|| format!("the signing key `{shown}` cannot be made"))
        }
        Err(error) => Err(error).with_context(|| format!("the signing key `{shown}` cannot be read")),
    }
}

fn make(path: &Path, clock: &Clock) -> anyhow::Result<SigningKey> {
    let key = SigningKey::from_seed(&clock.random())?;
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(key.to_pem()?.as_bytes())?;
    file.sync_all()?;
    std::fs::write(path.with_extension("pub.pem"), key.public().to_pem())?;
    Ok(key)
}
