//! Qualys scan reports in XML: what was detected on hosts, with a glossary of the vulnerabilities.

use crate::dependencies::{report, utc};
use crate::qualys::{Detection, finding};
use crate::xml::{Document, Element};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Finding, FindingKind, FindingStatus, Phase, Report};
use std::collections::HashMap;

pub(crate) static FORMAT: Format = Format {
    name: "qualys-report-xml",
    title: "Qualys scan report (XML)",
    homepage: "https://docs.qualys.com/en/vm/api/reports/asset_data_report_dtd.htm",
    phase: Phase::Deploy,
    tool: "qualys",
    reads: "the asset data report of VM; what only tells of a host is information",
    identifies: "the QID, the host and the port",
    severities: "qualys",
    marks: &["ASSET_DATA_REPORT"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.root().is_some_and(|root| root.name == "ASSET_DATA_REPORT")
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    let mut detections = Vec::new();
    let mut glossary = HashMap::new();
    let mut created_at = None;
    while let Some(child) = document.next_child(&root)? {
        match child.name.as_str() {
            "HEADER" => {
                while let Some(item) = document.next_child(&child)? {
                    if item.name == "GENERATION_DATETIME" {
                        created_at = Some(document.text(&item)?);
                    }
                }
            }
            "HOST_LIST" => {
                while let Some(host) = document.next_child(&child)? {
                    read_host(&mut document, &host, &mut detections)?;
                }
            }
            "GLOSSARY" => read_glossary(&mut document, &child, &mut glossary)?,
            _ => {}
        }
    }
    document.end()?;
    let findings = detections.into_iter().map(|detection| described(detection, &glossary)).collect();
    let looked_for = vec![FindingKind::Dynamic];
    Ok(Report { created_at: utc(created_at.as_deref()), looked_for, ..report("qualys", None, findings) })
}

fn read_host(document: &mut Document<'_>, parent: &Element, detections: &mut Vec<Detection>) -> Result<(), ReadError> {
    let (mut address, mut name) = (String::new(), String::new());
    let first = detections.len();
    while let Some(child) = document.next_child(parent)? {
        match child.name.as_str() {
            "IP" => address = document.text(&child)?,
            "DNS" => name = document.text(&child)?,
            "VULN_INFO_LIST" => {
                while let Some(item) = document.next_child(&child)? {
                    detections.push(detection(document, &item)?);
                }
            }
            _ => {}
        }
    }
    let host = if name.is_empty() { address } else { name };
    for detection in detections.iter_mut().skip(first) {
        detection.host.clone_from(&host);
    }
    Ok(())
}

fn detection(document: &mut Document<'_>, parent: &Element) -> Result<Detection, ReadError> {
    let mut detection = Detection::default();
    while let Some(child) = document.next_child(parent)? {
        match child.name.as_str() {
            "QID" => detection.qid = document.text(&child)?,
            "TYPE" => detection.is_information = document.text(&child)? == "Ig",
            "PORT" => detection.port = document.text(&child)?,
            "PROTOCOL" => detection.protocol = document.text(&child)?,
            "INSTANCE" => detection.instance = document.text(&child)?,
            "VULN_STATUS" if document.text(&child)?.starts_with("Fixed") => detection.status = FindingStatus::Fixed,
            "CVSS_FINAL" => detection.cvss2 = document.text(&child)?,
            "CVSS3_FINAL" => detection.cvss3 = document.text(&child)?,
            _ => {}
        }
    }
    Ok(detection)
}

/// The vulnerabilities by their number, as detections without a host.
fn read_glossary(
    document: &mut Document<'_>,
    parent: &Element,
    glossary: &mut HashMap<String, Detection>,
) -> Result<(), ReadError> {
    while let Some(list) = document.next_child(parent)? {
        while let Some(item) = document.next_child(&list)? {
            let known = details(document, &item)?;
            glossary.insert(known.qid.clone(), known);
        }
    }
    Ok(())
}

fn details(document: &mut Document<'_>, parent: &Element) -> Result<Detection, ReadError> {
    let mut known = Detection::default();
    while let Some(child) = document.next_child(parent)? {
        match child.name.as_str() {
            "QID" => known.qid = document.text(&child)?,
            "TITLE" => known.title = document.text(&child)?,
            "SEVERITY" => known.severity = document.text(&child)?,
            "THREAT" => known.threat = document.text(&child)?,
            "IMPACT" => known.impact = document.text(&child)?,
            "SOLUTION" => known.solution = document.text(&child)?,
            "CVE_ID_LIST" => known.cves = joined(document, &child)?,
            "CVSS_SCORE" => known.cvss2 = first(document, &child, "CVSS_BASE")?,
            "CVSS3_SCORE" => known.cvss3 = first(document, &child, "CVSS3_BASE")?,
            _ => {}
        }
    }
    Ok(known)
}

/// The text of all children, apart.
fn joined(document: &mut Document<'_>, parent: &Element) -> Result<String, ReadError> {
    let mut text = String::new();
    while let Some(child) = document.next_child(parent)? {
        while let Some(part) = document.next_child(&child)? {
            if part.name == "ID" {
                text.push_str(&document.text(&part)?);
                text.push(' ');
            }
        }
    }
    Ok(text)
}

fn first(document: &mut Document<'_>, parent: &Element, name: &str) -> Result<String, ReadError> {
    let mut found = String::new();
    while let Some(child) = document.next_child(parent)? {
        if child.name == name {
            found = document.text(&child)?;
        }
    }
    Ok(found)
}

fn described(detection: Detection, glossary: &HashMap<String, Detection>) -> Finding {
    let Some(known) = glossary.get(&detection.qid) else { return finding(detection) };
    let Detection { qid, is_information, host, port, protocol, status, instance, cvss2, cvss3, .. } = detection;
    let or = |own: String, known: &String| if own.chars().any(|c| c.is_ascii_digit()) { own } else { known.clone() };
    finding(Detection {
        cvss2: or(cvss2, &known.cvss2),
        cvss3: or(cvss3, &known.cvss3),
        qid,
        is_information,
        host,
        port,
        protocol,
        status,
        instance,
        ..known.clone()
    })
}
