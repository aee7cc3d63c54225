//! Coverage reports of dotCover in JSON. What dotCover counts are statements; there are no lines.

use crate::covered;
use crate::json::{self, Text, stated};
use crate::{Format, Probe, ReadError};
use serde::Deserialize;
use shipworthy_model::{Coverage, Phase, Report, Tool};

/// The report types: <https://www.jetbrains.com/help/dotcover/dotCover__Console_Runner_Commands.html#report>.
pub(crate) static FORMAT: Format = Format {
    name: "dotcover-json",
    title: "dotCover report in JSON",
    homepage: "https://www.jetbrains.com/help/dotcover/dotCover__Console_Runner_Commands.html",
    phase: Phase::Build,
    tool: "dotcover",
    reads: "JSON of the report type `JSON`",
    identifies: "",
    severities: "",
    marks: &["DotCoverVersion", "CoveredStatements", "TotalStatements"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has_all(&["DotCoverVersion", "CoveredStatements", "TotalStatements"]))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Document<'a> {
    #[serde(borrow)]
    dot_cover_version: Option<Text<'a>>,
    covered_statements: u64,
    total_statements: u64,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let Document { dot_cover_version, covered_statements, total_statements } = json::document(bytes)?;
    let Some(instructions) = covered::stated(Some(covered_statements), Some(total_statements)) else {
        let message = format!(
            "expected no more covered statements than there are, found {covered_statements} of {total_statements}"
        );
        return Err(ReadError::lacks("dotCover report", "/CoveredStatements", message));
    };
    let coverage = Coverage { instructions: Some(instructions), ..Coverage::default() };
    let tool = Some(Tool { name: "dotcover".to_owned(), version: stated(dot_cover_version.as_ref()) });
    Ok(Report { tool, coverage: Some(coverage), ..Report::default() })
}
