//! What verification says of the attestations in a document, step by step.

use crate::app::App;
use crate::caller::{Allowed, Read};
use crate::extract::{Json, Path};
use crate::page::Page;
use crate::problem::{Answer, Problem};
use crate::trust;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use shipworthy_model::{EvidenceId, Permission};
use shipworthy_store::{attestation, evidence};
use shipworthy_trust::verify::{Attested, Outcome, Signer, Step, StepResult};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_evidence_attestations))
}

/// Something that was signed, and what verification says of it.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct EvidenceAttestation {
    /// What carries it, such as `DSSE envelope`.
    pub form: String,
    /// What it says, as the type of its predicate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub predicate_type: Option<String>,
    /// What it is about.
    pub subjects: Vec<AttestationSubject>,
    /// What verification concludes by the trust roots: `verified`, `unsigned`, `invalid`, `unknown-signer` or `unchecked`.
    pub verification: String,
    /// Why it is not verified.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// Whose signatures were verified.
    pub signed_by: Vec<AttestationSigner>,
    /// Who is named as signer without being believed.
    pub claimed: Vec<AttestationSigner>,
    /// When it was signed at the latest, as a trusted log or timestamp authority says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_at: Option<String>,
    /// Every check in the order in which they were made.
    pub steps: Vec<VerificationStep>,
}

/// Something that an attestation is about.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AttestationSubject {
    /// Its name, which matches nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its digests, as `algorithm:hex`.
    pub digests: Vec<String>,
}

/// Somebody who signs.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AttestationSigner {
    /// The signer for people.
    pub name: String,
    /// The id of the key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_id: Option<String>,
    /// The name in the certificate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<String>,
    /// Who vouched for the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
}

/// A check and what came of it.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct VerificationStep {
    /// What was checked.
    pub name: String,
    /// `passed`, `failed` or `skipped`.
    pub result: String,
    /// The same as a sentence.
    pub words: String,
}

/// Shows what verification says of the attestations in a document, step by step
#[utoipa::path(get, path = "/evidence/{id}/attestations", tag = "evidence", security(("bearer" = [])),
    params(("id" = String, Path, description = "The evidence's id")),
    responses((status = 200, body = Page<EvidenceAttestation>), (status = 404, body = Problem)))]
async fn list_evidence_attestations(
    State(app): State<App>,
    caller: Allowed<Read>,
    Path(id): Path<EvidenceId>,
) -> Answer<Json<Page<EvidenceAttestation>>> {
    let mut session = app.db.read().await?;
    let document = evidence::get(&mut session, id, &caller.visibility(Permission::Read)).await?.document.digest;
    let kept = attestation::of_documents(&mut session, std::slice::from_ref(&document)).await?.remove(&document);
    let wire = |kept: attestation::Attestation| Ok(wire(kept.outcome, trust::read(&document, &kept.body)?));
    Ok(Json(Page::whole(kept.unwrap_or_default().into_iter().map(wire).collect::<Answer<_>>()?)))
}

fn wire(verification: String, attested: Attested) -> EvidenceAttestation {
    let why = match attested.outcome {
        Outcome::Invalid { why } | Outcome::Unchecked { why } | Outcome::UnknownSigner { who: why } => Some(why),
        Outcome::Verified | Outcome::Unsigned => None,
    };
    let (predicate_type, subjects) =
        attested.said.map_or((None, Vec::new()), |said| (said.predicate_type, said.subjects));
    let subject = |subject: shipworthy_trust::verify::SaidSubject| AttestationSubject {
        name: subject.name,
        digests: subject.digests.into_iter().map(|(algorithm, hex)| format!("{algorithm}:{hex}")).collect(),
    };
    EvidenceAttestation {
        form: attested.form,
        predicate_type,
        subjects: subjects.into_iter().map(subject).collect(),
        verification,
        why,
        signed_by: attested.signers.iter().map(AttestationSigner::of).collect(),
        claimed: attested.claimed.iter().map(AttestationSigner::of).collect(),
        signed_at: attested.signed_at.map(|at| at.to_string()),
        steps: attested.steps.into_iter().map(VerificationStep::from).collect(),
    }
}

impl AttestationSigner {
    fn of(signer: &Signer) -> Self {
        let (key_id, identity, issuer) = match signer {
            Signer::Key { id, .. } => (Some(id.clone()), None, None),
            Signer::Identity(identity) => (None, Some(identity.san.clone()), identity.issuer.clone()),
        };
        Self { name: trust::shown(signer), key_id, identity, issuer }
    }
}

impl From<Step> for VerificationStep {
    fn from(step: Step) -> Self {
        let result = match step.result {
            StepResult::Passed => "passed",
            StepResult::Failed => "failed",
            StepResult::Skipped => "skipped",
        };
        Self { name: step.name.into_owned(), result: result.to_owned(), words: step.words }
    }
}
