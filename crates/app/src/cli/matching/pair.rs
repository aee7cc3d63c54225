//! One vulnerability of one component, with everything that is known of the two.

use crate::wording::shown;
use serde::Serialize;
use shipworthy_advisories::correlation::Match;
use shipworthy_advisories::matching::Reason;
use shipworthy_advisories::vex::{Question, Said, Stated, said};
use shipworthy_model::{Component, ComponentRef, Inventory, Severity, VexStatement, VexStatus};

/// One vulnerability of one component.
#[derive(Debug, Serialize)]
pub(super) struct Pair {
    /// The inventory.
    inventory: String,
    /// The component's name.
    pub(super) component: String,
    /// The component's version.
    pub(super) version: Option<String>,
    /// The component's package URL.
    pub(super) purl: Option<String>,
    /// The id by which people know the vulnerability.
    pub(super) vulnerability: String,
    /// Its other ids.
    aliases: Vec<String>,
    /// One line for people.
    pub(super) title: Option<String>,
    /// How bad it is.
    pub(super) severity: Severity,
    /// The CVSS score.
    pub(super) score: Option<f64>,
    /// The CVSS vector.
    vector: Option<String>,
    /// CWE numbers.
    cwes: Vec<u32>,
    /// The probability by EPSS that it is exploited in the next 30 days.
    epss: Option<f64>,
    /// The share of vulnerabilities with the same probability or a lower one.
    epss_percentile: Option<f64>,
    /// The day on which it entered CISA's catalogue of known exploited vulnerabilities.
    known_exploited_since: Option<String>,
    /// The day until which the catalogue tells to act.
    known_exploited_due: Option<String>,
    /// Whether the component has it.
    pub(super) state: State,
    /// Why it is affected, by advisory.
    reasons: Vec<Reason>,
    /// Why it is not known, by advisory.
    unknown: Vec<Doubt>,
    /// The nearest version that is mended, on the same line where there is one.
    nearest_fix: Option<String>,
    /// The first version that none of the advisories affects.
    clean_version: Option<String>,
    /// The statement that speaks about it.
    vex: Option<Heard>,
    /// Where to read more.
    references: Vec<String>,
}

/// Whether a component has a vulnerability.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum State {
    /// It has.
    Affected,
    /// It cannot be said.
    Unknown,
    /// It has by the advisories, and somebody is looking.
    UnderInvestigation,
    /// It has by its version, and a statement says that it is mended.
    Fixed,
    /// It has by its version, and a statement says that it does not matter there.
    NotAffected,
}

impl State {
    fn as_str(self) -> &'static str {
        match self {
            Self::Affected => "affected",
            Self::Unknown => "unknown",
            Self::UnderInvestigation => "under investigation",
            Self::Fixed => "fixed",
            Self::NotAffected => "not affected",
        }
    }
}

/// Why an advisory could not be decided.
#[derive(Debug, Serialize)]
struct Doubt {
    advisory: String,
    why: String,
}

/// A statement of VEX.
#[derive(Debug, Serialize)]
struct Heard {
    status: VexStatus,
    author: Option<String>,
    justification: Option<String>,
    because: String,
}

impl Pair {
    pub(super) fn new(
        inventory_name: &str,
        component: &Component,
        inventory: &Inventory,
        found: Match,
        statements: &[&VexStatement],
    ) -> Self {
        let named = reference(component);
        let products: Vec<ComponentRef> = inventory.describes.iter().map(reference).collect();
        let question = Question { vulnerability: &found.ids, component: &named, products: &products };
        let stated = statements.iter().map(|statement| Stated { statement, is_about_product: true });
        let (state, vex) = heard(said(stated, question), found.reasons.is_empty());
        let fixes = || found.reasons.iter().map(|reason| &reason.fixes);
        let same_line = fixes().find_map(|fixes| fixes.same_line.clone());
        let nearest_fix = same_line.or_else(|| fixes().find_map(|fixes| fixes.nearest.clone()));
        let (known_exploited_since, known_exploited_due) =
            found.known_exploited.map_or((None, None), |entry| (Some(entry.date_added), entry.due_date));
        Self {
            inventory: inventory_name.to_owned(),
            component: component.name.clone(),
            version: component.version.clone(),
            purl: component.purl.clone(),
            aliases: found.ids.into_iter().filter(|id| *id != found.vulnerability).collect(),
            vulnerability: found.vulnerability,
            title: found.title,
            severity: found.severity,
            score: found.cvss.as_ref().map(|(score, _)| *score),
            vector: found.cvss.map(|(_, vector)| vector),
            cwes: found.cwes,
            epss: found.exploitability.map(|exploitability| exploitability.probability),
            epss_percentile: found.exploitability.map(|exploitability| exploitability.percentile),
            known_exploited_since,
            known_exploited_due,
            state,
            reasons: found.reasons,
            unknown: found.unknown.into_iter().map(|(advisory, why)| Doubt { advisory, why }).collect(),
            nearest_fix,
            clean_version: found.clean_version,
            vex,
            references: found.references,
        }
    }

