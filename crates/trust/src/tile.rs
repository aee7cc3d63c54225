//! Tiles: the tree of a log in pieces of 256 hashes, each of which never changes once it is full, and the entries in
//! bundles of as many. <https://github.com/C2SP/C2SP/blob/main/tlog-tiles.md>

use crate::merkle::{Hash, Node, empty_root, node_hash, nodes_of};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::Range;
use std::str::FromStr;

/// How many hashes or entries a full tile has.
pub const WIDTH: u64 = 256;

/// How many levels of the tree a tile spans.
const LEVELS: u32 = 8;

/// What a tile holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Hashes of this level: 0 are hashes of entries, and each hash of the next level is over 256 of the one below.
    Hashes(u8),
    /// Entries.
    Entries,
}

/// The address of a tile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Address {
    /// What it holds.
    pub kind: Kind,
    /// Its place among its kind, from 0.
    pub number: u64,
    /// How many hashes or entries: 256, or fewer for the last of a kind.
    pub width: u16,
}

/// A text that was given as the address of a tile and is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no tile: expected `<level>/<number>` or `entries/<number>`, such as `0/x001/067` or `0/000.p/12`")]
pub struct InvalidAddress(String);

impl fmt::Display for Address {
    /// The path of the tile, such as `0/x001/x234/067` or `entries/000.p/12`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            Kind::Hashes(level) => write!(f, "{level}/")?,
            Kind::Entries => f.write_str("entries/")?,
        }
        let mut groups = vec![self.number % 1000];
        let mut rest = self.number / 1000;
        while rest > 0 {
            groups.push(rest % 1000);
            rest /= 1000;
        }
        for group in groups[1..].iter().rev() {
            write!(f, "x{group:03}/")?;
        }
        write!(f, "{:03}", groups[0])?;
        if u64::from(self.width) < WIDTH {
            write!(f, ".p/{}", self.width)?;
        }
        Ok(())
    }
}

impl FromStr for Address {
    type Err = InvalidAddress;

    /// Reads the path in its one written form.
    fn from_str(text: &str) -> Result<Self, InvalidAddress> {
        let read = read_address(text).filter(|address| address.to_string() == text);
        read.ok_or_else(|| InvalidAddress(text.chars().take(80).collect()))
    }
}

fn read_address(text: &str) -> Option<Address> {
    let (kind, rest) = text.split_once('/')?;
    let kind = match kind {
        "entries" => Kind::Entries,
        level => Kind::Hashes(level.parse().ok().filter(|level| *level < 64)?),
    };
    let (path, width) = match rest.split_once(".p/") {
        Some((path, width)) => (path, width.parse().ok().filter(|width| (1..256).contains(width))?),
        None => (rest, 256),
    };
    let mut number: u64 = 0;
    for group in path.split('/') {
        let digits = group.strip_prefix('x').unwrap_or(group);
        let group: u64 = digits.parse().ok().filter(|_| digits.len() == 3)?;
        number = number.checked_mul(1000)?.checked_add(group)?;
    }
    Some(Address { kind, number, width })
}

/// The tiles that hold the subtrees over these ranges, in a log of `size` entries.
#[must_use]
pub fn tiles_of(ranges: &[Range<u64>], size: u64) -> BTreeSet<Address> {
    let nodes = ranges.iter().flat_map(nodes_of);
    nodes.map(|node| tile_of(node, size)).collect()
}

/// The tile that holds a full subtree, in a log of `size` entries.
#[must_use]
pub fn tile_of(node: Node, size: u64) -> Address {
    let level = node.level / LEVELS;
    let number = node.number >> (LEVELS - node.level % LEVELS);
    let hashes = size >> (level * LEVELS);
    let width = (hashes - number * WIDTH).min(WIDTH);
    let kind = Kind::Hashes(u8::try_from(level).unwrap_or(u8::MAX));
    Address { kind, number, width: u16::try_from(width).unwrap_or(u16::MAX) }
}

/// Tiles at hand.
#[derive(Clone, Debug, Default)]
pub struct Tiles(BTreeMap<(u32, u64), Vec<Hash>>);

impl Tiles {
    /// Adds the hashes of a tile.
    pub fn insert(&mut self, level: u8, number: u64, hashes: Vec<Hash>) {
        self.0.insert((u32::from(level), number), hashes);
    }

    /// The root of a full subtree, if its tile is at hand.
    #[must_use]
    pub fn node(&self, node: Node) -> Option<Hash> {
        let inside = node.level % LEVELS;
        let hashes = self.0.get(&(node.level / LEVELS, node.number >> (LEVELS - inside)))?;
        let begin = usize::try_from((node.number << inside) % WIDTH).ok()?;
        hashes.get(begin..begin + (1 << inside)).map(root)
    }
}

/// The root over hashes of which there are a power of two.
#[must_use]
pub fn root(hashes: &[Hash]) -> Hash {
    match hashes {
        [] => empty_root(),
        [one] => *one,
        several => {
            let (left, right) = several.split_at(several.len() / 2);
            node_hash(&root(left), &root(right))
        }
    }
}

/// The bytes of a tile of hashes.
#[must_use]
pub fn write_hashes(hashes: &[Hash]) -> Vec<u8> {
    hashes.concat()
}

/// The hashes of a tile; nothing when the bytes are not whole hashes.
#[must_use]
pub fn read_hashes(bytes: &[u8]) -> Option<Vec<Hash>> {
    let (hashes, rest) = bytes.as_chunks::<32>();
    rest.is_empty().then(|| hashes.to_vec())
}

/// The largest entry that has a place in a bundle.
pub const LARGEST_ENTRY_BYTES: usize = 65_535;

/// The bytes of a bundle: each entry behind its length in two bytes. Nothing when an entry is too large.
#[must_use]
pub fn write_entries<E: AsRef<[u8]>>(entries: &[E]) -> Option<Vec<u8>> {
    let mut bundle = Vec::new();
    for entry in entries {
        let length = u16::try_from(entry.as_ref().len()).ok()?;
        bundle.extend_from_slice(&length.to_be_bytes());
        bundle.extend_from_slice(entry.as_ref());
    }
    Some(bundle)
}

/// The entries of a bundle; nothing when it breaks off.
#[must_use]
pub fn read_entries(mut bundle: &[u8]) -> Option<Vec<&[u8]>> {
    let mut entries = Vec::new();
    while !bundle.is_empty() {
        let (length, rest) = bundle.split_first_chunk::<2>()?;
        let (entry, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
        entries.push(entry);
        bundle = rest;
    }
    Some(entries)
}
