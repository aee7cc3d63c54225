//! A deployment as GitHub knows it: the webhooks `deployment` and `deployment_status`.

use crate::json::Object;
use crate::{Format, Probe, ReadError, deployed};
use shipworthy_model::{Phase, Report, ReportedDeployment};

pub(crate) static FORMAT: Format = Format {
    name: "github-deployment",
    title: "GitHub deployment",
    homepage: "https://docs.github.com/en/webhooks/webhook-events-and-payloads#deployment_status",
    phase: Phase::Deploy,
    tool: "github",
    reads: "the webhooks `deployment` and `deployment_status`",
    identifies: "",
    severities: "",
    marks: &["deployment", "deployment_status"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_deployment = probe.has_all(&["deployment.sha", "deployment.environment", "deployment.statuses_url"]);
    probe.object().is_some_and(|members| members.has_all(&["deployment", "repository"])) && is_deployment
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let root = Object::document(bytes)?;
    let Some(deployment) = root.object("deployment") else {
        return Err(ReadError::lacks("webhook of GitHub", "/deployment", "expected a deployment, found none"));
    };
    let state = root.text("deployment_status.state");
    let status = match state.as_deref() {
        Some("success") => "succeeded",
        Some("failure" | "error") => "failed",
        Some("in_progress" | "pending") => "running",
        Some("queued" | "waiting") | None => "waiting",
        // Another deployment took its place.
        Some("inactive") => "unknown",
        Some(other) => {
            let shown: String = other.chars().take(60).collect();
            root.warn("deployment_status.state", format!("expected a state of GitHub, found `{shown}`"));
            "unknown"
        }
    };
    let is_over = matches!(status, "succeeded" | "failed");
    let reported = ReportedDeployment {
        name: root.text("repository.full_name").unwrap_or_default(),
        id: deployment.text("id"),
        target: deployment.text("environment"),
        status: status.to_owned(),
        message: deployed::message(&root, "deployment_status.description"),
        revision: deployment.text("sha"),
        started_by: deployment.text("creator.login"),
        started_at: deployment.instant("created_at"),
        finished_at: root.instant("deployment_status.created_at").filter(|_| is_over),
        url: root.first_text(&["deployment_status.log_url", "deployment_status.target_url"]),
        ..ReportedDeployment::default()
    };
    Ok(Report { warnings: root.warnings(), ..deployed::report("github", vec![reported]) })
}
