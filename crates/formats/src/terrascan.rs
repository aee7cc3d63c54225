//! Terrascan: infrastructure as code.

use crate::checks::{self, Check, Checks, Outcome};
use crate::json::{self, List, Odd, Text, stated};
use crate::{Format, Probe, ReadError};
use serde::Deserialize;
use shipworthy_model::{Phase, Report, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "terrascan",
    title: "Terrascan results",
    homepage: "https://runterrascan.io/docs/usage/command_line_mode/",
    phase: Phase::Source,
    tool: "terrascan",
    reads: "the JSON of version 1, with or without the rules that passed",
    identifies: "rule, file and resource",
    severities: "terrascan",
    marks: &["results"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.has_all(&["results.violations", "results.scan_summary"])
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow)]
    results: Results<'a>,
}

#[derive(Deserialize)]
struct Results<'a> {
    #[serde(borrow, default)]
    scan_errors: List<'a>,
    #[serde(borrow, default)]
    passed_rules: List<'a>,
    #[serde(borrow, default)]
    violations: List<'a>,
    #[serde(borrow, default)]
    skipped_violations: List<'a>,
    #[serde(borrow, default)]
    scan_summary: Odd<Summary<'a>>,
}

#[derive(Default, Deserialize)]
struct Summary<'a> {
    #[serde(borrow)]
    scanned_at: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct ScanError<'a> {
    #[serde(borrow)]
    directory: Option<Text<'a>>,
    #[serde(borrow, rename = "errMsg")]
    message: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Item<'a> {
    #[serde(borrow)]
    rule_name: Option<Text<'a>>,
    #[serde(borrow)]
    description: Option<Text<'a>>,
    #[serde(borrow)]
    rule_id: Option<Text<'a>>,
    #[serde(borrow)]
    severity: Option<Text<'a>>,
    #[serde(borrow)]
    category: Option<Text<'a>>,
    #[serde(borrow)]
    resource_name: Option<Text<'a>>,
    #[serde(borrow)]
    resource_type: Option<Text<'a>>,
    #[serde(borrow)]
    skip_comment: Option<Text<'a>>,
    #[serde(borrow)]
    file: Option<Text<'a>>,
    line: Option<u32>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let Document { results } = json::document(bytes)?;
    let mut checks = Checks::of_scanner_listing_passed("terrascan", !results.passed_rules.items.is_empty());
    let lists = [
        ("passed_rules", &results.passed_rules, Outcome::Passed),
        ("violations", &results.violations, Outcome::Failed),
        ("skipped_violations", &results.skipped_violations, Outcome::Excused),
    ];
    for (name, list, outcome) in lists {
        for (_, item) in json::parts::<Item<'_>>(list, format_args!("/results/{name}"), &mut checks.warnings) {
            checks.add(check(&item, outcome));
        }
    }
    for (index, error) in
        json::parts::<ScanError<'_>>(&results.scan_errors, "/results/scan_errors", &mut checks.warnings)
    {
        let message =
            [error.message, error.directory].into_iter().flatten().map(|text| text.to_string()).collect::<Vec<_>>();
        let message = format!("Terrascan could not scan: {}", message.join(" in "));
        checks.warnings.push(Warning { at: format!("/results/scan_errors/{index}"), message });
    }
    let summary = results.scan_summary.get("/results/scan_summary", &mut checks.warnings);
    // It writes `2021-05-19 13:13:06.083208 +0000 UTC`.
    let scanned_at = summary.and_then(|summary| stated(summary.scanned_at.as_ref()));
    let scanned_at = scanned_at.and_then(|moment| {
        let moment = moment.strip_suffix(" +0000 UTC")?.replacen(' ', "T", 1);
        format!("{moment}Z").parse::<jiff::Timestamp>().ok()
    });
    let mut report = checks.report("terrascan", None);
    report.created_at = scanned_at.map(|moment| moment.to_string());
    Ok(report)
}

fn check(item: &Item<'_>, outcome: Outcome) -> Check {
    let word = stated(item.severity.as_ref());
    let parts = [stated(item.resource_type.as_ref()), stated(item.resource_name.as_ref())];
    let resource = parts.into_iter().flatten().collect::<Vec<_>>().join("/");
    let location = checks::place(item.file.as_deref(), item.line, None);
    Check {
        rule: stated(item.rule_id.as_ref()).unwrap_or_default(),
        title: stated(item.description.as_ref()).or_else(|| stated(item.rule_name.as_ref())),
        aliases: stated(item.rule_name.as_ref()).into_iter().collect(),
        section: stated(item.category.as_ref()),
        outcome,
        severity: checks::rated("terrascan", word.as_deref()),
        severity_word: word,
        reason: stated(item.skip_comment.as_ref()),
        resource: Some(resource).filter(|name| !name.is_empty()),
        location,
        ..Check::default()
    }
}
