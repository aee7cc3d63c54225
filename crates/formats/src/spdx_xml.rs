//! SPDX 2 as XML, which has the shape of its JSON with an element for each member and each item of a list.

use crate::json::{Odd, Text};
use crate::spdx_document::{Bill, Checksum, Creation, File, Header, Package, Reference, Relationship};
use crate::xml::{Document, Element};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Phase, Report};
use std::borrow::Cow;

pub(crate) static FORMAT: Format = Format {
    name: "spdx-xml",
    title: "SPDX 2 (XML)",
    homepage: "https://spdx.github.io/spdx-spec/v2.3/",
    phase: Phase::Artifact,
    tool: "spdx",
    reads: "versions 2.2 and 2.3; vulnerabilities whose advisories packages name",
    identifies: "vulnerability and component",
    severities: "",
    marks: &["Document"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.root().is_some_and(|root| root.name == "Document") && probe.has("spdxVersion")
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    let mut header = Header::default();
    let (mut packages, mut files, mut relationships) = (Vec::new(), Vec::new(), Vec::new());
    while let Some(child) = document.next_child(&root)? {
        match child.name.as_str() {
            "spdxVersion" => header.version = text(&mut document, &child)?,
            "documentNamespace" => header.namespace = Some(text(&mut document, &child)?),
            "documentDescribes" => header.describes.push(text(&mut document, &child)?),
            "creationInfo" => header.creation = creation(&mut document, &child)?,
            "packages" => packages.push(package(&mut document, &child)?),
            "files" => files.push(file(&mut document, &child)?),
            "relationships" => relationships.push(relationship(&mut document, &child)?),
            _ => {}
        }
    }
    document.end()?;
    if header.version.is_empty() {
        return Err(ReadError::lacks("SPDX document", "its root", "expected `spdxVersion`, found none"));
    }
    Ok(Bill::of(&header, &packages, &files, &relationships, Vec::new()))
}

fn creation(document: &mut Document<'_>, element: &Element) -> Result<Creation<'static>, ReadError> {
    let mut creation = Creation::default();
    while let Some(child) = document.next_child(element)? {
        match child.name.as_str() {
            "created" => creation.created = Some(text(document, &child)?),
            "creators" => creation.creators.push(text(document, &child)?),
            _ => {}
        }
    }
    Ok(creation)
}

fn package(document: &mut Document<'_>, element: &Element) -> Result<Package<'static>, ReadError> {
    let mut package = Package::default();
    let (mut checksums, mut references) = (Vec::new(), Vec::new());
    while let Some(child) = document.next_child(element)? {
        match child.name.as_str() {
            "SPDXID" => package.id = Some(text(document, &child)?),
            "name" => package.name = Some(text(document, &child)?),
            "versionInfo" => package.version = Some(text(document, &child)?),
            "supplier" => package.supplier = Some(text(document, &child)?),
            "licenseConcluded" => package.concluded = Some(text(document, &child)?),
            "licenseDeclared" => package.declared = Some(text(document, &child)?),
            "primaryPackagePurpose" => package.purpose = Some(text(document, &child)?),
            "sourceInfo" => package.source = Some(text(document, &child)?),
            "checksums" => checksums.push(checksum(document, &child)?),
            "externalRefs" => references.push(reference(document, &child)?),
            _ => {}
        }
    }
    Ok(Package { checksums: Odd(Ok(checksums)), references: Odd(Ok(references)), ..package })
}

fn file(document: &mut Document<'_>, element: &Element) -> Result<File<'static>, ReadError> {
    let mut file = File::default();
    let mut checksums = Vec::new();
    while let Some(child) = document.next_child(element)? {
        match child.name.as_str() {
            "SPDXID" => file.id = Some(text(document, &child)?),
            "fileName" => file.name = Some(text(document, &child)?),
            "licenseConcluded" => file.concluded = Some(text(document, &child)?),
            "checksums" => checksums.push(checksum(document, &child)?),
            _ => {}
        }
    }
    Ok(File { checksums: Odd(Ok(checksums)), ..file })
}

fn checksum(document: &mut Document<'_>, element: &Element) -> Result<Checksum<'static>, ReadError> {
    let mut checksum = Checksum::default();
    while let Some(child) = document.next_child(element)? {
        match child.name.as_str() {
            "algorithm" => checksum.algorithm = text(document, &child)?,
            "checksumValue" => checksum.value = text(document, &child)?,
            _ => {}
        }
    }
    Ok(checksum)
}

fn reference(document: &mut Document<'_>, element: &Element) -> Result<Reference<'static>, ReadError> {
    let mut reference = Reference::default();
    while let Some(child) = document.next_child(element)? {
        match child.name.as_str() {
            "referenceType" => reference.kind = text(document, &child)?,
            "referenceLocator" => reference.locator = text(document, &child)?,
            _ => {}
        }
    }
    Ok(reference)
}

fn relationship(document: &mut Document<'_>, element: &Element) -> Result<Relationship<'static>, ReadError> {
    let mut relationship = Relationship::default();
    while let Some(child) = document.next_child(element)? {
        match child.name.as_str() {
            "spdxElementId" => relationship.element = text(document, &child)?,
            "relatedSpdxElement" => relationship.related = text(document, &child)?,
            "relationshipType" => relationship.kind = text(document, &child)?,
            _ => {}
        }
    }
    Ok(relationship)
}

fn text(document: &mut Document<'_>, element: &Element) -> Result<Text<'static>, ReadError> {
    Ok(Text(Cow::Owned(document.text(element)?)))
}
