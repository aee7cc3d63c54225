//! Vulnerabilities of machines as the API of Microsoft Defender for Endpoint lists them.

use crate::json::{self, List, Text, stated};
use crate::{Format, Probe, ReadError, checks};
use serde::Deserialize;
use shipworthy_model::{ComponentRef, Finding, FindingKind, Phase, Report, Tool};

pub(crate) static FORMAT: Format = Format {
    name: "ms-defender",
    title: "Vulnerabilities of Microsoft Defender for Endpoint",
    homepage: "https://learn.microsoft.com/en-us/defender-endpoint/api/get-all-vulnerabilities-by-machines",
    phase: Phase::Deploy,
    tool: "microsoft-defender",
    reads: "the answer of `/api/vulnerabilities/machinesVulnerabilities`",
    identifies: "vulnerability and component",
    severities: "ms-defender",
    marks: &["@odata.context", "value"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has("value"))
        && probe.has_all(&["value.cveId", "value.machineId", "value.productName"])
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow, default)]
    value: List<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Item<'a> {
    #[serde(borrow)]
    cve_id: Option<Text<'a>>,
    #[serde(borrow)]
    machine_id: Option<Text<'a>>,
    #[serde(borrow)]
    fixing_kb_id: Option<Text<'a>>,
    #[serde(borrow)]
    product_name: Option<Text<'a>>,
    #[serde(borrow)]
    product_version: Option<Text<'a>>,
    #[serde(borrow)]
    severity: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let mut report = Report {
        tool: Some(Tool { name: "microsoft-defender".to_owned(), version: None }),
        looked_for: vec![FindingKind::Vulnerability],
        ..Report::default()
    };
    let items = json::parts::<Item<'_>>(&document.value, "/value", &mut report.warnings);
    report.findings = Some(items.iter().map(|(_, item)| finding(item)).collect());
    Ok(report)
}

fn finding(item: &Item<'_>) -> Finding {
    let rule = stated(item.cve_id.as_ref()).unwrap_or_default();
    let name = stated(item.product_name.as_ref()).unwrap_or_default();
    let word = stated(item.severity.as_ref());
    let title = format!("{rule} in {name}");
    Finding {
        description: stated(item.machine_id.as_ref()).map(|machine| format!("On the machine {machine}.")),
        severity: checks::rated("ms-defender", word.as_deref()),
        severity_word: word,
        component: Some(ComponentRef { name, version: stated(item.product_version.as_ref()), purl: None }),
        remediation: stated(item.fixing_kb_id.as_ref()).map(|update| format!("Install the update KB{update}.")),
        ..Finding::new(FindingKind::Vulnerability, rule, title)
    }
}
