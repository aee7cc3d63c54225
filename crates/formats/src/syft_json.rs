//! Syft's own JSON: the packages of an image, a folder or a file, and who needs whom.
//! <https://github.com/anchore/syft/tree/main/schema/json>

use crate::json::{self, At, List, NameOr, Odd, Text, stated};
use crate::spdx_document::Needs;
use crate::{Format, Probe, ReadError, hashes, license, purl, subjects};
use serde::Deserialize;
use shipworthy_model::{Component, Inventory, Phase, Report, Tool, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "syft-json",
    title: "Syft (JSON)",
    homepage: "https://github.com/anchore/syft/tree/main/schema/json",
    phase: Phase::Artifact,
    tool: "syft",
    reads: "schemas 1 to 16: packages with their licences and dependencies, also as the predicate of an in-toto statement",
    identifies: "",
    severities: "",
    marks: &["artifacts", "artifactRelationships", "source", "distro", "descriptor", "schema"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let has_packages = probe.has_all(&["artifacts.foundBy", "artifacts.locations"]);
    let has_artifacts = probe.object().is_some_and(|members| members.has("artifacts"));
    has_artifacts && (has_packages || probe.value("descriptor.name") == Some("syft"))
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow)]
    artifacts: List<'a>,
    #[serde(borrow, rename = "artifactRelationships", default)]
    relationships: List<'a>,
    #[serde(borrow, default)]
    source: Odd<Source<'a>>,
    #[serde(borrow, default)]
    descriptor: Odd<Descriptor<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Descriptor<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    version: Option<Text<'a>>,
    #[serde(borrow)]
    timestamp: Option<Text<'a>>,
}

/// What was looked at. Its particulars were called `target` before schema 6, and may be a path alone.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Source<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    version: Option<Text<'a>>,
    #[serde(borrow, rename = "type")]
    kind: Option<Text<'a>>,
    #[serde(borrow, alias = "target")]
    metadata: Odd<Option<NameOr<'a, Target<'a>>>>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Target<'a> {
    #[serde(borrow)]
    user_input: Option<Text<'a>>,
    #[serde(borrow)]
    path: Option<Text<'a>>,
    #[serde(borrow)]
    manifest_digest: Option<Text<'a>>,
    #[serde(borrow)]
    repo_digests: Odd<Vec<Text<'a>>>,
}

#[derive(Deserialize)]
struct Package<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    version: Option<Text<'a>>,
    #[serde(borrow, default)]
    licenses: Odd<Vec<NameOr<'a, License<'a>>>>,
    #[serde(borrow, default)]
    cpes: Odd<Vec<NameOr<'a, Cpe<'a>>>>,
    #[serde(borrow)]
    purl: Option<Text<'a>>,
    /// Of each kind of package another form; archives of Java have digests.
    #[serde(borrow, default)]
    metadata: Odd<Metadata<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct License<'a> {
    #[serde(borrow)]
    value: Option<Text<'a>>,
    #[serde(borrow)]
    spdx_expression: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Cpe<'a> {
    #[serde(borrow)]
    cpe: Text<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Metadata<'a> {
    #[serde(borrow)]
    digest: Odd<Vec<Digest<'a>>>,
}

#[derive(Deserialize)]
struct Digest<'a> {
    #[serde(borrow)]
    algorithm: Text<'a>,
    #[serde(borrow)]
    value: Text<'a>,
}

#[derive(Deserialize)]
struct Relationship<'a> {
    #[serde(borrow)]
    parent: Text<'a>,
    #[serde(borrow)]
    child: Text<'a>,
    #[serde(borrow, rename = "type")]
    kind: Text<'a>,
}

pub(crate) fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let mut report = Report::default();
    let mut inventory = Inventory::default();
    if let Some(descriptor) = document.descriptor.get("/descriptor", &mut report.warnings) {
        let name = stated(descriptor.name.as_ref()).unwrap_or_else(|| "syft".to_owned()).to_lowercase();
        let version = stated(descriptor.version.as_ref()).filter(|version| version != "[not provided]");
        let author = version.as_ref().map_or_else(|| name.clone(), |version| format!("{name} {version}"));
        inventory.authors = vec![author];
        report.tool = Some(Tool { name, version });
        report.created_at = crate::instant::utc(descriptor.timestamp.as_ref(), "/descriptor", &mut report.warnings);
        inventory.created_at = report.created_at.clone();
    }
    if let Some(source) = document.source.get("/source", &mut report.warnings) {
        inventory.describes = describe(source, &mut report);
    }
    let at = At::Root;
    let at = at.key("artifacts");
    for (index, package) in json::parts::<Package<'_>>(&document.artifacts, at, &mut report.warnings) {
        inventory.components.push(component(&package, &at.index(index), &mut report.warnings));
    }
    depend(&document, &mut inventory, &mut report.warnings);
    report.inventory = Some(inventory);
    Ok(report)
}

