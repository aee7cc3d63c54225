//! The verb behind every gate: may this release go to this environment, now? Gathers the facts, evaluates the policies
//! in force, excuses what exceptions cover, and records the answer with the digests of all it saw.
//!
//! An answer is given again, without a new record, while nothing it was made from has changed and no exception has
//! begun or ended since.

use crate::app::App;
use crate::audit_log;
use crate::caller::Caller;
use crate::gather::{Gathered, gather};
use crate::people::entry;
use crate::problem::{Answer, Problem};
use crate::summary;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use serde_json::value::RawValue;
use shipworthy_model::{
    Decision, DecisionId, Digest, Environment, EvaluatedPolicy, Exception, ExcusedFinding, Outcome, Permission, Verdict,
};
use shipworthy_policy::excuse::{Aliases, Context, Surroundings, covering, excuse_findings};
use shipworthy_policy::worker::WorkPolicy;
use shipworthy_policy::{Assigned, Excuses, FindingFact, Policy, conclude, verdict, with_findings};
use shipworthy_store::assignment::InForce;
use shipworthy_store::decision::{Counts, NewDecision, ReleaseKey, Standing};
use shipworthy_store::place::Place;
use shipworthy_store::release::OwnedRelease;
use shipworthy_store::{Session, assignment, audit, decision, exception, facts, place, redecision};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The answer of a gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Given {
    /// The decision.
    pub id: DecisionId,
    /// Whether it was made now, or made before and still holds.
    pub is_new: bool,
}

/// How long an answer holds at most when a policy looks at the clock: it may think otherwise at any time.
const LONGEST_WITH_CLOCK: SignedDuration = SignedDuration::from_hours(1);

/// Decides whether a release may go to an environment, or finds the answer that still holds.
///
/// # Errors
/// Not found for what does not exist or is not visible; internal when no decision could be made.
pub async fn decide(app: &App, caller: &Caller, release: &ReleaseKey, environment: &str) -> Answer<Given> {
    let visibility = caller.visibility(Permission::Gate);
    let standing = decision::standing(&mut app.db.read().await?, &visibility, release, environment).await?;
    if let Some(id) = standing.holding(app.clock.now()) {
        return Ok(Given { id, is_new: false });
    }
    let key = ReleaseKey::Id(standing.release_id);
    let mut session = app.db.snapshot().await?;
    // Asked again in the snapshot: the stamp must be that of the facts.
    let standing = decision::standing(&mut session, &visibility, &key, environment).await?;
    let now = app.clock.now();
    if let Some(id) = standing.holding(now) {
        return Ok(Given { id, is_new: false });
    }
    let question = read_question(app, &mut session, &standing, now).await?;
    drop(session);
    let prepared = evaluate(app, caller, question).await?;
    record(app, caller, &standing, prepared).await
}

/// Everything that an answer is made from.
struct Question {
    place: Place,
    rules: Rules,
    exceptions: Vec<Exception>,
    gathered: Gathered,
    now: Timestamp,
}

async fn read_question(app: &App, session: &mut Session, standing: &Standing, now: Timestamp) -> Answer<Question> {
    let place = place::get(session, standing.release_id, standing.environment_id).await?;
    let policies = assignment::in_force(session, &place).await?;
    let exceptions = exception::in_scope(session, &place.owned, Some(&place.environment), now).await?;
    let rules = Rules::read(app, &policies)?;
    let needs: BTreeSet<String> = rules.rules.iter().flat_map(|rule| rule.policy.requires.iter().cloned()).collect();
    let gathered = gather(session, &place, &needs, now).await?;
    Ok(Question { place, rules, exceptions, gathered, now })
}

/// The place as exceptions speak of it.
#[must_use]
pub fn context(place: &Place) -> Context {
    context_of(&place.owned, Some(&place.environment))
}

/// A release before an environment, or wherever it may run, as exceptions speak of it.
pub(crate) fn context_of(owned: &OwnedRelease, environment: Option<&Environment>) -> Context {
    Context {
        team_id: owned.team_id,
        application_id: owned.application_id,
        service_id: owned.release.service_id,
        environment: environment.map(|environment| Surroundings {
            id: environment.id,
            kind: environment.kind,
            exposure: environment.exposure,
        }),
        artifacts: owned.release.artifacts.iter().map(|artifact| artifact.digest.clone()).collect(),
    }
}

