//! cfn-lint: templates of AWS CloudFormation.

use crate::checks::{self, Check, Checks, Outcome};
use crate::json::{self, List, Odd, Text, stated};
use crate::{Format, Probe, ReadError, identity};
use serde::Deserialize;
use shipworthy_model::{Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "cfn-lint",
    title: "cfn-lint results",
    homepage: "https://github.com/aws-cloudformation/cfn-lint",
    phase: Phase::Source,
    tool: "cfn-lint",
    reads: "the JSON of versions 0 and 1",
    identifies: "rule, file and the path in the template, else the message",
    severities: "cfn-lint",
    marks: &["Filename", "Level", "Location", "Message", "Rule"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let keys = ["Filename", "Level", "Location", "Message", "Rule"];
    probe.first_element().is_some_and(|members| members.has_all(&keys))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Item<'a> {
    #[serde(borrow)]
    filename: Option<Text<'a>>,
    #[serde(borrow)]
    level: Option<Text<'a>>,
    #[serde(borrow, default)]
    location: Odd<Place<'a>>,
    #[serde(borrow)]
    message: Option<Text<'a>>,
    #[serde(borrow)]
    rule: Rule<'a>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Place<'a> {
    #[serde(default)]
    start: Odd<Position>,
    #[serde(default)]
    end: Odd<Position>,
    #[serde(borrow, default)]
    path: Odd<Vec<Text<'a>>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Position {
    line_number: Option<u32>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Rule<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    short_description: Option<Text<'a>>,
    #[serde(borrow)]
    description: Option<Text<'a>>,
    #[serde(borrow)]
    source: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let list: List<'_> = json::document(bytes)?;
    let mut checks = Checks::of_scanner();
    for (index, item) in json::parts::<Item<'_>>(&list, "", &mut checks.warnings) {
        let place = item.location.get(format_args!("/{index}/Location"), &mut checks.warnings);
        let line = |position: &Odd<Position>| position.0.as_ref().ok().and_then(|position| position.line_number);
        let path: Vec<&str> =
            place.iter().flat_map(|place| place.path.0.iter().flatten()).map(|part| &**part).collect();
        let path = path.join("/");
        let location =
            place.and_then(|place| checks::place(item.filename.as_deref(), line(&place.start), line(&place.end)));
        let location = location.or_else(|| checks::place(item.filename.as_deref(), None, None));
        let word = stated(item.level.as_ref());
        let rule = stated(item.rule.id.as_ref()).unwrap_or_default();
        let file = location.as_ref().map_or("", |location| &location.path);
        let distinction = if path.is_empty() { item.message.as_deref().unwrap_or_default() } else { &path };
        checks.add(Check {
            identity: Some(identity::of_parts(&rule, &[file, distinction])),
            rule,
            title: stated(item.message.as_ref()).or_else(|| stated(item.rule.short_description.as_ref())),
            outcome: Outcome::Failed,
            severity: checks::rated("cfn-lint", word.as_deref()),
            severity_word: word,
            description: stated(item.rule.description.as_ref()),
            resource: Some(path).filter(|path| !path.is_empty()),
            location,
            references: stated(item.rule.source.as_ref()).into_iter().collect(),
            ..Check::default()
        });
    }
    Ok(checks.report("cfn-lint", None))
}
