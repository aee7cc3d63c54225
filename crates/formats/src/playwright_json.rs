//! Test results of Playwright in JSON. A test that passed in a later try is flaky, and counted as passed with a warning.

use crate::cases::{Cases, Outcome, instant, plausible, said};
use crate::json::{self, List, Odd, Text, stated};
use crate::{Format, Probe, ReadError};
use serde::Deserialize;
use shipworthy_model::{Phase, Report};

/// The reporter: <https://playwright.dev/docs/test-reporters#json-reporter>.
pub(crate) static FORMAT: Format = Format {
    name: "playwright-json",
    title: "Playwright test results in JSON",
    homepage: "https://playwright.dev/docs/test-reporters#json-reporter",
    phase: Phase::Build,
    tool: "playwright",
    reads: "JSON of the reporter `json` of Playwright Test 1.10 and later",
    identifies: "",
    severities: "",
    marks: &["config", "stats"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has_all(&["config", "suites"]))
        && (probe.has("suites.specs") || probe.has("stats.unexpected") || probe.has("config.projects"))
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow, default)]
    config: Odd<Config<'a>>,
    #[serde(borrow, default)]
    suites: List<'a>,
    #[serde(borrow, default)]
    errors: List<'a>,
    #[serde(borrow, default)]
    stats: Odd<Stats<'a>>,
}

#[derive(Default, Deserialize)]
struct Config<'a> {
    #[serde(borrow)]
    version: Option<Text<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Stats<'a> {
    #[serde(borrow)]
    start_time: Option<Text<'a>>,
    duration: Option<f64>,
    expected: Option<u64>,
    skipped: Option<u64>,
    unexpected: Option<u64>,
    flaky: Option<u64>,
}

#[derive(Deserialize)]
struct Suite<'a> {
    #[serde(borrow)]
    title: Option<Text<'a>>,
    #[serde(borrow, default)]
    specs: List<'a>,
    #[serde(borrow, default)]
    suites: List<'a>,
}

#[derive(Deserialize)]
struct Spec<'a> {
    #[serde(borrow)]
    title: Text<'a>,
    #[serde(borrow, default)]
    tests: List<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Test<'a> {
    #[serde(borrow)]
    project_name: Option<Text<'a>>,
    #[serde(borrow)]
    status: Option<Text<'a>>,
    #[serde(borrow, default)]
    results: List<'a>,
}

#[derive(Deserialize)]
struct TestResult<'a> {
    #[serde(borrow)]
    status: Option<Text<'a>>,
    #[serde(borrow, default)]
    error: Odd<Trouble<'a>>,
}

#[derive(Default, Deserialize)]
struct Trouble<'a> {
    #[serde(borrow)]
    message: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document = json::document(bytes)?;
    let mut cases = Cases::default();
    suites(&document.suites, "/suites", "", &mut cases);
    for (_, error) in json::parts::<Trouble>(&document.errors, "/errors", &mut cases.warnings) {
        cases.count_outside("", "the run itself", error.message.as_deref().and_then(said));
    }
    let mut created_at = None;
    if let Some(stats) = document.stats.get("/stats", &mut cases.warnings) {
        let passed = stats.expected.map(|expected| expected.saturating_add(stats.flaky.unwrap_or(0)));
        let counted = (cases.tests.passed, cases.tests.skipped, cases.broken() - cases.outside);
        let failed = ("failed", stats.unexpected, counted.2);
        cases.compare("/stats", &[("passed", passed, counted.0), ("skipped", stats.skipped, counted.1), failed]);
        cases.took(stats.duration.and_then(|milliseconds| plausible(milliseconds / 1_000.0)));
        created_at = stats.start_time.as_deref().and_then(instant);
    }
    let config = document.config.get("/config", &mut cases.warnings);
    let version = config.and_then(|config| stated(config.version.as_ref()));
    Ok(Report { created_at, ..cases.into_report("playwright", version) })
}

/// Reads suites; they are nested no deeper than JSON is read at all.
fn suites(list: &List, at: &str, path: &str, cases: &mut Cases) {
    for (index, suite) in json::parts::<Suite>(list, at, &mut cases.warnings) {
        let title = stated(suite.title.as_ref()).unwrap_or_default();
        let path = if path.is_empty() { title } else { format!("{path} > {title}") };
        let at = format!("{at}/{index}");
        for (index, spec) in json::parts::<Spec>(&suite.specs, format_args!("{at}/specs"), &mut cases.warnings) {
            let at = format!("{at}/specs/{index}/tests");
            for (index, test) in json::parts::<Test>(&spec.tests, &at, &mut cases.warnings) {
                count(&test, &format!("{at}/{index}"), &path, &spec.title, cases);
            }
        }
        suites(&suite.suites, &format!("{at}/suites"), &path, cases);
    }
}

fn count(test: &Test, at: &str, suite: &str, title: &str, cases: &mut Cases) {
    let name = match stated(test.project_name.as_ref()) {
        Some(project) => format!("{title} [{project}]"),
        None => title.to_owned(),
    };
    let results = json::parts::<TestResult>(&test.results, format_args!("{at}/results"), &mut cases.warnings);
    let last = results.last().map(|(_, result)| result);
    let is_interrupted =
        last.is_some_and(|result| matches!(result.status.as_deref(), Some("timedOut" | "interrupted")));
    let outcome = match test.status.as_deref() {
        Some("expected") => Outcome::Passed,
        Some("flaky") => {
            cases.warn(at, format!("`{name}` failed before it passed; counted as passed"));
            Outcome::Passed
        }
        Some("skipped") => Outcome::Skipped,
        Some("unexpected") if !is_interrupted => Outcome::Failed,
        _ => Outcome::Errored,
    };
    let error = last.and_then(|result| result.error.0.as_ref().ok()).and_then(|error| error.message.as_deref());
    cases.count(outcome, suite, &name, error.and_then(|text| said(&plain(text))));
}

/// A text without the escape sequences that colour it in a terminal.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut parts = text.split("\u{1b}[");
    plain.push_str(parts.next().unwrap_or_default());
    for part in parts {
        plain.push_str(
            part.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';').strip_prefix('m').unwrap_or(part),
        );
    }
    plain
}
