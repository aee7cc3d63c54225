//! Until when something has to be done about a vulnerability: the facts of a finding and a table of deadlines come in, a due
//! date with its reason comes out. What is not known is taken as the more urgent, and said so.

mod table;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use shipworthy_model::{EnvironmentKind, Exposure, Severity};

use crate::advisory::Ssvc;
use crate::known_exploited::Entry;
pub use table::{Rule, Table, Within};

/// What is known of a finding, as far as deadlines ask for it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DueInput {
    /// How bad it is.
    pub severity: Severity,
    /// Its entry in the catalogue of known exploited vulnerabilities; absent where it has none.
    pub known_exploited: Option<Catalogued>,
    /// Where the affected thing runs; absent where it runs nowhere. A finding that runs in several environments is asked
    /// for each, and the earliest date holds, see [`When`].
    pub environment: Option<RunsIn>,
    /// Whether an attacker can automate it (SSVC); absent where nobody said so.
    pub automatable: Option<bool>,
    /// What an attacker gains (SSVC); absent where nobody said so.
    pub technical_impact: Option<TechnicalImpact>,
    /// Whether there is a fix.
    pub fix: Fix,
    /// Since when we know of it.
    pub first_known: Timestamp,
}

/// An environment, as far as deadlines ask for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunsIn {
    /// What it is for.
    pub kind: EnvironmentKind,
    /// Who can reach it.
    pub exposure: Exposure,
}

/// The days of an entry of the catalogue of known exploited vulnerabilities.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Catalogued {
    /// When it was added, where that can be read.
    pub added: Option<Date>,
    /// The day until which the catalogue tells to act, where it says so.
    pub due: Option<Date>,
}

impl Catalogued {
    /// From the days as the catalogue states them (`2026-11-20`). What is no day counts as not said.
    #[must_use]
    pub fn of(added: Option<&str>, due: Option<&str>) -> Self {
        let day = |stated: Option<&str>| stated.and_then(|stated| stated.trim().parse().ok());
        Self { added: day(added), due: day(due) }
    }
}

impl From<&Entry> for Catalogued {
    fn from(entry: &Entry) -> Self {
        Self::of(Some(&entry.date_added), entry.due_date.as_deref())
    }
}

/// What an attacker gains, in the words of SSVC. <https://certcc.github.io/SSVC/reference/decision_points/technical_impact/>
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TechnicalImpact {
    /// Limited control, or information.
    Partial,
    /// Total control, or everything that is there to be read.
    Total,
}

impl Ssvc {
    /// Whether an attacker can automate it; absent where it is not said, or in other words than `yes` and `no`.
    #[must_use]
    pub fn is_automatable(&self) -> Option<bool> {
        match self.automatable.as_deref()?.to_ascii_lowercase().as_str() {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        }
    }

    /// What an attacker gains; absent where it is not said, or in other words than `partial` and `total`.
    #[must_use]
    pub fn impact(&self) -> Option<TechnicalImpact> {
        match self.technical_impact.as_deref()?.to_ascii_lowercase().as_str() {
            "partial" => Some(TechnicalImpact::Partial),
            "total" => Some(TechnicalImpact::Total),
            _ => None,
        }
    }
}

/// Whether there is a fix.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fix {
    /// Nobody said.
    #[default]
    Unknown,
    /// There is none.
    Missing,
    /// There is one, since when where that is known.
    Available {
        /// When it was released.
        since: Option<Timestamp>,
    },
}

/// Until when something has to be done. Earlier is more urgent: any date before the next upgrade, and that before no date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum When {
    /// Until this instant.
    At(Timestamp),
    /// With the next upgrade, whenever that is.
    OnNextUpgrade,
    /// No date.
    Never,
}

/// A due date and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Due {
    /// Until when.
    pub when: When,
    /// Whether it is to be found out, too, if the vulnerability was exploited before it was mended.
    pub is_investigation_asked: bool,
    /// Why, in a sentence.
    pub because: String,
    /// What is not known, made a difference and was taken as the more urgent, in a sentence each.
    pub assumed: Vec<String>,
}

impl Due {
    /// Whether the date is over at `now`. What has none is never over.
    #[must_use]
    pub fn is_over(&self, now: Timestamp) -> bool {
        matches!(self.when, When::At(at) if at < now)
    }
}

