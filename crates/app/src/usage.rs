//! Which inventories have a component, and where these are used: a copy in memory of sets that the database keeps. It is
//! brought up to date before each question, as far as something changed, and a replica that starts reads it anew.
//!
//! For each component it holds the numbers of the inventories that name it, as distances in few bytes; an inventory that
//! arrives has a greater number than all before, so that its number is appended.

use crate::problem::Answer;
use shipworthy_model::{ApplicationId, DeploymentId, EnvironmentId, ReleaseId};
use shipworthy_store::{NumberSet, Session, Visibility, generation, inventory, whereabouts};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

/// The copy.
#[derive(Debug, Default)]
pub(crate) struct Usage(RwLock<Places>);

/// Where components are.
#[derive(Debug, Default)]
pub(crate) struct Places {
    /// The last inventory that was read.
    last_inventory: u32,
    /// The generation of releases and deployments that was read.
    releases_generation: Option<i64>,
    by_component: Vec<NumberSet>,
    /// The releases for which each inventory speaks, by their places in `releases`.
    by_inventory: Vec<Vec<u32>>,
    releases: Vec<PlacedRelease>,
}

/// A release, and where it runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PlacedRelease {
    /// The release.
    pub(crate) id: ReleaseId,
    /// The application that it is of.
    pub(crate) application: ApplicationId,
    /// The inventories that speak for it.
    pub(crate) inventories: Vec<u32>,
    /// Its running deployments, the newest first.
    pub(crate) running: Vec<(DeploymentId, EnvironmentId)>,
}

/// How far something reaches, as far as the caller may see it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reach {
    /// How many releases.
    pub(crate) releases: usize,
    /// How many running deployments.
    pub(crate) running: usize,
    /// Where it runs.
    pub(crate) environments: BTreeSet<EnvironmentId>,
}

impl Reach {
    fn add(&mut self, release: &PlacedRelease) {
        self.releases += 1;
        self.running += release.running.len();
        self.environments.extend(release.running.iter().map(|(_, environment)| *environment));
    }
}

/// How many inventories are read at once, which bounds the memory.
const AT_ONCE: usize = 1_000;

