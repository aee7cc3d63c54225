//! Fetches an ecosystem of OSV: its list of what changed when, newest first, and then the records that the store has not
//! got in that state; the whole archive when they are many. <https://google.github.io/osv.dev/data/#data-dumps>

use super::fetch::{Fetched, Fetcher, below};
use super::taking::Taking;
use crate::advisory_parts::Parts;
use crate::problem::Problem;
use crate::wording::shown;
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use jiff::{SignedDuration, Timestamp};
use reqwest::{StatusCode, Url};
use shipworthy_advisories::source::Kind;
use shipworthy_formats::{Room, each_document_of_zip};
use shipworthy_store::advisory_sync::{self, Mark};
use std::fs::File;
use std::io::BufReader;

/// One line of the list: when a record changed, and its id.
type Line = (Timestamp, String);

/// More records than these are fetched as an archive.
const MOST_RECORDS: usize = 300;

/// Records whose turn in the export came late stand in the list before newer ones that were already seen.
const LOOK_BACK: SignedDuration = SignedDuration::from_hours(6);

/// So much an archive may be older than the list.
const ARCHIVE_LAG: SignedDuration = SignedDuration::from_hours(24);

/// How many records are fetched at once.
const AT_ONCE: usize = 8;

const LIST_BYTES: usize = 256 << 20;
const RECORD_BYTES: usize = 32 << 20;
const ARCHIVE_BYTES: usize = 4 << 30;
const ROOM: Room = Room { document_bytes: 32 << 20, archive_bytes: 32 << 30, documents: 2_000_000 };

/// Fetches what the ecosystem below `url` has beyond `mark`, and takes it in.
pub(super) async fn sync(fetcher: &Fetcher, url: &Url, mark: Mark, taking: &mut Taking<'_>) -> Result<Mark, String> {
    let list = below(url, &["modified_id.csv"]);
    let fetched = fetcher.document(&list, &mark, LIST_BYTES).await.map_err(|unfetched| unfetched.why)?;
    let (list, fetched) = match fetched {
        Fetched::Unchanged => return Ok(mark),
        Fetched::Document(list, fetched) => (lines(&list)?, fetched),
    };
    let newest = list.iter().map(|(modified, _)| *modified).max();
    let mut missing = missing(taking, &list, mark.newest.map(|newest| newest - LOOK_BACK)).await?;
    if missing.len() > MOST_RECORDS || missing.len() * 2 > list.len() {
        archive(fetcher, url, taking).await?;
        missing = self::missing(taking, &list, newest.map(|newest| newest - ARCHIVE_LAG)).await?;
    }
    records(fetcher, url, &missing, taking).await?;
    Ok(Mark { newest, ..fetched })
}

fn lines(list: &Bytes) -> Result<Vec<Line>, String> {
    let text = std::str::from_utf8(list).map_err(|error| format!("`modified_id.csv` is no text: {error}"))?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines.map(|(index, line)| self::line(line).ok_or_else(|| unreadable(index + 1, line))).collect()
}

fn line(line: &str) -> Option<Line> {
    let (modified, id) = line.split_once(',')?;
    let id = id.trim();
    // An id becomes part of an address.
    let is_id = |letter: char| letter.is_ascii_alphanumeric() || "-_.:+~@".contains(letter);
    let is_safe = !id.is_empty() && id.chars().all(is_id) && !id.starts_with('.');
    Some((modified.trim().parse().ok()?, id.to_owned())).filter(|_| is_safe)
}

fn unreadable(number: usize, line: &str) -> String {
    let begin: String = line.chars().take(80).collect();
    format!("`modified_id.csv` line {number}: expected an instant and an id, found `{}`", shown(&begin))
}

