//! Inputs that a Jenkins pipeline waits for: the answer of `wfapi/pendingInputActions`.

use crate::json::{self, List, Text, stated};
use crate::{Format, Members, Probe, ReadError};
use serde::Deserialize;
use shipworthy_model::{Phase, Report, ReportedApproval, Tool};

pub(crate) static FORMAT: Format = Format {
    name: "jenkins-pending-inputs",
    title: "Jenkins pending inputs",
    homepage: "https://github.com/jenkinsci/pipeline-stage-view-plugin/blob/master/rest-api/README.md",
    phase: Phase::Deploy,
    tool: "jenkins",
    reads: "the answers of `wfapi/pendingInputActions` and of `wfapi/nextPendingInputAction`",
    identifies: "",
    severities: "",
    marks: &["id", "proceedText", "message", "inputs"],
    recognises: |probe: &Probe| {
        let is_input = |members: &Members| members.has_all(&["id", "proceedText", "message"]);
        probe.object().is_some_and(is_input) || probe.first_element().is_some_and(is_input)
    },
    read,
};

/// An input. Its parameters may have secrets for defaults and are not taken along.
#[derive(Deserialize)]
struct Input<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    message: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let tool = Tool { name: "jenkins".to_owned(), version: None };
    let mut report = Report { tool: Some(tool), ..Report::default() };
    let inputs: Vec<Input<'_>> = if bytes.trim_ascii_start().starts_with(b"[") {
        let list: List<'_> = json::document(bytes)?;
        json::parts(&list, "", &mut report.warnings).into_iter().map(|(_, input)| input).collect()
    } else {
        vec![json::document(bytes)?]
    };
    let approval = |input: &Input<'_>| ReportedApproval {
        name: stated(input.id.as_ref()).unwrap_or_default(),
        status: "waiting".to_owned(),
        comment: stated(input.message.as_ref()),
        ..ReportedApproval::default()
    };
    report.approvals = inputs.iter().map(approval).collect();
    Ok(report)
}
