//! The sync of vulnerability data: begins one, and tells how far it is.

use crate::app::App;
use crate::caller::{Allowed, Govern};
use crate::extract::Json;
use crate::problem::{Answer, Problem};
use crate::sync;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use shipworthy_advisories::source::Kind;
use shipworthy_store::Session;
use shipworthy_store::advisory_sync::{self, Brought, Feed, Run};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(sync_advisories))
}

/// Which sources are to be fetched.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StartAdvisorySync {
    /// Some of the sources that the settings name: `osv`, `epss`, `known-exploited`, `nvd`. All of them when empty.
    #[serde(default)]
    pub sources: Vec<String>,
    /// Whether to answer when it is over. A request lasts five minutes at most; the sync goes on after that.
    #[serde(default)]
    pub wait: bool,
}

/// The sync of vulnerability data that runs or ran last.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AdvisorySync {
    /// `never`, `running`, `done`, `failed` (part of it did), or `broken-off`: its server ended, and the next sync goes on.
    pub state: String,
    /// When it began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub began_at: Option<String>,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<String>,
    /// Not before this instant the next one begins by itself; absent when none does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_at: Option<String>,
    /// What is fetched, in the order in which it is.
    pub feeds: Vec<AdvisoryFeed>,
}

/// Where a source, or a part of it, is fetched from.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AdvisoryFeed {
    /// Its name, such as `osv/npm`.
    pub name: String,
    /// The source that it belongs to.
    pub source: String,
    /// `never`, `waiting`, `running`, `done` or `failed`.
    pub state: String,
    /// How many records the last sync read; none when nothing changed since the one before.
    pub records: u64,
    /// How many of them were new or other than before.
    pub changed: u64,
    /// How many places could not be read, or were not there.
    pub left_out: u64,
    /// The first of them, and what was wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_out_first: Option<String>,
    /// The address, without credentials.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// When everything that it then held was last recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checked_at: Option<String>,
    /// When the newest record of it changed, where it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newest: Option<String>,
    /// Why the last sync of it failed; what was fetched before still holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
    /// When it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed_at: Option<String>,
}

/// Fetches vulnerability data from the sources that the settings name
///
/// The server does it; this answers what it will do, and `GET /advisories` how far it is. Only what changed since the last
/// time is fetched. One sync runs at a time.
#[utoipa::path(post, path = "/advisories/sync", tag = "advisories", security(("bearer" = [])),
    request_body = StartAdvisorySync,
    responses((status = 200, description = "It is over", body = AdvisorySync),
        (status = 202, description = "It began", body = AdvisorySync), (status = 403, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn sync_advisories(
    State(app): State<App>,
    caller: Allowed<Govern>,
    Json(StartAdvisorySync { sources, wait }): Json<StartAdvisorySync>,
) -> Answer<(StatusCode, Json<AdvisorySync>)> {
    let sources = sources.iter().enumerate().map(|(index, name)| source(index, name)).collect::<Answer<Vec<_>>>()?;
    let running = sync::begin(&app, &caller, &sources).await?;
    let status = if wait {
        running.await.map_err(Problem::internal)?;
        StatusCode::OK
    } else {
        StatusCode::ACCEPTED
    };
    Ok((status, Json(state(&app, &mut app.db.read().await?).await?)))
}

fn source(index: usize, name: &str) -> Answer<Kind> {
    crate::settings::fetched(name).ok_or_else(|| {
        let detail = format!("`{name}` is no source: expected `osv`, `epss`, `known-exploited` or `nvd`");
        Problem::invalid(&format!("sources[{index}]"), detail)
    })
}

/// The sync as it stands.
pub(super) async fn state(app: &App, session: &mut Session) -> Answer<AdvisorySync> {
    let run = advisory_sync::run(session).await?;
    let known = advisory_sync::feeds(session).await?;
    let now = app.clock.now();
    let feeds = sync::feeds(&app.settings.advisories, &[]).into_iter().map(|feed| {
        let found = known.iter().find(|known| known.feed == feed.name).cloned();
        found.map_or_else(|| never(feed.name.clone(), feed.source), wire)
    });
    let mut feeds: Vec<AdvisoryFeed> = feeds.collect();
    if run.is_broken_off(now) {
        // Nobody fetches it any more.
        feeds.iter_mut().filter(|feed| feed.state == "running").for_each(|feed| feed.state = "waiting".to_owned());
    }
    let text = |at: Option<Timestamp>| at.map(|at| at.to_string());
    Ok(AdvisorySync {
        state: in_a_word(&run, &feeds, now).to_owned(),
        next_at: text(sync::next_at(app, &run, now)),
        began_at: text(run.began_at),
        ended_at: text(run.ended_at.filter(|ended| run.began_at.is_some_and(|began| began <= *ended))),
        feeds,
    })
}

fn in_a_word(run: &Run, feeds: &[AdvisoryFeed], now: Timestamp) -> &'static str {
    if run.is_under_way(now) {
        "running"
    } else if run.is_broken_off(now) {
        "broken-off"
    } else if run.began_at.is_none() {
        "never"
    } else if feeds.iter().any(|feed| feed.state == "failed") {
        "failed"
    } else {
        "done"
    }
}

fn never(name: String, source: Kind) -> AdvisoryFeed {
    AdvisoryFeed {
        name,
        source: source.as_str().to_owned(),
        state: "never".to_owned(),
        records: 0,
        changed: 0,
        left_out: 0,
        left_out_first: None,
        address: None,
        checked_at: None,
        newest: None,
        failure: None,
        failed_at: None,
    }
}

fn wire(feed: Feed) -> AdvisoryFeed {
    let Feed { feed, source, address, mark, checked_at, state, brought, failure, failed_at } = feed;
    let Brought { records, changed, left_out, left_out_first } = brought;
    AdvisoryFeed {
        name: feed,
        source,
        state,
        records,
        changed,
        left_out,
        left_out_first,
        address: Some(address),
        checked_at: checked_at.map(|at| at.to_string()),
        newest: mark.newest.map(|at| at.to_string()),
        failure,
        failed_at: failed_at.map(|at| at.to_string()),
    }
}