/// Until when something has to be done about a finding, by a table. That a vulnerability became known as exploited never
/// moves its date back: the clock of those rules begins when it entered the catalogue, and the date it had before stays
/// where that is earlier.
#[must_use]
pub fn due(input: &DueInput, table: &Table) -> Due {
    let is_known_exploited = input.known_exploited.is_some();
    let (case, mut best) = most_urgent(input, table, is_known_exploited);
    let assumed = assumed(input, table, &case, &best);
    let before = is_known_exploited.then(|| most_urgent(input, table, false).1);
    if let Some(before) = before.filter(|before| before.when < best.when) {
        best.when = before.when;
        best.because = format!("{}, as it was before it was known to be exploited", before.because);
    }
    let of_catalogue = input.known_exploited.and_then(|entry| entry.due).filter(|_| table.catalogue_date);
    if let Some((day, end)) = of_catalogue.and_then(|day| Some((day, end_of(day)?)))
        && When::At(end) < best.when
    {
        best.when = When::At(end);
        best.because = format!("the catalogue of known exploited vulnerabilities says until {day}");
    }
    let because = format!("{}: {}", table.title, best.because);
    Due { when: best.when, is_investigation_asked: best.is_investigation_asked, because, assumed }
}

/// The finding with everything known that a rule may ask for.
#[derive(Clone, Copy)]
struct Case {
    is_known_exploited: bool,
    automatable: bool,
    technical_impact: TechnicalImpact,
}

/// What a table says of a case.
struct Outcome {
    when: When,
    is_investigation_asked: bool,
    because: String,
}

impl Outcome {
    fn urgency(&self) -> (When, bool) {
        (self.when, !self.is_investigation_asked)
    }
}

/// Of all the cases that the finding may be, the one with the earliest date; of several, the one that assumes the worst.
fn most_urgent(input: &DueInput, table: &Table, is_known_exploited: bool) -> (Case, Outcome) {
    use TechnicalImpact::{Partial, Total};
    let automatable = input.automatable.map_or(vec![true, false], |is| vec![is]);
    let impacts = input.technical_impact.map_or(vec![Total, Partial], |impact| vec![impact]);
    let cases = automatable.into_iter().flat_map(|automatable| {
        impacts.iter().map(move |impact| Case { is_known_exploited, automatable, technical_impact: *impact })
    });
    let outcomes = cases.map(|case| (case, outcome(input, table, &case)));
    outcomes.min_by_key(|(_, outcome)| outcome.urgency()).expect("every finding is at least one case")
}

fn outcome(input: &DueInput, table: &Table, case: &Case) -> Outcome {
    let Some(rule) = table.rules.iter().find(|rule| is_met(rule, input, case)) else {
        let because = "no rule of the table is about it".to_owned();
        return Outcome { when: When::Never, is_investigation_asked: false, because };
    };
    let is_investigation_asked = rule.investigation;
    let facts = facts(table, rule, input, case);
    match rule.within {
        Within::Days(_) if table.waits_for_fix && input.fix == Fix::Missing => {
            let because = format!("{facts}, and no time runs before there is a fix");
            Outcome { when: When::Never, is_investigation_asked, because }
        }
        Within::Days(days) => {
            let (start, since) = start(input, table, rule);
            let plural = if days == 1 { "day" } else { "days" };
            let because = format!("{facts}, {days} {plural} from {}, {since}", day_of(start));
            Outcome { when: after(start, days), is_investigation_asked, because }
        }
        Within::NextUpgrade => {
            let because = format!("{facts}, on the next upgrade");
            Outcome { when: When::OnNextUpgrade, is_investigation_asked, because }
        }
        Within::Never => {
            Outcome { when: When::Never, is_investigation_asked, because: format!("{facts}, no date is set") }
        }
    }
}

fn is_met(rule: &Rule, input: &DueInput, case: &Case) -> bool {
    let Rule { severities, environments, exposures, known_exploited, automatable, technical_impact, .. } = rule;
    let kind = input.environment.map(|environment| environment.kind);
    let exposure = input.environment.map(|environment| environment.exposure);
    (severities.is_empty() || severities.contains(&input.severity))
        && (environments.is_empty() || kind.is_some_and(|kind| environments.contains(&kind)))
        && (exposures.is_empty() || exposure.is_some_and(|exposure| exposures.contains(&exposure)))
        && known_exploited.is_none_or(|asked| asked == case.is_known_exploited)
        && automatable.is_none_or(|asked| asked == case.automatable)
        && technical_impact.is_none_or(|asked| asked == case.technical_impact)
}

