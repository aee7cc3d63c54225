//! What happened in a span of time, in everything, a team or an application: lists, and the numbers that are their lengths.

use super::Ready;
use crate::app::App;
use crate::exposure::{self, All};
use crate::problem::{Answer, Problem};
use jiff::Timestamp;
use serde::Serialize;
use shipworthy_advisories::due::{DueInput, Fix, RunsIn, When, due};
use shipworthy_model::{EnvironmentId, ExceptionId, Outcome, Verdict};
use shipworthy_store::Session;
use shipworthy_store::exception::{self, NamedException};
use shipworthy_store::period::{self, Approved, Decided, Made, MendedBy, NotPassed, Period, ReleaseNames};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// The type of the signed statement.
const PREDICATE: &str = "https://shipworthy.dev/attestations/period-report/v1";

/// The longest list of a report. More than that nobody reads on paper.
const LONGEST_LIST: usize = 10_000;

/// What happened in a span of time.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct PeriodReport {
    /// Version of this form, `1`.
    pub(crate) schema: u32,
    /// What it is about: `everything`, `team <name>` or `application <name>`, as far as whoever asked may see it.
    pub(crate) about: String,
    /// The first instant.
    pub(crate) from: String,
    /// The first instant after it.
    pub(crate) until: String,
    /// When the report was made, which is what "still" refers to.
    pub(crate) made_at: String,
    /// Who asked for it.
    pub(crate) made_for: String,
    /// The server that made it.
    pub(crate) server: String,
    /// The numbers, each with what was counted.
    pub(crate) numbers: Vec<PeriodNumber>,
    /// The releases that were made.
    pub(crate) releases: Vec<PeriodRelease>,
    /// The decisions of gates.
    pub(crate) decisions: Vec<PeriodDecision>,
    /// The policies that did not pass.
    pub(crate) violations: Vec<PeriodViolation>,
    /// The exceptions that were granted or used.
    pub(crate) exceptions: Vec<PeriodException>,
    /// The approvals that people gave.
    pub(crate) approvals: Vec<PeriodApproval>,
    /// The due dates that were kept or missed.
    pub(crate) due_dates: Vec<PeriodDueDate>,
}

/// A number with what was counted.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct PeriodNumber {
    /// Its name for programs.
    pub(crate) name: String,
    /// Its name for people.
    pub(crate) title: String,
    /// The number.
    pub(crate) value: u64,
    /// What counts as one.
    pub(crate) definition: String,
}

/// A release that was made.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct PeriodRelease {
    /// Its id.
    pub(crate) id: String,
    /// Its name: `application/service@version`.
    pub(crate) release: String,
    /// The team that owns it.
    pub(crate) team: String,
    /// The commit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) commit: Option<String>,
    /// How many artifacts it has.
    pub(crate) artifacts: u64,
    /// When it was made.
    pub(crate) made_at: String,
    /// By whom.
    pub(crate) made_by: String,
}

/// A decision of a gate.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct PeriodDecision {
    /// Its id.
    pub(crate) id: String,
    /// The release.
    pub(crate) release: String,
    /// The environment.
    pub(crate) environment: String,
    /// `allow`, `warn` or `deny`.
    pub(crate) verdict: String,
    /// The decision in one line.
    pub(crate) headline: String,
    /// How many violations and findings were excused by exceptions.
    pub(crate) excused: u64,
    /// Digest of the recorded decision.
    pub(crate) record: String,
    /// When it was made.
    pub(crate) decided_at: String,
    /// Who asked.
    pub(crate) asked_by: String,
}

/// How often a policy did not pass.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct PeriodViolation {
    /// The policy.
    pub(crate) policy: String,
    /// `fail` or `unknown`.
    pub(crate) outcome: String,
    /// In how many decisions.
    pub(crate) decisions: u64,
    /// About how many releases.
    pub(crate) releases: u64,
}

/// An exception that was granted or used.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct PeriodException {
    /// Its id.
    pub(crate) id: String,
    /// What it excuses.
    pub(crate) excuses: String,
    /// Where it holds.
    pub(crate) holds_for: String,
    /// Why it was asked for.
    pub(crate) reason: String,
    /// Who asked.
    pub(crate) requested_by: String,
    /// Who approved.
    pub(crate) approved_by: String,
    /// When it was approved.
    pub(crate) approved_at: String,
    /// The first instant at which it holds.
    pub(crate) from: String,
    /// The first instant at which it holds no more.
    pub(crate) until: String,
    /// When it was taken back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) revoked_at: Option<String>,
    /// Whether it was approved in this time.
    pub(crate) is_granted: bool,
    /// How many decisions of this time used it.
    pub(crate) used: u64,
}

