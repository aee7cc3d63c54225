//! Scans of JFrog Xray on demand: binaries, images and dependency graphs, as `jf` prints them with `--format=json`, and
//! the scan of a build.

use crate::jfrog::{self, Cve, Ids, Issue, Licensed};
use crate::json::{self, At, Entries, List, Odd, Text, stated};
use crate::{Format, Members, Probe, ReadError, identity};
use serde::Deserialize;
use serde_json::value::RawValue;
use shipworthy_model::{ComponentRef, Finding, FindingKind, Inventory, Location, Phase, Report, Tool, Warning};
use std::collections::HashSet;

pub(crate) static FORMAT: Format = Format {
    name: "jfrog-xray-scan",
    title: "JFrog Xray scan on demand",
    homepage: "https://jfrog.com/help/r/xray-rest-apis/scan-graph",
    phase: Phase::Artifact,
    tool: "jfrog-xray",
    reads: "the answers of `scan/graph` and of the scan of a build, one or a list, as `jf scan --format=json` writes them",
    identifies: "vulnerability and component; of a violation its licence or issue and the component",
    severities: "jfrog",
    marks: &["scan_id", "component_id", "package_type", "vulnerabilities", "violations", "more_details_url"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_scan = |members: &Members| {
        let has_any = ["vulnerabilities", "violations", "licenses", "component_id"].iter().any(|key| members.has(key));
        let is_of_build = members.has_all(&["build_name", "build_number"]) && members.has("more_details_url");
        (members.has("scan_id") && has_any && !probe.has("vulnerabilities.sca")) || is_of_build
    };
    probe.object().is_some_and(is_scan) || probe.first_element().is_some_and(is_scan)
}

#[derive(Deserialize)]
struct Scan<'a> {
    #[serde(borrow, default)]
    vulnerabilities: List<'a>,
    #[serde(borrow, default)]
    violations: List<'a>,
    #[serde(borrow, default)]
    licenses: List<'a>,
    #[serde(borrow)]
    info: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Item<'a> {
    #[serde(borrow, default)]
    cves: Odd<Vec<Cve<'a>>>,
    #[serde(borrow)]
    summary: Option<Text<'a>>,
    #[serde(borrow)]
    severity: Option<Text<'a>>,
    #[serde(borrow, rename = "type")]
    kind: Option<Text<'a>>,
    #[serde(borrow)]
    issue_id: Option<Text<'a>>,
    #[serde(borrow)]
    license_key: Option<Text<'a>>,
    #[serde(borrow, default)]
    components: Odd<Entries<'a, Odd<Affected<'a>>>>,
    #[serde(borrow, default)]
    references: Odd<Vec<Text<'a>>>,
    #[serde(borrow, default)]
    extended_information: Odd<Extended<'a>>,
}

#[derive(Default, Deserialize)]
struct Affected<'a> {
    #[serde(borrow, default)]
    fixed_versions: Odd<Vec<Text<'a>>>,
    #[serde(borrow, default)]
    impact_paths: Odd<Vec<Vec<Step<'a>>>>,
}

#[derive(Default, Deserialize)]
struct Step<'a> {
    #[serde(borrow)]
    full_path: Option<Text<'a>>,
}

#[derive(Default, Deserialize)]
struct Extended<'a> {
    #[serde(borrow)]
    remediation: Option<Text<'a>>,
    #[serde(borrow)]
    full_description: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct License<'a> {
    #[serde(borrow)]
    license_key: Option<Text<'a>>,
    #[serde(borrow, default)]
    components: Odd<Ids<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut reading = Reading::default();
    if bytes.trim_ascii_start().starts_with(b"[") {
        let list: List<'_> = json::document(bytes)?;
        for (index, raw) in list.items("", &mut reading.report.warnings).iter().enumerate() {
            reading.scan(raw, &At::Root.index(index));
        }
    } else {
        reading.scan(json::document(bytes)?, &At::Root);
    }
    let mut report = reading.report;
    let components = reading.licensed.components();
    if !components.is_empty() {
        report.inventory =
            Some(Inventory { authors: vec!["jfrog-xray".to_owned()], components, ..Inventory::default() });
    }
    report.tool = Some(Tool { name: "jfrog-xray".to_owned(), version: None });
    report.looked_for = vec![FindingKind::Vulnerability];
    report.findings = Some(reading.findings);
    Ok(report)
}

