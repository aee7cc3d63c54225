//! Test results of TestNG. A configuration method that fails is a case in error; one that succeeds is none.

use crate::cases::{Cases, Outcome, expect_root, instant, milliseconds, said, stated_count};
use crate::xml::{Document, Element};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Phase, Report};

/// The layout: <https://testng.org/#_xml_reports>.
pub(crate) static FORMAT: Format = Format {
    name: "testng",
    title: "TestNG results",
    homepage: "https://testng.org/#_xml_reports",
    phase: Phase::Build,
    tool: "testng",
    reads: "XML with the root `testng-results`, TestNG 5 to 7",
    identifies: "",
    severities: "",
    marks: &["testng-results"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.root().is_some_and(|root| root.name == "testng-results")
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    expect_root(&root, "TestNG report", &["testng-results"])?;
    let place = document.place();
    let mut reader = Reader { document, cases: Cases::default(), started_at: None };
    reader.walk(&root, "")?;
    reader.document.end()?;
    let Reader { mut cases, started_at, .. } = reader;
    // Some versions count retried methods in `total`, so that only what ended is compared.
    let counted = (cases.tests.passed, cases.broken() - cases.outside);
    let passed = ("passed", stated_count(&root, "passed"), counted.0);
    cases.compare(place, &[passed, ("failed", stated_count(&root, "failed"), counted.1)]);
    Ok(Report { created_at: started_at, ..cases.into_report("testng", None) })
}

struct Reader<'a> {
    document: Document<'a>,
    cases: Cases,
    started_at: Option<String>,
}

impl Reader<'_> {
    /// Goes through suites, tests and classes to the methods.
    fn walk(&mut self, element: &Element, class: &str) -> Result<(), ReadError> {
        while let Some(child) = self.document.next_child(element)? {
            match child.name.as_str() {
                "suite" => {
                    let place = self.document.place();
                    let seconds = self.cases.seconds(child.attribute("duration-ms"), &place, milliseconds);
                    self.cases.took(seconds);
                    // Older versions write local time with a `Z`, newer ones with the name of a zone, which is no offset.
                    if self.started_at.is_none() {
                        self.started_at = child.attribute("started-at").and_then(instant);
                    }
                    self.walk(&child, "")?;
                }
                "test" => self.walk(&child, "")?,
                "class" => {
                    let name = child.attribute("name").unwrap_or_default().to_owned();
                    self.walk(&child, &name)?;
                }
                "test-method" => self.method(&child, class)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn method(&mut self, method: &Element, class: &str) -> Result<(), ReadError> {
        let mut message = None;
        while let Some(part) = self.document.next_child(method)? {
            if part.name == "exception" {
                let kind = part.attribute("class").map(str::to_owned);
                message = self.document.texts(&part)?.get("message").and_then(|text| said(text)).or(kind);
            }
        }
        let status = method.attribute("status").unwrap_or_default();
        let is_configuration = method.attribute("is-config") == Some("true");
        let is_retried = method.attribute("retried") == Some("true");
        let name = method.attribute("name").unwrap_or_default();
        if is_configuration {
            if status == "FAIL" {
                self.cases.count_outside(class, name, message);
            }
            return Ok(());
        }
        if is_retried {
            return Ok(());
        }
        let outcome = match status {
            "PASS" => Outcome::Passed,
            "SKIP" => Outcome::Skipped,
            "FAIL" => Outcome::Failed,
            _ => Outcome::Errored,
        };
        self.cases.count(outcome, class, name, message);
        Ok(())
    }
}
