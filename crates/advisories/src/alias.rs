//! Joins the ids that databases give to one vulnerability. `aliases` is symmetric and transitive, `upstream` and `related`
//! join nothing. <https://ossf.github.io/osv-schema/#aliases-field>
//!
//! Two CVE ids are two vulnerabilities: whoever gives them out sees to that. Advisories that mend several at once name them
//! all as aliases nevertheless (the schema has `upstream` for that since 1.7), and the databases that repeat them would
//! make one vulnerability of hundreds. So where ids hang together that hold more than one CVE id, each id goes to the CVE
//! id it is nearest to, and what is as near to several is an advisory of its own that names them.

use std::collections::{BTreeMap, BTreeSet};

/// One vulnerability, or one advisory about several.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Vulnerability {
    /// The id by which people know it: the CVE id before a GHSA id before others, of several the first by the alphabet.
    pub name: String,
    /// All its ids, the name first, the others in the order of the same preference.
    pub ids: Vec<String>,
    /// The CVE ids that it is about, where it is an advisory about several; else empty.
    pub covers: Vec<String>,
}

/// Joins what records say: each an id and its aliases, in any order, each as often as it likes. Records that are withdrawn
/// should be left out, what they say holds no longer. Every id that is mentioned is in exactly one vulnerability; they
/// come in the order of their names. The answer is the same for every order of the records.
#[must_use]
pub fn join<'a>(records: impl IntoIterator<Item = (&'a str, &'a [String])>) -> Vec<Vulnerability> {
    let graph = Graph::of(records);
    let labels = graph.labels();
    let mut vulnerabilities = Vec::new();
    let mut is_taken = vec![false; graph.ids.len()];
    for start in 0..graph.ids.len() {
        let mut members = Vec::new();
        let mut waiting = vec![start];
        while let Some(id) = waiting.pop() {
            if std::mem::replace(&mut is_taken[id], true) {
                continue;
            }
            members.push(id);
            waiting.extend(graph.neighbours[id].iter().filter(|next| labels[**next] == labels[id]));
        }
        if !members.is_empty() {
            vulnerabilities.push(graph.vulnerability(&members, &labels));
        }
    }
    vulnerabilities.sort();
    vulnerabilities
}

/// The better name comes first: CVE, GHSA, others; then by the alphabet.
#[must_use]
pub fn preference(id: &str) -> (u8, &str) {
    let rank = if is_cve(id) {
        0
    } else if id.starts_with("GHSA-") {
        1
    } else {
        2
    };
    (rank, id)
}

fn is_cve(id: &str) -> bool {
    id.starts_with("CVE-")
}

/// The ids in the order of the alphabet, and who is stated to be the same as whom.
struct Graph<'a> {
    ids: Vec<&'a str>,
    neighbours: Vec<Vec<usize>>,
}

/// Which CVE id an id belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Label {
    /// None is within reach.
    Free,
    /// This one is the nearest.
    Of(usize),
    /// Several are as near.
    Several,
}

impl<'a> Graph<'a> {
    fn of(records: impl IntoIterator<Item = (&'a str, &'a [String])>) -> Self {
        let mut edges = BTreeSet::new();
        for (id, aliases) in records {
            edges.insert((id, id));
            for alias in aliases {
                edges.insert((id, alias.as_str()));
                edges.insert((alias.as_str(), id));
            }
        }
        let ids: BTreeSet<&str> = edges.iter().map(|(id, _)| *id).collect();
        let places: BTreeMap<&str, usize> = ids.iter().enumerate().map(|(place, id)| (*id, place)).collect();
        let mut neighbours = vec![Vec::new(); ids.len()];
        for (left, right) in edges.iter().filter(|(left, right)| left != right) {
            neighbours[places[left]].push(places[right]);
        }
        Self { ids: ids.into_iter().collect(), neighbours }
    }

    /// Spreads from all CVE ids at once, step by step, so that every id gets the label of the nearest.
    fn labels(&self) -> Vec<Label> {
        let mut labels = vec![Label::Free; self.ids.len()];
        let mut edge: Vec<usize> = (0..self.ids.len()).filter(|id| is_cve(self.ids[*id])).collect();
        for id in &edge {
            labels[*id] = Label::Of(*id);
        }
        while !edge.is_empty() {
            let mut reached: BTreeMap<usize, Label> = BTreeMap::new();
            for id in &edge {
                for next in self.neighbours[*id].iter().filter(|next| labels[**next] == Label::Free) {
                    let label = reached.entry(*next).or_insert(labels[*id]);
                    if *label != labels[*id] {
                        *label = Label::Several;
                    }
                }
            }
            for (id, label) in &reached {
                labels[*id] = *label;
            }
            edge = reached.into_keys().collect();
        }
        labels
    }

    fn vulnerability(&self, members: &[usize], labels: &[Label]) -> Vulnerability {
        let mut ids: Vec<String> = members.iter().map(|id| self.ids[*id].to_owned()).collect();
        ids.sort_by(|left, right| preference(left).cmp(&preference(right)));
        let several = members.iter().filter(|id| labels[**id] == Label::Several);
        let near = several.flat_map(|id| &self.neighbours[*id]).filter_map(|next| match labels[*next] {
            Label::Of(cve) => Some(self.ids[cve].to_owned()),
            Label::Free | Label::Several => None,
        });
        let covers: BTreeSet<String> = near.collect();
        Vulnerability { name: ids.first().cloned().unwrap_or_default(), ids, covers: covers.into_iter().collect() }
    }
}
