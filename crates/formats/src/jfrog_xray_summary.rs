//! Summaries of JFrog Xray: the issues and licences of artifacts or of a build.

use crate::jfrog::{self, Cve, Issue, Licensed};
use crate::json::{self, At, List, Odd, Text, stated};
use crate::{Format, Probe, ReadError, identity, subjects};
use serde::Deserialize;
use shipworthy_model::{ComponentRef, Finding, FindingKind, Inventory, Location, Phase, Report, Tool, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "jfrog-xray-summary",
    title: "JFrog Xray summary",
    homepage: "https://jfrog.com/help/r/xray-rest-apis/artifact-summary",
    phase: Phase::Artifact,
    tool: "jfrog-xray",
    reads: "the answers of `summary/artifact` and `summary/build`, versions 1 and 2 of the API",
    identifies: "vulnerability and component; of other issues Xray's id and the component",
    severities: "jfrog",
    marks: &["artifacts", "errors", "build", "issues", "licenses"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| {
        (members.has("artifacts") && probe.has_all(&["artifacts.general.component_id", "artifacts.issues"]))
            || (members.has_all(&["build", "issues"]) && probe.has("issues.issue_id"))
    })
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow)]
    artifacts: Option<List<'a>>,
    #[serde(borrow, default)]
    errors: List<'a>,
}

/// An artifact, or the whole document about a build.
#[derive(Deserialize)]
struct Artifact<'a> {
    #[serde(borrow, default)]
    general: Odd<General<'a>>,
    #[serde(borrow, default)]
    issues: List<'a>,
    #[serde(borrow, default)]
    licenses: List<'a>,
}

#[derive(Default, Deserialize)]
struct General<'a> {
    #[serde(borrow)]
    sha256: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct IssueItem<'a> {
    #[serde(borrow, rename = "issue_id")]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    summary: Option<Text<'a>>,
    #[serde(borrow)]
    description: Option<Text<'a>>,
    #[serde(borrow, rename = "issue_type")]
    kind: Option<Text<'a>>,
    #[serde(borrow)]
    severity: Option<Text<'a>>,
    #[serde(borrow, default)]
    cves: Odd<Vec<Cve<'a>>>,
    #[serde(borrow, default)]
    impact_path: Odd<Vec<Text<'a>>>,
    #[serde(borrow, default)]
    components: Odd<Vec<ComponentItem<'a>>>,
}

#[derive(Default, Deserialize)]
struct ComponentItem<'a> {
    #[serde(borrow)]
    component_id: Option<Text<'a>>,
    #[serde(borrow, default)]
    fixed_versions: Odd<Vec<Text<'a>>>,
}

#[derive(Deserialize)]
struct LicenseItem<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow, default)]
    components: Odd<Vec<Text<'a>>>,
}

#[derive(Deserialize)]
struct ErrorItem<'a> {
    #[serde(borrow)]
    error: Option<Text<'a>>,
    #[serde(borrow)]
    identifier: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let mut report = Report { looked_for: vec![FindingKind::Vulnerability], ..Report::default() };
    report.tool = Some(Tool { name: "jfrog-xray".to_owned(), version: None });
    let mut findings = Vec::new();
    let mut licensed = Licensed::default();
    if let Some(artifacts) = &document.artifacts {
        let at = At::Root;
        let at = at.key("artifacts");
        let artifacts = json::parts::<Artifact<'_>>(artifacts, at, &mut report.warnings);
        subjects::warn_of_several(artifacts.len(), "artifacts", "/artifacts", &mut report.warnings);
        for (index, artifact) in artifacts {
            read_artifact(&artifact, &at.index(index), &mut report, &mut findings, &mut licensed);
        }
    } else {
        read_artifact(&json::document(bytes)?, &At::Root, &mut report, &mut findings, &mut licensed);
    }
    for (index, item) in json::parts::<ErrorItem<'_>>(&document.errors, "/errors", &mut report.warnings) {
        let [error, identifier] = [item.error, item.identifier].map(|text| stated(text.as_ref()).unwrap_or_default());
        let message = format!("not looked at: `{identifier}`: {error}");
        report.warnings.push(Warning { at: format!("/errors/{index}"), message });
    }
    let components = licensed.components();
    if !components.is_empty() {
        report.inventory =
            Some(Inventory { authors: vec!["jfrog-xray".to_owned()], components, ..Inventory::default() });
    }
    report.findings = Some(findings);
    Ok(report)
}

