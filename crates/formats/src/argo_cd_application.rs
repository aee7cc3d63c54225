//! Applications of Argo CD: the resource itself, the answers of its API, and what a notification sends of one.

use crate::json::Object;
use crate::{Format, Probe, ReadError, deployed, yaml};
use shipworthy_model::{Phase, Report, ReportedDeployment};

pub(crate) static FORMAT: Format = Format {
    name: "argo-cd-application",
    title: "Argo CD application",
    homepage: "https://argo-cd.readthedocs.io/en/stable/user-guide/application-specification",
    phase: Phase::Deploy,
    tool: "argo-cd",
    reads: "the resource `Application` with its status in JSON or YAML, lists of them, an event of the stream, and `app`, `spec` and `status` of a notification",
    identifies: "",
    severities: "",
    marks: &["app", "project", "apiVersion", "kind"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    if let Some((version, kind)) = yaml::kind(probe) {
        let is_ours = version.starts_with("argoproj.io/");
        return is_ours && matches!(kind.as_str(), "Application" | "ApplicationList") && yaml::has_status(probe);
    }
    ["", "items.", "result.application."].iter().any(|of| {
        let has = |path: &str| probe.has(&format!("{of}{path}"));
        has("spec.destination") && has("spec.project") && has("status.sync")
    })
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let json = yaml::as_json(bytes)?;
    let roots = Object::documents(&json)?;
    let mut deployments = Vec::new();
    for root in &roots {
        if root.has("items") {
            deployments.extend(root.objects("items").iter().map(deployment));
        } else {
            deployments.push(deployment(&root.object("result.application").unwrap_or_else(|| root.clone())));
        }
    }
    let warnings = roots.first().map(Object::warnings).unwrap_or_default();
    Ok(Report { warnings, ..deployed::report("argo-cd", deployments) })
}

fn deployment(application: &Object<'_>) -> ReportedDeployment {
    let phase = application.text("status.operationState.phase");
    let history = application.objects("status.history");
    let last = history.last().filter(|_| phase.as_deref() == Some("Succeeded"));
    let cluster = application.first_text(&["spec.destination.name", "spec.destination.server"]);
    let target: Vec<_> = [cluster, application.text("spec.destination.namespace")].into_iter().flatten().collect();
    ReportedDeployment {
        name: application.first_text(&["metadata.name", "app"]).unwrap_or_default(),
        id: last.and_then(|deployed| deployed.text("id")),
        target: Some(target.join("/")).filter(|target| !target.is_empty()),
        status: status(application, phase.as_deref()).to_owned(),
        health: deployed::health(application, "status.health.status"),
        is_in_sync: is_in_sync(application),
        message: deployed::message(application, "status.operationState.message"),
        revision: revision(application),
        images: application.texts("status.summary.images"),
        started_by: started_by(application),
        started_at: application.instant("status.operationState.startedAt"),
        finished_at: application.instant("status.operationState.finishedAt"),
        url: None,
    }
}

fn status(application: &Object<'_>, phase: Option<&str>) -> &'static str {
    match phase {
        Some("Running") => "running",
        Some("Succeeded") => "succeeded",
        Some("Failed" | "Error") => "failed",
        Some("Terminating") => "cancelled",
        // A requested operation that has not begun.
        None if application.has("operation") => "waiting",
        None => "unknown",
        Some(other) => {
            let shown: String = other.chars().take(60).collect();
            application.warn("status.operationState.phase", format!("expected a phase of Argo CD, found `{shown}`"));
            "unknown"
        }
    }
}

fn is_in_sync(application: &Object<'_>) -> Option<bool> {
    match application.text("status.sync.status")?.as_str() {
        "Synced" => Some(true),
        "OutOfSync" => Some(false),
        _ => None,
    }
}

/// The commit, or the version of a chart, that was synchronised last; of several sources the first.
fn revision(application: &Object<'_>) -> Option<String> {
    let places = ["status.operationState.syncResult.revision", "status.sync.revision"];
    application.first_text(&places).or_else(|| {
        let lists = ["status.operationState.syncResult.revisions", "status.sync.revisions"];
        lists.iter().find_map(|list| application.texts(list).into_iter().next())
    })
}

fn started_by(application: &Object<'_>) -> Option<String> {
    let operation =
        application.object("status.operationState.operation").or_else(|| application.object("operation"))?;
    let is_automated = operation.flag("initiatedBy.automated") == Some(true);
    operation.text("initiatedBy.username").or_else(|| is_automated.then(|| "automated sync".to_owned()))
}
