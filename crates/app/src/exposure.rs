//! The vulnerabilities of everything that is known here, each once: how bad, how likely exploited, where it runs, until when it
//! has to be mended, and what risk that makes. What does not depend on who asks is kept in memory until something of it
//! changes.

use crate::app::App;
use crate::problem::Answer;
use crate::usage::{Places, Reach};
use jiff::Timestamp;
use shipworthy_advisories::correlation::Exploitability;
use shipworthy_advisories::due::{Catalogued, Due, DueInput, Fix, RunsIn, TechnicalImpact, due};
use shipworthy_advisories::risk::{Age, Risk, RiskInput, assess};
use shipworthy_model::{EnvironmentId, Severity, SeverityCounts};
use shipworthy_store::known_exploited::{self, Entry};
use shipworthy_store::vulnerability_match::{self, Brief, of_tenths};
use shipworthy_store::{Session, Visibility, exploitability, generation, whereabouts};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, PoisonError, RwLock};

/// A vulnerability of some components.
#[derive(Clone, Debug)]
pub(crate) struct Vulnerable {
    /// Its name.
    pub(crate) name: String,
    /// One line for people; may be empty.
    pub(crate) title: String,
    /// The worst that is known of it in any of the components.
    pub(crate) severity: Severity,
    /// The highest CVSS score, in tenths.
    pub(crate) score: Option<i64>,
    /// Whether a version without it is known for every one of the components.
    pub(crate) is_fixable: bool,
    /// Since when it is known here.
    pub(crate) first_at: Timestamp,
    /// How likely it is exploited.
    pub(crate) exploitability: Option<Exploitability>,
    /// Its entry in the catalogue.
    pub(crate) known_exploited: Option<Entry>,
    /// The components that have it.
    pub(crate) components: BTreeSet<u32>,
    /// The components of which it cannot be decided.
    pub(crate) undecided: BTreeSet<u32>,
    is_automatable: Option<bool>,
    impact: Option<TechnicalImpact>,
    is_malicious: bool,
}

/// Every vulnerability of any component, by name.
#[derive(Clone, Debug, Default)]
pub(crate) struct All {
    /// By name.
    pub(crate) by_name: BTreeMap<String, Vulnerable>,
    /// The names of the vulnerabilities of each component that has one.
    pub(crate) by_component: HashMap<u32, Vec<String>>,
}

/// The copy in memory, with the generations that it is of.
#[derive(Debug, Default)]
pub(crate) struct Exposures {
    all: RwLock<Option<(Generations, Arc<All>)>>,
    /// For those who see everything: what is of these generations and this hour. Risks and due dates go by days.
    exposed: RwLock<Option<OfHour>>,
}

/// Everything exposed, of which generations and of which hour.
type OfHour = (Generations, i64, Arc<Vec<Exposed>>);

/// Matches, vulnerability data, the catalogue; releases and what runs, inventories.
type Generations = [Option<i64>; 5];

const OF_ALL: [&str; 5] = ["matches", "advisories", "rules", "releases", "inventory"];

/// A vulnerability where the caller can see it.
#[derive(Clone, Debug)]
pub(crate) struct Exposed {
    /// Its name.
    pub(crate) name: String,
    /// How many components of visible releases have it.
    pub(crate) components: usize,
    /// Where it is.
    pub(crate) reach: Reach,
    /// Until when it has to be mended: the earliest of where it runs.
    pub(crate) due: Due,
    /// The greatest risk of where it runs.
    pub(crate) risk: Risk,
}

impl All {
    /// The components that have a vulnerability.
    pub(crate) fn affected(&self) -> BTreeSet<u32> {
        self.by_name.values().flat_map(|known| known.components.iter().copied()).collect()
    }

    /// How many vulnerabilities of each severity a component has, and of how many it cannot be decided.
    pub(crate) fn counts(&self, component: u32) -> (SeverityCounts, u64) {
        let names = self.by_component.get(&component).into_iter().flatten();
        let known: Vec<&Vulnerable> = names.filter_map(|name| self.by_name.get(name)).collect();
        let (affected, undecided): (Vec<&Vulnerable>, Vec<&Vulnerable>) =
            known.into_iter().partition(|known| known.components.contains(&component));
        (affected.into_iter().map(|known| known.severity).collect(), undecided.len() as u64)
    }
}