#[derive(Default)]
struct Reading {
    report: Report,
    findings: Vec<Finding>,
    licensed: Licensed,
}

type ComponentKey = (String, Option<String>);

impl Reading {
    fn scan(&mut self, raw: &RawValue, at: &At<'_>) {
        let Some(scan) = json::part::<Scan<'_>>(raw, at, &mut self.report.warnings) else { return };
        let warnings = &mut self.report.warnings;
        let first = self.findings.len();
        self.findings.extend(items(&scan.vulnerabilities, &at.key("vulnerabilities"), warnings));
        let known: HashSet<_> = self.findings.iter().skip(first).map(key).collect();
        // A violation says once more of a vulnerability that some watch forbids it.
        let violations = items(&scan.violations, &at.key("violations"), warnings);
        let of_own: Vec<_> = violations.into_iter().filter(|finding| !known.contains(&key(finding))).collect();
        self.findings.extend(of_own);
        let at_licenses = at.key("licenses");
        for (index, license) in json::parts::<License<'_>>(&scan.licenses, at_licenses, warnings) {
            let at = at_licenses.index(index);
            let ids = license.components.get(at.key("components"), warnings).map_or(&[][..], |ids| &ids.0);
            ids.iter().for_each(|(id, _)| self.licensed.add(id, license.license_key.as_ref()));
        }
        if let Some(info) = stated(scan.info.as_ref()) {
            warnings.push(Warning { at: at.key("info").to_string(), message: info });
        }
    }
}

/// By what a violation is known to be about a vulnerability that was found: rule, component and version.
fn key(finding: &Finding) -> (String, Option<ComponentKey>) {
    let component = finding.component.as_ref();
    (finding.rule.clone(), component.map(|component| (component.name.clone(), component.version.clone())))
}

/// A finding for each component of each item.
fn items(list: &List<'_>, at: &At<'_>, warnings: &mut Vec<Warning>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, entry) in json::parts::<Item<'_>>(list, at, warnings) {
        let at = at.index(index);
        let extended = entry.extended_information.get(at.key("extended_information"), warnings);
        let references = entry.references.get(at.key("references"), warnings).into_iter().flatten();
        let issue = Issue {
            id: stated(entry.issue_id.as_ref()),
            summary: stated(entry.summary.as_ref()),
            description: extended.and_then(|extended| stated(extended.full_description.as_ref())),
            severity_word: stated(entry.severity.as_ref()),
            references: references.filter_map(Text::stated).collect(),
            remediation: extended.and_then(|extended| stated(extended.remediation.as_ref())),
        };
        let cves = entry.cves.get(at.key("cves"), warnings).map_or(&[][..], Vec::as_slice);
        let at_components = at.key("components");
        let components = entry.components.get(at_components, warnings).map_or(&[][..], |entries| &entries.0);
        if components.is_empty() {
            findings.push(found(&entry, &issue, cves, None));
        }
        for (id, affected) in components {
            let affected = affected.get(at_components.key(id), warnings);
            let fixed = affected.iter().flat_map(|affected| affected.fixed_versions.0.iter().flatten());
            let fixed_versions = fixed.filter_map(|version| jfrog::fixed_version(version)).collect();
            let location = affected.and_then(path).map(|path| Location { path, ..Location::default() });
            let finding = found(&entry, &issue, cves, Some(jfrog::component(id)));
            findings.push(Finding { fixed_versions, location, ..finding });
        }
    }
    findings
}

fn found(item: &Item<'_>, issue: &Issue, cves: &[Cve<'_>], component: Option<ComponentRef>) -> Finding {
    let kind = match item.kind.as_deref() {
        Some("license") => FindingKind::License,
        Some("operational_risk") => FindingKind::Quality,
        _ => return issue.vulnerability(cves, component),
    };
    let rule = stated(item.license_key.as_ref()).or_else(|| issue.id.clone()).unwrap_or_default();
    let name = component.as_ref().map(|component| component.name.clone()).unwrap_or_default();
    let identity = identity::of_parts(&rule, &[&name]);
    Finding { identity, component, ..issue.finding(kind, &rule) }
}

/// Where in the scanned thing the component lies: the end of the first path to it.
fn path(affected: &Affected<'_>) -> Option<String> {
    let paths = affected.impact_paths.0.as_ref().ok()?;
    paths.first()?.iter().rev().find_map(|step| stated(step.full_path.as_ref()))
}
