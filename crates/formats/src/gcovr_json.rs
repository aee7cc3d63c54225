//! Coverage in the JSON of gcovr, which is that of gcov with a few keys more, and gcovr's summary.

use crate::covered::{self, Covered};
use crate::json::{self, List, Text};
use crate::{Format, Probe, ReadError};
use serde::Deserialize;
use shipworthy_model::{Coverage, Phase, Report, Tool, Warning};

/// The layout: <https://gcovr.com/en/stable/output/json.html>.
pub(crate) static FORMAT: Format = Format {
    name: "gcovr-json",
    title: "gcovr and gcov coverage in JSON",
    homepage: "https://gcovr.com/en/stable/output/json.html",
    phase: Phase::Build,
    tool: "gcovr",
    reads: "JSON of `gcovr --json`, of `gcovr --json-summary` and of `gcov --json-format`",
    identifies: "",
    severities: "",
    marks: &["gcovr/format_version", "gcovr/summary_format_version", "files"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| {
        let is_gcov = members.has_all(&["format_version", "gcc_version", "files"]);
        members.has("gcovr/format_version") || members.has("gcovr/summary_format_version") || is_gcov
    })
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow, default)]
    files: List<'a>,
    #[serde(borrow, rename = "gcovr/summary_format_version")]
    summary_version: Option<Text<'a>>,
    line_total: Option<u64>,
    line_covered: Option<u64>,
    branch_total: Option<u64>,
    branch_covered: Option<u64>,
    function_total: Option<u64>,
    function_covered: Option<u64>,
}

#[derive(Deserialize)]
struct File<'a> {
    #[serde(borrow)]
    file: Text<'a>,
    #[serde(borrow, default)]
    lines: List<'a>,
    #[serde(borrow, default)]
    functions: List<'a>,
}

#[derive(Deserialize)]
struct Line<'a> {
    line_number: u64,
    count: f64,
    #[serde(borrow)]
    function_name: Option<Text<'a>>,
    #[serde(default)]
    branches: Vec<Branch>,
    #[serde(default, rename = "gcovr/noncode")]
    is_no_code: bool,
    #[serde(default, rename = "gcovr/excluded")]
    is_excluded: bool,
}

#[derive(Deserialize)]
struct Branch {
    count: f64,
    #[serde(default, rename = "gcovr/excluded")]
    is_excluded: bool,
}

#[derive(Deserialize)]
struct Function<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    demangled_name: Option<Text<'a>>,
    execution_count: f64,
    #[serde(default, rename = "gcovr/excluded")]
    is_excluded: bool,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document = json::document(bytes)?;
    let mut warnings = Vec::new();
    let coverage = if document.summary_version.is_some() {
        let counter = |covered, total| covered::stated(covered, total).filter(|counter| counter.total > 0);
        Coverage {
            lines: counter(document.line_covered, document.line_total),
            branches: counter(document.branch_covered, document.branch_total),
            methods: counter(document.function_covered, document.function_total),
            ..Coverage::default()
        }
    } else {
        let mut covered = Covered::default();
        for (index, file) in json::parts::<File>(&document.files, "/files", &mut warnings) {
            read_file(&mut covered, &file, &format!("/files/{index}"), &mut warnings);
        }
        covered.coverage()
    };
    let tool = Some(Tool { name: "gcovr".to_owned(), version: None });
    Ok(Report { tool, coverage: Some(coverage), warnings, ..Report::default() })
}

fn read_file(covered: &mut Covered, file: &File, at: &str, warnings: &mut Vec<Warning>) {
    let number = covered.file(&file.file);
    for (_, line) in json::parts::<Line>(&file.lines, format_args!("{at}/lines"), warnings) {
        if line.is_no_code || line.is_excluded {
            continue;
        }
        covered.line(number, line.line_number, line.count > 0.0);
        let function = line.function_name.as_deref().unwrap_or_default();
        for (index, branch) in line.branches.iter().enumerate().filter(|(_, branch)| !branch.is_excluded) {
            covered.branch(number, line.line_number, format!("{function} {index}"), branch.count > 0.0);
        }
    }
    for (_, function) in json::parts::<Function>(&file.functions, format_args!("{at}/functions"), warnings) {
        let name = function.name.or(function.demangled_name);
        if let Some(name) = name.filter(|_| !function.is_excluded) {
            covered.method(number, &*name, function.execution_count > 0.0);
        }
    }
}