/// A decision that is made and not yet recorded.
struct Prepared {
    decision: Decision,
    facts: Vec<Vec<u8>>,
    levels: Vec<String>,
    place: Place,
}

async fn evaluate(app: &App, caller: &Caller, question: Question) -> Answer<Prepared> {
    let Question { place, rules: assigned, exceptions, gathered, now } = question;
    let context = context(&place);
    let covering = covering(&exceptions, &context, now);
    let (left, excused) = excuse_findings(&gathered.findings, &covering, &context);
    let mut inputs = vec![json_bytes(&gathered.input)?];
    if !excused.is_empty() {
        let without = with_findings(gathered.input.clone(), left, &gathered.looked_for);
        inputs.push(json_bytes(&without)?);
    }
    let results = assigned.evaluate(app, &inputs).await?;
    let aliases = Aliases::new(&gathered.findings);
    let excuses = Excuses { covering: &covering, findings: &excused, aliases: &aliases, context: &context };
    let policies = assigned.conclude(&results, excuses);
    let used = used_exceptions(&policies, &excused, &exceptions);
    let environment = &place.environment;
    let decision = Decision {
        schema: 1,
        id: DecisionId(app.clock.new_id()),
        release_id: place.owned.release.id,
        environment_id: environment.id,
        decided_at: now,
        valid_until: valid_until(&exceptions, &assigned, now),
        asked_by: caller.actor().name,
        verdict: verdict(&policies, environment.gate_mode, environment.unknowns),
        gate_mode: environment.gate_mode,
        unknowns: environment.unknowns,
        facts: Digest::of(&inputs[0]),
        facts_without_excused: inputs.get(1).map(|without| Digest::of(without)),
        evidence: gathered.evidence,
        advisories: gathered.advisories,
        aliases: recorded_aliases(&policies, &used, &gathered.findings),
        policies,
        excused_findings: excused,
        exceptions: used,
    };
    Ok(Prepared { decision, facts: inputs, levels: summary::levels(&gathered.input), place })
}

/// The policies in force, read and with complete parameters.
#[derive(Debug)]
pub(crate) struct Rules {
    rules: Vec<Rule>,
}

#[derive(Debug)]
struct Rule {
    policy: Arc<Policy>,
    action: Verdict,
    parameters: serde_json::Value,
}

impl Rules {
    /// Reads policies as they were put into force. Sources and parameters were checked then.
    pub(crate) fn read(app: &App, policies: &[InForce]) -> Answer<Self> {
        let rule = |in_force: &InForce| {
            let failed = |why: String| Problem::internal(format!("policy `{}` in force: {why}", in_force.policy));
            let policy = read(app, in_force).map_err(failed)?;
            let parameters = policy.parameters.fill(&in_force.parameters).map_err(failed)?;
            Ok(Rule { policy, action: in_force.action, parameters })
        };
        Ok(Self { rules: policies.iter().map(rule).collect::<Answer<_>>()? })
    }

    /// The results over each of the sets of facts.
    pub(crate) async fn evaluate(
        &self,
        app: &App,
        inputs: &[Vec<u8>],
    ) -> Answer<Vec<Vec<shipworthy_policy::PolicyResult>>> {
        let work = |rule: &Rule| WorkPolicy {
            digest: rule.policy.digest.clone(),
            source: Some(rule.policy.source.clone()),
            parameters: rule.parameters.clone(),
        };
        let policies: Vec<WorkPolicy> = self.rules.iter().map(work).collect();
        let raw = |bytes: &Vec<u8>| {
            let text = String::from_utf8(bytes.clone()).map_err(|error| Problem::internal(error.to_string()))?;
            RawValue::from_string(text).map_err(|error| Problem::internal(error.to_string()))
        };
        let inputs = inputs.iter().map(raw).collect::<Answer<Vec<_>>>()?;
        app.workers.evaluate(&policies, &inputs).await.map_err(Problem::internal)
    }

