//! Our values of what others count in a document as a whole.

use crate::documents::Expectation;
use crate::fields::Fields;
use shipworthy_model::{Component, ControlStatus, Counter, FindingKind, FindingStatus, Inventory, Report, Subject};
use std::collections::{BTreeMap, BTreeSet};

/// Our value for what the expectations call `what`; nothing for what we do not count. A value of theirs that is a map is
/// written in the order of the document, which says nothing, so it is given back where ours means the same.
pub(crate) fn value(report: &Report, row: &Expectation, fields: &Fields) -> Option<String> {
    // The expectations of DefectDojo's tests may name the mode in which it read.
    let what = row.what.strip_suffix(" (mode=detailed)").unwrap_or(&row.what);
    let theirs = row.value.as_str();
    tests(report, what)
        .or_else(|| coverage(report, what))
        .or_else(|| inventory(report, what))
        .or_else(|| quality(report, what, theirs))
        .or_else(|| controls(report, what))
        .or_else(|| heimdall(report, what, theirs))
        .or_else(|| results(report, what, theirs))
        .or_else(|| faults(report, what, theirs))
        .or_else(|| by_word(report, what, theirs))
        .or_else(|| findings(report, what))
        .or_else(|| health(report, what))
        .or_else(|| rate(report, what, theirs))
        .or_else(|| written_in(report, what))
        .or_else(|| artifact(report, what, theirs))
        .or_else(|| vulnerabilities(report, what))
        .or_else(|| fields.ours(report, row))
}

/// The part that is covered, as closely as they print theirs.
fn rate(report: &Report, what: &str, theirs: &str) -> Option<String> {
    let coverage = report.coverage.as_ref()?;
    let ours = match what {
        "root@line-rate" => coverage.line_percent(),
        "root@branch-rate" => coverage.branches.and_then(|branches| branches.percent()),
        _ => return None,
    };
    let ours = ours.map(|percent| percent / 100.0);
    let stated: f64 = theirs.parse().expect("a rate is a number");
    // Arithmetic may have put noise behind the digits that were meant.
    let printed = format!("{stated:.6}");
    let digits = printed.trim_end_matches('0').split_once('.').map_or(0, |(_, digits)| digits.len()).max(2);
    let unit = 0.1_f64.powi(i32::try_from(digits).expect("there are few digits"));
    // Some cut what they print, and others round it.
    let is_same = ours.map_or(stated.is_nan(), |ours| (ours - stated).abs() <= unit.max(1e-9));
    Some(if is_same { theirs.to_owned() } else { ours.map_or_else(String::new, |ours| format!("{ours:.4}")) })
}

/// The version of the specification that the document is written in.
fn written_in(report: &Report, what: &str) -> Option<String> {
    let specification = report.inventory.as_ref()?.specification.as_deref()?;
    let version = specification.trim_start_matches("CycloneDX ").trim_start_matches("SPDX-");
    match what {
        "cdx_spec_version" | "spec_version" => Some(version.to_owned()),
        "spdx_version" => Some(specification.to_owned()),
        _ => None,
    }
}

/// The artifact that a statement is about, which is one of those that ours is about.
fn artifact(report: &Report, what: &str, theirs: &str) -> Option<String> {
    let digest = |subject: &Subject| match subject {
        Subject::Artifact(digest) => Some(digest.hex().to_owned()),
        _ => None,
    };
    let digests: Vec<_> = report.subjects.iter().filter_map(digest).collect();
    let is_same = digests.iter().any(|digest| digest == theirs);
    (what == "artifact_sha256").then(|| if is_same { theirs.to_owned() } else { digests.join(", ") })
}

/// The vulnerabilities that a bill of materials tells of; each is a finding for every component that it is in.
fn vulnerabilities(report: &Report, what: &str) -> Option<String> {
    let findings = report.findings.iter().flatten().filter(|_| what == "cdx_vulnerabilities");
    let named: BTreeSet<_> = findings.map(|finding| finding.rule.as_str()).collect();
    (what == "cdx_vulnerabilities").then(|| named.len().to_string())
}

fn health(report: &Report, what: &str) -> Option<String> {
    let health = report.deployments.first()?.health.as_deref().filter(|_| what == "health_status")?;
    Some(format!("{}{}", health[..1].to_uppercase(), &health[1..]))
}

fn tests(report: &Report, what: &str) -> Option<String> {
    let tests = report.tests.as_ref()?;
    let count = match what {
        "tests" | "testcase elements" => tests.total,
        "passed" | "tests_succ" => tests.passed,
        "failed" | "tests_fail" | "testcase with failure" => tests.failed,
        "errors" | "tests_error" | "testcase with error" => tests.errors,
        "skipped" | "tests_skip" | "testcase with skipped" => tests.skipped,
        "suites" => tests.suites,
        // They count whole seconds.
        "duration" => return Some(tests.duration_seconds.unwrap_or(0.0).trunc().to_string()),
        _ => return None,
    };
    Some(count.to_string())
}

