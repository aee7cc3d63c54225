//! Reports of Rapid7 InsightVM (Nexpose) in XML: what was tested on hosts, with the definitions of the vulnerabilities.

use crate::dependencies::{aliases, cvss, names, report};
use crate::xml::{Document, Element};
use crate::{Format, Probe, ReadError, identity, text};
use shipworthy_model::{Finding, FindingKind, Location, Phase, Report, Severity};
use std::collections::HashMap;

pub(crate) static FORMAT: Format = Format {
    name: "nexpose-xml",
    title: "InsightVM report (XML)",
    homepage: "https://docs.rapid7.com/insightvm/understanding-report-content/",
    phase: Phase::Deploy,
    tool: "nexpose",
    reads: "XML Export and XML Export 2.0; the severity is that of the CVSS score",
    identifies: "the vulnerability, the host, the port and what was tested there",
    severities: "",
    marks: &["NexposeReport"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.root().is_some_and(|root| root.name == "NexposeReport")
}

/// Where a test ran.
#[derive(Clone, Default)]
struct Place {
    host: String,
    port: String,
    protocol: String,
}

/// A test that found the host vulnerable.
struct Test {
    id: String,
    key: String,
    output: String,
    place: Place,
}

/// What is known of a vulnerability.
#[derive(Default)]
struct Definition {
    title: String,
    severity: String,
    score: Option<f64>,
    vector: String,
    description: String,
    solution: String,
    cves: Vec<String>,
    references: Vec<String>,
}

#[derive(Default)]
struct Reading {
    tests: Vec<Test>,
    definitions: HashMap<String, Definition>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    let mut reading = Reading::default();
    reading.walk(&mut document, &root, &Place::default())?;
    document.end()?;
    let Reading { tests, definitions } = reading;
    let findings = tests.into_iter().map(|test| finding(test, &definitions)).collect();
    Ok(Report { looked_for: vec![FindingKind::Dynamic], ..report("nexpose", None, findings) })
}

impl Reading {
    /// Goes through whatever lies around tests and definitions: nodes, endpoints, services.
    fn walk(&mut self, document: &mut Document<'_>, parent: &Element, place: &Place) -> Result<(), ReadError> {
        while let Some(child) = document.next_child(parent)? {
            let attribute = |name: &str| child.attribute(name).unwrap_or_default().to_owned();
            match child.name.as_str() {
                "test" => {
                    let is_vulnerable =
                        child.attribute("status").is_some_and(|status| status.starts_with("vulnerable"));
                    let (id, key) = (attribute("id").to_lowercase(), attribute("key"));
                    let output = document.text(&child)?;
                    if is_vulnerable {
                        self.tests.push(Test { id, key, output, place: place.clone() });
                    }
                }
                "vulnerability" => {
                    let id = attribute("id").to_lowercase();
                    let definition = definition(document, &child)?;
                    self.definitions.insert(id, definition);
                }
                "node" => self.walk(document, &child, &Place { host: attribute("address"), ..Place::default() })?,
                "endpoint" => {
                    let place = Place { port: attribute("port"), protocol: attribute("protocol"), ..place.clone() };
                    self.walk(document, &child, &place)?;
                }
                "nodes" | "tests" | "endpoints" | "services" | "service" | "VulnerabilityDefinitions" => {
                    self.walk(document, &child, place)?;
                }
                _ => {}
            }
        }
        Ok(())
    }
}

fn definition(document: &mut Document<'_>, parent: &Element) -> Result<Definition, ReadError> {
    let attribute = |name: &str| parent.attribute(name).unwrap_or_default().to_owned();
    let score = |name: &str| parent.attribute(name).and_then(|score| score.parse::<f64>().ok());
    let mut definition = Definition {
        title: attribute("title"),
        severity: attribute("severity"),
        score: score("cvssV3Score").or_else(|| score("cvssScore")),
        vector: attribute("cvssVector"),
        ..Definition::default()
    };
    if let Some(vector) = parent.attribute("cvssV3Vector") {
        vector.clone_into(&mut definition.vector);
    }
    while let Some(child) = document.next_child(parent)? {
        match child.name.as_str() {
            "description" => definition.description = document.text(&child)?,
            "solution" => definition.solution = document.text(&child)?,
            "references" => {
                while let Some(reference) = document.next_child(&child)? {
                    let is_address = reference.attribute("source") == Some("URL");
                    let text = document.text(&reference)?;
                    definition.cves.extend(names(&text));
                    if is_address {
                        definition.references.push(text);
                    }
                }
            }
            _ => {}
        }
    }
    Ok(definition)
}

fn finding(test: Test, definitions: &HashMap<String, Definition>) -> Finding {
    let Test { id: rule, key, output, place: Place { host, port, protocol } } = test;
    let known = definitions.get(&rule);
    let port = Some(port).filter(|port| !port.is_empty() && port != "0");
    let place = port.map_or(host.clone(), |port| format!("{host}:{port}/{protocol}"));
    let score = known.and_then(|known| known.score);
    let vector = known.map(|known| known.vector.trim_matches(['(', ')']));
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let description = known.map(|known| words(&known.description)).unwrap_or_default();
    let parts: Vec<_> = [description, words(&output)].into_iter().filter(|text| !text.is_empty()).collect();
    Finding {
        aliases: aliases(&rule, known.into_iter().flat_map(|known| known.cves.iter().cloned())),
        description: Some(parts.join("\n\n")).filter(|text| !text.is_empty()).map(text::capped),
        severity: score.map_or(Severity::Unknown, Severity::of_score),
        severity_word: known.map(|known| known.severity.clone()).filter(|word| !word.is_empty()),
        score,
        cvss: cvss(vector, score, None).into_iter().collect(),
        location: Some(Location { path: place.clone(), ..Location::default() }).filter(|place| !place.path.is_empty()),
        remediation: known.map(|known| words(&known.solution)).filter(|text| !text.is_empty()).map(text::capped),
        references: known.map(|known| known.references.clone()).unwrap_or_default(),
        identity: identity::of_parts(&rule, &[&place, &key]),
        title: known.and_then(|known| text::title(&known.title)).unwrap_or_else(|| rule.clone()),
        ..Finding::new(FindingKind::Dynamic, rule, "")
    }
}
