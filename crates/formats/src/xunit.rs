//! Test results of xUnit.net, in its own XML. Collections (classes in version 1) are its suites.

use crate::cases::{Cases, Outcome, expect_root, instant, said, seconds_in, stated_count, sum};
use crate::xml::{Document, Element};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Phase, Report};

/// The layouts: <https://xunit.net/docs/format-xml-v1> and <https://xunit.net/docs/format-xml-v2>.
pub(crate) static FORMAT: Format = Format {
    name: "xunit",
    title: "xUnit.net test results",
    homepage: "https://xunit.net/docs/format-xml-v2",
    phase: Phase::Build,
    tool: "xunit.net",
    reads: "XML with the root `assemblies` or `assembly`, of xUnit.net 1, 2 and 3",
    identifies: "",
    severities: "",
    marks: &["assemblies", "assembly"],
    recognises,
    read,
};

/// Manifests of .NET have a root `assembly` too, in a namespace and without counts.
fn recognises(probe: &Probe) -> bool {
    probe.root().is_some_and(|root| {
        let is_run = |name: &str| root.attribute(name).is_some();
        root.namespace.is_none()
            && match root.name.as_str() {
                "assemblies" => probe.has("assembly") || is_run("timestamp") || is_run("schema-version"),
                "assembly" => is_run("run-date") || is_run("total"),
                _ => false,
            }
    })
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    expect_root(&root, "xUnit.net report", &["assemblies", "assembly"])?;
    let mut reader = Reader { document, cases: Cases::default(), version: None, started_at: None };
    let mut took = None;
    if root.name == "assembly" {
        took = reader.assembly(&root)?;
    } else {
        while let Some(child) = reader.document.next_child(&root)? {
            if child.name == "assembly" {
                took = sum(took, reader.assembly(&child)?);
            }
        }
    }
    reader.document.end()?;
    let Reader { mut cases, version, started_at, .. } = reader;
    cases.tests.duration_seconds = took;
    // Only version 3 writes an instant; the dates of the others have no zone.
    let created_at = root.attribute("start-rtf").and_then(instant).or(started_at);
    Ok(Report { created_at, ..cases.into_report("xunit.net", version) })
}

struct Reader<'a> {
    document: Document<'a>,
    cases: Cases,
    version: Option<String>,
    started_at: Option<String>,
}

impl Reader<'_> {
    /// Reads an assembly, and gives how long its tests took.
    fn assembly(&mut self, assembly: &Element) -> Result<Option<f64>, ReadError> {
        let place = self.document.place();
        let before = (self.cases.tests.total, self.cases.broken());
        if let Some(version) = assembly.attribute("test-framework").and_then(|text| text.strip_prefix("xUnit.net ")) {
            self.version.get_or_insert_with(|| version.to_owned());
        }
        if let Some(started_at) = assembly.attribute("start-rtf").and_then(instant) {
            self.started_at.get_or_insert(started_at);
        }
        let mut took = None;
        while let Some(child) = self.document.next_child(assembly)? {
            match child.name.as_str() {
                "collection" | "class" => took = sum(took, self.collection(&child)?),
                "errors" => self.errors(&child, assembly.attribute("name").unwrap_or_default())?,
                _ => {}
            }
        }
        let count = |name: &str| stated_count(assembly, name);
        // What broke outside of the cases stands in `errors` and not in the other totals.
        let errors = count("errors").unwrap_or(0);
        let failed = count("failed").map(|failed| failed.saturating_add(errors));
        let total = count("total").map(|total| total.saturating_add(errors));
        let counted = (self.cases.tests.total - before.0, self.cases.broken() - before.1);
        self.cases.compare(&place, &[("tests", total, counted.0), ("failed", failed, counted.1)]);
        Ok(self.cases.seconds(assembly.attribute("time"), &place, seconds_in).or(took))
    }

    fn collection(&mut self, collection: &Element) -> Result<Option<f64>, ReadError> {
        let name = collection.attribute("name").unwrap_or_default();
        let mut took = None;
        while let Some(test) = self.document.next_child(collection)? {
            match test.name.as_str() {
                "test" => {
                    let place = self.document.place();
                    took = sum(took, self.cases.seconds(test.attribute("time"), &place, seconds_in));
                    self.test(&test, name)?;
                }
                // A fixture of a class broke, in version 1.
                "failure" => {
                    let message = self.document.texts(&test)?.get("message").and_then(|text| said(text));
                    self.cases.count_outside(name, "the class itself", message);
                }
                _ => {}
            }
        }
        Ok(took)
    }

    fn test(&mut self, test: &Element, suite: &str) -> Result<(), ReadError> {
        let mut message = None;
        while let Some(child) = self.document.next_child(test)? {
            if child.name == "failure" {
                message = self.document.texts(&child)?.get("message").and_then(|text| said(text));
            }
        }
        let outcome = match test.attribute("result").unwrap_or_default() {
            "Pass" => Outcome::Passed,
            "Skip" | "NotRun" => Outcome::Skipped,
            "Fail" => Outcome::Failed,
            _ => Outcome::Errored,
        };
        self.cases.count(outcome, suite, test.attribute("name").unwrap_or_default(), message);
        Ok(())
    }

    /// Reads what broke outside of the tests, such as the clean-up of a class.
    fn errors(&mut self, errors: &Element, assembly: &str) -> Result<(), ReadError> {
        while let Some(error) = self.document.next_child(errors)? {
            let name = [error.attribute("type"), error.attribute("name")].into_iter().flatten().collect::<Vec<_>>();
            let mut message = None;
            while let Some(child) = self.document.next_child(&error)? {
                if child.name == "failure" {
                    message = self.document.texts(&child)?.get("message").and_then(|text| said(text));
                }
            }
            self.cases.count_outside(assembly, &name.join(" "), message);
        }
        Ok(())
    }
}
