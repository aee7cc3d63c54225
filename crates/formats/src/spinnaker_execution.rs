//! Executions of Spinnaker: what Gate answers, and the events of Echo that carry an execution. Each stage that deploys is
//! a deployment, each manual judgment an approval, and the last canary stage a verification.

use crate::json::Object;
use crate::text::capped;
use crate::{Format, Probe, ReadError, deployed, times};
use shipworthy_model::{Phase, Report, ReportedApproval, ReportedDeployment, Subject, Verification};

pub(crate) static FORMAT: Format = Format {
    name: "spinnaker-execution",
    title: "Spinnaker pipeline execution",
    homepage: "https://spinnaker.io/docs/reference/api/docs.html",
    phase: Phase::Deploy,
    tool: "spinnaker",
    reads: "one execution of a pipeline or an orchestration, a list of them, the answer of `/tasks/<id>`, and events of Echo about executions",
    identifies: "",
    severities: "",
    marks: &["stages", "pipelineConfigId", "application", "authentication", "trigger", "buildTime", "execution"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_execution = |members: &crate::Members| {
        members.has_all(&["application", "stages", "status", "buildTime", "trigger"])
            || (members.has_all(&["execution", "steps", "variables"]) && probe.has("execution.stages"))
    };
    let is_event = |of: &str| {
        let is_of_orca = probe.value(&format!("{of}details.type")).is_some_and(|word| word.starts_with("orca:"));
        is_of_orca && probe.has(&format!("{of}content.execution"))
    };
    probe.object().or(probe.first_element()).is_some_and(is_execution) || is_event("") || is_event("payload.")
}

/// Stages that put something into an environment. The stages that they consist of are not counted again.
const DEPLOYING: &[&str] = &[
    "deploy",
    "deployManifest",
    "patchManifest",
    "undoRolloutManifest",
    "createServerGroup",
    "cloneServerGroup",
    "rollbackCluster",
    "rollbackServerGroup",
    "deployCloudFormation",
    "deployService",
    "managedRollout",
];

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let roots = Object::documents(bytes)?;
    let mut deployments = Vec::new();
    let mut approvals = Vec::new();
    let mut canaries = Vec::new();
    let mut commits = Vec::new();
    for root in &roots {
        let execution = execution(root);
        if !execution.has("stages") {
            return Err(ReadError::lacks(
                "execution of Spinnaker",
                &execution.at("stages"),
                "expected stages, found none",
            ));
        }
        let stages = execution.objects("stages");
        let before = deployments.len();
        for stage in stages.iter().filter(|stage| !stage.has("parentStageId")) {
            match stage.text("type").unwrap_or_default().as_str() {
                "manualJudgment" => approvals.extend(approval(stage)),
                "kayentaCanary" => canaries.push((verification(stage), stage.clone())),
                kind if DEPLOYING.contains(&kind) => deployments.extend(deployment(&execution, stage)),
                _ => {}
            }
        }
        if deployments.len() == before {
            execution.warn("stages", "no stage of this execution deployed anything");
        }
        commits.extend(revision(&execution));
    }
    let verification = canaries.pop();
    if let (Some((_, stage)), false) = (&verification, canaries.is_empty()) {
        stage.warn("", format!("the last of {} canary stages is read", canaries.len() + 1));
    }
    let mut report = deployed::report("spinnaker", deployments);
    report.subjects.extend(commits.iter().filter_map(|commit| Subject::commit(commit).ok()));
    report.subjects = deployed::distinct(report.subjects);
    report.verification = verification.map(|(verification, _)| verification);
    let warnings = roots.first().map(Object::warnings).unwrap_or_default();
    Ok(Report { approvals, warnings, ..report })
}

/// The execution itself: in an event, and in the answer about a task, something is around it.
fn execution<'a>(root: &Object<'a>) -> Object<'a> {
    let wrapped = ["content.execution", "payload.content.execution", "execution"];
    let inner = wrapped.iter().find_map(|path| root.has(path.split('.').next()?).then(|| root.object(path)).flatten());
    inner.unwrap_or_else(|| root.clone())
}

