//! Results of the JFrog command line: everything that `jf audit` and `jf scan` found, and its summary in numbers.

use crate::jfrog::{self, Cve, Issue};
use crate::json::{self, At, List, Odd, Text, stated};
use crate::{Format, Probe, ReadError, identity, license, packages, ratings, text};
use serde::Deserialize;
use shipworthy_model::{
    Component, ComponentRef, Finding, FindingKind, Inventory, Location, Phase, Report, Tool, Warning,
};
use std::collections::HashSet;

pub(crate) static FORMAT: Format = Format {
    name: "jfrog-cli",
    title: "JFrog command line results (simple-json)",
    homepage: "https://docs.jfrog.com/security/docs/jfrog-cli-security-commands",
    phase: Phase::Artifact,
    tool: "jfrog-cli",
    reads: "what `jf audit`, `jf scan` and `jf docker scan` write with `--format=simple-json`, versions 2.9 to 2.80",
    identifies: "vulnerability and component; of a licence it and the component; of the others rule, file and what was found",
    severities: "jfrog",
    marks: &["vulnerabilities", "securityViolations", "licensesViolations", "scansStatus", "multiScanId"],
    recognises: |probe: &Probe| {
        probe.object().is_some_and(|members| {
            members.has("securityViolations") && (members.has("vulnerabilities") || members.has("licensesViolations"))
        })
    },
    read,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    #[serde(borrow)]
    vulnerabilities: Option<List<'a>>,
    #[serde(borrow, default)]
    security_violations: List<'a>,
    #[serde(borrow, default)]
    licenses_violations: List<'a>,
    #[serde(borrow, default)]
    licenses: List<'a>,
    #[serde(borrow, default)]
    operational_risk_violations: List<'a>,
    #[serde(borrow)]
    secrets: Option<List<'a>>,
    #[serde(borrow)]
    iac: Option<List<'a>>,
    #[serde(borrow)]
    sast: Option<List<'a>>,
    #[serde(borrow, default)]
    secrets_violations: List<'a>,
    #[serde(borrow, default)]
    iac_violations: List<'a>,
    #[serde(borrow, default)]
    sast_violations: List<'a>,
    #[serde(borrow, default)]
    errors: List<'a>,
    #[serde(default)]
    scans_status: Odd<Option<Status>>,
}

/// Exit codes of the scans that ran.
#[derive(Clone, Copy, Deserialize)]
struct Status {
    #[serde(rename = "scaScanStatusCode")]
    components: Option<i64>,
    #[serde(rename = "sastScanStatusCode")]
    code: Option<i64>,
    #[serde(rename = "iacScanStatusCode")]
    infrastructure: Option<i64>,
    #[serde(rename = "secretsScanStatusCode")]
    secrets: Option<i64>,
}

/// A problem of a package.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OfPackage<'a> {
    #[serde(borrow)]
    severity: Option<Text<'a>>,
    #[serde(borrow)]
    impacted_package_name: Option<Text<'a>>,
    #[serde(borrow)]
    impacted_package_version: Option<Text<'a>>,
    #[serde(borrow)]
    impacted_package_type: Option<Text<'a>>,
    #[serde(borrow, default)]
    components: Odd<Vec<Direct<'a>>>,
    #[serde(borrow)]
    summary: Option<Text<'a>>,
    #[serde(borrow)]
    applicable: Option<Text<'a>>,
    #[serde(borrow, default)]
    fixed_versions: Odd<Vec<Text<'a>>>,
    #[serde(borrow, default)]
    cves: Odd<Vec<Cve<'a>>>,
    #[serde(borrow)]
    issue_id: Option<Text<'a>>,
    #[serde(borrow, default)]
    references: Odd<Vec<Text<'a>>>,
    #[serde(borrow)]
    license_key: Option<Text<'a>>,
    #[serde(borrow)]
    risk_reason: Option<Text<'a>>,
}

/// The direct dependency through which a package came.
#[derive(Deserialize)]
struct Direct<'a> {
    #[serde(borrow, default)]
    location: Odd<Place<'a>>,
}

#[derive(Default, Deserialize)]
struct Place<'a> {
    #[serde(borrow)]
    file: Option<Text<'a>>,
}

