//! CycloneDX as XML: the same bill of materials as `cyclonedx_json` reads, in its older writing. Vulnerabilities are
//! read where 1.4 and later have them, and in the extension that came before.

use crate::cyclonedx::assets::{Data, ServicePart};
use crate::cyclonedx::xml_parts;
use crate::cyclonedx::{
    self, Affected, AffectedVersion, Alias, Analysis, Bill, Contact, Hash, LicenseChoice, LicensePart, Metadata, Part,
    Rating, Source, ToolPart, Vulnerability,
};
use crate::json::{Odd, Text};
use crate::xml::{Document, Element};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Completeness, Dependency, Phase, Report, Warning};
use std::borrow::Cow;

pub(crate) static FORMAT: Format = Format {
    name: "cyclonedx-xml",
    title: "CycloneDX (XML)",
    homepage: "https://cyclonedx.org/docs/1.7/xml/",
    phase: Phase::Artifact,
    tool: "cyclonedx",
    reads: "versions 1.0 to 1.7 and the vulnerability extension 1.0, the same parts as in JSON",
    identifies: "vulnerability and component",
    severities: "cyclonedx",
    marks: &["bom"],
    recognises,
    read,
};

const NAMESPACE: &str = "http://cyclonedx.org/schema/bom/";

fn recognises(probe: &Probe) -> bool {
    let namespace = probe.root().filter(|root| root.name == "bom").and_then(|root| root.namespace.as_deref());
    namespace.is_some_and(|namespace| namespace.starts_with(NAMESPACE))
}

