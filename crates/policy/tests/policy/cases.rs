//! The case runner, seen by somebody who writes a policy.

use shipworthy_policy::{Policy, run_cases};

const POLICY: &str = include_str!("../../../../policies/minimum-coverage/policy.rego");

fn failures(cases: &str) -> Vec<String> {
    let policy = Policy::parse(POLICY).expect("is a policy");
    match run_cases(&policy, cases) {
        Ok(results) => results
            .into_iter()
            .filter_map(|case| case.failure.map(|failure| format!("{}:{}: {failure}", case.line, case.name)))
            .collect(),
        Err(why) => vec![why],
    }
}

#[test]
fn every_case_that_does_not_hold_says_where_and_why() {
    let cases = r#"- {name: wrong outcome, input: {build: {coverage: {line_percent: 10}}}, outcome: pass}
- {name: wrong message, input: {build: {coverage: {line_percent: 10}}}, outcome: fail, messages: [too little]}
- name: misspelt fact
  input: {build: {coverage: {lines: 10}}}
  outcome: unknown
- {name: misspelt parameter, parameters: {lines: 10}, outcome: unknown}
- {name: parameter out of bounds, parameters: {line_percent: 101}, outcome: unknown}
- {name: holds, outcome: unknown}
"#;
    insta::assert_snapshot!(failures(cases).join("\n"));
}

#[test]
fn cases_that_are_no_cases_are_refused_with_their_line() {
    let whole = "- {name: a, outcome: pass}\n- {name: a, outcome: fail}\n- {name: b, outcome: unknown}\n";
    let texts = [
        "- name: a\n  result: pass\n",
        "- name: a\n  outcome: maybe\n",
        "name: a",
        "- {name: a",
        "- {name: a, outcome: pass}\n- {name: b, outcome: fail}\n",
        whole,
    ];
    insta::assert_snapshot!(texts.map(|text| failures(text).join("\n")).join("\n---\n"));
}
