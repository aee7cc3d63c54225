//! `shipworthy audit export`.

use super::{read_keys, undecided};
use crate::api::audit_log::AuditKeys;
use crate::audit_log::tree::bundle;
use crate::audit_log::verify::{checkpoint_line, tile_line};
use crate::cli::output::{Exit, Failure, say};
use crate::cli::serve::run_async;
use crate::client::{Client, Connection};
use anyhow::{Context as _, bail};
use reqwest::Method;
use shipworthy_trust::checkpoint::Checkpoint;
use shipworthy_trust::merkle::{CompactRange, leaf_hash};
use shipworthy_trust::tile::{WIDTH, read_entries};
use std::io::Write;

/// Print the whole log with its checkpoint.
#[derive(Debug, clap::Args)]
pub(crate) struct Export {
    #[command(flatten)]
    connection: Connection,
}

impl Export {
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        run_async(async {
            let client = self.connection.client()?;
            let mut out = std::io::BufWriter::new(std::io::stdout().lock());
            write(&client, &mut out).await
        })
    }
}

async fn write(client: &Client, out: &mut impl Write) -> Result<Exit, Failure> {
    let keys: AuditKeys = client.get("/audit/keys", &[]).await.map_err(undecided)?;
    let read = read_keys(&keys.keys)?;
    let note = bytes(client, "/audit/checkpoint").await?;
    let note = String::from_utf8(note).context("the checkpoint is no text").map_err(Failure::Undecided)?;
    let checkpoint = Checkpoint::open(&note, &read).context("the server's checkpoint")?;
    let mut range = CompactRange::default();
    for number in 0..checkpoint.size.div_ceil(WIDTH) {
        let path = format!("/audit/tile/{}", bundle(number, checkpoint.size));
        let tile = bytes(client, &path).await?;
        write_tile(&tile, number, &mut range, out)?;
    }
    if range.size() != checkpoint.size || range.root() != checkpoint.root {
        say("the entries that the server gave are not those that it signed");
        return Ok(Exit::Denied);
    }
    writeln!(out, "{}", checkpoint_line(note, keys.keys).context("the checkpoint")?)?;
    out.flush()?;
    Ok(Exit::Done)
}

async fn bytes(client: &Client, path: &str) -> Result<Vec<u8>, Failure> {
    let answer = client.send(client.request(Method::GET, path)).await.map_err(undecided)?;
    let bytes = answer.bytes().await.context("the answer breaks off").map_err(Failure::Undecided)?;
    Ok(bytes.to_vec())
}

fn write_tile(tile: &[u8], number: u64, range: &mut CompactRange, out: &mut impl Write) -> anyhow::Result<()> {
    let Some(entries) = read_entries(tile) else { bail!("tile {number} of entries breaks off") };
    let mut hashes = Vec::with_capacity(entries.len());
    for entry in entries {
        let hash = leaf_hash(entry);
        range.push(hash);
        hashes.push(hash);
        out.write_all(entry)?;
        out.write_all(b"\n")?;
    }
    writeln!(out, "{}", tile_line(number, &hashes)?)?;
    Ok(())
}
