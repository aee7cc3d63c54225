//! A job of a pipeline of GitLab: the answer of its API and the webhook about jobs.

use crate::json::Object;
use crate::{Format, Probe, ReadError, build_run, gitlab};
use shipworthy_model::{Build, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "gitlab-job",
    title: "GitLab job",
    homepage: "https://docs.gitlab.com/api/jobs",
    phase: Phase::Build,
    tool: "gitlab",
    reads: "the answers of `/jobs/<id>` and `/jobs`, the latter's first job, and the job webhook",
    identifies: "",
    severities: "",
    marks: &["object_kind", "build_id", "build_status", "stage"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.first_of_lines().or(probe.first_element()).is_some_and(|members| {
        let is_answer = members.has_all(&["id", "status", "stage", "name", "ref", "pipeline", "commit"]);
        is_answer || members.value("object_kind") == Some("build") && members.has_all(&["build_id", "build_status"])
    })
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let root = build_run::first(Object::documents(bytes)?, "answer of GitLab")?;
    let is_webhook = root.has("object_kind");
    let of = |answer: &str, webhook: &str| root.text(if is_webhook { webhook } else { answer });
    let url = root.text("web_url");
    let project = gitlab::project(&root, url.as_ref());
    let (pipeline, job) = (of("pipeline.id", "pipeline_id"), of("id", "build_id"));
    // A job is known within its pipeline, whose result is another.
    let id = job.as_ref().map(|job| pipeline.map_or(job.clone(), |pipeline| format!("{pipeline}/{job}")));
    let (status, started) = if is_webhook { ("build_status", "build_started_at") } else { ("status", "started_at") };
    let is_tag = root.flag("tag") == Some(true);
    let name: Vec<_> = project.clone().into_iter().chain(of("name", "build_name")).collect();
    let build = Build {
        system: "gitlab".to_owned(),
        job: name.join("/"),
        number: job.unwrap_or_default(),
        url,
        result: build_run::result(&root, status, gitlab::RESULTS),
        started_by: root.first_text(&["user.username", "user.name"]),
        started_at: root.instant(started),
        duration_seconds: root.number(if is_webhook { "build_duration" } else { "duration" }),
        repository: project,
        commit: of("commit.id", "sha"),
        branch: root.text("ref").filter(|_| !is_tag),
    };
    Ok(build_run::report(&root, build, id.as_deref()))
}
