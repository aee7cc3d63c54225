//! GitGuardian: incidents of secrets as its interface lists them, and scans of contents.
//! <https://api.gitguardian.com/docs>

use crate::json::Object;
use crate::leaks::{self, Leak};
use crate::problems::{Elements, first_line};
use crate::{Format, Media, Probe, ReadError};
use shipworthy_model::{Finding, FindingStatus, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "gitguardian",
    title: "GitGuardian incidents",
    homepage: "https://api.gitguardian.com/docs",
    phase: Phase::Source,
    tool: "gitguardian",
    reads: "JSON of `/v1/incidents/secrets`, of `/v1/scan` and `/v1/multiscan`, and of reports by path",
    identifies: "detector and the incident; of scans the detector, the file and a digest of the secret",
    severities: "gitguardian",
    marks: &["gitguardian_url", "policy_breaks", "scanned_paths"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    match &probe.media {
        Media::JsonArray(Some(members)) => {
            members.has_all(&["detector", "gitguardian_url"]) || members.has_all(&["policies", "policy_breaks"])
        }
        Media::JsonObject(members) => {
            members.has_all(&["detector", "gitguardian_url"])
                || members.has_all(&["policies", "policy_breaks"])
                || (members.has("scanned_paths") && probe.has("scanned_paths.incidents.detector_name"))
        }
        _ => false,
    }
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let elements = Elements::of(bytes)?;
    let findings = elements.objects.iter().flat_map(findings).collect();
    Ok(leaks::report("gitguardian", None, findings, elements.warnings()))
}

fn findings(object: &Object<'_>) -> Vec<Finding> {
    if object.has("gitguardian_url") {
        return vec![incident(object)];
    }
    let mut findings = Vec::new();
    for policy_break in object.objects("policy_breaks") {
        let matches = policy_break.objects("matches");
        findings.push(of_scan(&policy_break, matches.first(), object.text("filename")));
    }
    for path in object.objects("scanned_paths") {
        for policy in path.objects("policies") {
            let rule = policy.text("name");
            let of_policy = |found: &Object<'_>| of_path(found, path.text("path"), rule.clone());
            findings.extend(policy.objects("breaks").iter().map(of_policy));
        }
        findings.extend(path.objects("incidents").iter().map(|found| of_path(found, path.text("path"), None)));
    }
    findings.extend(object.objects("incidents").iter().map(|found| of_path(found, None, None)));
    findings
}

fn incident(object: &Object<'_>) -> Finding {
    let occurrence = object.objects("occurrences").into_iter().next();
    let validity = object.text("validity").map(|validity| format!("Validity: {validity}"));
    let mut finding = Leak {
        rule: object.first_text(&["detector.name"]).unwrap_or_else(|| "gitguardian".to_owned()),
        title: object.text("detector.display_name"),
        fingerprint: object.first_text(&["id", "secret_hash"]),
        word: object.text("severity"),
        path: occurrence.as_ref().and_then(|occurrence| occurrence.text("filepath")),
        commit: occurrence.as_ref().and_then(|occurrence| occurrence.text("sha")),
        details: validity.into_iter().collect(),
        ..Leak::default()
    }
    .finding("gitguardian");
    finding.references.extend(object.text("gitguardian_url").filter(|url| url.starts_with("https://")));
    finding.status = match (object.text("status").as_deref(), object.text("ignore_reason").as_deref()) {
        (Some("RESOLVED"), _) => FindingStatus::Fixed,
        (Some("IGNORED"), Some("false_positive")) => FindingStatus::FalsePositive,
        (Some("IGNORED"), _) => FindingStatus::Suppressed,
        _ => FindingStatus::Open,
    };
    finding
}

fn of_scan(object: &Object<'_>, first: Option<&Object<'_>>, path: Option<String>) -> Finding {
    let line = |name: &str| first.and_then(|first| first.text(name)).and_then(|line| first_line(&line));
    let leak = Leak {
        rule: object.first_text(&["detector_name", "type"]).unwrap_or_else(|| "gitguardian".to_owned()),
        title: object.text("type"),
        secret: first.and_then(|first| first.text("match")),
        path,
        line: line("line_start"),
        end_line: line("line_end"),
        details: object.text("validity").map(|validity| format!("Validity: {validity}")).into_iter().collect(),
        ..Leak::default()
    };
    leak.finding("gitguardian")
}

fn of_path(object: &Object<'_>, path: Option<String>, policy: Option<String>) -> Finding {
    let leak = Leak {
        rule: policy
            .or_else(|| object.first_text(&["detector_name", "type"]))
            .unwrap_or_else(|| "gitguardian".to_owned()),
        title: object.first_text(&["message", "description"]),
        word: object.text("severity"),
        path: path.or_else(|| object.text("filename")),
        line: object.first_text(&["line_start", "line"]).and_then(|line| first_line(&line)),
        end_line: object.text("line_end").and_then(|line| first_line(&line)),
        ..Leak::default()
    };
    leak.finding("gitguardian")
}
