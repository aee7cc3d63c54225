//! Test results as Jenkins tells of them: the answer of `<job>/<number>/testReport/api/json`.

use crate::json::{self, At, List, Odd, Text, stated};
use crate::{Format, Probe, ReadError, text};
use serde::Deserialize;
use serde_json::value::RawValue;
use shipworthy_model::{Phase, Report, TestFailure, Tests, Tool, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "jenkins-test-report",
    title: "Jenkins test report",
    homepage: "https://plugins.jenkins.io/junit/",
    phase: Phase::Build,
    tool: "jenkins",
    reads: "the answer of `testReport/api/json` with its cases or with its numbers alone, and that of matrix and aggregated jobs",
    identifies: "",
    severities: "",
    marks: &["_class", "failCount", "passCount", "skipCount", "childReports"],
    recognises: |probe: &Probe| {
        probe.object().is_some_and(|members| {
            let has_cases = members.has("passCount") || members.has("suites");
            members.has_all(&["failCount", "skipCount"])
                && (has_cases || members.has_all(&["totalCount", "childReports"]))
        })
    },
    read,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer<'a> {
    fail_count: Option<u64>,
    pass_count: Option<u64>,
    skip_count: Option<u64>,
    total_count: Option<u64>,
    duration: Option<f64>,
    #[serde(borrow, default)]
    suites: List<'a>,
    #[serde(borrow, default)]
    child_reports: List<'a>,
}

#[derive(Deserialize)]
struct Child<'a> {
    #[serde(borrow)]
    result: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Suite<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow, default)]
    cases: List<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Case<'a> {
    #[serde(borrow)]
    class_name: Option<Text<'a>>,
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    status: Option<Text<'a>>,
    #[serde(borrow, default)]
    error_details: Odd<Option<Text<'a>>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let answer: Answer<'_> = json::document(bytes)?;
    let tool = Tool { name: "jenkins".to_owned(), version: None };
    let mut report = Report { tool: Some(tool), ..Report::default() };
    let mut tests = Tests::default();
    answer.add_to(&mut tests, &At::Root, &mut report.warnings);
    if tests.total == 0 && answer.total().is_some_and(|total| total > 0) {
        // A cheap answer, asked for without its cases.
        tests = answer.counted();
    }
    tests.duration_seconds = tests.duration_seconds.or(answer.duration).filter(|duration| *duration >= 0.0);
    let total = answer.total().unwrap_or(tests.total);
    if total != tests.total {
        let message = format!("the answer states {total} cases, counted were {}", tests.total);
        report.warnings.push(Warning { at: String::new(), message });
    }
    report.tests = Some(tests);
    Ok(report)
}

impl Answer<'_> {
    fn total(&self) -> Option<u64> {
        let counted =
            || self.pass_count?.checked_add(self.fail_count?)?.checked_add(self.skip_count.unwrap_or_default());
        self.total_count.or_else(counted)
    }

    /// The numbers that are stated.
    fn counted(&self) -> Tests {
        let (failed, skipped) = (self.fail_count.unwrap_or_default(), self.skip_count.unwrap_or_default());
        let total = self.total().unwrap_or_default();
        let passed = total.saturating_sub(failed).saturating_sub(skipped);
        Tests { total, passed, failed, skipped, ..Tests::default() }
    }

    /// Counts the cases of this answer and of those in it.
    fn add_to(&self, tests: &mut Tests, at: &At<'_>, warnings: &mut Vec<Warning>) {
        let at_suites = at.key("suites");
        for (index, suite) in json::parts::<Suite<'_>>(&self.suites, at_suites, warnings) {
            let at = at_suites.index(index);
            let cases = json::parts::<Case<'_>>(&suite.cases, at.key("cases"), warnings);
            tests.suites += u64::from(!cases.is_empty());
            for (_, case) in &cases {
                count(case, &suite, tests);
            }
        }
        let at_children = at.key("childReports");
        for (index, child) in json::parts::<Child<'_>>(&self.child_reports, at_children, warnings) {
            let at = at_children.index(index);
            let Some(raw) = child.result else { continue };
            if let Some(answer) = json::part::<Answer<'_>>(raw, at.key("result"), warnings) {
                answer.add_to(tests, &at.key("result"), warnings);
                let duration = answer.duration.filter(|duration| *duration >= 0.0);
                tests.duration_seconds =
                    duration.map(|seconds| seconds + tests.duration_seconds.unwrap_or(0.0)).or(tests.duration_seconds);
            }
        }
    }
}

/// `FIXED` passed and did not before, `REGRESSION` failed and did not before.
fn count(case: &Case<'_>, suite: &Suite<'_>, tests: &mut Tests) {
    tests.total += 1;
    match case.status.as_deref().unwrap_or_default() {
        "PASSED" | "FIXED" => tests.passed += 1,
        "SKIPPED" => tests.skipped += 1,
        _ => {
            tests.failed += 1;
            let details = case.error_details.0.as_ref().ok().and_then(Option::as_ref);
            tests.failures.push(TestFailure {
                suite: stated(case.class_name.as_ref()).or_else(|| stated(suite.name.as_ref())).unwrap_or_default(),
                name: stated(case.name.as_ref()).unwrap_or_default(),
                message: details.and_then(|details| text::title(details)),
            });
        }
    }
}
