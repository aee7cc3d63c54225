//! What to do about vulnerable components: how far each is behind, and which upgrade mends the most.

use crate::app::App;
use crate::correlate::advisory_of;
use crate::problem::{Answer, Problem as Failure};
use jiff::tz::TimeZone;
use shipworthy_advisories::advisory::{Advisory, Event};
use shipworthy_advisories::ecosystem::{Identity, identities};
use shipworthy_advisories::end_of_life::Product;
use shipworthy_advisories::lifecycle;
use shipworthy_advisories::patch_status::{Known, PatchStatus, patch_status};
use shipworthy_advisories::upgrades::{Problem, Upgrade, Vulnerable, upgrades};
use shipworthy_store::component::{self, Named};
use shipworthy_store::vulnerability_match::{self, VulnerabilityMatch};
use shipworthy_store::{Session, Visibility, advisory, advisory_vulnerability, product_life};
use std::collections::{BTreeMap, BTreeSet};

/// What the advisories under some keys say.
struct Said {
    /// The advisories by key.
    by_key: BTreeMap<String, Vec<Advisory>>,
    /// The vulnerabilities that each is about, by source and id.
    names: BTreeMap<(String, String), Vec<String>>,
}

/// The best next upgrades of these components, the one that mends the most first. `worth` says what mending a vulnerability is
/// worth.
///
/// # Errors
/// When the database fails.
pub(crate) async fn best_upgrades(
    session: &mut Session,
    components: &BTreeSet<u32>,
    worth: impl Fn(&str) -> u32,
) -> Answer<Vec<Upgrade>> {
    let matches = vulnerability_match::of_components(session, components).await?;
    let affected: BTreeSet<u32> =
        matches.iter().filter(|found| found.is_affected).map(|found| found.component).collect();
    let named = component::named(session, &affected).await?;
    let packages: Vec<(Named, Vec<Identity>)> = named.into_iter().filter_map(package).collect();
    let said = Said::about(session, packages.iter().flat_map(|(_, identities)| identities)).await?;
    let mut by_component: BTreeMap<u32, Vec<&VulnerabilityMatch>> = BTreeMap::new();
    for found in matches.iter().filter(|found| found.is_affected) {
        by_component.entry(found.component).or_default().push(found);
    }
    // Problems borrow lists of advisories, which therefore are made first.
    let about = packages.iter().map(|(named, identities)| {
        let of_it = by_component.get(&named.number).into_iter().flatten();
        of_it.map(|found| (*found, said.about_vulnerability(identities, &found.vulnerability))).collect()
    });
    let about: Vec<Vec<(&VulnerabilityMatch, Vec<&Advisory>)>> = about.collect();
    let problem = |(found, advisories)| problem(found, advisories, &worth);
    let problems: Vec<Vec<Problem<'_>>> = about
        .iter()
        .map(|of_it| of_it.iter().map(|(found, said)| (*found, said.as_slice())).map(problem).collect())
        .collect();
    let vulnerable: Vec<Vulnerable<'_>> = packages
        .iter()
        .zip(&problems)
        .map(|((named, identities), problems)| Vulnerable {
            name: named.purl.as_deref().unwrap_or(&named.name),
            identities,
            problems,
        })
        .collect();
    Ok(upgrades(&vulnerable))
}

fn problem<'a>(
    found: &'a VulnerabilityMatch,
    advisories: &'a [&'a Advisory],
    worth: &impl Fn(&str) -> u32,
) -> Problem<'a> {
    Problem { id: &found.vulnerability, severity: found.severity, weight: worth(&found.vulnerability), advisories }
}

