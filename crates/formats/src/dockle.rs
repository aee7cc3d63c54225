//! Dockle: how an image should be made (CIS Docker benchmark and more). It counts what passed without listing it.

use crate::checks::{self, Check, Checks, Outcome};
use crate::json::{self, List, Odd, Text, stated};
use crate::{Format, Probe, ReadError, identity, subjects};
use serde::Deserialize;
use shipworthy_model::{FindingKind, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "dockle",
    title: "Dockle results",
    homepage: "https://github.com/goodwithtech/dockle",
    phase: Phase::Artifact,
    tool: "dockle",
    reads: "the JSON of version 0",
    identifies: "rule and what it says",
    severities: "dockle",
    marks: &["summary", "details", "image"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has_all(&["summary", "details"]))
        && probe.has_all(&["summary.fatal", "summary.warn", "summary.skip"])
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow)]
    image: Option<Text<'a>>,
    #[serde(borrow, default)]
    details: List<'a>,
}

#[derive(Deserialize)]
struct Item<'a> {
    #[serde(borrow)]
    code: Option<Text<'a>>,
    #[serde(borrow)]
    title: Option<Text<'a>>,
    #[serde(borrow)]
    level: Option<Text<'a>>,
    #[serde(borrow, default)]
    alerts: Odd<Vec<Text<'a>>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let mut checks = Checks::of_scanner();
    for (index, item) in json::parts::<Item<'_>>(&document.details, "/details", &mut checks.warnings) {
        let word = stated(item.level.as_ref());
        let outcome = match word.as_deref() {
            Some("PASS") => Outcome::Passed,
            Some("SKIP") => Outcome::NotApplicable,
            Some("IGNORE") => Outcome::Excused,
            _ => Outcome::Failed,
        };
        let rule = stated(item.code.as_ref()).unwrap_or_default();
        let alerts = item.alerts.get(format_args!("/details/{index}/alerts"), &mut checks.warnings);
        let alerts: Vec<Option<String>> =
            alerts.into_iter().flatten().map(|alert| alert.stated().map(without_value)).collect();
        let alerts = if alerts.is_empty() { vec![None] } else { alerts };
        for alert in alerts {
            checks.add(Check {
                // The rule for credentials in variables and files.
                kind: (rule == "CIS-DI-0010").then_some(FindingKind::Secret),
                title: stated(item.title.as_ref()),
                outcome,
                severity: checks::rated("dockle", word.as_deref()),
                severity_word: word.clone(),
                identity: Some(identity::of_parts(&rule, &[alert.as_deref().unwrap_or_default()])),
                reason: alert,
                rule: rule.clone(),
                ..Check::default()
            });
        }
    }
    let mut report = checks.report("dockle", None);
    if let Some(image) = &document.image {
        subjects::add_artifact(&mut report.subjects, image);
    }
    report.looked_for.push(FindingKind::Secret);
    Ok(report)
}

/// `Suspicious ENV key found : KEY on ENV KEY=value`: old versions do not mask the value.
fn without_value(alert: String) -> String {
    let key =
        alert.split_once(" on ").filter(|_| alert.starts_with("Suspicious ENV key")).map(|(key, _)| key.to_owned());
    key.unwrap_or(alert)
}
