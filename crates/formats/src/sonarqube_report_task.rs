//! What SonarQube's scanner leaves behind in a pipeline: which project it analysed, and which task computes the gate.

use crate::{Format, Probe, ReadError};
use shipworthy_model::{Measures, Phase, Report, Tool, Warning};
use std::collections::BTreeMap;

pub(crate) static FORMAT: Format = Format {
    name: "sonarqube-report-task",
    title: "SonarQube scanner's report-task.txt",
    homepage: "https://docs.sonarsource.com/sonarqube-server/analyzing-source-code/analysis-parameters",
    phase: Phase::Source,
    tool: "sonarqube",
    reads: "the properties file that every scanner since 2.5 writes into its working folder",
    identifies: "",
    severities: "",
    marks: &["ceTaskId", "projectKey"],
    recognises: |probe: &Probe| probe.is_text() && probe.shows("ceTaskId=") && probe.shows("projectKey="),
    read,
};

/// The properties that are kept. The others are addresses of the same things.
const KEPT: &[&str] = &["branch", "ceTaskId", "ceTaskUrl", "dashboardUrl", "pullRequest", "serverUrl"];

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let text = String::from_utf8_lossy(bytes);
    let properties = text.lines().filter(|line| !line.trim_start().starts_with(['#', '!']));
    let properties = properties.filter_map(|line| line.split_once('='));
    let properties: BTreeMap<&str, &str> =
        properties.map(|(key, value)| (key.trim(), value.trim())).filter(|(_, value)| !value.is_empty()).collect();
    let lacks =
        |what: &str| ReadError::lacks("report-task.txt", "the document", format!("expected `{what}`, found none"));
    let project = properties.get("projectKey").ok_or_else(|| lacks("projectKey"))?;
    properties.get("ceTaskId").ok_or_else(|| lacks("ceTaskId"))?;
    let kept = properties.iter().filter(|(key, _)| KEPT.contains(key));
    let metrics = kept.map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    let version = properties.get("serverVersion").map(|version| (*version).to_owned());
    let message =
        "this names the analysis and not its result: send the webhook's body or the quality gate, too".to_owned();
    Ok(Report {
        tool: Some(Tool { name: "sonarqube".to_owned(), version }),
        measures: Some(Measures { project: Some((*project).to_owned()), quality_gate: None, metrics }),
        warnings: vec![Warning { at: "ceTaskId".to_owned(), message }],
        ..Report::default()
    })
}
