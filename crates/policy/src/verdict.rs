//! From the results of policies to the answer of the gate: what exceptions excuse, what is left, what it means here.
//!
//! Policies are evaluated twice where findings are excused: over all facts, and over the facts without them. The
//! second pass decides; a violation that vanished in it is shown as excused by the exceptions that took its findings out.

use crate::excuse::{Aliases, Context, excuses_violation};
use crate::{Policy, PolicyResult};
use serde_json::Value;
use shipworthy_model::{
    Digest, EvaluatedPolicy, Exception, ExceptionId, ExcusedBy, ExcusedFinding, GateMode, Outcome, Phase, Severity,
    Unknowns, Verdict, Violation,
};
use std::collections::BTreeSet;

/// The name under which a decision says that no policy is assigned. No source is stored for it.
pub const NO_POLICY: &str = "no-policy-assigned";

/// A policy as it was put into force.
#[derive(Clone, Copy, Debug)]
pub struct Assigned<'a> {
    /// The policy.
    pub policy: &'a Policy,
    /// What a failure makes of the verdict: `deny` or `warn`.
    pub action: Verdict,
    /// The parameter values, complete.
    pub parameters: &'a Value,
}

/// What the exceptions have to say.
#[derive(Clone, Copy, Debug)]
pub struct Excuses<'a> {
    /// The exceptions that cover the place, see [`crate::excuse::covering`].
    pub covering: &'a [&'a Exception],
    /// The findings that were taken out for the second pass.
    pub findings: &'a [ExcusedFinding],
    /// Other names of rules.
    pub aliases: &'a Aliases,
    /// The place.
    pub context: &'a Context,
}

