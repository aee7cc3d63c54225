//! Policies that are broken or hostile: refused before they run, or unknown; never a pass.

use serde_json::{Value, json};
use shipworthy_model::Outcome;
use shipworthy_policy::{Policy, PolicyError, PolicyResult, evaluate};

/// A policy that requires nothing and consists of these rules.
fn source(rules: &str) -> String {
    format!(
        "# METADATA\n# title: Test\n# description: Test\n# custom:\n#   id: test\n#   phase: source\n\
         #   severity: low\n#   remediation: None\n#   parameters:\n#     properties:\n\
         #       most: {{type: integer, default: 3, description: Test}}\npackage shipworthy.test\n\n{rules}\n"
    )
}

fn refusal(rules: &str) -> PolicyError {
    Policy::parse(&source(rules)).expect_err("must be refused")
}

fn run(rules: &str) -> PolicyResult {
    let policy = Policy::parse(&source(rules)).expect("is read");
    evaluate(&policy, &policy.parameters.fill(&Value::Null).expect("has defaults"), &json!({ "schema": 1 }))
}

/// The outcome must be unknown, and the reason must hold these words.
fn assert_unknown(rules: &str, words: &str) {
    let result = run(rules);
    assert_eq!(result.outcome, Outcome::Unknown, "{rules}: {result:?}");
    assert!(result.violations.is_empty());
    assert!(result.reasons.iter().any(|reason| reason.contains(words)), "{rules}: {:?}", result.reasons);
}

