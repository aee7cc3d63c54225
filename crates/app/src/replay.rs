//! Makes a recorded decision once more, out of nothing but what was recorded with it. The bytes must be the same.

use crate::app::App;
use crate::decide::{Rules, context};
use crate::problem::{Answer, Problem};
use axum::http::StatusCode;
use shipworthy_model::{Decision, Digest, EvaluatedPolicy, FindingKind, Outcome, Phase, Severity};
use shipworthy_policy::excuse::{Aliases, Surroundings, covering};
use shipworthy_policy::input::Input;
use shipworthy_policy::{Excuses, FindingFact, NO_POLICY, verdict};
use shipworthy_store::assignment::InForce;
use shipworthy_store::{Session, facts, place, policy};

/// Makes the decision again and gives its bytes, which are those of `record`.
///
/// # Errors
/// `replay-differs` when they are not; internal when something that was recorded is missing.
pub async fn replay(app: &App, record: &str) -> Answer<String> {
    let recorded: Decision = serde_json::from_str(record).map_err(Problem::internal)?;
    let mut session = app.db.read().await?;
    let mut inputs = vec![facts::get(&mut session, &recorded.facts).await?];
    if let Some(without) = &recorded.facts_without_excused {
        inputs.push(facts::get(&mut session, without).await?);
    }
    let rules = Rules::read(app, &in_force(&mut session, &recorded.policies).await?)?;
    let place = place::get(&mut session, recorded.release_id, recorded.environment_id).await?;
    drop(session);
    let mut context = context(&place);
    let facts: Input = serde_json::from_slice(&inputs[0]).map_err(Problem::internal)?;
    // The environment may be another one today; what it was then is in the facts.
    context.environment = Some(Surroundings {
        id: place.environment.id,
        kind: facts.environment.kind.parse().map_err(Problem::internal)?,
        exposure: facts.environment.exposure.parse().map_err(Problem::internal)?,
    });
    let covering = covering(&recorded.exceptions, &context, recorded.decided_at);
    let aliases = Aliases::new(&named_findings(&recorded));
    let findings = &recorded.excused_findings;
    let excuses = Excuses { covering: &covering, findings, aliases: &aliases, context: &context };
    let mut policies = rules.conclude(&rules.evaluate(app, &inputs).await?, excuses);
    for (again, recorded) in policies.iter_mut().zip(&recorded.policies) {
        if was_stopped(recorded) && again.name == recorded.name {
            again.clone_from(recorded);
        }
    }
    let again = Decision {
        verdict: verdict(&policies, recorded.gate_mode, recorded.unknowns),
        facts: Digest::of(&inputs[0]),
        facts_without_excused: inputs.get(1).map(|without| Digest::of(without)),
        policies,
        ..recorded.clone()
    };
    let again = serde_json::to_string(&again).map_err(Problem::internal)?;
    if again == record {
        return Ok(again);
    }
    tracing::error!(decision = %recorded.id, again, "a replayed decision differs from its record");
    let detail = format!("decision `{}` was made again and is not what was recorded", recorded.id);
    Err(Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "replay-differs", "The replay differs", detail)
        .hint("the server's log has the other bytes; compare them with the record"))
}

/// Whether a policy was stopped at a limit of time or memory. How far it comes depends on the machine and the moment, so
/// here the record's word is taken: it was unknown, and that is the strictest a policy can be.
fn was_stopped(policy: &EvaluatedPolicy) -> bool {
    let at_limit = ["time limit", "it took longer than", "of memory or broke its worker"];
    let says_so = |reason: &String| at_limit.iter().any(|words| reason.contains(words));
    policy.outcome == Outcome::Unknown && policy.reasons.iter().any(says_so)
}

async fn in_force(session: &mut Session, policies: &[EvaluatedPolicy]) -> Answer<Vec<InForce>> {
    let mut all = Vec::new();
    for evaluated in policies.iter().filter(|policy| policy.name != NO_POLICY) {
        all.push(InForce {
            policy: evaluated.name.clone(),
            digest: evaluated.digest.clone(),
            source: policy::source(session, &evaluated.digest).await?,
            parameters: evaluated.parameters.clone(),
            action: evaluated.action,
        });
    }
    Ok(all)
}

/// The recorded names of findings in the form in which exceptions ask for them.
fn named_findings(recorded: &Decision) -> Vec<FindingFact> {
    let fact = |(rule, aliases): (&String, &Vec<String>)| FindingFact {
        aliases: aliases.clone(),
        ..FindingFact::new(FindingKind::Vulnerability, Phase::Artifact, rule, Severity::Unknown)
    };
    recorded.aliases.iter().map(fact).collect()
}
