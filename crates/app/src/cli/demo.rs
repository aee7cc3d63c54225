//! `shipworthy demo`: a fresh server that is told one true story, and goes on serving.

use crate::app::App;
use crate::cli::output::{Exit, Failure, print, say};
use crate::cli::serve::{run_async, stop_signal};
use crate::clock::Clock;
use crate::demo::{self, SignIn};
use crate::server;
use crate::settings::{self, Settings};
use anyhow::{Context as _, bail};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

/// Start a fresh server, tell it the story of a shop, and go on serving.
#[derive(Debug, clap::Args)]
pub(crate) struct Demo {
    /// Port on the loopback address; 0 for any free one.
    #[arg(long, value_name = "PORT", default_value_t = 8480)]
    port: u16,
    /// Folder for its data, which must be empty or missing [default: a temporary one, deleted at the end].
    #[arg(long, value_name = "FOLDER")]
    data: Option<PathBuf>,
    /// File for the address and the passwords, as JSON; only its owner can read it.
    #[arg(long, value_name = "FILE")]
    credentials_file: Option<PathBuf>,
    /// Do not open a browser.
    #[arg(long)]
    no_open: bool,
}

impl Demo {
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        run_async(self.demo())
    }

    async fn demo(self) -> Result<Exit, Failure> {
        let Self { port, data, credentials_file, no_open } = self;
        let temporary = tempfile::tempdir().context("no temporary folder can be made")?;
        let data = data.unwrap_or_else(|| temporary.path().join("data"));
        refuse_used(&data).map_err(Failure::Usage)?;
        if let Some(file) = &credentials_file {
            // Who waits for the file must not find the one of an earlier start.
            let _ = std::fs::remove_file(file);
        }
        let now = Clock::system().now();
        let clock = Arc::new(Clock::told_from(now - demo::STORY));
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await;
        let listener = listener.with_context(|| format!("port {port} of 127.0.0.1 cannot be listened on"))?;
        let url = format!("http://{}", listener.local_addr()?);
        let app = App::open(settings(&data, &url).map_err(Failure::Usage)?, clock).await?;
        let serving = tokio::spawn(server::serve(app.clone(), listener, stop_signal()));

        say("telling the story of the Harbour Shop …");
        let begin = Instant::now();
        let sign_ins = tokio::select! {
            told = demo::tell(&app, &url, now) => told?,
            () = stop_signal() => return Ok(Exit::Done),
        };
        say(format_args!("told in {:.1} seconds", begin.elapsed().as_secs_f64()));
        if let Some(file) = &credentials_file {
            write_credentials(file, &url, &sign_ins)?;
        }
        show(&url, &sign_ins);
        if !no_open {
            open_browser(&url);
        }
        serving.await.context("the server broke off")??;
        Ok(Exit::Done)
    }
}

/// A story told into the data of somebody else would be no story.
fn refuse_used(data: &Path) -> anyhow::Result<()> {
    let is_used = std::fs::read_dir(data).is_ok_and(|mut entries| entries.next().is_some());
    if is_used {
        bail!("the folder `{}` is not empty\nhint: the demo needs a fresh one", data.display());
    }
    Ok(())
}

fn settings(data: &Path, url: &str) -> anyhow::Result<Settings> {
    let flags = BTreeMap::from([
        ("data".to_owned(), data.display().to_string()),
        ("listen".to_owned(), url.trim_start_matches("http://").to_owned()),
        ("public_url".to_owned(), url.to_owned()),
    ]);
    // Neither file nor variables: the demo must not write into what they name.
    Settings::from_given(&settings::gather(None, |_| None, &flags)?)
}

/// Writes the credentials so that nobody else on the machine reads them, and all at once: who waits for the file may
/// read it as soon as it is there.
fn write_credentials(file: &Path, url: &str, sign_ins: &[SignIn]) -> anyhow::Result<()> {
    let failed = || format!("the credentials file `{}` cannot be written", file.display());
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut begun = tempfile::NamedTempFile::new_in(folder).with_context(failed)?;
    let credentials = serde_json::json!({ "url": url, "users": sign_ins });
    writeln!(begun, "{credentials:#}").with_context(failed)?;
    begun.persist(file).with_context(failed)?;
    Ok(())
}

fn show(url: &str, sign_ins: &[SignIn]) {
    print(format_args!("{url}\n"));
    print("Sign in as one of these; the passwords were made for this start:\n");
    for SignIn { name, password, role } in sign_ins {
        print(format_args!("  {name:<7} {password}   {role}"));
    }
    print("\nCtrl-C ends the demo.");
}

/// Opens the page where somebody sits before a screen; that it fails is no failure of the demo.
fn open_browser(url: &str) {
    use std::io::IsTerminal as _;
    if !std::io::stdout().is_terminal() {
        return;
    }
    let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let quiet = std::process::Stdio::null;
    let _ = std::process::Command::new(opener).arg(url).stdin(quiet()).stdout(quiet()).stderr(quiet()).spawn();
}
