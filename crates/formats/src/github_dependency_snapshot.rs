//! A snapshot of dependencies as tools submit it to GitHub: the packages that a build resolved, by manifest.
//! <https://docs.github.com/en/rest/dependency-graph/dependency-submission>

use crate::json::{self, Entries, Odd, Text, stated};
use crate::{Format, Probe, ReadError, instant, purl, subjects};
use serde::Deserialize;
use shipworthy_model::{Component, Dependency, Inventory, Phase, Report, Subject, Tool, Warning};
use std::collections::HashMap;

pub(crate) static FORMAT: Format = Format {
    name: "github-dependency-snapshot",
    title: "GitHub dependency snapshot",
    homepage: "https://docs.github.com/en/rest/dependency-graph/dependency-submission",
    phase: Phase::Source,
    tool: "github",
    reads: "the body of a submission to GitHub's dependency graph: the packages of all manifests, once each",
    identifies: "",
    severities: "",
    marks: &["job", "sha", "ref", "detector", "scanned", "manifests"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has_all(&["version", "job", "detector", "scanned"]))
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow)]
    sha: Option<Text<'a>>,
    #[serde(borrow, default)]
    detector: Odd<Detector<'a>>,
    #[serde(borrow)]
    scanned: Option<Text<'a>>,
    #[serde(borrow, default)]
    manifests: Entries<'a, Odd<Manifest<'a>>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Detector<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    version: Option<Text<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Manifest<'a> {
    #[serde(borrow)]
    resolved: Entries<'a, Package<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Package<'a> {
    #[serde(borrow)]
    package_url: Option<Text<'a>>,
    #[serde(borrow)]
    scope: Option<Text<'a>>,
    #[serde(borrow, deserialize_with = "json::null_is_default")]
    dependencies: Vec<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let mut report = Report::default();
    let mut inventory = Inventory::default();
    if let Some(detector) = document.detector.get("/detector", &mut report.warnings) {
        report.tool = stated(detector.name.as_ref())
            .map(|name| Tool { name: name.to_lowercase(), version: stated(detector.version.as_ref()) });
        inventory.authors = report.tool.iter().map(|tool| tool.name.clone()).collect();
    }
    report.created_at = instant::utc(document.scanned.as_ref(), "/scanned", &mut report.warnings);
    inventory.created_at = report.created_at.clone();
    if let Some(sha) = stated(document.sha.as_ref())
        && let Some(commit) = subjects::usable(Subject::commit(&sha), "/sha", &mut report.warnings)
    {
        subjects::add(&mut report.subjects, commit);
    }
    let mut places = HashMap::new();
    for (name, manifest) in &document.manifests.0 {
        let at = format!("/manifests/{}", name.replace('~', "~0").replace('/', "~1"));
        if let Some(manifest) = manifest.get(&at, &mut report.warnings) {
            take(manifest, &at, &mut places, &mut inventory, &mut report.warnings);
        }
    }
    report.inventory = Some(inventory);
    Ok(report)
}

/// Takes the packages of one manifest. A package that several manifests name is one component, which is needed for
/// everything where one of them needs it for that.
fn take(
    manifest: &Manifest<'_>,
    at: &str,
    places: &mut HashMap<String, usize>,
    inventory: &mut Inventory,
    warnings: &mut Vec<Warning>,
) {
    let mut references: HashMap<&str, String> = HashMap::new();
    for (key, package) in &manifest.resolved.0 {
        let purl = package.package_url.as_ref().and_then(|url| purl::canonical(url, at, warnings));
        let reference = purl.clone().unwrap_or_else(|| key.to_string());
        references.insert(key, reference.clone());
        let scope = package.scope.as_deref().filter(|scope| *scope == "development").map(str::to_owned);
        if let Some(known) = places.get(&reference).and_then(|place| inventory.components.get_mut(*place)) {
            known.scope = known.scope.take().and(scope);
            continue;
        }
        let named = purl.as_deref().and_then(purl::component);
        let (name, version) = named.map_or_else(|| (key.to_string(), None), |known| (known.name, known.version));
        places.insert(reference.clone(), inventory.components.len());
        let kind = "library".to_owned();
        inventory.components.push(Component { reference, kind, name, version, purl, scope, ..Component::default() });
    }
    for (key, package) in manifest.resolved.0.iter().filter(|(_, package)| !package.dependencies.is_empty()) {
        let needed = package.dependencies.iter();
        let needed = needed.map(|on| references.get(&**on).cloned().unwrap_or_else(|| on.to_string()));
        let reference = references.get(&**key).cloned().unwrap_or_default();
        let dependency = Dependency { reference, depends_on: needed.collect(), ..Dependency::default() };
        inventory.dependencies.push(dependency);
    }
}
