//! What k6 measures, one measurement a line: the output of `k6 run --out json`.

use crate::json::{self, Text};
use crate::load_test::{self, Samples};
use crate::{Format, Probe, ReadError};
use serde::Deserialize;
use shipworthy_model::{Phase, Report, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "k6-json",
    title: "k6 measurements",
    homepage: "https://grafana.com/docs/k6/latest/results-output/real-time/json",
    phase: Phase::Deploy,
    tool: "k6",
    reads: "the lines of `--out json` about HTTP requests; percentiles are computed, thresholds are not",
    identifies: "",
    severities: "",
    marks: &["type", "metric", "data"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.first_of_lines().is_some_and(|members| {
        members.has_all(&["type", "metric", "data"]) && matches!(members.value("type"), Some("Metric" | "Point"))
    })
}

#[derive(Deserialize)]
#[serde(expecting = "a measurement")]
struct Line<'a> {
    #[serde(borrow, rename = "type")]
    kind: Text<'a>,
    #[serde(borrow)]
    metric: Text<'a>,
    #[serde(borrow)]
    data: Point<'a>,
}

#[derive(Deserialize)]
#[serde(expecting = "a point")]
struct Point<'a> {
    #[serde(borrow)]
    time: Option<Text<'a>>,
    value: Option<f64>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut samples = Samples::default();
    let mut warnings = Vec::new();
    let (mut is_http, mut is_k6) = (false, false);
    for (index, line) in json::values(bytes)?.into_iter().enumerate() {
        let at = format!("/{index}");
        let Some(line) = json::part::<Line<'_>>(line, &at, &mut warnings) else { continue };
        is_k6 = true;
        let (true, Some(value)) = (&*line.kind == "Point", line.data.value) else { continue };
        match &*line.metric {
            "http_req_duration" => {
                is_http = true;
                // A measurement is written when the request is over.
                let end = line.data.time.as_deref().and_then(milliseconds);
                samples.add(end.map(|end| end - value), value, false);
            }
            "http_req_failed" if value > 0.0 => samples.failed += 1,
            _ => {}
        }
    }
    if !is_k6 {
        return Err(ReadError::lacks("output of k6", "line 1", "expected a measurement on each line, found none"));
    }
    if !is_http {
        let message = "expected points of `http_req_duration`, found none: the run made no request".to_owned();
        warnings.push(Warning { at: String::new(), message });
    }
    Ok(load_test::report("k6", samples.started_at(), samples.performance(), warnings))
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 stay far below 2^52")]
fn milliseconds(time: &str) -> Option<f64> {
    let instant: jiff::Timestamp = time.parse().ok()?;
    Some(instant.as_millisecond() as f64)
}
