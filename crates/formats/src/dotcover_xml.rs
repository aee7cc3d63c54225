//! Coverage reports of dotCover in XML. What dotCover counts are statements; only its detailed report has lines.

use crate::cases::{expect_root, stated_count};
use crate::covered::{self, Covered};
use crate::xml::{Document, Element};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Coverage, Phase, Report, Tool};

/// The report types: <https://www.jetbrains.com/help/dotcover/dotCover__Console_Runner_Commands.html#report>.
pub(crate) static FORMAT: Format = Format {
    name: "dotcover-xml",
    title: "dotCover report in XML",
    homepage: "https://www.jetbrains.com/help/dotcover/dotCover__Console_Runner_Commands.html",
    phase: Phase::Build,
    tool: "dotcover",
    reads: "XML with the root `Root` of the report types `XML` and `DetailedXML`",
    identifies: "",
    severities: "",
    marks: &["Root"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.root().is_some_and(|root| root.name == "Root" && root.attribute("TotalStatements").is_some())
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    expect_root(&root, "dotCover report", &["Root"])?;
    let version = root.attribute("DotCoverVersion").map(str::to_owned);
    let instructions =
        covered::stated(stated_count(&root, "CoveredStatements"), stated_count(&root, "TotalStatements"));
    let mut reader = Reader { document, covered: Covered::default() };
    reader.walk(&root)?;
    reader.document.end()?;
    let coverage = Coverage { instructions, ..reader.covered.coverage() };
    let tool = Some(Tool { name: "dotcover".to_owned(), version });
    Ok(Report { tool, coverage: Some(coverage), ..Report::default() })
}

struct Reader<'a> {
    document: Document<'a>,
    covered: Covered,
}

impl Reader<'_> {
    fn walk(&mut self, element: &Element) -> Result<(), ReadError> {
        while let Some(child) = self.document.next_child(element)? {
            if child.name != "Statement" {
                self.walk(&child)?;
                continue;
            }
            let Some(first) = stated_count(&child, "Line") else { continue };
            let file = self.covered.file(child.attribute("FileIndex").unwrap_or_default());
            let last = stated_count(&child, "EndLine").unwrap_or(first);
            self.covered.range(file, first, last, child.attribute("Covered") == Some("True"));
        }
        Ok(())
    }
}
