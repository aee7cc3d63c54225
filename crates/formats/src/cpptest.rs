//! Test results of Parasoft C/C++test. The report has totals and what was wrong, and no list of the cases that passed;
//! the line coverage of the run stands beside them.

use crate::cases::{Cases, Outcome, clock, expect_root, said, stated_count};
use crate::xml::{Document, Element};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Counter, Coverage, Phase, Report};
use std::collections::HashSet;

/// The reports of the tool: <https://docs.parasoft.com/display/CPPTESTPROEC>.
pub(crate) static FORMAT: Format = Format {
    name: "cpptest",
    title: "Parasoft C/C++test results",
    homepage: "https://docs.parasoft.com/display/CPPTESTPROEC",
    phase: Phase::Build,
    tool: "parasoft-cpptest",
    reads: "XML with the root `ResultsSession` that has an `Exec`: unit tests, C/C++test 7 to 10",
    identifies: "",
    severities: "",
    marks: &["ResultsSession"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.root().is_some_and(|root| root.name == "ResultsSession") && probe.has("Exec.Summary.Projects")
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    expect_root(&root, "C/C++test report", &["ResultsSession"])?;
    let version = root.attribute("toolVer").map(str::to_owned);
    let mut reader =
        Reader { document, cases: Cases::default(), failed: HashSet::new(), names: Vec::new(), lines: None };
    while let Some(part) = reader.document.next_child(&root)? {
        if part.name == "Exec" {
            let seconds = reader.cases.seconds(part.attribute("time"), "/ResultsSession/Exec", clock);
            reader.cases.took(seconds);
            reader.walk(&part)?;
        }
    }
    reader.document.end()?;
    let Reader { cases, lines, .. } = reader;
    let coverage = lines.map(|lines| Coverage { lines: Some(lines), ..Coverage::default() });
    Ok(Report { coverage, ..cases.into_report("parasoft-cpptest", version) })
}

struct Reader<'a> {
    document: Document<'a>,
    cases: Cases,
    /// The cases that were named as failed.
    failed: HashSet<String>,
    /// The names of the measures of coverage, in the order in which their numbers stand.
    names: Vec<String>,
    lines: Option<Counter>,
}

impl Reader<'_> {
    fn walk(&mut self, element: &Element) -> Result<(), ReadError> {
        while let Some(child) = self.document.next_child(element)? {
            match child.name.as_str() {
                "ExecViol" => self.violation(&child)?,
                "Project" => self.project(&child),
                "CvgType" => self.names.push(child.attribute("id").unwrap_or_default().to_owned()),
                "CvgInfo" => self.coverage(&child),
                _ => self.walk(&child)?,
            }
        }
        Ok(())
    }

    /// Notes the case that a violation is about. An outcome that nobody has verified yet is none.
    fn violation(&mut self, violation: &Element) -> Result<(), ReadError> {
        let name = violation.attribute("testName").unwrap_or_default().to_owned();
        let mut message = None;
        let mut is_outcome = violation.attribute("cat") == Some("6");
        while let Some(thread) = self.document.next_child(violation)? {
            while let Some(part) = self.document.next_child(&thread)? {
                is_outcome |= part.attribute("clName") == Some("Outcome");
                message = message.or_else(|| part.attribute("detMsg").and_then(said));
            }
        }
        if !is_outcome && !name.is_empty() && self.failed.insert(name.clone()) {
            let (suite, case) = name.split_once("::").unwrap_or(("", &name));
            self.cases.count(Outcome::Failed, suite, case, message);
        }
        Ok(())
    }

    /// Adds the cases of which nothing but their number is known.
    fn project(&mut self, project: &Element) {
        let name = project.attribute("name").unwrap_or_default();
        let count = |attribute: &str| stated_count(project, attribute).filter(|count| *count <= LARGEST);
        let (Some(passed), Some(failed)) = (count("pass"), count("fail")) else {
            self.cases.warn(self.document.place(), "left out: expected the whole numbers `pass` and `fail`");
            return;
        };
        let named = self.cases.tests.failed;
        for _ in named..failed {
            self.cases.count(Outcome::Failed, name, "(a case that is not named)", None);
        }
        self.cases.add_passed(name, passed);
    }

    /// The measures of the whole stand first, as lists of numbers.
    fn coverage(&mut self, info: &Element) {
        let Some(position) = self.names.iter().position(|name| name == "LC").filter(|_| self.lines.is_none()) else {
            return;
        };
        let number = |name: &str| info.attribute(name)?.split(';').nth(position)?.trim().parse::<u64>().ok();
        let counter = number("num").zip(number("total")).map(|(covered, total)| Counter { covered, total });
        self.lines = counter.filter(|counter| counter.covered <= counter.total && counter.total > 0);
    }
}

/// More cases than any project has; so many are not believed.
const LARGEST: u64 = 1_000_000;
