//! The log of Boost.Test in XML. A failed requirement, which ends its case, is an error as an exception is.

use crate::cases::{Cases, Outcome, expect_root, plausible, said};
use crate::xml::{Document, Element};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Phase, Report};

/// The layout: <https://www.boost.org/doc/libs/release/libs/test/doc/html/boost_test/test_output/log_formats/test_xml_log.html>.
pub(crate) static FORMAT: Format = Format {
    name: "boost-test",
    title: "Boost.Test log",
    homepage: "https://www.boost.org/doc/libs/release/libs/test/doc/html/boost_test/test_output.html",
    phase: Phase::Build,
    tool: "boost-test",
    reads: "XML with the root `TestLog`, of `--log_format=XML --log_level=test_suite` or more",
    identifies: "",
    severities: "",
    marks: &["TestLog"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.root().is_some_and(|root| root.name == "TestLog")
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    expect_root(&root, "Boost.Test log", &["TestLog"])?;
    let mut reader = Reader { document, cases: Cases::default() };
    reader.suite(&root, "")?;
    reader.document.end()?;
    Ok(reader.cases.into_report("boost-test", None))
}

struct Reader<'a> {
    document: Document<'a>,
    cases: Cases,
}

impl Reader<'_> {
    fn suite(&mut self, suite: &Element, path: &str) -> Result<(), ReadError> {
        while let Some(child) = self.document.next_child(suite)? {
            let name = child.attribute("name").unwrap_or_default();
            match child.name.as_str() {
                "TestSuite" => {
                    let path = if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") };
                    if child.attribute("skipped") == Some("yes") {
                        self.cases
                            .warn(self.document.place(), format!("the suite `{path}` was skipped with all its cases"));
                    }
                    self.suite(&child, &path)?;
                }
                "TestCase" => self.case(&child, path)?,
                // What broke outside of the cases, such as a global fixture.
                "Error" | "FatalError" | "Exception" => {
                    let message = said(&self.document.own_text(&child)?);
                    self.cases.count_outside(path, "outside of the cases", message);
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn case(&mut self, case: &Element, suite: &str) -> Result<(), ReadError> {
        let is_skipped = case.attribute("skipped") == Some("yes");
        let mut outcome = if is_skipped { Outcome::Skipped } else { Outcome::Passed };
        let mut message = None;
        while let Some(child) = self.document.next_child(case)? {
            let said_by = match child.name.as_str() {
                "Error" => Outcome::Failed,
                "FatalError" | "Exception" => Outcome::Errored,
                "TestingTime" => {
                    let microseconds = self.document.text(&child)?.parse::<f64>().ok();
                    self.cases.took(microseconds.and_then(|microseconds| plausible(microseconds / 1e6)));
                    continue;
                }
                _ => continue,
            };
            if said_by > outcome {
                message = said(&self.document.own_text(&child)?);
                outcome = said_by;
            }
        }
        self.cases.count(outcome, suite, case.attribute("name").unwrap_or_default(), message);
        Ok(())
    }
}
