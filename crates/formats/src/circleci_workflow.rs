//! A workflow of CircleCI: the answer of its API version 2 and the webhook `workflow-completed`.

use crate::address::without_credentials;
use crate::json::Object;
use crate::{Format, Probe, ReadError, build_run, times};
use shipworthy_model::{Build, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "circleci-workflow",
    title: "CircleCI workflow",
    homepage: "https://circleci.com/docs/webhooks-reference",
    phase: Phase::Build,
    tool: "circleci",
    reads: "the answer of `/workflow/<id>` of the API version 2, which knows no commit, and the webhook `workflow-completed`",
    identifies: "",
    severities: "",
    marks: &["pipeline_id", "project_slug", "happened_at"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.first_of_lines().or(probe.first_element()).is_some_and(|members| {
        let is_answer = members.has_all(&["pipeline_id", "project_slug", "pipeline_number", "status", "name"]);
        is_answer || members.value("type") == Some("workflow-completed") && members.has_all(&["workflow", "pipeline"])
    })
}

const RESULTS: &[(&str, &str)] = &[
    ("success", "succeeded"),
    ("failed", "failed"),
    ("error", "failed"),
    ("failing", "running"),
    ("unauthorized", "failed"),
    ("canceled", "cancelled"),
    ("not_run", "cancelled"),
    ("running", "running"),
    ("on_hold", "running"),
];

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let root = build_run::first(Object::documents(bytes)?, "answer of CircleCI")?;
    let workflow = root.object("workflow").unwrap_or_else(|| root.clone());
    let (started_at, ended_at) = (workflow.instant("created_at"), workflow.instant("stopped_at"));
    let project = root.first_text(&["project.slug", "project_slug"]);
    let name = [project.clone(), workflow.text("name")];
    let repository = root.text("pipeline.vcs.origin_repository_url").map(|url| without_credentials(&url));
    let build = Build {
        system: "circleci".to_owned(),
        job: name.into_iter().flatten().collect::<Vec<_>>().join("/"),
        number: root.first_text(&["pipeline.number", "pipeline_number"]).unwrap_or_default(),
        url: workflow.text("url"),
        result: build_run::result(&workflow, "status", RESULTS),
        started_by: root.first_text(&["pipeline.trigger_parameters.circleci.actor_id", "started_by"]),
        duration_seconds: times::seconds_between(started_at.as_ref(), ended_at.as_ref()),
        started_at,
        // `gh/shopwright/cart` is the project at GitHub.
        repository: repository
            .or_else(|| project.map(|slug| slug.split_once('/').map_or(slug.clone(), |(_, name)| name.to_owned()))),
        commit: root.text("pipeline.vcs.revision"),
        branch: root.text("pipeline.vcs.branch"),
    };
    Ok(build_run::report(&workflow, build, workflow.text("id").as_deref()))
}
