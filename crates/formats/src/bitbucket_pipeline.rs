//! A pipeline of Bitbucket Cloud: the answer of its API.

use crate::json::Object;
use crate::{Format, Probe, ReadError, build_run};
use shipworthy_model::{Build, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "bitbucket-pipeline",
    title: "Bitbucket pipeline",
    homepage: "https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pipelines",
    phase: Phase::Build,
    tool: "bitbucket",
    reads: "the answers of `/pipelines/<uuid>` and `/pipelines` of the API version 2.0, the latter's first pipeline",
    identifies: "",
    severities: "",
    marks: &["build_number", "build_seconds_used"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_pipeline =
        |of: &str| probe.value(&format!("{of}type")) == Some("pipeline") && probe.has(&format!("{of}state.name"));
    let is_page = probe.object().is_some_and(|members| members.has_all(&["page", "values"])) && is_pipeline("values.");
    let is_any = probe.first_of_lines().or(probe.first_element()).is_some();
    is_any && probe.has("target") && is_pipeline("") || is_page
}

const RESULTS: &[(&str, &str)] = &[
    ("SUCCESSFUL", "succeeded"),
    ("FAILED", "failed"),
    ("ERROR", "failed"),
    ("EXPIRED", "cancelled"),
    ("STOPPED", "cancelled"),
    ("PENDING", "running"),
    ("PARSING", "running"),
    ("IN_PROGRESS", "running"),
    ("PAUSED", "running"),
    ("HALTED", "cancelled"),
    ("RUNNING", "running"),
];

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let root = build_run::first(Object::documents(bytes)?, "answer of Bitbucket")?;
    let run = match root.has("values") {
        true => build_run::first(root.objects("values"), "answer of Bitbucket")?,
        false => root,
    };
    // Only what is completed has a result.
    let word =
        if run.has("state") && run.text("state.result.name").is_some() { "state.result.name" } else { "state.name" };
    let is_branch = run.text("target.ref_type").is_none_or(|kind| matches!(kind.as_str(), "branch" | "named_branch"));
    let repository = run.text("repository.full_name");
    let build = Build {
        system: "bitbucket".to_owned(),
        job: repository.clone().unwrap_or_default(),
        number: run.first_text(&["build_number", "uuid"]).unwrap_or_default(),
        url: run.text("links.html.href"),
        result: build_run::result(&run, word, RESULTS),
        started_by: run.first_text(&["creator.nickname", "creator.display_name", "trigger.name"]),
        started_at: run.instant("created_on"),
        duration_seconds: run.number("duration_in_seconds").or_else(|| run.number("build_seconds_used")),
        repository,
        commit: run.text("target.commit.hash"),
        branch: run.text("target.ref_name").filter(|_| is_branch),
    };
    Ok(build_run::report(&run, build, run.text("uuid").as_deref()))
}
