//! What the reports of Nessus and of Tenable's products have in common: what a plugin found on a host.

use crate::dependencies::{aliases, cvss, cvss_of_version};
use crate::{identity, severity, text};
use shipworthy_model::{Finding, FindingKind, Location, Severity};
use std::collections::HashMap;

/// What one plugin found at one place.
#[derive(Default)]
pub(crate) struct Found {
    pub(crate) plugin: String,
    pub(crate) name: String,
    pub(crate) host: String,
    pub(crate) port: String,
    pub(crate) protocol: String,
    /// Words, from the one that counts most.
    pub(crate) severities: Vec<String>,
    pub(crate) cves: Vec<String>,
    pub(crate) cwes: Vec<u32>,
    pub(crate) synopsis: String,
    pub(crate) description: String,
    pub(crate) solution: String,
    pub(crate) see_also: String,
    pub(crate) score2: Option<f64>,
    pub(crate) score3: Option<f64>,
    pub(crate) vector2: String,
    pub(crate) vector3: String,
    /// The priority that Tenable computes.
    pub(crate) priority: Option<f64>,
}

/// The findings, in the order of the document. Tables have a row for each CVE of one problem.
pub(crate) fn findings(all: impl IntoIterator<Item = Found>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for found in all {
        let finding = finding(found);
        match places.get(&finding.identity).and_then(|place| findings.get_mut(*place)) {
            Some(known) => {
                let more = std::mem::take(&mut known.aliases).into_iter().chain(finding.aliases);
                known.aliases = aliases(&known.rule, more);
            }
            None => {
                places.insert(finding.identity.clone(), findings.len());
                findings.push(finding);
            }
        }
    }
    findings
}

fn finding(found: Found) -> Finding {
    let rule = found.plugin;
    let port = Some(found.port).filter(|port| !port.is_empty() && port != "0").map(|port| format!(":{port}"));
    let protocol = port.is_some().then(|| found.protocol.to_lowercase()).filter(|protocol| !protocol.is_empty());
    let protocol = protocol.map(|protocol| format!("/{protocol}")).unwrap_or_default();
    let place = format!("{}{}{protocol}", found.host, port.unwrap_or_default());
    let rated = found.severities.iter().map(|word| (severity::of_word("tenable", word), word));
    let (severity, word) = rated.into_iter().find(|(severity, _)| *severity != Severity::Unknown).unzip();
    let description: Vec<_> =
        [found.synopsis, found.description].into_iter().filter(|text| !text.trim().is_empty()).collect();
    let vector = |text: &str| Some(text.trim_start_matches("CVSS2#").trim().to_owned()).filter(|text| !text.is_empty());
    let (v2, v3) = (vector(&found.vector2), vector(&found.vector3));
    let rating2 = match &v2 {
        Some(v2) => cvss(Some(v2), found.score2, None),
        None => cvss_of_version("2.0", None, found.score2),
    };
    let stated = |text: String| Some(text).filter(|text| !matches!(text.trim(), "" | "n/a" | "N/A"));
    Finding {
        aliases: aliases(&rule, found.cves),
        description: Some(description.join("\n\n")).filter(|text| !text.is_empty()).map(text::capped),
        severity: severity.unwrap_or_default(),
        severity_word: word.or(found.severities.first()).filter(|word| !word.is_empty()).cloned(),
        score: found.priority,
        cvss: cvss(v3.as_deref(), found.score3, None).into_iter().chain(rating2).collect(),
        cwes: found.cwes,
        location: Some(Location { path: place.clone(), ..Location::default() }).filter(|place| !place.path.is_empty()),
        remediation: stated(found.solution).map(text::capped),
        references: found.see_also.split_whitespace().map(str::to_owned).collect(),
        identity: identity::of_parts(&rule, &[&place]),
        title: text::title(&found.name).unwrap_or_else(|| rule.clone()),
        ..Finding::new(FindingKind::Dynamic, rule, "")
    }
}
