//! The verb that fetches vulnerability data from its sources and takes it in. One server at a time does; feed after feed, and
//! the mark of a feed moves after its records are committed, so that what breaks off anywhere goes on with the next time.
//! A feed that fails keeps what is there, raises an alarm and stops no other.

mod fetch;
mod nvd;
mod osv;
mod schedule;
mod taking;
mod whole;

use crate::app::App;
use crate::audit_log;
use crate::caller::Caller;
use crate::people::entry;
use crate::problem::{Answer, Problem};
use crate::settings::AdvisorySettings;
use crate::wording::counted;
use fetch::{Fetcher, below, plain};
use jiff::{SignedDuration, Timestamp};
use reqwest::Url;
use serde_json::json;
use shipworthy_advisories::source::Kind;
use shipworthy_model::Permission;
use shipworthy_store::advisory_sync::{self, Mark};
use shipworthy_store::{Session, advisory_source};
use std::collections::BTreeMap;
use std::time::Duration;
use taking::Taking;
use tokio::task::JoinHandle;

pub(crate) use schedule::{keep_current, next_at};

/// Where a source, or a part of it, is fetched from.
#[derive(Clone, Debug)]
pub(crate) struct Feed {
    /// Its name, such as `osv/npm`.
    pub(crate) name: String,
    /// The source that its records are of.
    pub(crate) source: Kind,
    /// The address, with credentials if it has some.
    url: Url,
}

/// So long the others believe a server that gives no sign of life.
const BELIEVED: SignedDuration = SignedDuration::from_secs(120);

/// So often a server gives a sign of life.
const SIGN_OF_LIFE: Duration = Duration::from_secs(30);

/// What the settings name, of `wanted` sources or, if that is empty, of all.
pub(crate) fn feeds(settings: &AdvisorySettings, wanted: &[Kind]) -> Vec<Feed> {
    let mut feeds = Vec::new();
    for source in settings.sources.iter().copied().filter(|kind| wanted.is_empty() || wanted.contains(kind)) {
        let mut feed = |name: String, url: Url| feeds.push(Feed { name, source, url });
        let whole = source.as_str().to_owned();
        match source {
            Kind::Osv => {
                for ecosystem in &settings.osv_ecosystems {
                    feed(format!("{whole}/{ecosystem}"), below(&settings.osv_url, &[ecosystem]));
                }
            }
            Kind::Epss => feed(whole, settings.epss_url.clone()),
            Kind::KnownExploited => feed(whole, settings.known_exploited_url.clone()),
            Kind::Nvd => feed(whole, settings.nvd_url.clone()),
            // The settings let no other through.
            Kind::GitHub | Kind::Cve | Kind::Csaf | Kind::EndOfLife => {}
        }
    }
    feeds
}

/// Begins to fetch `wanted` sources, or all that the settings name, and goes on by itself.
///
/// # Errors
/// 403 without the permission on everything; 409 when one is under way, or the settings name nothing to fetch.
pub(crate) async fn begin(app: &App, caller: &Caller, wanted: &[Kind]) -> Answer<JoinHandle<()>> {
    caller.require_everywhere(Permission::Govern, "vulnerability data belongs to no team")?;
    let settings = &app.settings.advisories;
    if let Some(missing) = wanted.iter().find(|kind| !settings.sources.contains(kind)) {
        let detail = format!("`{}` is not fetched here", missing.as_str());
        return Err(Problem::conflict(detail).hint("the setting `advisories_sources` says what is"));
    }
    let feeds = feeds(settings, wanted);
    if feeds.is_empty() {
        let detail = "nothing is fetched here";
        return Err(Problem::conflict(detail).hint("the setting `advisories_sources` says what is"));
    }
    let (holder, now) = (app.clock.new_id().to_string(), app.clock.now());
    let mut session = app.db.write().await?;
    let next = schedule::pause(app, false).map(|pause| now + pause);
    if !advisory_sync::begin(&mut session, &holder, now, now + BELIEVED, next).await? {
        let began =
            advisory_sync::run(&mut session).await?.began_at.map(|at| format!(" since {at}")).unwrap_or_default();
        return Err(
            Problem::conflict(format!("a sync is under way{began}")).hint("GET /api/v1/advisories tells how far it is")
        );
    }
    for Feed { name, source, url } in &feeds {
        advisory_sync::wait(&mut session, name, source.as_str(), plain(url).as_str()).await?;
    }
    let names: Vec<&str> = feeds.iter().map(|feed| feed.name.as_str()).collect();
    let summary = format!("a sync of {} began", counted(names.len() as u64, "feed"));
    let object = ("advisories", "sync".to_owned());
    let entry = entry(app, caller.actor(), "advisories.sync", object, summary, json!({ "feeds": names }));
    audit_log::append(&mut session, &entry).await?;
    session.commit().await?;
    let running = Running { app: app.clone(), caller: caller.clone(), holder };
    Ok(tokio::spawn(running.run(feeds)))
}

