//! Test results of Jest and Vitest in JSON.

use crate::cases::{Cases, Outcome, instant_of_milliseconds, plausible, said};
use crate::json::{self, List, Text, stated};
use crate::{Format, Probe, ReadError};
use serde::Deserialize;
use shipworthy_model::{Phase, Report};

/// The option `--json`: <https://jestjs.io/docs/cli#--json>.
pub(crate) static FORMAT: Format = Format {
    name: "jest-json",
    title: "Jest test results in JSON",
    homepage: "https://jestjs.io/docs/cli#--json",
    phase: Phase::Build,
    tool: "jest",
    reads: "JSON of `jest --json` and of the reporter `json` of Vitest",
    identifies: "",
    severities: "",
    marks: &["numTotalTests", "numFailedTests", "testResults"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has_all(&["numTotalTests", "numFailedTests", "testResults"]))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    num_total_tests: Option<u64>,
    num_failed_tests: Option<u64>,
    num_passed_tests: Option<u64>,
    start_time: Option<f64>,
    #[serde(borrow)]
    test_results: List<'a>,
}

/// The results of one file: its cases are `assertionResults` on the command line and `testResults` in a processor.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct File<'a> {
    #[serde(borrow, alias = "testFilePath")]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    status: Option<Text<'a>>,
    #[serde(borrow, alias = "failureMessage")]
    message: Option<Text<'a>>,
    start_time: Option<f64>,
    end_time: Option<f64>,
    #[serde(borrow, default)]
    assertion_results: List<'a>,
    #[serde(borrow, default)]
    test_results: List<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Case<'a> {
    #[serde(borrow, default)]
    ancestor_titles: Vec<Text<'a>>,
    #[serde(borrow)]
    title: Text<'a>,
    #[serde(borrow)]
    status: Text<'a>,
    #[serde(borrow, default)]
    failure_messages: Option<Vec<Text<'a>>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document = json::document(bytes)?;
    let mut cases = Cases::default();
    for (index, file) in json::parts::<File>(&document.test_results, "/testResults", &mut cases.warnings) {
        read_file(&mut cases, index, &file);
    }
    let counted = (cases.tests.total - cases.outside, cases.tests.passed, cases.tests.failed);
    let totals = [
        ("tests", document.num_total_tests, counted.0),
        ("passed", document.num_passed_tests, counted.1),
        ("failed", document.num_failed_tests, counted.2),
    ];
    cases.compare("", &totals);
    let created_at = document.start_time.and_then(instant_of_milliseconds);
    Ok(Report { created_at, ..cases.into_report("jest", None) })
}

fn read_file(cases: &mut Cases, index: usize, file: &File) {
    let milliseconds = file.start_time.zip(file.end_time).map(|(start, end)| end - start);
    cases.took(milliseconds.and_then(|milliseconds| plausible(milliseconds / 1_000.0)));
    let path = stated(file.name.as_ref()).unwrap_or_default();
    let broken_before = cases.broken();
    for (key, list) in [("assertionResults", &file.assertion_results), ("testResults", &file.test_results)] {
        let at = format!("/testResults/{index}/{key}");
        for (_, case) in json::parts::<Case>(list, &at, &mut cases.warnings) {
            let outcome = match &*case.status {
                "passed" | "focused" => Outcome::Passed,
                "failed" => Outcome::Failed,
                "pending" | "skipped" | "todo" | "disabled" => Outcome::Skipped,
                _ => Outcome::Errored,
            };
            let titles = case.ancestor_titles.iter().map(|title| &**title).filter(|title| !title.is_empty());
            let suite = titles.collect::<Vec<_>>().join(" > ");
            let message = case.failure_messages.as_ref().and_then(|messages| messages.first());
            let suite = if suite.is_empty() { &path } else { &suite };
            cases.count(outcome, suite, &case.title, message.and_then(|text| said(without_stack(text))));
        }
    }
    // A file that could not be loaded has no cases.
    if file.status.as_deref() == Some("failed") && cases.broken() == broken_before {
        cases.count_outside(&path, "the file itself", file.message.as_deref().map(without_stack).and_then(said));
    }
}

/// What a failure says, before the calls that led to it.
fn without_stack(message: &str) -> &str {
    message.split_once("\n    at ").map_or(message, |(message, _)| message)
}
