//! What is proved of how releases were built and of where their source comes from, by SLSA 1.2: for every artifact the level
//! of the Build track, for every commit that of the Source track, each with its requirements and the evidence.
//! <https://slsa.dev/spec/v1.2/>

use super::Ready;
use crate::app::App;
use crate::problem::{Answer, Problem};
use crate::slsa::Assessed;
use serde::Serialize;
use shipworthy_store::release::OwnedRelease;
use shipworthy_trust::slsa::{
    Assessment, BUILD_UNEVALUATED, BuildLevel, Check, Conclusion, Requirement, SOURCE_UNEVALUATED, Shown, Verdict,
};
use shipworthy_trust::statement::Descriptor;
use shipworthy_trust::verify::{Signer, StepResult};
use utoipa::ToSchema;

/// The type of the signed statement.
const PREDICATE: &str = "https://shipworthy.dev/attestations/slsa-report/v1";

/// The most releases that one report is about.
pub(crate) const MOST_RELEASES: usize = 500;

/// Refuses a report about more releases than that.
///
/// # Errors
/// When there are more.
pub(crate) fn require_few(count: usize) -> Answer<()> {
    if count > MOST_RELEASES {
        return Err(Problem::invalid("from", format!("more than {MOST_RELEASES} releases were made in this time"))
            .hint("ask for a shorter time"));
    }
    Ok(())
}

/// What is proved of releases by SLSA.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct SlsaReport {
    /// Version of this form, `1`.
    pub(crate) schema: u32,
    /// What it is about: `application/service@version`, or `application <name>`.
    pub(crate) about: String,
    /// The first instant, for a report of an application.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) from: Option<String>,
    /// The first instant after it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) until: Option<String>,
    /// When the report was made.
    pub(crate) made_at: String,
    /// Who asked for it.
    pub(crate) made_for: String,
    /// The server that verified and judged.
    pub(crate) verifier: String,
    /// Its version.
    pub(crate) verifier_version: String,
    /// The specification that it judges by.
    pub(crate) specification: String,
    /// The releases, in the order of their making.
    pub(crate) releases: Vec<SlsaRelease>,
}

/// What is proved of one release.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct SlsaRelease {
    /// Its id.
    pub(crate) id: String,
    /// Its name: `application/service@version`.
    pub(crate) release: String,
    /// The team that owns it.
    pub(crate) team: String,
    /// When it was made.
    pub(crate) made_at: String,
    /// By whom.
    pub(crate) made_by: String,
    /// The repository that it says it was built from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) repository: Option<String>,
    /// The commit that it says it was built from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) commit: Option<String>,
    /// Where it is from that was expected of the build.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) expectations: Option<String>,
    /// The lowest level of its artifacts on the Build track.
    pub(crate) build_level: String,
    /// Its level on the Source track.
    pub(crate) source_level: String,
    /// What it ships.
    pub(crate) artifacts: Vec<SlsaArtifact>,
    /// The requirements of the Source track; empty where nobody looked.
    pub(crate) source_requirements: Vec<SlsaRequirement>,
}

/// What is proved of one artifact.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct SlsaArtifact {
    /// Its name.
    pub(crate) name: String,
    /// Its digest.
    pub(crate) digest: String,
    /// Its level on the Build track.
    pub(crate) level: String,
    /// `accepted`, `incomplete`, `refused`, or `unevaluated` where no provenance of it was verified.
    pub(crate) verdict: String,
    /// Why the level is no higher.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) limited_by: Option<String>,
    /// What the list of trusted builders calls the builder.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) builder: Option<String>,
    /// Who the provenance says built it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) builder_id: Option<String>,
    /// The build type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) build_type: Option<String>,
    /// The repository that the provenance states.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) source_repository: Option<String>,
    /// The branch or tag that it states.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) source_ref: Option<String>,
    /// The commit that it states.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) source_commit: Option<String>,
    /// SHA-256 of the signed statement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) statement: Option<String>,
    /// Whose signatures were verified.
    pub(crate) signers: Vec<String>,
    /// When it was signed at the latest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) signed_at: Option<String>,
    /// The checks, in the order of the specification.
    pub(crate) checks: Vec<SlsaCheck>,
    /// The requirements of the Build track.
    pub(crate) requirements: Vec<SlsaRequirement>,
    /// Where two provenances contradict one another.
    pub(crate) disagreements: Vec<String>,
}

/// One check of the provenance.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct SlsaCheck {
    /// Which of the specification's eight steps it belongs to.
    pub(crate) step: u8,
    /// What was checked.
    pub(crate) name: String,
    /// `passed`, `failed` or `skipped`.
    pub(crate) result: String,
    /// What was found, as a sentence.
    pub(crate) words: String,
    /// The digests of what it rests on.
    pub(crate) evidence: Vec<String>,
}

/// One requirement, and what is known of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct SlsaRequirement {
    /// The level from which it is required.
    pub(crate) level: u8,
    /// Who has to meet it.
    pub(crate) whose: String,
    /// What is required.
    pub(crate) name: String,
    /// `met`, `not-met` or `not-shown`.
    pub(crate) shown: String,
    /// By what, as a sentence.
    pub(crate) words: String,
    /// The digests of the evidence.
    pub(crate) evidence: Vec<String>,
}

impl SlsaReport {
    /// A report without releases yet.
    pub(crate) fn about(app: &App, about: String, made_for: String) -> Self {
        Self {
            schema: 1,
            about,
            from: None,
            until: None,
            made_at: app.clock.now().to_string(),
            made_for,
            verifier: app.settings.public_url.clone(),
            verifier_version: env!("CARGO_PKG_VERSION").to_owned(),
            specification: "https://slsa.dev/spec/v1.2/".to_owned(),
            releases: Vec::new(),
        }
    }

