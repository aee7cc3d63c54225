//! Vulnerabilities of an image from Google Cloud's Artifact Analysis.

use crate::dependencies::{component, cvss, cvss_of_version, rated, relative, report};
use crate::json::{self, Entries, List, Odd, Text, stated};
use crate::{Format, Probe, ReadError, identity, subjects, text};
use serde::Deserialize;
use shipworthy_model::{Finding, FindingKind, Location, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "gcloud-artifact-analysis",
    title: "Google Cloud Artifact Analysis",
    homepage: "https://cloud.google.com/artifact-analysis/docs/container-scanning-overview",
    phase: Phase::Artifact,
    tool: "gcloud-artifact-analysis",
    reads: "`gcloud artifacts docker images describe --show-package-vulnerability --format json`",
    identifies: "vulnerability and component",
    severities: "gcloud-artifact-analysis",
    marks: &["image_summary", "package_vulnerability_summary", "discovery_summary"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has_all(&["image_summary", "package_vulnerability_summary"]))
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow, default)]
    image_summary: Odd<Image<'a>>,
    #[serde(borrow, default)]
    package_vulnerability_summary: Odd<Summary<'a>>,
}

#[derive(Default, Deserialize)]
struct Image<'a> {
    #[serde(borrow)]
    digest: Option<Text<'a>>,
}

/// By severity.
#[derive(Default, Deserialize)]
struct Summary<'a> {
    #[serde(borrow, default)]
    vulnerabilities: Odd<Entries<'a, List<'a>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Occurrence<'a> {
    #[serde(borrow)]
    note_name: Option<Text<'a>>,
    #[serde(borrow)]
    vulnerability: Vulnerability<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Vulnerability<'a> {
    #[serde(borrow)]
    short_description: Option<Text<'a>>,
    #[serde(borrow)]
    long_description: Option<Text<'a>>,
    #[serde(borrow)]
    effective_severity: Option<Text<'a>>,
    #[serde(borrow)]
    severity: Option<Text<'a>>,
    #[serde(default)]
    cvssv3: Odd<Score>,
    #[serde(default)]
    cvss_v2: Odd<Score>,
    #[serde(borrow, default)]
    package_issue: Odd<Vec<Package<'a>>>,
    #[serde(borrow, default)]
    related_urls: Odd<Vec<Related<'a>>>,
}

#[derive(Default, Deserialize)]
struct Score {
    #[serde(rename = "baseScore")]
    base: Option<f64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Package<'a> {
    #[serde(borrow)]
    affected_cpe_uri: Option<Text<'a>>,
    #[serde(borrow)]
    affected_package: Option<Text<'a>>,
    #[serde(borrow)]
    affected_version: Option<Version<'a>>,
    #[serde(borrow)]
    fixed_version: Option<Version<'a>>,
    #[serde(borrow)]
    package_type: Option<Text<'a>>,
    #[serde(borrow, default)]
    file_location: Odd<Vec<Place<'a>>>,
}

#[derive(Deserialize)]
struct Version<'a> {
    #[serde(borrow, rename = "fullName")]
    full: Option<Text<'a>>,
    #[serde(borrow)]
    kind: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Place<'a> {
    #[serde(borrow, rename = "filePath")]
    path: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Related<'a> {
    #[serde(borrow)]
    url: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let mut warnings = Vec::new();
    let mut findings = Vec::new();
    let summary = document.package_vulnerability_summary.get("/package_vulnerability_summary", &mut warnings);
    let by_severity = summary.and_then(|summary| summary.vulnerabilities.0.as_ref().ok());
    for (word, list) in by_severity.into_iter().flat_map(|entries| &entries.0) {
        let at = format!("/package_vulnerability_summary/vulnerabilities/{}", &**word);
        for (_, item) in json::parts::<Occurrence<'_>>(list, at, &mut warnings) {
            let packages = item.vulnerability.package_issue.0.iter().flatten();
            findings.extend(packages.map(|package| finding(&item, package)));
        }
    }
    let mut report = report("gcloud-artifact-analysis", None, findings);
    let image = document.image_summary.get("/image_summary", &mut warnings);
    image
        .iter()
        .filter_map(|image| image.digest.as_ref())
        .for_each(|digest| subjects::add_artifact(&mut report.subjects, digest));
    Ok(Report { warnings, ..report })
}

fn finding(item: &Occurrence<'_>, package: &Package<'_>) -> Finding {
    let vulnerability = &item.vulnerability;
    let of_note = item.note_name.as_deref().and_then(|note| note.rsplit('/').next()).map(str::to_owned);
    let rule = of_note.or_else(|| stated(vulnerability.short_description.as_ref())).unwrap_or_default();
    let kind = package.package_type.as_deref().unwrap_or_default();
    // Of packages of a system the distribution is in the CPE: `cpe:/o:debian:debian_linux:12`.
    let system = package.affected_cpe_uri.as_deref().and_then(|cpe| cpe.split(':').nth(2)).unwrap_or_default();
    let name = package.affected_package.as_deref().unwrap_or_default();
    let (ecosystem, name) = match kind {
        "OS" => (system, name),
        "GO_STDLIB" => ("go", "stdlib"),
        other => (other, name),
    };
    let version = package.affected_version.as_ref().and_then(|version| stated(version.full.as_ref()));
    let fixed = package.fixed_version.as_ref().filter(|version| version.kind.as_deref() != Some("MAXIMUM"));
    let (severity, severity_word) = rated(
        "gcloud-artifact-analysis",
        vulnerability.effective_severity.as_ref().or(vulnerability.severity.as_ref()),
    );
    let score = |odd: &Odd<Score>| odd.0.as_ref().ok().and_then(|score| score.base);
    let v2 = cvss_of_version("2.0", None, score(&vulnerability.cvss_v2));
    let path = package.file_location.0.iter().flatten().find_map(|place| stated(place.path.as_ref()));
    Finding {
        description: stated(vulnerability.long_description.as_ref()).map(text::capped),
        severity,
        severity_word,
        cvss: cvss(None, score(&vulnerability.cvssv3), None).into_iter().chain(v2).collect(),
        component: Some(component(ecosystem, name, version.as_deref())),
        location: path.filter(|_| kind != "OS").map(|path| Location { path: relative(&path), ..Location::default() }),
        fixed_versions: fixed.and_then(|version| stated(version.full.as_ref())).into_iter().collect(),
        references: vulnerability
            .related_urls
            .0
            .iter()
            .flatten()
            .filter_map(|related| stated(related.url.as_ref()))
            .collect(),
        identity: identity::of_parts(&rule, &[]),
        ..Finding::new(FindingKind::Vulnerability, rule.clone(), format!("{rule} in {name}"))
    }
}
