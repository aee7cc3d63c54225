//! What exceptions excuse, and what is left of a decision after them.

use jiff::Timestamp;
use serde_json::Value;
use shipworthy_model::{
    ApplicationId, Digest, EnvironmentId, EnvironmentKind, EvaluatedPolicy, Exception, ExceptionId, ExceptionScope,
    Exposure, FindingKind, GateMode, Matchers, Outcome, Phase, ServiceId, Severity, TeamId, Unknowns, UserId, Verdict,
};
use shipworthy_policy::excuse::{Aliases, Context, Surroundings, covering, covers_purl, excuse_findings};
use shipworthy_policy::{
    Assigned, Excuses, FindingFact, Input, LookedFor, NO_POLICY, Policy, conclude, evaluate, verdict, with_findings,
};
use std::fmt::Write as _;
use uuid::Uuid;

const BY_SEVERITY: &str = include_str!("../../../../policies/findings-by-severity/policy.rego");
const KNOWN_EXPLOITED: &str = include_str!("../../../../policies/no-known-exploited-vulnerability/policy.rego");

fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

fn now() -> Timestamp {
    at("2026-01-15T12:00:00Z")
}

fn context() -> Context {
    Context {
        team_id: TeamId(Uuid::from_u128(1)),
        application_id: ApplicationId(Uuid::from_u128(2)),
        service_id: ServiceId(Uuid::from_u128(3)),
        environment: Some(Surroundings {
            id: EnvironmentId(Uuid::from_u128(4)),
            kind: EnvironmentKind::Production,
            exposure: Exposure::Internet,
        }),
        artifacts: vec![Digest::of(b"image")],
    }
}

/// An approved exception for the first half of January to the end of the month, everywhere.
fn exception(number: u128, matchers: Matchers) -> Exception {
    Exception {
        id: ExceptionId(Uuid::from_u128(number)),
        matchers,
        scope: ExceptionScope::default(),
        reason: "not reachable".to_owned(),
        justification: None,
        ticket: None,
        from: at("2026-01-01T00:00:00Z"),
        until: at("2026-02-01T00:00:00Z"),
        requested_by: UserId(Uuid::from_u128(1)),
        requested_at: at("2026-01-01T00:00:00Z"),
        decided_by: Some(UserId(Uuid::from_u128(2))),
        decided_at: Some(at("2026-01-01T00:00:00Z")),
        is_approved: Some(true),
        revoked_by: None,
        revoked_at: None,
    }
}

fn of_rule(rule: &str) -> Matchers {
    Matchers { rule: Some(rule.to_owned()), ..Matchers::default() }
}

fn of_purl(purl: &str) -> Matchers {
    Matchers { purl: Some(purl.to_owned()), ..Matchers::default() }
}

fn of_policy(policy: &str) -> Matchers {
    Matchers { policy: Some(policy.to_owned()), ..Matchers::default() }
}

/// Twelve critical vulnerabilities of twelve components; the first is known to be exploited.
fn findings() -> Vec<FindingFact> {
    let finding = |number: u32| {
        let rule = format!("CVE-2026-{number:04}");
        let mut fact = FindingFact::new(FindingKind::Vulnerability, Phase::Artifact, &rule, Severity::Critical);
        fact.aliases = vec![format!("GHSA-{number:04}")];
        fact.purl = Some(format!("pkg:npm/part-{number}@1.0.0"));
        fact.known_exploited = (number == 1).then(Default::default);
        fact
    };
    (1..=12).map(finding).collect()
}

/// What a decision says with these exceptions: the verdict, then each policy with its violations and what excuses them.
fn decide(exceptions: &[Exception]) -> String {
    let policies = [BY_SEVERITY, KNOWN_EXPLOITED].map(|source| Policy::parse(source).expect("is a policy"));
    let parameters = policies.clone().map(|policy| policy.parameters.fill(&Value::Null).expect("has defaults"));
    let pairs = policies.iter().zip(&parameters);
    let (context, findings) = (context(), findings());
    let covering = covering(exceptions, &context, now());
    let (left, excused) = excuse_findings(&findings, &covering, &context);
    let looked_for = LookedFor { known_exploited: true, ..LookedFor::default() };
    let run = |facts: Input| {
        let facts = serde_json::to_value(facts).expect("facts are JSON");
        pairs.clone().map(|(policy, parameters)| evaluate(policy, parameters, &facts)).collect::<Vec<_>>()
    };
    let looked_for = LookedFor { kinds: [(FindingKind::Vulnerability, Phase::Artifact)].into(), ..looked_for };
    let first = run(with_findings(Input::default(), &findings, &looked_for));
    let second = run(with_findings(Input::default(), left, &looked_for));
    let assigned: Vec<Assigned<'_>> =
        pairs.map(|(policy, parameters)| Assigned { policy, action: Verdict::Deny, parameters }).collect();
    let aliases = Aliases::new(&findings);
    let excuses = Excuses { covering: &covering, findings: &excused, aliases: &aliases, context: &context };
    describe(&conclude(&assigned, &first, (!excused.is_empty()).then_some(&second), excuses))
}

