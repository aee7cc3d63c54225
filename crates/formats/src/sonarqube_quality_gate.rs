//! The quality gate of a SonarQube project: the answer of `api/qualitygates/project_status`, or what the webhook sends
//! after an analysis, which in addition names the project and the commit.

use crate::json::{self, Text, stated};
use crate::sonarqube::{self, Gate};
use crate::{Format, Probe, ReadError, subjects};
use serde::Deserialize;
use shipworthy_model::{Measures, Phase, QualityGate, Report, Subject, Tool, Warning};

/// The web API documents itself on every server, at `/web_api/api/qualitygates/project_status`.
pub(crate) static FORMAT: Format = Format {
    name: "sonarqube-quality-gate",
    title: "SonarQube quality gate",
    homepage: "https://docs.sonarsource.com/sonarqube-server/project-administration/webhooks",
    phase: Phase::Source,
    tool: "sonarqube",
    reads: "the answer of `api/qualitygates/project_status` and the body of a webhook, of servers since 5.6 and the cloud",
    identifies: "",
    severities: "",
    marks: &["projectStatus", "qualityGate", "serverUrl", "taskId"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| {
        members.has("projectStatus") || members.has_all(&["serverUrl", "status", "project", "properties"])
    })
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow, rename = "projectStatus")]
    project_status: Option<Gate<'a>>,
    // What only the webhook has.
    #[serde(borrow, rename = "qualityGate")]
    quality_gate: Option<Gate<'a>>,
    #[serde(borrow)]
    project: Option<Project<'a>>,
    #[serde(borrow)]
    revision: Option<Text<'a>>,
    #[serde(borrow, rename = "analysedAt")]
    analysed_at: Option<Text<'a>>,
    #[serde(borrow)]
    status: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Project<'a> {
    #[serde(borrow)]
    key: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document = json::document(bytes)?;
    let mut report = Report {
        tool: Some(Tool { name: "sonarqube".to_owned(), version: None }),
        created_at: sonarqube::instant(document.analysed_at.as_ref()),
        ..Report::default()
    };
    let warnings = &mut report.warnings;
    let quality_gate = match (&document.project_status, &document.quality_gate) {
        (Some(gate), _) => sonarqube::quality_gate(gate, "/projectStatus", warnings),
        (None, Some(gate)) => sonarqube::quality_gate(gate, "/qualityGate", warnings),
        (None, None) => no_gate(&document, warnings)?,
    };
    if let Some(revision) = stated(document.revision.as_ref()) {
        // Projects that are not in Git have revisions too, which are no commits of ours.
        report.subjects.extend(subjects::usable(Subject::commit(&revision), "/revision", warnings));
    }
    let project = document.project.as_ref().and_then(|project| stated(project.key.as_ref()));
    report.measures = Some(Measures { project, quality_gate: Some(quality_gate), ..Measures::default() });
    Ok(report)
}

/// A webhook tells of no gate when the analysis failed or the project has none.
fn no_gate(document: &Document<'_>, warnings: &mut Vec<Warning>) -> Result<QualityGate, ReadError> {
    let Some(status) = &document.status else {
        return Err(ReadError::lacks("quality gate", "its top level", "expected `projectStatus` or `qualityGate`"));
    };
    let message = format!("the analysis ended with `{}` and computed no quality gate", &**status);
    warnings.push(Warning { at: "/qualityGate".to_owned(), message });
    Ok(QualityGate { status: "none".to_owned(), ..QualityGate::default() })
}
