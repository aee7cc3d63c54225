//! What a report holds, in numbers by name and in a few words for people.

use crate::wording::{counted, severities};
use shipworthy_model::{ControlStatus, FindingKind, Report, SeverityCounts};
use std::collections::BTreeMap;

/// What a report holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Contents {
    /// How many of what, by name.
    pub(crate) counts: BTreeMap<String, u64>,
    /// The same in a few words.
    pub(crate) summary: String,
}

impl Contents {
    /// Counts what the report holds.
    pub(crate) fn of(report: &Report) -> Self {
        let mut contents = Listing::default();
        contents.inventory_and_findings(report);
        contents.build(report);
        contents.source(report);
        contents.artifact_and_deployment(report);
        let summary = if contents.words.is_empty() { "nothing".to_owned() } else { contents.words.join(", ") };
        Self { counts: contents.counts, summary }
    }
}

/// The word for one finding of a kind, and its name among the counts.
fn kind_words(kind: FindingKind) -> (&'static str, &'static str) {
    match kind {
        FindingKind::Vulnerability => ("vulnerability", "vulnerabilities"),
        FindingKind::Code => ("code finding", "code_findings"),
        FindingKind::Secret => ("secret", "secrets"),
        FindingKind::License => ("license finding", "license_findings"),
        FindingKind::Misconfiguration => ("misconfiguration", "misconfigurations"),
        FindingKind::Malware => ("malware finding", "malware_findings"),
        FindingKind::Dynamic => ("dynamic finding", "dynamic_findings"),
        FindingKind::Quality => ("quality finding", "quality_findings"),
    }
}

#[derive(Default)]
struct Listing {
    counts: BTreeMap<String, u64>,
    words: Vec<String>,
}

impl Listing {
    fn count(&mut self, name: &str, count: u64) {
        self.counts.insert(name.to_owned(), count);
    }

    fn inventory_and_findings(&mut self, report: &Report) {
        if let Some(inventory) = &report.inventory {
            let components = inventory.components.len() as u64;
            self.count("components", components);
            self.words.push(counted(components, "component"));
        }
        let Some(findings) = &report.findings else { return };
        self.count("findings", findings.len() as u64);
        if findings.is_empty() {
            self.words.push("no findings".to_owned());
        }
        for kind in FindingKind::ALL {
            let of_kind = findings.iter().filter(|finding| finding.kind == *kind);
            let counts: SeverityCounts = of_kind.map(|finding| finding.severity).collect();
            if counts.total() > 0 {
                let (word, name) = kind_words(*kind);
                self.count(name, counts.total());
                self.words.push(format!("{} ({})", counted(counts.total(), word), severities(&counts)));
            }
        }
    }

    fn build(&mut self, report: &Report) {
        if let Some(tests) = &report.tests {
            let failed = tests.failed + tests.errors;
            self.count("tests", tests.total);
            self.count("tests_failed", failed);
            self.words.push(format!("{}, {failed} failed", counted(tests.total, "test")));
        }
        if let Some(percent) = report.coverage.as_ref().and_then(shipworthy_model::Coverage::line_percent) {
            self.words.push(format!("{percent:.1} % of lines covered"));
        }
        if let Some(build) = &report.build {
            self.words.push(format!("{} run {} {} {}", build.system, build.job, build.number, build.result));
        }
        if let Some(provenance) = &report.provenance {
            self.words.push(format!("provenance by {}", provenance.builder_id));
        }
    }

    fn source(&mut self, report: &Report) {
        if let Some(measures) = &report.measures {
            if !measures.metrics.is_empty() {
                self.count("measures", measures.metrics.len() as u64);
                self.words.push(counted(measures.metrics.len() as u64, "measure"));
            }
            if let Some(gate) = &measures.quality_gate {
                self.words.push(format!("quality gate {}", gate.status));
            }
        }
        if let Some(review) = &report.review {
            let approvals = review.reviews.iter().filter(|given| given.state == "approved").count() as u64;
            self.count("reviews", review.reviews.len() as u64);
            self.words.push(format!("change request {} with {}", review.number, counted(approvals, "approval")));
        }
    }

    fn artifact_and_deployment(&mut self, report: &Report) {
        if let Some(attestation) = &report.attestation {
            let kind = attestation.predicate_type.rsplit('/').find(|part| !part.is_empty() && !is_version(part));
            self.words.push(format!("attestation of {}", kind.unwrap_or("something")));
        }
        if !report.vex.is_empty() {
            self.count("vex_statements", report.vex.len() as u64);
            self.words.push(counted(report.vex.len() as u64, "VEX statement"));
        }
        if let Some(benchmark) = &report.benchmark {
            let with = |status| benchmark.controls.iter().filter(|control| control.status == status).count() as u64;
            let failed = with(ControlStatus::Fail);
            self.count("controls", benchmark.controls.len() as u64);
            self.count("controls_failed", failed);
            let controls = counted(benchmark.controls.len() as u64, "control");
            self.words.push(format!("{}: {controls}, {failed} failed", benchmark.name));
        }
        if let Some(scorecard) = &report.scorecard {
            let score = scorecard.score.map_or("no score".to_owned(), |score| format!("{score} of 10"));
            self.words.push(format!("scorecard of {}: {score}", scorecard.project));
        }
        if let Some(performance) = &report.performance {
            self.count("requests", performance.requests);
            self.words.push(format!("{}, {} failed", counted(performance.requests, "request"), performance.failed));
        }
        if let Some(verification) = &report.verification {
            self.words.push(format!("verification {} {}", verification.name, verification.result));
        }
        for deployment in &report.deployments {
            self.words.push(format!("deployment {} {}", deployment.name, deployment.status));
        }
        for approval in &report.approvals {
            self.words.push(format!("judgment {} {}", approval.name, approval.status));
        }
    }
}

/// `v1`, `v0.2`: the tail of a predicate type that tells no kind.
fn is_version(part: &str) -> bool {
    part.strip_prefix('v').is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit() || c == '.'))
}
