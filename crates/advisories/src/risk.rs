//! The risk of a finding, of a service and of an application: a published formula. Facts come in, points from 0 to 100 come
//! out, with reasons whose points add up to exactly that. What is worse never gives less.

mod weights;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use shipworthy_model::{EnvironmentKind, Exposure, Severity, VexStatus};

use crate::correlation::Exploitability;
use crate::due::{RunsIn, When};
pub use weights::{Levels, Weights, Words};

/// What is known of a finding, as far as its risk depends on it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct RiskInput {
    /// How bad it is in a word.
    pub severity: Severity,
    /// Its CVSS score from 0 to 10, where there is one.
    pub cvss: Option<f64>,
    /// Whether the package itself is malicious.
    pub is_malicious: bool,
    /// How likely it is exploited, by EPSS.
    pub exploitability: Option<Exploitability>,
    /// Whether it is known to be exploited.
    pub is_known_exploited: bool,
    /// Whether ransomware is known to use it.
    pub is_used_by_ransomware: bool,
    /// Where the affected thing runs; absent where it runs nowhere.
    pub environment: Option<RunsIn>,
    /// Whether a fix is known.
    pub has_fix: bool,
    /// How much of the time to mend it is gone.
    pub age: Age,
    /// Whether it still counts.
    pub standing: Standing,
}

/// How much of the time until a due date is gone.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Age {
    /// There is no due date.
    #[default]
    NoDate,
    /// This share of it, from 0 to 1.
    Within(f64),
    /// All of it, and so many days more.
    Overdue(u32),
}

impl Age {
    /// How much of the time from `first_known` until the due date is gone at `now`.
    #[must_use]
    pub fn of(first_known: Timestamp, due: When, now: Timestamp) -> Self {
        let When::At(due) = due else { return Self::NoDate };
        if now > due {
            let days = now.duration_since(due).as_hours() / 24;
            return Self::Overdue(u32::try_from(days).unwrap_or(u32::MAX));
        }
        let all = due.duration_since(first_known);
        let gone = now.duration_since(first_known);
        if all <= SignedDuration::ZERO {
            return Self::Within(1.0);
        }
        Self::Within((gone.as_secs_f64() / all.as_secs_f64()).clamp(0.0, 1.0))
    }
}

/// Whether a finding still counts, by VEX statements and exceptions. Later is worse.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// A statement that is believed says that the product contains the fix.
    Fixed,
    /// A statement that is believed says that the product is not affected.
    NotAffected,
    /// An exception excuses it.
    Excused,
    /// It counts: affected, under investigation, or nobody said anything.
    #[default]
    Open,
}

impl From<VexStatus> for Standing {
    fn from(status: VexStatus) -> Self {
        match status {
            VexStatus::Fixed => Self::Fixed,
            VexStatus::NotAffected => Self::NotAffected,
            VexStatus::Affected | VexStatus::UnderInvestigation => Self::Open,
        }
    }
}

/// A risk and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Risk {
    /// The points, from 0 to 100.
    pub score: u8,
    /// The word for them.
    pub level: Level,
    /// Why; the points add up to the score.
    pub because: Vec<Because>,
}

/// One reason of a risk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Because {
    /// What, in words.
    pub text: String,
    /// How many points it adds, or takes away.
    pub points: i32,
}

/// A word for a risk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Nobody rated it, and nothing else tells: the points are an assumption.
    Unknown,
    /// No risk.
    None,
    /// Little.
    Low,
    /// Some.
    Medium,
    /// Much.
    High,
    /// As much as there is.
    Critical,
}

