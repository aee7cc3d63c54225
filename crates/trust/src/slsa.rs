//! How far an artifact's build can be trusted, by SLSA 1.2: the level reached, each check that was made, and each
//! requirement with what shows it. <https://slsa.dev/spec/v1.2/verifying-artifacts>
//!
//! The level is the lower of what the administrator trusts the builder with and what the checks prove. A signature alone
//! proves neither. How one is reached is told in `docs/concepts/slsa.md`.

mod agreement;
mod builders;
mod checks;
mod expectations;
mod parameters;
mod requirements;
mod source;
mod tag;

pub use agreement::{Conclusion, Disagreement, conclude};
pub use builders::{Condition, KnownBuilder, SignerRule, TrustedBuilder, known_builders};
pub use expectations::{Expectations, RefRule};
pub use requirements::{Requirement, Shown};
pub use source::{Reviews, SourceAssessment, SourceCase, SourceLevel, SourceVerifier, assess_source};

use crate::predicate::{NamedDigest, Provenance, Source};
use crate::verify::{Attested, Signer, StepResult};
use builders::Mapping;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// Everything that one assessment rests on.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// The artifact in question.
    pub artifact: &'a NamedDigest,
    /// The package that it is said to be: expectations belong to packages. Shown, and compared with nothing.
    pub package: &'a str,
    /// The attestation, verified.
    pub attested: &'a Attested,
    /// The provenance in it. Absent where it says something else.
    pub provenance: Option<&'a Provenance>,
    /// Whom the administrator trusts to build, and how far.
    pub builders: &'a [TrustedBuilder],
    /// How the package is to be built.
    pub expectations: &'a Expectations,
}

/// What one provenance proves of one artifact.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Assessment {
    /// The artifact.
    pub artifact: NamedDigest,
    /// The package.
    pub package: String,
    /// Whether all checks were made and are in order.
    pub verdict: Verdict,
    /// The level reached.
    pub level: BuildLevel,
    /// Why it is no higher, as a sentence. Absent at the highest level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limited_by: Option<String>,
    /// How far the list of trusted builders trusts this one. Absent for a builder that is not in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mapped_level: Option<BuildLevel>,
    /// What the list calls the builder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub builder: Option<String>,
    /// Who the provenance says built it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub builder_id: Option<String>,
    /// The build type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub build_type: Option<String>,
    /// The source that the provenance states.
    #[serde(default)]
    pub source: Source,
    /// SHA-256 of the signed statement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statement: Option<String>,
    /// Whose signatures were verified.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signers: Vec<Signer>,
    /// When it was signed at the latest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_at: Option<Timestamp>,
    /// The checks, in the order of the specification.
    pub checks: Vec<Check>,
    /// The requirements of the Build track.
    pub requirements: Vec<Requirement>,
}

/// Whether all checks were made and are in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// All that was asked for was checked and is in order.
    Accepted,
    /// Nothing is wrong, but something that had to be checked was not.
    Incomplete,
    /// A check failed.
    Refused,
}

/// The levels of the Build track.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum BuildLevel {
    /// Nothing is known.
    #[serde(rename = "SLSA_BUILD_LEVEL_0")]
    L0,
    /// Provenance exists.
    #[serde(rename = "SLSA_BUILD_LEVEL_1")]
    L1,
    /// A hosted platform signed it.
    #[serde(rename = "SLSA_BUILD_LEVEL_2")]
    L2,
    /// A hardened platform, whose builds cannot forge it.
    #[serde(rename = "SLSA_BUILD_LEVEL_3")]
    L3,
}

/// The word for a Build track that nobody looked at.
pub const BUILD_UNEVALUATED: &str = "SLSA_BUILD_LEVEL_UNEVALUATED";
/// The word for a Source track that nobody looked at.
pub const SOURCE_UNEVALUATED: &str = "SLSA_SOURCE_LEVEL_UNEVALUATED";

impl BuildLevel {
    /// Its word in a verification summary.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::L0 => "SLSA_BUILD_LEVEL_0",
            Self::L1 => "SLSA_BUILD_LEVEL_1",
            Self::L2 => "SLSA_BUILD_LEVEL_2",
            Self::L3 => "SLSA_BUILD_LEVEL_3",
        }
    }

    /// Its name for people.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::L0 => "Build L0",
            Self::L1 => "Build L1",
            Self::L2 => "Build L2",
            Self::L3 => "Build L3",
        }
    }
}

