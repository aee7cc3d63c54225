//! Qualys web application reports in XML: weaknesses of web applications seen from outside, with a glossary.

use crate::dependencies::{cwes, report};
use crate::qualys::{Detection, finding};
use crate::xml::{Document, Element};
use crate::{Format, Probe, ReadError, identity};
use shipworthy_model::{Finding, FindingKind, FindingStatus, Phase, Report};
use std::collections::HashMap;

pub(crate) static FORMAT: Format = Format {
    name: "qualys-was-xml",
    title: "Qualys WAS report (XML)",
    homepage: "https://docs.qualys.com/en/was/latest/reports/report_formats.htm",
    phase: Phase::Deploy,
    tool: "qualys",
    reads: "scan and web application reports: vulnerabilities, sensitive content and information gathered",
    identifies: "Qualys's own unique id of the detection",
    severities: "qualys",
    marks: &["WAS_SCAN_REPORT", "WAS_WEBAPP_REPORT"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.root().is_some_and(|root| matches!(root.name.as_str(), "WAS_SCAN_REPORT" | "WAS_WEBAPP_REPORT"))
}

/// One detection with what only this report has.
#[derive(Default)]
struct Found {
    detection: Detection,
    unique_id: String,
    parameter: String,
}

/// What the glossary says of a number.
#[derive(Default)]
struct Known {
    detection: Detection,
    cwes: Vec<u32>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    let mut found = Vec::new();
    let mut glossary = HashMap::new();
    while let Some(child) = document.next_child(&root)? {
        match child.name.as_str() {
            "RESULTS" => read_results(&mut document, &child, &mut found)?,
            "GLOSSARY" => read_glossary(&mut document, &child, &mut glossary)?,
            _ => {}
        }
    }
    document.end()?;
    let findings = found.into_iter().map(|found| described(found, &glossary)).collect();
    let looked_for = vec![FindingKind::Dynamic];
    Ok(Report { looked_for, ..report("qualys", None, findings) })
}

/// Goes through the lists, which in the report of a web application lie one level deeper.
fn read_results(document: &mut Document<'_>, parent: &Element, found: &mut Vec<Found>) -> Result<(), ReadError> {
    while let Some(child) = document.next_child(parent)? {
        match child.name.as_str() {
            "VULNERABILITY" | "SENSITIVE_CONTENT" => found.push(detection(document, &child, false)?),
            "INFORMATION_GATHERED" => found.push(detection(document, &child, true)?),
            "WEB_APPLICATION" | "VULNERABILITY_LIST" | "SENSITIVE_CONTENT_LIST" | "INFORMATION_GATHERED_LIST" => {
                read_results(document, &child, found)?;
            }
            _ => {}
        }
    }
    Ok(())
}

fn detection(document: &mut Document<'_>, parent: &Element, is_information: bool) -> Result<Found, ReadError> {
    let mut found = Found::default();
    found.detection.is_information = is_information;
    while let Some(child) = document.next_child(parent)? {
        match child.name.as_str() {
            "UNIQUE_ID" => found.unique_id = document.text(&child)?,
            "QID" => found.detection.qid = document.text(&child)?,
            "URL" => found.detection.host = document.text(&child)?,
            "PARAM" => found.parameter = document.text(&child)?,
            "IGNORED" if document.text(&child)? == "true" => found.detection.status = FindingStatus::Suppressed,
            "STATUS" if document.text(&child)?.eq_ignore_ascii_case("fixed") => {
                found.detection.status = FindingStatus::Fixed
            }
            _ => {}
        }
    }
    Ok(found)
}

fn read_glossary(
    document: &mut Document<'_>,
    parent: &Element,
    glossary: &mut HashMap<String, Known>,
) -> Result<(), ReadError> {
    while let Some(list) = document.next_child(parent)? {
        if list.name != "QID_LIST" {
            continue;
        }
        while let Some(item) = document.next_child(&list)? {
            let known = details(document, &item)?;
            glossary.insert(known.detection.qid.clone(), known);
        }
    }
    Ok(())
}

fn details(document: &mut Document<'_>, parent: &Element) -> Result<Known, ReadError> {
    let mut known = Known::default();
    while let Some(child) = document.next_child(parent)? {
        match child.name.as_str() {
            "QID" => known.detection.qid = document.text(&child)?,
            "TITLE" => known.detection.title = document.text(&child)?,
            "SEVERITY" => known.detection.severity = document.text(&child)?,
            "DESCRIPTION" => known.detection.threat = document.text(&child)?,
            "IMPACT" => known.detection.impact = document.text(&child)?,
            "SOLUTION" => known.detection.solution = document.text(&child)?,
            "CWE" => known.cwes = cwes(&document.text(&child)?),
            "CVSS_V3" | "CVSS3_BASE" => known.detection.cvss3 = document.text(&child)?,
            _ => {}
        }
    }
    Ok(known)
}

fn described(found: Found, glossary: &HashMap<String, Known>) -> Finding {
    let Found { detection: Detection { qid, host, is_information, status, .. }, unique_id, parameter } = found;
    let known = glossary.get(&qid);
    let of_glossary = known.map(|known| known.detection.clone()).unwrap_or_default();
    let one = finding(Detection { qid, host, is_information, status, instance: parameter, ..of_glossary });
    Finding {
        cwes: known.map(|known| known.cwes.clone()).unwrap_or_default(),
        identity: if unique_id.is_empty() { one.identity } else { identity::of_fingerprint("qualys", &unique_id) },
        ..one
    }
}
