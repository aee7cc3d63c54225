//! Legitify: the settings of organizations and repositories on GitHub and GitLab.

use crate::checks::{self, Check, Checks, Outcome};
use crate::json::{self, Entries, List, Odd, Text, stated};
use crate::{Format, Probe, ReadError, identity};
use serde::Deserialize;
use shipworthy_model::{Phase, Report, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "legitify",
    title: "Legitify results",
    homepage: "https://github.com/Legit-Labs/legitify",
    phase: Phase::Source,
    tool: "legitify",
    reads: "the flattened JSON (`--output-format json`, scheme `flattened`)",
    identifies: "policy and entity",
    severities: "legitify",
    marks: &["type", "content"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let has_policies = |path: &String| path.starts_with("content.") && path.ends_with(".policyInfo");
    probe.object().is_some_and(|members| members.has("content"))
        && probe.value("type") == Some("flattened")
        && probe.shape.0.keys().any(has_policies)
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow, default)]
    content: Entries<'a, Odd<Option<Policy<'a>>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Policy<'a> {
    #[serde(borrow)]
    policy_info: Information<'a>,
    #[serde(borrow, default)]
    violations: List<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Information<'a> {
    #[serde(borrow)]
    title: Option<Text<'a>>,
    #[serde(borrow)]
    description: Option<Text<'a>>,
    #[serde(borrow)]
    policy_name: Option<Text<'a>>,
    #[serde(borrow)]
    severity: Option<Text<'a>>,
    #[serde(borrow)]
    namespace: Option<Text<'a>>,
    #[serde(borrow, default)]
    remediation_steps: Odd<Vec<Text<'a>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Violation<'a> {
    #[serde(borrow)]
    canonical_link: Option<Text<'a>>,
    #[serde(borrow, default)]
    aux: Odd<Option<Entity<'a>>>,
    #[serde(borrow)]
    status: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entity<'a> {
    #[serde(borrow)]
    entity_name: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let mut checks = Checks::of_scanner_with_passed("legitify");
    for (name, policy) in &document.content.0 {
        let at = format!("/content/{}", &**name);
        let Some(Some(policy)) = policy.get(&at, &mut checks.warnings) else { continue };
        let at = format!("{at}/violations");
        for (index, item) in json::parts::<Violation<'_>>(&policy.violations, &at, &mut checks.warnings) {
            let outcome = outcome(item.status.as_deref(), &format!("{at}/{index}"), &mut checks.warnings);
            checks.add(check(name, &policy.policy_info, &item, outcome));
        }
    }
    Ok(checks.report("legitify", None))
}

/// What is skipped lacks a permission or a licence to look.
fn outcome(word: Option<&str>, at: &str, warnings: &mut Vec<Warning>) -> Outcome {
    match word {
        Some("PASSED") => Outcome::Passed,
        Some("FAILED") => Outcome::Failed,
        Some("SKIPPED") => Outcome::Undecided,
        other => {
            let found = other.unwrap_or("nothing");
            let message = format!("expected PASSED, FAILED or SKIPPED, found {found}; somebody has to look");
            warnings.push(Warning { at: format!("{at}/status"), message });
            Outcome::Undecided
        }
    }
}

fn check(name: &str, policy: &Information<'_>, item: &Violation<'_>, outcome: Outcome) -> Check {
    let word = stated(policy.severity.as_ref());
    let steps: Vec<_> = policy.remediation_steps.0.iter().flatten().filter_map(Text::stated).collect();
    let entity = item.aux.0.as_ref().ok().and_then(Option::as_ref);
    let link = stated(item.canonical_link.as_ref());
    let resource = link.clone().or_else(|| entity.and_then(|entity| stated(entity.entity_name.as_ref())));
    Check {
        identity: Some(identity::of_parts(name, &[resource.as_deref().unwrap_or_default()])),
        rule: stated(policy.policy_name.as_ref()).unwrap_or_else(|| name.to_owned()),
        title: stated(policy.title.as_ref()),
        section: stated(policy.namespace.as_ref()),
        outcome,
        severity: checks::rated("legitify", word.as_deref()),
        severity_word: word,
        description: stated(policy.description.as_ref()),
        resource,
        remediation: Some(steps.join("\n")).filter(|steps| !steps.is_empty()),
        references: link.into_iter().collect(),
        ..Check::default()
    }
}
