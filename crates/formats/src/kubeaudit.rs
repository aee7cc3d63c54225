//! kubeaudit: objects of Kubernetes against rules of security, a line for each problem.

use crate::checks::{Check, Checks, Outcome};
use crate::json::{self, Text, stated};
use crate::{Format, Probe, ReadError, checks, identity, instant, kubernetes};
use serde::Deserialize;
use shipworthy_model::{Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "kubeaudit",
    title: "kubeaudit results",
    homepage: "https://github.com/Shopify/kubeaudit",
    phase: Phase::Deploy,
    tool: "kubeaudit",
    reads: "the lines of `-p json` (version 0.11 and later)",
    identifies: "rule, object, container and message",
    severities: "kubeaudit",
    marks: &["AuditResultName", "ResourceKind", "level", "msg"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.first_of_lines().is_some_and(|members| members.has_all(&["AuditResultName", "level", "msg"]))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Item<'a> {
    #[serde(borrow)]
    audit_result_name: Option<Text<'a>>,
    #[serde(borrow)]
    resource_kind: Option<Text<'a>>,
    #[serde(borrow)]
    resource_namespace: Option<Text<'a>>,
    #[serde(borrow)]
    resource_name: Option<Text<'a>>,
    #[serde(borrow)]
    container: Option<Text<'a>>,
    #[serde(borrow)]
    missing_annotation: Option<Text<'a>>,
    #[serde(borrow, rename = "level")]
    level: Option<Text<'a>>,
    #[serde(borrow, rename = "msg")]
    message: Option<Text<'a>>,
    #[serde(borrow, rename = "time")]
    time: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut checks = Checks::of_scanner();
    let mut created_at = None;
    for (index, line) in json::values(bytes)?.into_iter().enumerate() {
        let Some(item) = json::part::<Item<'_>>(line, format_args!("/{index}"), &mut checks.warnings) else { continue };
        if created_at.is_none() {
            created_at = instant::utc(item.time.as_ref(), format_args!("/{index}/time"), &mut checks.warnings);
        }
        let rule = stated(item.audit_result_name.as_ref()).unwrap_or_default();
        let object = [item.resource_kind.as_ref(), item.resource_namespace.as_ref(), item.resource_name.as_ref()];
        let resource = kubernetes::path(object.into_iter().chain([item.container.as_ref()]));
        let seen = item.missing_annotation.as_deref().or(item.message.as_deref()).unwrap_or_default();
        let word = stated(item.level.as_ref());
        checks.add(Check {
            identity: Some(identity::of_parts(&rule, &[resource.as_deref().unwrap_or_default(), seen])),
            title: stated(item.message.as_ref()).or_else(|| Some(rule.clone())),
            rule,
            outcome: Outcome::Failed,
            severity: checks::rated("kubeaudit", word.as_deref()),
            severity_word: word,
            resource,
            ..Check::default()
        });
    }
    let mut report = checks.report("kubeaudit", None);
    report.created_at = created_at;
    Ok(report)
}