/// One check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// Which of the specification's steps it belongs to, from 1 to 8.
    pub number: u8,
    /// What was checked.
    pub name: Cow<'static, str>,
    /// What came of it.
    pub result: StepResult,
    /// Why it failed, as a word that does not change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Code>,
    /// The same as a sentence for people.
    pub words: String,
    /// The digests of what it rests on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rests_on: Vec<String>,
}

/// Why a check failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Code {
    /// The envelope is not one of a statement.
    EEnvelope,
    /// The signature does not hold.
    ESignature,
    /// It was signed by somebody unknown, or by nobody.
    EUntrustedSigner,
    /// It is not a statement of a known version.
    EStatementType,
    /// It is about something else.
    ESubject,
    /// It is not provenance.
    EPredicate,
    /// The builder is not trusted, or another than he who signed.
    EBuilder,
    /// It was built from other source.
    ESourceRepo,
    /// It was built from another branch or tag.
    ESourceRef,
    /// It was built in an unexpected way.
    EBuildType,
    /// It was built with unexpected parameters.
    EExternalParameters,
    /// What went into it was not verified in turn.
    WDependencies,
}

/// Judges what one provenance proves of one artifact.
#[must_use]
pub fn assess(case: &Case<'_>) -> Assessment {
    let mapping = builders::map(case);
    let checks = checks::all(case, &mapping);
    let mapped_level = mapping.entry().map(|entry| entry.level);
    let (level, limited_by) = level(case, &checks, &mapping);
    let provenance = case.provenance;
    let mut assessment = Assessment {
        artifact: case.artifact.clone(),
        package: case.package.to_owned(),
        verdict: verdict(&checks),
        level,
        limited_by,
        mapped_level,
        builder: mapping.entry().map(|entry| entry.name.clone()),
        builder_id: provenance.map(|stated| stated.builder_id.clone()),
        build_type: provenance.map(|stated| stated.build_type.clone()),
        source: provenance.map(|stated| stated.source.clone()).unwrap_or_default(),
        statement: case.attested.said.as_ref().map(|said| said.payload_digest.to_string()),
        signers: case.attested.signers.clone(),
        signed_at: case.attested.signed_at,
        checks,
        requirements: Vec::new(),
    };
    assessment.requirements = requirements::of_build(&assessment, provenance);
    assessment
}

/// One failed check refuses; one that is required and was not made leaves the answer open.
fn verdict(checks: &[Check]) -> Verdict {
    let is_open =
        |check: &Check| check.result == StepResult::Skipped && checks::REQUIRED.contains(&check.name.as_ref());
    if checks.iter().any(|check| check.result == StepResult::Failed) {
        Verdict::Refused
    } else if checks.iter().any(is_open) {
        Verdict::Incomplete
    } else {
        Verdict::Accepted
    }
}

/// The lower of what the builder is trusted with and what the checks prove, with the reason why it is no higher.
fn level(case: &Case<'_>, checks: &[Check], mapping: &Mapping<'_>) -> (BuildLevel, Option<String>) {
    let failed = |check: &&Check| check.result == StepResult::Failed;
    // Provenance that nobody known signed may still be true: at the first level it may even be unsigned.
    let is_weak = |check: &&Check| {
        check.code == Some(Code::EUntrustedSigner) || (check.name == "builder" && mapping.is_unlisted())
    };
    if let Some(check) = checks.iter().filter(failed).find(|check| !is_weak(check)) {
        return (BuildLevel::L0, Some(check.words.clone()));
    }
    let identifying = || checks.iter().filter(|check| matches!(check.number, 1..=6));
    let weakness =
        identifying().find(failed).or_else(|| identifying().find(|check| check.result != StepResult::Passed));
    if let Some(check) = weakness {
        return (BuildLevel::L1, Some(check.words.clone()));
    }
    let missing = case.provenance.map(|provenance| provenance.missing.as_slice()).unwrap_or_default();
    let complete = match missing {
        [] => BuildLevel::L3,
        // Only the third level asks that the parameters are complete.
        [field] if field == "externalParameters" => BuildLevel::L2,
        _ => BuildLevel::L1,
    };
    let trusted = mapping.entry().map_or(BuildLevel::L1, |entry| entry.level);
    let words = if complete < trusted {
        format!("the provenance does not state {}", missing.join(", "))
    } else {
        format!("the builder is trusted for {} and no more", trusted.name())
    };
    let level = trusted.min(complete);
    (level, (level < BuildLevel::L3).then_some(words))
}
