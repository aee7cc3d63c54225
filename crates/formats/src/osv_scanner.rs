//! OSV-Scanner reports: vulnerabilities of the packages of a repository or an image, out of the OSV database, and
//! licences where it was asked to look at them.

use crate::dependencies::{aliases, component, rated, relative, report};
use crate::json::{self, At, Entries, List, Odd, Text, stated};
use crate::osv::Advisory;
use crate::{Format, Probe, ReadError, identity, text};
use serde::Deserialize;
use shipworthy_model::{ComponentRef, Finding, FindingKind, Location, Phase, Report, Severity, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "osv-scanner",
    title: "OSV-Scanner report",
    homepage: "https://google.github.io/osv-scanner/output/",
    phase: Phase::Source,
    tool: "osv-scanner",
    reads: "the JSON report of versions 1 and 2; the advisories that mean the same vulnerability are one finding",
    identifies: "vulnerability and component; of licences the licence and the component",
    severities: "osv-scanner",
    marks: &["results", "experimental_config", "license_summary", "image_metadata"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let Some(members) = probe.object().filter(|members| members.has("results")) else { return false };
    let is_result = probe.has_all(&["results.source.path", "results.packages"]);
    let is_empty = members.has("experimental_config") && probe.has("experimental_config.licenses");
    is_result || is_empty
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow, default)]
    results: List<'a>,
}

#[derive(Deserialize)]
struct ResultItem<'a> {
    #[serde(borrow, default)]
    source: Odd<Source<'a>>,
    #[serde(borrow, default)]
    packages: List<'a>,
}

#[derive(Default, Deserialize)]
struct Source<'a> {
    #[serde(borrow)]
    path: Option<Text<'a>>,
    #[serde(borrow, rename = "type")]
    kind: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Package<'a> {
    #[serde(borrow)]
    package: About<'a>,
    #[serde(borrow, default)]
    vulnerabilities: List<'a>,
    #[serde(borrow, default)]
    groups: List<'a>,
    #[serde(borrow, default)]
    license_violations: Odd<Vec<Text<'a>>>,
}

#[derive(Deserialize)]
struct About<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    version: Option<Text<'a>>,
    #[serde(borrow)]
    ecosystem: Option<Text<'a>>,
}

/// Advisories that mean the same vulnerability.
#[derive(Default, Deserialize)]
struct Group<'a> {
    #[serde(borrow, default, deserialize_with = "json::null_is_default")]
    ids: Vec<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "json::null_is_default")]
    aliases: Vec<Text<'a>>,
    #[serde(borrow)]
    max_severity: Option<Text<'a>>,
    #[serde(borrow, default, alias = "experimentalAnalysis")]
    experimental_analysis: Odd<Entries<'a, Analysis>>,
}

#[derive(Deserialize)]
struct Analysis {
    called: Option<bool>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let mut warnings = Vec::new();
    let mut findings = Vec::new();
    let at = At::Root;
    let at = at.key("results");
    for (index, result) in json::parts::<ResultItem<'_>>(&document.results, at, &mut warnings) {
        let at = at.index(index);
        let source = result.source.get(at.key("source"), &mut warnings);
        // Of a system's packages the source is its database and not a file of anybody's.
        let path = source
            .filter(|source| source.kind.as_deref() != Some("os"))
            .and_then(|source| stated(source.path.as_ref()));
        let at = at.key("packages");
        for (index, package) in json::parts::<Package<'_>>(&result.packages, at, &mut warnings) {
            read_package(&package, path.as_deref(), &at.index(index), &mut findings, &mut warnings);
        }
    }
    Ok(Report { warnings, ..report("osv-scanner", None, findings) })
}

