//! Issues from Snyk's REST interface: of open source, code, infrastructure and licences, as the platform keeps them.

use crate::dependencies::{aliases, component, cvss, cwes, rated, report};
use crate::json::{self, List, Odd, Text, stated};
use crate::{Format, Probe, ReadError, identity, subjects, text};
use serde::Deserialize;
use shipworthy_model::{ComponentRef, Finding, FindingKind, FindingStatus, Location, Phase, Report, Subject};

pub(crate) static FORMAT: Format = Format {
    name: "snyk-issues",
    title: "Snyk issues",
    homepage: "https://docs.snyk.io/snyk-api/reference/issues",
    phase: Phase::Source,
    tool: "snyk",
    reads: "a page of `/rest/orgs/…/issues`, with issues of every type",
    identifies: "vulnerability and component; of other issues Snyk's own key",
    severities: "snyk",
    marks: &["jsonapi", "data", "links"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_page = probe.object().is_some_and(|members| members.has_all(&["jsonapi", "data"]));
    // The issues of a package, which nobody has, are asked for elsewhere and say nothing of a project.
    let is_of_package = probe.value("links.self").is_some_and(|address| address.contains("/packages/"));
    let is_empty = || !probe.has("data.type") && !is_of_package;
    is_page && (probe.value("data.type") == Some("issue") || is_empty())
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow, default)]
    data: List<'a>,
}

#[derive(Deserialize)]
struct Issue<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    attributes: Attributes<'a>,
}

#[derive(Deserialize)]
struct Attributes<'a> {
    #[serde(borrow)]
    key: Option<Text<'a>>,
    #[serde(borrow)]
    title: Option<Text<'a>>,
    #[serde(borrow)]
    description: Option<Text<'a>>,
    #[serde(borrow, rename = "type")]
    kind: Option<Text<'a>>,
    #[serde(borrow)]
    status: Option<Text<'a>>,
    ignored: Option<bool>,
    #[serde(borrow, rename = "effective_severity_level")]
    severity: Option<Text<'a>>,
    #[serde(borrow, default)]
    classes: Odd<Vec<Problem<'a>>>,
    #[serde(borrow, default)]
    problems: Odd<Vec<Problem<'a>>>,
    #[serde(borrow, default)]
    severities: Odd<Vec<Rating<'a>>>,
    #[serde(borrow, default)]
    coordinates: Odd<Vec<Coordinate<'a>>>,
    #[serde(default)]
    risk: Odd<Risk>,
}

#[derive(Deserialize)]
struct Problem<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    url: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Rating<'a> {
    #[serde(borrow)]
    source: Option<Text<'a>>,
    #[serde(borrow)]
    vector: Option<Text<'a>>,
    score: Option<f64>,
}

#[derive(Default, Deserialize)]
struct Risk {
    #[serde(default)]
    score: Odd<RiskScore>,
}

#[derive(Default, Deserialize)]
struct RiskScore {
    value: Option<f64>,
}

#[derive(Deserialize)]
struct Coordinate<'a> {
    #[serde(borrow, default)]
    representations: Odd<Vec<Representation<'a>>>,
    #[serde(borrow, default)]
    remedies: Odd<Vec<Remedy<'a>>>,
}

#[derive(Deserialize)]
struct Remedy<'a> {
    #[serde(borrow)]
    description: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Representation<'a> {
    #[serde(borrow)]
    dependency: Option<Dependency<'a>>,
    #[serde(borrow, rename = "sourceLocation")]
    source: Option<Source<'a>>,
    #[serde(borrow, rename = "resourcePath")]
    resource: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Dependency<'a> {
    #[serde(borrow)]
    package_name: Option<Text<'a>>,
    #[serde(borrow)]
    package_version: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Source<'a> {
    #[serde(borrow)]
    file: Option<Text<'a>>,
    #[serde(borrow)]
    commit_id: Option<Text<'a>>,
    #[serde(default)]
    region: Odd<Region>,
}

#[derive(Default, Deserialize)]
struct Region {
    #[serde(default)]
    start: Odd<Point>,
    #[serde(default)]
    end: Odd<Point>,
}

