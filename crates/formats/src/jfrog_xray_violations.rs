//! Violations of watches, as the web API of JFrog Xray lists them.

use crate::jfrog::{self, Cve, Issue};
use crate::json::{self, At, List, Odd, Text, stated};
use crate::{Format, Probe, ReadError, identity};
use serde::Deserialize;
use serde::de::IgnoredAny;
use shipworthy_model::{ComponentRef, Finding, FindingKind, FindingStatus, Location, Phase, Report, Tool, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "jfrog-xray-violations",
    title: "JFrog Xray violations",
    homepage: "https://jfrog.com/help/r/xray-rest-apis/get-violations",
    phase: Phase::Artifact,
    tool: "jfrog-xray",
    reads: "the answers of `api/v1/violations`, of security, licences and operational risk, with or without details",
    identifies: "vulnerability and component; of other violations the licence or the issue and the component",
    severities: "jfrog",
    marks: &["violations", "total_violations"],
    recognises: |probe: &Probe| {
        probe.object().is_some_and(|members| members.has_all(&["violations", "total_violations"]))
    },
    read,
};

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow)]
    violations: List<'a>,
    total_violations: Option<u64>,
}

#[derive(Deserialize)]
struct Violation<'a> {
    #[serde(borrow)]
    issue_id: Option<Text<'a>>,
    #[serde(borrow, rename = "type")]
    kind: Option<Text<'a>>,
    #[serde(borrow)]
    severity: Option<Text<'a>>,
    #[serde(borrow)]
    summary: Option<Text<'a>>,
    #[serde(borrow)]
    description: Option<Text<'a>>,
    #[serde(borrow)]
    watch_name: Option<Text<'a>>,
    #[serde(borrow, default)]
    infected_components: Odd<Vec<Text<'a>>>,
    #[serde(borrow, default)]
    impacted_artifacts: Odd<Vec<Text<'a>>>,
    #[serde(borrow, default)]
    properties: Odd<Vec<Cve<'a>>>,
    #[serde(borrow, default, alias = "fixed_versions")]
    fix_versions: Odd<Vec<Text<'a>>>,
    #[serde(borrow)]
    violation_details_url: Option<Text<'a>>,
    #[serde(default)]
    ignore_rule_info: Odd<Option<IgnoredAny>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let mut report = Report {
        tool: Some(Tool { name: "jfrog-xray".to_owned(), version: None }),
        // A watch sees what its policies forbid; what they allow was not looked for.
        looked_for: Vec::new(),
        ..Report::default()
    };
    let warnings = &mut report.warnings;
    let at = At::Root;
    let at = at.key("violations");
    let violations = json::parts::<Violation<'_>>(&document.violations, at, warnings);
    if let Some(total) = document.total_violations.filter(|total| *total > violations.len() as u64) {
        let message = format!("this is a page of the list: {} of {total} violations", violations.len());
        warnings.push(Warning { at: at.to_string(), message });
    }
    let mut findings = Vec::new();
    for (index, violation) in violations {
        let at = at.index(index);
        let ids = violation.infected_components.get(at.key("infected_components"), warnings);
        let ids: Vec<_> = ids.into_iter().flatten().collect();
        if ids.is_empty() {
            findings.push(finding(&violation, None, &at, warnings));
        }
        for id in ids {
            findings.push(finding(&violation, Some(jfrog::component(id)), &at, warnings));
        }
    }
    report.findings = Some(findings);
    Ok(report)
}

fn finding(
    violation: &Violation<'_>,
    component: Option<ComponentRef>,
    at: &At<'_>,
    warnings: &mut Vec<Warning>,
) -> Finding {
    let issue = Issue {
        id: stated(violation.issue_id.as_ref()),
        summary: stated(violation.summary.as_ref()),
        description: stated(violation.description.as_ref()),
        severity_word: stated(violation.severity.as_ref()),
        references: violation.violation_details_url.iter().filter_map(Text::stated).collect(),
        remediation: None,
    };
    let cves = violation.properties.get(at.key("properties"), warnings).map_or(&[][..], Vec::as_slice);
    let fixed = violation.fix_versions.get(at.key("fix_versions"), warnings).into_iter().flatten();
    let fixed_versions = fixed.filter_map(|version| jfrog::fixed_version(version)).collect();
    let path = violation.impacted_artifacts.0.iter().flatten().find_map(Text::stated);
    let is_ignored = violation.ignore_rule_info.0.as_ref().is_ok_and(Option::is_some);
    let kind = match violation.kind.as_deref().unwrap_or_default().to_ascii_lowercase().as_str() {
        "license" => Some(FindingKind::License),
        "operational_risk" | "operational risk" => Some(FindingKind::Quality),
        _ => None,
    };
    let finding = match kind {
        None => issue.vulnerability(cves, component),
        Some(kind) => {
            let rule = issue.id.clone().unwrap_or_default();
            let name = component.as_ref().map(|component| component.name.clone()).unwrap_or_default();
            let watch = stated(violation.watch_name.as_ref()).unwrap_or_default();
            let identity = identity::of_parts(&rule, &[&name, &watch]);
            Finding { identity, component, ..issue.finding(kind, &rule) }
        }
    };
    Finding {
        fixed_versions,
        location: path.map(|path| Location { path, ..Location::default() }),
        status: if is_ignored { FindingStatus::Suppressed } else { FindingStatus::Open },
        ..finding
    }
}
