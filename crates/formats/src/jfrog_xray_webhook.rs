//! Webhooks of JFrog Xray: the issues for which a rule of a policy called out.

use crate::jfrog::{self, Issue};
use crate::json::{self, At, List, Text, stated};
use crate::{Format, Probe, ReadError, identity, subjects};
use serde::Deserialize;
use shipworthy_model::{ComponentRef, Finding, FindingKind, Location, Phase, Report, Tool};

pub(crate) static FORMAT: Format = Format {
    name: "jfrog-xray-webhook",
    title: "JFrog Xray webhook",
    homepage: "https://jfrog.com/help/r/jfrog-security-documentation/webhook-payload",
    phase: Phase::Artifact,
    tool: "jfrog-xray",
    reads: "the body that a policy's webhook sends, schema versions 1.0 and 1.1",
    identifies: "vulnerability and component; of other issues the licence or the issue and the component",
    severities: "jfrog",
    marks: &["watch_name", "policy_name", "top_severity", "issues", "alert_id"],
    recognises: |probe: &Probe| {
        probe.object().is_some_and(|members| members.has_all(&["watch_name", "policy_name", "issues"]))
    },
    read,
};

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow)]
    created: Option<Text<'a>>,
    #[serde(borrow)]
    issues: List<'a>,
}

#[derive(Deserialize)]
struct IssueItem<'a> {
    #[serde(borrow)]
    vulnerability_id: Option<Text<'a>>,
    #[serde(borrow)]
    cve: Option<Text<'a>>,
    #[serde(borrow)]
    severity: Option<Text<'a>>,
    #[serde(borrow, rename = "type")]
    kind: Option<Text<'a>>,
    #[serde(borrow)]
    summary: Option<Text<'a>>,
    #[serde(borrow)]
    description: Option<Text<'a>>,
    #[serde(borrow, default)]
    impacted_artifacts: List<'a>,
}

#[derive(Deserialize)]
struct Artifact<'a> {
    #[serde(borrow)]
    path: Option<Text<'a>>,
    #[serde(borrow)]
    sha256: Option<Text<'a>>,
    #[serde(borrow, default)]
    infected_files: List<'a>,
}

#[derive(Deserialize)]
struct Infected<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    display_name: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let mut report = Report {
        tool: Some(Tool { name: "jfrog-xray".to_owned(), version: None }),
        created_at: document
            .created
            .as_deref()
            .and_then(|time| Some(time.parse::<jiff::Timestamp>().ok()?.to_string())),
        ..Report::default()
    };
    let at = At::Root;
    let at = at.key("issues");
    let mut findings = Vec::new();
    for (index, item) in json::parts::<IssueItem<'_>>(&document.issues, at, &mut report.warnings) {
        let at = at.index(index);
        let at = at.key("impacted_artifacts");
        let mut components = Vec::new();
        for (index, artifact) in json::parts::<Artifact<'_>>(&item.impacted_artifacts, at, &mut report.warnings) {
            if let Some(digest) = stated(artifact.sha256.as_ref()) {
                subjects::add_artifact(&mut report.subjects, &format!("sha256:{digest}"));
            }
            let path = stated(artifact.path.as_ref());
            let at = at.index(index);
            let files =
                json::parts::<Infected<'_>>(&artifact.infected_files, at.key("infected_files"), &mut report.warnings);
            components.extend(files.into_iter().map(|(_, file)| (component(&file), path.clone())));
        }
        if components.is_empty() {
            findings.push(finding(&item, None, None));
        }
        findings.extend(components.into_iter().map(|(component, path)| finding(&item, Some(component), path)));
    }
    report.findings = Some(findings);
    Ok(report)
}

/// The component that a file is, by its id where it has one.
fn component(file: &Infected<'_>) -> ComponentRef {
    let id = stated(file.display_name.as_ref()).filter(|id| id.contains("://"));
    let name = || stated(file.name.as_ref()).or_else(|| stated(file.display_name.as_ref())).unwrap_or_default();
    id.map_or_else(|| ComponentRef { name: name(), ..ComponentRef::default() }, |id| jfrog::component(&id))
}

fn finding(item: &IssueItem<'_>, component: Option<ComponentRef>, path: Option<String>) -> Finding {
    let issue = Issue {
        id: stated(item.vulnerability_id.as_ref()),
        summary: stated(item.summary.as_ref()),
        description: stated(item.description.as_ref()),
        severity_word: stated(item.severity.as_ref()),
        ..Issue::default()
    };
    let kind = match item.kind.as_deref().unwrap_or_default().to_ascii_lowercase().as_str() {
        "license" => FindingKind::License,
        "operational_risk" => FindingKind::Quality,
        "malicious" => FindingKind::Malware,
        _ => FindingKind::Vulnerability,
    };
    let rule = stated(item.cve.as_ref()).or_else(|| issue.id.clone()).unwrap_or_default();
    let name = component.as_ref().map(|component| component.name.clone()).unwrap_or_default();
    Finding {
        aliases: issue.id.clone().filter(|id| *id != rule).into_iter().collect(),
        identity: identity::of_parts(&rule, &[&name]),
        location: path.map(|path| Location { path, ..Location::default() }),
        component,
        ..issue.finding(kind, &rule)
    }
}
