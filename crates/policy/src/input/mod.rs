//! The facts that a policy sees: the frozen, public contract of policies. Built by the server from the DBOM of a
//! release, given to Rego as `input`, and stored with the decision so that it can be replayed.
//!
//! A group or leaf without evidence is absent, never empty: that is how a policy tells "nobody looked" from
//! "somebody looked and found none". Fields are only ever added; anything else counts [`SCHEMA`] up.

mod artifact;
mod build;
mod deploy;
mod schema;
mod source;

pub use artifact::{
    ArtifactFacts, ArtifactIdentity, AttestationFacts, InventoryFacts, KnownExploited, LicenseFacts,
    VulnerabilityFacts, WorstVulnerability,
};
pub use build::{BuildFacts, BuildLevelFacts, BuildRun, CoverageFacts, FailedTest, ProvenanceFacts, TestFacts};
pub use deploy::DeployFacts;
pub use deploy::{
    ApprovalFacts, BenchmarkFacts, DigestFacts, FailedControl, JudgmentFacts, PerformanceFacts, VerificationFacts,
};
pub use schema::input_schema;
pub use source::{MeasureFacts, QualityConditionFacts, QualityGateFacts, ReviewFacts, ScorecardFacts, SourceFacts};

use serde::{Deserialize, Serialize};
use shipworthy_model::{Severity, SeverityCounts};
use utoipa::ToSchema;

/// The version of the contract that [`Input`] is.
pub const SCHEMA: u32 = 1;

/// Everything a policy may know about a release that wants to go to an environment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// Version of this contract, `1`.
    pub schema: u32,
    /// The instant of the decision, RFC 3339 in UTC. The only clock a policy has.
    pub now: String,
    /// The release that wants to go.
    pub release: ReleaseIdentity,
    /// The service it is a version of.
    pub service: Named,
    /// The application the service belongs to.
    pub application: Named,
    /// The team that owns the application.
    pub team: Named,
    /// Where the release wants to go.
    pub environment: EnvironmentIdentity,
    /// What is known of the source. Absent without evidence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<SourceFacts>,
    /// What is known of the build. Absent without evidence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub build: Option<BuildFacts>,
    /// What is known of the artifacts. Absent without evidence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub artifact: Option<ArtifactFacts>,
    /// What is known of the deployment. Absent without evidence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deploy: Option<DeployFacts>,
    /// Which vulnerability data is loaded. Absent while none is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advisories: Option<AdvisoryFacts>,
}

/// The release that wants to go.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReleaseIdentity {
    /// Its id.
    pub id: String,
    /// Its version, unique for the service.
    pub version: String,
    /// When it was created, RFC 3339 in UTC.
    pub created_at: String,
    /// Who created it.
    pub created_by: String,
}

/// Something with a name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// Its name.
    pub name: String,
}

/// Where the release wants to go.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EnvironmentIdentity {
    /// Its name.
    pub name: String,
    /// What it is for: `sandbox`, `development`, `test`, `staging` or `production`.
    pub kind: String,
    /// Who can reach it: `internet`, `internal` or `isolated`.
    pub exposure: String,
}

/// Which vulnerability data is loaded.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AdvisoryFacts {
    /// Version of the catalogue of known exploited vulnerabilities.
    pub known_exploited_version: String,
    /// When that catalogue was published, as it states itself.
    pub known_exploited_released: String,
}

/// How many findings there are of each severity. Every field is always present.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    /// Critical ones.
    #[serde(default)]
    #[schema(required)]
    pub critical: u64,
    /// High ones.
    #[serde(default)]
    #[schema(required)]
    pub high: u64,
    /// Medium ones.
    #[serde(default)]
    #[schema(required)]
    pub medium: u64,
    /// Low ones.
    #[serde(default)]
    #[schema(required)]
    pub low: u64,
    /// Informational ones.
    #[serde(default)]
    #[schema(required)]
    pub info: u64,
    /// Those whose severity nobody stated. Never to be treated as harmless.
    #[serde(default)]
    #[schema(required)]
    pub unknown: u64,
}

impl From<SeverityCounts> for Counts {
    fn from(counts: SeverityCounts) -> Self {
        let SeverityCounts { critical, high, medium, low, info, unknown } = counts;
        Self { critical, high, medium, low, info, unknown }
    }
}

impl FromIterator<Severity> for Counts {
    fn from_iter<T: IntoIterator<Item = Severity>>(severities: T) -> Self {
        severities.into_iter().collect::<SeverityCounts>().into()
    }
}

/// Findings of one kind other than vulnerabilities. Present as soon as a tool looked for them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FindingFacts {
    /// How many there are.
    pub counts: Counts,
    /// The worst of them, most severe first, at most 50.
    #[serde(default)]
    #[schema(required)]
    pub worst: Vec<WorstFinding>,
}

/// One finding other than a vulnerability.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WorstFinding {
    /// The rule that was broken, as the tool names it.
    pub rule: String,
    /// `critical`, `high`, `medium`, `low`, `info` or `unknown`.
    pub severity: String,
    /// One line for people. Text of a tool: untrusted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The component it is about, by purl where it has one, else by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub component: Option<String>,
    /// The file it is in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The line there, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
}
