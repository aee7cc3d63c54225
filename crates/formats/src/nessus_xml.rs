//! Reports of Nessus and of Tenable Web App Scanning in XML (`.nessus`).

use crate::dependencies::{cwes, report};
use crate::nessus::{Found, findings};
use crate::xml::{Document, Element};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{FindingKind, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "nessus-xml",
    title: "Nessus report (XML)",
    homepage: "https://docs.tenable.com/quick-reference/nessus-file-format/Content/PDF/NessusFileFormat.pdf",
    phase: Phase::Deploy,
    tool: "nessus",
    reads: "version 2 of the file format",
    identifies: "the plugin, the host and the port",
    severities: "tenable",
    marks: &["NessusClientData_v2"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.root().is_some_and(|root| root.name == "NessusClientData_v2")
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    let mut found = Vec::new();
    while let Some(part) = document.next_child(&root)? {
        if part.name != "Report" {
            continue;
        }
        while let Some(host) = document.next_child(&part)? {
            read_host(&mut document, &host, &mut found)?;
        }
    }
    document.end()?;
    Ok(Report { looked_for: vec![FindingKind::Dynamic], ..report("nessus", None, findings(found)) })
}

/// The host is known by the name that it has in the network, else by what was asked to be scanned.
fn read_host(document: &mut Document<'_>, parent: &Element, all: &mut Vec<Found>) -> Result<(), ReadError> {
    let mut name = parent.attribute("name").unwrap_or_default().to_owned();
    let first = all.len();
    while let Some(child) = document.next_child(parent)? {
        match child.name.as_str() {
            "HostProperties" => {
                while let Some(tag) = document.next_child(&child)? {
                    if tag.attribute("name") == Some("host-fqdn") {
                        name = document.text(&tag)?;
                    }
                }
            }
            "ReportItem" => all.push(item(document, &child)?),
            _ => {}
        }
    }
    for found in all.iter_mut().skip(first) {
        found.host.clone_from(&name);
    }
    Ok(())
}

fn item(document: &mut Document<'_>, parent: &Element) -> Result<Found, ReadError> {
    let attribute = |name: &str| parent.attribute(name).unwrap_or_default().to_owned();
    let mut found = Found {
        plugin: attribute("pluginID"),
        name: attribute("pluginName"),
        port: attribute("port"),
        protocol: attribute("protocol"),
        severities: vec![attribute("severity")],
        ..Found::default()
    };
    let number = |text: String| text.parse::<f64>().ok().filter(|number| *number > 0.0);
    while let Some(child) = document.next_child(parent)? {
        match child.name.as_str() {
            "cve" => found.cves.push(document.text(&child)?),
            "cwe" => found.cwes.extend(cwes(&document.text(&child)?)),
            "synopsis" => found.synopsis = document.text(&child)?,
            "description" => found.description = document.text(&child)?,
            "solution" => found.solution = document.text(&child)?,
            "see_also" => found.see_also = document.text(&child)?,
            "risk_factor" => found.severities.push(document.text(&child)?),
            "cvss_base_score" | "cvss" => found.score2 = number(document.text(&child)?),
            "cvss3_base_score" | "cvssv3" => found.score3 = number(document.text(&child)?),
            "cvss_vector" => found.vector2 = document.text(&child)?,
            "cvss3_vector" => found.vector3 = document.text(&child)?,
            "vpr_score" => found.priority = number(document.text(&child)?),
            _ => {}
        }
    }
    Ok(found)
}
