//! Results of Cucumber as messages, one on each line. A scenario that was retried counts with its last attempt. What
//! makes a run of Cucumber fail although no step failed (undefined, ambiguous and pending steps) is a case in error.

use crate::cases::{Cases, Outcome, plausible, said};
use crate::json::{self, Text, stated};
use crate::{Format, Probe, ReadError, subjects};
use serde::Deserialize;
use shipworthy_model::{Phase, Report, Subject, Warning};
use std::collections::HashMap;

/// The messages: <https://github.com/cucumber/messages>.
pub(crate) static FORMAT: Format = Format {
    name: "cucumber-messages",
    title: "Cucumber messages",
    homepage: "https://github.com/cucumber/messages",
    phase: Phase::Build,
    tool: "cucumber",
    reads: "one JSON message a line, as Cucumber for the JVM, JavaScript and Ruby writes them, protocol 13 and later",
    identifies: "",
    severities: "",
    marks: &["meta"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.first_of_lines().is_some_and(|members| members.has_only("meta")) && probe.has("meta.protocolVersion")
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Message<'a> {
    #[serde(borrow)]
    meta: Option<Meta<'a>>,
    #[serde(borrow)]
    gherkin_document: Option<Gherkin<'a>>,
    #[serde(borrow)]
    pickle: Option<Pickle<'a>>,
    test_run_started: Option<Moment>,
    #[serde(borrow)]
    test_case: Option<TestCase<'a>>,
    #[serde(borrow)]
    test_case_started: Option<Started<'a>>,
    #[serde(borrow)]
    test_step_finished: Option<Step<'a>>,
    #[serde(borrow)]
    test_case_finished: Option<Finished<'a>>,
    #[serde(borrow)]
    test_run_hook_finished: Option<Hook<'a>>,
    #[serde(borrow)]
    test_run_finished: Option<RunFinished<'a>>,
}

#[derive(Deserialize)]
struct Meta<'a> {
    #[serde(borrow)]
    implementation: Option<Implementation<'a>>,
    #[serde(borrow)]
    ci: Option<Ci<'a>>,
}

#[derive(Deserialize)]
struct Implementation<'a> {
    #[serde(borrow)]
    version: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Ci<'a> {
    #[serde(borrow)]
    git: Option<Git<'a>>,
}

#[derive(Deserialize)]
struct Git<'a> {
    #[serde(borrow)]
    revision: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Gherkin<'a> {
    #[serde(borrow)]
    uri: Option<Text<'a>>,
    #[serde(borrow)]
    feature: Option<Feature<'a>>,
}

#[derive(Deserialize)]
struct Feature<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Pickle<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    uri: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TestCase<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    #[serde(borrow)]
    pickle_id: Text<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Started<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    #[serde(borrow)]
    test_case_id: Text<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Step<'a> {
    #[serde(borrow)]
    test_case_started_id: Text<'a>,
    #[serde(borrow)]
    test_step_result: StepResult<'a>,
}

#[derive(Deserialize)]
struct Hook<'a> {
    #[serde(borrow)]
    result: Option<StepResult<'a>>,
}

#[derive(Deserialize)]
struct StepResult<'a> {
    #[serde(borrow)]
    status: Text<'a>,
    #[serde(borrow)]
    message: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Finished<'a> {
    #[serde(borrow)]
    test_case_started_id: Text<'a>,
    #[serde(default)]
    will_be_retried: bool,
}

#[derive(Deserialize)]
struct Moment {
    timestamp: Option<Timestamp>,
}

#[derive(Deserialize)]
struct RunFinished<'a> {
    success: Option<bool>,
    timestamp: Option<Timestamp>,
    #[serde(borrow)]
    message: Option<Text<'a>>,
}

#[derive(Clone, Copy, Deserialize)]
struct Timestamp {
    seconds: f64,
    #[serde(default)]
    nanos: f64,
}

impl Timestamp {
    fn milliseconds(self) -> f64 {
        self.seconds * 1_000.0 + self.nanos / 1_000_000.0
    }
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut reader = Reader::default();
    for (index, raw) in json::values(bytes)?.into_iter().enumerate() {
        if let Some(message) = json::part(raw, format_args!("/{index}"), &mut reader.cases.warnings) {
            reader.message(message);
        }
    }
    Ok(reader.report())
}

#[derive(Default)]
struct Reader {
    cases: Cases,
    version: Option<String>,
    subjects: Vec<Subject>,
    /// The names of the features by their files.
    features: HashMap<String, String>,
    /// The file and the name of each scenario.
    pickles: HashMap<String, (String, String)>,
    /// The scenario of each case.
    test_cases: HashMap<String, String>,
    /// The attempts that run: their case, their outcome so far, what the worst step said.
    attempts: HashMap<String, (String, Option<Outcome>, Option<String>)>,
    started: Option<Timestamp>,
    has_ended: bool,
}

