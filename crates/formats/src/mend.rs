//! Reports of Mend (WhiteSource): vulnerabilities of the libraries of a project.

use crate::dependencies::{aliases, component, cvss, cvss_of_version, number, rated, relative, report};
use crate::json::{self, List, Odd, Text, stated};
use crate::{Format, Probe, ReadError, identity, text};
use serde::Deserialize;
use shipworthy_model::{Finding, FindingKind, FindingStatus, Location, Phase, Report, Severity};

pub(crate) static FORMAT: Format = Format {
    name: "mend",
    title: "Mend report",
    homepage: "https://docs.mend.io/bundle/mend-api-2-0/page/index.html",
    phase: Phase::Build,
    tool: "mend",
    reads: "`getProjectVulnerabilityReport` of the API 1.x and the security findings of the platform's API 3.0",
    identifies: "vulnerability and component",
    severities: "mend",
    marks: &["vulnerabilities", "response", "supportToken", "additionalData"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let Some(members) = probe.object() else { return false };
    let is_old = members.has("vulnerabilities")
        && probe.has_all(&["vulnerabilities.library", "vulnerabilities.project", "vulnerabilities.product"]);
    // Without vulnerabilities the old report says nothing of who wrote it; the sender has to.
    is_old || members.has_all(&["supportToken", "response"])
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow, default)]
    vulnerabilities: List<'a>,
    #[serde(borrow, default)]
    response: List<'a>,
}

#[derive(Deserialize)]
struct Old<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    severity: Option<Text<'a>>,
    #[serde(borrow)]
    score: Option<Text<'a>>,
    #[serde(borrow)]
    cvss3_severity: Option<Text<'a>>,
    #[serde(borrow)]
    cvss3_score: Option<Text<'a>>,
    #[serde(borrow, rename = "scoreMetadataVector")]
    vector: Option<Text<'a>>,
    #[serde(borrow)]
    url: Option<Text<'a>>,
    #[serde(borrow)]
    description: Option<Text<'a>>,
    #[serde(borrow, default)]
    library: Odd<Library<'a>>,
    #[serde(borrow, default, rename = "topFix")]
    fix: Odd<Fix<'a>>,
    #[serde(borrow, default)]
    locations: Odd<Vec<Place<'a>>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Library<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    group_id: Option<Text<'a>>,
    #[serde(borrow)]
    artifact_id: Option<Text<'a>>,
    #[serde(borrow)]
    version: Option<Text<'a>>,
    #[serde(borrow, rename = "type")]
    kind: Option<Text<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Fix<'a> {
    #[serde(borrow)]
    fix_resolution: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Place<'a> {
    #[serde(borrow)]
    path: Option<Text<'a>>,
}

/// A finding of the API 3.0.
#[derive(Deserialize)]
struct New<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow, default)]
    component: Odd<Component<'a>>,
    #[serde(borrow, default)]
    vulnerability: Odd<Vulnerability<'a>>,
    #[serde(borrow, default, rename = "topFix")]
    fix: Odd<Fix<'a>>,
    #[serde(borrow, default, rename = "findingInfo")]
    state: Odd<State<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Component<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    group_id: Option<Text<'a>>,
    #[serde(borrow)]
    artifact_id: Option<Text<'a>>,
    #[serde(borrow)]
    version: Option<Text<'a>>,
    #[serde(borrow)]
    library_type: Option<Text<'a>>,
    #[serde(borrow)]
    path: Option<Text<'a>>,
}

#[derive(Default, Deserialize)]
struct Vulnerability<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    description: Option<Text<'a>>,
    #[serde(borrow)]
    severity: Option<Text<'a>>,
    score: Option<f64>,
    #[serde(borrow, default, rename = "vulnerabilityScoring")]
    scoring: Odd<Vec<Scoring<'a>>>,
}

#[derive(Deserialize)]
struct Scoring<'a> {
    score: Option<f64>,
    #[serde(borrow, rename = "scoreMetadataVector", alias = "vector")]
    vector: Option<Text<'a>>,
}

#[derive(Default, Deserialize)]
struct State<'a> {
    #[serde(borrow)]
    status: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let mut warnings = Vec::new();
    let old = json::parts::<Old<'_>>(&document.vulnerabilities, "/vulnerabilities", &mut warnings);
    let new = json::parts::<New<'_>>(&document.response, "/response", &mut warnings);
    let findings = old.iter().map(|(_, item)| of_old(item)).chain(new.iter().map(|(_, item)| of_new(item))).collect();
    Ok(Report { warnings, ..report("mend", None, findings) })
}

