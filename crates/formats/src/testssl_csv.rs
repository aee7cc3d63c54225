//! Results of testssl.sh in CSV: what is wrong with the TLS of a server. What is right, what is only told and what could
//! not be tested is no finding.

use crate::table::{Row, Table};
use crate::web::{self, Place};
use crate::{Format, Probe, ReadError, weakness};
use shipworthy_model::{Finding, FindingKind, Phase, Report, Tool, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "testssl-csv",
    title: "testssl.sh results in CSV",
    homepage: "https://testssl.sh/doc/testssl.1.html",
    phase: Phase::Deploy,
    tool: "testssl",
    reads: "`--csv` and `--csvfile` of versions 2.9 to 3.2",
    identifies: "the test with host and port",
    severities: "testssl",
    marks: &["fqdn/ip"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.has_columns(&["id", "fqdn/ip", "port", "severity", "finding", "cve", "cwe"])
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let table = Table::parse("CSV results of testssl.sh", bytes)?;
    table.require(&["id", "fqdn/ip", "severity", "finding"])?;
    let mut findings = Vec::new();
    let mut warnings = Vec::new();
    for row in table.rows() {
        match row.get("severity").unwrap_or_default() {
            "OK" | "INFO" | "DEBUG" => {}
            word @ ("WARN" | "FATAL") => {
                let text = row.get("finding").unwrap_or_default();
                let message = format!("testssl.sh could not test something ({word}): {text}");
                warnings.push(Warning { at: format!("line {}", row.line), message });
            }
            _ => findings.push(finding(row)),
        }
    }
    Ok(Report {
        tool: Some(Tool { name: "testssl".to_owned(), version: None }),
        findings: Some(findings),
        looked_for: vec![FindingKind::Dynamic],
        warnings,
        ..Report::default()
    })
}

fn finding(row: Row<'_>) -> Finding {
    let test = row.get("id").unwrap_or_default();
    let text = row.get("finding").unwrap_or_default();
    // `cart.shopwright.example/192.0.2.7`: the address may change.
    let names = row.get("fqdn/ip").unwrap_or_default();
    let host = names.split('/').find(|name| !name.is_empty()).unwrap_or(names);
    let place = web::host(host, row.get("port"));
    let (severity, severity_word) = web::rated("testssl", row.get("severity"));
    Finding {
        severity,
        severity_word,
        aliases: row.get("cve").unwrap_or_default().split_whitespace().map(str::to_owned).collect(),
        cwes: row.get("cwe").map(weakness::numbers).unwrap_or_default(),
        ..web::finding(test, &format!("{test}: {text}"), Place::of(&place))
    }
}
