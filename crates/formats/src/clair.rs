//! Reports of Clair and of the clients that write its findings down: vulnerabilities of the packages of an image.

use crate::dependencies::{component, rated, report, versions};
use crate::json::{self, Entries, List, Odd, Text, stated};
use crate::{Format, Probe, ReadError, identity, subjects, text};
use serde::Deserialize;
use shipworthy_model::{Finding, FindingKind, FindingStatus, Phase, Report, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "clair",
    title: "Clair report",
    homepage: "https://quay.github.io/clair/concepts/matching.html",
    phase: Phase::Artifact,
    tool: "clair",
    reads: "the vulnerability report of Clair 4, the reports of Klar and of clair-scanner",
    identifies: "vulnerability and component",
    severities: "clair",
    marks: &[
        "manifest_hash",
        "package_vulnerabilities",
        "LayerCount",
        "Vulnerabilities",
        "unapproved",
        "vulnerabilities",
    ],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| {
        members.has_all(&["LayerCount", "Vulnerabilities"])
            || members.has_all(&["image", "unapproved", "vulnerabilities"])
            || members.has_all(&["manifest_hash", "packages", "vulnerabilities"])
    })
}

#[derive(Deserialize)]
struct Shape<'a> {
    #[serde(borrow, rename = "LayerCount")]
    klar: Option<Text<'a>>,
    #[serde(borrow)]
    manifest_hash: Option<Text<'a>>,
}

/// The report of Klar: vulnerabilities by severity.
#[derive(Deserialize)]
struct Klar<'a> {
    #[serde(borrow, default, rename = "Vulnerabilities")]
    vulnerabilities: Odd<Entries<'a, List<'a>>>,
}

/// The report of clair-scanner.
#[derive(Deserialize)]
struct Scanner<'a> {
    #[serde(borrow)]
    image: Option<Text<'a>>,
    #[serde(borrow, default)]
    unapproved: Odd<Vec<Text<'a>>>,
    #[serde(borrow, default)]
    vulnerabilities: List<'a>,
}

/// One vulnerability of one package; Klar begins its members with capitals.
#[derive(Deserialize)]
struct Item<'a> {
    #[serde(borrow, alias = "Name")]
    vulnerability: Option<Text<'a>>,
    #[serde(borrow, alias = "NamespaceName")]
    namespace: Option<Text<'a>>,
    #[serde(borrow, alias = "Description")]
    description: Option<Text<'a>>,
    #[serde(borrow, alias = "Link")]
    link: Option<Text<'a>>,
    #[serde(borrow, alias = "Severity")]
    severity: Option<Text<'a>>,
    #[serde(borrow, rename = "fixedby", alias = "FixedBy")]
    fixed: Option<Text<'a>>,
    #[serde(borrow, rename = "featurename", alias = "FeatureName")]
    package: Option<Text<'a>>,
    #[serde(borrow, rename = "featureversion", alias = "FeatureVersion")]
    version: Option<Text<'a>>,
}

/// The report of Clair 4.
#[derive(Deserialize)]
struct Version4<'a> {
    #[serde(borrow, default)]
    packages: Odd<Entries<'a, Package<'a>>>,
    #[serde(borrow, default)]
    vulnerabilities: Odd<Entries<'a, Vulnerability<'a>>>,
    #[serde(borrow, default)]
    package_vulnerabilities: Odd<Entries<'a, Vec<Text<'a>>>>,
}

#[derive(Deserialize)]
struct Package<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    version: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Vulnerability<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    description: Option<Text<'a>>,
    #[serde(borrow)]
    links: Option<Text<'a>>,
    #[serde(borrow)]
    severity: Option<Text<'a>>,
    #[serde(borrow)]
    normalized_severity: Option<Text<'a>>,
    #[serde(borrow)]
    fixed_in_version: Option<Text<'a>>,
    #[serde(borrow, default)]
    distribution: Odd<Distribution<'a>>,
}

#[derive(Default, Deserialize)]
struct Distribution<'a> {
    #[serde(borrow)]
    did: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let shape: Shape<'_> = json::document(bytes)?;
    let mut warnings = Vec::new();
    let (findings, image) = if shape.manifest_hash.is_some() {
        (of_version_4(&json::document(bytes)?, &mut warnings), stated(shape.manifest_hash.as_ref()))
    } else if shape.klar.is_some() {
        (of_klar(&json::document(bytes)?, &mut warnings), None)
    } else {
        let document: Scanner<'_> = json::document(bytes)?;
        (of_scanner(&document, &mut warnings), stated(document.image.as_ref()))
    };
    let mut report = Report { warnings, ..report("clair", None, findings) };
    image.iter().for_each(|image| subjects::add_artifact(&mut report.subjects, image));
    Ok(report)
}

