//! cargo-audit reports: advisories of RustSec about the crates that a lock file names.

use crate::dependencies::{aliases, base_score, component, cvss, lower_bounds, report};
use crate::json::{self, At, Entries, List, Odd, Text, stated};
use crate::{Format, Probe, ReadError, identity, text};
use serde::Deserialize;
use shipworthy_model::{Finding, FindingKind, Phase, Report, Severity};

pub(crate) static FORMAT: Format = Format {
    name: "cargo-audit",
    title: "cargo-audit report",
    homepage: "https://github.com/rustsec/rustsec/tree/main/cargo-audit",
    phase: Phase::Source,
    tool: "cargo-audit",
    reads: "the JSON report with vulnerabilities and warnings; the severity is that of the CVSS vector",
    identifies: "vulnerability and component; of warnings the advisory and the crate",
    severities: "",
    marks: &["database", "lockfile", "settings", "vulnerabilities", "warnings"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_report = probe.object().is_some_and(|members| members.has_all(&["lockfile", "vulnerabilities"]));
    is_report && probe.has_all(&["vulnerabilities.found", "vulnerabilities.list"])
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow)]
    vulnerabilities: Vulnerabilities<'a>,
    /// By kind: `unmaintained`, `unsound`, `yanked`, `notice`. A list in old versions.
    #[serde(borrow, default)]
    warnings: Odd<Entries<'a, List<'a>>>,
}

#[derive(Deserialize)]
struct Vulnerabilities<'a> {
    #[serde(borrow, default)]
    list: List<'a>,
}

#[derive(Deserialize)]
struct Item<'a> {
    #[serde(borrow)]
    advisory: Option<Advisory<'a>>,
    #[serde(borrow, default)]
    versions: Odd<Versions<'a>>,
    #[serde(borrow)]
    package: Package<'a>,
}

#[derive(Deserialize)]
struct Advisory<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    title: Option<Text<'a>>,
    #[serde(borrow)]
    description: Option<Text<'a>>,
    #[serde(borrow, default)]
    aliases: Odd<Vec<Text<'a>>>,
    #[serde(borrow)]
    cvss: Option<Text<'a>>,
    #[serde(borrow)]
    url: Option<Text<'a>>,
    #[serde(borrow, default)]
    references: Odd<Vec<Text<'a>>>,
}

#[derive(Default, Deserialize)]
struct Versions<'a> {
    #[serde(borrow, default)]
    patched: Odd<Vec<Text<'a>>>,
}

#[derive(Deserialize)]
struct Package<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    version: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let mut warnings = Vec::new();
    let list = json::parts::<Item<'_>>(&document.vulnerabilities.list, "/vulnerabilities/list", &mut warnings);
    let mut findings: Vec<_> = list.iter().map(|(_, item)| finding(item, "vulnerability")).collect();
    let at = At::Root;
    let at = at.key("warnings");
    if let Some(by_kind) = document.warnings.get(at, &mut warnings) {
        for (kind, list) in &by_kind.0 {
            let items = json::parts::<Item<'_>>(list, at.key(kind), &mut warnings);
            findings.extend(items.iter().map(|(_, item)| finding(item, kind)));
        }
    }
    let looked_for = vec![FindingKind::Vulnerability, FindingKind::Quality];
    Ok(Report { warnings, looked_for, ..report("cargo-audit", None, findings) })
}

/// A crate that is unmaintained or was yanked is no vulnerability yet; one that is unsound is.
fn finding(item: &Item<'_>, word: &str) -> Finding {
    let kind = match word {
        "vulnerability" | "unsound" => FindingKind::Vulnerability,
        _ => FindingKind::Quality,
    };
    let advisory = item.advisory.as_ref();
    let name = item.package.name.as_deref().unwrap_or_default();
    let rule = advisory.and_then(|advisory| stated(advisory.id.as_ref())).unwrap_or_else(|| word.to_owned());
    let vector = advisory.and_then(|advisory| stated(advisory.cvss.as_ref()));
    let score = vector.as_deref().and_then(base_score);
    let named = advisory.into_iter().flat_map(|advisory| advisory.aliases.0.iter().flatten()).filter_map(Text::stated);
    let patched = item.versions.0.as_ref().ok().map(|versions| versions.patched.0.iter().flatten());
    let references =
        advisory.into_iter().flat_map(|advisory| advisory.url.iter().chain(advisory.references.0.iter().flatten()));
    let title = advisory.and_then(|advisory| stated(advisory.title.as_ref()));
    Finding {
        aliases: aliases(&rule, named),
        description: advisory.and_then(|advisory| stated(advisory.description.as_ref())).map(text::capped),
        severity: score.map_or(Severity::Unknown, Severity::of_score),
        severity_word: Some(word.to_owned()).filter(|word| word != "vulnerability"),
        cvss: cvss(vector.as_deref(), score, None).into_iter().collect(),
        component: Some(component("cargo", name, item.package.version.as_deref())),
        fixed_versions: patched.into_iter().flatten().flat_map(|range| lower_bounds(range)).collect(),
        references: references.filter_map(Text::stated).collect(),
        identity: identity::of_parts(&rule, &[name, item.package.version.as_deref().unwrap_or_default()]),
        ..Finding::new(kind, rule, title.unwrap_or_else(|| format!("{name}: {word}")))
    }
}
