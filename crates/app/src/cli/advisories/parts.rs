//! Puts documents together into tar archives of a few megabytes: one request each for a hundred thousand small files would
//! take an hour, one request for all of them more than a server takes.

use tokio::sync::mpsc::Sender;

/// A part holds so many bytes, or one document that is larger; servers take 64 MB if nobody said otherwise.
const PART_BYTES: usize = 24 << 20;

/// The part that is being filled.
pub(super) struct Parts {
    part: Vec<u8>,
    sender: Sender<Vec<u8>>,
}

impl Parts {
    /// Parts that go to `sender` when they are full.
    pub(super) fn new(sender: Sender<Vec<u8>>) -> Self {
        Self { part: Vec::new(), sender }
    }

    /// Adds a document. Its name is only shown; of a long one the end counts.
    pub(super) fn add(&mut self, name: &str, document: &[u8]) {
        if !self.part.is_empty() && self.part.len() + document.len() > PART_BYTES {
            self.send();
        }
        self.part.extend_from_slice(&header(name, document.len()));
        self.part.extend_from_slice(document);
        self.part.resize(self.part.len().next_multiple_of(BLOCK), 0);
    }

    /// Sends what is left.
    pub(super) fn finish(mut self) {
        if !self.part.is_empty() {
            self.send();
        }
    }

    fn send(&mut self) {
        let mut part = std::mem::take(&mut self.part);
        // Two empty blocks end an archive.
        part.resize(part.len() + 2 * BLOCK, 0);
        // Nobody receives any more when the import failed, and that side says why.
        let _ = self.sender.blocking_send(part);
    }
}

const BLOCK: usize = 512;

/// The header of a file, as POSIX.1-1988 has it. <https://www.gnu.org/software/tar/manual/html_node/Standard.html>
fn header(name: &str, size: usize) -> [u8; BLOCK] {
    let mut header = [0; BLOCK];
    let mut put = |at: usize, text: &[u8]| {
        for (place, byte) in header.iter_mut().skip(at).zip(text) {
            *place = *byte;
        }
    };
    let start = name.char_indices().map(|(at, _)| at).find(|at| name.len() - at <= 100).unwrap_or(0);
    put(0, name.get(start..).unwrap_or_default().as_bytes());
    put(100, b"0000644\0");
    put(124, format!("{size:011o}\0").as_bytes());
    put(136, b"00000000000\0");
    // The sum is made as if its own field were blank.
    put(148, b"        0");
    put(257, b"ustar\x0000");
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    for (place, byte) in header.iter_mut().skip(148).zip(format!("{sum:06o}\0 ").bytes()) {
        *place = byte;
    }
    header
}
