//! trufflehog3, the scanner for secrets by feeltheajf. <https://github.com/feeltheajf/trufflehog3>

use crate::json::Object;
use crate::leaks::{self, Leak};
use crate::problems::{Elements, first_line};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Finding, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "trufflehog3",
    title: "trufflehog3 report",
    homepage: "https://github.com/feeltheajf/trufflehog3",
    phase: Phase::Source,
    tool: "trufflehog3",
    reads: "JSON of versions 3 (`rule`, `secret`) and 2 (`stringsFound`)",
    identifies: "rule, file and a digest of the secret",
    severities: "trufflehog3",
    marks: &["rule", "secret", "branch"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.first_element().is_some_and(|members| {
        let is_3 = members.has_all(&["rule", "secret", "path", "context"]) && probe.has("rule.severity");
        is_3 || members.has_all(&["stringsFound", "reason", "commitHash", "branch"])
    })
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let elements = Elements::of(bytes)?;
    let findings = elements.objects.iter().flat_map(findings).collect();
    Ok(leaks::report("trufflehog3", None, findings, elements.warnings()))
}

fn findings(object: &Object<'_>) -> Vec<Finding> {
    let leak = |secret: Option<String>| Leak {
        rule: object.first_text(&["rule.id", "reason"]).unwrap_or_else(|| "trufflehog3".to_owned()),
        title: object.text("rule.message"),
        word: object.text("rule.severity"),
        secret,
        path: object.text("path"),
        line: object.text("line").and_then(|line| first_line(&line)),
        commit: object.first_text(&["commit", "commitHash"]).filter(|commit| !commit.contains(' ')),
        ..Leak::default()
    };
    let secrets = object.texts("stringsFound");
    if secrets.is_empty() {
        return vec![leak(object.text("secret")).finding("trufflehog3")];
    }
    secrets.into_iter().map(|secret| leak(Some(secret)).finding("trufflehog3")).collect()
}
