//! Compliance reports of Trivy: the controls of a benchmark such as CIS, NSA or the Pod Security Standards, with the
//! checks that were made for each or with their numbers alone.

use crate::json::{self, At, List, Text, stated};
use crate::{Format, Members, Probe, ReadError, severity};
use serde::Deserialize;
use shipworthy_model::{Benchmark, Control, ControlStatus, Phase, Report, Severity, Tool, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "trivy-compliance",
    title: "Trivy compliance report",
    homepage: "https://trivy.dev/latest/docs/compliance/compliance/",
    phase: Phase::Deploy,
    tool: "trivy",
    reads: "what `trivy image` and `trivy k8s` write with `--compliance`, with `--report all` and `--report summary`",
    identifies: "",
    severities: "trivy",
    marks: &["ID", "Title", "SummaryControls", "RelatedResources", "Results"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_all = |members: &Members| members.has("RelatedResources") && members.has("Results");
    probe
        .object()
        .is_some_and(|members| members.has_all(&["ID", "Title"]) && (members.has("SummaryControls") || is_all(members)))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Document<'a> {
    #[serde(borrow, rename = "ID")]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    title: Option<Text<'a>>,
    #[serde(borrow)]
    summary_controls: Option<List<'a>>,
    #[serde(borrow, default)]
    results: List<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Summary<'a> {
    #[serde(borrow, rename = "ID")]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    severity: Option<Text<'a>>,
    total_fail: Option<u64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct WithChecks<'a> {
    #[serde(borrow, rename = "ID")]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    severity: Option<Text<'a>>,
    #[serde(borrow)]
    default_status: Option<Text<'a>>,
    #[serde(borrow, default)]
    results: List<'a>,
}

/// The report of one target, as far as it says what failed.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct OfTarget<'a> {
    #[serde(borrow)]
    target: Option<Text<'a>>,
    #[serde(borrow, default)]
    misconfigurations: List<'a>,
    #[serde(borrow, default)]
    vulnerabilities: List<'a>,
    #[serde(borrow, default)]
    secrets: List<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Check<'a> {
    #[serde(borrow)]
    status: Option<Text<'a>>,
    #[serde(borrow)]
    message: Option<Text<'a>>,
    #[serde(borrow)]
    resolution: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let tool = Tool { name: "trivy".to_owned(), version: None };
    let mut report = Report { tool: Some(tool), ..Report::default() };
    let at = At::Root;
    let controls = match &document.summary_controls {
        Some(list) => {
            let controls = json::parts::<Summary<'_>>(list, at.key("SummaryControls"), &mut report.warnings);
            controls.into_iter().map(|(_, control)| summarised(&control)).collect()
        }
        None => {
            let at = at.key("Results");
            let controls = json::parts::<WithChecks<'_>>(&document.results, at, &mut report.warnings);
            let read = |(index, control): (usize, WithChecks<'_>)| {
                with_checks(&control, &at.index(index), &mut report.warnings)
            };
            controls.into_iter().map(read).collect()
        }
    };
    let name = stated(document.id.as_ref()).or_else(|| stated(document.title.as_ref())).unwrap_or_default();
    report.benchmark = Some(Benchmark { name, target_version: None, controls });
    Ok(report)
}

/// A control without a number is one for a person to look at.
fn summarised(control: &Summary<'_>) -> Control {
    let status = match control.total_fail {
        Some(0) => ControlStatus::Pass,
        Some(_) => ControlStatus::Fail,
        None => ControlStatus::Warn,
    };
    let reason = control.total_fail.filter(|failed| *failed > 0).map(|failed| format!("{failed} checks failed"));
    Control {
        id: stated(control.id.as_ref()).unwrap_or_default(),
        title: stated(control.name.as_ref()).unwrap_or_default(),
        status,
        is_scored: control.total_fail.is_some(),
        severity: rated(control.severity.as_ref()),
        reason,
        ..Control::default()
    }
}

fn with_checks(control: &WithChecks<'_>, at: &At<'_>, warnings: &mut Vec<Warning>) -> Control {
    let at = at.key("Results");
    let mut failures = Vec::new();
    let mut remediation = None;
    for (index, of_target) in json::parts::<OfTarget<'_>>(&control.results, at, warnings) {
        let at = at.index(index);
        let target = stated(of_target.target.as_ref()).unwrap_or_default();
        let at_checks = at.key("Misconfigurations");
        for (_, check) in json::parts::<Check<'_>>(&of_target.misconfigurations, at_checks, warnings) {
            if check.status.as_deref() == Some("FAIL") {
                let message = stated(check.message.as_ref()).unwrap_or_default();
                failures.push(format!("{target}: {message}"));
                remediation = remediation.or_else(|| stated(check.resolution.as_ref()));
            }
        }
        let found = of_target.vulnerabilities.items.len() + of_target.secrets.items.len();
        if found > 0 {
            failures.push(format!("{target}: {found} found"));
        }
    }
    let default_status = control.default_status.as_deref().unwrap_or_default();
    let is_manual = control.results.items.is_empty() && default_status == "MANUAL";
    let status = match (failures.is_empty(), is_manual) {
        (_, true) => ControlStatus::Warn,
        (true, false) if control.results.items.is_empty() && default_status == "FAIL" => ControlStatus::Fail,
        (true, false) => ControlStatus::Pass,
        (false, false) => ControlStatus::Fail,
    };
    Control {
        id: stated(control.id.as_ref()).unwrap_or_default(),
        title: stated(control.name.as_ref()).unwrap_or_default(),
        status,
        is_scored: !is_manual,
        severity: rated(control.severity.as_ref()),
        reason: reason(&failures),
        remediation,
        ..Control::default()
    }
}

/// The first failures, and how many more there are.
pub(crate) fn reason(failures: &[String]) -> Option<String> {
    const SHOWN: usize = 5;
    let mut shown: Vec<String> = failures.iter().take(SHOWN).cloned().collect();
    if failures.len() > SHOWN {
        shown.push(format!("and {} more", failures.len() - SHOWN));
    }
    Some(shown.join("\n")).filter(|reason| !reason.is_empty())
}

pub(crate) fn rated(word: Option<&Text<'_>>) -> Option<Severity> {
    let word = stated(word)?;
    Some(severity::of_word("trivy", &word))
}
