//! The statistics of JMeter's dashboard (`statistics.json`).

use crate::json::Object;
use crate::load_test::{self, rounded};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Performance, Phase, Report, ResponseTimes};

pub(crate) static FORMAT: Format = Format {
    name: "jmeter-statistics",
    title: "JMeter dashboard statistics",
    homepage: "https://jmeter.apache.org/usermanual/generating-dashboard.html",
    phase: Phase::Deploy,
    tool: "jmeter",
    reads: "`statistics.json` of the dashboard with the percentiles 90, 95 and 99, which JMeter computes unless it is configured otherwise",
    identifies: "",
    severities: "",
    marks: &["Total"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has("Total"))
        && probe.has_all(&["Total.transaction", "Total.sampleCount", "Total.errorCount"])
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let root = Object::document(bytes)?;
    let Some(total) = root.object("Total") else {
        return Err(ReadError::lacks("statistics of JMeter", "/Total", "expected an object, found none"));
    };
    let of = |name: &str| total.number(name).map(rounded);
    let performance = Performance {
        requests: total.count("sampleCount").unwrap_or_default(),
        failed: total.count("errorCount").unwrap_or_default(),
        duration_seconds: None,
        requests_per_second: of("throughput"),
        response_times: Some(ResponseTimes {
            mean_milliseconds: of("meanResTime"),
            p50_milliseconds: of("medianResTime"),
            p90_milliseconds: of("pct1ResTime"),
            p95_milliseconds: of("pct2ResTime"),
            p99_milliseconds: of("pct3ResTime"),
            max_milliseconds: of("maxResTime"),
        }),
        thresholds: Vec::new(),
    };
    Ok(load_test::report("jmeter", None, performance, root.warnings()))
}
