//! Checkov: infrastructure as code, and in its other frameworks secrets and vulnerable packages.

use crate::checks::{self, Check, Checks, Outcome};
use crate::json::{self, List, Odd, Text, stated};
use crate::{Format, Members, Probe, ReadError, identity};
use serde::Deserialize;
use serde_json::value::RawValue;
use shipworthy_model::{ComponentRef, Finding, FindingKind, FindingStatus, Phase, Report, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "checkov",
    title: "Checkov results",
    homepage: "https://www.checkov.io/8.Outputs/JSON.html",
    phase: Phase::Source,
    tool: "checkov",
    reads: "the JSON of versions 1 to 3: one framework, the list of several, and the bare summary of a run that checked nothing",
    identifies: "rule, file and resource; of vulnerable packages vulnerability and component",
    severities: "checkov",
    marks: &["check_type", "results", "summary", "checkov_version"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_report = |members: &Members| members.has_all(&["check_type", "results"]);
    let is_summary = |members: &Members| members.has_all(&["checkov_version", "passed", "failed"]);
    probe.object().is_some_and(|members| is_report(members) || is_summary(members))
        || probe.first_element().is_some_and(is_report)
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow)]
    check_type: Option<Text<'a>>,
    #[serde(borrow, default)]
    results: Odd<Results<'a>>,
    #[serde(borrow, default)]
    summary: Odd<Summary<'a>>,
    #[serde(borrow)]
    checkov_version: Option<Text<'a>>,
}

#[derive(Default, Deserialize)]
struct Results<'a> {
    #[serde(borrow, default)]
    passed_checks: List<'a>,
    #[serde(borrow, default)]
    failed_checks: List<'a>,
    #[serde(borrow, default)]
    skipped_checks: List<'a>,
    #[serde(borrow, default)]
    parsing_errors: Vec<Text<'a>>,
}

#[derive(Default, Deserialize)]
struct Summary<'a> {
    passed: Option<u64>,
    #[serde(borrow)]
    checkov_version: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Item<'a> {
    #[serde(borrow)]
    check_id: Option<Text<'a>>,
    #[serde(borrow)]
    bc_check_id: Option<Text<'a>>,
    #[serde(borrow)]
    check_name: Option<Text<'a>>,
    #[serde(borrow, default)]
    check_result: Odd<CheckResult<'a>>,
    #[serde(borrow)]
    file_path: Option<Text<'a>>,
    #[serde(default)]
    file_line_range: Odd<Vec<u32>>,
    #[serde(borrow)]
    resource: Option<Text<'a>>,
    #[serde(borrow)]
    severity: Option<Text<'a>>,
    #[serde(borrow)]
    description: Option<Text<'a>>,
    #[serde(borrow)]
    guideline: Option<Text<'a>>,
    #[serde(borrow, default)]
    vulnerability_details: Odd<Option<Details<'a>>>,
}

#[derive(Default, Deserialize)]
struct CheckResult<'a> {
    #[serde(borrow)]
    suppress_comment: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Details<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    package_name: Option<Text<'a>>,
    #[serde(borrow)]
    package_version: Option<Text<'a>>,
    #[serde(borrow)]
    severity: Option<Text<'a>>,
    cvss: Option<f64>,
    #[serde(borrow)]
    link: Option<Text<'a>>,
    #[serde(borrow)]
    description: Option<Text<'a>>,
    #[serde(borrow)]
    lowest_fixed_version: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut warnings = Vec::new();
    let documents: Vec<(String, Document<'_>)> = if bytes.trim_ascii_start().starts_with(b"[") {
        let list: Vec<&RawValue> = json::document(bytes)?;
        let documents = json::parts(&List::of(list), "", &mut warnings);
        documents.into_iter().map(|(index, document)| (format!("/{index}"), document)).collect()
    } else {
        vec![(String::new(), json::document(bytes)?)]
    };
    // With `--quiet` or `--compact` the checks that passed are counted and not listed.
    let lists_passed = documents.iter().all(|(_, document)| {
        let listed = document.results.0.as_ref().map_or(0, |results| results.passed_checks.items.len());
        let counted = document.summary.0.as_ref().ok().and_then(|summary| summary.passed).unwrap_or_default();
        listed as u64 >= counted
    });
    let mut checks = Checks::of_scanner_listing_passed("checkov", lists_passed);
    checks.warnings = warnings;
    let mut version = None;
    for (at, document) in &documents {
        let summary = document.summary.get(format_args!("{at}/summary"), &mut checks.warnings);
        let stated_version = summary.and_then(|summary| stated(summary.checkov_version.as_ref()));
        version = version.or(stated_version).or_else(|| stated(document.checkov_version.as_ref()));
        add(document, at, &mut checks);
    }
    Ok(checks.report("checkov", version))
}

