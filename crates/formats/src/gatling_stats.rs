//! Statistics of Gatling's report: `js/stats.json` and `js/global_stats.json`.

use crate::json::Object;
use crate::load_test::{self, rounded};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Performance, Phase, Report, ResponseTimes};

pub(crate) static FORMAT: Format = Format {
    name: "gatling-stats",
    title: "Gatling statistics",
    homepage: "https://docs.gatling.io/concepts/reports",
    phase: Phase::Deploy,
    tool: "gatling",
    reads: "`stats.json` and `global_stats.json` with the percentiles 50, 75, 95 and 99, which Gatling computes unless it is configured otherwise",
    identifies: "",
    severities: "",
    marks: &["stats", "contents", "numberOfRequests", "percentiles1"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| {
        members.has_all(&["numberOfRequests", "percentiles1"])
            || members.has_all(&["type", "stats", "contents"]) && probe.has("stats.numberOfRequests")
    })
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let root = Object::document(bytes)?;
    let stats = root.object("stats").unwrap_or_else(|| root.clone());
    let number = |name: &str, of: &str| number(&stats, &format!("{name}.{of}"));
    let Some(requests) = number("numberOfRequests", "total") else {
        return Err(ReadError::lacks(
            "statistics of Gatling",
            "/numberOfRequests/total",
            "expected a number, found none",
        ));
    };
    let of = |name: &str| number(name, "total").map(rounded);
    let performance = Performance {
        requests: whole(requests),
        failed: whole(number("numberOfRequests", "ko").unwrap_or_default()),
        duration_seconds: None,
        requests_per_second: of("meanNumberOfRequestsPerSecond"),
        response_times: Some(ResponseTimes {
            mean_milliseconds: of("meanResponseTime"),
            p50_milliseconds: of("percentiles1"),
            p90_milliseconds: None,
            p95_milliseconds: of("percentiles3"),
            p99_milliseconds: of("percentiles4"),
            max_milliseconds: of("maxResponseTime"),
        }),
        thresholds: Vec::new(),
    };
    Ok(load_test::report("gatling", None, performance, root.warnings()))
}

/// Older versions write numbers as texts, and `-` where there is none.
fn number(stats: &Object<'_>, path: &str) -> Option<f64> {
    stats.text(path)?.parse().ok().filter(|number: &f64| number.is_finite() && *number >= 0.0)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is finite and not below 0")]
fn whole(number: f64) -> u64 {
    number as u64
}
