//! SPDX 3 as JSON-LD: a graph of elements. The context is never fetched; documents with the official one have one form,
//! which is read as plain JSON. Files are components only where no package but the described one is listed.

mod security;

use crate::json::{self, List, NameOr, Odd, Text, stated};
use crate::source_package::{self, SourcePackage};
use crate::spdx_document::{Needs, tool};
use crate::{Format, Probe, ReadError, hashes, instant, license, purl, subjects};
use serde::Deserialize;
use serde_json::value::RawValue;
use shipworthy_model::{Component, ComponentRef, Inventory, Phase, Provenance, Report, Warning};
use std::collections::{HashMap, HashSet};

pub(crate) static FORMAT: Format = Format {
    name: "spdx3-json",
    title: "SPDX 3 (JSON-LD)",
    homepage: "https://spdx.github.io/spdx-spec/v3.0.1/",
    phase: Phase::Artifact,
    tool: "spdx",
    reads: "version 3.0: the profiles core, software, licensing, security (vulnerabilities, CVSS, VEX), build, AI and \
            dataset",
    identifies: "vulnerability and component",
    severities: "spdx3",
    marks: &["@context", "@graph"],
    recognises,
    read,
};

const CONTEXT: &str = "https://spdx.org/rdf/3.";

/// Sets of licences in sets of licences deeper than this are those of a document that goes round in a circle.
const MAX_LICENSE_DEPTH: usize = 16;

fn recognises(probe: &Probe) -> bool {
    let has_context = probe.object().is_some_and(|members| members.has("@context"));
    has_context && probe.value("@context").is_some_and(|context| context.starts_with(CONTEXT))
}

#[derive(Deserialize)]
struct Document<'a> {
    /// An address, or a list of addresses and definitions.
    #[serde(borrow, rename = "@context")]
    context: &'a RawValue,
    #[serde(borrow, rename = "@graph")]
    graph: Option<List<'a>>,
}

/// An element of whatever type.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Element<'a> {
    #[serde(borrow, rename = "type", alias = "@type")]
    kind: Text<'a>,
    #[serde(borrow, rename = "spdxId", alias = "@id")]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    summary: Option<Text<'a>>,
    #[serde(borrow)]
    description: Option<Text<'a>>,
    #[serde(borrow, rename = "externalIdentifier")]
    identifiers: Odd<Vec<Identifier<'a>>>,
    #[serde(borrow, rename = "verifiedUsing")]
    hashes: Odd<Vec<Hash<'a>>>,
    #[serde(borrow, rename = "creationInfo")]
    creation: Odd<Option<NameOr<'a, Creation<'a>>>>,
    #[serde(borrow, rename = "rootElement")]
    roots: Ids<'a>,
    #[serde(borrow, rename = "software_sbomType")]
    lifecycles: Ids<'a>,
    // Of a creation.
    #[serde(borrow)]
    created: Option<Text<'a>>,
    #[serde(borrow, rename = "createdBy")]
    created_by: Ids<'a>,
    #[serde(borrow, rename = "createdUsing")]
    created_using: Ids<'a>,
    #[serde(borrow, rename = "specVersion")]
    specification: Option<Text<'a>>,
    // Of a package.
    #[serde(borrow, rename = "software_packageVersion")]
    version: Option<Text<'a>>,
    #[serde(borrow, rename = "software_packageUrl")]
    purl: Option<Text<'a>>,
    #[serde(borrow, rename = "software_sourceInfo")]
    source: Option<Text<'a>>,
    #[serde(borrow, rename = "software_primaryPurpose")]
    purpose: Option<Text<'a>>,
    #[serde(borrow, rename = "suppliedBy")]
    supplier: Odd<Option<Text<'a>>>,
    // Of a relationship.
    #[serde(borrow)]
    from: Option<Text<'a>>,
    #[serde(borrow)]
    to: Ids<'a>,
    #[serde(borrow, rename = "relationshipType")]
    relationship: Option<Text<'a>>,
    #[serde(borrow)]
    scope: Option<Text<'a>>,
    // Of a licence.
    #[serde(borrow, rename = "simplelicensing_licenseExpression")]
    expression: Option<Text<'a>>,
    #[serde(borrow, rename = "expandedlicensing_member")]
    members: Ids<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Creation<'a> {
    #[serde(borrow)]
    created: Option<Text<'a>>,
    #[serde(borrow, rename = "createdBy")]
    by: Ids<'a>,
    #[serde(borrow, rename = "createdUsing")]
    using: Ids<'a>,
    #[serde(borrow, rename = "specVersion")]
    specification: Option<Text<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Identifier<'a> {
    #[serde(borrow, rename = "externalIdentifierType")]
    kind: Text<'a>,
    #[serde(borrow)]
    identifier: Text<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Hash<'a> {
    #[serde(borrow)]
    algorithm: Text<'a>,
    #[serde(borrow, rename = "hashValue")]
    value: Text<'a>,
}

