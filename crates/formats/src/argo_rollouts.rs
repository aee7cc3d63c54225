//! Resources of Argo Rollouts with their status: an `AnalysisRun` or an `Experiment` verifies, a `Rollout` deploys.

use crate::json::Object;
use crate::text::capped;
use crate::{Format, Probe, ReadError, deployed, yaml};
use shipworthy_model::{Phase, Report, ReportedDeployment, Tool, Verification, VerificationMetric};

pub(crate) static FORMAT: Format = Format {
    name: "argo-rollouts",
    title: "Argo Rollouts resource",
    homepage: "https://argo-rollouts.readthedocs.io/en/stable/features/specification",
    phase: Phase::Deploy,
    tool: "argo-rollouts",
    reads: "`AnalysisRun`, `Experiment` and `Rollout` with their status, in JSON or YAML",
    identifies: "",
    severities: "",
    marks: &["apiVersion", "kind"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    yaml::kind(probe).is_some_and(|(version, kind)| {
        let is_ours = matches!(kind.as_str(), "AnalysisRun" | "Experiment" | "Rollout");
        version.starts_with("argoproj.io/") && is_ours && yaml::has_status(probe)
    })
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let json = yaml::as_json(bytes)?;
    let root = Object::document(&json)?;
    let tool = Some(Tool { name: "argo-rollouts".to_owned(), version: None });
    let verified = |verification: Verification| Report {
        created_at: verification.finished_at.clone().or_else(|| verification.started_at.clone()),
        verification: Some(verification),
        ..Report::default()
    };
    let report = match root.text("kind").unwrap_or_default().as_str() {
        "AnalysisRun" => verified(analysis(&root)),
        "Experiment" => verified(experiment(&root)),
        "Rollout" => deployed::report("argo-rollouts", vec![rollout(&root)]),
        other => {
            let message = format!("expected AnalysisRun, Experiment or Rollout, found `{other}`");
            return Err(ReadError::lacks("resource of Argo Rollouts", "/kind", message));
        }
    };
    Ok(Report { tool, warnings: root.warnings(), ..report })
}

/// The result of a phase, which analyses, their metrics and experiments have alike.
fn result(object: &Object<'_>, path: &str) -> String {
    let result = match object.text(path).unwrap_or_default().as_str() {
        "Successful" => "passed",
        "Failed" => "failed",
        "Error" => "error",
        "Inconclusive" => "inconclusive",
        "Pending" | "Running" | "" => "running",
        other => {
            let shown: String = other.chars().take(60).collect();
            object.warn(path, format!("expected a phase of Argo Rollouts, found `{shown}`"));
            "inconclusive"
        }
    };
    result.to_owned()
}

fn analysis(root: &Object<'_>) -> Verification {
    let metrics = root.objects("status.metricResults");
    let finished = root.instant("status.completedAt").or_else(|| {
        let ends = metrics.iter().flat_map(|metric| metric.objects("measurements"));
        let is_over = result(root, "status.phase") != "running";
        ends.filter_map(|measurement| measurement.instant("finishedAt")).max().filter(|_| is_over)
    });
    Verification {
        name: root.text("metadata.name").unwrap_or_default(),
        result: result(root, "status.phase"),
        score: None,
        started_at: root.instant("status.startedAt"),
        finished_at: finished,
        metrics: metrics.iter().map(metric).collect(),
    }
}

/// What it measured last says more than how often it did.
fn metric(metric: &Object<'_>) -> VerificationMetric {
    let mut reasons = Vec::new();
    reasons.extend(metric.text("message").map(capped));
    if let (Some(failed), Some(count)) = (metric.count("failed").filter(|failed| *failed > 0), metric.count("count")) {
        reasons.push(format!("{failed} of {count} measurements failed"));
    }
    if let Some(last) = metric.objects("measurements").last() {
        reasons.extend(last.text("message").map(capped));
        reasons.extend(last.text("value").map(|value| format!("last value {}", capped(value))));
    }
    if metric.flag("dryRun") == Some(true) {
        reasons.push("dry run: it does not count".to_owned());
    }
    VerificationMetric {
        name: metric.text("name").unwrap_or_default(),
        result: result(metric, "phase"),
        reason: Some(reasons.join("; ")).filter(|reason| !reason.is_empty()),
    }
}

/// An experiment is judged by its analyses.
fn experiment(root: &Object<'_>) -> Verification {
    let analyses = root.objects("status.analysisRuns");
    let metrics = analyses.iter().map(|analysis| VerificationMetric {
        name: analysis.text("name").unwrap_or_default(),
        result: result(analysis, "phase"),
        reason: analysis.text("message").map(capped),
    });
    Verification {
        name: root.text("metadata.name").unwrap_or_default(),
        result: result(root, "status.phase"),
        score: None,
        started_at: root.instant("status.availableAt"),
        finished_at: None,
        metrics: metrics.collect(),
    }
}

fn rollout(root: &Object<'_>) -> ReportedDeployment {
    let health = health(root);
    ReportedDeployment {
        name: root.text("metadata.name").unwrap_or_default(),
        id: root.text("status.currentPodHash"),
        target: root.text("metadata.namespace"),
        status: deployed::status_of_health(health).to_owned(),
        health: Some(health.to_owned()),
        message: deployed::message(root, "status.message").or_else(|| broken(root)),
        images: deployed::images_of_pod(root, "spec.template.spec"),
        ..ReportedDeployment::default()
    }
}

/// What the condition says that does not hold.
fn broken(root: &Object<'_>) -> Option<String> {
    let conditions = root.objects("status.conditions");
    let broken = conditions.iter().find(|condition| condition.text("status").as_deref() == Some("False"))?;
    deployed::message(broken, "message")
}

/// The phase that newer versions state, else what Argo CD makes of the status.
fn health(root: &Object<'_>) -> &'static str {
    match root.text("status.phase").as_deref() {
        Some("Healthy") => return "healthy",
        Some("Progressing") => return "progressing",
        Some("Degraded") => return "degraded",
        Some("Paused") => return "suspended",
        Some(other) => {
            let shown: String = other.chars().take(60).collect();
            root.warn("status.phase", format!("expected a phase of a rollout, found `{shown}`"));
        }
        None => {}
    }
    let is_invalid = |condition: &Object<'_>| {
        let reason = condition.text("reason").unwrap_or_default();
        condition.text("type").as_deref() == Some("InvalidSpec")
            || matches!(reason.as_str(), "ProgressDeadlineExceeded" | "RolloutAborted")
    };
    let is_broken = root.objects("status.conditions").iter().any(is_invalid);
    if is_broken || root.flag("status.abort") == Some(true) {
        return "degraded";
    }
    let is_paused = root.flag("spec.paused") == Some(true) || root.flag("status.controllerPause") == Some(true);
    if is_paused || !root.objects("status.pauseConditions").is_empty() {
        return "suspended";
    }
    let of = |name: &str| root.count(&format!("status.{name}")).unwrap_or_default();
    let (replicas, updated, available) = (of("replicas"), of("updatedReplicas"), of("availableReplicas"));
    let wanted = root.count("spec.replicas").unwrap_or(1);
    if updated < wanted || replicas > updated || available < updated {
        return "progressing";
    }
    let is_stable = root.text("status.stableRS") == root.text("status.currentPodHash");
    if root.has("status") && is_stable { "healthy" } else { "progressing" }
}
