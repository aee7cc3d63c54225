//! A bill of materials as SPDX 2.3 in JSON. <https://spdx.github.io/spdx-spec/v2.3/>

use crate::sbom::affected::affected;
use crate::sbom::cyclonedx_vulnerabilities::address;
use crate::sbom::product::{Product, products};
use crate::sbom::spdx_parts::{
    Checksum, Creation, Document, Extracted, Package, Reference, Relationship, is_license_reference,
};
use crate::sbom::vulnerabilities::Vulnerability;
use crate::sbom::{Bill, to_json};
use shipworthy_model::{Component, Digest, VexStatus};
use std::collections::{BTreeSet, HashMap};

/// The media type.
pub(crate) const MEDIA_TYPE: &str = "application/spdx+json";

const DOCUMENT: &str = "SPDXRef-DOCUMENT";
const RELEASE: &str = "SPDXRef-Release";

/// The bytes of a bill of materials.
pub(crate) fn bytes(bill: &Bill<'_>) -> Vec<u8> {
    let affected = bill.vulnerabilities.map(|all| affected(bill.contents, all)).unwrap_or_default();
    let by_reference = advisories(bill.vulnerabilities.unwrap_or_default(), &affected.references);
    let products = products(bill.owned);
    let advisories_of = |reference: &str| by_reference.get(reference).cloned().unwrap_or_default();
    let mut packages = vec![release(bill, &products, advisories_of(""))];
    if products.len() > 1 {
        packages.extend(products.iter().map(artifact));
    }
    let components = bill.contents.components.iter().chain(&affected.further);
    packages.extend(components.map(|component| package(component, advisories_of(&component.reference))));
    let extracted = extracted(&packages);
    let owned = bill.owned;
    let mut document = Document {
        version: "SPDX-2.3",
        data_license: "CC0-1.0",
        id: DOCUMENT,
        name: format!("{}/{}@{}", owned.application_name, owned.service_name, owned.release.version),
        namespace: None,
        creation: creation(bill),
        packages,
        relationships: relationships(bill, &products),
        extracted,
    };
    let digest = Digest::of(&to_json(&document));
    document.namespace = Some(format!("{}/releases/{}/sbom/{}", bill.author, owned.release.id, digest.hex()));
    to_json(&document)
}

fn creation(bill: &Bill<'_>) -> Creation {
    let mut creators =
        vec![format!("Tool: shipworthy-{}", env!("CARGO_PKG_VERSION")), format!("Organization: {}", bill.author)];
    creators.extend(bill.contents.tools.iter().map(|tool| match &tool.version {
        Some(version) => format!("Tool: {}-{version}", tool.name),
        None => format!("Tool: {}", tool.name),
    }));
    Creation { created: bill.made_at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(), creators }
}

/// The release. One artifact is the release itself.
fn release<'a>(bill: &Bill<'a>, products: &'a [Product], advisories: Vec<Reference>) -> Package<'a> {
    let owned = bill.owned;
    let name = format!("{}/{}", owned.application_name, owned.service_name);
    let whole = Package::named(RELEASE.to_owned(), name, Some(&owned.release.version));
    let [product] = products else { return Package { purpose: Some("APPLICATION"), references: advisories, ..whole } };
    Package {
        purpose: Some(purpose_of(product)),
        checksums: checksum_of(product),
        references: std::iter::once(Reference::purl(&product.purl)).chain(advisories).collect(),
        ..whole
    }
}

fn artifact(product: &Product) -> Package<'_> {
    Package {
        purpose: Some(purpose_of(product)),
        checksums: checksum_of(product),
        references: vec![Reference::purl(&product.purl)],
        ..Package::named(id(&product.purl), product.name.clone(), None)
    }
}

fn purpose_of(product: &Product) -> &'static str {
    match product.kind.as_deref() {
        Some("container-image") => "CONTAINER",
        Some("package") => "LIBRARY",
        Some("file") => "FILE",
        _ => "APPLICATION",
    }
}

fn checksum_of(product: &Product) -> Vec<Checksum<'_>> {
    product.digest.iter().map(|digest| Checksum { algorithm: "SHA256", value: digest.hex() }).collect()
}

/// What an element is called in the document: the same component has the same id in every one.
fn id(reference: &str) -> String {
    format!("SPDXRef-Package-{}", &Digest::of(reference.as_bytes()).hex()[..16])
}

fn package(component: &Component, advisories: Vec<Reference>) -> Package<'_> {
    let Component { reference, kind, name, version, purl, cpe, supplier, license, hashes, .. } = component;
    let name = if name.is_empty() { reference } else { name };
    let mut references: Vec<Reference> = purl.iter().map(|purl| Reference::purl(purl)).collect();
    references.extend(cpe.iter().map(|cpe| Reference::cpe(cpe)));
    references.extend(advisories);
    Package {
        supplier: supplier.as_ref().map(|supplier| format!("Organization: {supplier}")),
        declared: license.as_deref(),
        purpose: purpose(kind),
        checksums: hashes.iter().filter_map(|hash| checksum(hash)).collect(),
        references,
        ..Package::named(id(reference), name.clone(), version.as_deref())
    }
}

