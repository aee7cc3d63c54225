//! What we count in a document against what others counted in it.

use crate::documents::{bytes, expectations, of_our_formats};
use crate::exceptions::EXCEPTIONS;
use shipworthy_model::{Counter, Report};
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
        let Some(ours) = count(&report, &expectation.what) else { continue };
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

/// Our value for what the expectations call `what`; nothing for what we do not count.
fn count(report: &Report, what: &str) -> Option<String> {
    tests(report, what).or_else(|| coverage(report, what)).or_else(|| findings(report, what))
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
