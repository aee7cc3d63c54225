//! Scans of Sysdig's command line: an image with its packages, their vulnerabilities, and the verdict of its policies.

use crate::json::{self, At, List, Odd, Text, stated};
use crate::sysdig::{self, Vulnerability};
use crate::{Format, Probe, ReadError, ratings, subjects};
use serde::Deserialize;
use serde::de::IgnoredAny;
use shipworthy_model::{
    Component, Finding, FindingKind, Inventory, Measures, Phase, QualityCondition, QualityGate, Report, Tool,
};

pub(crate) static FORMAT: Format = Format {
    name: "sysdig-cli",
    title: "Sysdig CLI scan",
    homepage: "https://docs.sysdig.com/en/sysdig-secure/install-vulnerability-cli-scanner/",
    phase: Phase::Artifact,
    tool: "sysdig",
    reads: "what `sysdig-cli-scanner --output=json-file` writes, versions 1.6 to 1.20",
    identifies: "vulnerability and component",
    severities: "sysdig",
    marks: &["info", "scanner", "result"],
    recognises: |probe: &Probe| {
        probe.object().is_some_and(|members| members.has_all(&["scanner", "result"]))
            && probe.has_all(&["result.packages", "result.vulnTotalBySeverity"])
    },
    read,
};

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow, default)]
    info: Odd<Info<'a>>,
    #[serde(borrow, default)]
    scanner: Odd<Scanner<'a>>,
    #[serde(borrow)]
    result: Scan<'a>,
}

#[derive(Default, Deserialize)]
struct Info<'a> {
    #[serde(borrow, rename = "scanTime")]
    time: Option<Text<'a>>,
}

#[derive(Default, Deserialize)]
struct Scanner<'a> {
    #[serde(borrow)]
    version: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "a result")]
struct Scan<'a> {
    #[serde(borrow, default)]
    metadata: Odd<Metadata<'a>>,
    #[serde(borrow, default)]
    packages: List<'a>,
    #[serde(borrow, default)]
    policy_evaluations: List<'a>,
    #[serde(borrow)]
    policy_evaluations_result: Option<Text<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Metadata<'a> {
    #[serde(borrow)]
    pull_string: Option<Text<'a>>,
    #[serde(borrow)]
    digest: Option<Text<'a>>,
    #[serde(borrow)]
    base_os: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Package<'a> {
    #[serde(borrow, rename = "type")]
    kind: Option<Text<'a>>,
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    version: Option<Text<'a>>,
    #[serde(borrow)]
    path: Option<Text<'a>>,
    #[serde(borrow, default)]
    vulns: List<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Found<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow, default)]
    severity: Odd<Word<'a>>,
    #[serde(borrow, default)]
    cvss_score: Odd<Rating<'a>>,
    #[serde(borrow)]
    fixed_in_version: Option<Text<'a>>,
    #[serde(default)]
    accepted_risks: Odd<Vec<IgnoredAny>>,
}

#[derive(Default, Deserialize)]
struct Word<'a> {
    #[serde(borrow)]
    value: Option<Text<'a>>,
}

