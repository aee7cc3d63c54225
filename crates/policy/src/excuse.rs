//! What an exception excuses. Every path of the product asks here, so that an expired, foreign or unapproved exception
//! excuses nothing, anywhere.

use crate::FindingFact;
use jiff::Timestamp;
use shipworthy_model::{
    ApplicationId, Digest, EnvironmentId, EnvironmentKind, Exception, ExceptionScope, ExcusedFinding, Exposure,
    Matchers, ServiceId, TeamId, Violation,
};
use std::collections::{BTreeMap, BTreeSet};

/// Where a release wants to go, as the scope of an exception speaks about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Context {
    /// The team that owns the application.
    pub team_id: TeamId,
    /// The application.
    pub application_id: ApplicationId,
    /// The service.
    pub service_id: ServiceId,
    /// The environment. Without one the release is spoken of wherever it may run, and only exceptions that hold everywhere
    /// cover it.
    pub environment: Option<Surroundings>,
    /// What the release ships.
    pub artifacts: Vec<Digest>,
}

/// An environment, as the scope of an exception speaks about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Surroundings {
    /// The environment.
    pub id: EnvironmentId,
    /// What it is for.
    pub kind: EnvironmentKind,
    /// Who can reach it.
    pub exposure: Exposure,
}

/// Whether an exception holds at this instant and in this place. Says nothing of what it excuses there.
#[must_use]
pub fn covers(exception: &Exception, context: &Context, at: Timestamp) -> bool {
    let ExceptionScope { team_id, application_id, service_id, environment_id, environment_kind, exposure } =
        &exception.scope;
    let environment = context.environment.as_ref();
    exception.is_active_at(at)
        && !exception.matchers.is_empty()
        && is_or_any(team_id.as_ref(), Some(&context.team_id))
        && is_or_any(application_id.as_ref(), Some(&context.application_id))
        && is_or_any(service_id.as_ref(), Some(&context.service_id))
        && is_or_any(environment_id.as_ref(), environment.map(|environment| &environment.id))
        && is_or_any(environment_kind.as_ref(), environment.map(|environment| &environment.kind))
        && is_or_any(exposure.as_ref(), environment.map(|environment| &environment.exposure))
        && exception.matchers.artifact.as_ref().is_none_or(|artifact| context.artifacts.contains(artifact))
}

fn is_or_any<T: PartialEq>(wanted: Option<&T>, found: Option<&T>) -> bool {
    wanted.is_none_or(|wanted| Some(wanted) == found)
}

/// The exceptions that hold at this instant and in this place, in the order of their ids.
#[must_use]
pub fn covering<'a>(exceptions: &'a [Exception], context: &Context, at: Timestamp) -> Vec<&'a Exception> {
    let mut covering: Vec<_> = exceptions.iter().filter(|exception| covers(exception, context, at)).collect();
    covering.sort_by_key(|exception| exception.id);
    covering
}

/// Whether an exception that covers the place takes a finding out of the facts. One that names a policy never does:
/// it excuses violations of that policy alone. One for an artifact does only where the finding is in nothing else.
#[must_use]
pub fn excuses_finding(exception: &Exception, finding: &FindingFact, context: &Context) -> bool {
    let Matchers { policy, rule, purl, artifact } = &exception.matchers;
    let found_in = if finding.artifacts.is_empty() { &context.artifacts } else { &finding.artifacts };
    policy.is_none()
        && rule.as_ref().is_none_or(|rule| names(rule, &finding.rule, &finding.aliases))
        && purl.as_ref().is_none_or(|purl| finding.purl.as_ref().is_some_and(|found| covers_purl(purl, found)))
        && artifact.as_ref().is_none_or(|artifact| is_only(artifact, found_in))
}

