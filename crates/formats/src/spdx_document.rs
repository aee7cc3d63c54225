//! What SPDX 2 means, whichever way it is written: the parts of a document come in, a report goes out. The parts are
//! shaped like the JSON; the other readers fill the same ones. <https://spdx.github.io/spdx-spec/v2.3/>
//!
//! Files are components only where no package but the described one is listed: beside packages they are the packages'
//! contents, thousands of them, and nobody's dependency.

use crate::json::{Odd, Text, null_is_default, stated};
use crate::source_package::{self, SourcePackage};
use crate::{hashes, license, purl, subjects};
use serde::Deserialize;
use shipworthy_model::{Component, ComponentRef, Dependency, Finding, FindingKind, Inventory, Report, Tool, Warning};
use std::collections::{HashMap, HashSet};
use std::fmt::Display;

const DOCUMENT: &str = "SPDXRef-DOCUMENT";

/// What a document says about itself.
#[derive(Debug, Default)]
pub(crate) struct Header<'a> {
    pub(crate) version: Text<'a>,
    pub(crate) namespace: Option<Text<'a>>,
    pub(crate) creation: Creation<'a>,
    /// The elements that it describes; relationships say so, too.
    pub(crate) describes: Vec<Text<'a>>,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Creation<'a> {
    #[serde(borrow)]
    pub(crate) created: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    pub(crate) creators: Vec<Text<'a>>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Package<'a> {
    #[serde(borrow, rename = "SPDXID")]
    pub(crate) id: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) name: Option<Text<'a>>,
    #[serde(borrow, rename = "versionInfo")]
    pub(crate) version: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) supplier: Option<Text<'a>>,
    #[serde(borrow, rename = "licenseConcluded")]
    pub(crate) concluded: Option<Text<'a>>,
    #[serde(borrow, rename = "licenseDeclared")]
    pub(crate) declared: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(crate) checksums: Odd<Vec<Checksum<'a>>>,
    #[serde(borrow, rename = "externalRefs", default)]
    pub(crate) references: Odd<Vec<Reference<'a>>>,
    #[serde(borrow, rename = "primaryPackagePurpose")]
    pub(crate) purpose: Option<Text<'a>>,
    #[serde(borrow, rename = "sourceInfo")]
    pub(crate) source: Option<Text<'a>>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct File<'a> {
    #[serde(borrow, rename = "SPDXID")]
    pub(crate) id: Option<Text<'a>>,
    #[serde(borrow, rename = "fileName")]
    pub(crate) name: Option<Text<'a>>,
    #[serde(borrow, rename = "licenseConcluded")]
    pub(crate) concluded: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(crate) checksums: Odd<Vec<Checksum<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Checksum<'a> {
    #[serde(borrow)]
    pub(crate) algorithm: Text<'a>,
    #[serde(borrow, rename = "checksumValue")]
    pub(crate) value: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Reference<'a> {
    #[serde(borrow, rename = "referenceType")]
    pub(crate) kind: Text<'a>,
    #[serde(borrow, rename = "referenceLocator")]
    pub(crate) locator: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Relationship<'a> {
    #[serde(borrow, rename = "spdxElementId")]
    pub(crate) element: Text<'a>,
    #[serde(borrow, rename = "relatedSpdxElement")]
    pub(crate) related: Text<'a>,
    #[serde(borrow, rename = "relationshipType")]
    pub(crate) kind: Text<'a>,
}

/// A document while it is read: its header, then its packages, then what is described, then its files where they are
/// wanted, then the relationships.
#[derive(Debug, Default)]
pub(crate) struct Bill {
    pub(crate) report: Report,
    inventory: Inventory,
    ids: HashSet<String>,
    several_purls: u64,
}

