//! Semgrep: weaknesses in sources, found by patterns. <https://semgrep.dev/docs/semgrep-appsec-platform/json-and-sarif>

use crate::json::Object;
use crate::problems::{Problem, cwes, first_line, relative, report};
use crate::{Format, Probe, ReadError, identity, secret, text};
use shipworthy_model::{Finding, FindingKind, FindingStatus, Phase, Report, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "semgrep",
    title: "Semgrep results",
    homepage: "https://semgrep.dev/docs/semgrep-appsec-platform/json-and-sarif",
    phase: Phase::Source,
    tool: "semgrep",
    reads: "JSON of the command line: code, secrets and supply chain",
    identifies: "rule, file and the tool's fingerprint, else the marked code",
    severities: "semgrep",
    marks: &["results", "errors", "paths"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    const KEYS: &[&str] =
        &["version", "results", "errors", "paths", "interfile_languages_used", "skipped_rules", "time"];
    probe.object().is_some_and(|members| {
        members.has_all(&["results", "errors"]) && members.0.iter().all(|(key, _)| KEYS.contains(&key.as_str()))
    }) && (probe.has("results.check_id") || probe.has("paths.scanned") || !probe.has("results.filename"))
        && !probe.has("results.metadata")
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document = Object::document(bytes)?;
    let findings: Vec<_> = document.objects("results").iter().map(finding).collect();
    let mut warnings = document.warnings();
    for error in document.objects("errors").iter().filter(|error| error.text("level").as_deref() == Some("error")) {
        let said = error.first_text(&["message", "long_msg"]).unwrap_or_default();
        let message = format!("not everything was looked at: {}", text::title(&said).unwrap_or_default());
        warnings.push(Warning { at: error.at(""), message });
    }
    Ok(report("semgrep", document.text("version"), &[FindingKind::Code], findings, warnings))
}

fn finding(result: &Object<'_>) -> Finding {
    let kind = kind(result);
    // Without a login, these words stand where the code and the fingerprint would.
    let with_login = |path: &str| result.text(path).filter(|text| text != "requires login");
    let lines = with_login("extra.lines");
    let message = result.text("extra.message").map(|message| match &lines {
        Some(lines) if kind == FindingKind::Secret => secret::without(&message, lines),
        _ => message,
    });
    let line = |path: &str| result.text(path).and_then(|line| first_line(&line));
    let rule = result.text("check_id").unwrap_or_else(|| "semgrep".to_owned());
    let path = result.text("path");
    let print = with_login("extra.fingerprint");
    let mut finding = Problem {
        rule: rule.clone(),
        message,
        word: result.first_text(&["extra.severity", "severity"]),
        path: path.clone(),
        line: line("start.line"),
        end_line: line("end.line"),
        within: lines,
    }
    .finding(kind, "semgrep");
    if let Some(print) = print {
        finding.identity = identity::of_parts(&rule, &[&path.as_deref().map(relative).unwrap_or_default(), &print]);
    }
    finding.cwes = result.one_or_more("extra.metadata.cwe").iter().flat_map(|text| cwes(text)).collect();
    finding.references = result.one_or_more("extra.metadata.references");
    finding.references.extend(result.text("extra.metadata.source").filter(|url| url.starts_with("https://")));
    finding.remediation = result.text("extra.fix").map(text::capped);
    if result.object("extra").is_some_and(|extra| extra.flag("is_ignored") == Some(true)) {
        finding.status = FindingStatus::Suppressed;
    }
    if kind == FindingKind::Vulnerability {
        about_component(&mut finding, result);
    }
    finding
}

fn kind(result: &Object<'_>) -> FindingKind {
    let category = result.text("extra.metadata.category");
    if result.object("extra.sca_info").is_some() {
        FindingKind::Vulnerability
    } else if category.as_deref() == Some("secrets")
        || result.text("extra.validation_state").is_some_and(|state| state != "NO_VALIDATOR")
    {
        FindingKind::Secret
    } else if category.is_some_and(|category| category != "security") {
        FindingKind::Quality
    } else {
        FindingKind::Code
    }
}

/// What the supply chain says: the vulnerable dependency.
fn about_component(finding: &mut Finding, result: &Object<'_>) {
    let names = ["extra.metadata.sca-vuln-database-identifier", "extra.metadata.cve", "extra.metadata.ghsa"];
    finding.aliases = names.iter().flat_map(|name| result.one_or_more(name)).collect();
    let Some(found) = result.object("extra.sca_info.dependency_match.found_dependency") else { return };
    let name = found.text("package").unwrap_or_default();
    finding.component = Some(shipworthy_model::ComponentRef { purl: None, name, version: found.text("version") });
}
