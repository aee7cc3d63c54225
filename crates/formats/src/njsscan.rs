//! njsscan: weaknesses in Node.js. <https://github.com/ajinabraham/njsscan>

use crate::json::Object;
use crate::problems::{Problem, cwes, first_line, report};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Finding, FindingKind, Phase, Report, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "njsscan",
    title: "njsscan report",
    homepage: "https://github.com/ajinabraham/njsscan",
    phase: Phase::Source,
    tool: "njsscan",
    reads: "JSON, all versions: `nodejs` and `templates`; a finding for each place",
    identifies: "rule, file and the marked code",
    severities: "njsscan",
    marks: &["njsscan_version", "nodejs", "templates"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has_all(&["njsscan_version", "nodejs"]))
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document = Object::document(bytes)?;
    let mut findings = places("njsscan", &document, "nodejs");
    findings.extend(places("njsscan", &document, "templates"));
    let mut warnings = document.warnings();
    warnings.extend(errors(&document));
    Ok(report("njsscan", document.text("njsscan_version"), &[FindingKind::Code], findings, warnings))
}

/// The findings of a tool that is built on libsast, which njsscan and mobsfscan are: a rule, what is known of it and the
/// places where it matched.
pub(crate) fn places(tool: &str, document: &Object<'_>, key: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (rule, found) in document.entries(key) {
        let files = found.objects("files");
        findings.extend(files.iter().map(|file| finding(tool, &rule, &found, Some(file))));
        // That something is missing has no place.
        if files.is_empty() {
            findings.push(finding(tool, &rule, &found, None));
        }
    }
    findings
}

/// What could not be looked at.
pub(crate) fn errors(document: &Object<'_>) -> Vec<Warning> {
    let said = document.objects("errors").into_iter().filter_map(|error| {
        let said = error.first_text(&["message", "long_msg", "short_msg"])?;
        Some(Warning { at: error.at(""), message: format!("not everything was looked at: {said}") })
    });
    said.collect()
}

fn finding(tool: &str, rule: &str, found: &Object<'_>, file: Option<&Object<'_>>) -> Finding {
    let lines = file.map(|file| file.one_or_more("match_lines")).unwrap_or_default();
    let line = |place: usize| lines.get(place).and_then(|line| first_line(line));
    let problem = Problem {
        rule: rule.to_owned(),
        message: found.text("metadata.description"),
        word: found.text("metadata.severity"),
        path: file.and_then(|file| file.text("file_path")),
        line: line(0),
        end_line: line(1),
        within: file.and_then(|file| file.text("match_string")),
    };
    let mut finding = problem.finding(FindingKind::Code, tool);
    finding.cwes = found.text("metadata.cwe").iter().flat_map(|text| cwes(text)).collect();
    finding.references =
        found.text("metadata.reference").into_iter().filter(|url| url.starts_with("https://")).collect();
    finding
}
