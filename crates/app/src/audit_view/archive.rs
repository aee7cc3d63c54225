//! A zip archive that knows the digest of each of its files, and ends before it is too large.

use crate::problem::{Answer, Problem};
use serde_json::{Value, json};
use shipworthy_model::Digest;
use std::io::{Cursor, Write as _};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// How many bytes of files an archive holds at most.
const LARGEST_BYTES: usize = 256 << 20;

/// An archive that is being made.
pub(crate) struct Archive {
    zip: ZipWriter<Cursor<Vec<u8>>>,
    bytes: usize,
    files: Vec<(String, Digest)>,
}

impl Default for Archive {
    fn default() -> Self {
        Self { zip: ZipWriter::new(Cursor::new(Vec::new())), bytes: 0, files: Vec::new() }
    }
}

impl Archive {
    /// Adds a file.
    ///
    /// # Errors
    /// Too large, when the archive would hold more than it may.
    pub(crate) fn add(&mut self, name: &str, contents: &[u8]) -> Answer<()> {
        self.bytes += contents.len();
        if self.bytes > LARGEST_BYTES {
            let detail = format!("the package would hold more than {} MiB of files", LARGEST_BYTES >> 20);
            return Err(Problem::too_large(detail)
                .hint("ask for a shorter period with `from` and `until`, or for one application"));
        }
        self.zip.start_file(name, SimpleFileOptions::default()).map_err(Problem::internal)?;
        self.zip.write_all(contents).map_err(Problem::internal)?;
        self.files.push((name.to_owned(), Digest::of(contents)));
        Ok(())
    }

    /// The files so far with their digests, as the subjects of an in-toto statement.
    pub(crate) fn subjects(&self) -> Vec<Value> {
        let subject = |(name, digest): &(String, Digest)| json!({ "name": name, "digest": { "sha256": digest.hex() } });
        self.files.iter().map(subject).collect()
    }

    /// The bytes of the archive.
    ///
    /// # Errors
    /// Internal, when it cannot be written.
    pub(crate) fn finish(self) -> Answer<Vec<u8>> {
        Ok(self.zip.finish().map_err(Problem::internal)?.into_inner())
    }
}
