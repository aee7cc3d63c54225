//! A time-limited, approved permission for named violations in a named scope.

use crate::finding::written;
use crate::{ApplicationId, Digest, EnvironmentId, EnvironmentKind, ExceptionId, Exposure, ServiceId, TeamId, UserId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A time-limited, approved permission for named violations in a named scope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exception {
    /// Its id.
    pub id: ExceptionId,
    /// Which violations it is for; at least one matcher is set.
    pub matchers: Matchers,
    /// Where it holds; empty means everywhere.
    pub scope: ExceptionScope,
    /// Why it is asked for.
    pub reason: String,
    /// Why the vulnerability does not matter, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub justification: Option<VexJustification>,
    /// A ticket elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
    /// First instant at which it holds.
    pub from: Timestamp,
    /// First instant at which it holds no more.
    pub until: Timestamp,
    /// Who asked.
    pub requested_by: UserId,
    /// When.
    pub requested_at: Timestamp,
    /// Who approved or rejected; never who asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<UserId>,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_at: Option<Timestamp>,
    /// Whether the answer was yes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_approved: Option<bool>,
    /// Who took it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_by: Option<UserId>,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<Timestamp>,
}

/// Which violations an exception is for. Those that are set must all match.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Matchers {
    /// A policy by its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
    /// A vulnerability or rule id; aliases of the finding count too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// A package URL; without version it means all versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purl: Option<String>,
    /// An artifact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub artifact: Option<Digest>,
}

impl Matchers {
    /// Whether nothing is set, which would match everything and is refused.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Where an exception holds. Those that are set must all match.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExceptionScope {
    /// Applications of this team.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team_id: Option<TeamId>,
    /// This application.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application_id: Option<ApplicationId>,
    /// This service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_id: Option<ServiceId>,
    /// This environment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment_id: Option<EnvironmentId>,
    /// Environments of this kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment_kind: Option<EnvironmentKind>,
    /// Environments with this exposure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exposure: Option<Exposure>,
}

/// Why a vulnerability does not matter (OpenVEX 0.2.0, *Status Justifications*).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VexJustification {
    /// The component is not there.
    ComponentNotPresent,
    /// Its vulnerable code is not there.
    VulnerableCodeNotPresent,
    /// Its vulnerable code does not run.
    VulnerableCodeNotInExecutePath,
    /// An attacker cannot reach its vulnerable code.
    VulnerableCodeCannotBeControlledByAdversary,
    /// Something else already stops it.
    InlineMitigationsAlreadyExist,
}

written!(
    VexJustification,
    "a VEX justification",
    ComponentNotPresent = "component_not_present",
    VulnerableCodeNotPresent = "vulnerable_code_not_present",
    VulnerableCodeNotInExecutePath = "vulnerable_code_not_in_execute_path",
    VulnerableCodeCannotBeControlledByAdversary = "vulnerable_code_cannot_be_controlled_by_adversary",
    InlineMitigationsAlreadyExist = "inline_mitigations_already_exist"
);

/// How an exception stands at an instant. Never stored: it follows from the record and the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExceptionState {
    /// Nobody answered yet.
    Requested,
    /// It holds, or will from its first instant on.
    Approved,
    /// The answer was no.
    Rejected,
    /// It was taken back.
    Revoked,
    /// Its time is over, whether or not anybody answered.
    Expired,
}

written!(
    ExceptionState,
    "a state of an exception",
    Requested = "requested",
    Approved = "approved",
    Rejected = "rejected",
    Revoked = "revoked",
    Expired = "expired"
);

impl Exception {
    /// How it stands at `now`.
    #[must_use]
    pub fn state_at(&self, now: Timestamp) -> ExceptionState {
        match (self.revoked_at, self.is_approved) {
            (Some(_), _) => ExceptionState::Revoked,
            (None, Some(false)) => ExceptionState::Rejected,
            _ if now >= self.until => ExceptionState::Expired,
            (None, Some(true)) => ExceptionState::Approved,
            (None, None) => ExceptionState::Requested,
        }
    }

    /// Whether it excuses anything at `now`: approved, not revoked, and `from ≤ now < until`.
    #[must_use]
    pub fn is_active_at(&self, now: Timestamp) -> bool {
        self.state_at(now) == ExceptionState::Approved && self.from <= now
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn approved(from: &str, until: &str) -> Exception {
        let user = |n| UserId(Uuid::from_u128(n));
        Exception {
            id: ExceptionId(Uuid::from_u128(1)),
            matchers: Matchers { rule: Some("CVE-2021-44228".to_owned()), ..Matchers::default() },
            scope: ExceptionScope::default(),
            reason: "not reachable".to_owned(),
            justification: None,
            ticket: None,
            from: from.parse().expect("a time"),
            until: until.parse().expect("a time"),
            requested_by: user(1),
            requested_at: from.parse().expect("a time"),
            decided_by: Some(user(2)),
            decided_at: Some(from.parse().expect("a time")),
            is_approved: Some(true),
            revoked_by: None,
            revoked_at: None,
        }
    }

    #[test]
    fn the_first_instant_is_inside_and_the_last_is_outside() {
        let exception = approved("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z");
        let active = |at: &str| exception.is_active_at(at.parse().expect("a time"));
        assert!(!active("2025-12-31T23:59:59.999999Z"));
        assert!(active("2026-01-01T00:00:00Z"));
        assert!(active("2026-01-31T23:59:59.999999Z"));
        assert!(!active("2026-02-01T00:00:00Z"));
    }

    #[test]
    fn only_an_approved_exception_that_nobody_revoked_is_active() {
        let now = "2026-01-15T00:00:00Z".parse().expect("a time");
        let approved = approved("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z");
        let requested = Exception { is_approved: None, ..approved.clone() };
        let rejected = Exception { is_approved: Some(false), ..approved.clone() };
        let revoked = Exception { revoked_at: Some(now), ..approved.clone() };
        let states = [&approved, &requested, &rejected, &revoked].map(|e| (e.state_at(now), e.is_active_at(now)));
        assert_eq!(
            states,
            [
                (ExceptionState::Approved, true),
                (ExceptionState::Requested, false),
                (ExceptionState::Rejected, false),
                (ExceptionState::Revoked, false)
            ]
        );
    }
}
