//! The result of oha (`oha --output-format json`, before that `oha --json`).

use crate::json::Object;
use crate::load_test::{self, rounded};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Performance, Phase, Report, ResponseTimes};

pub(crate) static FORMAT: Format = Format {
    name: "oha",
    title: "oha result",
    homepage: "https://github.com/hatoo/oha",
    phase: Phase::Deploy,
    tool: "oha",
    reads: "the JSON of `--output-format json`; an answer with a status from 400 and a request without answer count as failed",
    identifies: "",
    severities: "",
    marks: &["summary", "latencyPercentiles", "statusCodeDistribution", "errorDistribution"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has_all(&["summary", "latencyPercentiles", "statusCodeDistribution"]))
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let root = Object::document(bytes)?;
    let (answered, refused) = sums(&root, "statusCodeDistribution");
    let (errors, _) = sums(&root, "errorDistribution");
    let milliseconds = |path: &str| root.number(path).map(|seconds| rounded(seconds * 1000.0));
    let performance = Performance {
        requests: answered.saturating_add(errors),
        failed: refused.saturating_add(errors),
        duration_seconds: root.number("summary.total").map(rounded),
        requests_per_second: root.number("summary.requestsPerSec").map(rounded),
        response_times: Some(ResponseTimes {
            mean_milliseconds: milliseconds("summary.average"),
            p50_milliseconds: milliseconds("latencyPercentiles.p50"),
            p90_milliseconds: milliseconds("latencyPercentiles.p90"),
            p95_milliseconds: milliseconds("latencyPercentiles.p95"),
            p99_milliseconds: milliseconds("latencyPercentiles.p99"),
            max_milliseconds: milliseconds("summary.slowest"),
        }),
        thresholds: Vec::new(),
    };
    Ok(load_test::report("oha", None, performance, root.warnings()))
}

/// How many there are in a distribution, and how many of them have a status from 400.
fn sums(root: &Object<'_>, path: &str) -> (u64, u64) {
    let Some(distribution) = root.object(path) else { return (0, 0) };
    let mut sums = (0_u64, 0_u64);
    for key in distribution.keys() {
        let count = distribution.count(key).unwrap_or_default();
        sums.0 = sums.0.saturating_add(count);
        if key.parse::<u16>().is_ok_and(|status| status >= 400) {
            sums.1 = sums.1.saturating_add(count);
        }
    }
    sums
}