fn of_klar(document: &Klar<'_>, warnings: &mut Vec<Warning>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let by_severity = document.vulnerabilities.get("/Vulnerabilities", warnings);
    for (severity, list) in by_severity.into_iter().flat_map(|entries| &entries.0) {
        let items = json::parts::<Item<'_>>(list, format_args!("/Vulnerabilities/{}", &**severity), warnings);
        findings.extend(items.iter().map(|(_, item)| finding(item)));
    }
    findings
}

/// What is in a white list is approved and was not listed as unapproved.
fn of_scanner(document: &Scanner<'_>, warnings: &mut Vec<Warning>) -> Vec<Finding> {
    let unapproved = document.unapproved.get("/unapproved", warnings);
    let is_approved = |rule: &str| unapproved.is_some_and(|names| !names.iter().any(|name| &**name == rule));
    let items = json::parts::<Item<'_>>(&document.vulnerabilities, "/vulnerabilities", warnings);
    let findings = items.iter().map(|(_, item)| {
        let finding = finding(item);
        let status = if is_approved(&finding.rule) { FindingStatus::Suppressed } else { FindingStatus::Open };
        Finding { status, ..finding }
    });
    findings.collect()
}

fn finding(item: &Item<'_>) -> Finding {
    let rule = stated(item.vulnerability.as_ref()).unwrap_or_default();
    let name = item.package.as_deref().unwrap_or_default();
    let (severity, severity_word) = rated("clair", item.severity.as_ref());
    Finding {
        description: stated(item.description.as_ref()).map(text::capped),
        severity,
        severity_word,
        component: Some(component(item.namespace.as_deref().unwrap_or_default(), name, item.version.as_deref())),
        fixed_versions: stated(item.fixed.as_ref()).into_iter().collect(),
        references: stated(item.link.as_ref()).into_iter().collect(),
        identity: identity::of_parts(&rule, &[]),
        ..Finding::new(FindingKind::Vulnerability, rule.clone(), format!("{rule} in {name}"))
    }
}

fn of_version_4(document: &Version4<'_>, warnings: &mut Vec<Warning>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let packages = document.packages.get("/packages", warnings).map_or(&[][..], |entries| &entries.0);
    let packages: std::collections::HashMap<&str, &Package<'_>> =
        packages.iter().map(|(id, package)| (&**id, package)).collect();
    let known = document.vulnerabilities.get("/vulnerabilities", warnings).map_or(&[][..], |entries| &entries.0);
    let known: std::collections::HashMap<&str, &Vulnerability<'_>> =
        known.iter().map(|(id, item)| (&**id, item)).collect();
    let pairs = document.package_vulnerabilities.get("/package_vulnerabilities", warnings);
    for (package, ids) in pairs.into_iter().flat_map(|entries| &entries.0) {
        for id in ids {
            match packages.get(&**package).zip(known.get(&**id)) {
                Some((package, vulnerability)) => findings.push(of_pair(package, vulnerability)),
                None => {
                    let message =
                        format!("left out: package `{}` or vulnerability `{}` is not described", &**package, &**id);
                    warnings.push(Warning { at: "/package_vulnerabilities".to_owned(), message });
                }
            }
        }
    }
    findings
}

fn of_pair(package: &Package<'_>, vulnerability: &Vulnerability<'_>) -> Finding {
    // The name of an advisory of a distribution may follow that of the vulnerability: `CVE-2024-1 on Ubuntu 24.04 LTS`.
    let named = stated(vulnerability.name.as_ref()).unwrap_or_default();
    let rule = named.split_whitespace().next().unwrap_or_default().to_owned();
    let name = package.name.as_deref().unwrap_or_default();
    let word = vulnerability.normalized_severity.as_ref().or(vulnerability.severity.as_ref());
    let (severity, severity_word) = rated("clair", word);
    let distribution = vulnerability.distribution.0.as_ref().ok().and_then(|distribution| distribution.did.as_deref());
    let links = vulnerability.links.as_deref().unwrap_or_default();
    Finding {
        description: stated(vulnerability.description.as_ref()).map(text::capped),
        severity,
        severity_word,
        component: Some(component(distribution.unwrap_or_default(), name, package.version.as_deref())),
        fixed_versions: vulnerability.fixed_in_version.as_deref().map(versions).unwrap_or_default(),
        references: links.split_whitespace().map(str::to_owned).collect(),
        identity: identity::of_parts(&rule, &[]),
        ..Finding::new(FindingKind::Vulnerability, rule.clone(), format!("{rule} in {name}"))
    }
}
