//! The parts of a CycloneDX document beside packages, services and vulnerabilities, as XML writes them.

use super::assets::{Ancestor, Asset, CertificateState, CryptoPart, Issue, Patch, PedigreePart};
use super::evidence::{EvidencePart, Identities, Identity, Method, Occurrence};
use crate::ReadError;
use crate::cyclonedx_xml::{licenses, text};
use crate::json::Odd;
use crate::xml::{Document, Element};
use shipworthy_model::Completeness;

pub(crate) fn evidence(
    document: &mut Document<'_>,
    element: &Element,
) -> Result<Box<EvidencePart<'static>>, ReadError> {
    let (mut identities, mut occurrences) = (Vec::new(), Vec::new());
    let mut evidence = EvidencePart::default();
    while let Some(child) = document.next_child(element)? {
        match child.name.as_str() {
            "identity" => identities.push(identity(document, &child)?),
            "occurrences" => {
                while let Some(item) = document.next_child(&child)? {
                    occurrences.push(occurrence(document, &item)?);
                }
            }
            "licenses" => evidence.licenses = Odd(Ok(licenses(document, &child)?)),
            _ => {}
        }
    }
    evidence.identity = Odd(Ok(Identities(identities)));
    evidence.occurrences = Odd(Ok(occurrences));
    Ok(Box::new(evidence))
}

