//! Findings of an application, as Veracode's Findings API answers them: static, dynamic, manual and SCA.

use crate::json::{self, List, Said, or_empty, said};
use crate::veracode::{self, TOOL};
use crate::{Format, Probe, ReadError, identity, ratings, text, weakness, web};
use serde::Deserialize;
use shipworthy_model::{ComponentRef, Finding, FindingKind, Location, Phase, Report, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "veracode-findings",
    title: "Veracode findings of the API",
    homepage: "https://docs.veracode.com/r/c_findings_v2_intro",
    phase: Phase::Source,
    tool: TOOL,
    reads: "pages of the Findings API v2 and lists of its `findings`",
    identifies: "Veracode's number of the issue, which it keeps from scan to scan; else vulnerability and component",
    severities: TOOL,
    marks: &["findings", "_embedded"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_at = |list: &str| {
        probe.has_all(&[
            &format!("{list}.scan_type"),
            &format!("{list}.finding_details"),
            &format!("{list}.finding_status"),
        ])
    };
    probe.object().is_some() && (is_at("findings") || is_at("_embedded.findings"))
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct Document<'a> {
    findings: List<'a>,
    #[serde(rename = "_embedded")]
    embedded: Embedded<'a>,
    page: Option<Page>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "an object with `findings`")]
struct Embedded<'a> {
    findings: List<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, expecting = "a page")]
struct Page {
    total_elements: u64,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "a finding")]
struct Item<'a> {
    issue_id: Said<'a>,
    scan_type: Said<'a>,
    description: Said<'a>,
    finding_status: Status<'a>,
    finding_details: Details<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "a status")]
struct Status<'a> {
    status: Said<'a>,
    resolution: Said<'a>,
    resolution_status: Said<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "details")]
struct Details<'a> {
    severity: Said<'a>,
    cwe: Option<Named<'a>>,
    finding_category: Option<Named<'a>>,
    file_path: Said<'a>,
    file_line_number: Option<i64>,
    url: Said<'a>,
    hostname: Said<'a>,
    path: Said<'a>,
    vulnerable_parameter: Said<'a>,
    cve: Option<Cve<'a>>,
    component_filename: Said<'a>,
    component_path: Option<Vec<PathOf<'a>>>,
    version: Said<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "an object with `id` and `name`")]
struct Named<'a> {
    id: Said<'a>,
    name: Said<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "a vulnerability")]
struct Cve<'a> {
    name: Said<'a>,
    cvss: Option<f64>,
    vector: Said<'a>,
    href: Said<'a>,
    cvss3: Option<Cvss3<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "a rating")]
struct Cvss3<'a> {
    score: Option<f64>,
    vector: Said<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "an object with `path`")]
struct PathOf<'a> {
    path: Said<'a>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let mut warnings = Vec::new();
    let mut findings = Vec::new();
    let lists = [(&document.findings, "/findings"), (&document.embedded.findings, "/_embedded/findings")];
    let mut sent = 0;
    for (list, at) in lists {
        sent += list.items.len() as u64;
        let items = json::parts::<Item<'_>>(list, at, &mut warnings);
        findings.extend(items.iter().map(|(index, item)| finding(item, &format!("{at}/{index}"), &mut warnings)));
    }
    if let Some(page) = document.page.filter(|page| page.total_elements > sent) {
        let total = page.total_elements;
        let message = format!("the server has {total}, this document holds {sent}: send the other pages too");
        warnings.push(Warning { at: "/page".to_owned(), message });
    }
    let tool = Some(veracode::tool(None));
    Ok(Report { tool, findings: Some(findings), warnings, ..Report::default() })
}

