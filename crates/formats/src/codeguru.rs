//! Findings of Amazon CodeGuru Security in source code.

use crate::json::Object;
use crate::problems::{cwes, report};
use crate::{Format, Probe, ReadError, identity, severity, text};
use shipworthy_model::{Finding, FindingKind, FindingStatus, Location, Phase, Report, Severity};

pub(crate) static FORMAT: Format = Format {
    name: "codeguru",
    title: "Amazon CodeGuru Security findings",
    homepage: "https://docs.aws.amazon.com/codeguru/latest/security-api/API_GetFindings.html",
    phase: Phase::Source,
    tool: "codeguru",
    reads: "`findings` as `GetFindings` answers and the command-line tool writes them",
    identifies: "Amazon's number of the finding, else the rule with file and code",
    severities: "codeguru",
    marks: &["findings", "nextToken"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has("findings"))
        && probe.has("findings.vulnerability.filePath")
        && (probe.has("findings.detectorId") || probe.has("findings.ruleId"))
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document = Object::document(bytes)?;
    if !document.has_list("findings") {
        return Err(ReadError::lacks("findings of CodeGuru", "/findings", "expected a list, found none"));
    }
    let findings = document.objects("findings").iter().map(finding).collect();
    if document.has("nextToken") {
        document.warn("nextToken", "this is a page of several; the findings of the others are not in it");
    }
    Ok(report("codeguru", None, &[FindingKind::Code, FindingKind::Secret], findings, document.warnings()))
}

fn finding(item: &Object<'_>) -> Finding {
    let rule = item.first_text(&["ruleId", "detectorId", "detectorName"]).unwrap_or_default();
    let title = item.text("title").unwrap_or_else(|| rule.clone());
    let file = item.object("vulnerability").and_then(|vulnerability| vulnerability.object("filePath"));
    let text = |key: &str| file.as_ref().and_then(|file| file.text(key));
    let line = |key: &str| file.as_ref().and_then(|file| u32::try_from(file.count(key)?).ok()).filter(|line| *line > 0);
    let path = text("path").or_else(|| text("name"));
    // The code may hold a secret, of which the digest alone is taken.
    let code: Vec<_> = item
        .object("vulnerability")
        .filter(|vulnerability| vulnerability.has_list("codeSnippet"))
        .iter()
        .flat_map(|vulnerability| vulnerability.objects("codeSnippet"))
        .filter_map(|line| line.text("content"))
        .collect();
    let code = identity::of_code(&code.join("\n"));
    let made = identity::of_parts(&rule, &[path.as_deref().unwrap_or_default(), &code]);
    let word = item.text("severity");
    let references = item.object("vulnerability").filter(|known| known.has_list("referenceUrls"));
    let references: Vec<_> = references.iter().flat_map(|known| known.texts("referenceUrls")).collect();
    let is_secret = item.text("detectorId").or_else(|| item.text("type")).is_some_and(|of| of.contains("secret"));
    Finding {
        severity: word.as_deref().map_or(Severity::Unknown, |word| severity::of_word("codeguru", word)),
        severity_word: word,
        description: item.text("description").map(text::capped),
        cwes: references.iter().flat_map(|address| weaknesses(address)).collect(),
        location: path.map(|path| Location { path, line: line("startLine"), end_line: line("endLine") }),
        remediation: item.object("recommendation").and_then(|said| said.text("text")).map(text::capped),
        status: if item.text("status").is_some_and(|status| status.eq_ignore_ascii_case("closed")) {
            FindingStatus::Fixed
        } else {
            FindingStatus::Open
        },
        identity: item.text("id").map_or(made, |id| identity::of_fingerprint("codeguru", &id)),
        references,
        ..Finding::new(if is_secret { FindingKind::Secret } else { FindingKind::Code }, rule, title)
    }
}

fn weaknesses(address: &str) -> Vec<u32> {
    address
        .split_once("cwe.mitre.org/data/definitions/")
        .map(|(_, rest)| rest.trim_end_matches(".html"))
        .map(cwes)
        .unwrap_or_default()
}
