//! A result of Allure: one test, one document (`*-result.json`).

use crate::cases::{Cases, Outcome, instant_of_milliseconds, plausible, said};
use crate::json::{self, List, Odd, Text, stated};
use crate::{Format, Probe, ReadError};
use serde::Deserialize;
use shipworthy_model::{Phase, Report};

/// The layout: <https://allurereport.org/docs/how-it-works-test-result-file/>.
pub(crate) static FORMAT: Format = Format {
    name: "allure",
    title: "Allure test result",
    homepage: "https://allurereport.org/docs/how-it-works-test-result-file/",
    phase: Phase::Build,
    tool: "allure",
    reads: "JSON of one test, `*-result.json`, Allure 2 and 3",
    identifies: "",
    severities: "",
    marks: &["uuid", "historyId", "statusDetails", "labels"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| {
        let is_test = members.has("historyId") || members.has("testCaseId") || members.has("fullName");
        members.has_all(&["uuid", "status", "stage"]) && is_test
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    full_name: Option<Text<'a>>,
    #[serde(borrow)]
    status: Text<'a>,
    #[serde(borrow, default)]
    status_details: Odd<Details<'a>>,
    #[serde(borrow, default)]
    labels: List<'a>,
    start: Option<f64>,
    stop: Option<f64>,
}

#[derive(Default, Deserialize)]
struct Details<'a> {
    #[serde(borrow)]
    message: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Label<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    #[serde(borrow)]
    value: Text<'a>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document = json::document(bytes)?;
    let mut cases = Cases::default();
    let outcome = match &*document.status {
        "passed" => Outcome::Passed,
        "skipped" => Outcome::Skipped,
        "failed" => Outcome::Failed,
        // `broken`, and `unknown`, which is not known to have passed.
        _ => Outcome::Errored,
    };
    let details = document.status_details.get("/statusDetails", &mut cases.warnings);
    let message = details.and_then(|details| details.message.as_deref()).and_then(said);
    let labels = json::parts::<Label>(&document.labels, "/labels", &mut cases.warnings);
    let label = |wanted: &str| labels.iter().find(|(_, label)| &*label.name == wanted);
    let suite = label("suite").or_else(|| label("testClass")).or_else(|| label("package"));
    let suite = suite.map(|(_, label)| label.value.to_string()).unwrap_or_default();
    let name = stated(document.name.as_ref()).or_else(|| stated(document.full_name.as_ref())).unwrap_or_default();
    cases.count(outcome, &suite, &name, message);
    let milliseconds = document.start.zip(document.stop).map(|(start, stop)| stop - start);
    cases.took(milliseconds.and_then(|milliseconds| plausible(milliseconds / 1_000.0)));
    let created_at = document.start.and_then(instant_of_milliseconds);
    Ok(Report { created_at, ..cases.into_report("allure", None) })
}
