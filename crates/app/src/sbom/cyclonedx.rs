//! A bill of materials as CycloneDX 1.6. <https://cyclonedx.org/docs/1.6/json/>

use crate::sbom::affected::affected;
use crate::sbom::crypto;
use crate::sbom::cyclonedx_parts::{
    Dependency, Document, Evidence, Hash, License, Lifecycle, Metadata, Named, Occurrence, Part, Pedigree, Property,
    Service, ServiceData, Tools,
};
use crate::sbom::cyclonedx_vulnerabilities;
use crate::sbom::product::{Product, products};
use crate::sbom::{Bill, to_json};
use shipworthy_model::{Component, ComponentEvidence, ComponentRef, Digest, InventoryService};
use uuid::Builder;

/// The media type.
pub(crate) const MEDIA_TYPE: &str = "application/vnd.cyclonedx+json; version=1.6";

/// The bytes of a bill of materials.
pub(crate) fn bytes(bill: &Bill<'_>) -> Vec<u8> {
    let release = format!("release:{}", bill.owned.release.id);
    let products = products(bill.owned);
    let affected = bill.vulnerabilities.map(|all| affected(bill.contents, all)).unwrap_or_default();
    let components = bill.contents.components.iter().map(|component| part(component, false));
    let components = components.chain(affected.further.iter().map(|component| part(component, true)));
    let mut document = Document {
        schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
        bom_format: "CycloneDX",
        spec_version: "1.6",
        serial_number: None,
        version: 1,
        metadata: metadata(bill, &release, &products),
        components: components.collect(),
        services: services(&bill.contents.services),
        dependencies: dependencies(bill, &release),
        vulnerabilities: bill
            .vulnerabilities
            .map(|all| cyclonedx_vulnerabilities::parts(all, &affected.references, &release)),
    };
    document.serial_number = Some(serial_number(&to_json(&document)));
    to_json(&document)
}

/// A UUID (version 8) out of the digest of the rest, so that the same bill has the same number and no other has it.
fn serial_number(rest: &[u8]) -> String {
    let mut digits = [0; 16];
    // Those digits are hexadecimal, and there are 64.
    let _ = hex::decode_to_slice(&Digest::of(rest).hex()[..32], &mut digits);
    format!("urn:uuid:{}", Builder::from_custom_bytes(digits).into_uuid())
}

fn metadata<'a>(bill: &Bill<'a>, release: &'a str, products: &'a [Product]) -> Metadata<'a> {
    const PHASES: &[&str] = &["design", "pre-build", "build", "post-build", "operations", "discovery", "decommission"];
    let lifecycle = |phase: &'a String| {
        let is_known = PHASES.contains(&phase.as_str());
        Lifecycle { phase: is_known.then_some(phase), name: (!is_known).then_some(phase) }
    };
    let ours =
        Part { kind: "application", name: "shipworthy", version: Some(env!("CARGO_PKG_VERSION")), ..Part::default() };
    let theirs = bill.contents.tools.iter().map(|tool| Part {
        kind: "application",
        name: &tool.name,
        version: tool.version.as_deref(),
        ..Part::default()
    });
    Metadata {
        timestamp: bill.made_at.to_string(),
        lifecycles: bill.contents.lifecycles.iter().map(lifecycle).collect(),
        tools: Tools { components: std::iter::once(ours).chain(theirs).collect() },
        authors: vec![Named { name: bill.author }],
        component: described(bill, release, products),
    }
}

/// The release. One artifact is the release itself; several are inside of it.
fn described<'a>(bill: &Bill<'a>, release: &'a str, products: &'a [Product]) -> Part<'a> {
    let digests = products.iter().filter_map(|product| {
        let digest = product.digest.as_ref()?;
        Some(Property { name: "shipworthy:RepoDigest", value: format!("{}@{digest}", product.name).into() })
    });
    let whole = Part {
        reference: Some(release),
        kind: "application",
        group: Some(&bill.owned.application_name),
        name: &bill.owned.service_name,
        version: Some(&bill.owned.release.version),
        properties: digests.collect(),
        ..Part::default()
    };
    match products {
        [product] => Part { kind: kind_of(product), hashes: hash_of(product), purl: Some(&product.purl), ..whole },
        several => Part { components: several.iter().map(artifact).collect(), ..whole },
    }
}

