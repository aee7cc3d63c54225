//! What the reports of Qualys have in common: one detection of one vulnerability (by its number, the QID) on one host.

use crate::dependencies::{aliases, cvss, names};
use crate::{identity, severity, text};
use shipworthy_model::{Finding, FindingKind, FindingStatus, Location, Severity};

/// One detection.
#[derive(Clone, Default)]
pub(crate) struct Detection {
    pub(crate) qid: String,
    pub(crate) title: String,
    /// From 1 to 5, or another word of a service of Qualys.
    pub(crate) severity: String,
    /// Whether it tells of the host and of no weakness of it.
    pub(crate) is_information: bool,
    pub(crate) host: String,
    pub(crate) port: String,
    pub(crate) protocol: String,
    pub(crate) cves: String,
    pub(crate) threat: String,
    pub(crate) impact: String,
    pub(crate) solution: String,
    /// `7.5`, or `7.5 (AV:N/…)`.
    pub(crate) cvss2: String,
    pub(crate) cvss3: String,
    pub(crate) references: Vec<String>,
    pub(crate) status: FindingStatus,
    /// What tells it from others of the same number on the same host and port.
    pub(crate) instance: String,
}

/// The finding of a detection.
pub(crate) fn finding(detection: Detection) -> Finding {
    let rule = detection.qid.trim().trim_start_matches("qid_").to_owned();
    let word = detection.severity.trim().to_owned();
    let place = place(&detection);
    let of_word = severity::of_word("qualys", &word);
    let ratings = [rating(&detection.cvss3), rating(&detection.cvss2)];
    let title = text::title(&detection.title).unwrap_or_else(|| rule.clone());
    let description = [&detection.threat, &detection.impact].map(|text| plain(text));
    let description: Vec<_> = description.into_iter().filter(|text| !text.is_empty()).collect();
    let solution = plain(&detection.solution);
    Finding {
        aliases: aliases(&rule, names(&detection.cves)),
        description: Some(description.join("\n\n")).filter(|text| !text.is_empty()).map(text::capped),
        severity: if detection.is_information { Severity::Info } else { of_word },
        severity_word: Some(word).filter(|word| !word.is_empty()),
        cvss: ratings.into_iter().flatten().collect(),
        location: Some(place.clone())
            .filter(|place| !place.is_empty())
            .map(|path| Location { path, ..Location::default() }),
        remediation: Some(solution).filter(|text| !text.is_empty()).map(text::capped),
        references: detection.references,
        status: detection.status,
        identity: identity::of_parts(&rule, &[&place, &detection.instance]),
        ..Finding::new(FindingKind::Dynamic, rule, title)
    }
}

/// Host, port and protocol: `10.0.0.1:443/tcp`.
fn place(detection: &Detection) -> String {
    let stated = |text: &str| {
        Some(text.trim().to_owned()).filter(|text| !text.is_empty() && !matches!(text.as_str(), "0" | "-" | "'-"))
    };
    let port = stated(&detection.port).map(|port| format!(":{port}")).unwrap_or_default();
    let protocol =
        stated(&detection.protocol).map(|protocol| format!("/{}", protocol.to_lowercase())).unwrap_or_default();
    let protocol = if port.is_empty() { String::new() } else { protocol };
    format!("{}{port}{protocol}", detection.host.trim())
}

/// A score with its vector in brackets, as Qualys writes it, or the score alone.
fn rating(text: &str) -> Option<shipworthy_model::Cvss> {
    let (score, vector) =
        text.split_once('(').map_or((text, None), |(score, vector)| (score, Some(vector.trim_end_matches(')'))));
    let score = score.trim().parse::<f64>().ok().filter(|score| *score > 0.0)?;
    cvss(vector, Some(score), None)
}

/// The text without the marks that Qualys's pages have in it.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        plain.push_str(before);
        match after.split_once('>') {
            Some((tag, after)) if tag.len() < 200 && tag.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/') => {
                if tag.eq_ignore_ascii_case("p") || tag.to_ascii_lowercase().starts_with("br") {
                    plain.push('\n');
                }
                rest = after;
            }
            _ => {
                plain.push('<');
                rest = after;
            }
        }
    }
    plain.push_str(rest);
    let plain = plain.trim();
    if matches!(plain, "N/A" | "-") { String::new() } else { plain.to_owned() }
}
