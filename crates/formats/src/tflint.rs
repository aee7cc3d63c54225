//! TFLint: Terraform code.

use crate::checks::{self, Check, Checks, Outcome};
use crate::json::{self, List, Odd, Text, stated};
use crate::{Format, Probe, ReadError, identity};
use serde::Deserialize;
use shipworthy_model::{Phase, Report, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "tflint",
    title: "TFLint results",
    homepage: "https://github.com/terraform-linters/tflint",
    phase: Phase::Source,
    tool: "tflint",
    reads: "the JSON of version 0",
    identifies: "rule, file and message",
    severities: "tflint",
    marks: &["issues", "errors"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let Some(members) = probe.object() else { return false };
    let is_empty = members.has_all(&["issues", "errors"]) && members.0.len() == 2 && !probe.has("errors.code");
    probe.has_all(&["issues.rule.name", "issues.range.filename"])
        || (is_empty && !probe.shape.0.keys().any(|path| path.starts_with("issues.")))
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow, default)]
    issues: List<'a>,
    #[serde(borrow, default)]
    errors: List<'a>,
}

#[derive(Deserialize)]
struct Issue<'a> {
    #[serde(borrow)]
    rule: Rule<'a>,
    #[serde(borrow)]
    message: Option<Text<'a>>,
    #[serde(borrow, default)]
    range: Odd<Range<'a>>,
}

#[derive(Deserialize)]
struct Rule<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    severity: Option<Text<'a>>,
    #[serde(borrow)]
    link: Option<Text<'a>>,
}

#[derive(Default, Deserialize)]
struct Range<'a> {
    #[serde(borrow)]
    filename: Option<Text<'a>>,
    #[serde(default)]
    start: Odd<Position>,
    #[serde(default)]
    end: Odd<Position>,
}

#[derive(Default, Deserialize)]
struct Position {
    line: Option<u32>,
}

#[derive(Deserialize)]
struct Failure<'a> {
    #[serde(borrow)]
    message: Option<Text<'a>>,
    #[serde(borrow)]
    summary: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let mut checks = Checks::of_scanner();
    for (index, issue) in json::parts::<Issue<'_>>(&document.issues, "/issues", &mut checks.warnings) {
        let range = issue.range.get(format_args!("/issues/{index}/range"), &mut checks.warnings);
        let line = |position: &Odd<Position>| position.0.as_ref().ok().and_then(|position| position.line);
        let location =
            range.and_then(|range| checks::place(range.filename.as_deref(), line(&range.start), line(&range.end)));
        let path = location.as_ref().map_or("", |location| &location.path);
        let word = stated(issue.rule.severity.as_ref());
        let rule = stated(issue.rule.name.as_ref()).unwrap_or_default();
        checks.add(Check {
            identity: Some(identity::of_parts(&rule, &[path, issue.message.as_deref().unwrap_or_default()])),
            rule,
            title: stated(issue.message.as_ref()),
            outcome: Outcome::Failed,
            severity: checks::rated("tflint", word.as_deref()),
            severity_word: word,
            location,
            references: stated(issue.rule.link.as_ref()).into_iter().collect(),
            ..Check::default()
        });
    }
    for (index, error) in json::parts::<Failure<'_>>(&document.errors, "/errors", &mut checks.warnings) {
        let message = stated(error.message.as_ref()).or_else(|| stated(error.summary.as_ref())).unwrap_or_default();
        let message = format!("TFLint could not check everything: {message}");
        checks.warnings.push(Warning { at: format!("/errors/{index}"), message: crate::text::capped(message) });
    }
    Ok(checks.report("tflint", None))
}
