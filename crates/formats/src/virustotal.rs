//! VirusTotal: what many engines say of a file. <https://docs.virustotal.com/reference/files>

use crate::json::Object;
use crate::problems::report;
use crate::{Format, Probe, ReadError, identity, subjects};
use shipworthy_model::{Finding, FindingKind, Location, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "virustotal",
    title: "VirusTotal file report",
    homepage: "https://docs.virustotal.com/reference/files",
    phase: Phase::Artifact,
    tool: "virustotal",
    reads: "JSON of version 3 of the interface, an object of the type `file`",
    identifies: "the SHA-256 of the file",
    severities: "",
    marks: &["data"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.value("data.type") == Some("file") && probe.has("data.attributes.last_analysis_stats")
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document = Object::document(bytes)?;
    let Some(file) = document.object("data.attributes") else {
        return Err(ReadError::lacks("VirusTotal file report", "/data/attributes", "expected an object, found none"));
    };
    let digest = file.first_text(&["sha256"]).or_else(|| document.text("data.id")).unwrap_or_default();
    let findings = finding(&file, &digest).into_iter().collect();
    let mut report = report("virustotal", None, &[FindingKind::Malware], findings, document.warnings());
    subjects::add_artifact(&mut report.subjects, &format!("sha256:{digest}"));
    let seconds = file.text("last_analysis_date").and_then(|seconds| seconds.parse().ok());
    let instant = seconds.and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
    report.created_at = instant.map(|instant| instant.to_string());
    Ok(report)
}

/// The finding, where any engine speaks against the file. What engines say apart would count one file many times.
fn finding(file: &Object<'_>, digest: &str) -> Option<Finding> {
    let count =
        |word: &str| file.text(&format!("last_analysis_stats.{word}")).and_then(|count| count.parse::<u64>().ok());
    let (malicious, suspicious) = (count("malicious").unwrap_or(0), count("suspicious").unwrap_or(0));
    let word = if malicious > 0 { "malicious" } else { "suspicious" };
    if malicious + suspicious == 0 {
        return None;
    }
    let results = file.object("last_analysis_results");
    let engines =
        results.iter().flat_map(|results| results.keys().map(|engine| (engine.to_owned(), results.object(engine))));
    let said = engines.filter_map(|(engine, result)| {
        let result = result
            .filter(|result| result.text("category").is_some_and(|said| said == "malicious" || said == "suspicious"))?;
        Some(format!("{engine}: {}", result.text("result").unwrap_or_default()))
    });
    let said: Vec<_> = said.collect();
    let label = file.text("popular_threat_classification.suggested_threat_label");
    let rule = label.unwrap_or_else(|| word.to_owned());
    let title = format!("{malicious} engines call it malicious, {suspicious} suspicious");
    let names = file.texts("names");
    let name = file.text("meaningful_name").or_else(|| names.first().cloned()).unwrap_or_else(|| digest.to_owned());
    Some(Finding {
        severity_word: Some(word.to_owned()),
        description: Some(said.join("\n")).filter(|said| !said.is_empty()),
        location: Some(Location { path: name, ..Location::default() }),
        identity: identity::of_fingerprint("sha256", digest),
        ..Finding::new(FindingKind::Malware, rule, title)
    })
}
