//! The delivery bill of materials of a release: by phase what is known, from which evidence, and what is missing.
//! Deterministic: the same evidence gives the same bytes, because everything is sorted and no clock is asked.

mod digests;
mod facts;
mod markdown;
mod missing;

pub(crate) use markdown::to_markdown;

use crate::current;
use crate::problem::Answer;
use crate::trust::{self, Judged};
use serde::Serialize;
use serde_json::{Map, Value, json};
use shipworthy_model::{Digest, Phase, Subject};
use shipworthy_store::approval::{self, PlacedApproval};
use shipworthy_store::deployment::{self, PlacedDeployment};
use shipworthy_store::document::Sections;
use shipworthy_store::evidence::{self, Evidence};
use shipworthy_store::release::OwnedRelease;
use shipworthy_store::{Session, Visibility};
use std::collections::{BTreeMap, BTreeSet};
use utoipa::{PartialSchema, ToSchema};

/// What is known of a release, by phase.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Dbom {
    /// Version of this form, `1`.
    pub schema: u32,
    /// The release.
    pub release: DbomRelease,
    /// The four phases in their order: `source`, `build`, `artifact`, `deploy`.
    pub phases: Vec<DbomPhase>,
    /// Whether what was built is what was released and what runs.
    pub digests: DbomDigests,
    /// SHA-256 of these bytes without this field and the comma before it. Absent while it is computed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required)]
    pub digest: Option<String>,
}

/// The release that a bill of materials is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DbomRelease {
    /// Its id.
    pub id: String,
    /// The name of its application.
    pub application: String,
    /// The name of its service.
    pub service: String,
    /// The name of the team that owns the application.
    pub team: String,
    /// Its version.
    pub version: String,
    /// When it was created.
    pub created_at: String,
    /// Who created it.
    pub created_by: String,
    /// The repository it was built from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repository: Option<String>,
    /// The branch it was built from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub branch: Option<String>,
    /// The source commit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// The run that built it, as `<system>/<id>`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub build: Option<String>,
    /// What it ships.
    pub artifacts: Vec<DbomArtifact>,
}

/// Something that a release ships.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DbomArtifact {
    /// Its digest.
    pub digest: String,
    /// Where it can be had.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `container-image`, `package` or `file`.
    pub kind: String,
}

/// What is known in one phase.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DbomPhase {
    /// `source`, `build`, `artifact` or `deploy`.
    pub phase: String,
    /// The evidence in the order of its arrival.
    pub evidence: Vec<DbomEvidence>,
    /// What it says.
    pub facts: Vec<DbomFact>,
    /// What one would expect and is not there, each with the way to add it.
    pub missing: Vec<String>,
    /// When the newest evidence came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latest_at: Option<String>,
}

/// One piece of evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DbomEvidence {
    /// Its id.
    pub id: String,
    /// The digest of its document.
    pub document: String,
    /// The format; `unknown` when it is kept unread.
    pub format: String,
    /// The tool that wrote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tool: Option<String>,
    /// When it came.
    pub submitted_at: String,
    /// Who handed it in.
    pub submitted_by: String,
    /// What it is about.
    pub subjects: Vec<String>,
    /// What is known of its signatures: `verified`, `unsigned`, `invalid`, `unknown-signer` or `unchecked`.
    pub verification: String,
    /// What was signed in it, and whether that can be believed of this release.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub attestations: Vec<DbomAttestation>,
    /// What it holds in a few words.
    pub summary: String,
    /// Whether newer evidence of the same kind about the same subjects speaks in its stead.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_replaced: bool,
}

/// Something that was signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DbomAttestation {
    /// What it says, as the type of its predicate.
    pub predicate_type: String,
    /// What is known of its signature, in the words of the evidence.
    pub verification: String,
    /// Who signed it, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_by: Option<String>,
    /// The rule by which the signer may say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signer: Option<String>,
    /// When it was signed at the latest, as somebody trusted says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_at: Option<String>,
    /// Why it cannot be believed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// One thing that is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DbomFact {
    /// Its name, such as `tests`.
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// What is known, such as `412 tests, 0 failed`.
    pub value: String,
    /// `good`, `bad` or `neutral`.
    pub level: String,
    /// The digests of the documents that say so; empty when the release itself or a deployment says so.
    pub evidence: Vec<String>,
}

