//! KICS: infrastructure as code. Its report lists the queries that matched.

use crate::checks::{self, Check, Checks, Outcome};
use crate::json::{self, List, Text, stated};
use crate::{Format, Probe, ReadError, identity, instant};
use serde::Deserialize;
use shipworthy_model::{FindingKind, Phase, Report, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "kics",
    title: "KICS results",
    homepage: "https://docs.kics.io/latest/results/",
    phase: Phase::Source,
    tool: "kics",
    reads: "the JSON report of versions 1 and 2",
    identifies: "the similarity id of KICS, else rule, file and resource",
    severities: "kics",
    marks: &["queries", "queries_total", "severity_counters", "total_counter"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has_all(&["queries", "queries_total", "files_scanned"]))
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow)]
    kics_version: Option<Text<'a>>,
    #[serde(borrow)]
    end: Option<Text<'a>>,
    files_failed_to_scan: Option<u64>,
    queries_failed_to_execute: Option<u64>,
    #[serde(borrow, default)]
    queries: List<'a>,
}

#[derive(Deserialize)]
struct Query<'a> {
    #[serde(borrow)]
    query_id: Option<Text<'a>>,
    #[serde(borrow)]
    query_name: Option<Text<'a>>,
    #[serde(borrow)]
    query_url: Option<Text<'a>>,
    #[serde(borrow)]
    severity: Option<Text<'a>>,
    #[serde(borrow)]
    category: Option<Text<'a>>,
    #[serde(borrow)]
    cwe: Option<Text<'a>>,
    #[serde(borrow)]
    description: Option<Text<'a>>,
    #[serde(borrow, default)]
    files: List<'a>,
}

#[derive(Deserialize)]
struct FileItem<'a> {
    #[serde(borrow)]
    file_name: Option<Text<'a>>,
    #[serde(borrow)]
    similarity_id: Option<Text<'a>>,
    line: Option<u32>,
    #[serde(borrow)]
    resource_type: Option<Text<'a>>,
    #[serde(borrow)]
    resource_name: Option<Text<'a>>,
    #[serde(borrow)]
    expected_value: Option<Text<'a>>,
    #[serde(borrow)]
    actual_value: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let mut checks = Checks::of_scanner();
    for (index, query) in json::parts::<Query<'_>>(&document.queries, "/queries", &mut checks.warnings) {
        let at = format!("/queries/{index}/files");
        for (_, file) in json::parts::<FileItem<'_>>(&query.files, &at, &mut checks.warnings) {
            checks.add(check(&query, &file));
        }
    }
    let failures = [
        ("files_failed_to_scan", document.files_failed_to_scan, "files could not be scanned"),
        ("queries_failed_to_execute", document.queries_failed_to_execute, "queries could not be run"),
    ];
    for (key, count, what) in failures {
        if let Some(count) = count.filter(|count| *count > 0) {
            checks.warnings.push(Warning { at: format!("/{key}"), message: format!("{count} {what}") });
        }
    }
    let created_at = instant::utc(document.end.as_ref(), "/end", &mut checks.warnings);
    let mut report = checks.report("kics", stated(document.kics_version.as_ref()));
    report.created_at = created_at;
    Ok(report)
}

fn check(query: &Query<'_>, file: &FileItem<'_>) -> Check {
    let word = stated(query.severity.as_ref());
    // What KICS calls secret management is a password in the code, and what it saw there is not taken along.
    let is_secret = query.category.as_deref() == Some("Secret Management");
    let seen = || stated(file.actual_value.as_ref());
    let names = [stated(file.resource_type.as_ref()), stated(file.resource_name.as_ref())];
    let resource = names.into_iter().flatten().filter(|name| name != "n/a").collect::<Vec<_>>().join(".");
    Check {
        rule: stated(query.query_id.as_ref()).unwrap_or_default(),
        kind: is_secret.then_some(FindingKind::Secret),
        title: stated(query.query_name.as_ref()),
        outcome: Outcome::Failed,
        severity: checks::rated("kics", word.as_deref()),
        severity_word: word,
        reason: if is_secret { None } else { seen() },
        description: stated(query.description.as_ref()),
        resource: Some(resource).filter(|name| !name.is_empty() && !is_secret),
        location: checks::place(file.file_name.as_deref(), file.line, None),
        remediation: stated(file.expected_value.as_ref()).filter(|_| !is_secret),
        references: stated(query.query_url.as_ref()).into_iter().collect(),
        cwes: query.cwe.as_deref().and_then(|cwe| cwe.trim_start_matches("CWE-").parse().ok()).into_iter().collect(),
        identity: stated(file.similarity_id.as_ref()).map(|id| identity::of_fingerprint("similarity_id", &id)),
        ..Check::default()
    }
}
