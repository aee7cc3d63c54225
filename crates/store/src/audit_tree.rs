//! The tree over the audit log: hashes of entries, full tiles, and the checkpoints that were made. What the hashes mean is
//! not known here.

use crate::{Row, Session, StoreError, args};
use jiff::Timestamp;

/// The hashes of the entries after `sequence`, at most `limit`, each with its place; a hash is absent in what was not
/// carried over yet.
///
/// # Errors
/// When the database fails.
pub async fn leaves(
    session: &mut Session,
    sequence: i64,
    limit: usize,
) -> Result<Vec<(i64, Option<String>)>, StoreError> {
    let sql = "SELECT sequence, leaf FROM audit WHERE sequence > $1 ORDER BY sequence LIMIT $2";
    let rows = session.rows(sql, args![sequence, limit]).await?;
    let read = |row: &Row| {
        let mut column = row.columns();
        Ok((column.read()?, column.read()?))
    };
    rows.iter().map(read).collect()
}

/// Writes the hash of an entry that has none.
///
/// # Errors
/// When the database fails.
pub async fn set_leaf(session: &mut Session, sequence: i64, details: &str, leaf: &str) -> Result<(), StoreError> {
    let sql = "UPDATE audit SET details = $2, leaf = $3 WHERE sequence = $1 AND leaf IS NULL";
    session.execute(sql, args![sequence, details, leaf]).await?;
    Ok(())
}

/// The place of the first entry without a hash.
///
/// # Errors
/// When the database fails.
pub async fn first_without_leaf(session: &mut Session) -> Result<Option<i64>, StoreError> {
    let row = session.row("SELECT sequence FROM audit WHERE leaf IS NULL ORDER BY sequence LIMIT 1", args![]).await?;
    row.map(|row| row.first()).transpose()
}

/// A full tile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tile {
    /// Its level.
    pub level: i64,
    /// Its place on the level.
    pub number: i64,
    /// The root over its hashes in hexadecimal digits.
    pub root: String,
    /// Its 256 hashes.
    pub hashes: Vec<u8>,
}

/// Keeps a full tile. One that is there already is left alone.
///
/// # Errors
/// When the database fails.
pub async fn insert_tile(session: &mut Session, tile: Tile) -> Result<(), StoreError> {
    let Tile { level, number, root, hashes } = tile;
    let sql = "INSERT INTO audit_tile (level, number, root, hashes) VALUES ($1, $2, $3, $4)
               ON CONFLICT (level, number) DO NOTHING";
    session.execute(sql, args![level, number, root, hashes]).await?;
    Ok(())
}

/// A full tile, if it is there.
///
/// # Errors
/// When the database fails.
pub async fn tile(session: &mut Session, level: i64, number: i64) -> Result<Option<Tile>, StoreError> {
    let sql = "SELECT root, hashes FROM audit_tile WHERE level = $1 AND number = $2";
    let row = session.row(sql, args![level, number]).await?;
    row.map(|row| {
        let mut column = row.columns();
        Ok(Tile { level, number, root: column.read()?, hashes: column.read()? })
    })
    .transpose()
}

/// The roots of the full tiles of a level from `number` on, at most `limit`, in their order.
///
/// # Errors
/// When the database fails.
pub async fn tile_roots(
    session: &mut Session,
    level: i64,
    number: i64,
    limit: usize,
) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT root FROM audit_tile WHERE level = $1 AND number >= $2 ORDER BY number LIMIT $3";
    session.rows(sql, args![level, number, limit]).await?.iter().map(Row::first).collect()
}

/// How many full tiles a level has.
///
/// # Errors
/// When the database fails.
pub async fn tile_count(session: &mut Session, level: i64) -> Result<i64, StoreError> {
    let sql = "SELECT number FROM audit_tile WHERE level = $1 ORDER BY number DESC LIMIT 1";
    let last: Option<i64> = session.row(sql, args![level]).await?.map(|row| row.first()).transpose()?;
    Ok(last.map_or(0, |last| last + 1))
}

/// A checkpoint that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// How many entries it is over.
    pub size: i64,
    /// The root over them in hexadecimal digits.
    pub root: String,
    /// The signed note; absent when the server ended between keeping and signing.
    pub note: Option<String>,
}

/// Keeps size and root of a checkpoint that is about to be signed. What is kept of this size already stays.
///
/// # Errors
/// When the database fails.
pub async fn keep_checkpoint(session: &mut Session, size: i64, root: &str, at: Timestamp) -> Result<(), StoreError> {
    let sql = "INSERT INTO audit_checkpoint (size, root, made_at) VALUES ($1, $2, $3) ON CONFLICT (size) DO NOTHING";
    session.execute(sql, args![size, root, at]).await?;
    Ok(())
}

/// Adds the signed note to a checkpoint that was kept.
///
/// # Errors
/// When the database fails.
pub async fn sign_checkpoint(session: &mut Session, size: i64, note: &str) -> Result<(), StoreError> {
    session.execute("UPDATE audit_checkpoint SET note = $2 WHERE size = $1", args![size, note]).await?;
    Ok(())
}

/// The last checkpoint up to this size.
///
/// # Errors
/// When the database fails.
pub async fn last_checkpoint(session: &mut Session, size: i64) -> Result<Option<Kept>, StoreError> {
    let sql = "SELECT size, root, note FROM audit_checkpoint WHERE size <= $1 ORDER BY size DESC LIMIT 1";
    session.row(sql, args![size]).await?.as_ref().map(kept).transpose()
}

/// The checkpoints after `size` in their order, at most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn checkpoints(session: &mut Session, size: i64, limit: usize) -> Result<Vec<Kept>, StoreError> {
    let sql = "SELECT size, root, note FROM audit_checkpoint WHERE size > $1 ORDER BY size LIMIT $2";
    session.rows(sql, args![size, limit]).await?.iter().map(kept).collect()
}

fn kept(row: &Row) -> Result<Kept, StoreError> {
    let mut column = row.columns();
    Ok(Kept { size: column.read()?, root: column.read()?, note: column.read()? })
}

/// The log's name in checkpoints. The first one that is given stays.
///
/// # Errors
/// When the database fails.
pub async fn keep_origin(session: &mut Session, origin: &str) -> Result<(), StoreError> {
    session.execute("UPDATE audit_head SET origin = $1 WHERE id = 1 AND origin IS NULL", args![origin]).await?;
    Ok(())
}

/// The log's name in checkpoints, if it has one.
///
/// # Errors
/// When the database fails.
pub async fn origin(session: &mut Session) -> Result<Option<String>, StoreError> {
    let row = session.row("SELECT origin FROM audit_head WHERE id = 1", args![]).await?;
    row.map_or(Ok(None), |row| row.first())
}

/// Whether everything of before the tree was carried over.
///
/// # Errors
/// When the database fails.
pub async fn is_carried_over(session: &mut Session) -> Result<bool, StoreError> {
    let row = session.row("SELECT is_carried_over FROM audit_head WHERE id = 1", args![]).await?;
    Ok(row.map_or(Ok(None), |row| row.first::<Option<bool>>())?.unwrap_or_default())
}

/// Notes that everything of before the tree was carried over.
///
/// # Errors
/// When the database fails.
pub async fn set_carried_over(session: &mut Session) -> Result<(), StoreError> {
    session.execute("UPDATE audit_head SET is_carried_over = 1 WHERE id = 1", args![]).await?;
    Ok(())
}
