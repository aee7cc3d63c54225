//! `shipworthy serve`: opens what the settings name, prints where it can be reached, and serves until told to stop.

use crate::app::App;
use crate::cli::config::SettingFlags;
use crate::cli::output::{Exit, Failure, say};
use crate::clock::Clock;
use crate::settings::{LogFormat, Settings};
use crate::{people, server};
use anyhow::Context as _;
use std::sync::Arc;
use tracing_subscriber::EnvFilter;

/// Serve the API and the web UI.
#[derive(Debug, clap::Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    settings: SettingFlags,
}

impl Serve {
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        let all = self.settings.gather().map_err(Failure::Usage)?;
        let settings = Settings::from_given(&all).map_err(Failure::Usage)?;
        begin_logging(&settings).map_err(Failure::Usage)?;
        run_async(serve(settings))
    }
}

/// Runs a future on a new runtime.
pub(crate) fn run_async(future: impl Future<Output = Result<Exit, Failure>>) -> Result<Exit, Failure> {
    tokio::runtime::Runtime::new().map_err(|error| Failure::Failed(error.into()))?.block_on(future)
}

async fn serve(settings: Settings) -> Result<Exit, Failure> {
    let app = App::open(settings, Arc::new(Clock::system())).await?;
    let listen = app.settings.listen.clone();
    let listener =
        tokio::net::TcpListener::bind(&listen).await.with_context(|| format!("`{listen}` cannot be listened on"))?;
    let address = listener.local_addr()?;
    tracing::info!(%address, database = app.db.engine_name(), "serving");
    say(format_args!("Shipworthy serves on http://{address}"));
    if let Some(link) = people::make_setup_link(&app).await? {
        say(format_args!("Nobody can sign in yet. Make the first administrator here, once:\n  {link}"));
    }
    server::serve(app, listener, stop_signal()).await?;
    tracing::info!("stopped");
    Ok(Exit::Done)
}

/// Resolves on Ctrl-C, or on the signal with which an orchestrator asks a process to end.
pub(crate) async fn stop_signal() {
    let interrupt = tokio::signal::ctrl_c();
    let Ok(mut terminate) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) else {
        let _ = interrupt.await;
        return;
    };
    tokio::select! {
        _ = interrupt => {}
        _ = terminate.recv() => {}
    }
}

fn begin_logging(settings: &Settings) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&settings.log_filter)
        .with_context(|| format!("`log_filter` is `{}`: expected a filter such as `info`", settings.log_filter))?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match settings.log_format {
        LogFormat::Text => builder.with_ansi(false).init(),
        LogFormat::Json => builder.json().init(),
    }
    Ok(())
}