/// Whether what was built is what was released and what runs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct DbomDigests {
    /// What provenance says was built.
    pub built: Vec<String>,
    /// What the release ships.
    pub released: Vec<String>,
    /// What runs, by environment.
    pub running: Vec<DbomRunning>,
    /// Whether all of them agree; null while there is nothing to compare.
    pub agree: Option<bool>,
}

/// What runs in an environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DbomRunning {
    /// The name of the environment.
    pub environment: String,
    /// The digests that run there.
    pub digests: Vec<String>,
}

/// Everything that is known of a release, before it is put into words.
struct Known {
    owned: OwnedRelease,
    evidence: Vec<Evidence>,
    /// What the documents say that speak for the release now.
    sections: BTreeMap<Digest, Sections>,
    /// What the attestations in the documents are worth.
    judged: BTreeMap<Digest, Vec<Judged>>,
    approvals: Vec<PlacedApproval>,
    deployments: Vec<PlacedDeployment>,
}

impl Known {
    /// Whether a document was tampered with.
    fn is_invalid(&self, document: &Digest) -> bool {
        let judged = self.judged.get(document);
        judged.into_iter().flatten().any(|judged| judged.verification == trust::word::INVALID)
    }

    /// What is known of the signatures of a document.
    fn verification<'k>(&'k self, evidence: &'k Evidence) -> &'k str {
        trust::together(&evidence.document.verification, self.judged.get(&evidence.document.digest))
    }

    /// The evidence of a phase, with what its documents say where they are understood.
    fn of_phase(&self, phase: Phase) -> impl Iterator<Item = (&Evidence, Option<&Sections>)> {
        let of_phase = self.evidence.iter().filter(move |evidence| phase_of(evidence) == phase);
        of_phase.map(|evidence| (evidence, self.sections.get(&evidence.document.digest)))
    }

    /// The different documents of a phase that speak for the release now.
    fn documents_of(&self, phase: Phase) -> Vec<Digest> {
        let speaking = self.of_phase(phase).filter(|(_, sections)| sections.is_some());
        let digests: BTreeSet<&Digest> = speaking.map(|(evidence, _)| &evidence.document.digest).collect();
        digests.into_iter().cloned().collect()
    }
}

/// The phase a document speaks of; for one that nobody understands yet, what it is said to be about decides.
fn phase_of(evidence: &Evidence) -> Phase {
    let of_subject = |subject: &Subject| match subject {
        Subject::Commit(_) => Phase::Source,
        Subject::Build { .. } => Phase::Build,
        Subject::Artifact(_) | Subject::Release(_) => Phase::Artifact,
        Subject::Deployment(_) | Subject::Environment(_) => Phase::Deploy,
    };
    let by_subject = || evidence.subjects.iter().map(of_subject).min_by_key(|phase| phase.as_str());
    evidence.document.phase.or_else(by_subject).unwrap_or(Phase::Artifact)
}

/// The bill of materials of a release that the caller may see.
///
/// # Errors
/// When the database fails.
pub(crate) async fn dbom(session: &mut Session, owned: OwnedRelease) -> Answer<Dbom> {
    let known = gather(session, owned).await?;
    let mut phases = Vec::new();
    for phase in Phase::ALL {
        let facts = facts::of_phase(session, &known, *phase).await?;
        let evidence: Vec<DbomEvidence> = known.of_phase(*phase).map(|found| entry(&known, found)).collect();
        let latest_at = known.of_phase(*phase).map(|(evidence, _)| evidence.submitted_at).max();
        phases.push(DbomPhase {
            phase: phase.to_string(),
            missing: missing::of_phase(&known, *phase, &facts),
            evidence,
            facts,
            latest_at: latest_at.map(|at| at.to_string()),
        });
    }
    let digests = digests::of(&known);
    let mut dbom = Dbom { schema: 1, release: release(&known.owned), phases, digests, digest: None };
    dbom.digest = Some(Digest::of(&to_json(&dbom)).to_string());
    Ok(dbom)
}

/// The bytes of a bill of materials.
pub(crate) fn to_json(dbom: &Dbom) -> Vec<u8> {
    serde_json::to_vec(dbom).expect("a bill of materials is made of texts and lists, which JSON can say")
}

