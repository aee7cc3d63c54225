//! Test results of Visual Studio and `dotnet test` (TRX), whichever framework the tests are written with. Each row of a
//! data-driven test is a case of its own.

use crate::cases::{Cases, Outcome, clock, expect_root, instant, said};
use crate::xml::{Document, Element};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Phase, Report};
use std::collections::HashMap;

/// The schema is `vstst.xsd` of Visual Studio; the logger of today:
/// <https://github.com/microsoft/vstest/tree/main/src/Microsoft.TestPlatform.Extensions.TrxLogger>.
pub(crate) static FORMAT: Format = Format {
    name: "trx",
    title: "Visual Studio test results (TRX)",
    homepage: "https://github.com/microsoft/vstest/blob/main/docs/report.md",
    phase: Phase::Build,
    tool: "visual-studio",
    reads: "XML with the root `TestRun` in the namespaces TeamTest/2006 and TeamTest/2010, of MSTest, VSTest and Microsoft.Testing.Platform",
    identifies: "",
    severities: "",
    marks: &["TestRun"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.root().is_some_and(|root| {
        let namespace = root.namespace.as_deref().unwrap_or_default();
        root.name == "TestRun" && namespace.starts_with("http://microsoft.com/schemas/VisualStudio/TeamTest/")
    })
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    expect_root(&root, "TRX report", &["TestRun"])?;
    let mut reader = Reader::new(document);
    reader.run(&root)?;
    reader.document.end()?;
    Ok(reader.report())
}

struct Reader<'a> {
    document: Document<'a>,
    cases: Cases,
    results: Vec<TestResult>,
    /// The classes of the tests by the tests' ids.
    classes: HashMap<String, String>,
    started_at: Option<String>,
    /// The counters that the run states, with their place: tests, passed, failed or broken.
    stated: Option<([Option<u64>; 3], String)>,
    /// What the run says of itself where it broke.
    broken: Option<Option<String>>,
}

/// A result, whose class may only be known at the end of the document.
struct TestResult {
    test_id: String,
    name: String,
    outcome: Outcome,
    message: Option<String>,
}

impl<'a> Reader<'a> {
    fn new(document: Document<'a>) -> Self {
        Self {
            document,
            cases: Cases::default(),
            results: Vec::new(),
            classes: HashMap::new(),
            started_at: None,
            stated: None,
            broken: None,
        }
    }

    fn run(&mut self, root: &Element) -> Result<(), ReadError> {
        while let Some(part) = self.document.next_child(root)? {
            match part.name.as_str() {
                "Times" => self.started_at = part.attribute("start").and_then(instant),
                "Results" => self.results(&part)?,
                "ResultSummary" => self.summary(&part)?,
                "TestDefinitions" => self.definitions(&part)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn results(&mut self, results: &Element) -> Result<(), ReadError> {
        while let Some(result) = self.document.next_child(results)? {
            self.result(&result)?;
        }
        Ok(())
    }

    fn result(&mut self, result: &Element) -> Result<(), ReadError> {
        let place = self.document.place();
        let (mut message, mut has_rows) = (None, false);
        while let Some(child) = self.document.next_child(result)? {
            match child.name.as_str() {
                "Output" => message = self.message(&child)?,
                "InnerResults" => {
                    let before = self.results.len();
                    self.results(&child)?;
                    has_rows = self.results.len() > before;
                }
                _ => {}
            }
        }
        if has_rows {
            return Ok(());
        }
        let seconds = self.cases.seconds(result.attribute("duration"), &place, clock);
        self.cases.took(seconds);
        let stated = |name: &str| result.attribute(name).unwrap_or_default().to_owned();
        let outcome = outcome(&stated("outcome"));
        self.results.push(TestResult { test_id: stated("testId"), name: stated("testName"), outcome, message });
        Ok(())
    }

    /// What a result says of its failure: `ErrorInfo/Message`.
    fn message(&mut self, output: &Element) -> Result<Option<String>, ReadError> {
        let mut message = None;
        while let Some(part) = self.document.next_child(output)? {
            if part.name == "ErrorInfo" {
                message = self.document.texts(&part)?.get("Message").and_then(|text| said(text));
            }
        }
        Ok(message)
    }

    fn summary(&mut self, summary: &Element) -> Result<(), ReadError> {
        let outcome = summary.attribute("outcome").unwrap_or_default().to_owned();
        let mut said_of_run = None;
        while let Some(part) = self.document.next_child(summary)? {
            match part.name.as_str() {
                "Counters" => {
                    let count = |name: &str| part.attribute(name).and_then(|text| text.parse::<u64>().ok());
                    let broken = ["failed", "error", "timeout", "aborted", "disconnected"].map(count);
                    let broken = broken
                        .into_iter()
                        .flatten()
                        .fold(None, |sum: Option<u64>, count| Some(sum.unwrap_or(0).saturating_add(count)));
                    self.stated = Some(([count("total"), count("passed"), broken], self.document.place()));
                }
                "RunInfos" => {
                    while let Some(info) = self.document.next_child(&part)? {
                        if info.attribute("outcome") == Some("Error") && said_of_run.is_none() {
                            said_of_run = self.document.texts(&info)?.get("Text").and_then(|text| said(text));
                        }
                    }
                }
                _ => {}
            }
        }
        if matches!(outcome.as_str(), "Failed" | "Error" | "Timeout" | "Aborted" | "Disconnected") {
            self.broken = Some(said_of_run);
        }
        Ok(())
    }

    fn definitions(&mut self, definitions: &Element) -> Result<(), ReadError> {
        while let Some(test) = self.document.next_child(definitions)? {
            let id = test.attribute("id").unwrap_or_default().to_owned();
            while let Some(part) = self.document.next_child(&test)? {
                if part.name == "TestMethod" {
                    // Its class may be written with its assembly, `Shop.CartTests, Shop, Version=1.0.0.0`.
                    let class = part.attribute("className").unwrap_or_default();
                    let class = class.split(',').next().unwrap_or_default().trim().to_owned();
                    self.classes.insert(id.clone(), class);
                }
            }
        }
        Ok(())
    }

    fn report(self) -> Report {
        let Self { mut cases, results, classes, started_at, stated, broken, .. } = self;
        for TestResult { test_id, name, outcome, message } in results {
            let class = classes.get(&test_id).map_or("", String::as_str);
            let name = name.strip_prefix(class).and_then(|name| name.strip_prefix('.')).unwrap_or(&name);
            cases.count(outcome, class, name, message);
        }
        if let Some(([total, passed, failed], place)) = stated {
            let counted = [cases.tests.total, cases.tests.passed, cases.broken()];
            let totals = [("tests", total, counted[0]), ("passed", passed, counted[1]), ("failed", failed, counted[2])];
            cases.compare(place, &totals);
        }
        if let Some(message) = broken.filter(|_| cases.broken() == 0) {
            cases.warn("/TestRun/ResultSummary", "the run broke outside of its cases; counted as one case in error");
            cases.count_outside("", "the run itself", message);
        }
        Report { created_at: started_at, ..cases.into_report("visual-studio", None) }
    }
}

/// The outcomes of `TestOutcome`. A result that names none of them is not known to have passed.
fn outcome(word: &str) -> Outcome {
    match word {
        "Passed" | "PassedButRunAborted" | "Warning" | "Completed" => Outcome::Passed,
        "NotExecuted" | "NotRunnable" | "Inconclusive" | "Pending" => Outcome::Skipped,
        "Failed" => Outcome::Failed,
        _ => Outcome::Errored,
    }
}
