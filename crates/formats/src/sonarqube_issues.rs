//! Issues and security hotspots that SonarQube found: the answers of `api/issues/search` and `api/hotspots/search`, and
//! the exports that sonar-report and the former preview mode of the scanner made of them.

use crate::json::{self, List, Text, stated};
use crate::{Format, Probe, ReadError, identity, severity, text};
use serde::Deserialize;
use serde_json::value::RawValue;
use shipworthy_model::{Finding, FindingKind, FindingStatus, Location, Phase, Report, Severity, Tool, Warning};
use std::collections::HashMap;

/// The web API documents itself on every server, at `/web_api/api/issues/search`.
pub(crate) static FORMAT: Format = Format {
    name: "sonarqube-issues",
    title: "SonarQube issues and hotspots",
    homepage: "https://docs.sonarsource.com/sonarqube-server/user-guide/issues/introduction",
    phase: Phase::Source,
    tool: "sonarqube",
    reads: "answers of `api/issues/search` and `api/hotspots/search`, and the JSON of sonar-report and of the preview mode",
    identifies: "the server's hash of the line with rule and path, else its key of the issue",
    severities: "sonarqube",
    marks: &["issues", "hotspots", "paging", "hotspotKeys", "effortTotal"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| {
        let is_search = members.has("paging") || members.has_all(&["total", "p", "ps"]);
        let is_export = members.has("hotspotKeys") || members.has_all(&["version", "components", "rules"]);
        members.has("issues") && (is_search || is_export) || members.has_all(&["hotspots", "paging"])
    })
}

#[derive(Deserialize)]
struct Answer<'a> {
    #[serde(borrow)]
    issues: Option<List<'a>>,
    #[serde(borrow, default)]
    hotspots: List<'a>,
    #[serde(borrow, default)]
    components: List<'a>,
    #[serde(borrow)]
    paging: Option<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object with `total`")]
struct Paging {
    total: Option<u64>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object with `key`")]
struct Component<'a> {
    #[serde(borrow)]
    key: Text<'a>,
    #[serde(borrow)]
    path: Option<Text<'a>>,
}

/// An issue or a hotspot; the latter have `ruleKey` and `vulnerabilityProbability` in place of `rule` and `severity`.
#[derive(Deserialize)]
#[serde(expecting = "an issue")]
struct Issue<'a> {
    #[serde(borrow)]
    key: Option<Text<'a>>,
    #[serde(borrow, alias = "ruleKey")]
    rule: Option<Text<'a>>,
    #[serde(borrow, rename = "securityCategory")]
    category: Option<Text<'a>>,
    #[serde(borrow, alias = "vulnerabilityProbability")]
    severity: Option<Text<'a>>,
    #[serde(borrow, default)]
    impacts: Option<Vec<Impact<'a>>>,
    #[serde(borrow, rename = "type")]
    kind: Option<Text<'a>>,
    #[serde(borrow, rename = "issueStatus", alias = "simpleStatus")]
    issue_status: Option<Text<'a>>,
    #[serde(borrow)]
    status: Option<Text<'a>>,
    #[serde(borrow)]
    resolution: Option<Text<'a>>,
    #[serde(borrow)]
    component: Option<Text<'a>>,
    #[serde(borrow)]
    project: Option<Text<'a>>,
    line: Option<u32>,
    #[serde(borrow)]
    hash: Option<Text<'a>>,
    #[serde(rename = "textRange")]
    text_range: Option<TextRange>,
    #[serde(borrow)]
    message: Option<Text<'a>>,
    #[serde(borrow)]
    description: Option<Text<'a>>,
    #[serde(borrow)]
    effort: Option<Text<'a>>,
    #[serde(borrow, default)]
    tags: Option<Vec<Text<'a>>>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object with `softwareQuality` and `severity`")]
struct Impact<'a> {
    #[serde(borrow, rename = "softwareQuality")]
    quality: Text<'a>,
    #[serde(borrow)]
    severity: Text<'a>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object with `startLine`")]
