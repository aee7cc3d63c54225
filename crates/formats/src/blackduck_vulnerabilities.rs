//! Vulnerable components of a project version from Black Duck's REST interface.

use crate::blackduck_csv::{of_origin, status};
use crate::dependencies::{aliases, cvss, cwes, names, rated, report};
use crate::json::{self, List, Odd, Text, stated};
use crate::{Format, Probe, ReadError, identity, text};
use serde::Deserialize;
use shipworthy_model::{Finding, FindingKind, FindingStatus, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "blackduck-vulnerabilities",
    title: "Black Duck vulnerable components",
    homepage: "https://documentation.blackduck.com/bundle/bd-hub/page/API/restAPI.html",
    phase: Phase::Build,
    tool: "blackduck",
    reads: "a page of `vulnerable-bom-components`, or the list of its items",
    identifies: "vulnerability and component",
    severities: "blackduck",
    marks: &["items", "componentName", "componentVersionName", "vulnerabilityWithRemediation"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_item = |members: &crate::Members| members.has_all(&["componentName", "vulnerabilityWithRemediation"]);
    let is_page = probe.object().is_some_and(|members| members.has("items"));
    (is_page && probe.has("items.vulnerabilityWithRemediation")) || probe.first_element().is_some_and(is_item)
}

#[derive(Deserialize)]
struct Page<'a> {
    #[serde(borrow, default)]
    items: List<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Item<'a> {
    #[serde(borrow)]
    component_name: Option<Text<'a>>,
    #[serde(borrow)]
    component_version_name: Option<Text<'a>>,
    #[serde(borrow)]
    component_version_origin_name: Option<Text<'a>>,
    #[serde(borrow)]
    component_version_origin_id: Option<Text<'a>>,
    ignored: Option<bool>,
    #[serde(borrow, rename = "vulnerabilityWithRemediation")]
    vulnerability: Vulnerability<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Vulnerability<'a> {
    #[serde(borrow)]
    vulnerability_name: Option<Text<'a>>,
    #[serde(borrow)]
    description: Option<Text<'a>>,
    base_score: Option<f64>,
    overall_score: Option<f64>,
    #[serde(borrow)]
    severity: Option<Text<'a>>,
    #[serde(borrow)]
    source: Option<Text<'a>>,
    #[serde(borrow)]
    remediation_status: Option<Text<'a>>,
    #[serde(borrow)]
    remediation_comment: Option<Text<'a>>,
    #[serde(borrow)]
    cwe_id: Option<Text<'a>>,
    #[serde(borrow)]
    related_vulnerability: Option<Text<'a>>,
    #[serde(borrow, default)]
    cvss3: Odd<Rating<'a>>,
}

#[derive(Default, Deserialize)]
struct Rating<'a> {
    #[serde(borrow)]
    vector: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let is_list = bytes.trim_ascii_start().starts_with(b"[");
    let items = if is_list { json::document(bytes)? } else { json::document::<Page<'_>>(bytes)?.items };
    let mut warnings = Vec::new();
    let items = json::parts::<Item<'_>>(&items, if is_list { "" } else { "/items" }, &mut warnings);
    let findings = items.iter().map(|(_, item)| finding(item)).collect();
    Ok(Report { warnings, ..report("blackduck", None, findings) })
}

fn finding(item: &Item<'_>) -> Finding {
    let vulnerability = &item.vulnerability;
    let rule = stated(vulnerability.vulnerability_name.as_ref()).unwrap_or_default();
    let name = item.component_name.as_deref().unwrap_or_default();
    let origin = item.component_version_origin_name.as_deref().unwrap_or_default();
    let version = item.component_version_name.as_deref();
    let (severity, severity_word) = rated("blackduck", vulnerability.severity.as_ref());
    let vector = vulnerability.cvss3.0.as_ref().ok().and_then(|rating| rating.vector.as_deref());
    let of_remediation = status(vulnerability.remediation_status.as_deref().unwrap_or_default());
    let is_ignored = item.ignored == Some(true) && of_remediation == FindingStatus::Open;
    Finding {
        aliases: aliases(&rule, vulnerability.related_vulnerability.as_deref().map(names).unwrap_or_default()),
        title: format!("{rule} in {name}"),
        description: stated(vulnerability.description.as_ref()).map(text::capped),
        severity,
        severity_word,
        score: vulnerability.overall_score,
        cvss: cvss(vector, vulnerability.base_score, vulnerability.source.as_deref()).into_iter().collect(),
        cwes: vulnerability.cwe_id.as_deref().map(cwes).unwrap_or_default(),
        component: Some(of_origin(origin, item.component_version_origin_id.as_deref(), name, version)),
        remediation: stated(vulnerability.remediation_comment.as_ref()),
        status: if is_ignored { FindingStatus::Suppressed } else { of_remediation },
        identity: identity::of_parts(&rule, &[]),
        ..Finding::new(FindingKind::Vulnerability, rule, "")
    }
}
