//! Gatekeeper constraints with what its audit found: objects of a cluster that break a policy. The audit lists no more
//! than a number of violations for each constraint, and counts all.

use crate::checks::{Check, Checks, Outcome};
use crate::json::{self, List, Odd, Text, stated};
use crate::kubernetes::{self, ObjectName};
use crate::{Format, Probe, ReadError, identity, instant, yaml};
use serde::Deserialize;
use shipworthy_model::{Phase, Report, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "gatekeeper",
    title: "Gatekeeper constraints with their audit",
    homepage: "https://open-policy-agent.github.io/gatekeeper/website/docs/audit/",
    phase: Phase::Deploy,
    tool: "gatekeeper",
    reads: "constraints with a status (`kubectl get constraints -o json` or `-o yaml`), one or a list",
    identifies: "constraint, object and message",
    severities: "",
    marks: &["apiVersion", "kind", "status", "items"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_constraint =
        |path: &str| probe.value(path).is_some_and(|version| version.starts_with("constraints.gatekeeper.sh/"));
    if probe.is_text() {
        return probe.shows("apiVersion: constraints.gatekeeper.sh/") && probe.shows("totalViolations:");
    }
    (is_constraint("apiVersion") && probe.has("status.totalViolations"))
        || (is_constraint("items.apiVersion") && probe.has("items.status.totalViolations"))
}

#[derive(Deserialize)]
struct Constraint<'a> {
    #[serde(borrow)]
    kind: Option<Text<'a>>,
    #[serde(borrow, default)]
    metadata: Odd<ObjectName<'a>>,
    #[serde(borrow, default)]
    status: Odd<Status<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Status<'a> {
    #[serde(borrow)]
    audit_timestamp: Option<Text<'a>>,
    total_violations: Option<u64>,
    #[serde(borrow, default)]
    violations: List<'a>,
}

#[derive(Deserialize)]
struct Violation<'a> {
    #[serde(borrow, flatten)]
    object: ObjectName<'a>,
    #[serde(borrow)]
    message: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let bytes = yaml::all_as_json(bytes)?;
    let list = kubernetes::objects(&bytes)?;
    let mut checks = Checks::of_scanner();
    let mut created_at = None;
    for (index, constraint) in json::parts::<Constraint<'_>>(&list, "", &mut checks.warnings) {
        let at = format!("/{index}/status");
        let Some(status) = constraint.status.get(&at, &mut checks.warnings) else { continue };
        let audited =
            instant::utc(status.audit_timestamp.as_ref(), format_args!("{at}/auditTimestamp"), &mut checks.warnings);
        created_at = created_at.max(audited);
        let name = constraint.metadata.0.as_ref().ok().and_then(ObjectName::path);
        let rule = [stated(constraint.kind.as_ref()), name].into_iter().flatten().collect::<Vec<_>>().join("/");
        let violations =
            json::parts::<Violation<'_>>(&status.violations, format_args!("{at}/violations"), &mut checks.warnings);
        let listed = violations.len() as u64;
        for (_, violation) in violations {
            let resource = violation.object.path();
            let message = stated(violation.message.as_ref());
            let parts = [resource.as_deref().unwrap_or_default(), message.as_deref().unwrap_or_default()];
            checks.add(Check {
                identity: Some(identity::of_parts(&rule, &parts)),
                rule: rule.clone(),
                title: message,
                outcome: Outcome::Failed,
                resource,
                ..Check::default()
            });
        }
        if let Some(total) = status.total_violations.filter(|total| *total > listed) {
            let message = format!("the audit counted {total} violations and lists {listed}");
            checks.warnings.push(Warning { at: format!("{at}/totalViolations"), message });
        }
    }
    let mut report = checks.report("gatekeeper", None);
    report.created_at = created_at;
    Ok(report)
}
