//! ClamAV: malware in files, as `clamscan` and `clamdscan` tell it. <https://docs.clamav.net/manual/Usage/Scanning.html>

use crate::problems::report;
use crate::{Format, Probe, ReadError, identity};
use shipworthy_model::{Finding, FindingKind, Location, Phase, Report, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "clamav",
    title: "ClamAV scan log",
    homepage: "https://docs.clamav.net/manual/Usage/Scanning.html",
    phase: Phase::Artifact,
    tool: "clamav",
    reads: "the text of `clamscan` and `clamdscan` with its summary",
    identifies: "signature and file",
    severities: "",
    marks: &["SCAN SUMMARY"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_line = |line: &str| line.ends_with(" FOUND") || line.ends_with(": OK") || line.contains("SCAN SUMMARY");
    probe.is_text()
        && (is_line(probe.first_line()) || probe.shows("- SCAN SUMMARY -"))
        && probe.shows("Infected files:")
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let text = String::from_utf8_lossy(bytes);
    let (mut findings, mut warnings) = (Vec::new(), Vec::new());
    let (mut version, mut has_summary) = (None, false);
    for (index, line) in text.lines().map(str::trim).enumerate() {
        let at = format!("line {}", index + 1);
        has_summary |= line.contains("SCAN SUMMARY");
        if let Some(engine) = line.strip_prefix("Engine version:") {
            version = Some(engine.trim().to_owned());
        } else if let Some((path, name)) = line.strip_suffix(" FOUND").and_then(|line| line.rsplit_once(": ")) {
            findings.push(finding(path, name));
        } else if line.ends_with(" ERROR") || line.starts_with("ERROR:") || line.starts_with("LibClamAV Error") {
            warnings.push(Warning { at, message: format!("not everything was scanned: {line}") });
        }
    }
    if !has_summary {
        return Err(ReadError::lacks("ClamAV scan log", "its end", "expected `SCAN SUMMARY`, found none"));
    }
    Ok(report("clamav", version, &[FindingKind::Malware], findings, warnings))
}

fn finding(path: &str, name: &str) -> Finding {
    let location = Location { path: path.to_owned(), ..Location::default() };
    Finding {
        identity: identity::of_parts(name, &[path]),
        location: Some(location),
        ..Finding::new(FindingKind::Malware, name, format!("{name} found"))
    }
}
