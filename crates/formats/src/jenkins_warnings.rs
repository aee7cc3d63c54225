//! Issues that the Warnings plug-in of Jenkins gathered from compilers and linters, as its remote API answers them.
//! <https://plugins.jenkins.io/warnings-ng/>

use crate::json::Object;
use crate::problems::{Names, first_line, report};
use crate::{Format, Probe, ReadError, identity, text};
use shipworthy_model::{Finding, FindingKind, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "jenkins-warnings",
    title: "Issues of Jenkins' Warnings plug-in",
    homepage: "https://github.com/jenkinsci/warnings-ng-plugin/blob/main/doc/Documentation.md",
    phase: Phase::Build,
    tool: "jenkins-warnings",
    reads: "`<tool>/all/api/json` of a build, and `new`, `outstanding` and `fixed` beside it",
    identifies: "the fingerprint of the plug-in, else type, file and message",
    severities: "jenkins-warnings",
    marks: &["_class", "issues", "size"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let class = probe.object().and_then(|members| members.value("_class"));
    class.is_some_and(|class| class.starts_with("io.jenkins.plugins.analysis.") && class.ends_with("ReportApi"))
}

const NAMES: Names = Names {
    rule: "type",
    message: "message",
    word: "severity",
    path: "fileName",
    line: "lineStart",
    end_line: "lineEnd",
};

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document = Object::document(bytes)?;
    if !document.has_list("issues") {
        return Err(ReadError::lacks("issues of Jenkins", "/issues", "expected a list, found none"));
    }
    let issues = document.objects("issues");
    // Its issues are of whatever tools the build ran; it is the report of one where all are of one.
    let origins: Vec<_> = issues.iter().map(|issue| issue.text("origin")).collect();
    let only =
        origins.first().cloned().flatten().filter(|first| origins.iter().all(|other| other.as_ref() == Some(first)));
    let tool = only.map_or_else(|| "jenkins-warnings".to_owned(), |tool| tool.to_lowercase());
    let findings = issues.iter().map(finding).collect();
    Ok(report(&tool, None, &[FindingKind::Quality], findings, document.warnings()))
}

fn finding(issue: &Object<'_>) -> Finding {
    let mut problem = NAMES.problem("jenkins-warnings", issue);
    let range = issue.objects("lineRanges").into_iter().next();
    let line = |key: &str| range.as_ref().and_then(|range| first_line(&range.text(key)?));
    problem.line = problem.line.or_else(|| line("start"));
    problem.end_line = problem.end_line.or_else(|| line("end"));
    // Without a message the description is all that is said.
    let description = issue.text("description").map(|html| text::capped(text::plain(&html)));
    problem.message = problem.message.map(|html| text::plain(&html)).or_else(|| description.clone());
    let mut finding = problem.finding(FindingKind::Quality, "jenkins-warnings");
    if let Some(print) = issue.text("fingerprint").filter(|print| print != "-") {
        finding.identity = identity::of_fingerprint("jenkins-warnings", &print);
    }
    let said = finding.description.take().or(description);
    finding.description = said.filter(|said| *said != finding.title);
    finding
}
