//! DevAudit reports: vulnerabilities of packages, out of Sonatype's OSS Index.

use crate::dependencies::{component, report};
use crate::json::{self, List, Odd, Text, stated};
use crate::oss_index_answer::{Vulnerability, finding};
use crate::{Format, Probe, ReadError};
use serde::Deserialize;
use shipworthy_model::{Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "devaudit",
    title: "DevAudit report",
    homepage: "https://github.com/sonatype-nexus-community/DevAudit",
    phase: Phase::Source,
    tool: "devaudit",
    reads: "the JSON report of an audit of packages; the severity is that of the score",
    identifies: "vulnerability and component",
    severities: "",
    marks: &["Packages Audited", "Vulnerabilities Found", "Packages"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has_all(&["Packages Audited", "Packages"]))
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow, default, rename = "Packages")]
    packages: List<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Item<'a> {
    #[serde(borrow, default)]
    package: Odd<Package<'a>>,
    #[serde(borrow, default)]
    vulnerabilities: List<'a>,
}

#[derive(Default, Deserialize)]
struct Package<'a> {
    #[serde(borrow)]
    pm: Option<Text<'a>>,
    #[serde(borrow)]
    group: Option<Text<'a>>,
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    version: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let mut warnings = Vec::new();
    let mut findings = Vec::new();
    for (index, item) in json::parts::<Item<'_>>(&document.packages, "/Packages", &mut warnings) {
        let at = format!("/Packages/{index}");
        let Some(package) = item.package.get(format_args!("{at}/Package"), &mut warnings) else { continue };
        let manager = package.pm.as_deref().unwrap_or_default();
        let name = package.name.as_deref().unwrap_or_default();
        let group = stated(package.group.as_ref()).filter(|group| group != "None");
        let separator = if manager == "maven" { ':' } else { '/' };
        let name = group.map_or_else(|| name.to_owned(), |group| format!("{group}{separator}{name}"));
        let of = component(manager, &name, package.version.as_deref());
        let vulnerabilities = json::parts::<Vulnerability<'_>>(
            &item.vulnerabilities,
            format_args!("{at}/Vulnerabilities"),
            &mut warnings,
        );
        findings.extend(vulnerabilities.iter().map(|(_, item)| finding(item, &of)));
    }
    Ok(Report { warnings, ..report("devaudit", None, findings) })
}