/// What was built how; <https://spdx.github.io/spdx-spec/v3.0.1/model/Build/Classes/Build/>.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Build<'a> {
    #[serde(borrow, rename = "build_buildType")]
    kind: Option<Text<'a>>,
    #[serde(borrow, rename = "build_buildId")]
    id: Option<Text<'a>>,
    #[serde(borrow, rename = "build_configSourceUri")]
    sources: Ids<'a>,
    #[serde(borrow, rename = "build_configSourceDigest")]
    digests: Odd<Vec<Hash<'a>>>,
    #[serde(borrow, rename = "build_buildStartTime")]
    started_at: Option<Text<'a>>,
    #[serde(borrow, rename = "build_buildEndTime")]
    finished_at: Option<Text<'a>>,
}

/// The ids of elements: one or a list of them. An element that is written in place has its own.
#[derive(Debug, Default)]
struct Ids<'a>(Vec<Text<'a>>);

#[derive(Deserialize)]
struct InPlace<'a> {
    #[serde(borrow, rename = "spdxId", alias = "@id", default)]
    id: Text<'a>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Ids<'a> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let stated: json::OneOrMany<NameOr<'a, InPlace<'a>>> = Deserialize::deserialize(deserializer)?;
        let id = |item| match item {
            NameOr::Name(id) | NameOr::Object(InPlace { id }) => id,
        };
        Ok(Self(stated.0.into_iter().map(id).collect()))
    }
}

impl Ids<'_> {
    fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|id| &**id)
    }
}

pub(crate) fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    if !document.context.get().contains(CONTEXT) {
        let message = format!("expected a context that begins with `{CONTEXT}`, found another");
        return Err(ReadError::lacks("SPDX 3 document", "/@context", message));
    }
    let mut warnings = Vec::new();
    let elements: Vec<(usize, Element<'_>)> = match &document.graph {
        Some(graph) => json::parts(graph, "/@graph", &mut warnings),
        None => vec![(0, json::document(bytes)?)],
    };
    let mut reading = Reading::of(&elements);
    reading.report.warnings = warnings;
    reading.header();
    reading.components();
    reading.describe();
    reading.files();
    reading.relationships();
    if let Some(graph) = &document.graph {
        reading.builds(graph);
        security::assess(&mut reading, graph);
    }
    let Reading { mut report, inventory, .. } = reading;
    // Elements that are sent one by one hold no inventory.
    report.inventory =
        Some(inventory).filter(|inventory| document.graph.is_some() || *inventory != Inventory::default());
    Ok(report)
}

/// A document while it is read.
struct Reading<'e> {
    elements: &'e [(usize, Element<'e>)],
    by_id: HashMap<&'e str, &'e Element<'e>>,
    /// The licences that relationships give to elements.
    concluded: HashMap<&'e str, Vec<&'e str>>,
    declared: HashMap<&'e str, Vec<&'e str>>,
    inventory: Inventory,
    report: Report,
}

