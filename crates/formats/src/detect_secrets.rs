//! detect-secrets by Yelp: a scan or a baseline of secrets, of which it keeps digests alone.
//! <https://github.com/Yelp/detect-secrets>

use crate::json::Object;
use crate::leaks::{self, Leak};
use crate::problems::first_line;
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Finding, FindingStatus, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "detect-secrets",
    title: "detect-secrets baseline",
    homepage: "https://github.com/Yelp/detect-secrets",
    phase: Phase::Source,
    tool: "detect-secrets",
    reads: "JSON of scans and audited baselines of versions 0.12 and later",
    identifies: "sort, file and the tool's digest of the secret",
    severities: "",
    marks: &["plugins_used", "results", "generated_at"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has_all(&["plugins_used", "results", "version"]))
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document = Object::document(bytes)?;
    let results = document.object("results");
    let files = results.iter().flat_map(|results| results.keys().map(|file| (file.to_owned(), results.objects(file))));
    let findings = files.flat_map(|(file, secrets)| secrets.into_iter().map(move |secret| finding(&file, &secret)));
    let findings = findings.collect();
    let mut report = leaks::report("detect-secrets", document.text("version"), findings, document.warnings());
    report.created_at = document.text("generated_at");
    Ok(report)
}

fn finding(file: &str, object: &Object<'_>) -> Finding {
    let is_verified = object.flag("is_verified") == Some(true);
    let mut finding = Leak {
        rule: object.text("type").unwrap_or_else(|| "detect-secrets".to_owned()),
        fingerprint: object.text("hashed_secret"),
        path: Some(object.text("filename").unwrap_or_else(|| file.to_owned())),
        line: object.text("line_number").and_then(|line| first_line(&line)),
        details: vec![format!("Verified: {}", if is_verified { "the secret is live" } else { "no" })],
        ..Leak::default()
    }
    .finding("detect-secrets");
    // What somebody answered to `detect-secrets audit`.
    if object.flag("is_secret") == Some(false) {
        finding.status = FindingStatus::FalsePositive;
    }
    finding
}
