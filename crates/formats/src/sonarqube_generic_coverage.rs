//! Coverage in the generic format that SonarQube imports.

use crate::cases::{expect_root, stated_count};
use crate::covered::{self, Covered};
use crate::xml::Document;
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Phase, Report, Warning};

/// The layout: <https://docs.sonarsource.com/sonarqube-server/analyzing-source-code/test-coverage/generic-test-data>.
pub(crate) static FORMAT: Format = Format {
    name: "sonarqube-generic-coverage",
    title: "SonarQube generic coverage",
    homepage: "https://docs.sonarsource.com/sonarqube-server/analyzing-source-code/test-coverage/generic-test-data",
    phase: Phase::Build,
    tool: "sonarqube",
    reads: "XML with the root `coverage` of the version 1",
    identifies: "",
    severities: "",
    marks: &["coverage"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.root().is_some_and(|root| root.name == "coverage" && root.attribute("version") == Some("1"))
        && (probe.has("file.lineToCover") || (probe.has("file") && !probe.has("project")))
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    expect_root(&root, "generic coverage report", &["coverage"])?;
    let (mut covered, mut warnings) = (Covered::default(), Vec::new());
    while let Some(file) = document.next_child(&root)? {
        let number = covered.file(file.attribute("path").unwrap_or_default());
        while let Some(line) = document.next_child(&file)? {
            let (Some(at), Some(is_covered)) = (stated_count(&line, "lineNumber"), line.attribute("covered")) else {
                let message = "left out: expected a `lineToCover` with `lineNumber` and `covered`".to_owned();
                warnings.push(Warning { at: document.place(), message });
                continue;
            };
            covered.line(number, at, is_covered == "true");
            let branches = (stated_count(&line, "coveredBranches"), stated_count(&line, "branchesToCover"));
            if let Some(counter) = covered::stated(branches.0, branches.1) {
                covered.branches(number, at, counter);
            }
        }
    }
    document.end()?;
    Ok(Report { coverage: Some(covered.coverage()), warnings, ..Report::default() })
}
