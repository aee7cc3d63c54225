//! Matches as SARIF 2.1.0: every vulnerability a rule, every component that has it a result.
//! <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>

use super::pair::{Pair, State};
use crate::cli::gate::sarif_log;
use serde_json::{Value, json};
use shipworthy_model::Severity;
use std::collections::BTreeMap;

pub(super) fn write(pairs: &[Pair]) -> Value {
    let by_vulnerability: BTreeMap<&str, &Pair> =
        pairs.iter().map(|pair| (pair.vulnerability.as_str(), pair)).collect();
    let rules = by_vulnerability.values().map(|pair| rule(pair)).collect();
    sarif_log(rules, json!({ "results": pairs.iter().map(result).collect::<Vec<_>>() }))
}

fn rule(pair: &Pair) -> Value {
    let mut rule = json!({
        "id": pair.vulnerability,
        "shortDescription": { "text": pair.title.as_deref().unwrap_or(&pair.vulnerability) },
        "defaultConfiguration": { "level": level(pair.severity) },
        "properties": { "tags": ["security", "vulnerability"], "severity": pair.severity },
    });
    if let Some(score) = pair.score {
        rule["properties"]["security-severity"] = json!(format!("{score:.1}"));
    }
    rule
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium | Severity::Unknown => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

fn result(pair: &Pair) -> Value {
    let (state, is_unknown) = match pair.state {
        State::Unknown => ("may have", true),
        _ => ("has", false),
    };
    let version = pair.version.as_deref().unwrap_or("without a version");
    let text = format!("{} {version} {state} {}: {}", pair.component, pair.vulnerability, pair.why());
    let name = pair.purl.as_deref().unwrap_or(&pair.component);
    let mut result = json!({
        "ruleId": pair.vulnerability,
        "kind": if is_unknown { "open" } else { "fail" },
        "level": if is_unknown { "none" } else { level(pair.severity) },
        "message": { "text": text },
        "locations": [{ "logicalLocations": [{ "fullyQualifiedName": name, "kind": "package" }] }],
        "partialFingerprints": { "vulnerabilityAndComponent/v1": format!("{}|{name}", pair.vulnerability) },
    });
    if !pair.counts() {
        result["suppressions"] = json!([{ "kind": "external", "status": "accepted", "justification": pair.why() }]);
    }
    result
}