impl<'e> Reading<'e> {
    fn of(elements: &'e [(usize, Element<'e>)]) -> Self {
        let identified = elements.iter().filter_map(|(_, element)| Some((element.id.as_deref()?, element)));
        let mut reading = Reading {
            elements,
            by_id: identified.collect(),
            concluded: HashMap::new(),
            declared: HashMap::new(),
            inventory: Inventory::default(),
            report: Report::default(),
        };
        for (_, element) in elements {
            let Some(from) = element.from.as_deref() else { continue };
            match element.relationship.as_deref() {
                Some("hasConcludedLicense") => reading.concluded.entry(from).or_default().extend(element.to.iter()),
                Some("hasDeclaredLicense") => reading.declared.entry(from).or_default().extend(element.to.iter()),
                _ => {}
            }
        }
        reading
    }

    fn of_kind(&self, kind: &'static str) -> impl Iterator<Item = &'e Element<'e>> + use<'e> {
        self.elements.iter().map(|(_, element)| element).filter(move |element| &*element.kind == kind)
    }

    /// The name of an agent or a tool; its id where that is all that is known.
    fn named(&self, id: &str) -> Option<String> {
        match self.by_id.get(id) {
            Some(element) => stated(element.name.as_ref()),
            None => Some(id.to_owned()).filter(|id| !id.is_empty() && !id.contains("NoAssertion")),
        }
    }

    /// Takes when and by whom the document was made. Where there are several creations, the document's own counts.
    fn header(&mut self) {
        let document = self.of_kind("SpdxDocument").next();
        let own = document.or(self.elements.first().map(|(_, element)| element));
        let creation = own.and_then(|own| own.creation.0.as_ref().ok()?.as_ref());
        let (created, by, using, specification) = match creation {
            Some(NameOr::Object(creation)) => {
                (creation.created.as_ref(), &creation.by, &creation.using, creation.specification.as_ref())
            }
            other => {
                let id = match other {
                    Some(NameOr::Name(id)) => Some(&**id),
                    _ => None,
                };
                let known = id.and_then(|id| self.by_id.get(id).copied());
                let Some(element) = known.or_else(|| self.of_kind("CreationInfo").next()) else { return };
                let Element { created, created_by, created_using, specification, .. } = element;
                (created.as_ref(), created_by, created_using, specification.as_ref())
            }
        };
        self.inventory.specification = stated(specification).map(|version| format!("SPDX-{version}"));
        self.report.created_at = instant::utc(created, "/@graph", &mut self.report.warnings);
        self.inventory.created_at = self.report.created_at.clone();
        let tools: Vec<_> = using.iter().filter_map(|id| self.named(id)).collect();
        self.report.tool = tools.first().and_then(|name| tool(name));
        self.inventory.authors = by.iter().filter_map(|id| self.named(id)).chain(tools).collect();
        self.inventory.identifier = document.and_then(|document| stated(document.id.as_ref()));
        let lifecycles = self.of_kind("software_Sbom").flat_map(|sbom| sbom.lifecycles.iter()).map(str::to_owned);
        self.inventory.lifecycles = lifecycles.collect();
    }

    fn components(&mut self) {
        let mut ids = HashSet::new();
        for (index, element) in self.elements {
            let kind = match &*element.kind {
                "software_Package" => "",
                "ai_AIPackage" => "machine-learning-model",
                "dataset_DatasetPackage" => "data",
                _ => continue,
            };
            let mut component = self.component(element, kind, *index);
            if !component.reference.is_empty() && !ids.insert(component.reference.clone()) {
                let message =
                    format!("expected an id of its own, found `{}` again; it has none now", component.reference);
                self.report.warnings.push(Warning { at: format!("/@graph/{index}"), message });
                component.reference.clear();
            }
            self.inventory.components.push(component);
        }
    }

    fn component(&mut self, element: &Element<'_>, kind: &str, index: usize) -> Component {
        let warnings = &mut self.report.warnings;
        let at = format!("/@graph/{index}");
        let name = stated(element.name.as_ref()).unwrap_or_default();
        if name.is_empty() {
            let message = "expected a name, found none; the package is kept without it".to_owned();
            warnings.push(Warning { at: at.clone(), message });
        }
        let identifiers = element.identifiers.get(format_args!("{at}/externalIdentifier"), warnings);
        let identified = |kinds: &[&str]| {
            let found = identifiers.into_iter().flatten().find(|identifier| kinds.contains(&&*identifier.kind));
            found.map(|identifier| &identifier.identifier)
        };
        let purl = element.purl.as_ref().or_else(|| identified(&["packageUrl", "packageURL"]));
        let purl = purl.and_then(|text| purl::canonical(text, &at, warnings));
        let source = element.source.as_deref().and_then(SourcePackage::of_sentence);
        let purl = purl.map(|purl| source_package::added(source.as_ref(), purl));
        let cpe = identified(&["cpe23", "cpe22"]).and_then(Text::stated);
        let hashes = element.hashes.get(format_args!("{at}/verifiedUsing"), warnings).into_iter().flatten();
        let hashes = hashes.filter(|hash| !hash.value.is_empty());
        let hashes = hashes.filter_map(|hash| hashes::written(&hash.algorithm, &hash.value, &at, warnings)).collect();
        let supplier = element.supplier.0.as_ref().ok().and_then(Option::as_ref).and_then(|id| self.named(id));
        Component {
            reference: stated(element.id.as_ref()).unwrap_or_default(),
            kind: element.purpose.as_deref().map_or_else(|| kind.to_owned(), kebab_case),
            name,
            version: stated(element.version.as_ref()),
            license: self.license(element.id.as_deref().unwrap_or_default()),
            purl,
            cpe,
            supplier,
            hashes,
            ..Component::default()
        }
    }

    /// The concluded licence before the declared one.
    fn license(&self, id: &str) -> Option<String> {
        let all = |licenses: Option<&Vec<&str>>| {
            let texts = licenses.into_iter().flatten().map(|id| self.expression(id, MAX_LICENSE_DEPTH));
            license::all_of(texts.filter_map(|text| license::expression(&text)))
        };
        all(self.concluded.get(id)).or_else(|| all(self.declared.get(id)))
    }

    /// A licence as an expression: an element with one, a set of licences, or an id in the list of SPDX.
    fn expression(&self, id: &str, depth: usize) -> String {
        let last = || match id.rsplit('/').next().unwrap_or(id) {
            "NoAssertion" | "NoAssertionLicense" => "NOASSERTION".to_owned(),
            "None" | "NoneLicense" => "NONE".to_owned(),
            other => other.to_owned(),
        };
        let Some(element) = self.by_id.get(id).filter(|_| depth > 0) else { return last() };
        let members = || element.members.iter().map(|member| self.expression(member, depth - 1)).collect::<Vec<_>>();
        match &*element.kind {
            "expandedlicensing_ConjunctiveLicenseSet" => format!("({})", members().join(" AND ")),
            "expandedlicensing_DisjunctiveLicenseSet" => format!("({})", members().join(" OR ")),
            "expandedlicensing_NoAssertionLicense" => "NOASSERTION".to_owned(),
            "expandedlicensing_NoneLicense" => "NONE".to_owned(),
            _ => stated(element.expression.as_ref()).or_else(|| stated(element.name.as_ref())).unwrap_or_else(last),
        }
    }

    /// Takes the one described package out of the components. Where several are described, they stay among them.
    fn describe(&mut self) {
        let bills = self.of_kind("software_Sbom").chain(self.of_kind("SpdxDocument"));
        let roots = bills.flat_map(|bill| bill.roots.iter());
        let told = self.elements.iter().map(|(_, element)| element);
        let told = told.filter(|element| element.relationship.as_deref() == Some("describes"));
        let described: HashSet<&str> = roots.chain(told.flat_map(|relationship| relationship.to.iter())).collect();
        let components = self.inventory.components.iter().enumerate();
        let mut places = components.filter(|(_, component)| described.contains(component.reference.as_str()));
        if let (Some((place, _)), None) = (places.next(), places.next()) {
            let component = self.inventory.components.remove(place);
            self.report.subjects = subjects::of_component(&component);
            self.inventory.describes = Some(component);
        }
    }

    fn files(&mut self) {
        let is_file = |element: &Element<'_>| matches!(&*element.kind, "software_File" | "software_SoftwareArtifact");
        let files: Vec<_> = self.elements.iter().filter(|(_, element)| is_file(element)).collect();
        if !files.is_empty() && !self.inventory.components.is_empty() {
            let count = files.len();
            let message = format!("left out: files, because the document lists packages; files: {count}");
            self.report.warnings.push(Warning { at: "/@graph".to_owned(), message });
            return;
        }
        for (index, element) in files {
            let component = self.component(element, "file", *index);
            self.inventory.components.push(Component { kind: "file".to_owned(), ..component });
        }
    }

    /// Takes the relationships by which one component needs or holds another.
    fn relationships(&mut self) {
        let components = self.inventory.components.iter().chain(&self.inventory.describes);
        let references: Vec<String> = components.map(|component| component.reference.clone()).collect();
        let mut needs = Needs::of(references.iter().map(String::as_str));
        for (_, element) in self.elements {
            let (Some(from), Some(kind)) = (element.from.as_deref(), element.relationship.as_deref()) else { continue };
            let Some(scope) = scope_of(kind, element.scope.as_deref()) else { continue };
            for to in element.to.iter() {
                needs.add(from, to, scope);
            }
        }
        if needs.elsewhere > 0 {
            let message =
                format!("left out: relationships with what is no component; relationships: {}", needs.elsewhere);
            self.report.warnings.push(Warning { at: "/@graph".to_owned(), message });
        }
        for component in &mut self.inventory.components {
            let scope = needs.scopes.get(component.reference.as_str()).copied().flatten();
            component.scope = scope.map(str::to_owned);
        }
        self.inventory.dependencies = needs.dependencies;
    }

    /// Takes the first build, with whoever it was invoked by for a builder.
    fn builds(&mut self, graph: &List<'_>) {
        let is_build = |(_, element): &&(usize, Element<'_>)| &*element.kind == "build_Build";
        let Some((index, element)) = self.elements.iter().find(is_build) else { return };
        let Some(raw) = graph.items.get(*index) else { return };
        let at = format!("/@graph/{index}");
        let warnings = &mut self.report.warnings;
        let Some(build) = json::part::<Build<'_>>(raw, &at, warnings) else { return };
        let invoked = self.elements.iter().map(|(_, element)| element).find(|relationship| {
            relationship.relationship.as_deref() == Some("invokedBy")
                && relationship.from.as_deref() == element.id.as_deref()
        });
        let commit = build.digests.0.iter().flatten().find(|hash| hash.value.len() == 40);
        self.report.provenance = Some(Provenance {
            builder_id: invoked.and_then(|by| by.to.iter().next()).unwrap_or_default().to_owned(),
            build_type: stated(build.kind.as_ref()).unwrap_or_default(),
            source_uri: build.sources.iter().next().map(str::to_owned),
            source_commit: commit.and_then(|hash| hash.value.stated()),
            invocation_id: stated(build.id.as_ref()),
            started_at: instant::utc(build.started_at.as_ref(), &at, warnings),
            finished_at: instant::utc(build.finished_at.as_ref(), &at, warnings),
            resolved_dependencies: 0,
        });
    }

    /// The component or other element behind an id.
    fn component_ref(&self, id: &str) -> ComponentRef {
        if let Some(element) = self.by_id.get(id) {
            let purl = element.purl.as_deref().and_then(purl::component).and_then(|component| component.purl);
            let name = stated(element.name.as_ref()).unwrap_or_else(|| id.to_owned());
            return ComponentRef { purl, name, version: stated(element.version.as_ref()) };
        }
        purl::component(id).unwrap_or_else(|| ComponentRef { name: id.to_owned(), ..ComponentRef::default() })
    }
}

/// For what something is needed that stands in a relationship of this kind; nothing where it is not needed.
/// <https://spdx.github.io/spdx-spec/v3.0.1/model/Core/Vocabularies/RelationshipType/>
fn scope_of(kind: &str, scope: Option<&str>) -> Option<Option<&'static str>> {
    match kind {
        "dependsOn" | "contains" | "hasDynamicLink" | "hasStaticLink" | "hasPrerequisite" => Some(match scope {
            Some("build") => Some("build"),
            Some("development") => Some("development"),
            Some("test") => Some("test"),
            _ => None,
        }),
        "hasOptionalDependency" | "hasOptionalComponent" => Some(Some("optional")),
        "hasProvidedDependency" => Some(Some("provided")),
        _ => None,
    }
}

/// `operatingSystem` is `operating-system` in other formats.
fn kebab_case(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            text.push('-');
        }
        text.push(letter.to_ascii_lowercase());
    }
    text
}
