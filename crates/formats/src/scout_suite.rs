//! ScoutSuite: the security of an account of a cloud, by rules that flag some of the items which they check.

use crate::checks::{self, Check, Checks, Outcome};
use crate::json::{self, Entries, List, Odd, Text, stated};
use crate::{Format, Probe, ReadError};
use serde::Deserialize;
use shipworthy_model::{Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "scout-suite",
    title: "ScoutSuite results",
    homepage: "https://github.com/nccgroup/ScoutSuite",
    phase: Phase::Deploy,
    tool: "scoutsuite",
    reads: "the results of version 5, as the JavaScript file that the tool writes and as JSON",
    identifies: "rule and item",
    severities: "scoutsuite",
    marks: &["services", "last_run", "provider_code", "account_id"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has_all(&["services", "last_run", "provider_code"]))
        || (probe.is_text() && probe.first_line().starts_with("scoutsuite_results"))
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow)]
    last_run: Run<'a>,
    #[serde(borrow, default)]
    services: Entries<'a, Odd<Service<'a>>>,
}

#[derive(Deserialize)]
struct Run<'a> {
    #[serde(borrow)]
    time: Option<Text<'a>>,
    #[serde(borrow)]
    version: Option<Text<'a>>,
    #[serde(borrow)]
    ruleset_name: Option<Text<'a>>,
}

#[derive(Default, Deserialize)]
struct Service<'a> {
    #[serde(borrow, default)]
    findings: Odd<Entries<'a, Odd<Rule<'a>>>>,
}

#[derive(Default, Deserialize)]
struct Rule<'a> {
    checked_items: Option<u64>,
    flagged_items: Option<u64>,
    #[serde(borrow)]
    description: Option<Text<'a>>,
    #[serde(borrow)]
    rationale: Option<Text<'a>>,
    #[serde(borrow)]
    remediation: Option<Text<'a>>,
    #[serde(borrow)]
    level: Option<Text<'a>>,
    #[serde(borrow)]
    service: Option<Text<'a>>,
    #[serde(borrow, default)]
    references: Odd<Vec<Text<'a>>>,
    #[serde(borrow, default)]
    items: List<'a>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    // The JavaScript gives the value a name in its first line.
    let start = memchr::memchr(b'{', bytes).unwrap_or_default();
    let bytes = bytes.get(start..).unwrap_or_default();
    json::check_limits(bytes)?;
    let document: Document<'_> = json::document(bytes)?;
    let ruleset = stated(document.last_run.ruleset_name.as_ref());
    let mut checks = Checks::of_scanner_with_passed(
        ruleset.map_or_else(|| "scoutsuite".to_owned(), |name| format!("scoutsuite {name}")),
    );
    for (name, service) in &document.services.0 {
        let at = format!("/services/{}", &**name);
        let Some(service) = service.get(&at, &mut checks.warnings) else { continue };
        let at = format!("{at}/findings");
        let Some(rules) = service.findings.get(&at, &mut checks.warnings) else { continue };
        for (name, rule) in &rules.0 {
            let at = format!("{at}/{}", &**name);
            let Some(rule) = rule.get(&at, &mut checks.warnings) else { continue };
            let items = json::parts::<Text<'_>>(&rule.items, format_args!("{at}/items"), &mut checks.warnings);
            let items = items.iter().filter_map(|(_, item)| item.stated()).collect();
            checks.add_with_places(check(name, rule), items);
        }
    }
    let time = document.last_run.time.as_deref().unwrap_or_default();
    let time = jiff::Timestamp::strptime("%Y-%m-%d %H:%M:%S%z", time).ok();
    let mut report = checks.report("scoutsuite", stated(document.last_run.version.as_ref()));
    report.created_at = time.map(|time| time.to_string());
    Ok(report)
}

fn check(name: &str, rule: &Rule<'_>) -> Check {
    let (checked, flagged) = (rule.checked_items.unwrap_or_default(), rule.flagged_items.unwrap_or_default());
    let outcome = match (checked, flagged) {
        (_, 1..) => Outcome::Failed,
        (0, 0) => Outcome::NotApplicable,
        (_, 0) => Outcome::Passed,
    };
    let word = stated(rule.level.as_ref());
    Check {
        rule: name.to_owned(),
        title: stated(rule.description.as_ref()),
        section: stated(rule.service.as_ref()),
        outcome,
        severity: checks::rated("scoutsuite", word.as_deref()),
        severity_word: word,
        reason: (checked > 0).then(|| format!("{flagged} of {checked} items are flagged")),
        description: stated(rule.rationale.as_ref()),
        remediation: stated(rule.remediation.as_ref()),
        references: rule.references.0.iter().flatten().filter_map(Text::stated).collect(),
        ..Check::default()
    }
}
