//! Annotated sources of gcov (`*.gcov`). Functions that are instantiated several times show their lines several times.

use crate::covered::Covered;
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Phase, Report, Tool};

/// The layout: <https://gcc.gnu.org/onlinedocs/gcc/Invoking-Gcov.html>.
pub(crate) static FORMAT: Format = Format {
    name: "gcov",
    title: "gcov annotated source",
    homepage: "https://gcc.gnu.org/onlinedocs/gcc/Invoking-Gcov.html",
    phase: Phase::Build,
    tool: "gcov",
    reads: "text of `gcov`, with or without `--branch-probabilities`, one source or several after one another",
    identifies: "",
    severities: "",
    marks: &["0:Source:"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let first = probe.first_line();
    probe.is_text() && first.split_once(":Source:").is_some_and(|(before, _)| before.replace(' ', "") == "-:0")
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let text = String::from_utf8_lossy(bytes);
    let mut reader = Reader::default();
    for line in text.lines() {
        reader.line(line);
    }
    if !reader.has_source {
        return Err(ReadError::lacks("gcov report", "its lines", "expected `-: 0:Source:`"));
    }
    let tool = Some(Tool { name: "gcov".to_owned(), version: None });
    Ok(Report { tool, coverage: Some(reader.covered.coverage()), ..Report::default() })
}

#[derive(Default)]
struct Reader {
    covered: Covered,
    has_source: bool,
    file: usize,
    /// The line that was read last, whose branches follow.
    number: u64,
}

impl Reader {
    fn line(&mut self, line: &str) {
        if let Some(rest) = line.strip_prefix("function ") {
            if let Some((name, calls)) = rest.split_once(" called ") {
                let is_called = calls.split(' ').next().is_some_and(|count| count != "0");
                self.covered.method(self.file, name, is_called);
            }
        } else if let Some(rest) = line.strip_prefix("branch ") {
            let rest = rest.trim_start();
            let (name, taken) = rest.split_once(' ').unwrap_or((rest, ""));
            let is_taken = taken
                .strip_prefix("taken ")
                .is_some_and(|taken| !taken.starts_with("0%") && taken.split(' ').next() != Some("0"));
            self.covered.branch(self.file, self.number, name, is_taken);
        } else {
            self.source_line(line);
        }
    }

    /// `count:number:source`, where the count is `-` without code, and `#####` or `=====` if it never ran.
    fn source_line(&mut self, line: &str) {
        let mut parts = line.splitn(3, ':');
        let (Some(count), Some(number), Some(source)) = (parts.next(), parts.next(), parts.next()) else { return };
        let (count, Ok(number)) = (count.trim(), number.trim().parse::<u64>()) else { return };
        if number == 0 {
            if let Some(name) = source.strip_prefix("Source:") {
                self.has_source = true;
                self.file = self.covered.file(name);
            }
            return;
        }
        self.number = number;
        // Blocks of a line, which `--all-blocks` adds to it.
        if matches!(count, "-" | "$$$$$" | "%%%%%") || source.trim_end().ends_with("-block") {
            return;
        }
        self.covered.line(self.file, number, count.starts_with(|first: char| first.is_ascii_digit()) && count != "0");
    }
}
