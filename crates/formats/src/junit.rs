//! JUnit test reports in XML, in the dialects of Surefire, Gradle, pytest, Jest, Node, nextest, PHPUnit and others. There
//! is no standard: what is counted here are the cases, never the numbers that a suite states of itself.

use crate::cases::{Outcome, seconds_in, sum};
use crate::xml::{Document, Element};
use crate::{Format, Probe, ReadError, text};
use shipworthy_model::{Phase, Report, TestFailure, Tests, Tool, Warning};

/// The dialects in common: <https://github.com/testmoapp/junitxml> collects them.
pub(crate) static FORMAT: Format = Format {
    name: "junit",
    title: "JUnit test report",
    homepage: "https://maven.apache.org/surefire/maven-surefire-plugin/xsd/surefire-test-report.xsd",
    phase: Phase::Build,
    tool: "junit",
    reads: "XML with the root `testsuites`, `testsuite` or `testcase`, suites nested to any depth",
    identifies: "",
    severities: "",
    marks: &["testsuites", "testsuite", "testcase"],
    recognises,
    read,
};

/// JUnit has no namespace; what has one, such as the reports of Check for C, is another format with the same root.
fn recognises(probe: &Probe) -> bool {
    let root = probe.root().filter(|root| root.namespace.is_none());
    root.is_some_and(|root| matches!(root.name.as_str(), "testsuites" | "testsuite" | "testcase"))
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    let mut reader = Reader { document, report: Report::default(), tests: Tests::default() };
    reader.tests.duration_seconds = match root.name.as_str() {
        "testsuites" | "testsuite" => reader.suite(&root)?,
        "testcase" => reader.case(&root, "")?,
        other => {
            let message = format!("expected the root `testsuites` or `testsuite`, found `{other}`");
            return Err(ReadError::lacks("JUnit report", "its root", message));
        }
    };
    let Reader { mut document, mut report, tests } = reader;
    document.end()?;
    report.tests = Some(tests);
    Ok(report)
}

struct Reader<'a> {
    document: Document<'a>,
    report: Report,
    tests: Tests,
}

