//! Workloads of Kubernetes as they run: what was rolled out and how it is, by the rules of Argo CD.

use crate::json::Object;
use crate::{Format, Probe, ReadError, deployed, yaml};
use shipworthy_model::{Phase, Report, ReportedDeployment};

pub(crate) static FORMAT: Format = Format {
    name: "kubernetes-workload",
    title: "Kubernetes workload",
    homepage: "https://argo-cd.readthedocs.io/en/stable/operator-manual/health",
    phase: Phase::Deploy,
    tool: "kubernetes",
    reads: "Deployment, StatefulSet, DaemonSet, ReplicaSet, Job and Pod with their status, alone in JSON or YAML or in a JSON list of `kubectl get -o json`",
    identifies: "",
    severities: "",
    marks: &["apiVersion", "kind"],
    recognises,
    read,
};

const KINDS: &[(&str, &str)] = &[
    ("apps/v1", "Deployment"),
    ("apps/v1", "StatefulSet"),
    ("apps/v1", "DaemonSet"),
    ("apps/v1", "ReplicaSet"),
    ("batch/v1", "Job"),
    ("v1", "Pod"),
];

fn is_workload(version: &str, kind: &str) -> bool {
    KINDS.contains(&(version, kind))
}

fn recognises(probe: &Probe) -> bool {
    let Some((version, kind)) = yaml::kind(probe) else { return false };
    let item = || Some((probe.value("items.apiVersion")?, probe.value("items.kind")?));
    let is_list = kind == "List" && item().is_some_and(|(version, kind)| is_workload(version, kind));
    (is_list || is_workload(&version, &kind)) && yaml::has_status(probe)
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let json = yaml::as_json(bytes)?;
    let root = Object::document(&json)?;
    let deployments = if root.text("kind").as_deref() == Some("List") {
        root.objects("items").iter().filter_map(deployment).collect()
    } else {
        Vec::from_iter(deployment(&root))
    };
    Ok(Report { warnings: root.warnings(), ..deployed::report("kubernetes", deployments) })
}

fn deployment(object: &Object<'_>) -> Option<ReportedDeployment> {
    let kind = object.text("kind").unwrap_or_default();
    let health = match kind.as_str() {
        "Deployment" => of_deployment(object),
        "StatefulSet" => of_stateful_set(object),
        "DaemonSet" => of_daemon_set(object),
        "ReplicaSet" => of_replica_set(object),
        "Job" => of_job(object),
        "Pod" => of_pod(object),
        other => {
            let shown: String = other.chars().take(60).collect();
            object.warn("kind", format!("left out: expected a workload, found `{shown}`"));
            return None;
        }
    };
    let mut images = Vec::new();
    if kind == "Pod" {
        images = running_images(object);
    }
    if images.is_empty() {
        let template = if kind == "Pod" { "spec" } else { "spec.template.spec" };
        images = deployed::images_of_pod(object, template);
    }
    Some(ReportedDeployment {
        name: object.text("metadata.name").unwrap_or_default(),
        target: object.text("metadata.namespace"),
        status: deployed::status_of_health(health).to_owned(),
        health: Some(health.to_owned()),
        message: message(object),
        images,
        started_at: object.instant("status.startTime"),
        finished_at: object.instant("status.completionTime"),
        ..ReportedDeployment::default()
    })
}

/// The images that run, by digest as soon as they were pulled: `docker-pullable://shop@sha256:…`.
fn running_images(pod: &Object<'_>) -> Vec<String> {
    let mut images = Vec::new();
    for list in ["status.initContainerStatuses", "status.containerStatuses"] {
        for container in pod.objects(list) {
            let pulled = container.text("imageID").filter(|image| image.contains("@sha256:"));
            let pulled = pulled.map(|image| image.split_once("://").map_or(image.clone(), |(_, rest)| rest.to_owned()));
            images.extend(pulled.or_else(|| container.text("image")));
        }
    }
    deployed::distinct(images)
}

/// What the conditions say that do not hold, or that say of themselves that something failed.
fn message(object: &Object<'_>) -> Option<String> {
    let conditions = object.objects("status.conditions");
    let is_bad = |condition: &&Object<'_>| {
        let holds = condition.text("status").as_deref() == Some("True");
        let is_failure = matches!(condition.text("type").as_deref(), Some("Failed" | "ReplicaFailure"));
        holds == is_failure
    };
    let said = conditions.iter().filter(is_bad).find_map(|condition| deployed::message(condition, "message"));
    said.or_else(|| deployed::message(object, "status.message"))
}

