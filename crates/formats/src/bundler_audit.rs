//! bundler-audit reports in JSON: vulnerabilities of the gems that a `Gemfile.lock` names, and unsafe gem sources.

use crate::dependencies::{aliases, component, cvss, lower_bounds, rated, report, utc};
use crate::json::{self, List, Odd, Text, stated};
use crate::{Format, Probe, ReadError, identity, text};
use serde::Deserialize;
use shipworthy_model::{Finding, FindingKind, Phase, Report, Severity};

pub(crate) static FORMAT: Format = Format {
    name: "bundler-audit",
    title: "bundler-audit report",
    homepage: "https://github.com/rubysec/bundler-audit#synopsis",
    phase: Phase::Source,
    tool: "bundler-audit",
    reads: "`bundle-audit check --format json`",
    identifies: "vulnerability and component; of a source its address",
    severities: "bundler-audit",
    marks: &["version", "created_at", "results"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_report = probe.object().is_some_and(|members| members.has_all(&["version", "created_at", "results"]));
    let is_result = probe.has("results.gem.name") || probe.value("results.type") == Some("insecure_source");
    let is_empty = || !probe.has("results.type") && probe.object().is_some_and(|members| members.0.len() == 3);
    is_report && (is_result || is_empty())
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow)]
    version: Option<Text<'a>>,
    #[serde(borrow)]
    created_at: Option<Text<'a>>,
    #[serde(borrow, default)]
    results: List<'a>,
}

#[derive(Deserialize)]
struct ResultItem<'a> {
    #[serde(borrow, default)]
    gem: Odd<Gem<'a>>,
    #[serde(borrow, default)]
    advisory: Odd<Advisory<'a>>,
    /// The address of an unsafe source.
    #[serde(borrow)]
    source: Option<Text<'a>>,
}

#[derive(Default, Deserialize)]
struct Gem<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    version: Option<Text<'a>>,
}

#[derive(Default, Deserialize)]
struct Advisory<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    url: Option<Text<'a>>,
    #[serde(borrow)]
    title: Option<Text<'a>>,
    #[serde(borrow)]
    description: Option<Text<'a>>,
    cvss_v2: Option<f64>,
    cvss_v3: Option<f64>,
    #[serde(borrow)]
    cve: Option<Text<'a>>,
    #[serde(borrow)]
    ghsa: Option<Text<'a>>,
    #[serde(borrow)]
    osvdb: Option<Text<'a>>,
    #[serde(borrow, default)]
    patched_versions: Odd<Vec<Text<'a>>>,
    #[serde(borrow)]
    criticality: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let mut warnings = Vec::new();
    let results = json::parts::<ResultItem<'_>>(&document.results, "/results", &mut warnings);
    let mut findings = Vec::new();
    for (index, item) in &results {
        if let Some(source) = stated(item.source.as_ref()) {
            findings.push(insecure_source(&source));
            continue;
        }
        let gem = item.gem.get(format_args!("/results/{index}/gem"), &mut warnings);
        let advisory = item.advisory.get(format_args!("/results/{index}/advisory"), &mut warnings);
        findings.extend(gem.zip(advisory).map(|(gem, advisory)| finding(gem, advisory)));
    }
    let created_at = utc(document.created_at.as_deref());
    let looked_for = vec![FindingKind::Vulnerability, FindingKind::Misconfiguration];
    Ok(Report {
        created_at,
        looked_for,
        warnings,
        ..report("bundler-audit", stated(document.version.as_ref()), findings)
    })
}

/// A source of gems without encryption. It is looked for in every run.
pub(crate) fn insecure_source(source: &str) -> Finding {
    Finding {
        title: format!("insecure source of gems: {source}"),
        identity: identity::of_parts("insecure_source", &[source]),
        ..Finding::new(FindingKind::Misconfiguration, "insecure_source", "")
    }
}

fn finding(gem: &Gem<'_>, advisory: &Advisory<'_>) -> Finding {
    let rule = stated(advisory.id.as_ref()).unwrap_or_default();
    let prefixed = |prefix: &str, number: Option<&Text<'_>>| stated(number).map(|number| format!("{prefix}-{number}"));
    let names = [
        prefixed("CVE", advisory.cve.as_ref()),
        prefixed("GHSA", advisory.ghsa.as_ref()),
        prefixed("OSVDB", advisory.osvdb.as_ref()),
    ];
    let (severity, severity_word) = rated("bundler-audit", advisory.criticality.as_ref());
    let score = advisory.cvss_v3.or(advisory.cvss_v2);
    let of_score = score.map_or(Severity::Unknown, Severity::of_score);
    let patched = advisory.patched_versions.0.iter().flatten();
    let v2 = advisory.cvss_v2.and_then(|score| crate::dependencies::cvss_of_version("2.0", None, Some(score)));
    Finding {
        aliases: aliases(&rule, names.into_iter().flatten()),
        description: stated(advisory.description.as_ref()).map(text::capped),
        severity: if severity == Severity::Unknown { of_score } else { severity },
        severity_word,
        score,
        cvss: cvss(None, advisory.cvss_v3, None).into_iter().chain(v2).collect(),
        component: Some(component("gem", gem.name.as_deref().unwrap_or_default(), gem.version.as_deref())),
        fixed_versions: patched.flat_map(|range| lower_bounds(range)).collect(),
        references: stated(advisory.url.as_ref()).into_iter().collect(),
        identity: identity::of_parts(&rule, &[]),
        ..Finding::new(FindingKind::Vulnerability, rule.clone(), stated(advisory.title.as_ref()).unwrap_or(rule))
    }
}
