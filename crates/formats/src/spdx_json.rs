//! SPDX 2 as JSON: packages with their licences and relationships.
//!
//! Files are components only where no package but the described one is listed: beside packages they are the packages'
//! contents, thousands of them, and nobody's dependency.

use crate::json::{self, At, List, Odd, Text, stated};
use crate::{Format, Probe, ReadError, hashes, license, purl, subjects};
use serde::Deserialize;
use serde_json::value::RawValue;
use shipworthy_model::{Component, Dependency, Inventory, Phase, Report, Tool, Warning};
use std::collections::{HashMap, HashSet};
use std::fmt::Display;

pub(crate) static FORMAT: Format = Format {
    name: "spdx-json",
    title: "SPDX 2 (JSON)",
    homepage: "https://spdx.github.io/spdx-spec/v2.3/",
    phase: Phase::Artifact,
    tool: "spdx",
    reads: "versions 2.2 and 2.3, also inside the `sbom` of GitHub's dependency graph",
    identifies: "",
    severities: "",
    marks: &["spdxVersion", "SPDXID", "creationInfo", "documentNamespace", "packages", "relationships", "sbom"],
    recognises,
    read,
};

const DOCUMENT: &str = "SPDXRef-DOCUMENT";

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has("spdxVersion") || members.has_only("sbom"))
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow, rename = "spdxVersion")]
    version: Text<'a>,
    #[serde(borrow, rename = "creationInfo", default)]
    creation: Odd<Creation<'a>>,
    #[serde(borrow, rename = "documentDescribes", default)]
    describes: Odd<Vec<Text<'a>>>,
    #[serde(borrow, default)]
    packages: List<'a>,
    #[serde(borrow, default)]
    files: List<'a>,
    #[serde(borrow, default)]
    relationships: List<'a>,
}

/// The answer of GitHub's dependency graph.
#[derive(Deserialize)]
struct Wrapped<'a> {
    #[serde(borrow)]
    sbom: Option<&'a RawValue>,
}

#[derive(Default, Deserialize)]
struct Creation<'a> {
    #[serde(borrow)]
    created: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "json::null_is_default")]
    creators: Vec<Text<'a>>,
}

#[derive(Deserialize)]
struct Package<'a> {
    #[serde(borrow, rename = "SPDXID")]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow, rename = "versionInfo")]
    version: Option<Text<'a>>,
    #[serde(borrow)]
    supplier: Option<Text<'a>>,
    #[serde(borrow, rename = "licenseConcluded")]
    concluded: Option<Text<'a>>,
    #[serde(borrow, rename = "licenseDeclared")]
    declared: Option<Text<'a>>,
    #[serde(borrow, default)]
    checksums: Odd<Vec<Checksum<'a>>>,
    #[serde(borrow, rename = "externalRefs", default)]
    references: Odd<Vec<Reference<'a>>>,
    #[serde(borrow, rename = "primaryPackagePurpose")]
    purpose: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct File<'a> {
    #[serde(borrow, rename = "SPDXID")]
    id: Option<Text<'a>>,
    #[serde(borrow, rename = "fileName")]
    name: Option<Text<'a>>,
    #[serde(borrow, rename = "licenseConcluded")]
    concluded: Option<Text<'a>>,
    #[serde(borrow, default)]
    checksums: Odd<Vec<Checksum<'a>>>,
}

#[derive(Deserialize)]
struct Checksum<'a> {
    #[serde(borrow)]
    algorithm: Text<'a>,
    #[serde(borrow, rename = "checksumValue")]
    value: Text<'a>,
}

#[derive(Deserialize)]
struct Reference<'a> {
    #[serde(borrow, rename = "referenceType")]
    kind: Text<'a>,
    #[serde(borrow, rename = "referenceLocator")]
    locator: Text<'a>,
}

#[derive(Deserialize)]
struct Relationship<'a> {
    #[serde(borrow, rename = "spdxElementId")]
    element: Text<'a>,
    #[serde(borrow, rename = "relatedSpdxElement")]
    related: Text<'a>,
    #[serde(borrow, rename = "relationshipType")]
    kind: Text<'a>,
}

pub(crate) fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let wrapped: Wrapped<'_> = json::document(bytes)?;
    let document: Document<'_> = json::document(wrapped.sbom.map_or(bytes, |raw| raw.get().as_bytes()))?;
    let mut report = Report::default();
    let mut inventory = Inventory::default();
    check_version(&document, &mut report.warnings);
    created(&document, &mut report, &mut inventory);
    let relationships: Vec<Relationship<'_>> = {
        let parts = json::parts(&document.relationships, "/relationships", &mut report.warnings);
        parts.into_iter().map(|(_, relationship)| relationship).collect()
    };
    packages(&document.packages, &mut inventory, &mut report.warnings);
    describe(&document, &relationships, &mut inventory, &mut report);
    files(&document.files, &mut inventory, &mut report.warnings);
    depend(&relationships, &mut inventory, &mut report.warnings);
    report.inventory = Some(inventory);
    Ok(report)
}

