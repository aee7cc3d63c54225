//! What to do next: components with their vulnerabilities come in, upgrades come out, the one that mends the most first. Of
//! each component the nearest step on the same line of versions, and the step to the first version that is clean.

use std::cmp::{Ordering, Reverse};
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use shipworthy_model::{Severity, SeverityCounts};

use crate::advisory::{Advisory, Affected};
use crate::ecosystem::{Identity, key_of};
use crate::fixes::{Fixes, fixes, is_clean, later_fixes};
use crate::matching::{Answer, assess_entries, order_of};

/// How many versions are tried at most, beginning with the one that every advisory's own fix leads to. A later one is only
/// needed where a fix of one vulnerability lies in the range of another.
const MOST_TRIES: usize = 20;

/// A component with the vulnerabilities that affect it.
#[derive(Clone, Debug)]
pub struct Vulnerable<'a> {
    /// What it is called in the answer, such as its package URL.
    pub name: &'a str,
    /// The names by which advisories know it.
    pub identities: &'a [Identity],
    /// Its vulnerabilities.
    pub problems: &'a [Problem<'a>],
}

/// A vulnerability of a component.
#[derive(Clone, Debug)]
pub struct Problem<'a> {
    /// Its id.
    pub id: &'a str,
    /// How bad it is.
    pub severity: Severity,
    /// What mending it is worth: the points of its risk, times the places where it is. At least 1 is counted.
    pub weight: u32,
    /// What is known of it.
    pub advisories: &'a [&'a Advisory],
}

/// What can be done about one component.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upgrade {
    /// The component.
    pub component: String,
    /// The package that has to be upgraded: the component, or the source package that it was built from.
    pub package: String,
    /// Its version now.
    pub from: String,
    /// The step that mends the most on the same line, see [`Fixes::same_line`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub same_line: Option<Step>,
    /// The step to the first version that none of these vulnerabilities is in; where no such version is known, to the one
    /// that mends all that can be mended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clean: Option<Step>,
}

/// A step to another version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The version.
    pub to: String,
    /// The vulnerabilities that it mends, by their ids.
    pub fixes: Vec<String>,
    /// How many of each severity that are.
    pub counts: SeverityCounts,
    /// The sum of their weights.
    pub weight: u64,
    /// The vulnerabilities that it leaves, or of which it is not known.
    pub leaves: Vec<String>,
}

impl Upgrade {
    /// The step that mends more; of two that mend the same the one on the same line.
    #[must_use]
    pub fn best(&self) -> Option<&Step> {
        let steps = [&self.clean, &self.same_line].into_iter().flatten();
        steps.max_by_key(|step| (step.weight, step.fixes.len()))
    }

    /// In words, such as `upgrade log4j-core from 2.14.1 to 2.17.1: fixes 4 (2 critical, 2 medium)`.
    #[must_use]
    pub fn in_words(&self) -> String {
        let Self { package, from, .. } = self;
        let Some(Step { to, fixes, counts, leaves, .. }) = self.best() else {
            return format!("no version of {package} later than {from} is known to be mended");
        };
        let of_severity = |severity: &&Severity| counts.of(**severity) > 0;
        let counted = Severity::ALL.iter().rev().filter(of_severity);
        let counted: Vec<_> = counted.map(|severity| format!("{} {severity}", counts.of(*severity))).collect();
        let left = if leaves.is_empty() { String::new() } else { format!(", leaves {}", leaves.len()) };
        format!("upgrade {package} from {from} to {to}: fixes {} ({}){left}", fixes.len(), counted.join(", "))
    }
}

/// The upgrades by what they mend: the greatest weight first, then the most vulnerabilities, then by name. Components of
/// which nothing can be mended are left out. The order of what comes in does not matter.
#[must_use]
pub fn upgrades(components: &[Vulnerable<'_>]) -> Vec<Upgrade> {
    let mut upgrades: Vec<Upgrade> = components.iter().flat_map(of_component).collect();
    let gain = |upgrade: &Upgrade| upgrade.best().map(|step| (step.weight, step.fixes.len()));
    upgrades.sort_by(|left, right| {
        let gains = Reverse(gain(left)).cmp(&Reverse(gain(right)));
        gains.then_with(|| left.component.cmp(&right.component)).then_with(|| left.package.cmp(&right.package))
    });
    upgrades.dedup();
    upgrades
}

/// A vulnerability in one name of a component, with what the advisories say of that name.
struct Hole<'a> {
    problem: &'a Problem<'a>,
    entries: Vec<&'a Affected>,
    fixes: Fixes,
}

