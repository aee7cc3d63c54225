//! Test results of GoogleTest in JSON; its XML is a dialect of JUnit.

use crate::cases::{Cases, Outcome, instant, said, seconds_in};
use crate::json::{self, List, Text, stated};
use crate::{Format, Probe, ReadError};
use serde::Deserialize;
use shipworthy_model::{Phase, Report};

/// The layout: <https://google.github.io/googletest/advanced.html#generating-a-json-report>.
pub(crate) static FORMAT: Format = Format {
    name: "googletest-json",
    title: "GoogleTest results in JSON",
    homepage: "https://google.github.io/googletest/advanced.html#generating-a-json-report",
    phase: Phase::Build,
    tool: "googletest",
    reads: "JSON of `--gtest_output=json`, GoogleTest 1.8.1 and later",
    identifies: "",
    severities: "",
    marks: &["testsuites", "tests", "failures", "disabled"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has_all(&["tests", "failures", "disabled", "testsuites"]))
}

#[derive(Deserialize)]
struct Document<'a> {
    tests: Option<u64>,
    failures: Option<u64>,
    #[serde(borrow)]
    timestamp: Option<Text<'a>>,
    #[serde(borrow)]
    time: Option<Text<'a>>,
    #[serde(borrow)]
    testsuites: List<'a>,
}

#[derive(Deserialize)]
struct Suite<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    #[serde(borrow, default)]
    testsuite: List<'a>,
}

#[derive(Deserialize)]
struct Case<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    #[serde(borrow)]
    value_param: Option<Text<'a>>,
    #[serde(borrow)]
    status: Option<Text<'a>>,
    #[serde(borrow)]
    result: Option<Text<'a>>,
    #[serde(borrow, default)]
    failures: List<'a>,
}

#[derive(Deserialize)]
struct Failure<'a> {
    #[serde(borrow)]
    failure: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document = json::document(bytes)?;
    let mut cases = Cases::default();
    for (index, suite) in json::parts::<Suite>(&document.testsuites, "/testsuites", &mut cases.warnings) {
        let at = format!("/testsuites/{index}/testsuite");
        for (index, case) in json::parts::<Case>(&suite.testsuite, &at, &mut cases.warnings) {
            let at = format!("{at}/{index}/failures");
            let failures = json::parts::<Failure>(&case.failures, &at, &mut cases.warnings);
            let has_failures = !case.failures.items.is_empty();
            let message = failures.first().and_then(|(_, failure)| failure.failure.as_deref()).and_then(said);
            let name = match &case.value_param {
                Some(value) => format!("{} ({})", &*case.name, &**value),
                None => case.name.to_string(),
            };
            cases.count(outcome(&case, has_failures), &suite.name, &name, message);
        }
    }
    let counted = (cases.tests.total, cases.broken());
    cases.compare("", &[("tests", document.tests, counted.0), ("failed", document.failures, counted.1)]);
    // `1.5s`, as Protocol Buffers write a duration.
    let time = document.time.as_deref().map(|time| time.trim_end_matches('s'));
    let seconds = cases.seconds(time, "/time", seconds_in);
    cases.took(seconds);
    let created_at = stated(document.timestamp.as_ref()).as_deref().and_then(instant);
    Ok(Report { created_at, ..cases.into_report("googletest", None) })
}

/// Disabled cases have the status `NOTRUN`, and where they were filtered out the result `SUPPRESSED`.
fn outcome(case: &Case, has_failures: bool) -> Outcome {
    match (case.status.as_deref(), case.result.as_deref()) {
        _ if has_failures => Outcome::Failed,
        (Some("NOTRUN"), _) | (_, Some("SKIPPED" | "SUPPRESSED")) => Outcome::Skipped,
        (_, None | Some("COMPLETED")) => Outcome::Passed,
        // `INTERRUPTED`: the program ended in it.
        _ => Outcome::Errored,
    }
}
