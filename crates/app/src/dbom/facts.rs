//! What the evidence of a phase says, in words for people.

use super::{DbomFact, Known, digests};
use crate::problem::Answer;
use crate::trust;
use crate::wording::{counted, severities, thousands};
use shipworthy_model::{
    Benchmark, Build, ControlStatus, FindingKind, Performance, Phase, Report, ReportedApproval, ReportedDeployment,
    Review, Severity, SeverityCounts, Verification,
};
use shipworthy_policy::input::{CoverageFacts, InventoryFacts, TestFacts};
use shipworthy_store::evidence::Evidence;
use shipworthy_store::finding::{self, Filter};
use shipworthy_store::{Session, component, finding_match};

/// The facts of a phase, in a fixed order.
pub(super) async fn of_phase(session: &mut Session, known: &Known, phase: Phase) -> Answer<Vec<DbomFact>> {
    let mut facts = match phase {
        Phase::Source => source(known),
        Phase::Build => build(known),
        Phase::Artifact => artifact(session, known).await?,
        Phase::Deploy => deploy(known),
    };
    facts.extend(findings(session, known, phase).await?);
    Ok(facts)
}

/// How a fact looks: `good`, `bad`, or neither.
fn level(is_good: Option<bool>) -> String {
    match is_good {
        Some(true) => "good",
        Some(false) => "bad",
        None => "neutral",
    }
    .to_owned()
}

fn fact(name: &str, title: &str, value: impl Into<String>, is_good: Option<bool>, evidence: Vec<String>) -> DbomFact {
    DbomFact { name: name.to_owned(), title: title.to_owned(), value: value.into(), level: level(is_good), evidence }
}

/// Every section of one kind that the evidence has, in any phase, with its document.
fn all<'k, T>(known: &'k Known, section: impl Fn(&'k Report) -> Option<&'k T>) -> Vec<(&'k Evidence, &'k T)> {
    let mut seen = std::collections::BTreeSet::new();
    let once = known.evidence.iter().filter(|evidence| seen.insert(&evidence.document.digest));
    let read = once.filter_map(|evidence| Some((evidence, known.sections.get(&evidence.document.digest)?)));
    read.filter_map(|(evidence, sections)| Some((evidence, section(&sections.report)?))).collect()
}

fn documents<T>(all: &[(&Evidence, &T)]) -> Vec<String> {
    let mut documents: Vec<String> = all.iter().map(|(evidence, _)| evidence.document.digest.to_string()).collect();
    documents.sort();
    documents
}

fn document(evidence: &Evidence) -> Vec<String> {
    vec![evidence.document.digest.to_string()]
}

fn source(known: &Known) -> Vec<DbomFact> {
    let release = &known.owned.release;
    let mut facts = Vec::new();
    if let Some(repository) = &release.repository {
        facts.push(fact("repository", "Repository", repository, None, Vec::new()));
    }
    if let Some(commit) = &release.commit {
        let branch = release.branch.as_ref().map(|branch| format!(" on {branch}")).unwrap_or_default();
        facts.push(fact("commit", "Commit", format!("{commit}{branch}"), None, Vec::new()));
    }
    for (evidence, review) in all(known, |report| report.review.as_ref()) {
        facts.push(review_fact(review, document(evidence)));
    }
    for (evidence, measures) in all(known, |report| report.measures.as_ref()) {
        if let Some(gate) = &measures.quality_gate {
            let is_good = match gate.status.as_str() {
                "passed" => Some(true),
                "failed" => Some(false),
                _ => None,
            };
            facts.push(fact("quality-gate", "Quality gate", &gate.status, is_good, document(evidence)));
        }
    }
    for (evidence, scorecard) in all(known, |report| report.scorecard.as_ref()) {
        let score = scorecard.score.map_or("no score".to_owned(), |score| format!("{score} of 10"));
        let value = format!("{score} for {}", scorecard.project);
        facts.push(fact("scorecard", "Scorecard", value, None, document(evidence)));
    }
    facts
}