fn check_version(document: &Document<'_>, warnings: &mut Vec<Warning>) {
    if !matches!(&*document.version, "SPDX-2.2" | "SPDX-2.3") {
        let message = format!("expected `SPDX-2.2` or `SPDX-2.3`, found `{}`; read as 2.3", &*document.version);
        warnings.push(Warning { at: "/spdxVersion".to_owned(), message });
    }
}

fn created(document: &Document<'_>, report: &mut Report, inventory: &mut Inventory) {
    let Some(creation) = document.creation.get("/creationInfo", &mut report.warnings) else { return };
    report.created_at = stated(creation.created.as_ref());
    inventory.created_at = report.created_at.clone();
    inventory.authors = creation.creators.iter().filter_map(|creator| actor(creator)).collect();
    report.tool = creation.creators.iter().find_map(|creator| tool(creator.strip_prefix("Tool:")?.trim()));
}

/// `Tool: npm/cli-11.19.1` is made of a name and, after the last dash, a version.
fn tool(text: &str) -> Option<Tool> {
    let is_version = |version: &str| version.trim_start_matches('v').starts_with(|c: char| c.is_ascii_digit());
    let (name, version) = match text.rsplit_once('-').filter(|(_, version)| is_version(version)) {
        Some((name, version)) => (name, Some(version.to_owned())),
        None => (text, None),
    };
    (!name.is_empty()).then(|| Tool { name: name.to_lowercase(), version })
}

/// The name in `Organization: Shopwright (mail@shopwright.example)`.
fn actor(text: &str) -> Option<String> {
    let name = ["Organization:", "Person:", "Tool:"].iter().find_map(|kind| text.strip_prefix(kind)).unwrap_or(text);
    let name = name.trim().trim_end_matches("()").trim_end();
    (!name.is_empty() && name != "NOASSERTION").then(|| name.to_owned())
}

fn packages(list: &List<'_>, inventory: &mut Inventory, warnings: &mut Vec<Warning>) {
    let at = At::Root;
    let at = at.key("packages");
    let mut ids = HashSet::new();
    let mut several_purls: u64 = 0;
    for (index, raw) in list.items(at, warnings).iter().enumerate() {
        let at = at.index(index);
        let Some(package) = json::part::<Package<'_>>(raw, at, warnings) else { continue };
        let mut component = component(&package, &at, &mut several_purls, warnings);
        if !component.reference.is_empty() && !ids.insert(component.reference.clone()) {
            let message =
                format!("expected an `SPDXID` of its own, found `{}` again; it has none now", component.reference);
            warnings.push(Warning { at: at.to_string(), message });
            component.reference.clear();
        }
        inventory.components.push(component);
    }
    if several_purls > 0 {
        let message =
            format!("left out: all package URLs of a package but the first; packages with several: {several_purls}");
        warnings.push(Warning { at: "/packages".to_owned(), message });
    }
}

fn component(package: &Package<'_>, at: &At<'_>, several_purls: &mut u64, warnings: &mut Vec<Warning>) -> Component {
    let name = stated(package.name.as_ref()).unwrap_or_default();
    if name.is_empty() {
        let message = "expected a name, found none; the package is kept without it".to_owned();
        warnings.push(Warning { at: at.to_string(), message });
    }
    let references = package.references.get(at.key("externalRefs"), warnings).map_or(&[][..], Vec::as_slice);
    let locators = |kinds: &'static [&'static str]| {
        references.iter().filter(|reference| kinds.contains(&&*reference.kind)).map(|reference| &reference.locator)
    };
    let mut purls = locators(&["purl"]);
    let purl = purls.next().and_then(|text| purl::canonical(text, at.key("externalRefs"), warnings));
    *several_purls += u64::from(purls.next().is_some());
    let checksums = package.checksums.get(at.key("checksums"), warnings).map_or(&[][..], Vec::as_slice);
    Component {
        reference: stated(package.id.as_ref()).unwrap_or_default(),
        kind: package.purpose.as_ref().map(|purpose| purpose.to_lowercase().replace('_', "-")).unwrap_or_default(),
        name,
        version: stated(package.version.as_ref()).filter(|version| version != "NOASSERTION"),
        purl,
        cpe: locators(&["cpe23Type", "cpe22Type", "http://spdx.org/rdf/references/cpe23Type"])
            .next()
            .and_then(Text::stated),
        supplier: package.supplier.as_deref().and_then(actor),
        license: license_of(package.concluded.as_ref(), package.declared.as_ref()),
        hashes: hashes(checksums, at.key("checksums"), warnings),
    }
}

