//! Who needs whom in a release: how far each component is from it, how many need it, and the ways by which it gets in.
//!
//! A component is direct when the release itself needs it. Groups do not count as a step: the operating system of an image
//! or the lock file of an application stand for a part of the release and are in no registry. What no inventory connects
//! with the release has no depth, for nothing says how it got in.

use crate::sbom::Contents;
use shipworthy_model::Component;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

/// The dependencies of a release, seen from both ends.
#[derive(Debug)]
pub(crate) struct Graph<'c> {
    contents: &'c Contents,
    /// The components that need each component, by place, sorted.
    pub(crate) needed_by: Vec<Vec<u32>>,
    /// How many steps each component is away from the release.
    pub(crate) depth: Vec<Option<u32>>,
    is_direct: Vec<bool>,
}

/// The ways by which components get into a release.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ways {
    /// Each from what needs it to the component itself, the shortest first.
    pub(crate) ways: Vec<Way>,
    /// Whether there are more.
    pub(crate) has_more: bool,
}

/// A way by which a component gets in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Way {
    /// Whether it begins at the release; else at a component of which nothing says how it got in.
    pub(crate) is_from_release: bool,
    /// The components on it, the one that was asked for last.
    pub(crate) places: Vec<u32>,
}

/// What stands for a part of the release rather than for something that was taken from elsewhere.
pub(crate) fn is_group(component: &Component) -> bool {
    let is_of_kind = matches!(component.kind.as_str(), "application" | "operating-system" | "container" | "platform");
    is_of_kind && component.purl.is_none()
}

impl<'c> Graph<'c> {
    /// The graph of these contents, in linear time.
    pub(crate) fn of(contents: &'c Contents) -> Self {
        let count = contents.components.len();
        let mut needed_by: Vec<Vec<u32>> = vec![Vec::new(); count];
        for (dependent, needs) in (0_u32..).zip(&contents.needs) {
            for needed in needs {
                needed_by[*needed as usize].push(dependent);
            }
        }
        let mut is_direct = vec![false; count];
        for place in &contents.direct {
            is_direct[*place as usize] = true;
        }
        Self { contents, needed_by, depth: depths(contents), is_direct }
    }

    /// Whether the release itself needs it; nothing when no inventory says how it got in.
    pub(crate) fn is_direct(&self, place: u32) -> Option<bool> {
        let depth = self.depth.get(place as usize).copied().flatten();
        depth.map(|depth| depth <= 1)
    }

    /// The components by nearness to the release, those without a depth last.
    pub(crate) fn nearest_first(&self) -> Vec<u32> {
        let mut places: Vec<u32> = (0_u32..).zip(&self.depth).map(|(place, _)| place).collect();
        // The places are in the order of names.
        places.sort_by_key(|place| self.depth.get(*place as usize).copied().flatten().unwrap_or(u32::MAX));
        places
    }

    /// The places of the component that is asked for, by reference or package URL; a package URL without version or
    /// qualifiers means every component that it covers.
    pub(crate) fn find(&self, asked: &str) -> Vec<u32> {
        let all = || (0_u32..).zip(&self.contents.components);
        let exact: Vec<u32> =
            all().filter(|(_, component)| component.reference == asked).map(|(place, _)| place).collect();
        if !exact.is_empty() {
            return exact;
        }
        let is_covered = |component: &Component| {
            component.purl.as_ref().is_some_and(|purl| shipworthy_policy::excuse::covers_purl(asked, purl))
        };
        all().filter(|(_, component)| is_covered(component)).map(|(place, _)| place).collect()
    }

    /// The ways by which one of these components gets in, the shortest first and at most `most`, none through a component
    /// twice.
    ///
    /// The distances from the release are known before the search, so that it goes backwards along the shortest ways first
    /// and looks at little else. How much it looks at is bounded, for the number of ways is not.
    pub(crate) fn ways(&self, asked: &[u32], most: usize) -> Ways {
        let distances = self.distances();
        let mut search = Search::default();
        for place in asked {
            let Some(distance) = distances[*place as usize] else { continue };
            search.open(distance, Step { place: *place, towards: None, length: 0, is_start: false, is_straight: true });
        }
        let mut found = Ways::default();
        while let Some((index, step)) = search.next() {
            if step.is_start {
                if found.ways.len() == most {
                    found.has_more = true;
                    return found;
                }
                found.ways.push(self.way(&search.steps, index));
                continue;
            }
            let on = Step { towards: Some(index), length: step.length + 1, ..step };
            if self.is_start(step.place) {
                search.open(on.length, Step { is_start: true, ..on });
            }
            for dependent in self.needed_by[step.place as usize].iter().rev() {
                let Some(distance) = distances[*dependent as usize] else { continue };
                let is_straight = step.is_straight && Some(distance) < distances[step.place as usize];
                if is_straight || !search.is_on_way(index, *dependent) {
                    search.open(on.length + distance, Step { place: *dependent, is_straight, ..on });
                }
            }
        }
        found.has_more = search.is_tired();
        found
    }

