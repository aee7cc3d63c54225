//! What CycloneDX says of why a component is listed (evidence), of how complete the list is (compositions) and of how the
//! thing was made (formulation). Of the first, call stacks, copyright texts and the values that were compared are left out:
//! they explain one component to whoever analyses it and answer nothing about a delivery. Of the last, tasks, steps, inputs
//! and outputs are left out: provenance says them with a signature.
//! <https://cyclonedx.org/docs/1.7/json/#components_items_evidence>

use super::{LicenseChoice, license_of};
use crate::json::{Odd, OneOrMany, Text, stated};
use serde::Deserialize;
use shipworthy_model::{Completeness, ComponentEvidence, Dependency};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct EvidencePart<'a> {
    /// One identity in 1.5, several since 1.6.
    #[serde(borrow)]
    pub(crate) identity: Odd<Identities<'a>>,
    #[serde(borrow)]
    pub(crate) occurrences: Odd<Vec<Occurrence<'a>>>,
    #[serde(borrow)]
    pub(crate) licenses: Odd<Vec<LicenseChoice<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(transparent)]
pub(crate) struct Identities<'a>(#[serde(borrow, deserialize_with = "one_or_many")] pub(crate) Vec<Identity<'a>>);

fn one_or_many<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<Identity<'de>>, D::Error> {
    OneOrMany::deserialize(deserializer).map(|OneOrMany(items)| items)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Identity<'a> {
    pub(crate) confidence: Option<f64>,
    #[serde(borrow)]
    pub(crate) methods: Odd<Vec<Method<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Method<'a> {
    #[serde(borrow)]
    pub(crate) technique: Option<Text<'a>>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Occurrence<'a> {
    #[serde(borrow)]
    pub(crate) location: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) line: Option<Text<'a>>,
}

/// More than the specification knows.
const MOST_TECHNIQUES: usize = 16;

/// What was seen of a component; nothing when the document says nothing that is kept.
pub(super) fn evidence(part: &EvidencePart<'_>) -> Option<Box<ComponentEvidence>> {
    let identities = || part.identity.0.iter().flat_map(|identities| &identities.0);
    let confidence = identities().filter_map(|identity| identity.confidence).filter(|part| (0.0..=1.0).contains(part));
    let methods = identities().flat_map(|identity| identity.methods.0.iter().flatten());
    let mut techniques = Vec::new();
    for technique in methods.filter_map(|method| stated(method.technique.as_ref())) {
        if techniques.len() < MOST_TECHNIQUES && !techniques.contains(&technique) {
            techniques.push(technique);
        }
    }
    let mut places: Vec<_> = part.occurrences.0.iter().flatten().filter_map(place).collect();
    places.dedup();
    let seen = ComponentEvidence {
        confidence_percent: confidence.max_by(f64::total_cmp).map(percent),
        techniques,
        places,
        license: part.licenses.0.as_deref().ok().and_then(license_of),
    };
    (seen != ComponentEvidence::default()).then(|| Box::new(seen))
}

/// A part of one in percent.
fn percent(part: f64) -> u8 {
    (part * 100.0).round() as u8
}

fn place(occurrence: &Occurrence<'_>) -> Option<String> {
    let location = stated(occurrence.location.as_ref())?;
    Some(match stated(occurrence.line.as_ref()) {
        Some(line) => format!("{location}:{line}"),
        None => location,
    })
}

/// An item of `compositions`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Composition<'a> {
    #[serde(borrow)]
    aggregate: Option<Text<'a>>,
    #[serde(borrow)]
    assemblies: Odd<Vec<Text<'a>>>,
    #[serde(borrow)]
    dependencies: Odd<Vec<Text<'a>>>,
    #[serde(borrow)]
    vulnerabilities: Odd<Vec<Text<'a>>>,
}

pub(crate) fn completeness(part: &Composition<'_>) -> Completeness {
    let references = |list: &Odd<Vec<Text<'_>>>| list.0.iter().flatten().filter_map(Text::stated).collect();
    Completeness {
        aggregate: stated(part.aggregate.as_ref()).unwrap_or_default(),
        assemblies: references(&part.assemblies),
        dependencies: references(&part.dependencies),
        vulnerabilities: references(&part.vulnerabilities),
    }
}

/// An item of `formulation`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Formula<'a> {
    #[serde(borrow)]
    pub(crate) workflows: Odd<Vec<Workflow<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Workflow<'a> {
    #[serde(borrow)]
    pub(crate) name: Option<Text<'a>>,
}

/// An item of `dependencies`.
#[derive(Debug, Deserialize)]
pub(crate) struct DependencyPart<'a> {
    #[serde(borrow, rename = "ref")]
    reference: Text<'a>,
    #[serde(borrow, rename = "dependsOn", default, deserialize_with = "crate::json::null_is_default")]
    depends_on: Vec<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "crate::json::null_is_default")]
    provides: Vec<Text<'a>>,
}

pub(crate) fn dependency(part: DependencyPart<'_>) -> Dependency {
    let owned = |list: Vec<Text<'_>>| list.into_iter().map(|reference| reference.0.into_owned()).collect();
    Dependency {
        reference: part.reference.0.into_owned(),
        depends_on: owned(part.depends_on),
        provides: owned(part.provides),
    }
}
