//! PHP_CodeSniffer: problems in PHP, among them those of phpcs-security-audit. <https://github.com/PHPCSStandards/PHP_CodeSniffer/wiki/Reporting>

use crate::json::Object;
use crate::problems::{Names, Problem, report};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{FindingKind, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "phpcs",
    title: "PHP_CodeSniffer report",
    homepage: "https://github.com/PHPCSStandards/PHP_CodeSniffer/wiki/Reporting",
    phase: Phase::Source,
    tool: "phpcs",
    reads: "JSON of `--report=json`, also with the standard `Security` of phpcs-security-audit",
    identifies: "rule, file and the message without its numbers",
    severities: "phpcs",
    marks: &["totals", "files"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has_all(&["totals", "files"])) && probe.has("totals.fixable")
}

const NAMES: Names = Names { rule: "source", message: "message", word: "type", path: "", line: "line", end_line: "" };

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document = Object::document(bytes)?;
    let mut findings = Vec::new();
    for (path, file) in document.entries("files") {
        for message in file.objects("messages") {
            let problem = Problem { path: Some(path.clone()), ..NAMES.problem("phpcs", &message) };
            let is_security = problem.rule.starts_with("PHPCS_SecurityAudit") || problem.rule.contains(".Security.");
            let kind = if is_security { FindingKind::Code } else { FindingKind::Quality };
            findings.push(problem.finding(kind, "phpcs"));
        }
    }
    Ok(report("phpcs", None, &[FindingKind::Quality], findings, document.warnings()))
}
