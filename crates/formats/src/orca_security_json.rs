//! Alerts of Orca Security in JSON.

use crate::json::{self, List, Odd, Text, stated};
use crate::orca::Alert;
use crate::{Format, Probe, ReadError};
use serde::Deserialize;
use shipworthy_model::{FindingKind, Phase, Report, Tool};

pub(crate) static FORMAT: Format = Format {
    name: "orca-security-json",
    title: "Alerts of Orca Security (JSON)",
    homepage: "https://docs.orcasecurity.io/",
    phase: Phase::Deploy,
    tool: "orca-security",
    reads: "the list of alerts that the console exports",
    identifies: "title, account and asset",
    severities: "",
    marks: &["OrcaScore", "Title", "CloudAccount", "Inventory"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.first_element().is_some_and(|members| members.has_all(&["OrcaScore", "Title"]))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Item<'a> {
    #[serde(borrow)]
    title: Option<Text<'a>>,
    #[serde(borrow)]
    category: Option<Text<'a>>,
    #[serde(borrow)]
    status: Option<Text<'a>>,
    orca_score: Option<f64>,
    #[serde(borrow)]
    source: Option<Text<'a>>,
    #[serde(borrow, default)]
    cloud_account: Odd<Named<'a>>,
    #[serde(borrow, default)]
    inventory: Odd<Named<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Named<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let list: List<'_> = json::document(bytes)?;
    let mut report = Report {
        tool: Some(Tool { name: "orca-security".to_owned(), version: None }),
        looked_for: vec![FindingKind::Misconfiguration],
        ..Report::default()
    };
    let mut findings = Vec::new();
    for (_, item) in json::parts::<Item<'_>>(&list, "", &mut report.warnings) {
        let name = |named: &Odd<Named<'_>>| named.0.as_ref().ok().and_then(|named| stated(named.name.as_ref()));
        let alert = Alert {
            title: stated(item.title.as_ref()),
            category: stated(item.category.as_ref()),
            status: stated(item.status.as_ref()),
            score: item.orca_score,
            account: name(&item.cloud_account),
            asset: name(&item.inventory).or_else(|| stated(item.source.as_ref())),
        };
        findings.push(alert.finding());
    }
    report.findings = Some(findings);
    Ok(report)
}
