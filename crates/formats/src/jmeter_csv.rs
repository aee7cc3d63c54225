//! Results of JMeter (JTL) as a table: a row for each sample.

use crate::load_test::{self, Samples};
use crate::table::{Row, Table};
use crate::{Format, Probe, ReadError, jmeter};
use shipworthy_model::{Phase, Report, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "jmeter-csv",
    title: "JMeter results (CSV)",
    homepage: "https://jmeter.apache.org/usermanual/listeners.html",
    phase: Phase::Deploy,
    tool: "jmeter",
    reads: "JTL tables with a header line, separated by commas, semicolons or tabs; percentiles are computed",
    identifies: "",
    severities: "",
    marks: &["timeStamp", "elapsed", "success"],
    recognises,
    read,
};

const WHAT: &str = "CSV results of JMeter";

fn recognises(probe: &Probe) -> bool {
    probe.has_columns(&["timeStamp", "elapsed", "label", "success"])
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let header = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    if memchr::memmem::find(header, b"elapsed").is_none() {
        return Err(ReadError::lacks(WHAT, "line 1", "expected the column `elapsed`, found none"));
    }
    let table = Table::parse(WHAT, bytes)?;
    let mut samples = Samples::default();
    let mut warnings = Vec::new();
    let mut dates = 0_u64;
    for row in table.rows().filter(|row| !row.get("responseMessage").is_some_and(jmeter::is_sum)) {
        let Some(elapsed) = elapsed(&row, &mut warnings) else { continue };
        // A format of dates can be configured, which has no time zone.
        let started = row.get("timeStamp").and_then(|text| text.parse::<f64>().ok()).filter(|time| time.is_finite());
        dates += u64::from(started.is_none());
        samples.add(started, elapsed, row.get("success") != Some("true"));
    }
    if dates > 0 {
        let message =
            format!("{dates} samples began at no number of milliseconds: how long they took together is not known");
        warnings.push(Warning { at: "timeStamp".to_owned(), message });
    }
    Ok(load_test::report("jmeter", samples.started_at(), samples.performance(), warnings))
}

fn elapsed(row: &Row<'_>, warnings: &mut Vec<Warning>) -> Option<f64> {
    let text = row.get("elapsed").unwrap_or_default();
    let elapsed = text.parse::<f64>().ok().filter(|time| time.is_finite() && *time >= 0.0);
    if elapsed.is_none() {
        let shown: String = text.chars().take(60).collect();
        let message = format!("left out: expected milliseconds in `elapsed`, found `{shown}`");
        warnings.push(Warning { at: format!("line {}", row.line), message });
    }
    elapsed
}
