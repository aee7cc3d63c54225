//! SPDX 2 as RDF in XML: nodes with properties, whose values are texts, addresses of nodes or nodes written in place.
//! Packages with their licences and relationships are found wherever in the document they are written.

use crate::json::{Odd, Text};
use crate::spdx_document::{Bill, Checksum, Creation, File, Header, Package, Reference, Relationship};
use crate::xml::{Document, Element};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Phase, Report};
use std::borrow::Cow;
use std::collections::HashMap;

pub(crate) static FORMAT: Format = Format {
    name: "spdx-rdf",
    title: "SPDX 2 (RDF)",
    homepage: "https://spdx.github.io/spdx-spec/v2.3/",
    phase: Phase::Artifact,
    tool: "spdx",
    reads: "versions 2.0 to 2.3 in RDF/XML; vulnerabilities whose advisories packages name",
    identifies: "vulnerability and component",
    severities: "",
    marks: &["RDF"],
    recognises,
    read,
};

/// Sets of licences in sets of licences deeper than this are those of a document that goes round in a circle.
const MAX_LICENSE_DEPTH: usize = 16;

fn recognises(probe: &Probe) -> bool {
    let root = probe.root().filter(|root| root.name == "RDF");
    root.is_some_and(|root| root.attributes.iter().any(|(_, value)| value.starts_with("http://spdx.org/rdf/terms")))
}

#[derive(Default)]
struct Node {
    kind: String,
    id: String,
    properties: Vec<(String, Value)>,
}

enum Value {
    Text(String),
    Resource(String),
    Node(usize),
}

#[derive(Default)]
struct Graph {
    nodes: Vec<Node>,
    places: HashMap<String, usize>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    if root.name != "RDF" {
        let message = format!("expected the root `RDF`, found `{}`", root.name);
        return Err(ReadError::lacks("SPDX document", "its root", message));
    }
    let mut graph = Graph::default();
    while let Some(child) = document.next_child(&root)? {
        graph.take(&mut document, &child)?;
    }
    document.end()?;
    graph.report()
}

impl Graph {
    /// Takes a node and all nodes in it. What is said of one node in several places comes together.
    fn take(&mut self, document: &mut Document<'_>, element: &Element) -> Result<usize, ReadError> {
        let id = element.attribute("rdf:about").map(str::to_owned);
        let id = id.or_else(|| element.attribute("rdf:ID").map(|id| format!("#{id}")));
        let id = id.or_else(|| element.attribute("rdf:nodeID").map(|id| format!("_:{id}"))).unwrap_or_default();
        let known = self.places.get(&id).copied().filter(|_| !id.is_empty());
        let place = known.unwrap_or_else(|| {
            self.nodes.push(Node { id: id.clone(), ..Node::default() });
            self.nodes.len() - 1
        });
        self.places.insert(id, place);
        let mut properties = Vec::new();
        let mut kind = element.name.clone();
        while let Some(property) = document.next_child(element)? {
            let named = property.attribute("rdf:resource").map(str::to_owned);
            let named = named.or_else(|| property.attribute("rdf:nodeID").map(|id| format!("_:{id}")));
            let (text, child) = document.content(&property)?;
            let value = match (child, named) {
                (Some(child), _) => Value::Node(self.take(document, &child)?),
                (None, Some(resource)) => Value::Resource(resource),
                (None, None) => Value::Text(text),
            };
            match (property.name.as_str(), &value) {
                ("type", Value::Resource(resource)) if kind == "Description" => kind = local(resource).to_owned(),
                _ => properties.push((property.name, value)),
            }
        }
        if let Some(node) = self.nodes.get_mut(place) {
            if node.kind.is_empty() || node.kind == "Description" {
                node.kind = kind;
            }
            node.properties.append(&mut properties);
        }
        Ok(place)
    }

    fn of_kind(&self, kind: &'static str) -> impl Iterator<Item = &Node> {
        self.nodes.iter().filter(move |node| node.kind == kind)
    }

    fn node(&self, value: &Value) -> Option<&Node> {
        match value {
            Value::Node(place) => self.nodes.get(*place),
            Value::Resource(resource) => self.nodes.get(*self.places.get(resource)?),
            Value::Text(_) => None,
        }
    }

    fn report(&self) -> Result<Report, ReadError> {
        let about = self.of_kind("SpdxDocument").next();
        let Some((about, version)) = about.and_then(|about| Some((about, about.text("specVersion")?))) else {
            let message = "expected an `SpdxDocument` with its `specVersion`, found none";
            return Err(ReadError::lacks("SPDX document", "its root", message));
        };
        let creation = about.values("creationInfo").find_map(|value| self.node(value));
        let header = Header {
            version,
            namespace: about.id.split_once('#').map(|(namespace, _)| text_of(namespace)),
            creation: Creation {
                created: creation.and_then(|creation| creation.text("created")),
                creators: creation.into_iter().flat_map(|creation| creation.texts("creator")).collect(),
            },
            describes: about.values("describesPackage").map(|value| text_of(&self.reference(value))).collect(),
        };
        let packages: Vec<_> = self.of_kind("Package").map(|node| self.package(node)).collect();
        let files: Vec<_> = self.of_kind("File").map(|node| self.file(node)).collect();
        let relationships: Vec<_> = self.nodes.iter().flat_map(|node| self.relationships(node)).collect();
        Ok(Bill::of(&header, &packages, &files, &relationships, Vec::new()))
    }

