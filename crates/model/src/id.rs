//! Identifiers of records: UUIDv7, one type per noun so that they cannot be confused.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

/// A text that was given as an id and is none.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{0}` is not an id: expected a UUID such as `01937b4e-8f3a-7c55-9d21-0c6f0e7a41b2`")]
pub struct InvalidId(String);

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Uuid::try_parse(text).map(Self).map_err(|_| InvalidId(text.to_owned()))
            }
        }
    )*};
}

ids! {
    /// Names a team.
    TeamId;
    /// Names an application.
    ApplicationId;
    /// Names a service.
    ServiceId;
    /// Names a release.
    ReleaseId;
    /// Names an environment.
    EnvironmentId;
    /// Names a deployment.
    DeploymentId;
    /// Names an approval.
    ApprovalId;
    /// Names a piece of evidence: one binding of a document to subjects.
    EvidenceId;
    /// Names a version of a format that a user described.
    FormatId;
    /// Names a policy version.
    PolicyId;
    /// Names an assignment.
    AssignmentId;
    /// Names a decision.
    DecisionId;
    /// Names an exception.
    ExceptionId;
    /// Names a trust root.
    TrustRootId;
    /// Names a rule that says who may sign what.
    SignerId;
    /// Names a trusted builder.
    BuilderId;
    /// Names a user.
    UserId;
    /// Names an API token.
    TokenId;
    /// Names a browser session.
    SessionId;
    /// Names an audit entry.
    AuditId;
}
