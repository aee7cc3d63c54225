//! What a release is made of, read anew from the inventories of its current evidence and put together, and its bill of
//! materials in CycloneDX and SPDX. The same state gives the same bytes: everything is sorted, and no clock is asked.

mod affected;
mod contents;
mod crypto;
pub(crate) mod cyclonedx;
mod cyclonedx_parts;
mod cyclonedx_vulnerabilities;
pub(crate) mod graph;
mod merge;
pub(crate) mod product;
mod recent;
pub(crate) mod spdx;
mod spdx_parts;
pub(crate) mod vulnerabilities;

pub(crate) use contents::{Contents, Source, of_inventories};
pub(crate) use recent::Recent;

use crate::app::App;
use crate::current::Read;
use crate::ingest::{self, Received};
use crate::problem::{Answer, Problem};
use crate::sbom::vulnerabilities::Vulnerability;
use jiff::Timestamp;
use serde::Serialize;
use shipworthy_model::Digest;
use shipworthy_store::release::OwnedRelease;
use std::sync::Arc;

/// What a bill of materials is written from.
#[derive(Debug)]
pub(crate) struct Bill<'a> {
    /// The release.
    pub(crate) owned: &'a OwnedRelease,
    /// What it is made of.
    pub(crate) contents: &'a Contents,
    /// Its vulnerabilities, where they are asked for.
    pub(crate) vulnerabilities: Option<&'a [Vulnerability]>,
    /// When the newest of what it is made from came to be.
    pub(crate) made_at: Timestamp,
    /// The address of this installation, which is the author.
    pub(crate) author: &'a str,
}

/// What a release is made of, by its current evidence. Give back the session before: documents take their time.
///
/// # Errors
/// When a document is not there any more or cannot be read.
pub(crate) async fn contents(app: &App, current: &[Read]) -> Answer<Arc<Contents>> {
    let has_inventory = |read: &&Read| read.sections.report.inventory.is_some();
    let inventories: Vec<&Read> = current.iter().rev().filter(has_inventory).collect();
    let documents: Vec<Digest> = inventories.iter().map(|read| read.evidence.document.digest.clone()).collect();
    if let Some(contents) = app.contents.find(&documents) {
        return Ok(contents);
    }
    let mut sources = Vec::new();
    for read in inventories {
        sources.extend(source(app, read).await?);
    }
    // In a thread of its own, because large inventories take longer than others should wait.
    let put_together = tokio::task::spawn_blocking(|| of_inventories(sources));
    let contents = Arc::new(put_together.await.map_err(Problem::internal)?);
    app.contents.keep(documents, &contents);
    Ok(contents)
}

async fn source(app: &App, read: &Read) -> Answer<Option<Source>> {
    let digest = read.evidence.document.digest.clone();
    let bytes = app.documents.get(&digest).await?.into();
    let received = Received { file_name: None, bytes, digest };
    let format = read.evidence.document.format.as_deref().unwrap_or_default();
    let at = |problem: Problem| problem.at(format!("document {}", received.digest));
    let report = ingest::report(app, &received, format).await.map_err(at)?;
    Ok(report.inventory.map(|inventory| Source { tool: report.tool, inventory }))
}

/// When the newest of the evidence came; when there is none, when the release was made.
pub(crate) fn newest(owned: &OwnedRelease, current: &[Read]) -> Timestamp {
    let came = current.iter().map(|read| read.evidence.submitted_at).max();
    came.unwrap_or(owned.release.created_at)
}

/// The bytes of a document that people read, too.
pub(crate) fn to_json(document: &impl Serialize) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(document).expect("it is made of texts and lists, which JSON can say");
    bytes.push(b'\n');
    bytes
}