/// An approval that a person gave.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct PeriodApproval {
    /// The release.
    pub(crate) release: String,
    /// The environment.
    pub(crate) environment: String,
    /// Who approved.
    pub(crate) approved_by: String,
    /// What was said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) comment: Option<String>,
    /// When.
    pub(crate) approved_at: String,
}

/// A due date.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct PeriodDueDate {
    /// The vulnerability.
    pub(crate) vulnerability: String,
    /// How bad it is.
    pub(crate) severity: String,
    /// Where: a release and its environment, or in how many releases it still runs.
    pub(crate) place: String,
    /// Since when it was known and ran.
    pub(crate) known_at: String,
    /// Until when it had to be mended; absent where that is whenever something is upgraded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) due_at: Option<String>,
    /// When it was mended; absent where it still runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) mended_at: Option<String>,
    /// `kept`, `missed` or `overdue`.
    pub(crate) outcome: String,
    /// Why it was due then.
    pub(crate) because: String,
}

/// Gathers what happened from one state of the data.
///
/// # Errors
/// When a list is longer than a report may be.
pub(crate) async fn report(
    app: &App,
    session: &mut Session,
    asked: &Period,
    (about, made_for): (String, String),
) -> Answer<PeriodReport> {
    let now = app.clock.now();
    let asked = Period { limit: LONGEST_LIST + 1, ..asked.clone() };
    let releases = bounded("releases", period::releases(session, &asked).await?)?;
    let decisions = bounded("decisions", period::decisions(session, &asked).await?)?;
    let violations = bounded("policies", period::not_passed(session, &asked).await?)?;
    let approvals = bounded("approvals", period::approvals(session, &asked).await?)?;
    let exceptions = exceptions(session, &asked).await?;
    let due_dates = due_dates(app, session, &asked, now).await?;
    let mut report = PeriodReport {
        schema: 1,
        about,
        from: asked.from.to_string(),
        until: asked.until.to_string(),
        made_at: now.to_string(),
        made_for,
        server: app.settings.public_url.clone(),
        numbers: Vec::new(),
        releases: releases.into_iter().map(of_release).collect(),
        decisions: decisions.into_iter().map(of_decision).collect(),
        violations: violations.into_iter().map(of_violation).collect(),
        exceptions,
        approvals: approvals.into_iter().map(of_approval).collect(),
        due_dates,
    };
    report.numbers = numbers(&report);
    Ok(report)
}

impl PeriodReport {
    /// Writes and signs it.
    ///
    /// # Errors
    /// When no key may sign.
    pub(crate) fn ready(&self, app: &App) -> Answer<Ready> {
        Ready::of(app, self, PREDICATE, Vec::new(), app.clock.now())
    }
}

fn bounded<T>(what: &str, list: Vec<T>) -> Answer<Vec<T>> {
    if list.len() > LONGEST_LIST {
        return Err(Problem::invalid("from", format!("more than {LONGEST_LIST} {what} are in this time"))
            .hint("ask for a shorter time, for a team or for an application"));
    }
    Ok(list)
}

fn name(release: &ReleaseNames) -> String {
    let ReleaseNames { application, service, version, .. } = release;
    format!("{application}/{service}@{version}")
}

fn of_release(made: Made) -> PeriodRelease {
    let Made { release, team, commit, artifacts, by, at } = made;
    PeriodRelease {
        id: release.id.to_string(),
        release: name(&release),
        team,
        commit,
        artifacts,
        made_at: at.to_string(),
        made_by: by,
    }
}

fn of_decision(decided: Decided) -> PeriodDecision {
    let Decided { id, release, environment, verdict, headline, excused, record, by, at } = decided;
    PeriodDecision {
        id: id.to_string(),
        release: name(&release),
        environment,
        verdict: verdict.to_string(),
        headline,
        excused,
        record: record.to_string(),
        decided_at: at.to_string(),
        asked_by: by,
    }
}

