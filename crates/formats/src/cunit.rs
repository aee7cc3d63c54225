//! Test results of CUnit, as its automated interface writes them. A case has a record for each assertion that failed; it
//! is counted once.

use crate::cases::{Cases, Outcome, expect_root, said};
use crate::xml::{Document, Element};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Phase, Report};
use std::collections::HashSet;

/// The layout: <https://cunit.sourceforge.net/doc/running_tests.html#automated>.
pub(crate) static FORMAT: Format = Format {
    name: "cunit",
    title: "CUnit results",
    homepage: "https://cunit.sourceforge.net/doc/running_tests.html",
    phase: Phase::Build,
    tool: "cunit",
    reads: "XML with the root `CUNIT_TEST_RUN_REPORT`",
    identifies: "",
    severities: "",
    marks: &["CUNIT_TEST_RUN_REPORT"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.root().is_some_and(|root| root.name == "CUNIT_TEST_RUN_REPORT")
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    expect_root(&root, "CUnit report", &["CUNIT_TEST_RUN_REPORT"])?;
    let mut reader = Reader { document, cases: Cases::default(), suite: String::new(), seen: HashSet::new() };
    reader.walk(&root)?;
    reader.document.end()?;
    Ok(reader.cases.into_report("cunit", None))
}

struct Reader<'a> {
    document: Document<'a>,
    cases: Cases,
    suite: String,
    /// The cases of the suite that were counted.
    seen: HashSet<String>,
}

impl Reader<'_> {
    fn walk(&mut self, element: &Element) -> Result<(), ReadError> {
        while let Some(child) = self.document.next_child(element)? {
            match child.name.as_str() {
                "CUNIT_RUN_SUITE" => {
                    self.seen.clear();
                    self.walk(&child)?;
                }
                "SUITE_NAME" => self.suite = self.document.text(&child)?,
                "CUNIT_RUN_TEST_SUCCESS" => self.test(&child, Outcome::Passed)?,
                "CUNIT_RUN_TEST_FAILURE" => self.test(&child, Outcome::Failed)?,
                // Its set-up or its clean-up failed.
                "CUNIT_RUN_SUITE_FAILURE" => {
                    let texts = self.document.texts(&child)?;
                    let suite = texts.get("SUITE_NAME").cloned().unwrap_or_default();
                    let message = texts.get("FAILURE_REASON").and_then(|text| said(text));
                    self.cases.count_outside(&suite, "the suite itself", message);
                }
                _ => self.walk(&child)?,
            }
        }
        Ok(())
    }

    fn test(&mut self, test: &Element, outcome: Outcome) -> Result<(), ReadError> {
        let texts = self.document.texts(test)?;
        let name = texts.get("TEST_NAME").cloned().unwrap_or_default();
        if self.seen.insert(name.clone()) {
            let message = texts.get("CONDITION").and_then(|text| said(text));
            self.cases.count(outcome, &self.suite, &name, message);
        }
        Ok(())
    }
}
