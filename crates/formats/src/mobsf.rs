//! Static analyses of MobSF: weaknesses of an Android or iOS app, and what in it looks like a secret. What MobSF finds
//! secure is no finding, nor are its hotspots, which are places to look at and no problems yet.

use crate::json::Object;
use crate::leaks::Leak;
use crate::problems::{cwes, first_line, relative, report};
use crate::{Format, Members, Probe, ReadError, identity, moment, severity, subjects, text};
use shipworthy_model::{Finding, FindingKind, Location, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "mobsf",
    title: "MobSF report of a static analysis",
    homepage: "https://mobsf.github.io/docs/",
    phase: Phase::Artifact,
    tool: "mobsf",
    reads: "the JSON report of `/api/v1/report_json` of versions 3.5 to 4, of Android and iOS apps; a finding for each file",
    identifies: "the rule with the file, the component or the title",
    severities: "mobsf",
    marks: &["app_name", "appsec", "code_analysis", "file_name", "sha256"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_analysis =
        |members: &Members| members.has_all(&["version", "title", "file_name", "app_name", "md5", "sha1", "sha256"]);
    probe.object().is_some_and(is_analysis)
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document = Object::document(bytes)?;
    let mut findings = Vec::new();
    for (rule, problem) in entries(&document, "code_analysis") {
        code(&rule, &problem, &mut findings);
    }
    for problem in inner(&document, "manifest_analysis").iter().flat_map(|part| part.objects("manifest_findings")) {
        findings.extend(manifest(&problem));
    }
    let binary = entries(&document, "binary_analysis");
    findings.extend(binary.iter().filter_map(|(rule, problem)| of_binary(rule, problem)));
    findings.extend(scored(&document, !binary.is_empty()));
    findings.extend(document.texts("secrets").iter().map(|line| secret(line)));
    let kinds = [FindingKind::Code, FindingKind::Misconfiguration, FindingKind::Secret];
    let version = document.text("version").map(|version| version.trim_start_matches('v').to_owned());
    let mut report = report("mobsf", version, &kinds, findings, document.warnings());
    if let Some(digest) = document.text("sha256") {
        subjects::add_artifact(&mut report.subjects, &format!("sha256:{digest}"));
    }
    report.created_at = document.text("timestamp").and_then(|timestamp| moment::stated(&timestamp));
    Ok(report)
}

/// A part of the report, which is an empty list where there is nothing to say.
fn inner<'a>(document: &Object<'a>, part: &str) -> Option<Object<'a>> {
    if document.has_object(part) { document.object(part) } else { None }
}

fn entries<'a>(document: &Object<'a>, part: &str) -> Vec<(String, Object<'a>)> {
    inner(document, part)
        .filter(|part| part.has_object("findings"))
        .map(|part| part.entries("findings"))
        .unwrap_or_default()
}

fn rated(finding: Finding, word: Option<String>) -> Option<Finding> {
    let word = word?;
    let is_problem = !matches!(word.as_str(), "secure" | "good");
    is_problem.then(|| Finding { severity: severity::of_word("mobsf", &word), severity_word: Some(word), ..finding })
}

fn code(rule: &str, problem: &Object<'_>, findings: &mut Vec<Finding>) {
    let Some(metadata) = problem.object("metadata") else { return };
    let description = metadata.text("description").map(|html| text::capped(text::plain(&html)));
    let title = description.as_deref().and_then(text::title).unwrap_or_else(|| rule.to_owned());
    let base = Finding {
        description: description.filter(|description| *description != title),
        score: metadata.number("cvss"),
        cwes: metadata.text("cwe").map(|cwe| cwes(&cwe)).unwrap_or_default(),
        references: metadata.text("ref").into_iter().filter(|address| address.contains("://")).collect(),
        ..Finding::new(FindingKind::Code, rule, title)
    };
    let Some(base) = rated(base, metadata.text("severity")) else { return };
    let files = if problem.has_object("files") { problem.object("files") } else { None };
    let Some(files) = files else {
        findings.push(base);
        return;
    };
    for path in files.keys() {
        let line = files.text(path).and_then(|lines| first_line(&lines));
        let path = relative(path);
        findings.push(Finding {
            identity: identity::of_parts(rule, &[&path]),
            location: Some(Location { path, line, end_line: None }),
            ..base.clone()
        });
    }
}

fn manifest(problem: &Object<'_>) -> Option<Finding> {
    let title = problem.text("name").or_else(|| problem.text("title")).map(|html| text::plain(&html))?;
    let rule = problem.text("rule").unwrap_or_else(|| title.clone());
    let component = problem.one_or_more("component").join(", ");
    let finding = Finding {
        identity: identity::of_parts(&rule, &[&component]),
        description: problem.text("description").map(|html| text::capped(text::plain(&html))),
        location: Some(Location { path: "AndroidManifest.xml".to_owned(), ..Location::default() }),
        ..Finding::new(FindingKind::Misconfiguration, rule, text::title(&title).unwrap_or(title))
    };
    rated(finding, problem.text("severity"))
}

/// A weakness of an iOS app's binary.
fn of_binary(rule: &str, problem: &Object<'_>) -> Option<Finding> {
    let finding = Finding {
        description: problem.text("detailed_desc").map(|html| text::capped(text::plain(&html))),
        score: problem.number("cvss"),
        cwes: problem.text("cwe").map(|cwe| cwes(&cwe)).unwrap_or_default(),
        ..Finding::new(FindingKind::Code, rule, rule)
    };
    rated(finding, problem.text("severity"))
}

/// What the summary has of the sections that are not read by themselves: certificate, network, libraries and others.
fn scored(document: &Object<'_>, is_binary_read: bool) -> Vec<Finding> {
    let Some(summary) = inner(document, "appsec") else { return Vec::new() };
    let mut findings = Vec::new();
    for word in ["high", "warning", "info"] {
        for item in summary.objects(word) {
            let section = item.text("section").unwrap_or_default();
            let is_read = matches!(section.as_str(), "code" | "manifest") || (section == "binary" && is_binary_read);
            let Some(title) = item.text("title").map(|html| text::plain(&html)).filter(|_| !is_read) else { continue };
            let finding = Finding {
                identity: identity::of_parts(&section, &[&title]),
                description: item.text("description").map(|html| text::capped(text::plain(&html))),
                ..Finding::new(FindingKind::Misconfiguration, section, text::title(&title).unwrap_or(title))
            };
            findings.extend(rated(finding, Some(word.to_owned())));
        }
    }
    findings
}

/// A line such as `"api_key" : "…"`, or a text alone that looks like a key.
fn secret(line: &str) -> Finding {
    let (name, value) = line.split_once(" : ").unwrap_or(("", line));
    let name = name.trim().trim_matches('"');
    let title = if name.is_empty() { "possible secret".to_owned() } else { format!("possible secret `{name}`") };
    let leak = Leak {
        rule: "secret".to_owned(),
        title: Some(title),
        secret: Some(value.trim().trim_matches('"').to_owned()),
        ..Leak::default()
    };
    leak.finding("mobsf")
}