fn coverage(report: &Report, what: &str) -> Option<String> {
    let coverage = report.coverage.as_ref()?;
    let missed_and_covered = |counter: Option<Counter>| {
        let Counter { covered, total } = counter?;
        Some(format!("{}/{covered}", total - covered))
    };
    match what {
        "counter LINE missed/covered" => missed_and_covered(coverage.lines),
        "counter BRANCH missed/covered" => missed_and_covered(coverage.branches),
        "counter INSTRUCTION missed/covered" => missed_and_covered(coverage.instructions),
        "counter METHOD missed/covered" => missed_and_covered(coverage.methods),
        "LF/LH sums" => Some(total_and_covered(coverage.lines.unwrap_or_default())),
        "DA_records" => Some(coverage.lines.unwrap_or_default().total.to_string()),
        "DA_hit" => Some(coverage.lines.unwrap_or_default().covered.to_string()),
        "totals.lines count/covered" => coverage.lines.map(total_and_covered),
        "project statements/coveredstatements" | "Summary numSequencePoints/visited" => {
            coverage.instructions.map(total_and_covered)
        }
        "root@lines-covered" | "lines_covered(by file+number)" => Some(coverage.lines?.covered.to_string()),
        "root@lines-valid" | "lines_total(by file+number)" => Some(coverage.lines?.total.to_string()),
        _ => None,
    }
}

fn total_and_covered(Counter { covered, total }: Counter) -> String {
    format!("{total}/{covered}")
}

fn inventory(report: &Report, what: &str) -> Option<String> {
    let empty = Inventory::default();
    let inventory = report.inventory.as_ref().unwrap_or(&empty);
    let count = match what {
        "cdx_components_all_nested" => inventory.components.len(),
        "cdx_components_top_level" => {
            inventory.components.iter().filter(|component| component.part_of.is_none()).count()
        }
        "cdx_dependencies" => inventory.dependencies.len(),
        "spdx_files" => files(report)?,
        "syft_artifacts" => inventory.components.len(),
        // Packages of data and of models are of other classes than `software_Package`.
        "spdx3_software_Package" => {
            let is_other = |kind: &str| matches!(kind, "file" | "data" | "machine-learning-model");
            let packages = inventory.components.iter().chain(&inventory.describes);
            packages.filter(|component| !is_other(&component.kind)).count()
        }
        // The described package is one of the packages. Files are listed only where there is no other package.
        "spdx_packages" => {
            let is_file = |component: &&Component| component.kind == "file" && component.version.is_none();
            inventory.components.iter().filter(|component| !is_file(component)).count()
                + inventory.describes.iter().len()
        }
        _ => return None,
    };
    Some(count.to_string())
}

/// Files: those that became components and those that were left out with their number in a warning.
fn files(report: &Report) -> Option<usize> {
    let left_out = report.warnings.iter().find(|warning| warning.message.starts_with("left out: files, because"));
    let left_out = left_out.and_then(|warning| warning.message.rsplit(' ').next()?.parse::<usize>().ok());
    let components = &report.inventory.as_ref()?.components;
    Some(left_out.unwrap_or_default() + components.iter().filter(|component| component.kind == "file").count())
}

/// The minimum elements of NTIA that a bill of materials lacks, where theirs is one of ours. They look at packages, of
/// which the described one is one of ours, and not at files.
fn quality(report: &Report, what: &str, theirs: &str) -> Option<String> {
    let inventory = report.inventory.as_ref().filter(|_| what == "ntia_missing")?;
    let packages = inventory.components.iter().filter(|component| component.kind != "file");
    let components = packages.chain(&inventory.describes).cloned().collect();
    let packages = Inventory { components, describes: None, ..inventory.clone() }.quality();
    let missing: Vec<_> = [
        ("component_name", packages.without_name > 0),
        ("component_version", packages.without_version > 0),
        ("supplier_name", packages.without_supplier > 0),
        ("dependency_relationships", !packages.has_dependencies),
        ("author_name", !packages.has_author),
        ("timestamp", !packages.has_timestamp),
    ]
    .into_iter()
    .filter(|(_, is_missing)| *is_missing)
    .map(|(element, _)| element)
    .collect();
    let is_same = missing.contains(&theirs) || (missing.is_empty() && theirs == "none");
    Some(if is_same { theirs.to_owned() } else { missing.join(", ") })
}

