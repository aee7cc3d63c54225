//! A run of a workflow of GitHub Actions: the answer of the REST API and the webhook `workflow_run`.

use crate::json::Object;
use crate::{Format, Probe, ReadError, build_run, times};
use shipworthy_model::{Build, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "github-workflow-run",
    title: "GitHub Actions workflow run",
    homepage: "https://docs.github.com/en/rest/actions/workflow-runs",
    phase: Phase::Build,
    tool: "github",
    reads: "the answers of `/actions/runs/<id>` and `/actions/runs`, the latter's first run, and the webhook `workflow_run`",
    identifies: "",
    severities: "",
    marks: &["workflow_run", "workflow_runs", "run_number", "workflow_id", "head_sha", "conclusion"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_run = |of: &str| {
        probe.has_all(&[format!("{of}run_number").as_str(), &format!("{of}workflow_id"), &format!("{of}head_sha")])
    };
    let members = probe.first_of_lines().or(probe.first_element());
    members.is_some_and(|members| {
        members.has_all(&["run_number", "workflow_id", "head_sha", "conclusion"])
            || members.has_all(&["action", "workflow_run"]) && !members.has("deployment") && is_run("workflow_run.")
            || members.has_all(&["total_count", "workflow_runs"])
    })
}

const RESULTS: &[(&str, &str)] = &[
    ("success", "succeeded"),
    ("failure", "failed"),
    ("timed_out", "failed"),
    ("startup_failure", "failed"),
    ("neutral", "unstable"),
    ("cancelled", "cancelled"),
    ("skipped", "cancelled"),
    ("stale", "cancelled"),
    ("action_required", "running"),
];

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let root = build_run::first(Object::documents(bytes)?, "answer of GitHub")?;
    let run = match root.has("workflow_runs") {
        true => build_run::first(root.objects("workflow_runs"), "answer of GitHub")?,
        false => root.object("workflow_run").unwrap_or_else(|| root.clone()),
    };
    let is_over = run.text("status").as_deref() == Some("completed");
    let started_at = run.instant("run_started_at").or_else(|| run.instant("created_at"));
    let ended_at = run.instant("updated_at").filter(|_| is_over);
    let build = Build {
        system: "github".to_owned(),
        job: run.first_text(&["name", "path", "workflow_id"]).unwrap_or_default(),
        number: run.text("run_number").unwrap_or_default(),
        url: run.text("html_url"),
        result: if is_over { build_run::result(&run, "conclusion", RESULTS) } else { "running".to_owned() },
        started_by: run.first_text(&["triggering_actor.login", "actor.login", "event"]),
        duration_seconds: times::seconds_between(started_at.as_ref(), ended_at.as_ref()),
        started_at,
        repository: run.text("repository.full_name").or_else(|| root.text("repository.full_name")),
        commit: run.text("head_sha"),
        branch: run.text("head_branch"),
    };
    Ok(build_run::report(&run, build, run.text("id").as_deref()))
}