fn artifact(product: &Product) -> Part<'_> {
    Part {
        reference: Some(&product.purl),
        kind: kind_of(product),
        name: &product.name,
        hashes: hash_of(product),
        purl: Some(&product.purl),
        ..Part::default()
    }
}

fn kind_of(product: &Product) -> &'static str {
    match product.kind.as_deref() {
        Some("container-image") => "container",
        Some("package") => "library",
        Some("file") => "file",
        _ => "application",
    }
}

fn hash_of(product: &Product) -> Vec<Hash<'_>> {
    product.digest.iter().map(|digest| Hash { alg: "SHA-256", content: digest.hex() }).collect()
}

fn part(component: &Component, is_only_found: bool) -> Part<'_> {
    let Component { reference, kind, name, version, purl, cpe, supplier, license, hashes, scope, .. } = component;
    let (group, name) = split(purl.as_deref(), if name.is_empty() { reference } else { name });
    let mut properties = Vec::new();
    let scope = scope.as_deref().map(|scope| match scope {
        "optional" | "excluded" => scope,
        other => {
            properties.push(Property { name: "shipworthy:scope", value: other.into() });
            "excluded"
        }
    });
    if is_only_found {
        properties.push(Property { name: "shipworthy:named-by", value: "finding".into() });
    }
    Part {
        reference: Some(reference),
        kind: kind_word(kind, component.crypto.is_some()),
        supplier: supplier.as_deref().map(|name| Named { name }),
        group,
        name,
        version: version.as_deref(),
        scope,
        hashes: hashes.iter().filter_map(|hash| hash_part(hash)).collect(),
        licenses: license.as_deref().map(license_part).into_iter().collect(),
        cpe: cpe.as_deref(),
        purl: purl.as_deref(),
        pedigree: component.pedigree.as_deref().map(pedigree),
        components: Vec::new(),
        evidence: component.evidence.as_deref().map(evidence).filter(is_something),
        crypto_properties: component.crypto.as_deref().and_then(crypto::properties),
        properties,
    }
}

/// The group apart from the name, where the package URL says that the name begins with one.
fn split<'a>(purl: Option<&str>, name: &'a str) -> (Option<&'a str>, &'a str) {
    let separator = if purl.is_some_and(|purl| purl.starts_with("pkg:maven/")) { ':' } else { '/' };
    let has_group = purl.is_some_and(|purl| {
        let path = purl.split(['?', '#', '@']).next().unwrap_or(purl);
        path.matches('/').count() > 1
    });
    match name.rsplit_once(separator).filter(|_| has_group) {
        Some((group, name)) if !group.is_empty() && !name.is_empty() && !name.starts_with(group) => (Some(group), name),
        _ => (None, name),
    }
}

/// The kinds that the specification knows; the rest are libraries, as most components are.
fn kind_word(kind: &str, is_cryptographic: bool) -> &str {
    const KINDS: &[&str] = &[
        "application",
        "framework",
        "library",
        "container",
        "platform",
        "operating-system",
        "device",
        "device-driver",
        "firmware",
        "file",
        "machine-learning-model",
        "data",
        "cryptographic-asset",
    ];
    match kind {
        _ if is_cryptographic => "cryptographic-asset",
        kind if KINDS.contains(&kind) => kind,
        _ => "library",
    }
}

