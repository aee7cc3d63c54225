//! Policy reports of the Kubernetes Policy Working Group and of OpenReports, which Kyverno, Falco, Trivy and others write:
//! results of policies for objects, and vulnerabilities of images.

use crate::checks::{self, Check, Checks, Outcome};
use crate::json::{self, List, Odd, Text, stated};
use crate::kubernetes::{self, ObjectName};
use crate::{Format, Probe, ReadError, yaml};
use serde::Deserialize;
use shipworthy_model::{ComponentRef, Finding, FindingKind, Phase, Report, Warning};
use std::collections::HashMap;

pub(crate) static FORMAT: Format = Format {
    name: "policy-report",
    title: "Kubernetes policy report",
    homepage: "https://github.com/kubernetes-sigs/wg-policy-prototypes/tree/master/policy-report",
    phase: Phase::Deploy,
    tool: "policy-report",
    reads: "`PolicyReport` and `ClusterPolicyReport` (wgpolicyk8s.io), `Report` and `ClusterReport` (openreports.io), one or a list, in JSON and YAML",
    identifies: "policy, rule, object and message; of vulnerabilities vulnerability and component",
    severities: "policy-report",
    marks: &["apiVersion", "kind", "results", "scope", "summary"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_report = |version: Option<&str>| {
        version.is_some_and(|version| version.starts_with("wgpolicyk8s.io/") || version.starts_with("openreports.io/"))
    };
    if probe.is_text() {
        let is_kind = ["kind: PolicyReport", "kind: ClusterPolicyReport", "kind: Report", "kind: ClusterReport"];
        return (probe.shows("apiVersion: wgpolicyk8s.io/") || probe.shows("apiVersion: openreports.io/"))
            && is_kind.iter().any(|kind| probe.shows(kind));
    }
    probe.first_of_lines().is_some_and(|members| members.has("kind"))
        && (is_report(probe.value("apiVersion")) || is_report(probe.value("items.apiVersion")))
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow, default)]
    scope: Odd<Option<ObjectName<'a>>>,
    #[serde(borrow, default)]
    results: List<'a>,
    #[serde(default)]
    summary: Odd<Summary>,
}

#[derive(Default, Deserialize)]
struct Summary {
    pass: Option<u64>,
}

#[derive(Deserialize)]
struct Item<'a> {
    #[serde(borrow)]
    source: Option<Text<'a>>,
    #[serde(borrow)]
    policy: Option<Text<'a>>,
    #[serde(borrow)]
    rule: Option<Text<'a>>,
    #[serde(borrow)]
    category: Option<Text<'a>>,
    #[serde(borrow)]
    severity: Option<Text<'a>>,
    #[serde(borrow, alias = "status")]
    result: Option<Text<'a>>,
    scored: Option<bool>,
    #[serde(borrow, alias = "description")]
    message: Option<Text<'a>>,
    #[serde(borrow, default, alias = "subjects")]
    resources: List<'a>,
    #[serde(borrow, default, alias = "data")]
    properties: Odd<HashMap<Text<'a>, Text<'a>>>,
}

impl Item<'_> {
    fn property(&self, names: &[&str]) -> Option<String> {
        let properties = self.properties.0.as_ref().ok()?;
        names.iter().find_map(|name| properties.iter().find(|(key, _)| &***key == *name)?.1.stated())
    }

    /// The vulnerability that it is about, where the writer scans images.
    fn vulnerability(&self) -> Option<String> {
        let is_one = |name: &String| name.starts_with("CVE-") || name.starts_with("GHSA-");
        let package = self.property(&["pkgName", "packageName", "InstalledVersion", "installedVersion"]);
        let named = self.property(&["VulnerabilityID", "vulnerabilityID"]);
        named.or_else(|| stated(self.policy.as_ref()).filter(is_one).filter(|_| package.is_some()))
    }
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let bytes = yaml::all_as_json(bytes)?;
    let list = kubernetes::objects(&bytes)?;
    let mut warnings = Vec::new();
    let documents = json::parts::<Document<'_>>(&list, "", &mut warnings);
    let mut items = Vec::new();
    let mut counted = 0_u64;
    for (index, document) in &documents {
        let at = format!("/{index}/results");
        let summary = document.summary.0.as_ref().ok().and_then(|summary| summary.pass);
        counted = counted.saturating_add(summary.unwrap_or_default());
        let scope = document.scope.0.as_ref().ok().and_then(Option::as_ref).and_then(ObjectName::path);
        for (index, item) in json::parts::<Item<'_>>(&document.results, &at, &mut warnings) {
            items.push((format!("{at}/{index}"), item, scope.clone()));
        }
    }
    // Some writers count what passed without listing it.
    let passed = items.iter().filter(|(_, item, _)| item.result.as_deref() == Some("pass")).count() as u64;
    let mut checks = Checks::of_scanner_listing_passed("policy-report", passed > 0 && passed >= counted);
    checks.warnings = warnings;
    for (at, item, scope) in &items {
        match item.vulnerability() {
            Some(id) => checks.add_finding(vulnerability(item, id)),
            None => add(item, scope.as_deref(), at, &mut checks),
        }
    }
    let source = items.iter().find_map(|(_, item, _)| stated(item.source.as_ref()));
    Ok(checks.report(&source.map_or_else(|| "policy-report".to_owned(), |source| source.to_lowercase()), None))
}