fn describe(policies: &[EvaluatedPolicy]) -> String {
    let mut text = verdict(policies, GateMode::Enforce, Unknowns::Closed).to_string();
    for policy in policies {
        let _ = write!(text, "\n{}: {}", policy.name, policy.outcome);
        for violation in &policy.violations {
            let by: Vec<_> = violation.excused_by.iter().map(|by| by.exception.0.as_u128().to_string()).collect();
            let _ = write!(text, "\n  {} [{}]", violation.message, by.join(","));
        }
    }
    text
}

#[test]
fn an_exception_takes_out_what_it_names_and_is_named_in_turn() {
    let exploited = exception(1, of_rule("CVE-2026-0001"));
    let by_alias = exception(2, of_rule("ghsa-0002"));
    let by_purl = exception(3, of_purl("pkg:npm/part-3"));
    let answers = [
        ("nothing", decide(&[])),
        ("one of twelve", decide(std::slice::from_ref(&exploited))),
        ("two of twelve", decide(&[exploited.clone(), by_alias])),
        ("by component", decide(&[exploited, by_purl])),
        ("a whole policy", decide(&[exception(4, of_policy("findings-by-severity"))])),
        ("a finding in one policy", {
            let rule = Some("GHSA-0001".to_owned());
            decide(&[exception(5, Matchers { rule, ..of_policy("no-known-exploited-vulnerability") })])
        }),
    ];
    let text: Vec<_> = answers.map(|(name, answer)| format!("## {name}\n{answer}")).into();
    insta::assert_snapshot!(text.join("\n\n"));
}

#[test]
fn an_exception_that_does_not_hold_here_and_now_excuses_nothing() {
    let nothing = decide(&[]);
    let everything = exception(1, of_purl("pkg:npm/part-1"));
    let elsewhere = |scope: ExceptionScope| Exception { scope, ..everything.clone() };
    let other = Uuid::from_u128(99);
    let scope = ExceptionScope::default();
    for exception in [
        Exception { until: now(), ..everything.clone() },
        Exception { from: at("2026-01-15T12:00:00.000000001Z"), ..everything.clone() },
        Exception { is_approved: None, ..everything.clone() },
        Exception { is_approved: Some(false), ..everything.clone() },
        Exception { revoked_at: Some(at("2026-01-02T00:00:00Z")), ..everything.clone() },
        Exception { matchers: Matchers::default(), ..everything.clone() },
        elsewhere(ExceptionScope { team_id: Some(TeamId(other)), ..scope.clone() }),
        elsewhere(ExceptionScope { application_id: Some(ApplicationId(other)), ..scope.clone() }),
        elsewhere(ExceptionScope { service_id: Some(ServiceId(other)), ..scope.clone() }),
        elsewhere(ExceptionScope { environment_id: Some(EnvironmentId(other)), ..scope.clone() }),
        elsewhere(ExceptionScope { environment_kind: Some(EnvironmentKind::Test), ..scope.clone() }),
        elsewhere(ExceptionScope { exposure: Some(Exposure::Internal), ..scope }),
        Exception {
            matchers: Matchers { artifact: Some(Digest::of(b"x")), ..of_purl("pkg:npm/part-1") },
            ..everything.clone()
        },
    ] {
        assert_eq!(decide(std::slice::from_ref(&exception)), nothing, "{exception:?}");
    }
    assert_ne!(decide(&[everything]), nothing);
}

#[test]
fn without_an_environment_only_exceptions_that_hold_everywhere_cover_a_release() {
    let here = |number, scope| Exception { scope, ..exception(number, of_rule("CVE-2026-1")) };
    let exceptions = [
        here(
            1,
            ExceptionScope { environment_id: Some(EnvironmentId(Uuid::from_u128(4))), ..ExceptionScope::default() },
        ),
        here(2, ExceptionScope { environment_kind: Some(EnvironmentKind::Production), ..ExceptionScope::default() }),
        here(3, ExceptionScope { exposure: Some(Exposure::Internet), ..ExceptionScope::default() }),
        here(4, ExceptionScope { team_id: Some(TeamId(Uuid::from_u128(1))), ..ExceptionScope::default() }),
    ];
    let covering_in = |context: &Context| covering(&exceptions, context, now()).len();
    assert_eq!([covering_in(&context()), covering_in(&Context { environment: None, ..context() })], [4, 1]);
}