/// A sync that this server holds.
struct Running {
    app: App,
    caller: Caller,
    holder: String,
}

impl Running {
    async fn run(self, feeds: Vec<Feed>) {
        let worked = tokio::select! {
            worked = self.work(&feeds) => worked,
            why = self.lose() => Err(why),
        };
        if let Err(problem) = worked {
            tracing::error!(cause = %problem, "a sync of vulnerability data broke off; the next one goes on from there");
        }
    }

    /// Gives signs of life until another server took over, because this one gave none for too long.
    async fn lose(&self) -> Problem {
        loop {
            tokio::time::sleep(SIGN_OF_LIFE).await;
            match self.hold().await {
                Ok(session) => drop(session.commit().await),
                Err(problem) if problem.status == 409 => return problem,
                // The database may answer again before the others stop believing.
                Err(_) => {}
            }
        }
    }

    /// A transaction that only the holder gets.
    async fn hold(&self) -> Answer<Session> {
        let mut session = self.app.db.write().await?;
        advisory_sync::hold(&mut session, &self.holder, self.app.clock.now() + BELIEVED).await?;
        Ok(session)
    }

    async fn work(&self, feeds: &[Feed]) -> Answer<()> {
        let mut failed = 0;
        for feed in feeds {
            let mut session = self.hold().await?;
            let mark = advisory_sync::start(&mut session, &feed.name).await?;
            session.commit().await?;
            let mut taking = Taking::new(&self.app, &self.caller);
            let outcome = self.fetch(feed, mark, &mut taking).await;
            failed += u64::from(outcome.is_err());
            self.close(feed, outcome, taking).await?;
        }
        let mut session = self.hold().await?;
        let now = self.app.clock.now();
        let next = schedule::pause(&self.app, failed > 0).map(|pause| now + pause);
        advisory_sync::end(&mut session, &self.holder, now, next).await?;
        session.commit().await?;
        tracing::info!(feeds = feeds.len(), failed, "vulnerability data was fetched");
        Ok(())
    }

    /// Fetches what a feed has beyond `mark` and gives the mark of what is recorded then.
    async fn fetch(&self, feed: &Feed, mark: Mark, taking: &mut Taking<'_>) -> Result<Mark, String> {
        let settings = &self.app.settings.advisories;
        let fetcher = Fetcher::new(settings.longest_silence)?;
        match feed.source {
            Kind::Osv => osv::sync(&fetcher, &feed.url, mark, taking).await,
            Kind::Nvd => nvd::sync(self, feed, mark, taking).await,
            Kind::Epss | Kind::KnownExploited => whole::sync(&fetcher, &feed.url, mark, taking).await,
            Kind::GitHub | Kind::Cve | Kind::Csaf | Kind::EndOfLife => Err("this source is not fetched".to_owned()),
        }
    }

