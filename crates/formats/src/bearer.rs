//! Bearer: weaknesses and leaks of data in sources. <https://docs.bearer.com/explanations/reports/>

use crate::json::Object;
use crate::problems::{Names, Problem, cwes, report};
use crate::{Format, Probe, ReadError, identity, text};
use shipworthy_model::{Finding, FindingKind, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "bearer",
    title: "Bearer report",
    homepage: "https://docs.bearer.com/explanations/reports/",
    phase: Phase::Source,
    tool: "bearer",
    reads: "JSON of the security report, all versions",
    identifies: "the tool's fingerprint",
    severities: "bearer",
    marks: &["critical", "high", "medium", "low", "warning"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    const LEVELS: &[&str] = &["critical", "high", "medium", "low", "warning"];
    probe
        .object()
        .is_some_and(|members| !members.0.is_empty() && members.0.iter().all(|(key, _)| LEVELS.contains(&key.as_str())))
        && LEVELS.iter().any(|level| probe.has_all(&[&format!("{level}.cwe_ids"), &format!("{level}.fingerprint")]))
}

const NAMES: Names =
    Names { rule: "id", message: "title", word: "", path: "filename", line: "line_number", end_line: "sink.end" };

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document = Object::document(bytes)?;
    let mut findings = Vec::new();
    for level in document.keys() {
        findings.extend(document.objects(level).iter().map(|found| finding(found, level)));
    }
    Ok(report("bearer", None, &[FindingKind::Code], findings, document.warnings()))
}

fn finding(found: &Object<'_>, level: &str) -> Finding {
    let problem = Problem { word: Some(level.to_owned()), ..NAMES.problem("bearer", found) };
    let mut finding = problem.finding(FindingKind::Code, "bearer");
    if let Some(print) = found.text("fingerprint") {
        finding.identity = identity::of_fingerprint("bearer", &print);
    }
    finding.description = found.text("description").map(text::capped);
    finding.cwes = found.texts("cwe_ids").iter().flat_map(|text| cwes(text)).collect();
    finding.references = found.text("documentation_url").into_iter().collect();
    finding
}
