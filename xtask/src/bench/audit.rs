//! How many audit entries 16 writers make durable in a second.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use super::measure::Row;

/// Appends entries through the queue and each in its own transaction.
pub(crate) fn appends(binary: &Path, database: Option<&str>, engine: &str) -> Result<[Row; 2]> {
    let folder = std::env::temp_dir().join(format!("shipworthy-bench-audit-{}", std::process::id()));
    let mut command = Command::new(binary);
    command.args(["audit", "append", "--writers", "16", "--each", "2000", "--data"]).arg(&folder);
    if let Some(url) = database {
        command.args(["--database-url", url]);
    }
    let output = command.output().context("the binary does not start")?;
    let _ = std::fs::remove_dir_all(&folder);
    ensure!(output.status.success(), "appending failed: {}", String::from_utf8_lossy(&output.stderr));
    let measured: serde_json::Value = serde_json::from_slice(&output.stdout).context("the measure is not JSON")?;
    let row = |name: &str, what: &str, bar| {
        let rate = measured[name].as_f64().unwrap_or_default();
        Row::new(engine, what.to_owned(), bar, Vec::new()).with_rate(rate, "entries/s")
    };
    Ok([
        row("queued_per_second", "audit appends, 16 writers, durable", "≥ 5,000/s"),
        row("alone_per_second", "the same, each in its own transaction", ""),
    ])
}
