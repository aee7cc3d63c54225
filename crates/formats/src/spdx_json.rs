//! SPDX 2 as JSON: packages with their licences and relationships.

use crate::json::{self, At, List, Odd, Text};
use crate::spdx_document::{Bill, Creation, File, Header, Package, Relationship};
use crate::{Format, Members, Probe, ReadError};
use serde::Deserialize;
use serde_json::value::RawValue;
use shipworthy_model::{Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "spdx-json",
    title: "SPDX 2 (JSON)",
    homepage: "https://spdx.github.io/spdx-spec/v2.3/",
    phase: Phase::Artifact,
    tool: "spdx",
    reads: "versions 2.2 and 2.3, also inside the `sbom` of GitHub's dependency graph; vulnerabilities whose advisories \
            packages name",
    identifies: "vulnerability and component",
    severities: "",
    marks: &["spdxVersion", "SPDXID", "creationInfo", "documentNamespace", "packages", "relationships", "sbom"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_of_two = |members: &Members| members.has("spdxVersion") && !members.has("@graph");
    probe.object().is_some_and(|members| is_of_two(members) || members.has_only("sbom"))
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow, rename = "spdxVersion")]
    version: Option<Text<'a>>,
    /// The document, in the answer of GitHub's dependency graph.
    #[serde(borrow)]
    sbom: Option<&'a RawValue>,
    #[serde(borrow, rename = "documentNamespace")]
    namespace: Option<Text<'a>>,
    #[serde(borrow, rename = "creationInfo", default)]
    creation: Odd<Creation<'a>>,
    #[serde(borrow, rename = "documentDescribes", default)]
    describes: Odd<Vec<Text<'a>>>,
    #[serde(borrow, default)]
    packages: List<'a>,
    #[serde(borrow, default)]
    files: List<'a>,
    #[serde(borrow, default)]
    relationships: List<'a>,
}

pub(crate) fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document: Document<'_> = json::document(bytes)?;
    if let (None, Some(inner)) = (&document.version, document.sbom) {
        document = json::document(inner.get().as_bytes())?;
    }
    let Some(version) = document.version else {
        return Err(ReadError::lacks("SPDX document", "its root", "expected `spdxVersion`, found none"));
    };
    let mut warnings = Vec::new();
    let header = Header {
        version,
        namespace: document.namespace,
        creation: document.creation.get("/creationInfo", &mut warnings).cloned().unwrap_or_default(),
        describes: document.describes.get("/documentDescribes", &mut warnings).cloned().unwrap_or_default(),
    };
    let relationships: Vec<Relationship<'_>> = {
        let parts = json::parts(&document.relationships, "/relationships", &mut warnings);
        parts.into_iter().map(|(_, relationship)| relationship).collect()
    };
    let mut bill = Bill::new(&header);
    bill.report.warnings.append(&mut warnings);
    let at = At::Root;
    let at = at.key("packages");
    for (index, raw) in document.packages.items(at, &mut bill.report.warnings).iter().enumerate() {
        let at = at.index(index);
        if let Some(package) = json::part::<Package<'_>>(raw, at, &mut bill.report.warnings) {
            bill.add(&package, &at);
        }
    }
    bill.describe(&header, &relationships);
    let count = document.files.items("/files", &mut bill.report.warnings).len();
    if bill.wants_files(count) {
        for (index, file) in json::parts::<File<'_>>(&document.files, "/files", &mut bill.report.warnings) {
            bill.add_file(&file, &format_args!("/files/{index}"));
        }
    }
    Ok(bill.finish(&relationships))
}
