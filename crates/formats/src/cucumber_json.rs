//! Results of Cucumber and of behave in JSON, the report before there were messages. The steps of a background belong to
//! the scenario after it.

use crate::cases::{Cases, Outcome, plausible, said};
use crate::json::{self, List, Odd, Text, stated};
use crate::{Format, Probe, ReadError};
use serde::Deserialize;
use shipworthy_model::{Phase, Report};

/// The layout: <https://github.com/cucumber/cucumber-json-schema>.
pub(crate) static FORMAT: Format = Format {
    name: "cucumber-json",
    title: "Cucumber results in JSON",
    homepage: "https://github.com/cucumber/cucumber-json-schema",
    phase: Phase::Build,
    tool: "cucumber",
    reads: "JSON of the formatter `json` of Cucumber for the JVM, JavaScript and Ruby and its kin, and of behave",
    identifies: "",
    severities: "",
    marks: &["elements", "keyword", "uri", "location"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.first_element().is_some_and(|members| {
        members.has_all(&["elements", "keyword"]) && (members.has("uri") || members.has("location"))
    })
}

#[derive(Deserialize)]
struct Feature<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    uri: Option<Text<'a>>,
    #[serde(borrow, default)]
    elements: List<'a>,
}

#[derive(Deserialize)]
struct Element<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow, rename = "type")]
    kind: Option<Text<'a>>,
    /// behave alone says how a scenario ended.
    #[serde(borrow)]
    status: Option<Text<'a>>,
    #[serde(borrow, default)]
    before: List<'a>,
    #[serde(borrow, default)]
    steps: List<'a>,
    #[serde(borrow, default)]
    after: List<'a>,
}

#[derive(Deserialize)]
struct Step<'a> {
    #[serde(borrow, default)]
    result: Odd<StepResult<'a>>,
}

#[derive(Default, Deserialize)]
struct StepResult<'a> {
    #[serde(borrow)]
    status: Option<Text<'a>>,
    duration: Option<f64>,
    #[serde(borrow, default)]
    error_message: Option<&'a serde_json::value::RawValue>,
}

/// What is known of a scenario so far.
#[derive(Default)]
struct Scenario {
    outcome: Option<Outcome>,
    message: Option<String>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let features: List = json::document(bytes)?;
    let mut cases = Cases::default();
    for (index, feature) in json::parts::<Feature>(&features, "", &mut cases.warnings) {
        let at = format!("/{index}/elements");
        let elements = json::parts::<Element>(&feature.elements, &at, &mut cases.warnings);
        // behave, which alone has no `uri`, writes seconds; the others nanoseconds.
        let unit = if feature.uri.is_some() { 1e-9 } else { 1.0 };
        let suite = stated(feature.name.as_ref()).or_else(|| stated(feature.uri.as_ref())).unwrap_or_default();
        let mut background = Scenario::default();
        for (index, element) in elements {
            let mut scenario = std::mem::take(&mut background);
            steps(&element, &format!("{at}/{index}"), unit, &mut scenario, &mut cases);
            if element.kind.as_deref() == Some("background") {
                background = scenario;
                continue;
            }
            let of_status = element.status.as_deref().map(outcome);
            let outcome = of_status.max(scenario.outcome).unwrap_or(Outcome::Skipped);
            let name = stated(element.name.as_ref()).unwrap_or_default();
            cases.count(outcome, &suite, &name, scenario.message);
        }
    }
    Ok(cases.into_report("cucumber", None))
}

/// Adds the steps and hooks of an element to what is known of its scenario.
fn steps(element: &Element, at: &str, unit: f64, scenario: &mut Scenario, cases: &mut Cases) {
    for (key, list) in [("before", &element.before), ("steps", &element.steps), ("after", &element.after)] {
        for (index, step) in json::parts::<Step>(list, format_args!("{at}/{key}"), &mut cases.warnings) {
            let place = format!("{at}/{key}/{index}/result");
            let Some(result) = step.result.get(&place, &mut cases.warnings) else { continue };
            cases.took(result.duration.and_then(|duration| plausible(duration * unit)));
            let Some(of_step) = result.status.as_deref().map(outcome) else { continue };
            if Some(of_step) > scenario.outcome {
                scenario.outcome = Some(of_step);
                let message = result.error_message.and_then(text_of);
                scenario.message = message.filter(|_| of_step >= Outcome::Failed).or(scenario.message.take());
            }
        }
    }
}

/// What a step said: a text, or in behave a list of lines.
fn text_of(raw: &serde_json::value::RawValue) -> Option<String> {
    let lines = serde_json::from_str::<Vec<Text>>(raw.get());
    let lines = lines.map(|lines| lines.iter().map(|line| &**line).collect::<Vec<_>>().join("\n"));
    let text = lines.or_else(|_| serde_json::from_str::<Text>(raw.get()).map(|text| text.to_string()));
    text.ok().as_deref().and_then(said)
}

fn outcome(status: &str) -> Outcome {
    match status.to_ascii_lowercase().as_str() {
        "passed" => Outcome::Passed,
        "skipped" | "untested" => Outcome::Skipped,
        "failed" => Outcome::Failed,
        // Undefined, ambiguous and pending steps make the run fail.
        _ => Outcome::Errored,
    }
}
