//! The tree over the log: full tiles are written once and stay, the rest follows from the hashes of the last entries.

use crate::problem::{Answer, Problem};
use shipworthy_store::audit_tree::{self, Tile};
use shipworthy_store::{Session, StoreError};
use shipworthy_trust::merkle::{Hash, consistency_path, from_hex, inclusion_path, root_of, to_hex};
use shipworthy_trust::tile::{self, Address, Kind, Tiles, WIDTH, tiles_of};
use std::ops::Range;

/// The width of a tile as the database counts.
pub(crate) const TILE: i64 = 256;

/// Whether one of the entries from `first` to `last` is the last of a tile.
pub(crate) fn fills_a_tile(first: i64, last: i64) -> bool {
    (first - 1) / TILE != last / TILE
}

/// Writes every full tile of the first `size` entries that is not there. Stops, and says so, where entries are missing.
///
/// # Errors
/// When the database fails.
pub(crate) async fn fill(session: &mut Session, size: i64) -> Result<(), StoreError> {
    let mut below = size;
    for level in 0.. {
        let mut count = audit_tree::tile_count(session, level).await?;
        while (count + 1) * TILE <= below {
            let Some(hashes) = hashes_below(session, level, count * TILE, 256).await? else {
                tracing::error!(level, tile = count, "the audit log misses entries: run `shipworthy audit verify`");
                return Ok(());
            };
            let tile =
                Tile { level, number: count, root: to_hex(&tile::root(&hashes)), hashes: tile::write_hashes(&hashes) };
            audit_tree::insert_tile(session, tile).await?;
            count += 1;
        }
        if count == 0 {
            break;
        }
        below = count;
    }
    Ok(())
}

/// `count` hashes of a level from `begin` on: of entries, or of full tiles of the level below.
async fn hashes_below(
    session: &mut Session,
    level: i64,
    begin: i64,
    count: usize,
) -> Result<Option<Vec<Hash>>, StoreError> {
    let found: Vec<Option<String>> = if level == 0 {
        let leaves = audit_tree::leaves(session, begin, count).await?;
        let in_order = (begin + 1..).zip(leaves);
        in_order.map(|(place, (sequence, leaf))| leaf.filter(|_| sequence == place)).collect()
    } else {
        audit_tree::tile_roots(session, level - 1, begin, count).await?.into_iter().map(Some).collect()
    };
    let hashes: Option<Vec<Hash>> = found.iter().map(|hash| from_hex(hash.as_deref()?)).collect();
    Ok(hashes.filter(|hashes| hashes.len() == count))
}

/// The hashes of a tile; nothing when the log is not that long, or not whole.
///
/// # Errors
/// When the database fails.
pub(crate) async fn hashes(session: &mut Session, address: Address) -> Result<Option<Vec<Hash>>, StoreError> {
    let Kind::Hashes(level) = address.kind else { return Ok(None) };
    let Ok(number) = i64::try_from(address.number) else { return Ok(None) };
    let (level, width) = (i64::from(level), usize::from(address.width));
    if let Some(tile) = audit_tree::tile(session, level, number).await? {
        return Ok(tile::read_hashes(&tile.hashes).and_then(|hashes| hashes.get(..width).map(<[Hash]>::to_vec)));
    }
    match number.checked_mul(TILE) {
        Some(begin) => hashes_below(session, level, begin, width).await,
        None => Ok(None),
    }
}

/// The roots of the subtrees over these ranges, in a log of `size` entries.
///
/// # Errors
/// Internal when the log is not whole.
pub(crate) async fn roots(session: &mut Session, ranges: &[Range<u64>], size: u64) -> Answer<Vec<Hash>> {
    let mut tiles = Tiles::default();
    for address in tiles_of(ranges, size) {
        let found = hashes(session, address).await?;
        if let (Some(found), Kind::Hashes(level)) = (found, address.kind) {
            tiles.insert(level, address.number, found);
        }
    }
    let roots: Option<Vec<Hash>> = ranges.iter().map(|range| root_of(range, |node| tiles.node(node))).collect();
    roots.ok_or_else(|| Problem::internal("the audit log is not whole: run `shipworthy audit verify`"))
}

/// The root of the first `size` entries.
///
/// # Errors
/// Internal when the log is not whole.
pub(crate) async fn root_at(session: &mut Session, size: u64) -> Answer<Hash> {
    let whole = Range { start: 0, end: size };
    Ok(roots(session, std::slice::from_ref(&whole), size).await?.remove(0))
}

/// The proof that the entry at `index` (from 0) is in the log of `size` entries.
///
/// # Errors
/// Internal when the log is not whole.
pub(crate) async fn prove_inclusion(session: &mut Session, index: u64, size: u64) -> Answer<Vec<Hash>> {
    let path = inclusion_path(index, size).ok_or_else(|| Problem::internal("there is no such entry to prove"))?;
    roots(session, &path, size).await
}

/// The proof that the log of `to` entries begins with that of `from`.
///
/// # Errors
/// Internal when the log is not whole.
pub(crate) async fn prove_consistency(session: &mut Session, from: u64, to: u64) -> Answer<Vec<Hash>> {
    let path = consistency_path(from, to).ok_or_else(|| Problem::internal("the log did not shrink"))?;
    roots(session, &path, to).await
}

/// The address of the tile of entries that holds the entry at `index`, in a log of `size` entries.
#[must_use]
pub(crate) fn bundle(number: u64, size: u64) -> Address {
    let width = u16::try_from((size - number * WIDTH).min(WIDTH)).unwrap_or(u16::MAX);
    Address { kind: Kind::Entries, number, width }
}
