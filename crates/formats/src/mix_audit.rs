//! mix_audit reports: vulnerabilities of the Elixir packages that a lock file names.

use crate::dependencies::{aliases, component, names, rated, relative, report};
use crate::json::{self, List, Odd, Text, stated};
use crate::{Format, Probe, ReadError, identity, text};
use serde::Deserialize;
use shipworthy_model::{Finding, FindingKind, Location, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "mix-audit",
    title: "mix_audit report",
    homepage: "https://github.com/mirego/mix_audit",
    phase: Phase::Source,
    tool: "mix-audit",
    reads: "`mix deps.audit --format json`",
    identifies: "vulnerability and component",
    severities: "mix-audit",
    marks: &["pass", "vulnerabilities"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_report = |members: &crate::Members| members.0.len() == 2 && members.has_all(&["pass", "vulnerabilities"]);
    probe.object().is_some_and(is_report)
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow, default)]
    vulnerabilities: List<'a>,
}

#[derive(Deserialize)]
struct Item<'a> {
    #[serde(borrow)]
    dependency: Dependency<'a>,
    #[serde(borrow)]
    advisory: Advisory<'a>,
}

#[derive(Deserialize)]
struct Dependency<'a> {
    #[serde(borrow)]
    package: Option<Text<'a>>,
    #[serde(borrow)]
    version: Option<Text<'a>>,
    #[serde(borrow)]
    lockfile: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Advisory<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    cve: Option<Text<'a>>,
    #[serde(borrow)]
    title: Option<Text<'a>>,
    #[serde(borrow)]
    description: Option<Text<'a>>,
    #[serde(borrow)]
    severity: Option<Text<'a>>,
    #[serde(borrow)]
    url: Option<Text<'a>>,
    #[serde(borrow, default)]
    first_patched_versions: Odd<Vec<Text<'a>>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let mut warnings = Vec::new();
    let items = json::parts::<Item<'_>>(&document.vulnerabilities, "/vulnerabilities", &mut warnings);
    let findings = items.iter().map(|(_, item)| finding(item)).collect();
    Ok(Report { warnings, ..report("mix-audit", None, findings) })
}

fn finding(item: &Item<'_>) -> Finding {
    let Item { dependency, advisory } = item;
    let rule = stated(advisory.id.as_ref()).unwrap_or_default();
    let (severity, severity_word) = rated("mix-audit", advisory.severity.as_ref());
    let url = stated(advisory.url.as_ref());
    let cve = stated(advisory.cve.as_ref()).map(|cve| if cve.starts_with("CVE-") { cve } else { format!("CVE-{cve}") });
    Finding {
        aliases: aliases(&rule, cve.into_iter().chain(url.as_deref().map(names).into_iter().flatten())),
        description: stated(advisory.description.as_ref()).map(text::capped),
        severity,
        severity_word,
        component: Some(component(
            "hex",
            dependency.package.as_deref().unwrap_or_default(),
            dependency.version.as_deref(),
        )),
        location: stated(dependency.lockfile.as_ref())
            .map(|path| Location { path: relative(&path), ..Location::default() }),
        fixed_versions: advisory.first_patched_versions.0.iter().flatten().filter_map(Text::stated).collect(),
        references: url.into_iter().collect(),
        identity: identity::of_parts(&rule, &[]),
        ..Finding::new(
            FindingKind::Vulnerability,
            rule.clone(),
            advisory.title.as_deref().and_then(text::title).unwrap_or(rule),
        )
    }
}