fn purpose(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "application" => "APPLICATION",
        "archive" => "ARCHIVE",
        "container" => "CONTAINER",
        "device" => "DEVICE",
        "file" => "FILE",
        "firmware" => "FIRMWARE",
        "framework" => "FRAMEWORK",
        "install" => "INSTALL",
        "library" => "LIBRARY",
        "operating-system" => "OPERATING_SYSTEM",
        "source" => "SOURCE",
        "" => return None,
        _ => "OTHER",
    })
}

fn checksum(hash: &str) -> Option<Checksum<'_>> {
    let (algorithm, value) = hash.split_once(':')?;
    let algorithm = match algorithm {
        "md5" => "MD5",
        "sha1" => "SHA1",
        "sha224" => "SHA224",
        "sha256" => "SHA256",
        "sha384" => "SHA384",
        "sha512" => "SHA512",
        "sha3-256" => "SHA3-256",
        "sha3-384" => "SHA3-384",
        "sha3-512" => "SHA3-512",
        "blake2b-256" => "BLAKE2b-256",
        "blake2b-384" => "BLAKE2b-384",
        "blake2b-512" => "BLAKE2b-512",
        "blake3" => "BLAKE3",
        _ => return None,
    };
    Some(Checksum { algorithm, value })
}

/// The advisories of each component by its reference, of the release under no reference. What is said about a
/// vulnerability has no field in SPDX 2.3 and stands in the comment.
fn advisories(vulnerabilities: &[Vulnerability], references: &[Option<String>]) -> HashMap<String, Vec<Reference>> {
    let mut all: HashMap<String, Vec<Reference>> = HashMap::new();
    for (vulnerability, reference) in vulnerabilities.iter().zip(references) {
        let advisory = Reference::advisory(address(&vulnerability.name), comment(vulnerability));
        let of_it = all.entry(reference.clone().unwrap_or_default()).or_default();
        if !of_it.iter().any(|known| known.locator == advisory.locator) {
            of_it.push(advisory);
        }
    }
    all
}

fn comment(vulnerability: &Vulnerability) -> String {
    let Vulnerability { name, severity, word, fixed_versions, is_known_exploited, .. } = vulnerability;
    let mut comment = format!("{name}: severity {severity}");
    if *is_known_exploited {
        comment.push_str(", known to be exploited");
    }
    if !fixed_versions.is_empty() {
        comment.push_str(&format!(", fixed in {}", fixed_versions.join(", ")));
    }
    let Some(word) = word else { return comment };
    comment.push_str(match word.status {
        VexStatus::Affected => ". Affected",
        VexStatus::Fixed => ". Fixed",
        VexStatus::NotAffected => ". Not affected",
        VexStatus::UnderInvestigation => ". Under investigation",
    });
    let justification = word.justification.as_ref().map(|justification| format!(" ({justification})"));
    comment.push_str(&justification.unwrap_or_default());
    for text in word.attributed().iter().chain(&word.action) {
        comment.push_str(". ");
        comment.push_str(text.split_whitespace().collect::<Vec<_>>().join(" ").trim_end_matches('.'));
    }
    comment
}

fn relationships(bill: &Bill<'_>, products: &[Product]) -> Vec<Relationship> {
    let contents = bill.contents;
    let mut all = vec![Relationship::new(DOCUMENT, "DESCRIBES", RELEASE)];
    if products.len() > 1 {
        all.extend(products.iter().map(|product| Relationship::new(RELEASE, "CONTAINS", &id(&product.purl))));
    }
    let ids: Vec<String> = contents.components.iter().map(|component| id(&component.reference)).collect();
    let needs = contents.needs.iter().zip(&ids).map(|(needs, dependent)| (dependent.as_str(), needs));
    for (dependent, needs) in std::iter::once((RELEASE, &contents.direct)).chain(needs) {
        for place in needs.iter().map(|place| *place as usize) {
            let (Some(needed), Some(component)) = (ids.get(place), contents.components.get(place)) else { continue };
            all.push(match for_what(component) {
                Some(kind) => Relationship::new(needed, kind, dependent),
                None => Relationship::new(dependent, "DEPENDS_ON", needed),
            });
        }
    }
    all
}

/// The relationship that says for what a component is needed, where that is less than everything.
fn for_what(component: &Component) -> Option<&'static str> {
    Some(match component.scope.as_deref()? {
        "development" => "DEV_DEPENDENCY_OF",
        "test" => "TEST_DEPENDENCY_OF",
        "build" => "BUILD_DEPENDENCY_OF",
        "optional" => "OPTIONAL_DEPENDENCY_OF",
        "provided" => "PROVIDED_DEPENDENCY_OF",
        _ => return None,
    })
}

/// The licences that SPDX does not know have to be listed; their texts are in no inventory.
fn extracted(packages: &[Package<'_>]) -> Vec<Extracted> {
    let expressions = packages.iter().filter_map(|package| package.declared);
    let terms = expressions.flat_map(|expression| expression.split([' ', '(', ')']));
    let references: BTreeSet<&str> = terms.filter(|term| is_license_reference(term)).collect();
    references.into_iter().map(Extracted::new).collect()
}
