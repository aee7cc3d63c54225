//! The groups of the audit log, as data: under what people look for an action.

use serde::Serialize;

/// A group of actions that belong together for who looks for them.
#[derive(Clone, Copy, Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct AuditGroup {
    /// Its name in filters.
    pub name: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// What is in it, in a sentence.
    pub about: &'static str,
    /// The actions in it.
    pub actions: &'static [&'static str],
    /// Whether only decisions that found a policy violated are in it.
    #[serde(skip)]
    pub(crate) is_violation: bool,
}

/// Every group, in the order in which they are shown.
pub(crate) static GROUPS: &[AuditGroup] = &[
    group(
        "pipeline",
        "Pipeline runs",
        "Releases that were registered and evidence that was handed in.",
        &["release.create", "evidence.submit", "attestation.check", "application.create", "service.create"],
    ),
    group(
        "deployments",
        "Deployments",
        "What was deployed where, and taken back.",
        &["deployment.start", "deployment.finish", "deployment.fail", "deployment.roll-back"],
    ),
    group(
        "decisions",
        "Decisions",
        "Answers of gates, and approvals by people.",
        &["decision.make", "release.approve"],
    ),
    AuditGroup {
        is_violation: true,
        ..group("violations", "Violations", "Decisions that found a policy violated.", &["decision.make"])
    },
    group(
        "exceptions",
        "Exceptions",
        "Exceptions that were asked for, answered and taken back.",
        &["exception.request", "exception.approve", "exception.reject", "exception.revoke"],
    ),
    group(
        "policies",
        "Policy changes",
        "Policies, where they apply, environments and their gates, and what is expected of builds.",
        &[
            "policy.push",
            "policy.seed",
            "assignment.create",
            "assignment.delete",
            "environment.create",
            "environment.update",
            "expectations.update",
            "format.push",
            "format.retire",
        ],
    ),
    group(
        "access",
        "Access changes",
        "People, teams, tokens and sign-ins, also refused ones.",
        &[
            "setup.create",
            "user.create",
            "user.update",
            "team.create",
            "token.create",
            "token.revoke",
            "session.create",
            "session.refuse",
        ],
    ),
    group(
        "trust",
        "Trust changes",
        "Keys, trust roots, signers and builders.",
        &[
            "key.make",
            "trust-root.create",
            "trust-root.update",
            "trust-root.revoke",
            "signer.create",
            "signer.revoke",
            "builder.create",
            "builder.revoke",
        ],
    ),
    group(
        "server",
        "Server",
        "Databases of vulnerabilities that were loaded, and the log's own affairs.",
        &["advisories.import", "advisories.match", "advisories.sync", "audit.bind"],
    ),
];

const fn group(
    name: &'static str,
    title: &'static str,
    about: &'static str,
    actions: &'static [&'static str],
) -> AuditGroup {
    AuditGroup { name, title, about, actions, is_violation: false }
}

/// The group with this name.
pub(crate) fn find(name: &str) -> Option<&'static AuditGroup> {
    GROUPS.iter().find(|group| group.name == name)
}

/// The name of the group that an action is in.
pub(crate) fn of_action(action: &str) -> Option<&'static str> {
    GROUPS.iter().find(|group| !group.is_violation && group.actions.contains(&action)).map(|group| group.name)
}
