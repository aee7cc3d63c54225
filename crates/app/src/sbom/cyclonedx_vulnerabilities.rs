//! Vulnerabilities in a CycloneDX document: each once for what is said about it, with all components of which that is said.

use crate::sbom::cyclonedx_parts::{
    Advisory, Affects, Alias, Analysis, Named, Property, Rating, Source, Version, Vulnerability as Part,
};
use crate::sbom::vulnerabilities::Vulnerability;
use crate::vex::{By, Word};
use shipworthy_model::{Cvss, Severity, VexStatus};

/// The vulnerabilities with the references of their components; what is in none is in the release.
pub(super) fn parts<'a>(
    vulnerabilities: &'a [Vulnerability],
    references: &'a [Option<String>],
    release: &'a str,
) -> Vec<Part<'a>> {
    let mut parts: Vec<(&Vulnerability, Part<'a>)> = Vec::new();
    for (vulnerability, reference) in vulnerabilities.iter().zip(references) {
        let affects = affects(vulnerability, reference.as_deref().unwrap_or(release));
        // Those of one name are neighbours.
        let same = parts.iter_mut().rev().take_while(|(known, _)| known.name == vulnerability.name);
        match same.into_iter().find(|(known, _)| known.word == vulnerability.word) {
            Some((_, part)) => add(part, affects),
            None => parts.push((vulnerability, part(vulnerability, affects))),
        }
    }
    parts.into_iter().map(|(_, part)| part).collect()
}

fn add<'a>(part: &mut Part<'a>, new: Affects<'a>) {
    match part.affects.iter_mut().find(|known| known.reference == new.reference) {
        Some(known) => {
            for version in new.versions {
                if !known.versions.contains(&version) {
                    known.versions.push(version);
                }
            }
        }
        None => part.affects.push(new),
    }
}

fn affects<'a>(vulnerability: &'a Vulnerability, reference: &'a str) -> Affects<'a> {
    let present = vulnerability.component.as_ref().and_then(|component| component.version.as_deref());
    let present = present.into_iter().map(|version| Version { version, status: "affected" });
    let fixed = vulnerability.fixed_versions.iter().map(|version| Version { version, status: "unaffected" });
    Affects { reference, versions: present.chain(fixed).filter(|version| !version.version.is_empty()).collect() }
}

/// More addresses than these say nothing new.
const MOST_ADVISORIES: usize = 20;

fn part<'a>(vulnerability: &'a Vulnerability, affects: Affects<'a>) -> Part<'a> {
    let Vulnerability { name, aliases, title, word, .. } = vulnerability;
    let details = vulnerability.details.as_ref();
    let urls = details.into_iter().flat_map(|details| &details.references);
    let urls = urls.filter(|url| url.starts_with("https://") || url.starts_with("http://")).take(MOST_ADVISORIES);
    let advice = details.and_then(|details| details.remediation.as_deref());
    Part {
        id: name,
        source: source(name),
        references: aliases.iter().map(|id| Alias { id, source: source(id) }).collect(),
        ratings: ratings(vulnerability),
        cwes: details.map_or(&[], |details| &details.cwes),
        description: details.and_then(|details| details.description.as_deref()).or(Some(title)),
        recommendation: word.as_ref().and_then(|word| word.action.as_deref()).or(advice),
        advisories: urls.map(|url| Advisory { url }).collect(),
        analysis: word.as_ref().map(analysis),
        affects: vec![affects],
        properties: properties(vulnerability),
    }
}

/// Who keeps the records of an id, and where.
fn source(id: &str) -> Source {
    let name = match id {
        id if id.starts_with("CVE-") => "NVD",
        id if id.starts_with("GHSA-") => "GitHub",
        _ => "OSV",
    };
    Source { name, url: address(id) }
}

/// Where people read of a vulnerability.
pub(super) fn address(id: &str) -> String {
    if id.starts_with("CVE-") {
        return format!("https://nvd.nist.gov/vuln/detail/{id}");
    }
    if id.starts_with("GHSA-") {
        return format!("https://github.com/advisories/{id}");
    }
    let plain: String =
        id.chars().map(|c| if c.is_ascii_alphanumeric() || "-_.:".contains(c) { c } else { '-' }).collect();
    format!("https://osv.dev/vulnerability/{plain}")
}

/// The ratings as published, and our severity where none of them says it.
fn ratings(vulnerability: &Vulnerability) -> Vec<Rating<'_>> {
    let mut ratings: Vec<Rating<'_>> = vulnerability.cvss.iter().filter_map(rating).collect();
    let severity = vulnerability.severity.as_str();
    if !ratings.iter().any(|rating| rating.severity == severity) {
        ratings.insert(0, Rating { source: None, score: None, severity, method: None, vector: None });
    }
    ratings
}

fn rating(cvss: &Cvss) -> Option<Rating<'_>> {
    let method = match cvss.version.as_str() {
        "2.0" => "CVSSv2",
        "3.0" => "CVSSv3",
        "3.1" => "CVSSv31",
        "4.0" => "CVSSv4",
        _ => return None,
    };
    let severity = match cvss.score {
        None => Severity::Unknown.as_str(),
        Some(score) if score <= 0.0 => "none",
        Some(score) => Severity::of_score(score).as_str(),
    };
    Some(Rating {
        source: cvss.source.as_deref().map(|name| Named { name }),
        score: cvss.score,
        severity,
        method: Some(method),
        vector: cvss.vector.as_deref(),
    })
}

fn analysis(word: &Word) -> Analysis<'_> {
    Analysis {
        state: match word.status {
            VexStatus::Affected => "exploitable",
            VexStatus::Fixed => "resolved",
            VexStatus::NotAffected => "not_affected",
            VexStatus::UnderInvestigation => "in_triage",
        },
        justification: word.justification.as_deref().and_then(justification),
        detail: word.attributed(),
        last_updated: word.stated_at.as_deref(),
    }
}

/// The justification in the words of CycloneDX, which has no word for each of VEX; the original is kept as a property.
fn justification(word: &str) -> Option<&'static str> {
    Some(match word {
        "component_not_present" | "vulnerable_code_not_present" | "code_not_present" => "code_not_present",
        "vulnerable_code_not_in_execute_path" | "code_not_reachable" => "code_not_reachable",
        "vulnerable_code_cannot_be_controlled_by_adversary" | "requires_environment" => "requires_environment",
        "inline_mitigations_already_exist" | "protected_by_mitigating_control" => "protected_by_mitigating_control",
        "requires_configuration" => "requires_configuration",
        "requires_dependency" => "requires_dependency",
        "protected_by_compiler" => "protected_by_compiler",
        "protected_at_runtime" => "protected_at_runtime",
        "protected_at_perimeter" => "protected_at_perimeter",
        _ => return None,
    })
}

fn properties(vulnerability: &Vulnerability) -> Vec<Property<'_>> {
    let mut properties = Vec::new();
    if vulnerability.is_known_exploited {
        properties.push(Property { name: "shipworthy:known-exploited", value: "true".into() });
    }
    let Some(word) = &vulnerability.word else { return properties };
    if let Some(justification) = word.justification.as_deref() {
        properties.push(Property { name: "shipworthy:vex:justification", value: justification.into() });
    }
    if let By::Exception { id, until } = &word.by {
        properties.push(Property { name: "shipworthy:exception", value: id.to_string().into() });
        properties.push(Property { name: "shipworthy:exception:until", value: until.to_string().into() });
    }
    properties
}
