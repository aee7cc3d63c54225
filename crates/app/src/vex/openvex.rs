//! Statements as OpenVEX 0.2.0. <https://github.com/openvex/spec/blob/main/OPENVEX-SPEC.md>

use crate::sbom::product::{Product, products};
use crate::sbom::to_json;
use crate::sbom::vulnerabilities::Vulnerability;
use crate::vex::{Issued, Word};
use serde::Serialize;
use shipworthy_model::{ComponentRef, Digest, VexJustification, VexStatus};
use std::collections::BTreeMap;

/// The media type. OpenVEX has registered none; this is JSON.
pub(crate) const MEDIA_TYPE: &str = "application/json";

#[derive(Serialize)]
struct Document<'a> {
    #[serde(rename = "@context")]
    context: &'static str,
    /// Made from the bytes without it.
    #[serde(rename = "@id", skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    author: &'a str,
    role: &'static str,
    timestamp: String,
    version: u32,
    tooling: &'static str,
    statements: Vec<Statement<'a>>,
}

#[derive(Serialize)]
struct Statement<'a> {
    vulnerability: Name<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    timestamp: Option<&'a str>,
    products: Vec<Part<'a>>,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    status_notes: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    justification: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    impact_statement: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    action_statement: Option<&'a str>,
}

#[derive(Serialize)]
struct Name<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    aliases: Vec<&'a str>,
}

/// A product or a component in one.
#[derive(Serialize)]
struct Part<'a> {
    #[serde(rename = "@id")]
    id: String,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    identifiers: BTreeMap<&'static str, &'a str>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    hashes: BTreeMap<&'static str, &'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    subcomponents: Vec<Part<'a>>,
}

/// The bytes of a document with these statements.
pub(crate) fn bytes(issued: &Issued<'_>) -> Vec<u8> {
    let products = products(issued.owned);
    let said = issued.vulnerabilities.iter().filter_map(|known| Some((known, known.word.as_ref()?)));
    let mut document = Document {
        context: "https://openvex.dev/ns/v0.2.0",
        id: None,
        author: issued.author,
        role: "Document Creator",
        timestamp: issued.made_at.to_string(),
        version: 1,
        tooling: concat!("shipworthy/", env!("CARGO_PKG_VERSION")),
        statements: said.map(|(known, word)| statement(known, word, &products)).collect(),
    };
    let digest = Digest::of(&to_json(&document));
    document.id = Some(format!("{}/releases/{}/vex/{}", issued.author, issued.owned.release.id, digest.hex()));
    to_json(&document)
}

fn statement<'a>(known: &'a Vulnerability, word: &'a Word, products: &'a [Product]) -> Statement<'a> {
    let is_harmless = word.status == VexStatus::NotAffected;
    let detail = word.attributed();
    // What is affected needs an action.
    let action = word.action.as_deref().or((word.status == VexStatus::Affected).then_some("No action is stated."));
    Statement {
        vulnerability: Name { name: &known.name, aliases: known.aliases.iter().map(String::as_str).collect() },
        timestamp: word.stated_at.as_deref(),
        products: products.iter().map(|product| of_product(product, known.component.as_ref())).collect(),
        status: match word.status {
            VexStatus::Affected => "affected",
            VexStatus::Fixed => "fixed",
            VexStatus::NotAffected => "not_affected",
            VexStatus::UnderInvestigation => "under_investigation",
        },
        status_notes: detail.clone().filter(|_| !is_harmless),
        justification: word.justification.as_deref().filter(|_| is_harmless).and_then(justification),
        impact_statement: detail.filter(|_| is_harmless),
        action_statement: action,
    }
}

/// The justification in the words of OpenVEX, which are fewer than those of CycloneDX.
fn justification(word: &str) -> Option<&'static str> {
    if let Ok(known) = word.parse::<VexJustification>() {
        return Some(known.as_str());
    }
    let known = match word {
        "code_not_present" => VexJustification::VulnerableCodeNotPresent,
        "code_not_reachable" => VexJustification::VulnerableCodeNotInExecutePath,
        _ if word.starts_with("requires_") => VexJustification::VulnerableCodeCannotBeControlledByAdversary,
        _ if word.starts_with("protected_") => VexJustification::InlineMitigationsAlreadyExist,
        _ => return None,
    };
    Some(known.as_str())
}

fn of_product<'a>(product: &'a Product, within: Option<&'a ComponentRef>) -> Part<'a> {
    Part {
        id: product.purl.clone(),
        identifiers: BTreeMap::from([("purl", product.purl.as_str())]),
        hashes: product.digest.iter().map(|digest| ("sha-256", digest.hex())).collect(),
        subcomponents: within.map(component).into_iter().collect(),
    }
}

fn component(component: &ComponentRef) -> Part<'_> {
    let ComponentRef { purl, name, version } = component;
    let named = || version.as_ref().map_or_else(|| name.clone(), |version| format!("{name}@{version}"));
    Part {
        id: purl.clone().unwrap_or_else(named),
        identifiers: purl.iter().map(|purl| ("purl", purl.as_str())).collect(),
        hashes: BTreeMap::new(),
        subcomponents: Vec::new(),
    }
}