fn read_package(
    package: &Package<'_>,
    path: Option<&str>,
    at: &At<'_>,
    findings: &mut Vec<Finding>,
    warnings: &mut Vec<Warning>,
) {
    let About { name, version, ecosystem } = &package.package;
    let name = name.as_deref().unwrap_or_default();
    let component = component(ecosystem.as_deref().unwrap_or_default(), name, version.as_deref());
    let location = path.map(|path| Location { path: relative(path), ..Location::default() });
    let advisories: Vec<Advisory<'_>> = json::parts(&package.vulnerabilities, at.key("vulnerabilities"), warnings)
        .into_iter()
        .map(|(_, item)| item)
        .collect();
    let groups: Vec<Group<'_>> =
        json::parts(&package.groups, at.key("groups"), warnings).into_iter().map(|(_, item)| item).collect();
    let is_in =
        |group: &Group<'_>, advisory: &Advisory<'_>| group.ids.iter().any(|id| Some(&**id) == advisory.id.as_deref());
    for group in &groups {
        let of_group: Vec<_> = advisories.iter().filter(|advisory| is_in(group, advisory)).collect();
        findings.extend(finding(&of_group, group, &component, location.as_ref()));
    }
    for advisory in advisories.iter().filter(|advisory| !groups.iter().any(|group| is_in(group, advisory))) {
        findings.extend(finding(&[advisory], &Group::default(), &component, location.as_ref()));
    }
    let licenses = package.license_violations.get(at.key("license_violations"), warnings);
    for license in licenses.into_iter().flatten().filter_map(Text::stated) {
        findings.push(Finding {
            identity: identity::of_parts(&license, &[name, version.as_deref().unwrap_or_default()]),
            title: format!("licence {license} in {name}"),
            component: Some(component.clone()),
            location: location.clone(),
            ..Finding::new(FindingKind::License, license, "")
        });
    }
}

fn finding(
    advisories: &[&Advisory<'_>],
    group: &Group<'_>,
    component: &ComponentRef,
    location: Option<&Location>,
) -> Option<Finding> {
    let first = advisories.first()?;
    let rule = stated(first.id.as_ref())?;
    let is_malware = rule.starts_with("MAL-");
    let kind = if is_malware { FindingKind::Malware } else { FindingKind::Vulnerability };
    let ids = group.ids.iter().chain(&group.aliases).filter_map(Text::stated);
    let names = ids.chain(advisories.iter().flat_map(|advisory| advisory.names()));
    let (of_word, severity_word) = rated("osv-scanner", advisories.iter().find_map(|advisory| advisory.word()));
    let cvss: Vec<_> = advisories.iter().flat_map(|advisory| advisory.ratings()).collect();
    let stated_score = group.max_severity.as_deref().and_then(|score| score.trim().parse::<f64>().ok());
    let score = stated_score.or_else(|| cvss.iter().filter_map(|cvss| cvss.score).reduce(f64::max));
    let of_score = score.map_or(Severity::Unknown, Severity::of_score);
    let analysis = group.experimental_analysis.0.as_ref().ok().map(|analysis| &analysis.0);
    let is_uncalled =
        analysis.is_some_and(|analysis| !analysis.is_empty() && analysis.iter().all(|(_, a)| a.called == Some(false)));
    let details = advisories.iter().find_map(|advisory| stated(advisory.details.as_ref()));
    let called = is_uncalled.then(|| "The vulnerable code is not called.".to_owned());
    let description = [called, details].into_iter().flatten().collect::<Vec<_>>().join("\n\n");
    let summary = advisories.iter().find_map(|advisory| advisory.summary.as_deref().and_then(text::title));
    let mut cwes: Vec<u32> = advisories.iter().flat_map(|advisory| advisory.cwes()).collect();
    cwes.sort_unstable();
    cwes.dedup();
    let mut fixed: Vec<String> = advisories.iter().flat_map(|advisory| advisory.fixed(&component.name)).collect();
    let mut known = std::collections::HashSet::new();
    fixed.retain(|version| known.insert(version.clone()));
    Some(Finding {
        aliases: aliases(&rule, names),
        description: Some(description).filter(|text| !text.is_empty()).map(text::capped),
        severity: if severity_word.is_some() { of_word } else { of_score },
        severity_word,
        score,
        cvss,
        cwes,
        fixed_versions: fixed,
        references: first.addresses().collect(),
        identity: identity::of_parts(&rule, &[&component.name, component.version.as_deref().unwrap_or_default()]),
        component: Some(component.clone()),
        location: location.cloned(),
        ..Finding::new(kind, rule.clone(), summary.unwrap_or_else(|| format!("{rule} in {}", component.name)))
    })
}
