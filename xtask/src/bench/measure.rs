//! Figures and their table: n, p50, p95, p99, CPU seconds each, memory, rate, and the load average beside them.

use std::fmt;
use std::time::Duration;

/// One measure.
pub(crate) struct Row {
    engine: String,
    what: String,
    bar: &'static str,
    times: Vec<Duration>,
    cpu_seconds_each: Option<f64>,
    note: Option<String>,
    load: f64,
}

impl Row {
    /// A measure of times.
    pub(crate) fn new(engine: &str, what: String, bar: &'static str, mut times: Vec<Duration>) -> Self {
        times.sort();
        Self { engine: engine.to_owned(), what, bar, times, cpu_seconds_each: None, note: None, load: load_average() }
    }

    /// Adds how much processor time server and database took for each.
    pub(crate) fn with_cpu(mut self, seconds: f64) -> Self {
        self.cpu_seconds_each = Some(seconds);
        self
    }

    /// Adds how many of something there were in a second.
    pub(crate) fn with_rate(mut self, rate: f64, of: &str) -> Self {
        self.note = Some(format!("{rate:.0} {of}"));
        self
    }

    /// Adds an amount of memory.
    pub(crate) fn with_memory(mut self, bytes: u64) -> Self {
        self.note = Some(format!("{:.1} MB", bytes as f64 / 1e6));
        self
    }

    fn quantile(&self, q: f64) -> String {
        let Some(last) = self.times.len().checked_sub(1) else { return String::new() };
        let index = (last as f64 * q).round() as usize;
        milliseconds(self.times[index.min(last)])
    }
}

fn milliseconds(time: Duration) -> String {
    let milliseconds = time.as_secs_f64() * 1e3;
    if milliseconds < 10.0 { format!("{milliseconds:.2} ms") } else { format!("{milliseconds:.0} ms") }
}

/// The load average of the last minute, as the kernel says it.
fn load_average() -> f64 {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().and_then(|word| word.parse().ok()).unwrap_or(f64::NAN)
}

/// All measures.
pub(crate) struct Table {
    binary_bytes: u64,
    rows: Vec<Row>,
}

impl Table {
    /// A table about a binary of this size.
    pub(crate) fn new(binary_bytes: u64) -> Self {
        Self { binary_bytes, rows: Vec::new() }
    }

    /// Adds a measure.
    pub(crate) fn add(&mut self, row: Row) {
        self.rows.push(row);
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "release binary: {:.1} MB (≤ 60 MB)\n", self.binary_bytes as f64 / 1e6)?;
        writeln!(f, "| database | measure | bar | n | p50 | p95 | p99 | CPU each | | load |")?;
        writeln!(f, "|---|---|---|---:|---:|---:|---:|---:|---:|---:|")?;
        for row in &self.rows {
            let cpu = row.cpu_seconds_each.map_or_else(String::new, |seconds| format!("{:.2} ms", seconds * 1e3));
            let note = row.note.as_deref().unwrap_or_default();
            writeln!(
                f,
                "| {} | {} | {} | {} | {} | {} | {} | {cpu} | {note} | {:.1} |",
                row.engine,
                row.what,
                row.bar,
                row.times.len(),
                row.quantile(0.5),
                row.quantile(0.95),
                row.quantile(0.99),
                row.load
            )?;
        }
        Ok(())
    }
}
