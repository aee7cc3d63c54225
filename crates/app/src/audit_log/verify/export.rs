//! An export: a line for each entry, which is its leaf; after each 256 entries, and at the end, a line with their hashes;
//! and as the last line the checkpoint over all of them. It is checked with nothing but the key.

use super::scan::Scan;
use super::{Fault, Findings, Given, open};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use shipworthy_trust::merkle::{Hash, leaf_hash, to_hex};
use shipworthy_trust::tile::{WIDTH, read_hashes, write_hashes};
use std::io::BufRead;

/// How a line with hashes begins.
const TILE_LINE: &str = "{\"hashes\":";
/// How the last line begins.
const CHECKPOINT_LINE: &str = "{\"checkpoint\":";

#[derive(Serialize, Deserialize)]
struct TileLine {
    hashes: String,
    tile: u64,
}

#[derive(Serialize, Deserialize)]
struct CheckpointLine {
    checkpoint: String,
    keys: Vec<String>,
}

#[derive(Deserialize)]
struct Place {
    sequence: i64,
}

/// The line with the hashes of a tile.
pub(crate) fn tile_line(tile: u64, hashes: &[Hash]) -> serde_json::Result<String> {
    serde_json::to_string(&TileLine { hashes: STANDARD.encode(write_hashes(hashes)), tile })
}

/// The last line.
pub(crate) fn checkpoint_line(checkpoint: String, keys: Vec<String>) -> serde_json::Result<String> {
    serde_json::to_string(&CheckpointLine { checkpoint, keys })
}

/// Checks an export.
///
/// # Errors
/// When it cannot be read; what is wrong with the log is no error.
pub(crate) fn check_export(export: &mut dyn BufRead, given: &Given) -> std::io::Result<Findings> {
    let mut lines = Lines::read(export)?;
    let mut scan = Scan::default();
    for (name, note) in &given.notes {
        scan.know_note(name, note, &given.keys, None);
    }
    match &lines.checkpoint {
        Some(note) => scan.know_note("the checkpoint of the export", note, &given.keys, None),
        None => {
            let detail = "the export has no checkpoint: it breaks off".to_owned();
            scan.findings.faults.push(Fault::of_object(
                "forged-checkpoint",
                "the checkpoint of the export".to_owned(),
                detail,
            ));
        }
    }
    if given.keys.is_empty() {
        scan.findings.not_checked.push("signatures of checkpoints: the key of the log was not given".to_owned());
    }
    scan.findings.not_checked.push("documents, evidence and decisions: an export has the entries alone".to_owned());
    let believed = believed_hashes(&lines, given);
    for (index, (place, hash)) in std::mem::take(&mut lines.entries).into_iter().enumerate() {
        let next = scan.next();
        let is_wrong = match believed.as_ref().and_then(|hashes| hashes.get(index)) {
            Some(believed) => *believed != hash,
            None => place != Some(next),
        };
        if is_wrong {
            scan.findings.faults.push(wrong(next, place, hash, believed.as_deref().unwrap_or_default()));
        }
        scan.push(hash);
    }
    let mut findings = scan.finish();
    findings.is_whole = findings.faults.is_empty();
    Ok(findings)
}

/// Everything that an export has.
#[derive(Default)]
struct Lines {
    /// The place that each entry claims, and its hash.
    entries: Vec<(Option<i64>, Hash)>,
    hashes: Vec<Hash>,
    checkpoint: Option<String>,
}

impl Lines {
    fn read(export: &mut dyn BufRead) -> std::io::Result<Self> {
        let mut all = Self::default();
        let mut line = Vec::new();
        loop {
            line.clear();
            if export.read_until(b'\n', &mut line)? == 0 {
                return Ok(all);
            }
            let text = line.strip_suffix(b"\n").unwrap_or(&line);
            if text.starts_with(TILE_LINE.as_bytes()) {
                all.tile(text);
            } else if text.starts_with(CHECKPOINT_LINE.as_bytes()) {
                all.checkpoint = serde_json::from_slice::<CheckpointLine>(text).ok().map(|line| line.checkpoint);
            } else {
                let place = serde_json::from_slice::<Place>(text).ok().map(|place| place.sequence);
                all.entries.push((place, leaf_hash(text)));
            }
        }
    }

    /// Hashes that do not follow on those before are of no use.
    fn tile(&mut self, text: &[u8]) {
        let Ok(TileLine { hashes, tile }) = serde_json::from_slice(text) else { return };
        let hashes = STANDARD.decode(hashes).ok().and_then(|bytes| read_hashes(&bytes));
        if let Some(hashes) = hashes
            && tile * WIDTH == self.hashes.len() as u64
        {
            self.hashes.extend(hashes);
        }
    }
}

/// The hashes that came along, if their root is the one that was signed: then each entry has a hash to be held against.
fn believed_hashes(lines: &Lines, given: &Given) -> Option<Vec<Hash>> {
    let checkpoint = open(lines.checkpoint.as_deref()?, &given.keys).ok()?;
    let mut range = shipworthy_trust::merkle::CompactRange::default();
    lines.hashes.iter().for_each(|hash| range.push(*hash));
    (range.size() == checkpoint.size && range.root() == checkpoint.root).then(|| lines.hashes.clone())
}

fn wrong(next: i64, place: Option<i64>, hash: Hash, believed: &[Hash]) -> Fault {
    let written = believed.iter().position(|other| *other == hash).map(|index| index as i64 + 1);
    match (written, place) {
        (Some(other), _) if other > next => {
            Fault::of_entry("removed", next, format!("entry {next} is missing: entry {other} stands in its place"))
        }
        (Some(other), _) => {
            Fault::of_entry("moved", next, format!("in the place of entry {next} stands entry {other}"))
        }
        (None, Some(place)) if place != next => {
            Fault::of_entry("changed", next, format!("in the place of entry {next} stands one that says it is {place}"))
        }
        (None, _) if believed.is_empty() => {
            Fault::of_entry("changed", next, format!("entry {next} does not say which it is"))
        }
        (None, _) => {
            let detail = format!("entry {next} is not what was written: its hash is {} now", to_hex(&hash));
            Fault::of_entry("changed", next, detail)
        }
    }
}
