//! Runs one policy over facts. Whatever goes wrong becomes `unknown` with the reason; a pass is only what the engine
//! answered with an empty set of violations.

use crate::Policy;
use regorus::Engine;
use regorus::utils::limits::ExecutionTimerConfig;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shipworthy_model::{Outcome, Violation};
use std::collections::BTreeSet;
use std::num::NonZeroU32;
use std::time::Duration;

/// How long one policy may take over one set of facts.
const TIME_LIMIT: Duration = Duration::from_millis(250);
/// How many steps the engine takes between two looks at the time.
const STEPS_BETWEEN_LOOKS: NonZeroU32 = NonZeroU32::new(256).expect("256 is not zero");
/// How many violations of one policy are told apart.
const VIOLATIONS_LIMIT: usize = 1_000;
/// How many characters of each text in a violation are kept.
const TEXT_LIMIT: usize = 2_000;

/// What one policy says about one set of facts, before any exception.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyResult {
    /// `pass`, `fail` or `unknown`.
    pub outcome: Outcome,
    /// Why it is unknown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<String>,
    /// Why it did not pass, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub violations: Vec<Violation>,
}

impl PolicyResult {
    /// The result of a policy that could not be evaluated.
    #[must_use]
    pub fn unknown(reasons: Vec<String>) -> Self {
        Self { outcome: Outcome::Unknown, reasons, violations: Vec::new() }
    }

    fn of(violations: BTreeSet<ViolationKey>) -> Self {
        let violations: Vec<Violation> = violations.into_iter().map(ViolationKey::into_violation).collect();
        let outcome = if violations.is_empty() { Outcome::Pass } else { Outcome::Fail };
        Self { outcome, reasons: Vec::new(), violations }
    }
}

/// A policy that the engine accepted, ready to run.
pub struct Compiled {
    engine: Engine,
    entry: String,
    requires: Vec<String>,
}

/// The facts in the engine's form, parsed once for all policies.
pub struct Facts {
    json: Value,
    engine: regorus::Value,
}

impl Facts {
    /// Takes the facts.
    #[must_use]
    pub fn new(json: Value) -> Self {
        let engine = regorus::Value::from(json.clone());
        Self { json, engine }
    }
}

/// Evaluates one policy over one set of facts, in this process. `parameters` are complete, see
/// [`crate::Parameters::fill`]. The server never calls this for policies of others; it asks a worker.
#[must_use]
pub fn evaluate(policy: &Policy, parameters: &Value, input: &Value) -> PolicyResult {
    match Compiled::new(policy) {
        Ok(compiled) => compiled.evaluate(parameters, &Facts::new(input.clone())),
        Err(why) => PolicyResult::unknown(vec![why]),
    }
}

impl Compiled {
    /// Gives the policy to the engine.
    ///
    /// # Errors
    /// What the engine does not accept, in one sentence.
    pub fn new(policy: &Policy) -> Result<Self, String> {
        let mut engine = Engine::new();
        engine.set_strict_builtin_errors(true);
        engine.set_gather_prints(true);
        engine.set_execution_timer_config(ExecutionTimerConfig {
            limit: TIME_LIMIT,
            check_interval: STEPS_BETWEEN_LOOKS,
        });
        let path = format!("{}/policy.rego", policy.name);
        let entry = format!("data.{}.violations", policy.package());
        let refused = |error: anyhow::Error| format!("the policy does not compile: {}", sentence(&error));
        engine.add_policy(path.clone(), policy.source.clone()).map_err(refused)?;
        if !engine.has_declared_rule_rooted_at(&path, "violations").map_err(refused)? {
            return Err("the policy does not compile: it defines no `violations`".to_owned());
        }
        Ok(Self { engine, entry, requires: policy.requires.clone() })
    }

    /// Evaluates the policy. `parameters` are complete.
    #[must_use]
    pub fn evaluate(&self, parameters: &Value, facts: &Facts) -> PolicyResult {
        let missing = missing(&self.requires, &facts.json);
        if !missing.is_empty() {
            return PolicyResult::unknown(missing);
        }
        match self.violations(parameters, facts) {
            Ok(violations) => PolicyResult::of(violations),
            Err(why) => PolicyResult::unknown(vec![why]),
        }
    }

    fn violations(&self, parameters: &Value, facts: &Facts) -> Result<BTreeSet<ViolationKey>, String> {
        // A fresh copy, so that nothing of one evaluation is left for the next.
        let mut engine = self.engine.clone();
        let failed = |error: anyhow::Error| format!("the policy could not be evaluated: {}", sentence(&error));
        engine.add_data(regorus::Value::from(serde_json::json!({ "parameters": parameters }))).map_err(failed)?;
        engine.set_input(facts.engine.clone());
        let answer = engine.eval_rule(self.entry.clone()).map_err(failed)?;
        if answer == regorus::Value::Undefined {
            return Err("the policy could not be evaluated: `violations` is undefined".to_owned());
        }
        let Ok(set) = answer.as_set() else {
            return Err("the policy could not be evaluated: `violations` is not a set".to_owned());
        };
        let mut violations = BTreeSet::new();
        for entry in set.iter() {
            let entry = serde_json::to_value(entry).map_err(|error| error.to_string())?;
            let violation: ViolationKey = serde_json::from_value(entry).map_err(|error| {
                format!("the policy could not be evaluated: a violation is not as expected: {error}")
            })?;
            violations.insert(violation.checked()?);
        }
        if violations.len() > VIOLATIONS_LIMIT {
            let more = violations.len() - VIOLATIONS_LIMIT;
            violations = violations.into_iter().take(VIOLATIONS_LIMIT).collect();
            let message = format!("{more} more violations of the same policy");
            violations.insert(ViolationKey { message, finding: None, component: None, remediation: None });
        }
        Ok(violations)
    }
}

/// A violation as a policy writes it, in the order in which they are sorted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(deny_unknown_fields)]
struct ViolationKey {
    message: String,
    #[serde(default)]
    finding: Option<String>,
    #[serde(default)]
    component: Option<String>,
    #[serde(default)]
    remediation: Option<String>,
}

impl ViolationKey {
    fn checked(self) -> Result<Self, String> {
        let Self { message, finding, component, remediation } = self;
        if message.trim().is_empty() {
            return Err("the policy could not be evaluated: a violation has no message".to_owned());
        }
        let remediation = remediation.map(|text| short(&text));
        Ok(Self { message: short(&message), finding, component, remediation })
    }

    fn into_violation(self) -> Violation {
        let Self { message, finding, component, remediation } = self;
        Violation { message, finding, component, remediation, excused_by: Vec::new() }
    }
}

/// A sentence for each required fact that is absent.
fn missing(requires: &[String], facts: &Value) -> Vec<String> {
    let is_missing = |path: &&String| {
        let found = path.split('.').try_fold(facts, |at, name| at.get(name));
        found.is_none_or(Value::is_null)
    };
    requires.iter().filter(is_missing).map(|path| format!("the fact `{path}` is missing")).collect()
}

/// What the engine says went wrong, in one line: its errors quote the source over several.
fn sentence(error: &anyhow::Error) -> String {
    let text = format!("{error:#}");
    let told = text.lines().filter_map(|line| line.trim().strip_prefix("error: ")).next_back();
    short(told.unwrap_or(&text).lines().next().unwrap_or_default())
}

fn short(text: &str) -> String {
    match text.char_indices().nth(TEXT_LIMIT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
