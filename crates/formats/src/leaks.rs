//! What scanners for secrets have in common: a secret of a sort at a place. Of the secret itself nothing is kept but by
//! what it is known again.

use crate::problems::relative;
use crate::{identity, secret, severity, text};
use shipworthy_model::{Finding, FindingKind, Location, Report, Severity, Warning};

/// A secret that a tool found.
#[derive(Debug, Default)]
pub(crate) struct Leak {
    /// The tool's name of the sort of secret.
    pub(crate) rule: String,
    /// The same in words for people.
    pub(crate) title: Option<String>,
    /// What was found, as the tool shows it.
    pub(crate) secret: Option<String>,
    /// What the tool knows it by, which must not be of the secret alone in a form that could be tried out.
    pub(crate) fingerprint: Option<String>,
    /// The tool's word for how bad it is.
    pub(crate) word: Option<String>,
    pub(crate) path: Option<String>,
    pub(crate) line: Option<u32>,
    pub(crate) end_line: Option<u32>,
    /// The commit that brought it.
    pub(crate) commit: Option<String>,
    /// More that the tool says.
    pub(crate) details: Vec<String>,
}

impl Leak {
    /// The finding, with the severity that the table has for the word of `tool`.
    pub(crate) fn finding(self, tool: &str) -> Finding {
        let shown = self.secret.filter(|shown| !shown.trim().is_empty());
        let hide = |text: String| shown.as_deref().map_or_else(|| text.clone(), |shown| secret::without(&text, shown));
        let whole = shown.as_deref().filter(|shown| !is_redacted(shown));
        let path = self.path.map(|path| hide(relative(&path)));
        let print = whole.map(secret::fingerprint).or(self.fingerprint).or_else(|| self.commit.clone());
        let mut lines: Vec<String> = self.details.into_iter().map(hide).collect();
        lines.extend(whole.map(|whole| format!("Secret: {}", secret::masked(whole))));
        lines.extend(self.commit.map(|commit| format!("Commit: {commit}")));
        let rule = hide(self.rule);
        let title = self.title.map(hide).as_deref().and_then(text::title).unwrap_or_else(|| rule.clone());
        Finding {
            severity: self.word.as_deref().map_or(Severity::Unknown, |word| severity::of_word(tool, word)),
            severity_word: self.word,
            identity: identity::of_parts(&rule, &[path.as_deref().unwrap_or_default(), &print.unwrap_or_default()]),
            location: path.map(|path| Location { path, line: self.line, end_line: self.end_line }),
            description: Some(lines.join("\n")).filter(|text| !text.is_empty()).map(text::capped),
            ..Finding::new(FindingKind::Secret, rule, title)
        }
    }
}

/// Whether the tool hid what it found, so that it tells nothing of which secret it is.
fn is_redacted(shown: &str) -> bool {
    shown.contains("REDACTED") || shown.contains("**") || shown.contains("xxxx")
}

/// The report of a tool that looked for secrets.
pub(crate) fn report(tool: &str, version: Option<String>, findings: Vec<Finding>, warnings: Vec<Warning>) -> Report {
    crate::problems::report(tool, version, &[FindingKind::Secret], findings, warnings)
}
