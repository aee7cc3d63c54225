//! Kubescape: the controls of frameworks such as NSA and CIS, applied to each object of a cluster or of manifests.

use crate::checks::{self, Check, Checks, Outcome};
use crate::json::{self, List, Odd, Text, stated};
use crate::{Format, Probe, ReadError, instant, kubernetes};
use json::Entries;
use kubernetes::ObjectName;
use serde::Deserialize;
use shipworthy_model::{Location, Phase, Report, Severity};
use std::collections::{HashMap, HashSet};

pub(crate) static FORMAT: Format = Format {
    name: "kubescape",
    title: "Kubescape results",
    homepage: "https://kubescape.io/docs/",
    phase: Phase::Deploy,
    tool: "kubescape",
    reads: "the JSON of versions 2 and 3 (`--format-version v2`)",
    identifies: "control, file and object",
    severities: "",
    marks: &["summaryDetails", "results", "resources", "generationTime"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has_all(&["summaryDetails", "results", "resources"]))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    #[serde(borrow)]
    generation_time: Option<Text<'a>>,
    #[serde(borrow, default)]
    resources: List<'a>,
    #[serde(borrow, default)]
    results: List<'a>,
    #[serde(borrow, default)]
    summary_details: Odd<Summary<'a>>,
}

#[derive(Default, Deserialize)]
struct Summary<'a> {
    #[serde(borrow, default)]
    controls: Entries<'a, ControlSummary<'a>>,
    #[serde(borrow, default)]
    frameworks: Odd<Vec<Framework<'a>>>,
}

#[derive(Deserialize)]
struct Framework<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct ControlSummary<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    status: Option<Text<'a>>,
    #[serde(borrow, default, rename = "statusInfo")]
    info: Odd<StatusInfo<'a>>,
    #[serde(rename = "scoreFactor")]
    score: Option<f64>,
    #[serde(borrow, default)]
    category: Odd<Option<Framework<'a>>>,
}

#[derive(Default, Deserialize)]
struct StatusInfo<'a> {
    #[serde(borrow)]
    status: Option<Text<'a>>,
    #[serde(borrow, rename = "subStatus")]
    sub_status: Option<Text<'a>>,
    #[serde(borrow)]
    info: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct ResourceItem<'a> {
    #[serde(borrow, rename = "resourceID")]
    id: Text<'a>,
    #[serde(borrow, default)]
    object: Odd<Object<'a>>,
    #[serde(borrow, default)]
    source: Odd<Option<Source<'a>>>,
}

#[derive(Default, Deserialize)]
struct Object<'a> {
    #[serde(borrow)]
    kind: Option<Text<'a>>,
    #[serde(borrow, default)]
    metadata: Odd<ObjectName<'a>>,
}

#[derive(Deserialize)]
struct Source<'a> {
    #[serde(borrow, rename = "relativePath")]
    path: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct ResultItem<'a> {
    #[serde(borrow, rename = "resourceID")]
    id: Text<'a>,
    #[serde(borrow, default)]
    controls: List<'a>,
}

#[derive(Deserialize)]
struct ControlItem<'a> {
    #[serde(borrow, rename = "controlID")]
    id: Text<'a>,
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow, default)]
    status: Odd<Option<StatusInfo<'a>>>,
    #[serde(borrow, default)]
    rules: Odd<Vec<Rule<'a>>>,
}

#[derive(Deserialize)]
struct Rule<'a> {
    #[serde(borrow)]
    status: Option<Text<'a>>,
    #[serde(borrow, rename = "subStatus")]
    sub_status: Option<Text<'a>>,
    #[serde(borrow, default)]
    paths: Odd<Vec<FixedPath<'a>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FixedPath<'a> {
    #[serde(borrow)]
    failed_path: Option<Text<'a>>,
    #[serde(borrow, default)]
    fix_path: Odd<Option<Fix<'a>>>,
}

#[derive(Deserialize)]
struct Fix<'a> {
    #[serde(borrow)]
    path: Option<Text<'a>>,
    #[serde(borrow)]
    value: Option<Text<'a>>,
}

/// What a control was applied to.
struct Thing {
    name: Option<String>,
    location: Option<Location>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let mut warnings = Vec::new();
    let summary = document.summary_details.get("/summaryDetails", &mut warnings);
    let frameworks = summary.into_iter().flat_map(|summary| summary.frameworks.0.iter().flatten());
    let names: Vec<_> = frameworks.filter_map(|framework| stated(framework.name.as_ref())).collect();
    let mut checks =
        Checks::of_scanner_with_passed(if names.is_empty() { "kubescape".to_owned() } else { names.join(", ") });
    checks.warnings = warnings;
    let summaries: HashMap<&str, &ControlSummary<'_>> =
        summary.into_iter().flat_map(|summary| &summary.controls.0).map(|(id, summary)| (&**id, summary)).collect();
    let things = things(&document.resources, &mut checks);
    let mut applied = HashSet::new();
    let results = json::parts::<ResultItem<'_>>(&document.results, "/results", &mut checks.warnings);
    for (index, result) in &results {
        let at = format!("/results/{index}/controls");
        for (_, item) in json::parts::<ControlItem<'_>>(&result.controls, at, &mut checks.warnings) {
            let id = item.id.to_string();
            checks.add(check(&item, summaries.get(id.as_str()).copied(), things.get(&*result.id)));
            applied.insert(id);
        }
    }
    // Controls that were applied to nothing are in the summary alone.
    for (id, summary) in summary.into_iter().flat_map(|summary| &summary.controls.0) {
        if !applied.contains(&**id) {
            checks.add(unapplied(id, summary));
        }
    }
    let generated = document.generation_time.as_ref().filter(|time| !time.starts_with("0001"));
    let created_at = instant::utc(generated, "/generationTime", &mut checks.warnings);
    let mut report = checks.report("kubescape", None);
    report.created_at = created_at;
    Ok(report)
}

