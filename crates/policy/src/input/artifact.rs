//! Facts of the phase *artifact*: what ships, what is in it, what is known to be wrong with it.

use super::{Counts, FindingFacts};
use serde::{Deserialize, Serialize};
use shipworthy_model::{InventoryQuality, ReleaseArtifact};
use utoipa::ToSchema;

/// What is known of the artifacts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ArtifactFacts {
    /// What the release ships.
    #[serde(default)]
    #[schema(required)]
    pub artifacts: Vec<ArtifactIdentity>,
    /// How complete the inventories (SBOMs) are. Present once there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inventory: Option<InventoryFacts>,
    /// What was signed about the release, and whether it can be believed. Present once there is an attestation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attestations: Option<Vec<AttestationFacts>>,
    /// Published vulnerabilities of components. Present once a tool or our own matching looked for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vulnerabilities: Option<VulnerabilityFacts>,
    /// The licences of the components, one entry per SPDX expression. Present once an inventory or tool states any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licenses: Option<Vec<LicenseFacts>>,
    /// How many components state no licence. Present with `licenses`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub components_without_license: Option<u64>,
    /// Licences that a tool objects to. Present once a tool looked for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license_findings: Option<FindingFacts>,
    /// Malicious code. Present once a tool looked for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub malware: Option<FindingFacts>,
    /// Unsafe settings. Present once a tool looked for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub misconfigurations: Option<FindingFacts>,
    /// Credentials in the artifacts. Present once a tool looked for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secrets: Option<FindingFacts>,
}

/// Something that ships.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ArtifactIdentity {
    /// Its digest, `sha256:…`.
    pub digest: String,
    /// Where it can be had.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `container-image`, `package` or `file`.
    pub kind: String,
}

impl ArtifactIdentity {
    /// The facts of one artifact.
    #[must_use]
    pub fn of(artifact: &ReleaseArtifact) -> Self {
        Self { digest: artifact.digest.to_string(), name: artifact.name.clone(), kind: artifact.kind.clone() }
    }
}

/// An attestation or signature, and what verification says of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AttestationFacts {
    /// What it says, as the type of its predicate; of a signature over an artifact itself what carries it, such as
    /// `cosign signature`.
    pub predicate_type: String,
    /// `verified`: signed by somebody whom a rule lets say this of this release. `unsigned`, `invalid`, `unknown-signer`;
    /// `unchecked` where the verifier and not the evidence is at fault.
    pub verification: String,
    /// The rule by which the signer may say it. Present where it is verified.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signer: Option<String>,
    /// The id of the key, or the name in the certificate. Present where the signature itself is in order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_by: Option<String>,
    /// Who vouched for the name in the certificate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// When it was signed at the latest, as a trusted log or timestamp authority says, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_at: Option<String>,
    /// What it is about, as `algorithm:hex`.
    #[serde(default)]
    #[schema(required)]
    pub digests: Vec<String>,
    /// Why it cannot be believed. Present where it is not verified.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// How complete the inventories are by the NTIA minimum elements, all documents together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InventoryFacts {
    /// How many documents there are.
    pub documents: u64,
    /// How many components they name.
    pub components: u64,
    /// Components without a name.
    #[serde(default)]
    #[schema(required)]
    pub without_name: u64,
    /// Components without a version.
    #[serde(default)]
    #[schema(required)]
    pub without_version: u64,
    /// Components without a supplier.
    #[serde(default)]
    #[schema(required)]
    pub without_supplier: u64,
    /// Components without purl, CPE or hash.
    #[serde(default)]
    #[schema(required)]
    pub without_identifier: u64,
    /// Components without a licence. Not an NTIA element.
    #[serde(default)]
    #[schema(required)]
    pub without_license: u64,
    /// Whether every document states a dependency relationship.
    pub has_dependencies: bool,
    /// Whether every document names an author of its data.
    pub has_author: bool,
    /// Whether every document says when it was made.
    pub has_timestamp: bool,
}

impl InventoryFacts {
    /// The facts of several inventories together, or nothing when there is none.
    #[must_use]
    pub fn of(documents: impl IntoIterator<Item = InventoryQuality>) -> Option<Self> {
        let mut facts = Self { has_dependencies: true, has_author: true, has_timestamp: true, ..Self::default() };
        for quality in documents {
            facts.documents += 1;
            facts.components += quality.components;
            facts.without_name += quality.without_name;
            facts.without_version += quality.without_version;
            facts.without_supplier += quality.without_supplier;
            facts.without_identifier += quality.without_identifier;
            facts.without_license += quality.without_license;
            facts.has_dependencies &= quality.has_dependencies;
            facts.has_author &= quality.has_author;
            facts.has_timestamp &= quality.has_timestamp;
        }
        (facts.documents > 0).then_some(facts)
    }
}

/// Published vulnerabilities of components.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VulnerabilityFacts {
    /// How many there are: one per vulnerability and component, whatever number of tools says so.
    pub counts: Counts,
    /// How many of them have a version without the problem.
    #[serde(default)]
    #[schema(required)]
    pub fixable: Counts,
    /// The worst of them, most severe first, at most 50.
    #[serde(default)]
    #[schema(required)]
    pub worst: Vec<WorstVulnerability>,
    /// Those that are known to be exploited, all of them. Present only while the catalogue of known exploited
    /// vulnerabilities is loaded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_exploited: Option<Vec<KnownExploited>>,
}

/// One vulnerability of one component.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WorstVulnerability {
    /// Its id, such as `CVE-2021-44228`.
    pub id: String,
    /// Other ids of the same vulnerability.
    #[serde(default)]
    #[schema(required)]
    pub aliases: Vec<String>,
    /// `critical`, `high`, `medium`, `low`, `info` or `unknown`.
    pub severity: String,
    /// The component, by purl where it has one, else by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub component: Option<String>,
    /// The component's version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Versions of the component without the problem.
    #[serde(default)]
    #[schema(required)]
    pub fixed_versions: Vec<String>,
    /// The CVSS base score from 0 to 10.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cvss_score: Option<f64>,
    /// Whether it is known to be exploited. `false` also while the catalogue is not loaded.
    #[serde(default)]
    #[schema(required)]
    pub known_exploited: bool,
}

/// One vulnerability that is known to be exploited.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KnownExploited {
    /// Its id.
    pub id: String,
    /// The component, by purl where it has one, else by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub component: Option<String>,
    /// The date until which the catalogue tells to act.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_date: Option<String>,
}

/// One licence expression and who has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LicenseFacts {
    /// The SPDX expression as stated.
    pub expression: String,
    /// What satisfies the expression: each entry is a list of licences that together do. `MIT OR (Apache-2.0 AND
    /// Zlib)` is `[["MIT"], ["Apache-2.0", "Zlib"]]`. Empty when the text is not an expression.
    #[serde(default)]
    #[schema(required)]
    pub alternatives: Vec<Vec<String>>,
    /// The first components that state it, by purl where they have one, at most 20.
    #[serde(default)]
    #[schema(required)]
    pub components: Vec<String>,
    /// How many components state it.
    pub component_count: u64,
}
