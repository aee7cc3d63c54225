//! Issues that other tools hand to SonarQube: its generic format for importing them.

use crate::json::{self, At, List, Odd, Text, stated};
use crate::{Format, Probe, ReadError, identity, severity, text};
use serde::Deserialize;
use shipworthy_model::{Finding, FindingKind, Location, Phase, Report, Severity, Tool, Warning};
use std::collections::HashMap;

pub(crate) static FORMAT: Format = Format {
    name: "sonarqube-external-issues",
    title: "SonarQube generic issue import",
    homepage: "https://docs.sonarsource.com/sonarqube-server/analyzing-source-code/importing-external-issues/generic-issue-import-format",
    phase: Phase::Source,
    tool: "sonarqube",
    reads: "the format with `rules` and `issues` since server 10.3, and the one before, in which every issue has its engine and severity",
    identifies: "the rule with its engine, the path and the message",
    severities: "sonarqube",
    marks: &["rules", "issues", "engineId", "primaryLocation"],
    recognises: |probe: &Probe| {
        probe.object().is_some_and(|members| members.has("issues")) && probe.has("issues.primaryLocation.filePath")
    },
    read,
};

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow, default)]
    rules: List<'a>,
    #[serde(borrow)]
    issues: List<'a>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Rule<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    engine_id: Option<Text<'a>>,
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    description: Option<Text<'a>>,
    #[serde(borrow, rename = "type")]
    kind: Option<Text<'a>>,
    #[serde(borrow)]
    severity: Option<Text<'a>>,
    #[serde(borrow)]
    impacts: Odd<Vec<Impact<'a>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Impact<'a> {
    #[serde(borrow)]
    software_quality: Option<Text<'a>>,
    #[serde(borrow)]
    severity: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Issue<'a> {
    #[serde(borrow)]
    rule_id: Option<Text<'a>>,
    #[serde(borrow)]
    engine_id: Option<Text<'a>>,
    #[serde(borrow, rename = "type")]
    kind: Option<Text<'a>>,
    #[serde(borrow)]
    severity: Option<Text<'a>>,
    #[serde(borrow, default)]
    primary_location: Odd<Place<'a>>,
    effort_minutes: Option<u64>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Place<'a> {
    #[serde(borrow)]
    message: Option<Text<'a>>,
    #[serde(borrow)]
    file_path: Option<Text<'a>>,
    text_range: Odd<Range>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Range {
    start_line: Option<u32>,
    end_line: Option<u32>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let mut report = Report::default();
    let warnings = &mut report.warnings;
    let rules = json::parts::<Rule<'_>>(&document.rules, "/rules", warnings);
    let rules: HashMap<String, Rule<'_>> =
        rules.into_iter().filter_map(|(_, rule)| Some((stated(rule.id.as_ref())?, rule))).collect();
    let at = At::Root;
    let at = at.key("issues");
    let mut findings = Vec::new();
    for (index, issue) in json::parts::<Issue<'_>>(&document.issues, at, warnings) {
        let empty = Rule::default();
        let id = stated(issue.rule_id.as_ref()).unwrap_or_default();
        let rule = rules.get(&id).unwrap_or(&empty);
        findings.push(finding(&issue, rule, id, &at.index(index), warnings));
    }
    // Which tools ran is known of those alone that found something or that list their rules.
    report.looked_for = rules.values().map(kind).collect();
    report.tool = Some(Tool { name: "sonarqube".to_owned(), version: None });
    report.findings = Some(findings);
    Ok(report)
}

fn finding(issue: &Issue<'_>, rule: &Rule<'_>, id: String, at: &At<'_>, warnings: &mut Vec<Warning>) -> Finding {
    let empty = Place::default();
    let place = issue.primary_location.get(at.key("primaryLocation"), warnings).unwrap_or(&empty);
    let range = place.text_range.get(at.key("primaryLocation"), warnings);
    let message = stated(place.message.as_ref()).unwrap_or_default();
    let engine = stated(issue.engine_id.as_ref()).or_else(|| stated(rule.engine_id.as_ref()));
    let engine = engine.map_or(String::new(), |engine| format!("{engine}:"));
    let word = stated(issue.severity.as_ref()).or_else(|| severity_word(rule));
    let path = stated(place.file_path.as_ref()).unwrap_or_default();
    let name = stated(rule.name.as_ref());
    let title = text::title(&message).or(name).unwrap_or_else(|| id.clone());
    Finding {
        severity: word.as_deref().map_or(Severity::Unknown, |word| severity::of_word("sonarqube", word)),
        severity_word: word,
        description: stated(rule.description.as_ref()).map(text::capped),
        identity: identity::of_parts(&format!("{engine}{id}"), &[&path, &message]),
        location: Some(Location {
            path,
            line: range.and_then(|range| range.start_line),
            end_line: range.and_then(|range| range.end_line),
        }),
        remediation: issue.effort_minutes.map(|minutes| format!("estimated effort: {minutes}min")),
        ..Finding::new(of_type(issue.kind.as_ref()).unwrap_or_else(|| kind(rule)), format!("{engine}{id}"), title)
    }
}

/// The worse of the old scale and the impacts.
fn severity_word(rule: &Rule<'_>) -> Option<String> {
    let impacts = rule.impacts.0.iter().flatten().map(|impact| impact.severity.as_ref());
    let words = std::iter::once(rule.severity.as_ref()).chain(impacts).filter_map(stated);
    words.max_by_key(|word| severity::of_word("sonarqube", word))
}

fn kind(rule: &Rule<'_>) -> FindingKind {
    let mut qualities = rule.impacts.0.iter().flatten().filter_map(|impact| impact.software_quality.as_deref());
    let is_about_security = qualities.any(|quality| quality == "SECURITY");
    if is_about_security { FindingKind::Code } else { of_type(rule.kind.as_ref()).unwrap_or(FindingKind::Quality) }
}

fn of_type(word: Option<&Text<'_>>) -> Option<FindingKind> {
    match &**word? {
        "VULNERABILITY" | "SECURITY_HOTSPOT" => Some(FindingKind::Code),
        _ => Some(FindingKind::Quality),
    }
}
