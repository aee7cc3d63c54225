//! OSCAL assessment results (NIST): what an assessment found of each objective and, for tools that say no more, what they
//! observed of each rule.

use crate::checks::{Check, Checks, Outcome};
use crate::json::{self, List, Odd, Text, stated};
use crate::{Format, Probe, ReadError, instant};
use serde::Deserialize;
use shipworthy_model::{Phase, Report, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "oscal-assessment-results",
    title: "OSCAL assessment results",
    homepage: "https://pages.nist.gov/OSCAL/reference/latest/assessment-results/json-outline/",
    phase: Phase::Deploy,
    tool: "oscal",
    reads: "OSCAL 1.0 and later in JSON: findings with a target, and observations with the outcome of a rule as a property",
    identifies: "",
    severities: "",
    marks: &["assessment-results"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has("assessment-results"))
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow, rename = "assessment-results")]
    assessment: Assessment<'a>,
}

#[derive(Deserialize)]
struct Assessment<'a> {
    #[serde(borrow, default)]
    metadata: Odd<Metadata<'a>>,
    #[serde(borrow, default)]
    results: List<'a>,
}

#[derive(Default, Deserialize)]
struct Metadata<'a> {
    #[serde(borrow)]
    title: Option<Text<'a>>,
    #[serde(borrow, rename = "last-modified")]
    modified: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct ResultItem<'a> {
    #[serde(borrow)]
    title: Option<Text<'a>>,
    #[serde(borrow, default)]
    findings: List<'a>,
    #[serde(borrow, default)]
    observations: List<'a>,
}

#[derive(Deserialize)]
struct FindingItem<'a> {
    #[serde(borrow)]
    title: Option<Text<'a>>,
    #[serde(borrow)]
    description: Option<Text<'a>>,
    #[serde(borrow)]
    target: Target<'a>,
}

#[derive(Deserialize)]
struct Target<'a> {
    #[serde(borrow, rename = "target-id")]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    status: Status<'a>,
}

#[derive(Deserialize)]
struct Status<'a> {
    #[serde(borrow)]
    state: Text<'a>,
    #[serde(borrow)]
    reason: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Observation<'a> {
    #[serde(borrow)]
    title: Option<Text<'a>>,
    #[serde(borrow)]
    description: Option<Text<'a>>,
    #[serde(borrow, default)]
    props: Vec<Property<'a>>,
    #[serde(borrow, default)]
    subjects: Vec<SubjectItem<'a>>,
}

#[derive(Deserialize)]
struct Property<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    #[serde(borrow)]
    value: Text<'a>,
    #[serde(borrow)]
    class: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct SubjectItem<'a> {
    #[serde(borrow)]
    title: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let mut checks = Checks::of_benchmark("");
    let metadata = document.assessment.metadata.get("/assessment-results/metadata", &mut checks.warnings);
    let name = metadata.and_then(|metadata| stated(metadata.title.as_ref()));
    let modified = metadata.and_then(|metadata| metadata.modified.as_ref());
    let created_at = instant::utc(modified, "/assessment-results/metadata/last-modified", &mut checks.warnings);
    let at = "/assessment-results/results";
    for (index, result) in json::parts::<ResultItem<'_>>(&document.assessment.results, at, &mut checks.warnings) {
        let section = stated(result.title.as_ref());
        let at_findings = format!("{at}/{index}/findings");
        let findings = json::parts::<FindingItem<'_>>(&result.findings, &at_findings, &mut checks.warnings);
        let has_findings = !findings.is_empty();
        for (index, item) in findings {
            add_finding(&item, section.as_deref(), &format!("{at_findings}/{index}"), &mut checks);
        }
        if !has_findings {
            let at = format!("{at}/{index}/observations");
            for (index, item) in json::parts::<Observation<'_>>(&result.observations, &at, &mut checks.warnings) {
                add_observation(&item, section.as_deref(), &format!("{at}/{index}"), &mut checks);
            }
        }
    }
    checks.benchmark().name = name.unwrap_or_default();
    let mut report = checks.report("oscal", None);
    report.created_at = created_at;
    Ok(report)
}

/// Whether the objective is met. Only the two states exist; the reason may say that it does not apply.
fn add_finding(item: &FindingItem<'_>, section: Option<&str>, at: &str, checks: &mut Checks) {
    let Status { state, reason } = &item.target.status;
    let outcome = match (&**state, reason.as_deref()) {
        ("satisfied", _) => Outcome::Passed,
        ("not-satisfied", _) => Outcome::Failed,
        _ => undecided(state, at, checks),
    };
    checks.add(Check {
        rule: stated(item.target.id.as_ref()).unwrap_or_default(),
        title: stated(item.title.as_ref()),
        section: section.map(str::to_owned),
        outcome,
        reason: stated(item.description.as_ref()),
        ..Check::default()
    });
}

/// The outcome of a rule stands in a property whose name or class ends in `result`, as trestle writes it.
fn add_observation(item: &Observation<'_>, section: Option<&str>, at: &str, checks: &mut Checks) {
    let property = |name: &str| {
        let is_it = |property: &&Property<'_>| {
            property.class.as_deref().is_some_and(|class| class == format!("scc_{name}"))
                || property.name.rsplit('.').next() == Some(name)
        };
        item.props.iter().find(is_it).and_then(|property| property.value.stated())
    };
    let Some(word) = property("result") else { return };
    let outcome = match word.to_lowercase().as_str() {
        "pass" => Outcome::Passed,
        "fail" => Outcome::Failed,
        "warn" | "error" | "notchecked" => Outcome::Undecided,
        "skip" | "notapplicable" => Outcome::NotApplicable,
        _ => undecided(&word, at, checks),
    };
    checks.add(Check {
        rule: property("rule")
            .or_else(|| property("policy"))
            .or_else(|| stated(item.title.as_ref()))
            .unwrap_or_default(),
        title: property("description").or_else(|| property("message")).or_else(|| stated(item.description.as_ref())),
        section: property("category").or_else(|| section.map(str::to_owned)),
        outcome,
        is_unscored: property("scored").is_some_and(|scored| scored.eq_ignore_ascii_case("false")),
        resource: item.subjects.iter().find_map(|subject| stated(subject.title.as_ref())),
        ..Check::default()
    });
}

fn undecided(word: &str, at: &str, checks: &mut Checks) -> Outcome {
    let message = format!("expected an outcome, found `{word}`; somebody has to look");
    checks.warnings.push(Warning { at: at.to_owned(), message });
    Outcome::Undecided
}
