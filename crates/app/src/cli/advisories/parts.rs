//! Puts documents together into tar archives of a few megabytes: one request each for a hundred thousand small files would
//! take an hour, one request for all of them more than a server takes.

use std::io;
use tar::{Builder, Header};
use tokio::sync::mpsc::Sender;

/// A part holds so many bytes, or one document that is larger; servers take 64 MB if nobody said otherwise.
const PART_BYTES: usize = 24 << 20;

/// The longest name of a file in the header of POSIX.1-1988, in bytes.
const NAME_BYTES: usize = 100;

/// The part that is being filled.
pub(super) struct Parts {
    part: Builder<Vec<u8>>,
    sender: Sender<Vec<u8>>,
}

impl Parts {
    /// Parts that go to `sender` when they are full.
    pub(super) fn new(sender: Sender<Vec<u8>>) -> Self {
        Self { part: Builder::new(Vec::new()), sender }
    }

    /// Adds a document. Its name is only shown; of a long one the end counts.
    pub(super) fn add(&mut self, name: &str, document: &[u8]) -> io::Result<()> {
        let length = self.part.get_ref().len();
        if length > 0 && length + document.len() > PART_BYTES {
            self.send()?;
        }
        let start = name.char_indices().map(|(at, _)| at).find(|at| name.len() - at <= NAME_BYTES).unwrap_or(0);
        let mut header = Header::new_ustar();
        header.set_mode(0o644);
        header.set_size(document.len() as u64);
        let name = name.get(start..).unwrap_or_default();
        // Written as it is: the library would refuse names that lead out of the folder, and nothing is unpacked by name.
        for (place, byte) in header.as_old_mut().name.iter_mut().zip(name.bytes()) {
            *place = byte;
        }
        header.set_cksum();
        self.part.append(&header, document)
    }

    /// Sends what is left.
    pub(super) fn finish(mut self) -> io::Result<()> {
        if self.part.get_ref().is_empty() { Ok(()) } else { self.send() }
    }

    fn send(&mut self) -> io::Result<()> {
        let part = std::mem::replace(&mut self.part, Builder::new(Vec::new())).into_inner()?;
        // Nobody receives any more when the import failed, and that side says why.
        let _ = self.sender.blocking_send(part);
        Ok(())
    }
}
