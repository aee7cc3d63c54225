//! What the reports of Veracode share: its scale of severities, its judgments, and packages in its words.

use crate::{packages, web};
use shipworthy_model::{ComponentRef, FindingStatus, Severity, Tool};

/// The tool of all of them, in the table of severities too.
pub(crate) const TOOL: &str = "veracode";

/// The tool, in a version where the document says it.
pub(crate) fn tool(version: Option<String>) -> Tool {
    Tool { name: TOOL.to_owned(), version }
}

/// Veracode counts severities from 0 to 5, which is its word for them.
pub(crate) fn rated(level: Option<&str>) -> (Severity, Option<String>) {
    web::rated(TOOL, level)
}

/// Gone, or mitigated in the eyes of a reviewer. A mitigation that was only proposed changes nothing.
pub(crate) fn status(is_fixed: bool, is_approved: bool, resolution: &str) -> FindingStatus {
    let is_false = resolution.to_ascii_uppercase().replace(' ', "_").contains("FALSE_POSITIVE")
        || resolution.eq_ignore_ascii_case("fp");
    match (is_fixed, is_approved) {
        (true, _) => FindingStatus::Fixed,
        (false, true) if is_false => FindingStatus::FalsePositive,
        (false, true) => FindingStatus::Suppressed,
        (false, false) => FindingStatus::Open,
    }
}

/// A package by the coordinates of its manager: for Maven group and artifact, for others the name alone.
pub(crate) fn component(manager: &str, first: &str, second: &str, version: Option<String>) -> ComponentRef {
    let kind = packages::of_ecosystem(manager);
    let name = match second {
        "" => first.to_owned(),
        second if kind == Some("maven") => format!("{first}:{second}"),
        second => format!("{first}/{second}"),
    };
    let purl = kind.and_then(|kind| packages::purl(kind, &name, version.as_deref(), &[]));
    ComponentRef { purl, name, version }
}

/// `2026-1234` becomes `CVE-2026-1234`: some reports write the number alone.
pub(crate) fn cve(number: &str) -> String {
    let number = number.trim();
    if number.starts_with(|first: char| first.is_ascii_digit()) { format!("CVE-{number}") } else { number.to_owned() }
}
