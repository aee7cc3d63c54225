//! Test results of Qt Test. Each row of data is a case, as the totals count it that Qt prints.

use crate::cases::{Cases, Outcome, expect_root, milliseconds, said};
use crate::xml::{Document, Element};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Phase, Report};
use std::collections::HashMap;

/// The output: <https://doc.qt.io/qt-6/qtest-overview.html#testing-options>, option `-o FILE,xml`.
pub(crate) static FORMAT: Format = Format {
    name: "qttest",
    title: "Qt Test results",
    homepage: "https://doc.qt.io/qt-6/qtest-overview.html",
    phase: Phase::Build,
    tool: "qttest",
    reads: "XML with the root `TestCase`, of Qt 4, 5 and 6",
    identifies: "",
    severities: "",
    marks: &["TestCase"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.root().is_some_and(|root| root.name == "TestCase")
        && (probe.has("TestFunction") || probe.has("Environment.QtVersion"))
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    expect_root(&root, "Qt Test report", &["TestCase"])?;
    let name = root.attribute("name").unwrap_or_default().to_owned();
    let mut reader = Reader { document, cases: Cases::default(), version: None };
    let mut took = None;
    while let Some(part) = reader.document.next_child(&root)? {
        match part.name.as_str() {
            "Environment" => reader.version = reader.document.texts(&part)?.remove("QTestVersion"),
            "TestFunction" => reader.function(&part, &name)?,
            "Duration" => took = part.attribute("msecs").map(str::to_owned),
            _ => {}
        }
    }
    reader.document.end()?;
    let Reader { mut cases, version, .. } = reader;
    let seconds = cases.seconds(took.as_deref(), "/TestCase/Duration", milliseconds);
    cases.took(seconds);
    Ok(cases.into_report("qttest", version))
}

struct Reader<'a> {
    document: Document<'a>,
    cases: Cases,
    version: Option<String>,
}

/// What is known of a row: its outcome, and what it said.
type Row = (Outcome, Option<String>);

impl Reader<'_> {
    fn function(&mut self, function: &Element, suite: &str) -> Result<(), ReadError> {
        let name = function.attribute("name").unwrap_or_default();
        let mut order: Vec<String> = Vec::new();
        let mut rows: HashMap<String, Row> = HashMap::new();
        while let Some(part) = self.document.next_child(function)? {
            let kind = part.attribute("type").unwrap_or_default();
            let outcome = match (part.name.as_str(), kind) {
                ("Incident", "pass") => Outcome::Passed,
                // A failure that was expected; what else the row says counts.
                ("Incident", "xfail") => Outcome::Passed,
                // Cases on the blacklist, whose results Qt does not count.
                ("Incident", kind) if kind.starts_with('b') => Outcome::Skipped,
                ("Message", "skip") => Outcome::Skipped,
                ("Incident", "fail" | "xpass") => Outcome::Failed,
                ("Incident", _) => Outcome::Errored,
                ("Message", "qfatal") => Outcome::Errored,
                _ => continue,
            };
            let texts = self.document.texts(&part)?;
            let tag = texts.get("DataTag").cloned().unwrap_or_default();
            let message = texts.get("Description").and_then(|text| said(text));
            match rows.get_mut(&tag) {
                Some(row) if outcome > row.0 => *row = (outcome, message),
                Some(_) => {}
                None => {
                    order.push(tag.clone());
                    rows.insert(tag, (outcome, message));
                }
            }
        }
        for tag in order {
            let Some((outcome, message)) = rows.remove(&tag) else { continue };
            let case = if tag.is_empty() { name.to_owned() } else { format!("{name}({tag})") };
            self.cases.count(outcome, suite, &case, message.filter(|_| outcome >= Outcome::Failed));
        }
        Ok(())
    }
}