impl Bill {
    pub(crate) fn new(header: &Header<'_>) -> Self {
        let mut bill = Self::default();
        if !matches!(&*header.version, "SPDX-2.0" | "SPDX-2.1" | "SPDX-2.2" | "SPDX-2.3") {
            let message =
                format!("expected a version from `SPDX-2.0` to `SPDX-2.3`, found `{}`; read as 2.3", &*header.version);
            bill.report.warnings.push(Warning { at: "/spdxVersion".to_owned(), message });
        }
        let creation = &header.creation;
        bill.report.created_at = stated(creation.created.as_ref());
        bill.report.tool = creation.creators.iter().find_map(|creator| tool(creator.strip_prefix("Tool:")?.trim()));
        bill.inventory.specification = stated(Some(&header.version));
        bill.inventory.created_at = bill.report.created_at.clone();
        bill.inventory.identifier = stated(header.namespace.as_ref());
        bill.inventory.authors = creation.creators.iter().filter_map(|creator| actor(creator)).collect();
        bill
    }

    /// Reads the parts of a document that are all known at once.
    pub(crate) fn of(
        header: &Header<'_>,
        packages: &[Package<'_>],
        files: &[File<'_>],
        relationships: &[Relationship<'_>],
        warnings: Vec<Warning>,
    ) -> Report {
        let mut bill = Self::new(header);
        bill.report.warnings.extend(warnings);
        for (index, package) in packages.iter().enumerate() {
            bill.add(package, &format_args!("package {}", index + 1));
        }
        bill.describe(header, relationships);
        if bill.wants_files(files.len()) {
            for (index, file) in files.iter().enumerate() {
                bill.add_file(file, &format_args!("file {}", index + 1));
            }
        }
        bill.finish(relationships)
    }

    /// Takes a package.
    pub(crate) fn add(&mut self, package: &Package<'_>, at: &dyn Display) {
        let mut component = self.component(package, at);
        if !component.reference.is_empty() && !self.ids.insert(component.reference.clone()) {
            let message =
                format!("expected an `SPDXID` of its own, found `{}` again; it has none now", component.reference);
            self.report.warnings.push(Warning { at: at.to_string(), message });
            component.reference.clear();
        }
        self.inventory.components.push(component);
    }

    fn component(&mut self, package: &Package<'_>, at: &dyn Display) -> Component {
        let warnings = &mut self.report.warnings;
        let name = stated(package.name.as_ref()).unwrap_or_default();
        if name.is_empty() {
            let message = "expected a name, found none; the package is kept without it".to_owned();
            warnings.push(Warning { at: at.to_string(), message });
        }
        let references = package.references.get(format_args!("{at}/externalRefs"), warnings);
        let references = references.map_or(&[][..], Vec::as_slice);
        let locators = |kinds: &'static [&'static str]| {
            references.iter().filter(|reference| kinds.contains(&&*reference.kind)).map(|reference| &reference.locator)
        };
        let mut purls = locators(&["purl"]);
        let purl = purls.next().and_then(|text| purl::canonical(text, format_args!("{at}/externalRefs"), warnings));
        let source = package.source.as_deref().and_then(SourcePackage::of_sentence);
        let purl = purl.map(|purl| source_package::added(source.as_ref(), purl));
        self.several_purls += u64::from(purls.next().is_some());
        let checksums = package.checksums.get(format_args!("{at}/checksums"), warnings).map_or(&[][..], Vec::as_slice);
        let hashes = hashes(checksums, format_args!("{at}/checksums"), warnings);
        let component = Component {
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
            hashes,
            ..Component::default()
        };
        for advisory in locators(&["advisory", "http://spdx.org/rdf/references/advisory"]) {
            self.find(advisory, &component);
        }
        component
    }

    /// A package that names the advisory of a vulnerability has that vulnerability. An address that names no
    /// vulnerability says nothing that could be looked up or told from others.
    fn find(&mut self, advisory: &Text<'_>, component: &Component) {
        let Some(rule) = vulnerability_in(advisory) else { return };
        let Component { name, version, purl, .. } = component;
        let component = ComponentRef { purl: purl.clone(), name: name.clone(), version: version.clone() };
        let title = format!("{rule}, which the package names an advisory of");
        self.report.findings.get_or_insert_default().push(Finding {
            component: Some(component),
            references: advisory.stated().into_iter().filter(|text| text.contains("://")).collect(),
            ..Finding::new(FindingKind::Vulnerability, rule, title)
        });
    }

    /// Takes the one described package out of the components. Where several are described, they stay among them.
    pub(crate) fn describe(&mut self, header: &Header<'_>, relationships: &[Relationship<'_>]) {
        if self.several_purls > 0 {
            let packages = self.several_purls;
            let message =
                format!("left out: all package URLs of a package but the first; packages with several: {packages}");
            self.report.warnings.push(Warning { at: "/packages".to_owned(), message });
        }
        let mut described: HashSet<&str> = header.describes.iter().map(|id| &**id).collect();
        for relationship in relationships {
            match &*relationship.kind {
                "DESCRIBES" if &*relationship.element == DOCUMENT => described.insert(&relationship.related),
                "DESCRIBED_BY" if &*relationship.related == DOCUMENT => described.insert(&relationship.element),
                _ => false,
            };
        }
        let is_described = |component: &Component| described.contains(component.reference.as_str());
        let mut places = self.inventory.components.iter().enumerate().filter(|(_, component)| is_described(component));
        if let (Some((place, _)), None) = (places.next(), places.next()) {
            let component = self.inventory.components.remove(place);
            self.report.subjects = subjects::of_component(&component);
            self.inventory.describes = Some(component);
        }
    }

    /// Whether files become components; where they do not, their number is told in a warning.
    pub(crate) fn wants_files(&mut self, count: usize) -> bool {
        if count == 0 || self.inventory.components.is_empty() {
            return count > 0;
        }
        let message = format!("left out: files, because the document lists packages; files: {count}");
        self.report.warnings.push(Warning { at: "/files".to_owned(), message });
        false
    }

    pub(crate) fn add_file(&mut self, file: &File<'_>, at: &dyn Display) {
        let warnings = &mut self.report.warnings;
        let checksums = file.checksums.get(format_args!("{at}/checksums"), warnings).map_or(&[][..], Vec::as_slice);
        self.inventory.components.push(Component {
            reference: stated(file.id.as_ref()).unwrap_or_default(),
            kind: "file".to_owned(),
            name: stated(file.name.as_ref()).unwrap_or_default(),
            license: license_of(file.concluded.as_ref(), None),
            hashes: hashes(checksums, format_args!("{at}/checksums"), warnings),
            ..Component::default()
        });
    }

    /// Ends with the relationships by which one component needs or holds another.
    pub(crate) fn finish(mut self, relationships: &[Relationship<'_>]) -> Report {
        let components = self.inventory.components.iter().chain(&self.inventory.describes);
        let mut needs = Needs::of(components.map(|component| component.reference.as_str()));
        for relationship in relationships {
            if let Some((dependent, needed, scope)) = need(relationship) {
                needs.add(dependent, needed, scope);
            }
        }
        let Needs { dependencies, scopes, elsewhere, .. } = needs;
        let scopes: HashMap<String, &str> =
            scopes.into_iter().filter_map(|(needed, scope)| Some((needed.to_owned(), scope?))).collect();
        if elsewhere > 0 {
            let message = format!("left out: relationships with what is no component; relationships: {elsewhere}");
            self.report.warnings.push(Warning { at: "/relationships".to_owned(), message });
        }
        self.inventory.dependencies = dependencies;
        for component in &mut self.inventory.components {
            component.scope = scopes.get(&component.reference).map(|scope| (*scope).to_owned());
        }
        self.report.inventory = Some(self.inventory);
        self.report
    }
}

/// Who needs whom, as far as both are components.
#[derive(Default)]
pub(crate) struct Needs<'r> {
    known: HashSet<&'r str>,
    places: HashMap<&'r str, usize>,
    pub(crate) dependencies: Vec<Dependency>,
    taken: HashSet<(&'r str, &'r str)>,
    /// For what a component is needed; nothing once it is needed for everything.
    pub(crate) scopes: HashMap<&'r str, Option<&'static str>>,
    pub(crate) elsewhere: u64,
}

impl<'r> Needs<'r> {
    /// Among the components with these references.
    pub(crate) fn of(known: impl Iterator<Item = &'r str>) -> Self {
        Self { known: known.collect(), ..Self::default() }
    }