    /// Writes and signs it, as a statement about the artifacts.
    ///
    /// # Errors
    /// When no key may sign.
    pub(crate) fn ready(&self, app: &App) -> Answer<Ready> {
        let artifacts = self.releases.iter().flat_map(|release| &release.artifacts);
        let descriptor = |artifact: &SlsaArtifact| {
            let (algorithm, value) = artifact.digest.split_once(':')?;
            Some(Descriptor::named(artifact.name.clone(), algorithm, value))
        };
        Ready::of(app, self, PREDICATE, artifacts.filter_map(descriptor).collect(), app.clock.now())
    }
}

impl SlsaRelease {
    /// What is proved of a release.
    pub(crate) fn of(owned: &OwnedRelease, assessed: &Assessed) -> Self {
        let release = &owned.release;
        let artifacts: Vec<SlsaArtifact> = release
            .artifacts
            .iter()
            .map(|artifact| {
                let digest = artifact.digest.to_string();
                let found = assessed.build.iter().find(|found| found.artifact.to_string() == digest);
                SlsaArtifact::of(artifact.name.clone().unwrap_or_default(), digest, found)
            })
            .collect();
        let source = assessed.source.as_ref();
        Self {
            id: release.id.to_string(),
            release: format!("{}/{}@{}", owned.application_name, owned.service_name, release.version),
            team: owned.team_name.clone(),
            made_at: release.created_at.to_string(),
            made_by: release.created_by.clone(),
            repository: release.repository.clone(),
            commit: release.commit.clone(),
            expectations: assessed.expectations.formed.clone(),
            build_level: lowest(&artifacts),
            source_level: source.map_or(SOURCE_UNEVALUATED, |source| source.level.as_str()).to_owned(),
            artifacts,
            source_requirements: source.into_iter().flat_map(|source| &source.requirements).map(requirement).collect(),
        }
    }
}

/// The words of the levels sort as the levels do, and that of an artifact of which nothing is known counts as the lowest.
fn lowest(artifacts: &[SlsaArtifact]) -> String {
    let is_unknown = |artifact: &&SlsaArtifact| artifact.level == BUILD_UNEVALUATED;
    let unknown = artifacts.iter().find(is_unknown).map(|artifact| artifact.level.clone());
    let known = || artifacts.iter().map(|artifact| artifact.level.clone()).min();
    unknown.or_else(known).unwrap_or_else(|| BUILD_UNEVALUATED.to_owned())
}

impl SlsaArtifact {
    fn of(name: String, digest: String, found: Option<&Conclusion>) -> Self {
        // Without any provenance nobody could look.
        let found = found.filter(|found| !found.assessments.is_empty());
        let best = found.and_then(|found| found.assessments.first());
        let verdict = |verdict| match verdict {
            Verdict::Accepted => "accepted",
            Verdict::Incomplete => "incomplete",
            Verdict::Refused => "refused",
        };
        let text = |part: fn(&Assessment) -> Option<&String>| best.and_then(part).cloned();
        Self {
            name,
            digest,
            level: found.map_or(BUILD_UNEVALUATED, |found| found.level.as_str()).to_owned(),
            verdict: found.map_or("unevaluated", |found| verdict(found.verdict)).to_owned(),
            limited_by: text(|best| best.limited_by.as_ref()),
            builder: text(|best| best.builder.as_ref()),
            builder_id: text(|best| best.builder_id.as_ref()),
            build_type: text(|best| best.build_type.as_ref()),
            source_repository: text(|best| best.source.repository.as_ref()),
            source_ref: text(|best| best.source.reference.as_ref()),
            source_commit: text(|best| best.source.commit.as_ref()),
            statement: text(|best| best.statement.as_ref()),
            signers: best.into_iter().flat_map(|best| &best.signers).map(signer).collect(),
            signed_at: best.and_then(|best| best.signed_at).map(|at| at.to_string()),
            checks: best.into_iter().flat_map(|best| &best.checks).map(check).collect(),
            requirements: best.into_iter().flat_map(|best| &best.requirements).map(requirement).collect(),
            disagreements: found
                .into_iter()
                .flat_map(|found| &found.disagreements)
                .map(|disagreement| disagreement.words.clone())
                .collect(),
        }
    }

    /// Whether the highest level is proved.
    pub(crate) fn is_highest(&self) -> bool {
        self.level == BuildLevel::L3.as_str() && self.verdict == "accepted"
    }
}

fn signer(signer: &Signer) -> String {
    match signer {
        Signer::Key { id, name: Some(name) } => format!("{name}, key {id}"),
        Signer::Key { id, name: None } => format!("key {id}"),
        Signer::Identity(identity) => match &identity.issuer {
            Some(issuer) => format!("{}, vouched for by {issuer}", identity.san),
            None => identity.san.clone(),
        },
    }
}

fn check(check: &Check) -> SlsaCheck {
    let result = match check.result {
        StepResult::Passed => "passed",
        StepResult::Failed => "failed",
        StepResult::Skipped => "skipped",
    };
    SlsaCheck {
        step: check.number,
        name: check.name.to_string(),
        result: result.to_owned(),
        words: check.words.clone(),
        evidence: check.rests_on.clone(),
    }
}

fn requirement(requirement: &Requirement) -> SlsaRequirement {
    let shown = match requirement.shown {
        Shown::Met => "met",
        Shown::NotMet => "not-met",
        Shown::NotShown => "not-shown",
    };
    SlsaRequirement {
        level: requirement.level,
        whose: requirement.whose.to_string(),
        name: requirement.name.to_string(),
        shown: shown.to_owned(),
        words: requirement.words.clone(),
        evidence: requirement.evidence.clone(),
    }
}

#[cfg(test)]
mod tests;
