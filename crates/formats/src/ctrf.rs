//! The Common Test Report Format (CTRF) in JSON.

use crate::cases::{Cases, Outcome, instant, instant_of_milliseconds, plausible, said};
use crate::json::{self, List, Text, stated};
use crate::{Format, Probe, ReadError, subjects};
use serde::Deserialize;
use serde_json::value::RawValue;
use shipworthy_model::{Phase, Report, Subject};

/// The specification: <https://github.com/ctrf-io/ctrf/blob/main/specification/ctrf.md>.
pub(crate) static FORMAT: Format = Format {
    name: "ctrf",
    title: "Common Test Report Format (CTRF)",
    homepage: "https://ctrf.io/docs/specification/overview",
    phase: Phase::Build,
    tool: "ctrf",
    reads: "JSON of the versions 0 and 1, with suites as a text or as a list",
    identifies: "",
    severities: "",
    marks: &["reportFormat", "specVersion", "results"],
    recognises,
    read,
};

/// Before version 0.0.1 there was no `reportFormat`.
fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| {
        members.value("reportFormat") == Some("CTRF")
            || (members.has("results") && probe.has_all(&["results.tool", "results.summary.pending", "results.tests"]))
    })
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow)]
    timestamp: Option<Text<'a>>,
    #[serde(borrow)]
    results: Results<'a>,
}

#[derive(Deserialize)]
struct Results<'a> {
    #[serde(borrow)]
    tool: Option<Named<'a>>,
    summary: Option<Summary>,
    #[serde(borrow, default)]
    tests: List<'a>,
    #[serde(borrow)]
    environment: Option<Environment<'a>>,
}

#[derive(Deserialize)]
struct Named<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    version: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Summary {
    tests: Option<u64>,
    passed: Option<u64>,
    failed: Option<u64>,
    start: Option<f64>,
    stop: Option<f64>,
}

#[derive(Deserialize)]
struct Environment<'a> {
    #[serde(borrow)]
    commit: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Test<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    #[serde(borrow)]
    status: Text<'a>,
    #[serde(borrow)]
    suite: Option<&'a RawValue>,
    #[serde(borrow)]
    file_path: Option<Text<'a>>,
    #[serde(borrow)]
    message: Option<Text<'a>>,
    flaky: Option<bool>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let Document { timestamp, results } = json::document(bytes)?;
    let Results { tool, summary, tests, environment } = results;
    let mut cases = Cases::default();
    for (index, test) in json::parts::<Test>(&tests, "/results/tests", &mut cases.warnings) {
        count(&mut cases, index, &test);
    }
    let created_at = timestamp.as_deref().and_then(instant);
    let mut started_at = None;
    if let Some(Summary { tests, passed, failed, start, stop }) = summary {
        let counted = [cases.tests.total, cases.tests.passed, cases.tests.failed];
        let totals = [("tests", tests, counted[0]), ("passed", passed, counted[1]), ("failed", failed, counted[2])];
        cases.compare("/results/summary", &totals);
        started_at = start.and_then(instant_of_milliseconds);
        let milliseconds = start.zip(stop).filter(|(start, _)| *start > 0.0);
        cases.took(milliseconds.and_then(|(start, stop)| plausible((stop - start) / 1_000.0)));
    }
    let (name, version) =
        tool.map(|tool| (stated(tool.name.as_ref()), stated(tool.version.as_ref()))).unwrap_or_default();
    let commit = environment.and_then(|environment| stated(environment.commit.as_ref()));
    let commit = commit.map(|commit| Subject::commit(&commit));
    let at = "/results/environment/commit";
    let subjects = commit.and_then(|commit| subjects::usable(commit, at, &mut cases.warnings)).into_iter().collect();
    let tool = name.unwrap_or_else(|| "ctrf".to_owned()).to_lowercase();
    Ok(Report { created_at: created_at.or(started_at), subjects, ..cases.into_report(&tool, version) })
}

fn count(cases: &mut Cases, index: usize, test: &Test) {
    let outcome = match &*test.status {
        "passed" => Outcome::Passed,
        "failed" => Outcome::Failed,
        "skipped" | "pending" => Outcome::Skipped,
        "other" => Outcome::Errored,
        unknown => {
            let message = format!("expected a status of CTRF, found `{unknown}`; counted as an error");
            cases.warn(format!("/results/tests/{index}/status"), message);
            Outcome::Errored
        }
    };
    let suite = test.suite.and_then(suite).or_else(|| stated(test.file_path.as_ref())).unwrap_or_default();
    if test.flaky == Some(true) && outcome == Outcome::Passed {
        let message = format!("`{}` failed before it passed; counted as passed", &*test.name);
        cases.warn(format!("/results/tests/{index}"), message);
    }
    cases.count(outcome, &suite, &test.name, test.message.as_deref().and_then(said));
}

/// The suite: a list of names from the outermost in version 1, a text before.
fn suite(suite: &RawValue) -> Option<String> {
    let path = serde_json::from_str::<Vec<Text>>(suite.get());
    let path = path.map(|path| path.iter().map(|name| &**name).collect::<Vec<_>>().join(" > "));
    path.ok().or_else(|| serde_json::from_str::<Text>(suite.get()).ok().as_ref().and_then(Text::stated))
}