#[test]
fn a_set_of_violations_fails_and_an_empty_one_passes() {
    let result = run(r#"violations contains {"message": "b"}
violations contains {"message": "a", "finding": "CVE-1", "component": "pkg:npm/a@1", "remediation": "update"}
violations contains {"message": "a", "finding": "CVE-1", "component": "pkg:npm/a@1", "remediation": "update"}"#);
    assert_eq!(result.outcome, Outcome::Fail);
    let messages: Vec<_> = result.violations.iter().map(|violation| violation.message.as_str()).collect();
    assert_eq!(messages, ["a", "b"]);
    assert_eq!(run("violations contains {\"message\": \"x\"} if false").outcome, Outcome::Pass);
    assert_eq!(run("violations contains {\"message\": \"x\"} if data.parameters.most > 3").outcome, Outcome::Pass);
    assert_eq!(run("violations contains {\"message\": \"x\"} if data.parameters.most == 3").outcome, Outcome::Fail);
}

#[test]
fn deep_brackets_are_refused_before_the_parser_sees_them() {
    for (open, close) in [("[", "]"), ("{\"a\": ", "}"), ("(", ")")] {
        let rules = format!("x := {}1{}", open.repeat(24), close.repeat(24));
        assert!(matches!(refusal(&rules), PolicyError::TooDeep { .. }), "{rules}");
    }
    let harmless =
        format!("# {0}\nx := \"{0}\"\ny := `{0}`\nviolations contains {{\"message\": x}} if false", "[".repeat(40));
    assert_eq!(run(&harmless).outcome, Outcome::Pass);
}

#[test]
fn what_is_too_large_is_refused() {
    assert!(matches!(refusal(&"# x\n".repeat(20_000)), PolicyError::TooManyLines { .. }));
    assert!(matches!(refusal(&"#".repeat(300_000)), PolicyError::TooLarge { .. }));
    assert!(matches!(refusal(&"#".repeat(2_000)), PolicyError::LineTooLong { .. }));
}

#[test]
fn what_reaches_out_of_the_facts_is_refused_by_name() {
    for rules in [
        "x := http.send({\"method\": \"get\", \"url\": \"http://127.0.0.1\"})",
        "x := net.lookup_ip_addr(\"localhost\")",
        "x := opa.runtime()",
        "x := opa[\"runtime\"]()",
        "x := rand.intn(\"a\", 5)",
        "x := uuid.rfc4122(\"a\")",
        "x := time.now_ns()",
        "x := time[\"now_ns\"]()",
        "x := time[\"now\\u005fns\"]()",
        "x := time[`now_ns`]()",
        "x := time . now_ns ( )",
        "x := y if y := abs(1) with abs as time.now_ns",
        "x := rego.parse_module(\"a\", \"package a\")",
        "x if trace(\"a\")",
        "x if print(\"a\")",
        "x := numbers.range(1, 200000000)",
        "x := count(numbers.range_step(1, 200000000, 1))",
        "x := net.cidr_expand(\"10.0.0.0/8\")",
        "import data.time as clock",
        "import input.source as source",
        "x := data.shipworthy.test.nowhere",
        "x := data.secrets",
        "x := data[\"anything\"]",
    ] {
        assert!(matches!(refusal(rules), PolicyError::Forbidden { .. }), "{rules}: {}", refusal(rules));
    }
    assert!(matches!(refusal("x := crypto.sha256(\"a\")"), PolicyError::UnknownFunction { .. }));
    assert!(matches!(refusal("x := conut([1])"), PolicyError::UnknownFunction { .. }));
}

#[test]
fn what_is_misspelt_is_refused_because_it_would_be_undefined_and_so_a_pass() {
    for rules in [
        "violations contains {\"message\": \"x\"} if input.artifact.vulnerabilities.counts.critcal > 1",
        "violations contains {\"message\": \"x\"} if input[\"artefact\"]",
        "violations contains {\"message\": \"x\"} if input.source.reviews.author == \"a\"",
        "violations contains {\"message\": \"x\"} if input.source.reviews[_].autor == \"a\"",
        "violations contains {\"message\": \"x\"} if input.release.id.value",
    ] {
        assert!(matches!(refusal(rules), PolicyError::Fact { .. }), "{rules}: {}", refusal(rules));
    }
    let undeclared = refusal("violations contains {\"message\": \"x\"} if data.parameters.least > 1");
    assert!(matches!(undeclared, PolicyError::UndeclaredParameter { .. }));
    let metadata = source("").replace("#   phase", "#   requires: [artifact.vulnerability]\n#   phase");
    assert!(
        matches!(Policy::parse(&metadata), Err(PolicyError::Metadata(why)) if why.contains("artifact.vulnerability"))
    );
}

#[test]
fn a_policy_that_the_engine_cannot_finish_is_unknown() {
    assert_unknown("x := 1", "defines no `violations`");
    assert_unknown("violations := 1", "not a set");
    assert_unknown("violations := [{\"message\": \"x\"}]", "not a set");
    assert_unknown("violations := {{\"message\": \"x\"}} if false", "undefined");
    assert_unknown("violations contains \"x\"", "not as expected");
    assert_unknown("violations contains {\"text\": \"x\"}", "not as expected");
    assert_unknown("violations contains {\"message\": 5}", "not as expected");
    assert_unknown("violations contains {\"message\": \" \"}", "no message");
    assert_unknown("violations contains {\"message\": \"x\", \"severity\": \"low\"}", "not as expected");
    assert_unknown("violations contains {\"message\": nowhere}", "unsafe");
    assert_unknown("violations contains {\"message\": \"x\"} if nowhere.at.all == 1", "unsafe");
    assert_unknown("violations contains {\"message\": \"x\"} if", "does not compile");
    assert_unknown("x := 1\nx := 2\nviolations contains {\"message\": \"x\"} if x == 1", "");
    assert_unknown("x := 1 if true\nx := 2 if true\nviolations contains {\"message\": \"x\"} if x == 3", "");
    assert_unknown("violations contains {\"message\": \"x\"} if count(5) > 0", "");
    assert_unknown("violations contains {\"message\": \"x\"} if 1 / 0 > 0", "");
}

#[test]
fn the_scope_error_of_the_engine_is_unknown() {
    // Rego allows it: both lines declare `j` only once. The engine does not, and says so only while it runs.
    let rules = "violations contains {\"message\": \"x\"} if {\n  a := [1, 2]\n  a[i]\n  some j\n  a[j] == 9\n}";
    assert_unknown(rules, "duplicated definition of local variable");
}

#[test]
fn a_policy_that_takes_too_long_is_stopped() {
    let numbers = (0..300).map(|number| number.to_string()).collect::<Vec<_>>().join(",\n");
    let rules = format!(
        "n := [{numbers}]\nviolations contains {{\"message\": \"x\"}} if {{\n  some a in n\n  some b in n\n  some c in n\n  a + b + c < 0\n}}"
    );
    assert_unknown(&rules, "time");
    let strings = format!(
        "n := [{numbers}]\nviolations contains {{\"message\": \"x\"}} if {{\n  x := [s | some a in n; some b in n; some c in n; s := sprintf(\"%d-%d-%d\", [a, b, c])]\n  count(x) == 0\n}}"
    );
    assert_unknown(&strings, "time");
}

#[test]
fn a_missing_fact_is_named() {
    let policy = include_str!("../../../../policies/findings-by-severity/policy.rego");
    let policy = Policy::parse(policy).expect("is a policy");
    for input in [json!({}), json!({ "artifact": {} }), json!({ "artifact": { "vulnerabilities": null } })] {
        let result = evaluate(&policy, &policy.parameters.fill(&Value::Null).expect("has defaults"), &input);
        assert_eq!(result.outcome, Outcome::Unknown);
        assert_eq!(result.reasons, ["the fact `artifact.vulnerabilities` is missing"]);
    }
}
