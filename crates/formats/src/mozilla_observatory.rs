//! Results of the HTTP Observatory of Mozilla: tests of the headers and cookies of a site, each passed or not.

use crate::json::{self, Entries, Said, or_empty, said};
use crate::{Format, Probe, ReadError};
use serde::Deserialize;
use serde_json::value::RawValue;
use shipworthy_model::{Benchmark, Control, ControlStatus, Phase, Report, Tool, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "mozilla-observatory",
    title: "Mozilla HTTP Observatory results",
    homepage: "https://github.com/mozilla/http-observatory/blob/master/httpobs/docs/api.md",
    phase: Phase::Deploy,
    tool: "mozilla-observatory",
    reads: "the tests of the API, and scan and tests together as its command line writes them",
    identifies: "",
    severities: "",
    marks: &["scan", "tests", "content-security-policy", "strict-transport-security"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_tests = |prefix: &str| {
        probe.has(&format!("{prefix}content-security-policy.score_modifier"))
            || probe.has(&format!("{prefix}strict-transport-security.score_modifier"))
            || probe.has(&format!("{prefix}x-frame-options.score_modifier"))
    };
    probe.object().is_some() && (is_tests("") || is_tests("tests."))
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct Whole<'a> {
    scan: Option<Scan<'a>>,
    tests: Option<Entries<'a, &'a RawValue>>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "a scan")]
struct Scan<'a> {
    grade: Said<'a>,
    score: Said<'a>,
    end_time: Said<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "a test")]
struct Test<'a> {
    pass: Option<bool>,
    score_description: Said<'a>,
    score_modifier: Option<i64>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let whole: Whole<'_> = json::document(bytes)?;
    let tests = match whole.tests {
        Some(tests) => tests,
        None => json::document(bytes)?,
    };
    let mut warnings: Vec<Warning> = Vec::new();
    let mut controls = Vec::new();
    for (name, raw) in &tests.0 {
        if let Some(test) = json::part::<Test<'_>>(raw, format_args!("/{}", &**name), &mut warnings) {
            controls.push(control(name, &test));
        }
    }
    let scan = whole.scan.unwrap_or_default();
    let grade =
        said(&scan.grade).map_or_else(String::new, |grade| format!(", grade {grade}, score {}", or_empty(&scan.score)));
    Ok(Report {
        tool: Some(Tool { name: "mozilla-observatory".to_owned(), version: None }),
        created_at: said(&scan.end_time).and_then(|end| crate::moment::stated(&end)),
        benchmark: Some(Benchmark { name: format!("mozilla-observatory{grade}"), target_version: None, controls }),
        warnings,
        ..Report::default()
    })
}

/// A test that does not change the score is no part of it.
fn control(name: &str, test: &Test<'_>) -> Control {
    Control {
        id: name.to_owned(),
        title: name.to_owned(),
        status: match test.pass {
            Some(true) => ControlStatus::Pass,
            Some(false) => ControlStatus::Fail,
            None => ControlStatus::Warn,
        },
        is_scored: test.score_modifier.is_some(),
        reason: said(&test.score_description),
        ..Control::default()
    }
}