    pub(crate) fn add(&mut self, dependent: &'r str, needed: &'r str, scope: Option<&'static str>) {
        if !self.known.contains(dependent) || !self.known.contains(needed) {
            self.elsewhere += u64::from(!matches!(needed, "NONE" | "NOASSERTION"));
            return;
        }
        let of_all = self.scopes.entry(needed).or_insert(scope);
        if *of_all != scope {
            *of_all = None;
        }
        let place = *self.places.entry(dependent).or_insert_with(|| {
            self.dependencies.push(Dependency { reference: dependent.to_owned(), ..Dependency::default() });
            self.dependencies.len() - 1
        });
        if self.taken.insert((dependent, needed))
            && let Some(dependency) = self.dependencies.get_mut(place)
        {
            dependency.depends_on.push(needed.to_owned());
        }
    }
}

/// Who needs whom, and for what where it is not for everything.
/// <https://spdx.github.io/spdx-spec/v2.3/relationships-between-SPDX-elements/>
fn need<'r>(relationship: &'r Relationship<'_>) -> Option<(&'r str, &'r str, Option<&'static str>)> {
    let (element, related) = (&*relationship.element, &*relationship.related);
    match &*relationship.kind {
        "DEPENDS_ON" | "CONTAINS" | "HAS_PREREQUISITE" | "DYNAMIC_LINK" | "STATIC_LINK" => {
            Some((element, related, None))
        }
        "CONTAINED_BY" | "PREREQUISITE_FOR" => Some((related, element, None)),
        kind => {
            let scope = match kind.strip_suffix("DEPENDENCY_OF")? {
                "DEV_" => Some("development"),
                "TEST_" => Some("test"),
                "BUILD_" => Some("build"),
                "OPTIONAL_" => Some("optional"),
                "PROVIDED_" => Some("provided"),
                _ => None,
            };
            Some((related, element, scope))
        }
    }
}