async fn gather(session: &mut Session, owned: OwnedRelease) -> Answer<Known> {
    let id = owned.release.id;
    let filter = deployment::Filter { release: Some(id), ..deployment::Filter::default() };
    let mut deployments = deployment::list(session, &filter, &Visibility::Everything, MOST_DEPLOYMENTS).await?;
    deployments.reverse();
    let environments: BTreeSet<String> = deployments.iter().map(|placed| placed.environment_name.clone()).collect();
    let environments: Vec<String> = environments.into_iter().collect();
    let evidence = evidence::of_release(session, id, &environments).await?;
    let current = current::of_release(session, id, &environments).await?;
    let approvals = approval::of_release(session, id).await?;
    let received = evidence.iter().map(|evidence| (evidence.document.digest.clone(), evidence.document.received_at));
    let judged = trust::of_release(session, &owned, &received.collect()).await?;
    let mut known = Known { owned, evidence, sections: BTreeMap::new(), judged, approvals, deployments };
    let sections = current.into_iter().map(|read| (read.evidence.document.digest, read.sections));
    known.sections = sections.filter(|(document, _)| !known.is_invalid(document)).collect();
    Ok(known)
}

/// A release that was deployed more often is told by its latest deployments.
const MOST_DEPLOYMENTS: usize = 500;

fn release(owned: &OwnedRelease) -> DbomRelease {
    let OwnedRelease { release, service_name, application_name, team_name, .. } = owned;
    let artifact = |artifact: &shipworthy_model::ReleaseArtifact| DbomArtifact {
        digest: artifact.digest.to_string(),
        name: artifact.name.clone(),
        kind: artifact.kind.clone(),
    };
    DbomRelease {
        id: release.id.to_string(),
        application: application_name.clone(),
        service: service_name.clone(),
        team: team_name.clone(),
        version: release.version.clone(),
        created_at: release.created_at.to_string(),
        created_by: release.created_by.clone(),
        repository: release.repository.clone(),
        branch: release.branch.clone(),
        commit: release.commit.clone(),
        build: release.build.clone(),
        artifacts: release.artifacts.iter().map(artifact).collect(),
    }
}

fn entry(known: &Known, (evidence, sections): (&Evidence, Option<&Sections>)) -> DbomEvidence {
    let Evidence { id, document, submitted_by, submitted_at, scope: _, subjects } = evidence;
    let judged = known.judged.get(&document.digest);
    DbomEvidence {
        id: id.to_string(),
        document: document.digest.to_string(),
        format: document.format.clone().unwrap_or_else(|| "unknown".to_owned()),
        tool: document.tool.clone(),
        submitted_at: submitted_at.to_string(),
        submitted_by: submitted_by.clone(),
        subjects: subjects.iter().map(ToString::to_string).collect(),
        verification: known.verification(evidence).to_owned(),
        attestations: judged.into_iter().flatten().map(attestation).collect(),
        summary: document.summary.clone(),
        // What was tampered with says nothing, and nothing speaks in its stead.
        is_replaced: document.format.is_some() && sections.is_none() && !known.is_invalid(&document.digest),
    }
}

fn attestation(judged: &Judged) -> DbomAttestation {
    let Judged { attested, verification, signer, why, content: _ } = judged;
    let signers: Vec<String> = attested.signers.iter().map(trust::shown).collect();
    DbomAttestation {
        predicate_type: trust::predicate(attested).to_owned(),
        verification: (*verification).to_owned(),
        signed_by: (!signers.is_empty()).then(|| signers.join(", ")),
        signer: signer.clone(),
        signed_at: attested.signed_at.map(|at| at.to_string()),
        why: why.clone(),
    }
}

/// The JSON Schema (2020-12) of [`Dbom`], as published in the reference.
#[must_use]
pub fn json_schema() -> Value {
    json_schema_of::<Dbom>("Delivery bill of materials of a release, version 1")
}

/// The JSON Schema (2020-12) of a form that we publish.
#[must_use]
pub(crate) fn json_schema_of<T: ToSchema + PartialSchema>(title: &str) -> Value {
    let mut definitions = Vec::new();
    T::schemas(&mut definitions);
    let definitions: Map<String, Value> = definitions.into_iter().map(|(name, schema)| (name, json!(schema))).collect();
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        "$defs": definitions,
    });
    let root = json!(T::schema());
    if let (Value::Object(schema), Value::Object(root)) = (&mut schema, root) {
        schema.extend(root);
    }
    let text = schema.to_string().replace("#/components/schemas/", "#/$defs/");
    serde_json::from_str(&text).expect("JSON with another reference is JSON")
}
