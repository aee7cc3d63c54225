//! Coverage reports of NCover 1. What it counts are sequence points; the lines are theirs.

use crate::cases::{expect_root, instant, stated_count};
use crate::covered::{Covered, measured};
use crate::xml::{Document, Element};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Counter, Coverage, Phase, Report, Tool};

/// The format of the free version that others took over: <https://github.com/danielpalme/ReportGenerator>.
pub(crate) static FORMAT: Format = Format {
    name: "ncover",
    title: "NCover coverage report",
    homepage: "https://github.com/danielpalme/ReportGenerator",
    phase: Phase::Build,
    tool: "ncover",
    reads: "XML with the root `coverage` that states a `profilerVersion`, NCover 1",
    identifies: "",
    severities: "",
    marks: &["coverage"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.root().is_some_and(|root| root.name == "coverage" && root.attribute("profilerVersion").is_some())
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    expect_root(&root, "NCover report", &["coverage"])?;
    let version = root.attribute("profilerVersion").map(str::to_owned);
    let created_at = root.attribute("startTime").and_then(instant);
    let mut reader = Reader { document, covered: Covered::default(), points: Counter::default() };
    while let Some(module) = reader.document.next_child(&root)? {
        let name = module.attribute("name").unwrap_or_default().to_owned();
        while let Some(method) = reader.document.next_child(&module)? {
            if method.name == "method" && method.attribute("excluded") != Some("true") {
                reader.method(&method, &name)?;
            }
        }
    }
    reader.document.end()?;
    let Reader { covered, points, .. } = reader;
    let coverage = Coverage { instructions: measured(points), ..covered.coverage() };
    let tool = Some(Tool { name: "ncover".to_owned(), version });
    Ok(Report { tool, created_at, coverage: Some(coverage), ..Report::default() })
}

struct Reader<'a> {
    document: Document<'a>,
    covered: Covered,
    points: Counter,
}

impl Reader<'_> {
    fn method(&mut self, method: &Element, module: &str) -> Result<(), ReadError> {
        let (mut has_points, mut is_visited) = (false, false);
        while let Some(point) = self.document.next_child(method)? {
            let (Some(line), Some(visits)) = (stated_count(&point, "line"), point.attribute("visitcount")) else {
                continue;
            };
            if point.attribute("excluded") == Some("true") {
                continue;
            }
            let is_covered = visits.parse::<f64>().is_ok_and(|visits| visits > 0.0);
            let file = self.covered.file(point.attribute("document").unwrap_or_default());
            self.covered.range(file, line, stated_count(&point, "endline").unwrap_or(line), is_covered);
            self.points.total += 1;
            self.points.covered += u64::from(is_covered);
            has_points = true;
            is_visited |= is_covered;
        }
        if has_points {
            let module = self.covered.file(module);
            let of_method = |name: &str| method.attribute(name).unwrap_or_default();
            let name = format!("{}.{}{}", of_method("class"), of_method("name"), of_method("sig"));
            self.covered.method(module, name, is_visited);
        }
        Ok(())
    }
}
