//! The nouns of Shipworthy: plain data that every other crate speaks about.
//!
//! Nothing here does IO, reads a clock, speaks SQL or HTTP. A word means here what the glossary of
//! `docs/concepts/glossary.md` says it means.

mod decision;
mod delivery;
mod digest;
mod exception;
mod finding;
mod id;
mod inventory;
mod people;
mod report;
mod subject;

pub use decision::{
    AdvisoryData, Decision, EvaluatedPolicy, EvidenceRef, ExcusedBy, ExcusedFinding, Outcome, Verdict, Violation,
};
pub use delivery::{
    Application, Approval, Deployment, DeploymentState, Environment, EnvironmentKind, Exposure, GateMode, Release,
    ReleaseArtifact, Service, Team, Unknowns, check_name,
};
pub use digest::{Digest, InvalidDigest};
pub use exception::{Exception, ExceptionScope, ExceptionState, Matchers, VexJustification};
pub use finding::{ComponentRef, Cvss, Finding, FindingKind, FindingStatus, Location, Severity, SeverityCounts};
pub use id::{
    ApplicationId, ApprovalId, AssignmentId, AuditId, BuilderId, DecisionId, DeploymentId, EnvironmentId, EvidenceId,
    ExceptionId, FormatId, InvalidId, PolicyId, ReleaseId, ServiceId, SessionId, SignerId, TeamId, TokenId,
    TrustRootId, UserId,
};
pub use inventory::{
    Completeness, Component, ComponentEvidence, Crypto, Dependency, Inventory, InventoryQuality, InventoryService,
    Pedigree,
};
pub use people::{Permission, Role, Scope};
pub use report::{
    Attestation, Benchmark, Build, Control, ControlStatus, Counter, Coverage, Measures, Performance, Phase, Provenance,
    QualityCondition, QualityGate, Report, ReportedApproval, ReportedDeployment, ResponseTimes, Review, ReviewApproval,
    Scorecard, ScorecardCheck, Signature, TestFailure, Tests, Threshold, Tool, Verification, VerificationMetric,
    VexStatement, VexStatus, Warning,
};
pub use subject::{InvalidSubject, Subject};
