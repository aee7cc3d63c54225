//! Reports that people sent to a programme of HackerOne, in JSON. Who sent them is not kept.

use crate::hackerone::Submission;
use crate::json::Object;
use crate::problems::report;
use crate::{Format, Probe, ReadError, dependencies, ratings};
use shipworthy_model::{FindingKind, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "hackerone-json",
    title: "HackerOne reports in JSON",
    homepage: "https://api.hackerone.com/customer-resources/#reports",
    phase: Phase::Deploy,
    tool: "hackerone",
    reads: "a page of `/v1/reports` of the API, and `findings` with the columns of the export",
    identifies: "HackerOne's number of the report",
    severities: "hackerone",
    marks: &["data", "findings", "links"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.has_all(&["data.attributes.vulnerability_information", "data.relationships"])
        || probe.has_all(&["findings.severity_rating", "findings.substate", "findings.reported_at"])
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document = Object::document(bytes)?;
    let findings: Vec<_> = if document.has_list("findings") {
        document.objects("findings").iter().filter_map(|row| exported(row).finding()).collect()
    } else if document.has_list("data") {
        document.objects("data").iter().filter_map(|item| answered(item).finding()).collect()
    } else {
        return Err(ReadError::lacks("reports of HackerOne", "/data", "expected a list, found none"));
    };
    if document.has_object("links") && document.object("links").is_some_and(|links| links.has("next")) {
        document.warn("links.next", "this is a page of several; the reports of the others are not in it");
    }
    Ok(report("hackerone", None, &[FindingKind::Dynamic], findings, document.warnings()))
}

fn answered(item: &Object<'_>) -> Submission {
    let attributes = item.object("attributes");
    let said = |key: &str| attributes.as_ref().and_then(|attributes| attributes.text(key));
    let relations = item.object("relationships");
    let related = |name: &str| {
        let data = relations.as_ref()?.object(name).filter(|relation| relation.has_object("data"))?;
        data.object("data")?.object("attributes")
    };
    let (severity, weakness) = (related("severity"), related("weakness"));
    let listed = attributes.as_ref().filter(|attributes| attributes.has_list("cve_ids"));
    Submission {
        id: item.text("id"),
        title: said("title"),
        rating: severity.as_ref().and_then(|severity| severity.text("rating")),
        score: severity.filter(|severity| severity.has("score")).and_then(|severity| severity.number("score")),
        state: said("state"),
        weakness: weakness.as_ref().and_then(|weakness| weakness.text("name")),
        weakness_id: weakness.and_then(|weakness| weakness.text("external_id")),
        ids: listed.map(|attributes| attributes.texts("cve_ids")).unwrap_or_default(),
        asset: related("structured_scope").and_then(|scope| scope.text("asset_identifier")),
        description: said("vulnerability_information"),
    }
}

fn exported(row: &Object<'_>) -> Submission {
    Submission {
        id: row.text("id"),
        title: row.text("title"),
        rating: row.text("severity_rating"),
        score: row.text("severity_score").and_then(|score| ratings::number(&score)),
        state: row.text("substate"),
        weakness: row.text("weakness"),
        ids: row.text("cve_ids").map(|ids| dependencies::names(&ids)).unwrap_or_default(),
        asset: row.text("structured_scope"),
        ..Submission::default()
    }
}