fn finding(item: &Item<'_>, at: &str, warnings: &mut Vec<Warning>) -> Finding {
    let details = &item.finding_details;
    let status = &item.finding_status;
    let finding = match or_empty(&item.scan_type) {
        "SCA" => vulnerability(details),
        "DYNAMIC" => flaw(item, FindingKind::Dynamic),
        "STATIC" | "MANUAL" => flaw(item, FindingKind::Code),
        other => {
            let message = format!("expected STATIC, DYNAMIC, MANUAL or SCA, found `{other}`; taken for a static flaw");
            warnings.push(Warning { at: format!("{at}/scan_type"), message });
            flaw(item, FindingKind::Code)
        }
    };
    let is_approved = or_empty(&status.resolution_status) == "APPROVED";
    let is_closed = or_empty(&status.status) == "CLOSED";
    let description = said(&item.description);
    let (severity, severity_word) = veracode::rated(details.severity.as_deref());
    let mut references = finding.references;
    references.extend(description.as_deref().map(text::addresses).unwrap_or_default());
    Finding {
        severity,
        severity_word,
        status: veracode::status(is_closed && !is_approved, is_approved, or_empty(&status.resolution)),
        cwes: details.cwe.as_ref().map(|cwe| weakness::numbers(or_empty(&cwe.id))).unwrap_or_default(),
        description: description.map(|description| text::capped(text::plain(&description))),
        references,
        ..finding
    }
}

fn flaw(item: &Item<'_>, kind: FindingKind) -> Finding {
    let details = &item.finding_details;
    let cwe = details.cwe.as_ref();
    let category = details.finding_category.as_ref().and_then(|category| said(&category.name));
    let title = cwe.and_then(|cwe| said(&cwe.name)).or(category).unwrap_or_default();
    let rule = cwe.and_then(|cwe| said(&cwe.id)).map_or_else(|| title.clone(), |id| format!("CWE-{id}"));
    let joined = web::joined(or_empty(&details.hostname), or_empty(&details.path));
    let path = match kind {
        FindingKind::Dynamic => web::address(details.url.as_deref().unwrap_or(&joined)),
        _ => or_empty(&details.file_path).trim_start_matches('/').to_owned(),
    };
    let identity = match said(&item.issue_id) {
        Some(id) => identity::of_fingerprint(TOOL, &id),
        None => identity::of_parts(&rule, &[&path, or_empty(&details.vulnerable_parameter)]),
    };
    let line = details.file_line_number.and_then(|line| u32::try_from(line).ok()).filter(|line| *line > 0);
    let location = Location { path, line, end_line: None };
    Finding {
        location: Some(location).filter(|location| !location.path.is_empty()),
        identity,
        ..Finding::new(kind, rule, title)
    }
}

fn vulnerability(details: &Details<'_>) -> Finding {
    let none = Cve::default();
    let cve = details.cve.as_ref().unwrap_or(&none);
    let rule = said(&cve.name).unwrap_or_default();
    let file = said(&details.component_filename).unwrap_or_default();
    let version = said(&details.version);
    let component = ComponentRef { name: without_version(&file, version.as_deref()), version, purl: None };
    let third = cve.cvss3.as_ref();
    let ratings = [
        third.and_then(|third| ratings::cvss(third.vector.as_deref(), third.score, "3.1", None)),
        ratings::cvss(cve.vector.as_deref(), cve.cvss, "2.0", None),
    ];
    let path = details.component_path.iter().flatten().find_map(|path| said(&path.path));
    Finding {
        cvss: ratings.into_iter().flatten().collect(),
        references: said(&cve.href).into_iter().collect(),
        location: path.map(|path| Location { path, ..Location::default() }),
        ..Finding {
            title: format!("{rule} in {}", component.name),
            component: Some(component),
            ..Finding::new(FindingKind::Vulnerability, rule, "")
        }
    }
}

/// `cart-1.2.0.jar` is `cart` in version 1.2.0.
fn without_version(file: &str, version: Option<&str>) -> String {
    let stem = file.strip_suffix(".jar").unwrap_or(file);
    let name =
        version.and_then(|version| stem.strip_suffix(version)).map(|name| name.trim_end_matches(['-', '_', '@']));
    name.filter(|name| !name.is_empty()).unwrap_or(stem).to_owned()
}