    /// What the results and the exceptions make of each policy.
    pub(crate) fn conclude(
        &self,
        results: &[Vec<shipworthy_policy::PolicyResult>],
        excuses: Excuses<'_>,
    ) -> Vec<EvaluatedPolicy> {
        let rules = self.rules.iter();
        let assigned: Vec<Assigned<'_>> =
            rules.map(|Rule { policy, action, parameters }| Assigned { policy, action: *action, parameters }).collect();
        let first = results.first().map(Vec::as_slice).unwrap_or_default();
        conclude(&assigned, first, results.get(1).map(Vec::as_slice), excuses)
    }

    /// Whether a policy may look at the clock: it names `now` somewhere.
    fn looks_at_the_clock(&self) -> bool {
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let names_now = |rule: &Rule| rule.policy.source.split(|c| !is_name(c)).any(|word| word == "now");
        self.rules.iter().any(names_now)
    }
}

/// The policy, read once for every text: that takes a millisecond, and a gate asks a dozen.
fn read(app: &App, in_force: &InForce) -> Result<Arc<Policy>, String> {
    if let Some(policy) = app.policies.find(&in_force.digest) {
        return Ok(policy);
    }
    let policy = Arc::new(Policy::parse(&in_force.source).map_err(|error| error.to_string())?);
    app.policies.keep(in_force.digest.clone(), Arc::clone(&policy));
    Ok(policy)
}

/// The instant from which time alone could change the answer: an exception begins or ends, or a policy that looks at
/// the clock thinks otherwise.
fn valid_until(exceptions: &[Exception], rules: &Rules, now: Timestamp) -> Option<Timestamp> {
    let boundary = |exception: &Exception| if exception.from > now { exception.from } else { exception.until };
    let boundaries = exceptions.iter().map(boundary);
    let clock = rules.looks_at_the_clock().then(|| now.checked_add(LONGEST_WITH_CLOCK).unwrap_or(Timestamp::MAX));
    boundaries.chain(clock).min()
}

fn used_exceptions(
    policies: &[EvaluatedPolicy],
    excused: &[ExcusedFinding],
    exceptions: &[Exception],
) -> Vec<Exception> {
    let violations = policies.iter().flat_map(|policy| &policy.violations);
    let by_violations = violations.flat_map(|violation| violation.excused_by.iter().map(|by| by.exception));
    let used: BTreeSet<_> = by_violations.chain(excused.iter().map(|finding| finding.exception)).collect();
    exceptions.iter().filter(|exception| used.contains(&exception.id)).cloned().collect()
}

/// Other names of the findings that violations name, without which the same exceptions would not match again.
fn recorded_aliases(
    policies: &[EvaluatedPolicy],
    used: &[Exception],
    findings: &[FindingFact],
) -> BTreeMap<String, Vec<String>> {
    if used.is_empty() {
        return BTreeMap::new();
    }
    let violations = policies.iter().flat_map(|policy| &policy.violations);
    let named: BTreeSet<&String> = violations.filter_map(|violation| violation.finding.as_ref()).collect();
    let mut aliases: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for finding in findings.iter().filter(|finding| named.contains(&finding.rule) && !finding.aliases.is_empty()) {
        aliases.entry(finding.rule.clone()).or_default().extend(finding.aliases.iter().cloned());
    }
    aliases.into_iter().map(|(rule, names)| (rule, names.into_iter().collect())).collect()
}