impl Reader<'_> {
    /// Reads a suite with all that is in it, and gives how long it took.
    fn suite(&mut self, suite: &Element) -> Result<Option<f64>, ReadError> {
        let place = self.document.place();
        let (total_before, broken_before) = self.counted();
        self.note_tool_and_time(suite);
        let name = suite.attribute("name").unwrap_or_default();
        let mut seconds = None;
        let mut holds_cases = false;
        while let Some(child) = self.document.next_child(suite)? {
            let taken = match child.name.as_str() {
                "testsuite" | "testsuites" => self.suite(&child)?,
                "testcase" => {
                    holds_cases = true;
                    self.case(&child, name)?
                }
                // A suite that broke before its first case could run: Ant and JUnit 3 write it so.
                "error" | "failure" => {
                    holds_cases = true;
                    self.broken_suite(&child, name)?
                }
                _ => None,
            };
            seconds = sum(seconds, taken);
        }
        self.tests.suites += u64::from(holds_cases);
        let (total, broken) = self.counted();
        self.compare(suite, &place, total - total_before, broken - broken_before);
        Ok(self.seconds(suite, &place).or(seconds))
    }

    /// Reads a case, and gives how long it took.
    fn case(&mut self, case: &Element, suite: &str) -> Result<Option<f64>, ReadError> {
        let place = self.document.place();
        let seconds = self.seconds(case, &place);
        let mut outcome = stated_outcome(case);
        let mut message = None;
        let mut failed_tries = 0_u64;
        while let Some(child) = self.document.next_child(case)? {
            let said = match child.name.as_str() {
                "error" => Outcome::Errored,
                // A rerun is told of beside the failure; where it stands alone, nothing says that the case passed.
                "failure" | "rerunFailure" | "rerunError" => Outcome::Failed,
                "skipped" | "disabled" | "ignored" => Outcome::Skipped,
                "flakyFailure" | "flakyError" => {
                    failed_tries += 1;
                    continue;
                }
                _ => continue,
            };
            if said > outcome || message.is_none() {
                message = self.message(&child)?;
            }
            outcome = outcome.max(said);
        }
        let name = case.attribute("name").unwrap_or_default();
        if failed_tries > 0 && outcome == Outcome::Passed {
            let times = if failed_tries == 1 { "once".to_owned() } else { format!("{failed_tries} times") };
            let message = format!("`{name}` failed {times} before it passed; counted as passed");
            self.report.warnings.push(Warning { at: place, message });
        }
        self.count(outcome, TestFailure { suite: suite_of(case, suite), name: name.to_owned(), message });
        Ok(seconds)
    }

    fn broken_suite(&mut self, error: &Element, suite: &str) -> Result<Option<f64>, ReadError> {
        let at = self.document.place();
        let message = self.message(error)?;
        let warning = format!("the suite `{suite}` broke outside of its cases; counted as one case in error");
        self.report.warnings.push(Warning { at, message: warning });
        let name = "(the suite itself)".to_owned();
        self.count(Outcome::Errored, TestFailure { suite: suite.to_owned(), name, message });
        Ok(None)
    }

    fn count(&mut self, outcome: Outcome, failure: TestFailure) {
        let Tests { total, passed, failed, errors, skipped, failures, .. } = &mut self.tests;
        *total += 1;
        match outcome {
            Outcome::Passed => *passed += 1,
            Outcome::Skipped => *skipped += 1,
            Outcome::Failed => *failed += 1,
            Outcome::Errored => *errors += 1,
        }
        if outcome >= Outcome::Failed {
            failures.push(failure);
        }
    }

    /// How many cases there were so far, and how many of them failed or broke.
    fn counted(&self) -> (u64, u64) {
        (self.tests.total, self.tests.failed + self.tests.errors)
    }

    /// What a suite states of itself is compared and not believed: dialects disagree on what it includes. Failures and
    /// errors are taken together, because some dialects count errors as failures too.
    fn compare(&mut self, suite: &Element, place: &str, total: u64, broken: u64) {
        let mut differences = Vec::new();
        let mut stated = |name: &str| {
            let text = suite.attribute(name).map(str::trim).filter(|text| !text.is_empty())?;
            let count = text.parse::<u64>().ok();
            if count.is_none() {
                differences.push(format!("`{}` for its {name}", text::title(text).unwrap_or_default()));
            }
            count
        };
        let (tests, failures, errors) = (stated("tests"), stated("failures"), stated("errors"));
        if let Some(tests) = tests.filter(|tests| *tests != total) {
            differences.push(format!("{tests} tests where {total} are"));
        }
        let stated = match (failures, errors) {
            (None, None) => None,
            (failures, errors) => Some(failures.unwrap_or(0).saturating_add(errors.unwrap_or(0))),
        };
        if let Some(stated) = stated.filter(|stated| *stated != broken) {
            differences.push(format!("{stated} failed where {broken} are"));
        }
        if !differences.is_empty() {
            let name = suite.attribute("name").unwrap_or(&suite.name);
            let message = format!("`{name}` states {}; the cases are counted", differences.join(" and "));
            self.report.warnings.push(Warning { at: place.to_owned(), message });
        }
    }

    fn seconds(&mut self, element: &Element, place: &str) -> Option<f64> {
        let text = element.attribute("time").filter(|text| !text.trim().is_empty())?;
        let seconds = seconds_in(text);
        if seconds.is_none() {
            let message = format!("expected a time in seconds, found `{}`", text::title(text).unwrap_or_default());
            self.report.warnings.push(Warning { at: place.to_owned(), message });
        }
        seconds
    }

    /// Few dialects name their tool, and few write a time with its zone; without one it is no instant.
    fn note_tool_and_time(&mut self, suite: &Element) {
        let name = suite.attribute("name").unwrap_or_default();
        if let Some((_, tool)) = TOOLS.iter().find(|(known, _)| *known == name) {
            self.report.tool.get_or_insert_with(|| Tool { name: (*tool).to_owned(), version: None });
        }
        if self.report.created_at.is_none() {
            let instant = suite.attribute("timestamp").and_then(|text| text.parse::<jiff::Timestamp>().ok());
            self.report.created_at = instant.map(|instant| instant.to_string());
        }
    }

    /// What a failure says: its message, else the first line of its text.
    fn message(&mut self, failure: &Element) -> Result<Option<String>, ReadError> {
        if let Some(message) = failure.attribute("message").filter(|message| !message.trim().is_empty()) {
            return Ok(Some(text::capped(message.trim().to_owned())));
        }
        let first_line = text::title(&self.document.text(failure)?);
        Ok(first_line.or_else(|| failure.attribute("type").and_then(text::title)))
    }
}

/// The names that runners give to their outermost suites.
const TOOLS: &[(&str, &str)] = &[
    ("Mocha Tests", "mocha"),
    ("jest tests", "jest"),
    ("nextest-run", "cargo-nextest"),
    ("pytest", "pytest"),
    ("pytest tests", "pytest"),
];

/// The outcome that some dialects write as an attribute: tst and GoogleTest for disabled cases, GoogleTest in `result`.
fn stated_outcome(case: &Element) -> Outcome {
    let words = [case.attribute("status"), case.attribute("result")];
    let outcomes = words.into_iter().flatten().map(|word| match word.to_ascii_lowercase().as_str() {
        "disabled" | "notrun" | "skipped" | "ignored" | "suppressed" => Outcome::Skipped,
        "failed" | "failure" | "fail" => Outcome::Failed,
        "errored" | "error" => Outcome::Errored,
        _ => Outcome::Passed,
    });
    outcomes.max().unwrap_or(Outcome::Passed)
}

/// The class of a case where it tells more than its suite. Node gives every case the class `test`.
fn suite_of(case: &Element, suite: &str) -> String {
    let class = case.attribute("classname").or(case.attribute("class"));
    class.filter(|class| !class.is_empty() && *class != "test").unwrap_or(suite).to_owned()
}
