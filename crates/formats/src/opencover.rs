//! Coverage reports of OpenCover, which Coverlet and AltCover write, too.

use crate::cases::{expect_root, stated_count};
use crate::covered::{self, Covered};
use crate::xml::{Document, Element};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Coverage, Phase, Report, Tool, Warning};

/// The layout: <https://github.com/OpenCover/opencover/wiki/Reports>.
pub(crate) static FORMAT: Format = Format {
    name: "opencover",
    title: "OpenCover coverage report",
    homepage: "https://github.com/OpenCover/opencover/wiki/Reports",
    phase: Phase::Build,
    tool: "opencover",
    reads: "XML with the root `CoverageSession`, of OpenCover 4, Coverlet and AltCover",
    identifies: "",
    severities: "",
    marks: &["CoverageSession"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.root().is_some_and(|root| root.name == "CoverageSession")
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    expect_root(&root, "OpenCover report", &["CoverageSession"])?;
    let mut reader = Reader { document, covered: Covered::default(), stated: None };
    reader.walk(&root)?;
    reader.document.end()?;
    let Reader { covered, stated, .. } = reader;
    let counted = covered.coverage();
    let mut warnings = Vec::new();
    let stated = stated.unwrap_or_default();
    if counted.lines.is_none() && stated.instructions.is_some() {
        let message = "expected sequence points, found none: the lines are not known".to_owned();
        warnings.push(Warning { at: "/CoverageSession/Modules".to_owned(), message });
    }
    covered::compare("branches", stated.branches, counted.branches, "/CoverageSession/Summary", &mut warnings);
    let coverage = Coverage {
        instructions: stated.instructions,
        branches: counted.branches.or(stated.branches),
        methods: stated.methods,
        ..counted
    };
    let tool = Some(Tool { name: "opencover".to_owned(), version: None });
    Ok(Report { tool, coverage: Some(coverage), warnings, ..Report::default() })
}

struct Reader<'a> {
    document: Document<'a>,
    covered: Covered,
    /// The first summary, which is that of the whole.
    stated: Option<Coverage>,
}

impl Reader<'_> {
    fn walk(&mut self, element: &Element) -> Result<(), ReadError> {
        while let Some(child) = self.document.next_child(element)? {
            match child.name.as_str() {
                "Summary" => {
                    self.stated.get_or_insert_with(|| stated_by(&child));
                }
                // Left out by a filter.
                "Module" | "Class" | "Method" if child.attribute("skippedDueTo").is_some() => {}
                "SequencePoint" => self.sequence_point(&child),
                "BranchPoint" => self.branch_point(&child),
                _ => self.walk(&child)?,
            }
        }
        Ok(())
    }

    /// A statement. The ids of files are those of the whole session.
    fn sequence_point(&mut self, point: &Element) {
        let [first, last] = ["sl", "el"].map(|name| stated_count(point, name));
        let Some(first) = first else { return };
        let file = self.covered.file(point.attribute("fileid").unwrap_or_default());
        self.covered.range(file, first, last.unwrap_or(first), is_visited(point));
    }

    fn branch_point(&mut self, point: &Element) {
        let of_point = |name: &str| point.attribute(name).unwrap_or_default();
        let file = self.covered.file(of_point("fileid"));
        // Two branches of one line differ in where they begin, two ways of one branch in the path.
        let name = [of_point("offset"), of_point("offsetend"), of_point("ordinal"), of_point("path")].join("/");
        self.covered.branch(file, stated_count(point, "sl").unwrap_or(0), name, is_visited(point));
    }
}

fn is_visited(point: &Element) -> bool {
    point.attribute("vc").and_then(|count| count.parse::<f64>().ok()).is_some_and(|count| count > 0.0)
}

fn stated_by(summary: &Element) -> Coverage {
    let counter = |covered: &str, total: &str| {
        covered::stated(stated_count(summary, covered), stated_count(summary, total)).filter(|c| c.total > 0)
    };
    Coverage {
        instructions: counter("visitedSequencePoints", "numSequencePoints"),
        branches: counter("visitedBranchPoints", "numBranchPoints"),
        methods: counter("visitedMethods", "numMethods"),
        ..Coverage::default()
    }
}