/// Splits findings into those that stay and those that the first matching exception takes out.
#[must_use]
pub fn excuse_findings<'a>(
    findings: &'a [FindingFact],
    covering: &[&Exception],
    context: &Context,
) -> (Vec<&'a FindingFact>, Vec<ExcusedFinding>) {
    let mut left = Vec::new();
    let mut excused = Vec::new();
    for finding in findings {
        match covering.iter().find(|exception| excuses_finding(exception, finding, context)) {
            Some(exception) => excused.push(ExcusedFinding {
                rule: finding.rule.clone(),
                component: finding.component().map(str::to_owned),
                severity: finding.severity,
                exception: exception.id,
            }),
            None => left.push(finding),
        }
    }
    (left, excused)
}

/// Whether an exception that covers the place excuses a violation of a policy directly.
#[must_use]
pub fn excuses_violation(
    exception: &Exception,
    policy: &str,
    violation: &Violation,
    aliases: &Aliases,
    context: &Context,
) -> bool {
    let matchers = &exception.matchers;
    let finding = violation.finding.as_deref();
    let component = violation.component.as_deref();
    matchers.policy.as_ref().is_none_or(|wanted| wanted == policy)
        && matchers.rule.as_ref().is_none_or(|rule| finding.is_some_and(|found| names(rule, found, aliases.of(found))))
        && matchers.purl.as_ref().is_none_or(|purl| component.is_some_and(|found| covers_purl(purl, found)))
        && matchers.artifact.as_ref().is_none_or(|artifact| is_only(artifact, &context.artifacts))
}

/// Other names of the rules that findings have, so that an exception for one name excuses a violation that says another.
#[derive(Clone, Debug, Default)]
pub struct Aliases(BTreeMap<String, BTreeSet<String>>);

impl Aliases {
    /// Collects the names of all findings.
    #[must_use]
    pub fn new<'a>(findings: impl IntoIterator<Item = &'a FindingFact>) -> Self {
        let mut names: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for finding in findings.into_iter().filter(|finding| !finding.aliases.is_empty()) {
            names.entry(finding.rule.clone()).or_default().extend(finding.aliases.iter().cloned());
        }
        Self(names)
    }

    fn of(&self, rule: &str) -> impl IntoIterator<Item = &String> {
        self.0.get(rule).into_iter().flatten()
    }
}

/// Whether one of a finding's names is the wanted one. Vulnerability ids are compared without regard to case.
fn names<'a>(wanted: &str, rule: &str, aliases: impl IntoIterator<Item = &'a String>) -> bool {
    wanted.eq_ignore_ascii_case(rule) || aliases.into_iter().any(|alias| wanted.eq_ignore_ascii_case(alias))
}

fn is_only(artifact: &Digest, artifacts: &[Digest]) -> bool {
    !artifacts.is_empty() && artifacts.iter().all(|found| found == artifact)
}

/// Whether a package URL in canonical form is one that the wanted one means. What the wanted one leaves out
/// (version, qualifiers, subpath) may be anything.
#[must_use]
pub fn covers_purl(wanted: &str, found: &str) -> bool {
    let (wanted, found) = (PurlParts::of(wanted), PurlParts::of(found));
    wanted.package == found.package
        && (wanted.version.is_none() || wanted.version == found.version)
        && (wanted.rest.is_empty() || wanted.rest == found.rest)
}

struct PurlParts<'a> {
    package: &'a str,
    version: Option<&'a str>,
    rest: &'a str,
}

impl<'a> PurlParts<'a> {
    fn of(purl: &'a str) -> Self {
        let (name, rest) = purl.split_at(purl.find(['?', '#']).unwrap_or(purl.len()));
        let last = name.rfind('/').map_or(0, |slash| slash + 1);
        // An `@` that opens the last part belongs to a name that was not encoded.
        let at = name[last..].rfind('@').map(|at| last + at).filter(|at| *at > last);
        match at {
            Some(at) => Self { package: &name[..at], version: Some(&name[at + 1..]), rest },
            None => Self { package: name, version: None, rest },
        }
    }
}
