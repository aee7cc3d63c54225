//! Qualys reports as tables: scan reports of VM and VMDR's lists of detections.

use crate::dependencies::report;
use crate::qualys::{Detection, finding};
use crate::table::{Row, Table};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{FindingKind, FindingStatus, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "qualys-csv",
    title: "Qualys report (CSV)",
    homepage: "https://docs.qualys.com/en/vm/latest/reports/report_templates/download_formats.htm",
    phase: Phase::Deploy,
    tool: "qualys",
    reads: "the CSV of a VM scan report, of VMDR by QID and by CVE, with and without lines before the table, and of HackerGuardian",
    identifies: "the QID, the host and the port",
    severities: "qualys",
    marks: &["QID", "Title", "Severity", "IP", "Asset IPV4"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_vm = probe.has_columns(&["IP", "QID", "Title", "Vuln Status", "Severity"]);
    let is_vmdr = probe.is_text() && probe.shows("\"QID\",\"Title\",\"Severity\",\"KB Severity\"");
    is_vm || is_vmdr || probe.has_columns(&["IP", "QID", "VULN TITLE", "Q_SEVERITY"])
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let table = Table::parse("CSV report of Qualys", &bytes[header(bytes)..])?;
    table.require(&["QID", "Severity"]).or_else(|error| table.require(&["QID", "SEVERITY"]).map_err(|_| error))?;
    let mut findings = Vec::new();
    for row in table.rows().filter(|row| row.get("QID").is_some()) {
        findings.push(finding(detection(row)));
    }
    let looked_for = vec![FindingKind::Dynamic];
    Ok(Report { looked_for, ..report("qualys", None, findings) })
}

/// Where the line begins that names the columns. Lines about the company and its people may stand before it.
fn header(bytes: &[u8]) -> usize {
    let mut start = 0;
    for line in bytes.split_inclusive(|byte| *byte == b'\n').take(20) {
        let is_header = memchr::memmem::find(line, b"QID").is_some();
        if is_header {
            return start;
        }
        start += line.len();
    }
    0
}

fn detection(row: Row<'_>) -> Detection {
    let cell = |names: &[&str]| names.iter().find_map(|name| row.get(name)).unwrap_or_default().to_owned();
    let kind = cell(&["Type", "TYPE", "Type Detected"]);
    let is_excused = row.get("Ignored") == Some("Yes") || row.get("Disabled") == Some("Yes");
    let status = match cell(&["Vuln Status", "Status"]).to_lowercase().as_str() {
        "fixed" => FindingStatus::Fixed,
        _ if row.get("FALSE POSITIVE STATUS").is_some_and(|word| word.eq_ignore_ascii_case("approved")) => {
            FindingStatus::FalsePositive
        }
        _ if is_excused => FindingStatus::Suppressed,
        _ => FindingStatus::Open,
    };
    Detection {
        qid: cell(&["QID"]),
        title: cell(&["Title", "VULN TITLE"]),
        severity: cell(&["Severity", "SEVERITY"]),
        is_information: matches!(kind.to_lowercase().as_str(), "ig" | "info" | "information gathered"),
        host: cell(&["DNS", "FQDN", "HOSTNAME", "Asset Name", "IP", "Asset IPV4", "Asset IPV6"]),
        port: cell(&["Port", "PORT"]),
        protocol: cell(&["Protocol", "PROTOCOL"]),
        cves: cell(&["CVE ID", "CVEID", "CVE"]),
        threat: cell(&["Threat", "THREAT", "CVE-Description"]),
        impact: cell(&["Impact", "IMPACT"]),
        solution: cell(&["Solution", "SOLUTION"]),
        cvss2: cell(&["CVSS Base", "CVSSv2 Base (nvd)", "CVSS_BASE"]),
        cvss3: cell(&["CVSS3 Base", "CVSSv3.1 Base (nvd)", "CVSS3.1 Base"]),
        references: Vec::new(),
        status,
        instance: cell(&["Instance", "CVE"]),
    }
}