fn deployment(execution: &Object<'_>, stage: &Object<'_>) -> Option<ReportedDeployment> {
    let status = match stage.text("status").unwrap_or_default().as_str() {
        "SUCCEEDED" => "succeeded",
        "FAILED_CONTINUE" | "TERMINAL" | "STOPPED" => "failed",
        "CANCELED" => "cancelled",
        "RUNNING" | "REDIRECT" => "running",
        "NOT_STARTED" | "PAUSED" | "SUSPENDED" | "BUFFERED" => "waiting",
        "SKIPPED" => return None,
        other => {
            let shown: String = other.chars().take(60).collect();
            stage.warn("status", format!("expected a status of Spinnaker, found `{shown}`"));
            "unknown"
        }
    };
    let account = stage.first_text(&["context.account", "context.deploy.account.name", "context.credentials"]);
    let place = stage.first_text(&["context.namespaceOverride", "context.location", "context.region"]);
    let place = place.or_else(|| stage.texts("context.regions").into_iter().next());
    let target: Vec<_> = [account, place].into_iter().flatten().collect();
    Some(ReportedDeployment {
        name: execution.first_text(&["name", "description", "application"]).unwrap_or_default(),
        id: execution.text("id"),
        target: Some(target.join("/")).filter(|target| !target.is_empty()),
        status: status.to_owned(),
        message: stage.text("context.exception.details.error").map(capped),
        revision: revision(execution),
        images: images(execution, stage),
        started_by: execution.first_text(&["trigger.user", "authentication.user", "trigger.type"]),
        started_at: stage.instant_of_milliseconds("startTime"),
        finished_at: stage.instant_of_milliseconds("endTime"),
        ..ReportedDeployment::default()
    })
}

/// The commit that the triggering build, or the push to Git, names.
fn revision(execution: &Object<'_>) -> Option<String> {
    let of_build = execution.objects("trigger.buildInfo.scm");
    of_build.iter().find_map(|scm| scm.text("sha1")).or_else(|| execution.text("trigger.hash"))
}

/// The images in the manifests that were deployed, else those that the stage or the pipeline was bound to.
fn images(execution: &Object<'_>, stage: &Object<'_>) -> Vec<String> {
    let mut images = Vec::new();
    for list in ["context.outputs.manifests", "outputs.manifests", "context.manifests"] {
        for manifest in stage.objects(list) {
            images.extend(deployed::images_of_pod(&manifest, "spec.template.spec"));
        }
        if !images.is_empty() {
            return deployed::distinct(images);
        }
    }
    for artifact in stage.objects("context.outputs.boundArtifacts") {
        images.extend(image(&artifact));
    }
    if images.is_empty() {
        for artifact in execution.objects("trigger.artifacts") {
            images.extend(image(&artifact));
        }
    }
    deployed::distinct(images)
}

fn image(artifact: &Object<'_>) -> Option<String> {
    let is_image = artifact.text("type").as_deref() == Some("docker/image");
    is_image.then(|| artifact.text("reference")).flatten()
}

/// A judgment that nobody gave in time is none.
fn approval(stage: &Object<'_>) -> Option<ReportedApproval> {
    let status = stage.text("status").unwrap_or_default();
    let judged = stage.text("context.judgmentStatus").unwrap_or_default().to_ascii_lowercase();
    let answer = match (judged.as_str(), status.as_str()) {
        ("continue", _) => "approved",
        ("stop", _) => "rejected",
        (_, "RUNNING" | "NOT_STARTED" | "PAUSED" | "SUSPENDED" | "BUFFERED") => "waiting",
        (_, "SKIPPED") => return None,
        _ => {
            stage.warn("context", format!("left out: the judgment is over ({status}) and nobody answered"));
            return None;
        }
    };
    let is_answered = answer != "waiting";
    let by = stage.first_text(&["context.lastModifiedBy", "lastModified.user"]);
    Some(ReportedApproval {
        name: stage.text("name").unwrap_or_default(),
        status: answer.to_owned(),
        by: by.filter(|_| is_answered),
        at: stage.instant_of_milliseconds("lastModified.lastModifiedTime").filter(|_| is_answered),
        comment: stage.text("context.judgmentInput").map(capped).filter(|_| is_answered),
    })
}

/// The canary stage knows its scores alone; the metrics are in the answer of Kayenta.
fn verification(stage: &Object<'_>) -> Verification {
    let result = match stage.text("status").unwrap_or_default().as_str() {
        "SUCCEEDED" => "passed",
        "RUNNING" | "NOT_STARTED" | "PAUSED" | "SUSPENDED" | "BUFFERED" => "running",
        "CANCELED" | "SKIPPED" => "inconclusive",
        _ => "failed",
    };
    let score = stage.texts("context.canaryScores").last().and_then(|score| score.parse().ok());
    let started_at = stage.text("startTime").and_then(|time| times::of_milliseconds(time.parse().ok()?));
    Verification {
        name: stage.text("name").unwrap_or_default(),
        result: result.to_owned(),
        score: score.filter(|score: &f64| (0.0..=100.0).contains(score)),
        started_at,
        finished_at: stage.instant_of_milliseconds("endTime"),
        metrics: Vec::new(),
    }
}