/// The id of a vulnerability in the address of its advisory.
fn vulnerability_in(advisory: &str) -> Option<String> {
    let mut words = advisory.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    let id = words.find(|word| {
        let word = word.to_ascii_uppercase();
        let number = |prefix: &str| word.strip_prefix(prefix).is_some_and(|rest| rest.len() >= 8 && rest.contains('-'));
        number("CVE-") || number("GHSA-")
    })?;
    let is_cve = id.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("cve"));
    // The letters of a GHSA id are written small, its name is not.
    Some(if is_cve { id.to_ascii_uppercase() } else { format!("GHSA{}", id.get(4..)?.to_ascii_lowercase()) })
}

/// `Tool: npm/cli-11.19.1` is made of a name and, after the last dash, a version.
pub(crate) fn tool(text: &str) -> Option<Tool> {
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

/// The concluded licence before the declared one.
fn license_of(concluded: Option<&Text<'_>>, declared: Option<&Text<'_>>) -> Option<String> {
    concluded.and_then(|text| license::expression(text)).or_else(|| declared.and_then(|text| license::expression(text)))
}

fn hashes(checksums: &[Checksum<'_>], at: impl Display, warnings: &mut Vec<Warning>) -> Vec<String> {
    let written = |sum: &Checksum| hashes::written(&sum.algorithm, &sum.value, &at, warnings);
    checksums.iter().filter_map(written).collect()
}
