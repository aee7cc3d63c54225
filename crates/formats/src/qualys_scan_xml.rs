//! Qualys scan results in XML, as the web interface exports them: what was detected on hosts, by category.

use crate::dependencies::report;
use crate::qualys::{Detection, finding};
use crate::xml::{Document, Element};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Finding, FindingKind, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "qualys-scan-xml",
    title: "Qualys scan results (XML)",
    homepage: "https://docs.qualys.com/en/vm/api/scans/vm_scans/scan_results_dtd.htm",
    phase: Phase::Deploy,
    tool: "qualys",
    reads: "the results of one scan: information, services, practices and vulnerabilities of each address",
    identifies: "the QID, the host and the port",
    severities: "qualys",
    marks: &["SCAN"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_scan = probe.root().is_some_and(|root| {
        root.name == "SCAN" && root.attribute("value").is_some_and(|value| value.starts_with("scan/"))
    });
    is_scan || (probe.root().is_some_and(|root| root.name == "SCAN") && probe.has_all(&["HEADER.KEY", "IP"]))
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    let mut findings = Vec::new();
    while let Some(host) = document.next_child(&root)? {
        if host.name != "IP" {
            continue;
        }
        let named = host.attribute("name").filter(|name| !name.is_empty() && *name != "No registered hostname");
        let name = named.or(host.attribute("value")).unwrap_or_default().to_owned();
        while let Some(section) = document.next_child(&host)? {
            let is_information = matches!(section.name.as_str(), "INFOS" | "SERVICES");
            if is_information || matches!(section.name.as_str(), "VULNS" | "PRACTICES") {
                read_section(&mut document, &section, &name, is_information, &mut findings)?;
            }
        }
    }
    document.end()?;
    let looked_for = vec![FindingKind::Dynamic];
    Ok(Report { looked_for, ..report("qualys", None, findings) })
}

fn read_section(
    document: &mut Document<'_>,
    parent: &Element,
    host: &str,
    is_information: bool,
    findings: &mut Vec<Finding>,
) -> Result<(), ReadError> {
    while let Some(category) = document.next_child(parent)? {
        let port = category.attribute("port").unwrap_or_default().to_owned();
        let protocol = category.attribute("protocol").unwrap_or_default().to_owned();
        while let Some(item) = document.next_child(&category)? {
            let place = Detection {
                host: host.to_owned(),
                port: port.clone(),
                protocol: protocol.clone(),
                is_information,
                ..Detection::default()
            };
            findings.push(finding(detection(document, &item, place)?));
        }
    }
    Ok(())
}

fn detection(document: &mut Document<'_>, item: &Element, place: Detection) -> Result<Detection, ReadError> {
    let attribute = |name: &str| item.attribute(name).unwrap_or_default().to_owned();
    let mut detection =
        Detection { qid: attribute("number"), severity: attribute("severity"), cves: attribute("cveid"), ..place };
    while let Some(child) = document.next_child(item)? {
        match child.name.as_str() {
            "TITLE" => detection.title = document.text(&child)?,
            "DIAGNOSIS" => detection.threat = document.text(&child)?,
            "CONSEQUENCE" => detection.impact = document.text(&child)?,
            "SOLUTION" => detection.solution = document.text(&child)?,
            "CVSS_BASE" => detection.cvss2 = document.text(&child)?,
            "CVSS3_BASE" => detection.cvss3 = document.text(&child)?,
            _ => {}
        }
    }
    Ok(detection)
}
