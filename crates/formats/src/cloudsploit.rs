//! Results of CloudSploit, Aqua's check of cloud accounts: every plug-in with each resource that it looked at.

use crate::json::{self, At, List, Odd, Text, stated};
use crate::{Format, Probe, ReadError, identity, text};
use serde::Deserialize;
use shipworthy_model::{
    Benchmark, Control, ControlStatus, Finding, FindingKind, Location, Phase, Report, Tool, Warning,
};

pub(crate) static FORMAT: Format = Format {
    name: "cloudsploit",
    title: "CloudSploit results",
    homepage: "https://github.com/aquasecurity/cloudsploit",
    phase: Phase::Deploy,
    tool: "cloudsploit",
    reads: "what `index.js --json` writes of accounts of AWS, Azure, GCP, GitHub and Oracle",
    identifies: "the plug-in, the resource and its region",
    severities: "",
    marks: &["plugin", "category", "resource", "region", "status"],
    recognises: |probe: &Probe| {
        probe
            .first_element()
            .is_some_and(|members| members.has_all(&["plugin", "category", "status", "resource", "region"]))
    },
    read,
};

#[derive(Deserialize)]
struct Item<'a> {
    #[serde(borrow)]
    plugin: Option<Text<'a>>,
    #[serde(borrow)]
    category: Option<Text<'a>>,
    #[serde(borrow)]
    title: Option<Text<'a>>,
    #[serde(borrow)]
    description: Option<Text<'a>>,
    #[serde(borrow)]
    resource: Option<Text<'a>>,
    /// A region, or a list with `global` alone.
    #[serde(borrow, default)]
    region: Odd<Option<Text<'a>>>,
    #[serde(borrow)]
    status: Option<Text<'a>>,
    #[serde(borrow)]
    message: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let list: List<'_> = json::document(bytes)?;
    let tool = Tool { name: "cloudsploit".to_owned(), version: None };
    let mut report = Report { tool: Some(tool), looked_for: vec![FindingKind::Misconfiguration], ..Report::default() };
    let items = json::parts::<Item<'_>>(&list, "", &mut report.warnings);
    let mut findings = Vec::new();
    let mut controls = Vec::new();
    for (index, item) in &items {
        let at = At::Root.index(*index);
        let status = status(item, &at, &mut report.warnings);
        controls.push(control(item, status));
        let is_problem = matches!(item.status.as_deref(), Some("FAIL" | "WARN"));
        findings.extend(is_problem.then(|| finding(item)));
    }
    report.benchmark = Some(Benchmark { name: "cloudsploit".to_owned(), target_version: None, controls });
    report.findings = Some(findings);
    Ok(report)
}

/// What could not be looked at, mostly for want of permission, needs a look by a person.
fn status(item: &Item<'_>, at: &At<'_>, warnings: &mut Vec<Warning>) -> ControlStatus {
    match item.status.as_deref() {
        Some("OK") => ControlStatus::Pass,
        Some("FAIL") => ControlStatus::Fail,
        Some("WARN" | "UNKNOWN") => ControlStatus::Warn,
        other => {
            let found = other.unwrap_or("nothing");
            let message = format!("expected OK, WARN, FAIL or UNKNOWN, found {found}; taken for UNKNOWN");
            warnings.push(Warning { at: at.key("status").to_string(), message });
            ControlStatus::Warn
        }
    }
}

/// The resource, where there is one.
fn resource(item: &Item<'_>) -> Option<String> {
    stated(item.resource.as_ref()).filter(|resource| resource != "N/A")
}

fn control(item: &Item<'_>, status: ControlStatus) -> Control {
    Control {
        id: stated(item.plugin.as_ref()).unwrap_or_default(),
        title: stated(item.title.as_ref()).unwrap_or_default(),
        section: stated(item.category.as_ref()),
        status,
        is_scored: true,
        reason: stated(item.message.as_ref()),
        resource: resource(item),
        ..Control::default()
    }
}

fn finding(item: &Item<'_>) -> Finding {
    let rule = stated(item.plugin.as_ref()).unwrap_or_default();
    let place = resource(item);
    let region = item.region.0.as_ref().ok().and_then(|region| stated(region.as_ref())).unwrap_or_default();
    let message = stated(item.message.as_ref());
    let description = [message, stated(item.description.as_ref())].into_iter().flatten().collect::<Vec<_>>();
    Finding {
        severity_word: stated(item.status.as_ref()),
        description: Some(description.join("\n\n")).filter(|text| !text.is_empty()).map(text::capped),
        identity: identity::of_parts(&rule, &[place.as_deref().unwrap_or_default(), &region]),
        location: place.map(|path| Location { path, ..Location::default() }),
        ..Finding::new(FindingKind::Misconfiguration, rule.clone(), stated(item.title.as_ref()).unwrap_or(rule))
    }
}
