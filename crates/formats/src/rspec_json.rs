//! Test results of RSpec in JSON.

use crate::cases::{Cases, Outcome, plausible, said};
use crate::json::{self, List, Odd, Text, stated};
use crate::{Format, Probe, ReadError};
use serde::Deserialize;
use shipworthy_model::{Phase, Report};

/// The formatter: <https://rspec.info/features/3-13/rspec-core/formatters/json-formatter/>.
pub(crate) static FORMAT: Format = Format {
    name: "rspec-json",
    title: "RSpec test results in JSON",
    homepage: "https://rspec.info/features/3-13/rspec-core/formatters/json-formatter/",
    phase: Phase::Build,
    tool: "rspec",
    reads: "JSON of the formatter `json` of RSpec 3",
    identifies: "",
    severities: "",
    marks: &["version", "examples", "summary", "summary_line"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has_all(&["examples", "summary", "summary_line"]))
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow)]
    version: Option<Text<'a>>,
    #[serde(borrow, default)]
    messages: List<'a>,
    #[serde(borrow)]
    examples: List<'a>,
    #[serde(default)]
    summary: Odd<Summary>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Summary {
    duration: Option<f64>,
    example_count: Option<u64>,
    failure_count: Option<u64>,
    pending_count: Option<u64>,
    errors_outside_of_examples_count: Option<u64>,
}

#[derive(Deserialize)]
struct Example<'a> {
    #[serde(borrow)]
    description: Text<'a>,
    #[serde(borrow)]
    full_description: Option<Text<'a>>,
    #[serde(borrow)]
    status: Text<'a>,
    #[serde(borrow)]
    file_path: Option<Text<'a>>,
    #[serde(borrow, default)]
    exception: Odd<Exception<'a>>,
}

#[derive(Default, Deserialize)]
struct Exception<'a> {
    #[serde(borrow)]
    message: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let Document { version, messages, examples, summary } = json::document(bytes)?;
    let mut cases = Cases::default();
    for (index, example) in json::parts::<Example>(&examples, "/examples", &mut cases.warnings) {
        let outcome = match &*example.status {
            "passed" => Outcome::Passed,
            "pending" => Outcome::Skipped,
            "failed" => Outcome::Failed,
            _ => Outcome::Errored,
        };
        let exception = example.exception.get(format_args!("/examples/{index}/exception"), &mut cases.warnings);
        let message = exception.and_then(|exception| exception.message.as_deref()).and_then(said);
        let full = example.full_description.as_deref().unwrap_or_default();
        let group = full.strip_suffix(&*example.description).unwrap_or(full).trim();
        let file = || stated(example.file_path.as_ref()).unwrap_or_default();
        let suite = if group.is_empty() { file() } else { group.to_owned() };
        cases.count(outcome, &suite, &example.description, message);
    }
    if let Some(summary) = summary.get("/summary", &mut cases.warnings) {
        let counted = (cases.tests.total, cases.tests.failed, cases.tests.skipped);
        let pending = ("pending", summary.pending_count, counted.2);
        let totals =
            [("examples", summary.example_count, counted.0), ("failed", summary.failure_count, counted.1), pending];
        cases.compare("/summary", &totals);
        cases.took(summary.duration.and_then(plausible));
        // A file that could not be loaded, say: its examples are not even known.
        if let Some(errors) = summary.errors_outside_of_examples_count.filter(|errors| *errors > 0) {
            let first: Vec<(_, Text)> = json::parts(&messages, "/messages", &mut cases.warnings);
            let message = first.first().and_then(|(_, text)| said(text));
            cases.warn("/summary", format!("{errors} errors outside of the examples; counted as one case in error"));
            cases.count_outside("", "outside of the examples", message);
        }
    }
    Ok(cases.into_report("rspec", stated(version.as_ref())))
}
