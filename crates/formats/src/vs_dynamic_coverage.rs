//! Coverage that Visual Studio and `dotnet-coverage` collect, as XML (`.coveragexml`). Its counts are taken as it states
//! them: a line that is covered in part is one that is not covered.

use crate::cases::{expect_root, stated_count};
use crate::covered::{add, stated};
use crate::xml::Document;
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Coverage, Phase, Report, Tool};

/// The tool: <https://learn.microsoft.com/en-us/dotnet/core/additional-tools/dotnet-coverage>.
pub(crate) static FORMAT: Format = Format {
    name: "vs-dynamic-coverage",
    title: "Visual Studio code coverage (XML)",
    homepage: "https://learn.microsoft.com/en-us/dotnet/core/additional-tools/dotnet-coverage",
    phase: Phase::Build,
    tool: "visual-studio-coverage",
    reads: "XML with the root `results` and its `modules`, as `dotnet-coverage` and CodeCoverage.exe convert it",
    identifies: "",
    severities: "",
    marks: &["results"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.root().is_some_and(|root| root.name == "results") && probe.has("modules")
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    expect_root(&root, "coverage report of Visual Studio", &["results"])?;
    let mut coverage = Coverage::default();
    let mut warnings = Vec::new();
    while let Some(modules) = document.next_child(&root)? {
        if modules.name != "modules" {
            continue;
        }
        while let Some(module) = document.next_child(&modules)? {
            let count = |name: &str| stated_count(&module, name);
            let total = |parts: [&str; 3]| {
                let [covered, partially, not] = parts.map(count);
                covered?.checked_add(partially.unwrap_or(0))?.checked_add(not?)
            };
            let lines = total(["lines_covered", "lines_partially_covered", "lines_not_covered"]);
            let lines = stated(count("lines_covered"), lines);
            if lines.is_none() {
                let message = "left out: expected the whole numbers `lines_covered` and `lines_not_covered`".to_owned();
                warnings.push(shipworthy_model::Warning { at: document.place(), message });
            }
            add(&mut coverage.lines, lines);
            let blocks = total(["blocks_covered", "blocks_partially_covered", "blocks_not_covered"]);
            add(&mut coverage.instructions, stated(count("blocks_covered"), blocks));
        }
    }
    document.end()?;
    let tool = Some(Tool { name: "visual-studio-coverage".to_owned(), version: None });
    Ok(Report { tool, coverage: Some(coverage), warnings, ..Report::default() })
}
