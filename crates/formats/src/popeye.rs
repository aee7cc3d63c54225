//! Popeye: what is odd about the objects that run in a cluster. It lists problems, and only counts what is well.

use crate::checks::{self, Check, Checks, Outcome};
use crate::json::{self, List, Odd, Text, stated};
use crate::{Format, Probe, ReadError, identity, instant};
use json::Entries;
use serde::Deserialize;
use shipworthy_model::{Phase, Report, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "popeye",
    title: "Popeye report",
    homepage: "https://popeyecli.io/",
    phase: Phase::Deploy,
    tool: "popeye",
    reads: "the JSON of the versions with `sanitizers` and of those with `sections`",
    identifies: "code, object, group and message",
    severities: "popeye",
    marks: &["popeye", "ClusterName", "ContextName"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has("popeye"))
        && (probe.has("popeye.sanitizers") || probe.has("popeye.sections"))
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow)]
    popeye: Body<'a>,
}

#[derive(Deserialize)]
struct Body<'a> {
    #[serde(borrow)]
    report_time: Option<Text<'a>>,
    #[serde(borrow, default, alias = "sanitizers")]
    sections: List<'a>,
}

#[derive(Deserialize)]
struct Section<'a> {
    #[serde(borrow, alias = "sanitizer")]
    linter: Option<Text<'a>>,
    #[serde(borrow, default)]
    issues: Odd<Entries<'a, List<'a>>>,
}

#[derive(Deserialize)]
struct Issue<'a> {
    #[serde(borrow)]
    group: Option<Text<'a>>,
    level: Option<u8>,
    #[serde(borrow)]
    message: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let Document { popeye } = json::document(bytes)?;
    let mut checks = Checks::of_scanner();
    for (index, section) in json::parts::<Section<'_>>(&popeye.sections, "/popeye/sections", &mut checks.warnings) {
        let at = format!("/popeye/sections/{index}/issues");
        let Some(issues) = section.issues.get(&at, &mut checks.warnings) else { continue };
        let linter = stated(section.linter.as_ref()).unwrap_or_default();
        for (object, list) in &issues.0 {
            for (index, issue) in
                json::parts::<Issue<'_>>(list, format_args!("{at}/{}", &**object), &mut checks.warnings)
            {
                let Some(word) = word(issue.level, &format!("{at}/{}/{index}", &**object), &mut checks.warnings) else {
                    continue;
                };
                checks.add(check(&linter, object, &issue, word));
            }
        }
    }
    let created_at = instant::utc(popeye.report_time.as_ref(), "/popeye/report_time", &mut checks.warnings);
    let mut report = checks.report("popeye", None);
    report.created_at = created_at;
    Ok(report)
}

/// Its word for a level; nothing for what is well.
fn word(level: Option<u8>, at: &str, warnings: &mut Vec<Warning>) -> Option<&'static str> {
    match level {
        Some(0) => None,
        Some(1) => Some("info"),
        Some(2) => Some("warn"),
        Some(3) => Some("error"),
        other => {
            let found = other.map_or("nothing".to_owned(), |level| level.to_string());
            let message = format!("expected a level from 0 to 3, found {found}");
            warnings.push(Warning { at: format!("{at}/level"), message });
            Some("unknown")
        }
    }
}

/// The code stands in front of the message: `[POP-106] No resources requests/limits defined`.
fn check(linter: &str, object: &str, issue: &Issue<'_>, word: &str) -> Check {
    let message = issue.message.as_deref().unwrap_or_default().trim();
    let coded = message.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let (code, text) = coded.map_or((linter, message), |(code, text)| (code, text.trim()));
    let group = issue.group.as_deref().filter(|group| *group != "__root__").unwrap_or_default();
    let resource = if group.is_empty() { format!("{linter}/{object}") } else { format!("{linter}/{object}/{group}") };
    Check {
        rule: code.to_owned(),
        title: Some(text.to_owned()),
        outcome: Outcome::Failed,
        severity: checks::rated("popeye", Some(word)),
        severity_word: Some(word.to_owned()).filter(|word| word != "unknown"),
        identity: Some(identity::of_parts(code, &[&resource, text])),
        resource: Some(resource),
        ..Check::default()
    }
}