fn of_violation(found: NotPassed) -> PeriodViolation {
    let NotPassed { policy, outcome, decisions, releases } = found;
    PeriodViolation { policy, outcome: outcome.to_string(), decisions, releases }
}

fn of_approval(approved: Approved) -> PeriodApproval {
    let Approved { release, environment, by, comment, at } = approved;
    PeriodApproval { release: name(&release), environment, approved_by: by, comment, approved_at: at.to_string() }
}

async fn exceptions(session: &mut Session, asked: &Period) -> Answer<Vec<PeriodException>> {
    let uses: BTreeMap<ExceptionId, u64> = period::uses(session, asked).await?.into_iter().collect();
    let used: Vec<ExceptionId> = uses.keys().copied().collect();
    let span = (asked.from, asked.until);
    let found = exception::granted_or_used(session, &asked.visible, span, &used, asked.limit).await?;
    let found = bounded("exceptions", found)?;
    Ok(found.into_iter().map(|named| of_exception(named, span, &uses)).collect())
}

fn of_exception(
    named: NamedException,
    (from, until): (Timestamp, Timestamp),
    uses: &BTreeMap<ExceptionId, u64>,
) -> PeriodException {
    let (excuses, holds_for) = (excuses(&named), holds_for(&named));
    let NamedException { exception, requested_by, decided_by, .. } = named;
    let decided_at = exception.decided_at;
    PeriodException {
        id: exception.id.to_string(),
        excuses,
        holds_for,
        requested_by,
        approved_by: decided_by.unwrap_or_default(),
        approved_at: decided_at.map(|at| at.to_string()).unwrap_or_default(),
        from: exception.from.to_string(),
        until: exception.until.to_string(),
        revoked_at: exception.revoked_at.map(|at| at.to_string()),
        is_granted: exception.is_approved == Some(true) && decided_at.is_some_and(|at| (from..until).contains(&at)),
        used: uses.get(&exception.id).copied().unwrap_or_default(),
        reason: exception.reason,
    }
}

