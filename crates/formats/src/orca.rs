//! Alerts of Orca Security, in whichever of its exports.

use shipworthy_model::{ComponentRef, Finding, FindingKind, FindingStatus, Severity};

/// One alert, in the tool's own words.
#[derive(Debug, Default)]
pub(crate) struct Alert {
    pub(crate) title: Option<String>,
    pub(crate) category: Option<String>,
    pub(crate) status: Option<String>,
    pub(crate) score: Option<f64>,
    pub(crate) account: Option<String>,
    pub(crate) asset: Option<String>,
}

impl Alert {
    /// The alert as a finding. The score has the bands of CVSS; an alert has no id in the exports.
    pub(crate) fn finding(self) -> Finding {
        let title = self.title.unwrap_or_default();
        let category = self.category.unwrap_or_default();
        let parts = [self.account.as_deref().unwrap_or_default(), self.asset.as_deref().unwrap_or_default()];
        let status = match self.status.as_deref() {
            Some("closed" | "resolved") => FindingStatus::Fixed,
            Some("dismissed" | "snoozed") => FindingStatus::Suppressed,
            _ => FindingStatus::Open,
        };
        Finding {
            identity: crate::identity::of_parts(&title, &parts),
            description: (!category.is_empty()).then_some(category),
            severity: self.score.map_or(Severity::Unknown, Severity::of_score),
            score: self.score,
            component: self.asset.map(|name| ComponentRef { name, ..ComponentRef::default() }),
            status,
            ..Finding::new(FindingKind::Misconfiguration, title.clone(), title)
        }
    }
}
