//! Composer audit reports: vulnerabilities of the PHP packages that a lock file names, and abandoned packages.

use crate::dependencies::{aliases, component, names, rated, report};
use crate::json::{self, Entries, List, Odd, Text, stated};
use crate::{Format, Probe, ReadError, identity, text};
use serde::Deserialize;
use serde_json::value::RawValue;
use shipworthy_model::{Finding, FindingKind, FindingStatus, Phase, Report, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "composer-audit",
    title: "Composer audit report",
    homepage: "https://getcomposer.org/doc/03-cli.md#audit",
    phase: Phase::Source,
    tool: "composer-audit",
    reads: "`composer audit --format=json`, which does not say which version of a package was found",
    identifies: "vulnerability and component; of an abandoned package its name",
    severities: "composer-audit",
    marks: &["advisories", "abandoned", "ignored-advisories", "filter"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has_all(&["advisories", "abandoned"]))
}

#[derive(Deserialize)]
struct Document<'a> {
    /// By package; an empty list where there are none, as PHP writes it.
    #[serde(borrow)]
    advisories: &'a RawValue,
    #[serde(borrow, rename = "ignored-advisories")]
    ignored: Option<&'a RawValue>,
    #[serde(borrow)]
    abandoned: &'a RawValue,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Advisory<'a> {
    #[serde(borrow)]
    advisory_id: Option<Text<'a>>,
    #[serde(borrow)]
    package_name: Option<Text<'a>>,
    #[serde(borrow)]
    affected_versions: Option<Text<'a>>,
    #[serde(borrow)]
    title: Option<Text<'a>>,
    #[serde(borrow)]
    cve: Option<Text<'a>>,
    #[serde(borrow)]
    link: Option<Text<'a>>,
    #[serde(borrow)]
    severity: Option<Text<'a>>,
    #[serde(borrow, default)]
    sources: Odd<Vec<Source<'a>>>,
    #[serde(borrow)]
    ignore_reason: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Source<'a> {
    #[serde(borrow, rename = "remoteId")]
    id: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let mut warnings = Vec::new();
    let mut findings = Vec::new();
    let lists = [
        ("advisories", Some(document.advisories), FindingStatus::Open),
        ("ignored-advisories", document.ignored, FindingStatus::Suppressed),
    ];
    for (key, raw, status) in lists {
        for (package, list) in raw.map(|raw| by_package::<List<'_>>(raw, key, &mut warnings)).unwrap_or_default().0 {
            let advisories = json::parts::<Advisory<'_>>(&list, format_args!("/{key}/{}", &*package), &mut warnings);
            findings.extend(advisories.iter().map(|(_, advisory)| Finding { status, ..finding(advisory, &package) }));
        }
    }
    for (package, replacement) in by_package::<Option<Text<'_>>>(document.abandoned, "abandoned", &mut warnings).0 {
        findings.push(abandoned(&package, replacement.as_ref()));
    }
    let looked_for = vec![FindingKind::Vulnerability, FindingKind::Quality];
    Ok(Report { warnings, looked_for, ..report("composer-audit", None, findings) })
}

fn by_package<'a, T: Deserialize<'a>>(raw: &'a RawValue, key: &str, warnings: &mut Vec<Warning>) -> Entries<'a, T> {
    if raw.get().starts_with('[') {
        return Entries::default();
    }
    json::part(raw, format_args!("/{key}"), warnings).unwrap_or_default()
}

fn finding(advisory: &Advisory<'_>, package: &str) -> Finding {
    let rule = stated(advisory.advisory_id.as_ref()).unwrap_or_default();
    let name = advisory.package_name.as_deref().unwrap_or(package);
    let of_sources =
        advisory.sources.0.iter().flatten().filter_map(|source| stated(source.id.as_ref())).flat_map(|id| names(&id));
    let (severity, severity_word) = rated("composer-audit", advisory.severity.as_ref());
    Finding {
        aliases: aliases(&rule, stated(advisory.cve.as_ref()).into_iter().chain(of_sources)),
        description: stated(advisory.affected_versions.as_ref()).map(|range| format!("Affected versions: {range}")),
        severity,
        severity_word,
        component: Some(component("composer", name, None)),
        remediation: stated(advisory.ignore_reason.as_ref()),
        references: stated(advisory.link.as_ref()).into_iter().collect(),
        identity: identity::of_parts(&rule, &[]),
        ..Finding::new(
            FindingKind::Vulnerability,
            rule.clone(),
            advisory.title.as_deref().and_then(text::title).unwrap_or(rule),
        )
    }
}

fn abandoned(package: &str, replacement: Option<&Text<'_>>) -> Finding {
    let replacement = stated(replacement).filter(|name| name != "true" && name != "false");
    Finding {
        component: Some(component("composer", package, None)),
        remediation: replacement.map(|name| format!("use {name} instead")),
        identity: identity::of_parts("abandoned", &[package]),
        ..Finding::new(FindingKind::Quality, "abandoned", format!("{package} is abandoned"))
    }
}
