//! Events of continuous delivery (CDEvents), bare or in a structured CloudEvent: runs become builds and tests, services
//! become deployments, approvals are approvals; of the others the artifact or the commit that they name is kept.

use crate::json::Object;
use crate::text::capped;
use crate::{Format, Probe, ReadError, build_run, purl, subjects};
use shipworthy_model::{Build, Phase, Report, ReportedApproval, ReportedDeployment, Subject, TestFailure, Tests, Tool};

pub(crate) static FORMAT: Format = Format {
    name: "cdevents",
    title: "CDEvents event",
    homepage: "https://cdevents.dev/docs/spec",
    phase: Phase::Build,
    tool: "cdevents",
    reads: "one event of the versions 0.1 to 0.6, bare or as `data` of a structured CloudEvent",
    identifies: "",
    severities: "",
    marks: &["context", "subject", "customData", "customDataContentType"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_event = |of: &str| {
        let kind = probe.value(&format!("{of}context.type")).unwrap_or_default();
        (kind.starts_with("dev.cdevents.") || kind.starts_with("dev.cdeventsx.")) && probe.has(&format!("{of}subject"))
    };
    probe.object().is_some() && (is_event("") || is_event("data."))
}

/// An event: what it is about, what happened to it, and what is said of that.
struct Event<'a> {
    subject: String,
    predicate: String,
    id: Option<String>,
    at: Option<String>,
    version: Option<String>,
    about: Object<'a>,
}

impl Event<'_> {
    fn text(&self, path: &str) -> Option<String> {
        self.about.text(&format!("content.{path}"))
    }

    /// The artifact that it names, as a package URL.
    fn artifact(&self) -> Option<String> {
        let id = if self.subject == "artifact" { self.id.clone() } else { self.text("artifactId") };
        id.filter(|id| id.starts_with("pkg:"))
    }
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let root = Object::document(bytes)?;
    let event = event(&root)?;
    let mut report = Report { subjects: about(&event), ..Report::default() };
    match event.subject.as_str() {
        "pipelinerun" | "taskrun" | "build" => {
            let build = build(&event);
            report = build_run::report(&event.about, build, event.id.as_deref());
            for subject in about(&event) {
                subjects::add(&mut report.subjects, subject);
            }
        }
        "testcaserun" | "testsuiterun" => report.tests = tests(&event),
        "service" | "incident" => report.deployments = vec![deployment(&event)],
        "approval" => report.approvals = vec![approval(&event)],
        _ if report.subjects.is_empty() => {
            let kind = format!("{}.{}", event.subject, event.predicate);
            event.about.warn("", format!("the event `{kind}` says nothing that a report holds"));
        }
        _ => {}
    }
    report.tool = Some(Tool { name: "cdevents".to_owned(), version: event.version });
    report.created_at = event.at;
    report.warnings = root.warnings();
    Ok(report)
}

fn event<'a>(root: &Object<'a>) -> Result<Event<'a>, ReadError> {
    let event = if root.has("context") { root.clone() } else { root.object("data").unwrap_or_else(|| root.clone()) };
    let lacks = |at: &str, what: &str| ReadError::lacks("event of CDEvents", &event.at(at), format!("expected {what}"));
    let kind = event.text("context.type").ok_or_else(|| lacks("context.type", "the type of the event"))?;
    let about = event.object("subject").ok_or_else(|| lacks("subject", "the subject of the event"))?;
    // dev.cdevents.<subject>.<predicate>.<version>
    let mut words = kind.split('.').skip(2);
    let (Some(subject), Some(predicate)) = (words.next(), words.next()) else {
        return Err(lacks("context.type", "`dev.cdevents.<subject>.<predicate>.<version>`"));
    };
    Ok(Event {
        subject: subject.to_owned(),
        predicate: predicate.to_owned(),
        id: about.text("id"),
        at: event.instant("context.timestamp"),
        version: event.first_text(&["context.specversion", "context.version"]),
        about,
    })
}

/// The image by its digest, and the commit of a change.
fn about(event: &Event<'_>) -> Vec<Subject> {
    let mut found = Vec::new();
    if let Some(digest) = event.artifact().as_deref().and_then(purl::digest) {
        subjects::add_artifact(&mut found, &digest);
    }
    let change = if event.subject == "change" { event.id.clone() } else { event.text("change.id") };
    if let Some(Ok(commit)) = change.as_deref().map(Subject::commit) {
        subjects::add(&mut found, commit);
    }
    found
}