#[derive(Default, Deserialize)]
struct Rating<'a> {
    #[serde(borrow, default)]
    value: Odd<Cvss<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Cvss<'a> {
    #[serde(borrow)]
    version: Option<Text<'a>>,
    #[serde(borrow)]
    score: Option<Text<'a>>,
    #[serde(borrow)]
    vector: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Policy<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    evaluation_result: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let mut report = Report { looked_for: vec![FindingKind::Vulnerability], ..Report::default() };
    let Report { warnings, subjects, measures, .. } = &mut report;
    let at = At::Root;
    let at = at.key("result");
    let empty = Metadata::default();
    let metadata = document.result.metadata.get(at.key("metadata"), warnings).unwrap_or(&empty);
    if let Some(digest) = &metadata.digest {
        subjects::add_artifact(subjects, digest);
    }
    let mut findings = Vec::new();
    let mut components = Vec::new();
    let at_packages = at.key("packages");
    for (index, package) in json::parts::<Package<'_>>(&document.result.packages, at_packages, warnings) {
        let at = at_packages.index(index);
        components.push(component(&package, index, metadata));
        for (_, found) in json::parts::<Found<'_>>(&package.vulns, at.key("vulns"), warnings) {
            findings.push(finding(&found, &package, metadata));
        }
    }
    let name = stated(metadata.pull_string.as_ref());
    let policies =
        json::parts::<Policy<'_>>(&document.result.policy_evaluations, at.key("policyEvaluations"), warnings);
    let policies: Vec<_> = policies.into_iter().map(|(_, policy)| condition(&policy)).collect();
    if let Some(word) = stated(document.result.policy_evaluations_result.as_ref()) {
        let gate = QualityGate { name: Some("policies".to_owned()), status: result_of(&word), conditions: policies };
        *measures = Some(Measures { project: name.clone(), quality_gate: Some(gate), ..Measures::default() });
    }
    let time = document.info.get("/info", warnings).and_then(|info| stated(info.time.as_ref()));
    let version = document.scanner.get("/scanner", warnings).and_then(|scanner| stated(scanner.version.as_ref()));
    report.created_at = time.and_then(|time| Some(time.parse::<jiff::Timestamp>().ok()?.to_string()));
    report.inventory = (!components.is_empty()).then(|| Inventory {
        describes: name.map(|name| Component { name, kind: "container".to_owned(), ..Component::default() }),
        created_at: report.created_at.clone(),
        authors: vec!["sysdig".to_owned()],
        components,
        ..Inventory::default()
    });
    report.tool = Some(Tool { name: "sysdig".to_owned(), version });
    report.findings = Some(findings);
    Ok(report)
}

fn component(package: &Package<'_>, index: usize, metadata: &Metadata<'_>) -> Component {
    let name = stated(package.name.as_ref()).unwrap_or_default();
    let version = stated(package.version.as_ref());
    let kind = package.kind.as_deref().unwrap_or_default();
    Component {
        reference: index.to_string(),
        kind: "library".to_owned(),
        purl: sysdig::purl(kind, &name, version.as_deref(), metadata.base_os.as_deref()),
        name,
        version,
        ..Component::default()
    }
}

fn finding(found: &Found<'_>, package: &Package<'_>, metadata: &Metadata<'_>) -> Finding {
    let empty = Cvss::default();
    let rating = found.cvss_score.0.as_ref().ok().and_then(|rating| rating.value.0.as_ref().ok()).unwrap_or(&empty);
    let vulnerability = Vulnerability {
        name: stated(found.name.as_ref()).unwrap_or_default(),
        severity_word: found.severity.0.as_ref().ok().and_then(|word| stated(word.value.as_ref())),
        package: stated(package.name.as_ref()).unwrap_or_default(),
        version: stated(package.version.as_ref()),
        kind: stated(package.kind.as_ref()),
        path: stated(package.path.as_ref()),
        distribution: stated(metadata.base_os.as_ref()),
        cvss_version: stated(rating.version.as_ref()),
        score: rating.score.as_deref().and_then(ratings::number),
        vector: stated(rating.vector.as_ref()),
        fixed: stated(found.fixed_in_version.as_ref()),
        url: None,
        is_accepted: found.accepted_risks.0.as_ref().is_ok_and(|risks| !risks.is_empty()),
    };
    vulnerability.finding()
}

fn condition(policy: &Policy<'_>) -> QualityCondition {
    QualityCondition {
        metric: stated(policy.name.as_ref()).unwrap_or_default(),
        status: result_of(&stated(policy.evaluation_result.as_ref()).unwrap_or_default()),
        actual: None,
        threshold: None,
    }
}

/// `passed` and `failed` are Sysdig's words, too; another one is no verdict.
fn result_of(word: &str) -> String {
    if matches!(word, "passed" | "failed" | "accepted") {
        word.replace("accepted", "passed")
    } else {
        "none".to_owned()
    }
}
