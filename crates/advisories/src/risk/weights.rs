//! The weights of the risk formula as data, with defaults that come to 100 points.

use serde::{Deserialize, Serialize};
use shipworthy_model::Severity;

use crate::risk::Level;

/// How many points each fact gives at most. What is left out has its default.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Weights {
    /// A CVSS score of 10, or malicious code.
    pub severity: u8,
    /// What severities count for where there is no score.
    pub words: Words,
    /// A probability of exploitation of 1 (EPSS).
    pub epss_probability: u8,
    /// A percentile of 1 (EPSS).
    pub epss_percentile: u8,
    /// Known to be exploited.
    pub known_exploited: u8,
    /// Known to be used by ransomware.
    pub ransomware: u8,
    /// Runs where anybody can reach it.
    pub internet: u8,
    /// Runs where the organisation can reach it.
    pub internal: u8,
    /// Runs where nobody from outside can reach it.
    pub isolated: u8,
    /// Runs in production.
    pub production: u8,
    /// A fix is known.
    pub fix: u8,
    /// The due date is reached; before it in proportion to the time that is gone.
    pub nearly_due: u8,
    /// Overdue for [`Self::overdue_days`], on top; before that in proportion.
    pub overdue: u8,
    /// After how many days overdue it gets no worse.
    pub overdue_days: u32,
    /// How much of the points an exception takes away, in percent.
    pub excused_percent: u8,
    /// From how many points on which word holds.
    pub levels: Levels,
    /// Of several risks together: which share of what is missing to 100 the others can come to, in percent.
    pub rest_percent: u8,
    /// Of several risks together: with how many points in sum the others come to half of that.
    pub rest_half: u32,
}

/// What severities count for where there is no score, on the scale of CVSS from 0 to 10.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Words {
    /// `critical`
    pub critical: f64,
    /// `high`
    pub high: f64,
    /// `medium`
    pub medium: f64,
    /// `low`
    pub low: f64,
    /// `info`
    pub info: f64,
    /// Nobody rated it. Never harmless.
    pub unknown: f64,
}

/// From how many points on which word holds. Above 0 and below `medium` it is `low`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Levels {
    /// `critical`
    pub critical: u8,
    /// `high`
    pub high: u8,
    /// `medium`
    pub medium: u8,
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            severity: 40,
            words: Words::default(),
            epss_probability: 10,
            epss_percentile: 5,
            known_exploited: 15,
            ransomware: 5,
            internet: 10,
            internal: 4,
            isolated: 1,
            production: 5,
            fix: 2,
            nearly_due: 3,
            overdue: 5,
            overdue_days: 30,
            excused_percent: 50,
            levels: Levels::default(),
            rest_percent: 25,
            rest_half: 200,
        }
    }
}

impl Default for Words {
    /// The middle of each band of CVSS; what nobody rated counts like the least that is high.
    fn default() -> Self {
        Self { critical: 9.5, high: 8.0, medium: 5.5, low: 2.0, info: 0.0, unknown: 7.0 }
    }
}

impl Default for Levels {
    fn default() -> Self {
        Self { critical: 75, high: 50, medium: 25 }
    }
}

impl Words {
    /// What a severity counts for.
    pub(crate) fn of(&self, severity: Severity) -> f64 {
        match severity {
            Severity::Critical => self.critical,
            Severity::High => self.high,
            Severity::Medium => self.medium,
            Severity::Low => self.low,
            Severity::Info => self.info,
            Severity::Unknown => self.unknown,
        }
    }
}

impl Levels {
    /// The word for points.
    #[must_use]
    pub fn of(&self, score: u8) -> Level {
        match score {
            0 => Level::None,
            score if score >= self.critical => Level::Critical,
            score if score >= self.high => Level::High,
            score if score >= self.medium => Level::Medium,
            _ => Level::Low,
        }
    }
}

impl Weights {
    /// Whether what is worse gives no less by these weights, and what is unknown is not harmless.
    ///
    /// # Errors
    /// A sentence: which weight, what was found, what was expected.
    pub fn check(&self) -> Result<(), String> {
        let Words { critical, high, medium, low, info, unknown } = self.words;
        let words = [10.0, critical, high, medium, low, info, 0.0];
        if !words.is_sorted_by(|left, right| left >= right) {
            return Err("the `words` of the risk do not fall from `critical` to `info`: expected 10 to 0".to_owned());
        }
        if !(unknown > 0.0 && unknown <= 10.0) {
            return Err(format!("`words.unknown` of the risk is {unknown}: expected more than 0 and at most 10"));
        }
        let Levels { critical, high, medium } = self.levels;
        if ![100, critical, high, medium, 1].is_sorted_by(|left, right| left >= right) {
            let found = format!("{critical}, {high}, {medium}");
            return Err(format!(
                "the `levels` of the risk are {found}: expected `critical`, `high`, `medium` to fall from 100 to 1"
            ));
        }
        if ![self.internet, self.internal, self.isolated].is_sorted_by(|left, right| left >= right) {
            return Err(
                "the risk of `internet`, `internal` and `isolated` does not fall: expected it in this order".to_owned()
            );
        }
        for (name, percent) in [("excused_percent", self.excused_percent), ("rest_percent", self.rest_percent)] {
            if percent > 100 {
                return Err(format!("`{name}` of the risk is {percent}: expected 0 to 100"));
            }
        }
        for (name, count) in [("overdue_days", self.overdue_days), ("rest_half", self.rest_half)] {
            if count == 0 {
                return Err(format!("`{name}` of the risk is 0: expected at least 1"));
            }
        }
        if self.severity == 0 {
            return Err("`severity` of the risk is 0: expected at least 1".to_owned());
        }
        Ok(())
    }
}
