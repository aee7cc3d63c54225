//! What every form of a decision says, in the order in which a stopped developer needs it: what denies before what
//! warns, what fails before what is unknown, then what is excused, then what passes.

use crate::api::decisions::{DecisionView, PolicyResult, ViolationView};

/// The policies that did not pass, the most pressing first.
pub(super) fn open(decision: &DecisionView) -> Vec<&PolicyResult> {
    let mut open: Vec<&PolicyResult> =
        decision.policies.iter().filter(|policy| matches!(policy.outcome.as_str(), "fail" | "unknown")).collect();
    open.sort_by_key(|policy| (policy.action != "deny", policy.outcome != "fail"));
    open
}

/// The policies that pass because exceptions excuse something.
pub(super) fn excused(decision: &DecisionView) -> Vec<&PolicyResult> {
    decision.policies.iter().filter(|policy| policy.outcome == "pass" && !policy.violations.is_empty()).collect()
}

/// The names of the policies that simply pass.
pub(super) fn passing(decision: &DecisionView) -> Vec<&str> {
    let passes = decision.policies.iter().filter(|policy| policy.outcome == "pass" && policy.violations.is_empty());
    passes.map(|policy| policy.name.as_str()).collect()
}

/// One reason with what to do about it.
pub(super) struct Reason<'d> {
    pub(super) message: &'d str,
    pub(super) remediation: Option<&'d str>,
}

/// Why a policy did not pass. A violation without a remediation of its own has the policy's.
pub(super) fn reasons(policy: &PolicyResult) -> Vec<Reason<'_>> {
    let of_violation = |violation: &&ViolationView| violation.excused_by.is_empty() && policy.outcome == "fail";
    let violations = policy.violations.iter().filter(of_violation);
    let mut all: Vec<Reason<'_>> = violations
        .map(|violation| Reason { message: &violation.message, remediation: violation.remediation.as_deref() })
        .collect();
    if policy.outcome == "unknown" {
        all.extend(policy.reasons.iter().map(|reason| Reason { message: reason, remediation: None }));
    }
    all
}

/// What to do about a policy that did not pass, where its reasons do not say it themselves.
pub(super) fn advice(policy: &PolicyResult) -> &str {
    let is_missing = |reason: &String| reason.starts_with("the fact `");
    if policy.outcome != "unknown" || !policy.reasons.iter().any(is_missing) {
        return &policy.remediation;
    }
    if policy.reasons.iter().any(|reason| reason.contains("known_exploited`")) {
        return "load the catalogue with `shipworthy advisories import FILE` and hand in a vulnerability report";
    }
    "hand in a document that tells it with `shipworthy push FILE`; `shipworthy format list` names what is read"
}

/// `shop/cart@1.4.0`.
pub(super) fn release(decision: &DecisionView) -> String {
    format!("{}/{}@{}", decision.application.name, decision.service.name, decision.release.name)
}