    /// Whether it speaks against a release: nobody says with reason that it does not.
    pub(super) fn counts(&self) -> bool {
        !matches!(self.state, State::Fixed | State::NotAffected)
    }

    /// Whether it counts and is as bad as this or worse. What nobody rated may be as bad as anything.
    pub(super) fn is_as_bad_as(&self, severity: Severity) -> bool {
        self.counts() && (self.severity >= severity || self.severity == Severity::Unknown)
    }

    /// What comes first: what counts, what is exploited, what is worse.
    pub(super) fn rank(&self) -> (bool, bool, Severity) {
        (self.counts(), self.known_exploited_since.is_some(), self.severity)
    }

    /// The order of what is equally bad.
    pub(super) fn order(&self) -> (&str, &str, &str) {
        (&self.component, self.version.as_deref().unwrap_or_default(), &self.vulnerability)
    }

    /// Why, in words: the statement, the range, or the doubt.
    pub(super) fn why(&self) -> String {
        let because = |heard: &Heard| {
            let author = heard.author.as_deref().unwrap_or("a VEX statement");
            let justification = heard.justification.as_ref().map(|word| format!(": {word}")).unwrap_or_default();
            format!("{author} says {}{justification}", heard.status)
        };
        let range = || self.reasons.first().map(|reason| format!("{} {}", reason.advisory, reason.range));
        let doubt = || self.unknown.first().map(|doubt| format!("{}: {}", doubt.advisory, doubt.why));
        let why = self.vex.as_ref().map(because).or_else(range).or_else(doubt).unwrap_or_default();
        let exploited = self.known_exploited_since.as_ref().map(|day| format!("; known exploited since {day}"));
        format!("{why}{}", exploited.unwrap_or_default())
    }

    /// Its row in a table for people.
    pub(super) fn row(&self) -> Vec<String> {
        let score = self.score.map(|score| format!(" {score:.1}")).unwrap_or_default();
        let fix = self.clean_version.as_ref().or(self.nearest_fix.as_ref());
        vec![
            shown(&self.vulnerability),
            format!("{}{score}", self.severity),
            shown(&self.component),
            shown(self.version.as_deref().unwrap_or("-")),
            shown(fix.map_or("-", String::as_str)),
            self.state.as_str().to_owned(),
            shown(&self.why()),
        ]
    }
}

/// What a statement makes of a match. That nothing was said leaves it as it is.
fn heard(said: Said<'_>, is_unknown: bool) -> (State, Option<Heard>) {
    let Said::Status { status, by, because, .. } = said else {
        return (if is_unknown { State::Unknown } else { State::Affected }, None);
    };
    let state = match status {
        VexStatus::Affected => State::Affected,
        VexStatus::Fixed => State::Fixed,
        VexStatus::NotAffected => State::NotAffected,
        VexStatus::UnderInvestigation => State::UnderInvestigation,
    };
    let heard = Heard { status, author: by.author.clone(), justification: by.justification.clone(), because };
    (state, Some(heard))
}

fn reference(component: &Component) -> ComponentRef {
    let Component { name, version, purl, .. } = component;
    ComponentRef { name: name.clone(), version: version.clone(), purl: purl.clone() }
}
