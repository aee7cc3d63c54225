//! Coverage that Istanbul (nyc, Jest, Vitest, c8) writes as JSON: each statement, or totals alone. The lines are those on
//! which statements begin, as Istanbul counts them.

use crate::covered::{self, Covered};
use crate::json::{self, Entries, Text};
use crate::{Format, Probe, ReadError};
use serde::Deserialize;
use serde_json::value::RawValue;
use shipworthy_model::{Counter, Coverage, Phase, Report, Tool, Warning};
use std::collections::HashMap;

/// The layout: <https://github.com/gotwarlost/istanbul/blob/master/coverage.json.md>.
pub(crate) static FORMAT: Format = Format {
    name: "istanbul-json",
    title: "Istanbul coverage in JSON",
    homepage: "https://istanbul.js.org/",
    phase: Phase::Build,
    tool: "istanbul",
    reads: "JSON of the reporters `json` (`coverage-final.json`) and `json-summary` (`coverage-summary.json`)",
    identifies: "",
    severities: "",
    marks: &["total"],
    recognises,
    read,
};

/// The keys at the top are paths, and what is below them tells the format.
fn recognises(probe: &Probe) -> bool {
    let is_final = probe.object().and_then(|members| members.first()).is_some_and(|path| {
        ["statementMap", "fnMap", "branchMap"].iter().all(|key| probe.has(&format!("{path}.{key}")))
    });
    let is_summary = probe.has_all(&["total.lines.pct", "total.statements.pct", "total.branches.pct"]);
    probe.object().is_some() && (is_final || is_summary)
}

/// The coverage of a file, in the one layout or the other.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct File<'a> {
    #[serde(borrow)]
    statement_map: Option<Entries<'a, Place>>,
    #[serde(borrow, default)]
    s: Entries<'a, f64>,
    #[serde(borrow, default)]
    f: Entries<'a, f64>,
    #[serde(borrow, default)]
    b: Entries<'a, Vec<f64>>,
    lines: Option<Total>,
    statements: Option<Total>,
    functions: Option<Total>,
    branches: Option<Total>,
}

#[derive(Deserialize)]
struct Place {
    start: Position,
}

#[derive(Deserialize)]
struct Position {
    line: u64,
}

#[derive(Clone, Copy, Deserialize)]
struct Total {
    total: u64,
    covered: u64,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Entries<&RawValue> = json::document(bytes)?;
    let mut reader = Reader::default();
    for (path, raw) in &document.0 {
        let at = json::At::Root;
        let at = at.key(path);
        if let Some(file) = json::part(raw, at, &mut reader.warnings) {
            reader.file(path, &file);
        }
    }
    let Reader { covered, statements, total, of_files, warnings } = reader;
    let counted = Coverage { instructions: covered::measured(statements), ..covered.coverage() };
    let coverage = if counted.lines.is_some() { counted } else { total.unwrap_or(of_files) };
    let tool = Some(Tool { name: "istanbul".to_owned(), version: None });
    Ok(Report { tool, coverage: Some(coverage), warnings, ..Report::default() })
}

#[derive(Default)]
struct Reader {
    covered: Covered,
    statements: Counter,
    /// The totals of the whole, which a summary states.
    total: Option<Coverage>,
    /// The sums of the totals of the files.
    of_files: Coverage,
    warnings: Vec<Warning>,
}

impl Reader {
    fn file(&mut self, path: &Text, file: &File) {
        let Some(places) = &file.statement_map else {
            self.summary(path, file);
            return;
        };
        let number = self.covered.file(path);
        let counts: HashMap<&str, f64> = file.s.0.iter().map(|(id, count)| (&**id, *count)).collect();
        for (id, place) in &places.0 {
            let is_covered = counts.get(&**id).is_some_and(|count| *count > 0.0);
            self.statements.total += 1;
            self.statements.covered += u64::from(is_covered);
            self.covered.line(number, place.start.line, is_covered);
        }
        for (id, count) in &file.f.0 {
            self.covered.method(number, &**id, *count > 0.0);
        }
        for (id, counts) in &file.b.0 {
            for (index, count) in counts.iter().enumerate() {
                self.covered.branch(number, index as u64, &**id, *count > 0.0);
            }
        }
    }

    fn summary(&mut self, path: &Text, file: &File) {
        let counter = |total: Option<Total>| {
            let Total { total, covered } = total?;
            covered::stated(Some(covered), Some(total)).filter(|counter| counter.total > 0)
        };
        let coverage = Coverage {
            lines: counter(file.lines),
            branches: counter(file.branches),
            instructions: counter(file.statements),
            methods: counter(file.functions),
            ..Coverage::default()
        };
        if &**path == "total" {
            self.total = Some(coverage);
            return;
        }
        covered::add(&mut self.of_files.lines, coverage.lines);
        covered::add(&mut self.of_files.branches, coverage.branches);
        covered::add(&mut self.of_files.instructions, coverage.instructions);
        covered::add(&mut self.of_files.methods, coverage.methods);
    }
}
