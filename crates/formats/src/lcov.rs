//! Coverage as LCOV's tracefiles tell it, which most other tools can write, too. Files may have several records, one for
//! each test; a line is counted once.

use crate::covered::{self, Covered};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Counter, Coverage, Phase, Report, Tool, Warning};

/// The layout: <https://github.com/linux-test-project/lcov/blob/master/man/geninfo.1>.
pub(crate) static FORMAT: Format = Format {
    name: "lcov",
    title: "LCOV tracefile",
    homepage: "https://github.com/linux-test-project/lcov",
    phase: Phase::Build,
    tool: "lcov",
    reads: "text of LCOV 1 and 2 and of the tools that write the same, with lines or with summaries alone",
    identifies: "",
    severities: "",
    marks: &["TN:", "SF:"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let first = probe.first_line();
    probe.is_text()
        && (first.starts_with("TN:") || first.starts_with("SF:"))
        && (probe.shows("\nSF:") || first.starts_with("SF:"))
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let text = String::from_utf8_lossy(bytes);
    let mut reader = Reader::default();
    for (index, line) in text.lines().enumerate() {
        reader.line(line.trim(), index + 1);
    }
    if reader.records == 0 {
        return Err(ReadError::lacks("LCOV tracefile", "its lines", "expected a record that begins with `SF:`"));
    }
    if reader.file.is_some() {
        let message = "expected `end_of_record`, found the end: the last record may be cut off".to_owned();
        reader.warnings.push(Warning { at: "the end".to_owned(), message });
    }
    let coverage = reader.believed();
    let tool = Some(Tool { name: "lcov".to_owned(), version: None });
    Ok(Report { tool, coverage: Some(coverage), warnings: reader.warnings, ..Report::default() })
}

#[derive(Default)]
struct Reader {
    covered: Covered,
    records: usize,
    file: Option<usize>,
    /// What the record states: found and hit of lines, branches and functions.
    stated: [[Option<u64>; 2]; 3],
    /// The sums of what the records state.
    sums: [Option<Counter>; 3],
    warnings: Vec<Warning>,
}

impl Reader {
    fn line(&mut self, line: &str, number: usize) {
        if line == "end_of_record" {
            self.end_of_record();
            return;
        }
        let Some((key, value)) = line.split_once(':') else { return };
        if key == "SF" {
            self.records += 1;
            self.file = Some(self.covered.file(value));
            return;
        }
        let is_known = match key {
            "DA" => self.data(value),
            "BRDA" => self.branch(value),
            "FNDA" => self.function(value),
            "LF" => self.state(0, 0, value),
            "LH" => self.state(0, 1, value),
            "BRF" => self.state(1, 0, value),
            "BRH" => self.state(1, 1, value),
            "FNF" => self.state(2, 0, value),
            "FNH" => self.state(2, 1, value),
            _ => Some(()),
        };
        if is_known.is_none() {
            let message = format!(
                "left out: expected numbers in a record, found `{}`",
                crate::text::title(line).unwrap_or_default()
            );
            self.warnings.push(Warning { at: format!("line {number}"), message });
        }
    }

    /// `DA:line,count[,checksum]`. Counts in hot loops are larger than numbers, and with errors negative.
    fn data(&mut self, value: &str) -> Option<()> {
        let mut parts = value.split(',');
        let line = parts.next()?.trim().parse().ok()?;
        let count: f64 = parts.next()?.trim().parse().ok()?;
        self.covered.line(self.file?, line, count > 0.0);
        Some(())
    }

    /// `BRDA:line,block,branch,taken`, where the block may begin with `e` and the branch may be a text.
    fn branch(&mut self, value: &str) -> Option<()> {
        let (line, rest) = value.split_once(',')?;
        let (name, taken) = rest.rsplit_once(',')?;
        let is_taken = match taken.trim() {
            "-" => false,
            taken => taken.parse::<f64>().ok()? > 0.0,
        };
        self.covered.branch(self.file?, line.trim().parse().ok()?, name, is_taken);
        Some(())
    }

    /// `FNDA:count,name`.
    fn function(&mut self, value: &str) -> Option<()> {
        let (count, name) = value.split_once(',')?;
        self.covered.method(self.file?, name, count.trim().parse::<f64>().ok()? > 0.0);
        Some(())
    }

    fn state(&mut self, what: usize, which: usize, value: &str) -> Option<()> {
        *self.stated.get_mut(what)?.get_mut(which)? = Some(value.trim().parse().ok()?);
        Some(())
    }

    fn end_of_record(&mut self) {
        self.file = None;
        for (sum, [found, hit]) in self.sums.iter_mut().zip(std::mem::take(&mut self.stated)) {
            covered::add(sum, covered::stated(hit, found));
        }
    }

    /// What the lines say; where there are none, what the records state.
    fn believed(&mut self) -> Coverage {
        let counted = std::mem::take(&mut self.covered).coverage();
        let [lines, branches, functions] = self.sums.map(|sum| sum.filter(|sum| sum.total > 0));
        for (what, stated, counted) in [("lines", lines, counted.lines), ("branches", branches, counted.branches)] {
            covered::compare(what, stated, counted, "/", &mut self.warnings);
        }
        Coverage {
            lines: counted.lines.or(lines),
            branches: counted.branches.or(branches),
            methods: counted.methods.or(functions),
            ..Coverage::default()
        }
    }
}
