//! Vulnerabilities of an artifact as Harbor keeps them, whichever scanner found them.

use crate::dependencies::{cwes, rated, report, utc, versions};
use crate::json::{self, Entries, List, Odd, Text, stated};
use crate::{Format, Probe, ReadError, dependencies, identity, subjects, text};
use serde::Deserialize;
use serde_json::value::RawValue;
use shipworthy_model::{Cvss, Finding, FindingKind, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "harbor",
    title: "Harbor vulnerabilities",
    homepage: "https://github.com/goharbor/pluggable-scanner-spec",
    phase: Phase::Artifact,
    tool: "harbor",
    reads: "the answer of `…/additions/vulnerabilities`, by the type of report",
    identifies: "vulnerability and component",
    severities: "harbor",
    marks: &[
        "application/vnd.security.vulnerability.report; version=1.1",
        "application/vnd.scanner.adapter.vuln.report.harbor+json; version=1.0",
    ],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_report = |key: &str| {
        key.starts_with("application/vnd.security.vulnerability.report")
            || key.starts_with("application/vnd.scanner.adapter.vuln.report")
    };
    probe.object().is_some_and(|members| !members.0.is_empty() && members.0.iter().all(|(key, _)| is_report(key)))
}

#[derive(Deserialize)]
struct Scan<'a> {
    #[serde(borrow)]
    generated_at: Option<Text<'a>>,
    #[serde(borrow, default)]
    artifact: Odd<Artifact<'a>>,
    #[serde(borrow, default)]
    vulnerabilities: List<'a>,
}

#[derive(Default, Deserialize)]
struct Artifact<'a> {
    #[serde(borrow)]
    digest: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Item<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    package: Option<Text<'a>>,
    #[serde(borrow)]
    version: Option<Text<'a>>,
    #[serde(borrow)]
    fix_version: Option<Text<'a>>,
    #[serde(borrow)]
    severity: Option<Text<'a>>,
    #[serde(borrow)]
    description: Option<Text<'a>>,
    #[serde(borrow, default)]
    links: Odd<Vec<Text<'a>>>,
    #[serde(borrow, default)]
    cwe_ids: Odd<Vec<Text<'a>>>,
    #[serde(borrow, default)]
    preferred_cvss: Odd<Rating<'a>>,
}

#[derive(Default, Deserialize)]
struct Rating<'a> {
    score_v3: Option<f64>,
    score_v2: Option<f64>,
    #[serde(borrow)]
    vector_v3: Option<Text<'a>>,
    #[serde(borrow)]
    vector_v2: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Entries<'_, &RawValue> = json::document(bytes)?;
    let mut report = report("harbor", None, Vec::new());
    let mut findings = Vec::new();
    for (key, raw) in &document.0 {
        let at = format!("/{}", key.replace('/', "~1"));
        let Some(scan) = json::part::<Scan<'_>>(raw, &at, &mut report.warnings) else { continue };
        report.created_at = report.created_at.or_else(|| utc(scan.generated_at.as_deref()));
        let artifact = scan.artifact.0.as_ref().ok().and_then(|artifact| artifact.digest.as_ref());
        artifact.into_iter().for_each(|digest| subjects::add_artifact(&mut report.subjects, digest));
        let items =
            json::parts::<Item<'_>>(&scan.vulnerabilities, format_args!("{at}/vulnerabilities"), &mut report.warnings);
        findings.extend(items.iter().map(|(_, item)| finding(item)));
    }
    Ok(Report { findings: Some(findings), ..report })
}

/// Harbor says neither which distribution nor which ecosystem a package is of.
fn finding(item: &Item<'_>) -> Finding {
    let rule = stated(item.id.as_ref()).unwrap_or_default();
    let name = item.package.as_deref().unwrap_or_default();
    let (severity, severity_word) = rated("harbor", item.severity.as_ref());
    Finding {
        description: stated(item.description.as_ref()).map(text::capped),
        severity,
        severity_word,
        cvss: item.preferred_cvss.0.as_ref().map(ratings).unwrap_or_default(),
        cwes: item.cwe_ids.0.iter().flatten().flat_map(|cwe| cwes(cwe)).collect(),
        component: Some(dependencies::component("", name, item.version.as_deref())),
        fixed_versions: item.fix_version.as_deref().map(versions).unwrap_or_default(),
        references: item.links.0.iter().flatten().filter_map(Text::stated).collect(),
        identity: identity::of_parts(&rule, &[]),
        ..Finding::new(FindingKind::Vulnerability, rule.clone(), format!("{rule} in {name}"))
    }
}

fn ratings(rating: &Rating<'_>) -> Vec<Cvss> {
    let v3 = dependencies::cvss(rating.vector_v3.as_deref(), rating.score_v3, None);
    let v2 = dependencies::cvss_of_version("2.0", rating.vector_v2.as_deref(), rating.score_v2);
    v3.into_iter().chain(v2).collect()
}
