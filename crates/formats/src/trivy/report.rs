//! The parts of a Trivy report that are read.
//! <https://github.com/aquasecurity/trivy/blob/main/pkg/types/report.go>

use crate::json::{self, Entries, List, Odd, Text};
use serde::Deserialize;
use serde_json::value::RawValue;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Document<'a> {
    #[serde(borrow, default)]
    pub(super) trivy: Odd<About<'a>>,
    #[serde(borrow)]
    pub(super) created_at: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) artifact_name: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) artifact_type: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) cluster_name: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) metadata: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) results: List<'a>,
    #[serde(borrow, default)]
    pub(super) resources: List<'a>,
    /// What `resources` were called in the summary of a cluster, and the two parts of it before version 0.38.
    #[serde(borrow, default)]
    pub(super) findings: List<'a>,
    #[serde(borrow, default)]
    pub(super) vulnerabilities: List<'a>,
    #[serde(borrow, default)]
    pub(super) misconfigurations: List<'a>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct About<'a> {
    #[serde(borrow)]
    pub(super) version: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Resource<'a> {
    #[serde(borrow)]
    pub(super) namespace: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) metadata: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) results: List<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Metadata<'a> {
    #[serde(borrow, default, deserialize_with = "json::null_is_default")]
    pub(super) repo_digests: Vec<Text<'a>>,
    #[serde(borrow)]
    pub(super) commit: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ResultItem<'a> {
    #[serde(borrow)]
    pub(super) target: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) class: Option<Text<'a>>,
    #[serde(borrow, rename = "Type")]
    pub(super) kind: Option<Text<'a>>,
    #[serde(default, rename = "MisconfSummary")]
    pub(super) summary: Odd<Summary>,
    #[serde(borrow, default)]
    pub(super) packages: List<'a>,
    #[serde(borrow, default)]
    pub(super) vulnerabilities: List<'a>,
    #[serde(borrow, default)]
    pub(super) misconfigurations: List<'a>,
    #[serde(borrow, default)]
    pub(super) secrets: List<'a>,
    #[serde(borrow, default)]
    pub(super) licenses: List<'a>,
    #[serde(borrow, default)]
    pub(super) custom_resources: List<'a>,
    #[serde(borrow, default, rename = "ExperimentalModifiedFindings")]
    pub(super) modified: List<'a>,
}

/// How many checks passed, whether or not they are listed.
#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Summary {
    pub(super) successes: Option<u64>,
}

#[derive(Default, Deserialize)]
pub(super) struct Identifier<'a> {
    #[serde(borrow, rename = "PURL")]
    pub(super) purl: Option<Text<'a>>,
    #[serde(borrow, rename = "UID")]
    pub(super) uid: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Package<'a> {
    #[serde(borrow, rename = "ID")]
    pub(super) id: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) name: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) identifier: Odd<Identifier<'a>>,
    #[serde(borrow)]
    pub(super) version: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) release: Option<Text<'a>>,
    pub(super) epoch: Option<i64>,
    #[serde(borrow, rename = "SrcName")]
    pub(super) source_name: Option<Text<'a>>,
    #[serde(borrow, rename = "SrcVersion")]
    pub(super) source_version: Option<Text<'a>>,
    #[serde(borrow, rename = "SrcRelease")]
    pub(super) source_release: Option<Text<'a>>,
    #[serde(rename = "SrcEpoch")]
    pub(super) source_epoch: Option<i64>,
    #[serde(borrow)]
    pub(super) maintainer: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) licenses: Odd<Vec<Text<'a>>>,
    #[serde(borrow, default, deserialize_with = "json::null_is_default")]
    pub(super) depends_on: Vec<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Vulnerability<'a> {
    #[serde(borrow, rename = "VulnerabilityID")]
    pub(super) id: Option<Text<'a>>,
    #[serde(borrow, rename = "VendorIDs", default)]
    pub(super) vendor_ids: Odd<Vec<Text<'a>>>,
    #[serde(borrow, rename = "PkgName")]
    pub(super) package: Option<Text<'a>>,
    #[serde(borrow, rename = "PkgPath")]
    pub(super) path: Option<Text<'a>>,
    #[serde(borrow, rename = "PkgIdentifier", default)]
    pub(super) identifier: Odd<Identifier<'a>>,
    #[serde(borrow, rename = "InstalledVersion")]
    pub(super) installed: Option<Text<'a>>,
    #[serde(borrow, rename = "FixedVersion")]
    pub(super) fixed: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) title: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) description: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) severity: Option<Text<'a>>,
    #[serde(borrow, rename = "CweIDs", default)]
    pub(super) cwes: Odd<Vec<Text<'a>>>,
    #[serde(borrow, rename = "CVSS", default)]
    pub(super) cvss: Odd<Entries<'a, Rating<'a>>>,
    #[serde(borrow, rename = "PrimaryURL")]
    pub(super) url: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) references: Odd<Vec<Text<'a>>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Rating<'a> {
    #[serde(borrow, rename = "V2Vector")]
    pub(super) v2_vector: Option<Text<'a>>,
    #[serde(rename = "V2Score")]
    pub(super) v2_score: Option<f64>,
    #[serde(borrow, rename = "V3Vector")]
    pub(super) v3_vector: Option<Text<'a>>,
    #[serde(rename = "V3Score")]
    pub(super) v3_score: Option<f64>,
    #[serde(borrow, rename = "V40Vector")]
    pub(super) v40_vector: Option<Text<'a>>,
    #[serde(rename = "V40Score")]
    pub(super) v40_score: Option<f64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Misconfiguration<'a> {
    #[serde(borrow, rename = "ID")]
    pub(super) id: Option<Text<'a>>,
    #[serde(borrow, rename = "AVDID")]
    pub(super) avd_id: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) title: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) description: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) message: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) resolution: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) severity: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) status: Option<Text<'a>>,
    #[serde(borrow, rename = "PrimaryURL")]
    pub(super) url: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) references: Odd<Vec<Text<'a>>>,
    #[serde(borrow, rename = "CauseMetadata", default)]
    pub(super) cause: Odd<Cause<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Cause<'a> {
    #[serde(borrow)]
    pub(super) resource: Option<Text<'a>>,
    pub(super) start_line: Option<i64>,
    pub(super) end_line: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Secret<'a> {
    #[serde(borrow, rename = "RuleID")]
    pub(super) rule: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) title: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) severity: Option<Text<'a>>,
    pub(super) start_line: Option<i64>,
    pub(super) end_line: Option<i64>,
    #[serde(borrow, rename = "Match")]
    pub(super) matched: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct LicenseItem<'a> {
    #[serde(borrow)]
    pub(super) severity: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) category: Option<Text<'a>>,
    #[serde(borrow, rename = "PkgName")]
    pub(super) package: Option<Text<'a>>,
    #[serde(borrow, rename = "FilePath")]
    pub(super) path: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) name: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) link: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Modified<'a> {
    #[serde(borrow, rename = "Type")]
    pub(super) kind: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) status: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) finding: Option<&'a RawValue>,
}
