//! What tools report that go through rules one by one: a rule, a thing it was applied to, and an outcome. Every format of
//! benchmarks, of settings and of the cloud gives its checks to [`Checks`], which alone decides what becomes of them:
//!
//! | outcome | control of the benchmark | finding of a scanner |
//! |---|---|---|
//! | passed | pass | none |
//! | failed | fail | open |
//! | a problem that the tool does not let fail | warn | open |
//! | excused by somebody | not applicable | suppressed |
//! | for a person to look at, or not testable | warn | none |
//! | not applicable | not applicable | none |
//! | only information | info | none |
//!
//! A *benchmark* goes through a published standard (CIS, STIG, an InSpec profile) and says of every control whether it
//! holds: it becomes controls, and its failed controls are no findings besides. A *scanner* looks for problems by rules of
//! its own: what failed becomes findings. Where its document lists what passed, too, every check is a control as well, so
//! that a percentage is possible; where it lists problems alone there are no controls, because 0 % would be untrue.

use crate::{identity, severity, text};
use shipworthy_model::{
    Benchmark, ComponentRef, Control, ControlStatus, Finding, FindingKind, FindingStatus, Location, Report, Severity,
    Tool, Warning,
};

/// The outcome of a check, see the table above.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It holds.
    Passed,
    /// It does not hold.
    Failed,
    /// It does not hold, which the tool takes for a warning.
    Warned,
    /// It does not hold, and somebody said in the tool that this is accepted.
    Excused,
    /// A person has to look, or it could not be tested.
    #[default]
    Undecided,
    /// It does not apply.
    NotApplicable,
    /// Information without a judgment.
    Told,
}

impl Outcome {
    fn status(self) -> ControlStatus {
        match self {
            Self::Passed => ControlStatus::Pass,
            Self::Failed => ControlStatus::Fail,
            Self::Warned | Self::Undecided => ControlStatus::Warn,
            Self::Excused | Self::NotApplicable => ControlStatus::NotApplicable,
            Self::Told => ControlStatus::Info,
        }
    }
}

/// A rule as it was applied to one thing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Check {
    /// The tool's id of the rule, or the number of the control.
    pub(crate) rule: String,
    /// What sort of problem it is when it fails, where that is not the scanner's usual sort.
    pub(crate) kind: Option<FindingKind>,
    /// What it asks.
    pub(crate) title: Option<String>,
    /// Its chapter.
    pub(crate) section: Option<String>,
    pub(crate) outcome: Outcome,
    /// Whether it is a recommendation that does not count for the score.
    pub(crate) is_unscored: bool,
    pub(crate) level: Option<u8>,
    pub(crate) severity: Severity,
    pub(crate) severity_word: Option<String>,
    /// The tool's own score, on its own scale.
    pub(crate) score: Option<f64>,
    /// What was seen.
    pub(crate) reason: Option<String>,
    /// Why it matters, as the tool says it of the rule.
    pub(crate) description: Option<String>,
    /// What it was applied to: a host, a Kubernetes object, an account, a resource of a template.
    pub(crate) resource: Option<String>,
    pub(crate) location: Option<Location>,
    pub(crate) remediation: Option<String>,
    pub(crate) references: Vec<String>,
    pub(crate) aliases: Vec<String>,
    pub(crate) cwes: Vec<u32>,
    /// The tool's own fingerprint as an identity; without one it is rule, place and resource.
    pub(crate) identity: Option<String>,
}

/// The checks of one document.
#[derive(Debug, Default)]
pub(crate) struct Checks {
    kind: Option<FindingKind>,
    benchmark: Option<Benchmark>,
    findings: Vec<Finding>,
    pub(crate) warnings: Vec<Warning>,
}

impl Checks {
    /// The controls of a standard.
    pub(crate) fn of_benchmark(name: impl Into<String>) -> Self {
        let benchmark = Benchmark { name: name.into(), ..Benchmark::default() };
        Self { benchmark: Some(benchmark), ..Self::default() }
    }

    /// The problems that a scanner of settings found.
    pub(crate) fn of_scanner() -> Self {
        Self { kind: Some(FindingKind::Misconfiguration), ..Self::default() }
    }

    /// The problems that a scanner of settings found; with the name of its rules where it lists what passed, too.
    pub(crate) fn of_scanner_listing_passed(name: &str, lists_passed: bool) -> Self {
        if lists_passed { Self::of_scanner_with_passed(name) } else { Self::of_scanner() }
    }

    /// The problems that a scanner of settings found, in a document that lists what passed, too.
    pub(crate) fn of_scanner_with_passed(name: impl Into<String>) -> Self {
        Self { kind: Some(FindingKind::Misconfiguration), ..Self::of_benchmark(name) }
    }

    /// The benchmark, to say more of it than its name.
    pub(crate) fn benchmark(&mut self) -> &mut Benchmark {
        self.benchmark.get_or_insert_with(Benchmark::default)
    }

