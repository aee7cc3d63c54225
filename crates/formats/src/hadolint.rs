//! Hadolint: how a Dockerfile should be written.

use crate::checks::{self, Check, Checks, Outcome};
use crate::json::{self, List, Text, stated};
use crate::{Format, Probe, ReadError, identity};
use serde::Deserialize;
use shipworthy_model::{Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "hadolint",
    title: "Hadolint results",
    homepage: "https://github.com/hadolint/hadolint",
    phase: Phase::Source,
    tool: "hadolint",
    reads: "the JSON of versions 1 and 2",
    identifies: "rule, file and message",
    severities: "hadolint",
    marks: &["line", "code", "message", "column", "file", "level"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    // ShellCheck writes almost the same, with the end of what it found.
    let keys = ["line", "code", "message", "column", "file", "level"];
    probe.first_element().is_some_and(|members| members.has_all(&keys) && !members.has("endLine"))
}

#[derive(Deserialize)]
struct Item<'a> {
    line: Option<u32>,
    #[serde(borrow)]
    code: Option<Text<'a>>,
    #[serde(borrow)]
    message: Option<Text<'a>>,
    #[serde(borrow)]
    file: Option<Text<'a>>,
    #[serde(borrow)]
    level: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let list: List<'_> = json::document(bytes)?;
    let mut checks = Checks::of_scanner();
    for (_, item) in json::parts::<Item<'_>>(&list, "", &mut checks.warnings) {
        let word = stated(item.level.as_ref());
        let rule = stated(item.code.as_ref()).unwrap_or_default();
        let location = checks::place(item.file.as_deref(), item.line, None);
        let path = location.as_ref().map_or("", |location| &location.path);
        let identity = identity::of_parts(&rule, &[path, item.message.as_deref().unwrap_or_default()]);
        checks.add(Check {
            references: wiki(&rule).into_iter().collect(),
            rule,
            title: stated(item.message.as_ref()),
            outcome: Outcome::Failed,
            severity: checks::rated("hadolint", word.as_deref()),
            severity_word: word,
            location,
            identity: Some(identity),
            ..Check::default()
        });
    }
    Ok(checks.report("hadolint", None))
}

/// Its own rules begin with `DL`; others are those of ShellCheck.
fn wiki(rule: &str) -> Option<String> {
    match rule.get(..2)? {
        "DL" => Some(format!("https://github.com/hadolint/hadolint/wiki/{rule}")),
        "SC" => Some(format!("https://www.shellcheck.net/wiki/{rule}")),
        _ => None,
    }
}
