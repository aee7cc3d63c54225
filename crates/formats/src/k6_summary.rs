//! The summary of k6 at the end of a run: of `--summary-export`, and what a script's `handleSummary` is given.

use crate::json::Object;
use crate::load_test::{self, rounded, threshold};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Performance, Phase, Report, ResponseTimes, Threshold};

pub(crate) static FORMAT: Format = Format {
    name: "k6-summary",
    title: "k6 summary",
    homepage: "https://grafana.com/docs/k6/latest/results-output/end-of-test/custom-summary",
    phase: Phase::Deploy,
    tool: "k6",
    reads: "the JSON of `--summary-export` and the data that `handleSummary` is given, written as JSON",
    identifies: "",
    severities: "",
    marks: &["metrics", "root_group"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let has_metric = ["iterations", "http_reqs", "data_received", "checks", "vus"];
    let has_metric = has_metric.iter().any(|metric| probe.has(&format!("metrics.{metric}")));
    probe.object().is_some_and(|members| members.has_all(&["metrics", "root_group"])) && has_metric
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let root = Object::document(bytes)?;
    let metrics = root.entries("metrics");
    let metric = |name: &str| metrics.iter().find(|(known, _)| known == name).map(|(_, metric)| values(metric));
    let made = metric("http_reqs").or_else(|| metric("iterations"));
    if made.is_none() {
        return Err(ReadError::lacks(
            "summary of k6",
            "/metrics",
            "expected `http_reqs` or `iterations`, found neither",
        ));
    }
    let is_http = metric("http_reqs").is_some();
    let failed = metric("http_req_failed");
    if failed.is_none() {
        root.warn("metrics", "expected `http_req_failed`: how many requests failed is not known");
    }
    let times = metric(if is_http { "http_req_duration" } else { "iteration_duration" });
    let milliseconds = root.number("state.testRunDurationMs");
    let performance = Performance {
        requests: made.as_ref().and_then(|made| made.count("count")).unwrap_or_default(),
        // The rate is one of failures, so that what passes for it is what failed.
        failed: failed.and_then(|failed| failed.count("passes")).unwrap_or_default(),
        duration_seconds: milliseconds.map(|milliseconds| rounded(milliseconds / 1000.0)),
        requests_per_second: made.and_then(|made| made.number("rate")).map(rounded),
        response_times: times.as_ref().map(response_times),
        thresholds: metrics.iter().flat_map(|(name, metric)| thresholds(name, metric)).collect(),
    };
    Ok(load_test::report("k6", None, performance, root.warnings()))
}

/// `handleSummary` has the values of a metric in an object of their own.
fn values<'a>(metric: &Object<'a>) -> Object<'a> {
    metric.object("values").unwrap_or_else(|| metric.clone())
}

/// k6 writes milliseconds here, whatever unit it shows people.
fn response_times(values: &Object<'_>) -> ResponseTimes {
    let of = |name: &str| values.number(name).map(rounded);
    ResponseTimes {
        mean_milliseconds: of("avg"),
        p50_milliseconds: of("med"),
        p90_milliseconds: of("p(90)"),
        p95_milliseconds: of("p(95)"),
        p99_milliseconds: of("p(99)"),
        max_milliseconds: of("max"),
    }
}

/// In the data of `handleSummary` a threshold is `{"ok": true}` when it held; the export writes `true` when it did not.
fn thresholds(name: &str, metric: &Object<'_>) -> Vec<Threshold> {
    let Some(stated) = metric.object("thresholds") else { return Vec::new() };
    let of = |criterion: &str| {
        let is_met = match stated.has_object(criterion) {
            true => stated.object(criterion)?.flag("ok"),
            false => stated.flag(criterion).map(|is_crossed| !is_crossed),
        };
        Some(threshold(format!("{name} {criterion}"), is_met?))
    };
    stated.keys().filter_map(of).collect()
}