/// What has been read so far. XML gives the parts in its own order, and a vulnerability may stand inside a component.
#[derive(Default)]
struct Parts {
    metadata: Metadata<'static>,
    described: Option<Part<'static>>,
    /// Each with the place of the one that it is inside of.
    components: Vec<(Option<u32>, Part<'static>)>,
    /// The place of the component that is being read.
    inside: Option<u32>,
    dependencies: Vec<Dependency>,
    completeness: Vec<Completeness>,
    workflows: Option<Vec<String>>,
    services: Vec<ServicePart<'static>>,
    vulnerabilities: Option<Vec<Vulnerability<'static>>>,
    warnings: Vec<Warning>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    let spec_version = spec_version(&root);
    let mut parts = Parts::default();
    parts.metadata.serial = attribute(&root, "serialNumber");
    parts.metadata.revision = attribute(&root, "version");
    while let Some(child) = document.next_child(&root)? {
        match child.name.as_str() {
            "metadata" => metadata(&mut document, &child, &mut parts)?,
            "components" => components(&mut document, &child, &mut parts)?,
            "dependencies" => dependencies(&mut document, &child, &mut parts)?,
            "vulnerabilities" => vulnerabilities(&mut document, &child, None, &mut parts)?,
            "services" => services(&mut document, &child, &mut parts)?,
            "compositions" => parts.completeness.append(&mut xml_parts::compositions(&mut document, &child)?),
            "formulation" => {
                let names = xml_parts::workflows(&mut document, &child)?;
                parts.workflows.get_or_insert_default().extend(names);
            }
            _ => {}
        }
    }
    Ok(report(&spec_version, parts))
}

/// The namespace ends in the version of the specification.
fn spec_version(root: &Element) -> String {
    let namespace = root.attributes().find_map(|(_, value)| value.strip_prefix(NAMESPACE));
    namespace.unwrap_or_default().to_owned()
}

fn report(spec_version: &str, parts: Parts) -> Report {
    let Parts { metadata, described, components, services, vulnerabilities, warnings, .. } = parts;
    let mut bill = Bill::new(spec_version, &metadata);
    bill.report.warnings.extend(warnings);
    if let Some(described) = described {
        bill.describe(&described, &metadata, &"/bom/metadata/component");
    }
    for (index, (part_of, part)) in components.iter().enumerate() {
        bill.add(part, *part_of, &format_args!("component {} of the document", index + 1));
    }
    bill.inventory.dependencies = parts.dependencies;
    parts.completeness.into_iter().for_each(|completeness| bill.complete(completeness));
    bill.inventory.workflows = parts.workflows;
    for service in &services {
        bill.serve(service);
    }
    let numbered = |(index, vulnerability)| (cyclonedx::at("vulnerabilities", index), vulnerability);
    bill.finish(vulnerabilities.map(|list| list.into_iter().enumerate().map(numbered).collect()))
}

fn metadata(document: &mut Document<'_>, element: &Element, parts: &mut Parts) -> Result<(), ReadError> {
    while let Some(child) = document.next_child(element)? {
        match child.name.as_str() {
            "timestamp" => parts.metadata.timestamp = Some(text(document, &child)?),
            "tools" => tools(document, &child, &mut parts.metadata.tools)?,
            "authors" => {
                while let Some(author) = document.next_child(&child)? {
                    parts.metadata.authors.push(contact(document, &author)?);
                }
            }
            "manufacturer" => parts.metadata.manufacturer = Some(contact(document, &child)?),
            "supplier" => parts.metadata.supplier = Some(contact(document, &child)?),
            "lifecycles" => lifecycles(document, &child, &mut parts.metadata.lifecycles)?,
            "component" => parts.described = Some(component(document, &child, parts)?),
            _ => {}
        }
    }
    Ok(())
}

/// Tools stand in the list itself or, since 1.5, as components and services in it.
fn tools(document: &mut Document<'_>, element: &Element, tools: &mut Vec<ToolPart<'static>>) -> Result<(), ReadError> {
    while let Some(child) = document.next_child(element)? {
        if matches!(child.name.as_str(), "components" | "services") {
            self::tools(document, &child, tools)?;
            continue;
        }
        let mut tool = ToolPart::default();
        while let Some(part) = document.next_child(&child)? {
            match part.name.as_str() {
                "name" => tool.name = Some(text(document, &part)?),
                "version" => tool.version = Some(text(document, &part)?),
                _ => {}
            }
        }
        tools.push(tool);
    }
    Ok(())
}

/// A phase that the specification knows, or one by its own name.
fn lifecycles(document: &mut Document<'_>, element: &Element, phases: &mut Vec<String>) -> Result<(), ReadError> {
    while let Some(child) = document.next_child(element)? {
        while let Some(part) = document.next_child(&child)? {
            if matches!(part.name.as_str(), "phase" | "name") {
                phases.extend(text(document, &part)?.stated());
            }
        }
    }
    Ok(())
}

fn contact(document: &mut Document<'_>, element: &Element) -> Result<Contact<'static>, ReadError> {
    let mut contact = Contact::default();
    while let Some(child) = document.next_child(element)? {
        match child.name.as_str() {
            "name" => contact.name = Some(text(document, &child)?),
            "email" => contact.email = Some(text(document, &child)?),
            _ => {}
        }
    }
    Ok(contact)
}

fn components(document: &mut Document<'_>, element: &Element, parts: &mut Parts) -> Result<(), ReadError> {
    while let Some(child) = document.next_child(element)? {
        if child.name != "component" {
            continue;
        }
        // The place is taken before the components inside are read, because the outer one comes first.
        let (place, outer) = (parts.components.len(), parts.inside);
        parts.components.push((outer, Part::default()));
        parts.inside = u32::try_from(place).ok();
        parts.components[place].1 = component(document, &child, parts)?;
        parts.inside = outer;
    }
    Ok(())
}

fn component(document: &mut Document<'_>, element: &Element, parts: &mut Parts) -> Result<Part<'static>, ReadError> {
    let mut part =
        Part { reference: attribute(element, "bom-ref"), kind: attribute(element, "type"), ..Part::default() };
    while let Some(child) = document.next_child(element)? {
        match child.name.as_str() {
            "group" => part.group = Some(text(document, &child)?),
            "name" => part.name = Some(text(document, &child)?),
            "version" => part.version = Some(text(document, &child)?),
            "purl" => part.purl = Some(text(document, &child)?),
            "scope" => part.scope = Some(text(document, &child)?),
            "cpe" => part.cpe = Some(text(document, &child)?),
            "publisher" => part.publisher = Some(text(document, &child)?),
            "supplier" => part.supplier = Odd(Ok(contact(document, &child)?)),
            "licenses" => part.licenses = Odd(Ok(licenses(document, &child)?)),
            "hashes" => part.hashes = Odd(Ok(hashes(document, &child)?)),
            "pedigree" => part.pedigree = Odd(Ok(Some(xml_parts::pedigree(document, &child)?))),
            "cryptoProperties" => part.crypto = Odd(Ok(Some(xml_parts::crypto(document, &child)?))),
            "evidence" => part.evidence = Odd(Ok(Some(xml_parts::evidence(document, &child)?))),
            "properties" => digests(document, &child, &mut part.digests)?,
            "components" => components(document, &child, parts)?,
            "vulnerabilities" => {
                let owner = part.reference.clone().or_else(|| part.purl.clone());
                vulnerabilities(document, &child, owner.as_ref(), parts)?;
            }
            _ => {}
        }
    }
    Ok(part)
}

fn digests(document: &mut Document<'_>, element: &Element, digests: &mut Vec<Text<'static>>) -> Result<(), ReadError> {
    while let Some(child) = document.next_child(element)? {
        if child.attribute("name").is_some_and(cyclonedx::is_digest) {
            digests.push(text(document, &child)?);
        }
    }
    Ok(())
}

pub(crate) fn licenses(
    document: &mut Document<'_>,
    element: &Element,
) -> Result<Vec<LicenseChoice<'static>>, ReadError> {
    let mut licenses = Vec::new();
    while let Some(child) = document.next_child(element)? {
        let mut choice = LicenseChoice { acknowledgement: attribute(&child, "acknowledgement"), ..Default::default() };
        if child.name == "expression" {
            choice.expression = Some(text(document, &child)?);
        } else {
            let mut license = LicensePart::default();
            while let Some(part) = document.next_child(&child)? {
                match part.name.as_str() {
                    "id" => license.id = Some(text(document, &part)?),
                    "name" => license.name = Some(text(document, &part)?),
                    // The form of 1.7 for an expression with details, whose text is an attribute of neither.
                    "expression" => choice.expression = Some(text(document, &part)?),
                    _ => {}
                }
            }
            choice.license = Some(license);
        }
        licenses.push(choice);
    }
    Ok(licenses)
}

fn hashes(document: &mut Document<'_>, element: &Element) -> Result<Vec<Hash<'static>>, ReadError> {
    let mut hashes = Vec::new();
    while let Some(child) = document.next_child(element)? {
        let algorithm = attribute(&child, "alg").unwrap_or_default();
        hashes.push(Hash { algorithm, content: text(document, &child)? });
    }
    Ok(hashes)
}

fn services(document: &mut Document<'_>, element: &Element, parts: &mut Parts) -> Result<(), ReadError> {
    while let Some(child) = document.next_child(element)? {
        let place = parts.services.len();
        parts.services.push(ServicePart::default());
        parts.services[place] = service(document, &child, parts)?;
    }
    Ok(())
}

fn service(
    document: &mut Document<'_>,
    element: &Element,
    parts: &mut Parts,
) -> Result<ServicePart<'static>, ReadError> {
    let mut service = ServicePart { reference: attribute(element, "bom-ref"), ..ServicePart::default() };
    let (mut endpoints, mut classes) = (Vec::new(), Vec::new());
    while let Some(child) = document.next_child(element)? {
        match child.name.as_str() {
            "group" => service.group = Some(text(document, &child)?),
            "name" => service.name = Some(text(document, &child)?),
            "version" => service.version = Some(text(document, &child)?),
            "provider" => service.provider = Odd(Ok(contact(document, &child)?)),
            "endpoints" => {
                while let Some(endpoint) = document.next_child(&child)? {
                    endpoints.push(text(document, &endpoint)?);
                }
            }
            "authenticated" => service.authenticated = Odd(Ok(text(document, &child)?.parse().ok())),
            "x-trust-boundary" => service.crosses_trust_boundary = Odd(Ok(text(document, &child)?.parse().ok())),
            "data" => classifications(document, &child, &mut classes)?,
            "services" => services(document, &child, parts)?,
            _ => {}
        }
    }
    Ok(ServicePart { endpoints: Odd(Ok(endpoints)), data: Odd(Ok(classes)), ..service })
}

/// Classes of data stand in the list itself or, since 1.5, in each kind of data in it.
fn classifications(
    document: &mut Document<'_>,
    element: &Element,
    classes: &mut Vec<Data<'static>>,
) -> Result<(), ReadError> {
    while let Some(child) = document.next_child(element)? {
        match child.name.as_str() {
            "classification" => classes.push(Data { classification: Some(text(document, &child)?) }),
            "dataflow" => classifications(document, &child, classes)?,
            _ => {}
        }
    }
    Ok(())
}

fn dependencies(document: &mut Document<'_>, element: &Element, parts: &mut Parts) -> Result<(), ReadError> {
    while let Some(child) = document.next_child(element)? {
        let reference = child.attribute("ref").unwrap_or_default().to_owned();
        let (mut depends_on, mut provides) = (Vec::new(), Vec::new());
        while let Some(other) = document.next_child(&child)? {
            match other.name.as_str() {
                "dependency" => depends_on.extend(other.attribute("ref").map(str::to_owned)),
                "provides" => provides.extend(other.attribute("ref").map(str::to_owned)),
                _ => {}
            }
        }
        parts.dependencies.push(Dependency { reference, depends_on, provides });
    }
    Ok(())
}

fn vulnerabilities(
    document: &mut Document<'_>,
    element: &Element,
    owner: Option<&Text<'static>>,
    parts: &mut Parts,
) -> Result<(), ReadError> {
    let mut found = Vec::new();
    while let Some(child) = document.next_child(element)? {
        found.push(vulnerability(document, &child, owner)?);
    }
    parts.vulnerabilities.get_or_insert_default().extend(found);
    Ok(())
}

fn vulnerability(
    document: &mut Document<'_>,
    element: &Element,
    owner: Option<&Text<'static>>,
) -> Result<Vulnerability<'static>, ReadError> {
    // The extension names the component in an attribute, or stands inside of it.
    let target = attribute(element, "ref").or_else(|| owner.cloned());
    let target = target.map(|reference| Affected { reference, versions: Vec::new() });
    let mut affects: Vec<_> = target.into_iter().collect();
    let mut vulnerability = Vulnerability::default();
    while let Some(child) = document.next_child(element)? {
        match child.name.as_str() {
            "id" => vulnerability.id = Some(text(document, &child)?),
            "source" => vulnerability.source = Odd(Ok(source(document, &child)?)),
            "references" => vulnerability.references = Odd(Ok(aliases(document, &child)?)),
            "ratings" => vulnerability.ratings = Odd(Ok(ratings(document, &child)?)),
            "cwes" => vulnerability.cwes = Odd(Ok(cwes(document, &child)?)),
            "description" => vulnerability.description = Some(text(document, &child)?),
            "detail" => vulnerability.detail = Some(text(document, &child)?),
            "recommendation" | "recommendations" => vulnerability.recommendation = Some(text(document, &child)?),
            "advisories" => vulnerability.advisories = Odd(Ok(advisories(document, &child)?)),
            "analysis" => vulnerability.analysis = Odd(Ok(analysis(document, &child)?)),
            "affects" => affects.append(&mut affected(document, &child)?),
            _ => {}
        }
    }
    vulnerability.affects = Odd(Ok(affects));
    Ok(vulnerability)
}

fn source(document: &mut Document<'_>, element: &Element) -> Result<Source<'static>, ReadError> {
    let mut source = Source { name: attribute(element, "name"), url: None };
    while let Some(child) = document.next_child(element)? {
        match child.name.as_str() {
            "name" => source.name = Some(text(document, &child)?),
            "url" => source.url = Some(text(document, &child)?),
            _ => {}
        }
    }
    Ok(source)
}

fn aliases(document: &mut Document<'_>, element: &Element) -> Result<Vec<Alias<'static>>, ReadError> {
    let mut aliases = Vec::new();
    while let Some(reference) = document.next_child(element)? {
        while let Some(child) = document.next_child(&reference)? {
            if child.name == "id" {
                aliases.push(Alias { id: Some(text(document, &child)?) });
            }
        }
    }
    Ok(aliases)
}

fn ratings(document: &mut Document<'_>, element: &Element) -> Result<Vec<Rating<'static>>, ReadError> {
    let mut ratings = Vec::new();
    while let Some(child) = document.next_child(element)? {
        let mut rating = Rating::default();
        while let Some(part) = document.next_child(&child)? {
            match part.name.as_str() {
                "source" => rating.source = Some(source(document, &part)?),
                "score" => rating.score = score(document, &part)?,
                "severity" => rating.severity = Some(text(document, &part)?),
                "method" => rating.method = Some(text(document, &part)?),
                "vector" => rating.vector = Some(text(document, &part)?),
                _ => {}
            }
        }
        ratings.push(rating);
    }
    Ok(ratings)
}

/// The score is the text of the element or, in the extension, of `base` in it, with other scores beside that.
fn score(document: &mut Document<'_>, element: &Element) -> Result<Option<f64>, ReadError> {
    let text = document.text(element)?;
    Ok(text.split_whitespace().next().and_then(|number| number.parse().ok()))
}

fn cwes(document: &mut Document<'_>, element: &Element) -> Result<Vec<u32>, ReadError> {
    let mut cwes = Vec::new();
    while let Some(child) = document.next_child(element)? {
        cwes.extend(document.text(&child)?.trim_start_matches("CWE-").parse::<u32>().ok());
    }
    Ok(cwes)
}

/// An advisory has a title and an address or, in the extension, is an address.
fn advisories(document: &mut Document<'_>, element: &Element) -> Result<Vec<Source<'static>>, ReadError> {
    let mut advisories = Vec::new();
    while let Some(child) = document.next_child(element)? {
        let text = document.text(&child)?;
        let url = text.split_whitespace().find(|word| word.contains("://")).map(str::to_owned);
        advisories.push(Source { name: None, url: url.map(|url| Text(Cow::Owned(url))) });
    }
    Ok(advisories)
}

fn analysis(document: &mut Document<'_>, element: &Element) -> Result<Analysis<'static>, ReadError> {
    let mut analysis = Analysis::default();
    while let Some(child) = document.next_child(element)? {
        match child.name.as_str() {
            "state" => analysis.state = Some(text(document, &child)?),
            "justification" => analysis.justification = Some(text(document, &child)?),
            "detail" => analysis.detail = Some(text(document, &child)?),
            "firstIssued" => analysis.first_issued = Some(text(document, &child)?),
            "lastUpdated" => analysis.last_updated = Some(text(document, &child)?),
            _ => {}
        }
    }
    Ok(analysis)
}

fn affected(document: &mut Document<'_>, element: &Element) -> Result<Vec<Affected<'static>>, ReadError> {
    let mut targets = Vec::new();
    while let Some(target) = document.next_child(element)? {
        let mut affected = Affected::default();
        while let Some(child) = document.next_child(&target)? {
            match child.name.as_str() {
                "ref" => affected.reference = text(document, &child)?,
                "versions" => affected.versions = versions(document, &child)?,
                _ => {}
            }
        }
        targets.push(affected);
    }
    Ok(targets)
}

fn versions(document: &mut Document<'_>, element: &Element) -> Result<Vec<AffectedVersion<'static>>, ReadError> {
    let mut versions = Vec::new();
    while let Some(child) = document.next_child(element)? {
        let mut version = AffectedVersion::default();
        while let Some(part) = document.next_child(&child)? {
            match part.name.as_str() {
                "version" => version.version = Some(text(document, &part)?),
                "status" => version.status = Some(text(document, &part)?),
                _ => {}
            }
        }
        versions.push(version);
    }
    Ok(versions)
}

pub(crate) fn text(document: &mut Document<'_>, element: &Element) -> Result<Text<'static>, ReadError> {
    Ok(Text(Cow::Owned(document.text(element)?)))
}

fn attribute(element: &Element, name: &str) -> Option<Text<'static>> {
    element.attribute(name).map(|value| Text(Cow::Owned(value.to_owned())))
}
