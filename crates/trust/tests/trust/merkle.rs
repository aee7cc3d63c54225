//! The tree against RFC 6962's own vectors and against the definition of the standard, written down as it stands there.

use proptest::prelude::*;
use shipworthy_trust::merkle::{
    CompactRange, Hash, consistency_path, empty_root, inclusion_path, leaf_hash, node_hash, root_of, to_hex,
    verify_consistency, verify_inclusion,
};
use shipworthy_trust::tile::{Address, Kind, Tiles, read_entries, tiles_of, write_entries};

/// The eight entries of the vectors that Certificate Transparency's reference implementation publishes.
fn published() -> Vec<Vec<u8>> {
    let bytes = |range: std::ops::RangeInclusive<u8>| range.collect::<Vec<u8>>();
    vec![
        vec![],
        vec![0x00],
        vec![0x10],
        vec![0x20, 0x21],
        vec![0x30, 0x31],
        bytes(0x40..=0x43),
        bytes(0x50..=0x57),
        bytes(0x60..=0x6f),
    ]
}

/// The root as RFC 6962 §2.1 defines it.
fn defined_root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => empty_root(),
        [one] => *one,
        several => {
            let (left, right) = several.split_at(several.len().next_power_of_two() / 2);
            node_hash(&defined_root(left), &defined_root(right))
        }
    }
}

/// PATH(m, D[n]) of RFC 6962 §2.1.1.
fn defined_inclusion(index: usize, leaves: &[Hash]) -> Vec<Hash> {
    if leaves.len() < 2 {
        return Vec::new();
    }
    let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
    let (inside, other, place) =
        if index < left.len() { (left, right, index) } else { (right, left, index - left.len()) };
    let mut path = defined_inclusion(place, inside);
    path.push(defined_root(other));
    path
}

/// SUBPROOF(m, D[n], b) of RFC 6962 §2.1.2.
fn defined_consistency(from: usize, leaves: &[Hash], is_whole: bool) -> Vec<Hash> {
    if from == leaves.len() {
        return if is_whole { Vec::new() } else { vec![defined_root(leaves)] };
    }
    let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
    if from <= left.len() {
        let mut proof = defined_consistency(from, left, is_whole);
        proof.push(defined_root(right));
        proof
    } else {
        let mut proof = defined_consistency(from - left.len(), right, false);
        proof.push(defined_root(left));
        proof
    }
}

fn leaves(count: usize) -> Vec<Hash> {
    (0..count).map(|number| leaf_hash(&number.to_be_bytes())).collect()
}

fn size(number: usize) -> u64 {
    u64::try_from(number).expect("a small number")
}

/// The whole log in tiles.
fn tiles(leaves: &[Hash]) -> Tiles {
    let mut tiles = Tiles::default();
    let mut hashes = leaves.to_vec();
    for level in 0..3 {
        let mut next = Vec::new();
        for (number, piece) in hashes.chunks(256).enumerate() {
            tiles.insert(level, size(number), piece.to_vec());
            if piece.len() == 256 {
                next.push(shipworthy_trust::tile::root(piece));
            }
        }
        hashes = next;
    }
    tiles
}

