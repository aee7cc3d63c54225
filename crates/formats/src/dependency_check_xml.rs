//! OWASP Dependency-Check reports in XML.

use crate::dependencies::{cwes, report, utc};
use crate::dependency_check::{self, File, Vulnerability};
use crate::xml::{Document, Element};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Finding, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "dependency-check-xml",
    title: "Dependency-Check report (XML)",
    homepage: "https://dependency-check.github.io/DependencyCheck/general/internals.html",
    phase: Phase::Build,
    tool: "dependency-check",
    reads: "the XML report of schema 1.3 to 4.1, with suppressed vulnerabilities",
    identifies: "vulnerability and component",
    severities: "dependency-check",
    marks: &["analysis"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_of_schema =
        |root: &crate::Root| root.namespace.as_deref().is_some_and(|name| name.contains("dependency-check"));
    probe.root().is_some_and(|root| root.name == "analysis" && is_of_schema(root))
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    let mut findings = Vec::new();
    let (mut version, mut created_at) = (None, None);
    while let Some(child) = document.next_child(&root)? {
        match child.name.as_str() {
            "scanInfo" => version = child_text(&mut document, &child, "engineVersion")?,
            "projectInfo" => created_at = child_text(&mut document, &child, "reportDate")?,
            "dependencies" => {
                while let Some(dependency) = document.next_child(&child)? {
                    if dependency.name == "dependency" {
                        read_dependency(&mut document, &dependency, &mut findings)?;
                    }
                }
            }
            _ => {}
        }
    }
    document.end()?;
    Ok(Report { created_at: utc(created_at.as_deref()), ..report("dependency-check", version, findings) })
}

/// The text of the first child called `name`.
fn child_text(document: &mut Document<'_>, parent: &Element, name: &str) -> Result<Option<String>, ReadError> {
    let mut found = None;
    while let Some(child) = document.next_child(parent)? {
        if child.name == name && found.is_none() {
            found = Some(document.text(&child)?).filter(|text| !text.is_empty());
        }
    }
    Ok(found)
}

fn read_dependency(
    document: &mut Document<'_>,
    parent: &Element,
    findings: &mut Vec<Finding>,
) -> Result<(), ReadError> {
    let mut file = File::default();
    let mut vulnerabilities = Vec::new();
    while let Some(child) = document.next_child(parent)? {
        match child.name.as_str() {
            "fileName" => file.name = document.text(&child)?,
            "filePath" => file.path = document.text(&child)?,
            "identifiers" => read_identifiers(document, &child, &mut file)?,
            "vulnerabilities" => {
                while let Some(item) = document.next_child(&child)? {
                    let is_suppressed = item.name == "suppressedVulnerability";
                    vulnerabilities.push(Vulnerability { is_suppressed, ..vulnerability(document, &item)? });
                }
            }
            _ => {}
        }
    }
    findings.extend(vulnerabilities.into_iter().map(|item| dependency_check::finding(&file, item)));
    Ok(())
}

/// The packages that the file was taken for: `package/id` since schema 2.0, `identifier/name` before.
fn read_identifiers(document: &mut Document<'_>, parent: &Element, file: &mut File) -> Result<(), ReadError> {
    while let Some(child) = document.next_child(parent)? {
        let is_maven = child.attribute("type") == Some("maven");
        match child.name.as_str() {
            "package" => file.packages.extend(child_text(document, &child, "id")?),
            "identifier" if is_maven => {
                let name = child_text(document, &child, "name")?;
                file.packages.extend(name.map(|name| name.trim_matches(['(', ')']).to_owned()));
            }
            _ => {}
        }
    }
    Ok(())
}

fn vulnerability(document: &mut Document<'_>, parent: &Element) -> Result<Vulnerability, ReadError> {
    let mut item =
        Vulnerability { source: parent.attribute("source").unwrap_or_default().to_owned(), ..Vulnerability::default() };
    while let Some(child) = document.next_child(parent)? {
        match child.name.as_str() {
            "name" => item.name = document.text(&child)?,
            "severity" => item.severity = document.text(&child)?,
            "description" => item.description = document.text(&child)?,
            "notes" => item.notes = document.text(&child)?,
            "cwe" => item.cwes = cwes(&document.text(&child)?),
            "cwes" => {
                while let Some(cwe) = document.next_child(&child)? {
                    item.cwes.extend(cwes(&document.text(&cwe)?));
                }
            }
            "cvssScore" => item.score_v2 = document.text(&child)?.parse().ok(),
            "cvssV2" => item.score_v2 = child_text(document, &child, "score")?.and_then(|score| score.parse().ok()),
            "cvssV3" => item.score_v3 = child_text(document, &child, "baseScore")?.and_then(|score| score.parse().ok()),
            "cvssV4" => item.score_v4 = child_text(document, &child, "baseScore")?.and_then(|score| score.parse().ok()),
            "references" => {
                while let Some(reference) = document.next_child(&child)? {
                    item.references.extend(child_text(document, &reference, "url")?);
                }
            }
            _ => {}
        }
    }
    Ok(item)
}
