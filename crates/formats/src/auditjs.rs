//! Reports of AuditJS and of other clients that write out the answer of Sonatype's OSS Index.

use crate::dependencies::{of_package_url, report};
use crate::json::{self, List, Text};
use crate::oss_index_answer::{Vulnerability, finding};
use crate::{Format, Probe, ReadError};
use serde::Deserialize;
use shipworthy_model::{Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "auditjs",
    title: "AuditJS report",
    homepage: "https://github.com/sonatype-nexus-community/auditjs",
    phase: Phase::Source,
    tool: "auditjs",
    reads: "`auditjs ossi --json`, and the answer of the OSS Index for a list of components; the severity is that of the score",
    identifies: "vulnerability and component",
    severities: "",
    marks: &["coordinates", "reference", "vulnerabilities"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_component = |members: &crate::Members| members.has_all(&["coordinates", "reference", "vulnerabilities"]);
    probe.first_element().is_some_and(is_component)
}

#[derive(Deserialize)]
struct Component<'a> {
    #[serde(borrow)]
    coordinates: Option<Text<'a>>,
    #[serde(borrow, default)]
    vulnerabilities: List<'a>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let list: List<'_> = json::document(bytes)?;
    let mut warnings = Vec::new();
    let mut findings = Vec::new();
    for (index, component) in json::parts::<Component<'_>>(&list, "", &mut warnings) {
        let of = of_package_url(component.coordinates.as_deref().unwrap_or_default());
        let at = format!("/{index}/vulnerabilities");
        let vulnerabilities = json::parts::<Vulnerability<'_>>(&component.vulnerabilities, at, &mut warnings);
        findings.extend(vulnerabilities.iter().map(|(_, item)| finding(item, &of)));
    }
    Ok(Report { warnings, ..report("auditjs", None, findings) })
}