#[test]
fn a_package_url_covers_what_it_leaves_open_and_nothing_else() {
    for (wanted, found, is_covered) in [
        ("pkg:npm/a", "pkg:npm/a@1.0.0", true),
        ("pkg:npm/a@1.0.0", "pkg:npm/a@1.0.0?arch=x", true),
        ("pkg:npm/a@1.0.0", "pkg:npm/a@1.0.1", false),
        ("pkg:npm/a@1.0.0", "pkg:npm/a", false),
        ("pkg:npm/a", "pkg:npm/ab@1.0.0", false),
        ("pkg:npm/%40scope/a", "pkg:npm/%40scope/a@1.0.0", true),
        ("pkg:npm/@scope/a", "pkg:npm/@scope/a@1.0.0", true),
        ("pkg:deb/debian/a?arch=amd64", "pkg:deb/debian/a@1?arch=arm64", false),
        ("pkg:deb/debian/a?arch=amd64", "pkg:deb/debian/a@1?arch=amd64", true),
    ] {
        assert_eq!(covers_purl(wanted, found), is_covered, "{wanted} {found}");
    }
}

#[test]
fn an_exception_for_an_artifact_does_not_excuse_what_is_also_elsewhere() {
    let here = Matchers { artifact: Some(Digest::of(b"image")), ..of_rule("CVE-2026-0001") };
    let exceptions = [exception(1, here)];
    let (context, mut findings) = (context(), findings());
    let excused =
        |findings: &[FindingFact]| excuse_findings(findings, &covering(&exceptions, &context, now()), &context).1.len();
    assert_eq!(excused(&findings), 1, "the release ships nothing else");
    findings[0].artifacts = vec![Digest::of(b"image"), Digest::of(b"other")];
    assert_eq!(excused(&findings), 0);
}

#[test]
fn where_no_policy_is_assigned_nobody_judged_the_release() {
    let (context, aliases) = (context(), Aliases::default());
    let excuses = Excuses { covering: &[], findings: &[], aliases: &aliases, context: &context };
    let policies = conclude(&[], &[], None, excuses);
    assert_eq!((policies[0].name.as_str(), policies[0].outcome), (NO_POLICY, Outcome::Unknown));
    for policies in [policies.as_slice(), &[]] {
        assert_eq!(verdict(policies, GateMode::Enforce, Unknowns::Closed), Verdict::Deny);
        assert_eq!(verdict(policies, GateMode::Enforce, Unknowns::Open), Verdict::Warn);
        assert_eq!(verdict(policies, GateMode::Warn, Unknowns::Closed), Verdict::Warn);
        assert_eq!(verdict(policies, GateMode::Off, Unknowns::Closed), Verdict::Allow);
    }
}

#[test]
fn the_laws_of_the_verdict_hold_for_every_pair_of_policies() {
    let (context, aliases) = (context(), Aliases::default());
    let excuses = Excuses { covering: &[], findings: &[], aliases: &aliases, context: &context };
    let some = conclude(&[], &[], None, excuses).remove(0);
    let mut all = Vec::new();
    for outcome in [Outcome::Pass, Outcome::Fail, Outcome::Unknown, Outcome::NotApplicable] {
        for action in [Verdict::Warn, Verdict::Deny] {
            all.push(EvaluatedPolicy { outcome, action, ..some.clone() });
        }
    }
    for unknowns in [Unknowns::Closed, Unknowns::Open] {
        for (one, other) in all.iter().flat_map(|one| all.iter().map(move |other| (one, other))) {
            let pair = [one.clone(), other.clone()];
            let enforced = verdict(&pair, GateMode::Enforce, unknowns);
            let swapped = verdict(&[other.clone(), one.clone()], GateMode::Enforce, unknowns);
            assert_eq!(enforced, swapped, "the order of policies does not matter");
            assert_eq!(verdict(&pair, GateMode::Warn, unknowns), enforced.min(Verdict::Warn));
            assert_eq!(verdict(&pair, GateMode::Off, unknowns), Verdict::Allow);
            let is_allowed = pair.iter().all(|policy| matches!(policy.outcome, Outcome::Pass | Outcome::NotApplicable))
                && pair.iter().any(|policy| policy.outcome == Outcome::Pass);
            assert_eq!(enforced == Verdict::Allow, is_allowed, "only passes allow: {pair:?}");
            if pair.iter().any(|policy| policy.outcome == Outcome::Fail && policy.action == Verdict::Deny) {
                assert_eq!(enforced, Verdict::Deny, "nothing makes up for a failure that denies");
            }
            let is_unknown =
                |policy: &EvaluatedPolicy| policy.outcome == Outcome::Unknown && policy.action == Verdict::Deny;
            if unknowns == Unknowns::Closed && pair.iter().any(is_unknown) {
                assert_eq!(enforced, Verdict::Deny, "a gate that fails closed is closed");
            }
        }
    }
}
