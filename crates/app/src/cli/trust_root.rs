//! `shipworthy trust-root`: the keys and Sigstore instances by which signatures are checked.

use crate::api::trust_roots::{CreateTrustRoot, Demands, ReplaceTrustRoot, TrustRoot as View};
use crate::cli::format::Output;
use crate::cli::output::{Exit, Failure, print, print_json, print_table};
use crate::cli::serve::run_async;
use crate::client::Connection;
use crate::page::Page;
use crate::wording::shown;
use jiff::Timestamp;
use reqwest::Method;
use shipworthy_model::TrustRootId;
use std::path::{Path, PathBuf};

/// Say whose signatures can be checked: keys and Sigstore instances.
#[derive(Debug, clap::Args)]
pub(crate) struct TrustRoot {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// List the trust roots, revoked ones too.
    List {
        /// How to print them.
        #[arg(long, value_enum, default_value_t)]
        output: Output,
        #[command(flatten)]
        connection: Connection,
    },
    /// Add a trust root.
    Add(Box<Add>),
    /// Put another edition of a Sigstore instance's trusted root in the place of the one before.
    Replace {
        /// The trust root's id.
        id: TrustRootId,
        /// File with the trusted root in JSON.
        #[arg(value_name = "FILE")]
        file: PathBuf,
        #[command(flatten)]
        connection: Connection,
    },
    /// Revoke a trust root: what is signed with it from now on counts no more.
    Revoke {
        /// The trust root's id.
        id: TrustRootId,
        #[command(flatten)]
        connection: Connection,
    },
}

#[derive(Debug, clap::Args)]
struct Add {
    /// What it is called.
    #[arg(value_name = "NAME")]
    name: String,
    /// File with a public key (PEM or JSON Web Key), a certificate (PEM) or the trusted root of a Sigstore instance (JSON).
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The instant from which a key's signatures count.
    #[arg(long, value_name = "TIME")]
    from: Option<Timestamp>,
    /// The instant from which they count no more.
    #[arg(long, value_name = "TIME")]
    until: Option<Timestamp>,
    /// Count signatures under a Sigstore instance that are not shown to be in its transparency log, too.
    #[arg(long)]
    without_log_entry: bool,
    /// And those whose certificates are not in the log of certificates.
    #[arg(long)]
    without_certificate_log: bool,
    /// And those of which nobody can tell whether they were made while their certificates were valid.
    #[arg(long)]
    without_signing_time: bool,
    #[command(flatten)]
    connection: Connection,
}

impl TrustRoot {
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        run_async(async {
            match self.command {
                Command::List { output, connection } => {
                    let page: Page<View> = connection.client()?.get("/trust-roots", &[]).await?;
                    match output {
                        Output::Json => print_json(&page)?,
                        Output::Text => print_all(&page.items),
                    }
                }
                Command::Add(add) => send(*add).await?,
                Command::Replace { id, file, connection } => {
                    let client = connection.client()?;
                    let body = ReplaceTrustRoot { body: read(&file)? };
                    client.send(client.request(Method::PUT, &format!("/trust-roots/{id}")).json(&body)).await?;
                }
                Command::Revoke { id, connection } => {
                    let client = connection.client()?;
                    client.send(client.request(Method::DELETE, &format!("/trust-roots/{id}"))).await?;
                }
            }
            Ok(Exit::Done)
        })
    }
}

async fn send(add: Add) -> Result<(), Failure> {
    let demands = Demands {
        log_entry: !add.without_log_entry,
        certificate_log: !add.without_certificate_log,
        signing_time: !add.without_signing_time,
    };
    let is_less = add.without_log_entry || add.without_certificate_log || add.without_signing_time;
    let body = CreateTrustRoot {
        name: add.name,
        body: read(&add.file)?,
        demands: is_less.then_some(demands),
        valid_from: add.from,
        valid_until: add.until,
    };
    let made: View = add.connection.client()?.post("/trust-roots", &body).await?;
    print(&made.id);
    Ok(())
}

fn read(file: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(file).map_err(|error| Failure::usage(format!("`{}`: {error}", file.display())))
}

fn print_all(roots: &[View]) {
    let row = |root: &View| {
        let until = match (&root.revoked, &root.valid_until) {
            (Some(revoked), _) => format!("revoked {}", revoked.at),
            (None, Some(until)) => until.clone(),
            (None, None) => "-".to_owned(),
        };
        let key = root.key_id.as_deref().map_or("-", |id| id.get(..12).unwrap_or(id));
        vec![shown(&root.name), root.kind.clone(), key.to_owned(), until, root.id.clone()]
    };
    print_table(&["name", "kind", "key", "until", "id"], &roots.iter().map(row).collect::<Vec<_>>());
}
