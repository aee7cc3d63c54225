//! Grype reports: vulnerabilities of the packages of an image, a folder or an SBOM.

mod document;

use crate::dependencies::{aliases, cvss, rated, relative, report, utc};
use crate::json::{self, At, stated};
use crate::{Format, Probe, ReadError, identity, purl, subjects, text};
use document::{Artifact, Document, Match, Vulnerability};
use shipworthy_model::{ComponentRef, Cvss, Finding, FindingKind, FindingStatus, Location, Phase, Report, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "grype",
    title: "Grype report",
    homepage: "https://github.com/anchore/grype#output-formats",
    phase: Phase::Artifact,
    tool: "grype",
    reads: "the JSON report of every version, with the matches that were ignored",
    identifies: "vulnerability and component",
    severities: "grype",
    marks: &["matches", "descriptor", "distro", "source", "ignoredMatches"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let Some(members) = probe.object().filter(|members| members.has("matches")) else { return false };
    let is_named = probe.value("descriptor.name").is_some_and(|name| name == "grype");
    let is_match = probe.has_all(&["matches.vulnerability.id", "matches.artifact"]);
    is_named || (is_match && probe.value("descriptor.name").is_none()) || is_empty(probe, members)
}

/// A report without matches and without a name is known by the parts around them.
fn is_empty(probe: &Probe, members: &crate::Members) -> bool {
    probe.value("descriptor.name").is_none() && members.has_all(&["source", "distro", "descriptor"])
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let mut warnings = Vec::new();
    let mut findings = Vec::new();
    let at = At::Root;
    let lists = [
        ("matches", &document.matches, FindingStatus::Open),
        ("ignoredMatches", &document.ignored, FindingStatus::Suppressed),
    ];
    for (key, list, status) in lists {
        let at = at.key(key);
        for (index, item) in json::parts::<Match<'_>>(list, at, &mut warnings) {
            findings.push(Finding { status, ..finding(&item, &at.index(index), &mut warnings) });
        }
    }
    let descriptor = document.descriptor.get("/descriptor", &mut warnings);
    let version = descriptor.and_then(|descriptor| stated(descriptor.version.as_ref()));
    let created_at = descriptor.and_then(|descriptor| utc(descriptor.timestamp.as_deref()));
    let mut report =
        Report { created_at, ..report("grype", version.filter(|word| word != "[not provided]"), findings) };
    // Of a folder the target is its path and not an object.
    if let Some(target) = document.source.0.as_ref().ok().and_then(|source| source.target.0.as_ref().ok()) {
        for digest in target.digests.0.iter().flatten().chain(&target.input) {
            subjects::add_artifact(&mut report.subjects, digest);
        }
    }
    report.warnings = warnings;
    Ok(report)
}

fn finding(item: &Match<'_>, at: &At<'_>, warnings: &mut Vec<Warning>) -> Finding {
    let Match { vulnerability, artifact, related } = item;
    let rule = stated(vulnerability.id.as_ref()).unwrap_or_default();
    let component = component(artifact, at, warnings);
    let (severity, severity_word) = rated("grype", vulnerability.severity.as_ref());
    let related = related.get(at.key("relatedVulnerabilities"), warnings).map_or(&[][..], Vec::as_slice);
    let description = stated(vulnerability.description.as_ref());
    let description = description.or_else(|| related.iter().find_map(|related| stated(related.description.as_ref())));
    let is_of_system = matches!(artifact.kind.as_deref(), Some("deb" | "rpm" | "apk" | "alpm" | "portage"));
    let path = artifact.locations.0.iter().flatten().find_map(|location| stated(location.path.as_ref()));
    let fixed = vulnerability.fix.get(at.key("vulnerability").key("fix"), warnings);
    let urls = std::iter::once(vulnerability.source.as_ref()).flatten().chain(&vulnerability.urls);
    let mut references: Vec<String> = Vec::new();
    for url in urls.filter_map(json::Text::stated) {
        if !references.contains(&url) && references.len() < 50 {
            references.push(url);
        }
    }
    Finding {
        aliases: aliases(&rule, related.iter().filter_map(|related| stated(related.id.as_ref()))),
        title: format!("{rule} in {}", component.name),
        description: description.map(text::capped),
        severity,
        severity_word,
        cvss: ratings(vulnerability, related),
        location: path.filter(|_| !is_of_system).map(|path| Location { path: relative(&path), ..Location::default() }),
        fixed_versions: fixed.into_iter().flat_map(|fix| &fix.versions).filter_map(json::Text::stated).collect(),
        references,
        component: Some(component),
        identity: identity::of_parts(&rule, &[]),
        ..Finding::new(FindingKind::Vulnerability, rule, "")
    }
}

/// The ratings of whoever the match comes from and then those of the vulnerabilities that it is related to, each once.
fn ratings(vulnerability: &Vulnerability<'_>, related: &[Vulnerability<'_>]) -> Vec<Cvss> {
    let mut ratings: Vec<Cvss> = Vec::new();
    for of_one in std::iter::once(vulnerability).chain(related) {
        for rating in of_one.cvss.0.iter().flatten() {
            let score = rating.metrics.as_ref().and_then(|metrics| metrics.base_score);
            let Some(rating) = cvss(rating.vector.as_deref(), score, rating.source.as_deref()) else { continue };
            if !ratings.iter().any(|known| known.vector == rating.vector && known.score == rating.score) {
                ratings.push(rating);
            }
        }
    }
    ratings
}

fn component(artifact: &Artifact<'_>, at: &At<'_>, warnings: &mut Vec<Warning>) -> ComponentRef {
    let url = artifact.purl.as_deref().unwrap_or_default();
    ComponentRef {
        purl: purl::canonical(url, at.key("artifact").key("purl"), warnings),
        name: stated(artifact.name.as_ref()).unwrap_or_default(),
        version: stated(artifact.version.as_ref()),
    }
}
