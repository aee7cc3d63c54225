//! What a careful program would parse of the same documents: structs that name the members which our readers use, too.

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[expect(dead_code, reason = "parsed to be measured")]
pub(crate) struct Grype {
    matches: Vec<GrypeMatch>,
    source: serde_json::Value,
    distro: serde_json::Value,
    descriptor: serde_json::Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "parsed to be measured")]
struct GrypeMatch {
    vulnerability: GrypeVulnerability,
    related_vulnerabilities: Vec<GrypeVulnerability>,
    match_details: Vec<serde::de::IgnoredAny>,
    artifact: GrypeArtifact,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "parsed to be measured")]
struct GrypeVulnerability {
    id: String,
    data_source: String,
    namespace: String,
    severity: String,
    urls: Vec<String>,
    description: String,
    cvss: Vec<GrypeCvss>,
    #[serde(default)]
    fix: Option<GrypeFix>,
    #[serde(default)]
    epss: Vec<GrypeEpss>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "parsed to be measured")]
struct GrypeCvss {
    source: String,
    version: String,
    vector: String,
    metrics: BTreeMap<String, f64>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "parsed to be measured")]
struct GrypeFix {
    versions: Vec<String>,
    state: String,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "parsed to be measured")]
struct GrypeEpss {
    epss: f64,
    percentile: f64,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "parsed to be measured")]
struct GrypeArtifact {
    name: String,
    version: String,
    #[serde(rename = "type")]
    kind: String,
    locations: Vec<BTreeMap<String, String>>,
    licenses: Vec<String>,
    cpes: Vec<String>,
    purl: String,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "parsed to be measured")]
pub(crate) struct Sarif {
    version: String,
    runs: Vec<SarifRun>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "parsed to be measured")]
struct SarifRun {
    tool: serde_json::Value,
    results: Vec<SarifResult>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "parsed to be measured")]
struct SarifResult {
    rule_id: String,
    rule_index: usize,
    level: String,
    message: SarifMessage,
    locations: Vec<SarifLocation>,
    partial_fingerprints: BTreeMap<String, String>,
    code_flows: Vec<SarifCodeFlow>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "parsed to be measured")]
struct SarifMessage {
    text: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "parsed to be measured")]
struct SarifCodeFlow {
    thread_flows: Vec<SarifThreadFlow>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "parsed to be measured")]
struct SarifThreadFlow {
    locations: Vec<SarifStep>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "parsed to be measured")]
struct SarifStep {
    location: SarifLocation,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "parsed to be measured")]
struct SarifLocation {
    physical_location: SarifPlace,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "parsed to be measured")]
struct SarifPlace {
    artifact_location: SarifArtifact,
    region: SarifRegion,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "parsed to be measured")]
struct SarifArtifact {
    uri: String,
    uri_base_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "parsed to be measured")]
struct SarifRegion {
    start_line: u32,
    snippet: SarifMessage,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "parsed to be measured")]
pub(crate) struct CycloneDx {
    spec_version: String,
    metadata: serde_json::Value,
    components: Vec<CycloneDxComponent>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "parsed to be measured")]
struct CycloneDxComponent {
    #[serde(rename = "bom-ref")]
    reference: String,
    #[serde(rename = "type")]
    kind: String,
    group: String,
    name: String,
    version: String,
    scope: String,
    supplier: BTreeMap<String, String>,
    hashes: Vec<BTreeMap<String, String>>,
    licenses: Vec<BTreeMap<String, BTreeMap<String, String>>>,
    purl: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "parsed to be measured")]
pub(crate) struct Spdx {
    spdx_version: String,
    packages: Vec<SpdxPackage>,
    relationships: Vec<BTreeMap<String, String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "parsed to be measured")]
struct SpdxPackage {
    name: String,
    #[serde(rename = "SPDXID")]
    reference: String,
    version_info: String,
    supplier: String,
    checksums: Vec<BTreeMap<String, String>>,
    license_concluded: String,
    license_declared: String,
    external_refs: Vec<BTreeMap<String, String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(dead_code, reason = "parsed to be measured")]
pub(crate) struct Trivy {
    artifact_name: String,
    metadata: serde_json::Value,
    results: Vec<TrivyResult>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(dead_code, reason = "parsed to be measured")]
struct TrivyResult {
    target: String,
    vulnerabilities: Vec<TrivyVulnerability>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(dead_code, reason = "parsed to be measured")]
struct TrivyVulnerability {
    #[serde(rename = "VulnerabilityID")]
    id: String,
    pkg_name: String,
    pkg_identifier: BTreeMap<String, String>,
    installed_version: String,
    fixed_version: String,
    status: String,
    title: String,
    description: String,
    severity: String,
    #[serde(rename = "CweIDs")]
    cwes: Vec<String>,
    #[serde(rename = "CVSS")]
    cvss: BTreeMap<String, serde_json::Value>,
    references: Vec<String>,
}

/// An element of XML with all that is in it, owned as the fields of a struct would be.
#[derive(Default)]
#[expect(dead_code, reason = "parsed to be measured")]
pub(crate) struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    text: String,
    children: Vec<Element>,
}

/// Reads a whole document with the XML reader.
pub(crate) fn elements(text: &str) -> Element {
    let mut reader = Reader::from_str(text);
    let mut open = vec![Element::default()];
    loop {
        match reader.read_event().expect("the document is well-formed") {
            Event::Start(start) => open.push(element(&start)),
            Event::Empty(start) => open.last_mut().expect("the outermost stays").children.push(element(&start)),
            Event::End(_) => {
                let closed = open.pop().expect("an element was opened");
                open.last_mut().expect("the outermost stays").children.push(closed);
            }
            Event::Text(part) => {
                let part = part.xml10_content().expect("the text is UTF-8");
                open.last_mut().expect("the outermost stays").text.push_str(part.trim());
            }
            Event::Eof => return open.pop().expect("the outermost stays"),
            _ => {}
        }
    }
}

fn element(start: &BytesStart<'_>) -> Element {
    let owned = |name: &[u8]| String::from_utf8_lossy(name).into_owned();
    let attributes = start.attributes().map(|attribute| {
        let attribute = attribute.expect("the document is well-formed");
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).expect("it has no entities");
        (owned(attribute.key.as_ref()), value.into_owned())
    });
    Element { name: owned(start.local_name().as_ref()), attributes: attributes.collect(), ..Element::default() }
}
