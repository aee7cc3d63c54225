//! Coverage in the JSON of coverage.py.

use crate::covered::{self, Covered};
use crate::json::{self, Entries, Odd, Text, stated};
use crate::{Format, Probe, ReadError};
use serde::Deserialize;
use serde_json::value::RawValue;
use shipworthy_model::{Phase, Report, Tool};

/// The report: <https://coverage.readthedocs.io/en/latest/commands/cmd_json.html>.
pub(crate) static FORMAT: Format = Format {
    name: "coverage-py-json",
    title: "coverage.py report in JSON",
    homepage: "https://coverage.readthedocs.io/en/latest/commands/cmd_json.html",
    phase: Phase::Build,
    tool: "coverage.py",
    reads: "JSON of `coverage json`, of the formats 2 and 3",
    identifies: "",
    severities: "",
    marks: &["meta", "files", "totals"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has_all(&["meta", "files"])) && probe.has("meta.branch_coverage")
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow)]
    meta: Meta<'a>,
    #[serde(borrow)]
    files: Entries<'a, &'a RawValue>,
    #[serde(default)]
    totals: Odd<Totals>,
}

#[derive(Deserialize)]
struct Meta<'a> {
    #[serde(borrow)]
    version: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct File {
    executed_lines: Vec<u64>,
    missing_lines: Vec<u64>,
    #[serde(default)]
    executed_branches: Vec<(i64, i64)>,
    #[serde(default)]
    missing_branches: Vec<(i64, i64)>,
}

#[derive(Default, Deserialize)]
struct Totals {
    covered_lines: Option<u64>,
    num_statements: Option<u64>,
    covered_branches: Option<u64>,
    num_branches: Option<u64>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document = json::document(bytes)?;
    let (mut covered, mut warnings) = (Covered::default(), Vec::new());
    for (path, raw) in &document.files.0 {
        let root = json::At::Root;
        let root = root.key("files");
        let Some(file) = json::part::<File>(raw, root.key(path), &mut warnings) else { continue };
        let number = covered.file(path);
        for (lines, is_covered) in [(file.executed_lines, true), (file.missing_lines, false)] {
            for line in lines {
                covered.line(number, line, is_covered);
            }
        }
        for (branches, is_covered) in [(file.executed_branches, true), (file.missing_branches, false)] {
            for (from, to) in branches {
                covered.branch(number, 0, format!("{from} {to}"), is_covered);
            }
        }
    }
    let coverage = covered.coverage();
    if let Some(totals) = document.totals.get("/totals", &mut warnings) {
        let lines = covered::stated(totals.covered_lines, totals.num_statements);
        let branches = covered::stated(totals.covered_branches, totals.num_branches);
        let all = [("lines", lines, coverage.lines), ("branches", branches, coverage.branches)];
        for (what, stated, counted) in all {
            covered::compare(what, stated, counted, "/totals", &mut warnings);
        }
    }
    // The time has no zone.
    let tool = Some(Tool { name: "coverage.py".to_owned(), version: stated(document.meta.version.as_ref()) });
    Ok(Report { tool, coverage: Some(coverage), warnings, ..Report::default() })
}
