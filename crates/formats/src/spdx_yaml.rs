//! SPDX 2 as YAML, which has the shape of its JSON: packages with their licences and relationships.

use crate::json::{Odd, Text, null_is_default};
use crate::spdx_document::{Bill, Checksum, Creation, File, Header, Package, Reference, Relationship};
use crate::{Format, Probe, ReadError};
use serde::Deserialize;
use shipworthy_model::{Phase, Report};
use std::borrow::Cow;

pub(crate) static FORMAT: Format = Format {
    name: "spdx-yaml",
    title: "SPDX 2 (YAML)",
    homepage: "https://spdx.github.io/spdx-spec/v2.3/",
    phase: Phase::Artifact,
    tool: "spdx",
    reads: "versions 2.2 and 2.3; vulnerabilities whose advisories packages name",
    identifies: "vulnerability and component",
    severities: "",
    marks: &["spdxVersion"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.is_text() && states_version(probe.head)
}

fn states_version(text: &[u8]) -> bool {
    text.split(|byte| *byte == b'\n').any(|line| line.starts_with(b"spdxVersion:"))
}

// Every value is asked for as a text, because YAML takes an unquoted version such as `1.10` for a number otherwise.

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DocumentItem {
    spdx_version: String,
    #[serde(default)]
    document_namespace: Option<String>,
    #[serde(default)]
    creation_info: CreationItem,
    #[serde(default, deserialize_with = "null_is_default")]
    document_describes: Vec<String>,
    #[serde(default, deserialize_with = "null_is_default")]
    packages: Vec<PackageItem>,
    #[serde(default, deserialize_with = "null_is_default")]
    files: Vec<FileItem>,
    #[serde(default, deserialize_with = "null_is_default")]
    relationships: Vec<RelationshipItem>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct CreationItem {
    created: Option<String>,
    #[serde(deserialize_with = "null_is_default")]
    creators: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct PackageItem {
    #[serde(rename = "SPDXID")]
    id: Option<String>,
    name: Option<String>,
    version_info: Option<String>,
    supplier: Option<String>,
    license_concluded: Option<String>,
    license_declared: Option<String>,
    #[serde(deserialize_with = "null_is_default")]
    checksums: Vec<ChecksumItem>,
    #[serde(deserialize_with = "null_is_default")]
    external_refs: Vec<ReferenceItem>,
    primary_package_purpose: Option<String>,
    source_info: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct FileItem {
    #[serde(rename = "SPDXID")]
    id: Option<String>,
    file_name: Option<String>,
    license_concluded: Option<String>,
    #[serde(deserialize_with = "null_is_default")]
    checksums: Vec<ChecksumItem>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ChecksumItem {
    algorithm: String,
    checksum_value: String,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ReferenceItem {
    reference_type: String,
    reference_locator: String,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct RelationshipItem {
    spdx_element_id: String,
    related_spdx_element: String,
    relationship_type: String,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    if !states_version(bytes) {
        return Err(ReadError::lacks("SPDX document", "its lines", "expected the key `spdxVersion`, found none"));
    }
    let text = String::from_utf8_lossy(bytes);
    let document: DocumentItem = serde_saphyr::from_str(&text).map_err(|error| {
        let at = error.location().map_or_else(|| "its beginning".to_owned(), |at| format!("line {}", at.line()));
        let message = error.to_string();
        ReadError::lacks("YAML document", &at, message.lines().next().unwrap_or_default())
    })?;
    let header = Header {
        version: text_of(document.spdx_version),
        namespace: document.document_namespace.map(text_of),
        creation: Creation {
            created: document.creation_info.created.map(text_of),
            creators: document.creation_info.creators.into_iter().map(text_of).collect(),
        },
        describes: document.document_describes.into_iter().map(text_of).collect(),
    };
    let packages: Vec<_> = document.packages.into_iter().map(package).collect();
    let file = |item: FileItem| File {
        id: item.id.map(text_of),
        name: item.file_name.map(text_of),
        concluded: item.license_concluded.map(text_of),
        checksums: checksums(item.checksums),
    };
    let files: Vec<_> = document.files.into_iter().map(file).collect();
    let relationship = |item: RelationshipItem| Relationship {
        element: text_of(item.spdx_element_id),
        related: text_of(item.related_spdx_element),
        kind: text_of(item.relationship_type),
    };
    let relationships: Vec<_> = document.relationships.into_iter().map(relationship).collect();
    Ok(Bill::of(&header, &packages, &files, &relationships, Vec::new()))
}

fn package(item: PackageItem) -> Package<'static> {
    let reference = |item: ReferenceItem| Reference {
        kind: text_of(item.reference_type),
        locator: text_of(item.reference_locator),
    };
    Package {
        id: item.id.map(text_of),
        name: item.name.map(text_of),
        version: item.version_info.map(text_of),
        supplier: item.supplier.map(text_of),
        concluded: item.license_concluded.map(text_of),
        declared: item.license_declared.map(text_of),
        checksums: checksums(item.checksums),
        references: Odd(Ok(item.external_refs.into_iter().map(reference).collect())),
        purpose: item.primary_package_purpose.map(text_of),
        source: item.source_info.map(text_of),
    }
}

fn checksums(items: Vec<ChecksumItem>) -> Odd<Vec<Checksum<'static>>> {
    let checksum =
        |item: ChecksumItem| Checksum { algorithm: text_of(item.algorithm), value: text_of(item.checksum_value) };
    Odd(Ok(items.into_iter().map(checksum).collect()))
}

fn text_of(text: String) -> Text<'static> {
    Text(Cow::Owned(text))
}
