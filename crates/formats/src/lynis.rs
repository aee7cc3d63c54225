//! Lynis: an audit of a Unix system. Its report lists what it would change, and no test that passed.

use crate::checks::{Check, Checks, Outcome};
use crate::{Format, Probe, ReadError, severity};
use shipworthy_model::{Phase, Report, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "lynis",
    title: "Lynis report",
    homepage: "https://cisofy.com/documentation/lynis/",
    phase: Phase::Deploy,
    tool: "lynis",
    reads: "the report data file (`lynis-report.dat`) of version 2 and later",
    identifies: "the test and what it says of which thing",
    severities: "lynis",
    marks: &["lynis_version"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.is_text() && probe.shows("report_version_major=") && probe.shows("lynis_version=")
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let text = String::from_utf8_lossy(bytes);
    let mut checks = Checks::of_scanner();
    let (mut version, mut host) = (None, None);
    let mut is_finished = false;
    for (number, line) in text.lines().enumerate() {
        let Some((key, value)) = line.split_once('=') else { continue };
        match key {
            "lynis_version" => version = Some(value.trim().to_owned()),
            "hostname" => host = Some(value.trim().to_owned()).filter(|host| !host.is_empty()),
            "finish" | "report_datetime_end" | "hardening_index" => is_finished = true,
            "warning[]" | "suggestion[]" => match check(key, value, host.as_deref()) {
                Some(check) => checks.add(check),
                None => {
                    let message = format!(
                        "left out: expected a test and a text between bars, found `{}`",
                        crate::text::title(value).unwrap_or_default()
                    );
                    checks.warnings.push(Warning { at: format!("line {}", number + 1), message });
                }
            },
            _ => {}
        }
    }
    if version.is_none() {
        return Err(ReadError::lacks("report of Lynis", "lynis_version", "expected the version of Lynis, found none"));
    }
    if !is_finished {
        let message = "the report has no end: Lynis was stopped, and tests are missing".to_owned();
        checks.warnings.push(Warning { at: "hardening_index".to_owned(), message });
    }
    Ok(checks.report("lynis", version))
}

/// `TEST-1234|what was seen|details|what to do|`, where `-` means nothing.
fn check(key: &str, value: &str, host: Option<&str>) -> Option<Check> {
    let mut cells = value.split('|').map(str::trim);
    let mut cell = || cells.next().filter(|cell| !cell.is_empty() && *cell != "-").map(str::to_owned);
    let (rule, title, details, solution) = (cell()?, cell()?, cell(), cell());
    let word = key.trim_end_matches("[]");
    let identity = crate::identity::of_parts(&rule, &[&title, details.as_deref().unwrap_or_default()]);
    Some(Check {
        rule,
        title: Some(title),
        outcome: Outcome::Failed,
        severity: severity::of_word("lynis", word),
        severity_word: Some(word.to_owned()),
        reason: details,
        resource: host.map(str::to_owned),
        remediation: solution.map(|solution| solution.strip_prefix("text:").unwrap_or(&solution).to_owned()),
        identity: Some(identity),
        ..Check::default()
    })
}