#[derive(Default, Deserialize)]
struct Point {
    line: Option<u32>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let mut warnings = Vec::new();
    let issues = json::parts::<Issue<'_>>(&document.data, "/data", &mut warnings);
    let mut commits = Vec::new();
    let mut findings = Vec::new();
    for (_, issue) in &issues {
        let places = representations(&issue.attributes).filter_map(|place| place.source.as_ref());
        for commit in places.filter_map(|source| source.commit_id.as_deref()) {
            Subject::commit(commit).into_iter().for_each(|commit| subjects::add(&mut commits, commit));
        }
        findings.push(finding(issue));
    }
    Ok(Report { subjects: commits, looked_for: Vec::new(), warnings, ..report("snyk", None, findings) })
}

fn representations<'r, 'a>(attributes: &'r Attributes<'a>) -> impl Iterator<Item = &'r Representation<'a>> {
    let coordinates = attributes.coordinates.0.iter().flatten();
    coordinates.flat_map(|coordinate| coordinate.representations.0.iter().flatten())
}

fn finding(issue: &Issue<'_>) -> Finding {
    let attributes = &issue.attributes;
    let key = stated(attributes.key.as_ref()).or_else(|| stated(issue.id.as_ref())).unwrap_or_default();
    let kind = match attributes.kind.as_deref() {
        Some("package_vulnerability") => FindingKind::Vulnerability,
        Some("license") => FindingKind::License,
        Some("config" | "cloud") => FindingKind::Misconfiguration,
        _ => FindingKind::Code,
    };
    let (severity, severity_word) = rated("snyk", attributes.severity.as_ref());
    let problems = || attributes.problems.0.iter().flatten();
    let title = stated(attributes.title.as_ref()).unwrap_or_else(|| key.clone());
    // The key of an issue of code is that of the issue alone, and Snyk tells no rule.
    let rule = if kind == FindingKind::Code { title.clone() } else { key.clone() };
    let remedy =
        attributes.coordinates.0.iter().flatten().flat_map(|coordinate| coordinate.remedies.0.iter().flatten());
    let resource = representations(attributes).find_map(|place| stated(place.resource.as_ref()));
    let status = match attributes.status.as_deref() {
        Some("resolved") => FindingStatus::Fixed,
        _ if attributes.ignored == Some(true) => FindingStatus::Suppressed,
        _ => FindingStatus::Open,
    };
    let names = std::iter::once(key.clone()).chain(problems().filter_map(|problem| stated(problem.id.as_ref())));
    Finding {
        aliases: aliases(&rule, names.filter(|name| !name.starts_with("CWE-"))),
        description: stated(attributes.description.as_ref()).map(text::capped),
        severity,
        severity_word,
        score: attributes.risk.0.as_ref().ok().and_then(|risk| risk.score.0.as_ref().ok()?.value),
        cvss: attributes
            .severities
            .0
            .iter()
            .flatten()
            .filter_map(|rating| cvss(rating.vector.as_deref(), rating.score, rating.source.as_deref()))
            .collect(),
        cwes: attributes.classes.0.iter().flatten().filter_map(|class| class.id.as_deref()).flat_map(cwes).collect(),
        component: representations(attributes).find_map(|place| dependency(place, &key)),
        location: representations(attributes)
            .find_map(located)
            .or_else(|| resource.map(|path| Location { path, ..Location::default() })),
        remediation: remedy.into_iter().find_map(|remedy| stated(remedy.description.as_ref())),
        references: problems().filter_map(|problem| stated(problem.url.as_ref())).collect(),
        status,
        identity: identity::of_fingerprint("snyk", &key),
        ..Finding::new(kind, rule, title)
    }
}

/// The component; its ecosystem is in Snyk's id of the problem: `SNYK-PYTHON-…`.
fn dependency(place: &Representation<'_>, key: &str) -> Option<ComponentRef> {
    let dependency = place.dependency.as_ref()?;
    let ecosystem = match key.strip_prefix("SNYK-").and_then(|rest| rest.split('-').next()).unwrap_or_default() {
        "JS" => "npm",
        "DOTNET" => "nuget",
        other => other,
    };
    Some(component(ecosystem, dependency.package_name.as_deref()?, dependency.package_version.as_deref()))
}

fn located(place: &Representation<'_>) -> Option<Location> {
    let source = place.source.as_ref()?;
    let region = source.region.0.as_ref().ok();
    let line = |point: Option<&Odd<Point>>| point?.0.as_ref().ok()?.line.filter(|line| *line > 0);
    Some(Location {
        path: stated(source.file.as_ref())?,
        line: line(region.map(|region| &region.start)),
        end_line: line(region.map(|region| &region.end)),
    })
}
