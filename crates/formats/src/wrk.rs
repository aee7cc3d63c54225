//! What wrk prints at the end of a run, with `--latency` or without.

use crate::load_test::{self, rounded};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Performance, Phase, Report, ResponseTimes};

pub(crate) static FORMAT: Format = Format {
    name: "wrk",
    title: "wrk result",
    homepage: "https://github.com/wg/wrk",
    phase: Phase::Deploy,
    tool: "wrk",
    reads: "the text that wrk and wrk2 print, with `--latency` or without",
    identifies: "",
    severities: "",
    marks: &["Thread Stats"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let first = probe.first_line();
    probe.is_text() && first.starts_with("Running ") && first.contains(" test @ ") && probe.shows("Thread Stats")
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    if memchr::memmem::find(bytes, b" requests in ").is_none() {
        return Err(ReadError::lacks(
            "result of wrk",
            "the end",
            "expected how many requests there were, found nothing",
        ));
    }
    let text = String::from_utf8_lossy(bytes);
    let mut performance = Performance::default();
    let mut times = ResponseTimes::default();
    for line in text.lines().map(str::trim) {
        let words: Vec<_> = line.split_whitespace().collect();
        match words[..] {
            ["Latency", mean, _, max, ..] if mean != "Distribution" => {
                times.mean_milliseconds = milliseconds(mean);
                times.max_milliseconds = milliseconds(max);
            }
            [percent, time] if percent.ends_with('%') => match percent.trim_end_matches('%').parse::<f64>() {
                Ok(50.0) => times.p50_milliseconds = milliseconds(time),
                Ok(90.0) => times.p90_milliseconds = milliseconds(time),
                Ok(95.0) => times.p95_milliseconds = milliseconds(time),
                Ok(99.0) => times.p99_milliseconds = milliseconds(time),
                _ => {}
            },
            [requests, "requests", "in", duration, ..] => {
                performance.requests = requests.parse().unwrap_or_default();
                performance.duration_seconds = milliseconds(duration.trim_end_matches(',')).map(|time| time / 1000.0);
            }
            ["Requests/sec:", rate] => {
                performance.requests_per_second = rate.parse().ok().filter(|rate: &f64| rate.is_finite()).map(rounded);
            }
            ["Non-2xx", .., count] | ["Socket", "errors:", .., count] => {
                let errors = if words[0] == "Socket" { socket_errors(line) } else { count.parse().unwrap_or_default() };
                performance.failed = performance.failed.saturating_add(errors);
            }
            _ => {}
        }
    }
    performance.response_times = Some(times);
    Ok(load_test::report("wrk", None, performance, Vec::new()))
}

/// The sum of `connect 0, read 0, write 0, timeout 3`.
fn socket_errors(line: &str) -> u64 {
    let numbers = line.split([' ', ',']).filter_map(|word| word.parse::<u64>().ok());
    numbers.fold(0, u64::saturating_add)
}

/// `635.91us`, `12.92ms`, `30.10s`, `2.00m` or `1.50h`.
fn milliseconds(text: &str) -> Option<f64> {
    let start = text.find(|c: char| c.is_ascii_alphabetic())?;
    let (number, unit) = text.split_at_checked(start)?;
    let factor = match unit {
        "us" => 0.001,
        "ms" => 1.0,
        "s" => 1000.0,
        "m" => 60_000.0,
        "h" => 3_600_000.0,
        _ => return None,
    };
    let number: f64 = number.parse().ok().filter(|number: &f64| number.is_finite() && *number >= 0.0)?;
    Some(rounded(number * factor))
}
