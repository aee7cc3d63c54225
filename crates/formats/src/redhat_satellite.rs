//! Errata that Red Hat Satellite says are applicable to hosts.

use crate::dependencies::{aliases, rated, report};
use crate::json::{self, List, Odd, Text, stated};
use crate::{Format, Probe, ReadError, text};
use serde::Deserialize;
use shipworthy_model::{Finding, FindingKind, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "redhat-satellite",
    title: "Red Hat Satellite errata",
    homepage: "https://docs.redhat.com/en/documentation/red_hat_satellite/",
    phase: Phase::Deploy,
    tool: "redhat-satellite",
    reads: "a page of `/katello/api/errata`; an erratum about security is a weakness of a running host, another one of quality",
    identifies: "the erratum",
    severities: "redhat-satellite",
    marks: &["total", "subtotal", "selectable", "results"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_page = |members: &crate::Members| members.has_all(&["total", "subtotal", "selectable", "results"]);
    probe.object().is_some_and(is_page) && (probe.has("results.errata_id") || !probe.has("results.id"))
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow, default)]
    results: List<'a>,
}

#[derive(Deserialize)]
struct Erratum<'a> {
    #[serde(borrow)]
    errata_id: Option<Text<'a>>,
    #[serde(borrow)]
    title: Option<Text<'a>>,
    #[serde(borrow)]
    description: Option<Text<'a>>,
    #[serde(borrow)]
    solution: Option<Text<'a>>,
    #[serde(borrow)]
    severity: Option<Text<'a>>,
    #[serde(borrow, rename = "type")]
    kind: Option<Text<'a>>,
    #[serde(borrow, default)]
    cves: Odd<Vec<Cve<'a>>>,
    #[serde(borrow, default)]
    bugs: Odd<Vec<Link<'a>>>,
    #[serde(borrow, default)]
    packages: Odd<Vec<Text<'a>>>,
}

#[derive(Deserialize)]
struct Cve<'a> {
    #[serde(borrow)]
    cve_id: Option<Text<'a>>,
    #[serde(borrow)]
    href: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Link<'a> {
    #[serde(borrow)]
    href: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let mut warnings = Vec::new();
    let errata = json::parts::<Erratum<'_>>(&document.results, "/results", &mut warnings);
    let findings = errata.iter().map(|(_, erratum)| finding(erratum)).collect();
    Ok(Report { warnings, ..report("redhat-satellite", None, findings) })
}

fn finding(erratum: &Erratum<'_>) -> Finding {
    let rule = stated(erratum.errata_id.as_ref()).unwrap_or_default();
    // One erratum fixes several vulnerabilities of several packages, so that it is a problem of its own.
    let kind = if erratum.kind.as_deref() == Some("security") { FindingKind::Dynamic } else { FindingKind::Quality };
    let (severity, severity_word) = rated("redhat-satellite", erratum.severity.as_ref());
    let links = erratum
        .cves
        .0
        .iter()
        .flatten()
        .map(|cve| &cve.href)
        .chain(erratum.bugs.0.iter().flatten().map(|bug| &bug.href));
    let packages: Vec<String> = erratum.packages.0.iter().flatten().filter_map(Text::stated).collect();
    Finding {
        aliases: aliases(&rule, erratum.cves.0.iter().flatten().filter_map(|cve| stated(cve.cve_id.as_ref()))),
        description: stated(erratum.description.as_ref()).map(text::capped),
        severity,
        severity_word,
        fixed_versions: packages,
        remediation: stated(erratum.solution.as_ref()).map(text::capped),
        references: links.filter_map(|link| stated(link.as_ref())).collect(),
        identity: rule.clone(),
        ..Finding::new(kind, rule.clone(), erratum.title.as_deref().and_then(text::title).unwrap_or(rule))
    }
}