/// Runs, results and rules of SARIF. We keep results alone: findings, and in a warning how many were none.
fn results(report: &Report, what: &str, theirs: &str) -> Option<String> {
    let (runs, rest) = theirs.split_once('/').filter(|_| what == "sarif runs/results/rules")?;
    let (_, rules) = rest.split_once('/')?;
    let no_findings = report.warnings.iter().filter(|warning| warning.message.starts_with("not findings"));
    let no_findings = no_findings.filter_map(|warning| warning.message.rsplit(' ').next()?.parse::<usize>().ok());
    let results = report.findings.as_ref().map_or(0, Vec::len) + no_findings.sum::<usize>();
    Some(format!("{runs}/{results}/{rules}"))
}

/// What the validator of SARIF finds. Most of its rules are of style, which is nothing to us; where it finds nothing, we
/// must not either; nor where a schema is kept. That results are none, or that there are none, is no fault.
fn faults(report: &Report, what: &str, theirs: &str) -> Option<String> {
    if !matches!((what, theirs), ("validator_results", "{}") | ("schema_valid", "true")) {
        return None;
    }
    let is_fault = |message: &&str| {
        let no_fault = ["not findings", "no run has results", "the run is not over"];
        !no_fault.iter().any(|start| message.starts_with(start))
            && !message.ends_with("says nothing that a report holds")
    };
    let messages = report.warnings.iter().map(|warning| warning.message.as_str());
    let faults: Vec<_> = messages.filter(is_fault).collect();
    Some(if faults.is_empty() { theirs.to_owned() } else { faults.join("; ") })
}

fn controls(report: &Report, what: &str) -> Option<String> {
    let controls = &report.benchmark.as_ref()?.controls;
    let of = |status: ControlStatus| controls.iter().filter(|control| control.status == status).count();
    let (fail, warn) = (of(ControlStatus::Fail), of(ControlStatus::Warn));
    match what {
        "Totals" => Some(format!(
            r#"{{"total_pass": {}, "total_fail": {fail}, "total_warn": {warn}, "total_info": {}}}"#,
            of(ControlStatus::Pass),
            of(ControlStatus::Info)
        )),
        "total PASS/FAIL/WARN/INFO" => {
            Some(format!("{}/{fail}/{warn}/{}", of(ControlStatus::Pass), of(ControlStatus::Info)))
        }
        // Of a scanner that lists what passed, too, the findings are counted.
        "dd_findings_count" if report.findings.is_none() => Some((fail + warn).to_string()),
        _ => None,
    }
}

/// Results by the words of the Heimdall Data Format, and how many controls (rules) they are of. What could not be parsed
/// is an `error` in theirs and a warning in ours.
fn heimdall(report: &Report, what: &str, theirs: &str) -> Option<String> {
    let findings = || report.findings.iter().flatten();
    let controls = report.benchmark.as_ref().map(|benchmark| &benchmark.controls);
    if what == "hdf_controls" {
        let of_findings = findings().map(|finding| finding.rule.as_str());
        let of_controls = controls.into_iter().flatten().map(|control| control.id.as_str());
        return Some(of_findings.chain(of_controls).collect::<BTreeSet<_>>().len().to_string());
    }
    if what != "hdf_result_status" {
        return None;
    }
    let mut ours: BTreeMap<&str, u64> = BTreeMap::new();
    let mut count = |word| *ours.entry(word).or_default() += 1;
    for control in controls.into_iter().flatten() {
        match control.status {
            ControlStatus::Pass => count("passed"),
            ControlStatus::Fail => count("failed"),
            ControlStatus::Warn | ControlStatus::Info | ControlStatus::NotApplicable => count("skipped"),
        }
    }
    for finding in findings().filter(|_| controls.is_none()) {
        count(if finding.status == FindingStatus::Open { "failed" } else { "skipped" });
    }
    let mut expected: BTreeMap<&str, u64> = serde_json::from_str(theirs).ok()?;
    expected.remove("error");
    Some(if expected == ours { theirs.to_owned() } else { format!("{ours:?}") })
}

fn by_word(report: &Report, what: &str, theirs: &str) -> Option<String> {
    let kind = match what {
        "vulnerabilities by severity" => FindingKind::Vulnerability,
        "misconfigurations by status" => FindingKind::Misconfiguration,
        _ => return None,
    };
    let mut ours: BTreeMap<String, u64> = BTreeMap::new();
    for finding in report.findings.iter().flatten().filter(|finding| finding.kind == kind) {
        let word = if kind == FindingKind::Misconfiguration { "FAIL" } else { finding.severity_word.as_deref()? };
        *ours.entry(word.to_owned()).or_default() += 1;
    }
    let is_same = serde_json::from_str::<BTreeMap<String, u64>>(theirs).is_ok_and(|theirs| theirs == ours);
    Some(if is_same { theirs.to_owned() } else { format!("{ours:?}") })
}

fn findings(report: &Report, what: &str) -> Option<String> {
    let findings = report.findings.as_ref()?;
    matches!(what, "dd_findings_count" | "issues").then(|| findings.len().to_string())
}
