//! Runs the cases of a policy: facts in YAML and what the policy must make of them. The same runner serves our own
//! policies and those of users.
//!
//! ```yaml
//! - name: eleven critical ones are too many
//!   parameters: {critical: 10}
//!   input: {artifact: {vulnerabilities: {counts: {critical: 11}}}}
//!   outcome: fail
//!   messages: ["11 critical vulnerabilities, at most 10 allowed"]
//! ```
//!
//! `input` names only the facts that matter; the rest of what is always there (release, service, environment …) is
//! filled in. `messages` are those of the violations, or the reasons where the outcome is unknown; without it any do.

use crate::engine::{Compiled, Facts, PolicyResult};
use crate::input::{EnvironmentIdentity, Named, ReleaseIdentity, SCHEMA};
use crate::metadata::describe;
use crate::{Input, Policy};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_saphyr::Spanned;
use shipworthy_model::Outcome;
use std::collections::BTreeSet;

/// What came of one case.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CaseResult {
    /// Its name.
    pub name: String,
    /// The line of `cases.yaml` in which it begins.
    pub line: u64,
    /// What the policy said, where it could be asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<PolicyResult>,
    /// What is not as the case expects; nothing when it holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: Spanned<String>,
    #[serde(default)]
    parameters: Value,
    #[serde(default)]
    input: Value,
    outcome: Outcome,
    #[serde(default)]
    messages: Option<Vec<String>>,
}

/// Runs every case of a policy, in this process.
///
/// # Errors
/// When the text is not a list of cases, or no case passes, fails or is unknown: all three have to be shown.
pub fn run_cases(policy: &Policy, cases: &str) -> Result<Vec<CaseResult>, String> {
    let cases: Vec<Case> = serde_saphyr::from_str(cases)
        .map_err(|error| format!("the cases of `{}` are not understood: {}", policy.name, describe(&error, 0)))?;
    for outcome in [Outcome::Fail, Outcome::Pass, Outcome::Unknown] {
        if !cases.iter().any(|case| case.outcome == outcome) {
            return Err(format!("no case of `{}` has the outcome `{outcome}`: at least one is expected", policy.name));
        }
    }
    let mut names = BTreeSet::new();
    if let Some(case) = cases.iter().find(|case| !names.insert(&case.name.value)) {
        return Err(format!("two cases of `{}` are called `{}`", policy.name, case.name.value));
    }
    let compiled = Compiled::new(policy)?;
    Ok(cases.iter().map(|case| run(policy, &compiled, case)).collect())
}

fn run(policy: &Policy, compiled: &Compiled, case: &Case) -> CaseResult {
    let (result, failure) = match prepare(policy, case) {
        Ok((parameters, facts)) => {
            let result = compiled.evaluate(&parameters, &facts);
            let failure = compare(case, &result);
            (Some(result), failure)
        }
        Err(why) => (None, Some(why)),
    };
    CaseResult { name: case.name.value.clone(), line: case.name.referenced.line(), result, failure }
}

/// The parameters and facts of a case, complete and checked.
fn prepare(policy: &Policy, case: &Case) -> Result<(Value, Facts), String> {
    let parameters = policy.parameters.fill(&case.parameters)?;
    let mut facts = serde_json::to_value(usual()).expect("facts are JSON");
    merge(&mut facts, &case.input);
    let facts: Input = read_facts(facts)?;
    Ok((parameters, Facts::new(serde_json::to_value(facts).expect("facts are JSON"))))
}

fn read_facts(facts: Value) -> Result<Input, String> {
    serde_json::from_value(facts).map_err(|error| format!("`input` is not as `input.schema.json` says: {error}"))
}

/// The facts that are always there.
fn usual() -> Input {
    let named = |name: &str| Named { name: name.to_owned() };
    Input {
        schema: SCHEMA,
        now: "2026-01-15T12:00:00Z".to_owned(),
        release: ReleaseIdentity {
            id: "01937b4e-8f3a-7c55-9d21-0c6f0e7a41b2".to_owned(),
            version: "1.0.0".to_owned(),
            created_at: "2026-01-15T10:00:00Z".to_owned(),
            created_by: "ci".to_owned(),
        },
        service: named("cart"),
        application: named("shop"),
        team: named("checkout"),
        environment: EnvironmentIdentity {
            name: "production".to_owned(),
            kind: "production".to_owned(),
            exposure: "internet".to_owned(),
        },
        ..Input::default()
    }
}

/// Lays one value over another: objects field by field, anything else as a whole.
fn merge(under: &mut Value, over: &Value) {
    match (under, over) {
        (_, Value::Null) => {}
        (Value::Object(under), Value::Object(over)) => {
            for (name, value) in over {
                merge(under.entry(name).or_insert(Value::Null), value);
            }
        }
        (under, over) => *under = over.clone(),
    }
}

/// What is not as the case expects.
fn compare(case: &Case, result: &PolicyResult) -> Option<String> {
    let violations = || result.violations.iter().map(|violation| violation.message.clone());
    let found: Vec<String> = violations().chain(result.reasons.iter().cloned()).collect();
    if result.outcome != case.outcome {
        return Some(format!("expected `{}`, but the outcome is `{}`: {found:?}", case.outcome, result.outcome));
    }
    let expected = case.messages.as_ref().filter(|expected| **expected != found)?;
    Some(format!("expected the messages {expected:?}, but found {found:?}"))
}
