//! The parts of Aqua's documents that are read.

use crate::json::{List, Odd, Text, stated};
use serde::Deserialize;
use serde_json::value::RawValue;

/// What a plug-in for pipelines wraps around a scan.
#[derive(Deserialize)]
pub(super) struct Entry<'a> {
    #[serde(borrow)]
    pub(super) results: Option<&'a RawValue>,
}

/// The scan result, and the short one with `cves`.
#[derive(Deserialize)]
pub(super) struct Scan<'a> {
    #[serde(borrow, alias = "image_name")]
    pub(super) image: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) digest: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) os: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) version: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) metadata: Odd<Metadata<'a>>,
    #[serde(default, rename = "scan_started")]
    pub(super) started: Odd<Started>,
    #[serde(default, rename = "scan_options")]
    pub(super) options: Odd<Options>,
    #[serde(borrow, default)]
    pub(super) resources: List<'a>,
    #[serde(borrow, default)]
    pub(super) cves: List<'a>,
    #[serde(borrow, default)]
    pub(super) malware: List<'a>,
    #[serde(borrow, default)]
    pub(super) sensitive: List<'a>,
    #[serde(borrow, default, rename = "image_assurance_results")]
    pub(super) assurance: Odd<Option<Assurance<'a>>>,
}

#[derive(Default, Deserialize)]
pub(super) struct Metadata<'a> {
    #[serde(borrow, default)]
    pub(super) repo_digests: Odd<Vec<Text<'a>>>,
}

#[derive(Default, Deserialize)]
pub(super) struct Started {
    pub(super) seconds: Option<i64>,
}

#[derive(Default, Deserialize)]
pub(super) struct Options {
    pub(super) scan_malware: Option<bool>,
    pub(super) scan_sensitive_data: Option<bool>,
}

/// The distribution of the image.
pub(super) struct Image<'a> {
    pub(super) os: Option<Text<'a>>,
    pub(super) version: Option<Text<'a>>,
}

#[derive(Deserialize)]
pub(super) struct ResourceEntry<'a> {
    #[serde(borrow, default)]
    pub(super) resource: Odd<Resource<'a>>,
    #[serde(borrow, default)]
    pub(super) vulnerabilities: List<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Resource<'a> {
    #[serde(borrow)]
    pub(super) format: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) name: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) version: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) path: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) sensitive_items: Odd<Vec<Text<'a>>>,
}

#[derive(Deserialize)]
pub(super) struct Vulnerability<'a> {
    #[serde(borrow)]
    pub(super) name: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) description: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) file: Option<Text<'a>>,
    #[serde(borrow)]
    severity: Option<Text<'a>>,
    #[serde(borrow)]
    aqua_severity: Option<Text<'a>>,
    #[serde(borrow)]
    vendor_severity: Option<Text<'a>>,
    #[serde(borrow, alias = "vendor_cvss3_severity")]
    vendor_severity_v3: Option<Text<'a>>,
    #[serde(borrow)]
    nvd_severity: Option<Text<'a>>,
    #[serde(borrow, alias = "nvd_cvss3_severity")]
    nvd_severity_v3: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) aqua_score: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) score: Option<Text<'a>>,
    #[serde(borrow, alias = "nvd_cvss2_score")]
    pub(super) nvd_score: Option<Text<'a>>,
    #[serde(borrow, alias = "nvd_cvss2_vectors")]
    pub(super) nvd_vectors: Option<Text<'a>>,
    #[serde(borrow, alias = "nvd_cvss3_score")]
    pub(super) nvd_score_v3: Option<Text<'a>>,
    #[serde(borrow, alias = "nvd_cvss3_vectors")]
    pub(super) nvd_vectors_v3: Option<Text<'a>>,
    #[serde(borrow, alias = "vendor_cvss2_score")]
    pub(super) vendor_score: Option<Text<'a>>,
    #[serde(borrow, alias = "vendor_cvss2_vectors")]
    pub(super) vendor_vectors: Option<Text<'a>>,
    #[serde(borrow, alias = "vendor_cvss3_score")]
    pub(super) vendor_score_v3: Option<Text<'a>>,
    #[serde(borrow, alias = "vendor_cvss3_vectors")]
    pub(super) vendor_vectors_v3: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) fix_version: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) solution: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) nvd_url: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) vendor_url: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) url: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) cwe_info: Odd<Vec<Weakness<'a>>>,
    #[serde(default)]
    acknowledged: Odd<bool>,
    #[serde(borrow)]
    acknowledged_date: Option<Text<'a>>,
}

impl Vulnerability<'_> {
    /// Aqua's own word, else the vendor's, else that of the NVD, the newer version of CVSS before the older.
    pub(super) fn severity_word(&self) -> Option<String> {
        let words = [
            &self.aqua_severity,
            &self.severity,
            &self.vendor_severity_v3,
            &self.vendor_severity,
            &self.nvd_severity_v3,
            &self.nvd_severity,
        ];
        words.into_iter().find_map(|word| stated(word.as_ref()))
    }

    /// Whether somebody accepted it. Dates of the years 1 and 1970 are how Aqua writes none.
    pub(super) fn is_acknowledged(&self) -> bool {
        let date = self.acknowledged_date.as_deref().unwrap_or_default().trim();
        let is_dated = !date.is_empty() && !date.starts_with("0001-") && !date.starts_with("1970-");
        is_dated || self.acknowledged.0 == Ok(true)
    }
}

#[derive(Deserialize)]
pub(super) struct Weakness<'a> {
    #[serde(borrow, rename = "Id")]
    pub(super) id: Option<Text<'a>>,
}

/// Malware, or sensitive data.
#[derive(Deserialize)]
pub(super) struct Malware<'a> {
    #[serde(borrow)]
    pub(super) malware: Option<Text<'a>>,
    #[serde(borrow, rename = "type")]
    pub(super) kind: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) path: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) paths: Odd<Vec<Text<'a>>>,
}

#[derive(Deserialize)]
pub(super) struct Assurance<'a> {
    pub(super) disallowed: Option<bool>,
    #[serde(borrow, default)]
    pub(super) checks_performed: List<'a>,
}

#[derive(Deserialize)]
pub(super) struct Check<'a> {
    pub(super) failed: Option<bool>,
    #[serde(borrow)]
    pub(super) policy_name: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) control: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) maximum_severity_allowed: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) maximum_severity_found: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) maximum_score_allowed: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) maximum_score_found: Option<Text<'a>>,
}

/// A page of the web API.
#[derive(Deserialize)]
pub(super) struct Page<'a> {
    #[serde(borrow)]
    pub(super) result: Option<List<'a>>,
    pub(super) count: Option<u64>,
}

/// What the web API says beside a vulnerability.
#[derive(Deserialize)]
pub(super) struct PageItem<'a> {
    #[serde(borrow, default)]
    pub(super) resource: Odd<Resource<'a>>,
    #[serde(borrow)]
    pub(super) image_name: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) image_digest: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) os: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) os_version: Option<Text<'a>>,
}
