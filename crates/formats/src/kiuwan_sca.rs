//! Vulnerable components that Kiuwan Insights found, in the JSON of its API.

use crate::json::{self, List, Said, or_empty, said};
use crate::{Format, Probe, ReadError, packages, ratings, text, weakness, web};
use serde::Deserialize;
use shipworthy_model::{ComponentRef, Finding, FindingKind, FindingStatus, Phase, Report, Tool, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "kiuwan-sca",
    title: "Kiuwan Insights vulnerabilities",
    homepage: "https://www.kiuwan.com/docs/display/K5/Insights+API",
    phase: Phase::Source,
    tool: "kiuwan",
    reads: "the list of vulnerabilities with their `components`",
    identifies: "the vulnerability and the component, for each component",
    severities: "kiuwan",
    marks: &["cve", "securityRisk", "components", "cVSSv3BaseScore"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.first_element().is_some_and(|members| members.has_all(&["cve", "securityRisk", "components"]))
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"), expecting = "a vulnerability")]
struct Vulnerability<'a> {
    cve: Said<'a>,
    cwe: Said<'a>,
    muted: bool,
    #[serde(rename = "cVSSv2BaseScore")]
    second: Said<'a>,
    #[serde(rename = "cVSSv3BaseScore")]
    third: Said<'a>,
    security_risk: Said<'a>,
    description: Said<'a>,
    components: List<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "a component")]
struct Component<'a> {
    artifact: Said<'a>,
    version: Said<'a>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let list: List<'_> = json::document(bytes)?;
    let mut warnings = Vec::new();
    let mut findings = Vec::new();
    for (index, item) in json::parts::<Vulnerability<'_>>(&list, "", &mut warnings) {
        let components =
            json::parts::<Component<'_>>(&item.components, format_args!("/{index}/components"), &mut warnings);
        if components.is_empty() {
            let message = "expected components, found none; kept without one".to_owned();
            warnings.push(Warning { at: format!("/{index}/components"), message });
            findings.push(finding(&item, None));
        }
        findings.extend(components.iter().map(|(_, component)| finding(&item, Some(component))));
    }
    Ok(Report {
        tool: Some(Tool { name: "kiuwan".to_owned(), version: None }),
        findings: Some(findings),
        looked_for: vec![FindingKind::Vulnerability],
        warnings,
        ..Report::default()
    })
}

fn finding(item: &Vulnerability<'_>, component: Option<&Component<'_>>) -> Finding {
    let rule = said(&item.cve).unwrap_or_default();
    let (severity, severity_word) = web::rated("kiuwan", item.security_risk.as_deref());
    let score = |score: &Said<'_>| ratings::number(or_empty(score));
    let rated =
        [ratings::cvss(None, score(&item.third), "3.1", None), ratings::cvss(None, score(&item.second), "2.0", None)];
    let component = component.map(|component| {
        let name = said(&component.artifact).unwrap_or_default();
        let version = said(&component.version);
        // Only Maven writes a group and a colon before the name.
        let purl = packages::purl("maven", &name, version.as_deref(), &[]);
        ComponentRef { purl, name, version }
    });
    let title = component.as_ref().map_or_else(|| rule.clone(), |component| format!("{rule} in {}", component.name));
    Finding {
        severity,
        severity_word,
        cvss: rated.into_iter().flatten().collect(),
        cwes: weakness::numbers(or_empty(&item.cwe)),
        description: said(&item.description).map(text::capped),
        status: if item.muted { FindingStatus::Suppressed } else { FindingStatus::Open },
        component,
        ..Finding::new(FindingKind::Vulnerability, rule, title)
    }
}
