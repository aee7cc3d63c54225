//! Test results of NUnit 2, which other runners write too.

use crate::cases::{Cases, Outcome, expect_root, said, seconds_in, stated_count, sum};
use crate::xml::{Document, Element};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Phase, Report};

/// The layout: <https://nunit.org/docs/2.6.4/files/Results.xsd>.
pub(crate) static FORMAT: Format = Format {
    name: "nunit2",
    title: "NUnit 2 test results",
    homepage: "https://nunit.org/nunitv2/docs/2.6.4/consoleCommandLine.html",
    phase: Phase::Build,
    tool: "nunit",
    reads: "XML with the root `test-results`, of NUnit 2.0 to 2.7 and of runners that write the same",
    identifies: "",
    severities: "",
    marks: &["test-results"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.root().is_some_and(|root| root.name == "test-results")
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    expect_root(&root, "NUnit 2 report", &["test-results"])?;
    let place = document.place();
    let mut reader = Reader { document, cases: Cases::default(), version: None };
    let mut took = None;
    while let Some(child) = reader.document.next_child(&root)? {
        match child.name.as_str() {
            "environment" => reader.version = child.attribute("nunit-version").map(str::to_owned),
            "test-suite" => took = sum(took, reader.suite(&child, "")?),
            _ => {}
        }
    }
    reader.document.end()?;
    let Reader { mut cases, version, .. } = reader;
    cases.tests.duration_seconds = took;
    // `total` counts the cases that ran, in some versions with and in some without the inconclusive ones.
    let errors = stated_count(&root, "errors").unwrap_or(0);
    let stated = stated_count(&root, "failures").map(|failures| failures.saturating_add(errors));
    cases.compare(place, &[("failed", stated, cases.broken() - cases.outside)]);
    Ok(cases.into_report("nunit", version))
}

struct Reader<'a> {
    document: Document<'a>,
    cases: Cases,
    version: Option<String>,
}

impl Reader<'_> {
    /// Reads a suite with all that is in it, and gives how long it took.
    fn suite(&mut self, suite: &Element, namespace: &str) -> Result<Option<f64>, ReadError> {
        let place = self.document.place();
        let name = &full_name(suite, namespace);
        // What is in an assembly is not named after it.
        let inner = if matches!(suite.attribute("type"), Some("Namespace" | "TestFixture")) { name } else { "" };
        let broken_before = self.cases.broken();
        let (mut took, mut message) = (None, None);
        while let Some(part) = self.document.next_child(suite)? {
            match part.name.as_str() {
                "results" => {
                    while let Some(child) = self.document.next_child(&part)? {
                        let seconds = match child.name.as_str() {
                            "test-suite" => self.suite(&child, inner)?,
                            "test-case" => self.case(&child, name)?,
                            _ => None,
                        };
                        took = sum(took, seconds);
                    }
                }
                "failure" => message = self.document.texts(&part)?.get("message").and_then(|text| said(text)),
                _ => {}
            }
        }
        if message.is_some() && self.cases.broken() == broken_before {
            self.cases
                .warn(&place, format!("the suite `{name}` failed outside of its cases; counted as one case in error"));
            self.cases.count_outside(name, "the suite itself", message);
        }
        Ok(self.cases.seconds(suite.attribute("time"), &place, seconds_in).or(took))
    }

    /// Reads a case, and gives how long it took.
    fn case(&mut self, case: &Element, suite: &str) -> Result<Option<f64>, ReadError> {
        let place = self.document.place();
        let mut message = None;
        let mut has_failure = false;
        while let Some(child) = self.document.next_child(case)? {
            if child.name == "failure" {
                has_failure = true;
                message = self.document.texts(&child)?.get("message").and_then(|text| said(text));
            }
        }
        self.cases.count(outcome(case, has_failure), suite, case.attribute("name").unwrap_or_default(), message);
        Ok(self.cases.seconds(case.attribute("time"), &place, seconds_in))
    }
}

/// The name of a suite with its namespaces. Before version 2.5 suites have no type, and their names are whole.
fn full_name(suite: &Element, namespace: &str) -> String {
    let name = suite.attribute("name").unwrap_or_default();
    match suite.attribute("type") {
        Some(_) if !namespace.is_empty() => format!("{namespace}.{name}"),
        _ => name.to_owned(),
    }
}

/// The outcome of a case. Versions before 2.5 have no `result`, and some runners write no `success`.
fn outcome(case: &Element, has_failure: bool) -> Outcome {
    let is = |name: &str, word: &str| case.attribute(name).is_some_and(|value| value.eq_ignore_ascii_case(word));
    match case.attribute("result") {
        Some("Success" | "Passed") => Outcome::Passed,
        Some("Failure" | "Failed") => Outcome::Failed,
        Some("Ignored" | "Skipped" | "NotRun" | "Inconclusive") => Outcome::Skipped,
        // `Error`, `NotRunnable` and `Cancelled`.
        Some(_) => Outcome::Errored,
        None if has_failure || is("success", "false") => Outcome::Failed,
        None if is("executed", "false") => Outcome::Skipped,
        None => Outcome::Passed,
    }
}