impl Usage {
    /// The copy as of now.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn read(&self, session: &mut Session) -> Answer<RwLockReadGuard<'_, Places>> {
        let now = generation::all(session).await?;
        let last = now.get("inventory").copied().unwrap_or_default();
        let releases = now.get("releases").copied();
        while i64::from(self.places().last_inventory) < last {
            let after = self.places().last_inventory;
            let new = inventory::after(session, after, AT_ONCE).await?;
            let is_last = new.is_empty();
            self.0.write().unwrap_or_else(PoisonError::into_inner).add(new);
            if is_last {
                break;
            }
        }
        if self.places().releases_generation != releases {
            let uses = whereabouts::uses(session).await?;
            let running = whereabouts::running(session).await?;
            self.0.write().unwrap_or_else(PoisonError::into_inner).place(&uses, &running, releases);
        }
        Ok(self.places())
    }

    fn places(&self) -> RwLockReadGuard<'_, Places> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Places {
    fn add(&mut self, inventories: Vec<inventory::Inventory>) {
        for inventory in inventories {
            // Two questions may have read the same.
            if inventory.number <= self.last_inventory {
                continue;
            }
            self.last_inventory = inventory.number;
            let most = inventory.components.last().map_or(0, |last| *last as usize + 1);
            if self.by_component.len() < most {
                self.by_component.resize(most, NumberSet::default());
            }
            for component in inventory.components {
                self.by_component[component as usize].push(inventory.number);
            }
        }
    }

    fn place(&mut self, uses: &[whereabouts::Use], running: &[whereabouts::Running], generation: Option<i64>) {
        let mut releases: Vec<PlacedRelease> = Vec::new();
        let mut places: HashMap<ReleaseId, u32> = HashMap::new();
        let mut by_inventory: Vec<Vec<u32>> = Vec::new();
        for used in uses {
            let place = *places.entry(used.release_id).or_insert_with(|| {
                let (id, application) = (used.release_id, used.application_id);
                releases.push(PlacedRelease { id, application, inventories: Vec::new(), running: Vec::new() });
                releases.len() as u32 - 1
            });
            releases[place as usize].inventories.push(used.inventory);
            let number = used.inventory as usize;
            if by_inventory.len() <= number {
                by_inventory.resize(number + 1, Vec::new());
            }
            by_inventory[number].push(place);
        }
        for deployment in running {
            if let Some(place) = places.get(&deployment.release_id) {
                releases[*place as usize].running.push((deployment.id, deployment.environment_id));
            }
        }
        self.releases = releases;
        self.by_inventory = by_inventory;
        self.releases_generation = generation;
    }

    /// The inventories that have one of these components, ascending.
    pub(crate) fn inventories_with(&self, components: &BTreeSet<u32>) -> Vec<u32> {
        let named = components.iter().filter_map(|component| self.by_component.get(*component as usize));
        // One place for each inventory is faster than sorting, where many components are asked for.
        let mut is_in = vec![false; self.last_inventory as usize + 1];
        for number in named.flat_map(NumberSet::iter) {
            is_in[number as usize] = true;
        }
        (0..).zip(is_in).filter(|(_, is_in)| *is_in).map(|(number, _)| number).collect()
    }

    /// Those of the components that one of these inventories has.
    pub(crate) fn components_in(&self, components: &BTreeSet<u32>, inventories: &HashSet<u32>) -> BTreeSet<u32> {
        let is_in = |component: &&u32| {
            let named = self.by_component.get(**component as usize);
            named.is_some_and(|numbers| numbers.iter().any(|number| inventories.contains(&number)))
        };
        components.iter().filter(is_in).copied().collect()
    }

    /// The components of all visible releases.
    pub(crate) fn components_of(&self, visible: &Visibility) -> BTreeSet<u32> {
        let releases = self.releases.iter().filter(|release| visible.includes(release.application));
        let used: HashSet<u32> = releases.flat_map(|release| release.inventories.iter().copied()).collect();
        let numbers = (0..).zip(&self.by_component);
        let is_used = |(_, inventories): &(u32, &NumberSet)| inventories.iter().any(|number| used.contains(&number));
        numbers.filter(is_used).map(|(number, _)| number).collect()
    }

    /// Whether a visible release has the component. Whoever sees everything sees those of no release, too.
    pub(crate) fn is_seen(&self, component: u32, visible: &Visibility) -> bool {
        let releases = |inventory: u32| self.by_inventory.get(inventory as usize).into_iter().flatten();
        let is_visible = |place: &u32| visible.includes(self.releases[*place as usize].application);
        match visible {
            Visibility::Everything => true,
            Visibility::Applications(_) => self
                .by_component
                .get(component as usize)
                .is_some_and(|inventories| inventories.iter().any(|number| releases(number).any(is_visible))),
        }
    }

    /// How far these components reach.
    pub(crate) fn reach(&self, components: &BTreeSet<u32>, visible: &Visibility) -> Reach {
        let inventories = self.inventories_with(components);
        let mut reach = Reach::default();
        self.releases_of(&inventories, visible).into_iter().for_each(|release| reach.add(release));
        reach
    }

    /// The applications of which something runs.
    pub(crate) fn running_applications(&self) -> BTreeSet<ApplicationId> {
        let running = self.releases.iter().filter(|release| !release.running.is_empty());
        running.map(|release| release.application).collect()
    }

    /// How far these components reach into what runs, by application.
    pub(crate) fn reach_by_application(&self, components: &BTreeSet<u32>) -> BTreeMap<ApplicationId, Reach> {
        let inventories = self.inventories_with(components);
        let mut reaches: BTreeMap<ApplicationId, Reach> = BTreeMap::new();
        let all = self.releases_of(&inventories, &Visibility::Everything).into_iter();
        for release in all.filter(|release| !release.running.is_empty()) {
            reaches.entry(release.application).or_default().add(release);
        }
        reaches
    }

    /// The visible releases for which one of these inventories speaks: those that run first, then the newest first.
    pub(crate) fn releases_of(&self, inventories: &[u32], visible: &Visibility) -> Vec<&PlacedRelease> {
        let named = inventories.iter().filter_map(|number| self.by_inventory.get(*number as usize));
        let mut places: Vec<u32> = named.flatten().copied().collect();
        places.sort_unstable();
        places.dedup();
        let releases = places.into_iter().filter_map(|place| self.releases.get(place as usize));
        let mut releases: Vec<&PlacedRelease> =
            releases.filter(|release| visible.includes(release.application)).collect();
        releases.sort_by_key(|release| release.running.is_empty());
        releases
    }
}
