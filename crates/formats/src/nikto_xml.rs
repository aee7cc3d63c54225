//! Reports of Nikto in XML.

use crate::xml::{Document, Element, Node};
use crate::{Format, Probe, ReadError, nikto, text, web};
use shipworthy_model::{Finding, FindingKind, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "nikto-xml",
    title: "Nikto report in XML",
    homepage: "https://github.com/sullo/nikto/wiki/Export-Formats",
    phase: Phase::Artifact,
    tool: "nikto",
    reads: "`niktoscan`, also several in one as versions from 2.1.6 write them",
    identifies: nikto::IDENTIFIES,
    severities: "",
    marks: &["niktoscan"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.root().is_some_and(|root| root.name == "niktoscan")
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    if root.name != "niktoscan" {
        let message = format!("expected the root `niktoscan`, found `{}`", root.name);
        return Err(ReadError::lacks("Nikto report", "its root", message));
    }
    let mut version = root.attribute("version").map(str::to_owned);
    let mut findings = Vec::new();
    while let Some(part) = document.next_child(&root)? {
        match part.name.as_str() {
            "scandetails" => details(&mut document, &part, &mut findings)?,
            "niktoscan" => {
                version = version.or_else(|| part.attribute("version").map(str::to_owned));
                while let Some(inner) = document.next_child(&part)? {
                    if inner.name == "scandetails" {
                        details(&mut document, &inner, &mut findings)?;
                    }
                }
            }
            _ => {}
        }
    }
    document.end()?;
    Ok(Report {
        tool: Some(nikto::tool(version)),
        findings: Some(findings),
        looked_for: vec![FindingKind::Dynamic],
        ..Report::default()
    })
}

fn details(document: &mut Document<'_>, details: &Element, findings: &mut Vec<Finding>) -> Result<(), ReadError> {
    let site = details.attribute("sitename").map(str::to_owned).unwrap_or_else(|| {
        web::host(details.attribute("targethostname").unwrap_or_default(), details.attribute("targetport"))
    });
    while let Some(part) = document.next_child(details)? {
        if part.name == "item" {
            findings.push(item(&document.node(part)?, &site));
        }
    }
    Ok(())
}

fn item(item: &Node, site: &str) -> Finding {
    let url = web::joined(site, item.get("uri").unwrap_or_default());
    let message = item.get("description").unwrap_or_default();
    let references = item.get("references").map(text::addresses).unwrap_or_default();
    let test = item.attribute("id").unwrap_or_default();
    nikto::finding(test, &url, item.attribute("method").unwrap_or_default(), message, references)
}
