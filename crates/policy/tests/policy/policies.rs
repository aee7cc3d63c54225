//! Our own policies: each folder is called like its policy, and every case in it holds.

use shipworthy_policy::{Policy, run_cases};
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
