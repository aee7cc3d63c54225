//! Nancy reports: vulnerabilities of Go modules, out of Sonatype's OSS Index.

use crate::dependencies::{of_package_url, report};
use crate::json::{self, List, Text, stated};
use crate::oss_index_answer::{Vulnerability, finding};
use crate::{Format, Probe, ReadError};
use serde::Deserialize;
use shipworthy_model::{Finding, FindingStatus, Phase, Report, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "nancy",
    title: "Nancy report",
    homepage: "https://github.com/sonatype-nexus-community/nancy",
    phase: Phase::Source,
    tool: "nancy",
    reads: "`nancy sleuth --output json`; what was excluded is suppressed; the severity is that of the score",
    identifies: "vulnerability and component",
    severities: "",
    marks: &["audited", "vulnerable", "num_audited", "num_vulnerable", "invalid"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has_all(&["num_audited", "num_vulnerable", "vulnerable"]))
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow, default)]
    vulnerable: List<'a>,
    #[serde(borrow, default)]
    excluded: List<'a>,
    #[serde(borrow, default)]
    invalid: List<'a>,
    #[serde(borrow)]
    version: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Component<'a> {
    #[serde(borrow)]
    coordinates: Option<Text<'a>>,
    #[serde(borrow, default)]
    vulnerabilities: List<'a>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let mut warnings = Vec::new();
    let mut findings = Vec::new();
    let lists = [("vulnerable", &document.vulnerable, false), ("excluded", &document.excluded, true)];
    for (key, list, is_excluded) in lists {
        for (index, component) in json::parts::<Component<'_>>(list, format_args!("/{key}"), &mut warnings) {
            let of = of_package_url(component.coordinates.as_deref().unwrap_or_default());
            let at = format!("/{key}/{index}/Vulnerabilities");
            let vulnerabilities = json::parts::<Vulnerability<'_>>(&component.vulnerabilities, at, &mut warnings);
            findings.extend(vulnerabilities.iter().map(|(_, item)| {
                let finding = finding(item, &of);
                let status = if is_excluded { FindingStatus::Suppressed } else { finding.status };
                Finding { status, ..finding }
            }));
        }
    }
    for (index, component) in json::parts::<Component<'_>>(&document.invalid, "/invalid", &mut warnings) {
        let name = component.coordinates.as_deref().unwrap_or_default();
        let message = format!("Nancy could not look for vulnerabilities of `{name}`, whose version is none of Go's");
        warnings.push(Warning { at: format!("/invalid/{index}"), message });
    }
    Ok(Report { warnings, ..report("nancy", stated(document.version.as_ref()), findings) })
}