/// The result of every policy after exceptions, by phase and name. `first` are the results over all facts, `second`
/// those over the facts without the excused findings, where there were any; both in the order of `assigned`.
///
/// Where no policy is assigned the answer is one entry that is unknown: nobody judged the release.
#[must_use]
pub fn conclude(
    assigned: &[Assigned<'_>],
    first: &[PolicyResult],
    second: Option<&[PolicyResult]>,
    excuses: Excuses<'_>,
) -> Vec<EvaluatedPolicy> {
    if assigned.is_empty() {
        return vec![nothing_assigned()];
    }
    let missing = PolicyResult::unknown(vec!["the policy was not evaluated".to_owned()]);
    let second = second.unwrap_or(first);
    let conclude_at = |(index, assigned): (usize, &Assigned<'_>)| {
        let (first, second) = (first.get(index).unwrap_or(&missing), second.get(index).unwrap_or(&missing));
        conclude_one(*assigned, first, second, excuses)
    };
    let mut policies: Vec<EvaluatedPolicy> = assigned.iter().enumerate().map(conclude_at).collect();
    policies.sort_by(|a, b| (a.phase, &a.name).cmp(&(b.phase, &b.name)));
    policies
}

fn conclude_one(
    assigned: Assigned<'_>,
    first: &PolicyResult,
    second: &PolicyResult,
    excuses: Excuses<'_>,
) -> EvaluatedPolicy {
    let policy = assigned.policy;
    let violations = violations(&policy.name, first, second, excuses);
    let reasons: BTreeSet<&String> = first.reasons.iter().chain(&second.reasons).collect();
    let outcome = match (first.outcome, second.outcome) {
        (Outcome::Unknown, _) | (_, Outcome::Unknown) => Outcome::Unknown,
        _ if violations.iter().any(|violation| violation.excused_by.is_empty()) => Outcome::Fail,
        _ => Outcome::Pass,
    };
    EvaluatedPolicy {
        name: policy.name.clone(),
        title: policy.title.clone(),
        phase: policy.phase,
        severity: policy.severity,
        remediation: policy.remediation.clone(),
        digest: policy.digest.clone(),
        action: assigned.action,
        parameters: assigned.parameters.clone(),
        outcome,
        reasons: reasons.into_iter().cloned().collect(),
        violations,
    }
}

/// The violations that are left, with what excuses them, and after them those that vanished.
fn violations(policy: &str, first: &PolicyResult, second: &PolicyResult, excuses: Excuses<'_>) -> Vec<Violation> {
    let excused_by = |exceptions: BTreeSet<ExceptionId>| {
        let named = excuses.covering.iter().filter(|exception| exceptions.contains(&exception.id));
        named.map(|exception| ExcusedBy { exception: exception.id, until: exception.until }).collect()
    };
    let mut violations = Vec::new();
    for violation in &second.violations {
        let excused_by = excused_by(direct(policy, violation, excuses));
        violations.push(Violation { excused_by, ..violation.clone() });
    }
    for violation in &first.violations {
        let is_left = second.violations.iter().any(|left| says_the_same(left, violation));
        if !is_left {
            let excused_by = excused_by(indirect(policy, violation, excuses));
            violations.push(Violation { excused_by, ..violation.clone() });
        }
    }
    violations
}

/// The exceptions that name the violation itself.
fn direct(policy: &str, violation: &Violation, excuses: Excuses<'_>) -> BTreeSet<ExceptionId> {
    let Excuses { covering, findings: _, aliases, context } = excuses;
    let names_it = |exception: &&&Exception| excuses_violation(exception, policy, violation, aliases, context);
    covering.iter().filter(names_it).map(|exception| exception.id).collect()
}

/// The exceptions that made a violation vanish: those that name it, else those that took out the finding it is about,
/// else all that took findings out, since a count is about all of them.
fn indirect(policy: &str, violation: &Violation, excuses: Excuses<'_>) -> BTreeSet<ExceptionId> {
    let direct = direct(policy, violation, excuses);
    if !direct.is_empty() {
        return direct;
    }
    let is_about = |excused: &&ExcusedFinding| {
        (violation.finding.is_some() || violation.component.is_some())
            && violation.finding.as_ref().is_none_or(|finding| *finding == excused.rule)
            && violation.component.as_ref().is_none_or(|component| excused.component.as_ref() == Some(component))
    };
    let about: BTreeSet<ExceptionId> =
        excuses.findings.iter().filter(is_about).map(|excused| excused.exception).collect();
    if !about.is_empty() {
        return about;
    }
    excuses.findings.iter().map(|excused| excused.exception).collect()
}

/// Whether two violations differ in nothing but numbers: "11 critical, at most 10" is what exceptions left of "12
/// critical, at most 10", and showing both would be telling one thing twice.
fn says_the_same(left: &Violation, right: &Violation) -> bool {
    let letters = |text: &str| text.split(|c: char| c.is_ascii_digit()).collect::<Vec<_>>().concat();
    left == right
        || (left.finding == right.finding
            && left.component == right.component
            && letters(&left.message) == letters(&right.message))
}

/// What a decision says where nobody assigned a policy.
fn nothing_assigned() -> EvaluatedPolicy {
    let reason = "no policy is assigned to this service in this environment, so nobody judged the release";
    EvaluatedPolicy {
        name: NO_POLICY.to_owned(),
        title: "A policy is assigned".to_owned(),
        phase: Phase::Deploy,
        severity: Severity::High,
        remediation: "Assign at least one policy that is in force for this service and environment.".to_owned(),
        digest: Digest::of(b""),
        action: Verdict::Deny,
        parameters: Value::Object(serde_json::Map::new()),
        outcome: Outcome::Unknown,
        reasons: vec![reason.to_owned()],
        violations: Vec::new(),
    }
}

/// The answer of the gate: the strictest that any policy asks for, as the environment takes it. Where no policy judged
/// the release it counts as unknown.
#[must_use]
pub fn verdict(policies: &[EvaluatedPolicy], gate_mode: GateMode, unknowns: Unknowns) -> Verdict {
    let of_unknown = match unknowns {
        Unknowns::Closed => Verdict::Deny,
        Unknowns::Open => Verdict::Warn,
    };
    let judged = policies.iter().filter(|policy| policy.outcome != Outcome::NotApplicable);
    let asked = judged.map(|policy| match policy.outcome {
        Outcome::Pass | Outcome::NotApplicable => Verdict::Allow,
        Outcome::Fail => policy.action,
        Outcome::Unknown => policy.action.min(of_unknown),
    });
    let strictest = asked.max().unwrap_or(of_unknown);
    match gate_mode {
        GateMode::Enforce => strictest,
        GateMode::Warn => strictest.min(Verdict::Warn),
        GateMode::Off => Verdict::Allow,
    }
}
