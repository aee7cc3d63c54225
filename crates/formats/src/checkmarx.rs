//! What the reports of Checkmarx share: words for the state of a result, names of queries, and results of SAST.

use crate::{identity, web};
use shipworthy_model::{Finding, FindingKind, FindingStatus, Location, Tool};

/// The tool of all of them, in the table of severities too.
pub(crate) const TOOL: &str = "checkmarx";

/// The tool, in a version where the document says it.
pub(crate) fn tool(version: Option<String>) -> Tool {
    Tool { name: TOOL.to_owned(), version }
}

/// The status of a result: whether it was fixed, and what somebody judged. `PROPOSED_NOT_EXPLOITABLE` is not yet judged.
pub(crate) fn status(status: &str, state: &str) -> FindingStatus {
    let state = state.trim().to_ascii_lowercase().replace(['_', ' '], "");
    match state.as_str() {
        "notexploitable" => FindingStatus::FalsePositive,
        "ignored" => FindingStatus::Suppressed,
        _ if status.trim().eq_ignore_ascii_case("fixed") => FindingStatus::Fixed,
        _ => FindingStatus::Open,
    }
}

/// The title for people of a query such as `SQL_Injection`.
pub(crate) fn title(query: &str) -> String {
    query.replace('_', " ")
}

/// The path without the leading slash that stands for the root of the repository.
pub(crate) fn path(path: &str) -> String {
    path.trim().trim_start_matches('/').replace('\\', "/")
}

/// A result of the static analysis.
#[derive(Debug, Default)]
pub(crate) struct Result<'r> {
    pub(crate) query: &'r str,
    pub(crate) severity: Option<&'r str>,
    /// The hash of the flow, which stays the same from scan to scan.
    pub(crate) hash: Option<&'r str>,
    /// The hash that results of the same source and sink share, used where there is no other.
    pub(crate) similarity: Option<&'r str>,
    /// Where the flow begins.
    pub(crate) file: &'r str,
    pub(crate) line: Option<u32>,
}

impl Result<'_> {
    pub(crate) fn finding(&self) -> Finding {
        let (severity, severity_word) = web::rated(TOOL, self.severity);
        let path = path(self.file);
        let identity = match (self.hash, self.similarity) {
            (Some(hash), _) => identity::of_fingerprint(TOOL, hash),
            (None, Some(similarity)) => identity::of_parts(self.query, &["similarity", similarity]),
            (None, None) => identity::of_parts(self.query, &[&path]),
        };
        let location = Location { path, line: self.line.filter(|line| *line > 0), end_line: None };
        Finding {
            severity,
            severity_word,
            location: Some(location).filter(|location| !location.path.is_empty()),
            identity,
            ..Finding::new(FindingKind::Code, self.query, title(self.query))
        }
    }
}
