//! What we count in a document against what others counted in it.

use crate::documents::{bytes, expectations, of_our_formats};
use crate::exceptions::EXCEPTIONS;
use shipworthy_model::{Component, ControlStatus, Counter, FindingKind, Inventory, Report};
use std::collections::{BTreeMap, BTreeSet};

#[test]
fn our_counts_are_those_of_others_but_for_the_listed_exceptions() {
    let formats: BTreeMap<String, &str> = of_our_formats().into_iter().collect();
    let mut compared = 0;
    let mut differences = Vec::new();
    let mut excepted = BTreeSet::new();
    for expectation in expectations() {
        let Some(format) = formats.get(&expectation.path) else { continue };
        let report = match shipworthy_formats::read(&bytes(&expectation.path), Some(format)) {
            Ok(reading) => reading.report,
            Err(error) => panic!("{}: {error}", expectation.path),
        };
        let Some(ours) = count(&report, &expectation.what, &expectation.value) else { continue };
        compared += 1;
        if ours == expectation.value {
            continue;
        }
        let known = EXCEPTIONS.iter().position(|(path, what, value, _)| {
            *path == expectation.path && *what == expectation.what && *value == ours
        });
        match known {
            Some(position) => drop(excepted.insert(position)),
            None => differences.push(format!(
                "{} | {} | ours {ours} | theirs {} | {}",
                expectation.path, expectation.what, expectation.value, expectation.source
            )),
        }
    }
    assert!(differences.is_empty(), "{} differences\n{}", differences.len(), differences.join("\n"));
    let exceptions = EXCEPTIONS.iter().enumerate();
    let stale: Vec<_> = exceptions.filter(|(position, _)| !excepted.contains(position)).collect();
    assert!(stale.is_empty(), "exceptions without a difference: {stale:?}");
    assert!(compared > 400, "only {compared} counts were compared");
}

/// Our value for what the expectations call `what`; nothing for what we do not count. A value of theirs that is a map is
/// written in the order of the document, which says nothing, so it is given back where ours means the same.
fn count(report: &Report, what: &str, theirs: &str) -> Option<String> {
    tests(report, what)
        .or_else(|| coverage(report, what))
        .or_else(|| inventory(report, what))
        .or_else(|| controls(report, what))
        .or_else(|| results(report, what, theirs))
        .or_else(|| by_word(report, what, theirs))
        .or_else(|| findings(report, what))
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
        "root@lines-covered" | "lines_covered(by file+number)" => Some(coverage.lines?.covered.to_string()),
        "root@lines-valid" | "lines_total(by file+number)" => Some(coverage.lines?.total.to_string()),
        _ => None,
    }
}

fn inventory(report: &Report, what: &str) -> Option<String> {
    let empty = Inventory::default();
    let inventory = report.inventory.as_ref().unwrap_or(&empty);
    let count = match what {
        "cdx_components_all_nested" => inventory.components.len(),
        "cdx_dependencies" => inventory.dependencies.len(),
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

/// Runs, results and rules of SARIF. We keep results alone: findings, and in a warning how many were none.
fn results(report: &Report, what: &str, theirs: &str) -> Option<String> {
    let (runs, rest) = theirs.split_once('/').filter(|_| what == "sarif runs/results/rules")?;
    let (_, rules) = rest.split_once('/')?;
    let no_findings = report.warnings.iter().filter(|warning| warning.message.starts_with("not findings"));
    let no_findings = no_findings.filter_map(|warning| warning.message.rsplit(' ').next()?.parse::<usize>().ok());
    let results = report.findings.as_ref().map_or(0, Vec::len) + no_findings.sum::<usize>();
    Some(format!("{runs}/{results}/{rules}"))
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
        "dd_findings_count" => Some((fail + warn).to_string()),
        _ => None,
    }
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
    // The expectations of DefectDojo's tests may name the mode in which it read.
    let what = what.strip_suffix(" (mode=detailed)").unwrap_or(what);
    if what == "dd_findings_count" {
        return Some(findings.len().to_string());
    }
    let (index, field) = what.strip_prefix("finding[")?.split_once("].")?;
    let finding = findings.get(index.parse::<usize>().ok()?)?;
    match field {
        "severity" => {
            let severity = finding.severity.as_str();
            Some(format!("{}{}", severity[..1].to_uppercase(), &severity[1..]))
        }
        _ => None,
    }
}
