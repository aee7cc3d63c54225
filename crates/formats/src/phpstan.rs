//! PHPStan: defects in PHP. <https://phpstan.org/user-guide/output-format>

use crate::json::Object;
use crate::problems::{Names, Problem, report};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{FindingKind, Phase, Report, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "phpstan",
    title: "PHPStan report",
    homepage: "https://phpstan.org/user-guide/output-format",
    phase: Phase::Source,
    tool: "phpstan",
    reads: "JSON of `--error-format=json`; that of `checkstyle` is Checkstyle's",
    identifies: "rule, file and the message without its numbers",
    severities: "",
    marks: &["totals", "files", "errors"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has_all(&["totals", "files", "errors"]))
        && probe.has("totals.file_errors")
}

const NAMES: Names = Names { rule: "identifier", message: "message", word: "", path: "", line: "line", end_line: "" };

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document = Object::document(bytes)?;
    let mut findings = Vec::new();
    for (path, file) in document.entries("files") {
        for message in file.objects("messages") {
            let problem = Problem { path: Some(path.clone()), ..NAMES.problem("phpstan", &message) };
            let mut finding = problem.finding(FindingKind::Quality, "phpstan");
            finding.remediation = message.text("tip");
            findings.push(finding);
        }
    }
    let mut warnings = document.warnings();
    for error in document.texts("errors") {
        let message = format!("not everything was looked at: {error}");
        warnings.push(Warning { at: "/errors".to_owned(), message });
    }
    Ok(report("phpstan", None, &[FindingKind::Quality], findings, warnings))
}
