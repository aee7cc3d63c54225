//! CycloneDX as JSON: a bill of materials, with or without vulnerabilities and their analysis (VEX).

use crate::cyclonedx::assets::ServicePart;
use crate::cyclonedx::evidence::{self, Composition, DependencyPart, Formula};
use crate::cyclonedx::{self, Bill, Contact, Metadata, Part, ToolPart, Vulnerability};
use crate::json::{self, At, List, Odd, Text, stated};
use crate::{Format, Probe, ReadError};
use serde::Deserialize;
use serde_json::value::RawValue;
use shipworthy_model::{Phase, Report, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "cyclonedx-json",
    title: "CycloneDX (JSON)",
    homepage: "https://cyclonedx.org/docs/1.7/json/",
    phase: Phase::Artifact,
    tool: "cyclonedx",
    reads: "versions 1.2 to 1.7: components at every depth with pedigree, evidence and cryptography, services, \
            dependencies, completeness, the names of the workflows that made the thing, vulnerabilities and their analysis (VEX), also of other documents by BOM-Link",
    identifies: "vulnerability and component",
    severities: "cyclonedx",
    marks: &["bomFormat", "specVersion", "components", "dependencies", "serialNumber", "metadata"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().and_then(|members| members.value("bomFormat")) == Some("CycloneDX")
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow, rename = "bomFormat")]
    _bom_format: Text<'a>,
    #[serde(borrow, rename = "serialNumber")]
    serial: Option<Text<'a>>,
    #[serde(borrow)]
    version: Option<Text<'a>>,
    #[serde(borrow, rename = "specVersion", default)]
    spec_version: Text<'a>,
    #[serde(borrow, default)]
    metadata: Odd<MetadataItem<'a>>,
    #[serde(borrow, default)]
    components: List<'a>,
    #[serde(borrow, default)]
    services: List<'a>,
    #[serde(borrow, default)]
    dependencies: List<'a>,
    #[serde(borrow, default)]
    compositions: List<'a>,
    #[serde(borrow, default)]
    formulation: List<'a>,
    #[serde(borrow)]
    vulnerabilities: Option<List<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct MetadataItem<'a> {
    #[serde(borrow)]
    timestamp: Option<Text<'a>>,
    #[serde(borrow)]
    tools: Option<&'a RawValue>,
    #[serde(borrow)]
    authors: Option<&'a RawValue>,
    #[serde(borrow)]
    manufacturer: Option<&'a RawValue>,
    #[serde(borrow)]
    supplier: Option<&'a RawValue>,
    #[serde(borrow)]
    component: Option<&'a RawValue>,
    #[serde(borrow)]
    lifecycles: Odd<Vec<Lifecycle<'a>>>,
}

#[derive(Deserialize)]
struct Lifecycle<'a> {
    #[serde(borrow, alias = "name")]
    phase: Option<Text<'a>>,
}

/// The form of `metadata.tools` since 1.5; before, it is the list itself.
#[derive(Deserialize)]
struct Tools<'a> {
    #[serde(borrow, default)]
    components: Vec<ToolPart<'a>>,
    #[serde(borrow, default)]
    services: Vec<ToolPart<'a>>,
}

pub(crate) fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let mut warnings = Vec::new();
    let (metadata, described) = metadata(&document, &mut warnings);
    let mut bill = Bill::new(&document.spec_version, &metadata);
    bill.report.warnings.append(&mut warnings);
    if let Some(described) = described {
        let at = At::Root;
        let at = at.key("metadata");
        let at = at.key("component");
        bill.describe(&described, &metadata, &at);
        nested(&described.components, None, &at.key("components"), &mut bill);
    }
    nested(&document.components, None, &At::Root.key("components"), &mut bill);
    dependencies(&document.dependencies, &mut bill);
    services(&document.services, &At::Root.key("services"), &mut bill);
    for (_, part) in json::parts::<Composition<'_>>(&document.compositions, "/compositions", &mut bill.report.warnings)
    {
        bill.complete(evidence::completeness(&part));
    }
    formulation(&document.formulation, &mut bill);
    let vulnerabilities = document.vulnerabilities.as_ref().map(|list| {
        let parts = json::parts(list, "/vulnerabilities", &mut bill.report.warnings).into_iter();
        parts
            .map(|(index, part)| (cyclonedx::at("vulnerabilities", index), part))
            .collect::<Vec<(_, Vulnerability<'_>)>>()
    });
    Ok(bill.finish(vulnerabilities))
}