impl Level {
    /// The word, as in the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::None => "none",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

/// The risk of one finding.
#[must_use]
pub fn assess(input: &RiskInput, weights: &Weights) -> Risk {
    let mut because = vec![of_severity(input, weights)];
    because.extend(of_exploitation(input, weights));
    because.extend(of_place(input, weights));
    because.extend(input.has_fix.then(|| reason("a fix is there to be taken, and to be read by others", weights.fix)));
    because.extend(of_age(input.age, weights));
    let is_rated = input.severity != Severity::Unknown || input.cvss.is_some() || input.is_malicious;
    because.retain(|reason| reason.points != 0);
    cap(&mut because);
    because.extend(of_standing(input.standing, sum(&because), weights));
    let score = score(&because);
    let level = weights.levels.of(score);
    let is_assumed = !is_rated && !input.is_known_exploited && level != Level::None;
    Risk { score, level: if is_assumed { Level::Unknown } else { level }, because }
}

/// The risk of a service or an application out of those of its findings, or of its services: the highest of them, and of
/// what is missing to 100 a share for all the others together that grows ever more slowly.
#[must_use]
pub fn together(risks: impl IntoIterator<Item = (u8, Level)>, weights: &Weights) -> Risk {
    let mut risks: Vec<_> = risks.into_iter().filter(|(score, _)| *score > 0).collect();
    risks.sort_unstable();
    let Some((highest, rest)) = risks.split_last() else {
        return Risk { score: 0, level: Level::None, because: Vec::new() };
    };
    let missing = 100_u64.saturating_sub(u64::from(highest.0));
    let others: u64 = rest.iter().map(|(score, _)| u64::from(*score)).sum();
    let most = missing * u64::from(weights.rest_percent.min(100));
    let added = most * others / ((others + u64::from(weights.rest_half).max(1)) * 100);
    let added = u8::try_from(added).expect("it is at most what is missing to 100");
    let text = if rest.is_empty() { "the only one".to_owned() } else { format!("the highest of {}", risks.len()) };
    let mut because = vec![reason(&text, highest.0)];
    if added > 0 {
        let text =
            if rest.len() == 1 { "the other one".to_owned() } else { format!("the {} others together", rest.len()) };
        because.push(reason(&text, added));
    }
    let score = score(&because);
    let is_assumed = risks.iter().all(|(_, level)| *level == Level::Unknown);
    let level = if is_assumed { Level::Unknown } else { weights.levels.of(score) };
    Risk { score, level, because }
}

fn reason(text: &str, points: u8) -> Because {
    Because { text: text.to_owned(), points: i32::from(points) }
}

/// This share of the points, rounded to the nearest whole one.
fn share_of(points: u8, share: f64) -> u8 {
    let share = if share.is_nan() { 0.0 } else { share.clamp(0.0, 1.0) };
    let rounded = (f64::from(points) * share).round();
    (0..=points).rev().find(|whole| f64::from(*whole) <= rounded).unwrap_or(0)
}

/// A score of ten gives all points. A score never counts for less than its word does: where the two contradict each other,
/// the worse one holds.
fn of_severity(input: &RiskInput, weights: &Weights) -> Because {
    let points = |out_of_ten: f64| share_of(weights.severity, out_of_ten / 10.0);
    if input.is_malicious {
        return reason("the package itself is malicious", weights.severity);
    }
    let severity = input.severity;
    match input.cvss.filter(|score| score.is_finite()) {
        Some(score) => {
            let score = score.clamp(0.0, 10.0);
            let least = least_score_of(severity);
            let text = if least > score {
                format!("severity {severity}, though its CVSS score is {score}")
            } else {
                format!("CVSS score {score}")
            };
            reason(&text, points(score.max(least)))
        }
        None if severity == Severity::Unknown => {
            let text = format!("nobody rated it: taken as {} of 10", weights.words.unknown);
            reason(&text, points(weights.words.unknown))
        }
        None => reason(&format!("severity {severity}"), points(weights.words.of(severity))),
    }
}

/// The least score of a severity's band, see [`Severity::of_score`].
fn least_score_of(severity: Severity) -> f64 {
    match severity {
        Severity::Critical => 9.0,
        Severity::High => 7.0,
        Severity::Medium => 4.0,
        Severity::Low => 0.1,
        Severity::Info | Severity::Unknown => 0.0,
    }
}

fn of_exploitation(input: &RiskInput, weights: &Weights) -> Vec<Because> {
    let mut because = Vec::new();
    if let Some(Exploitability { probability, percentile }) = input.exploitability {
        let percent = probability * 100.0;
        let text = format!("exploited within 30 days with a probability of {percent:.1} % (EPSS)");
        because.push(reason(&text, share_of(weights.epss_probability, probability)));
        let text = format!("more likely exploited than {:.0} % of all (EPSS)", (percentile * 100.0).floor());
        because.push(reason(&text, share_of(weights.epss_percentile, percentile)));
    }
    if input.is_known_exploited {
        because.push(reason("known to be exploited", weights.known_exploited));
    }
    if input.is_used_by_ransomware {
        because.push(reason("known to be used by ransomware", weights.ransomware));
    }
    because
}

fn of_place(input: &RiskInput, weights: &Weights) -> Vec<Because> {
    let Some(RunsIn { kind, exposure }) = input.environment else { return Vec::new() };
    let exposure = match exposure {
        Exposure::Internet => reason("runs where anybody can reach it", weights.internet),
        Exposure::Internal => reason("runs where the organisation can reach it", weights.internal),
        Exposure::Isolated => reason("runs where nobody from outside can reach it", weights.isolated),
    };
    let production = (kind == EnvironmentKind::Production).then(|| reason("runs in production", weights.production));
    std::iter::once(exposure).chain(production).collect()
}

fn of_age(age: Age, weights: &Weights) -> Option<Because> {
    match age {
        Age::NoDate => None,
        Age::Within(share) => {
            let percent = share.clamp(0.0, 1.0) * 100.0;
            let text = format!("{percent:.0} % of the time until its due date are gone");
            Some(reason(&text, share_of(weights.nearly_due, share)))
        }
        Age::Overdue(days) => {
            let share = f64::from(days) / f64::from(weights.overdue_days.max(1));
            let plural = if days == 1 { "day" } else { "days" };
            let text = if days == 0 { "overdue".to_owned() } else { format!("overdue for {days} {plural}") };
            Some(reason(&text, weights.nearly_due.saturating_add(share_of(weights.overdue, share))))
        }
    }
}

/// With weights of one's own the points can come to more than there are.
fn cap(because: &mut Vec<Because>) {
    let above = sum(because).saturating_sub(100);
    if above > 0 {
        because.push(Because { text: "no risk has more than 100 points".to_owned(), points: -above });
    }
}

fn of_standing(standing: Standing, points: i32, weights: &Weights) -> Option<Because> {
    let (text, percent) = match standing {
        Standing::Open => return None,
        Standing::Excused => ("excused by an exception", i32::from(weights.excused_percent.min(100))),
        Standing::NotAffected => ("a VEX statement says that it is not affected", 100),
        Standing::Fixed => ("a VEX statement says that it is fixed", 100),
    };
    Some(Because { text: text.to_owned(), points: -(points * percent / 100) }).filter(|reason| reason.points != 0)
}

fn sum(because: &[Because]) -> i32 {
    because.iter().map(|reason| reason.points).sum()
}

fn score(because: &[Because]) -> u8 {
    u8::try_from(sum(because).clamp(0, 100)).unwrap_or(100)
}
