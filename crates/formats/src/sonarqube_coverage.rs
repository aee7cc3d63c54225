//! Test coverage that other tools hand to SonarQube: its generic format for importing it.

use crate::xml::{Document, Element};
use crate::{Format, Probe, ReadError, counts};
use shipworthy_model::{Counter, Coverage, Phase, Report, Warning};
use std::collections::BTreeMap;

pub(crate) static FORMAT: Format = Format {
    name: "sonarqube-coverage",
    title: "SonarQube generic test coverage",
    homepage: "https://docs.sonarsource.com/sonarqube-server/analyzing-source-code/test-coverage/generic-test-data",
    phase: Phase::Build,
    tool: "sonarqube",
    reads: "XML with the root `coverage` of version 1 and `lineToCover` in each `file`",
    identifies: "",
    severities: "",
    marks: &["coverage"],
    recognises: |probe: &Probe| {
        let is_root =
            probe.root().is_some_and(|root| root.name == "coverage" && root.attribute("version") == Some("1"));
        is_root && probe.has("file.lineToCover")
    },
    read,
};

/// What is said of a line. Tools name it again for each function that an instance was made of; it is one line.
#[derive(Default)]
struct Line {
    is_covered: bool,
    branches: u64,
    covered_branches: u64,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    if root.name != "coverage" {
        let message = format!("expected the root `coverage`, found `{}`", root.name);
        return Err(ReadError::lacks("SonarQube coverage", "its root", message));
    }
    let mut warnings = Vec::new();
    let mut lines: BTreeMap<(String, u64), Line> = BTreeMap::new();
    while let Some(file) = document.next_child(&root)? {
        let path = file.attribute("path").unwrap_or_default().to_owned();
        while let Some(line) = document.next_child(&file)? {
            if line.name == "lineToCover" && !note(&line, &path, &mut lines) {
                let message = "left out: expected the line's `lineNumber` and whether it is `covered`".to_owned();
                warnings.push(Warning { at: document.place(), message });
            }
        }
    }
    document.end()?;
    let is_covered = lines.values().filter(|line| line.is_covered).count() as u64;
    let branches: u64 = lines.values().map(|line| line.branches).sum();
    let covered_branches = lines.values().map(|line| line.covered_branches).sum();
    let coverage = Coverage {
        lines: Some(Counter { covered: is_covered, total: lines.len() as u64 }),
        branches: (branches > 0).then_some(Counter { covered: covered_branches, total: branches }),
        ..Coverage::default()
    };
    Ok(Report { coverage: Some(coverage), warnings, ..Report::default() })
}

/// Takes what an element says of its line, if it says it.
fn note(element: &Element, path: &str, lines: &mut BTreeMap<(String, u64), Line>) -> bool {
    let count = |name: &str| element.attribute(name).and_then(counts::whole);
    let (Some(number), Some(covered)) = (count("lineNumber"), element.attribute("covered")) else { return false };
    let line = lines.entry((path.to_owned(), number)).or_default();
    line.is_covered |= covered == "true";
    let branches = count("branchesToCover").unwrap_or_default();
    line.branches = line.branches.max(branches);
    let covered_branches = count("coveredBranches").unwrap_or_default().min(branches);
    line.covered_branches = line.covered_branches.max(covered_branches);
    true
}