fn hash_part(hash: &str) -> Option<Hash<'_>> {
    let (algorithm, content) = hash.split_once(':')?;
    let alg = match algorithm {
        "md5" => "MD5",
        "sha1" => "SHA-1",
        "sha256" => "SHA-256",
        "sha384" => "SHA-384",
        "sha512" => "SHA-512",
        "sha3-256" => "SHA3-256",
        "sha3-384" => "SHA3-384",
        "sha3-512" => "SHA3-512",
        "blake2b-256" => "BLAKE2b-256",
        "blake2b-384" => "BLAKE2b-384",
        "blake2b-512" => "BLAKE2b-512",
        "blake3" => "BLAKE3",
        _ => return None,
    };
    matches!(content.len(), 32 | 40 | 64 | 96 | 128).then_some(Hash { alg, content })
}

fn license_part(expression: &str) -> License<'_> {
    let is_name = expression == "NONE";
    License { expression: (!is_name).then_some(expression), license: is_name.then_some(Named { name: expression }) }
}

/// The changes themselves are not known, only their number and what they resolve.
fn pedigree(pedigree: &shipworthy_model::Pedigree) -> Pedigree<'_> {
    let resolves = if pedigree.resolves.is_empty() {
        String::new()
    } else {
        format!("; resolved: {}", pedigree.resolves.join(", "))
    };
    let notes = (pedigree.patches > 0).then(|| format!("patches applied: {}{resolves}", pedigree.patches));
    Pedigree { ancestors: pedigree.ancestors.iter().map(ancestor).collect(), notes }
}

fn ancestor(ancestor: &ComponentRef) -> Part<'_> {
    let ComponentRef { purl, name, version } = ancestor;
    let (group, name) = split(purl.as_deref(), name);
    Part { kind: "library", group, name, version: version.as_deref(), purl: purl.as_deref(), ..Part::default() }
}

/// The places of a file that lies everywhere say no more after so many.
const MOST_PLACES: usize = 1_000;

fn evidence(evidence: &ComponentEvidence) -> Evidence<'_> {
    let places = evidence.places.iter().take(MOST_PLACES);
    Evidence {
        occurrences: places.map(|location| Occurrence { location }).collect(),
        licenses: evidence.license.as_deref().map(license_part).into_iter().collect(),
    }
}

fn is_something(evidence: &Evidence<'_>) -> bool {
    !evidence.occurrences.is_empty() || !evidence.licenses.is_empty()
}

fn services(services: &[InventoryService]) -> Vec<Service<'_>> {
    services.iter().enumerate().map(|(index, service)| service_part(index, service)).collect()
}

fn service_part(index: usize, service: &InventoryService) -> Service<'_> {
    let InventoryService { reference: _, name, version, provider, endpoints, .. } = service;
    let data = service.data.iter().map(|classification| ServiceData { flow: "unknown", classification });
    Service {
        reference: format!("service:{}", index + 1),
        provider: provider.as_deref().map(|name| Named { name }),
        name,
        version: version.as_deref(),
        endpoints,
        authenticated: service.is_authenticated,
        crosses_trust_boundary: service.crosses_trust_boundary,
        data: data.collect(),
    }
}

fn dependencies<'a>(bill: &Bill<'a>, release: &'a str) -> Vec<Dependency<'a>> {
    let contents = bill.contents;
    let references = |places: &[u32]| -> Vec<&'a str> {
        let component = |place: &u32| contents.components.get(*place as usize);
        places.iter().filter_map(component).map(|component| component.reference.as_str()).collect()
    };
    let whole = Dependency { reference: release, depends_on: references(&contents.direct), provides: Vec::new() };
    let needs =
        (0_u32..).zip(&contents.needs).zip(&contents.components).map(|((place, needs), component)| Dependency {
            reference: &component.reference,
            depends_on: references(needs),
            provides: contents.provides.get(&place).map(|provided| references(provided)).unwrap_or_default(),
        });
    // Who needs nothing is left out: of most nobody says that they need nothing.
    let stated = needs.filter(|needs| !needs.depends_on.is_empty() || !needs.provides.is_empty());
    std::iter::once(whole).filter(|whole| !whole.depends_on.is_empty()).chain(stated).collect()
}