fn build(event: &Event<'_>) -> Build {
    let outcome = event.text("outcome");
    let result = match (event.predicate.as_str(), outcome.as_deref()) {
        ("queued" | "started", _) => "running",
        (_, Some("success")) => "succeeded",
        (_, Some("failure" | "error")) => "failed",
        (_, Some("cancel" | "cancelled" | "canceled")) => "cancelled",
        // A build tells no outcome; the artifact that it made is one.
        (_, None) if event.subject == "build" && event.artifact().is_some() => "succeeded",
        (_, other) => {
            let found = other.unwrap_or("nothing");
            event.about.warn("content.outcome", format!("expected an outcome, found `{found}`: taken for failed"));
            "failed"
        }
    };
    let named = event.text("pipelineName").or_else(|| event.text("taskName"));
    Build {
        system: "cdevents".to_owned(),
        job: named.or_else(|| event.about.text("source")).unwrap_or_default(),
        number: event.id.clone().unwrap_or_default(),
        url: event.text("uri").or_else(|| event.text("url")),
        result: result.to_owned(),
        started_at: event.at.clone().filter(|_| event.predicate == "started"),
        ..Build::default()
    }
}

/// One case, or one suite. A suite that passed does not say how many cases did.
fn tests(event: &Event<'_>) -> Option<Tests> {
    if event.predicate != "finished" {
        event.about.warn("", "the run is not over and has no result yet");
        return None;
    }
    let is_suite = event.subject == "testsuiterun";
    let mut tests = Tests { suites: 1, ..Tests::default() };
    let outcome = event.text("outcome").unwrap_or_default();
    let count = match outcome.as_str() {
        "pass" | "success" if is_suite => {
            event.about.warn("content", "the suite passed; how many cases it has, the event does not say");
            return Some(tests);
        }
        "pass" | "success" => &mut tests.passed,
        "fail" | "failure" => &mut tests.failed,
        "cancel" => &mut tests.skipped,
        "error" => &mut tests.errors,
        other => {
            event.about.warn("content.outcome", format!("expected an outcome, found `{other}`: taken for an error"));
            &mut tests.errors
        }
    };
    *count = 1;
    tests.total = 1;
    if tests.failed + tests.errors > 0 {
        let suite = event.text("testSuite.name").or_else(|| event.text("testSuiteRun.id"));
        let name = event.text("testCase.name").or_else(|| suite.clone()).or_else(|| event.id.clone());
        tests.failures.push(TestFailure {
            suite: suite.unwrap_or_default(),
            name: name.unwrap_or_default(),
            message: event.text("reason").map(capped),
        });
    }
    Some(tests)
}

/// A service as it was changed, or the service that an incident is about.
fn deployment(event: &Event<'_>) -> ReportedDeployment {
    let is_incident = event.subject == "incident";
    let health = match (is_incident, event.predicate.as_str()) {
        (true, "resolved") => Some("healthy"),
        (true, _) => Some("degraded"),
        (false, "removed") => Some("missing"),
        (false, _) => None,
    };
    let service = if is_incident { event.text("service.id") } else { event.id.clone() };
    let image = event.artifact().and_then(|artifact| {
        let component = purl::component(&artifact)?;
        let version = component.version?;
        let separator = if version.contains(':') { '@' } else { ':' };
        Some(format!("{}{separator}{version}", component.name))
    });
    ReportedDeployment {
        name: service.unwrap_or_default(),
        id: event.id.clone(),
        target: event.text("environment.id"),
        status: if is_incident { "unknown" } else { "succeeded" }.to_owned(),
        health: health.map(str::to_owned),
        message: event.text("description").map(capped).or_else(|| Some(event.predicate.clone())),
        images: image.into_iter().collect(),
        finished_at: event.at.clone().filter(|_| !is_incident),
        url: event.text("ticketURI"),
        ..ReportedDeployment::default()
    }
}

fn approval(event: &Event<'_>) -> ReportedApproval {
    let decision = event.text("decision").unwrap_or_default().to_ascii_lowercase();
    let status = match decision.as_str() {
        "approved" | "approve" => "approved",
        "rejected" | "reject" | "denied" => "rejected",
        "" | "pending" => "waiting",
        other => {
            let message = format!("expected approved, rejected or pending, found `{other}`: taken for waiting");
            event.about.warn("content.decision", message);
            "waiting"
        }
    };
    let is_answered = status != "waiting";
    ReportedApproval {
        name: event.id.clone().unwrap_or_default(),
        status: status.to_owned(),
        by: event.text("responder").filter(|_| is_answered),
        at: event.at.clone().filter(|_| is_answered),
        comment: event.text("comment").map(capped),
    }
}
