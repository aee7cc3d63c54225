//! The components of an artifact or a repository: what an SBOM says.

use crate::ComponentRef;
use serde::{Deserialize, Serialize};

/// The components of an artifact or a repository.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inventory {
    /// The thing that is described, where the document says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub describes: Option<Component>,
    /// What the document says it is written in: `CycloneDX 1.6`, `SPDX-2.3`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub specification: Option<String>,
    /// When the document was made, RFC 3339, as stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<String>,
    /// Who made the data: people, organisations or tools, as stated.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<String>,
    /// Every component, nested ones too, in document order. The described thing is not among them.
    #[serde(default)]
    pub components: Vec<Component>,
    /// Who depends on whom, by [`Component::reference`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dependencies: Vec<Dependency>,
    /// What the document calls itself, so that other documents can speak of it: the BOM-Link of CycloneDX without a
    /// reference in it (`urn:cdx:serial/version`), the namespace of SPDX.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identifier: Option<String>,
    /// When in its life the thing was looked at, as stated: `design`, `source`, `build`, `post-build`, `deployed` …
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lifecycles: Vec<String>,
    /// Services that the thing offers or uses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<InventoryService>,
    /// Of which parts the maker says that what is said of them is complete, or is not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub completeness: Vec<Completeness>,
    /// The names of the workflows that made the thing, where the document says how it was made; it may name none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workflows: Option<Vec<String>>,
}

/// What the maker of an inventory says of how complete a part of it is: the *known unknowns* of NTIA.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Completeness {
    /// `complete`, `incomplete`, `incomplete_first_party_only` …, `unknown` or `not_specified`, as stated.
    pub aggregate: String,
    /// The components and services whose own parts are meant, by their references.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assemblies: Vec<String>,
    /// The components and services whose dependencies are meant, by their references.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dependencies: Vec<String>,
    /// The vulnerabilities that are meant, by their references.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub vulnerabilities: Vec<String>,
}

/// A service that the described thing offers or uses.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InventoryService {
    /// What the document calls it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reference: String,
    /// Its name with its group.
    pub name: String,
    /// Its version as stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Who provides it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// Where it is reached.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub endpoints: Vec<String>,
    /// Whether it asks who calls, where the document says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_authenticated: Option<bool>,
    /// Whether a call of it leaves the zone of trust, where the document says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub crosses_trust_boundary: Option<bool>,
    /// The classes of data that go in or out, as stated, such as `PII`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub data: Vec<String>,
}

/// One package version, file or other part.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Component {
    /// What the document calls it (CycloneDX `bom-ref`, SPDX `SPDXID`). Unique within the document.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reference: String,
    /// `library`, `application`, `container`, `operating-system`, `file` …, as stated.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// The name with its group or namespace, as the ecosystem writes it.
    pub name: String,
    /// The version as stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The package URL in canonical form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purl: Option<String>,
    /// A CPE 2.2 or 2.3 name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpe: Option<String>,
    /// Who supplies it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supplier: Option<String>,
    /// The licence as an SPDX expression; the concluded one before the declared one. Licences that SPDX does
    /// not know are `LicenseRef-…` terms in it. Absent when nothing was stated (`NOASSERTION` too).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<String>,
    /// Digests as `algorithm:hex`, such as `sha256:…` or `sha1:…`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hashes: Vec<String>,
    /// What it is needed for, where that is less than everything: `optional`, `excluded` (not delivered), `development`,
    /// `test`, `build`, `provided`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// The place, in the list of components, of the one that it is inside of; absent where it is part of the whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part_of: Option<u32>,
    /// What it was made of, where it is a changed copy of something else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pedigree: Option<Box<Pedigree>>,
    /// The cryptography that it is, where it is a cryptographic asset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub crypto: Option<Box<Crypto>>,
    /// What was seen of it in the thing that was looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Box<ComponentEvidence>>,
}

