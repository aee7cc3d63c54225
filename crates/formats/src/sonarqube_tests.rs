//! Test results that other tools hand to SonarQube: its generic format for importing them.

use crate::xml::{Document, Element};
use crate::{Format, Probe, ReadError, text};
use shipworthy_model::{Phase, Report, TestFailure, Tests};

pub(crate) static FORMAT: Format = Format {
    name: "sonarqube-tests",
    title: "SonarQube generic test execution",
    homepage: "https://docs.sonarsource.com/sonarqube-server/analyzing-source-code/test-coverage/generic-test-data",
    phase: Phase::Build,
    tool: "sonarqube",
    reads: "XML with the root `testExecutions` (`unitTest` before server 6.2), version 1",
    identifies: "",
    severities: "",
    marks: &["testExecutions", "unitTest"],
    recognises: |probe: &Probe| {
        probe.root().is_some_and(|root| {
            matches!(root.name.as_str(), "testExecutions" | "unitTest") && root.attribute("version").is_some()
        })
    },
    read,
};

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    if !matches!(root.name.as_str(), "testExecutions" | "unitTest") {
        let message = format!("expected the root `testExecutions`, found `{}`", root.name);
        return Err(ReadError::lacks("SonarQube test execution", "its root", message));
    }
    let mut tests = Tests::default();
    let mut milliseconds = None;
    while let Some(file) = document.next_child(&root)? {
        let path = file.attribute("path").unwrap_or_default().to_owned();
        let before = tests.total;
        while let Some(case) = document.next_child(&file)? {
            if case.name == "testCase" {
                let duration = case.attribute("duration").and_then(|text| text.trim().parse::<f64>().ok());
                let duration = duration.filter(|duration| duration.is_finite() && *duration >= 0.0);
                milliseconds = duration.map(|duration| duration + milliseconds.unwrap_or(0.0)).or(milliseconds);
                count(&mut document, &case, &path, &mut tests)?;
            }
        }
        tests.suites += u64::from(tests.total > before);
    }
    document.end()?;
    tests.duration_seconds = milliseconds.map(|milliseconds: f64| milliseconds / 1000.0);
    Ok(Report { tests: Some(tests), ..Report::default() })
}

/// A case without any of the three words passed.
fn count(document: &mut Document<'_>, case: &Element, path: &str, tests: &mut Tests) -> Result<(), ReadError> {
    let name = case.attribute("name").unwrap_or_default().to_owned();
    let mut outcome = None;
    let mut message = None;
    while let Some(child) = document.next_child(case)? {
        if matches!(child.name.as_str(), "skipped" | "failure" | "error") && outcome.is_none() {
            message = child.attribute("message").and_then(text::title);
            outcome = Some(child.name);
        }
    }
    tests.total += 1;
    let place = match outcome.as_deref() {
        None => &mut tests.passed,
        Some("skipped") => &mut tests.skipped,
        Some("failure") => &mut tests.failed,
        Some(_) => &mut tests.errors,
    };
    *place += 1;
    if matches!(outcome.as_deref(), Some("failure" | "error")) {
        tests.failures.push(TestFailure { suite: path.to_owned(), name, message });
    }
    Ok(())
}
