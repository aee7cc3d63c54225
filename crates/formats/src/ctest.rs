//! Test results of CTest, the `Test.xml` that it would submit to a dashboard.

use crate::cases::{Cases, Outcome, clock, expect_root, instant_of_milliseconds, said, seconds_in};
use crate::xml::{Document, Element};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Phase, Report};

/// The layout: <https://cmake.org/cmake/help/latest/manual/ctest.1.html#dashboard-client>.
pub(crate) static FORMAT: Format = Format {
    name: "ctest",
    title: "CTest results (Test.xml)",
    homepage: "https://cmake.org/cmake/help/latest/manual/ctest.1.html#ctest-test-step",
    phase: Phase::Build,
    tool: "ctest",
    reads: "XML with the root `Site` and its `Testing`, CTest 2.8 and later",
    identifies: "",
    severities: "",
    marks: &["Site"],
    recognises,
    read,
};

/// CTest writes the same root around builds, coverage and uploads.
fn recognises(probe: &Probe) -> bool {
    probe.root().is_some_and(|root| root.name == "Site") && probe.has("Testing")
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    expect_root(&root, "CTest report", &["Site"])?;
    let version = root.attribute("Generator").and_then(|text| text.strip_prefix("ctest-")).map(str::to_owned);
    let mut reader = Reader { document, cases: Cases::default(), started_at: None };
    while let Some(part) = reader.document.next_child(&root)? {
        if part.name == "Testing" {
            reader.testing(&part)?;
        }
    }
    reader.document.end()?;
    let Reader { cases, started_at, .. } = reader;
    Ok(Report { created_at: started_at, ..cases.into_report("ctest", version) })
}

struct Reader<'a> {
    document: Document<'a>,
    cases: Cases,
    started_at: Option<String>,
}

impl Reader<'_> {
    fn testing(&mut self, testing: &Element) -> Result<(), ReadError> {
        let (mut started, mut ended) = (None, None);
        while let Some(part) = self.document.next_child(testing)? {
            match part.name.as_str() {
                "Test" => self.test(&part)?,
                "StartTestTime" => started = self.document.text(&part)?.parse::<f64>().ok(),
                "EndTestTime" => ended = self.document.text(&part)?.parse::<f64>().ok(),
                _ => {}
            }
        }
        self.started_at = started.and_then(|seconds| instant_of_milliseconds(seconds * 1_000.0));
        if self.cases.tests.duration_seconds.is_none() {
            let seconds = started.zip(ended).map(|(started, ended)| ended - started);
            self.cases.took(seconds.and_then(crate::cases::plausible));
        }
        Ok(())
    }

    fn test(&mut self, test: &Element) -> Result<(), ReadError> {
        let place = self.document.place();
        let mut of_test = Test::default();
        while let Some(part) = self.document.next_child(test)? {
            match part.name.as_str() {
                "Name" => of_test.name = self.document.text(&part)?,
                "Path" => of_test.path = self.document.text(&part)?,
                "Results" => self.results(&part, &mut of_test)?,
                _ => {}
            }
        }
        let Test { name, path, took, completion, exit } = of_test;
        let seconds = self.cases.seconds(took.as_deref(), &place, |text| seconds_in(text).or_else(|| clock(text)));
        self.cases.took(seconds);
        let outcome = match test.attribute("Status").unwrap_or_default() {
            "passed" => Outcome::Passed,
            "failed" => Outcome::Failed,
            // Disabled ones and those that skip themselves; CTest counts the rest among the failed.
            "notrun" if !is_missing(completion.as_deref()) => Outcome::Skipped,
            _ => Outcome::Errored,
        };
        let message = completion.or(exit).filter(|text| text != "Completed").as_deref().and_then(said);
        self.cases.count(outcome, &path, &name, message);
        Ok(())
    }

    fn results(&mut self, results: &Element, test: &mut Test) -> Result<(), ReadError> {
        while let Some(part) = self.document.next_child(results)? {
            let name = part.attribute("name").unwrap_or_default().to_owned();
            let value = match name.as_str() {
                "Execution Time" => &mut test.took,
                "Completion Status" => &mut test.completion,
                "Exit Code" => &mut test.exit,
                _ => continue,
            };
            *value = self.document.texts(&part)?.remove("Value").filter(|text| !text.is_empty());
        }
        Ok(())
    }
}

#[derive(Default)]
struct Test {
    name: String,
    path: String,
    took: Option<String>,
    completion: Option<String>,
    exit: Option<String>,
}

/// Whether a test could not be run although it should have been.
fn is_missing(completion: Option<&str>) -> bool {
    completion.is_some_and(|status| {
        ["Unable to find", "Missing", "Required Files", "Fixture", "Failed to start", "Insufficient"]
            .iter()
            .any(|start| status.starts_with(start))
    })
}
