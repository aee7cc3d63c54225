//! The log of a million entries: what a proof costs, and what checking an export costs.
//! `cargo bench -p shipworthy-trust --bench log`

use divan::Bencher;
use shipworthy_trust::merkle::{
    CompactRange, Hash, consistency_path, inclusion_path, leaf_hash, root_of, verify_consistency, verify_inclusion,
};
use shipworthy_trust::tile::{Tiles, WIDTH, root};
use std::sync::OnceLock;

const ENTRIES: u64 = 1_000_000;

fn main() {
    divan::main();
}

/// An entry as long as those that the server writes.
fn entry(number: u64) -> String {
    format!(
        r#"{{"action":"evidence.submit","actor":{{"id":"01938000-0000-7000-8000-{number:012x}","kind":"token","name":"ada (pipeline)","via":"token"}},"address":"192.0.2.17","at":"2026-03-01T12:00:00.000001Z","bindings":[{{"digest":"sha256:{number:064x}","id":"01938000-0000-7000-8000-{number:012x}","kind":"evidence"}}],"details":{{"branch":"main","format":"cyclonedx-json"}},"object":{{"id":"01938000-0000-7000-8000-{number:012x}","kind":"evidence"}},"request_id":"01938000-0000-7000-8000-{number:012x}","sequence":{number},"summary":"handed in cyclonedx-json about git:0123456789abcdef: 812 components","version":1}}"#
    )
}

struct Log {
    tiles: Tiles,
    leaves: Vec<Hash>,
}

fn log() -> &'static Log {
    static LOG: OnceLock<Log> = OnceLock::new();
    LOG.get_or_init(|| {
        let leaves: Vec<Hash> = (0..ENTRIES).map(|number| leaf_hash(entry(number).as_bytes())).collect();
        let mut tiles = Tiles::default();
        let mut level = 0;
        let mut hashes = leaves.clone();
        while !hashes.is_empty() {
            let width = usize::try_from(WIDTH).expect("small");
            let pieces: Vec<Vec<Hash>> = hashes.chunks(width).map(<[Hash]>::to_vec).collect();
            hashes = pieces.iter().filter(|piece| piece.len() == width).map(|piece| root(piece)).collect();
            for (number, piece) in pieces.into_iter().enumerate() {
                tiles.insert(level, number as u64, piece);
            }
            level += 1;
        }
        Log { tiles, leaves }
    })
}

fn root_at(size: u64) -> Hash {
    root_of(&(0..size), |node| log().tiles.node(node)).expect("every tile is there")
}

fn inclusion(index: u64) -> Vec<Hash> {
    let path = inclusion_path(index, ENTRIES).expect("it is in the log");
    path.iter().map(|range| root_of(range, |node| log().tiles.node(node)).expect("a tile")).collect()
}

fn consistency(from: u64) -> Vec<Hash> {
    let path = consistency_path(from, ENTRIES).expect("it is smaller");
    path.iter().map(|range| root_of(range, |node| log().tiles.node(node)).expect("a tile")).collect()
}

#[divan::bench]
fn make_an_inclusion_proof(bencher: Bencher<'_, '_>) {
    log();
    let mut index = 0;
    bencher.bench_local(|| {
        index = (index + 7_919) % ENTRIES;
        inclusion(index)
    });
}

#[divan::bench]
fn make_a_consistency_proof(bencher: Bencher<'_, '_>) {
    log();
    let mut from = 1;
    bencher.bench_local(|| {
        from = (from + 7_919) % ENTRIES;
        consistency(from)
    });
}

#[divan::bench]
fn verify_an_inclusion_proof(bencher: Bencher<'_, '_>) {
    let (proof, root) = (inclusion(654_321), root_at(ENTRIES));
    let leaf = log().leaves[654_321];
    bencher.bench_local(|| assert!(verify_inclusion(&leaf, 654_321, ENTRIES, &proof, &root)));
}

#[divan::bench]
fn verify_a_consistency_proof(bencher: Bencher<'_, '_>) {
    let (proof, from, to) = (consistency(654_321), root_at(654_321), root_at(ENTRIES));
    bencher.bench_local(|| assert!(verify_consistency(654_321, ENTRIES, &proof, &from, &to)));
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn the_root_of_an_export(bencher: Bencher<'_, '_>) {
    let export: String = (0..ENTRIES).map(|number| entry(number) + "\n").collect();
    bencher.bench_local(|| {
        let mut range = CompactRange::default();
        for line in export.lines() {
            range.push(leaf_hash(line.as_bytes()));
        }
        range.root()
    });
}
