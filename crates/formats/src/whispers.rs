//! Whispers by Skyscanner: hardcoded secrets in configurations. <https://github.com/adeptex/whispers>

use crate::json::Object;
use crate::leaks::{self, Leak};
use crate::problems::{Elements, first_line};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Finding, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "whispers",
    title: "Whispers report",
    homepage: "https://github.com/adeptex/whispers",
    phase: Phase::Source,
    tool: "whispers",
    reads: "JSON of versions 1.5 and 2",
    identifies: "rule, file and a digest of the secret",
    severities: "whispers",
    marks: &["key", "value", "rule_id"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe
        .first_element()
        .is_some_and(|members| members.has_all(&["key", "value", "file", "line", "severity", "message"]))
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let elements = Elements::of(bytes)?;
    let findings = elements.findings(|object| Some(finding(object)));
    Ok(leaks::report("whispers", None, findings, elements.warnings()))
}

fn finding(object: &Object<'_>) -> Finding {
    let leak = Leak {
        rule: object.first_text(&["rule_id", "message"]).unwrap_or_else(|| "whispers".to_owned()),
        title: object.text("message"),
        secret: object.text("value"),
        word: object.text("severity"),
        path: object.text("file"),
        line: object.text("line").and_then(|line| first_line(&line)),
        details: object.text("key").map(|key| format!("Key: {key}")).into_iter().collect(),
        ..Leak::default()
    };
    leak.finding("whispers")
}
