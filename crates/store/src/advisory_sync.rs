//! How far vulnerability data was fetched from its sources, and who fetches: one holder at a time, for as long as it gives
//! signs of life.

use crate::value::list_of;
use crate::{Row, Session, StoreError, args};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// Where a source is fetched from, and how far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feed {
    /// Its name, such as `osv/npm`.
    pub feed: String,
    /// The source that it belongs to, such as `osv`.
    pub source: String,
    /// The address, without credentials.
    pub address: String,
    /// How far it was fetched.
    pub mark: Mark,
    /// When everything that it then held was last recorded.
    pub checked_at: Option<Timestamp>,
    /// `waiting`, `running`, `done` or `failed`.
    pub state: String,
    /// What the last sync brought.
    pub brought: Brought,
    /// Why the last sync failed, if it did.
    pub failure: Option<String>,
    /// When it failed.
    pub failed_at: Option<Timestamp>,
}

/// How far a feed was fetched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// The `ETag` of the document.
    pub etag: Option<String>,
    /// Its `Last-Modified`, as the server wrote it.
    pub last_modified: Option<String>,
    /// When the newest record changed.
    pub newest: Option<Timestamp>,
}

/// What a sync brought of a feed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Brought {
    /// How many records were read.
    pub records: u64,
    /// How many of them were new or other than before.
    pub changed: u64,
    /// How many places could not be read, or were not there.
    pub left_out: u64,
    /// The first of them, and what was wrong.
    pub left_out_first: Option<String>,
}

/// The sync that runs or ran last, on whichever replica.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Run {
    /// Who syncs; nobody when none is under way.
    pub holder: Option<String>,
    /// Until when the holder is believed without a sign of life.
    pub held_until: Option<Timestamp>,
    /// When it began.
    pub began_at: Option<Timestamp>,
    /// When the last one ended.
    pub ended_at: Option<Timestamp>,
    /// Not before this instant the schedule begins the next one.
    pub next_at: Option<Timestamp>,
}

impl Run {
    /// Whether a sync is under way, as far as its signs of life tell.
    #[must_use]
    pub fn is_under_way(&self, now: Timestamp) -> bool {
        self.holder.is_some() && self.held_until.is_some_and(|until| now < until)
    }

    /// Whether a sync broke off without ending, as when its server was killed.
    #[must_use]
    pub fn is_broken_off(&self, now: Timestamp) -> bool {
        self.holder.is_some() && !self.is_under_way(now)
    }
}

/// The sync that runs or ran last.
///
/// # Errors
/// When the database fails.
pub async fn run(session: &mut Session) -> Result<Run, StoreError> {
    let sql = "SELECT holder, held_until, began_at, ended_at, next_at FROM advisory_sync WHERE name = 'sync'";
    let Some(row) = session.row(sql, args![]).await? else { return Ok(Run::default()) };
    let mut column = row.columns();
    Ok(Run {
        holder: column.read()?,
        held_until: column.read()?,
        began_at: column.read()?,
        ended_at: column.read()?,
        next_at: column.read()?,
    })
}

/// Makes `holder` the one who syncs until `until`, unless somebody else is; says whether it is now.
///
/// # Errors
/// When the database fails.
pub async fn begin(
    session: &mut Session,
    holder: &str,
    now: Timestamp,
    until: Timestamp,
    next_at: Option<Timestamp>,
) -> Result<bool, StoreError> {
    let sql = "UPDATE advisory_sync SET holder = $1, held_until = $2, began_at = $3, next_at = $4
               WHERE name = 'sync' AND (holder IS NULL OR held_until <= $3)";
    Ok(session.execute(sql, args![holder, until, now, next_at]).await? == 1)
}

/// Gives a sign of life. The transaction that it stands in is the holder's alone.
///
/// # Errors
/// [`StoreError::Conflict`] when somebody else took over.
pub async fn hold(session: &mut Session, holder: &str, until: Timestamp) -> Result<(), StoreError> {
    let sql = "UPDATE advisory_sync SET held_until = $2 WHERE name = 'sync' AND holder = $1";
    match session.execute(sql, args![holder, until]).await? {
        1 => Ok(()),
        _ => Err(StoreError::Conflict("another server has taken over the sync".to_owned())),
    }
}

/// Ends the sync of `holder`.
///
/// # Errors
/// When the database fails.
pub async fn end(
    session: &mut Session,
    holder: &str,
    now: Timestamp,
    next_at: Option<Timestamp>,
) -> Result<(), StoreError> {
    let sql = "UPDATE advisory_sync SET holder = NULL, held_until = NULL, ended_at = $2, next_at = $3
               WHERE name = 'sync' AND holder = $1";
    session.execute(sql, args![holder, now, next_at]).await?;
    Ok(())
}

/// Every feed that was ever fetched, by name.
///
/// # Errors
/// When the database fails.
pub async fn feeds(session: &mut Session) -> Result<Vec<Feed>, StoreError> {
    let sql = "SELECT feed, source, address, etag, last_modified, newest, checked_at, state, records, changed,
                      left_out, left_out_first, failure, failed_at FROM advisory_feed";
    let mut feeds = session.rows(sql, args![]).await?.iter().map(feed).collect::<Result<Vec<_>, _>>()?;
    feeds.sort_by(|one, other| one.feed.cmp(&other.feed));
    Ok(feeds)
}

