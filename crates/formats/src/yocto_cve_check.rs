//! Reports of Yocto's `cve-check`: known vulnerabilities of the recipes of an image.

use crate::dependencies::{base_score, component, cvss, cvss_of_version, number, report};
use crate::json::{self, List, Text, stated};
use crate::{Format, Probe, ReadError, identity, text};
use serde::Deserialize;
use shipworthy_model::{Finding, FindingKind, FindingStatus, Phase, Report, Severity, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "yocto-cve-check",
    title: "Yocto cve-check report",
    homepage: "https://docs.yoctoproject.org/dev-manual/vulnerabilities.html",
    phase: Phase::Artifact,
    tool: "yocto-cve-check",
    reads: "the JSON report; what is patched is no finding, what is ignored is suppressed; the severity is that of the score",
    identifies: "vulnerability and component",
    severities: "",
    marks: &["version", "package"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_report = |members: &crate::Members| members.0.len() == 2 && members.has_all(&["version", "package"]);
    probe.object().is_some_and(is_report) && probe.has_all(&["package.layer", "package.products"])
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow, default)]
    package: List<'a>,
}

#[derive(Deserialize)]
struct Package<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    version: Option<Text<'a>>,
    #[serde(borrow, default)]
    issue: List<'a>,
}

#[derive(Deserialize)]
struct Issue<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    summary: Option<Text<'a>>,
    #[serde(borrow, rename = "scorev2")]
    score_v2: Option<Text<'a>>,
    #[serde(borrow, rename = "scorev3")]
    score_v3: Option<Text<'a>>,
    #[serde(borrow, rename = "vectorString")]
    vector: Option<Text<'a>>,
    #[serde(borrow)]
    status: Option<Text<'a>>,
    #[serde(borrow)]
    link: Option<Text<'a>>,
    #[serde(borrow)]
    description: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let mut warnings = Vec::new();
    let mut findings = Vec::new();
    let mut patched = 0_u64;
    for (index, package) in json::parts::<Package<'_>>(&document.package, "/package", &mut warnings) {
        for (_, issue) in
            json::parts::<Issue<'_>>(&package.issue, format_args!("/package/{index}/issue"), &mut warnings)
        {
            if issue.status.as_deref() == Some("Patched") {
                patched += 1;
            } else {
                findings.push(finding(&issue, &package));
            }
        }
    }
    if patched > 0 {
        let message = format!("not findings: issues that are patched; issues: {patched}");
        warnings.push(Warning { at: "/package".to_owned(), message });
    }
    Ok(Report { warnings, ..report("yocto-cve-check", None, findings) })
}

fn finding(issue: &Issue<'_>, package: &Package<'_>) -> Finding {
    let rule = stated(issue.id.as_ref()).unwrap_or_default();
    let name = package.name.as_deref().unwrap_or_default();
    let score = |text: Option<&Text<'_>>| number(text).filter(|score| *score > 0.0);
    let (v3, v2) = (score(issue.score_v3.as_ref()), score(issue.score_v2.as_ref()));
    let vector = issue.vector.as_deref().unwrap_or_default();
    let is_v3 = base_score(vector).is_some();
    let rating3 = cvss(Some(vector).filter(|_| is_v3), v3, None);
    let rating2 = if is_v3 || vector.starts_with("CVSS:") {
        cvss_of_version("2.0", None, v2)
    } else {
        cvss(Some(vector), v2, None)
    };
    Finding {
        description: stated(issue.summary.as_ref()).map(text::capped),
        severity: v3.or(v2).map_or(Severity::Unknown, Severity::of_score),
        score: v3.or(v2),
        cvss: rating3.into_iter().chain(rating2).collect(),
        component: Some(component("", name, package.version.as_deref())),
        remediation: stated(issue.description.as_ref()),
        references: stated(issue.link.as_ref()).into_iter().collect(),
        status: if issue.status.as_deref() == Some("Ignored") {
            FindingStatus::Suppressed
        } else {
            FindingStatus::Open
        },
        identity: identity::of_parts(&rule, &[]),
        ..Finding::new(FindingKind::Vulnerability, rule.clone(), format!("{rule} in {name}"))
    }
}
