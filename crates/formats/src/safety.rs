//! Safety reports: vulnerabilities of the Python packages of an environment or of its requirements.

use crate::dependencies::{aliases, component, cvss, cvss_of_version, report};
use crate::json::{self, List, Odd, Text, stated};
use crate::npm_advisories::OneOrMany;
use crate::{Format, Probe, ReadError, identity, text};
use serde::Deserialize;
use shipworthy_model::{Finding, FindingKind, FindingStatus, Phase, Report, Severity};

pub(crate) static FORMAT: Format = Format {
    name: "safety",
    title: "Safety report",
    homepage: "https://docs.safetycli.com/safety-docs/output/json-output",
    phase: Phase::Source,
    tool: "safety",
    reads: "`safety check --output json` since version 2, with ignored vulnerabilities; the severity is that of the score",
    identifies: "vulnerability and component",
    severities: "",
    marks: &["report_meta", "scanned_packages", "affected_packages", "vulnerabilities", "ignored_vulnerabilities"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has_all(&["report_meta", "scanned_packages", "vulnerabilities"]))
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow, default)]
    report_meta: Odd<Meta<'a>>,
    #[serde(borrow, default)]
    vulnerabilities: List<'a>,
    #[serde(borrow, default)]
    ignored_vulnerabilities: List<'a>,
}

#[derive(Default, Deserialize)]
struct Meta<'a> {
    #[serde(borrow)]
    safety_version: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Item<'a> {
    #[serde(borrow)]
    vulnerability_id: Option<Text<'a>>,
    #[serde(borrow)]
    package_name: Option<Text<'a>>,
    #[serde(borrow)]
    analyzed_version: Option<Text<'a>>,
    #[serde(borrow)]
    advisory: Option<Text<'a>>,
    #[serde(borrow, default)]
    fixed_versions: Odd<Vec<Text<'a>>>,
    #[serde(borrow, default, rename = "CVE")]
    cve: OneOrMany<'a>,
    #[serde(borrow, default)]
    severity: Odd<Rated<'a>>,
    #[serde(borrow)]
    more_info_url: Option<Text<'a>>,
    #[serde(borrow)]
    ignored_reason: Option<Text<'a>>,
}

#[derive(Default, Deserialize)]
struct Rated<'a> {
    #[serde(borrow, default)]
    cvssv3: Odd<Rating<'a>>,
    #[serde(borrow, default)]
    cvssv2: Odd<Rating<'a>>,
}

#[derive(Default, Deserialize)]
struct Rating<'a> {
    base_score: Option<f64>,
    #[serde(borrow)]
    vector_string: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let mut warnings = Vec::new();
    let mut findings = Vec::new();
    let lists = [
        ("/vulnerabilities", &document.vulnerabilities, FindingStatus::Open),
        ("/ignored_vulnerabilities", &document.ignored_vulnerabilities, FindingStatus::Suppressed),
    ];
    for (at, list, status) in lists {
        let items = json::parts::<Item<'_>>(list, at, &mut warnings);
        findings.extend(items.iter().map(|(_, item)| Finding { status, ..finding(item) }));
    }
    let version =
        document.report_meta.get("/report_meta", &mut warnings).and_then(|meta| stated(meta.safety_version.as_ref()));
    Ok(Report { warnings, ..report("safety", version, findings) })
}

fn finding(item: &Item<'_>) -> Finding {
    let cves: Vec<String> = item.cve.0.iter().filter_map(Text::stated).collect();
    let id = stated(item.vulnerability_id.as_ref()).map(|id| format!("pyup.io-{id}"));
    let rule = id.or_else(|| cves.first().cloned()).unwrap_or_default();
    let rated = item.severity.0.as_ref().ok();
    let v3 = rated.and_then(|rated| rated.cvssv3.0.as_ref().ok());
    let v2 = rated.and_then(|rated| rated.cvssv2.0.as_ref().ok());
    let score = |rating: Option<&Rating<'_>>| rating.and_then(|rating| rating.base_score);
    let rating3 = v3.and_then(|rating| cvss(rating.vector_string.as_deref(), rating.base_score, None));
    let rating2 = v2.and_then(|rating| cvss_of_version("2.0", rating.vector_string.as_deref(), rating.base_score));
    let name = item.package_name.as_deref().unwrap_or_default();
    Finding {
        aliases: aliases(&rule, cves),
        description: stated(item.advisory.as_ref()).map(text::capped),
        severity: score(v3).or(score(v2)).map_or(Severity::Unknown, Severity::of_score),
        score: score(v3).or(score(v2)),
        cvss: rating3.into_iter().chain(rating2).collect(),
        component: Some(component("pypi", name, item.analyzed_version.as_deref())),
        fixed_versions: item.fixed_versions.0.iter().flatten().filter_map(Text::stated).collect(),
        remediation: stated(item.ignored_reason.as_ref()),
        references: stated(item.more_info_url.as_ref()).into_iter().collect(),
        identity: identity::of_parts(&rule, &[]),
        ..Finding::new(FindingKind::Vulnerability, rule.clone(), format!("{rule} in {name}"))
    }
}
