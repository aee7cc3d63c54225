//! Runs of a Jenkins pipeline with their stages: the answers of the Pipeline REST API (`wfapi`).

use crate::jenkins::{self, duration_seconds, started_at};
use crate::json::{self, At, List, Odd, Text, stated};
use crate::{Format, Members, Probe, ReadError};
use serde::Deserialize;
use shipworthy_model::{Build, Phase, Report, ReportedApproval, Tool, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "jenkins-pipeline-run",
    title: "Jenkins pipeline run (wfapi)",
    homepage: "https://github.com/jenkinsci/pipeline-stage-view-plugin/blob/master/rest-api/README.md",
    phase: Phase::Build,
    tool: "jenkins",
    reads: "the answers of `wfapi/describe` and of `wfapi/runs`, of which the newest run is taken",
    identifies: "",
    severities: "",
    marks: &["_links", "startTimeMillis", "stages", "pauseDurationMillis"],
    recognises: |probe: &Probe| {
        let is_run = |members: &Members| members.has_all(&["name", "status", "startTimeMillis", "stages"]);
        probe.object().is_some_and(is_run) || probe.first_element().is_some_and(is_run)
    },
    read,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    #[serde(borrow, default, rename = "_links")]
    links: Odd<Links<'a>>,
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    status: Option<Text<'a>>,
    start_time_millis: Option<i64>,
    duration_millis: Option<f64>,
    #[serde(borrow, default)]
    stages: List<'a>,
}

#[derive(Default, Deserialize)]
struct Links<'a> {
    #[serde(borrow, default, rename = "self")]
    own: Odd<Link<'a>>,
}

#[derive(Default, Deserialize)]
struct Link<'a> {
    #[serde(borrow)]
    href: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Stage<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    status: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let tool = Tool { name: "jenkins".to_owned(), version: None };
    let mut report = Report { tool: Some(tool), ..Report::default() };
    if !bytes.trim_ascii_start().starts_with(b"[") {
        read_run(&json::document(bytes)?, &At::Root, &mut report);
        return Ok(report);
    }
    let list: List<'_> = json::document(bytes)?;
    let runs = json::parts::<Run<'_>>(&list, "", &mut report.warnings);
    let Some((index, newest)) = runs.iter().max_by_key(|(_, run)| run.start_time_millis) else {
        return Err(ReadError::lacks("list of Jenkins runs", "the document", "expected a run, found none"));
    };
    if runs.len() > 1 {
        let message = format!("left out: {} older runs; a document is about one", runs.len() - 1);
        report.warnings.push(Warning { at: String::new(), message });
    }
    read_run(newest, &At::Root.index(*index), &mut report);
    Ok(report)
}

fn read_run(run: &Run<'_>, at: &At<'_>, report: &mut Report) {
    let warnings = &mut report.warnings;
    let href =
        run.links.get(at.key("_links"), warnings).and_then(|links| stated(links.own.0.as_ref().ok()?.href.as_ref()));
    let result = match run.status.as_deref() {
        Some(word) => jenkins::result_or_failed(word, &at.key("status").to_string(), warnings),
        None => "running",
    };
    // The id was a time before Jenkins 1.597, the name for display always begins with the number.
    let shown = stated(run.name.as_ref()).and_then(|name| {
        let digits: String = name.strip_prefix('#')?.chars().take_while(char::is_ascii_digit).collect();
        Some(digits).filter(|digits| !digits.is_empty())
    });
    let build = Build {
        system: "jenkins".to_owned(),
        job: href.as_deref().and_then(jenkins::job_at).unwrap_or_default(),
        number: shown.or_else(|| stated(run.id.as_ref())).unwrap_or_default(),
        result: result.to_owned(),
        started_at: started_at(run.start_time_millis, warnings),
        duration_seconds: duration_seconds(run.duration_millis, warnings),
        ..Build::default()
    };
    report.created_at = build.started_at.clone();
    report.subjects = jenkins::subjects(&build, warnings);
    report.build = Some(build);
    let stages = json::parts::<Stage<'_>>(&run.stages, at.key("stages"), warnings);
    let waiting = stages.iter().filter(|(_, stage)| stage.status.as_deref() == Some("PAUSED_PENDING_INPUT"));
    let approval = |(_, stage): &(usize, Stage<'_>)| ReportedApproval {
        name: stated(stage.name.as_ref()).unwrap_or_default(),
        status: "waiting".to_owned(),
        ..ReportedApproval::default()
    };
    report.approvals = waiting.map(approval).collect();
}
