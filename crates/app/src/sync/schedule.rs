//! Begins a sync when it is time, if the settings say how often. When that is stands in the database, so that replicas and
//! restarts neither double nor lose one.

use crate::app::App;
use crate::caller::Caller;
use jiff::{SignedDuration, Timestamp};
use shipworthy_model::Permission;
use shipworthy_store::advisory_sync::{self, Run};
use std::time::Duration;

/// How often is looked whether it is time.
const LOOKED_EVERY_SECONDS: u64 = 60;

/// After a failure the next sync comes this soon, if not sooner.
const AFTER_FAILURE: SignedDuration = SignedDuration::from_hours(1);

/// Keeps the data current as long as the server runs; does nothing unless the settings say how often.
pub(crate) async fn keep_current(app: App) {
    if app.settings.advisories.sync_hours == 0 {
        return;
    }
    let caller = Caller::system("advisories", Permission::Govern);
    loop {
        match is_time(&app).await {
            Ok(true) => match super::begin(&app, &caller, &[]).await {
                Ok(running) => drop(running.await),
                // Another replica was faster.
                Err(problem) if problem.status == 409 => {}
                Err(problem) => tracing::error!(cause = %problem, "a sync of vulnerability data cannot begin"),
            },
            Ok(false) => {}
            Err(error) => tracing::warn!(cause = %error, "the schedule of syncs cannot be read; trying again"),
        }
        // Replicas that started together do not ask together.
        let [chance] = app.clock.random::<1>();
        tokio::time::sleep(Duration::from_secs(LOOKED_EVERY_SECONDS + u64::from(chance) / 8)).await;
    }
}

async fn is_time(app: &App) -> Result<bool, shipworthy_store::StoreError> {
    let run = advisory_sync::run(&mut app.db.read().await?).await?;
    let now = app.clock.now();
    let is_free = !run.is_under_way(now);
    Ok(is_free && next_at(app, &run, now).is_some_and(|at| at <= now))
}

/// Not before this instant the next sync begins by itself; nothing when none ever does.
pub(crate) fn next_at(app: &App, run: &Run, now: Timestamp) -> Option<Timestamp> {
    let hours = i64::try_from(app.settings.advisories.sync_hours).ok().filter(|hours| *hours > 0)?;
    if run.is_broken_off(now) {
        return Some(now);
    }
    let Some(began_at) = run.began_at else { return Some(now) };
    // The hours may be fewer now than when the instant was noted.
    let latest = began_at + with_jitter(hours, u16::MAX);
    Some(run.next_at.map_or(latest, |at| at.min(latest)))
}

/// How long after a sync the next one begins; nothing when none does by itself.
pub(super) fn pause(app: &App, has_failed: bool) -> Option<SignedDuration> {
    let hours = i64::try_from(app.settings.advisories.sync_hours).ok().filter(|hours| *hours > 0)?;
    let pause = with_jitter(hours, u16::from_be_bytes(app.clock.random()));
    Some(if has_failed { pause.min(AFTER_FAILURE) } else { pause })
}

/// So many hours and up to a tenth more, so that not everybody asks at the same time.
fn with_jitter(hours: i64, chance: u16) -> SignedDuration {
    let seconds = hours * 3600;
    SignedDuration::from_secs(seconds + seconds / 10 * i64::from(chance) / i64::from(u16::MAX))
}