/// The component by group and artifact where it is of Maven, else by its name.
fn named(
    kind: &str,
    group: Option<&str>,
    artifact: Option<&str>,
    name: &str,
    version: Option<&str>,
) -> shipworthy_model::ComponentRef {
    let kind = kind.to_lowercase();
    let kind = kind.split(['_', '/']).next().unwrap_or_default();
    let kind = if kind == "javascript" { "npm" } else { kind };
    let group = group.filter(|group| !group.is_empty() && kind == "maven");
    let package = artifact.filter(|artifact| !artifact.is_empty()).unwrap_or(name);
    match group {
        Some(group) => component(kind, &format!("{group}:{package}"), version),
        None => component(kind, package, version),
    }
}

fn of_old(item: &Old<'_>) -> Finding {
    let rule = stated(item.name.as_ref()).unwrap_or_default();
    let library = item.library.0.as_ref().ok();
    let text_of = |text: fn(&Library<'_>) -> Option<String>| library.and_then(text);
    let name = text_of(|library| stated(library.name.as_ref())).unwrap_or_default();
    let kind = text_of(|library| stated(library.kind.as_ref())).unwrap_or_default();
    let group = text_of(|library| stated(library.group_id.as_ref()));
    let artifact = text_of(|library| stated(library.artifact_id.as_ref()));
    let version = text_of(|library| stated(library.version.as_ref()));
    let component = named(&kind, group.as_deref(), artifact.as_deref(), &name, version.as_deref());
    let (severity, severity_word) = rated("mend", item.cvss3_severity.as_ref().or(item.severity.as_ref()));
    let v3 = cvss(item.vector.as_deref(), number(item.cvss3_score.as_ref()), None);
    let v2 = number(item.score.as_ref())
        .filter(|score| *score > 0.0)
        .and_then(|score| cvss_of_version("2.0", None, Some(score)));
    let resolution = item.fix.0.as_ref().ok().and_then(|fix| stated(fix.fix_resolution.as_ref()));
    let path = item.locations.0.iter().flatten().find_map(|place| stated(place.path.as_ref()));
    Finding {
        title: format!("{rule} in {}", component.name),
        description: stated(item.description.as_ref()).map(text::capped),
        severity,
        severity_word,
        score: number(item.cvss3_score.as_ref()).or_else(|| number(item.score.as_ref())),
        cvss: v3.into_iter().chain(v2).collect(),
        component: Some(component),
        location: path.map(|path| Location { path: relative(&path), ..Location::default() }),
        remediation: resolution,
        references: stated(item.url.as_ref()).into_iter().collect(),
        identity: identity::of_parts(&rule, &[]),
        ..Finding::new(FindingKind::Vulnerability, rule, "")
    }
}

fn of_new(item: &New<'_>) -> Finding {
    let vulnerability = item.vulnerability.0.as_ref().ok();
    let rule = vulnerability
        .and_then(|known| stated(known.name.as_ref()))
        .or_else(|| stated(item.name.as_ref()))
        .unwrap_or_default();
    let library = item.component.0.as_ref().ok();
    let component = library.map(|library| {
        let kind = library.library_type.as_deref().unwrap_or_default();
        let name = library.name.as_deref().unwrap_or_default();
        named(kind, library.group_id.as_deref(), library.artifact_id.as_deref(), name, library.version.as_deref())
    });
    let (severity, severity_word) = rated("mend", vulnerability.and_then(|known| known.severity.as_ref()));
    let score = vulnerability.and_then(|known| known.score);
    let of_score = score.map_or(Severity::Unknown, Severity::of_score);
    let scoring = vulnerability.into_iter().flat_map(|known| known.scoring.0.iter().flatten());
    let name = component.as_ref().map(|component| component.name.clone()).unwrap_or_default();
    let path = library.and_then(|library| stated(library.path.as_ref()));
    let status = match item.state.0.as_ref().ok().and_then(|state| state.status.as_deref()) {
        Some("IGNORED" | "SUPPRESSED") => FindingStatus::Suppressed,
        Some("FIXED" | "LIBRARY_REMOVED") => FindingStatus::Fixed,
        _ => FindingStatus::Open,
    };
    Finding {
        aliases: aliases(&rule, stated(item.name.as_ref())),
        title: format!("{rule} in {name}"),
        description: vulnerability.and_then(|known| stated(known.description.as_ref())).map(text::capped),
        severity: if severity == Severity::Unknown { of_score } else { severity },
        severity_word,
        score,
        cvss: scoring.filter_map(|rating| cvss(rating.vector.as_deref(), rating.score, None)).collect(),
        component,
        location: path.map(|path| Location { path: relative(&path), ..Location::default() }),
        remediation: item.fix.0.as_ref().ok().and_then(|fix| stated(fix.fix_resolution.as_ref())),
        status,
        identity: identity::of_parts(&rule, &[]),
        ..Finding::new(FindingKind::Vulnerability, rule, "")
    }
}
