//! A pipeline of GitLab: the answer of its API and the webhook about pipelines.

use crate::json::Object;
use crate::{Format, Probe, ReadError, build_run, gitlab};
use shipworthy_model::{Build, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "gitlab-pipeline",
    title: "GitLab pipeline",
    homepage: "https://docs.gitlab.com/api/pipelines",
    phase: Phase::Build,
    tool: "gitlab",
    reads: "the answers of `/pipelines/<id>` and `/pipelines`, the latter's first pipeline, and the pipeline webhook",
    identifies: "",
    severities: "",
    marks: &["object_kind", "object_attributes", "builds", "detailed_status"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.first_of_lines().or(probe.first_element()).is_some_and(|members| {
        let is_of_pipeline = members.value("web_url").is_some_and(|url| url.contains("/pipelines/"));
        let is_answer = members.has_all(&["id", "sha", "ref", "status", "web_url"]) && is_of_pipeline;
        is_answer || members.value("object_kind") == Some("pipeline") && members.has("object_attributes")
    })
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let root = build_run::first(Object::documents(bytes)?, "answer of GitLab")?;
    let pipeline = root.object("object_attributes").unwrap_or_else(|| root.clone());
    let url = pipeline.first_text(&["web_url", "url"]);
    let project = gitlab::project(&root, url.as_ref());
    let is_tag = pipeline.flag("tag") == Some(true);
    let build = Build {
        system: "gitlab".to_owned(),
        job: project.clone().unwrap_or_default(),
        number: pipeline.first_text(&["iid", "id"]).unwrap_or_default(),
        url,
        result: build_run::result(&pipeline, "status", gitlab::RESULTS),
        started_by: root.text("user.username").or_else(|| pipeline.text("source")),
        started_at: pipeline.instant("started_at").or_else(|| pipeline.instant("created_at")),
        duration_seconds: pipeline.number("duration"),
        repository: project,
        commit: pipeline.text("sha"),
        branch: pipeline.text("ref").filter(|_| !is_tag),
    };
    Ok(build_run::report(&pipeline, build, pipeline.text("id").as_deref()))
}
