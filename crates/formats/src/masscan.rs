//! Open ports that masscan found, in JSON.

use crate::json::{self, List, Said, or_empty};
use crate::web::{self, Place};
use crate::{Format, Probe, ReadError, moment};
use serde::Deserialize;
use shipworthy_model::{Finding, FindingKind, Phase, Report, Tool};

pub(crate) static FORMAT: Format = Format {
    name: "masscan",
    title: "masscan results in JSON",
    homepage: "https://github.com/robertdavidgraham/masscan",
    phase: Phase::Deploy,
    tool: "masscan",
    reads: "`-oJ`: the list of hosts with their `ports`",
    identifies: "address, port and protocol",
    severities: "masscan",
    marks: &["ip", "timestamp", "ports"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.first_element().is_some_and(|members| members.has_all(&["ip", "timestamp", "ports"]))
        && probe.has_all(&["ports.port", "ports.proto"])
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "a host")]
struct Host<'a> {
    ip: Said<'a>,
    timestamp: Said<'a>,
    ports: List<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "a port")]
struct Port<'a> {
    port: Said<'a>,
    proto: Said<'a>,
    status: Said<'a>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let list: List<'_> = json::document(bytes)?;
    let mut warnings = Vec::new();
    let mut findings = Vec::new();
    let mut created = None;
    for (index, host) in json::parts::<Host<'_>>(&list, "", &mut warnings) {
        created = created.max(host.timestamp.as_deref().and_then(moment::of_seconds));
        for (_, port) in json::parts::<Port<'_>>(&host.ports, format_args!("/{index}/ports"), &mut warnings) {
            // With `--banners` it lists a port again to say what answers there.
            if or_empty(&port.status) == "open" {
                findings.push(finding(&host, &port));
            }
        }
    }
    Ok(Report {
        tool: Some(Tool { name: "masscan".to_owned(), version: None }),
        created_at: created,
        findings: Some(findings),
        looked_for: vec![FindingKind::Dynamic],
        warnings,
        ..Report::default()
    })
}

fn finding(host: &Host<'_>, port: &Port<'_>) -> Finding {
    let place = web::host(or_empty(&host.ip), port.port.as_deref());
    let protocol = or_empty(&port.proto);
    let title = format!("open port {}/{protocol}", or_empty(&port.port));
    let (severity, severity_word) = web::rated("masscan", port.status.as_deref());
    Finding {
        severity,
        severity_word,
        ..web::finding("open-port", &title, Place { url: &place, parameter: protocol, method: "" })
    }
}
