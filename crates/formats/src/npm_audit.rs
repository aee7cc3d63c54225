//! npm audit reports: vulnerabilities of the packages that a lock file names.

use crate::dependencies::{aliases, component, cvss, cwes, names, rated, report, versions};
use crate::json::{self, At, Entries, Text, stated};
use crate::npm_advisories::{self, Advisory, OneOrMany};
use crate::{Format, Probe, ReadError, identity, text};
use serde::Deserialize;
use serde_json::value::RawValue;
use shipworthy_model::{Finding, FindingKind, Location, Phase, Report, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "npm-audit",
    title: "npm audit report",
    homepage: "https://docs.npmjs.com/cli/commands/npm-audit",
    phase: Phase::Source,
    tool: "npm-audit",
    reads: "the JSON report of npm 6 and that of npm 7 and later, which does not say which version of a package was found",
    identifies: "vulnerability and component",
    severities: "npm-audit",
    marks: &["auditReportVersion", "advisories", "actions", "muted", "vulnerabilities", "metadata"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| {
        members.has_all(&["auditReportVersion", "vulnerabilities"])
            || members.has_all(&["advisories", "actions", "muted", "metadata"])
    })
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow, default)]
    vulnerabilities: Entries<'a, &'a RawValue>,
    #[serde(borrow, default)]
    advisories: Entries<'a, &'a RawValue>,
}

/// A package of which at least one version in the tree is vulnerable, by itself or by what it depends on.
#[derive(Deserialize)]
struct Package<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow, default)]
    via: json::List<'a>,
    #[serde(borrow, default)]
    nodes: json::Odd<Vec<Text<'a>>>,
    #[serde(borrow, rename = "fixAvailable")]
    fix: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Via<'a> {
    #[serde(borrow)]
    source: Option<Text<'a>>,
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    title: Option<Text<'a>>,
    #[serde(borrow)]
    url: Option<Text<'a>>,
    #[serde(borrow)]
    severity: Option<Text<'a>>,
    #[serde(borrow, default)]
    cwe: OneOrMany<'a>,
    #[serde(borrow, default)]
    cvss: json::Odd<Rating<'a>>,
    #[serde(borrow)]
    range: Option<Text<'a>>,
}

#[derive(Default, Deserialize)]
struct Rating<'a> {
    score: Option<f64>,
    #[serde(borrow, rename = "vectorString")]
    vector: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Fix<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    version: Option<Text<'a>>,
    #[serde(rename = "isSemVerMajor")]
    is_major: Option<bool>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let mut warnings = Vec::new();
    let mut findings = Vec::new();
    let at = At::Root;
    for (key, raw) in &document.advisories.0 {
        let at = at.key("advisories");
        let advisory = json::part::<Advisory<'_>>(raw, at.key(key), &mut warnings);
        findings.extend(advisory.iter().flat_map(|advisory| npm_advisories::findings(advisory, "npm-audit")));
    }
    for (key, raw) in &document.vulnerabilities.0 {
        let at = at.key("vulnerabilities");
        let at = at.key(key);
        let Some(package) = json::part::<Package<'_>>(raw, at, &mut warnings) else { continue };
        advisories(&package, &at, &mut findings, &mut warnings);
    }
    Ok(Report { warnings, ..report("npm-audit", None, findings) })
}

/// The advisories about a package itself. A name in their place says that the package only depends on another one.
fn advisories(package: &Package<'_>, at: &At<'_>, findings: &mut Vec<Finding>, warnings: &mut Vec<Warning>) {
    let at = at.key("via");
    for (index, raw) in package.via.items(at, warnings).iter().enumerate() {
        if raw.get().starts_with('"') {
            continue;
        }
        if let Some(via) = json::part::<Via<'_>>(raw, at.index(index), warnings) {
            findings.push(finding(&via, package));
        }
    }
}

fn finding(via: &Via<'_>, package: &Package<'_>) -> Finding {
    let of_page = via.url.as_deref().map(names).unwrap_or_default();
    let number = stated(via.source.as_ref()).map(|source| format!("npm:{source}"));
    let rule = of_page.first().cloned().or(number).unwrap_or_default();
    let name = via.name.as_deref().or(package.name.as_deref()).unwrap_or_default();
    let (severity, severity_word) = rated("npm-audit", via.severity.as_ref());
    let rating = via.cvss.0.as_ref().ok();
    let score = rating.and_then(|rating| rating.score).filter(|score| *score > 0.0);
    let range = stated(via.range.as_ref()).map(|range| format!("Affected versions: {range}"));
    let place = package.nodes.0.iter().flatten().find_map(Text::stated);
    Finding {
        aliases: aliases(&rule, of_page),
        description: range,
        severity,
        severity_word,
        score,
        cvss: rating.and_then(|rating| cvss(rating.vector.as_deref(), score, None)).into_iter().collect(),
        cwes: via.cwe.0.iter().flat_map(|cwe| cwes(cwe)).collect(),
        component: Some(component("npm", name, None)),
        location: place.map(|path| Location { path, ..Location::default() }),
        fixed_versions: via.range.as_deref().map(first_beyond).unwrap_or_default(),
        remediation: package.fix.and_then(remediation),
        references: stated(via.url.as_ref()).into_iter().collect(),
        identity: identity::of_parts(&rule, &[]),
        ..Finding::new(
            FindingKind::Vulnerability,
            rule.clone(),
            via.title.as_deref().and_then(text::title).unwrap_or(rule),
        )
    }
}

/// The first version after each range such as `<11.8.5` or `>=1.0.0 <1.2.3`. After `<=` nobody says which that is.
fn first_beyond(range: &str) -> Vec<String> {
    let bounds = range.split('<').skip(1).filter(|bound| !bound.starts_with('='));
    bounds.flat_map(|bound| versions(bound.split_whitespace().next().unwrap_or_default())).collect()
}

/// What `npm audit fix` would do.
fn remediation(raw: &RawValue) -> Option<String> {
    if raw.get() == "true" {
        return Some("npm audit fix".to_owned());
    }
    let fix: Fix<'_> = serde_json::from_str(raw.get()).ok()?;
    let breaking = if fix.is_major == Some(true) { ", a breaking change" } else { "" };
    Some(format!("update {} to {}{breaking}", fix.name.as_deref()?, fix.version.as_deref()?))
}
