//! Fetches what changed at NVD since the last time: windows of at most 120 days, page by page, with the pauses that NVD
//! asks for. The mark moves with every window, so that the first sync, which takes long, need not begin anew.
//! <https://nvd.nist.gov/developers/vulnerabilities>

use super::fetch::{Fetcher, Unfetched, body};
use super::taking::Taking;
use super::{Feed, Running};
use crate::problem::Problem;
use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use reqwest::StatusCode;
use serde::Deserialize;
use shipworthy_store::advisory_sync::{self, Mark};

/// NVD allows 120 days.
const WINDOW: SignedDuration = SignedDuration::from_hours(119 * 24);

/// No record changed before 1999, in seconds since 1970.
const BEGINNING: i64 = 915_148_800;

/// NVD writes some records with a time that is past when they appear.
const LOOK_BACK: SignedDuration = SignedDuration::from_hours(2);

/// The most that NVD gives at once.
const RECORDS_PER_PAGE: u64 = 2000;

const PAGE_BYTES: usize = 256 << 20;

/// How often a page is asked for when NVD says that this was too often.
const ATTEMPTS: u32 = 4;

/// What stands at the top of a page.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    results_per_page: u64,
    total_results: u64,
}

/// Fetches what changed after `mark`, and takes it in.
pub(super) async fn sync(running: &Running, feed: &Feed, mark: Mark, taking: &mut Taking<'_>) -> Result<Mark, String> {
    let fetcher = Fetcher::without_redirects(running.app.settings.advisories.longest_silence)?;
    let now = running.app.clock.now();
    let beginning = Timestamp::from_second(BEGINNING).unwrap_or(Timestamp::UNIX_EPOCH);
    let mut from = mark.newest.map_or(beginning, |newest| newest - LOOK_BACK);
    while from < now {
        let until = (from + WINDOW).min(now);
        window(running, &fetcher, feed, (from, until), taking).await?;
        advance(running, feed, until).await.map_err(|problem| problem.detail)?;
        from = until;
    }
    Ok(Mark { newest: Some(now), ..Mark::default() })
}

async fn advance(running: &Running, feed: &Feed, until: Timestamp) -> Result<(), Problem> {
    let mut session = running.hold().await?;
    advisory_sync::advance(&mut session, &feed.name, until).await?;
    Ok(session.commit().await?)
}

async fn window(
    running: &Running,
    fetcher: &Fetcher,
    feed: &Feed,
    between: (Timestamp, Timestamp),
    taking: &mut Taking<'_>,
) -> Result<(), String> {
    let (mut start, mut total) = (0, None);
    loop {
        let bytes = page(running, fetcher, feed, between, start).await?;
        let Page { results_per_page, total_results } =
            serde_json::from_slice(&bytes).map_err(|error| format!("this is no page of NVD: {error}"))?;
        if results_per_page > 0 {
            taking.document(bytes).await?;
        }
        // A record that changes meanwhile leaves the window, and those behind it move up.
        let moved_up = total.map_or(0, |before: u64| before.saturating_sub(total_results));
        total = Some(total_results);
        start = (start + results_per_page).saturating_sub(moved_up);
        if results_per_page == 0 || start >= total_results {
            return Ok(());
        }
    }
}

async fn page(
    running: &Running,
    fetcher: &Fetcher,
    feed: &Feed,
    (from, until): (Timestamp, Timestamp),
    start: u64,
) -> Result<Bytes, String> {
    let settings = &running.app.settings.advisories;
    let instant = |at: Timestamp| at.strftime("%Y-%m-%dT%H:%M:%S%.3f+00:00").to_string();
    let query = [
        ("lastModStartDate", instant(from)),
        ("lastModEndDate", instant(until)),
        ("resultsPerPage", RECORDS_PER_PAGE.to_string()),
        ("startIndex", start.to_string()),
    ];
    let mut attempt = 1;
    loop {
        tokio::time::sleep(settings.nvd_pause).await;
        let mut request = fetcher.get(&feed.url).query(&query);
        if let Some(key) = &settings.nvd_key {
            request = request.header("apiKey", key);
        }
        let fetched = match fetcher.send(&feed.url, request).await {
            Ok(response) => body(&feed.url, response, PAGE_BYTES).await,
            Err(unfetched) => Err(unfetched),
        };
        match fetched {
            Ok(bytes) => return Ok(bytes),
            Err(unfetched) if attempt < ATTEMPTS && is_too_often(&unfetched) => {
                attempt += 1;
                // The window in which NVD counts questions has 30 seconds.
                tokio::time::sleep(settings.nvd_pause * 5).await;
            }
            Err(unfetched) => return Err(unfetched.why),
        }
    }
}

fn is_too_often(unfetched: &Unfetched) -> bool {
    let too_often = [StatusCode::FORBIDDEN, StatusCode::TOO_MANY_REQUESTS, StatusCode::SERVICE_UNAVAILABLE];
    unfetched.status.is_some_and(|status| too_often.contains(&status))
}
