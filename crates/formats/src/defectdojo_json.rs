//! Findings of any tool in DefectDojo's generic JSON.

use crate::defectdojo::{self, Generic};
use crate::json::Object;
use crate::problems::{first_line, report};
use crate::{Format, Members, Probe, ReadError, web};
use shipworthy_model::{FindingKind, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "defectdojo-json",
    title: "DefectDojo generic findings in JSON",
    homepage: "https://docs.defectdojo.com/supported_tools/parsers/generic_findings_import/",
    phase: Phase::Source,
    tool: "defectdojo",
    reads: "`findings` with `title` and `severity`, and fields of DefectDojo's findings beside them",
    identifies: "`unique_id_from_tool`, else the title or `vuln_id_from_tool` with file or endpoint; of a component the vulnerability",
    severities: "defectdojo",
    marks: &["findings", "name", "type"],
    recognises,
    read,
};

/// Beside the findings.
const KEYS: &[&str] = &["findings", "name", "type", "version", "description", "static_tool", "dynamic_tool", "soc"];

/// Of these, each is a name that DefectDojo alone has for it, or has among few.
const FIELDS: &[&str] = &[
    "active",
    "component_name",
    "cve",
    "cvssv3",
    "cvssv4",
    "duplicate",
    "dynamic_finding",
    "false_p",
    "file_path",
    "mitigation",
    "nb_occurences",
    "static_finding",
    "steps_to_reproduce",
    "unique_id_from_tool",
    "verified",
    "vuln_id_from_tool",
    "vulnerability_ids",
];

fn recognises(probe: &Probe) -> bool {
    let is_whole =
        |members: &Members| members.has("findings") && members.0.iter().all(|(key, _)| KEYS.contains(&key.as_str()));
    probe.object().is_some_and(is_whole)
        && probe.has_all(&["findings.title", "findings.severity"])
        && FIELDS.iter().any(|field| probe.has(&format!("findings.{field}")))
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document = Object::document(bytes)?;
    if !document.has_list("findings") {
        return Err(ReadError::lacks("generic findings", "/findings", "expected a list, found none"));
    }
    let mut findings = Vec::new();
    for item in document.objects("findings") {
        match generic(&item) {
            Some(generic) => findings.push(generic.finding()),
            None => item.warn("", "left out: expected `title`, found none"),
        }
    }
    // The name of the tool is in the words of whoever wrote the document.
    let tool = document.text("type").or_else(|| document.text("name"));
    let tool = tool.map_or_else(|| "defectdojo".to_owned(), |tool| tool.to_lowercase());
    let kinds: Vec<FindingKind> = Vec::new();
    Ok(report(&tool, document.text("version"), &kinds, findings, document.warnings()))
}

fn generic(item: &Object<'_>) -> Option<Generic> {
    let text = |key: &str| item.text(key);
    let is = |key: &str| if item.has(key) { item.flag(key) } else { None };
    let listed = if item.has_list("vulnerability_ids") { item.texts("vulnerability_ids") } else { Vec::new() };
    let (vector, score) = (text("cvssv3"), text("cvssv3_score"));
    Some(Generic {
        title: text("title")?,
        severity: text("severity"),
        description: text("description"),
        mitigation: text("mitigation"),
        impact: text("impact"),
        references: text("references"),
        cwe: text("cwe"),
        ids: text("cve").into_iter().chain(listed).collect(),
        cvss: defectdojo::cvss(vector, score, "3.1")
            .into_iter()
            .chain(defectdojo::cvss(text("cvssv4"), text("cvssv4_score"), "4.0"))
            .collect(),
        component: text("component_name").map(|name| (name, text("component_version"))),
        fixed_version: text("fix_version"),
        path: text("file_path"),
        line: text("line").and_then(|line| first_line(&line)),
        endpoint: endpoint(item),
        rule: text("vuln_id_from_tool"),
        fingerprint: text("unique_id_from_tool"),
        status: defectdojo::status(is),
    })
}

/// The first endpoint: an address, or an object with its parts.
fn endpoint(item: &Object<'_>) -> Option<String> {
    if !item.has_list("endpoints") {
        return None;
    }
    if let Some(address) = item.texts("endpoints").into_iter().next() {
        return Some(address);
    }
    let endpoint = item.objects("endpoints").into_iter().next()?;
    let host = web::host(&endpoint.text("host")?, endpoint.text("port").as_deref());
    let origin = endpoint.text("protocol").map_or_else(|| host.clone(), |protocol| format!("{protocol}://{host}"));
    Some(web::joined(&origin, &endpoint.text("path").unwrap_or_default()))
}