impl Reader {
    fn message(&mut self, message: Message) {
        if let Some(meta) = message.meta {
            self.meta(meta);
        }
        if let Some(Gherkin { uri: Some(uri), feature: Some(feature) }) = message.gherkin_document {
            self.features.insert(uri.to_string(), stated(feature.name.as_ref()).unwrap_or_default());
        }
        if let Some(Pickle { id, name, uri }) = message.pickle {
            let [uri, name] = [uri, name].map(|text| stated(text.as_ref()).unwrap_or_default());
            self.pickles.insert(id.to_string(), (uri, name));
        }
        if let Some(Moment { timestamp }) = message.test_run_started {
            self.started = timestamp;
        }
        if let Some(TestCase { id, pickle_id }) = message.test_case {
            self.test_cases.insert(id.to_string(), pickle_id.to_string());
        }
        if let Some(Started { id, test_case_id }) = message.test_case_started {
            self.attempts.insert(id.to_string(), (test_case_id.to_string(), None, None));
        }
        if let Some(step) = message.test_step_finished
            && let Some((_, outcome, said)) = self.attempts.get_mut(&*step.test_case_started_id)
        {
            worsen(outcome, said, &step.test_step_result);
        }
        if let Some(finished) = message.test_case_finished {
            self.finished(&finished);
        }
        if let Some(Hook { result: Some(result) }) = message.test_run_hook_finished {
            let (mut outcome, mut said) = (None, None);
            worsen(&mut outcome, &mut said, &result);
            if outcome >= Some(Outcome::Failed) {
                self.cases.count_outside("", "a hook of the run", said);
            }
        }
        if let Some(finished) = message.test_run_finished {
            self.run_finished(&finished);
        }
    }

    fn meta(&mut self, meta: Meta) {
        self.version = meta.implementation.and_then(|implementation| stated(implementation.version.as_ref()));
        let revision = meta.ci.and_then(|ci| ci.git).and_then(|git| stated(git.revision.as_ref()));
        let commit = revision.map(|revision| Subject::commit(&revision));
        let warnings: &mut Vec<Warning> = &mut self.cases.warnings;
        let commit = commit.and_then(|commit| subjects::usable(commit, "/0/meta/ci/git/revision", warnings));
        self.subjects.extend(commit);
    }

    fn finished(&mut self, finished: &Finished) {
        let attempt = self.attempts.remove(&*finished.test_case_started_id);
        let Some((test_case, outcome, message)) = attempt.filter(|_| !finished.will_be_retried) else { return };
        let (suite, name) = self.named(&test_case);
        // A scenario without steps did nothing, which Cucumber calls skipped.
        self.cases.count(outcome.unwrap_or(Outcome::Skipped), &suite, &name, message);
    }

    /// The feature and the name of a case.
    fn named(&self, test_case: &str) -> (String, String) {
        let pickle = self.test_cases.get(test_case).and_then(|pickle| self.pickles.get(pickle));
        let Some((uri, name)) = pickle else { return (String::new(), test_case.to_owned()) };
        let feature = self.features.get(uri).filter(|feature| !feature.is_empty()).unwrap_or(uri);
        (feature.clone(), name.clone())
    }

    fn run_finished(&mut self, finished: &RunFinished) {
        self.has_ended = true;
        let ended = self.started.zip(finished.timestamp);
        let milliseconds = ended.map(|(started, ended)| ended.milliseconds() - started.milliseconds());
        self.cases.took(milliseconds.and_then(|milliseconds| plausible(milliseconds / 1_000.0)));
        if finished.success == Some(false) && self.cases.broken() == 0 {
            let message = finished.message.as_deref().and_then(said);
            self.cases.count_outside("", "the run itself", message);
        }
    }

    fn report(mut self) -> Report {
        let mut unfinished: Vec<_> = std::mem::take(&mut self.attempts).into_values().collect();
        unfinished.sort_unstable();
        for (test_case, _, message) in unfinished {
            let (suite, name) = self.named(&test_case);
            let message = message.or_else(|| Some("the scenario began and did not end".to_owned()));
            self.cases.count(Outcome::Errored, &suite, &name, message);
        }
        if !self.has_ended {
            self.cases.warn("the last message", "expected `testRunFinished`, found the end of the document");
        }
        let created_at = self.started.and_then(|started| crate::cases::instant_of_milliseconds(started.milliseconds()));
        Report { created_at, subjects: self.subjects, ..self.cases.into_report("cucumber", self.version) }
    }
}

/// Adds the result of a step to the outcome of what it is a step of. Steps after a failure are skipped and say nothing.
fn worsen(outcome: &mut Option<Outcome>, message: &mut Option<String>, result: &StepResult) {
    let of_step = match &*result.status {
        "PASSED" => Outcome::Passed,
        "SKIPPED" => Outcome::Skipped,
        "FAILED" => Outcome::Failed,
        _ => Outcome::Errored,
    };
    if Some(of_step) > *outcome {
        *outcome = Some(of_step);
        if of_step >= Outcome::Failed {
            let word = || format!("a step is {}", result.status.to_lowercase());
            *message = result.message.as_deref().and_then(said).or_else(|| Some(word()));
        }
    }
}
