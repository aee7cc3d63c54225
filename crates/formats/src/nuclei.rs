//! Results of Nuclei in JSON: one for each template that matched at a place.

use crate::json::{self, Said, Text, Texts, or_empty, said};
use crate::{Format, Members, Probe, ReadError, moment, ratings, text, weakness, web};
use serde::Deserialize;
use serde_json::value::RawValue;
use shipworthy_model::{Finding, FindingKind, Phase, Report, Tool, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "nuclei",
    title: "Nuclei results",
    homepage: "https://docs.projectdiscovery.io/opensource/nuclei/running",
    phase: Phase::Artifact,
    tool: "nuclei",
    reads: "`-jsonl` (a result on each line) and `-json-export` (a list), versions 2 and 3",
    identifies: "the template with its matcher and the place where it matched",
    severities: "nuclei",
    marks: &["template-id", "templateID", "matched-at", "matcher-name"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_result = |members: &Members| {
        (members.has("template-id") || members.has("templateID")) && members.has_all(&["info", "host"])
    };
    probe.first_element().or(probe.first_of_lines()).is_some_and(is_result)
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "kebab-case", bound(deserialize = "'de: 'a"), expecting = "a result")]
struct Item<'a> {
    #[serde(alias = "templateID")]
    template_id: Said<'a>,
    info: Info<'a>,
    matcher_name: Said<'a>,
    extractor_name: Said<'a>,
    host: Said<'a>,
    #[serde(alias = "matched")]
    matched_at: Said<'a>,
    timestamp: Said<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "information on a template")]
struct Info<'a> {
    name: Said<'a>,
    severity: Said<'a>,
    description: Said<'a>,
    remediation: Said<'a>,
    reference: Texts<'a>,
    classification: Option<Classification<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "kebab-case", bound(deserialize = "'de: 'a"), expecting = "a classification")]
struct Classification<'a> {
    cve_id: Texts<'a>,
    cwe_id: Texts<'a>,
    cvss_metrics: Said<'a>,
    cvss_score: Option<f64>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let is_list = bytes.trim_ascii_start().starts_with(b"[");
    let items: Vec<&RawValue> = if is_list { json::document(bytes)? } else { json::values(bytes)? };
    let mut warnings: Vec<Warning> = Vec::new();
    let mut findings = Vec::new();
    let mut created = None;
    for (index, raw) in items.into_iter().enumerate() {
        let Some(item) = json::part::<Item<'_>>(raw, format_args!("/{index}"), &mut warnings) else { continue };
        if said(&item.template_id).is_none() {
            let message = "left out: expected `template-id`, found none".to_owned();
            warnings.push(Warning { at: format!("/{index}"), message });
            continue;
        }
        created = created.max(said(&item.timestamp).and_then(|timestamp| moment::stated(&timestamp)));
        findings.push(finding(&item));
    }
    Ok(Report {
        tool: Some(Tool { name: "nuclei".to_owned(), version: None }),
        created_at: created,
        findings: Some(findings),
        looked_for: vec![FindingKind::Dynamic],
        warnings,
        ..Report::default()
    })
}

/// What was extracted is left out, because it may be a secret.
fn finding(item: &Item<'_>) -> Finding {
    let info = &item.info;
    let rule = or_empty(&item.template_id);
    let matcher = said(&item.matcher_name).or_else(|| said(&item.extractor_name)).unwrap_or_default();
    let matched = or_empty(&item.matched_at);
    let url = if matched.is_empty() { or_empty(&item.host) } else { matched };
    let title = match (said(&info.name), matcher.as_str()) {
        (Some(name), "") => name,
        (Some(name), matcher) => format!("{name}: {matcher}"),
        (None, _) => rule.to_owned(),
    };
    let seen = web::finding(rule, &title, web::Place { url, parameter: &matcher, method: "" });
    let (severity, severity_word) = web::rated("nuclei", info.severity.as_deref());
    let none = Classification::default();
    let classification = info.classification.as_ref().unwrap_or(&none);
    let cves = classification.cve_id.0.iter().filter_map(Text::stated).map(|cve| cve.to_ascii_uppercase());
    Finding {
        severity,
        severity_word,
        aliases: cves.filter(|cve| cve != rule).collect(),
        cvss: ratings::cvss(classification.cvss_metrics.as_deref(), classification.cvss_score, "3.1", None)
            .into_iter()
            .collect(),
        cwes: classification.cwe_id.0.iter().flat_map(|cwe| weakness::numbers(cwe)).collect(),
        description: said(&info.description).map(text::capped),
        remediation: said(&info.remediation),
        references: info.reference.0.iter().filter_map(Text::stated).collect(),
        ..seen
    }
}
