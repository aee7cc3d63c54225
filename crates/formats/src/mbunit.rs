//! Test results of MbUnit 2.

use crate::cases::{Cases, Outcome, expect_root, said, seconds_in, stated_count};
use crate::xml::{Document, Element};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Phase, Report};

/// The reports came with the framework: <https://github.com/Gallio/mbunit-v2>.
pub(crate) static FORMAT: Format = Format {
    name: "mbunit",
    title: "MbUnit results",
    homepage: "https://github.com/Gallio/mbunit-v2",
    phase: Phase::Build,
    tool: "mbunit",
    reads: "XML with the root `report-result`, MbUnit 2",
    identifies: "",
    severities: "",
    marks: &["report-result"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.root().is_some_and(|root| root.name == "report-result")
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    expect_root(&root, "MbUnit report", &["report-result"])?;
    let mut reader = Reader { document, cases: Cases::default(), stated: None };
    reader.walk(&root, "")?;
    reader.document.end()?;
    let Reader { mut cases, stated, .. } = reader;
    let (total, failed) = (cases.tests.total, cases.broken());
    if let Some([stated_total, stated_failed]) = stated {
        cases.compare("/report-result/counter", &[("tests", stated_total, total), ("failed", stated_failed, failed)]);
    }
    Ok(cases.into_report("mbunit", None))
}

struct Reader<'a> {
    document: Document<'a>,
    cases: Cases,
    /// What the counter of the whole states: the first of all.
    stated: Option<[Option<u64>; 2]>,
}

impl Reader<'_> {
    /// Goes through assemblies, namespaces and fixtures to the runs.
    fn walk(&mut self, element: &Element, fixture: &str) -> Result<(), ReadError> {
        while let Some(child) = self.document.next_child(element)? {
            match child.name.as_str() {
                "run" => self.run(&child, fixture)?,
                "counter" => {
                    let counts = [stated_count(&child, "run-count"), stated_count(&child, "failure-count")];
                    self.stated.get_or_insert(counts);
                }
                "fixture" => {
                    let name = child.attribute("type").or(child.attribute("name")).unwrap_or_default().to_owned();
                    self.walk(&child, &name)?;
                }
                _ => self.walk(&child, fixture)?,
            }
        }
        Ok(())
    }

    fn run(&mut self, run: &Element, fixture: &str) -> Result<(), ReadError> {
        let place = self.document.place();
        let seconds = self.cases.seconds(run.attribute("duration"), &place, seconds_in);
        self.cases.took(seconds);
        let mut message = None;
        while let Some(child) = self.document.next_child(run)? {
            if child.name == "exception" {
                message = self.document.texts(&child)?.get("message").and_then(|text| said(text));
            }
        }
        let outcome = match run.attribute("result").unwrap_or_default() {
            "success" => Outcome::Passed,
            "ignore" | "skip" | "notrun" => Outcome::Skipped,
            "failure" => Outcome::Failed,
            _ => Outcome::Errored,
        };
        self.cases.count(outcome, fixture, run.attribute("name").unwrap_or_default(), message);
        Ok(())
    }
}
