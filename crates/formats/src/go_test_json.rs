//! What `go test -json` prints: an event on each line. A test with subtests is a case beside them, as Go counts it. What
//! else a program printed between the events is passed over with a warning.

use crate::cases::{Cases, Outcome, instant, plausible, said};
use crate::json::{Text, stated};
use crate::{Format, Probe, ReadError};
use serde::Deserialize;
use shipworthy_model::{Phase, Report};
use std::collections::{BTreeMap, HashMap, HashSet};

/// The events: <https://pkg.go.dev/cmd/test2json>.
pub(crate) static FORMAT: Format = Format {
    name: "go-test-json",
    title: "Go test events (go test -json)",
    homepage: "https://pkg.go.dev/cmd/test2json",
    phase: Phase::Build,
    tool: "go-test",
    reads: "events of `go test -json` and `test2json`, one JSON object a line, with build events since Go 1.24",
    identifies: "",
    severities: "",
    marks: &["Action", "Package", "Test"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    const ACTIONS: &[&str] = &[
        "start",
        "run",
        "pause",
        "cont",
        "pass",
        "bench",
        "fail",
        "output",
        "skip",
        "attr",
        "artifacts",
        "build-output",
        "build-fail",
    ];
    probe.first_of_lines().is_some_and(|members| {
        members.value("Action").is_some_and(|action| ACTIONS.contains(&action))
            && (members.has("Package") || members.has("Test") || members.has("ImportPath"))
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Event<'a> {
    #[serde(borrow)]
    time: Option<Text<'a>>,
    #[serde(borrow)]
    action: Text<'a>,
    #[serde(borrow)]
    package: Option<Text<'a>>,
    #[serde(borrow)]
    import_path: Option<Text<'a>>,
    #[serde(borrow)]
    test: Option<Text<'a>>,
    #[serde(borrow)]
    output: Option<Text<'a>>,
    #[serde(borrow)]
    failed_build: Option<Text<'a>>,
    elapsed: Option<f64>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut reader = Reader::default();
    let (mut events, mut others) = (0, 0_u64);
    for line in bytes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty()) {
        match serde_json::from_slice::<Event>(line) {
            Ok(event) => {
                events += 1;
                reader.event(&event);
            }
            Err(_) => others += 1,
        }
    }
    if events == 0 {
        return Err(ReadError::lacks("stream of Go test events", "its lines", "expected an event, found none"));
    }
    if others > 0 {
        reader.cases.warn("the lines between the events", format!("left out: {others} lines that are no events"));
    }
    Ok(reader.report())
}

#[derive(Default)]
struct Reader {
    cases: Cases,
    started_at: Option<String>,
    /// The tests that run, by package and name, with the first line that they printed.
    running: BTreeMap<(String, String), Option<String>>,
    /// The tests that have passed, whose subtests need not say so: <https://github.com/golang/go/issues/40771>.
    passed: HashSet<(String, String)>,
    packages: HashMap<String, Package>,
    /// What the compiler said, by the name of what it built.
    builds: HashMap<String, String>,
}

#[derive(Default)]
struct Package {
    has_broken_tests: bool,
    has_ended: bool,
    output: Option<String>,
}

impl Reader {
    fn event(&mut self, event: &Event) {
        if self.started_at.is_none() {
            self.started_at = event.time.as_deref().and_then(instant);
        }
        let package = stated(event.package.as_ref()).unwrap_or_default();
        let Some(test) = stated(event.test.as_ref()) else {
            self.package_event(package, event);
            return;
        };
        let key = (package, test);
        match &*event.action {
            "run" | "start" => drop(self.running.insert(key, None)),
            "output" => {
                let line = event.output.as_deref().unwrap_or_default();
                let first = self.running.entry(key).or_default();
                if first.is_none() && !is_frame(line) {
                    *first = said(line);
                }
            }
            "pass" => self.end(key, Outcome::Passed),
            "fail" => self.end(key, Outcome::Failed),
            "skip" => self.end(key, Outcome::Skipped),
            _ => {}
        }
    }

    fn end(&mut self, key: (String, String), outcome: Outcome) {
        let message = self.running.remove(&key).flatten();
        self.cases.count(outcome, &key.0, &key.1, message);
        if outcome >= Outcome::Failed {
            self.packages.entry(key.0).or_default().has_broken_tests = true;
        } else if outcome == Outcome::Passed {
            self.passed.insert(key);
        }
    }

    fn package_event(&mut self, name: String, event: &Event) {
        let output = event.output.as_deref().unwrap_or_default();
        if let Some(built) = stated(event.import_path.as_ref()) {
            // The first line names what is built and not what is wrong with it.
            if &*event.action == "build-output" && !output.starts_with('#') {
                self.builds.entry(built).or_insert_with(|| output.trim().to_owned());
            }
            return;
        }
        match &*event.action {
            "output" if !is_frame(output) => {
                let package = self.packages.entry(name).or_default();
                package.output = package.output.take().or_else(|| said(output));
            }
            "pass" | "skip" | "fail" => {
                self.cases.took(event.elapsed.and_then(plausible));
                self.end_of_package(name, event);
            }
            _ => {}
        }
    }

    /// A package whose tests did not run, or that failed although no test of it did, is a case in error itself.
    fn end_of_package(&mut self, name: String, event: &Event) {
        let has_failed = &*event.action == "fail";
        self.end_unfinished(Some(&name));
        let package = self.packages.entry(name.clone()).or_default();
        package.has_ended = true;
        if has_failed && !package.has_broken_tests {
            let of_build = stated(event.failed_build.as_ref()).and_then(|built| self.builds.get(&built).cloned());
            let message = of_build.or(package.output.take());
            self.cases.count_outside(&name, "the package itself", message);
        }
    }

    /// Ends the tests that have begun and said nothing of their end, of one package or of all.
    fn end_unfinished(&mut self, of: Option<&str>) {
        let is_of = |(package, _): &(String, String)| of.is_none_or(|of| of == package);
        let keys: Vec<_> = match of {
            // They are sorted by package, so that those of one need not be looked for among all.
            Some(of) => {
                let from = (of.to_owned(), String::new());
                self.running.range(from..).map(|(key, _)| key.clone()).take_while(is_of).collect()
            }
            None => self.running.keys().cloned().collect(),
        };
        for key in keys {
            let root = key.1.split('/').next().unwrap_or_default().to_owned();
            let is_subtest = root.len() < key.1.len();
            if is_subtest && self.passed.contains(&(key.0.clone(), root)) {
                self.end(key, Outcome::Passed);
                continue;
            }
            let message = self.running.remove(&key).flatten();
            let message = message.or_else(|| Some("the test began and did not end".to_owned()));
            self.cases.count(Outcome::Errored, &key.0, &key.1, message);
            self.packages.entry(key.0).or_default().has_broken_tests = true;
        }
    }

    fn report(mut self) -> Report {
        self.end_unfinished(None);
        Report { created_at: self.started_at, ..self.cases.into_report("go-test", None) }
    }
}

/// Whether a line is what `go test` itself prints around a test.
fn is_frame(line: &str) -> bool {
    let line = line.trim();
    let starts = ["=== ", "--- ", "FAIL", "PASS", "ok  \t", "?   \t", "coverage: ", "exit status "];
    line.is_empty() || starts.iter().any(|start| line.starts_with(start))
}