fn feed(row: &Row) -> Result<Feed, StoreError> {
    let mut column = row.columns();
    Ok(Feed {
        feed: column.read()?,
        source: column.read()?,
        address: column.read()?,
        mark: Mark { etag: column.read()?, last_modified: column.read()?, newest: column.read()? },
        checked_at: column.read()?,
        state: column.read()?,
        brought: Brought {
            records: column.read()?,
            changed: column.read()?,
            left_out: column.read()?,
            left_out_first: column.read()?,
        },
        failure: column.read()?,
        failed_at: column.read()?,
    })
}

/// Puts a feed in line. Its mark stays if its address did.
///
/// # Errors
/// When the database fails.
pub async fn wait(session: &mut Session, feed: &str, source: &str, address: &str) -> Result<(), StoreError> {
    session.execute("DELETE FROM advisory_feed WHERE feed = $1 AND address <> $2", args![feed, address]).await?;
    let sql = "INSERT INTO advisory_feed (feed, source, address, state, records, changed, left_out)
               VALUES ($1, $2, $3, 'waiting', 0, 0, 0)
               ON CONFLICT (feed) DO UPDATE SET state = 'waiting', records = 0, changed = 0, left_out = 0,
                   left_out_first = NULL";
    session.execute(sql, args![feed, source, address]).await?;
    Ok(())
}

/// Notes that a feed is being fetched, and gives how far it was.
///
/// # Errors
/// When the database fails, or the feed is not in line.
pub async fn start(session: &mut Session, feed: &str) -> Result<Mark, StoreError> {
    session.execute("UPDATE advisory_feed SET state = 'running' WHERE feed = $1", args![feed]).await?;
    let sql = "SELECT etag, last_modified, newest FROM advisory_feed WHERE feed = $1";
    let row = session.row(sql, args![feed]).await?;
    let row = row.ok_or_else(|| StoreError::NotFound { what: format!("the feed `{feed}`") })?;
    let mut column = row.columns();
    Ok(Mark { etag: column.read()?, last_modified: column.read()?, newest: column.read()? })
}

/// Notes that part of a feed is recorded for good: the next sync goes on from here, even if this one breaks off.
///
/// # Errors
/// When the database fails.
pub async fn advance(session: &mut Session, feed: &str, newest: Timestamp) -> Result<(), StoreError> {
    session.execute("UPDATE advisory_feed SET newest = $2 WHERE feed = $1", args![feed, newest]).await?;
    Ok(())
}

/// Notes that everything a feed holds up to `mark` is recorded.
///
/// # Errors
/// When the database fails.
pub async fn done(
    session: &mut Session,
    feed: &str,
    mark: Mark,
    brought: Brought,
    now: Timestamp,
) -> Result<(), StoreError> {
    let Mark { etag, last_modified, newest } = mark;
    let sql = "UPDATE advisory_feed SET etag = $2, last_modified = $3, newest = $4, checked_at = $5, state = 'done',
                   failure = NULL, failed_at = NULL WHERE feed = $1";
    session.execute(sql, args![feed, etag, last_modified, newest, now]).await?;
    count(session, feed, brought).await
}

/// Notes why a feed could not be fetched to its end. Its mark stays.
///
/// # Errors
/// When the database fails.
pub async fn failed(
    session: &mut Session,
    feed: &str,
    brought: Brought,
    why: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let sql = "UPDATE advisory_feed SET state = 'failed', failure = $2, failed_at = $3 WHERE feed = $1";
    session.execute(sql, args![feed, why, now]).await?;
    count(session, feed, brought).await
}

async fn count(session: &mut Session, feed: &str, brought: Brought) -> Result<(), StoreError> {
    let Brought { records, changed, left_out, left_out_first } = brought;
    let sql = "UPDATE advisory_feed SET records = $2, changed = $3, left_out = $4, left_out_first = $5 WHERE feed = $1";
    session.execute(sql, args![feed, records, changed, left_out, left_out_first]).await?;
    Ok(())
}

/// Takes back that a source failed: everything that its feeds hold is recorded.
///
/// # Errors
/// When the database fails.
pub async fn mended(session: &mut Session, source: &str) -> Result<(), StoreError> {
    let sql = "UPDATE advisory_source SET failure = NULL, failed_at = NULL WHERE source = $1";
    session.execute(sql, args![source]).await?;
    Ok(())
}

/// When the records of a source with these ids changed last, as they say; those without a time are left out.
///
/// # Errors
/// When the database fails.
pub async fn modified(
    session: &mut Session,
    source: &str,
    ids: &[String],
) -> Result<BTreeMap<String, Timestamp>, StoreError> {
    let mut found = BTreeMap::new();
    for some in ids.chunks(crate::advisory::VALUES_PER_STATEMENT) {
        let mut arguments = args![source];
        let list = list_of(some, &mut arguments);
        let sql =
            format!("SELECT id, modified FROM advisory WHERE source = $1 AND modified IS NOT NULL AND id IN ({list})");
        for row in session.rows(&sql, arguments).await? {
            let mut column = row.columns();
            found.insert(column.read()?, column.read()?);
        }
    }
    Ok(found)
}