/// The concluded licence before the declared one.
fn license_of(concluded: Option<&Text<'_>>, declared: Option<&Text<'_>>) -> Option<String> {
    concluded.and_then(|text| license::expression(text)).or_else(|| declared.and_then(|text| license::expression(text)))
}

fn hashes(checksums: &[Checksum<'_>], at: impl Display, warnings: &mut Vec<Warning>) -> Vec<String> {
    let written = |sum: &Checksum| hashes::written(&sum.algorithm, &sum.value, &at, warnings);
    checksums.iter().filter_map(written).collect()
}

/// Takes the one described package out of the components. Where several are described, they stay among them.
fn describe(
    document: &Document<'_>,
    relationships: &[Relationship<'_>],
    inventory: &mut Inventory,
    report: &mut Report,
) {
    let listed = document.describes.get("/documentDescribes", &mut report.warnings);
    let mut described: HashSet<&str> = listed.into_iter().flatten().map(|id| &**id).collect();
    for relationship in relationships {
        match &*relationship.kind {
            "DESCRIBES" if &*relationship.element == DOCUMENT => described.insert(&relationship.related),
            "DESCRIBED_BY" if &*relationship.related == DOCUMENT => described.insert(&relationship.element),
            _ => false,
        };
    }
    let is_described = |component: &Component| described.contains(component.reference.as_str());
    let mut places = inventory.components.iter().enumerate().filter(|(_, c)| is_described(c)).map(|(place, _)| place);
    if let (Some(place), None) = (places.next(), places.next()) {
        let component = inventory.components.remove(place);
        report.subjects = subjects::of_component(&component);
        inventory.describes = Some(component);
    }
}

fn files(list: &List<'_>, inventory: &mut Inventory, warnings: &mut Vec<Warning>) {
    let count = list.items("/files", warnings).len();
    if count > 0 && !inventory.components.is_empty() {
        let message = format!("left out: files, because the document lists packages; files: {count}");
        warnings.push(Warning { at: "/files".to_owned(), message });
        return;
    }
    for (index, file) in json::parts::<File<'_>>(list, "/files", warnings) {
        let at = format!("/files/{index}/checksums");
        let checksums = file.checksums.get(&at, warnings).map_or(&[][..], Vec::as_slice);
        inventory.components.push(Component {
            reference: stated(file.id.as_ref()).unwrap_or_default(),
            kind: "file".to_owned(),
            name: stated(file.name.as_ref()).unwrap_or_default(),
            license: license_of(file.concluded.as_ref(), None),
            hashes: hashes(checksums, &at, warnings),
            ..Component::default()
        });
    }
}

/// Takes the relationships by which one component needs or holds another.
fn depend(relationships: &[Relationship<'_>], inventory: &mut Inventory, warnings: &mut Vec<Warning>) {
    let components = inventory.components.iter().chain(&inventory.describes);
    let known: HashSet<&str> = components.map(|component| component.reference.as_str()).collect();
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut dependencies: Vec<Dependency> = Vec::new();
    let mut taken = HashSet::new();
    let mut elsewhere: u64 = 0;
    for relationship in relationships {
        let Some((dependent, needed)) = need(relationship) else { continue };
        if !known.contains(dependent) || !known.contains(needed) {
            elsewhere += u64::from(!matches!(needed, "NONE" | "NOASSERTION"));
            continue;
        }
        let place = *places.entry(dependent).or_insert_with(|| {
            dependencies.push(Dependency { reference: dependent.to_owned(), depends_on: Vec::new() });
            dependencies.len() - 1
        });
        if taken.insert((dependent, needed)) {
            dependencies[place].depends_on.push(needed.to_owned());
        }
    }
    if elsewhere > 0 {
        let message = format!("left out: relationships with what is no component; relationships: {elsewhere}");
        warnings.push(Warning { at: "/relationships".to_owned(), message });
    }
    inventory.dependencies = dependencies;
}

/// Who needs whom. <https://spdx.github.io/spdx-spec/v2.3/relationships-between-SPDX-elements/>
fn need<'r>(relationship: &'r Relationship<'_>) -> Option<(&'r str, &'r str)> {
    let (element, related) = (&*relationship.element, &*relationship.related);
    match &*relationship.kind {
        "DEPENDS_ON" | "CONTAINS" | "HAS_PREREQUISITE" | "DYNAMIC_LINK" | "STATIC_LINK" => Some((element, related)),
        "CONTAINED_BY" | "PREREQUISITE_FOR" => Some((related, element)),
        kind if kind.ends_with("DEPENDENCY_OF") => Some((related, element)),
        _ => None,
    }
}
