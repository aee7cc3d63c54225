//! Security insights of Cloudflare, in whichever of their exports.

use crate::checks::{self, Check, Outcome};
use crate::identity;

/// One insight, in the tool's own words.
#[derive(Debug, Default)]
pub(crate) struct Insight {
    pub(crate) class: Option<String>,
    pub(crate) sort: Option<String>,
    pub(crate) severity: Option<String>,
    pub(crate) subject: Option<String>,
    pub(crate) is_dismissed: bool,
    pub(crate) risk: Option<String>,
    pub(crate) action: Option<String>,
    pub(crate) link: Option<String>,
    pub(crate) id: Option<String>,
}

impl Insight {
    /// The insight as a check that failed.
    pub(crate) fn check(self) -> Check {
        Check {
            rule: self.class.clone().unwrap_or_default(),
            title: self.class,
            section: self.sort.clone(),
            outcome: if self.is_dismissed { Outcome::Excused } else { Outcome::Failed },
            severity: checks::rated("cloudflare", self.severity.as_deref()),
            severity_word: self.severity,
            reason: self.sort,
            description: self.risk,
            resource: self.subject,
            remediation: self.action,
            references: self.link.into_iter().collect(),
            identity: self.id.map(|id| identity::of_fingerprint("id", &id)),
            ..Check::default()
        }
    }
}
