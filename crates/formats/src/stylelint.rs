//! Stylelint: problems in style sheets. <https://stylelint.io/user-guide/options/#formatter>

use crate::json::Object;
use crate::problems::{Elements, Names, Problem, report};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{FindingKind, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "stylelint",
    title: "Stylelint report",
    homepage: "https://stylelint.io/user-guide/options/#formatter",
    phase: Phase::Source,
    tool: "stylelint",
    reads: "JSON of the formatter `json`",
    identifies: "rule, file and the message without its numbers",
    severities: "stylelint",
    marks: &["source", "warnings", "parseErrors"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.first_element().is_some_and(|members| members.has_all(&["source", "warnings", "invalidOptionWarnings"]))
}

const NAMES: Names =
    Names { rule: "rule", message: "text", word: "severity", path: "", line: "line", end_line: "endLine" };

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let elements = Elements::of(bytes)?;
    let mut findings = Vec::new();
    for file in &elements.objects {
        let path = file.text("source");
        let of_warning = |warning: &Object<'_>| {
            let problem = Problem { path: path.clone(), ..NAMES.problem("stylelint", warning) };
            problem.finding(FindingKind::Quality, "stylelint")
        };
        findings.extend(file.objects("warnings").iter().map(of_warning));
    }
    Ok(report("stylelint", None, &[FindingKind::Quality], findings, elements.warnings()))
}
