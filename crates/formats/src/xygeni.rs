//! Reports of the Xygeni scanner in JSON: weaknesses in code, secrets, and vulnerabilities of dependencies.

use crate::json::{self, List, Said, Text, or_empty, said};
use crate::{Format, Probe, ReadError, identity, moment, packages, ratings, text, weakness, web};
use serde::Deserialize;
use shipworthy_model::{ComponentRef, Finding, FindingKind, Location, Phase, Report, Tool, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "xygeni",
    title: "Xygeni report",
    homepage: "https://docs.xygeni.io/xygeni-scanner-cli/xygeni-cli-overview",
    phase: Phase::Source,
    tool: "xygeni",
    reads: "the JSON of `xygeni sast`, `xygeni secrets` and `xygeni deps`",
    identifies: "Xygeni's unique hash, which leaves out the line; of dependencies vulnerability and component",
    severities: "xygeni",
    marks: &["metadata", "vulnerabilities", "dependencies", "secrets"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some() && probe.value("metadata.format").is_some_and(|format| format.ends_with("-xygeni"))
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct Document<'a> {
    metadata: Metadata<'a>,
    vulnerabilities: List<'a>,
    secrets: List<'a>,
    dependencies: List<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"), expecting = "metadata")]
struct Metadata<'a> {
    timestamp: Said<'a>,
    format: Said<'a>,
    report_properties: json::Entries<'a, Text<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"), expecting = "a finding")]
struct Item<'a> {
    unique_hash: Said<'a>,
    detector: Said<'a>,
    #[serde(rename = "type")]
    kind: Said<'a>,
    severity: Said<'a>,
    explanation: Said<'a>,
    description: Said<'a>,
    cwe: Said<'a>,
    cwes: Option<Vec<Text<'a>>>,
    tags: Option<Vec<Text<'a>>>,
    location: Place<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"), expecting = "a location")]
struct Place<'a> {
    filepath: Said<'a>,
    begin_line: Option<u32>,
    end_line: Option<u32>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "a dependency")]
struct Dependency<'a> {
    group: Said<'a>,
    name: Said<'a>,
    version: Said<'a>,
    #[serde(alias = "repositoryType")]
    ecosystem: Said<'a>,
    vulnerabilities: List<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"), expecting = "a vulnerability")]
struct Vulnerability<'a> {
    id: Said<'a>,
    cve: Said<'a>,
    aliases: Option<Vec<Text<'a>>>,
    severity: Said<'a>,
    description: Said<'a>,
    cwes: Option<Vec<Text<'a>>>,
    overall_cvss_score: Option<f64>,
    fixed_version: Said<'a>,
    references: Option<Vec<Text<'a>>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let metadata = &document.metadata;
    let mut warnings = Vec::new();
    let mut findings = Vec::new();
    let looked_for = match or_empty(&metadata.format) {
        "sast-xygeni" => vec![FindingKind::Code],
        "secrets-xygeni" => vec![FindingKind::Secret],
        "deps-xygeni" => vec![FindingKind::Vulnerability],
        other => {
            let message = format!("expected a report of code, secrets or dependencies, found `{other}`");
            warnings.push(Warning { at: "/metadata/format".to_owned(), message });
            Vec::new()
        }
    };
    let lists = [
        (&document.vulnerabilities, "/vulnerabilities", FindingKind::Code),
        (&document.secrets, "/secrets", FindingKind::Secret),
    ];
    for (list, at, kind) in lists {
        let items = json::parts::<Item<'_>>(list, at, &mut warnings);
        findings.extend(items.iter().map(|(_, item)| finding(item, kind)));
    }
    for (index, dependency) in json::parts::<Dependency<'_>>(&document.dependencies, "/dependencies", &mut warnings) {
        let at = format!("/dependencies/{index}/vulnerabilities");
        let items = json::parts::<Vulnerability<'_>>(&dependency.vulnerabilities, at, &mut warnings);
        findings.extend(items.iter().map(|(_, item)| vulnerability(item, &dependency)));
    }
    let version = metadata.report_properties.0.iter().find(|(key, _)| &**key == "tool.version");
    Ok(Report {
        tool: Some(Tool { name: "xygeni".to_owned(), version: version.and_then(|(_, version)| version.stated()) }),
        created_at: said(&metadata.timestamp).and_then(|timestamp| moment::stated(&timestamp)),
        findings: Some(findings),
        looked_for,
        warnings,
        ..Report::default()
    })
}

/// A weakness or a secret. Of neither is the code taken along.
fn finding(item: &Item<'_>, kind: FindingKind) -> Finding {
    let rule = said(&item.detector).or_else(|| said(&item.kind)).unwrap_or_default();
    let (severity, severity_word) = web::rated("xygeni", item.severity.as_deref());
    let place = &item.location;
    let path = said(&place.filepath).unwrap_or_default();
    let texts = item.cwe.iter().chain(item.cwes.iter().flatten()).chain(item.tags.iter().flatten());
    let mut cwes = Vec::new();
    for number in texts.flat_map(|text| weakness::numbers(text)) {
        if !cwes.contains(&number) {
            cwes.push(number);
        }
    }
    let title = match said(&item.kind).filter(|_| kind == FindingKind::Secret) {
        Some(secret) => format!("secret of type {secret}"),
        None => rule.clone(),
    };
    Finding {
        severity,
        severity_word,
        cwes,
        description: said(&item.explanation).or_else(|| said(&item.description)).map(text::capped),
        identity: match said(&item.unique_hash) {
            Some(hash) => identity::of_fingerprint("xygeni", &hash),
            None => identity::of_parts(&rule, &[&path]),
        },
        location: Some(Location { path, line: place.begin_line, end_line: place.end_line })
            .filter(|location| !location.path.is_empty()),
        ..Finding::new(kind, rule, title)
    }
}

fn vulnerability(item: &Vulnerability<'_>, dependency: &Dependency<'_>) -> Finding {
    let rule = said(&item.cve).or_else(|| said(&item.id)).unwrap_or_default();
    let (severity, severity_word) = web::rated("xygeni", item.severity.as_deref());
    let kind = packages::of_ecosystem(or_empty(&dependency.ecosystem));
    let separator = if kind == Some("maven") { ":" } else { "/" };
    let own = or_empty(&dependency.name);
    let name = said(&dependency.group).map_or_else(|| own.to_owned(), |group| format!("{group}{separator}{own}"));
    let version = said(&dependency.version);
    let purl = kind.and_then(|kind| packages::purl(kind, &name, version.as_deref(), &[]));
    let score = item.overall_cvss_score.filter(|score| *score >= 0.0);
    let aliases = item.id.iter().chain(item.aliases.iter().flatten()).filter_map(Text::stated);
    Finding {
        title: format!("{rule} in {name}"),
        aliases: aliases.filter(|alias| *alias != rule).collect(),
        severity,
        severity_word,
        cvss: ratings::cvss(None, score, "3.1", None).into_iter().collect(),
        cwes: item.cwes.iter().flatten().flat_map(|cwe| weakness::numbers(cwe)).collect(),
        description: said(&item.description).map(text::capped),
        fixed_versions: said(&item.fixed_version).into_iter().collect(),
        references: item.references.iter().flatten().filter_map(Text::stated).collect(),
        component: Some(ComponentRef { purl, name, version }),
        ..Finding::new(FindingKind::Vulnerability, rule, "")
    }
}
