//! Findings of a project as Dependency-Track exports them (File Packaging Format).

use crate::dependencies::{aliases, cvss, cvss_of_version, rated, report, utc};
use crate::json::{self, List, Odd, Text, stated};
use crate::{Format, Probe, ReadError, identity, purl, text};
use serde::Deserialize;
use shipworthy_model::{ComponentRef, Cvss, Finding, FindingKind, FindingStatus, Phase, Report, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "dependency-track",
    title: "Dependency-Track findings",
    homepage: "https://docs.dependencytrack.org/integrations/file-formats/",
    phase: Phase::Artifact,
    tool: "dependency-track",
    reads: "the File Packaging Format 1.0 to 1.3, with what people decided about a finding",
    identifies: "vulnerability and component",
    severities: "dependency-track",
    marks: &["version", "meta", "project", "findings"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_export = |members: &crate::Members| members.has_all(&["version", "meta", "project"]);
    probe.object().is_some_and(is_export) && probe.value("meta.application") == Some("Dependency-Track")
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow, default)]
    meta: Odd<Meta<'a>>,
    #[serde(borrow, default)]
    findings: List<'a>,
}

#[derive(Default, Deserialize)]
struct Meta<'a> {
    #[serde(borrow)]
    version: Option<Text<'a>>,
    #[serde(borrow)]
    timestamp: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Item<'a> {
    #[serde(borrow)]
    component: Component<'a>,
    #[serde(borrow)]
    vulnerability: Vulnerability<'a>,
    #[serde(borrow, default)]
    analysis: Odd<Analysis<'a>>,
}

#[derive(Deserialize)]
struct Component<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    group: Option<Text<'a>>,
    #[serde(borrow)]
    version: Option<Text<'a>>,
    #[serde(borrow)]
    purl: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Vulnerability<'a> {
    #[serde(borrow)]
    vuln_id: Option<Text<'a>>,
    #[serde(borrow)]
    source: Option<Text<'a>>,
    #[serde(borrow)]
    title: Option<Text<'a>>,
    #[serde(borrow)]
    description: Option<Text<'a>>,
    #[serde(borrow)]
    recommendation: Option<Text<'a>>,
    #[serde(borrow)]
    severity: Option<Text<'a>>,
    #[serde(rename = "cvssV2BaseScore")]
    score_v2: Option<f64>,
    #[serde(rename = "cvssV3BaseScore")]
    score_v3: Option<f64>,
    #[serde(borrow, rename = "cvssV2Vector")]
    vector_v2: Option<Text<'a>>,
    #[serde(borrow, rename = "cvssV3Vector")]
    vector_v3: Option<Text<'a>>,
    #[serde(rename = "cvssV4Score")]
    score_v4: Option<f64>,
    #[serde(borrow, rename = "cvssV4Vector")]
    vector_v4: Option<Text<'a>>,
    cwe_id: Option<u32>,
    #[serde(default)]
    cwes: Odd<Vec<Weakness>>,
    #[serde(borrow, default)]
    aliases: Odd<Vec<Alias<'a>>>,
}

#[derive(Deserialize)]
struct Weakness {
    #[serde(rename = "cweId")]
    id: Option<u32>,
}

/// The names of one vulnerability in several databases.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Alias<'a> {
    #[serde(borrow)]
    cve_id: Option<Text<'a>>,
    #[serde(borrow)]
    ghsa_id: Option<Text<'a>>,
    #[serde(borrow)]
    osv_id: Option<Text<'a>>,
    #[serde(borrow)]
    snyk_id: Option<Text<'a>>,
    #[serde(borrow)]
    sonatype_id: Option<Text<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Analysis<'a> {
    #[serde(borrow)]
    state: Option<Text<'a>>,
    is_suppressed: Option<bool>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let mut warnings = Vec::new();
    let mut findings = Vec::new();
    for (index, item) in json::parts::<Item<'_>>(&document.findings, "/findings", &mut warnings) {
        findings.push(finding(&item, &format!("/findings/{index}"), &mut warnings));
    }
    let meta = document.meta.get("/meta", &mut warnings);
    let version = meta.and_then(|meta| stated(meta.version.as_ref()));
    let created_at = meta.and_then(|meta| utc(meta.timestamp.as_deref()));
    Ok(Report { created_at, warnings, ..report("dependency-track", version, findings) })
}

