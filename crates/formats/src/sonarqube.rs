//! What the answers of SonarQube's web API have in common: its dates, its word for a gate's result, and its gate itself,
//! which the web API and the webhook write alike but for the names of two fields.

use crate::json::{self, List, Text, stated};
use serde::Deserialize;
use shipworthy_model::{QualityCondition, QualityGate, Warning};

/// A quality gate as `api/qualitygates/project_status` and the webhook write it.
#[derive(Deserialize)]
pub(crate) struct Gate<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    status: Text<'a>,
    #[serde(borrow, default)]
    conditions: List<'a>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object with `metricKey` and `status`")]
struct Condition<'a> {
    #[serde(borrow, alias = "metric", rename = "metricKey")]
    metric: Text<'a>,
    status: Text<'a>,
    #[serde(borrow, alias = "value", rename = "actualValue")]
    actual: Option<Text<'a>>,
    #[serde(borrow, rename = "errorThreshold")]
    threshold: Option<Text<'a>>,
}

/// The gate in our words. `at` is where it stands in the document.
pub(crate) fn quality_gate(gate: &Gate<'_>, at: &str, warnings: &mut Vec<Warning>) -> QualityGate {
    let conditions = json::parts::<Condition>(&gate.conditions, &format!("{at}/conditions"), warnings);
    let conditions = conditions.into_iter().map(|(_, condition)| QualityCondition {
        metric: condition.metric.to_string(),
        status: result_of_condition(&condition.status).to_owned(),
        actual: stated(condition.actual.as_ref()),
        threshold: stated(condition.threshold.as_ref()),
    });
    QualityGate {
        name: stated(gate.name.as_ref()),
        status: result_of_gate(&gate.status, at, warnings).to_owned(),
        conditions: conditions.collect(),
    }
}

/// `WARN` is of servers before 7.6: a warning level was passed, an error level was not.
fn result_of_gate(status: &str, at: &str, warnings: &mut Vec<Warning>) -> &'static str {
    match status {
        "OK" => return "passed",
        "ERROR" => return "failed",
        "NONE" => return "none",
        _ => {}
    }
    let (result, message) = match status {
        "WARN" => ("passed", "the gate passed with the status `WARN`".to_owned()),
        other => ("none", format!("expected `OK`, `WARN`, `ERROR` or `NONE`, found `{other}`: taken for no gate")),
    };
    warnings.push(Warning { at: format!("{at}/status"), message });
    result
}

/// `NO_VALUE`, of a metric that was not computed, has no word of ours.
fn result_of_condition(status: &str) -> &str {
    match status {
        "OK" => "passed",
        "ERROR" => "failed",
        other => other,
    }
}

/// A date such as `2023-05-25T10:34:21+0200`, whose offset has no colon, as an instant in UTC.
pub(crate) fn instant(date: Option<&Text<'_>>) -> Option<String> {
    let instant = jiff::Timestamp::strptime("%Y-%m-%dT%H:%M:%S%z", date?.trim()).ok()?;
    Some(instant.to_string())
}
