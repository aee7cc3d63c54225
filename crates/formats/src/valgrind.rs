//! Errors that Valgrind found in a program while it ran: memory that is misused or lost (Memcheck), data races (Helgrind
//! and DRD). Valgrind does not say how bad they are.

use crate::cases::{expect_root, said};
use crate::xml::{Document, Element};
use crate::{Format, Probe, ReadError, identity};
use shipworthy_model::{Finding, FindingKind, Location, Phase, Report, Tool, Warning};

/// The layout: <https://sourceware.org/git/?p=valgrind.git;a=blob;f=docs/internals/xml-output-protocol4.txt>.
pub(crate) static FORMAT: Format = Format {
    name: "valgrind",
    title: "Valgrind errors",
    homepage: "https://valgrind.org/docs/manual/manual-core.html",
    phase: Phase::Build,
    tool: "valgrind",
    reads: "XML with the root `valgrindoutput`, protocol 3 and later, of Memcheck, Helgrind and DRD",
    identifies: "the kind of error and the functions of the program on its stack",
    severities: "",
    marks: &["valgrindoutput"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.root().is_some_and(|root| root.name == "valgrindoutput")
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    expect_root(&root, "Valgrind report", &["valgrindoutput"])?;
    let mut reader = Reader { document, findings: Vec::new(), warnings: Vec::new(), version: None, has_ended: false };
    while let Some(part) = reader.document.next_child(&root)? {
        match part.name.as_str() {
            "preamble" => reader.preamble(&part)?,
            "error" => {
                let finding = reader.error(&part)?;
                reader.findings.push(finding);
            }
            // The program died of it.
            "fatal_signal" => {
                let finding = reader.signal(&part)?;
                reader.findings.push(finding);
            }
            "status" => reader.has_ended |= reader.document.text(&part)?.contains("FINISHED"),
            _ => {}
        }
    }
    reader.document.end()?;
    let Reader { findings, mut warnings, version, has_ended, .. } = reader;
    if !has_ended {
        let message = "expected the status `FINISHED`, found none: what came after is not known".to_owned();
        warnings.push(Warning { at: "/valgrindoutput/status".to_owned(), message });
    }
    Ok(Report {
        tool: Some(Tool { name: "valgrind".to_owned(), version }),
        looked_for: vec![FindingKind::Quality],
        findings: Some(findings),
        warnings,
        ..Report::default()
    })
}

struct Reader<'a> {
    document: Document<'a>,
    findings: Vec<Finding>,
    warnings: Vec<Warning>,
    version: Option<String>,
    has_ended: bool,
}

/// Where a call is.
#[derive(Default)]
struct Frame {
    object: String,
    function: String,
    directory: String,
    file: String,
    line: Option<u32>,
}

impl Reader<'_> {
    fn preamble(&mut self, preamble: &Element) -> Result<(), ReadError> {
        while let Some(line) = self.document.next_child(preamble)? {
            let text = self.document.text(&line)?;
            if let Some(rest) = text.strip_prefix("Using Valgrind-") {
                self.version = rest.split_whitespace().next().map(str::to_owned);
            }
        }
        Ok(())
    }

    fn error(&mut self, error: &Element) -> Result<Finding, ReadError> {
        let (mut kind, mut what, mut stack) = (String::new(), None, None);
        while let Some(part) = self.document.next_child(error)? {
            match part.name.as_str() {
                "kind" => kind = self.document.text(&part)?,
                "what" => what = said(&self.document.text(&part)?),
                "xwhat" => what = self.document.texts(&part)?.get("text").and_then(|text| said(text)),
                // The first stack is that of the error; others say where memory came from.
                "stack" if stack.is_none() => stack = Some(self.stack(&part)?),
                _ => {}
            }
        }
        Ok(finding(&kind, what, &stack.unwrap_or_default()))
    }

    fn signal(&mut self, signal: &Element) -> Result<Finding, ReadError> {
        let (mut name, mut stack) = (String::new(), Vec::new());
        while let Some(part) = self.document.next_child(signal)? {
            match part.name.as_str() {
                "signame" => name = self.document.text(&part)?,
                "stack" => stack = self.stack(&part)?,
                _ => {}
            }
        }
        Ok(finding("FatalSignal", Some(format!("The program ended with the signal {name}")), &stack))
    }

    fn stack(&mut self, stack: &Element) -> Result<Vec<Frame>, ReadError> {
        let mut frames = Vec::new();
        while let Some(frame) = self.document.next_child(stack)? {
            let mut texts = self.document.texts(&frame)?;
            let mut text = |name: &str| texts.remove(name).unwrap_or_default();
            let line = text("line").parse().ok();
            let [object, function, directory, file] = ["obj", "fn", "dir", "file"].map(&mut text);
            frames.push(Frame { object, function, directory, file, line });
        }
        Ok(frames)
    }
}

fn finding(kind: &str, what: Option<String>, stack: &[Frame]) -> Finding {
    // The topmost calls are often those of a library, such as `malloc`; the program's own have sources outside of the system.
    let is_own = |frame: &&Frame| {
        !frame.file.is_empty()
            && !["/usr/", "/build/"].iter().any(|start| frame.directory.starts_with(start))
            && !frame.object.contains("/vgpreload_")
    };
    let place = stack.iter().find(is_own).or(stack.iter().find(|frame| !frame.function.is_empty()));
    let location = place.filter(|frame| !frame.file.is_empty()).map(|frame| Location {
        path: if frame.directory.is_empty() {
            frame.file.clone()
        } else {
            format!("{}/{}", frame.directory, frame.file)
        },
        line: frame.line,
        end_line: None,
    });
    let functions = stack.iter().map(|frame| frame.function.as_str()).filter(|name| !name.is_empty());
    let functions: Vec<_> = functions.collect();
    let description = stack.iter().map(described).collect::<Vec<_>>().join("\n");
    Finding {
        description: said(&description),
        location,
        identity: identity::of_parts(kind, &functions),
        ..Finding::new(FindingKind::Quality, kind, what.unwrap_or_else(|| kind.to_owned()))
    }
}

fn described(frame: &Frame) -> String {
    let function = if frame.function.is_empty() { "?" } else { &frame.function };
    match frame.line {
        Some(line) => format!("at {function} ({}:{line})", frame.file),
        None => format!("at {function} (in {})", frame.object),
    }
}
