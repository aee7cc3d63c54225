//! Meterian reports: vulnerabilities and licences of the libraries of a project.

use crate::dependencies::{aliases, component, cvss, cwes, names, rated, report};
use crate::json::{self, List, Odd, Text, stated};
use crate::{Format, Probe, ReadError, identity, text};
use serde::Deserialize;
use shipworthy_model::{Finding, FindingKind, Phase, Report, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "meterian",
    title: "Meterian report",
    homepage: "https://docs.meterian.io/the-meterian-client/command-line-parameters/report-formats",
    phase: Phase::Source,
    tool: "meterian",
    reads: "the JSON report: advices about security",
    identifies: "vulnerability and component",
    severities: "meterian",
    marks: &["scores", "reports", "url", "timestamp"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has_all(&["scores", "reports"])) && probe.has("reports.security")
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow)]
    reports: Reports<'a>,
}

#[derive(Deserialize)]
struct Reports<'a> {
    #[serde(borrow, default)]
    security: Odd<Security<'a>>,
}

#[derive(Default, Deserialize)]
struct Security<'a> {
    #[serde(borrow, default, alias = "assessments")]
    reports: List<'a>,
}

#[derive(Deserialize)]
struct Language<'a> {
    #[serde(borrow)]
    language: Option<Text<'a>>,
    #[serde(borrow, default)]
    reports: List<'a>,
}

#[derive(Deserialize)]
struct Library<'a> {
    #[serde(borrow)]
    dependency: Dependency<'a>,
    #[serde(borrow, default)]
    advices: List<'a>,
    #[serde(borrow, default, rename = "safeVersions")]
    safe: Odd<Safe<'a>>,
}

#[derive(Deserialize)]
struct Dependency<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    version: Option<Text<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Safe<'a> {
    #[serde(borrow)]
    latest_patch: Option<Text<'a>>,
    #[serde(borrow)]
    latest_minor: Option<Text<'a>>,
    #[serde(borrow)]
    latest_major: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Advice<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    description: Option<Text<'a>>,
    #[serde(borrow)]
    severity: Option<Text<'a>>,
    cvss: Option<f64>,
    #[serde(borrow)]
    cve: Option<Text<'a>>,
    #[serde(borrow)]
    cwe: Option<Text<'a>>,
    #[serde(borrow, default)]
    links: Odd<Vec<Link<'a>>>,
}

#[derive(Deserialize)]
struct Link<'a> {
    #[serde(borrow)]
    url: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let mut warnings = Vec::new();
    let mut findings = Vec::new();
    if let Some(security) = document.reports.security.get("/reports/security", &mut warnings) {
        for (index, language) in
            json::parts::<Language<'_>>(&security.reports, "/reports/security/reports", &mut warnings)
        {
            let at = format!("/reports/security/reports/{index}/reports");
            of_language(&language, &at, &mut findings, &mut warnings);
        }
    }
    Ok(Report { warnings, ..report("meterian", None, findings) })
}

fn of_language(language: &Language<'_>, at: &str, findings: &mut Vec<Finding>, warnings: &mut Vec<Warning>) {
    let ecosystem = language.language.as_deref().unwrap_or_default();
    for (index, library) in json::parts::<Library<'_>>(&language.reports, at, warnings) {
        let advices = json::parts::<Advice<'_>>(&library.advices, format_args!("{at}/{index}/advices"), warnings);
        findings.extend(advices.iter().map(|(_, advice)| finding(advice, &library, ecosystem)));
    }
}

fn finding(advice: &Advice<'_>, library: &Library<'_>, ecosystem: &str) -> Finding {
    let id = stated(advice.id.as_ref()).unwrap_or_default();
    let cve = stated(advice.cve.as_ref()).filter(|cve| cve.starts_with("CVE-"));
    let rule = cve.unwrap_or_else(|| id.clone());
    let links: Vec<String> = advice.links.0.iter().flatten().filter_map(|link| stated(link.url.as_ref())).collect();
    let advisories = links.iter().filter(|link| link.contains("/advisories/")).flat_map(|link| names(link));
    let name = library.dependency.name.as_deref().unwrap_or_default();
    let (severity, severity_word) = rated("meterian", advice.severity.as_ref());
    let safe = library.safe.0.as_ref().ok();
    let safe = safe.into_iter().flat_map(|safe| [&safe.latest_patch, &safe.latest_minor, &safe.latest_major]);
    Finding {
        aliases: aliases(&rule, std::iter::once(id).chain(advisories.filter(|name| name.starts_with("GHSA")))),
        description: stated(advice.description.as_ref()).map(text::capped),
        severity,
        severity_word,
        score: advice.cvss,
        cvss: cvss(None, advice.cvss, None).into_iter().collect(),
        cwes: advice.cwe.as_deref().map(cwes).unwrap_or_default(),
        component: Some(component(ecosystem, name, library.dependency.version.as_deref())),
        fixed_versions: safe.filter_map(|version| stated(version.as_ref())).collect(),
        references: links.into_iter().filter(|link| link.starts_with("http")).take(50).collect(),
        identity: identity::of_parts(&rule, &[]),
        ..Finding::new(FindingKind::Vulnerability, rule.clone(), format!("{rule} in {name}"))
    }
}
