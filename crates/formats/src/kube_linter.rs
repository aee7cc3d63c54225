//! KubeLinter: manifests and charts of Kubernetes. It lists what it found; it has no severities.

use crate::checks::{self, Check, Checks, Outcome};
use crate::json::{self, List, Odd, Text, stated};
use crate::{Format, Probe, ReadError, identity, instant};
use serde::Deserialize;
use shipworthy_model::{Phase, Report};
use std::collections::HashMap;

pub(crate) static FORMAT: Format = Format {
    name: "kube-linter",
    title: "KubeLinter results",
    homepage: "https://docs.kubelinter.io/",
    phase: Phase::Source,
    tool: "kube-linter",
    reads: "the JSON of version 0.2 and later",
    identifies: "check, file, object and message",
    severities: "",
    marks: &["Checks", "Reports", "Summary"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has_all(&["Checks", "Reports"]))
        && probe.has("Summary.KubeLinterVersion")
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Document<'a> {
    #[serde(borrow, default)]
    checks: List<'a>,
    #[serde(borrow, default)]
    reports: List<'a>,
    #[serde(borrow, default)]
    summary: Odd<Summary<'a>>,
}

#[derive(Default, Deserialize)]
struct Summary<'a> {
    #[serde(borrow, rename = "CheckEndTime")]
    end: Option<Text<'a>>,
    #[serde(borrow, rename = "KubeLinterVersion")]
    version: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Rule<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    #[serde(borrow)]
    description: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Item<'a> {
    #[serde(borrow)]
    diagnostic: Diagnostic<'a>,
    #[serde(borrow)]
    check: Option<Text<'a>>,
    #[serde(borrow)]
    remediation: Option<Text<'a>>,
    #[serde(borrow)]
    object: Object<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Diagnostic<'a> {
    #[serde(borrow)]
    message: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Object<'a> {
    #[serde(borrow, default, rename = "Metadata")]
    metadata: Odd<Metadata<'a>>,
    #[serde(borrow, default, rename = "K8sObject")]
    object: Odd<Named<'a>>,
}

#[derive(Default, Deserialize)]
struct Metadata<'a> {
    #[serde(borrow, rename = "FilePath")]
    path: Option<Text<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Named<'a> {
    #[serde(borrow)]
    namespace: Option<Text<'a>>,
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow, default)]
    group_version_kind: Odd<Kind<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Kind<'a> {
    #[serde(borrow)]
    kind: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let mut checks = Checks::of_scanner();
    let rules = json::parts::<Rule<'_>>(&document.checks, "/Checks", &mut checks.warnings);
    let rules: HashMap<&str, &Rule<'_>> = rules.iter().map(|(_, rule)| (&*rule.name, rule)).collect();
    for (_, item) in json::parts::<Item<'_>>(&document.reports, "/Reports", &mut checks.warnings) {
        let rule = stated(item.check.as_ref()).unwrap_or_default();
        let path = item.object.metadata.0.as_ref().ok().and_then(|metadata| metadata.path.as_deref());
        let location = checks::place(path, None, None);
        let named = item.object.object.0.as_ref().ok();
        let kind = named.and_then(|named| named.group_version_kind.0.as_ref().ok()?.kind.as_ref());
        let resource =
            named.and_then(|named| crate::kubernetes::path([kind, named.namespace.as_ref(), named.name.as_ref()]));
        let message = stated(item.diagnostic.message.as_ref());
        let parts =
            [path.unwrap_or_default(), resource.as_deref().unwrap_or_default(), message.as_deref().unwrap_or_default()];
        checks.add(Check {
            identity: Some(identity::of_parts(&rule, &parts)),
            title: message,
            description: rules.get(rule.as_str()).and_then(|rule| stated(rule.description.as_ref())),
            rule,
            outcome: Outcome::Failed,
            resource,
            location,
            remediation: stated(item.remediation.as_ref()),
            ..Check::default()
        });
    }
    let summary = document.summary.get("/Summary", &mut checks.warnings);
    let created_at =
        instant::utc(summary.and_then(|summary| summary.end.as_ref()), "/Summary/CheckEndTime", &mut checks.warnings);
    let mut report = checks.report("kube-linter", summary.and_then(|summary| stated(summary.version.as_ref())));
    report.created_at = created_at;
    Ok(report)
}
