//! Results of Fortify Static Code Analyzer: the FPR file, and the `audit.fvdl` in it.

use crate::unpack::{self, Unpacked};
use crate::xml::{Document, Node};
use crate::{Format, MAX_DOCUMENT_BYTES, Probe, ReadError, encoding, identity, moment, text, weakness, web};
use shipworthy_model::{Finding, FindingKind, FindingStatus, Location, Phase, Report, Tool};
use std::collections::{HashMap, HashSet};

/// The schema is `Core/config/schemas/fvdl.xsd` of every installation.
pub(crate) static FORMAT: Format = Format {
    name: "fortify-fvdl",
    title: "Fortify results (FPR)",
    homepage: "https://www.microfocus.com/documentation/fortify-static-code-analyzer-and-tools/",
    phase: Phase::Source,
    tool: "fortify",
    reads: "FPR files with their audit, and FVDL 1.x by itself",
    identifies: "Fortify's instance id, which does not change when lines move",
    severities: "fortify",
    marks: &["FVDL"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_packed = unpack::is_archive(probe.head) && probe.shows("audit.fvdl");
    is_packed || probe.root().is_some_and(|root| root.name == "FVDL")
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut results = Results::default();
    match unpack::unpacked(bytes, MAX_DOCUMENT_BYTES as u64)? {
        Unpacked::Document(document) => results.read(&document)?,
        Unpacked::Archive(archive) => {
            let named = |name: &str| archive.documents.iter().find(|(known, _)| known == name).map(|(_, bytes)| bytes);
            let Some(fvdl) = named("audit.fvdl") else {
                return Err(ReadError::lacks(
                    "Fortify report",
                    "the archive",
                    "expected `audit.fvdl` in it, found none",
                ));
            };
            results.read(&encoding::to_utf8(fvdl)?)?;
            if let Some(audit) = named("audit.xml") {
                let audit = encoding::to_utf8(audit)?;
                let mut document = Document::new(&audit);
                let root = document.root()?;
                results.audit(&document.node(root)?);
            }
        }
    }
    let findings = results.vulnerabilities.iter().map(|vulnerability| results.finding(vulnerability)).collect();
    Ok(Report {
        tool: Some(Tool { name: "fortify".to_owned(), version: results.version.clone() }),
        created_at: results.written_at.clone(),
        findings: Some(findings),
        looked_for: vec![FindingKind::Code],
        ..Report::default()
    })
}

/// What the parts of a document say, which refer to each other in any order.
#[derive(Default)]
struct Results {
    version: Option<String>,
    written_at: Option<String>,
    vulnerabilities: Vec<Node>,
    /// Steps of flows that several vulnerabilities share, by their ids.
    steps: HashMap<String, Node>,
    /// Descriptions by class.
    descriptions: HashMap<String, Node>,
    /// Rules by id.
    rules: HashMap<String, Node>,
    suppressed: HashSet<String>,
    /// What somebody judged, such as `Not an Issue`, by instance.
    judged: HashMap<String, String>,
}

impl Results {
    fn read(&mut self, bytes: &[u8]) -> Result<(), ReadError> {
        let mut document = Document::new(bytes);
        let root = document.root()?;
        if root.name != "FVDL" {
            let message = format!("expected the root `FVDL`, found `{}`", root.name);
            return Err(ReadError::lacks("Fortify report", "its root", message));
        }
        while let Some(part) = document.next_child(&root)? {
            match part.name.as_str() {
                "WriteDate" => self.written_at = written_at(&document.node(part)?),
                "Vulnerabilities" => {
                    while let Some(vulnerability) = document.next_node(&part)? {
                        self.vulnerabilities.push(vulnerability);
                    }
                }
                "UnifiedNodePool" => {
                    while let Some(step) = document.next_node(&part)? {
                        let id = step.attribute("id").unwrap_or_default().to_owned();
                        self.steps.insert(id, step);
                    }
                }
                "Description" => {
                    let description = document.node(part)?;
                    let class = description.attribute("classID").unwrap_or_default().to_owned();
                    self.descriptions.insert(class, description);
                }
                "EngineData" => self.engine(document.node(part)?),
                _ => {}
            }
        }
        document.end()
    }

    fn engine(&mut self, engine: Node) {
        self.version = engine.stated("EngineVersion");
        for part in engine.nodes.into_iter().filter(|part| part.name == "RuleInfo") {
            let named = part.nodes.into_iter().map(|rule| (rule.attribute("id").unwrap_or_default().to_owned(), rule));
            self.rules.extend(named);
        }
    }

    fn audit(&mut self, audit: &Node) {
        for issue in audit.all_at("IssueList", "Issue") {
            let instance = issue.attribute("instanceId").unwrap_or_default().to_owned();
            if let Some(value) = issue.all("Tag").find_map(|tag| tag.get("Value")) {
                self.judged.insert(instance.clone(), value.to_owned());
            }
            if issue.attribute("suppressed") == Some("true") {
                self.suppressed.insert(instance);
            }
        }
    }

    fn finding(&self, vulnerability: &Node) -> Finding {
        let class = vulnerability.get("ClassInfo/ClassID").unwrap_or_default();
        let kinds = [vulnerability.get("ClassInfo/Type"), vulnerability.get("ClassInfo/Subtype")];
        let title = kinds.into_iter().flatten().collect::<Vec<_>>().join(": ");
        let instance = vulnerability.get("InstanceInfo/InstanceID").unwrap_or_default();
        let rule = self.rules.get(class);
        let (severity, severity_word) = web::rated("fortify", rule.and_then(|rule| priority(vulnerability, rule)));
        let weaknesses = rule.and_then(|rule| of_group(rule, "altcategoryCWE"));
        let description = self.descriptions.get(class);
        let said = |part: &str| description.and_then(|description| description.get(part)).map(written);
        let location = self.location(vulnerability);
        let path = location.as_ref().map_or("", |location| location.path.as_str());
        let identity = match instance {
            "" => identity::of_parts(class, &[path]),
            instance => identity::of_fingerprint("fortify", instance),
        };
        Finding {
            severity,
            severity_word,
            cwes: weaknesses.map(weakness::numbers).unwrap_or_default(),
            description: said("Abstract").or_else(|| said("Explanation")),
            remediation: said("Recommendations"),
            status: self.status(instance),
            identity,
            location,
            ..Finding::new(FindingKind::Code, class, if title.is_empty() { class } else { &title })
        }
    }

    fn status(&self, instance: &str) -> FindingStatus {
        let judged = self.judged.get(instance).map_or("", String::as_str);
        match self.suppressed.contains(instance) {
            _ if judged.eq_ignore_ascii_case("Not an Issue") => FindingStatus::FalsePositive,
            true => FindingStatus::Suppressed,
            false => FindingStatus::Open,
        }
    }

    /// The step of the flow that Fortify shows first, which the entry may hold or refer to.
    fn location(&self, vulnerability: &Node) -> Option<Location> {
        let trace = vulnerability.at("AnalysisInfo/Unified/Trace/Primary")?;
        let steps = trace.all("Entry").filter_map(|entry| {
            let pooled = || self.steps.get(entry.at("NodeRef")?.attribute("id")?);
            entry.at("Node").or_else(pooled)
        });
        let steps: Vec<_> = steps.collect();
        let shown = steps.iter().find(|step| step.attribute("isDefault") == Some("true")).or(steps.last())?;
        let place = shown.at("SourceLocation")?;
        let line = |name: &str| place.attribute(name)?.parse().ok().filter(|line| *line > 0);
        Some(Location { path: place.attribute("path")?.to_owned(), line: line("line"), end_line: line("lineEnd") })
    }
}

/// The Fortify Priority Order, made of impact and likelihood as Fortify's documentation says. Likelihood is made of the
/// rule's accuracy and probability and the confidence in the instance, each up to 5.
fn priority(vulnerability: &Node, rule: &Node) -> Option<&'static str> {
    let number = |text: &str| text.parse::<f64>().ok();
    let own = |name: &str| of_group(vulnerability.at("InstanceInfo")?, name).and_then(number);
    let value = |name: &str| own(name).or_else(|| number(of_group(rule, name)?));
    let confidence = vulnerability.get("InstanceInfo/Confidence").and_then(number)?;
    let likelihood = value("Accuracy")? * confidence * value("Probability")? / 25.0;
    Some(match (value("Impact")? >= 2.5, likelihood >= 2.5) {
        (true, true) => "Critical",
        (true, false) => "High",
        (false, true) => "Medium",
        (false, false) => "Low",
    })
}

fn of_group<'n>(node: &'n Node, name: &str) -> Option<&'n str> {
    node.all_at("MetaInfo", "Group").find(|group| group.attribute("name") == Some(name))?.own_text()
}

/// Text in Fortify's own markup. A paragraph that names the instance has another one beside it that does not, which is
/// taken, because the names are elsewhere.
fn written(markup: &str) -> String {
    let general = markup.split_once("<AltParagraph>").and_then(|(_, rest)| rest.split_once("</AltParagraph>"));
    text::capped(text::plain(general.map_or(markup, |(general, _)| general)))
}

/// The date and the time, which says its zone.
fn written_at(node: &Node) -> Option<String> {
    moment::stated(&format!("{}T{}", node.attribute("date")?, node.attribute("time")?))
}
