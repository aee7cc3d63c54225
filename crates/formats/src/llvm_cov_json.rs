//! Coverage that `llvm-cov export` writes as JSON, for Rust, Swift, C and C++, and as cargo-llvm-cov passes it on. The
//! totals of the tool are taken: its lines cannot be counted again from the segments of the export.

use crate::covered::{self, add};
use crate::json::{self, List, Odd};
use crate::{Format, Probe, ReadError};
use serde::Deserialize;
use shipworthy_model::{Counter, Coverage, Phase, Report, Tool, Warning};

/// The command: <https://llvm.org/docs/CommandGuide/llvm-cov.html#llvm-cov-export>.
pub(crate) static FORMAT: Format = Format {
    name: "llvm-cov-json",
    title: "llvm-cov export in JSON",
    homepage: "https://llvm.org/docs/CommandGuide/llvm-cov.html#llvm-cov-export",
    phase: Phase::Build,
    tool: "llvm-cov",
    reads: "JSON of the type `llvm.coverage.json.export`, version 2 and 3, with or without the segments (`-summary-only`)",
    identifies: "",
    severities: "",
    marks: &["data", "type", "version"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    // The type stands at the end, after the data.
    let is_export = |members: &crate::Members| members.value("type") == Some("llvm.coverage.json.export");
    probe.object().is_some_and(|members| is_export(members) || members.has("data"))
        && (probe.has("data.totals.regions")
            || probe.has("data.files.summary.regions")
            || probe.object().is_some_and(is_export))
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow)]
    data: List<'a>,
}

#[derive(Deserialize)]
struct Export<'a> {
    #[serde(borrow, default)]
    files: List<'a>,
    #[serde(default)]
    totals: Odd<Summary>,
}

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    summary: Odd<Summary>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Summary {
    lines: Option<Count>,
    functions: Option<Count>,
    regions: Option<Count>,
    branches: Option<Count>,
}

#[derive(Clone, Copy, Deserialize)]
struct Count {
    count: u64,
    covered: u64,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document = json::document(bytes)?;
    let mut warnings = Vec::new();
    let (mut coverage, mut of_files) = (Coverage::default(), Coverage::default());
    for (index, export) in json::parts::<Export>(&document.data, "/data", &mut warnings) {
        let at = format!("/data/{index}");
        if let Some(totals) = export.totals.get(format_args!("{at}/totals"), &mut warnings) {
            sum_up(&mut coverage, totals);
        }
        for (index, file) in json::parts::<File>(&export.files, format_args!("{at}/files"), &mut warnings) {
            if let Some(summary) = file.summary.get(format_args!("{at}/files/{index}/summary"), &mut warnings) {
                sum_up(&mut of_files, summary);
            }
        }
    }
    if let (Some(total), Some(files)) = (coverage.lines, of_files.lines)
        && total != files
    {
        let message = format!(
            "the totals state {} of {} lines, the files {} of {}; the totals are taken",
            total.covered, total.total, files.covered, files.total
        );
        warnings.push(Warning { at: "/data/0/totals/lines".to_owned(), message });
    }
    let coverage = if coverage.lines.is_some() { coverage } else { of_files };
    let tool = Some(Tool { name: "llvm-cov".to_owned(), version: None });
    Ok(Report { tool, coverage: Some(coverage), warnings, ..Report::default() })
}

fn sum_up(coverage: &mut Coverage, Summary { lines, functions, regions, branches }: &Summary) {
    let counter = |count: &Option<Count>| {
        let Count { count, covered } = (*count)?;
        covered::stated(Some(covered), Some(count)).filter(|counter: &Counter| counter.total > 0)
    };
    add(&mut coverage.lines, counter(lines));
    add(&mut coverage.methods, counter(functions));
    add(&mut coverage.instructions, counter(regions));
    add(&mut coverage.branches, counter(branches));
}
