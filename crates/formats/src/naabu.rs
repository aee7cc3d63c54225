//! Open ports that naabu found, a line of JSON for each.

use crate::json::{self, Said, or_empty, said};
use crate::web::{self, Place};
use crate::{Format, Probe, ReadError, moment, severity};
use serde::Deserialize;
use shipworthy_model::{Finding, FindingKind, Phase, Report, Tool, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "naabu",
    title: "naabu results",
    homepage: "https://docs.projectdiscovery.io/opensource/naabu/running",
    phase: Phase::Deploy,
    tool: "naabu",
    reads: "`-json`, a result on each line",
    identifies: "host, port and protocol",
    severities: "naabu",
    marks: &["ip", "port", "protocol", "tls"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe
        .first_of_lines()
        .is_some_and(|members| members.has_all(&["ip", "port", "protocol", "tls", "timestamp"]) && !members.has("url"))
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "a result")]
struct Item<'a> {
    host: Said<'a>,
    ip: Said<'a>,
    port: Said<'a>,
    protocol: Said<'a>,
    timestamp: Said<'a>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut warnings: Vec<Warning> = Vec::new();
    let mut findings: Vec<Finding> = Vec::new();
    let mut created = None;
    for (index, raw) in json::values(bytes)?.into_iter().enumerate() {
        let Some(item) = json::part::<Item<'_>>(raw, format_args!("/{index}"), &mut warnings) else { continue };
        if said(&item.port).is_none() {
            let message = "left out: expected `port`, found none".to_owned();
            warnings.push(Warning { at: format!("/{index}"), message });
            continue;
        }
        created = created.max(said(&item.timestamp).and_then(|timestamp| moment::stated(&timestamp)));
        let finding = finding(&item);
        // It tells of a port again when it is asked to verify it.
        if !findings.iter().rev().take(100).any(|known| known.identity == finding.identity) {
            findings.push(finding);
        }
    }
    Ok(Report {
        tool: Some(Tool { name: "naabu".to_owned(), version: None }),
        created_at: created,
        findings: Some(findings),
        looked_for: vec![FindingKind::Dynamic],
        warnings,
        ..Report::default()
    })
}

fn finding(item: &Item<'_>) -> Finding {
    let host = said(&item.host).or_else(|| said(&item.ip)).unwrap_or_default();
    let place = web::host(&host, item.port.as_deref());
    let protocol = said(&item.protocol).unwrap_or_else(|| "tcp".to_owned());
    let title = format!("open port {}/{protocol}", or_empty(&item.port));
    Finding {
        severity: severity::of_word("naabu", "open"),
        ..web::finding("open-port", &title, Place { url: &place, parameter: &protocol, method: "" })
    }
}
