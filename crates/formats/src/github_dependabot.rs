//! GitHub Dependabot: alerts with their state. <https://docs.github.com/en/rest/dependabot/alerts>

use crate::json::Object;
use crate::problems::{Elements, relative, report};
use crate::{Format, Probe, ReadError, dependencies, severity, text};
use shipworthy_model::{Cvss, Finding, FindingKind, FindingStatus, Location, Phase, Report, Severity};

pub(crate) static FORMAT: Format = Format {
    name: "github-dependabot",
    title: "GitHub Dependabot alerts",
    homepage: "https://docs.github.com/en/rest/dependabot/alerts",
    phase: Phase::Source,
    tool: "dependabot",
    reads: "JSON of the REST API (a list) and of GraphQL (`vulnerabilityAlerts` wherever they stand)",
    identifies: "vulnerability and package, as for every tool",
    severities: "github",
    marks: &["security_advisory", "security_vulnerability", "data"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_rest =
        probe.first_element().is_some_and(|members| members.has_all(&["security_advisory", "security_vulnerability"]));
    is_rest
        || probe.has("data.search.nodes.vulnerabilityAlerts")
        || probe.has("data.repository.vulnerabilityAlerts")
        || probe.has("data.search.edges.node.vulnerabilityAlerts")
        || probe.has("data.organization.repositories.nodes.vulnerabilityAlerts")
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let elements = Elements::of(bytes)?;
    let mut findings = Vec::new();
    for object in &elements.objects {
        if object.has("security_advisory") {
            findings.push(of_rest(object));
        } else {
            of_graph(object, &mut findings);
        }
    }
    Ok(report("dependabot", None, &[FindingKind::Vulnerability], findings, elements.warnings()))
}

fn of_rest(alert: &Object<'_>) -> Finding {
    let ratings = [
        ("security_advisory.cvss_severities.cvss_v4", "score"),
        ("security_advisory.cvss_severities.cvss_v3", "score"),
        ("security_advisory.cvss", "score"),
    ];
    let mut cvss: Vec<Cvss> = Vec::new();
    for (place, score) in ratings {
        let rating = alert.object(place);
        let vector = rating.as_ref().and_then(|rating| rating.text("vector_string"));
        let score = rating.as_ref().and_then(|rating| rating.number(score)).filter(|score| *score > 0.0);
        let rating = dependencies::cvss(vector.as_deref(), score, None);
        cvss.extend(rating.filter(|rating| !cvss.iter().any(|known| known.vector == rating.vector)));
    }
    let names = [alert.text("security_advisory.cve_id"), alert.text("security_advisory.ghsa_id")];
    let dependency = Dependency {
        ecosystem: alert.first_text(&["dependency.package.ecosystem", "security_vulnerability.package.ecosystem"]),
        name: alert.first_text(&["dependency.package.name", "security_vulnerability.package.name"]),
        version: None,
    };
    let mut finding = Finding {
        cvss,
        cwes: alert
            .objects("security_advisory.cwes")
            .iter()
            .filter_map(|cwe| cwe.text("cwe_id"))
            .flat_map(|cwe| dependencies::cwes(&cwe))
            .collect(),
        ..dependency.finding(
            names.into_iter().flatten().collect(),
            alert.first_text(&["security_vulnerability.severity", "security_advisory.severity"]),
        )
    };
    finding.title = alert.text("security_advisory.summary").as_deref().and_then(text::title).unwrap_or(finding.title);
    finding.description = alert.text("security_advisory.description").map(text::capped);
    finding.location =
        alert.text("dependency.manifest_path").map(|path| Location { path: relative(&path), ..Location::default() });
    finding.fixed_versions = alert
        .object("security_vulnerability.first_patched_version")
        .and_then(|version| version.text("identifier"))
        .into_iter()
        .collect();
    let urls = alert.objects("security_advisory.references");
    finding.references =
        alert.text("html_url").into_iter().chain(urls.iter().filter_map(|url| url.text("url"))).collect();
    finding.status = status(alert.text("state"), alert.text("dismissed_reason"));
    finding
}

/// The package that an alert is about.
struct Dependency {
    ecosystem: Option<String>,
    name: Option<String>,
    version: Option<String>,
}

impl Dependency {
    fn finding(&self, mut names: Vec<String>, word: Option<String>) -> Finding {
        let rule = if names.is_empty() { "dependabot".to_owned() } else { names.remove(0) };
        let ecosystem = self.ecosystem.as_deref().unwrap_or_default();
        let component =
            self.name.as_deref().map(|name| dependencies::component(ecosystem, name, self.version.as_deref()));
        Finding {
            aliases: dependencies::aliases(&rule, names),
            severity: word.as_deref().map_or(Severity::Unknown, |word| severity::of_word("github", word)),
            severity_word: word,
            component,
            ..Finding::new(FindingKind::Vulnerability, rule.clone(), rule)
        }
    }
}

fn status(state: Option<String>, reason: Option<String>) -> FindingStatus {
    match (
        state.unwrap_or_default().to_ascii_lowercase().as_str(),
        reason.unwrap_or_default().to_ascii_lowercase().as_str(),
    ) {
        ("fixed", _) => FindingStatus::Fixed,
        ("dismissed", "inaccurate") => FindingStatus::FalsePositive,
        ("dismissed" | "auto_dismissed", _) => FindingStatus::Suppressed,
        _ => FindingStatus::Open,
    }
}

/// The alerts of a GraphQL answer: people ask for them through what they like, so that every way down is gone.
fn of_graph(object: &Object<'_>, findings: &mut Vec<Finding>) {
    if object.has("securityVulnerability") {
        findings.push(of_alert(object));
        return;
    }
    for key in ["data", "search", "repository", "organization", "viewer", "repositories", "node", "vulnerabilityAlerts"]
    {
        if object.has(key) {
            object.object(key).iter().for_each(|below| of_graph(below, findings));
        }
    }
    for key in ["nodes", "edges"] {
        object.objects(key).iter().for_each(|below| of_graph(below, findings));
    }
}

fn of_alert(alert: &Object<'_>) -> Finding {
    let Some(found) = alert.object("securityVulnerability") else {
        return Finding::new(FindingKind::Vulnerability, "dependabot", "dependabot");
    };
    let names = found.objects("advisory.identifiers").iter().filter_map(|name| name.text("value")).collect();
    let vector = found.text("advisory.cvss.vectorString");
    let score = found.object("advisory.cvss").and_then(|cvss| cvss.number("score")).filter(|score| *score > 0.0);
    let dependency = Dependency {
        ecosystem: found.text("package.ecosystem"),
        name: found.text("package.name"),
        version: alert
            .text("vulnerableRequirements")
            .and_then(|version| Some(version.strip_prefix("= ")?.trim().to_owned())),
    };
    let mut finding = dependency.finding(names, found.text("severity"));
    finding.title = found.text("advisory.summary").as_deref().and_then(text::title).unwrap_or(finding.title);
    finding.description = found.text("advisory.description").map(text::capped);
    finding.cvss = dependencies::cvss(vector.as_deref(), score, None).into_iter().collect();
    finding.cwes = found
        .objects("advisory.cwes.nodes")
        .iter()
        .filter_map(|cwe| cwe.text("cweId"))
        .flat_map(|cwe| dependencies::cwes(&cwe))
        .collect();
    let path = alert.first_text(&["vulnerableManifestPath", "vulnerableManifestFilename"]);
    finding.location = path.map(|path| Location { path: relative(&path), ..Location::default() });
    finding.fixed_versions =
        found.object("firstPatchedVersion").and_then(|version| version.text("identifier")).into_iter().collect();
    finding.references = found.objects("advisory.references").iter().filter_map(|url| url.text("url")).collect();
    let dismissed = alert.text("dismissedAt").map(|_| "dismissed".to_owned());
    finding.status = status(alert.text("state").or(dismissed), alert.text("dismissReason"));
    finding
}