/// What was looked at, and which artifact it is.
fn describe(source: &Source<'_>, report: &mut Report) -> Option<Component> {
    let metadata = source.metadata.get("/source/metadata", &mut report.warnings)?.as_ref();
    let (path, target) = match metadata {
        Some(NameOr::Name(path)) => (path.stated(), None),
        Some(NameOr::Object(target)) => {
            (stated(target.user_input.as_ref()).or_else(|| stated(target.path.as_ref())), Some(target))
        }
        None => (None, None),
    };
    let digest = target.and_then(|target| stated(target.manifest_digest.as_ref()));
    for known in target.iter().flat_map(|target| target.repo_digests.0.iter().flatten()) {
        subjects::add_artifact(&mut report.subjects, known);
    }
    if let Some(digest) = &digest {
        subjects::add_artifact(&mut report.subjects, digest);
    }
    let kind = stated(source.kind.as_ref()).unwrap_or_default();
    Some(Component {
        reference: stated(source.id.as_ref()).unwrap_or_default(),
        kind: if kind == "image" { "container".to_owned() } else { kind },
        name: stated(source.name.as_ref()).or(path)?,
        version: stated(source.version.as_ref()).or(digest),
        ..Component::default()
    })
}

fn component(package: &Package<'_>, at: &At<'_>, warnings: &mut Vec<Warning>) -> Component {
    let name = stated(package.name.as_ref()).unwrap_or_default();
    if name.is_empty() {
        let message = "expected a name, found none; the package is kept without it".to_owned();
        warnings.push(Warning { at: at.to_string(), message });
    }
    let licenses = package.licenses.get(at.key("licenses"), warnings).into_iter().flatten();
    let expressions = licenses.filter_map(|license| match license {
        NameOr::Name(text) => license::expression(text),
        NameOr::Object(License { value, spdx_expression }) => stated(spdx_expression.as_ref())
            .or_else(|| stated(value.as_ref()))
            .and_then(|text| license::expression(&text)),
    });
    let license = license::all_of(expressions);
    let cpes = package.cpes.get(at.key("cpes"), warnings);
    let cpe = cpes.and_then(|cpes| cpes.first()).and_then(|cpe| match cpe {
        NameOr::Name(cpe) | NameOr::Object(Cpe { cpe }) => cpe.stated(),
    });
    let digests = package.metadata.0.as_ref().ok().and_then(|metadata| metadata.digest.0.as_ref().ok());
    let written = |digest: &Digest<'_>| hashes::written(&digest.algorithm, &digest.value, at.key("metadata"), warnings);
    let hashes = digests.into_iter().flatten().filter_map(written).collect();
    let purl = package.purl.as_ref().and_then(|text| purl::canonical(text, at.key("purl"), warnings));
    Component {
        reference: stated(package.id.as_ref()).unwrap_or_default(),
        kind: "library".to_owned(),
        name: purl.as_deref().and_then(purl::component).map_or(name, |component| component.name),
        version: stated(package.version.as_ref()),
        purl,
        cpe,
        license,
        hashes,
        ..Component::default()
    }
}

/// Takes who needs whom. That files belong to packages, and packages to the whole, says nothing of needing.
fn depend(document: &Document<'_>, inventory: &mut Inventory, warnings: &mut Vec<Warning>) {
    let list = json::parts::<Relationship<'_>>(&document.relationships, "/artifactRelationships", warnings);
    let mut needs = Needs::of(inventory.components.iter().map(|component| component.reference.as_str()));
    for (_, relationship) in list.iter().filter(|(_, relationship)| &*relationship.kind == "dependency-of") {
        needs.add(&relationship.child, &relationship.parent, None);
    }
    inventory.dependencies = needs.dependencies;
}