/// The ids whose state in the list, of `since` or later, is later than the store's.
async fn missing(taking: &Taking<'_>, list: &[Line], since: Option<Timestamp>) -> Result<Vec<String>, String> {
    let listed: Vec<&Line> = list.iter().filter(|(modified, _)| since.is_none_or(|since| *modified >= since)).collect();
    let ids: Vec<String> = listed.iter().map(|(_, id)| id.clone()).collect();
    let said = |error| Problem::from(error).detail;
    let mut session = taking.app.db.read().await.map_err(said)?;
    let known = advisory_sync::modified(&mut session, Kind::Osv.as_str(), &ids).await.map_err(said)?;
    // Some write fractions of a second into the record that are not in the list, or the other way round.
    let is_known =
        |(modified, id): &&Line| known.get(id).is_some_and(|known| known.as_second() >= modified.as_second());
    Ok(listed.into_iter().filter(|line| !is_known(line)).map(|(_, id)| id.clone()).collect())
}

/// Fetches the archive into a file that nobody sees, and takes it in part by part.
async fn archive(fetcher: &Fetcher, url: &Url, taking: &mut Taking<'_>) -> Result<(), String> {
    let data = &taking.app.settings.data;
    let file =
        tempfile::tempfile_in(data).map_err(|error| format!("no file can be made in `{}`: {error}", data.display()))?;
    let fetched = fetcher.download(&below(url, &["all.zip"]), ARCHIVE_BYTES, file).await;
    let file = fetched.map_err(|unfetched| unfetched.why)?;
    let (sender, mut parts) = tokio::sync::mpsc::channel(1);
    let reading = tokio::task::spawn_blocking(move || unpack(file, &sender));
    while let Some(part) = parts.recv().await {
        taking.part(part).await?;
    }
    drop(parts);
    let left_out = reading.await.map_err(|error| format!("a reader broke off: {error}"))?;
    left_out.map_err(|error| format!("`all.zip`: {error}"))?.into_iter().for_each(|why| taking.leave_out(why));
    match &taking.brought.left_out_first {
        Some(why) if taking.brought.records == 0 => Err(format!("`all.zip`: nothing of it can be read: {why}")),
        _ => Ok(()),
    }
}

/// Sends the documents of an archive in parts, and gives what was left out of it.
fn unpack(file: File, sender: &tokio::sync::mpsc::Sender<Vec<u8>>) -> anyhow::Result<Vec<String>> {
    let (mut parts, mut added) = (Parts::default(), Ok(None));
    // Nobody receives any more when taking in failed, and that side says why.
    let send = |part: Option<Vec<u8>>| part.map(|part| sender.blocking_send(part)).map_or((), |_| ());
    let left_out = each_document_of_zip(BufReader::new(file), ROOM, &mut |name, document| {
        if !sender.is_closed() && added.is_ok() {
            added = parts.add(name, document).map(|full| {
                send(full);
                None::<()>
            });
        }
    })?;
    added?;
    send(parts.take()?);
    Ok(left_out.into_iter().map(|warning| format!("{}: {}", warning.at, warning.message)).collect())
}

/// Fetches single records and takes them in. When one fails, those before it are taken in all the same.
async fn records(fetcher: &Fetcher, url: &Url, ids: &[String], taking: &mut Taking<'_>) -> Result<(), String> {
    let of_id = |id: String| async move {
        let fetched = fetcher.document(&below(url, &[&format!("{id}.json")]), &Mark::default(), RECORD_BYTES).await;
        (id, fetched)
    };
    let mut fetched = stream::iter(ids.iter().cloned().map(of_id)).buffered(AT_ONCE);
    let (mut parts, mut outcome) = (Parts::default(), Ok(()));
    let unwritten = |error: std::io::Error| error.to_string();
    while let Some((id, fetched)) = fetched.next().await {
        match fetched {
            Ok(Fetched::Document(document, _)) => {
                if let Some(full) = parts.add(&id, &document).map_err(unwritten)? {
                    taking.part(full).await?;
                }
            }
            Ok(Fetched::Unchanged) => {}
            // The list names it, and it is not there: nothing would be won by asking again.
            Err(unfetched) if unfetched.status == Some(StatusCode::NOT_FOUND) => taking.leave_out(unfetched.why),
            Err(unfetched) => {
                outcome = Err(unfetched.why);
                break;
            }
        }
    }
    if let Some(rest) = parts.take().map_err(unwritten)? {
        taking.part(rest).await?;
    }
    outcome
}
