//! Reports of the Arachni web scanner in JSON.

use crate::json::{self, Entries, List, Said, Text, or_empty, said};
use crate::{Format, Probe, ReadError, identity, moment, text, weakness, web};
use serde::Deserialize;
use shipworthy_model::{Finding, FindingKind, FindingStatus, Phase, Report, Tool};

pub(crate) static FORMAT: Format = Format {
    name: "arachni",
    title: "Arachni report in JSON",
    homepage: "https://github.com/Arachni/arachni/wiki/Reports",
    phase: Phase::Artifact,
    tool: "arachni",
    reads: "the JSON report of versions 1.x",
    identifies: "Arachni's digest of the issue, else the check with URL, input and method",
    severities: "arachni",
    marks: &["seed", "options", "sitemap", "issues", "plugins"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has_all(&["seed", "options", "sitemap", "issues"]))
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct Document<'a> {
    version: Said<'a>,
    finish_datetime: Said<'a>,
    issues: Option<List<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "an issue")]
struct Issue<'a> {
    name: Said<'a>,
    description: Said<'a>,
    references: Option<Entries<'a, Text<'a>>>,
    cwe: Said<'a>,
    severity: Said<'a>,
    remedy_guidance: Said<'a>,
    check: Check<'a>,
    vector: Vector<'a>,
    trusted: Option<bool>,
    digest: Said<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "a check")]
struct Check<'a> {
    shortname: Said<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "a vector")]
struct Vector<'a> {
    url: Said<'a>,
    action: Said<'a>,
    method: Said<'a>,
    affected_input_name: Said<'a>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let Some(list) = &document.issues else {
        return Err(ReadError::lacks("Arachni report", "/issues", "expected a list of issues, found none"));
    };
    let mut warnings = Vec::new();
    let issues = json::parts::<Issue<'_>>(list, "/issues", &mut warnings);
    Ok(Report {
        tool: Some(Tool { name: "arachni".to_owned(), version: said(&document.version) }),
        created_at: said(&document.finish_datetime).and_then(|finished| moment::stated(&finished)),
        findings: Some(issues.iter().map(|(_, issue)| finding(issue)).collect()),
        looked_for: vec![FindingKind::Dynamic],
        warnings,
        ..Report::default()
    })
}

fn finding(issue: &Issue<'_>) -> Finding {
    let name = or_empty(&issue.name);
    let rule = said(&issue.check.shortname).unwrap_or_else(|| name.to_owned());
    let vector = &issue.vector;
    let action = or_empty(&vector.action);
    let url = if action.is_empty() { or_empty(&vector.url) } else { action };
    let place = web::Place { url, parameter: or_empty(&vector.affected_input_name), method: or_empty(&vector.method) };
    let seen = web::finding(&rule, name, place);
    let (severity, word) = web::rated("arachni", issue.severity.as_deref());
    let confidence = issue.trusted.map(|trusted| if trusted { "trusted" } else { "untrusted" });
    let references = issue.references.iter().flat_map(|references| references.0.iter());
    Finding {
        severity,
        severity_word: web::with_confidence(word, confidence),
        cwes: weakness::numbers(or_empty(&issue.cwe)),
        description: said(&issue.description).map(text::capped),
        remediation: said(&issue.remedy_guidance).map(text::capped),
        references: references.filter_map(|(_, url)| url.stated()).collect(),
        identity: said(&issue.digest)
            .map_or_else(|| seen.identity.clone(), |digest| identity::of_fingerprint("arachni", &digest)),
        status: FindingStatus::Open,
        ..seen
    }
}