    fn package(&self, node: &Node) -> Package<'static> {
        let references = node.values("externalRef").filter_map(|value| self.node(value)).map(|node| Reference {
            // The types of the specification are addresses that end in their names.
            kind: node
                .text("referenceType")
                .map(|kind| text_of(kind.rsplit('/').next().unwrap_or_default()))
                .unwrap_or_default(),
            locator: node.text("referenceLocator").unwrap_or_default(),
        });
        Package {
            id: Some(text_of(local(&node.id))),
            name: node.text("name"),
            version: node.text("versionInfo"),
            supplier: node.text("supplier"),
            concluded: self.license(node, "licenseConcluded"),
            declared: self.license(node, "licenseDeclared"),
            checksums: self.checksums(node),
            references: Odd(Ok(references.collect())),
            source: node.text("sourceInfo"),
            purpose: node
                .text("primaryPackagePurpose")
                .map(|purpose| text_of(local(&purpose).trim_start_matches("purpose_"))),
        }
    }

    fn file(&self, node: &Node) -> File<'static> {
        File {
            id: Some(text_of(local(&node.id))),
            name: node.text("fileName"),
            concluded: self.license(node, "licenseConcluded"),
            checksums: self.checksums(node),
        }
    }

    fn checksums(&self, node: &Node) -> Odd<Vec<Checksum<'static>>> {
        let checksums = node.values("checksum").filter_map(|value| self.node(value)).map(|node| Checksum {
            algorithm: node
                .text("algorithm")
                .map(|algorithm| text_of(local(&algorithm).trim_start_matches("checksumAlgorithm_")))
                .unwrap_or_default(),
            value: node.text("checksumValue").unwrap_or_default(),
        });
        Odd(Ok(checksums.collect()))
    }

    fn relationships(&self, node: &Node) -> Vec<Relationship<'static>> {
        let stated = node.values("relationship").filter_map(|value| self.node(value)).filter_map(|relationship| {
            Some(Relationship {
                element: text_of(local(&node.id)),
                related: text_of(&self.reference(relationship.values("relatedSpdxElement").next()?)),
                kind: text_of(&upper_case(
                    local(&relationship.text("relationshipType")?).trim_start_matches("relationshipType_"),
                )),
            })
        });
        stated.collect()
    }

    /// The SPDX id of the element that a value is.
    fn reference(&self, value: &Value) -> String {
        match (self.node(value), value) {
            (Some(node), _) => local(&node.id).to_owned(),
            (None, Value::Resource(resource)) => local(resource).to_owned(),
            (None, Value::Text(text)) => text.clone(),
            (None, Value::Node(_)) => String::new(),
        }
    }

    fn license(&self, node: &Node, property: &str) -> Option<Text<'static>> {
        let value = node.values(property).next()?;
        Some(text_of(&self.expression(value, MAX_LICENSE_DEPTH)))
    }

    /// A licence as an expression: an id, or a set of several.
    fn expression(&self, value: &Value, depth: usize) -> String {
        let Some(node) = self.node(value).filter(|_| depth > 0) else { return license_id(&self.reference(value)) };
        let members = || node.values("member").map(|member| self.expression(member, depth - 1));
        let set = |operator: &str| format!("({})", members().collect::<Vec<_>>().join(operator));
        match node.kind.as_str() {
            "ConjunctiveLicenseSet" => set(" AND "),
            "DisjunctiveLicenseSet" => set(" OR "),
            "OrLaterOperator" => format!("{}+", members().next().unwrap_or_default()),
            "WithExceptionOperator" => {
                let exception = node.values("licenseException").next().map(|value| self.reference(value));
                format!("{} WITH {}", members().next().unwrap_or_default(), exception.unwrap_or_default())
            }
            _ => node.text("licenseId").map_or_else(|| license_id(local(&node.id)), |id| id.to_string()),
        }
    }
}

impl Node {
    fn values(&self, property: &str) -> impl Iterator<Item = &Value> {
        self.properties.iter().filter(move |(name, _)| name == property).map(|(_, value)| value)
    }

    /// The texts of a property; of addresses the address.
    fn texts(&self, property: &str) -> impl Iterator<Item = Text<'static>> {
        self.values(property).filter_map(|value| match value {
            Value::Text(text) | Value::Resource(text) => Some(text_of(text)),
            Value::Node(_) => None,
        })
    }

    fn text(&self, property: &str) -> Option<Text<'static>> {
        self.texts(property).next()
    }
}

/// What stands behind the namespace in an address.
fn local(address: &str) -> &str {
    address.rsplit(['#', '/']).next().unwrap_or(address)
}

fn license_id(id: &str) -> String {
    match id {
        "noassertion" => "NOASSERTION".to_owned(),
        "none" => "NONE".to_owned(),
        other => other.to_owned(),
    }
}

/// `dynamicLink` is `DYNAMIC_LINK` elsewhere.
fn upper_case(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            text.push('_');
        }
        text.push(letter.to_ascii_uppercase());
    }
    text
}

fn text_of(text: &str) -> Text<'static> {
    Text(Cow::Owned(text.to_owned()))
}
