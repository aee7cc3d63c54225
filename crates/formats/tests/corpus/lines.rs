//! Documents of which the corpus keeps many to a file, one a line, some without what was around them.

use crate::documents::bytes;
use shipworthy_model::Report;
use std::collections::BTreeMap;

/// Path, what belongs before and after each line, its format.
const FILES: &[(&str, &str, &str, &str)] = &[
    ("ci-events/jenkins-api/jenkins_api_builds.jsonl", "", "", "jenkins-build"),
    ("ci-events/jenkins-api/jenkins_api_builds_multibranch.jsonl", "", "", "jenkins-build"),
    (
        "ci-events/github-api/github_api_pull_request_reviews.jsonl",
        "{\"pull_request\": {\"number\": 1}, \"reviews\": [",
        "]}",
        "github-pull-request",
    ),
    (
        "sonarqube/sonarqube-web-api/sonarqube_api_issues.jsonl",
        "{\"paging\": {\"total\": 1}, \"issues\": [",
        "]}",
        "sonarqube-issues",
    ),
    (
        "sonarqube/sonarqube-web-api/sonarqube_api_hotspots.jsonl",
        "{\"paging\": {\"total\": 1}, \"hotspots\": [",
        "]}",
        "sonarqube-issues",
    ),
    ("sonarqube/sonarqube-web-api/sonarqube_api_filemetrics.jsonl", "{\"component\": ", "}", "sonarqube-measures"),
    (
        "sonarqube/sonarqube-web-api/sonarqube_api_filemetrics_additional.jsonl",
        "{\"component\": ",
        "}",
        "sonarqube-measures",
    ),
];

#[test]
fn every_line_is_read_and_what_is_read_of_them_stays_the_same() {
    let mut counts: BTreeMap<&str, BTreeMap<String, usize>> = BTreeMap::new();
    for (path, before, after, format) in FILES {
        let text = String::from_utf8(bytes(path)).expect("it is UTF-8");
        let counts = counts.entry(path).or_default();
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            let reading = shipworthy_formats::read(format!("{before}{line}{after}").as_bytes(), None);
            let reading = reading.unwrap_or_else(|error| panic!("{path}: {error}"));
            assert_eq!(reading.format.name, *format, "{path}");
            for what in seen(&reading.report) {
                *counts.entry(what).or_default() += 1;
            }
        }
    }
    insta::assert_json_snapshot!(counts);
}

/// What is counted over the lines, in words without the content of the documents.
fn seen(report: &Report) -> Vec<String> {
    let mut seen = vec!["documents".to_owned()];
    for finding in report.findings.iter().flatten() {
        seen.push(format!("{} findings, {}, {}", finding.severity, finding.kind, finding.status));
    }
    if let Some(build) = &report.build {
        seen.push(format!("builds {}", build.result));
        seen.extend(build.commit.as_ref().map(|_| "builds with a commit".to_owned()));
        seen.extend(build.started_by.as_ref().map(|_| "builds started by somebody".to_owned()));
    }
    for review in report.review.iter().flat_map(|review| &review.reviews) {
        seen.push(format!("reviews {}", review.state));
    }
    seen.extend(report.measures.iter().flat_map(|measures| measures.metrics.keys()).map(|_| "metrics".to_owned()));
    seen.extend(report.subjects.iter().map(|_| "subjects".to_owned()));
    seen.extend(report.warnings.iter().map(|_| "warnings".to_owned()));
    seen
}
