//! A canary judged by Kayenta: the answers of `/canary/<id>` and `/standalone_canary_analysis/<id>`.

use crate::json::Object;
use crate::text::capped;
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Phase, Report, Tool, Verification, VerificationMetric};

pub(crate) static FORMAT: Format = Format {
    name: "kayenta-canary",
    title: "Kayenta canary result",
    homepage: "https://github.com/spinnaker/kayenta/blob/master/docs/canary-config.md",
    phase: Phase::Deploy,
    tool: "kayenta",
    reads: "the answer of `/canary/<id>` of Kayenta or of Gate, and of `/standalone_canary_analysis/<id>`",
    identifies: "",
    severities: "",
    marks: &["canaryExecutionRequest", "stageStatus", "result", "canaryConfigId", "canaryAnalysisExecutionResult"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| {
        members.has_all(&["stageStatus", "status", "complete"])
            && (members.has("canaryExecutionRequest") || probe.has("result.judgeResult"))
            || members.has_all(&["canaryAnalysisExecutionResult", "canaryAnalysisExecutionRequest"])
    })
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let root = Object::document(bytes)?;
    let standalone = root.object("canaryAnalysisExecutionResult");
    let verification = match &standalone {
        Some(result) => of_standalone(&root, result),
        None => of_canary(&root),
    };
    Ok(Report {
        tool: Some(Tool { name: "kayenta".to_owned(), version: None }),
        created_at: verification.finished_at.clone().or_else(|| verification.started_at.clone()),
        verification: Some(verification),
        warnings: root.warnings(),
        ..Report::default()
    })
}

fn of_canary(root: &Object<'_>) -> Verification {
    let judged = root.object("result.judgeResult");
    let score = judged.as_ref().and_then(|judged| judged.number("score.score"));
    let result = match (&judged, root.flag("complete")) {
        (_, Some(false)) => "running",
        (Some(judged), _) => verdict(root, judged, score),
        // It is over without a judgment: something broke on the way.
        (None, _) => "error",
    };
    let metrics = judged.iter().flat_map(|judged| judged.objects("results")).map(|metric| metric_of(&metric));
    Verification {
        name: root.first_text(&["config.name", "canaryConfigId", "application"]).unwrap_or_default(),
        result: result.to_owned(),
        score: score.filter(|score| (0.0..=100.0).contains(score)),
        started_at: root.instant("startTimeIso"),
        finished_at: root.instant("endTimeIso"),
        metrics: metrics.collect(),
    }
}

/// The judge's word, or where it has none what the thresholds make of its score. A marginal canary goes on to the next
/// interval, and passes nothing by itself.
fn verdict(root: &Object<'_>, judged: &Object<'_>, score: Option<f64>) -> &'static str {
    match judged.text("score.classification").unwrap_or_default().to_ascii_lowercase().as_str() {
        "pass" => return "passed",
        "marginal" | "nodata" => return "inconclusive",
        "fail" => return "failed",
        "error" => return "error",
        "" => {}
        other => judged.warn("score.classification", format!("expected a word of the judge, found `{other}`")),
    }
    let thresholds = root.object("canaryExecutionRequest.thresholds");
    let of = |name: &str| thresholds.as_ref()?.number(name);
    match (score, of("pass"), of("marginal")) {
        (Some(score), Some(pass), _) if score >= pass => "passed",
        (Some(score), _, Some(marginal)) if score >= marginal => "inconclusive",
        (Some(_), Some(_), _) => "failed",
        _ => "inconclusive",
    }
}

fn metric_of(metric: &Object<'_>) -> VerificationMetric {
    let word = metric.text("classification").unwrap_or_default();
    let result = match word.to_ascii_lowercase().as_str() {
        "pass" => "passed",
        "high" | "low" => "failed",
        "nodata" => "inconclusive",
        "error" => "error",
        other => {
            metric.warn("classification", format!("expected Pass, High, Low, Nodata or Error, found `{other}`"));
            "inconclusive"
        }
    };
    let mut reasons = Vec::new();
    if result != "passed" {
        reasons.push(word);
    }
    reasons.extend(metric.text("classificationReason").map(capped));
    if metric.flag("muted") == Some(true) {
        reasons.push("muted: it does not count".to_owned());
    }
    if metric.flag("critical") == Some(true) {
        reasons.push("critical: it fails the canary".to_owned());
    }
    let reason = Some(reasons.join("; ")).filter(|reason| !reason.is_empty());
    VerificationMetric { name: metric.text("name").unwrap_or_default(), result: result.to_owned(), reason }
}

/// A standalone analysis is several canaries; it knows the score of each and the last one's metrics.
fn of_standalone(root: &Object<'_>, result: &Object<'_>) -> Verification {
    let word = match (root.flag("complete"), result.flag("didPassThresholds")) {
        (Some(false), _) => "running",
        (_, Some(true)) => "passed",
        (_, Some(false)) => "failed",
        _ => "error",
    };
    let canaries = result.objects("canaryExecutionResults");
    let metrics = canaries.last().map(|canary| canary.objects("result.judgeResult.results")).unwrap_or_default();
    let score = result.texts("canaryScores").last().and_then(|score| score.parse().ok());
    let name = ["canaryConfigId", "canaryAnalysisExecutionRequest.canaryConfigId", "application"];
    Verification {
        name: root.first_text(&name).unwrap_or_default(),
        result: word.to_owned(),
        score: score.filter(|score: &f64| (0.0..=100.0).contains(score)),
        started_at: root.first_text(&["startTimeIso"]).and_then(|_| root.instant("startTimeIso")),
        finished_at: root.instant("endTimeIso"),
        metrics: metrics.iter().map(metric_of).collect(),
    }
}
