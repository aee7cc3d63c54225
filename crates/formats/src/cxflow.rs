//! Results of Checkmarx SAST as CxFlow writes them in JSON: one issue for each query and file, with a flow for each line.

use crate::checkmarx::{self, TOOL};
use crate::json::{self, List, Said, or_empty, said};
use crate::{Format, Probe, ReadError, weakness};
use serde::Deserialize;
use shipworthy_model::{Finding, FindingKind, Phase, Report, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "cxflow",
    title: "CxFlow results",
    homepage: "https://github.com/checkmarx-ltd/cx-flow/wiki/Bug-Trackers-and-Feedback-Channels",
    phase: Phase::Source,
    tool: TOOL,
    reads: "the JSON bug tracker of CxFlow with `xissues`",
    identifies: "the query with the similarity id, for each flow that CxFlow lists",
    severities: TOOL,
    marks: &["xissues", "unFilteredIssues"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has("xissues") || members.has("xIssues"))
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct Document<'a> {
    #[serde(alias = "xIssues")]
    xissues: Option<List<'a>>,
    version: Said<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"), expecting = "an issue")]
struct Issue<'a> {
    vulnerability: Said<'a>,
    vulnerability_status: Said<'a>,
    similarity_id: Said<'a>,
    cwe: Said<'a>,
    description: Said<'a>,
    severity: Said<'a>,
    link: Said<'a>,
    filename: Said<'a>,
    details: json::Entries<'a, Details>,
    additional_details: Additional<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", expecting = "the details of a line")]
struct Details {
    false_positive: bool,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"), expecting = "additional details")]
struct Additional<'a> {
    recommended_fix: Said<'a>,
    results: List<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "a flow")]
struct Flow<'a> {
    state: Said<'a>,
    source: Step<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "a step of the flow")]
struct Step<'a> {
    file: Said<'a>,
    line: Said<'a>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let Some(issues) = &document.xissues else {
        return Err(ReadError::lacks("CxFlow report", "/xissues", "expected a list of issues, found none"));
    };
    let mut warnings = Vec::new();
    let mut findings = Vec::new();
    for (index, issue) in json::parts::<Issue<'_>>(issues, "/xissues", &mut warnings) {
        flows(&issue, &format!("/xissues/{index}"), &mut findings, &mut warnings);
    }
    Ok(Report {
        tool: Some(checkmarx::tool(said(&document.version))),
        findings: Some(findings),
        looked_for: vec![FindingKind::Code],
        warnings,
        ..Report::default()
    })
}

fn flows(issue: &Issue<'_>, at: &str, findings: &mut Vec<Finding>, warnings: &mut Vec<Warning>) {
    let at = format!("{at}/additionalDetails/results");
    let mut flows = json::parts::<Flow<'_>>(&issue.additional_details.results, at, warnings);
    if flows.is_empty() {
        flows.push((0, Flow::default()));
    }
    for (_, flow) in &flows {
        let line = flow.source.line.as_deref().or(issue.details.0.first().map(|(line, _)| &**line));
        let source = or_empty(&flow.source.file);
        let result = checkmarx::Result {
            query: or_empty(&issue.vulnerability),
            severity: issue.severity.as_deref(),
            hash: None,
            similarity: issue.similarity_id.as_deref(),
            file: if source.is_empty() { or_empty(&issue.filename) } else { source },
            line: line.and_then(|line| line.parse().ok()),
        };
        let judged = issue.details.0.iter().find(|(of_line, _)| Some(&**of_line) == line);
        let is_false = judged.is_some_and(|(_, details)| details.false_positive);
        let is_judged = is_false || flow.state.as_deref() == Some("1");
        let state = if is_judged { "not exploitable" } else { or_empty(&issue.vulnerability_status) };
        findings.push(Finding {
            cwes: weakness::numbers(or_empty(&issue.cwe)),
            status: checkmarx::status("", state),
            description: said(&issue.description),
            references: [&issue.link, &issue.additional_details.recommended_fix].into_iter().filter_map(said).collect(),
            ..result.finding()
        });
    }
}
