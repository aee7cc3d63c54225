//! Results of OpenVAS and Greenbone scans in CSV.

use crate::openvas::{self, IDENTIFIES, Outcome, TOOL};
use crate::table::{Row, Table};
use crate::{Format, Probe, ReadError, ratings, text};
use shipworthy_model::{Finding, FindingKind, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "openvas-csv",
    title: "OpenVAS (Greenbone) results in CSV",
    homepage: "https://docs.greenbone.net/GSM-Manual/gos-22.04/en/reports.html",
    phase: Phase::Deploy,
    tool: TOOL,
    reads: "the report format CSV Results, with and without the quality of detection",
    identifies: IDENTIFIES,
    severities: TOOL,
    marks: &["NVT OID"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.has_columns(&["IP", "Port", "CVSS", "Severity", "NVT Name", "NVT OID"])
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let table = Table::parse("CSV report of OpenVAS", bytes)?;
    table.require(&["IP", "Severity", "NVT Name", "NVT OID"])?;
    Ok(Report {
        tool: Some(openvas::tool()),
        created_at: table.rows().filter_map(|row| crate::moment::stated(row.get("Timestamp")?)).max(),
        findings: Some(table.rows().map(finding).collect()),
        looked_for: vec![FindingKind::Dynamic],
        ..Report::default()
    })
}

fn finding(row: Row<'_>) -> Finding {
    let cell = |column: &str| row.get(column).unwrap_or_default();
    let port = row.get("Port").map(|port| format!("{port}/{}", row.get("Port Protocol").unwrap_or("tcp")));
    let outcome = Outcome {
        oid: cell("NVT OID"),
        name: cell("NVT Name"),
        host: row.get("Hostname").or(row.get("IP")).unwrap_or_default(),
        port: port.as_deref(),
        threat: row.get("Severity"),
        score: row.get("CVSS").and_then(ratings::number),
        quality: row.get("QoD"),
        vector: None,
        cves: cell("CVEs").split([',', ' ']).filter(|cve| !cve.is_empty()).map(str::to_owned).collect(),
        summary: row.get("Summary"),
        seen: row.get("Specific Result"),
        solution: row.get("Solution"),
        references: text::addresses(cell("Other References")),
    };
    outcome.finding()
}
