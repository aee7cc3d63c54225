//! Test results of FPCUnit, the framework of Free Pascal.

use crate::cases::{Cases, Outcome, clock, expect_root, said};
use crate::xml::{Document, Element};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Phase, Report};

/// The listener: <https://wiki.freepascal.org/fpcunit>.
pub(crate) static FORMAT: Format = Format {
    name: "fpcunit",
    title: "FPCUnit results",
    homepage: "https://wiki.freepascal.org/fpcunit",
    phase: Phase::Build,
    tool: "fpcunit",
    reads: "XML with the root `TestResults` and a `TestListing`",
    identifies: "",
    severities: "",
    marks: &["TestResults"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.root().is_some_and(|root| root.name == "TestResults") && probe.has("TestListing")
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    expect_root(&root, "FPCUnit report", &["TestResults"])?;
    let mut reader = Reader { document, cases: Cases::default() };
    let (mut stated, mut took) = (None, None);
    while let Some(part) = reader.document.next_child(&root)? {
        match part.name.as_str() {
            "TestListing" => reader.suite(&part, "")?,
            "NumberOfRunTests" => stated = reader.document.text(&part)?.parse().ok(),
            "TotalElapsedTime" => took = Some(reader.document.text(&part)?),
            _ => {}
        }
    }
    reader.document.end()?;
    let Reader { mut cases, .. } = reader;
    let seconds = cases.seconds(took.as_deref(), "/TestResults/TotalElapsedTime", clock);
    cases.took(seconds);
    let total = cases.tests.total - cases.tests.skipped;
    cases.compare("/TestResults/NumberOfRunTests", &[("tests", stated, total)]);
    Ok(cases.into_report("fpcunit", None))
}

struct Reader<'a> {
    document: Document<'a>,
    cases: Cases,
}

impl Reader<'_> {
    fn suite(&mut self, suite: &Element, name: &str) -> Result<(), ReadError> {
        while let Some(child) = self.document.next_child(suite)? {
            match child.name.as_str() {
                "TestSuite" => {
                    let name = child.attribute("Name").unwrap_or_default().to_owned();
                    self.suite(&child, &name)?;
                }
                "Test" => {
                    let outcome = match child.attribute("Result").unwrap_or_default() {
                        "OK" => Outcome::Passed,
                        "Ignored" => Outcome::Skipped,
                        "Failed" => Outcome::Failed,
                        _ => Outcome::Errored,
                    };
                    let case = child.attribute("Name").unwrap_or_default().to_owned();
                    let texts = self.document.texts(&child)?;
                    let message = |key: &str| texts.get(key).and_then(|text| said(text));
                    self.cases.count(outcome, name, &case, message("Message").or_else(|| message("ExceptionMessage")));
                }
                _ => {}
            }
        }
        Ok(())
    }
}
