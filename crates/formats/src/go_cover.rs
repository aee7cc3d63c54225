//! Cover profiles of Go. What Go counts are statements, in blocks; the lines are those of the blocks.

use crate::covered::{Covered, measured};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Counter, Coverage, Phase, Report, Tool, Warning};
use std::collections::HashMap;

/// The layout: <https://pkg.go.dev/golang.org/x/tools/cover#Profile>.
pub(crate) static FORMAT: Format = Format {
    name: "go-cover",
    title: "Go cover profile",
    homepage: "https://go.dev/doc/build-cover",
    phase: Phase::Build,
    tool: "go-cover",
    reads: "text of `go test -coverprofile` and `go tool covdata textfmt`, of the modes `set`, `count` and `atomic`",
    identifies: "",
    severities: "",
    marks: &["mode:"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.is_text() && matches!(probe.first_line(), "mode: set" | "mode: count" | "mode: atomic")
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let text = String::from_utf8_lossy(bytes);
    if !text.trim_start().starts_with("mode:") {
        return Err(ReadError::lacks("Go cover profile", "its first line", "expected `mode:`"));
    }
    let (mut covered, mut warnings) = (Covered::default(), Vec::new());
    // A block is told of once for each package whose tests reach it.
    let mut blocks: HashMap<&str, (u64, bool)> = HashMap::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        // Profiles that were joined have the line of the mode again.
        if line.is_empty() || line.starts_with("mode:") {
            continue;
        }
        let Some(Block { place, file, first, last, statements, is_covered }) = block(line) else {
            let message = "left out: expected `file:line.column,line.column statements count`".to_owned();
            warnings.push(Warning { at: format!("line {}", index + 1), message });
            continue;
        };
        let file = covered.file(file);
        covered.range(file, first, last, is_covered);
        let known = blocks.entry(place).or_insert((statements, false));
        known.1 |= is_covered;
    }
    let mut statements = Counter::default();
    for (count, is_covered) in blocks.into_values() {
        statements.total = statements.total.saturating_add(count);
        statements.covered = statements.covered.saturating_add(if is_covered { count } else { 0 });
    }
    let coverage = Coverage { instructions: measured(statements), ..covered.coverage() };
    let tool = Some(Tool { name: "go-cover".to_owned(), version: None });
    Ok(Report { tool, coverage: Some(coverage), warnings, ..Report::default() })
}

struct Block<'a> {
    /// File and positions as written.
    place: &'a str,
    file: &'a str,
    first: u64,
    last: u64,
    statements: u64,
    is_covered: bool,
}

fn block(line: &str) -> Option<Block<'_>> {
    let (rest, count) = line.rsplit_once(' ')?;
    let (place, statements) = rest.rsplit_once(' ')?;
    let (file, positions) = place.rsplit_once(':')?;
    let (start, end) = positions.split_once(',')?;
    let line_of = |position: &str| position.split_once('.')?.0.parse::<u64>().ok();
    let (first, last) = (line_of(start)?, line_of(end)?);
    // No block has so many statements.
    let statements = statements.parse().ok().filter(|count| *count <= u64::from(u32::MAX))?;
    Some(Block { place, file, first, last, statements, is_covered: count.parse::<f64>().ok()? > 0.0 })
}
