//! Reports of Checkmarx One in JSON, as its portal makes them: results of the static analysis below their queries.

use crate::checkmarx::{self, TOOL};
use crate::json::{self, List, Odd, Said, or_empty, said};
use crate::{Format, Probe, ReadError, moment, text, weakness};
use serde::Deserialize;
use serde_json::value::RawValue;
use shipworthy_model::{Finding, FindingKind, Phase, Report, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "checkmarx-one-report",
    title: "Checkmarx One scan report in JSON",
    homepage: "https://docs.checkmarx.com/en/34965-68641-scan-reports.html",
    phase: Phase::Source,
    tool: TOOL,
    reads: "reports with `scanResults`: queries by language and the later `resultsList`; results of SAST alone",
    identifies: "the hash of the flow, else the similarity id with the query",
    severities: TOOL,
    marks: &["reportHeader", "scanResults", "executiveSummary", "scanSummary"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has_all(&["reportHeader", "scanResults"]))
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
struct Document<'a> {
    report_creation_date: Said<'a>,
    report_header: Odd<Header<'a>>,
    scan_results: Option<ScanResults<'a>>,
    iac_scan_results: Option<&'a RawValue>,
    sca_scan_results: Option<&'a RawValue>,
    container_scan_results: Option<&'a RawValue>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"), expecting = "a header")]
struct Header<'a> {
    created_date: Said<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"), expecting = "results of the engines")]
struct ScanResults<'a> {
    results_list: List<'a>,
    sast: Option<Languages<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "an object with `languages`")]
struct Languages<'a> {
    languages: List<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "a language with its `queries`")]
struct Language<'a> {
    queries: List<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"), expecting = "a query")]
struct Query<'a> {
    query_name: Said<'a>,
    description: Said<'a>,
    cwe_id: Said<'a>,
    vulnerabilities: List<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"), expecting = "a result")]
struct Item<'a> {
    id: Said<'a>,
    similarity_id: Said<'a>,
    status: Said<'a>,
    state: Said<'a>,
    severity: Said<'a>,
    cwe_id: Said<'a>,
    source_file_name: Said<'a>,
    source_line: Option<u32>,
    nodes: Option<Vec<Flow<'a>>>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"), expecting = "a step of the flow")]
struct Flow<'a> {
    file_name: Said<'a>,
    line: Option<u32>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let Some(results) = &document.scan_results else {
        return Err(ReadError::lacks("Checkmarx One report", "/scanResults", "expected results, found none"));
    };
    let mut warnings = Vec::new();
    let mut findings = Vec::new();
    queries(&results.results_list, "/scanResults/resultsList", &mut findings, &mut warnings);
    if let Some(sast) = &results.sast {
        let at = "/scanResults/sast/languages";
        for (index, language) in json::parts::<Language<'_>>(&sast.languages, at, &mut warnings) {
            queries(&language.queries, &format!("{at}/{index}/queries"), &mut findings, &mut warnings);
        }
    }
    let others = [
        ("iacScanResults", document.iac_scan_results),
        ("scaScanResults", document.sca_scan_results),
        ("containerScanResults", document.container_scan_results),
    ];
    for (name, _) in others.into_iter().filter(|(_, part)| part.is_some_and(|part| part.get() != "null")) {
        let message = "left out: results of this engine; export the results with `cx results show` to have them too";
        warnings.push(Warning { at: format!("/{name}"), message: message.to_owned() });
    }
    let header = document.report_header.get("/reportHeader", &mut warnings);
    let created = header.and_then(|header| said(&header.created_date)).or_else(|| said(&document.report_creation_date));
    Ok(Report {
        tool: Some(checkmarx::tool(None)),
        created_at: created.and_then(|created| moment::stated(&created)),
        findings: Some(findings),
        looked_for: vec![FindingKind::Code],
        warnings,
        ..Report::default()
    })
}

fn queries(list: &List<'_>, at: &str, findings: &mut Vec<Finding>, warnings: &mut Vec<Warning>) {
    for (index, query) in json::parts::<Query<'_>>(list, at, warnings) {
        let at = format!("{at}/{index}/vulnerabilities");
        for (_, item) in json::parts::<Item<'_>>(&query.vulnerabilities, &at, warnings) {
            findings.push(finding(&query, &item));
        }
    }
}

fn finding(query: &Query<'_>, item: &Item<'_>) -> Finding {
    let source = item.nodes.iter().flatten().next();
    let of_source = source.map(|node| or_empty(&node.file_name)).unwrap_or_default();
    let result = checkmarx::Result {
        query: or_empty(&query.query_name),
        severity: item.severity.as_deref(),
        hash: item.id.as_deref().filter(|id| !id.is_empty()),
        similarity: item.similarity_id.as_deref(),
        file: if of_source.is_empty() { or_empty(&item.source_file_name) } else { of_source },
        line: source.and_then(|node| node.line).or(item.source_line),
    };
    Finding {
        cwes: weakness::numbers(item.cwe_id.as_ref().or(query.cwe_id.as_ref()).map_or("", |cwe| cwe)),
        status: checkmarx::status(or_empty(&item.status), or_empty(&item.state)),
        description: said(&query.description).map(text::capped),
        ..result.finding()
    }
}
