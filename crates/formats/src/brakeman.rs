//! Brakeman: weaknesses in Ruby on Rails. <https://brakemanscanner.org/docs/options/>

use crate::json::Object;
use crate::problems::{Names, cwes, report};
use crate::{Format, Probe, ReadError, identity};
use shipworthy_model::{Finding, FindingKind, FindingStatus, Phase, Report, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "brakeman",
    title: "Brakeman report",
    homepage: "https://brakemanscanner.org/docs/options/",
    phase: Phase::Source,
    tool: "brakeman",
    reads: "JSON of versions 3 and later, with ignored warnings; it states confidence and no severity",
    identifies: "the tool's fingerprint",
    severities: "",
    marks: &["scan_info", "warnings", "ignored_warnings"],
    recognises,
    read,
};

const NAMES: Names =
    Names { rule: "warning_type", message: "message", word: "", path: "file", line: "line", end_line: "" };

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has_all(&["scan_info", "warnings", "errors"]))
        && probe.has("scan_info.brakeman_version")
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document = Object::document(bytes)?;
    let open = document.objects("warnings").iter().map(finding).collect::<Vec<_>>();
    let ignored = document.objects("ignored_warnings");
    let ignored = ignored.iter().map(|warning| Finding { status: FindingStatus::Suppressed, ..finding(warning) });
    let findings = open.into_iter().chain(ignored).collect();
    let mut warnings = document.warnings();
    for error in document.objects("errors") {
        let message = format!("not everything was looked at: {}", error.text("error").unwrap_or_default());
        warnings.push(Warning { at: error.at(""), message });
    }
    Ok(report("brakeman", document.text("scan_info.brakeman_version"), &[FindingKind::Code], findings, warnings))
}

fn finding(warning: &Object<'_>) -> Finding {
    let mut finding = NAMES.problem("brakeman", warning).finding(FindingKind::Code, "brakeman");
    if let Some(print) = warning.text("fingerprint") {
        finding.identity = identity::of_fingerprint("brakeman", &print);
    }
    let confidence = warning.text("confidence").map(|confidence| format!("Confidence: {confidence}"));
    let code = warning.text("code").map(|code| format!("Code: {code}"));
    let lines: Vec<_> = code.into_iter().chain(confidence).collect();
    finding.description = Some(lines.join("\n")).filter(|text| !text.is_empty());
    finding.cwes = warning.texts("cwe_id").iter().flat_map(|text| cwes(text)).collect();
    finding.references = warning.text("link").into_iter().collect();
    finding
}
