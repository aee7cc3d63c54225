//! Rusty Hog by New Relic: secrets in repositories, files, Jira issues and Confluence pages.
//! <https://github.com/newrelic/rusty-hog>

use crate::address::without_credentials;
use crate::json::Object;
use crate::leaks::{self, Leak};
use crate::problems::{Elements, first_line};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Finding, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "rusty-hog",
    title: "Rusty Hog results",
    homepage: "https://github.com/newrelic/rusty-hog",
    phase: Phase::Source,
    tool: "rusty-hog",
    reads: "JSON of Choctaw Hog, Duroc Hog, Göttingen Hog and Essex Hog",
    identifies: "reason, place and a digest of the secret",
    severities: "",
    marks: &["stringsFound", "reason", "linenum"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let places = ["linenum", "new_line_num", "issue_id", "page_id"];
    probe.first_element().is_some_and(|members| {
        members.has_all(&["stringsFound", "reason"]) && places.iter().any(|place| members.has(place))
    })
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let elements = Elements::of(bytes)?;
    let findings = elements.objects.iter().flat_map(findings).collect();
    Ok(leaks::report("rusty-hog", None, findings, elements.warnings()))
}

fn findings(object: &Object<'_>) -> Vec<Finding> {
    let leak = |secret: String| Leak {
        rule: object.text("reason").unwrap_or_else(|| "rusty-hog".to_owned()),
        secret: Some(secret),
        path: object.first_text(&["path", "url"]).map(|place| without_credentials(&place)),
        line: object.first_text(&["linenum", "new_line_num"]).and_then(|line| first_line(&line)),
        commit: object.first_text(&["commitHash"]),
        details: object.text("location").map(|place| format!("Found in: {place}")).into_iter().collect(),
        ..Leak::default()
    };
    object.texts("stringsFound").into_iter().map(|secret| leak(secret).finding("rusty-hog")).collect()
}
