//! PMD: problems in Java, Apex and others, as JSON. <https://docs.pmd-code.org/latest/pmd_userdocs_report_formats.html>

use crate::json::Object;
use crate::problems::{Names, Problem, report};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{FindingKind, Phase, Report, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "pmd-json",
    title: "PMD report as JSON",
    homepage: "https://docs.pmd-code.org/latest/pmd_userdocs_report_formats.html#json",
    phase: Phase::Source,
    tool: "pmd",
    reads: "JSON, format version 0",
    identifies: "rule, file and the message without its numbers",
    severities: "pmd",
    marks: &["pmdVersion", "files"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has_all(&["pmdVersion", "files"]))
}

const NAMES: Names =
    Names { rule: "rule", message: "description", word: "priority", path: "", line: "beginline", end_line: "endline" };

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document = Object::document(bytes)?;
    let mut findings = Vec::new();
    for file in document.objects("files") {
        for violation in file.objects("violations") {
            let problem = Problem { path: file.text("filename"), ..NAMES.problem("pmd", &violation) };
            let is_security = violation.text("ruleset").as_deref() == Some("Security");
            let mut finding =
                problem.finding(if is_security { FindingKind::Code } else { FindingKind::Quality }, "pmd");
            finding.references = violation.text("externalInfoUrl").into_iter().collect();
            findings.push(finding);
        }
    }
    let mut warnings = document.warnings();
    for error in document.objects("processingErrors") {
        let message = format!("not looked at: {}", error.text("filename").unwrap_or_default());
        warnings.push(Warning { at: error.at(""), message });
    }
    let kinds = [FindingKind::Code, FindingKind::Quality];
    Ok(report("pmd", document.text("pmdVersion"), &kinds, findings, warnings))
}
