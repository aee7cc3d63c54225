//! Secretlint: credentials in files. <https://github.com/secretlint/secretlint>

use crate::json::Object;
use crate::leaks::{self, Leak};
use crate::problems::{Elements, first_line};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Finding, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "secretlint",
    title: "Secretlint report",
    homepage: "https://github.com/secretlint/secretlint",
    phase: Phase::Source,
    tool: "secretlint",
    reads: "JSON of the formatter `json`, all versions",
    identifies: "rule, file and a digest of the secret",
    severities: "secretlint",
    marks: &["filePath", "sourceContentType", "messages"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_one = probe.first_element().is_some_and(|members| members.has_all(&["filePath", "messages"]));
    is_one && (probe.has("sourceContentType") || probe.has("messages.ruleParentId"))
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let elements = Elements::of(bytes)?;
    let mut findings = Vec::new();
    for file in &elements.objects {
        let path = file.text("filePath");
        findings.extend(file.objects("messages").iter().map(|message| finding(message, path.clone())));
    }
    Ok(leaks::report("secretlint", None, findings, elements.warnings()))
}

fn finding(message: &Object<'_>, path: Option<String>) -> Finding {
    // Each rule names what it found in its own words; a message is `found AWS Secret Access Key: …`.
    let said = message.text("message").unwrap_or_default();
    let (title, shown) = said.split_once(": ").unwrap_or((&said, ""));
    let data = message.object("data");
    let named = data.as_ref().and_then(|data| data.first_text(&["CREDENTIAL", "SECRET", "TOKEN", "KEY", "ID", "URL"]));
    let leak = Leak {
        rule: message.first_text(&["messageId", "ruleId"]).unwrap_or_else(|| "secretlint".to_owned()),
        title: Some(title.to_owned()),
        secret: named.or_else(|| Some(shown.to_owned())),
        word: message.text("severity"),
        path,
        line: message.text("loc.start.line").and_then(|line| first_line(&line)),
        end_line: message.text("loc.end.line").and_then(|line| first_line(&line)),
        ..Leak::default()
    };
    let mut finding = leak.finding("secretlint");
    finding.references.extend(message.text("docsUrl").filter(|url| url.starts_with("https://")));
    finding
}
