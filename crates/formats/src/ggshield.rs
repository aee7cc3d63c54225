//! GitGuardian's command line: secrets in commits, files and images. <https://docs.gitguardian.com/ggshield-docs/>

use crate::json::Object;
use crate::leaks::{self, Leak};
use crate::problems::first_line;
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Finding, FindingStatus, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "ggshield",
    title: "ggshield secret scan",
    homepage: "https://docs.gitguardian.com/ggshield-docs/reference/secret/overview",
    phase: Phase::Source,
    tool: "ggshield",
    reads: "JSON of `ggshield secret scan`, of commits with their `scans` or of one path",
    identifies: "sort, file and the tool's `ignore_sha` of the secret",
    severities: "",
    marks: &["scans", "entities_with_incidents", "total_incidents"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has_all(&["type", "total_incidents", "total_occurrences"]))
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document = Object::document(bytes)?;
    let mut findings = Vec::new();
    for scan in document.objects("scans").iter().chain([&document]) {
        // A commit is named by its digest, whatever else by its path.
        let commit = scan.text("id").filter(|_| scan.text("type").as_deref() == Some("commit"));
        for file in scan.objects("entities_with_incidents") {
            let path = file.text("filename");
            let incidents = file.objects("incidents");
            findings.extend(incidents.iter().map(|incident| finding(incident, path.clone(), commit.clone())));
        }
    }
    Ok(leaks::report("ggshield", None, findings, document.warnings()))
}

fn finding(incident: &Object<'_>, path: Option<String>, commit: Option<String>) -> Finding {
    let occurrences = incident.objects("occurrences");
    let first = occurrences.first();
    let line = |name: &str| first.and_then(|first| first.text(name)).and_then(|line| first_line(&line));
    let validity = incident.text("validity").map(|validity| format!("Validity: {validity}"));
    let mut finding = Leak {
        rule: incident.first_text(&["type", "detector"]).unwrap_or_else(|| "ggshield".to_owned()),
        secret: first.and_then(|first| first.text("match")),
        fingerprint: incident.text("ignore_sha"),
        path,
        line: line("line_start"),
        end_line: line("line_end"),
        commit,
        details: validity.into_iter().collect(),
        ..Leak::default()
    }
    .finding("ggshield");
    finding.references.extend(incident.text("incident_url").filter(|url| url.starts_with("https://")));
    if incident.text("ignore_reason").is_some() {
        finding.status = FindingStatus::Suppressed;
    }
    finding
}