fn review_fact(review: &Review, evidence: Vec<String>) -> DbomFact {
    let approved = review.reviews.iter().filter(|given| given.state == "approved");
    let mut others: Vec<&str> =
        approved.map(|given| given.reviewer.as_str()).filter(|reviewer| *reviewer != review.author).collect();
    others.sort_unstable();
    others.dedup();
    let by = if others.is_empty() { "nobody but its author".to_owned() } else { others.join(", ") };
    let value = format!("change request {} by {}, approved by {by}", review.number, review.author);
    fact("review", "Review", value, Some(!others.is_empty()), evidence)
}

fn build(known: &Known) -> Vec<DbomFact> {
    let mut facts = Vec::new();
    if let Some(build) = &known.owned.release.build {
        facts.push(fact("build", "Build", build, None, Vec::new()));
    }
    for (evidence, build) in all(known, |report| report.build.as_ref()) {
        facts.push(run_fact(build, document(evidence)));
    }
    let tests = all(known, |report| report.tests.as_ref());
    if !tests.is_empty() {
        let total = TestFacts::of(tests.iter().map(|(_, tests)| *tests));
        let failed = total.failed + total.errors;
        let value = format!(
            "{}, {} failed, {} skipped",
            counted(total.total, "test"),
            thousands(failed),
            thousands(total.skipped)
        );
        facts.push(fact("tests", "Tests", value, Some(failed == 0 && total.passed > 0), documents(&tests)));
    }
    let coverage = all(known, |report| report.coverage.as_ref());
    if let Some(percent) = CoverageFacts::of(coverage.iter().map(|(_, coverage)| *coverage)).line_percent {
        let value = format!("{percent:.1} % of lines");
        facts.push(fact("coverage", "Coverage", value, None, documents(&coverage)));
    }
    for (evidence, provenance) in all(known, |report| report.provenance.as_ref()) {
        let sections = known.sections.get(&evidence.document.digest);
        let artifacts = sections.map_or(0, |sections| digests::built(sections).count() as u64);
        let (artifacts, builder) = (counted(artifacts, "artifact"), &provenance.builder_id);
        let verification = known.verification(evidence);
        let is_good = match verification {
            trust::word::VERIFIED => Some(true),
            trust::word::INVALID => Some(false),
            _ => None,
        };
        let value = format!("{artifacts} by {builder}, {}", signature(verification));
        facts.push(fact("provenance", "Provenance", value, is_good, document(evidence)));
    }
    facts
}

fn run_fact(build: &Build, evidence: Vec<String>) -> DbomFact {
    let Build { system, job, number, result, started_by, .. } = build;
    let by = started_by.as_ref().map(|who| format!(", started by {who}")).unwrap_or_default();
    let is_good = match result.as_str() {
        "succeeded" => Some(true),
        "running" => None,
        _ => Some(false),
    };
    fact("run", "Run", format!("{system} {job} {number} {result}{by}"), is_good, evidence)
}

fn signature(verification: &str) -> &str {
    match verification {
        trust::word::VERIFIED => "signature verified",
        trust::word::INVALID => "signature invalid",
        trust::word::UNKNOWN_SIGNER => "unknown signer",
        trust::word::UNCHECKED => "signature not checked",
        other => other,
    }
}

