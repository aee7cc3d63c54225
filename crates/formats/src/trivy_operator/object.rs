//! The parts of trivy-operator's objects that are read.
//! <https://github.com/aquasecurity/trivy-operator/tree/main/deploy/helm/crds>

use crate::json::{List, Odd, Text, stated};
use serde::Deserialize;
use serde_json::value::RawValue;
use shipworthy_model::Warning;

#[derive(Deserialize)]
pub(super) struct Object<'a> {
    #[serde(borrow)]
    pub(super) kind: Option<Text<'a>>,
    #[serde(borrow, default)]
    metadata: Odd<Metadata<'a>>,
    #[serde(borrow)]
    pub(super) report: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) status: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) items: Option<List<'a>>,
    #[serde(borrow)]
    pub(super) verb: Option<Text<'a>>,
    #[serde(borrow, rename = "operatorObject")]
    pub(super) operator_object: Option<&'a RawValue>,
}

impl Object<'_> {
    /// The Kubernetes object that the report is about, else the report's own name.
    pub(super) fn labels(&self, warnings: &mut Vec<Warning>) -> String {
        let Some(metadata) = self.metadata.get("/metadata", warnings) else { return String::new() };
        let named = metadata.labels.0.as_ref().map(super::resource).unwrap_or_default();
        if !named.is_empty() {
            return named;
        }
        let own = [stated(metadata.namespace.as_ref()), stated(metadata.name.as_ref())];
        own.into_iter().flatten().collect::<Vec<_>>().join("/")
    }
}

#[derive(Default, Deserialize)]
struct Metadata<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    namespace: Option<Text<'a>>,
    #[serde(borrow, default)]
    labels: Odd<Labels<'a>>,
}

#[derive(Default, Deserialize)]
pub(super) struct Labels<'a> {
    #[serde(borrow, rename = "trivy-operator.resource.kind")]
    pub(super) kind: Option<Text<'a>>,
    #[serde(borrow, rename = "trivy-operator.resource.name")]
    pub(super) name: Option<Text<'a>>,
    #[serde(borrow, rename = "trivy-operator.resource.namespace")]
    pub(super) namespace: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Body<'a> {
    #[serde(borrow, default)]
    pub(super) artifact: Odd<Artifact<'a>>,
    #[serde(borrow, default)]
    pub(super) scanner: Odd<Scanner<'a>>,
    #[serde(borrow)]
    pub(super) update_timestamp: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) vulnerabilities: List<'a>,
    #[serde(borrow, default)]
    pub(super) checks: List<'a>,
    #[serde(borrow, default)]
    pub(super) secrets: List<'a>,
    #[serde(borrow)]
    pub(super) components: Option<&'a RawValue>,
}

#[derive(Default, Deserialize)]
pub(super) struct Artifact<'a> {
    #[serde(borrow)]
    pub(super) digest: Option<Text<'a>>,
}

#[derive(Default, Deserialize)]
pub(super) struct Scanner<'a> {
    #[serde(borrow)]
    pub(super) version: Option<Text<'a>>,
}

#[derive(Deserialize)]
pub(super) struct Vulnerability<'a> {
    #[serde(borrow, rename = "vulnerabilityID")]
    pub(super) id: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) resource: Option<Text<'a>>,
    #[serde(borrow, rename = "installedVersion")]
    pub(super) installed: Option<Text<'a>>,
    #[serde(borrow, rename = "fixedVersion")]
    pub(super) fixed: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) severity: Option<Text<'a>>,
    pub(super) score: Option<f64>,
    #[serde(borrow)]
    pub(super) title: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) description: Option<Text<'a>>,
    #[serde(borrow, rename = "primaryLink")]
    pub(super) link: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) links: Odd<Vec<Text<'a>>>,
    #[serde(borrow)]
    pub(super) target: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) class: Option<Text<'a>>,
    #[serde(borrow, rename = "pkgPath")]
    pub(super) path: Option<Text<'a>>,
    #[serde(borrow, rename = "packagePURL")]
    pub(super) purl: Option<Text<'a>>,
}

#[derive(Deserialize)]
pub(super) struct Check<'a> {
    #[serde(borrow, rename = "checkID")]
    pub(super) id: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) title: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) description: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) severity: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) messages: Odd<Vec<Text<'a>>>,
    #[serde(borrow)]
    pub(super) remediation: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) target: Option<Text<'a>>,
    pub(super) success: Option<bool>,
}

#[derive(Deserialize)]
pub(super) struct Secret<'a> {
    #[serde(borrow, rename = "ruleID")]
    pub(super) rule: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) title: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) severity: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) target: Option<Text<'a>>,
    #[serde(borrow, rename = "match")]
    pub(super) matched: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Status<'a> {
    #[serde(borrow, default)]
    pub(super) summary_report: Odd<Option<Named<'a>>>,
    #[serde(borrow, default)]
    pub(super) detail_report: Odd<Option<Named<'a>>>,
    #[serde(borrow)]
    pub(super) update_timestamp: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Named<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    title: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) control_check: List<'a>,
    #[serde(borrow, default)]
    pub(super) results: List<'a>,
}

impl Named<'_> {
    pub(super) fn name(&self) -> String {
        stated(self.id.as_ref()).or_else(|| stated(self.title.as_ref())).unwrap_or_default()
    }
}

#[derive(Deserialize)]
pub(super) struct ControlCheck<'a> {
    #[serde(borrow)]
    pub(super) id: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) name: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) severity: Option<Text<'a>>,
    #[serde(rename = "totalFail")]
    pub(super) total_fail: Option<u64>,
}

#[derive(Deserialize)]
pub(super) struct ControlResult<'a> {
    #[serde(borrow)]
    pub(super) id: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) name: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) severity: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) status: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) checks: List<'a>,
}
