//! The parts of an SPDX 2.3 document, shaped like the JSON. <https://spdx.github.io/spdx-spec/v2.3/>

use serde::Serialize;

/// What SPDX says instead of nothing.
const NO_ASSERTION: &str = "NOASSERTION";

#[derive(Serialize)]
pub(super) struct Document<'a> {
    #[serde(rename = "spdxVersion")]
    pub(super) version: &'static str,
    #[serde(rename = "dataLicense")]
    pub(super) data_license: &'static str,
    #[serde(rename = "SPDXID")]
    pub(super) id: &'static str,
    pub(super) name: String,
    /// Made from the bytes without it.
    #[serde(rename = "documentNamespace", skip_serializing_if = "Option::is_none")]
    pub(super) namespace: Option<String>,
    #[serde(rename = "creationInfo")]
    pub(super) creation: Creation,
    pub(super) packages: Vec<Package<'a>>,
    pub(super) relationships: Vec<Relationship>,
    #[serde(rename = "hasExtractedLicensingInfos", skip_serializing_if = "Vec::is_empty")]
    pub(super) extracted: Vec<Extracted>,
}

#[derive(Serialize)]
pub(super) struct Creation {
    pub(super) created: String,
    pub(super) creators: Vec<String>,
}

#[derive(Serialize)]
pub(super) struct Package<'a> {
    #[serde(rename = "SPDXID")]
    pub(super) id: String,
    pub(super) name: String,
    #[serde(rename = "versionInfo", skip_serializing_if = "Option::is_none")]
    pub(super) version: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) supplier: Option<String>,
    #[serde(rename = "downloadLocation")]
    pub(super) download_location: &'static str,
    #[serde(rename = "filesAnalyzed")]
    pub(super) files_analyzed: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) checksums: Vec<Checksum<'a>>,
    #[serde(rename = "licenseConcluded")]
    pub(super) concluded: &'static str,
    #[serde(rename = "licenseDeclared", serialize_with = "or_no_assertion")]
    pub(super) declared: Option<&'a str>,
    #[serde(rename = "copyrightText")]
    pub(super) copyright: &'static str,
    #[serde(rename = "primaryPackagePurpose", skip_serializing_if = "Option::is_none")]
    pub(super) purpose: Option<&'static str>,
    #[serde(rename = "externalRefs", skip_serializing_if = "Vec::is_empty")]
    pub(super) references: Vec<Reference>,
}

impl<'a> Package<'a> {
    /// A package of which nothing more is known.
    pub(super) fn named(id: String, name: String, version: Option<&'a str>) -> Self {
        Self {
            id,
            name,
            version,
            supplier: None,
            download_location: NO_ASSERTION,
            files_analyzed: false,
            checksums: Vec::new(),
            concluded: NO_ASSERTION,
            declared: None,
            copyright: NO_ASSERTION,
            purpose: None,
            references: Vec::new(),
        }
    }
}

fn or_no_assertion<S: serde::Serializer>(text: &Option<&str>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(text.unwrap_or(NO_ASSERTION))
}

#[derive(Serialize)]
pub(super) struct Checksum<'a> {
    pub(super) algorithm: &'static str,
    #[serde(rename = "checksumValue")]
    pub(super) value: &'a str,
}

/// What a package is called elsewhere, and what is said of it there.
#[derive(Clone, Serialize)]
pub(super) struct Reference {
    #[serde(rename = "referenceCategory")]
    category: &'static str,
    #[serde(rename = "referenceType")]
    kind: &'static str,
    #[serde(rename = "referenceLocator")]
    pub(super) locator: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<String>,
}

impl Reference {
    /// A package URL.
    pub(super) fn purl(purl: &str) -> Self {
        Self { category: "PACKAGE-MANAGER", kind: "purl", locator: purl.to_owned(), comment: None }
    }

    /// A CPE name in either of its spellings.
    pub(super) fn cpe(cpe: &str) -> Self {
        let kind = if cpe.starts_with("cpe:2.3:") { "cpe23Type" } else { "cpe22Type" };
        Self { category: "SECURITY", kind, locator: cpe.to_owned(), comment: None }
    }

    /// The advisory of a vulnerability.
    pub(super) fn advisory(address: String, comment: String) -> Self {
        Self { category: "SECURITY", kind: "advisory", locator: address, comment: Some(comment) }
    }
}

#[derive(Serialize)]
pub(super) struct Relationship {
    #[serde(rename = "spdxElementId")]
    element: String,
    #[serde(rename = "relationshipType")]
    kind: &'static str,
    #[serde(rename = "relatedSpdxElement")]
    related: String,
}

impl Relationship {
    pub(super) fn new(element: &str, kind: &'static str, related: &str) -> Self {
        Self { element: element.to_owned(), kind, related: related.to_owned() }
    }
}

/// A licence that SPDX does not know.
#[derive(Serialize)]
pub(super) struct Extracted {
    #[serde(rename = "licenseId")]
    id: String,
    #[serde(rename = "extractedText")]
    text: &'static str,
    name: String,
}

impl Extracted {
    pub(super) fn new(reference: &str) -> Self {
        let name = reference.trim_start_matches("LicenseRef-").to_owned();
        Self { id: reference.to_owned(), text: NO_ASSERTION, name }
    }
}

/// Whether a term of an expression names a licence that SPDX does not know.
pub(super) fn is_license_reference(term: &str) -> bool {
    term.starts_with("LicenseRef-")
}
