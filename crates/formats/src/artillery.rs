//! The report of Artillery (`artillery run --output`).

use crate::json::Object;
use crate::load_test::{self, rounded, threshold};
use crate::{Format, Probe, ReadError, times};
use shipworthy_model::{Performance, Phase, Report, ResponseTimes, Threshold};

pub(crate) static FORMAT: Format = Format {
    name: "artillery",
    title: "Artillery report",
    homepage: "https://www.artillery.io/docs/reference/reported-metrics",
    phase: Phase::Deploy,
    tool: "artillery",
    reads: "the JSON of `--output` of Artillery 2; an answer with a status from 400 and a request without answer count as failed",
    identifies: "",
    severities: "",
    marks: &["aggregate", "intermediate"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has("aggregate"))
        && probe.has_all(&["aggregate.counters", "aggregate.summaries"])
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let root = Object::document(bytes)?;
    let Some(aggregate) = root.object("aggregate") else {
        return Err(ReadError::lacks("report of Artillery", "/aggregate", "expected an object, found none"));
    };
    let counter = |name: &str| aggregate.count(&format!("counters.{name}")).unwrap_or_default();
    let requests = counter("http.requests");
    let mut failed = requests.saturating_sub(counter("http.responses"));
    for counted in
        aggregate.object("counters").iter().flat_map(|counters| counters.keys().map(str::to_owned).collect::<Vec<_>>())
    {
        let status = counted.strip_prefix("http.codes.").and_then(|status| status.parse::<u16>().ok());
        if status.is_some_and(|status| status >= 400) {
            failed = failed.saturating_add(counter(&counted));
        }
    }
    let (first, last) = (aggregate.number("firstMetricAt"), aggregate.number("lastMetricAt"));
    let seconds = first.zip(last).map(|(first, last)| (last - first) / 1000.0).filter(|seconds| *seconds > 0.0);
    let performance = Performance {
        requests,
        failed,
        duration_seconds: seconds,
        requests_per_second: aggregate.number("rates.http.request_rate").map(rounded),
        response_times: aggregate.object("summaries.http.response_time").map(|times| response_times(&times)),
        thresholds: thresholds(&root),
    };
    let created_at = first.and_then(times::of_milliseconds);
    Ok(load_test::report("artillery", created_at, performance, root.warnings()))
}

fn response_times(times: &Object<'_>) -> ResponseTimes {
    let of = |name: &str| times.number(name);
    ResponseTimes {
        mean_milliseconds: of("mean"),
        p50_milliseconds: of("median").or(of("p50")),
        p90_milliseconds: of("p90"),
        p95_milliseconds: of("p95"),
        p99_milliseconds: of("p99"),
        max_milliseconds: of("max"),
    }
}

/// What the plug-in `ensure` checked.
fn thresholds(root: &Object<'_>) -> Vec<Threshold> {
    let checks = root.objects("ensureChecks");
    let of = |check: &Object<'_>| {
        let name = check.first_text(&["original", "expression"])?;
        Some(threshold(name, check.count("result").map(|result| result == 1).or_else(|| check.flag("success"))?))
    };
    checks.iter().filter_map(of).collect()
}
