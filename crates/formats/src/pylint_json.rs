//! Pylint: problems in Python. <https://pylint.readthedocs.io/en/stable/user_guide/usage/output.html>

use crate::json::Object;
use crate::problems::{Elements, Names, report};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Finding, FindingKind, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "pylint-json",
    title: "Pylint report",
    homepage: "https://pylint.readthedocs.io/en/stable/user_guide/usage/output.html",
    phase: Phase::Source,
    tool: "pylint",
    reads: "JSON of the formatter `json`, versions 2 and later, and of `json2`",
    identifies: "rule, file and the message without its numbers",
    severities: "pylint",
    marks: &["message-id", "symbol", "module"],
    recognises,
    read,
};

const NAMES: Names =
    Names { rule: "message-id", message: "message", word: "type", path: "path", line: "line", end_line: "endLine" };

fn recognises(probe: &Probe) -> bool {
    probe.first_element().is_some_and(|members| members.has_all(&["message-id", "symbol", "module"]))
        || (probe.object().is_some_and(|members| members.has_all(&["messages", "statistics"]))
            && (probe.has("messages.messageId") || probe.has("statistics.modulesLinted")))
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let elements = Elements::of(bytes)?;
    let findings = elements.objects.iter().flat_map(|object| match object.has("statistics") {
        true => object.objects("messages").iter().map(finding).collect(),
        false => vec![finding(object)],
    });
    let findings = findings.collect();
    Ok(report("pylint", None, &[FindingKind::Quality], findings, elements.warnings()))
}

fn finding(object: &Object<'_>) -> Finding {
    let mut problem = NAMES.problem("pylint", object);
    if let Some(id) = object.text("messageId") {
        problem.rule = id;
    }
    let within =
        format!("{}{}", object.text("obj").unwrap_or_default(), problem.message.as_deref().unwrap_or_default());
    problem.within = Some(within.chars().filter(|c| !c.is_ascii_digit()).collect());
    let mut finding = problem.finding(FindingKind::Quality, "pylint");
    finding.aliases = object.text("symbol").into_iter().collect();
    finding
}
