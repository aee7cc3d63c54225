//! tfsec: security of Terraform code.

use crate::checks::{self, Check, Checks, Outcome};
use crate::json::{self, List, Odd, Text, stated};
use crate::{Format, Probe, ReadError};
use serde::Deserialize;
use shipworthy_model::{Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "tfsec",
    title: "tfsec results",
    homepage: "https://aquasecurity.github.io/tfsec/latest/guides/usage/",
    phase: Phase::Source,
    tool: "tfsec",
    reads: "the JSON of version 0 with its old rules (`GCP008`), and of version 1",
    identifies: "rule, file and resource",
    severities: "tfsec",
    marks: &["results"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has("results"))
        && probe.has_all(&["results.rule_id", "results.rule_description", "results.location.filename"])
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow, default)]
    results: List<'a>,
}

#[derive(Deserialize)]
struct Item<'a> {
    #[serde(borrow)]
    rule_id: Option<Text<'a>>,
    #[serde(borrow)]
    long_id: Option<Text<'a>>,
    #[serde(borrow)]
    rule_description: Option<Text<'a>>,
    #[serde(borrow)]
    description: Option<Text<'a>>,
    #[serde(borrow)]
    impact: Option<Text<'a>>,
    #[serde(borrow)]
    resolution: Option<Text<'a>>,
    #[serde(borrow)]
    severity: Option<Text<'a>>,
    #[serde(borrow, default)]
    links: Odd<Vec<Text<'a>>>,
    #[serde(borrow)]
    link: Option<Text<'a>>,
    #[serde(borrow)]
    resource: Option<Text<'a>>,
    #[serde(borrow, default)]
    location: Odd<Place<'a>>,
    /// Version 1: 0 failed, 1 passed, 2 ignored.
    status: Option<u8>,
    passed: Option<bool>,
}

#[derive(Default, Deserialize)]
struct Place<'a> {
    #[serde(borrow)]
    filename: Option<Text<'a>>,
    start_line: Option<u32>,
    end_line: Option<u32>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let mut warnings = Vec::new();
    let items = json::parts::<Item<'_>>(&document.results, "/results", &mut warnings);
    let lists_passed = items.iter().any(|(_, item)| outcome(item) == Outcome::Passed);
    let mut checks = Checks::of_scanner_listing_passed("tfsec", lists_passed);
    checks.warnings = warnings;
    for (index, item) in &items {
        let place = item.location.get(format_args!("/results/{index}/location"), &mut checks.warnings);
        let location =
            place.and_then(|place| checks::place(place.filename.as_deref(), place.start_line, place.end_line));
        checks.add(Check { location, ..check(item) });
    }
    Ok(checks.report("tfsec", None))
}

fn outcome(item: &Item<'_>) -> Outcome {
    match (item.status, item.passed) {
        (Some(1), _) | (_, Some(true)) => Outcome::Passed,
        (Some(2), _) => Outcome::Excused,
        _ => Outcome::Failed,
    }
}

fn check(item: &Item<'_>) -> Check {
    let word = stated(item.severity.as_ref());
    // The old form says `See https://… for more information.`
    let link = item.link.as_deref().and_then(|link| link.split_whitespace().find(|word| word.starts_with("http")));
    let links = item.links.0.iter().flatten().filter_map(Text::stated);
    Check {
        rule: stated(item.rule_id.as_ref()).unwrap_or_default(),
        aliases: stated(item.long_id.as_ref()).into_iter().collect(),
        title: stated(item.rule_description.as_ref()),
        outcome: outcome(item),
        severity: checks::rated("tfsec", word.as_deref()),
        severity_word: word,
        reason: stated(item.description.as_ref()),
        description: stated(item.impact.as_ref()),
        resource: stated(item.resource.as_ref()),
        remediation: stated(item.resolution.as_ref()),
        references: links.chain(link.map(str::to_owned)).collect(),
        ..Check::default()
    }
}
