//! Issues of CyCognito: what an organization shows to the outside.

use crate::json::{self, List, Odd, Text, stated};
use crate::{Format, Probe, ReadError, checks, identity, text};
use serde::Deserialize;
use shipworthy_model::{ComponentRef, Finding, FindingKind, FindingStatus, Location, Phase, Report, Tool};

pub(crate) static FORMAT: Format = Format {
    name: "cycognito",
    title: "Issues of CyCognito",
    homepage: "https://docs.cycognito.com/reference",
    phase: Phase::Deploy,
    tool: "cycognito",
    reads: "the list of issues of the API",
    identifies: "the id of the issue",
    severities: "cycognito",
    marks: &["affected_asset", "issue_id", "issue_type", "enhanced_severity"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let keys = ["affected_asset", "issue_type", "issue_status", "severity"];
    probe.first_element().is_some_and(|members| members.has_all(&keys))
}

#[derive(Deserialize)]
struct Item<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    title: Option<Text<'a>>,
    #[serde(borrow)]
    issue_type: Option<Text<'a>>,
    #[serde(borrow)]
    summary: Option<Text<'a>>,
    #[serde(borrow)]
    severity: Option<Text<'a>>,
    severity_score: Option<f64>,
    #[serde(borrow)]
    affected_asset: Option<Text<'a>>,
    #[serde(borrow)]
    port: Option<Text<'a>>,
    #[serde(borrow, default)]
    cve_ids: Odd<Vec<Text<'a>>>,
    #[serde(borrow, default)]
    references: Odd<Vec<Text<'a>>>,
    #[serde(borrow, default)]
    remediation_steps: Odd<Vec<Text<'a>>>,
    is_snoozed: Option<bool>,
    #[serde(borrow)]
    resolved_at: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let list: List<'_> = json::document(bytes)?;
    let mut report = Report {
        tool: Some(Tool { name: "cycognito".to_owned(), version: None }),
        looked_for: vec![FindingKind::Dynamic],
        ..Report::default()
    };
    let items = json::parts::<Item<'_>>(&list, "", &mut report.warnings);
    report.findings = Some(items.iter().map(|(_, item)| finding(item)).collect());
    Ok(report)
}

/// The evidence is left out, because it may show what was read from the asset.
fn finding(item: &Item<'_>) -> Finding {
    let title = item.title.as_deref().and_then(text::title).unwrap_or_default();
    let asset = stated(item.affected_asset.as_ref());
    let place = asset.as_deref().map(|asset| asset.split_once('/').map_or(asset, |(_, name)| name));
    let path = match (place, stated(item.port.as_ref())) {
        (Some(place), Some(port)) => Some(format!("{place}:{port}")),
        (place, _) => place.map(str::to_owned),
    };
    let word = stated(item.severity.as_ref());
    let steps: Vec<_> = item.remediation_steps.0.iter().flatten().filter_map(Text::stated).collect();
    let status = match (&item.resolved_at, item.is_snoozed) {
        (Some(_), _) => FindingStatus::Fixed,
        (None, Some(true)) => FindingStatus::Suppressed,
        (None, _) => FindingStatus::Open,
    };
    let rule = stated(item.issue_type.as_ref()).unwrap_or_else(|| title.clone());
    let id = stated(item.id.as_ref()).map(|id| identity::of_fingerprint("id", &id));
    Finding {
        identity: id.unwrap_or_else(|| identity::of_parts(&rule, &[&title, path.as_deref().unwrap_or_default()])),
        aliases: item.cve_ids.0.iter().flatten().filter_map(Text::stated).collect(),
        description: stated(item.summary.as_ref()).map(text::capped),
        severity: checks::rated("cycognito", word.as_deref()),
        severity_word: word,
        score: item.severity_score,
        component: asset.map(|name| ComponentRef { name, ..ComponentRef::default() }),
        location: path.map(|path| Location { path, ..Location::default() }),
        remediation: Some(steps.join("\n")).filter(|steps| !steps.is_empty()).map(text::capped),
        references: item.references.0.iter().flatten().filter_map(Text::stated).collect(),
        status,
        ..Finding::new(FindingKind::Dynamic, rule, title)
    }
}