/// `CVE-2021-44228 in pkg:…, policy no-critical-vulnerabilities`.
fn excuses(named: &NamedException) -> String {
    let matchers = &named.exception.matchers;
    let parts = [
        matchers.rule.clone(),
        matchers.purl.as_ref().map(|purl| format!("in {purl}")),
        matchers.artifact.as_ref().map(|artifact| format!("of {artifact}")),
        matchers.policy.as_ref().map(|policy| format!("policy {policy}")),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn holds_for(named: &NamedException) -> String {
    let (names, scope) = (&named.scope_names, &named.exception.scope);
    let parts = [
        names.team.as_ref().map(|name| format!("team {name}")),
        names.application.as_ref().map(|name| format!("application {name}")),
        names.service.as_ref().map(|name| format!("service {name}")),
        names.environment.as_ref().map(|name| format!("environment {name}")),
        scope.environment_kind.map(|kind| format!("environments for {kind}")),
        scope.exposure.map(|exposure| format!("environments that are {exposure}")),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() { "everything".to_owned() } else { parts.join(", ") }
}

/// What was mended in this time, and what should have been by its end and still runs. Due dates are those of the table that
/// is in force now.
async fn due_dates(app: &App, session: &mut Session, asked: &Period, now: Timestamp) -> Answer<Vec<PeriodDueDate>> {
    let mended = bounded("vulnerabilities that were mended", period::mended(session, asked).await?)?;
    let places = exposure::environments(session).await?;
    let (all, exposed) = exposure::exposed(app, session, &asked.visible).await?;
    let mut dates: Vec<PeriodDueDate> =
        mended.into_iter().map(|mended| of_mended(app, &all, &places, mended, now)).collect();
    let end = asked.until.min(now);
    let still = exposed.iter().filter(|found| found.reach.running > 0);
    let still = still.filter_map(|found| match found.due.when {
        When::At(due_at) if due_at < end => Some((found, due_at)),
        When::At(_) | When::OnNextUpgrade | When::Never => None,
    });
    for (found, due_at) in still {
        let Some(known) = all.by_name.get(&found.name) else { continue };
        dates.push(PeriodDueDate {
            vulnerability: found.name.clone(),
            severity: known.severity.to_string(),
            place: crate::wording::counted(found.reach.running as u64, "running deployment"),
            known_at: known.first_at.to_string(),
            due_at: Some(due_at.to_string()),
            mended_at: None,
            outcome: "overdue".to_owned(),
            because: found.due.because.clone(),
        });
    }
    bounded("due dates", dates)
}

fn of_mended(
    app: &App,
    all: &All,
    places: &BTreeMap<EnvironmentId, RunsIn>,
    mended: MendedBy,
    now: Timestamp,
) -> PeriodDueDate {
    let MendedBy { vulnerability, severity, release, environment_id, environment, known_at, mended_at } = mended;
    let runs_in = places.get(&environment_id).copied();
    let by = match all.by_name.get(&vulnerability) {
        Some(known) => known.judged(app, runs_in, now).0,
        None => {
            let (known_exploited, automatable, technical_impact) = (None, None, None);
            let (environment, fix, first_known) = (runs_in, Fix::Unknown, known_at);
            let input =
                DueInput { severity, known_exploited, environment, automatable, technical_impact, fix, first_known };
            due(&input, &app.settings.due_dates)
        }
    };
    let due_at = match by.when {
        When::At(at) => Some(at),
        When::OnNextUpgrade | When::Never => None,
    };
    let is_missed = due_at.is_some_and(|due_at| due_at < mended_at);
    PeriodDueDate {
        vulnerability,
        severity: severity.to_string(),
        place: format!("{} in {environment}", name(&release)),
        known_at: known_at.to_string(),
        due_at: due_at.map(|at| at.to_string()),
        mended_at: Some(mended_at.to_string()),
        outcome: if is_missed { "missed" } else { "kept" }.to_owned(),
        because: by.because,
    }
}

/// The numbers, every one of which is the length of a list or of a part of one.
fn numbers(report: &PeriodReport) -> Vec<PeriodNumber> {
    let verdicts = |verdict: Verdict| {
        report.decisions.iter().filter(|decision| decision.verdict == verdict.to_string()).count() as u64
    };
    let outcomes = |outcome: &str| report.due_dates.iter().filter(|due| due.outcome == outcome).count() as u64;
    let failed = Outcome::Fail.to_string();
    let violations = report.violations.iter().filter(|found| found.outcome == failed);
    let granted = report.exceptions.iter().filter(|exception| exception.is_granted).count() as u64;
    let used = report.exceptions.iter().filter(|exception| exception.used > 0).count() as u64;
    let rows = [
        ("releases", "releases", report.releases.len() as u64, "Releases that were made in this time."),
        (
            "decisions",
            "decisions of gates",
            report.decisions.len() as u64,
            "Answers of a gate that were recorded in this time. An answer that still held was given again and counts once.",
        ),
        ("allowed", "allowed", verdicts(Verdict::Allow), "Decisions that let the release go."),
        (
            "warned",
            "allowed with a warning",
            verdicts(Verdict::Warn),
            "Decisions that let it go and asked somebody to look.",
        ),
        ("denied", "denied", verdicts(Verdict::Deny), "Decisions that did not let the release go."),
        (
            "violations",
            "policies failed",
            violations.map(|found| found.decisions).sum(),
            "For each decision the policies that failed with a violation that no exception excused.",
        ),
        ("exceptions-granted", "exceptions granted", granted, "Exceptions that a second person approved in this time."),
        (
            "exceptions-used",
            "exceptions used",
            used,
            "Exceptions, whenever they were granted, that a decision of this time used.",
        ),
        (
            "approvals",
            "approvals",
            report.approvals.len() as u64,
            "Approvals of a release for an environment by a person.",
        ),
        (
            "due-dates-kept",
            "due dates kept",
            outcomes("kept"),
            "Vulnerabilities that a deployment of this time mended on or before their due date, or that had no date.",
        ),
        (
            "due-dates-missed",
            "due dates missed",
            outcomes("missed"),
            "Vulnerabilities that a deployment of this time mended after their due date.",
        ),
        (
            "overdue",
            "overdue and still running",
            outcomes("overdue"),
            "Vulnerabilities whose due date passed before the end of this time and that still ran when the report was made.",
        ),
    ];
    let number = |(name, title, value, definition): (&str, &str, u64, &str)| PeriodNumber {
        name: name.to_owned(),
        title: title.to_owned(),
        value,
        definition: definition.to_owned(),
    };
    rows.into_iter().map(number).collect()
}
