//! The one table from a tool's word for severity to ours. The tool's own word is kept beside it in the finding.

use shipworthy_model::Severity;
use shipworthy_model::Severity::{Critical, High, Info, Low, Medium, Unknown};

/// Tool, its words with ours. Words are compared without regard to case.
const TABLE: &[(&str, &[(&str, Severity)])] = &[
    // SARIF 2.1.0 §3.27.10: `error` is a serious problem, `warning` a problem, `note` a minor one, `none` does not apply.
    ("sarif", &[("error", High), ("warning", Medium), ("note", Low), ("none", Info)]),
    // github.com/aquasecurity/trivy-db pkg/types: SeverityNames.
    ("trivy", &[("CRITICAL", Critical), ("HIGH", High), ("MEDIUM", Medium), ("LOW", Low), ("UNKNOWN", Unknown)]),
    // cyclonedx.org/docs/1.6/json: vulnerabilities[].ratings[].severity.
    (
        "cyclonedx",
        &[
            ("critical", Critical),
            ("high", High),
            ("medium", Medium),
            ("low", Low),
            ("info", Info),
            ("none", Info),
            ("unknown", Unknown),
        ],
    ),
    // docs.sonarsource.com, "Software qualities": the severities of issues, old scale and that of the impacts.
    (
        "sonarqube",
        &[
            ("BLOCKER", Critical),
            ("CRITICAL", High),
            ("MAJOR", Medium),
            ("MINOR", Low),
            ("INFO", Info),
            ("HIGH", High),
            ("MEDIUM", Medium),
            ("LOW", Low),
        ],
    ),
];

/// Our severity for a tool's word; unknown for a word that the table does not have.
pub(crate) fn of_word(tool: &str, word: &str) -> Severity {
    let words = TABLE.iter().find(|(known, _)| *known == tool).map(|(_, words)| *words).unwrap_or_default();
    words.iter().find(|(known, _)| known.eq_ignore_ascii_case(word)).map_or(Unknown, |(_, severity)| *severity)
}
