//! `shipworthy policy test` and `eval`, without a server.

use crate::shipworthy::{command, folder_with, run};

fn policies() -> String {
    format!("{}/../../policies", env!("CARGO_MANIFEST_DIR"))
}

const POLICY: &str = "# METADATA\n# title: A release has a version\n# description: For a test.\n# custom:\n\
    #   id: has-version\n#   phase: build\n#   severity: low\n#   remediation: Give it one.\n\
    #   requires: [build.tests]\npackage shipworthy.has_version\n\n\
    violations contains {\"message\": \"it has none\"} if input.release.version == \"\"\n";

const CASES: &str = "- {name: none, input: {release: {version: ''}, build: {tests: {total: 1, passed: 1}}}, outcome: fail}\n\
    - {name: some, input: {build: {tests: {total: 1, passed: 1}}}, outcome: pass}\n\
    - {name: nobody knows, outcome: unknown}\n";

#[test]
fn the_cases_of_our_own_policies_hold() {
    insta::assert_snapshot!("policy_test_of_ours", run(&mut command(&["policy", "test", &policies()])));
}

#[test]
fn a_case_that_does_not_hold_is_named_with_its_line() {
    let wrong = CASES.replace("outcome: pass", "outcome: fail").replace("outcome: unknown", "outcome: pass");
    let broken = CASES.replacen("outcome: fail", "outcome: pass", 1).replace("name: some, ", "name: more, ");
    let broken = format!(
        "{broken}- {{name: last, input: {{release: {{version: ''}}, build: {{tests: {{total: 1, passed: 1}}}}}}, outcome: fail}}\n"
    );
    for (name, cases) in [("holds", CASES), ("does_not_hold", &broken), ("proves_too_little", &wrong)] {
        let folder = folder_with(&[("policy.rego", POLICY), ("cases.yaml", cases)]);
        let path = folder.path().join(".").display().to_string();
        let said = run(&mut command(&["policy", "test", &path]));
        let folder_name = folder.path().file_name().expect("a name").to_string_lossy().into_owned();
        insta::assert_snapshot!(format!("policy_test_{name}"), said.replace(&folder_name, "FOLDER"));
    }
}

#[test]
fn policies_are_evaluated_over_facts_in_a_file() {
    let facts = r#"{"schema":1,"now":"2026-01-15T12:00:00Z","release":{"id":"x","version":"","created_at":"2026-01-15T10:00:00Z",
        "created_by":"ci"},"service":{"name":"cart"},"application":{"name":"shop"},"team":{"name":"harbour"},
        "environment":{"name":"production","kind":"production","exposure":"internet"},"build":{"tests":{"total":1,"passed":1}}}"#;
    let folder =
        folder_with(&[("policy.rego", POLICY), ("facts.json", facts), ("other.json", "{\"schema\":1,\"colour\":2}")]);
    let at = |name: &str| folder.path().join(name).display().to_string();
    let path = folder.path().display().to_string();
    insta::assert_snapshot!("policy_eval", run(&mut command(&["policy", "eval", &path, "--input", &at("facts.json")])));
    let said = run(&mut command(&["policy", "eval", &path, "--input", &at("other.json")]));
    insta::assert_snapshot!("policy_eval_of_no_facts", said.replace(&path, "FOLDER"));
    let said = run(&mut command(&["policy", "test", &at("facts.json")]));
    insta::assert_snapshot!("policy_test_of_no_folder", said.replace(&path, "FOLDER"));
}
