//! What is delivered and where: teams, applications, services, releases, environments, deployments.

use crate::finding::written;
use crate::{ApplicationId, ApprovalId, DeploymentId, Digest, EnvironmentId, ReleaseId, ServiceId, TeamId, UserId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Owns applications.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Team {
    /// Its id.
    pub id: TeamId,
    /// Its name, unique.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
}

/// What the business names; has services.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    /// Its id.
    pub id: ApplicationId,
    /// The team that owns it.
    pub team_id: TeamId,
    /// Its name, unique.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
}

/// One deployable unit of an application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// Its id.
    pub id: ServiceId,
    /// The application it belongs to.
    pub application_id: ApplicationId,
    /// Its name, unique in the application.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A version of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// Its id.
    pub id: ReleaseId,
    /// The service it is a version of.
    pub service_id: ServiceId,
    /// The version, unique for the service.
    pub version: String,
    /// The repository it was built from, such as `https://git.example/shop/cart`.
    pub repository: Option<String>,
    /// The branch it was built from.
    pub branch: Option<String>,
    /// The source commit in lower-case hexadecimal digits.
    pub commit: Option<String>,
    /// The run that built it, as `<system>/<id>`.
    pub build: Option<String>,
    /// What it ships.
    pub artifacts: Vec<ReleaseArtifact>,
    /// Who created it, for people.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
}

/// An artifact in a release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseArtifact {
    /// Its digest.
    pub digest: Digest,
    /// Where it can be had, such as `registry.example/shop/cart:1.4.0`.
    pub name: Option<String>,
    /// `container-image`, `package` or `file`.
    pub kind: String,
}

/// Where releases run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Environment {
    /// Its id.
    pub id: EnvironmentId,
    /// Its name, unique.
    pub name: String,
    /// What it is for.
    pub kind: EnvironmentKind,
    /// Who can reach it.
    pub exposure: Exposure,
    /// Whether the gate stops, warns or rests.
    pub gate_mode: GateMode,
    /// What an unknown makes of the verdict.
    pub unknowns: Unknowns,
    /// When it was made.
    pub created_at: Timestamp,
}

/// What an environment is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EnvironmentKind {
    /// For trying.
    Sandbox,
    /// For building.
    Development,
    /// For testing.
    Test,
    /// Like production.
    Staging,
    /// For customers.
    Production,
}

written!(
    EnvironmentKind,
    "a kind of environment",
    Sandbox = "sandbox",
    Development = "development",
    Test = "test",
    Staging = "staging",
    Production = "production"
);

/// Who can reach an environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Exposure {
    /// Anybody.
    Internet,
    /// The organisation.
    Internal,
    /// Nobody from outside its own network.
    Isolated,
}

written!(Exposure, "an exposure", Internet = "internet", Internal = "internal", Isolated = "isolated");

/// Whether the gate of an environment stops, warns or rests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GateMode {
    /// A deny is a deny.
    Enforce,
    /// A deny becomes a warn.
    Warn,
    /// Policies are evaluated and shown; the verdict is allow.
    Off,
}

written!(GateMode, "a gate mode", Enforce = "enforce", Warn = "warn", Off = "off");

/// What an unknown result makes of the verdict in an environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unknowns {
    /// The gate fails closed: an unknown counts like a failure.
    Closed,
    /// The gate fails open: an unknown warns.
    Open,
}

written!(Unknowns, "a rule for unknowns", Closed = "closed", Open = "open");

/// A release in an environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deployment {
    /// Its id.
    pub id: DeploymentId,
    /// What is deployed.
    pub release_id: ReleaseId,
    /// Where.
    pub environment_id: EnvironmentId,
    /// How it stands.
    pub state: DeploymentState,
    /// The digests that run, as whoever deployed or watches says. Empty until somebody said so.
    pub running: Vec<Digest>,
    /// With what tool it was deployed, such as `argo-cd`.
    pub tool: Option<String>,
    /// Who deployed, for people.
    pub started_by: String,
    /// When it was requested.
    pub started_at: Timestamp,
    /// When it reached its present state.
    pub changed_at: Timestamp,
}

/// How a deployment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeploymentState {
    /// Somebody began.
    Requested,
    /// It runs.
    Running,
    /// Another release of the service runs in its place.
    Replaced,
    /// It did not come to run.
    Failed,
    /// It was taken back.
    RolledBack,
}

written!(
    DeploymentState,
    "a state of a deployment",
    Requested = "requested",
    Running = "running",
    Replaced = "replaced",
    Failed = "failed",
    RolledBack = "rolled-back"
);

/// A person's word that a release may go to an environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    /// Its id.
    pub id: ApprovalId,
    /// What is approved.
    pub release_id: ReleaseId,
    /// For where.
    pub environment_id: EnvironmentId,
    /// Who approved.
    pub approved_by: UserId,
    /// The approver's name at that time.
    pub approved_by_name: String,
    /// What they wrote.
    pub comment: Option<String>,
    /// When.
    pub approved_at: Timestamp,
}

/// Checks a name of a team, application, service, environment or release version: 1 to 120 characters out of
/// letters, digits, `.`, `_`, `-`, `+`, `/` and blanks, beginning with a letter or digit.
///
/// # Errors
/// A sentence that says what was expected.
pub fn check_name(what: &str, name: &str) -> Result<(), String> {
    let is_allowed = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '+' | '/' | ' ');
    let is_name = name.chars().next().is_some_and(char::is_alphanumeric)
        && name.chars().count() <= 120
        && name.chars().all(is_allowed)
        && !name.ends_with(' ');
    if is_name {
        return Ok(());
    }
    let shown: String = name.chars().take(120).collect();
    Err(format!(
        "`{shown}` is not a name for {what}: expected 1 to 120 letters, digits, `.`, `_`, `-`, `+`, `/` or blanks, \
         beginning with a letter or digit"
    ))
}
