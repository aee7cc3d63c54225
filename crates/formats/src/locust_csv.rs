//! Statistics of Locust (`<prefix>_stats.csv` of `--csv`): a row for each request and one for all.

use crate::load_test::{self, rounded};
use crate::table::{Row, Table};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Performance, Phase, Report, ResponseTimes, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "locust-csv",
    title: "Locust statistics",
    homepage: "https://docs.locust.io/en/stable/retrieving-stats.html",
    phase: Phase::Deploy,
    tool: "locust",
    reads: "`<prefix>_stats.csv` of `--csv`, with the names of its columns since version 1 and before",
    identifies: "",
    severities: "",
    marks: &["Type", "Name", "Request Count"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.has_columns(&["Type", "Name", "Request Count", "Failure Count", "Average Response Time"])
        || probe.has_columns(&["Type", "Name", "# requests", "# failures", "Average response time"])
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let table = Table::parse("CSV statistics of Locust", bytes)?;
    let all = table.rows().find(|row| matches!(row.get("Name"), Some("Aggregated" | "Total")));
    let Some(all) = all else {
        return Err(ReadError::lacks("CSV statistics of Locust", "Name", "expected the row `Aggregated`, found none"));
    };
    let mut warnings = Vec::new();
    let mut of = |columns: &[&str]| number(&all, columns, &mut warnings);
    let requests = of(&["Request Count", "# requests"]);
    let failed = of(&["Failure Count", "# failures"]);
    let performance = Performance {
        requests: whole(requests),
        failed: whole(failed),
        duration_seconds: None,
        requests_per_second: of(&["Requests/s"]).map(rounded),
        response_times: Some(ResponseTimes {
            mean_milliseconds: of(&["Average Response Time", "Average response time"]).map(rounded),
            p50_milliseconds: of(&["50%", "Median Response Time", "Median response time"]),
            p90_milliseconds: of(&["90%"]),
            p95_milliseconds: of(&["95%"]),
            p99_milliseconds: of(&["99%"]),
            max_milliseconds: of(&["Max Response Time", "Max response time", "100%"]).map(rounded),
        }),
        thresholds: Vec::new(),
    };
    Ok(load_test::report("locust", None, performance, warnings))
}

/// The number in the first of `columns` that is there. `N/A` stands where there was no request.
fn number(row: &Row<'_>, columns: &[&str], warnings: &mut Vec<Warning>) -> Option<f64> {
    let (column, cell) = columns.iter().find_map(|column| Some((*column, row.get(column)?)))?;
    let number = cell.parse::<f64>().ok().filter(|number| number.is_finite() && *number >= 0.0);
    if number.is_none() && cell != "N/A" {
        let shown: String = cell.chars().take(60).collect();
        let message = format!("left out: expected a number in `{column}`, found `{shown}`");
        warnings.push(Warning { at: format!("line {}", row.line), message });
    }
    number
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is finite and not below 0")]
fn whole(number: Option<f64>) -> u64 {
    number.unwrap_or_default() as u64
}