struct TextRange {
    #[serde(rename = "startLine")]
    start: Option<u32>,
    #[serde(rename = "endLine")]
    end: Option<u32>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let answer: Answer = json::document(bytes)?;
    let mut warnings = Vec::new();
    let components = json::parts::<Component>(&answer.components, "/components", &mut warnings);
    let paths = components.iter().filter_map(|(_, component)| Some((&*component.key, &**component.path.as_ref()?)));
    let mut reader = Reader { paths: paths.collect(), seen: HashMap::new(), warnings, findings: Vec::new() };
    let none = List::default();
    let issues = answer.issues.as_ref().unwrap_or(&none);
    for (list, at, is_hotspot) in [(issues, "/issues", false), (&answer.hotspots, "/hotspots", true)] {
        for (index, issue) in json::parts::<Issue>(list, at, &mut reader.warnings) {
            reader.issue(&issue, is_hotspot, &format!("{at}/{index}"));
        }
    }
    let Reader { findings, mut warnings, .. } = reader;
    let sent = issues.items.len() + answer.hotspots.items.len();
    warn_of_missing_pages(answer.paging, sent as u64, &mut warnings);
    Ok(Report {
        tool: Some(Tool { name: "sonarqube".to_owned(), version: None }),
        findings: Some(findings),
        // A hotspot is about security, an issue about that or quality.
        looked_for: match answer.issues {
            Some(_) => vec![FindingKind::Code, FindingKind::Quality],
            None => vec![FindingKind::Code],
        },
        warnings,
        ..Report::default()
    })
}

struct Reader<'a> {
    /// The paths of components whose keys do not show them.
    paths: HashMap<&'a str, &'a str>,
    /// How often each identity occurred.
    seen: HashMap<String, u32>,
    warnings: Vec<Warning>,
    findings: Vec<Finding>,
}

impl Reader<'_> {
    fn issue(&mut self, issue: &Issue<'_>, is_hotspot: bool, at: &str) {
        // Hotspots did not name their rule before server 9.5, but always their category.
        let Some(rule) = stated(issue.rule.as_ref()).or(stated(issue.category.as_ref())) else {
            let message = "left out: expected a `rule`, found none".to_owned();
            self.warnings.push(Warning { at: at.to_owned(), message });
            return;
        };
        let (severity, severity_word) = severity_of(issue);
        if severity == Severity::Unknown {
            let message = match &severity_word {
                Some(word) => format!("expected a severity of SonarQube, found `{word}`"),
                None => "expected a severity, found none".to_owned(),
            };
            self.warnings.push(Warning { at: at.to_owned(), message });
        }
        let location = self.location(issue);
        let identity = self.identity(issue, &rule, location.as_ref());
        self.findings.push(Finding {
            kind: kind_of(issue, &rule, is_hotspot),
            title: issue.message.as_ref().and_then(|message| text::title(message)).unwrap_or_else(|| rule.clone()),
            rule,
            aliases: Vec::new(),
            description: stated(issue.description.as_ref()).map(text::capped),
            severity,
            severity_word,
            score: None,
            cvss: Vec::new(),
            cwes: issue.tags.iter().flatten().filter_map(|tag| tag.strip_prefix("cwe-")?.parse().ok()).collect(),
            component: None,
            location,
            fixed_versions: Vec::new(),
            remediation: stated(issue.effort.as_ref()).map(|effort| format!("estimated effort: {effort}")),
            references: Vec::new(),
            status: status_of(issue),
            identity,
        });
    }

    /// The path behind `project:path`. Project keys may hold colons, so it is cut at the project that is named; issues of
    /// the project itself have no place.
    fn location(&self, issue: &Issue<'_>) -> Option<Location> {
        let component = &**issue.component.as_ref()?;
        let project = issue.project.as_ref().map_or("", |project| project);
        let in_project = component.strip_prefix(project).and_then(|rest| rest.strip_prefix(':'));
        let path = match (self.paths.get(component), in_project) {
            (Some(path), _) => path,
            (None, Some(path)) => path,
            (None, None) if component == project => return None,
            (None, None) => component,
        };
        let TextRange { start, end } = issue.text_range.as_ref().unwrap_or(&TextRange { start: None, end: None });
        Some(Location { path: path.to_owned(), line: issue.line.or(*start), end_line: *end })
    }

    /// SonarQube's key differs from branch to branch; its hash is of the text of the line and moves along with it. The
    /// same text may be wrong twice in a file, so repetitions are numbered.
    fn identity(&mut self, issue: &Issue<'_>, rule: &str, location: Option<&Location>) -> String {
        let path = location.map_or("", |location| &location.path);
        let identity = match (&issue.hash, &issue.key) {
            (Some(hash), _) => identity::of_parts(rule, &[path, hash]),
            (None, Some(key)) => identity::of_fingerprint("sonarqube", key),
            (None, None) => identity::of_parts(rule, &[path, issue.message.as_ref().map_or("", |message| message)]),
        };
        let count = self.seen.entry(identity.clone()).and_modify(|count| *count += 1).or_insert(1);
        if *count == 1 { identity } else { format!("{identity}|{count}") }
    }
}