async fn artifact(session: &mut Session, known: &Known) -> Answer<Vec<DbomFact>> {
    let mut facts = Vec::new();
    for artifact in &known.owned.release.artifacts {
        let name = artifact.name.as_deref().unwrap_or(&artifact.kind);
        let value = format!("{name} {}", artifact.digest);
        facts.push(fact("artifact", "Artifact", value, None, Vec::new()));
    }
    let inventories = all(known, |report| report.inventory.as_ref());
    let quality = |(evidence, _): &(&Evidence, _)| known.sections.get(&evidence.document.digest)?.inventory_quality;
    let Some(quality) = InventoryFacts::of(inventories.iter().filter_map(quality)) else { return Ok(facts) };
    let digests: Vec<_> = inventories.iter().map(|(evidence, _)| evidence.document.digest.clone()).collect();
    let components = component::count(session, &digests, &component::Filter::default()).await?;
    let evidence = documents(&inventories);
    let without = |count: u64, what: &str| (count > 0).then(|| format!(", {} without {what}", thousands(count)));
    let gaps = [
        without(quality.without_version, "version"),
        without(quality.without_supplier, "supplier"),
        without(quality.without_identifier, "identifier"),
    ];
    let value = format!("{}{}", counted(components, "component"), gaps.into_iter().flatten().collect::<String>());
    facts.push(fact("inventory", "Inventory", value, None, evidence.clone()));
    let licenses = component::licenses(session, &digests, 1).await?;
    let unstated: u64 = licenses.iter().filter(|l| l.expression.is_none()).map(|l| l.component_count).sum();
    let stated = licenses.iter().filter(|license| license.expression.is_some()).count() as u64;
    let value = format!("{}, {} without", counted(stated, "license"), counted(unstated, "component"));
    facts.push(fact("licenses", "Licenses", value, None, evidence));
    Ok(facts)
}

fn deploy(known: &Known) -> Vec<DbomFact> {
    let mut facts = Vec::new();
    for placed in &known.approvals {
        let value = format!("for {} by {}", placed.environment_name, placed.approval.approved_by_name);
        facts.push(fact("approval", "Approval", value, Some(true), Vec::new()));
    }
    for placed in &known.deployments {
        let deployment = &placed.deployment;
        let image = match placed.is_right_image() {
            Some(true) => ", the image that was released",
            Some(false) => ", another image than was released",
            None => "",
        };
        let value =
            format!("{} in {} since {}{image}", deployment.state, placed.environment_name, deployment.changed_at);
        facts.push(fact("deployment", "Deployment", value, placed.is_right_image(), Vec::new()));
    }
    for (evidence, benchmark) in all(known, |report| report.benchmark.as_ref()) {
        facts.push(benchmark_fact(benchmark, document(evidence)));
    }
    for (evidence, verification) in all(known, |report| report.verification.as_ref()) {
        facts.push(verification_fact(verification, document(evidence)));
    }
    for (evidence, performance) in all(known, |report| report.performance.as_ref()) {
        facts.push(performance_fact(performance, document(evidence)));
    }
    for (evidence, deployments) in all(known, |report| Some(&report.deployments)) {
        facts.extend(deployments.iter().map(|deployment| rollout_fact(deployment, document(evidence))));
    }
    for (evidence, approvals) in all(known, |report| Some(&report.approvals)) {
        facts.extend(approvals.iter().map(|approval| judgment_fact(approval, document(evidence))));
    }
    facts
}

fn verification_fact(verification: &Verification, evidence: Vec<String>) -> DbomFact {
    let Verification { name, result, score, .. } = verification;
    let score = score.map(|score| format!(", score {score} of 100")).unwrap_or_default();
    let is_good = match result.as_str() {
        "passed" => Some(true),
        "failed" | "error" => Some(false),
        _ => None,
    };
    fact("verification", "Verification", format!("{name} {result}{score}"), is_good, evidence)
}

fn performance_fact(performance: &Performance, evidence: Vec<String>) -> DbomFact {
    let slow = performance.response_times.and_then(|times| times.p95_milliseconds);
    let slow = slow.map(|slow| format!(", 95 % within {slow:.0} ms")).unwrap_or_default();
    let missed = performance.thresholds.iter().filter(|threshold| !threshold.is_met).count() as u64;
    let thresholds = match (performance.thresholds.len() as u64, missed) {
        (0, _) => String::new(),
        (all, missed) => format!(", {} of {} met", all - missed, counted(all, "threshold")),
    };
    let requests = counted(performance.requests, "request");
    let value = format!("{requests}, {} failed{slow}{thresholds}", thousands(performance.failed));
    let is_good = (!performance.thresholds.is_empty()).then_some(missed == 0);
    fact("performance", "Performance", value, is_good, evidence)
}

