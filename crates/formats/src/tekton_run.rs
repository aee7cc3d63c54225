//! Runs of Tekton: the resources `PipelineRun` and `TaskRun` with their status, and the events about them. The images that
//! a run built and the commit that it was of are taken from the results and parameters by which Tekton Chains knows them.

use crate::address::without_credentials;
use crate::json::Object;
use crate::{Format, Probe, ReadError, build_run, deployed, times, yaml};
use shipworthy_model::{Build, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "tekton-run",
    title: "Tekton pipeline or task run",
    homepage: "https://tekton.dev/docs/pipelines/pipelineruns",
    phase: Phase::Build,
    tool: "tekton",
    reads: "`PipelineRun` and `TaskRun` of v1 and v1beta1 with their status, in JSON or YAML, and the data of the events `dev.tekton.event.*`",
    identifies: "",
    severities: "",
    marks: &["pipelineRun", "taskRun"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    if let Some((version, kind)) = yaml::kind(probe) {
        let is_run = matches!(kind.as_str(), "PipelineRun" | "TaskRun");
        return version.starts_with("tekton.dev/") && is_run && yaml::has_status(probe);
    }
    let is_run = |of: &str| {
        let has = |path: &str| probe.has(&format!("{of}{path}"));
        let is_asked =
            has("spec.pipelineRef") || has("spec.taskRef") || has("spec.pipelineSpec") || has("spec.taskSpec");
        is_asked && has("status.conditions")
    };
    probe.object().is_some() && ["", "pipelineRun.", "taskRun."].into_iter().any(is_run)
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let json = yaml::as_json(bytes)?;
    let root = Object::document(&json)?;
    let wrapped = ["pipelineRun", "taskRun"].iter().find_map(|key| root.has(key).then(|| root.object(key)).flatten());
    let run = wrapped.unwrap_or_else(|| root.clone());
    let (started_at, ended_at) = (run.instant("status.startTime"), run.instant("status.completionTime"));
    let (results, params) = (hints(&run, RESULTS), hints(&run, &["spec.params"]));
    let hint = |wanted: &str| {
        let named = results.iter().chain(&params).find(|(name, _)| name == wanted)?;
        Some(named.1.clone())
    };
    let named = [
        "metadata.labels.tekton.dev/pipeline",
        "spec.pipelineRef.name",
        "metadata.labels.tekton.dev/task",
        "spec.taskRef.name",
        "metadata.name",
    ];
    let build = Build {
        system: "tekton".to_owned(),
        job: run.first_text(&named).unwrap_or_default(),
        number: run.text("metadata.name").unwrap_or_default(),
        url: None,
        result: result(&run).to_owned(),
        started_by: run.first_text(&["spec.taskRunTemplate.serviceAccountName", "spec.serviceAccountName"]),
        duration_seconds: times::seconds_between(started_at.as_ref(), ended_at.as_ref()),
        started_at,
        repository: hint("CHAINS-GIT_URL").map(|url| without_credentials(&url)),
        commit: hint("CHAINS-GIT_COMMIT"),
        branch: None,
    };
    let id = run.first_text(&["metadata.uid", "metadata.name"]);
    let mut report = build_run::report(&run, build, id.as_deref());
    for (name, value) in &results {
        let is_image = name.ends_with("IMAGE_DIGEST") || name.ends_with("ARTIFACT_DIGEST");
        if is_image || name == "IMAGES" {
            let images = value.split([',', '\n']).map(str::trim);
            report.subjects.extend(images.filter_map(deployed::artifact));
        }
    }
    report.subjects = deployed::distinct(report.subjects);
    Ok(report)
}

/// Where the results of a run are, in its versions.
const RESULTS: &[&str] = &["status.results", "status.pipelineResults", "status.taskResults"];

/// Names and values in `lists`. A value may be an object with the digest of what was built.
fn hints(run: &Object<'_>, lists: &[&str]) -> Vec<(String, String)> {
    let mut hints = Vec::new();
    for list in lists {
        for item in run.objects(list) {
            let Some(name) = item.text("name") else { continue };
            if item.has_object("value") {
                let digest = item.text("value.digest").filter(|_| name.ends_with("ARTIFACT_OUTPUTS"));
                hints.extend(digest.map(|digest| ("ARTIFACT_DIGEST".to_owned(), digest)));
            } else if !item.has_list("value") {
                hints.extend(item.text("value").map(|value| (name, value)));
            }
        }
    }
    hints
}

fn result(run: &Object<'_>) -> &'static str {
    let conditions = run.objects("status.conditions");
    let found = conditions.iter().find(|condition| condition.text("type").as_deref() == Some("Succeeded"));
    let Some(condition) = found else { return "running" };
    let reason = condition.text("reason").unwrap_or_default();
    match condition.text("status").as_deref() {
        Some("True") => "succeeded",
        Some("False") if reason.contains("Cancelled") || reason.contains("Stopped") => "cancelled",
        Some("False") => "failed",
        _ => "running",
    }
}
