//! Reports of Nessus, Tenable Vulnerability Management, Tenable Web App Scanning and Tenable Security Center as tables.

use crate::dependencies::{cwes, names, report};
use crate::nessus::{Found, findings};
use crate::table::{Row, Table};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{FindingKind, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "nessus-csv",
    title: "Nessus report (CSV)",
    homepage: "https://docs.tenable.com/nessus/Content/ScanReportFormats.htm",
    phase: Phase::Deploy,
    tool: "nessus",
    reads: "the CSV of Nessus and of Tenable's products, whatever columns were chosen; the CVEs of one problem are one finding",
    identifies: "the plugin, the host and the port",
    severities: "tenable",
    marks: &["Plugin ID", "Plugin", "Plugin Name", "Synopsis", "Plugin Output"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.has_columns(&["Plugin ID", "Risk", "Host", "Name", "Synopsis"])
        || probe.has_columns(&["Plugin", "Plugin Name", "Severity", "Synopsis"])
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let table = Table::parse("CSV report of Nessus", bytes)?;
    table
        .require(&["Plugin ID", "Name"])
        .or_else(|error| table.require(&["Plugin", "Plugin Name"]).map_err(|_| error))?;
    let findings = findings(table.rows().map(found).filter(|found| !found.plugin.is_empty()));
    Ok(Report { looked_for: vec![FindingKind::Dynamic], ..report("nessus", None, findings) })
}

fn found(row: Row<'_>) -> Found {
    let cell = |names: &[&str]| names.iter().find_map(|name| row.get(name)).unwrap_or_default().to_owned();
    let score = |names: &[&str]| {
        names.iter().find_map(|name| row.get(name)?.parse::<f64>().ok()).filter(|score| *score > 0.0 && *score <= 10.0)
    };
    Found {
        plugin: cell(&["Plugin ID", "Plugin"]),
        name: cell(&["Name", "Plugin Name"]),
        host: cell(&["Host", "DNS Name", "FQDN", "IP Address", "NetBIOS Name"]),
        port: cell(&["Port"]),
        protocol: cell(&["Protocol"]),
        severities: ["Severity", "Risk", "Risk Factor"].into_iter().filter_map(|name| row.stated(name)).collect(),
        cves: names(&cell(&["CVE"])),
        cwes: row
            .get("Cross References")
            .or(row.get("XREF"))
            .map(|text| cwes(&text.replace("CWE:", "CWE-")))
            .unwrap_or_default(),
        synopsis: cell(&["Synopsis"]),
        description: cell(&["Description"]),
        solution: cell(&["Solution", "Steps to Remediate"]),
        see_also: cell(&["See Also"]),
        score2: score(&["CVSS v2.0 Base Score", "CVSS V2 Base Score", "CVSS Base Score", "CVSS"]),
        score3: score(&["CVSS v3.0 Base Score", "CVSS V3 Base Score", "CVSS3 Base Score", "CVSSv3"]),
        vector2: cell(&["CVSS Vector", "CVSS V2 Vector"]),
        vector3: cell(&["CVSS3 Vector", "CVSS V3 Vector"]),
        priority: score(&["VPR Score", "Vulnerability Priority Rating", "Vulnerability Priority Rating (VPR)"]),
    }
}