fn things(list: &List<'_>, checks: &mut Checks) -> HashMap<String, Thing> {
    let mut things = HashMap::new();
    for (_, resource) in json::parts::<ResourceItem<'_>>(list, "/resources", &mut checks.warnings) {
        let object = resource.object.0.as_ref().ok();
        let kind = object.and_then(|object| stated(object.kind.as_ref()));
        let name = object.and_then(|object| object.metadata.0.as_ref().ok()?.path());
        let name =
            Some([kind, name].into_iter().flatten().collect::<Vec<_>>().join("/")).filter(|name| !name.is_empty());
        let source = resource.source.0.as_ref().ok().and_then(Option::as_ref);
        let location = checks::place(source.and_then(|source| source.path.as_deref()), None, None);
        things.insert(resource.id.to_string(), Thing { name, location });
    }
    things
}

fn check(item: &ControlItem<'_>, summary: Option<&ControlSummary<'_>>, thing: Option<&Thing>) -> Check {
    let rules = item.rules.0.as_deref().unwrap_or_default();
    let status = item.status.0.as_ref().ok().and_then(Option::as_ref);
    let any = |word: &str| rules.iter().any(|rule| rule.status.as_deref() == Some(word));
    // Before version 2.3 the outcome is that of its rules alone.
    let of_rules = ["failed", "skipped", "passed"].into_iter().find(|word| any(word));
    let word = status.and_then(|status| status.status.as_deref()).or(of_rules);
    let sub_words = rules.iter().map(|rule| rule.sub_status.as_deref());
    let sub_word = status.and_then(|status| status.sub_status.as_deref()).or_else(|| sub_words.flatten().next());
    let paths = rules.iter().flat_map(|rule| rule.paths.0.iter().flatten());
    let reasons: Vec<_> = paths.clone().filter_map(|path| stated(path.failed_path.as_ref())).collect();
    let fixes: Vec<_> = paths.filter_map(fix).collect();
    Check {
        rule: item.id.to_string(),
        title: stated(item.name.as_ref()).or_else(|| summary.and_then(|summary| stated(summary.name.as_ref()))),
        section: section(summary),
        outcome: outcome(word, sub_word),
        severity: severity(summary),
        score: summary.and_then(|summary| summary.score),
        reason: Some(reasons.join("\n")).filter(|text| !text.is_empty()),
        resource: thing.and_then(|thing| thing.name.clone()),
        location: thing.and_then(|thing| thing.location.clone()),
        remediation: Some(fixes.join("\n")).filter(|text| !text.is_empty()),
        ..Check::default()
    }
}

fn unapplied(id: &str, summary: &ControlSummary<'_>) -> Check {
    let info = summary.info.0.as_ref().ok();
    let word = info.and_then(|info| info.status.as_deref()).or(summary.status.as_deref());
    let outcome = match word {
        Some("skipped") => Outcome::Undecided,
        Some("failed") => Outcome::Failed,
        _ => Outcome::NotApplicable,
    };
    Check {
        rule: id.to_owned(),
        title: stated(summary.name.as_ref()),
        section: section(Some(summary)),
        outcome,
        severity: severity(Some(summary)),
        reason: info.and_then(|info| stated(info.info.as_ref())),
        ..Check::default()
    }
}

fn outcome(word: Option<&str>, sub_word: Option<&str>) -> Outcome {
    match (word, sub_word) {
        (_, Some("exceptions")) | (Some("excluded"), _) => Outcome::Excused,
        (_, Some("irrelevant")) | (Some("irrelevant"), _) => Outcome::NotApplicable,
        (Some("failed"), _) => Outcome::Failed,
        (Some("passed"), _) => Outcome::Passed,
        _ => Outcome::Undecided,
    }
}

/// The score of a control from 1 to 10 has the bands of CVSS.
fn severity(summary: Option<&ControlSummary<'_>>) -> Severity {
    summary.and_then(|summary| summary.score).map_or(Severity::Unknown, Severity::of_score)
}

fn section(summary: Option<&ControlSummary<'_>>) -> Option<String> {
    let category = summary?.category.0.as_ref().ok()?.as_ref()?;
    stated(category.name.as_ref())
}

fn fix(path: &FixedPath<'_>) -> Option<String> {
    let fix = path.fix_path.0.as_ref().ok()?.as_ref()?;
    let value = stated(fix.value.as_ref()).unwrap_or_default();
    Some(format!("set `{}` to `{value}`", stated(fix.path.as_ref())?))
}
