//! Test results of pytest in JSON, as the plug-in pytest-json-report writes them.

use crate::cases::{Cases, Outcome, instant_of_milliseconds, plausible, said};
use crate::json::{self, List, Odd, Text};
use crate::{Format, Probe, ReadError};
use serde::Deserialize;
use shipworthy_model::{Phase, Report};

/// The layout: <https://github.com/numirias/pytest-json-report#format>.
pub(crate) static FORMAT: Format = Format {
    name: "pytest-json",
    title: "pytest results in JSON",
    homepage: "https://github.com/numirias/pytest-json-report",
    phase: Phase::Build,
    tool: "pytest",
    reads: "JSON of pytest-json-report 1, with or without the stages of the tests",
    identifies: "",
    severities: "",
    marks: &["created", "exitcode", "root", "summary", "tests"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has_all(&["created", "exitcode", "root", "summary"]))
}

#[derive(Deserialize)]
struct Document<'a> {
    created: Option<f64>,
    duration: Option<f64>,
    summary: Odd<Summary>,
    #[serde(borrow, default)]
    collectors: List<'a>,
    #[serde(borrow, default)]
    tests: List<'a>,
}

#[derive(Default, Deserialize)]
struct Summary {
    total: Option<u64>,
    #[serde(default)]
    passed: u64,
    #[serde(default)]
    failed: u64,
    #[serde(default)]
    error: u64,
}

#[derive(Deserialize)]
struct Collector<'a> {
    #[serde(borrow)]
    nodeid: Text<'a>,
    #[serde(borrow)]
    outcome: Text<'a>,
    #[serde(borrow)]
    longrepr: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Test<'a> {
    #[serde(borrow)]
    nodeid: Text<'a>,
    #[serde(borrow)]
    outcome: Text<'a>,
    #[serde(borrow, default)]
    setup: Odd<Stage<'a>>,
    #[serde(borrow, default)]
    call: Odd<Stage<'a>>,
    #[serde(borrow, default)]
    teardown: Odd<Stage<'a>>,
}

#[derive(Default, Deserialize)]
struct Stage<'a> {
    #[serde(borrow, default)]
    crash: Option<Crash<'a>>,
}

#[derive(Deserialize)]
struct Crash<'a> {
    #[serde(borrow)]
    message: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document = json::document(bytes)?;
    let mut cases = Cases::default();
    for (index, test) in json::parts::<Test>(&document.tests, "/tests", &mut cases.warnings) {
        let outcome = match &*test.outcome {
            // One that was expected to fail and passed is a failure only where pytest says so.
            "passed" | "xpassed" => Outcome::Passed,
            "skipped" | "xfailed" => Outcome::Skipped,
            "failed" => Outcome::Failed,
            _ => Outcome::Errored,
        };
        let mut message = None;
        for (name, stage) in [("setup", &test.setup), ("call", &test.call), ("teardown", &test.teardown)] {
            let stage = stage.get(format_args!("/tests/{index}/{name}"), &mut cases.warnings);
            let crash = stage.and_then(|stage| stage.crash.as_ref());
            message = message.or_else(|| crash.and_then(|crash| crash.message.as_deref()).and_then(said));
        }
        let (suite, name) = test.nodeid.split_once("::").unwrap_or(("", &test.nodeid));
        cases.count(outcome, suite, name, message);
    }
    if let Some(Summary { total, passed, failed, error }) = document.summary.get("/summary", &mut cases.warnings) {
        let broken = Some(failed.saturating_add(*error));
        let counted = (cases.tests.total, cases.broken());
        // The plug-in may be told to leave the tests out; then all that is known are the numbers.
        if document.tests.items.is_empty() && total.is_some_and(|total| total > 0) {
            cases.warn("/tests", "the document leaves the tests out; of the summary what passed is counted");
            cases.add_passed("", (*passed).min(u64::from(u32::MAX)));
            for _ in 0..failed.saturating_add(*error).min(10_000) {
                cases.count(Outcome::Failed, "", "(a case that is not named)", None);
            }
        } else {
            cases.compare("/summary", &[("tests", *total, counted.0), ("failed", broken, counted.1)]);
        }
    }
    // A file that could not be imported has no tests.
    for (_, collector) in json::parts::<Collector>(&document.collectors, "/collectors", &mut cases.warnings) {
        if &*collector.outcome == "failed" {
            cases.count_outside(&collector.nodeid, "the file itself", collector.longrepr.as_deref().and_then(said));
        }
    }
    cases.took(document.duration.and_then(plausible));
    let created_at = document.created.and_then(|seconds| instant_of_milliseconds(seconds * 1_000.0));
    Ok(Report { created_at, ..cases.into_report("pytest", None) })
}
