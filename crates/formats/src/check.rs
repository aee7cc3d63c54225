//! Test results of Check, the framework for C.

use crate::cases::{Cases, Outcome, expect_root, said, seconds_in};
use crate::xml::{Document, Element};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Phase, Report};

/// The layout: <https://libcheck.github.io/check/doc/check_html/check_4.html#XML-Logging>.
pub(crate) static FORMAT: Format = Format {
    name: "check",
    title: "Check results",
    homepage: "https://libcheck.github.io/check/doc/check_html/check_4.html#XML-Logging",
    phase: Phase::Build,
    tool: "check",
    reads: "XML with the root `testsuites` in the namespace of Check",
    identifies: "",
    severities: "",
    marks: &["testsuites"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.root().is_some_and(|root| {
        root.name == "testsuites" && root.namespace.as_deref() == Some("http://check.sourceforge.net/ns")
    })
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    expect_root(&root, "Check report", &["testsuites"])?;
    let mut cases = Cases::default();
    while let Some(part) = document.next_child(&root)? {
        match part.name.as_str() {
            "suite" => suite(&mut document, &part, &mut cases)?,
            "duration" => {
                let text = document.text(&part)?;
                let seconds = cases.seconds(Some(&text), "/testsuites/duration", seconds_in);
                cases.took(seconds);
            }
            _ => {}
        }
    }
    document.end()?;
    Ok(cases.into_report("check", None))
}

fn suite(document: &mut Document, suite: &Element, cases: &mut Cases) -> Result<(), ReadError> {
    let mut title = String::new();
    while let Some(part) = document.next_child(suite)? {
        match part.name.as_str() {
            "title" => title = document.text(&part)?,
            "test" => {
                let outcome = match part.attribute("result") {
                    Some("success") => Outcome::Passed,
                    Some("failure") => Outcome::Failed,
                    // `error`: a signal, a timeout, or a program that ended early.
                    _ => Outcome::Errored,
                };
                let texts = document.texts(&part)?;
                let text = |name: &str| texts.get(name).map_or("", String::as_str);
                cases.count(outcome, &title, text("id"), said(text("message")));
            }
            _ => {}
        }
    }
    Ok(())
}
