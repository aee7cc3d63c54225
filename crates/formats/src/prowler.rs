//! What Prowler checks in an account of a cloud, in whichever of its documents.

use crate::checks::{self, Check, Checks, Outcome};
use crate::identity;
use shipworthy_model::Warning;

/// One result: a check of one resource, in the tool's own words.
#[derive(Debug, Default)]
pub(crate) struct Row {
    pub(crate) check: Option<String>,
    pub(crate) title: Option<String>,
    pub(crate) service: Option<String>,
    pub(crate) status: Option<String>,
    pub(crate) is_muted: bool,
    pub(crate) level: Option<String>,
    pub(crate) is_unscored: bool,
    pub(crate) severity: Option<String>,
    pub(crate) reason: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) resource: Option<String>,
    pub(crate) remediation: Option<String>,
    pub(crate) references: Vec<String>,
    /// Its own id of the result, which names check, account, region and resource.
    pub(crate) fingerprint: Option<String>,
    /// What tells results of one check apart where there is no id.
    pub(crate) place: String,
}

impl Row {
    /// Adds it to the checks.
    pub(crate) fn add(self, at: &str, checks: &mut Checks) {
        let outcome = self.outcome(at, &mut checks.warnings);
        let rule = self.check.unwrap_or_default();
        let seen = self.resource.as_deref().or(self.reason.as_deref()).unwrap_or_default();
        let made = || identity::of_parts(&rule, &[&self.place, seen]);
        let fingerprint = self.fingerprint.map(|id| identity::of_fingerprint("finding_uid", &id));
        checks.add(Check {
            identity: Some(fingerprint.unwrap_or_else(made)),
            rule,
            title: self.title,
            section: self.service,
            outcome,
            is_unscored: self.is_unscored,
            level: self.level.and_then(|level| level.trim_start_matches("Level ").parse().ok()),
            severity: checks::rated("prowler", self.severity.as_deref()),
            severity_word: self.severity,
            reason: self.reason,
            description: self.description,
            resource: self.resource,
            remediation: self.remediation,
            references: self.references,
            ..Check::default()
        });
    }

    fn outcome(&self, at: &str, warnings: &mut Vec<Warning>) -> Outcome {
        match self.status.as_deref().map(str::to_ascii_uppercase).as_deref() {
            Some("PASS") => Outcome::Passed,
            Some("FAIL") if self.is_muted => Outcome::Excused,
            Some("FAIL") => Outcome::Failed,
            // What is on the list of exceptions of versions 2 and 3.
            Some("WARNING" | "MUTED") => Outcome::Excused,
            Some("INFO") => Outcome::Told,
            Some("MANUAL") => Outcome::Undecided,
            other => {
                let found = other.unwrap_or("nothing");
                let message = format!("expected PASS, FAIL, MANUAL or INFO, found {found}; somebody has to look");
                warnings.push(Warning { at: at.to_owned(), message });
                Outcome::Undecided
            }
        }
    }
}

/// `[check11] Avoid the use of the root account` is the id of a check and its title.
pub(crate) fn named(control: Option<&str>) -> (Option<String>, Option<String>) {
    let Some(control) = control else { return (None, None) };
    match control.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((check, title)) => (Some(check.to_owned()), Some(title.trim().to_owned())),
        None => (None, Some(control.to_owned())),
    }
}