fn add(document: &Document<'_>, at: &str, checks: &mut Checks) {
    let at = format!("{at}/results");
    let Some(results) = document.results.get(&at, &mut checks.warnings) else { return };
    let is_of_secrets = document.check_type.as_deref() == Some("secrets");
    let lists = [
        ("passed_checks", &results.passed_checks, Outcome::Passed),
        ("failed_checks", &results.failed_checks, Outcome::Failed),
        ("skipped_checks", &results.skipped_checks, Outcome::Excused),
    ];
    for (name, list, outcome) in lists {
        for (_, item) in json::parts::<Item<'_>>(list, format_args!("{at}/{name}"), &mut checks.warnings) {
            match item.vulnerability_details.0.as_ref().ok().and_then(Option::as_ref) {
                Some(_) if outcome == Outcome::Passed => {}
                Some(details) => checks.add_finding(vulnerability(&item, details, outcome)),
                None if is_of_secrets => checks.add(secret(&item, outcome)),
                None => checks.add(check(&item, outcome)),
            }
        }
    }
    for (index, path) in results.parsing_errors.iter().enumerate() {
        let message =
            format!("Checkov could not parse `{}`, which it did not check", path.chars().take(200).collect::<String>());
        checks.warnings.push(Warning { at: format!("{at}/parsing_errors/{index}"), message });
    }
}

/// Where it is: paths begin at the folder that was scanned, with a slash.
fn location(item: &Item<'_>) -> Option<shipworthy_model::Location> {
    let lines = item.file_line_range.0.as_deref().unwrap_or_default();
    let path = item.file_path.as_deref().map(|path| path.trim_start_matches('/'));
    checks::place(path, lines.first().copied(), lines.get(1).copied())
}

fn check(item: &Item<'_>, outcome: Outcome) -> Check {
    let word = stated(item.severity.as_ref());
    let comment = item.check_result.0.as_ref().ok().and_then(|result| stated(result.suppress_comment.as_ref()));
    Check {
        rule: stated(item.check_id.as_ref()).unwrap_or_default(),
        aliases: stated(item.bc_check_id.as_ref()).into_iter().collect(),
        title: stated(item.check_name.as_ref()),
        outcome,
        severity: checks::rated("checkov", word.as_deref()),
        severity_word: word,
        reason: comment,
        description: stated(item.description.as_ref()),
        resource: stated(item.resource.as_ref()),
        location: location(item),
        references: stated(item.guideline.as_ref()).filter(|link| link.starts_with("http")).into_iter().collect(),
        ..Check::default()
    }
}

/// Of a secret the resource is its hash, which tells it from others.
fn secret(item: &Item<'_>, outcome: Outcome) -> Check {
    let of_setting = check(item, outcome);
    let hash = of_setting.resource.as_deref().map(crate::secret::fingerprint).unwrap_or_default();
    let path = of_setting.location.as_ref().map_or("", |location| &location.path);
    let identity = Some(identity::of_parts(&of_setting.rule, &[path, &hash]));
    Check { kind: Some(FindingKind::Secret), resource: None, identity, ..of_setting }
}

fn vulnerability(item: &Item<'_>, details: &Details<'_>, outcome: Outcome) -> Finding {
    let word = stated(details.severity.as_ref()).or_else(|| stated(item.severity.as_ref()));
    let rule = stated(details.id.as_ref()).or_else(|| stated(item.check_id.as_ref())).unwrap_or_default();
    let name = stated(details.package_name.as_ref()).unwrap_or_default();
    let title = format!("{rule} in {name}");
    Finding {
        description: stated(details.description.as_ref()).map(crate::text::capped),
        severity: checks::rated("checkov", word.as_deref()),
        severity_word: word,
        score: details.cvss,
        component: Some(ComponentRef { name, version: stated(details.package_version.as_ref()), purl: None }),
        location: location(item),
        fixed_versions: stated(details.lowest_fixed_version.as_ref()).into_iter().collect(),
        references: stated(details.link.as_ref()).into_iter().collect(),
        status: if outcome == Outcome::Excused { FindingStatus::Suppressed } else { FindingStatus::Open },
        ..Finding::new(FindingKind::Vulnerability, rule, title)
    }
}