fn metadata<'a>(document: &Document<'a>, warnings: &mut Vec<Warning>) -> (Metadata<'a>, Option<Part<'a>>) {
    let Some(item) = document.metadata.get("/metadata", warnings) else { return (Metadata::default(), None) };
    let mut contact =
        |raw: Option<&'a RawValue>, at: &str| raw.and_then(|raw| json::part::<Contact<'a>>(raw, at, warnings));
    let metadata = Metadata {
        timestamp: item.timestamp.clone(),
        serial: document.serial.clone(),
        revision: document.version.clone(),
        lifecycles: item
            .lifecycles
            .0
            .iter()
            .flatten()
            .filter_map(|lifecycle| stated(lifecycle.phase.as_ref()))
            .collect(),
        manufacturer: contact(item.manufacturer, "/metadata/manufacturer"),
        supplier: contact(item.supplier, "/metadata/supplier"),
        authors: item.authors.and_then(|raw| json::part(raw, "/metadata/authors", warnings)).unwrap_or_default(),
        tools: item.tools.map(|raw| tools(raw, warnings)).unwrap_or_default(),
    };
    (metadata, item.component.and_then(|raw| json::part(raw, "/metadata/component", warnings)))
}

fn tools<'a>(raw: &'a RawValue, warnings: &mut Vec<Warning>) -> Vec<ToolPart<'a>> {
    if raw.get().starts_with('[') {
        return json::part(raw, "/metadata/tools", warnings).unwrap_or_default();
    }
    let tools: Option<Tools<'_>> = json::part(raw, "/metadata/tools", warnings);
    tools.map(|Tools { components, services }| components.into_iter().chain(services).collect()).unwrap_or_default()
}

/// Takes components and those inside of them. The depth is limited before, by the probe.
fn nested(list: &List<'_>, part_of: Option<u32>, at: &At<'_>, bill: &mut Bill) {
    for (index, raw) in list.items(at, &mut bill.report.warnings).iter().enumerate() {
        let at = at.index(index);
        let Some(part) = json::part::<Part<'_>>(raw, at, &mut bill.report.warnings) else { continue };
        let place = bill.add(&part, part_of, &at);
        nested(&part.components, place, &at.key("components"), bill);
    }
}

/// Takes services and those inside of them.
fn services(list: &List<'_>, at: &At<'_>, bill: &mut Bill) {
    for (index, part) in json::parts::<ServicePart<'_>>(list, at, &mut bill.report.warnings) {
        bill.serve(&part);
        services(&part.services, &at.index(index).key("services"), bill);
    }
}

fn dependencies(list: &List<'_>, bill: &mut Bill) {
    let at = At::Root;
    let at = at.key("dependencies");
    for (index, raw) in list.items(at, &mut bill.report.warnings).iter().enumerate() {
        let Some(item) = json::part::<DependencyPart<'_>>(raw, at.index(index), &mut bill.report.warnings) else {
            continue;
        };
        bill.depend(evidence::dependency(item));
    }
}

fn formulation(list: &List<'_>, bill: &mut Bill) {
    for (_, formula) in json::parts::<Formula<'_>>(list, "/formulation", &mut bill.report.warnings) {
        bill.made_by(None);
        for workflow in formula.workflows.0.iter().flatten() {
            bill.made_by(stated(workflow.name.as_ref()));
        }
    }
}
