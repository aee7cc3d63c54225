//! What the readers of load tests share: percentiles of single measurements, and the report of a run.

use shipworthy_model::{Performance, Report, ResponseTimes, Threshold, Tool, Warning};

/// What was measured of the requests of a run, one by one.
#[derive(Debug, Default)]
pub(crate) struct Samples {
    /// Response times in milliseconds.
    times: Vec<f64>,
    /// How many failed.
    pub(crate) failed: u64,
    /// When the first began and the last ended, in milliseconds since 1970.
    span: Option<(f64, f64)>,
}

impl Samples {
    /// Adds a request. One that began at no known time says nothing of how long the run took.
    pub(crate) fn add(&mut self, started: Option<f64>, milliseconds: f64, failed: bool) {
        self.times.push(milliseconds);
        self.failed += u64::from(failed);
        if let Some(started) = started {
            self.covers(started, started + milliseconds);
        }
    }

    /// Widens the time that the run took.
    pub(crate) fn covers(&mut self, start: f64, end: f64) {
        let (first, last) = self.span.unwrap_or((start, end));
        self.span = Some((first.min(start), last.max(end)));
    }

    /// When the run began, RFC 3339.
    pub(crate) fn started_at(&self) -> Option<String> {
        crate::times::of_milliseconds(self.span?.0)
    }

    pub(crate) fn performance(mut self) -> Performance {
        self.times.sort_unstable_by(f64::total_cmp);
        let requests = self.times.len() as u64;
        let duration_seconds = self.span.map(|(first, last)| (last - first) / 1000.0).filter(|seconds| *seconds > 0.0);
        Performance {
            requests,
            failed: self.failed,
            duration_seconds,
            requests_per_second: duration_seconds.map(|seconds| rounded(count(requests) / seconds)),
            response_times: response_times(&self.times),
            thresholds: Vec::new(),
        }
    }
}

/// The mean and the percentiles of sorted times: of each the smallest measurement that so many are not above.
fn response_times(sorted: &[f64]) -> Option<ResponseTimes> {
    let last = *sorted.last()?;
    let at = |percent: usize| {
        let rank = (sorted.len() * percent).div_ceil(100).max(1);
        sorted.get(rank - 1).copied()
    };
    let sum: f64 = sorted.iter().sum();
    Some(ResponseTimes {
        mean_milliseconds: Some(rounded(sum / count(sorted.len() as u64))),
        p50_milliseconds: at(50),
        p90_milliseconds: at(90),
        p95_milliseconds: at(95),
        p99_milliseconds: at(99),
        max_milliseconds: Some(last),
    })
}

/// Three decimals are more than anybody measured.
pub(crate) fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

#[expect(clippy::cast_precision_loss, reason = "requests of a run stay far below 2^52")]
fn count(requests: u64) -> f64 {
    requests as f64
}

/// The report of a run. How many failed cannot be more than there were.
pub(crate) fn report(
    tool: &str,
    created_at: Option<String>,
    mut performance: Performance,
    mut warnings: Vec<Warning>,
) -> Report {
    if performance.failed > performance.requests {
        let message =
            format!("{} of {} requests failed: all are taken for failed", performance.failed, performance.requests);
        warnings.push(Warning { at: String::new(), message });
        performance.failed = performance.requests;
    }
    // Some tools write 0 for the times of no request.
    if performance.requests == 0 || performance.response_times == Some(ResponseTimes::default()) {
        performance.response_times = None;
    }
    Report {
        tool: Some(Tool { name: tool.to_owned(), version: None }),
        created_at,
        performance: Some(performance),
        warnings,
        ..Report::default()
    }
}

/// A criterion of success.
pub(crate) fn threshold(name: String, is_met: bool) -> Threshold {
    Threshold { name, is_met }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_measurements() {
        let mut samples = Samples::default();
        for time in 1..=200 {
            samples.add(Some(1000.0), f64::from(time), time > 198);
        }
        let performance = samples.performance();
        let times = performance.response_times.expect("there are times");
        let percentiles =
            [times.p50_milliseconds, times.p90_milliseconds, times.p95_milliseconds, times.p99_milliseconds];
        assert_eq!(percentiles.map(Option::unwrap_or_default), [100.0, 180.0, 190.0, 198.0]);
        assert_eq!((performance.requests, performance.failed, times.max_milliseconds), (200, 2, Some(200.0)));
    }
}
