//! Tables of deadlines as data: those that come with Shipworthy, and those that users write in the same form.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use shipworthy_model::{EnvironmentKind, Exposure, Severity};

use crate::due::TechnicalImpact;
use crate::reading::{Unreadable, capped};

/// The latest due date that a rule can ask for, in days: ten years.
const MOST_DAYS: u32 = 3650;

/// The most rules that a table can have.
const MOST_RULES: usize = 500;

/// The tables that come with Shipworthy, by name.
const READY: [(&str, &str); 4] = [
    ("severity-days", include_str!("severity-days.json")),
    ("fedramp", include_str!("fedramp.json")),
    ("pci-dss-6.3.3", include_str!("pci-dss-6.3.3.json")),
    ("cisa-bod-26-04", include_str!("cisa-bod-26-04.json")),
];

/// A table of deadlines. The first rule that is met holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// The version of this form: 1.
    pub version: u32,
    /// By what name it is chosen: small letters, digits, `-` and `.`.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// Where it is published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Whether the date of the catalogue of known exploited vulnerabilities holds where it is earlier.
    #[serde(default)]
    pub catalogue_date: bool,
    /// Whether no time runs before there is a fix.
    #[serde(default)]
    pub waits_for_fix: bool,
    /// The rules; the last one has no condition.
    pub rules: Vec<Rule>,
}

/// A rule: its conditions, all of which must be met, and the deadline. A condition that is left out is always met.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// One of these severities.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub severities: Vec<Severity>,
    /// In an environment of one of these kinds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub environments: Vec<EnvironmentKind>,
    /// In an environment of one of these exposures.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exposures: Vec<Exposure>,
    /// Whether it is in the catalogue of known exploited vulnerabilities.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_exploited: Option<bool>,
    /// Whether an attack can be automated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub automatable: Option<bool>,
    /// What an attacker gains.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub technical_impact: Option<TechnicalImpact>,
    /// Until when.
    pub within: Within,
    /// Whether it is to be found out, too, if it was exploited before.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub investigation: bool,
}

/// How long a rule gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Within {
    /// So many days of 24 hours.
    Days(u32),
    /// Until the next upgrade.
    NextUpgrade,
    /// No date.
    Never,
}

impl Default for Table {
    /// The days by severity and kind of environment.
    fn default() -> Self {
        ready(READY[0].1)
    }
}

impl Table {
    /// The tables that come with Shipworthy, the default one first.
    #[must_use]
    pub fn all() -> Vec<Self> {
        READY.iter().map(|(_, text)| ready(text)).collect()
    }

    /// The table of this name that comes with Shipworthy.
    ///
    /// # Errors
    /// A sentence with the names that there are.
    pub fn named(name: &str) -> Result<Self, String> {
        let found = READY.iter().find(|(known, _)| *known == name);
        found.map(|(_, text)| ready(text)).ok_or_else(|| {
            let names: Vec<_> = READY.iter().map(|(known, _)| format!("`{known}`")).collect();
            format!("`{}` is no table of deadlines: expected one of {}", capped(name, 50), names.join(", "))
        })
    }

    /// Reads a table as JSON and checks it.
    ///
    /// # Errors
    /// What is wrong, and where.
    pub fn read(document: &str) -> Result<Self, Unreadable> {
        let table: Self = serde_json::from_str(document)
            .map_err(|error| Unreadable(format!("the document is not a table of deadlines: {error}")))?;
        table.check().map_err(Unreadable)?;
        Ok(table)
    }

    /// Whether it says something of every finding and every rule of it can be met.
    ///
    /// # Errors
    /// A sentence: which rule, what was found, what was expected.
    pub fn check(&self) -> Result<(), String> {
        let Self { version, name, title, source: _, catalogue_date: _, waits_for_fix: _, rules } = self;
        if *version != 1 {
            return Err(format!("the table of deadlines has `version` {version}: expected 1"));
        }
        let is_allowed = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "-.".contains(letter);
        if name.is_empty() || name.len() > 60 || !name.chars().all(is_allowed) {
            let shown = capped(name, 60);
            return Err(format!(
                "`{shown}` is no name of a table: expected up to 60 of `a` to `z`, digits, `-` and `.`"
            ));
        }
        if title.trim().is_empty() {
            return Err(format!("the table `{name}` has no `title`: expected what people call it"));
        }
        check_rules(rules).map_err(|error| format!("the table `{name}` {error}"))
    }
}

fn ready(text: &str) -> Table {
    Table::read(text).expect("a test reads each of these tables")
}

fn check_rules(rules: &[Rule]) -> Result<(), String> {
    if rules.len() > MOST_RULES {
        return Err(format!("has {} rules: expected at most {MOST_RULES}", rules.len()));
    }
    match rules.split_last() {
        None => return Err("has no rules: expected at least one".to_owned()),
        Some((last, _)) if !is_for_everything(last) => {
            return Err("ends in a rule with conditions: expected a last rule without, for everything else".to_owned());
        }
        Some((_, others)) => {
            if let Some(place) = others.iter().position(is_for_everything) {
                return Err(format!("has no condition in rule {}: the rules after it could never be met", place + 1));
            }
        }
    }
    let mut seen = BTreeSet::new();
    for (place, rule) in rules.iter().enumerate() {
        let place = place + 1;
        if let Within::Days(days) = rule.within
            && !(1..=MOST_DAYS).contains(&days)
        {
            return Err(format!("gives {days} days in rule {place}: expected 1 to {MOST_DAYS}"));
        }
        let conditions = Rule { within: Within::Never, investigation: false, ..rule.clone() };
        if !seen.insert(format!("{conditions:?}")) {
            return Err(format!("has in rule {place} the conditions of a rule before it: it could never be met"));
        }
    }
    Ok(())
}

fn is_for_everything(rule: &Rule) -> bool {
    let Rule { severities, environments, exposures, known_exploited, automatable, technical_impact, .. } = rule;
    let asks_for_one_of_several = !severities.is_empty() || !environments.is_empty() || !exposures.is_empty();
    !asks_for_one_of_several && known_exploited.is_none() && automatable.is_none() && technical_impact.is_none()
}
