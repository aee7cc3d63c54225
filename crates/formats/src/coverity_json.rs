//! Issues of a Coverity analysis in JSON: `cov-format-errors --json-output-v…`, `cov-run-desktop` and Coverity CLI.

use crate::json::{self, List, Said, or_empty, said};
use crate::{Format, Probe, ReadError, identity, text, weakness, web};
use serde::Deserialize;
use shipworthy_model::{Finding, FindingKind, FindingStatus, Location, Phase, Report, Tool, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "coverity-json",
    title: "Coverity issues in JSON",
    homepage: "https://documentation.blackduck.com/bundle/coverity-docs/page/commands/topics/json_output_v10.html",
    phase: Phase::Source,
    tool: "coverity",
    reads: "the layouts 2 to 10 of JSON with `issues` and `mergeKey`",
    identifies: "Coverity's merge key, which stays when code moves",
    severities: "coverity",
    marks: &["formatVersion", "issues", "suppressedIssueCount", "desktopAnalysisSettings"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| {
        members.has_all(&["formatVersion", "issues"])
            && (members.value("type") == Some("Coverity issues") || members.has("suppressedIssueCount"))
    })
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct Document<'a> {
    issues: Option<List<'a>>,
    error: Said<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"), expecting = "an issue")]
struct Issue<'a> {
    merge_key: Said<'a>,
    checker_name: Said<'a>,
    subcategory: Said<'a>,
    main_event_file_pathname: Said<'a>,
    stripped_main_event_file_pathname: Said<'a>,
    main_event_line_number: Option<u32>,
    function_display_name: Said<'a>,
    events: Option<Vec<Event<'a>>>,
    state_on_server: Option<State<'a>>,
    checker_properties: Option<Checker<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"), expecting = "an event")]
struct Event<'a> {
    event_description: Said<'a>,
    main: bool,
    remediation: bool,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "a state")]
struct State<'a> {
    triage: Option<Triage<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "a judgment")]
struct Triage<'a> {
    classification: Said<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"), expecting = "properties of a checker")]
struct Checker<'a> {
    impact: Said<'a>,
    cwe_category: Said<'a>,
    issue_kinds: Option<Vec<json::Text<'a>>>,
    subcategory_short_description: Said<'a>,
    subcategory_long_description: Said<'a>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let Some(list) = &document.issues else {
        return Err(ReadError::lacks("Coverity report", "/issues", "expected a list of issues, found none"));
    };
    let mut warnings = Vec::new();
    if let Some(error) = said(&document.error) {
        warnings.push(Warning { at: "/error".to_owned(), message: format!("the analysis said: {error}") });
    }
    let issues = json::parts::<Issue<'_>>(list, "/issues", &mut warnings);
    Ok(Report {
        tool: Some(Tool { name: "coverity".to_owned(), version: None }),
        findings: Some(issues.iter().map(|(_, issue)| finding(issue)).collect()),
        looked_for: vec![FindingKind::Code, FindingKind::Quality],
        warnings,
        ..Report::default()
    })
}

fn finding(issue: &Issue<'_>) -> Finding {
    let no_properties = Checker::default();
    let checker = issue.checker_properties.as_ref().unwrap_or(&no_properties);
    let name = or_empty(&issue.checker_name);
    let rule = said(&issue.subcategory).map_or_else(|| name.to_owned(), |sub| format!("{name}/{sub}"));
    let (severity, severity_word) = web::rated("coverity", checker.impact.as_deref());
    let is_security = checker.issue_kinds.iter().flatten().any(|kind| kind.eq_ignore_ascii_case("SECURITY"));
    let kind = if is_security || checker.issue_kinds.is_none() { FindingKind::Code } else { FindingKind::Quality };
    let events = || issue.events.iter().flatten();
    let main = events().find(|event| event.main).and_then(|event| said(&event.event_description));
    let path = said(&issue.stripped_main_event_file_pathname)
        .or_else(|| said(&issue.main_event_file_pathname))
        .unwrap_or_default();
    let triage = issue.state_on_server.as_ref().and_then(|state| state.triage.as_ref());
    let title = said(&checker.subcategory_short_description).or_else(|| main.as_deref().and_then(text::title));
    Finding {
        severity,
        severity_word,
        cwes: weakness::numbers(or_empty(&checker.cwe_category)),
        description: main.or_else(|| said(&checker.subcategory_long_description)).map(text::capped),
        remediation: events().find(|event| event.remediation).and_then(|event| said(&event.event_description)),
        status: match triage.map(|triage| or_empty(&triage.classification)) {
            Some("False Positive") => FindingStatus::FalsePositive,
            Some("Intentional") => FindingStatus::Suppressed,
            _ => FindingStatus::Open,
        },
        identity: match said(&issue.merge_key) {
            Some(key) => identity::of_fingerprint("coverity", &key),
            None => identity::of_parts(&rule, &[&path, or_empty(&issue.function_display_name)]),
        },
        location: Some(Location { path, line: issue.main_event_line_number, end_line: None })
            .filter(|location| !location.path.is_empty()),
        ..Finding::new(kind, rule.clone(), title.unwrap_or(rule))
    }
}
