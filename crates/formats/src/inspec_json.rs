//! InSpec results and the Heimdall Data Format, which has their form: profiles with controls with results. The outcome of
//! a control is that of InSpec's enhanced outcomes.

use crate::checks::{Check, Checks, Outcome};
use crate::json::{self, Entries, List, Odd, Text, stated};
use crate::{Format, Members, Probe, ReadError, instant};
use serde::Deserialize;
use serde_json::value::RawValue;
use shipworthy_model::{Phase, Report, Severity};
use std::collections::HashSet;

pub(crate) static FORMAT: Format = Format {
    name: "inspec-json",
    title: "InSpec results (JSON, Heimdall Data Format)",
    homepage: "https://docs.chef.io/inspec/reporters/",
    phase: Phase::Deploy,
    tool: "inspec",
    reads: "the reporters `json` and `json-automate`, the Heimdall Data Format, and the lines of one control each that Chef Automate exports",
    identifies: "",
    severities: "",
    marks: &["platform", "profiles", "statistics", "version", "control_tags", "code_desc"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_report = |members: &Members| members.has_all(&["profiles", "platform"]) && members.has("version");
    let is_control = |members: &Members| members.has_all(&["control_tags", "impact", "results", "profile"]);
    probe.object().is_some_and(is_report) || probe.first_of_lines().is_some_and(is_control)
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow)]
    version: Option<Text<'a>>,
    #[serde(borrow)]
    platform: Option<Platform<'a>>,
    #[serde(borrow)]
    profiles: Option<List<'a>>,
}

#[derive(Deserialize)]
struct Platform<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    release: Option<Text<'a>>,
    #[serde(borrow)]
    target_id: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Profile<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow, default)]
    controls: List<'a>,
}

#[derive(Deserialize)]
struct ControlItem<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    title: Option<Text<'a>>,
    #[serde(borrow, rename = "desc", alias = "description")]
    description: Option<Text<'a>>,
    #[serde(borrow, default)]
    descriptions: Odd<Vec<Labelled<'a>>>,
    impact: Option<f64>,
    #[serde(borrow, default, alias = "control_tags")]
    tags: Odd<Entries<'a, &'a RawValue>>,
    #[serde(borrow, default)]
    results: List<'a>,
    #[serde(borrow, default)]
    platform: Odd<Option<Platform<'a>>>,
    #[serde(borrow, default)]
    profile: Odd<Option<ProfileName<'a>>>,
    #[serde(borrow, default)]
    group: Odd<Option<Group<'a>>>,
}

#[derive(Deserialize)]
struct ProfileName<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Group<'a> {
    #[serde(borrow)]
    title: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Labelled<'a> {
    #[serde(borrow)]
    label: Option<Text<'a>>,
    #[serde(borrow)]
    data: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct ResultItem<'a> {
    #[serde(borrow)]
    status: Option<Text<'a>>,
    #[serde(borrow)]
    code_desc: Option<Text<'a>>,
    #[serde(borrow)]
    message: Option<Text<'a>>,
    #[serde(borrow)]
    skip_message: Option<Text<'a>>,
    #[serde(borrow, default)]
    exception: Odd<Option<Text<'a>>>,
    #[serde(borrow)]
    start_time: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut reading = Reading { checks: Checks::of_benchmark(""), started: None };
    let values = json::values(bytes)?;
    let mut version = None;
    if let [only] = values[..]
        && let Ok(Document { version: stated_version, platform, profiles: Some(profiles) }) =
            json::document(only.get().as_bytes())
    {
        version = stated(stated_version.as_ref());
        reading.profiles(&profiles, platform.as_ref());
    } else {
        for (index, value) in values.iter().enumerate() {
            let at = format!("/{index}");
            let Some(item) = json::part::<ControlItem<'_>>(value, &at, &mut reading.checks.warnings) else { continue };
            reading.control(&item, None, &at);
        }
    }
    let mut report = reading.checks.report("inspec", version);
    report.created_at = reading.started;
    Ok(report)
}

struct Reading {
    checks: Checks,
    started: Option<String>,
}

