//! ESLint: problems in JavaScript and TypeScript. <https://eslint.org/docs/latest/use/formatters/>

use crate::json::Object;
use crate::problems::{Elements, Names, report};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Finding, FindingKind, FindingStatus, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "eslint",
    title: "ESLint report",
    homepage: "https://eslint.org/docs/latest/use/formatters/",
    phase: Phase::Source,
    tool: "eslint",
    reads: "JSON of the formatters `json` and `json-with-metadata`, all versions",
    identifies: "rule, file and the message without its numbers",
    severities: "eslint",
    marks: &["filePath", "messages", "errorCount"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_list = probe.first_element().is_some_and(|members| members.has_all(&["filePath", "messages", "errorCount"]));
    is_list || (probe.has("results.errorCount") && probe.has("metadata.rulesMeta"))
}

const NAMES: Names =
    Names { rule: "ruleId", message: "message", word: "", path: "", line: "line", end_line: "endLine" };

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let elements = Elements::of(bytes)?;
    let mut findings = Vec::new();
    for object in &elements.objects {
        let files = if object.has("results") { object.objects("results") } else { vec![object.clone()] };
        for file in files {
            let path = file.text("filePath");
            findings.extend(file.objects("messages").iter().map(|message| finding(message, path.clone())));
            let suppressed = file.objects("suppressedMessages");
            let suppressed = suppressed.iter().map(|message| finding(message, path.clone()));
            findings.extend(suppressed.map(|finding| Finding { status: FindingStatus::Suppressed, ..finding }));
        }
    }
    Ok(report("eslint", None, &[FindingKind::Quality], findings, elements.warnings()))
}

fn finding(message: &Object<'_>, path: Option<String>) -> Finding {
    let mut problem = NAMES.problem("eslint", message);
    problem.path = path;
    problem.word = message.text("severity").map(|level| if level == "2" { "error" } else { "warning" }.to_owned());
    // A plugin for security names its rules so.
    let is_security = problem.rule.contains("security/")
        || problem.rule.contains("/sdl/")
        || problem.rule.contains("no-unsanitized/");
    problem.finding(if is_security { FindingKind::Code } else { FindingKind::Quality }, "eslint")
}
