//! Whom the shop trusts: the key of its Jenkins, what Jenkins may sign, and how far its builds are believed. The accounts
//! team signs with a key of its own that nobody brought here, so that its provenance comes from an unknown signer.

use crate::demo::Teller;
use crate::demo::people::{APPLICATION, Cast, Pipeline};
use anyhow::Context as _;
use serde_json::json;
use shipworthy_trust::dsse::{self, IN_TOTO};

/// What provenance is called, and all that Jenkins may say.
const PROVENANCE: &str = "https://slsa.dev/provenance/v1";

/// Brings the key of Jenkins, lets it sign provenance for the shop, and trusts its builds to level 2.
///
/// # Errors
/// When the server refuses something.
pub(crate) async fn arrange(teller: &Teller, cast: &Cast) -> anyhow::Result<()> {
    let jenkins = cast.pipelines.first().context("the shop has a pipeline")?.key.public();
    let sven = &cast.sven;
    let root = json!({ "name": "Jenkins of the shop", "body": jenkins.to_pem() });
    sven.post(teller, "/trust-roots", &root).await?;
    let rule = json!({ "name": "Provenance from Jenkins", "key": "Jenkins of the shop",
        "predicate_types": [PROVENANCE], "scope": { "kind": "application", "name": APPLICATION } });
    sven.post(teller, "/signers", &rule).await?;
    let builder = json!({ "name": "Jenkins of the shop", "track": "build", "level": 2,
        "platform": { "match": "exact", "value": "https://jenkins.harbour-shop.example/" },
        "signers": [{ "key_id": jenkins.id() }] });
    sven.post(teller, "/builders", &builder).await?;
    Ok(())
}

/// Wraps a statement in an envelope that the pipeline signs.
///
/// # Errors
/// When the envelope cannot be written.
pub(crate) fn signed(pipeline: &Pipeline, statement: &str) -> anyhow::Result<String> {
    let envelope = dsse::sign(IN_TOTO, statement.as_bytes(), &pipeline.key);
    serde_json::to_string(&envelope).context("the envelope cannot be written")
}
