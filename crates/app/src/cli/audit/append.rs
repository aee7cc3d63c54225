//! `shipworthy audit append`: appends entries as fast as the disk makes them durable, and says how many a second. For
//! `cargo xtask bench`; it writes into the log that it is pointed at, and is therefore hidden.

use crate::app::App;
use crate::audit_log::{append, queue};
use crate::cli::config::SettingFlags;
use crate::cli::output::{Exit, Failure, print_json};
use crate::cli::serve::run_async;
use crate::clock::Clock;
use crate::people::entry;
use crate::problem::Answer;
use crate::settings::Settings;
use serde::Serialize;
use serde_json::json;
use shipworthy_store::audit::{Actor, NewEntry};
use std::sync::Arc;
use std::time::Instant;

/// Append entries that say nothing, and measure it.
#[derive(Debug, clap::Args)]
pub(crate) struct Append {
    /// How many append at the same time.
    #[arg(long, default_value_t = 16, value_name = "NUMBER")]
    writers: usize,
    /// How many entries each appends.
    #[arg(long, default_value_t = 1_000, value_name = "NUMBER")]
    each: usize,
    #[command(flatten)]
    settings: SettingFlags,
}

/// How many entries a second became durable.
#[derive(Debug, Serialize)]
struct Measured {
    /// Through the queue.
    queued_per_second: f64,
    /// Each in a transaction of its own, as with a change.
    alone_per_second: f64,
}

/// How an entry is appended.
#[derive(Clone, Copy)]
enum Way {
    Queued,
    Alone,
}

impl Append {
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        let Self { writers, each, settings } = self;
        let settings = Settings::from_given(&settings.gather().map_err(Failure::Usage)?).map_err(Failure::Usage)?;
        run_async(async move {
            let app = App::open(settings, Arc::new(Clock::system())).await?;
            let queued_per_second = measure(&app, writers, each, Way::Queued).await?;
            let alone_per_second = measure(&app, writers, each / 10, Way::Alone).await?;
            print_json(&Measured { queued_per_second, alone_per_second })?;
            Ok(Exit::Done)
        })
    }
}

async fn measure(app: &App, writers: usize, each: usize, way: Way) -> Result<f64, Failure> {
    let began = Instant::now();
    let all: Vec<_> = (0..writers).map(|writer| tokio::spawn(write(app.clone(), writer, each, way))).collect();
    for one in all {
        one.await.map_err(|error| Failure::Failed(error.into()))??;
    }
    #[expect(clippy::cast_precision_loss, reason = "it is a measure")]
    Ok((writers * each) as f64 / began.elapsed().as_secs_f64())
}

async fn write(app: App, writer: usize, each: usize, way: Way) -> Answer<()> {
    for number in 0..each {
        let entry = one(&app, writer, number);
        match way {
            Way::Queued => {
                queue::submit(&app, entry).await?;
            }
            Way::Alone => {
                let mut session = app.db.write().await?;
                append(&mut session, &entry).await?;
                session.commit().await?;
            }
        }
    }
    Ok(())
}

fn one(app: &App, writer: usize, number: usize) -> NewEntry {
    let object = ("measure", format!("{writer}-{number}"));
    let summary = format!("measured how fast writer {writer} appends");
    entry(app, Actor::system("bench"), "measure.append", object, summary, json!({ "writer": writer, "number": number }))
}