/// What the table asks of the finding, in words: what is known of it, and what had to be assumed for this rule.
fn facts(table: &Table, rule: &Rule, input: &DueInput, case: &Case) -> String {
    let asks = |about: fn(&Rule) -> bool| table.rules.iter().any(about);
    let severity = asks(|rule| !rule.severities.is_empty()).then(|| format!("severity {}", input.severity));
    let exploited = if case.is_known_exploited { "known to be exploited" } else { "not known to be exploited" };
    let exploited = asks(|rule| rule.known_exploited.is_some()).then(|| exploited.to_owned());
    let asks_where = asks(|rule| !rule.environments.is_empty() || !rule.exposures.is_empty());
    let place = input.environment.filter(|_| asks_where);
    let kind = place.filter(|_| asks(|rule| !rule.environments.is_empty())).map(|place| format!("in {}", place.kind));
    let exposure = place.filter(|_| asks(|rule| !rule.exposures.is_empty()));
    let exposure = exposure.map(|place| format!("exposure {}", place.exposure));
    let nowhere = (asks_where && place.is_none()).then(|| "running nowhere".to_owned());
    let is_told = asks(|rule| rule.automatable.is_some()) && input.automatable.is_some() || rule.automatable.is_some();
    let automatable = if case.automatable { "automatable" } else { "not automatable" };
    let automatable = is_told.then(|| automatable.to_owned());
    let is_told = asks(|rule| rule.technical_impact.is_some()) && input.technical_impact.is_some()
        || rule.technical_impact.is_some();
    let impact = is_told.then(|| format!("technical impact {}", word(case.technical_impact)));
    let facts = [severity, exploited, nowhere, kind, exposure, automatable, impact].into_iter().flatten();
    let facts: Vec<_> = facts.collect();
    if facts.is_empty() { "every finding".to_owned() } else { facts.join(", ") }
}

/// When the clock of a rule begins, and why then.
fn start(input: &DueInput, table: &Table, rule: &Rule) -> (Timestamp, &'static str) {
    let first = (input.first_known, "since when it is known");
    let later = |held: (Timestamp, &'static str), next: Option<Timestamp>, why| match next {
        Some(next) if next > held.0 => (next, why),
        _ => held,
    };
    let added = input.known_exploited.filter(|_| rule.known_exploited == Some(true)).and_then(|entry| entry.added);
    let start = later(first, added.and_then(start_of), "when it was catalogued as exploited");
    let fixed = match input.fix {
        Fix::Available { since } if table.waits_for_fix => since,
        Fix::Available { .. } | Fix::Missing | Fix::Unknown => None,
    };
    later(start, fixed, "since when there is a fix")
}

fn after(start: Timestamp, days: u32) -> When {
    let due = SignedDuration::from_hours(24).checked_mul(i32::try_from(days).unwrap_or(i32::MAX));
    due.and_then(|due| start.checked_add(due).ok()).map_or(When::Never, When::At)
}

fn start_of(day: Date) -> Option<Timestamp> {
    day.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

/// The last second of a day in UTC: who acts on that day acts in time.
fn end_of(day: Date) -> Option<Timestamp> {
    let last = DateTime::from_parts(day, Time::constant(23, 59, 59, 0));
    last.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

fn day_of(instant: Timestamp) -> Date {
    instant.to_zoned(TimeZone::UTC).date()
}

/// The unknowns that made a difference: with the other value the table says something milder.
fn assumed(input: &DueInput, table: &Table, case: &Case, best: &Outcome) -> Vec<String> {
    use TechnicalImpact::{Partial, Total};
    let matters = |other: Case| outcome(input, table, &other).urgency() != best.urgency();
    let mut assumed = Vec::new();
    if input.automatable.is_none() && matters(Case { automatable: !case.automatable, ..*case }) {
        let taken = if case.automatable { "that it can be" } else { "that it cannot be" };
        assumed.push(format!("it is not known whether an attack can be automated; assumed {taken}"));
    }
    let other = if case.technical_impact == Total { Partial } else { Total };
    if input.technical_impact.is_none() && matters(Case { technical_impact: other, ..*case }) {
        let taken = word(case.technical_impact);
        assumed.push(format!("the technical impact is not known; assumed {taken}"));
    }
    if input.fix == Fix::Unknown && table.waits_for_fix && matches!(best.when, When::At(_)) {
        assumed.push("it is not known whether there is a fix; assumed that there is".to_owned());
    }
    assumed
}

fn word(impact: TechnicalImpact) -> &'static str {
    match impact {
        TechnicalImpact::Partial => "partial",
        TechnicalImpact::Total => "total",
    }
}
