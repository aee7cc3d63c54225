//! `shipworthy advisories sync`: has the server fetch vulnerability data, and tells how far it is.

use crate::api::advisories::Advisories;
use crate::api::advisory_sync::{AdvisoryFeed, AdvisorySync, StartAdvisorySync};
use crate::cli::format::Output;
use crate::cli::output::{Exit, Failure, print, print_json, print_table, say, to_the_second};
use crate::client::{Client, Connection};
use crate::wording::{counted, shown, thousands};
use std::collections::BTreeSet;
use std::time::Duration;

/// Have the server fetch what changed at the sources that its settings name.
#[derive(Debug, clap::Args)]
pub(super) struct Sync {
    /// Only this source: `osv`, `epss`, `known-exploited` or `nvd`. May be repeated [default: all of the settings].
    #[arg(long = "source", value_name = "SOURCE")]
    sources: Vec<String>,
    /// Stay until it is over, and fail if part of it did.
    #[arg(long)]
    wait: bool,
    /// How to print it.
    #[arg(long, value_enum, default_value_t)]
    output: Output,
    #[command(flatten)]
    connection: Connection,
}

/// How often the server is asked how far it is.
const ASKED_EVERY: Duration = Duration::from_millis(500);

impl Sync {
    pub(super) async fn sync(self) -> Result<Exit, Failure> {
        let Self { sources, wait, output, connection } = self;
        let client = connection.client()?;
        let is_wanted = |feed: &AdvisoryFeed| sources.is_empty() || sources.contains(&feed.source);
        let start = StartAdvisorySync { sources: sources.clone(), wait: false };
        let begun: AdvisorySync = client.post("/advisories/sync", &start).await?;
        let mut sync = if wait { follow(&client, &begun, is_wanted).await? } else { begun };
        sync.feeds.retain(is_wanted);
        match output {
            Output::Json => print_json(&sync)?,
            Output::Text => print_feeds(&sync.feeds),
        }
        if !wait {
            say("it goes on by itself; `shipworthy advisories status` tells how far it is");
            return Ok(Exit::Done);
        }
        if sync.state == "broken-off" {
            let why = anyhow::anyhow!("the server broke off\nhint: the next sync goes on from there");
            return Err(Failure::Undecided(why));
        }
        match sync.feeds.iter().filter(|feed| feed.state == "failed").count() as u64 {
            0 => Ok(Exit::Done),
            failed => {
                let of = counted(sync.feeds.len() as u64, "feed");
                Err(Failure::Failed(anyhow::anyhow!("{failed} of {of} failed; what was fetched before still holds")))
            }
        }
    }
}

/// Asks until the sync that `begun` tells of is over, and tells of each feed when it ends.
async fn follow(
    client: &Client,
    begun: &AdvisorySync,
    is_wanted: impl Fn(&AdvisoryFeed) -> bool,
) -> Result<AdvisorySync, Failure> {
    let (mut told, all) = (BTreeSet::new(), begun.feeds.iter().filter(|feed| is_wanted(feed)).count());
    loop {
        let Advisories { sync, .. } = client.get("/advisories", &[]).await?;
        let has_ended = |feed: &&AdvisoryFeed| is_wanted(feed) && matches!(feed.state.as_str(), "done" | "failed");
        for feed in sync.feeds.iter().filter(has_ended) {
            if told.insert(feed.name.clone()) {
                say(format_args!("{} of {}: {}", told.len(), all, in_words(feed)));
            }
        }
        if sync.state != "running" || sync.began_at != begun.began_at {
            return Ok(sync);
        }
        tokio::time::sleep(ASKED_EVERY).await;
    }
}

fn in_words(feed: &AdvisoryFeed) -> String {
    let AdvisoryFeed { name, records, changed, failure, .. } = feed;
    match failure {
        Some(why) if feed.state == "failed" => format!("{name} failed: {why}"),
        _ if *records == 0 => format!("{name}: nothing new"),
        _ => {
            let records = counted(*records, "record");
            format!("{name}: {records}, {} new or changed", thousands(*changed))
        }
    }
}

/// Prints feeds as a table.
pub(super) fn print_feeds(feeds: &[AdvisoryFeed]) {
    if feeds.is_empty() {
        print("nothing is fetched");
        return;
    }
    let row = |feed: &AdvisoryFeed| {
        let AdvisoryFeed { name, state, records, changed, left_out, left_out_first, checked_at, failure, .. } = feed;
        let checked = checked_at.as_deref().map_or("never".to_owned(), to_the_second);
        let said = match (failure, left_out_first) {
            (Some(why), _) => shown(why),
            (None, Some(first)) => format!("{} left out, the first: {}", thousands(*left_out), shown(first)),
            (None, None) => String::new(),
        };
        vec![shown(name), shown(state), thousands(*records), thousands(*changed), checked, said]
    };
    let rows: Vec<_> = feeds.iter().map(row).collect();
    print_table(&["feed", "state", "records", "changed", "complete at", "remark"], &rows);
}
