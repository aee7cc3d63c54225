//! What the forms of HackerOne's reports have in common.

use crate::web::{self, Place};
use crate::{identity, text, weakness};
use shipworthy_model::{Finding, FindingStatus};

/// A report that somebody sent to a programme.
#[derive(Debug, Default)]
pub(crate) struct Submission {
    pub(crate) id: Option<String>,
    pub(crate) title: Option<String>,
    /// HackerOne's word.
    pub(crate) rating: Option<String>,
    pub(crate) score: Option<f64>,
    /// `triaged`, `resolved` …
    pub(crate) state: Option<String>,
    pub(crate) weakness: Option<String>,
    /// Such as `cwe-352`.
    pub(crate) weakness_id: Option<String>,
    pub(crate) ids: Vec<String>,
    /// What of the programme it is about.
    pub(crate) asset: Option<String>,
    pub(crate) description: Option<String>,
}

impl Submission {
    pub(crate) fn finding(self) -> Option<Finding> {
        let title = self.title?;
        let rule = self.weakness_id.clone().or(self.weakness).unwrap_or_else(|| "report".to_owned());
        let seen = web::finding(&rule, &title, Place::of(self.asset.as_deref().unwrap_or_default()));
        let (severity, severity_word) = web::rated("hackerone", self.rating.as_deref());
        Some(Finding {
            severity,
            severity_word,
            score: self.score,
            aliases: self.ids,
            cwes: self.weakness_id.as_deref().map(weakness::numbers).unwrap_or_default(),
            description: self.description.map(text::capped),
            status: status(self.state.as_deref().unwrap_or_default()),
            identity: self.id.map_or_else(|| seen.identity.clone(), |id| identity::of_fingerprint("hackerone", &id)),
            title: text::title(&title).unwrap_or(title),
            ..seen
        })
    }
}

/// <https://docs.hackerone.com/en/articles/8475030-report-states>
fn status(state: &str) -> FindingStatus {
    match state.to_ascii_lowercase().as_str() {
        "resolved" => FindingStatus::Fixed,
        "not-applicable" | "not applicable" | "spam" => FindingStatus::FalsePositive,
        "informative" | "duplicate" => FindingStatus::Suppressed,
        _ => FindingStatus::Open,
    }
}
