//! progpilot: weaknesses in PHP. <https://github.com/designsecurity/progpilot>

use crate::json::Object;
use crate::problems::{Elements, Names, first_line, report};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Finding, FindingKind, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "progpilot",
    title: "progpilot report",
    homepage: "https://github.com/designsecurity/progpilot",
    phase: Phase::Source,
    tool: "progpilot",
    reads: "JSON; it states no severity",
    identifies: "weakness, file, source and sink",
    severities: "",
    marks: &["vuln_name", "vuln_id", "sink_name"],
    recognises,
    read,
};

const NAMES: Names =
    Names { rule: "vuln_name", message: "", word: "", path: "sink_file", line: "sink_line", end_line: "" };

fn recognises(probe: &Probe) -> bool {
    probe.first_element().is_some_and(|members| members.has_all(&["vuln_name", "vuln_id", "vuln_cwe"]))
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let elements = Elements::of(bytes)?;
    let findings = elements.findings(|object| Some(finding(object)));
    Ok(report("progpilot", None, &[FindingKind::Code], findings, elements.warnings()))
}

fn finding(object: &Object<'_>) -> Finding {
    let sources = object.one_or_more("source_name").join(", ");
    let sink = object.first_text(&["sink_name"]).unwrap_or_default();
    let mut problem = NAMES.problem("progpilot", object);
    problem.message = Some(format!("{}: {sources} goes into {sink}", problem.rule));
    // What is found without a sink has a place of its own.
    problem.path = problem
        .path
        .or_else(|| object.one_or_more("source_file").into_iter().next())
        .or_else(|| object.text("vuln_file"));
    problem.line = problem.line.or_else(|| object.text("vuln_line").and_then(|line| first_line(&line)));
    let mut finding = problem.finding(FindingKind::Code, "progpilot");
    finding.cwes = object.text("vuln_cwe").iter().flat_map(|text| crate::problems::cwes(text)).collect();
    finding
}