/// A server counts in the old scale or in that of the impacts, and its answer has both without saying which: the worse
/// of them counts.
fn severity_of(issue: &Issue<'_>) -> (Severity, Option<String>) {
    let impacts = issue.impacts.iter().flatten().map(|impact| &impact.severity);
    let words = issue.severity.iter().chain(impacts).filter_map(Text::stated);
    let rated = words.map(|word| (severity::of_word("sonarqube", &word), Some(word)));
    // The first of equals, so that a word of the old scale is kept where both scales agree.
    rated.reduce(|best, next| if next.0 > best.0 { next } else { best }).unwrap_or_default()
}

fn kind_of(issue: &Issue<'_>, rule: &str, is_hotspot: bool) -> FindingKind {
    let kind = issue.kind.as_ref().map_or("", |kind| kind);
    // Exports mix hotspots into the issues; only hotspots wait for a review.
    let waits = issue.status.as_ref().is_some_and(|status| matches!(&**status, "TO_REVIEW" | "REVIEWED"));
    let is_about_security = issue.impacts.iter().flatten().any(|impact| &*impact.quality == "SECURITY");
    if rule.starts_with("secrets:") {
        FindingKind::Secret
    } else if is_hotspot || waits || is_about_security || matches!(kind, "VULNERABILITY" | "SECURITY_HOTSPOT") {
        FindingKind::Code
    } else {
        FindingKind::Quality
    }
}

/// New servers say it in one word, old ones in a status and a resolution.
fn status_of(issue: &Issue<'_>) -> FindingStatus {
    let words = [&issue.issue_status, &issue.resolution, &issue.status];
    let statuses = words.into_iter().flatten().filter_map(|word| match &**word {
        "FALSE_POSITIVE" | "FALSE-POSITIVE" | "SAFE" => Some(FindingStatus::FalsePositive),
        "ACCEPTED" | "WONTFIX" | "ACKNOWLEDGED" => Some(FindingStatus::Suppressed),
        "FIXED" | "REMOVED" | "CLOSED" => Some(FindingStatus::Fixed),
        _ => None,
    });
    statuses.into_iter().next().unwrap_or_default()
}

/// An answer holds at most 500 issues; the rest is on further pages.
fn warn_of_missing_pages(paging: Option<&RawValue>, sent: u64, warnings: &mut Vec<Warning>) {
    let paging = paging.and_then(|paging| json::part::<Paging>(paging, "/paging", warnings));
    if let Some(total) = paging.and_then(|paging| paging.total).filter(|total| *total > sent) {
        let message = format!("the server has {total}, this document holds {sent}: send the other pages too");
        warnings.push(Warning { at: "/paging/total".to_owned(), message });
    }
}
