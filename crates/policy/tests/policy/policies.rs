//! Our own policies: each folder is called like its policy, and every case in it holds.

use serde_json::json;
use shipworthy_policy::{Policy, evaluate, run_cases};
use std::path::Path;

#[test]
fn every_case_of_every_policy_holds() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../policies"));
    let mut failures = Vec::new();
    let mut count = 0;
    for entry in std::fs::read_dir(folder).expect("the folder of policies is there") {
        let path = entry.expect("can be listed").path();
        if !path.is_dir() {
            continue;
        }
        count += 1;
        failures.extend(failures_of(&path));
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert_eq!(count, 12);
}

fn failures_of(folder: &Path) -> Vec<String> {
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).expect("a policy has its two files");
    let name = folder.file_name().and_then(|name| name.to_str()).expect("a folder has a name");
    let policy = match Policy::parse(&read("policy.rego")) {
        Ok(policy) => policy,
        Err(error) => return vec![format!("{name}: {error}")],
    };
    assert_eq!(policy.name, name, "the folder is called like the policy");
    match run_cases(&policy, &read("cases.yaml")) {
        Ok(results) => {
            let failed = results.into_iter().filter_map(|case| {
                case.failure.map(|failure| format!("{name}/cases.yaml:{}: {}: {failure}", case.line, case.name))
            });
            failed.collect()
        }
        Err(why) => vec![why],
    }
}

#[test]
fn a_violation_says_what_to_fix_first() {
    let policy = include_str!("../../../../policies/findings-by-severity/policy.rego");
    let policy = Policy::parse(policy).expect("is a policy");
    let worst = |number: u32| {
        let id = format!("CVE-2026-{number}");
        json!({ "id": id, "severity": "critical", "component": "pkg:npm/a@1.0.0", "fixed_versions": ["1.0.1"] })
    };
    let worst: Vec<_> = (1..=11).map(worst).collect();
    let facts = json!({ "artifact": { "vulnerabilities": { "counts": { "critical": 11 }, "worst": worst } } });
    let parameters = policy.parameters.fill(&json!({})).expect("has defaults");
    let result = evaluate(&policy, &parameters, &facts);
    assert_eq!(
        result.violations[0].remediation.as_deref(),
        Some(
            "Fix first: CVE-2026-1 in pkg:npm/a@1.0.0 (fixed in 1.0.1); CVE-2026-2 in pkg:npm/a@1.0.0 (fixed in \
             1.0.1); CVE-2026-3 in pkg:npm/a@1.0.0 (fixed in 1.0.1)."
        )
    );
}
