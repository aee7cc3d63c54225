//! Gitleaks: secrets in the history of a repository or in files. <https://github.com/gitleaks/gitleaks#reporting>

use crate::address::without_credentials;
use crate::json::Object;
use crate::leaks::{self, Leak};
use crate::problems::{Elements, first_line};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Finding, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "gitleaks",
    title: "Gitleaks report",
    homepage: "https://github.com/gitleaks/gitleaks",
    phase: Phase::Source,
    tool: "gitleaks",
    reads: "JSON of versions 8 and later (`RuleID`) and up to 7 (`rule`, `offender`)",
    identifies: "rule, file and a digest of the secret; of a redacted one the tool's fingerprint",
    severities: "",
    marks: &["RuleID", "Secret", "offender"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.first_element().is_some_and(|members| {
        members.has_all(&["RuleID", "Secret", "File"]) || members.has_all(&["offender", "rule", "file"])
    })
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let elements = Elements::of(bytes)?;
    let findings = elements.findings(|object| Some(finding(object)));
    Ok(leaks::report("gitleaks", None, findings, elements.warnings()))
}

fn finding(object: &Object<'_>) -> Finding {
    // Version 7 counts no lines where it looked at commits.
    let line = |paths: &[&str]| object.first_text(paths).and_then(|line| first_line(&line));
    let tags = object.text("tags").or_else(|| Some(object.texts("Tags").join(", ")));
    let mut finding = Leak {
        rule: object.first_text(&["RuleID", "rule"]).unwrap_or_else(|| "gitleaks".to_owned()),
        title: object.text("Description"),
        secret: object.first_text(&["Secret", "offender"]),
        fingerprint: object.text("Fingerprint"),
        path: object.first_text(&["File", "file"]),
        line: line(&["StartLine", "lineNumber"]),
        end_line: line(&["EndLine"]),
        commit: object.first_text(&["Commit", "commit"]),
        details: tags.filter(|tags| !tags.is_empty()).map(|tags| format!("Tags: {tags}")).into_iter().collect(),
        ..Leak::default()
    }
    .finding("gitleaks");
    let link = object.first_text(&["Link", "leakURL"]).map(|link| without_credentials(&link));
    finding.references.extend(link);
    finding
}
