//! Cobertura coverage reports in XML, as coverage.py, gcovr, Coverlet, Istanbul, SimpleCov and others write them. The
//! counts that the root states are believed, else the lines are counted, else there is only the stated rate.

use crate::xml::{Document, Element};
use crate::{Format, Probe, ReadError, counts};
use shipworthy_model::{Counter, Coverage, Phase, Report, Warning};
use std::collections::BTreeMap;

/// The document type: <http://cobertura.sourceforge.net/xml/coverage-04.dtd>.
pub(crate) static FORMAT: Format = Format {
    name: "cobertura",
    title: "Cobertura coverage report",
    homepage: "https://github.com/cobertura/cobertura/wiki",
    phase: Phase::Build,
    tool: "cobertura",
    reads: "XML with the root `coverage` that states a `line-rate`, document type 03 and 04",
    identifies: "",
    severities: "",
    marks: &["coverage"],
    recognises,
    read,
};

/// Clover and SonarQube call their root `coverage` too; only Cobertura's has a rate.
fn recognises(probe: &Probe) -> bool {
    probe.root().is_some_and(|root| root.name == "coverage" && root.attribute("line-rate").is_some())
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    if root.name != "coverage" {
        let message = format!("expected the root `coverage`, found `{}`", root.name);
        return Err(ReadError::lacks("Cobertura report", "its root", message));
    }
    let mut reader = Reader { document, warnings: Vec::new(), files: BTreeMap::new(), lines: BTreeMap::new() };
    let stated = reader.stated(&root);
    reader.walk(&root, 0)?;
    reader.document.end()?;
    let coverage = reader.believed(stated);
    let created_at = root.attribute("timestamp").and_then(instant);
    Ok(Report { created_at, coverage: Some(coverage), warnings: reader.warnings, ..Report::default() })
}

struct Reader<'a> {
    document: Document<'a>,
    warnings: Vec<Warning>,
    /// The files by their names, with their numbers in `lines`.
    files: BTreeMap<String, usize>,
    /// What is known of each line of each file. The same line is told of again and again, in methods and in classes.
    lines: BTreeMap<(usize, u64), Line>,
}

#[derive(Default)]
struct Line {
    is_hit: bool,
    branches: Counter,
}

impl Reader<'_> {
    /// What the root states of the whole.
    fn stated(&mut self, root: &Element) -> Coverage {
        let lines = self.stated_counter(root, "lines-covered", "lines-valid");
        // Without branches nobody measured them: coverage.py states zero of zero unless asked for them.
        let branches = self.stated_counter(root, "branches-covered", "branches-valid").filter(|c| c.total > 0);
        let rate = root.attribute("line-rate").unwrap_or_default();
        let stated_line_percent =
            rate.parse().ok().filter(|rate| (0.0..=1.0).contains(rate)).map(|rate: f64| rate * 100.0);
        if stated_line_percent.is_none() {
            let message = format!("left out: expected a `line-rate` from 0 to 1, found `{rate}`");
            self.warnings.push(Warning { at: self.document.place(), message });
        }
        Coverage { lines, branches, stated_line_percent, ..Coverage::default() }
    }

    fn stated_counter(&mut self, root: &Element, covered: &str, valid: &str) -> Option<Counter> {
        let (covered_text, valid_text) = (root.attribute(covered)?, root.attribute(valid)?);
        let counts = counts::whole(covered_text).zip(counts::whole(valid_text));
        let counter = counts.map(|(covered, total)| Counter { covered, total }).filter(|c| c.covered <= c.total);
        if counter.is_none() {
            let message = format!(
                "left out: expected whole numbers `{covered}` up to `{valid}`, found `{covered_text}` and `{valid_text}`"
            );
            self.warnings.push(Warning { at: self.document.place(), message });
        }
        counter
    }

    /// Notes every line in `element`, which is in the file numbered `file`.
    fn walk(&mut self, element: &Element, file: usize) -> Result<(), ReadError> {
        while let Some(child) = self.document.next_child(element)? {
            match child.name.as_str() {
                "class" => {
                    let name = child.attribute("filename").unwrap_or_default().to_owned();
                    let next = self.files.len();
                    let file = *self.files.entry(name).or_insert(next);
                    self.walk(&child, file)?;
                }
                "line" => self.line(&child, file),
                _ => self.walk(&child, file)?,
            }
        }
        Ok(())
    }

    fn line(&mut self, line: &Element, file: usize) {
        let number = line.attribute("number").and_then(counts::whole);
        // Lines in the innermost loops are hit more often than anything is counted.
        let hits = line.attribute("hits").and_then(|text| text.trim().parse().ok()).filter(|hits: &f64| *hits >= 0.0);
        let (Some(number), Some(hits)) = (number, hits) else {
            let message = "left out: expected a line with the whole numbers `number` and `hits`".to_owned();
            self.warnings.push(Warning { at: self.document.place(), message });
            return;
        };
        let known = self.lines.entry((file, number)).or_default();
        known.is_hit |= hits > 0.0;
        if let Some(Counter { covered, total }) = line.attribute("condition-coverage").and_then(conditions) {
            known.branches.covered = known.branches.covered.max(covered);
            known.branches.total = known.branches.total.max(total);
        }
    }

    /// Chooses between what the root states and what the lines say.
    fn believed(&mut self, stated: Coverage) -> Coverage {
        let mut lines = Counter::default();
        let mut branches = Counter::default();
        for line in self.lines.values() {
            lines.total += 1;
            lines.covered += u64::from(line.is_hit);
            branches.total += line.branches.total;
            branches.covered += line.branches.covered;
        }
        let counted = |counter: Counter| Some(counter).filter(|counter| counter.total > 0);
        if let (Some(stated), Some(counted)) = (stated.lines, counted(lines))
            && stated != counted
        {
            let message = format!(
                "the root states {} of {} lines, the document shows {} of {}; the stated ones are taken",
                stated.covered, stated.total, counted.covered, counted.total
            );
            self.warnings.push(Warning { at: "/coverage".to_owned(), message });
        }
        let lines = stated.lines.or(counted(lines));
        Coverage {
            stated_line_percent: stated.stated_line_percent.filter(|_| lines.is_none()),
            branches: stated.branches.or(counted(branches)),
            lines,
            ..Coverage::default()
        }
    }
}

/// The counts in `50% (1/2)`.
fn conditions(text: &str) -> Option<Counter> {
    let (_, counts) = text.split_once('(')?;
    let (covered, total) = counts.split_once(')')?.0.split_once('/')?;
    let (covered, total) = (counts::whole(covered)?, counts::whole(total)?);
    (covered <= total).then_some(Counter { covered, total })
}

/// The time, in seconds since 1970 from most tools and in milliseconds from others. Seconds reach the year 5138 before
/// they can be taken for milliseconds; milliseconds of the first three years of the epoch would be taken for seconds.
pub(crate) fn instant(text: &str) -> Option<String> {
    const FIRST_MILLISECONDS: i64 = 100_000_000_000;
    // Zero is what tools without a clock write.
    let number = text.trim().parse::<i64>().ok().filter(|number| *number > 0)?;
    let instant = if number >= FIRST_MILLISECONDS {
        jiff::Timestamp::from_millisecond(number)
    } else {
        jiff::Timestamp::from_second(number)
    };
    Some(instant.ok()?.to_string())
}
