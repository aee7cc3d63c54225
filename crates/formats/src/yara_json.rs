//! YARA-X: files that match rules. <https://virustotal.github.io/yara-x/docs/cli/commands/>

use crate::json::Object;
use crate::problems::{Elements, report};
use crate::{Format, Probe, ReadError, identity, severity};
use shipworthy_model::{Finding, FindingKind, Location, Phase, Report, Severity};

pub(crate) static FORMAT: Format = Format {
    name: "yara-json",
    title: "YARA-X matches",
    homepage: "https://virustotal.github.io/yara-x/docs/cli/commands/",
    phase: Phase::Artifact,
    tool: "yara",
    reads: "JSON and JSON lines of `yr scan`",
    identifies: "rule and file",
    severities: "yara",
    marks: &["matches", "rules", "path"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.first_of_lines().is_some_and(|members| {
        let is_json = members.has_all(&["version", "matches"]) && members.0.len() == 2;
        (is_json && (probe.has("matches.file") || !probe.has("matches.artifact")))
            || (members.has_all(&["path", "rules"]) && (probe.has("rules.identifier") || members.0.len() == 2))
    })
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let elements = Elements::of(bytes)?;
    let mut findings = Vec::new();
    for object in &elements.objects {
        findings.extend(
            object.objects("matches").iter().map(|found| finding(found, found.text("rule"), found.text("file"))),
        );
        let rules = object.objects("rules");
        findings.extend(rules.iter().map(|rule| finding(rule, rule.text("identifier"), object.text("path"))));
    }
    let version = elements.objects.first().and_then(|object| object.text("version"));
    Ok(report("yara", version, &[FindingKind::Malware], findings, elements.warnings()))
}

fn finding(found: &Object<'_>, rule: Option<String>, path: Option<String>) -> Finding {
    let rule = rule.unwrap_or_else(|| "yara".to_owned());
    let path = path.unwrap_or_default();
    let word = found.text("meta.severity");
    Finding {
        severity: word.as_deref().map_or(Severity::Unknown, |word| severity::of_word("yara", word)),
        severity_word: word,
        description: found.text("meta.description"),
        references: found.text("meta.reference").into_iter().filter(|url| url.starts_with("https://")).collect(),
        identity: identity::of_parts(&rule, &[&path]),
        location: Some(Location { path, ..Location::default() }),
        ..Finding::new(FindingKind::Malware, rule.clone(), format!("matches the rule {rule}"))
    }
}
