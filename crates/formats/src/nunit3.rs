//! Test results of NUnit 3 and 4. What the tool labels an error, such as an exception that nobody expected, is one; its
//! own totals count it among the failed.

use crate::cases::{Cases, Outcome, expect_root, instant, said, seconds_in, stated_count};
use crate::xml::{Document, Element};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Phase, Report};

/// The layout: <https://docs.nunit.org/articles/nunit/technical-notes/usage/Test-Result-XML-Format.html>.
pub(crate) static FORMAT: Format = Format {
    name: "nunit3",
    title: "NUnit 3 test results",
    homepage: "https://docs.nunit.org/articles/nunit/technical-notes/usage/Test-Result-XML-Format.html",
    phase: Phase::Build,
    tool: "nunit",
    reads: "XML with the root `test-run`, or a single `test-suite` with an id, of NUnit 3 and later and of the Unity test runner",
    identifies: "",
    severities: "",
    marks: &["test-run", "test-suite"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.root().is_some_and(|root| match root.name.as_str() {
        "test-run" => true,
        "test-suite" => root.attribute("id").is_some() && root.attribute("result").is_some(),
        _ => false,
    })
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    expect_root(&root, "NUnit 3 report", &["test-run", "test-suite"])?;
    let place = document.place();
    let mut reader = Reader { document, cases: Cases::default(), version: None };
    let name = if root.name == "test-suite" { suite_name(&root) } else { String::new() };
    reader.suite(&root, &name)?;
    reader.document.end()?;
    let Reader { mut cases, version, .. } = reader;
    // Alphas of NUnit 3 wrote `time`.
    let took = root.attribute("duration").or(root.attribute("time"));
    let seconds = cases.seconds(took, &place, seconds_in);
    cases.tests.duration_seconds = seconds.or(cases.tests.duration_seconds);
    let counted = (cases.tests.total - cases.outside, cases.broken() - cases.outside);
    let tests = ("tests", stated_count(&root, "total"), counted.0);
    cases.compare(place, &[tests, ("failed", stated_count(&root, "failed"), counted.1)]);
    let created_at = root.attribute("start-time").and_then(instant);
    Ok(Report { created_at, ..cases.into_report("nunit", version) })
}

struct Reader<'a> {
    document: Document<'a>,
    cases: Cases,
    version: Option<String>,
}

impl Reader<'_> {
    fn suite(&mut self, suite: &Element, name: &str) -> Result<(), ReadError> {
        let place = self.document.place();
        let broken_before = self.cases.broken();
        let mut message = None;
        while let Some(child) = self.document.next_child(suite)? {
            match child.name.as_str() {
                "test-suite" => {
                    let name = suite_name(&child);
                    self.suite(&child, &name)?;
                }
                "test-case" => self.case(&child, name)?,
                "environment" => self.version = child.attribute("framework-version").map(str::to_owned),
                "failure" => message = self.document.texts(&child)?.get("message").and_then(|text| said(text)),
                _ => {}
            }
        }
        // A suite whose set-up or tear-down failed, or that could not be loaded, without a case that says so.
        let has_failed = suite.attribute("result").is_some_and(|result| result.starts_with("Failed"));
        if has_failed && self.cases.broken() == broken_before {
            self.cases
                .warn(place, format!("the suite `{name}` failed outside of its cases; counted as one case in error"));
            self.cases.count_outside(name, "the suite itself", message);
        }
        Ok(())
    }

    fn case(&mut self, case: &Element, suite: &str) -> Result<(), ReadError> {
        let place = self.document.place();
        let took = case.attribute("duration").or(case.attribute("time"));
        let seconds = self.cases.seconds(took, &place, seconds_in);
        self.cases.took(seconds);
        let mut message = None;
        while let Some(child) = self.document.next_child(case)? {
            if child.name == "failure" {
                message = self.document.texts(&child)?.get("message").and_then(|text| said(text));
            }
        }
        let class = case.attribute("classname").filter(|class| suite.is_empty() || class.contains('.'));
        self.cases.count(outcome(case), class.unwrap_or(suite), case.attribute("name").unwrap_or_default(), message);
        Ok(())
    }
}

fn suite_name(suite: &Element) -> String {
    suite.attribute("fullname").or(suite.attribute("name")).unwrap_or_default().to_owned()
}

/// The outcome of a case, from its result and its label. Some runners write the label into the result, `Failed(Error)`.
fn outcome(case: &Element) -> Outcome {
    let result = case.attribute("result").unwrap_or_default();
    let (result, label) = match result.split_once(['(', ':']) {
        Some((result, label)) => (result, label.trim_end_matches(')')),
        None => (result, case.attribute("label").unwrap_or_default()),
    };
    match (result, label) {
        ("Passed" | "Warning", _) => Outcome::Passed,
        ("Skipped" | "Ignored" | "Inconclusive", _) => Outcome::Skipped,
        ("Failed", "Error" | "Invalid" | "Cancelled") => Outcome::Errored,
        ("Failed", _) => Outcome::Failed,
        // `Invalid` and whatever else is no result that NUnit knows.
        _ => Outcome::Errored,
    }
}