/// What a delivery tool says of a deployment, beside the deployments that were told to us.
fn rollout_fact(deployment: &ReportedDeployment, evidence: Vec<String>) -> DbomFact {
    let ReportedDeployment { name, status, target, health, started_by, .. } = deployment;
    let target = target.as_ref().map(|target| format!(" to {target}")).unwrap_or_default();
    let health = health.as_ref().map(|health| format!(", {health}")).unwrap_or_default();
    let by = started_by.as_ref().map(|who| format!(", started by {who}")).unwrap_or_default();
    let is_good = match (status.as_str(), deployment.health.as_deref()) {
        (_, Some("degraded" | "missing")) | ("failed", _) => Some(false),
        ("succeeded", _) => Some(true),
        _ => None,
    };
    fact("rollout", "Rollout", format!("{name}{target} {status}{health}{by}"), is_good, evidence)
}

fn judgment_fact(approval: &ReportedApproval, evidence: Vec<String>) -> DbomFact {
    let by = approval.by.as_ref().map(|by| format!(" by {by}")).unwrap_or_default();
    let is_good = match approval.status.as_str() {
        "approved" => Some(true),
        "rejected" => Some(false),
        _ => None,
    };
    fact("judgment", "Judgment", format!("{} {}{by}", approval.name, approval.status), is_good, evidence)
}

fn benchmark_fact(benchmark: &Benchmark, evidence: Vec<String>) -> DbomFact {
    let with = |status| benchmark.controls.iter().filter(|control| control.status == status).count() as u64;
    let (passed, failed) = (with(ControlStatus::Pass), with(ControlStatus::Fail));
    let value = format!("{}: {passed} of {} hold", benchmark.name, counted(passed + failed, "control"));
    fact("benchmark", "Benchmark", value, Some(failed == 0), evidence)
}

/// The names under which findings appear, in the order in which they do.
const FINDINGS: &[(FindingKind, &str, &str)] = &[
    (FindingKind::Vulnerability, "vulnerabilities", "Vulnerabilities"),
    (FindingKind::Malware, "malware", "Malware"),
    (FindingKind::Secret, "secrets", "Secrets"),
    (FindingKind::Code, "code-findings", "Code findings"),
    (FindingKind::Quality, "quality-findings", "Quality findings"),
    (FindingKind::License, "license-findings", "License findings"),
    (FindingKind::Misconfiguration, "misconfigurations", "Misconfigurations"),
    (FindingKind::Dynamic, "dynamic-findings", "Dynamic findings"),
];

async fn findings(session: &mut Session, known: &Known, phase: Phase) -> Answer<Vec<DbomFact>> {
    let digests = known.documents_of(phase);
    let matched = finding_match::of_documents(session, &digests).await?;
    let counts = finding::counts(session, &digests, &matched, &Filter::default()).await?;
    let by_document = finding::kinds_by_document(session, &digests).await?;
    let mut facts = Vec::new();
    for (kind, name, title) in FINDINGS {
        let Some(counts) = counts.get(kind) else { continue };
        let saying = by_document.iter().filter(|(_, kinds)| kinds.contains(kind));
        let evidence = saying.map(|(document, _)| document.to_string()).collect();
        facts.push(fact(name, title, severities(&counts.all), is_bearable(&counts.all), evidence));
    }
    let looked: Vec<&Evidence> = known
        .of_phase(phase)
        .filter(|(_, sections)| sections.is_some_and(|sections| sections.report.findings.is_some()))
        .map(|(evidence, _)| evidence)
        .collect();
    if facts.is_empty() && !looked.is_empty() {
        let mut evidence: Vec<String> = looked.iter().map(|looked| looked.document.digest.to_string()).collect();
        evidence.sort();
        evidence.dedup();
        facts.push(fact("findings", "Findings", "somebody looked and found none", Some(true), evidence));
    }
    Ok(facts)
}

/// Critical and high ones are bad, and so are those of which nobody said how bad they are.
fn is_bearable(counts: &SeverityCounts) -> Option<bool> {
    let bad = [Severity::Critical, Severity::High, Severity::Unknown].map(|severity| counts.of(severity));
    (bad.iter().sum::<u64>() > 0).then_some(false)
}
