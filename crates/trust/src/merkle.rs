//! The Merkle tree of RFC 6962 §2.1 (RFC 9162 §2.1): hashes, the root of a log that grows, and proofs that an entry is in
//! it and that it only grew. Proofs are made from subtrees, wherever those are kept, and verified with nothing at hand.

use aws_lc_rs::digest::{Context, SHA256};
use std::fmt::Write as _;
use std::ops::Range;

/// A SHA-256 hash in the tree.
pub type Hash = [u8; 32];

/// The hash of an entry: SHA-256 over `0x00` and the entry.
#[must_use]
pub fn leaf_hash(entry: &[u8]) -> Hash {
    sha256(&[&[0], entry])
}

/// The hash over two subtrees: SHA-256 over `0x01` and both.
#[must_use]
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    sha256(&[&[1], left, right])
}

/// The root of a log without entries: SHA-256 over nothing.
#[must_use]
pub fn empty_root() -> Hash {
    sha256(&[])
}

fn sha256(parts: &[&[u8]]) -> Hash {
    let mut context = Context::new(&SHA256);
    for part in parts {
        context.update(part);
    }
    let mut hash = [0; 32];
    hash.copy_from_slice(context.finish().as_ref());
    hash
}

/// A hash in hexadecimal digits.
#[must_use]
pub fn to_hex(hash: &Hash) -> String {
    hash.iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a `String` cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The hash that 64 lower-case hexadecimal digits spell.
#[must_use]
pub fn from_hex(text: &str) -> Option<Hash> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let mut hash = [0; 32];
    if text.len() != 64 {
        return None;
    }
    for (byte, pair) in hash.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(hash)
}

/// What must be kept of a log to know its root and to let it grow: the roots of its full subtrees, the largest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CompactRange {
    size: u64,
    roots: Vec<Hash>,
}

impl CompactRange {
    /// How many entries there are.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds an entry by its leaf hash.
    pub fn push(&mut self, leaf: Hash) {
        let mut hash = leaf;
        // Each one bit at the low end is a full subtree as large as what was just joined.
        for _ in 0..self.size.trailing_ones() {
            let left = self.roots.pop().expect("there is a root for each bit of the size");
            hash = node_hash(&left, &hash);
        }
        self.roots.push(hash);
        self.size += 1;
    }

    /// The root of everything that was added.
    #[must_use]
    pub fn root(&self) -> Hash {
        fold(&self.roots).unwrap_or_else(empty_root)
    }
}

/// Joins roots of subtrees, the largest first.
fn fold(roots: &[Hash]) -> Option<Hash> {
    roots.iter().rev().copied().reduce(|right, left| node_hash(&left, &right))
}

/// A full subtree: `number` counts those of its level from the left; level 0 are the leaves, and each level doubles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Node {
    /// The logarithm to base 2 of how many entries are below it.
    pub level: u32,
    /// Its place on the level.
    pub number: u64,
}

/// The full subtrees of which the subtree over `range` consists, the largest first. The range begins at a multiple of
/// the largest power of two that is not above its length, as all ranges of proofs do.
#[must_use]
pub fn nodes_of(range: &Range<u64>) -> Vec<Node> {
    let mut nodes = Vec::new();
    let mut begin = range.start;
    while begin < range.end {
        let level = (range.end - begin).ilog2();
        nodes.push(Node { level, number: begin >> level });
        begin += 1 << level;
    }
    nodes
}

/// The root of the subtree over `range`, from full subtrees that `find` knows.
#[must_use]
pub fn root_of(range: &Range<u64>, find: impl Fn(Node) -> Option<Hash>) -> Option<Hash> {
    if range.is_empty() {
        return Some(empty_root());
    }
    let roots: Option<Vec<Hash>> = nodes_of(range).into_iter().map(find).collect();
    fold(&roots?)
}

/// The subtrees whose roots prove that the entry at `index` (from 0) is in the log of `size` entries, in the order of
/// the proof. Nothing when there is no such entry.
#[must_use]
pub fn inclusion_path(index: u64, size: u64) -> Option<Vec<Range<u64>>> {
    if index >= size {
        return None;
    }
    let mut path = Vec::new();
    let (mut begin, mut end) = (0, size);
    while end - begin > 1 {
        let middle = begin + split(end - begin);
        if index < middle {
            path.push(middle..end);
            end = middle;
        } else {
            path.push(begin..middle);
            begin = middle;
        }
    }
    path.reverse();
    Some(path)
}

/// The subtrees whose roots prove that the log of `to` entries begins with that of `from`, in the order of the proof.
/// Nothing when `from` is above `to`. A log of no entries is the beginning of every other, without a proof.
#[must_use]
pub fn consistency_path(from: u64, to: u64) -> Option<Vec<Range<u64>>> {
    if from > to {
        return None;
    }
    if from == 0 || from == to {
        return Some(Vec::new());
    }
    let mut path = Vec::new();
    let (mut begin, mut end) = (0, to);
    while end > from {
        let middle = begin + split(end - begin);
        if from <= middle {
            path.push(middle..end);
            end = middle;
        } else {
            path.push(begin..middle);
            begin = middle;
        }
    }
    // The old log itself is known to who asks, so only a part of it is named.
    if begin > 0 {
        path.push(begin..end);
    }
    path.reverse();
    Some(path)
}

/// The largest power of two below `size`, which is at least 2.
fn split(size: u64) -> u64 {
    1 << (size - 1).ilog2()
}

/// Whether `proof` shows that the entry with the hash `leaf` is at `index` in the log of `size` entries with this root
/// (RFC 9162 §2.1.3.2).
#[must_use]
pub fn verify_inclusion(leaf: &Hash, index: u64, size: u64, proof: &[Hash], root: &Hash) -> bool {
    if index >= size {
        return false;
    }
    let (mut place, mut last) = (index, size - 1);
    let mut hash = *leaf;
    for other in proof {
        if last == 0 {
            return false;
        }
        if place & 1 == 1 || place == last {
            hash = node_hash(other, &hash);
            while place & 1 == 0 && place != 0 {
                place >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, other);
        }
        place >>= 1;
        last >>= 1;
    }
    last == 0 && hash == *root
}

/// Whether `proof` shows that the log of `to` entries with the root `to_root` begins with the log of `from` entries with
/// the root `from_root` (RFC 9162 §2.1.4.2).
#[must_use]
pub fn verify_consistency(from: u64, to: u64, proof: &[Hash], from_root: &Hash, to_root: &Hash) -> bool {
    if from == 0 {
        return proof.is_empty() && *from_root == empty_root();
    }
    if from == to {
        return proof.is_empty() && from_root == to_root;
    }
    if from > to {
        return false;
    }
    let mut proof = proof.iter();
    // A full old log is its own first subtree and not in the proof.
    let first = if from.is_power_of_two() { Some(from_root) } else { proof.next() };
    let Some(first) = first else { return false };
    let (mut place, mut last) = (from - 1, to - 1);
    let shift = place.trailing_ones();
    place >>= shift;
    last >>= shift;
    let (mut old, mut new) = (*first, *first);
    for other in proof {
        if last == 0 {
            return false;
        }
        if place & 1 == 1 || place == last {
            old = node_hash(other, &old);
            new = node_hash(other, &new);
            while place & 1 == 0 && place != 0 {
                place >>= 1;
                last >>= 1;
            }
        } else {
            new = node_hash(&new, other);
        }
        place >>= 1;
        last >>= 1;
    }
    last == 0 && old == *from_root && new == *to_root
}
