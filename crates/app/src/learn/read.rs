//! Reads documents of vulnerability data into what the store keeps, one document at a time.

use crate::correlate::is_text;
use shipworthy_advisories::advisory::Advisory;
use shipworthy_advisories::correlation::sayings;
use shipworthy_advisories::source::Kind;
use shipworthy_advisories::{csaf, cve, end_of_life, epss, github, known_exploited, nvd, osv};
use shipworthy_formats::{ReadError, Room, each_document};
use shipworthy_model::{Digest, Warning};
use shipworthy_store::advisory::Record;
use shipworthy_store::exploitability::Exploitability;
use std::collections::BTreeMap;
use tokio::sync::mpsc::Sender;

/// A document, or why it is none that is kept.
#[derive(Debug)]
pub(super) struct Document {
    /// Its name in the archive; empty for a document that came alone.
    pub(super) name: String,
    /// What it is, where that is known.
    pub(super) kind: Option<Kind>,
    /// What it says, and what of it could not be read.
    pub(super) contents: Result<(Contents, Vec<Warning>), String>,
}

/// What a document says.
#[derive(Debug)]
pub(super) enum Contents {
    /// Advisories.
    Records(Vec<Record>),
    /// The table of EPSS.
    Scores(Vec<Exploitability>),
    /// CISA's catalogue.
    Catalog(known_exploited::Catalog),
    /// How long the lines of a product are maintained.
    Life(Life),
}

/// A product as it is kept.
#[derive(Debug)]
pub(super) struct Life {
    /// Its name.
    pub(super) product: String,
    /// Under which it is looked up.
    pub(super) keys: Vec<String>,
    /// The whole of it as JSON.
    pub(super) body: String,
}

/// All ecosystems of OSV together unpack to a few gigabytes in half a million documents. One at a time is in memory.
const ROOM: Room = Room { document_bytes: 64 << 20, archive_bytes: 16 << 30, documents: 2_000_000 };

/// Sends every document of the bytes, and gives what was left out of an archive. Ends early when nobody receives.
pub(super) fn each(bytes: &[u8], documents: &Sender<Document>) -> Result<Vec<Warning>, ReadError> {
    each_document(bytes, ROOM, &mut |name, document| {
        if documents.is_closed() {
            return;
        }
        let (kind, contents) = match kind_and_text(document) {
            Ok((kind, text)) => (Some(kind), contents(kind, text)),
            Err(why) => (None, Err(why)),
        };
        // Nobody receives any more: the import failed, and its own side says why.
        let _ = documents.blocking_send(Document { name: name.to_owned(), kind, contents });
    })
}

fn kind_and_text(document: &[u8]) -> Result<(Kind, &str), String> {
    let text = std::str::from_utf8(document)
        .map_err(|error| format!("this is no vulnerability data: expected text in UTF-8, {error}"))?;
    Ok((Kind::of(text).map_err(|error| error.to_string())?, text))
}

fn contents(kind: Kind, text: &str) -> Result<(Contents, Vec<Warning>), String> {
    let mut records = Vec::new();
    let mut keep = |advisory: Advisory| records.push(advisory);
    let warnings = match kind {
        Kind::Osv => osv::read(text, kind.as_str(), &mut keep),
        Kind::GitHub => github::read(text, &mut keep),
        Kind::Nvd => nvd::read(text, &mut keep),
        Kind::Cve => cve::read(text, &mut keep),
        Kind::Csaf => csaf::read(text, &mut keep),
        Kind::Epss => return scores(text),
        Kind::KnownExploited => {
            let catalog = known_exploited::read(text.as_bytes()).map_err(|error| error.to_string())?;
            return Ok((Contents::Catalog(catalog), Vec::new()));
        }
        Kind::EndOfLife => return life(text),
    };
    let warnings = warnings.map_err(|error| error.to_string())?;
    let records = records.iter().map(record).collect::<Result<_, _>>()?;
    Ok((Contents::Records(records), warnings))
}

pub(super) fn record(advisory: &Advisory) -> Result<Record, String> {
    let body = serde_json::to_string(advisory).map_err(|error| format!("`{}`: {error}", advisory.id))?;
    let mut says = BTreeMap::new();
    for (key, said) in sayings(advisory).into_iter().filter(|(key, _)| is_text(key.as_str())) {
        let said = serde_json::to_string(&said).map_err(|error| format!("`{}`: {error}", advisory.id))?;
        says.insert(key.as_str().to_owned(), said);
    }
    Ok(Record {
        source: advisory.source.clone(),
        id: advisory.id.clone(),
        modified: advisory.modified,
        is_withdrawn: advisory.withdrawn.is_some(),
        aliases: advisory.aliases.clone(),
        says,
        mends: advisory.upstream.clone(),
        digest: Digest::of(body.as_bytes()).to_string(),
        body,
    })
}

fn life(text: &str) -> Result<(Contents, Vec<Warning>), String> {
    let product = end_of_life::read(text).map_err(|error| error.to_string())?;
    let Some(name) = product.name.clone() else {
        return Err(
            "this end-of-life data does not say of which product it is: expected that of version 1 of the API \
                    of endoflife.date (`/api/v1/products/<name>`)"
                .to_owned(),
        );
    };
    let warnings = product.warnings.clone();
    let body = serde_json::to_string(&product).map_err(|error| format!("`{name}`: {error}"))?;
    let keys = product.keys().into_iter().filter(|key| is_text(key)).collect();
    Ok((Contents::Life(Life { product: name, keys, body }), warnings))
}

fn scores(text: &str) -> Result<(Contents, Vec<Warning>), String> {
    let mut scores = Vec::new();
    let edition = epss::read(text, &mut |score| {
        scores.push(Exploitability {
            vulnerability: score.vulnerability.to_owned(),
            probability: billionths(score.probability),
            percentile: billionths(score.percentile),
        });
    });
    let edition = edition.map_err(|error| error.to_string())?;
    Ok((Contents::Scores(scores), edition.warnings))
}

/// The reader lets through nothing but shares from 0 to 1.
#[expect(clippy::cast_possible_truncation, reason = "a share from 0 to 1 is at most a billion billionths")]
fn billionths(share: f64) -> i64 {
    (share * 1e9).round() as i64
}
