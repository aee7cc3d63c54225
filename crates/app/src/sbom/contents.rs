//! What a release is made of: the inventories of its evidence in one. Inventories come in, the newest first, and every
//! component goes out once, with all that any of them says of it; where two contradict each other, the newer is believed.
//!
//! Components are the same by their package URL, else by name and version. The thing that an inventory describes is the
//! release: what the one needs, the other does. What is inside of a component is needed by it.

use crate::sbom::merge;
use shipworthy_model::{Component, Inventory, InventoryService, Tool};
use std::collections::{BTreeSet, HashMap};

/// What a release is made of.
#[derive(Clone, Debug, Default)]
pub(crate) struct Contents {
    /// Every component once, by name and version. Its reference is its package URL, else name and version; no two have
    /// the same.
    pub(crate) components: Vec<Component>,
    /// What each component needs, by place in the list, sorted.
    pub(crate) needs: Vec<Vec<u32>>,
    /// What the release itself needs, by place in the list, sorted.
    pub(crate) direct: Vec<u32>,
    /// What each component provides for those who need it, by place in the list, sorted. Most provide nothing.
    pub(crate) provides: HashMap<u32, Vec<u32>>,
    /// The services that it offers or uses, by name and version.
    pub(crate) services: Vec<InventoryService>,
    /// When in its life the release was looked at, as stated.
    pub(crate) lifecycles: BTreeSet<String>,
    /// The tools that wrote the inventories.
    pub(crate) tools: Vec<Tool>,
    /// How many inventories there are.
    pub(crate) inventories: usize,
}

/// An inventory and the tool that wrote it.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    pub(crate) tool: Option<Tool>,
    pub(crate) inventory: Inventory,
}

/// Puts inventories together, the newest first.
pub(crate) fn of_inventories(sources: Vec<Source>) -> Contents {
    let mut merging = Merging::default();
    for source in sources {
        merging.take(source);
    }
    merging.finish()
}

impl Contents {
    /// How many dependencies there are, those of the release itself included.
    pub(crate) fn edges(&self) -> usize {
        self.direct.len() + self.needs.iter().map(Vec::len).sum::<usize>()
    }
}

/// Who needs something: the release or a component, by place.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Place {
    Release,
    Component(u32),
}

#[derive(Default)]
struct Merging {
    contents: Contents,
    places: HashMap<String, u32>,
    services: HashMap<(String, Option<String>), usize>,
}

impl Merging {
    fn take(&mut self, Source { tool, inventory }: Source) {
        let Inventory { describes, components, dependencies, lifecycles, services, .. } = inventory;
        self.contents.inventories += 1;
        self.contents.lifecycles.extend(lifecycles);
        if let Some(tool) = tool.filter(|tool| !self.contents.tools.contains(tool)) {
            self.contents.tools.push(tool);
        }
        let mut by_reference: HashMap<String, Place> = HashMap::with_capacity(components.len() + 1);
        let mut by_position: Vec<u32> = Vec::with_capacity(components.len());
        for mut component in components {
            let reference = std::mem::take(&mut component.reference);
            let whole = component.part_of.take().and_then(|whole| by_position.get(whole as usize)).copied();
            let place = self.component(component);
            by_position.push(place);
            by_reference.insert(reference, Place::Component(place));
            if let Some(whole) = whole {
                self.need(Place::Component(whole), Place::Component(place));
            }
        }
        if let Some(described) = describes {
            by_reference.insert(described.reference, Place::Release);
        }
        // A component without a reference of its own is nobody's dependency.
        by_reference.remove("");
        for dependency in dependencies {
            let Some(&dependent) = by_reference.get(&dependency.reference) else { continue };
            for needed in dependency.depends_on.iter().filter_map(|needed| by_reference.get(needed)) {
                self.need(dependent, *needed);
            }
            for provided in dependency.provides.iter().filter_map(|provided| by_reference.get(provided)) {
                if let (Place::Component(by), Place::Component(provided)) = (dependent, *provided) {
                    self.contents.provides.entry(by).or_default().push(provided);
                }
            }
        }
        for service in services {
            self.service(service);
        }
    }

    /// The place of a component, which is a new one or one that another inventory names, too.
    fn component(&mut self, component: Component) -> u32 {
        let next = u32::try_from(self.contents.components.len()).unwrap_or(u32::MAX);
        let place = *self.places.entry(merge::identity(&component)).or_insert(next);
        match self.contents.components.get_mut(place as usize) {
            Some(known) => merge::hear(known, component),
            None => {
                self.contents.components.push(component);
                self.contents.needs.push(Vec::new());
            }
        }
        place
    }

    fn need(&mut self, dependent: Place, needed: Place) {
        let Place::Component(needed) = needed else { return };
        match dependent {
            Place::Release => self.contents.direct.push(needed),
            Place::Component(dependent) if dependent != needed => {
                if let Some(needs) = self.contents.needs.get_mut(dependent as usize) {
                    needs.push(needed);
                }
            }
            Place::Component(_) => {}
        }
    }

    fn service(&mut self, service: InventoryService) {
        let key = (service.name.clone(), service.version.clone());
        let place = *self.services.entry(key).or_insert(self.contents.services.len());
        match self.contents.services.get_mut(place) {
            Some(known) => merge::hear_service(known, service),
            None => self.contents.services.push(service),
        }
    }

    /// Sorts everything, so that the same inventories make the same contents, and gives each component its reference.
    fn finish(self) -> Contents {
        let Contents { components, needs, direct, provides, mut services, lifecycles, mut tools, inventories } =
            self.contents;
        let mut order: Vec<usize> = (0..components.len()).collect();
        let key = |component: &Component| {
            let Component { name, version, purl, hashes, .. } = component;
            (name.clone(), version.clone(), purl.clone(), hashes.clone())
        };
        order.sort_by_cached_key(|place| components.get(*place).map(key));
        let mut new_places = vec![0_u32; components.len()];
        for (new, old) in (0_u32..).zip(&order) {
            new_places[*old] = new;
        }
        let moved = |places: Vec<u32>| {
            let mut places: Vec<u32> = places.into_iter().map(|place| new_places[place as usize]).collect();
            places.sort_unstable();
            places.dedup();
            places
        };
        let mut sorted: Vec<(Component, Vec<u32>)> =
            components.into_iter().zip(needs.into_iter().map(&moved)).collect();
        let mut by_place: Vec<Option<(Component, Vec<u32>)>> = sorted.drain(..).map(Some).collect();
        let (mut components, needs): (Vec<Component>, Vec<Vec<u32>>) =
            order.iter().filter_map(|old| by_place[*old].take()).unzip();
        merge::refer(&mut components);
        services.sort_by(|one, other| (&one.name, &one.version).cmp(&(&other.name, &other.version)));
        tools.sort_by(|one, other| (&one.name, &one.version).cmp(&(&other.name, &other.version)));
        Contents {
            components,
            needs,
            direct: moved(direct),
            provides: provides.into_iter().map(|(by, all)| (new_places[by as usize], moved(all))).collect(),
            services,
            lifecycles,
            tools,
            inventories,
        }
    }
}
