//! Nosey Parker: secrets in files and in the history of repositories. <https://github.com/praetorian-inc/noseyparker>

use crate::json::Object;
use crate::leaks::{self, Leak};
use crate::problems::{Elements, first_line};
use crate::{Format, Media, Probe, ReadError};
use base64::Engine as _;
use shipworthy_model::{Finding, FindingStatus, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "noseyparker",
    title: "Nosey Parker report",
    homepage: "https://github.com/praetorian-inc/noseyparker",
    phase: Phase::Source,
    tool: "noseyparker",
    reads: "JSON and JSON lines of versions 0.13 and later; a finding for each match",
    identifies: "rule, file and a digest of the secret",
    severities: "",
    marks: &["rule_name", "num_matches", "matches"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let members = match &probe.media {
        Media::JsonArray(members) => members.as_ref(),
        _ => probe.first_of_lines(),
    };
    members.is_some_and(|members| members.has_all(&["rule_name", "num_matches", "matches"]))
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let elements = Elements::of(bytes)?;
    let findings = elements.objects.iter().flat_map(findings).collect();
    Ok(leaks::report("noseyparker", None, findings, elements.warnings()))
}

fn findings(object: &Object<'_>) -> Vec<Finding> {
    let statuses = object.texts("statuses");
    let status = match statuses.first().map(String::as_str) {
        Some("Reject" | "reject") => FindingStatus::FalsePositive,
        _ => FindingStatus::Open,
    };
    let of_match = |found: &Object<'_>| Finding { status, ..finding(object, found) };
    object.objects("matches").iter().map(of_match).collect()
}

fn finding(object: &Object<'_>, found: &Object<'_>) -> Finding {
    let provenance = found.objects("provenance");
    let of = |path: &str| provenance.iter().find_map(|provenance| provenance.text(path));
    // Later versions write what was found in base64.
    let group = found.texts("groups").into_iter().next();
    let group = group.and_then(|group| base64::engine::general_purpose::STANDARD.decode(group).ok());
    let group = group.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let line = |name: &str| found.text(name).and_then(|line| first_line(&line));
    let leak = Leak {
        rule: object
            .text("rule_text_id")
            .or_else(|| object.text("rule_name"))
            .unwrap_or_else(|| "noseyparker".to_owned()),
        title: object.text("rule_name"),
        secret: found.text("match_content").or(group),
        fingerprint: object.text("finding_id"),
        path: of("commit_provenance.blob_path").or_else(|| of("first_commit.blob_path")).or_else(|| of("path")),
        line: line("location.source_span.start.line"),
        end_line: line("location.source_span.end.line"),
        commit: of("commit_provenance.commit_metadata.commit_id")
            .or_else(|| of("first_commit.commit_metadata.commit_id")),
        ..Leak::default()
    };
    leak.finding("noseyparker")
}