/// A problem in a file.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct InFile<'a> {
    #[serde(borrow)]
    severity: Option<Text<'a>>,
    #[serde(borrow)]
    rule_id: Option<Text<'a>>,
    #[serde(borrow)]
    scanner_short_description: Option<Text<'a>>,
    #[serde(borrow)]
    scanner_description: Option<Text<'a>>,
    #[serde(borrow)]
    finding: Option<Text<'a>>,
    #[serde(borrow)]
    file: Option<Text<'a>>,
    start_line: Option<u32>,
    end_line: Option<u32>,
    #[serde(borrow)]
    snippet: Option<Text<'a>>,
    #[serde(borrow, default)]
    cwe: Odd<Vec<Text<'a>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ErrorItem<'a> {
    #[serde(borrow)]
    file_path: Option<Text<'a>>,
    #[serde(borrow)]
    error_message: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let mut reading = Reading::default();
    if let Some(vulnerabilities) = &document.vulnerabilities {
        reading.of_packages(vulnerabilities, FindingKind::Vulnerability, "vulnerabilities");
    }
    let lists = [(&document.secrets, "secrets"), (&document.iac, "iac"), (&document.sast, "sast")];
    for (list, key) in lists {
        if let Some(list) = list {
            reading.in_files(list, key);
        }
    }
    reading.of_packages(&document.security_violations, FindingKind::Vulnerability, "securityViolations");
    reading.of_packages(&document.licenses_violations, FindingKind::License, "licensesViolations");
    reading.of_packages(&document.operational_risk_violations, FindingKind::Quality, "operationalRiskViolations");
    reading.in_files(&document.secrets_violations, "secretsViolations");
    reading.in_files(&document.iac_violations, "iacViolations");
    reading.in_files(&document.sast_violations, "sastViolations");
    reading.inventory(&document.licenses);
    reading.report.looked_for = looked_for(&document, &mut reading.report.warnings);
    let warnings = &mut reading.report.warnings;
    for (index, item) in json::parts::<ErrorItem<'_>>(&document.errors, "/errors", warnings) {
        let [file, message] =
            [item.file_path, item.error_message].map(|text| stated(text.as_ref()).unwrap_or_default());
        warnings
            .push(Warning { at: format!("/errors/{index}"), message: format!("not looked at: `{file}`: {message}") });
    }
    let mut report = reading.report;
    report.tool = Some(Tool { name: "jfrog-cli".to_owned(), version: None });
    report.findings = Some(reading.findings);
    Ok(report)
}

/// The kinds whose scans ended well; before there was a status, the kinds whose lists are there.
fn looked_for(document: &Document<'_>, warnings: &mut Vec<Warning>) -> Vec<FindingKind> {
    let status = document.scans_status.get("/scansStatus", warnings).copied().flatten();
    let Some(status) = status else {
        let kinds = [
            (document.vulnerabilities.is_some(), FindingKind::Vulnerability),
            (document.sast.is_some(), FindingKind::Code),
            (document.iac.is_some(), FindingKind::Misconfiguration),
            (document.secrets.is_some(), FindingKind::Secret),
        ];
        return kinds.into_iter().filter(|(is_there, _)| *is_there).map(|(_, kind)| kind).collect();
    };
    let codes = [
        (status.components, FindingKind::Vulnerability),
        (status.code, FindingKind::Code),
        (status.infrastructure, FindingKind::Misconfiguration),
        (status.secrets, FindingKind::Secret),
    ];
    for (code, kind) in codes.iter().filter(|(code, _)| code.is_some_and(|code| code != 0)) {
        let message =
            format!("the scan for findings of the kind {kind} failed with the code {}", code.unwrap_or_default());
        warnings.push(Warning { at: "/scansStatus".to_owned(), message });
    }
    codes.into_iter().filter(|(code, _)| *code == Some(0)).map(|(_, kind)| kind).collect()
}

#[derive(Default)]
struct Reading {
    report: Report,
    findings: Vec<Finding>,
    /// What was found, since a violation says it once more.
    seen: HashSet<(String, String)>,
}

impl Reading {
    fn of_packages(&mut self, list: &List<'_>, kind: FindingKind, key: &str) {
        let at = At::Root;
        let at = at.key(key);
        for (index, item) in json::parts::<OfPackage<'_>>(list, at, &mut self.report.warnings) {
            let finding = of_package(&item, kind, &at.index(index), &mut self.report.warnings);
            let component = finding.component.as_ref();
            let component = component.map(|c| format!("{}@{}", c.name, c.version.as_deref().unwrap_or_default()));
            self.take(finding, component.unwrap_or_default(), key);
        }
    }

    fn in_files(&mut self, list: &List<'_>, key: &str) {
        let kind = match key {
            "secrets" | "secretsViolations" => FindingKind::Secret,
            "iac" | "iacViolations" => FindingKind::Misconfiguration,
            _ => FindingKind::Code,
        };
        let at = At::Root;
        let at = at.key(key);
        for (_, item) in json::parts::<InFile<'_>>(list, at, &mut self.report.warnings) {
            let finding = in_file(&item, kind);
            let line = finding.location.as_ref().and_then(|place| place.line).unwrap_or_default();
            let place = format!("{}:{line}", finding.identity);
            self.take(finding, place, key);
        }
    }

    /// Takes a finding, unless it is a violation of what was found before.
    fn take(&mut self, finding: Finding, what: String, key: &str) {
        let is_new = self.seen.insert((finding.rule.clone(), what));
        if is_new || !key.ends_with("Violations") {
            self.findings.push(finding);
        }
    }

    /// The packages with their licences.
    fn inventory(&mut self, list: &List<'_>) {
        let mut components: Vec<Component> = Vec::new();
        for (index, item) in json::parts::<OfPackage<'_>>(list, "/licenses", &mut self.report.warnings) {
            let ComponentRef { purl, name, version } = package(&item);
            components.push(Component {
                reference: index.to_string(),
                kind: "library".to_owned(),
                name,
                version,
                purl,
                license: item.license_key.as_deref().and_then(license::expression),
                ..Component::default()
            });
        }
        if !components.is_empty() {
            let authors = vec!["jfrog-cli".to_owned()];
            self.report.inventory = Some(Inventory { authors, components, ..Inventory::default() });
        }
    }
}

