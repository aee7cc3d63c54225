//! Deployments of GitLab with their approvals: the answer of its API and the webhook about deployments.

use crate::json::Object;
use crate::text::capped;
use crate::{Format, Probe, ReadError, deployed, gitlab};
use shipworthy_model::{Phase, Report, ReportedApproval, ReportedDeployment};

pub(crate) static FORMAT: Format = Format {
    name: "gitlab-deployment",
    title: "GitLab deployment",
    homepage: "https://docs.gitlab.com/api/deployments",
    phase: Phase::Deploy,
    tool: "gitlab",
    reads: "the answers of `/deployments/<id>` and `/deployments`, and the deployment webhook",
    identifies: "",
    severities: "",
    marks: &["object_kind", "deployment_id", "deployable_id", "deployable"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.first_of_lines().or(probe.first_element()).is_some_and(|members| {
        let is_answer = members.has_all(&["iid", "ref", "sha", "environment", "deployable"]);
        is_answer || members.value("object_kind") == Some("deployment") && members.has("deployment_id")
    })
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let roots = Object::documents(bytes)?;
    let deployments = roots.iter().map(deployment).collect();
    let approvals =
        roots.iter().flat_map(|root| root.objects("approvals")).filter_map(|said| approval(&said)).collect();
    let warnings = roots.first().map(Object::warnings).unwrap_or_default();
    Ok(Report { approvals, warnings, ..deployed::report("gitlab", deployments) })
}

fn deployment(root: &Object<'_>) -> ReportedDeployment {
    let is_webhook = root.has("object_kind");
    // Older versions have the state of the job that deploys in its place.
    let word = root.text("status").or_else(|| root.text("deployable.status"));
    let status = match word.as_deref() {
        Some("success") => "succeeded",
        Some("failed") => "failed",
        Some("canceled" | "skipped") => "cancelled",
        Some("running" | "pending" | "preparing") => "running",
        Some("created" | "blocked" | "manual" | "waiting_for_resource" | "scheduled") => "waiting",
        other => {
            let shown: String = other.unwrap_or("nothing").chars().take(60).collect();
            root.warn("status", format!("expected a state of GitLab, found `{shown}`"));
            "unknown"
        }
    };
    let is_over = matches!(status, "succeeded" | "failed" | "cancelled");
    let url = root.first_text(&["deployable.web_url", "deployable_url"]);
    let finished = root.instant("deployable.finished_at").or_else(|| root.instant("updated_at"));
    let of_commit = || root.text("commit_url")?.rsplit('/').next().map(str::to_owned);
    ReportedDeployment {
        name: gitlab::project(root, url.as_ref()).or_else(|| root.text("deployable.name")).unwrap_or_default(),
        id: root.text(if is_webhook { "deployment_id" } else { "id" }),
        target: root.text(if is_webhook { "environment" } else { "environment.name" }),
        status: status.to_owned(),
        revision: root.text("sha").or_else(of_commit),
        started_by: root.text("user.username"),
        started_at: root.instant("deployable.started_at").or_else(|| root.instant("created_at")),
        finished_at: finished.filter(|_| is_over),
        url,
        ..ReportedDeployment::default()
    }
}

fn approval(said: &Object<'_>) -> Option<ReportedApproval> {
    let status = said.text("status").filter(|status| matches!(status.as_str(), "approved" | "rejected"));
    if status.is_none() {
        said.warn("status", "left out: expected approved or rejected, found another word");
    }
    Some(ReportedApproval {
        name: "deployment".to_owned(),
        status: status?,
        by: said.text("user.username"),
        at: said.instant("created_at"),
        comment: said.text("comment").map(capped),
    })
}