async fn record(app: &App, caller: &Caller, standing: &Standing, prepared: Prepared) -> Answer<Given> {
    let Prepared { decision, facts, levels, place } = prepared;
    let mut session = app.db.write().await?;
    decision::lock(&mut session, standing.release_id).await?;
    let visibility = caller.visibility(Permission::Gate);
    let key = ReleaseKey::Id(standing.release_id);
    let latest = decision::standing(&mut session, &visibility, &key, &place.environment.name).await?;
    if let Some(id) = latest.holding(app.clock.now()) {
        // Somebody who asked at the same time was answered a moment earlier: one question, one answer.
        return Ok(Given { id, is_new: false });
    }
    for facts in &facts {
        facts::keep(&mut session, &Digest::of(facts), facts).await?;
    }
    let record = serde_json::to_string(&decision).map_err(Problem::internal)?;
    let record_digest = Digest::of(record.as_bytes());
    let envelope = summary::signed(app, &place, &decision, &record_digest, levels)?;
    let headline = headline(&decision);
    let new = NewDecision {
        decision: &decision,
        record: &record,
        record_digest: &record_digest,
        envelope: &envelope,
        stamp: standing.stamp,
        counts: counts(&decision),
        headline: &headline,
    };
    decision::insert(&mut session, &new).await?;
    // What changed since the facts were gathered still waits for a decision of its own.
    if latest.stamp == standing.stamp {
        redecision::done(&mut session, standing.release_id, standing.environment_id).await?;
    }
    audit_log::append(&mut session, &audit_entry(app, caller, &place, &decision, &record_digest, &headline)).await?;
    session.commit().await?;
    Ok(Given { id: decision.id, is_new: true })
}

fn audit_entry(
    app: &App,
    caller: &Caller,
    place: &Place,
    decision: &Decision,
    record: &Digest,
    headline: &str,
) -> audit::NewEntry {
    let unknown = |policy: &&EvaluatedPolicy| policy.outcome == Outcome::Unknown;
    let unknown: Vec<_> = decision.policies.iter().filter(unknown).map(|p| (&p.name, &p.reasons)).collect();
    let exceptions: Vec<_> = decision.exceptions.iter().map(|exception| exception.id).collect();
    let details = json!({
        "release": decision.release_id,
        "environment": decision.environment_id,
        "verdict": decision.verdict,
        "unknowns": decision.unknowns,
        "unknown": unknown,
        "exceptions": exceptions,
        "record": record,
    });
    let owned = &place.owned;
    let summary = format!(
        "{} for {}/{}@{} to {}: {headline}",
        decision.verdict, owned.application_name, owned.service_name, owned.release.version, place.environment.name
    );
    entry(app, caller.actor(), "decision.make", ("decision", decision.id.to_string()), summary, details)
}

fn counts(decision: &Decision) -> Counts {
    let with = |outcome: Outcome| decision.policies.iter().filter(move |policy| policy.outcome == outcome).count();
    let violations = decision.policies.iter().flat_map(|policy| &policy.violations);
    let excused = violations.filter(|violation| !violation.excused_by.is_empty()).count();
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    Counts {
        failed: count(with(Outcome::Fail)),
        unknown: count(with(Outcome::Unknown)),
        excused: count(excused.max(decision.excused_findings.len())),
    }
}

/// The decision in one line: what weighs most, and how much more there is.
fn headline(decision: &Decision) -> String {
    let stops = |policy: &&EvaluatedPolicy| matches!(policy.outcome, Outcome::Fail | Outcome::Unknown);
    let mut open: Vec<&EvaluatedPolicy> = decision.policies.iter().filter(stops).collect();
    // What denies before what warns, what fails before what is unknown.
    open.sort_by_key(|policy| (policy.action != Verdict::Deny, policy.outcome != Outcome::Fail));
    let Some(first) = open.first() else {
        return match decision.exceptions.len() {
            0 => "every policy passes".to_owned(),
            1 => "every policy passes, with 1 exception".to_owned(),
            count => format!("every policy passes, with {count} exceptions"),
        };
    };
    let unexcused = first.violations.iter().find(|violation| violation.excused_by.is_empty());
    let why = match first.outcome {
        Outcome::Fail => unexcused.map(|violation| violation.message.clone()),
        _ => first.reasons.first().cloned(),
    };
    let why = why.map_or_else(|| first.title.clone(), |why| format!("{}: {why}", first.name));
    match open.len() - 1 {
        0 => why,
        more => format!("{why} (and {more} more)"),
    }
}

fn json_bytes(value: &impl serde::Serialize) -> Answer<Vec<u8>> {
    serde_json::to_vec(value).map_err(Problem::internal)
}