    /// Whether a way may begin at a component: the release needs it, or nobody does.
    fn is_start(&self, place: u32) -> bool {
        self.is_direct[place as usize] || self.needed_by[place as usize].is_empty()
    }

    /// How many steps each component is away from where ways begin.
    fn distances(&self) -> Vec<Option<u32>> {
        let mut distances = vec![None; self.contents.components.len()];
        let mut queue = VecDeque::new();
        for (place, distance) in (0_u32..).zip(&mut distances) {
            if self.is_start(place) {
                *distance = Some(1);
                queue.push_back(place);
            }
        }
        while let Some(place) = queue.pop_front() {
            let next = distances[place as usize].map(|distance: u32| distance + 1);
            for needed in &self.contents.needs[place as usize] {
                if distances[*needed as usize].is_none() {
                    distances[*needed as usize] = next;
                    queue.push_back(*needed);
                }
            }
        }
        distances
    }

    fn way(&self, steps: &[Step], last: usize) -> Way {
        let start = steps[last].place;
        let mut places = Vec::new();
        let mut next = steps[last].towards;
        while let Some(index) = next {
            places.push(steps[index].place);
            next = steps[index].towards;
        }
        Way { is_from_release: self.is_direct[start as usize], places }
    }
}

/// A component on a way, seen from the end.
#[derive(Clone, Copy, Debug)]
struct Step {
    place: u32,
    /// The step after it, towards what was asked for.
    towards: Option<usize>,
    length: u32,
    /// Whether the way begins here, and is whole.
    is_start: bool,
    /// Whether every step up to here came nearer to the release, so that none can have been made before.
    is_straight: bool,
}

/// Looks at so many components on ways at most.
const MOST_LOOKS: usize = 2_000_000;

/// The ways that are being looked at: those that will be the shortest first, of several the one that is nearly whole.
#[derive(Default)]
struct Search {
    steps: Vec<Step>,
    open: BinaryHeap<(Reverse<u32>, usize)>,
    looks: usize,
}

impl Search {
    /// Notes a step on a way that will be `length` long.
    fn open(&mut self, length: u32, step: Step) {
        self.looks += 1;
        if !self.is_tired() {
            self.open.push((Reverse(length), self.steps.len()));
            self.steps.push(step);
        }
    }

    fn next(&mut self) -> Option<(usize, Step)> {
        let (_, index) = self.open.pop()?;
        Some((index, self.steps[index]))
    }

    fn is_tired(&self) -> bool {
        self.looks > MOST_LOOKS
    }

    /// Whether the way from a step on has a component already.
    fn is_on_way(&mut self, from: usize, place: u32) -> bool {
        let mut next = Some(from);
        while let Some(index) = next {
            self.looks += 1;
            if self.steps[index].place == place {
                return true;
            }
            next = self.steps[index].towards;
        }
        false
    }
}