fn package(item: &OfPackage<'_>) -> ComponentRef {
    let name = stated(item.impacted_package_name.as_ref()).unwrap_or_default();
    let version = stated(item.impacted_package_version.as_ref());
    let kind = item.impacted_package_type.as_deref().and_then(packages::of_ecosystem);
    let purl = kind.and_then(|kind| packages::purl(kind, &name, version.as_deref(), &[]));
    ComponentRef { purl, name, version }
}

fn of_package(item: &OfPackage<'_>, kind: FindingKind, at: &At<'_>, warnings: &mut Vec<Warning>) -> Finding {
    let references = item.references.get(at.key("references"), warnings).into_iter().flatten();
    // Whether the vulnerable code can be reached at all, where the tool has looked.
    let applicable = stated(item.applicable.as_ref());
    let applicable = applicable.map(|word| format!("Contextual analysis of JFrog: {word}."));
    let summary = stated(item.summary.as_ref());
    let description = [summary.clone(), applicable].into_iter().flatten().collect::<Vec<_>>().join("\n\n");
    let issue = Issue {
        id: stated(item.issue_id.as_ref()),
        summary,
        description: Some(description).filter(|text| !text.is_empty()),
        severity_word: stated(item.severity.as_ref()),
        references: references.filter_map(Text::stated).collect(),
        remediation: None,
    };
    let component = package(item);
    let cves = item.cves.get(at.key("cves"), warnings).map_or(&[][..], Vec::as_slice);
    let finding = if kind == FindingKind::Vulnerability {
        issue.vulnerability(cves, Some(component))
    } else {
        let rule = stated(item.license_key.as_ref()).or_else(|| stated(item.risk_reason.as_ref())).or(issue.id.clone());
        let rule = rule.unwrap_or_default();
        let title = format!("{rule} of {}", component.name);
        let identity = identity::of_parts(&rule, &[&component.name]);
        Finding { title, identity, component: Some(component), ..issue.finding(kind, &rule) }
    };
    let fixed = item.fixed_versions.get(at.key("fixedVersions"), warnings).into_iter().flatten();
    let direct = item.components.get(at.key("components"), warnings).and_then(|direct| direct.first());
    let file = direct.and_then(|direct| stated(direct.location.0.as_ref().ok()?.file.as_ref()));
    Finding {
        fixed_versions: fixed.filter_map(|version| jfrog::fixed_version(version)).collect(),
        location: file.map(|path| Location { path, ..Location::default() }),
        ..finding
    }
}

fn in_file(item: &InFile<'_>, kind: FindingKind) -> Finding {
    let rule = stated(item.rule_id.as_ref()).unwrap_or_default();
    let path = stated(item.file.as_ref()).unwrap_or_default();
    let word = stated(item.severity.as_ref());
    let title = stated(item.finding.as_ref()).or_else(|| stated(item.scanner_short_description.as_ref()));
    // The snippet of a secret is masked by the tool, with its first characters in clear.
    let code = item.snippet.as_deref().map(identity::of_code).unwrap_or_default();
    Finding {
        severity: jfrog::rated(word.as_deref()),
        severity_word: word,
        description: stated(item.scanner_description.as_ref()).map(text::capped),
        cwes: item.cwe.0.iter().flatten().filter_map(|cwe| ratings::cwe(cwe)).collect(),
        identity: identity::of_parts(&rule, &[&path, &code]),
        location: Some(Location { path, line: item.start_line, end_line: item.end_line }),
        ..Finding::new(kind, rule.clone(), title.as_deref().and_then(text::title).unwrap_or(rule))
    }
}
