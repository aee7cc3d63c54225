//! Reports of Nikto in JSON.

use crate::json::{self, List, Said, or_empty};
use crate::{Format, Members, Probe, ReadError, nikto, text, web};
use serde::Deserialize;
use shipworthy_model::{Finding, FindingKind, Phase, Report, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "nikto-json",
    title: "Nikto report in JSON",
    homepage: "https://github.com/sullo/nikto/wiki/Export-Formats",
    phase: Phase::Artifact,
    tool: "nikto",
    reads: "the object of one host (2.1.6) and the list of hosts (2.5)",
    identifies: nikto::IDENTIFIES,
    severities: "",
    marks: &["banner", "host", "ip", "port", "vulnerabilities"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_host = |members: &Members| members.has_all(&["host", "ip", "port", "banner", "vulnerabilities"]);
    probe.object().or(probe.first_element()).is_some_and(is_host)
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "a host")]
struct Host<'a> {
    host: Said<'a>,
    port: Said<'a>,
    vulnerabilities: Option<List<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "an item")]
struct Item<'a> {
    id: Said<'a>,
    method: Said<'a>,
    url: Said<'a>,
    msg: Said<'a>,
    references: Said<'a>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut warnings = Vec::new();
    let mut findings = Vec::new();
    if bytes.trim_ascii_start().starts_with(b"[") {
        let list: List<'_> = json::document(bytes)?;
        for (index, host) in json::parts::<Host<'_>>(&list, "", &mut warnings) {
            items(&host, &format!("/{index}"), &mut findings, &mut warnings);
        }
    } else {
        let host: Host<'_> = json::document(bytes)?;
        if host.vulnerabilities.is_none() {
            return Err(ReadError::lacks("Nikto report", "/vulnerabilities", "expected a list, found none"));
        }
        items(&host, "", &mut findings, &mut warnings);
    }
    Ok(Report {
        tool: Some(nikto::tool(None)),
        findings: Some(findings),
        looked_for: vec![FindingKind::Dynamic],
        warnings,
        ..Report::default()
    })
}

fn items(host: &Host<'_>, at: &str, findings: &mut Vec<Finding>, warnings: &mut Vec<Warning>) {
    let origin = web::host(or_empty(&host.host), host.port.as_deref());
    let Some(list) = &host.vulnerabilities else { return };
    for (_, item) in json::parts::<Item<'_>>(list, format_args!("{at}/vulnerabilities"), warnings) {
        let url = web::joined(&origin, or_empty(&item.url));
        let references = text::addresses(or_empty(&item.references));
        findings.push(nikto::finding(
            or_empty(&item.id),
            &url,
            or_empty(&item.method),
            or_empty(&item.msg),
            references,
        ));
    }
}
