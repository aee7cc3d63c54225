//! Scans of NeuVector: the vulnerabilities and secrets of an image, a workload or a host, as its REST API tells of them.

use crate::json::{self, At, List, Text, stated};
use crate::{Format, Probe, ReadError, identity, ratings, secret, severity, subjects, text};
use serde::Deserialize;
use shipworthy_model::{
    Component, ComponentRef, Cvss, Finding, FindingKind, Inventory, Location, Phase, Report, Tool, Warning,
};

pub(crate) static FORMAT: Format = Format {
    name: "neuvector",
    title: "NeuVector scan",
    homepage: "https://open-docs.neuvector.com/scanning/scanning/",
    phase: Phase::Artifact,
    tool: "neuvector",
    reads: "the `report` of a scan of an image, a workload, a node or a registry by the REST API, versions 4 and 5",
    identifies: "vulnerability and component; of a secret its kind, the file and what was found",
    severities: "neuvector",
    marks: &["report"],
    recognises: |probe: &Probe| {
        probe.object().is_some_and(|members| members.has("report"))
            && probe.has("report.vulnerabilities")
            && (probe.has("report.modules") || probe.has("report.vulnerabilities.package_name"))
    },
    read,
};

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow)]
    report: Scan<'a>,
}

#[derive(Deserialize)]
#[serde(expecting = "a report")]
struct Scan<'a> {
    #[serde(borrow)]
    digest: Option<Text<'a>>,
    #[serde(borrow)]
    verdict: Option<Text<'a>>,
    #[serde(borrow, default)]
    vulnerabilities: List<'a>,
    #[serde(borrow, default)]
    modules: List<'a>,
    #[serde(borrow, default)]
    checks: List<'a>,
    #[serde(borrow, default)]
    secrets: List<'a>,
}

#[derive(Deserialize)]
struct Vulnerability<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    severity: Option<Text<'a>>,
    #[serde(borrow)]
    description: Option<Text<'a>>,
    #[serde(borrow)]
    package_name: Option<Text<'a>>,
    #[serde(borrow)]
    package_version: Option<Text<'a>>,
    #[serde(borrow)]
    fixed_version: Option<Text<'a>>,
    #[serde(borrow)]
    link: Option<Text<'a>>,
    #[serde(borrow)]
    file_name: Option<Text<'a>>,
    score: Option<f64>,
    #[serde(borrow)]
    vectors: Option<Text<'a>>,
    score_v3: Option<f64>,
    #[serde(borrow)]
    vectors_v3: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Module<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    version: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Secret<'a> {
    #[serde(borrow, rename = "type")]
    kind: Option<Text<'a>>,
    #[serde(borrow)]
    evidence: Option<Text<'a>>,
    #[serde(borrow)]
    path: Option<Text<'a>>,
    #[serde(borrow)]
    suggestion: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let scan = &document.report;
    let tool = Tool { name: "neuvector".to_owned(), version: None };
    let mut report = Report {
        tool: Some(tool),
        looked_for: vec![FindingKind::Vulnerability, FindingKind::Secret],
        ..Report::default()
    };
    let Report { warnings, subjects, .. } = &mut report;
    if let Some(digest) = &scan.digest {
        subjects::add_artifact(subjects, digest);
    }
    let at = At::Root;
    let at = at.key("report");
    let vulnerabilities = json::parts::<Vulnerability<'_>>(&scan.vulnerabilities, at.key("vulnerabilities"), warnings);
    let mut findings: Vec<Finding> = vulnerabilities.iter().map(|(_, item)| vulnerability(item)).collect();
    let secrets = json::parts::<Secret<'_>>(&scan.secrets, at.key("secrets"), warnings);
    findings.extend(secrets.iter().filter_map(|(_, item)| found_secret(item)));
    if !scan.checks.items.is_empty() {
        let count = scan.checks.items.len();
        let message = format!("left out: {count} checks of a benchmark; send the compliance report for them");
        warnings.push(Warning { at: at.key("checks").to_string(), message });
    }
    let modules = json::parts::<Module<'_>>(&scan.modules, at.key("modules"), warnings);
    let components: Vec<_> = modules.iter().map(|(index, module)| component(*index, module)).collect();
    if !components.is_empty() {
        let authors = vec!["neuvector".to_owned()];
        report.inventory = Some(Inventory { authors, components, ..Inventory::default() });
    }
    if let Some(verdict) = stated(scan.verdict.as_ref()) {
        report
            .warnings
            .push(Warning { at: "/report/verdict".to_owned(), message: format!("NeuVector's verdict: {verdict}") });
    }
    report.findings = Some(findings);
    Ok(report)
}

fn component(index: usize, module: &Module<'_>) -> Component {
    Component {
        reference: index.to_string(),
        kind: "library".to_owned(),
        name: stated(module.name.as_ref()).unwrap_or_default(),
        version: stated(module.version.as_ref()),
        ..Component::default()
    }
}

fn vulnerability(item: &Vulnerability<'_>) -> Finding {
    let rule = stated(item.name.as_ref()).unwrap_or_default();
    let name = stated(item.package_name.as_ref()).unwrap_or_default();
    let word = stated(item.severity.as_ref());
    let ratings: Vec<Cvss> = [
        ratings::cvss(item.vectors.as_deref(), item.score, "2.0", None),
        ratings::cvss(item.vectors_v3.as_deref(), item.score_v3, "3.1", None),
    ]
    .into_iter()
    .flatten()
    .collect();
    let fixed = item.fixed_version.as_deref().unwrap_or_default().split(['|', ',', ';']).map(str::trim);
    Finding {
        severity: word.as_deref().map_or_else(Default::default, |word| severity::of_word("neuvector", word)),
        severity_word: word,
        cvss: ratings,
        description: stated(item.description.as_ref()).map(text::capped),
        fixed_versions: fixed.filter(|fixed| !fixed.is_empty()).map(str::to_owned).collect(),
        references: item.link.iter().filter_map(Text::stated).collect(),
        location: stated(item.file_name.as_ref()).map(|path| Location { path, ..Location::default() }),
        component: Some(ComponentRef {
            purl: None,
            name: name.clone(),
            version: stated(item.package_version.as_ref()),
        }),
        ..Finding::new(FindingKind::Vulnerability, rule.clone(), format!("{rule} in {name}"))
    }
}

/// A secret without its evidence, which is the secret. The API's example has one that is blank.
fn found_secret(item: &Secret<'_>) -> Option<Finding> {
    let path = stated(item.path.as_ref())?;
    let rule = stated(item.kind.as_ref()).unwrap_or_else(|| "secret".to_owned());
    let evidence = item.evidence.as_deref().map(secret::fingerprint).unwrap_or_default();
    Some(Finding {
        remediation: stated(item.suggestion.as_ref()),
        identity: identity::of_parts(&rule, &[&path, &evidence]),
        location: Some(Location { path: path.clone(), ..Location::default() }),
        ..Finding::new(FindingKind::Secret, rule.clone(), format!("{rule} in {path}"))
    })
}
