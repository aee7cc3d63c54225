//! The parts of a CycloneDX document that JSON and XML share.

use super::{assets, evidence};
use crate::json::{List, Odd, Text, stated};
use crate::source_package::{self, SourcePackage};
use serde::Deserialize;
use serde_json::value::RawValue;

/// What a bill of materials says about itself and the thing it describes.
#[derive(Debug, Default)]
pub(crate) struct Metadata<'a> {
    pub(crate) timestamp: Option<Text<'a>>,
    pub(crate) tools: Vec<ToolPart<'a>>,
    pub(crate) authors: Vec<Contact<'a>>,
    pub(crate) manufacturer: Option<Contact<'a>>,
    pub(crate) supplier: Option<Contact<'a>>,
    /// The serial number of the document, and its version.
    pub(crate) serial: Option<Text<'a>>,
    pub(crate) revision: Option<Text<'a>>,
    /// The phases of life in which the thing was looked at.
    pub(crate) lifecycles: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct ToolPart<'a> {
    #[serde(borrow)]
    pub(crate) name: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) version: Option<Text<'a>>,
}

/// A person or an organisation.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Contact<'a> {
    #[serde(borrow)]
    pub(crate) name: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) email: Option<Text<'a>>,
}

impl Contact<'_> {
    pub(crate) fn stated(&self) -> Option<String> {
        stated(self.name.as_ref()).or_else(|| stated(self.email.as_ref()))
    }
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Part<'a> {
    #[serde(borrow, rename = "bom-ref")]
    pub(crate) reference: Option<Text<'a>>,
    #[serde(borrow, rename = "type")]
    pub(crate) kind: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) group: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) name: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) version: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) purl: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) cpe: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) publisher: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(crate) supplier: Odd<Contact<'a>>,
    #[serde(borrow, default)]
    pub(crate) licenses: Odd<Vec<LicenseChoice<'a>>>,
    #[serde(borrow, default)]
    pub(crate) hashes: Odd<Vec<Hash<'a>>>,
    #[serde(borrow)]
    pub(crate) scope: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(crate) pedigree: Odd<Option<Box<assets::PedigreePart<'a>>>>,
    #[serde(borrow, rename = "cryptoProperties", default)]
    pub(crate) crypto: Odd<Option<Box<assets::CryptoPart<'a>>>>,
    #[serde(borrow, default)]
    pub(crate) evidence: Odd<Option<Box<evidence::EvidencePart<'a>>>>,
    /// The digests in a repository of images, in XML.
    #[serde(skip)]
    pub(crate) digests: Vec<Text<'a>>,
    /// Read of the described component, and of packages for which Trivy names their source, in JSON.
    #[serde(borrow)]
    pub(crate) properties: Option<&'a RawValue>,
    /// Components inside of this one, in JSON.
    #[serde(borrow, default)]
    pub(crate) components: List<'a>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct LicenseChoice<'a> {
    #[serde(borrow)]
    pub(crate) license: Option<LicensePart<'a>>,
    #[serde(borrow)]
    pub(crate) expression: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) acknowledgement: Option<Text<'a>>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct LicensePart<'a> {
    #[serde(borrow)]
    pub(crate) id: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) name: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) acknowledgement: Option<Text<'a>>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Hash<'a> {
    #[serde(borrow, rename = "alg")]
    pub(crate) algorithm: Text<'a>,
    #[serde(borrow)]
    pub(crate) content: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Property<'a> {
    #[serde(borrow)]
    pub(crate) name: Text<'a>,
    #[serde(borrow, default)]
    pub(crate) value: Option<Text<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Vulnerability<'a> {
    #[serde(borrow)]
    pub(crate) id: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) source: Odd<Source<'a>>,
    #[serde(borrow)]
    pub(crate) references: Odd<Vec<Alias<'a>>>,
    #[serde(borrow)]
    pub(crate) ratings: Odd<Vec<Rating<'a>>>,
    pub(crate) cwes: Odd<Vec<u32>>,
    #[serde(borrow)]
    pub(crate) description: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) detail: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) recommendation: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) advisories: Odd<Vec<Source<'a>>>,
    #[serde(borrow)]
    pub(crate) analysis: Odd<Analysis<'a>>,
    #[serde(borrow)]
    pub(crate) affects: Odd<Vec<Affected<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Source<'a> {
    #[serde(borrow)]
    pub(crate) name: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) url: Option<Text<'a>>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Alias<'a> {
    #[serde(borrow)]
    pub(crate) id: Option<Text<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Rating<'a> {
    #[serde(borrow)]
    pub(crate) source: Option<Source<'a>>,
    pub(crate) score: Option<f64>,
    #[serde(borrow)]
    pub(crate) severity: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) method: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) vector: Option<Text<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Analysis<'a> {
    #[serde(borrow)]
    pub(crate) state: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) justification: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) detail: Option<Text<'a>>,
    #[serde(borrow, rename = "firstIssued")]
    pub(crate) first_issued: Option<Text<'a>>,
    #[serde(borrow, rename = "lastUpdated")]
    pub(crate) last_updated: Option<Text<'a>>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Affected<'a> {
    #[serde(borrow, rename = "ref")]
    pub(crate) reference: Text<'a>,
    #[serde(borrow, default)]
    pub(crate) versions: Vec<AffectedVersion<'a>>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct AffectedVersion<'a> {
    #[serde(borrow)]
    pub(crate) version: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) status: Option<Text<'a>>,
}

/// The package URL of a component with the source package that it was built from, which Trivy writes among the properties.
pub(crate) fn with_source(part: &Part<'_>, purl: String) -> String {
    const PREFIX: &str = "aquasecurity:trivy:Src";
    let stated = part.properties.filter(|raw| raw.get().contains(PREFIX));
    // What cannot be read of the properties is told where they are read for themselves.
    let properties: Vec<Property<'_>> = stated.and_then(|raw| serde_json::from_str(raw.get()).ok()).unwrap_or_default();
    let of = |what: &str| {
        let property = properties.iter().find(|property| property.name.strip_prefix(PREFIX) == Some(what));
        property.and_then(|property| property.value.as_deref())
    };
    let epoch = of("Epoch").and_then(|epoch| epoch.parse().ok()).unwrap_or_default();
    let source = SourcePackage::of_parts(of("Name"), of("Version"), of("Release"), epoch);
    source_package::added(source.as_ref(), purl)
}
