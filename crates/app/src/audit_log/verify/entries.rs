//! The entries of a database: each against its hash, its hash against the tree, the places against each other.

use super::Fault;
use super::scan::Scan;
use crate::audit_log::binding::Binding;
use crate::audit_log::leaf;
use crate::audit_log::tree::TILE;
use shipworthy_model::Digest;
use shipworthy_store::audit::{self, Line};
use shipworthy_store::{Session, StoreError, audit_tree};
use shipworthy_trust::merkle::{Hash, from_hex, leaf_hash, to_hex};
use shipworthy_trust::note::NoteKey;
use shipworthy_trust::tile;
use std::collections::BTreeMap;

/// What the log says of each object, by kind and id: its digest, and the entry that says so.
pub(super) type Bindings = BTreeMap<(String, String), (Digest, i64)>;

/// How many rows are read at once.
const PAGE: usize = 1_000;
/// How often the first place of moved entries is looked for, in all.
const MOST_SEARCHES: u32 = 200_000;
/// How far from its place an entry is looked for.
const REACH: i64 = 64;

/// Adds the checkpoints that the database itself keeps.
pub(super) async fn know_kept(session: &mut Session, scan: &mut Scan, keys: &[NoteKey]) -> Result<(), StoreError> {
    let mut after = -1;
    loop {
        let page = audit_tree::checkpoints(session, after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.size;
        for kept in page {
            // What was kept and not signed, because the server ended in between, was shown to nobody.
            let Some(note) = kept.note else { continue };
            let name = format!("the checkpoint {} of the database", kept.size);
            scan.know_note(&name, &note, keys, Some((kept.size.unsigned_abs(), &kept.root)));
        }
    }
}

/// Checks every entry and gives what they are bound to.
pub(super) async fn check(session: &mut Session, scan: &mut Scan) -> Result<Bindings, StoreError> {
    let head = audit::last_sequence(session).await?;
    let mut state = State { bindings: Bindings::new(), searches: MOST_SEARCHES };
    let mut after = i64::MIN;
    loop {
        let page = audit::lines(session, after, PAGE).await?;
        let Some((last, _)) = page.last() else { break };
        after = *last;
        for (sequence, line) in page {
            if sequence < scan.next() {
                let detail = format!("entry {sequence} stands before the first place");
                scan.findings.faults.push(Fault::of_entry("inserted", sequence, detail));
                continue;
            }
            if sequence > head {
                let detail = format!("entry {sequence} is there, and the log counts {head}");
                scan.findings.faults.push(Fault::of_entry("inserted", sequence, detail));
                continue;
            }
            fill_up_to(scan, sequence - 1);
            state.entry(session, scan, sequence, line).await?;
            if scan.next() % TILE == 1 {
                tile(session, scan).await?;
            }
        }
    }
    if scan.next() <= head {
        let (next, detail) = (scan.next(), format!("the log counts {head} entries, and the last ones are missing"));
        scan.findings.faults.push(Fault::of_entry("truncated", next, detail));
    }
    upper_tiles(session, scan).await?;
    told_apart(&mut scan.findings.faults);
    Ok(state.bindings)
}

/// Goes on to a place that does not follow on the last one.
fn fill_up_to(scan: &mut Scan, place: i64) {
    if scan.next() <= place {
        scan.push_missing(place);
        // A tile with a hole is not compared hash by hash.
        scan.take_tail();
    }
}

struct State {
    bindings: Bindings,
    searches: u32,
}

impl State {
    async fn entry(
        &mut self,
        session: &mut Session,
        scan: &mut Scan,
        sequence: i64,
        line: Result<Line, StoreError>,
    ) -> Result<(), StoreError> {
        let line = match line {
            Ok(line) => line,
            Err(error) => {
                unreadable(scan, sequence, &error.to_string());
                return Ok(());
            }
        };
        let text = match leaf::text(&line) {
            Ok(text) => text,
            Err(why) => {
                unreadable(scan, sequence, &why);
                return Ok(());
            }
        };
        let hash = leaf_hash(text.as_bytes());
        if line.leaf.as_deref() != Some(to_hex(&hash).as_str()) {
            scan.findings.faults.push(self.wrong(&line));
        }
        scan.push(hash);
        if let Some(digest) = leaf::is_elsewhere(&line.details) {
            let body = audit::details(session, digest).await?;
            if body.is_none_or(|body| Digest::of(body.as_bytes()).as_str() != digest) {
                let detail =
                    format!("the details of entry {sequence}, which are kept beside it, are not those it names");
                scan.findings.faults.push(Fault::of_entry("changed", sequence, detail));
            }
        }
        self.bind(&line);
        Ok(())
    }

    /// Says what is wrong with an entry that does not fit its hash: it was moved with its hash, or changed.
    fn wrong(&mut self, line: &Line) -> Fault {
        let place = line.sequence;
        let near = (1..=REACH).flat_map(|distance| [place + distance, place - distance]);
        for other in near.filter(|other| *other > 0) {
            if self.searches == 0 {
                break;
            }
            self.searches -= 1;
            if leaf::hash_at(line, other).ok() == line.leaf {
                let detail = format!("entry {place} was written as entry {other}");
                return Fault { object: Some(format!("entry {other}")), ..Fault::of_entry("moved", place, detail) };
            }
        }
        Fault::of_entry("changed", place, format!("entry {place} is not what was written: it does not fit its hash"))
    }

    fn bind(&mut self, line: &Line) {
        let Some(bindings) = &line.bindings else { return };
        for Binding { digest, id, kind, .. } in serde_json::from_str::<Vec<Binding>>(bindings).unwrap_or_default() {
            self.bindings.insert((kind, id), (digest, line.sequence));
        }
    }
}

fn unreadable(scan: &mut Scan, sequence: i64, why: &str) {
    let detail = format!("entry {sequence} is not what was written: it cannot be read ({why})");
    scan.findings.faults.push(Fault::of_entry("changed", sequence, detail));
    scan.push([0; 32]);
}

/// Holds the entries of a tile that just became full against the tile in the database.
async fn tile(session: &mut Session, scan: &mut Scan) -> Result<(), StoreError> {
    let seen = scan.take_tail();
    let number = (scan.next() - 1) / TILE - 1;
    let first = number * TILE + 1;
    if i64::try_from(seen.len()) != Ok(TILE) {
        return Ok(());
    }
    let Some(tile) = audit_tree::tile(session, 0, number).await? else {
        let detail = format!("the tile of the entries {first} to {} is missing", first + TILE - 1);
        scan.findings.faults.push(Fault::of_entry("tree-changed", first, detail));
        return Ok(());
    };
    let kept: Vec<Hash> = tile::read_hashes(&tile.hashes).unwrap_or_default();
    for (place, (seen, kept)) in (first..).zip(seen.iter().zip(kept.iter().map(Some).chain(std::iter::repeat(None)))) {
        let is_known = scan.findings.faults.iter().rev().take(300).any(|fault| fault.entry == Some(place));
        if kept != Some(seen) && !is_known {
            let detail = format!("entry {place} has another hash than the tree has for it");
            scan.findings.faults.push(Fault::of_entry("changed", place, detail));
        }
    }
    if from_hex(&tile.root) != (kept.len() == 256).then(|| tile::root(&kept)) {
        let detail = format!("the tile of the entries {first} to {} does not fit its root", first + TILE - 1);
        scan.findings.faults.push(Fault::of_entry("tree-changed", first, detail));
    }
    Ok(())
}

/// Holds the tiles above the first level against the roots of those below, which were held against entries.
async fn upper_tiles(session: &mut Session, scan: &mut Scan) -> Result<(), StoreError> {
    let mut spans = TILE * TILE;
    for level in 1.. {
        let count = (scan.next() - 1) / spans;
        for number in 0..count {
            let below = audit_tree::tile_roots(session, level - 1, number * TILE, 256).await?;
            let below: Vec<Hash> = below.iter().filter_map(|root| from_hex(root)).collect();
            let kept = audit_tree::tile(session, level, number).await?;
            let fits = |kept: &audit_tree::Tile| {
                kept.hashes == tile::write_hashes(&below) && from_hex(&kept.root) == Some(tile::root(&below))
            };
            if below.len() != 256 || !kept.as_ref().is_some_and(fits) {
                let first = number * spans + 1;
                let detail = format!("tile {number} of level {level}, which begins at entry {first}, was changed");
                scan.findings.faults.push(Fault::of_entry("tree-changed", first, detail));
            }
        }
        if count == 0 {
            break;
        }
        spans = spans.saturating_mul(TILE);
    }
    Ok(())
}

/// Where entries moved up or down by one, somebody took one out or put one in: that one is named.
fn told_apart(faults: &mut Vec<Fault>) {
    let moved_from = |fault: &Fault, from: i64| {
        fault.kind == "moved" && fault.object.as_deref() == Some(format!("entry {from}").as_str())
    };
    let Some(first) = faults.iter().position(|fault| fault.kind == "moved") else { return };
    let Some(place) = faults[first].entry else { return };
    if moved_from(&faults[first], place + 1) && !faults.iter().any(|fault| moved_from(fault, place)) {
        faults[first].kind = "removed";
        faults[first].detail = format!("entry {place} was taken out, and those after it moved up");
    } else if moved_from(&faults[first], place - 1) {
        let before = place - 1;
        let detail = format!("entry {before} was put in, and those after it moved down");
        let is_known = faults.iter_mut().find(|fault| fault.entry == Some(before));
        match is_known {
            Some(fault) => (fault.kind, fault.detail) = ("inserted", detail),
            None => faults.insert(first, Fault::of_entry("inserted", before, detail)),
        }
    }
}