impl Reading {
    /// A profile that includes others lists their controls, too, without results; those are taken where they ran.
    fn profiles(&mut self, list: &List<'_>, platform: Option<&Platform<'_>>) {
        let profiles = json::parts::<Profile<'_>>(list, "/profiles", &mut self.checks.warnings);
        let benchmark = self.checks.benchmark();
        benchmark.name = profiles.first().and_then(|(_, profile)| stated(profile.name.as_ref())).unwrap_or_default();
        let of_platform = |platform: &Platform<'_>| {
            let parts = [stated(platform.name.as_ref())?, stated(platform.release.as_ref())?];
            Some(parts.join(" "))
        };
        benchmark.target_version = platform.and_then(of_platform);
        let resource = platform.and_then(|platform| stated(platform.target_id.as_ref()));
        let mut ran = HashSet::new();
        let mut read = Vec::new();
        for (index, profile) in &profiles {
            let at = format!("/profiles/{index}/controls");
            for (index, item) in json::parts::<ControlItem<'_>>(&profile.controls, &at, &mut self.checks.warnings) {
                if !item.results.items.is_empty() {
                    ran.insert(stated(item.id.as_ref()));
                }
                read.push((format!("{at}/{index}"), item));
            }
        }
        for (at, item) in read {
            let id = stated(item.id.as_ref());
            if !item.results.items.is_empty() || ran.insert(id) {
                self.control(&item, resource.as_deref(), &at);
            }
        }
    }

    fn control(&mut self, item: &ControlItem<'_>, resource: Option<&str>, at: &str) {
        let warnings = &mut self.checks.warnings;
        let results = json::parts::<ResultItem<'_>>(&item.results, format_args!("{at}/results"), warnings);
        let results: Vec<_> = results.into_iter().map(|(_, result)| result).collect();
        let platform = item.platform.get(format_args!("{at}/platform"), warnings).and_then(Option::as_ref);
        let impact = item.impact.filter(|impact| (0.0..=1.0).contains(impact));
        let descriptions = item.descriptions.0.iter().flatten();
        let fix = descriptions
            .filter(|text| text.label.as_deref() == Some("fix"))
            .find_map(|text| stated(text.data.as_ref()));
        let of_tags = || {
            let mut tags = item.tags.0.iter().flat_map(|tags| &tags.0);
            tags.find(|(key, _)| &**key == "fix")
                .and_then(|(_, fix)| serde_json::from_str::<Text<'_>>(fix.get()).ok()?.stated())
        };
        let started = results.iter().find_map(|result| result.start_time.as_ref());
        if self.started.is_none() {
            self.started = instant::utc(started, format_args!("{at}/results"), warnings);
        }
        let benchmark = self.checks.benchmark();
        if benchmark.name.is_empty() {
            let profile = item.profile.0.as_ref().ok().and_then(Option::as_ref);
            benchmark.name = profile.and_then(|profile| stated(profile.name.as_ref())).unwrap_or_default();
        }
        let group = item.group.0.as_ref().ok().and_then(Option::as_ref);
        self.checks.add(Check {
            rule: stated(item.id.as_ref()).unwrap_or_default(),
            title: stated(item.title.as_ref()).or_else(|| stated(item.description.as_ref())),
            section: group.and_then(|group| stated(group.title.as_ref())),
            outcome: outcome(impact, &results),
            severity: impact.map_or(Severity::Unknown, |impact| Severity::of_score(impact * 10.0)),
            reason: reason(&results),
            resource: platform.and_then(|platform| stated(platform.target_id.as_ref())).or(resource.map(str::to_owned)),
            remediation: fix.or_else(of_tags),
            ..Check::default()
        });
    }
}

/// Broken goes before failed, that before a control without impact, that before one nobody reviewed.
fn outcome(impact: Option<f64>, results: &[ResultItem<'_>]) -> Outcome {
    let any = |status: &str| results.iter().any(|result| result.status.as_deref() == Some(status));
    let is_broken = any("error") || results.iter().any(|result| result.exception.0.as_ref().is_ok_and(Option::is_some));
    if is_broken && !any("failed") {
        Outcome::Undecided
    } else if impact == Some(0.0) {
        Outcome::NotApplicable
    } else if any("failed") {
        Outcome::Failed
    } else if any("passed") {
        Outcome::Passed
    } else {
        Outcome::Undecided
    }
}

/// What failed, or why it was skipped.
fn reason(results: &[ResultItem<'_>]) -> Option<String> {
    let of = |result: &ResultItem<'_>| {
        let said = stated(result.message.as_ref()).or_else(|| stated(result.skip_message.as_ref()));
        match (stated(result.code_desc.as_ref()), said) {
            (Some(asked), Some(said)) => Some(format!("{asked}: {said}")),
            (asked, said) => said.or(asked),
        }
    };
    let telling = results.iter().filter(|result| result.status.as_deref() != Some("passed"));
    let texts: Vec<_> = telling.filter_map(of).take(20).collect();
    Some(texts.join("\n")).filter(|text| !text.is_empty())
}