#[test]
fn the_roots_are_those_of_the_published_vectors() {
    let expected = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    assert_eq!(to_hex(&empty_root()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    let mut range = CompactRange::default();
    for (entry, expected) in published().iter().zip(expected) {
        range.push(leaf_hash(entry));
        assert_eq!(to_hex(&range.root()), expected, "{} entries", range.size());
    }
}

#[test]
fn every_proof_of_every_small_log_is_that_of_the_standard_and_holds() {
    for count in 1..=70 {
        let leaves = leaves(count);
        let (tiles, root) = (tiles(&leaves), defined_root(&leaves));
        let roots = |ranges: Vec<std::ops::Range<u64>>| -> Vec<Hash> {
            ranges.iter().map(|range| root_of(range, |node| tiles.node(node)).expect("a tile")).collect()
        };
        for index in 0..count {
            let proof = roots(inclusion_path(size(index), size(count)).expect("it is in the log"));
            assert_eq!(proof, defined_inclusion(index, &leaves), "{index} of {count}");
            assert!(verify_inclusion(&leaves[index], size(index), size(count), &proof, &root), "{index} of {count}");
        }
        for from in 0..=count {
            let proof = roots(consistency_path(size(from), size(count)).expect("it is smaller"));
            let defined = if from == 0 { Vec::new() } else { defined_consistency(from, &leaves, true) };
            assert_eq!(proof, defined, "{from} to {count}");
            let before = defined_root(&leaves[..from]);
            assert!(verify_consistency(size(from), size(count), &proof, &before, &root), "{from} to {count}");
        }
    }
}

#[test]
fn what_is_not_in_the_log_has_no_proof() {
    assert_eq!(inclusion_path(3, 3), None);
    assert_eq!(consistency_path(4, 3), None);
    let root = defined_root(&leaves(3));
    assert!(!verify_inclusion(&root, 3, 3, &[], &root));
    assert!(!verify_consistency(4, 3, &[], &root, &root));
}

proptest! {
    #[test]
    fn proofs_of_larger_logs_hold_and_one_wrong_bit_breaks_them(
        count in 2_usize..1_500, at in any::<prop::sample::Index>(), part in any::<prop::sample::Index>(), bit in 0_usize..256
    ) {
        let leaves = leaves(count);
        let (tiles, root) = (tiles(&leaves), defined_root(&leaves));
        let index = at.index(count);
        let path = inclusion_path(size(index), size(count)).expect("it is in the log");
        let mut proof: Vec<Hash> = path.iter().map(|range| root_of(range, |node| tiles.node(node)).expect("a tile")).collect();
        prop_assert_eq!(&proof, &defined_inclusion(index, &leaves));
        prop_assert!(verify_inclusion(&leaves[index], size(index), size(count), &proof, &root));
        let place = part.index(proof.len());
        proof[place][bit / 8] ^= 1 << (bit % 8);
        prop_assert!(!verify_inclusion(&leaves[index], size(index), size(count), &proof, &root));

        let from = index.max(1);
        let path = consistency_path(size(from), size(count)).expect("it is smaller");
        let mut proof: Vec<Hash> = path.iter().map(|range| root_of(range, |node| tiles.node(node)).expect("a tile")).collect();
        prop_assert_eq!(&proof, &defined_consistency(from, &leaves, true));
        let before = defined_root(&leaves[..from]);
        prop_assert!(verify_consistency(size(from), size(count), &proof, &before, &root));
        let place = part.index(proof.len());
        proof[place][bit / 8] ^= 1 << (bit % 8);
        prop_assert!(!verify_consistency(size(from), size(count), &proof, &before, &root));
        prop_assert!(tiles_of(&path, size(count)).len() <= 2 * path.len());
    }

    #[test]
    fn an_address_of_a_tile_is_read_as_it_is_written(level in 0_u8..64, number in any::<u64>(), width in 1_u16..=256) {
        for kind in [Kind::Hashes(level), Kind::Entries] {
            let address = Address { kind, number, width };
            prop_assert_eq!(address.to_string().parse(), Ok(address));
        }
    }

    #[test]
    fn a_bundle_gives_its_entries_again(entries in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..50), 0..20)) {
        let bundle = write_entries(&entries).expect("they are small");
        prop_assert_eq!(read_entries(&bundle), Some(entries.iter().map(Vec::as_slice).collect()));
        if !bundle.is_empty() {
            prop_assert_ne!(read_entries(&bundle[..bundle.len() - 1]), Some(entries.iter().map(Vec::as_slice).collect()));
        }
    }
}

#[test]
fn tiles_have_the_paths_of_the_specification() {
    let tile = |number, width| Address { kind: Kind::Hashes(0), number, width }.to_string();
    assert_eq!(tile(1_234_067, 256), "0/x001/x234/067");
    assert_eq!(tile(273, 112), "0/273.p/112");
    assert_eq!(Address { kind: Kind::Entries, number: 5, width: 256 }.to_string(), "entries/005");
    for wrong in
        ["", "0", "0/1", "0/0000", "0/x000/001", "64/000", "0/000.p/0", "0/000.p/256", "0/000.p/07", "+1/000", "0/+01"]
    {
        assert!(wrong.parse::<Address>().is_err(), "{wrong}");
    }
    assert_eq!(write_entries(&[vec![0; 65_536]]), None);
}
