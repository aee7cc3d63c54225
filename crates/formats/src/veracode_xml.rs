//! The detailed report of Veracode in XML: flaws of static, dynamic and manual analysis, and vulnerable components.

use crate::veracode::{self, TOOL};
use crate::xml::{Document, Node};
use crate::{Format, Probe, ReadError, identity, moment, packages, ratings, text, weakness, web};
use shipworthy_model::{ComponentRef, Finding, FindingKind, Location, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "veracode-xml",
    title: "Veracode detailed report in XML",
    homepage: "https://docs.veracode.com/r/r_schema_detailed_report",
    phase: Phase::Source,
    tool: TOOL,
    reads: "`detailedreport` 1.x: static, dynamic and manual flaws and the components of SCA",
    identifies: "Veracode's number of the flaw, which it keeps from scan to scan; else vulnerability and component",
    severities: TOOL,
    marks: &["detailedreport"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.root().is_some_and(|root| root.name == "detailedreport")
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    if root.name != "detailedreport" {
        let message = format!("expected the root `detailedreport`, found `{}`", root.name);
        return Err(ReadError::lacks("Veracode report", "its root", message));
    }
    let created = root.attribute("generation_date").and_then(moment::stated);
    let mut findings = Vec::new();
    let mut looked_for = Vec::new();
    while let Some(part) = document.next_child(&root)? {
        match part.name.as_str() {
            "static-analysis" | "manual-analysis" => looked_for.push(FindingKind::Code),
            "dynamic-analysis" => looked_for.push(FindingKind::Dynamic),
            "severity" => {
                while let Some(category) = document.next_node(&part)? {
                    category_of_flaws(&category, &mut findings);
                }
            }
            "software_composition_analysis" => {
                looked_for.push(FindingKind::Vulnerability);
                components(&document.node(part)?, &mut findings);
            }
            _ => {}
        }
    }
    document.end()?;
    let tool = Some(veracode::tool(None));
    Ok(Report { tool, created_at: created, findings: Some(findings), looked_for, ..Report::default() })
}

fn category_of_flaws(category: &Node, findings: &mut Vec<Finding>) {
    let recommendations = category.all_at("recommendations", "para").filter_map(|para| para.attribute("text"));
    let remediation = recommendations.collect::<Vec<_>>().join("\n");
    for cwe in category.all("cwe") {
        let title = cwe.attribute("cwename").or(category.attribute("categoryname")).unwrap_or_default();
        for (list, kind) in [
            ("staticflaws", FindingKind::Code),
            ("dynamicflaws", FindingKind::Dynamic),
            ("manualflaws", FindingKind::Code),
        ] {
            let flaws = cwe.all_at(list, "flaw");
            findings.extend(flaws.map(|flaw| flaw_of(flaw, kind, title, &remediation)));
        }
    }
}

fn flaw_of(flaw: &Node, kind: FindingKind, title: &str, remediation: &str) -> Finding {
    let cwes = flaw.attribute("cweid").map(weakness::numbers).unwrap_or_default();
    let rule = cwes.first().map_or_else(|| title.to_owned(), |cwe| format!("CWE-{cwe}"));
    let (severity, severity_word) = veracode::rated(flaw.attribute("severity"));
    let function = flaw.attribute("functionprototype").unwrap_or_default();
    let location = location(flaw, kind);
    let path = location.as_ref().map_or("", |location| location.path.as_str());
    let identity = match flaw.attribute("issueid") {
        Some(id) => identity::of_fingerprint(TOOL, id),
        None => identity::of_parts(&rule, &[path, function]),
    };
    let is_fixed = flaw.attribute("remediation_status").is_some_and(|status| status.eq_ignore_ascii_case("fixed"));
    let is_approved = flaw.attribute("mitigation_status") == Some("accepted");
    let last = flaw.all_at("mitigations", "mitigation").last();
    let action = last.and_then(|mitigation| mitigation.attribute("action")).unwrap_or_default();
    let description = flaw.attribute("description");
    Finding {
        severity,
        severity_word,
        cwes,
        references: description.map(text::addresses).unwrap_or_default(),
        description: description.map(|description| text::capped(text::plain(description))),
        remediation: Some(remediation.to_owned()).filter(|remediation| !remediation.is_empty()),
        status: veracode::status(is_fixed, is_approved, action),
        identity,
        location,
        ..Finding::new(kind, rule, title)
    }
}

fn location(flaw: &Node, kind: FindingKind) -> Option<Location> {
    if kind == FindingKind::Dynamic {
        return flaw.attribute("url").map(|url| Location { path: web::address(url), ..Location::default() });
    }
    let file = flaw.attribute("sourcefile")?;
    let folder = flaw.attribute("sourcefilepath").unwrap_or_default().trim_matches('/');
    let path = if folder.is_empty() { file.to_owned() } else { format!("{folder}/{file}") };
    let line = flaw.attribute("line").and_then(|line| line.parse().ok()).filter(|line| *line > 0);
    Some(Location { path, line, end_line: None })
}

fn components(analysis: &Node, findings: &mut Vec<Finding>) {
    for component in analysis.all_at("vulnerable_components", "component") {
        let named = named(component);
        let path = component.all_at("file_paths", "file_path").find_map(|path| path.attribute("value"));
        for item in component.all_at("vulnerabilities", "vulnerability") {
            let mut finding = vulnerability(item, &named);
            finding.location = path.map(|path| Location { path: path.to_owned(), ..Location::default() });
            findings.push(finding);
        }
    }
}

/// Only of Java is it known that vendor and library are group and artifact.
fn named(component: &Node) -> ComponentRef {
    let library = component.attribute("library").or(component.attribute("file_name")).unwrap_or_default();
    let version = component.attribute("version").map(str::to_owned);
    let is_java = component.attribute("file_name").is_some_and(|file| file.ends_with(".jar"));
    match component.attribute("vendor").filter(|_| is_java) {
        Some(vendor) => {
            let name = format!("{vendor}:{library}");
            ComponentRef { purl: packages::purl("maven", &name, version.as_deref(), &[]), name, version }
        }
        None => ComponentRef { purl: None, name: library.to_owned(), version },
    }
}

fn vulnerability(item: &Node, component: &ComponentRef) -> Finding {
    let rule = item.attribute("cve_id").unwrap_or_default();
    let (severity, severity_word) = veracode::rated(item.attribute("severity"));
    let score = item.attribute("cvss_score").and_then(ratings::number);
    let is_mitigated = item.attribute("mitigation") == Some("true");
    Finding {
        severity,
        severity_word,
        cvss: ratings::cvss(None, score, "2.0", None).into_iter().collect(),
        cwes: item.attribute("cwe_id").map(weakness::numbers).unwrap_or_default(),
        description: item.attribute("cve_summary").map(|summary| text::capped(summary.to_owned())),
        status: veracode::status(false, is_mitigated, ""),
        component: Some(component.clone()),
        ..Finding::new(FindingKind::Vulnerability, rule, format!("{rule} in {}", component.name))
    }
}