/// What was seen of a component, which is why the maker of the inventory believes that it is there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComponentEvidence {
    /// How sure its identity is, in percent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence_percent: Option<u8>,
    /// How it was identified, as stated: `manifest-analysis`, `hash-comparison`, `filename` …
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub techniques: Vec<String>,
    /// Where it lies: paths in the image or the source, with `:line` where one is stated.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<String>,
    /// The licences that were found in it, all of them in one SPDX expression.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<String>,
}

/// What a component was made of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pedigree {
    /// The components that it is a changed copy of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ancestors: Vec<ComponentRef>,
    /// How many patches were applied.
    #[serde(default)]
    pub patches: u64,
    /// The problems that the patches resolve, by their ids.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resolves: Vec<String>,
}

/// A cryptographic asset: an algorithm, a certificate, a protocol, or a key and its like.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Crypto {
    /// `algorithm`, `certificate`, `protocol` or `related-crypto-material`, as stated.
    pub kind: String,
    /// Of an algorithm its primitive (`hash`, `signature` …), of a protocol or material its kind (`tls`, `private-key` …).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub primitive: Option<String>,
    /// Of an algorithm the size of the key or digest, of a protocol its version, of material its size in bits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parameter: Option<String>,
    /// The security strength against a classical computer in bits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub classical_security_bits: Option<u64>,
    /// NIST's category of security against a quantum computer, from 0 (none) to 6.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantum_security_level: Option<u64>,
    /// Whose certificate it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Who issued the certificate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// From when the certificate or the material is valid, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<String>,
    /// Until when, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<String>,
    /// `active`, `revoked`, `compromised` …, as stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
}

/// What one component depends on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dependency {
    /// The dependent, by [`Component::reference`].
    pub reference: String,
    /// What it depends on, by [`Component::reference`].
    pub depends_on: Vec<String>,
    /// What it implements for those who depend on it, such as an algorithm or a specification, or what is delivered with
    /// it, by [`Component::reference`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub provides: Vec<String>,
}

/// How complete an inventory is by the NTIA minimum elements (NTIA, *The Minimum Elements For a Software Bill of
/// Materials*, 2021): supplier, name, version, other identifier, dependency relationship, author, timestamp.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InventoryQuality {
    /// How many components there are.
    pub components: u64,
    /// Components without a name.
    pub without_name: u64,
    /// Components without a version.
    pub without_version: u64,
    /// Components without a supplier.
    pub without_supplier: u64,
    /// Components without purl, CPE or hash.
    pub without_identifier: u64,
    /// Components without a licence. Not an NTIA element, counted here because people ask for it together.
    pub without_license: u64,
    /// Whether any dependency relationship is stated.
    pub has_dependencies: bool,
    /// Whether somebody is named as author of the data.
    pub has_author: bool,
    /// Whether the data says when it was made.
    pub has_timestamp: bool,
    /// Whether the data says of any part how complete it is.
    #[serde(default)]
    pub states_completeness: bool,
}

impl Inventory {
    /// Measures completeness. Files and operating systems count like packages: the standard makes no difference.
    #[must_use]
    pub fn quality(&self) -> InventoryQuality {
        let count = |lacks: fn(&Component) -> bool| self.components.iter().filter(|c| lacks(c)).count() as u64;
        InventoryQuality {
            components: self.components.len() as u64,
            without_name: count(|c| c.name.is_empty()),
            without_version: count(|c| c.version.is_none()),
            without_supplier: count(|c| c.supplier.is_none()),
            without_identifier: count(|c| c.purl.is_none() && c.cpe.is_none() && c.hashes.is_empty()),
            without_license: count(|c| c.license.is_none()),
            has_dependencies: !self.dependencies.is_empty(),
            has_author: !self.authors.is_empty(),
            has_timestamp: self.created_at.is_some(),
            states_completeness: !self.completeness.is_empty(),
        }
    }
}