/// Steps from the release; a group is no step.
fn depths(contents: &Contents) -> Vec<Option<u32>> {
    let mut depths: Vec<Option<u32>> = vec![None; contents.components.len()];
    let mut queue: VecDeque<(u32, u32)> = VecDeque::new();
    let cost = |place: u32| u32::from(!is_group(&contents.components[place as usize]));
    let mut reach = |queue: &mut VecDeque<(u32, u32)>, place: u32, from: u32| {
        let depth = from + cost(place);
        if depths[place as usize].is_none_or(|known| depth < known) {
            depths[place as usize] = Some(depth);
            // Groups go first, so that the nearest are always looked at before the others.
            if depth == from { queue.push_front((place, depth)) } else { queue.push_back((place, depth)) }
        }
    };
    for place in &contents.direct {
        reach(&mut queue, *place, 0);
    }
    while let Some((place, depth)) = queue.pop_front() {
        for needed in &contents.needs[place as usize] {
            reach(&mut queue, *needed, depth);
        }
    }
    depths
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    /// Contents of components called by their places; `needs` are pairs, and 0 is the release.
    fn contents(count: u32, needs: &[(u32, u32)]) -> Contents {
        let component = |n: u32| Component {
            reference: format!("{n}"),
            name: format!("c{n}"),
            purl: Some(format!("pkg:npm/c{n}@1.0.0")),
            ..Component::default()
        };
        let mut of = Contents {
            components: (1..=count).map(component).collect(),
            needs: vec![Vec::new(); count as usize],
            provides: HashMap::new(),
            ..Contents::default()
        };
        for (dependent, needed) in needs {
            match dependent {
                0 => of.direct.push(needed - 1),
                dependent => of.needs[*dependent as usize - 1].push(needed - 1),
            }
        }
        of
    }

    fn ways(contents: &Contents, asked: u32, most: usize) -> (Vec<Vec<u32>>, bool) {
        let Ways { ways, has_more } = Graph::of(contents).ways(&[asked - 1], most);
        let way = |way: Way| {
            let places = way.places.into_iter().map(|place| place + 1);
            way.is_from_release.then_some(0).into_iter().chain(places).collect()
        };
        (ways.into_iter().map(way).collect(), has_more)
    }

    #[test]
    fn the_shortest_way_comes_first_and_no_way_goes_in_circles() {
        let circle = contents(4, &[(0, 1), (1, 2), (2, 3), (3, 2), (3, 1), (1, 3), (0, 4), (4, 3)]);
        let expected = vec![vec![0, 1, 3], vec![0, 4, 3], vec![0, 1, 2, 3]];
        assert_eq!(ways(&circle, 3, 20), (expected, false));
        assert_eq!(ways(&circle, 3, 1), (vec![vec![0, 1, 3]], true));
        assert_eq!(Graph::of(&circle).depth, [Some(1), Some(2), Some(2), Some(1)]);
    }

    #[test]
    fn what_nothing_connects_with_the_release_has_no_depth_and_ways_from_where_they_begin() {
        let apart = contents(4, &[(1, 2), (3, 4), (4, 3)]);
        let graph = Graph::of(&apart);
        assert_eq!((graph.depth.as_slice(), graph.is_direct(0)), ([None; 4].as_slice(), None));
        assert_eq!(ways(&apart, 2, 20), (vec![vec![1, 2]], false));
        assert_eq!(ways(&apart, 1, 20), (vec![vec![1]], false));
        assert_eq!(ways(&apart, 3, 20), (vec![], false), "two that need each other and are needed by nobody");
    }

    #[test]
    fn a_group_is_no_step() {
        let mut image = contents(3, &[(0, 1), (1, 2), (2, 3)]);
        image.components[0] = Component { kind: "operating-system".to_owned(), ..Component::default() };
        let graph = Graph::of(&image);
        assert_eq!(graph.depth, [Some(0), Some(1), Some(2)]);
        assert_eq!([0, 1, 2].map(|place| graph.is_direct(place)), [Some(true), Some(true), Some(false)]);
    }

    #[test]
    fn many_ways_take_little_time() {
        // A lattice of 10,000 layers has more ways than atoms are in the world.
        let mut needs = vec![(0, 1), (0, 2)];
        for layer in 0..9_999 {
            let first = layer * 2 + 1;
            needs.extend([(first, first + 2), (first, first + 3), (first + 1, first + 2), (first + 1, first + 3)]);
        }
        let lattice = contents(20_000, &needs);
        let (found, has_more) = ways(&lattice, 20, 20);
        assert_eq!((found.len(), has_more), (20, true));
        assert!(found.iter().all(|way| way.len() == 11));
        let (found, _) = ways(&lattice, 20_000, 20);
        assert!(found.iter().all(|way| way.len() == 10_001));
    }

    #[test]
    fn a_component_is_found_by_reference_or_package_url() {
        let graph_of = contents(3, &[(0, 1)]);
        let graph = Graph::of(&graph_of);
        let asked = ["2", "pkg:npm/c2@1.0.0", "pkg:npm/c2", "pkg:npm/c2@2.0.0", "c2"];
        assert_eq!(asked.map(|asked| graph.find(asked)), [vec![1], vec![1], vec![1], vec![], vec![]]);
    }
}