    pub(crate) fn add(&mut self, check: Check) {
        if let Some(kind) = self.kind
            && matches!(check.outcome, Outcome::Failed | Outcome::Warned | Outcome::Excused)
        {
            self.findings.push(finding(check.kind.unwrap_or(kind), &check));
        }
        if let Some(benchmark) = &mut self.benchmark {
            benchmark.controls.push(control(check));
        }
    }

    /// Adds a check whose document names the things for which it failed: a finding for each, and one control.
    pub(crate) fn add_with_places(&mut self, check: Check, places: Vec<String>) {
        if let Some(kind) = self.kind
            && check.outcome == Outcome::Failed
        {
            let places = if places.is_empty() { vec![None] } else { places.into_iter().map(Some).collect() };
            let one = |resource| finding(kind, &Check { resource, ..check.clone() });
            self.findings.extend(places.into_iter().map(one));
        }
        if let Some(benchmark) = &mut self.benchmark {
            benchmark.controls.push(control(check));
        }
    }

    /// Adds a finding that is no check.
    pub(crate) fn add_finding(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// The report of `tool`.
    pub(crate) fn report(self, tool: &str, version: Option<String>) -> Report {
        let is_of_scanner = self.kind.is_some() || !self.findings.is_empty();
        Report {
            tool: Some(Tool { name: tool.to_owned(), version }),
            benchmark: self.benchmark,
            findings: is_of_scanner.then_some(self.findings),
            looked_for: self.kind.into_iter().collect(),
            warnings: self.warnings,
            ..Report::default()
        }
    }
}

/// The title is what the rule asks, else the first line of what was seen, else the rule itself.
fn titled(check: &Check) -> String {
    let of_reason = || check.reason.as_deref().or(check.description.as_deref()).and_then(text::title);
    check.title.as_deref().and_then(text::title).or_else(of_reason).unwrap_or_else(|| check.rule.clone())
}

fn control(check: Check) -> Control {
    Control {
        title: titled(&check),
        id: check.rule,
        section: check.section,
        status: check.outcome.status(),
        is_scored: !check.is_unscored,
        level: check.level,
        remediation: check.remediation.map(text::capped),
        severity: Some(check.severity).filter(|severity| *severity != Severity::Unknown),
        reason: check.reason.map(text::capped),
        resource: check.resource.or_else(|| check.location.map(|location| location.path)),
    }
}

fn finding(kind: FindingKind, check: &Check) -> Finding {
    let path = check.location.as_ref().map_or("", |location| &location.path);
    let resource = check.resource.as_deref().unwrap_or_default();
    let made = || identity::of_parts(&check.rule, &[path, resource]);
    let title = titled(check);
    let mut texts: Vec<&str> = [check.reason.as_deref(), check.description.as_deref()].into_iter().flatten().collect();
    texts.retain(|text| *text != title);
    texts.dedup();
    let is_excused = check.outcome == Outcome::Excused;
    Finding {
        description: Some(texts.join("\n\n")).filter(|text| !text.is_empty()).map(text::capped),
        severity: check.severity,
        severity_word: check.severity_word.clone(),
        score: check.score,
        aliases: check.aliases.clone(),
        cwes: check.cwes.clone(),
        component: check.resource.clone().map(|name| ComponentRef { name, ..ComponentRef::default() }),
        location: check.location.clone(),
        remediation: check.remediation.clone().map(text::capped),
        references: check.references.clone(),
        status: if is_excused { FindingStatus::Suppressed } else { FindingStatus::Open },
        identity: check.identity.clone().unwrap_or_else(made),
        ..Finding::new(kind, check.rule.clone(), title)
    }
}

/// Our severity for the word of a tool; unknown where there is none.
pub(crate) fn rated(tool: &str, word: Option<&str>) -> Severity {
    word.map_or(Severity::Unknown, |word| severity::of_word(tool, word))
}

/// A place in a file, its path as the tool writes it but for a leading `./`.
pub(crate) fn place(path: Option<&str>, line: Option<u32>, end_line: Option<u32>) -> Option<Location> {
    let path = path?.trim();
    let path = path.strip_prefix("./").unwrap_or(path);
    let line = line.filter(|line| *line > 0);
    let end_line = end_line.filter(|end| line.is_some_and(|line| *end >= line));
    (!path.is_empty()).then(|| Location { path: path.to_owned(), line, end_line })
}

/// Whether the title of a CIS control says that it counts for the score; those that a person has to judge do not.
pub(crate) fn is_unscored(title: &str) -> bool {
    title.contains("(Manual") || title.contains("(Not Scored")
}

/// A moment given as seconds since 1970.
pub(crate) fn moment_of_seconds(seconds: Option<i64>) -> Option<String> {
    let seconds = seconds.filter(|seconds| *seconds > 0)?;
    jiff::Timestamp::from_second(seconds).ok().map(|moment| moment.to_string())
}