/// What mending a vulnerability is worth: the points of its risk where it runs nowhere.
pub(crate) fn worth(app: &App, all: &All, vulnerability: &str) -> u32 {
    let known = all.by_name.get(vulnerability);
    known.map_or(1, |known| u32::from(known.judged(app, None, app.clock.now()).1.score))
}

impl Exposures {
    /// Everything as of now.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn read(&self, session: &mut Session) -> Answer<Arc<All>> {
        Ok(self.read_with(session).await?.1)
    }

    async fn read_with(&self, session: &mut Session) -> Answer<(Generations, Arc<All>)> {
        let now = generation::all(session).await?;
        let now = OF_ALL.map(|name| now.get(name).copied());
        let kept = self.all.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((_, all)) = kept.filter(|(of, _)| of[..3] == now[..3]) {
            return Ok((now, all));
        }
        let all = Arc::new(gather(session).await?);
        *self.all.write().unwrap_or_else(PoisonError::into_inner) = Some((now, Arc::clone(&all)));
        Ok((now, all))
    }
}

async fn gather(session: &mut Session) -> Answer<All> {
    let mut all = All::default();
    for brief in vulnerability_match::all(session).await? {
        all.by_component.entry(brief.component).or_default().push(brief.vulnerability.clone());
        match all.by_name.get_mut(&brief.vulnerability) {
            Some(known) => known.add(&brief),
            None => drop(all.by_name.insert(brief.vulnerability.clone(), Vulnerable::of(&brief))),
        }
    }
    let names: BTreeSet<&str> = all.by_name.keys().map(String::as_str).collect();
    let scores = exploitability::of(session, &names).await?;
    for (name, score) in scores {
        if let Some(known) = all.by_name.get_mut(&name) {
            let (probability, percentile) = (share(score.probability), share(score.percentile));
            known.exploitability = Some(Exploitability { probability, percentile });
        }
    }
    for entry in known_exploited::all(session).await? {
        if let Some(known) = all.by_name.get_mut(&entry.vulnerability) {
            known.known_exploited = Some(entry);
        }
    }
    Ok(all)
}

/// The share that billionths are; a decimal comes back as it was.
#[expect(clippy::cast_precision_loss, reason = "at most a billion, which a float holds exactly")]
pub(crate) fn share(billionths: i64) -> f64 {
    billionths as f64 / 1e9
}

impl Vulnerable {
    fn of(brief: &Brief) -> Self {
        let mut known = Self {
            name: brief.vulnerability.clone(),
            title: brief.title.clone(),
            severity: brief.severity,
            score: brief.score,
            is_fixable: true,
            first_at: brief.first_at,
            exploitability: None,
            known_exploited: None,
            components: BTreeSet::new(),
            undecided: BTreeSet::new(),
            is_automatable: brief.is_automatable,
            impact: brief
                .is_total_impact
                .map(|is_total| if is_total { TechnicalImpact::Total } else { TechnicalImpact::Partial }),
            is_malicious: brief.is_malicious,
        };
        known.add(brief);
        known
    }

    fn add(&mut self, brief: &Brief) {
        self.severity = self.severity.max(brief.severity);
        self.score = self.score.max(brief.score);
        self.first_at = self.first_at.min(brief.first_at);
        if brief.is_affected {
            self.is_fixable &= brief.is_fixable;
            self.components.insert(brief.component);
        } else {
            self.undecided.insert(brief.component);
        }
    }

    /// The highest CVSS score from 0 to 10.
    pub(crate) fn cvss(&self) -> Option<f64> {
        self.score.map(of_tenths)
    }

