//! Test results of Robot Framework, its `output.xml`.

use crate::cases::{Cases, Outcome, expect_root, instant, plausible, said, seconds_in};
use crate::xml::{Document, Element};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Phase, Report};

/// The schema: <https://github.com/robotframework/robotframework/tree/master/doc/schema>.
pub(crate) static FORMAT: Format = Format {
    name: "robot",
    title: "Robot Framework results (output.xml)",
    homepage: "https://robotframework.org/robotframework/latest/RobotFrameworkUserGuide.html#output-file",
    phase: Phase::Build,
    tool: "robot-framework",
    reads: "XML with the root `robot`, Robot Framework 3 to 7",
    identifies: "",
    severities: "",
    marks: &["robot"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.root().is_some_and(|root| root.name == "robot") && probe.has("suite")
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    expect_root(&root, "Robot Framework report", &["robot"])?;
    // `Robot 7.2 (Python 3.12.3 on linux)`, and `Rebot` where results were combined.
    let version = root.attribute("generator").and_then(|text| text.split_whitespace().nth(1)).map(str::to_owned);
    let mut reader = Reader { document, cases: Cases::default() };
    let mut took = None;
    while let Some(part) = reader.document.next_child(&root)? {
        if part.name == "suite" {
            let name = part.attribute("name").unwrap_or_default().to_owned();
            took = reader.suite(&part, &name)?;
        }
    }
    reader.document.end()?;
    let Reader { mut cases, .. } = reader;
    cases.took(took);
    // Local time without a zone, in every version.
    let created_at = root.attribute("generated").and_then(instant);
    Ok(Report { created_at, ..cases.into_report("robot-framework", version) })
}

struct Reader<'a> {
    document: Document<'a>,
    cases: Cases,
}

/// What a `status` says: `PASS`, `FAIL`, `SKIP` or `NOT RUN`, why, and how long it took.
type Status = (String, Option<String>, Option<f64>);

impl Reader<'_> {
    /// Reads a suite with all that is in it, and gives how long it took.
    fn suite(&mut self, suite: &Element, path: &str) -> Result<Option<f64>, ReadError> {
        let broken_before = self.cases.broken();
        let mut status: Option<Status> = None;
        while let Some(child) = self.document.next_child(suite)? {
            match child.name.as_str() {
                "suite" => {
                    let path = format!("{path}.{}", child.attribute("name").unwrap_or_default());
                    self.suite(&child, &path)?;
                }
                "test" => self.test(&child, path)?,
                "status" => status = Some(self.status(&child)?),
                _ => {}
            }
        }
        let Some((word, message, seconds)) = status else { return Ok(None) };
        if word == "FAIL" && self.cases.broken() == broken_before {
            self.cases.count_outside(path, "the suite itself", message);
        }
        Ok(seconds)
    }

    fn test(&mut self, test: &Element, suite: &str) -> Result<(), ReadError> {
        let mut status = None;
        while let Some(child) = self.document.next_child(test)? {
            if child.name == "status" {
                status = Some(self.status(&child)?);
            }
        }
        let (word, message, _) = status.unwrap_or_default();
        let outcome = match word.as_str() {
            "PASS" => Outcome::Passed,
            "FAIL" => Outcome::Failed,
            "SKIP" | "NOT RUN" | "NOT_RUN" => Outcome::Skipped,
            _ => Outcome::Errored,
        };
        self.cases.count(outcome, suite, test.attribute("name").unwrap_or_default(), message);
        Ok(())
    }

    /// Reads a status. Version 7 writes how long it took, earlier ones when it began and ended.
    fn status(&mut self, status: &Element) -> Result<Status, ReadError> {
        let word = status.attribute("status").unwrap_or_default().to_owned();
        let elapsed = status.attribute("elapsed").and_then(seconds_in);
        let moment = |name: &str| status.attribute(name).and_then(moment);
        let between = moment("starttime").zip(moment("endtime")).and_then(|(start, end)| plausible(end - start));
        let message = said(&self.document.text(status)?);
        Ok((word, message, elapsed.or(between)))
    }
}

/// The seconds since 1970 at `20260302 09:15:00.250`, in whatever zone.
fn moment(text: &str) -> Option<f64> {
    let (date, time) = text.trim().split_once(' ')?;
    let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let (date, time) = (date.parse::<jiff::civil::Date>().ok()?, time.parse::<jiff::civil::Time>().ok()?);
    let seconds = date.to_datetime(time).to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_second();
    let fraction = format!("0.{fraction}").parse::<f64>().ok()?;
    i32::try_from(seconds).ok().map(|seconds| f64::from(seconds) + fraction)
}
