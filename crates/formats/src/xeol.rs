//! Xeol reports: packages of an image or a folder that are at the end of their life.

use crate::json::{self, At, List, Odd, Text, stated};
use crate::{Format, Probe, ReadError, dependencies, identity, purl, subjects};
use serde::Deserialize;
use shipworthy_model::{ComponentRef, Finding, FindingKind, Location, Phase, Report, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "xeol",
    title: "Xeol report",
    homepage: "https://github.com/xeol-io/xeol",
    phase: Phase::Artifact,
    tool: "xeol",
    reads: "the JSON report; a package at the end of its life is a problem of quality without a severity",
    identifies: "the package, its version and its release cycle",
    severities: "",
    marks: &["matches", "source", "distro", "descriptor"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has("matches")) && probe.value("descriptor.name") == Some("xeol")
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow, default)]
    matches: List<'a>,
    #[serde(borrow, default)]
    source: Odd<Source<'a>>,
    #[serde(borrow, default)]
    descriptor: Odd<Descriptor<'a>>,
}

#[derive(Default, Deserialize)]
struct Descriptor<'a> {
    #[serde(borrow)]
    version: Option<Text<'a>>,
}

#[derive(Default, Deserialize)]
struct Source<'a> {
    #[serde(borrow, default)]
    target: Odd<Target<'a>>,
}

#[derive(Default, Deserialize)]
struct Target<'a> {
    #[serde(borrow, default, rename = "repoDigests")]
    digests: Odd<Vec<Text<'a>>>,
}

#[derive(Deserialize)]
struct Match<'a> {
    #[serde(borrow, rename = "Cycle")]
    cycle: Cycle<'a>,
    #[serde(borrow)]
    artifact: Artifact<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Cycle<'a> {
    #[serde(borrow)]
    product_name: Option<Text<'a>>,
    #[serde(borrow)]
    product_permalink: Option<Text<'a>>,
    #[serde(borrow)]
    release_cycle: Option<Text<'a>>,
    #[serde(borrow)]
    eol: Option<Text<'a>>,
    #[serde(borrow)]
    latest_release: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Artifact<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    version: Option<Text<'a>>,
    #[serde(borrow)]
    purl: Option<Text<'a>>,
    #[serde(borrow, default)]
    locations: Odd<Vec<Place<'a>>>,
}

#[derive(Deserialize)]
struct Place<'a> {
    #[serde(borrow)]
    path: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let mut warnings = Vec::new();
    let mut findings = Vec::new();
    let at = At::Root;
    let at = at.key("matches");
    for (index, item) in json::parts::<Match<'_>>(&document.matches, at, &mut warnings) {
        findings.push(finding(&item, &at.index(index), &mut warnings));
    }
    let version = document.descriptor.0.as_ref().ok().and_then(|descriptor| stated(descriptor.version.as_ref()));
    let version = version.filter(|version| version != "[not provided]");
    let mut report =
        Report { looked_for: vec![FindingKind::Quality], ..dependencies::report("xeol", version, findings) };
    let target = document.source.0.as_ref().ok().and_then(|source| source.target.0.as_ref().ok());
    for digest in target.into_iter().flat_map(|target| target.digests.0.iter().flatten()) {
        subjects::add_artifact(&mut report.subjects, digest);
    }
    Ok(Report { warnings, ..report })
}

fn finding(item: &Match<'_>, at: &At<'_>, warnings: &mut Vec<Warning>) -> Finding {
    let Match { cycle, artifact } = item;
    let product = stated(cycle.product_name.as_ref()).unwrap_or_default();
    let release = stated(cycle.release_cycle.as_ref()).unwrap_or_default();
    let url = artifact.purl.as_deref().unwrap_or_default();
    let component = ComponentRef {
        purl: purl::canonical(url, at.key("artifact").key("purl"), warnings),
        name: stated(artifact.name.as_ref()).unwrap_or_default(),
        version: stated(artifact.version.as_ref()),
    };
    let since =
        stated(cycle.eol.as_ref()).map(|date| format!("{product} {release} is no longer supported since {date}."));
    let path = artifact.locations.0.iter().flatten().find_map(|place| stated(place.path.as_ref()));
    Finding {
        title: format!("{product} {release} is at the end of its life"),
        description: since,
        location: path.map(|path| Location { path: dependencies::relative(&path), ..Location::default() }),
        fixed_versions: stated(cycle.latest_release.as_ref()).into_iter().collect(),
        references: stated(cycle.product_permalink.as_ref()).into_iter().collect(),
        identity: identity::of_parts(
            "end-of-life",
            &[&component.name, component.version.as_deref().unwrap_or_default(), &release],
        ),
        component: Some(component),
        ..Finding::new(FindingKind::Quality, "end-of-life", "")
    }
}
