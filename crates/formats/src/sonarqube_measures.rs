//! The measures of a SonarQube project or file: the answer of `api/measures/component`.

use crate::json::{self, List, Text, stated};
use crate::{Format, Probe, ReadError};
use serde::Deserialize;
use shipworthy_model::{Measures, Phase, Report, Tool, Warning};
use std::collections::BTreeMap;

/// The web API documents itself on every server, at `/web_api/api/measures/component`.
pub(crate) static FORMAT: Format = Format {
    name: "sonarqube-measures",
    title: "SonarQube measures",
    homepage: "https://docs.sonarsource.com/sonarqube-server/user-guide/code-metrics/metrics-definition",
    phase: Phase::Source,
    tool: "sonarqube",
    reads: "the answer of `api/measures/component`, of servers since 5.6 and the cloud",
    identifies: "",
    severities: "",
    marks: &["component", "metrics"],
    recognises,
    read,
};

/// `component` is a common word: nothing but what belongs to this answer may stand beside it.
fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| {
        let belongs = |key: &str| matches!(key, "component" | "metrics" | "period" | "periods");
        members.has("component") && members.0.iter().all(|(key, _)| belongs(key))
    })
}

#[derive(Deserialize)]
struct Answer<'a> {
    #[serde(borrow)]
    component: Component<'a>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object with `measures`")]
struct Component<'a> {
    #[serde(borrow)]
    key: Option<Text<'a>>,
    measures: List<'a>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object with `metric`")]
struct Measure<'a> {
    #[serde(borrow)]
    metric: Text<'a>,
    #[serde(borrow)]
    value: Option<Text<'a>>,
    // Metrics of new code have their value here instead, on old servers in the first of several periods.
    #[serde(borrow)]
    period: Option<Period<'a>>,
    #[serde(borrow, default)]
    periods: Option<Vec<Period<'a>>>,
}

#[derive(Deserialize)]
struct Period<'a> {
    #[serde(borrow)]
    value: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let Answer { component } = json::document(bytes)?;
    let mut warnings = Vec::new();
    let mut metrics = BTreeMap::new();
    for (index, measure) in json::parts::<Measure>(&component.measures, "/component/measures", &mut warnings) {
        let metric = measure.metric.to_string();
        let message = match (value(&measure), metrics.contains_key(&metric)) {
            (Some(value), false) => {
                metrics.insert(metric, value);
                continue;
            }
            (Some(value), true) => format!("left out: `{metric}` occurs a second time, with `{value}`"),
            (None, _) => format!("left out: `{metric}` has no value"),
        };
        warnings.push(Warning { at: format!("/component/measures/{index}"), message });
    }
    Ok(Report {
        tool: Some(Tool { name: "sonarqube".to_owned(), version: None }),
        measures: Some(Measures { project: stated(component.key.as_ref()), quality_gate: None, metrics }),
        warnings,
        ..Report::default()
    })
}

fn value(measure: &Measure<'_>) -> Option<String> {
    let periods = measure.period.iter().chain(measure.periods.iter().flatten());
    let values = measure.value.iter().chain(periods.filter_map(|period| period.value.as_ref()));
    values.filter_map(Text::stated).next()
}