/// A component that was built from a source package can have vulnerabilities under both names, and each is upgraded by itself.
fn of_component(component: &Vulnerable<'_>) -> Vec<Upgrade> {
    let mut by_identity: BTreeMap<usize, Vec<Hole<'_>>> = BTreeMap::new();
    for problem in component.problems {
        let holes = component.identities.iter().enumerate();
        let hole = holes.filter_map(|(place, identity)| Some((place, hole(identity, problem)?))).next();
        if let Some((place, hole)) = hole {
            by_identity.entry(place).or_default().push(hole);
        }
    }
    let upgrade = |(place, mut holes): (usize, Vec<Hole<'_>>)| {
        holes.sort_by_key(|hole| hole.problem.id);
        upgrade(component.name, component.identities.get(place)?, &holes)
    };
    by_identity.into_iter().filter_map(upgrade).collect()
}

fn hole<'a>(identity: &Identity, problem: &'a Problem<'a>) -> Option<Hole<'a>> {
    let current = || problem.advisories.iter().filter(|advisory| advisory.withdrawn.is_none());
    let of_name = |advisory: &&'a Advisory| {
        advisory.affected.iter().filter(|entry| key_of(entry).as_ref() == Some(&identity.key)).collect::<Vec<_>>()
    };
    let is_affected =
        current().any(|advisory| matches!(assess_entries(identity, advisory, &of_name(advisory)), Answer::Affected(_)));
    let entries: Vec<_> = current().flat_map(of_name).collect();
    let fixes = fixes(identity, &entries);
    is_affected.then_some(Hole { problem, entries, fixes })
}

fn upgrade(name: &str, identity: &Identity, holes: &[Hole<'_>]) -> Option<Upgrade> {
    let order = holes.iter().find_map(|hole| hole.entries.iter().find_map(|entry| order_of(entry)))?;
    let compare = |left: &str, right: &str| order.compare(left, right).unwrap_or(Ordering::Equal);
    let latest = |versions: &mut dyn Iterator<Item = &str>| {
        versions.max_by(|left, right| compare(left, right).then_with(|| left.cmp(right))).map(str::to_owned)
    };
    let same_line = latest(&mut holes.iter().filter_map(|hole| hole.fixes.same_line.as_deref()));
    let nearest = latest(&mut holes.iter().filter_map(|hole| hole.fixes.nearest.as_deref()))?;
    let clean = first_clean(identity, holes, &nearest, compare).unwrap_or(nearest);
    let same_line = same_line.map(|version| step(identity, holes, &version)).filter(|step| !step.fixes.is_empty());
    let clean = Some(step(identity, holes, &clean)).filter(|step| !step.fixes.is_empty());
    let package = holes.iter().find_map(|hole| hole.entries.first()).map(|entry| entry.package.name.clone())?;
    let upgrade = Upgrade { component: name.to_owned(), package, from: identity.version.clone()?, same_line, clean };
    upgrade.best().is_some().then_some(upgrade)
}

/// The first version from `nearest` on that none of the vulnerabilities is in that can be mended, among those that are called
/// mended.
fn first_clean(
    identity: &Identity,
    holes: &[Hole<'_>],
    nearest: &str,
    compare: impl Fn(&str, &str) -> Ordering,
) -> Option<String> {
    let fixed = holes.iter().flat_map(|hole| later_fixes(identity, &hole.entries));
    let mut later: Vec<&str> = fixed.filter(|version| compare(version, nearest).is_ge()).collect();
    later.sort_by(|left, right| compare(left, right).then_with(|| left.cmp(right)));
    later.dedup();
    let can_be_mended = |hole: &&Hole<'_>| hole.fixes.nearest.is_some();
    let is_clean_of_all =
        |version: &&str| holes.iter().filter(can_be_mended).all(|hole| is_clean(identity, version, &hole.entries));
    later.into_iter().take(MOST_TRIES).find(is_clean_of_all).map(str::to_owned)
}

fn step(identity: &Identity, holes: &[Hole<'_>], to: &str) -> Step {
    let (mended, left): (Vec<_>, Vec<_>) = holes.iter().partition(|hole| is_clean(identity, to, &hole.entries));
    let ids = |holes: &[&Hole<'_>]| holes.iter().map(|hole| hole.problem.id.to_owned()).collect();
    Step {
        to: to.to_owned(),
        fixes: ids(&mended),
        counts: mended.iter().map(|hole| hole.problem.severity).collect(),
        weight: mended.iter().map(|hole| u64::from(hole.problem.weight.max(1))).sum(),
        leaves: ids(&left),
    }
}
