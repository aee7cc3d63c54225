//! Evaluated models of the OSS Review Toolkit: violations of rules about licences, and vulnerabilities of dependencies.

use crate::dependencies::{base_score, component, cvss, of_package_url, rated, report};
use crate::json::{self, List, Odd, Text, stated};
use crate::{Format, Probe, ReadError, identity, text};
use serde::Deserialize;
use shipworthy_model::{ComponentRef, Finding, FindingKind, FindingStatus, Phase, Report, Severity};
use std::collections::HashMap;

pub(crate) static FORMAT: Format = Format {
    name: "ort",
    title: "OSS Review Toolkit evaluated model",
    homepage: "https://oss-review-toolkit.org/ort/docs/plugins/reporters/EvaluatedModel",
    phase: Phase::Source,
    tool: "ort",
    reads: "`evaluated-model.json`: rule violations and vulnerabilities, those with a resolution suppressed",
    identifies: "vulnerability and component; of violations the rule, the package and the licence",
    severities: "ort",
    marks: &["rule_violations", "packages", "scopes", "repository_configuration", "dependency_trees"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has_all(&["rule_violations", "packages", "issue_resolutions"]))
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow, default)]
    packages: List<'a>,
    #[serde(borrow, default)]
    licenses: List<'a>,
    #[serde(borrow, default)]
    rule_violations: List<'a>,
    #[serde(borrow, default)]
    vulnerabilities: List<'a>,
}

#[derive(Deserialize)]
struct Package<'a> {
    #[serde(rename = "_id")]
    number: u64,
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    purl: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct License<'a> {
    #[serde(rename = "_id")]
    number: u64,
    #[serde(borrow)]
    id: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Violation<'a> {
    #[serde(borrow)]
    rule: Option<Text<'a>>,
    pkg: Option<u64>,
    license: Option<u64>,
    #[serde(borrow)]
    severity: Option<Text<'a>>,
    #[serde(borrow)]
    message: Option<Text<'a>>,
    #[serde(borrow)]
    how_to_fix: Option<Text<'a>>,
    #[serde(default)]
    resolutions: Odd<Vec<u64>>,
}

#[derive(Deserialize)]
struct Vulnerability<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    pkg: Option<u64>,
    #[serde(borrow)]
    summary: Option<Text<'a>>,
    #[serde(borrow)]
    description: Option<Text<'a>>,
    #[serde(borrow, default)]
    references: Odd<Vec<Reference<'a>>>,
    #[serde(default)]
    resolutions: Odd<Vec<u64>>,
}

#[derive(Deserialize)]
struct Reference<'a> {
    #[serde(borrow)]
    url: Option<Text<'a>>,
    #[serde(borrow)]
    severity: Option<Text<'a>>,
    score: Option<f64>,
    #[serde(borrow)]
    vector: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let mut warnings = Vec::new();
    let packages = json::parts::<Package<'_>>(&document.packages, "/packages", &mut warnings);
    let packages: HashMap<u64, ComponentRef> =
        packages.iter().map(|(_, package)| (package.number, named(package))).collect();
    let licenses = json::parts::<License<'_>>(&document.licenses, "/licenses", &mut warnings);
    let licenses: HashMap<u64, String> =
        licenses.iter().filter_map(|(_, license)| Some((license.number, stated(license.id.as_ref())?))).collect();
    let violations = json::parts::<Violation<'_>>(&document.rule_violations, "/rule_violations", &mut warnings);
    let vulnerabilities =
        json::parts::<Vulnerability<'_>>(&document.vulnerabilities, "/vulnerabilities", &mut warnings);
    let of = |number: Option<u64>| number.and_then(|number| packages.get(&number)).cloned();
    let findings = violations.iter().map(|(_, item)| {
        let license = item.license.and_then(|number| licenses.get(&number));
        violation(item, of(item.pkg), license.map(String::as_str))
    });
    let findings = findings.chain(vulnerabilities.iter().map(|(_, item)| vulnerability(item, of(item.pkg)))).collect();
    let looked_for = vec![FindingKind::License, FindingKind::Vulnerability];
    Ok(Report { warnings, looked_for, ..report("ort", None, findings) })
}

/// The component by its package URL, else by ORT's own id: `Maven:org.shop:cart:1.0`.
fn named(package: &Package<'_>) -> ComponentRef {
    let of_url = package.purl.as_deref().map(of_package_url).filter(|component| component.purl.is_some());
    let id = package.id.as_deref().unwrap_or_default();
    let parts: Vec<&str> = id.split(':').collect();
    let of_id = || match parts[..] {
        [kind, "", name, version] => component(kind, name, Some(version)),
        [kind, group, name, version] if kind.eq_ignore_ascii_case("npm") => {
            component(kind, &format!("{group}/{name}"), Some(version))
        }
        [kind, group, name, version] => component(kind, &format!("{group}:{name}"), Some(version)),
        _ => component("", id, None),
    };
    of_url.unwrap_or_else(of_id)
}

fn status(resolutions: &Odd<Vec<u64>>) -> FindingStatus {
    let is_resolved = resolutions.0.as_ref().is_ok_and(|resolutions| !resolutions.is_empty());
    if is_resolved { FindingStatus::Suppressed } else { FindingStatus::Open }
}

fn violation(item: &Violation<'_>, component: Option<ComponentRef>, license: Option<&str>) -> Finding {
    let rule = stated(item.rule.as_ref()).unwrap_or_default();
    let (severity, severity_word) = rated("ort", item.severity.as_ref());
    let name = component.as_ref().map(|component| component.name.clone()).unwrap_or_default();
    Finding {
        description: stated(item.message.as_ref()).map(text::capped),
        severity,
        severity_word,
        identity: identity::of_parts(&rule, &[&name, license.unwrap_or_default()]),
        component,
        remediation: stated(item.how_to_fix.as_ref()).map(text::capped),
        status: status(&item.resolutions),
        ..Finding::new(
            FindingKind::License,
            rule.clone(),
            item.message.as_deref().and_then(text::title).unwrap_or(rule),
        )
    }
}

fn vulnerability(item: &Vulnerability<'_>, component: Option<ComponentRef>) -> Finding {
    let rule = stated(item.id.as_ref()).unwrap_or_default();
    let references = || item.references.0.iter().flatten();
    let ratings: Vec<_> = references()
        .filter_map(|reference| {
            let vector = reference.vector.as_deref();
            cvss(vector, reference.score.or_else(|| vector.and_then(base_score)), None)
        })
        .collect();
    let (of_word, severity_word) = rated("ort", references().find_map(|reference| reference.severity.as_ref()));
    let score = ratings.iter().filter_map(|rating| rating.score).reduce(f64::max);
    let of_score = score.map_or(Severity::Unknown, Severity::of_score);
    let mut urls: Vec<String> = references().filter_map(|reference| stated(reference.url.as_ref())).collect();
    urls.dedup();
    Finding {
        description: stated(item.description.as_ref()).map(text::capped),
        severity: if of_word == Severity::Unknown { of_score } else { of_word },
        severity_word,
        score,
        cvss: ratings,
        component,
        references: urls,
        status: status(&item.resolutions),
        identity: identity::of_parts(&rule, &[]),
        ..Finding::new(
            FindingKind::Vulnerability,
            rule.clone(),
            item.summary.as_deref().and_then(text::title).unwrap_or(rule),
        )
    }
}