fn read_artifact(
    artifact: &Artifact<'_>,
    at: &At<'_>,
    report: &mut Report,
    findings: &mut Vec<Finding>,
    licensed: &mut Licensed,
) {
    let Report { warnings, subjects, .. } = report;
    let general = artifact.general.get(at.key("general"), warnings);
    if let Some(digest) = general.and_then(|general| stated(general.sha256.as_ref())) {
        subjects::add_artifact(subjects, &format!("sha256:{digest}"));
    }
    let at_licenses = at.key("licenses");
    for (index, license) in json::parts::<LicenseItem<'_>>(&artifact.licenses, at_licenses, warnings) {
        let at = at_licenses.index(index);
        for id in license.components.get(at.key("components"), warnings).into_iter().flatten() {
            licensed.add(id, license.name.as_ref());
        }
    }
    let at_issues = at.key("issues");
    for (index, item) in json::parts::<IssueItem<'_>>(&artifact.issues, at_issues, warnings) {
        findings.extend(read_issue(&item, &at_issues.index(index), licensed, warnings));
    }
}

/// A finding for each component that has the issue, or one where the document names none.
fn read_issue(item: &IssueItem<'_>, at: &At<'_>, licensed: &Licensed, warnings: &mut Vec<Warning>) -> Vec<Finding> {
    let issue = Issue {
        id: stated(item.id.as_ref()),
        summary: stated(item.summary.as_ref()),
        description: stated(item.description.as_ref()),
        severity_word: stated(item.severity.as_ref()),
        ..Issue::default()
    };
    let cves = item.cves.get(at.key("cves"), warnings).map_or(&[][..], Vec::as_slice);
    let paths = item.impact_path.get(at.key("impact_path"), warnings).map_or(&[][..], Vec::as_slice);
    let components = item.components.get(at.key("components"), warnings).map_or(&[][..], Vec::as_slice);
    let is_security = item.kind.as_deref().is_none_or(|kind| kind == "security");
    let found = |component: ComponentRef, path: Option<&str>, fixed_versions: Vec<String>| {
        let location = path.map(|path| Location { path: path.to_owned(), ..Location::default() });
        let finding = if is_security {
            issue.vulnerability(cves, Some(component))
        } else {
            let rule = issue.id.clone().unwrap_or_default();
            let kind =
                if item.kind.as_deref() == Some("license") { FindingKind::License } else { FindingKind::Quality };
            let identity = identity::of_parts(&rule, &[&component.name]);
            Finding { identity, component: Some(component), ..issue.finding(kind, &rule) }
        };
        Finding { location, fixed_versions, ..finding }
    };
    if components.is_empty() {
        let path = paths.first().map(|path| &**path);
        return vec![found(component_at(path.unwrap_or_default(), licensed), path, Vec::new())];
    }
    let found = components.iter().map(|item| {
        let id = item.component_id.as_deref().unwrap_or_default();
        let (component, path) = with_version(id, paths);
        let fixed = item.fixed_versions.0.iter().flatten().filter_map(|version| jfrog::fixed_version(version));
        found(component, path, fixed.collect())
    });
    found.collect()
}

/// The component at the end of a path into an artifact, such as `…/3.12:openssl:1.1.1k-r0`: the one with a licence whose
/// id ends alike, else the file by its name.
fn component_at(path: &str, licensed: &Licensed) -> ComponentRef {
    let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let id = licensed.ids().find(|id| id.split_once("://").is_some_and(|(_, rest)| rest == last));
    id.map_or_else(|| ComponentRef { name: last.to_owned(), ..ComponentRef::default() }, jfrog::component)
}

/// The component `id`, which has no version here; the path that ends in it has.
fn with_version<'p>(id: &str, paths: &'p [Text<'_>]) -> (ComponentRef, Option<&'p str>) {
    let bare = id.split_once("://").map_or(id, |(_, bare)| bare);
    let ending = paths.iter().find_map(|path| {
        let last = path.rsplit('/').next()?;
        (last.strip_prefix(bare)?.strip_prefix(':')).map(|version| (version, &**path))
    });
    match ending {
        Some((version, path)) => (jfrog::component(&format!("{id}:{version}")), Some(path)),
        None => (jfrog::component(id), paths.first().map(|path| &**path)),
    }
}