fn condition(object: &Object<'_>, kind: &str) -> Option<String> {
    let conditions = object.objects("status.conditions");
    let found = conditions.iter().find(|condition| condition.text("type").as_deref() == Some(kind))?;
    found.text("status")
}

fn count(object: &Object<'_>, path: &str) -> u64 {
    object.count(path).unwrap_or_default()
}

/// Whether the controller has seen what was asked for last.
fn is_observed(object: &Object<'_>) -> bool {
    count(object, "metadata.generation") <= count(object, "status.observedGeneration")
}

fn of_deployment(object: &Object<'_>) -> &'static str {
    if object.flag("spec.paused") == Some(true) {
        return "suspended";
    }
    if !is_observed(object) {
        return "progressing";
    }
    let conditions = object.objects("status.conditions");
    let is_late = |condition: &Object<'_>| condition.text("reason").as_deref() == Some("ProgressDeadlineExceeded");
    if conditions.iter().any(is_late) {
        return "degraded";
    }
    let updated = count(object, "status.updatedReplicas");
    let is_rolling = object.count("spec.replicas").is_some_and(|wanted| updated < wanted)
        || count(object, "status.replicas") > updated
        || count(object, "status.availableReplicas") < updated;
    if is_rolling { "progressing" } else { "healthy" }
}

fn of_stateful_set(object: &Object<'_>) -> &'static str {
    let wanted = object.count("spec.replicas");
    if !is_observed(object) || wanted.is_some_and(|wanted| count(object, "status.readyReplicas") < wanted) {
        return "progressing";
    }
    if object.text("spec.updateStrategy.type").as_deref() == Some("OnDelete") {
        return "healthy";
    }
    if let (Some(partition), Some(wanted)) = (object.count("spec.updateStrategy.rollingUpdate.partition"), wanted)
        && partition > 0
    {
        let is_updated = count(object, "status.updatedReplicas") >= wanted.saturating_sub(partition);
        return if is_updated { "healthy" } else { "progressing" };
    }
    let is_updated = object.text("status.updateRevision") == object.text("status.currentRevision");
    if is_updated { "healthy" } else { "progressing" }
}

fn of_daemon_set(object: &Object<'_>) -> &'static str {
    if !is_observed(object) {
        return "progressing";
    }
    let wanted = count(object, "status.desiredNumberScheduled");
    let is_updated = object.text("spec.updateStrategy.type").as_deref() == Some("OnDelete")
        || count(object, "status.updatedNumberScheduled") >= wanted;
    if is_updated && count(object, "status.numberAvailable") >= wanted { "healthy" } else { "progressing" }
}

fn of_replica_set(object: &Object<'_>) -> &'static str {
    if !is_observed(object) {
        return "progressing";
    }
    if condition(object, "ReplicaFailure").as_deref() == Some("True") {
        return "degraded";
    }
    let wanted = object.count("spec.replicas").unwrap_or(1);
    if count(object, "status.availableReplicas") < wanted { "progressing" } else { "healthy" }
}

fn of_job(object: &Object<'_>) -> &'static str {
    let holds = |kind: &str| condition(object, kind).as_deref() == Some("True");
    if holds("Failed") {
        "degraded"
    } else if holds("Complete") {
        "healthy"
    } else if holds("Suspended") {
        "suspended"
    } else {
        "progressing"
    }
}

fn of_pod(pod: &Object<'_>) -> &'static str {
    let containers = pod.objects("status.containerStatuses");
    let is_kept_up = matches!(pod.text("spec.restartPolicy").as_deref(), None | Some("Always"));
    let cannot_start = |container: &Object<'_>| {
        let reason = container.text("state.waiting.reason").unwrap_or_default();
        reason.starts_with("Err") || reason.ends_with("Error") || reason.ends_with("BackOff")
    };
    if is_kept_up && containers.iter().any(cannot_start) {
        return "degraded";
    }
    match pod.text("status.phase").as_deref() {
        Some("Succeeded") => "healthy",
        Some("Failed") => "degraded",
        Some("Pending") => "progressing",
        Some("Running") if !is_kept_up => "progressing",
        Some("Running") if condition(pod, "Ready").as_deref() == Some("True") => "healthy",
        Some("Running") => {
            let has_ended = containers.iter().any(|container| container.object("lastState.terminated").is_some());
            if has_ended { "degraded" } else { "progressing" }
        }
        _ => "unknown",
    }
}