    /// Until when it has to be mended in an environment, or at all, and the risk there.
    pub(crate) fn judged(&self, app: &App, environment: Option<RunsIn>, now: Timestamp) -> (Due, Risk) {
        let entry = self.known_exploited.as_ref();
        let due = due(
            &DueInput {
                severity: self.severity,
                known_exploited: entry.map(|entry| Catalogued::of(Some(&entry.date_added), entry.due_date.as_deref())),
                environment,
                automatable: self.is_automatable,
                technical_impact: self.impact,
                fix: if self.is_fixable { Fix::Available { since: None } } else { Fix::Unknown },
                first_known: self.first_at,
            },
            &app.settings.due_dates,
        );
        let input = RiskInput {
            severity: self.severity,
            cvss: self.cvss(),
            is_malicious: self.is_malicious,
            exploitability: self.exploitability,
            is_known_exploited: entry.is_some(),
            is_used_by_ransomware: entry.is_some_and(|entry| entry.is_ransomware),
            environment,
            has_fix: self.is_fixable,
            age: Age::of(self.first_at, due.when, now),
            ..RiskInput::default()
        };
        let risk = assess(&input, &app.settings.risk_weights);
        (due, risk)
    }
}

/// Every vulnerability in a visible release, the greatest risk first.
///
/// # Errors
/// When the database fails.
pub(crate) async fn exposed(
    app: &App,
    session: &mut Session,
    visible: &Visibility,
) -> Answer<(Arc<All>, Arc<Vec<Exposed>>)> {
    let (generations, all) = app.exposures.read_with(session).await?;
    let (now, sees_all) = (app.clock.now(), *visible == Visibility::Everything);
    let hour = now.as_second() / 3_600;
    let kept = app.exposures.exposed.read().unwrap_or_else(PoisonError::into_inner).clone();
    if let Some((_, _, exposed)) = kept.filter(|(of, at, _)| sees_all && *of == generations && *at == hour) {
        return Ok((all, exposed));
    }
    let environments = environments(session).await?;
    let usage = app.usage.read(session).await?;
    let mut exposed: Vec<Exposed> =
        all.by_name.values().filter_map(|known| one(app, known, &usage, visible, &environments, now)).collect();
    drop(usage);
    exposed.sort_by(|one, other| {
        (other.risk.score, other.reach.running, &one.name).cmp(&(one.risk.score, one.reach.running, &other.name))
    });
    let exposed = Arc::new(exposed);
    if sees_all {
        let kept = Some((generations, hour, Arc::clone(&exposed)));
        *app.exposures.exposed.write().unwrap_or_else(PoisonError::into_inner) = kept;
    }
    Ok((all, exposed))
}

/// Where things may run, by environment.
///
/// # Errors
/// When the database fails.
pub(crate) async fn environments(session: &mut Session) -> Answer<BTreeMap<EnvironmentId, RunsIn>> {
    let all = whereabouts::environments(session).await?;
    let runs_in =
        |environment: whereabouts::Surroundings| RunsIn { kind: environment.kind, exposure: environment.exposure };
    Ok(all.into_iter().map(|(id, environment)| (id, runs_in(environment))).collect())
}

/// `None` where no visible release has it.
fn one(
    app: &App,
    known: &Vulnerable,
    usage: &Places,
    visible: &Visibility,
    environments: &BTreeMap<EnvironmentId, RunsIn>,
    now: Timestamp,
) -> Option<Exposed> {
    let reach = usage.reach(&known.components, visible);
    if reach.releases == 0 {
        return None;
    }
    let (due, risk) = worst(app, known, &reach, environments, now);
    let components = known.components.iter().filter(|number| usage.is_seen(**number, visible)).count();
    Some(Exposed { name: known.name.clone(), components, reach, due, risk })
}

/// The earliest date and the greatest risk of all places where it runs; what runs nowhere has those of no place.
pub(crate) fn worst(
    app: &App,
    known: &Vulnerable,
    reach: &Reach,
    environments: &BTreeMap<EnvironmentId, RunsIn>,
    now: Timestamp,
) -> (Due, Risk) {
    let places = reach.environments.iter().filter_map(|id| environments.get(id)).copied();
    let (mut due, mut risk) = known.judged(app, None, now);
    for (is_later, place) in places.enumerate() {
        let (here, of_here) = known.judged(app, Some(place), now);
        if is_later == 0 || here.when < due.when {
            due = here;
        }
        if is_later == 0 || of_here.score > risk.score {
            risk = of_here;
        }
    }
    (due, risk)
}
