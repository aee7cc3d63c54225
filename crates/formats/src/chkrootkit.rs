//! chkrootkit: rootkits on a host. <https://www.chkrootkit.org/README>

use crate::problems::report;
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Finding, FindingKind, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "chkrootkit",
    title: "chkrootkit report",
    homepage: "https://www.chkrootkit.org/",
    phase: Phase::Deploy,
    tool: "chkrootkit",
    reads: "the text of a scan: each check that is infected, vulnerable or warned of",
    identifies: "the check",
    severities: "",
    marks: &["ROOTDIR"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.is_text() && probe.first_line().starts_with("ROOTDIR is `")
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let text = String::from_utf8_lossy(bytes);
    let mut findings: Vec<Finding> = Vec::new();
    let mut checks = 0_usize;
    for line in text.lines() {
        let check = line
            .split_once("... ")
            .filter(|(check, _)| check.starts_with("Checking ") || check.starts_with("Searching "));
        if let Some((check, result)) = check {
            checks += 1;
            if ["INFECTED", "Vulnerable", "WARNING", "Possible", "warning"]
                .iter()
                .any(|word| result.trim_start().starts_with(word))
            {
                findings.push(Finding {
                    severity_word: result.split_whitespace().next().map(str::to_owned),
                    ..Finding::new(FindingKind::Malware, check, format!("{check}: {}", result.trim()))
                });
            }
        } else if let (Some(said), Some(finding)) = (line.strip_prefix("WARNING: "), findings.last_mut()) {
            let before = finding.description.take().map(|text| text + "\n").unwrap_or_default();
            finding.description = Some(before + said);
        }
    }
    if checks == 0 {
        return Err(ReadError::lacks(
            "chkrootkit report",
            "its lines",
            "expected checks with their results, found none",
        ));
    }
    Ok(report("chkrootkit", None, &[FindingKind::Malware], findings, Vec::new()))
}