fn identity(document: &mut Document<'_>, element: &Element) -> Result<Identity<'static>, ReadError> {
    let mut confidence = None;
    let mut methods = Vec::new();
    while let Some(child) = document.next_child(element)? {
        match child.name.as_str() {
            "confidence" => confidence = document.text(&child)?.parse().ok(),
            "methods" => {
                while let Some(item) = document.next_child(&child)? {
                    let mut method = Method::default();
                    while let Some(part) = document.next_child(&item)? {
                        if part.name == "technique" {
                            method.technique = Some(text(document, &part)?);
                        }
                    }
                    methods.push(method);
                }
            }
            _ => {}
        }
    }
    Ok(Identity { confidence, methods: Odd(Ok(methods)) })
}

fn occurrence(document: &mut Document<'_>, element: &Element) -> Result<Occurrence<'static>, ReadError> {
    let mut occurrence = Occurrence::default();
    while let Some(child) = document.next_child(element)? {
        match child.name.as_str() {
            "location" => occurrence.location = Some(text(document, &child)?),
            "line" => occurrence.line = Some(text(document, &child)?),
            _ => {}
        }
    }
    Ok(occurrence)
}

pub(crate) fn pedigree(
    document: &mut Document<'_>,
    element: &Element,
) -> Result<Box<PedigreePart<'static>>, ReadError> {
    let (mut ancestors, mut patches) = (Vec::new(), Vec::new());
    while let Some(child) = document.next_child(element)? {
        match child.name.as_str() {
            "ancestors" => {
                while let Some(item) = document.next_child(&child)? {
                    ancestors.push(ancestor(document, &item)?);
                }
            }
            "patches" => {
                while let Some(item) = document.next_child(&child)? {
                    patches.push(patch(document, &item)?);
                }
            }
            _ => {}
        }
    }
    Ok(Box::new(PedigreePart { ancestors: Odd(Ok(ancestors)), patches: Odd(Ok(patches)) }))
}

fn ancestor(document: &mut Document<'_>, element: &Element) -> Result<Ancestor<'static>, ReadError> {
    let mut ancestor = Ancestor::default();
    while let Some(child) = document.next_child(element)? {
        match child.name.as_str() {
            "name" => ancestor.name = Some(text(document, &child)?),
            "version" => ancestor.version = Some(text(document, &child)?),
            "purl" => ancestor.purl = Some(text(document, &child)?),
            _ => {}
        }
    }
    Ok(ancestor)
}

fn patch(document: &mut Document<'_>, element: &Element) -> Result<Patch<'static>, ReadError> {
    let mut issues = Vec::new();
    while let Some(child) = document.next_child(element)? {
        if child.name != "resolves" {
            continue;
        }
        while let Some(item) = document.next_child(&child)? {
            let mut issue = Issue::default();
            while let Some(part) = document.next_child(&item)? {
                if part.name == "id" {
                    issue.id = Some(text(document, &part)?);
                }
            }
            issues.push(issue);
        }
    }
    Ok(Patch { resolves: Odd(Ok(issues)) })
}

pub(crate) fn crypto(document: &mut Document<'_>, element: &Element) -> Result<Box<CryptoPart<'static>>, ReadError> {
    let mut crypto = CryptoPart::default();
    while let Some(child) = document.next_child(element)? {
        let of_kind = match child.name.as_str() {
            "assetType" => {
                crypto.asset_type = Some(text(document, &child)?);
                continue;
            }
            "algorithmProperties" => &mut crypto.algorithm_properties,
            "certificateProperties" => &mut crypto.certificate_properties,
            "protocolProperties" => &mut crypto.protocol_properties,
            "relatedCryptoMaterialProperties" => &mut crypto.related_crypto_material_properties,
            _ => continue,
        };
        *of_kind = Odd(Ok(asset(document, &child)?));
    }
    Ok(Box::new(crypto))
}

fn asset(document: &mut Document<'_>, element: &Element) -> Result<Asset<'static>, ReadError> {
    let mut asset = Asset::default();
    let mut states = Vec::new();
    while let Some(child) = document.next_child(element)? {
        let property = match child.name.as_str() {
            "primitive" => &mut asset.primitive,
            "type" => &mut asset.kind,
            "parameterSetIdentifier" => &mut asset.parameter_set_identifier,
            "version" => &mut asset.version,
            "size" => &mut asset.size,
            "subjectName" => &mut asset.subject_name,
            "issuerName" => &mut asset.issuer_name,
            "notValidBefore" => &mut asset.not_valid_before,
            "notValidAfter" => &mut asset.not_valid_after,
            "activationDate" => &mut asset.activation_date,
            "expirationDate" => &mut asset.expiration_date,
            "state" => &mut asset.state,
            "classicalSecurityLevel" => {
                asset.classical_security_level = document.text(&child)?.parse().ok();
                continue;
            }
            "nistQuantumSecurityLevel" => {
                asset.nist_quantum_security_level = document.text(&child)?.parse().ok();
                continue;
            }
            "certificateState" => {
                states.push(certificate_state(document, &child)?);
                continue;
            }
            _ => continue,
        };
        *property = Some(text(document, &child)?);
    }
    asset.certificate_state = Odd(Ok(states));
    Ok(asset)
}

fn certificate_state(document: &mut Document<'_>, element: &Element) -> Result<CertificateState<'static>, ReadError> {
    let mut state = CertificateState::default();
    while let Some(child) = document.next_child(element)? {
        if matches!(child.name.as_str(), "state" | "name") {
            state.state = Some(text(document, &child)?);
        }
    }
    Ok(state)
}

pub(crate) fn compositions(document: &mut Document<'_>, element: &Element) -> Result<Vec<Completeness>, ReadError> {
    let mut compositions = Vec::new();
    while let Some(child) = document.next_child(element)? {
        let mut completeness = Completeness::default();
        while let Some(part) = document.next_child(&child)? {
            let references = match part.name.as_str() {
                "aggregate" => {
                    completeness.aggregate = document.text(&part)?;
                    continue;
                }
                "assemblies" => &mut completeness.assemblies,
                "dependencies" => &mut completeness.dependencies,
                "vulnerabilities" => &mut completeness.vulnerabilities,
                _ => continue,
            };
            while let Some(item) = document.next_child(&part)? {
                references.extend(item.attribute("ref").map(str::to_owned));
            }
        }
        compositions.push(completeness);
    }
    Ok(compositions)
}

/// The names of the workflows of all formulas.
pub(crate) fn workflows(document: &mut Document<'_>, element: &Element) -> Result<Vec<String>, ReadError> {
    let mut names = Vec::new();
    while let Some(formula) = document.next_child(element)? {
        while let Some(list) = document.next_child(&formula)? {
            if list.name != "workflows" {
                continue;
            }
            while let Some(workflow) = document.next_child(&list)? {
                while let Some(part) = document.next_child(&workflow)? {
                    if part.name == "name" {
                        names.extend(text(document, &part)?.stated());
                    }
                }
            }
        }
    }
    Ok(names)
}
