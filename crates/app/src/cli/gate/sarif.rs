//! A decision as SARIF 2.1.0, for what shows code scanning results: every policy a rule, every violation a result.
//! <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>

use super::reasons::release;
use crate::api::decisions::{DecisionView, PolicyResult, ViolationView};
use serde_json::{Value, json};

pub(super) fn write(decision: &DecisionView) -> Value {
    let results: Vec<Value> = decision.policies.iter().flat_map(|policy| results(decision, policy)).collect();
    let run = json!({
        "invocations": [{ "executionSuccessful": true, "endTimeUtc": decision.decided_at }],
        "automationDetails": { "id": format!("shipworthy-gate/{}/", decision.environment.name) },
        "results": results,
        "properties": {
            "verdict": decision.verdict,
            "decision": decision.id,
            "link": decision.link,
        },
    });
    sarif_log(decision.policies.iter().map(rule).collect(), run)
}

/// A log of one run of ours with these rules.
pub(crate) fn sarif_log(rules: Vec<Value>, mut run: Value) -> Value {
    run["tool"] = json!({ "driver": {
        "name": "Shipworthy",
        "informationUri": "https://shipworthy.dev",
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "rules": rules,
    } });
    json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    })
}

fn rule(policy: &PolicyResult) -> Value {
    json!({
        "id": policy.name,
        "shortDescription": { "text": policy.title },
        "help": { "text": policy.remediation },
        "defaultConfiguration": { "level": level(policy) },
        "properties": { "phase": policy.phase, "severity": policy.severity },
    })
}

fn level(policy: &PolicyResult) -> &'static str {
    if policy.action == "deny" { "error" } else { "warning" }
}

fn results(decision: &DecisionView, policy: &PolicyResult) -> Vec<Value> {
    let mut results: Vec<Value> =
        policy.violations.iter().map(|violation| result(decision, policy, violation)).collect();
    if policy.outcome == "unknown" {
        results.extend(policy.reasons.iter().map(|reason| {
            let mut result = base(decision, policy, &format!("Unknown: {reason}"));
            result["kind"] = json!("open");
            result["level"] = json!("none");
            result
        }));
    }
    results
}

fn result(decision: &DecisionView, policy: &PolicyResult, violation: &ViolationView) -> Value {
    let mut result = base(decision, policy, &violation.message);
    let suppression = |by: &crate::api::decisions::ExcusedByView| {
        json!({ "kind": "external", "status": "accepted",
            "justification": format!("exception {} until {}", by.exception, by.until) })
    };
    if !violation.excused_by.is_empty() {
        result["suppressions"] = violation.excused_by.iter().map(suppression).collect();
    }
    result
}

fn base(decision: &DecisionView, policy: &PolicyResult, message: &str) -> Value {
    json!({
        "ruleId": policy.name,
        "kind": "fail",
        "level": level(policy),
        "message": { "text": message },
        "locations": [{ "logicalLocations": [{ "fullyQualifiedName": release(decision), "kind": "release" }] }],
    })
}
