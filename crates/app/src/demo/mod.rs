//! The demo: one true story of a shop, told to a fresh server through its own API by people who sign in, at the times
//! when it happened. The server's clock is told the past first; when the story is over it runs with the system.

mod documents;
mod people;
mod pipeline;
mod shop;
mod story;
mod trust;

use crate::app::App;
use anyhow::Context as _;
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;

/// How far back the story begins.
pub(crate) const STORY: SignedDuration = SignedDuration::from_hours(36 * 24);

/// Somebody who can sign in when the story is over.
#[derive(Clone, Debug, serde::Serialize)]
pub(crate) struct SignIn {
    /// The name.
    pub(crate) name: String,
    /// The password, made for this start.
    pub(crate) password: String,
    /// What the person does.
    pub(crate) role: &'static str,
}

/// Tells the story to the server at `url`, whose clock stands at its beginning, and gives who can sign in.
///
/// # Errors
/// When the server refuses something, or a gate answers other than the story says.
pub(crate) async fn tell(app: &App, url: &str, now: Timestamp) -> anyhow::Result<Vec<SignIn>> {
    let teller = Teller::new(app, url, now)?;
    let cast = people::arrive(&teller).await.context("the people of the demo cannot be made")?;
    story::tell(&teller, &cast).await.context("the story of the demo does not come out")?;
    app.clock.set(None);
    Ok(cast.sign_ins())
}

/// Who tells: moves the clock on, and speaks HTTP.
#[derive(Debug)]
pub(crate) struct Teller {
    app: App,
    http: reqwest::Client,
    url: String,
    now: Timestamp,
}

impl Teller {
    fn new(app: &App, url: &str, now: Timestamp) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder().timeout(Duration::from_secs(120)).build();
        let http = http.context("the HTTP client cannot be made")?;
        Ok(Self { app: app.clone(), http, url: url.to_owned(), now })
    }

    /// Moves the clock to so many days and hours before the present. Time does not go back: what comes too early
    /// happens a little after what was before.
    pub(crate) fn at(&self, days_ago: i64, hours_ago: i64) {
        let wanted = self.now - SignedDuration::from_hours(days_ago * 24 + hours_ago);
        self.app.clock.set(Some(wanted.max(self.app.clock.now())));
    }

    /// Lets some seconds pass, as they do between two things that people and pipelines do.
    fn pass(&self, seconds: i64) {
        self.app.clock.set(Some(self.app.clock.now() + SignedDuration::from_secs(seconds)));
    }

    /// The instant of the story.
    pub(crate) fn time(&self) -> Timestamp {
        self.app.clock.now()
    }

    /// So many days before the present.
    pub(crate) fn day(&self, days_ago: i64) -> String {
        (self.now - SignedDuration::from_hours(days_ago * 24)).to_string()
    }
}
