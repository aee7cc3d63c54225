//! Spectral: problems of descriptions of interfaces (OpenAPI, AsyncAPI). <https://github.com/stoplightio/spectral>

use crate::json::Object;
use crate::problems::{Elements, Names, report};
use crate::{Format, Members, Probe, ReadError};
use shipworthy_model::{Finding, FindingKind, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "spectral",
    title: "Spectral results in JSON",
    homepage: "https://docs.stoplight.io/docs/spectral/9ffa04e052cc1-spectral-cli",
    phase: Phase::Source,
    tool: "spectral",
    reads: "`--format json` of versions 5 and 6",
    identifies: "rule, file and the place in the description",
    severities: "spectral",
    marks: &["code", "message", "path", "range"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_result = |members: &Members| members.has_all(&["code", "message", "path", "range", "severity"]);
    probe.first_element().is_some_and(is_result) && probe.has("range.start.character")
}

const NAMES: Names =
    Names { rule: "code", message: "message", word: "severity", path: "source", line: "", end_line: "" };

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let elements = Elements::of(bytes)?;
    let findings = elements.findings(|result| Some(finding(result)));
    Ok(report("spectral", None, &[FindingKind::Quality], findings, elements.warnings()))
}

fn finding(result: &Object<'_>) -> Finding {
    // Lines count from 0.
    let line = |path: &str| result.count(path).and_then(|line| u32::try_from(line).ok()?.checked_add(1));
    let mut problem = NAMES.problem("spectral", result);
    problem.line = line("range.start.line");
    problem.end_line = line("range.end.line");
    let place = result.texts("path").join(".");
    problem.within = Some(place.clone()).filter(|place| !place.is_empty());
    let finding = problem.finding(FindingKind::Quality, "spectral");
    Finding { description: Some(place).filter(|place| !place.is_empty()).or(finding.description), ..finding }
}