/// A result holds for each of its objects.
fn add(item: &Item<'_>, scope: Option<&str>, at: &str, checks: &mut Checks) {
    let objects = json::parts::<ObjectName<'_>>(&item.resources, format_args!("{at}/resources"), &mut checks.warnings);
    let mut names: Vec<_> = objects.iter().map(|(_, object)| object.path()).collect();
    if names.is_empty() {
        names.push(scope.map(str::to_owned));
    }
    let outcome = outcome(item, at, &mut checks.warnings);
    let word = stated(item.severity.as_ref()).or_else(|| item.property(&["severity"]));
    let policy = stated(item.policy.as_ref()).unwrap_or_default();
    let rule = stated(item.rule.as_ref());
    let message = stated(item.message.as_ref());
    for resource in names {
        let distinctions = [
            rule.as_deref().unwrap_or_default(),
            resource.as_deref().unwrap_or_default(),
            message.as_deref().unwrap_or_default(),
        ];
        checks.add(Check {
            identity: Some(crate::identity::of_parts(&policy, &distinctions)),
            rule: policy.clone(),
            aliases: rule.clone().into_iter().collect(),
            section: stated(item.category.as_ref()).or_else(|| item.property(&["category"])),
            outcome,
            is_unscored: item.scored == Some(false),
            severity: checks::rated("policy-report", word.as_deref()),
            severity_word: word.clone(),
            reason: message.clone(),
            resource,
            ..Check::default()
        });
    }
}

fn outcome(item: &Item<'_>, at: &str, warnings: &mut Vec<Warning>) -> Outcome {
    match item.result.as_deref() {
        Some("pass") => Outcome::Passed,
        Some("fail") => Outcome::Failed,
        Some("warn") => Outcome::Warned,
        Some("error") => Outcome::Undecided,
        Some("skip") => Outcome::NotApplicable,
        other => {
            let found = other.unwrap_or("nothing");
            let message = format!("expected pass, fail, warn, error or skip, found {found}; somebody has to look");
            warnings.push(Warning { at: format!("{at}/result"), message });
            Outcome::Undecided
        }
    }
}

/// Scanners of images have no field for the package and write it among the properties or, old ones, as the category.
fn vulnerability(item: &Item<'_>, id: String) -> Finding {
    let word = stated(item.severity.as_ref());
    let named = item.property(&["pkgName", "packageName"]).or_else(|| stated(item.category.as_ref()));
    let name = named.unwrap_or_default();
    let version = item.property(&["installedVersion", "InstalledVersion"]);
    let fixed = item.property(&["fixedVersion", "FixedVersion"]).unwrap_or_default();
    let message = stated(item.message.as_ref()).or_else(|| stated(item.policy.as_ref()).filter(|policy| *policy != id));
    let title = message.as_deref().and_then(crate::text::title).unwrap_or_else(|| format!("{id} in {name}"));
    Finding {
        description: message.filter(|message| *message != title).map(crate::text::capped),
        severity: checks::rated("policy-report", word.as_deref()),
        severity_word: word,
        component: Some(ComponentRef { name, version, purl: None }),
        fixed_versions: fixed
            .split(',')
            .map(str::trim)
            .filter(|version| !version.is_empty())
            .map(str::to_owned)
            .collect(),
        references: item.property(&["primaryURL", "PrimaryURL"]).into_iter().collect(),
        ..Finding::new(FindingKind::Vulnerability, id, title)
    }
}
