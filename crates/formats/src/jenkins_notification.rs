//! What the Notification plug-in of Jenkins sends at each phase of a build.

use crate::address::without_credentials;
use crate::jenkins::{self, branch_name, duration_seconds, started_at};
use crate::json::{self, Odd, Text, stated};
use crate::{Format, Probe, ReadError};
use serde::Deserialize;
use shipworthy_model::{Build, Phase, Report, TestFailure, Tests, Tool};

pub(crate) static FORMAT: Format = Format {
    name: "jenkins-notification",
    title: "Jenkins Notification plug-in",
    homepage: "https://plugins.jenkins.io/notification/",
    phase: Phase::Build,
    tool: "jenkins",
    reads: "the JSON that the plug-in sends in the phases QUEUED, STARTED, COMPLETED and FINALIZED, version 1.0 and later",
    identifies: "",
    severities: "",
    marks: &["display_name", "build"],
    recognises: |probe: &Probe| {
        probe.object().is_some_and(|members| members.has_all(&["name", "url", "build"]))
            && probe.has_all(&["build.number", "build.phase"])
    },
    read,
};

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    url: Option<Text<'a>>,
    #[serde(borrow)]
    build: Sent<'a>,
}

#[derive(Deserialize)]
#[serde(expecting = "a build")]
struct Sent<'a> {
    #[serde(borrow)]
    full_url: Option<Text<'a>>,
    number: u64,
    timestamp: Option<i64>,
    duration: Option<f64>,
    #[serde(borrow)]
    phase: Option<Text<'a>>,
    #[serde(borrow)]
    status: Option<Text<'a>>,
    #[serde(borrow, default)]
    scm: Odd<Scm<'a>>,
    #[serde(borrow, default)]
    test_summary: Odd<Option<Summary<'a>>>,
}

#[derive(Default, Deserialize)]
struct Scm<'a> {
    #[serde(borrow)]
    url: Option<Text<'a>>,
    #[serde(borrow)]
    branch: Option<Text<'a>>,
    #[serde(borrow)]
    commit: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Summary<'a> {
    total: u64,
    #[serde(default)]
    failed: u64,
    #[serde(default)]
    passed: u64,
    #[serde(default)]
    skipped: u64,
    #[serde(borrow, default)]
    failed_tests: Odd<Vec<Failed<'a>>>,
}

#[derive(Deserialize)]
struct Failed<'a> {
    #[serde(borrow)]
    suite: Option<Text<'a>>,
    #[serde(borrow)]
    name: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let mut warnings = Vec::new();
    let sent = &document.build;
    let empty = Scm::default();
    let scm = sent.scm.get("/build/scm", &mut warnings).unwrap_or(&empty);
    let is_over = matches!(sent.phase.as_deref(), Some("COMPLETED" | "FINALIZED"));
    let result = match sent.status.as_deref().filter(|_| is_over) {
        Some(word) => jenkins::result_or_failed(word, "/build/status", &mut warnings),
        None => "running",
    };
    let address = stated(sent.full_url.as_ref());
    let of_job = stated(document.url.as_ref()).and_then(|url| jenkins::job_at(&format!("/{url}")));
    let job = address.as_deref().and_then(jenkins::job_at).or(of_job).or_else(|| stated(document.name.as_ref()));
    let build = Build {
        system: "jenkins".to_owned(),
        job: job.unwrap_or_default(),
        number: sent.number.to_string(),
        url: address.map(|url| without_credentials(&url)),
        result: result.to_owned(),
        started_by: None,
        started_at: started_at(sent.timestamp, &mut warnings),
        duration_seconds: duration_seconds(sent.duration, &mut warnings),
        repository: stated(scm.url.as_ref()).map(|url| without_credentials(&url)),
        commit: stated(scm.commit.as_ref()),
        branch: stated(scm.branch.as_ref()).and_then(branch_name),
    };
    let tests = sent.test_summary.get("/build/test_summary", &mut warnings).and_then(Option::as_ref).map(tests);
    Ok(Report {
        tool: Some(Tool { name: "jenkins".to_owned(), version: None }),
        created_at: build.started_at.clone(),
        subjects: jenkins::subjects(&build, &mut warnings),
        build: Some(build),
        tests,
        warnings,
        ..Report::default()
    })
}

fn tests(summary: &Summary<'_>) -> Tests {
    let failure = |failed: &Failed<'_>| TestFailure {
        suite: stated(failed.suite.as_ref()).unwrap_or_default(),
        name: stated(failed.name.as_ref()).unwrap_or_default(),
        message: None,
    };
    Tests {
        total: summary.total,
        passed: summary.passed,
        failed: summary.failed,
        skipped: summary.skipped,
        failures: summary.failed_tests.0.iter().flatten().map(failure).collect(),
        ..Tests::default()
    }
}
