//! Alerts of Orca Security as a table.

use crate::orca::Alert;
use crate::table::Table;
use crate::{Format, Probe, ReadError, ratings};
use shipworthy_model::{FindingKind, Phase, Report, Tool};

pub(crate) static FORMAT: Format = Format {
    name: "orca-security-csv",
    title: "Alerts of Orca Security (CSV)",
    homepage: "https://docs.orcasecurity.io/",
    phase: Phase::Deploy,
    tool: "orca-security",
    reads: "the table of alerts that the console exports",
    identifies: "title, account and asset",
    severities: "",
    marks: &["OrcaScore", "Title", "CloudAccount.Name", "Inventory.Name"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.has_columns(&["OrcaScore", "Title", "Category", "Status"])
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let table = Table::parse("CSV report of Orca Security", bytes)?;
    table.require(&["OrcaScore", "Title", "Category", "Status"])?;
    let alert = |row: crate::table::Row<'_>| Alert {
        title: row.stated("Title"),
        category: row.stated("Category"),
        status: row.stated("Status"),
        score: row.get("OrcaScore").and_then(ratings::number),
        account: row.stated("CloudAccount.Name"),
        asset: row.stated("Inventory.Name").or_else(|| row.stated("Source")),
    };
    Ok(Report {
        tool: Some(Tool { name: "orca-security".to_owned(), version: None }),
        findings: Some(table.rows().map(|row| alert(row).finding()).collect()),
        looked_for: vec![FindingKind::Misconfiguration],
        ..Report::default()
    })
}