fn finding(item: &Item<'_>, at: &str, warnings: &mut Vec<Warning>) -> Finding {
    let vulnerability = &item.vulnerability;
    let rule = stated(vulnerability.vuln_id.as_ref()).unwrap_or_default();
    let url = item.component.purl.as_deref().unwrap_or_default();
    let purl = purl::canonical(url, format_args!("{at}/component/purl"), warnings);
    let name = stated(item.component.name.as_ref()).unwrap_or_default();
    let component = ComponentRef {
        name: purl::name_in_group(purl.as_deref(), stated(item.component.group.as_ref()), name),
        version: stated(item.component.version.as_ref()),
        purl,
    };
    let (severity, severity_word) = rated("dependency-track", vulnerability.severity.as_ref());
    let names = vulnerability.aliases.0.iter().flatten().flat_map(|alias| {
        [&alias.cve_id, &alias.ghsa_id, &alias.osv_id, &alias.snyk_id, &alias.sonatype_id]
            .map(|name| stated(name.as_ref()))
    });
    let mut cwes: Vec<u32> = vulnerability.cwes.0.iter().flatten().filter_map(|weakness| weakness.id).collect();
    if cwes.is_empty() {
        cwes.extend(vulnerability.cwe_id);
    }
    let title = stated(vulnerability.title.as_ref()).unwrap_or_else(|| format!("{rule} in {}", component.name));
    Finding {
        aliases: aliases(&rule, names.flatten()),
        description: stated(vulnerability.description.as_ref()).map(text::capped),
        severity,
        severity_word,
        score: vulnerability.score_v4.or(vulnerability.score_v3).or(vulnerability.score_v2),
        cvss: ratings(vulnerability),
        cwes,
        component: Some(component),
        remediation: stated(vulnerability.recommendation.as_ref()),
        status: status(item.analysis.get(format_args!("{at}/analysis"), warnings)),
        identity: identity::of_parts(&rule, &[]),
        ..Finding::new(FindingKind::Vulnerability, rule, title)
    }
}

fn ratings(vulnerability: &Vulnerability<'_>) -> Vec<Cvss> {
    let of = |version: &str, vector: &Option<Text<'_>>, score: Option<f64>| match vector
        .as_deref()
        .filter(|vector| !vector.is_empty())
    {
        Some(vector) => cvss(Some(vector.trim_matches(['(', ')'])), score, None),
        None => cvss_of_version(version, None, score),
    };
    let rated = [
        of("4.0", &vulnerability.vector_v4, vulnerability.score_v4),
        of("3.1", &vulnerability.vector_v3, vulnerability.score_v3),
        of("2.0", &vulnerability.vector_v2, vulnerability.score_v2),
    ];
    let source = stated(vulnerability.source.as_ref()).map(|source| source.to_lowercase());
    rated.into_iter().flatten().map(|rating| Cvss { source: source.clone(), ..rating }).collect()
}

/// What people decided. That a component is not affected is a statement and no fix.
fn status(analysis: Option<&Analysis<'_>>) -> FindingStatus {
    match analysis.and_then(|analysis| analysis.state.as_deref()) {
        Some("FALSE_POSITIVE") => FindingStatus::FalsePositive,
        Some("RESOLVED") => FindingStatus::Fixed,
        Some("NOT_AFFECTED") => FindingStatus::Suppressed,
        _ if analysis.is_some_and(|analysis| analysis.is_suppressed == Some(true)) => FindingStatus::Suppressed,
        _ => FindingStatus::Open,
    }
}
