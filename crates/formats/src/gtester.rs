//! Test results of gtester, the former runner of GLib.

use crate::cases::{Cases, Outcome, expect_root, said, seconds_in};
use crate::xml::{Document, Element};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Phase, Report};

/// The runner: <https://docs.gtk.org/glib/testing.html>.
pub(crate) static FORMAT: Format = Format {
    name: "gtester",
    title: "GLib test results (gtester)",
    homepage: "https://docs.gtk.org/glib/testing.html",
    phase: Phase::Build,
    tool: "gtester",
    reads: "XML with the root `gtester`",
    identifies: "",
    severities: "",
    marks: &["gtester"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.root().is_some_and(|root| root.name == "gtester")
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    expect_root(&root, "gtester report", &["gtester"])?;
    let mut reader = Reader { document, cases: Cases::default() };
    while let Some(child) = reader.document.next_child(&root)? {
        if child.name == "testbinary" {
            reader.binary(&child)?;
        }
    }
    reader.document.end()?;
    Ok(reader.cases.into_report("gtester", None))
}

struct Reader<'a> {
    document: Document<'a>,
    cases: Cases,
}

impl Reader<'_> {
    fn binary(&mut self, binary: &Element) -> Result<(), ReadError> {
        let name = binary.attribute("path").unwrap_or_default();
        while let Some(child) = self.document.next_child(binary)? {
            match child.name.as_str() {
                "testcase" => self.case(&child, name)?,
                "duration" => {
                    let place = self.document.place();
                    let text = self.document.text(&child)?;
                    let seconds = self.cases.seconds(Some(&text), &place, seconds_in);
                    self.cases.took(seconds);
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn case(&mut self, case: &Element, suite: &str) -> Result<(), ReadError> {
        let (mut result, mut message) = (None, None);
        while let Some(child) = self.document.next_child(case)? {
            match child.name.as_str() {
                "status" => result = child.attribute("result").map(str::to_owned),
                "error" => message = said(&self.document.text(&child)?),
                _ => {}
            }
        }
        let is_skipped = case.attribute("skipped") == Some("1");
        let outcome = match result.as_deref() {
            None if is_skipped => Outcome::Skipped,
            Some("success") => Outcome::Passed,
            Some("skipped" | "todo" | "incomplete") => Outcome::Skipped,
            Some("failed") => Outcome::Failed,
            // A case without a status did not end.
            _ => Outcome::Errored,
        };
        self.cases.count(outcome, suite, case.attribute("path").unwrap_or_default(), message);
        Ok(())
    }
}
