//! Test results of CppUnit, whose layout AUnit and others took over.

use crate::cases::{Cases, Outcome, expect_root, said};
use crate::xml::{Document, Element};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Phase, Report};

/// The layout: <https://people.freedesktop.org/~mmohrhard/cppunit/class_xml_outputter.html>.
pub(crate) static FORMAT: Format = Format {
    name: "cppunit",
    title: "CppUnit results",
    homepage: "https://freedesktop.org/wiki/Software/cppunit/",
    phase: Phase::Build,
    tool: "cppunit",
    reads: "XML with the root `TestRun` of the XML outputter, and runners that add skipped tests to it",
    identifies: "",
    severities: "",
    marks: &["TestRun", "FailedTests", "SuccessfulTests"],
    recognises,
    read,
};

/// Visual Studio's root has the same name and a namespace, AUnit's the time that the run took.
fn recognises(probe: &Probe) -> bool {
    is_run(probe)
        && probe.root().is_some_and(|root| root.attribute("elapsed").is_none())
        && !probe.has("FailedTests.Test")
}

/// Whether a document is of CppUnit or of a tool that took its layout over.
pub(crate) fn is_run(probe: &Probe) -> bool {
    probe.root().is_some_and(|root| root.name == "TestRun" && root.namespace.is_none())
        && (probe.has("FailedTests") || probe.has("SuccessfulTests"))
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let (cases, _) = cases(bytes, "CppUnit report")?;
    Ok(cases.into_report("cppunit", None))
}

/// The cases of a document, and the time that its root states.
pub(crate) fn cases(bytes: &[u8], what: &'static str) -> Result<(Cases, Option<String>), ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    expect_root(&root, what, &["TestRun"])?;
    let elapsed = root.attribute("elapsed").map(str::to_owned);
    let mut reader = Reader { document, cases: Cases::default() };
    let mut stated = None;
    while let Some(part) = reader.document.next_child(&root)? {
        match part.name.as_str() {
            "FailedTests" => reader.tests(&part, Outcome::Failed)?,
            "SuccessfulTests" => reader.tests(&part, Outcome::Passed)?,
            "SkippedTests" => reader.tests(&part, Outcome::Skipped)?,
            // They stand last in CppUnit and first in AUnit.
            "Statistics" => stated = Some((reader.document.place(), reader.document.texts(&part)?)),
            _ => {}
        }
    }
    reader.document.end()?;
    let Reader { mut cases, .. } = reader;
    if let Some((place, texts)) = stated {
        let stated = |name: &str| texts.get(name).and_then(|text| text.parse().ok());
        let (total, broken) = (cases.tests.total, cases.broken());
        cases.compare(place, &[("tests", stated("Tests"), total), ("failed", stated("FailuresTotal"), broken)]);
    }
    Ok((cases, elapsed))
}

struct Reader<'a> {
    document: Document<'a>,
    cases: Cases,
}

impl Reader<'_> {
    fn tests(&mut self, tests: &Element, outcome: Outcome) -> Result<(), ReadError> {
        while let Some(test) = self.document.next_child(tests)? {
            let texts = self.document.texts(&test)?;
            let text = |name: &str| texts.get(name).map_or("", String::as_str);
            // An assertion is a failure, everything else (`Error`, `Unexpected_Error`) an exception.
            let is_error = outcome == Outcome::Failed && !matches!(text("FailureType"), "Assertion" | "");
            let outcome = if is_error { Outcome::Errored } else { outcome };
            let message = said(text("Message")).or_else(|| said(text("Exception")));
            let name = text("Name");
            let (suite, name) = name.rsplit_once("::").unwrap_or(("", name));
            self.cases.count(outcome, suite, name, message);
        }
        Ok(())
    }
}
