//! `shipworthy audit witness`.

use super::{KeptLine, read_keys, read_notes, undecided};
use crate::api::audit_log::{AuditKeys, ConsistencyProof};
use crate::cli::output::{Exit, Failure, print, say};
use crate::cli::serve::run_async;
use crate::client::{Client, Connection};
use anyhow::Context as _;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::Method;
use shipworthy_trust::checkpoint::Checkpoint;
use shipworthy_trust::merkle::{Hash, verify_consistency};
use shipworthy_trust::note::NoteKey;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Keep the newest checkpoint of a server in a file.
#[derive(Debug, clap::Args)]
pub(crate) struct Witness {
    /// The file in which checkpoints are kept, one a line; it is made when it is missing.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The key of the log, or a file with keys [default: those in the file; at the first time those that the server
    /// names].
    #[arg(long, value_name = "KEY")]
    key: Vec<String>,
    #[command(flatten)]
    connection: Connection,
}

impl Witness {
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        run_async(self.keep())
    }

    async fn keep(self) -> Result<Exit, Failure> {
        let Self { file, key, connection } = self;
        let client = connection.client()?;
        let kept = if file.exists() { read_notes(&file).map_err(Failure::Usage)? } else { Vec::new() };
        let last = kept.last();
        let mut keys = read_keys(&key)?;
        if keys.is_empty() {
            keys = match last {
                Some(last) => read_keys(&last.keys)?,
                None => first_keys(&client).await?,
            };
        }
        let last = match last {
            Some(last) => Some(Checkpoint::open(&last.checkpoint, &keys).map_err(|error| {
                Failure::usage(format!("the last checkpoint in `{}` is not believed: {error}", file.display()))
            })?),
            None => None,
        };
        let note = client.send(client.request(Method::GET, "/audit/checkpoint")).await.map_err(refused)?;
        let note = note.text().await.context("the checkpoint breaks off").map_err(Failure::Undecided)?;
        let new = match Checkpoint::open(&note, &keys) {
            Ok(new) => new,
            Err(error) => {
                return Ok(loud(&format!(
                    "the server's checkpoint is FORGED, or signed with a key that is not known here: {error}"
                )));
            }
        };
        if let Some(last) = &last
            && let Some(wrong) = compare(&client, last, &new).await?
        {
            return Ok(loud(&wrong));
        }
        if last.as_ref() != Some(&new) {
            let keys = keys.iter().map(ToString::to_string).collect();
            append(&file, &KeptLine { checkpoint: note, keys })?;
        }
        print(told(last.as_ref(), &new));
        Ok(Exit::Done)
    }
}

/// A server that finds its own log changed says so with a conflict: that is what a witness is for.
fn refused(problem: crate::problem::Problem) -> Failure {
    if problem.status == 409 { Failure::Failed(problem.into()) } else { undecided(problem) }
}

async fn first_keys(client: &Client) -> Result<Vec<NoteKey>, Failure> {
    let keys: AuditKeys = client.get("/audit/keys", &[]).await.map_err(undecided)?;
    let key = keys.keys.last().context("the server names no key").map_err(Failure::Undecided)?;
    say(format_args!(
        "the key is believed because the server names it; compare it with what its administrator says:\n  {key}"
    ));
    read_keys(&keys.keys)
}

/// What is wrong with a log that was one and is another now.
async fn compare(client: &Client, last: &Checkpoint, new: &Checkpoint) -> Result<Option<String>, Failure> {
    if new.size < last.size {
        return Ok(Some(format!(
            "the log SHRANK: it had {} entries when it was last seen, and has {} now",
            last.size, new.size
        )));
    }
    if new.size == last.size {
        let forked = format!("the log FORKED: there are two different logs of {} entries, both signed", new.size);
        return Ok((new.root != last.root).then_some(forked));
    }
    let (from, to) = (last.size.to_string(), new.size.to_string());
    let query = [("from", from.as_str()), ("to", to.as_str())];
    let proof: ConsistencyProof = client.get("/audit/proofs/consistency", &query).await.map_err(undecided)?;
    let hashes: Option<Vec<Hash>> =
        proof.hashes.iter().map(|hash| STANDARD.decode(hash).ok()?.try_into().ok()).collect();
    let holds = hashes.is_some_and(|hashes| verify_consistency(last.size, new.size, &hashes, &last.root, &new.root));
    let forked = format!("the log FORKED: that of {to} entries does not begin with that of {from} which was last seen");
    Ok((!holds).then_some(forked))
}

fn loud(wrong: &str) -> Exit {
    say(format_args!(
        "{wrong}\nhint: keep this file and that of the server; `shipworthy audit verify --checkpoint FILE` on its database names what changed"
    ));
    Exit::Denied
}

fn append(path: &Path, line: &KeptLine) -> anyhow::Result<()> {
    let shown = || format!("`{}` cannot be written", path.display());
    let mut file = std::fs::OpenOptions::new().create(true).append(true).open(path).with_context(shown)?;
    writeln!(file, "{}", serde_json::to_string(line)?).with_context(shown)?;
    file.sync_all().with_context(shown)
}

fn told(last: Option<&Checkpoint>, new: &Checkpoint) -> String {
    let root = STANDARD.encode(new.root);
    match last {
        None => format!("kept the first checkpoint of `{}`: {} entries, root {root}", new.origin, new.size),
        Some(last) if last.size == new.size => format!("nothing new: {} entries, root {root}", new.size),
        Some(last) => format!("the log grew from {} to {} entries and only grew; root {root}", last.size, new.size),
    }
}
