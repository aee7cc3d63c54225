//! Who may do what, and where.

use crate::finding::written;
use crate::{ApplicationId, TeamId};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// What a handler asks of its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Permission {
    /// Hand in evidence, create releases and deployments.
    Push,
    /// Look at everything in scope but the documents as they were received.
    Read,
    /// Look at documents as they were received. They hold what readers mask: the secrets that scanners found.
    ReadDocuments,
    /// Ask a gate.
    Gate,
    /// Ask for an exception.
    RequestException,
    /// Approve exceptions and releases.
    Approve,
    /// Change policies, assignments and environments.
    Govern,
    /// Manage users, tokens and teams.
    Admin,
}

written!(
    Permission,
    "a permission",
    Push = "push",
    Read = "read",
    ReadDocuments = "read-documents",
    Gate = "gate",
    RequestException = "request-exception",
    Approve = "approve",
    Govern = "govern",
    Admin = "admin"
);

/// A named set of permissions that people hold. API tokens hold permissions directly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Auditors and the curious: reads, but not the documents as they were received.
    Viewer,
    /// Reads, pushes, asks gates and for exceptions.
    Developer,
    /// A developer who also approves releases and exceptions of others.
    Approver,
    /// Security: all of that, and policies, assignments and environments.
    Security,
    /// Everything.
    Administrator,
}

written!(
    Role,
    "a role",
    Viewer = "viewer",
    Developer = "developer",
    Approver = "approver",
    Security = "security",
    Administrator = "administrator"
);

impl Role {
    /// What the role may do.
    #[must_use]
    pub fn permissions(self) -> &'static [Permission] {
        use Permission::{Admin, Approve, Gate, Govern, Push, Read, ReadDocuments, RequestException};
        match self {
            Self::Viewer => &[Read],
            Self::Developer => &[Read, ReadDocuments, Push, Gate, RequestException],
            Self::Approver => &[Read, ReadDocuments, Push, Gate, RequestException, Approve],
            Self::Security => &[Read, ReadDocuments, Push, Gate, RequestException, Approve, Govern],
            Self::Administrator => &[Read, ReadDocuments, Push, Gate, RequestException, Approve, Govern, Admin],
        }
    }
}

/// Where a role or token is valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "kebab-case")]
pub enum Scope {
    /// Everywhere.
    Everything,
    /// The applications of one team.
    Team(TeamId),
    /// One application.
    Application(ApplicationId),
}
