//! Vulnerabilities that Invicti (formerly Netsparker) or Acunetix 360 found, in the JSON of their reports.

use crate::json::{self, List, Said, Text, or_empty, said};
use crate::{Format, Probe, ReadError, ratings, text, weakness, web};
use serde::Deserialize;
use shipworthy_model::{Cvss, Finding, FindingKind, FindingStatus, Phase, Report, Tool};

pub(crate) static FORMAT: Format = Format {
    name: "invicti",
    title: "Invicti, Netsparker and Acunetix 360 report in JSON",
    homepage: "https://www.invicti.com/support/vulnerabilities-list-json-report/",
    phase: Phase::Artifact,
    tool: "invicti",
    reads: "the report of detailed scans with `Target` and `Vulnerabilities`",
    identifies: "the type of vulnerability with URL, method and parameters",
    severities: "invicti",
    marks: &["Generated", "Target", "Vulnerabilities"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has_all(&["Generated", "Target", "Vulnerabilities"]))
        && probe.has("Target.ScanId")
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct Document<'a> {
    vulnerabilities: Option<List<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase", bound(deserialize = "'de: 'a"), expecting = "a vulnerability")]
struct Item<'a> {
    classification: Option<Classification<'a>>,
    confirmed: bool,
    certainty: Said<'a>,
    description: Said<'a>,
    external_references: Said<'a>,
    remedy_references: Said<'a>,
    http_request: Option<Request<'a>>,
    name: Said<'a>,
    remedial_procedure: Said<'a>,
    severity: Said<'a>,
    state: Said<'a>,
    #[serde(rename = "Type")]
    kind: Said<'a>,
    url: Said<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase", bound(deserialize = "'de: 'a"), expecting = "a classification")]
struct Classification<'a> {
    cwe: Said<'a>,
    cvss: Option<Rating<'a>>,
    cvss31: Option<Rating<'a>>,
    cvss40: Option<Rating<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase", bound(deserialize = "'de: 'a"), expecting = "a rating")]
struct Rating<'a> {
    base_score: Option<Score<'a>>,
    vector: Said<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase", bound(deserialize = "'de: 'a"), expecting = "a score")]
struct Score<'a> {
    value: Said<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase", bound(deserialize = "'de: 'a"), expecting = "a request")]
struct Request<'a> {
    method: Said<'a>,
    parameters: Option<Vec<Parameter<'a>>>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase", bound(deserialize = "'de: 'a"), expecting = "a parameter")]
struct Parameter<'a> {
    name: Said<'a>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let Some(list) = &document.vulnerabilities else {
        return Err(ReadError::lacks("Invicti report", "/Vulnerabilities", "expected a list, found none"));
    };
    let mut warnings = Vec::new();
    let items = json::parts::<Item<'_>>(list, "/Vulnerabilities", &mut warnings);
    Ok(Report {
        tool: Some(Tool { name: "invicti".to_owned(), version: None }),
        findings: Some(items.iter().map(|(_, item)| finding(item)).collect()),
        looked_for: vec![FindingKind::Dynamic],
        warnings,
        ..Report::default()
    })
}

fn finding(item: &Item<'_>) -> Finding {
    let name = or_empty(&item.name);
    let rule = said(&item.kind).unwrap_or_else(|| name.to_owned());
    let request = item.http_request.as_ref();
    let names = request.iter().flat_map(|request| request.parameters.iter().flatten());
    let parameters = names.filter_map(|parameter| said(&parameter.name)).collect::<Vec<_>>().join(",");
    let method = request.map_or("", |request| or_empty(&request.method));
    let seen = web::finding(&rule, name, web::Place { url: or_empty(&item.url), parameter: &parameters, method });
    let (severity, word) = web::rated("invicti", item.severity.as_deref());
    let confidence =
        if item.confirmed { Some("confirmed".to_owned()) } else { said(&item.certainty).map(|c| format!("{c} %")) };
    let classification = item.classification.as_ref();
    Finding {
        severity,
        severity_word: web::with_confidence(word, confidence.as_deref()),
        cvss: classification.map(cvss).unwrap_or_default(),
        cwes: classification.map(|known| weakness::numbers(or_empty(&known.cwe))).unwrap_or_default(),
        description: said(&item.description).map(|html| text::capped(text::plain(&html))),
        remediation: said(&item.remedial_procedure).map(|html| text::capped(text::plain(&html))),
        references: [&item.external_references, &item.remedy_references]
            .into_iter()
            .flatten()
            .flat_map(|html: &Text<'_>| text::addresses(html))
            .collect(),
        status: status(or_empty(&item.state)),
        ..seen
    }
}

/// Several words in one, such as `Present, FalsePositive`.
fn status(state: &str) -> FindingStatus {
    let state = state.to_ascii_lowercase();
    if state.contains("falsepositive") || state.contains("false positive") {
        FindingStatus::FalsePositive
    } else if state.contains("acceptedrisk") || state.contains("ignored") {
        FindingStatus::Suppressed
    } else if state.contains("fixed") && !state.contains("revived") {
        FindingStatus::Fixed
    } else {
        FindingStatus::Open
    }
}

fn cvss(classification: &Classification<'_>) -> Vec<Cvss> {
    let rated = [(&classification.cvss, "3.0"), (&classification.cvss31, "3.1"), (&classification.cvss40, "4.0")];
    let rated = rated.into_iter().filter_map(|(rating, version)| {
        let rating = rating.as_ref()?;
        let score = rating.base_score.as_ref().and_then(|score| ratings::number(or_empty(&score.value)));
        ratings::cvss(rating.vector.as_deref(), score, version, None)
    });
    rated.collect()
}
