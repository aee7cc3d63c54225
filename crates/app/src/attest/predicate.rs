//! What the attestation of a release says, as published in `docs/reference/dbom-predicate.schema.json`.

use crate::app::App;
use crate::dbom::{Dbom, DbomEvidence, json_schema_of};
use crate::summary;
use serde::Serialize;
use serde_json::Value;
use shipworthy_store::release::OwnedRelease;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// The type of the predicate.
pub(crate) const DBOM_PREDICATE: &str = "https://shipworthy.dev/attestation/dbom/v1";

/// What is known of a release, who says so, and every document behind it by its digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DbomPredicate {
    /// Who says so.
    pub(crate) issuer: Issuer,
    /// When, RFC 3339. The signing key must have been in force then.
    pub(crate) issued_at: String,
    /// The release: `shipworthy:<application>/<service>@<version>`.
    pub(crate) resource_uri: String,
    /// Every document behind the bill of materials, each once, by its digest.
    pub(crate) evidence: Vec<EvidenceDescriptor>,
    /// The delivery bill of materials; its form has a schema of its own.
    pub(crate) dbom: Dbom,
}

/// Who issued an attestation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Issuer {
    /// The address of the installation.
    pub(crate) id: String,
    /// Its parts with their versions.
    pub(crate) version: BTreeMap<String, String>,
}

/// A document, as in-toto describes resources.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct EvidenceDescriptor {
    /// Its format.
    pub(crate) name: String,
    /// Where it can be had.
    pub(crate) uri: String,
    /// Its digests in hexadecimal digits, by algorithm: `sha256`.
    pub(crate) digest: BTreeMap<String, String>,
}

impl DbomPredicate {
    /// The predicate about a release, issued now.
    pub(crate) fn new(app: &App, owned: &OwnedRelease, dbom: Dbom) -> Self {
        let shipworthy_trust::statement::Verifier { id, version } = summary::verifier(app);
        let all = dbom.phases.iter().flat_map(|phase| &phase.evidence);
        // By digest: the same document may be evidence of several phases and subjects.
        let documents: BTreeMap<&str, &DbomEvidence> = all.map(|known| (known.document.as_str(), known)).collect();
        Self {
            issuer: Issuer { id, version },
            issued_at: app.clock.now().to_string(),
            resource_uri: summary::resource(owned),
            evidence: documents.into_values().map(|known| describe(app, known)).collect(),
            dbom,
        }
    }
}

fn describe(app: &App, known: &DbomEvidence) -> EvidenceDescriptor {
    let (algorithm, hex) = known.document.split_once(':').unwrap_or(("sha256", &known.document));
    EvidenceDescriptor {
        name: known.format.clone(),
        uri: summary::document_address(app, &known.id),
        digest: BTreeMap::from([(algorithm.to_owned(), hex.to_owned())]),
    }
}

/// The JSON Schema (2020-12) of [`DbomPredicate`].
#[must_use]
pub(crate) fn json_schema() -> Value {
    json_schema_of::<DbomPredicate>("Predicate https://shipworthy.dev/attestation/dbom/v1")
}
