//! The summary of the JFrog command line: how many problems each scan found, by severity.

use crate::json::{self, Entries, List, Text, stated};
use crate::{Format, Probe, ReadError};
use serde::Deserialize;
use serde_json::value::RawValue;
use shipworthy_model::{Measures, Phase, Report, Tool, Warning};
use std::collections::BTreeMap;

pub(crate) static FORMAT: Format = Format {
    name: "jfrog-cli-summary",
    title: "JFrog command line summary",
    homepage: "https://docs.jfrog.com/security/docs/jfrog-cli-security-commands",
    phase: Phase::Artifact,
    tool: "jfrog-cli",
    reads: "the summaries that `jf audit`, `jf scan` and `jf docker scan` leave for the job summary of a pipeline",
    identifies: "",
    severities: "",
    marks: &["scans"],
    recognises: |probe: &Probe| {
        let has_counts = probe.has("scans.vulnerabilities.sca") || probe.has("scans.violations.watches");
        probe.object().is_some_and(|members| members.has_only("scans")) && probe.has("scans.target") && has_counts
    },
    read,
};

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow)]
    scans: List<'a>,
}

#[derive(Deserialize)]
struct Scan<'a> {
    #[serde(borrow)]
    target: Option<Text<'a>>,
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    vulnerabilities: Option<&'a RawValue>,
    #[serde(borrow)]
    violations: Option<&'a RawValue>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let tool = Tool { name: "jfrog-cli".to_owned(), version: None };
    let mut report = Report { tool: Some(tool), ..Report::default() };
    let mut metrics = BTreeMap::new();
    let mut projects = Vec::new();
    let scans = json::parts::<Scan<'_>>(&document.scans, "/scans", &mut report.warnings);
    for (index, scan) in &scans {
        let name = stated(scan.name.as_ref()).or_else(|| stated(scan.target.as_ref())).unwrap_or_default();
        let before = if scans.len() > 1 { format!("{name}/") } else { String::new() };
        projects.push(name);
        for (key, raw) in [("vulnerabilities", scan.vulnerabilities), ("violations", scan.violations)] {
            let Some(raw) = raw else { continue };
            count(raw, &format!("{before}{key}"), &mut metrics, 0);
        }
        if scan.vulnerabilities.is_none() && scan.violations.is_none() {
            let message = "left out: expected `vulnerabilities` or `violations`, found neither".to_owned();
            report.warnings.push(Warning { at: format!("/scans/{index}"), message });
        }
    }
    let project = projects.pop().filter(|only| projects.is_empty() && !only.is_empty());
    report.measures = Some(Measures { project, quality_gate: None, metrics });
    let message =
        "the summary holds numbers alone: send the results with `--format=simple-json` for the findings".to_owned();
    report.warnings.push(Warning { at: "/scans".to_owned(), message });
    Ok(report)
}

/// Adds every number of a tree, such as `vulnerabilities.sca.security.Critical.Undetermined`.
fn count(raw: &RawValue, name: &str, metrics: &mut BTreeMap<String, String>, depth: usize) {
    const DEEPEST: usize = 5;
    if let Ok(number) = serde_json::from_str::<u64>(raw.get()) {
        metrics.insert(name.to_owned(), number.to_string());
    } else if depth < DEEPEST
        && let Ok(Entries(entries)) = serde_json::from_str::<Entries<'_, &RawValue>>(raw.get())
    {
        for (key, raw) in entries {
            count(raw, &format!("{name}.{}", &*key), metrics, depth + 1);
        }
    }
}