/// How far a component is behind the versions of its package that are known: those that inventories name and the caller
/// may see, and those that advisories call mended. `None` where it is no package of a known ecosystem.
///
/// # Errors
/// When the database fails.
pub(crate) async fn status(
    app: &App,
    session: &mut Session,
    named: Named,
    visible: &Visibility,
) -> Answer<Option<PatchStatus>> {
    let product = product(session, &named).await?;
    let Some((_, identities)) = package(named) else { return Ok(None) };
    let Some(identity) = identities.iter().find(|identity| !identity.is_source).or(identities.first()) else {
        return Ok(None);
    };
    let said = Said::about(session, [identity].into_iter()).await?;
    let mut versions: BTreeSet<String> = said.fixed_versions();
    let keys = BTreeSet::from([identity.key.as_str().to_owned()]);
    let others = component::with_keys(session, &keys).await?.into_iter().map(|(_, other)| other);
    let usage = app.usage.read(session).await?;
    for other in others.filter(|other| usage.is_seen(other.number, visible)) {
        let of_other = package(other).map(|(_, identities)| identities).unwrap_or_default();
        let same = of_other.into_iter().filter(|other| other.key == identity.key && other.release == identity.release);
        versions.extend(same.filter_map(|other| other.version));
    }
    let versions: Vec<&str> = versions.iter().map(String::as_str).collect();
    let today = app.clock.now().to_zoned(TimeZone::UTC).date();
    Ok(Some(patch_status(identity, &Known { versions: &versions, product: product.as_ref(), today })))
}

/// The product that a component is, where its life is known. That of the distribution is not the package's own.
async fn product(session: &mut Session, named: &Named) -> Answer<Option<Product>> {
    let sought = lifecycle::sought(named.purl.as_deref(), named.version.as_deref(), named.cpe.as_deref());
    let keys: Vec<String> =
        sought.into_iter().filter(|sought| !sought.is_distribution).map(|sought| sought.key).collect();
    let found = product_life::with_keys(session, &keys).await?;
    // The closest key comes first.
    let closest = keys.iter().find_map(|key| found.iter().find(|(of, _)| of == key));
    let read = |(_, body): &(String, String)| {
        serde_json::from_str(body).map_err(|error| Failure::internal(format!("what is kept of a product: {error}")))
    };
    closest.map(read).transpose()
}

fn package(named: Named) -> Option<(Named, Vec<Identity>)> {
    let identities = identities(named.purl.as_deref()?, named.version.as_deref()).ok()?;
    (!identities.is_empty()).then_some((named, identities))
}

impl Said {
    async fn about(session: &mut Session, identities: impl Iterator<Item = &Identity>) -> Answer<Self> {
        let keys: BTreeSet<String> = identities.map(|identity| identity.key.as_str().to_owned()).collect();
        let mut by_key: BTreeMap<String, Vec<Advisory>> = BTreeMap::new();
        let mut ids = BTreeSet::new();
        for saying in advisory::about_keys(session, &keys).await? {
            let advisory = advisory_of(&saying.id, &saying.says)?;
            ids.insert(saying.id);
            by_key.entry(saying.key).or_default().push(advisory);
        }
        Ok(Self { by_key, names: advisory_vulnerability::of_records(session, &ids).await? })
    }

    fn about_vulnerability(&self, identities: &[Identity], vulnerability: &str) -> Vec<&Advisory> {
        let filed = identities.iter().filter_map(|identity| self.by_key.get(identity.key.as_str())).flatten();
        let is_about = |advisory: &&Advisory| {
            let names = self.names.get(&(advisory.source.clone(), advisory.id.clone()));
            names.is_some_and(|names| names.iter().any(|name| name == vulnerability))
        };
        filed.filter(is_about).collect()
    }

    fn fixed_versions(&self) -> BTreeSet<String> {
        let entries = self.by_key.values().flatten().flat_map(|advisory| &advisory.affected);
        let events = entries.flat_map(|entry| &entry.ranges).flat_map(|range| &range.events);
        let fixed = events.filter_map(|event| match event {
            Event::Fixed(fixed) => Some(fixed.clone()),
            Event::Introduced(_) | Event::IntroducedAfter(_) | Event::LastAffected(_) | Event::Limit(_) => None,
        });
        fixed.collect()
    }
}