    /// Records how a feed ended, and what that means for its source.
    async fn close(&self, feed: &Feed, outcome: Result<Mark, String>, taking: Taking<'_>) -> Answer<()> {
        let (name, source, now) = (feed.name.as_str(), feed.source.as_str(), self.app.clock.now());
        let brought = taking.brought;
        let mut session = self.hold().await?;
        let result = if outcome.is_ok() { "done" } else { "failed" };
        metrics::counter!("shipworthy_advisories_feeds_total", "feed" => name.to_owned(), "outcome" => result)
            .increment(1);
        match outcome {
            Ok(mark) => {
                if let Some(first) = &brought.left_out_first {
                    let left_out = brought.left_out;
                    tracing::warn!(feed = name, left_out, first, "part of a feed of vulnerability data cannot be read");
                }
                advisory_sync::done(&mut session, name, mark, brought, now).await?;
                self.note(&mut session, source, now).await?;
            }
            Err(why) => {
                tracing::error!(
                    feed = name,
                    cause = why,
                    "vulnerability data could not be fetched; what is there still holds"
                );
                advisory_sync::failed(&mut session, name, brought, &why, now).await?;
                self.note(&mut session, source, now).await?;
                let (object, summary) = (("advisories", name.to_owned()), format!("fetching {name} failed: {why}"));
                let details = json!({ "failure": why });
                let entry = entry(&self.app, self.caller.actor(), "advisories.sync", object, summary, details);
                audit_log::append(&mut session, &entry).await?;
            }
        }
        Ok(session.commit().await?)
    }

    /// A source fails as long as one of its feeds does.
    async fn note(&self, session: &mut Session, source: &str, now: Timestamp) -> Answer<()> {
        let fetched = feeds(&self.app.settings.advisories, &[]);
        let mut failures = Vec::new();
        for known in advisory_sync::feeds(session).await? {
            let is_fetched = known.source == source && fetched.iter().any(|feed| feed.name == known.feed);
            if let Some(why) = known.failure.filter(|_| is_fetched) {
                let part = known.feed.split_once('/').map(|(_, part)| format!("{part}: ")).unwrap_or_default();
                failures.push(format!("{part}{why}"));
            }
        }
        if failures.is_empty() {
            advisory_sync::mended(session, source).await?;
        } else {
            advisory_source::failed(session, source, &failures.join("; "), now).await?;
        }
        Ok(())
    }
}

/// When every feed of each source that the settings name was last recorded whole, by the source.
pub(crate) fn checked(
    settings: &AdvisorySettings,
    known: &[advisory_sync::Feed],
) -> BTreeMap<String, Option<Timestamp>> {
    let mut checked: BTreeMap<String, Option<Timestamp>> = BTreeMap::new();
    for feed in feeds(settings, &[]) {
        let at = known.iter().find(|known| known.feed == feed.name).and_then(|known| known.checked_at);
        // Nothing is earlier than any instant: a source of which one feed was never whole was never whole.
        checked.entry(feed.source.as_str().to_owned()).and_modify(|oldest| *oldest = (*oldest).min(at)).or_insert(at);
    }
    checked
}

/// Measures how old each source is and whether it fails, on every replica the same.
///
/// # Errors
/// When the database fails.
pub(crate) async fn measure(app: &App) -> Answer<()> {
    let mut session = app.db.read().await?;
    let checked = checked(&app.settings.advisories, &advisory_sync::feeds(&mut session).await?);
    for source in advisory_source::list(&mut session).await? {
        let has_failed = f64::from(u8::from(source.failure.is_some()));
        metrics::gauge!("shipworthy_advisories_failed", "source" => source.source.clone()).set(has_failed);
        let current_at = checked.get(&source.source).copied().flatten().max(source.imported_at);
        if let Some(at) = current_at {
            let age = app.clock.now().duration_since(at).as_secs_f64();
            metrics::gauge!("shipworthy_advisories_age_seconds", "source" => source.source).set(age);
        }
    }
    Ok(())
}
