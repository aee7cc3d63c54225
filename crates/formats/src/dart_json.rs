//! What `dart test` and `flutter test` print as JSON: an event on each line.

use crate::cases::{Cases, Outcome, plausible, said};
use crate::json::{self, Text, stated};
use crate::{Format, Probe, ReadError};
use serde::Deserialize;
use shipworthy_model::{Phase, Report};
use std::collections::HashMap;

/// The events: <https://github.com/dart-lang/test/blob/master/pkgs/test/doc/json_reporter.md>.
pub(crate) static FORMAT: Format = Format {
    name: "dart-json",
    title: "Dart test events",
    homepage: "https://github.com/dart-lang/test/blob/master/pkgs/test/doc/json_reporter.md",
    phase: Phase::Build,
    tool: "dart-test",
    reads: "events of `dart test --reporter json` and `flutter test --machine`, protocol 0.1",
    identifies: "",
    severities: "",
    marks: &["protocolVersion", "runnerVersion", "type"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.first_of_lines().is_some_and(|members| {
        members.value("type") == Some("start") && members.has_all(&["protocolVersion", "runnerVersion"])
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Event<'a> {
    #[serde(borrow, rename = "type")]
    kind: Text<'a>,
    time: Option<f64>,
    #[serde(borrow)]
    runner_version: Option<Text<'a>>,
    #[serde(borrow)]
    suite: Option<Suite<'a>>,
    #[serde(borrow)]
    test: Option<Test<'a>>,
    #[serde(rename = "testID")]
    test_id: Option<i64>,
    #[serde(borrow)]
    result: Option<Text<'a>>,
    #[serde(default)]
    skipped: bool,
    #[serde(default)]
    hidden: bool,
    #[serde(borrow)]
    error: Option<Text<'a>>,
    success: Option<bool>,
}

#[derive(Deserialize)]
struct Suite<'a> {
    id: i64,
    #[serde(borrow)]
    path: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Test<'a> {
    id: i64,
    #[serde(borrow)]
    name: Text<'a>,
    #[serde(rename = "suiteID")]
    suite_id: Option<i64>,
}

#[derive(Default)]
struct Reader {
    cases: Cases,
    version: Option<String>,
    suites: HashMap<i64, String>,
    /// The tests that run: their suite, their name and their first error.
    running: HashMap<i64, (String, String, Option<String>)>,
    has_ended: Option<Option<bool>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut reader = Reader::default();
    for (index, raw) in json::values(bytes)?.into_iter().enumerate() {
        // Flutter puts events of its own between, as lists.
        if raw.get().starts_with('{')
            && let Some(event) = json::part(raw, format_args!("/{index}"), &mut reader.cases.warnings)
        {
            reader.event(event);
        }
    }
    Ok(reader.report())
}

impl Reader {
    fn event(&mut self, event: Event) {
        match &*event.kind {
            "start" => self.version = stated(event.runner_version.as_ref()),
            "suite" => {
                if let Some(suite) = event.suite {
                    self.suites.insert(suite.id, stated(suite.path.as_ref()).unwrap_or_default());
                }
            }
            "testStart" => {
                if let Some(test) = event.test {
                    let suite = test.suite_id.and_then(|id| self.suites.get(&id)).cloned().unwrap_or_default();
                    self.running.insert(test.id, (suite, test.name.to_string(), None));
                }
            }
            "error" => {
                if let Some((.., message)) = event.test_id.and_then(|id| self.running.get_mut(&id)) {
                    *message = message.take().or_else(|| event.error.as_deref().and_then(said));
                }
            }
            "testDone" => self.done(&event),
            "done" => {
                self.cases.took(event.time.and_then(|milliseconds| plausible(milliseconds / 1_000.0)));
                self.has_ended = Some(event.success);
            }
            _ => {}
        }
    }

    /// Counts a test. Hidden ones, such as the loading of a file, are no tests as long as they succeed.
    fn done(&mut self, event: &Event) {
        let Some((suite, name, message)) = event.test_id.and_then(|id| self.running.remove(&id)) else { return };
        let outcome = match event.result.as_deref() {
            Some("success") if event.hidden => return,
            Some("success") if event.skipped => Outcome::Skipped,
            Some("success") => Outcome::Passed,
            Some("failure") => Outcome::Failed,
            _ => Outcome::Errored,
        };
        self.cases.count(outcome, &suite, &name, message);
    }

    fn report(self) -> Report {
        let Self { mut cases, version, running, has_ended, .. } = self;
        let mut running: Vec<_> = running.into_iter().collect();
        running.sort_unstable();
        for (_, (suite, name, message)) in running {
            let message = message.or_else(|| Some("the test began and did not end".to_owned()));
            cases.count(Outcome::Errored, &suite, &name, message);
        }
        // Absent is `null`, for a run that was ended early.
        if has_ended.is_none_or(|success| success != Some(true)) && cases.broken() == 0 {
            cases.warn("the last event", "expected the run to end with success; counted as one case in error");
            cases.count_outside("", "the run itself", None);
        }
        cases.into_report("dart-test", version)
    }
}
