//! Rootkit Hunter: rootkits and unsafe settings of a host. <https://rkhunter.sourceforge.net/>

use crate::problems::report;
use crate::{Format, Media, Probe, ReadError};
use shipworthy_model::{Finding, FindingKind, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "rkhunter",
    title: "Rootkit Hunter log",
    homepage: "https://rkhunter.sourceforge.net/",
    phase: Phase::Deploy,
    tool: "rkhunter",
    reads: "the text of the log: each check with a warning",
    identifies: "the check",
    severities: "",
    marks: &["rkhunter"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    // A time in brackets looks like a list of JSON.
    let is_log = matches!(probe.media, Media::Text | Media::JsonArray(_) | Media::JsonLines(_));
    is_log && (probe.shows("] Running Rootkit Hunter") || probe.shows("Info: Starting test name '"))
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let text = String::from_utf8_lossy(bytes);
    let mut findings: Vec<Finding> = Vec::new();
    let (mut checks, mut version, mut warned) = (0_usize, None, false);
    for line in text.lines() {
        // `[05:10:40]   Checking for an SSH configuration file    [ Not found ]`
        let line = line.split_once(']').filter(|_| line.starts_with('[')).map_or(line, |(_, rest)| rest).trim();
        if let Some(found) = line.strip_prefix("Running Rootkit Hunter version ") {
            version = found.split_whitespace().next().map(str::to_owned);
        }
        if let Some((check, result)) = result_of(line) {
            checks += 1;
            warned = result == "Warning";
            if warned {
                findings.push(Finding::new(kind(check), check, check));
            }
        } else if let (Some(said), Some(finding)) =
            (line.strip_prefix("Warning: "), findings.last_mut().filter(|_| warned))
        {
            let before = finding.description.take().map(|text| text + "\n").unwrap_or_default();
            finding.description = Some(before + said);
        }
    }
    if checks == 0 {
        return Err(ReadError::lacks(
            "Rootkit Hunter log",
            "its lines",
            "expected checks with their results, found none",
        ));
    }
    Ok(report("rkhunter", version, &[FindingKind::Misconfiguration, FindingKind::Malware], findings, Vec::new()))
}

fn result_of(line: &str) -> Option<(&str, &str)> {
    let (check, result) = line.strip_suffix(" ]")?.rsplit_once("[ ")?;
    Some((check.trim(), result.trim())).filter(|(check, _)| !check.is_empty())
}

fn kind(check: &str) -> FindingKind {
    let check = check.to_ascii_lowercase();
    let words =
        ["rootkit", "trojan", "malware", "suspicious", "backdoor", "worm", "hidden", "sniffer", "deleted files"];
    if words.iter().any(|word| check.contains(word)) { FindingKind::Malware } else { FindingKind::Misconfiguration }
}
