//! JaCoCo coverage reports in XML: counters of instructions, branches, lines and methods, as JaCoCo, Kover and Pester
//! write them.

use crate::xml::{Document, Element};
use crate::{Format, Probe, ReadError, counts};
use shipworthy_model::{Counter, Coverage, Phase, Report, Warning};

/// The document type: <https://www.jacoco.org/jacoco/trunk/coverage/report.dtd>.
pub(crate) static FORMAT: Format = Format {
    name: "jacoco",
    title: "JaCoCo coverage report",
    homepage: "https://www.jacoco.org/jacoco/trunk/doc/",
    phase: Phase::Build,
    tool: "jacoco",
    reads: "XML with the root `report`, document type 1.0 and 1.1, with or without groups",
    identifies: "",
    severities: "",
    marks: &["report"],
    recognises,
    read,
};

/// Other tools call their root `report` too; JaCoCo's has its document type, or begins with one of its own elements.
fn recognises(probe: &Probe) -> bool {
    let shows = |word: &str| memchr::memmem::find(probe.head, word.as_bytes()).is_some();
    probe.root().is_some_and(|root| root.name == "report")
        && (shows("-//JACOCO//DTD") || shows("<sessioninfo ") || shows("<package name=") || shows("<group name="))
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    if root.name != "report" {
        let message = format!("expected the root `report`, found `{}`", root.name);
        return Err(ReadError::lacks("JaCoCo report", "its root", message));
    }
    let mut reader = Reader { document, warnings: Vec::new(), dumped_at: None };
    let coverage = reader.coverage(&root)?;
    reader.document.end()?;
    let Reader { mut warnings, dumped_at, .. } = reader;
    if coverage == Coverage::default() {
        let message = "expected counters, found none: no class was measured".to_owned();
        warnings.push(Warning { at: "/report".to_owned(), message });
    }
    Ok(Report {
        created_at: dumped_at.map(|instant| instant.to_string()),
        coverage: Some(coverage),
        warnings,
        ..Report::default()
    })
}

struct Reader<'a> {
    document: Document<'a>,
    warnings: Vec<Warning>,
    /// When the last session was written down.
    dumped_at: Option<jiff::Timestamp>,
}

impl Reader<'_> {
    /// The counters of an element: its own, and for a kind that it does not count itself, the sum of its children's.
    /// `sourcefile` is left out, because it counts what `class` counts once more.
    fn coverage(&mut self, element: &Element) -> Result<Coverage, ReadError> {
        let mut own = Coverage::default();
        let mut below = Coverage::default();
        while let Some(child) = self.document.next_child(element)? {
            match child.name.as_str() {
                "counter" => self.counter(&child, &mut own),
                "group" | "package" | "class" | "method" => add(&mut below, &self.coverage(&child)?),
                "sessioninfo" => self.session(&child),
                _ => {}
            }
        }
        Ok(Coverage {
            lines: own.lines.or(below.lines),
            branches: own.branches.or(below.branches),
            instructions: own.instructions.or(below.instructions),
            methods: own.methods.or(below.methods),
            ..Coverage::default()
        })
    }

    fn counter(&mut self, counter: &Element, coverage: &mut Coverage) {
        let place = match counter.attribute("type") {
            Some("LINE") => &mut coverage.lines,
            Some("BRANCH") => &mut coverage.branches,
            Some("INSTRUCTION") => &mut coverage.instructions,
            Some("METHOD") => &mut coverage.methods,
            // Complexity and classes, which say nothing of how much was tested.
            _ => return,
        };
        let count = |name: &str| counter.attribute(name).and_then(counts::whole);
        match (count("missed"), count("covered")) {
            (Some(missed), Some(covered)) => {
                *place = Some(Counter { covered, total: missed + covered });
            }
            _ => {
                let message = "left out: expected the whole numbers `missed` and `covered`".to_owned();
                self.warnings.push(Warning { at: self.document.place(), message });
            }
        }
    }

    fn session(&mut self, session: &Element) {
        let milliseconds = session.attribute("dump").and_then(|text| text.parse::<i64>().ok());
        let instant = milliseconds.and_then(|milliseconds| jiff::Timestamp::from_millisecond(milliseconds).ok());
        self.dumped_at = self.dumped_at.max(instant);
    }
}

fn add(sum: &mut Coverage, part: &Coverage) {
    let pairs = [
        (&mut sum.lines, part.lines),
        (&mut sum.branches, part.branches),
        (&mut sum.instructions, part.instructions),
        (&mut sum.methods, part.methods),
    ];
    for (sum, part) in pairs {
        let Some(Counter { covered, total }) = part else { continue };
        let sum = sum.get_or_insert_default();
        sum.covered += covered;
        sum.total += total;
    }
}
