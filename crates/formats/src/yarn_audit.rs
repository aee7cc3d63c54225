//! Yarn audit reports: vulnerabilities of the packages that a lock file names, a line for each.

use crate::dependencies::{component, names, rated, report};
use crate::json::{self, List, Text, stated};
use crate::npm_advisories::{self, Advisory};
use crate::{Format, Probe, ReadError, identity, text};
use serde::Deserialize;
use serde_json::value::RawValue;
use shipworthy_model::{Finding, FindingKind, Phase, Report, Warning};
use std::collections::HashSet;

pub(crate) static FORMAT: Format = Format {
    name: "yarn-audit",
    title: "Yarn audit report",
    homepage: "https://classic.yarnpkg.com/lang/en/docs/cli/audit/",
    phase: Phase::Source,
    tool: "yarn-audit",
    reads: "`yarn audit --json` of Yarn 1 and `yarn npm audit --json` of Yarn 4",
    identifies: "vulnerability and component",
    severities: "npm-audit",
    marks: &["type", "data", "value", "children"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let Some(first) = probe.first_of_lines() else { return false };
    let is_classic = first.has_all(&["type", "data"])
        && (probe.has("data.advisory") || probe.has_all(&["data.vulnerabilities", "data.totalDependencies"]));
    let is_berry = first.has_all(&["value", "children"]) && probe.has_all(&["children.Issue", "children.Severity"]);
    is_classic || is_berry
}

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow, rename = "type")]
    kind: Option<Text<'a>>,
    #[serde(borrow)]
    data: Option<&'a RawValue>,
    #[serde(borrow)]
    value: Option<Text<'a>>,
    #[serde(borrow)]
    children: Option<Problem<'a>>,
}

#[derive(Deserialize)]
struct Data<'a> {
    #[serde(borrow)]
    advisory: Advisory<'a>,
}

/// What Yarn 4 says of a problem.
#[derive(Deserialize)]
struct Problem<'a> {
    #[serde(borrow, rename = "ID")]
    id: Option<Text<'a>>,
    #[serde(borrow, rename = "Issue")]
    issue: Option<Text<'a>>,
    #[serde(borrow, rename = "URL")]
    url: Option<Text<'a>>,
    #[serde(borrow, rename = "Severity")]
    severity: Option<Text<'a>>,
    #[serde(borrow, rename = "Vulnerable Versions")]
    vulnerable: Option<Text<'a>>,
    #[serde(borrow, default, rename = "Tree Versions")]
    versions: List<'a>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut warnings = Vec::new();
    let mut findings: Vec<Finding> = Vec::new();
    // Yarn 1 writes an advisory once for each path to its package.
    let mut seen = HashSet::new();
    for (index, raw) in json::values(bytes)?.into_iter().enumerate() {
        let at = format!("/{index}");
        let Some(line) = json::part::<Line<'_>>(raw, &at, &mut warnings) else { continue };
        let of_line = match (line.kind.as_deref(), &line.children) {
            (Some("auditAdvisory"), _) => {
                let data = line.data.and_then(|data| json::part::<Data<'_>>(data, &at, &mut warnings));
                data.map(|data| npm_advisories::findings(&data.advisory, "npm-audit")).unwrap_or_default()
            }
            (_, Some(problem)) => problems(problem, line.value.as_deref().unwrap_or_default(), &at, &mut warnings),
            _ => Vec::new(),
        };
        for finding in of_line {
            let component = finding.component.as_ref();
            let of = component.map(|component| (component.name.clone(), component.version.clone()));
            if seen.insert((finding.rule.clone(), of)) {
                findings.push(finding);
            }
        }
    }
    Ok(Report { warnings, ..report("yarn-audit", None, findings) })
}

fn problems(problem: &Problem<'_>, name: &str, at: &str, warnings: &mut Vec<Warning>) -> Vec<Finding> {
    let of_page = problem.url.as_deref().map(names).unwrap_or_default();
    let id = stated(problem.id.as_ref());
    // What is deprecated is listed among the vulnerabilities.
    let is_deprecated = id.as_deref().is_some_and(|id| id.contains("deprecation"));
    let kind = if is_deprecated { FindingKind::Quality } else { FindingKind::Vulnerability };
    let rule = of_page.into_iter().next().or_else(|| id.map(|id| if is_deprecated { id } else { format!("npm:{id}") }));
    let rule = rule.unwrap_or_default();
    let (severity, severity_word) = rated("npm-audit", problem.severity.as_ref());
    let title = problem.issue.as_deref().and_then(text::title).unwrap_or_else(|| rule.clone());
    let one = Finding {
        description: stated(problem.vulnerable.as_ref()).map(|range| format!("Affected versions: {range}")),
        severity,
        severity_word,
        references: stated(problem.url.as_ref()).into_iter().collect(),
        identity: identity::of_parts(&rule, &[name]),
        ..Finding::new(kind, rule, title)
    };
    let versions = json::parts::<Text<'_>>(&problem.versions, format_args!("{at}/children/Tree Versions"), warnings);
    let mut versions: Vec<Option<String>> = versions.iter().map(|(_, version)| version.stated()).collect();
    if versions.is_empty() {
        versions.push(None);
    }
    let of_version = |version: Option<String>| Finding {
        component: Some(component("npm", name, version.as_deref())),
        ..one.clone()
    };
    versions.into_iter().map(of_version).collect()
}
