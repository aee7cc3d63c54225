//! Coverage reports of Clover in XML, as Clover, OpenClover, PHPUnit, Istanbul and others write them. Clover counts
//! statements; the lines of the report are those with a statement, a condition or a method.

use crate::cases::{expect_root, stated_count};
use crate::covered::{self, Covered};
use crate::xml::{Document, Element};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Counter, Coverage, Phase, Report, Tool, Warning};

/// The layout: <https://openclover.org/doc/manual/latest/ant--clover-report.html>, its schema is `clover.xsd`.
pub(crate) static FORMAT: Format = Format {
    name: "clover",
    title: "Clover coverage report",
    homepage: "https://openclover.org/documentation",
    phase: Phase::Build,
    tool: "clover",
    reads: "XML with the root `coverage` that has a `project`, of Clover 1 to 4, OpenClover, PHPUnit, Istanbul and gcovr",
    identifies: "",
    severities: "",
    marks: &["coverage"],
    recognises,
    read,
};

/// Cobertura, NCover and SonarQube call their root `coverage`, too.
fn recognises(probe: &Probe) -> bool {
    probe.root().is_some_and(|root| root.name == "coverage" && root.attribute("generated").is_some())
        && probe.has("project")
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    expect_root(&root, "Clover report", &["coverage"])?;
    let version = root.attribute("clover").map(str::to_owned);
    let created_at = root.attribute("generated").and_then(crate::cobertura::instant);
    let mut reader = Reader { document, covered: Covered::default(), stated: Coverage::default(), has_totals: false };
    while let Some(child) = reader.document.next_child(&root)? {
        // Besides the project there may be one of the tests, `testproject`.
        if child.name == "project" {
            reader.walk(&child, 0, true)?;
        }
    }
    reader.document.end()?;
    let Reader { covered, stated, .. } = reader;
    let counted = covered.coverage();
    let mut warnings = Vec::new();
    if stated.instructions.is_none() && counted.lines.is_none() {
        let message = "expected metrics or lines, found none: nothing was measured".to_owned();
        warnings.push(Warning { at: "/coverage/project".to_owned(), message });
    }
    let coverage = Coverage {
        lines: counted.lines,
        branches: stated.branches.or(counted.branches),
        methods: stated.methods.or(counted.methods),
        instructions: stated.instructions,
        ..Coverage::default()
    };
    let tool = Some(Tool { name: "clover".to_owned(), version });
    Ok(Report { tool, created_at, coverage: Some(coverage), warnings, ..Report::default() })
}

struct Reader<'a> {
    document: Document<'a>,
    covered: Covered,
    /// What the metrics of the project state.
    stated: Coverage,
    has_totals: bool,
}

impl Reader<'_> {
    /// Goes through packages and files, which some tools put into the metrics around them.
    fn walk(&mut self, element: &Element, file: usize, is_project: bool) -> Result<(), ReadError> {
        while let Some(child) = self.document.next_child(element)? {
            match child.name.as_str() {
                "metrics" => {
                    if is_project && !self.has_totals {
                        self.has_totals = true;
                        self.totals(&child);
                    }
                    self.walk(&child, file, false)?;
                }
                "file" => {
                    let name = child.attribute("path").or(child.attribute("name")).unwrap_or_default().to_owned();
                    let file = self.covered.file(&name);
                    self.walk(&child, file, false)?;
                }
                "line" => self.line(&child, file),
                _ => self.walk(&child, file, false)?,
            }
        }
        Ok(())
    }

    fn totals(&mut self, metrics: &Element) {
        let counter = |covered: &str, total: &str| {
            covered::stated(stated_count(metrics, covered), stated_count(metrics, total)).filter(|c| c.total > 0)
        };
        self.stated = Coverage {
            instructions: counter("coveredstatements", "statements"),
            branches: counter("coveredconditionals", "conditionals"),
            methods: counter("coveredmethods", "methods"),
            ..Coverage::default()
        };
    }

    fn line(&mut self, line: &Element, file: usize) {
        let Some(number) = stated_count(line, "num") else { return };
        let count = |name: &str| line.attribute(name).and_then(|text| text.trim().parse::<f64>().ok());
        let is_hit = |name: &str| count(name).is_some_and(|count| count > 0.0);
        match line.attribute("type") {
            Some("cond") => {
                let sides = [is_hit("truecount"), is_hit("falsecount")];
                let covered = sides.into_iter().filter(|is_hit| *is_hit).count() as u64;
                self.covered.line(file, number, covered > 0 || is_hit("count"));
                if count("truecount").is_some() {
                    self.covered.branches(file, number, Counter { covered, total: 2 });
                }
            }
            Some("method") => {
                let name = line.attribute("signature").or(line.attribute("name")).unwrap_or_default();
                self.covered.method(file, format!("{number} {name}"), is_hit("count"));
            }
            _ => self.covered.line(file, number, is_hit("count")),
        }
    }
}
