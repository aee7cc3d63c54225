//! Reports of the security checkers of Symfony: vulnerabilities of the PHP packages that a lock file names.

use crate::dependencies::{component, names, report};
use crate::json::{self, Entries, List, Text, stated};
use crate::{Format, Probe, ReadError, dependencies, identity, text};
use serde::Deserialize;
use serde_json::value::RawValue;
use shipworthy_model::{Finding, FindingKind, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "symfony-security-check",
    title: "Symfony security check",
    homepage: "https://symfony.com/doc/current/setup.html#checking-security-vulnerabilities",
    phase: Phase::Source,
    tool: "symfony-security-check",
    reads: "`local-php-security-checker` and `symfony security:check` with `--format=json`; no severity is stated",
    identifies: "vulnerability and component",
    severities: "",
    marks: &["version", "advisories"],
    recognises,
    read,
};

/// The keys are the names of packages.
fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| {
        let is_package = |name: &str| {
            name.split_once('/').is_some_and(|(vendor, rest)| !vendor.is_empty() && !rest.contains(['/', ';']))
        };
        let first = members.0.first().map_or("", |(name, _)| name);
        is_package(first)
            && members.0.iter().all(|(name, _)| is_package(name))
            && probe.has(&format!("{first}.advisories"))
    })
}

#[derive(Deserialize)]
struct Package<'a> {
    #[serde(borrow)]
    version: Option<Text<'a>>,
    #[serde(borrow, default)]
    advisories: List<'a>,
}

#[derive(Deserialize)]
struct Advisory<'a> {
    #[serde(borrow)]
    title: Option<Text<'a>>,
    #[serde(borrow)]
    link: Option<Text<'a>>,
    #[serde(borrow)]
    cve: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Entries<'_, &RawValue> = json::document(bytes)?;
    let mut warnings = Vec::new();
    let mut findings = Vec::new();
    for (name, raw) in &document.0 {
        let at = format!("/{}", name.replace('/', "~1"));
        let Some(package) = json::part::<Package<'_>>(raw, &at, &mut warnings) else { continue };
        let advisories =
            json::parts::<Advisory<'_>>(&package.advisories, format_args!("{at}/advisories"), &mut warnings);
        findings.extend(advisories.iter().map(|(_, advisory)| finding(advisory, name, package.version.as_deref())));
    }
    Ok(Report { warnings, ..report("symfony-security-check", None, findings) })
}

fn finding(advisory: &Advisory<'_>, name: &str, version: Option<&str>) -> Finding {
    let title = advisory.title.as_deref().and_then(text::title).unwrap_or_default();
    let link = stated(advisory.link.as_ref());
    let cve = stated(advisory.cve.as_ref());
    // Without a name of its own an advisory is known by its page.
    let rule = cve.or_else(|| link.clone()).unwrap_or_else(|| title.clone());
    Finding {
        aliases: dependencies::aliases(&rule, names(&title)),
        component: Some(component("composer", name, version)),
        references: link.into_iter().collect(),
        identity: identity::of_parts(&rule, &[]),
        ..Finding::new(FindingKind::Vulnerability, rule, title)
    }
}
