//! Reports of ZAP in JSON: alerts by site, each with its instances.

use crate::json::{self, List, Said, or_empty, said};
use crate::web::Place;
use crate::zap::{self, Alert, IDENTIFIES, TOOL};
use crate::{Format, Probe, ReadError, moment};
use serde::Deserialize;
use shipworthy_model::{FindingKind, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "zap-json",
    title: "ZAP report in JSON",
    homepage: "https://www.zaproxy.org/docs/desktop/addons/report-generation/report-traditional-json/",
    phase: Phase::Artifact,
    tool: TOOL,
    reads: "the traditional JSON report, with and without requests and responses",
    identifies: IDENTIFIES,
    severities: TOOL,
    marks: &["@version", "@generated", "site"],
    recognises,
    read,
};

/// GitLab's reports of DAST are made of ZAP's and keep some of its members.
fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| {
        members.has_all(&["@generated", "site"]) && !members.has("vulnerabilities") && !members.has("scan")
    })
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct Document<'a> {
    #[serde(rename = "@version")]
    version: Said<'a>,
    created: Said<'a>,
    site: Option<List<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "a site")]
struct Site<'a> {
    #[serde(rename = "@name")]
    name: Said<'a>,
    alerts: List<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "an alert")]
struct Item<'a> {
    pluginid: Said<'a>,
    #[serde(rename = "alertRef")]
    reference_id: Said<'a>,
    alert: Said<'a>,
    name: Said<'a>,
    riskcode: Said<'a>,
    riskdesc: Said<'a>,
    confidence: Said<'a>,
    desc: Said<'a>,
    solution: Said<'a>,
    reference: Said<'a>,
    cweid: Said<'a>,
    instances: List<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "an instance")]
struct Instance<'a> {
    uri: Said<'a>,
    method: Said<'a>,
    param: Said<'a>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let Some(sites) = &document.site else {
        return Err(ReadError::lacks("ZAP report", "/site", "expected a list of sites, found none"));
    };
    let mut warnings = Vec::new();
    let mut findings = Vec::new();
    for (index, site) in json::parts::<Site<'_>>(sites, "/site", &mut warnings) {
        let at = format!("/site/{index}/alerts");
        for (index, item) in json::parts::<Item<'_>>(&site.alerts, &at, &mut warnings) {
            let at = format!("{at}/{index}/instances");
            let instances = json::parts::<Instance<'_>>(&item.instances, at, &mut warnings);
            let places = instances.iter().map(|(_, instance)| Place {
                url: or_empty(&instance.uri),
                parameter: or_empty(&instance.param),
                method: or_empty(&instance.method),
            });
            let reference = or_empty(&item.reference_id);
            let name = or_empty(&item.name);
            let alert = Alert {
                rule: if reference.is_empty() { or_empty(&item.pluginid) } else { reference },
                name: if name.is_empty() { or_empty(&item.alert) } else { name },
                risk: item.riskcode.as_deref(),
                risk_words: said(&item.riskdesc),
                confidence: item.confidence.as_deref(),
                description: item.desc.as_deref(),
                solution: item.solution.as_deref(),
                references: item.reference.as_deref(),
                weakness: item.cweid.as_deref(),
                instances: places.collect(),
            };
            findings.push(alert.finding(or_empty(&site.name)));
        }
    }
    Ok(Report {
        tool: Some(zap::tool(said(&document.version))),
        created_at: said(&document.created).and_then(|created| moment::stated(&created)),
        findings: Some(findings),
        looked_for: vec![FindingKind::Dynamic],
        warnings,
        ..Report::default()
    })
}
