//! Test results of Mocha in JSON. A hook that broke is a failure of its own, as Mocha counts it.

use crate::cases::{Cases, Outcome, instant, plausible, said};
use crate::json::{self, List, Odd, Text, stated};
use crate::{Format, Probe, ReadError};
use serde::Deserialize;
use shipworthy_model::{Phase, Report};

/// The reporter: <https://mochajs.org/next/reporters/json/>.
pub(crate) static FORMAT: Format = Format {
    name: "mocha-json",
    title: "Mocha test results in JSON",
    homepage: "https://mochajs.org/next/reporters/json/",
    phase: Phase::Build,
    tool: "mocha",
    reads: "JSON of the reporter `json`, with `stats`, `passes`, `pending` and `failures`",
    identifies: "",
    severities: "",
    marks: &["stats", "tests", "pending", "failures", "passes"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has_all(&["stats", "tests", "pending", "failures", "passes"]))
}

#[derive(Deserialize)]
struct Document<'a> {
    stats: Stats<'a>,
    #[serde(borrow, default)]
    passes: List<'a>,
    #[serde(borrow, default)]
    pending: List<'a>,
    #[serde(borrow, default)]
    failures: List<'a>,
}

#[derive(Deserialize)]
struct Stats<'a> {
    passes: Option<u64>,
    pending: Option<u64>,
    failures: Option<u64>,
    #[serde(borrow)]
    start: Option<Text<'a>>,
    duration: Option<f64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Test<'a> {
    #[serde(borrow)]
    title: Text<'a>,
    #[serde(borrow)]
    full_title: Option<Text<'a>>,
    #[serde(borrow)]
    file: Option<Text<'a>>,
    #[serde(borrow, default)]
    err: Odd<Trouble<'a>>,
}

#[derive(Default, Deserialize)]
struct Trouble<'a> {
    #[serde(borrow)]
    message: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let Document { stats, passes, pending, failures } = json::document(bytes)?;
    let mut cases = Cases::default();
    let lists = [
        (&passes, "/passes", Outcome::Passed),
        (&pending, "/pending", Outcome::Skipped),
        (&failures, "/failures", Outcome::Failed),
    ];
    for (list, at, outcome) in lists {
        for (_, test) in json::parts::<Test>(list, at, &mut cases.warnings) {
            let err = test.err.get(at, &mut cases.warnings);
            let message = err.and_then(|err| err.message.as_deref()).and_then(said);
            cases.count(outcome, &suite(&test), &test.title, message);
        }
    }
    let counted = (cases.tests.passed, cases.tests.skipped, cases.tests.failed);
    let passed = ("passed", stats.passes, counted.0);
    cases.compare("/stats", &[passed, ("pending", stats.pending, counted.1), ("failed", stats.failures, counted.2)]);
    cases.took(stats.duration.and_then(|milliseconds| plausible(milliseconds / 1_000.0)));
    let created_at = stats.start.as_deref().and_then(instant);
    Ok(Report { created_at, ..cases.into_report("mocha", None) })
}

/// What stands before the title in the full one: the suites around the test; without any, the file.
fn suite(test: &Test) -> String {
    let full = test.full_title.as_deref().unwrap_or_default();
    let suites = full.strip_suffix(&*test.title).unwrap_or(full).trim();
    if suites.is_empty() { stated(test.file.as_ref()).unwrap_or_default() } else { suites.to_owned() }
}
