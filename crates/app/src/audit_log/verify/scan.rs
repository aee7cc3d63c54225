//! Goes along the log from its first entry to its last and keeps the root over what it saw, to be held against every
//! checkpoint on the way.

use super::{Fault, Findings, Known, open};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use shipworthy_trust::merkle::{CompactRange, Hash, to_hex};
use shipworthy_trust::note::NoteKey;
use std::collections::BTreeMap;

#[derive(Debug, Default)]
pub(super) struct Scan {
    pub(super) findings: Findings,
    range: CompactRange,
    known: BTreeMap<u64, Vec<Known>>,
    /// The size at which the log was last found to be as it was signed.
    agreed: u64,
    /// Hashes since the last full tile.
    tail: Vec<Hash>,
}

impl Scan {
    /// The place of the next entry.
    pub(super) fn next(&self) -> i64 {
        i64::try_from(self.range.size() + 1).unwrap_or(i64::MAX)
    }

    /// Adds a checkpoint to hold the log against; one that is not believed is a fault.
    pub(super) fn know_note(&mut self, name: &str, note: &str, keys: &[NoteKey], kept: Option<(u64, &str)>) {
        self.findings.checked.checkpoints += 1;
        self.findings.checked.signatures += u64::from(!keys.is_empty());
        let read = open(note, keys).and_then(|read| match kept {
            Some((size, root)) if (size, root) != (read.size, &to_hex(&read.root)) => {
                Err("its row has another size or root than what was signed".to_owned())
            }
            _ => Ok(read),
        });
        match read {
            Ok(read) => self.know(Known { size: read.size, root: read.root, name: name.to_owned() }),
            Err(why) => {
                let fault =
                    Fault::of_object("forged-checkpoint", name.to_owned(), format!("{name} is not believed: {why}"));
                self.findings.faults.push(fault);
            }
        }
    }

    pub(super) fn know(&mut self, known: Known) {
        self.known.entry(known.size).or_default().push(known);
    }

    /// Adds an entry by its hash.
    pub(super) fn push(&mut self, hash: Hash) {
        if self.range.size() == 0 {
            self.compare();
        }
        self.range.push(hash);
        self.tail.push(hash);
        self.compare();
    }

    /// Adds the entries up to `to` of which nothing is there.
    pub(super) fn push_missing(&mut self, to: i64) {
        let from = self.next();
        let which = if from == to { format!("entry {from} is") } else { format!("the entries {from} to {to} are") };
        self.findings.faults.push(Fault::of_entry("removed", from, format!("{which} missing")));
        for _ in from..=to {
            self.push([0; 32]);
        }
    }

    /// The hashes of the entries since the last full tile.
    pub(super) fn take_tail(&mut self) -> Vec<Hash> {
        std::mem::take(&mut self.tail)
    }

    /// The first entry that is wrong so far.
    pub(super) fn first_bad(&self) -> Option<i64> {
        self.findings.faults.iter().filter_map(|fault| fault.entry).min()
    }

    fn compare(&mut self) {
        let size = self.range.size();
        let Some(known) = self.known.remove(&size) else { return };
        let root = self.range.root();
        for Known { root: signed, name, .. } in known {
            if signed == root {
                self.agreed = size;
                continue;
            }
            let explained = self.first_bad().is_some_and(|bad| bad.unsigned_abs() <= size);
            if explained {
                continue;
            }
            let detail = format!(
                "{name} was signed over {size} entries with the root {}, and they have {} now: one of the entries {} to \
                 {size} is another, and all that followed was made to fit",
                STANDARD.encode(signed),
                STANDARD.encode(root),
                self.agreed + 1
            );
            let entry = i64::try_from(self.agreed + 1).unwrap_or(i64::MAX);
            self.findings.faults.push(Fault::of_entry("forked", entry, detail));
        }
    }

    /// Ends the scan: what was signed and is not there any more is missing.
    pub(super) fn finish(mut self) -> Findings {
        let size = self.range.size();
        if size == 0 {
            self.compare();
        }
        if let Some((signed, known)) = self.known.pop_last() {
            let name = known.first().map_or("a checkpoint", |known| known.name.as_str());
            let detail = format!(
                "{name} was signed over {signed} entries, and there are {size}: {} and later are missing",
                size + 1
            );
            let entry = i64::try_from(size + 1).unwrap_or(i64::MAX);
            self.findings.faults.push(Fault::of_entry("truncated", entry, detail));
        }
        self.findings.entries = i64::try_from(size).unwrap_or(i64::MAX);
        self.findings.root = STANDARD.encode(self.range.root());
        self.findings.first_bad = self.first_bad();
        self.findings
    }
}
