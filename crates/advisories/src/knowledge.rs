//! Everything that is known of vulnerabilities, in memory, and what it says of components: documents of all sources go in,
//! for each component its vulnerabilities come out, each with its reasons. This is how matching works without a server.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use shipworthy_model::{Component, Warning};

use crate::advisory::Advisory;
use crate::correlation::{Collected, Exploitability, Match, Subject, names_of};
use crate::cpe::Cpe;
use crate::ecosystem::{Key, key_of};
use crate::known_exploited::Entry;
use crate::products::product_keys;
use crate::reading::Unreadable;
use crate::source::Kind;
use crate::{alias, csaf, cve, end_of_life, epss, github, known_exploited, nvd, osv};

/// What is known of vulnerabilities.
#[derive(Debug, Default)]
pub struct Knowledge {
    advisories: Vec<Advisory>,
    /// The advisory of each source and id, so that the later reading of one replaces the earlier.
    places: HashMap<(String, String), usize>,
    scores: HashMap<String, Exploitability>,
    known_exploited: HashMap<String, Entry>,
}

/// What one document gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Added {
    /// What it was.
    pub kind: Kind,
    /// How many records were read.
    pub records: usize,
    /// What could not be read, and where.
    pub warnings: Vec<Warning>,
}

impl Knowledge {
    /// Adds a document of any source that is read. Of two readings of one record the later one holds.
    ///
    /// # Errors
    /// When the document is something else, or broken.
    pub fn add(&mut self, document: &str) -> Result<Added, Unreadable> {
        let kind = Kind::of(document)?;
        let mut records = 0;
        let mut keep = |advisory: Advisory| {
            records += 1;
            self.keep(advisory);
        };
        let warnings = match kind {
            Kind::Osv => osv::read(document, kind.as_str(), &mut keep)?,
            Kind::GitHub => github::read(document, &mut keep)?,
            Kind::Nvd => nvd::read(document, &mut keep)?,
            Kind::Cve => cve::read(document, &mut keep)?,
            Kind::Csaf => csaf::read(document, &mut keep)?,
            Kind::Epss => {
                let edition = epss::read(document, &mut |score| {
                    records += 1;
                    let epss::Score { vulnerability, probability, percentile } = score;
                    self.scores.insert(vulnerability.to_owned(), Exploitability { probability, percentile });
                })?;
                edition.warnings
            }
            Kind::KnownExploited => {
                let catalog = known_exploited::read(document.as_bytes());
                let catalog = catalog.map_err(|error| Unreadable(error.to_string()))?;
                records = catalog.entries.len();
                self.known_exploited =
                    catalog.entries.into_iter().map(|entry| (entry.vulnerability.clone(), entry)).collect();
                Vec::new()
            }
            Kind::EndOfLife => end_of_life::read(document)?.warnings,
        };
        Ok(Added { kind, records, warnings })
    }

    fn keep(&mut self, advisory: Advisory) {
        let name = (advisory.source.clone(), advisory.id.clone());
        match self.places.get(&name) {
            Some(place) if advisory.modified >= self.advisories[*place].modified => self.advisories[*place] = advisory,
            Some(_) => {}
            None => {
                self.places.insert(name, self.advisories.len());
                self.advisories.push(advisory);
            }
        }
    }

    /// How many advisories it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.advisories.len()
    }

    /// Whether it holds no advisory.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.advisories.is_empty()
    }

    /// Makes it ready to be asked: joins the names of each vulnerability and files every advisory by its packages.
    #[must_use]
    pub fn index(&self) -> Index<'_> {
        let current = || self.advisories.iter().enumerate().filter(|(_, advisory)| advisory.withdrawn.is_none());
        let joined = alias::join(current().map(|(_, advisory)| (advisory.id.as_str(), advisory.aliases.as_slice())));
        let mut names = HashMap::new();
        for (place, vulnerability) in joined.iter().enumerate() {
            names.extend(vulnerability.ids.iter().map(|id| (id.clone(), place)));
        }
        let mut by_key: HashMap<Key, Vec<usize>> = HashMap::new();
        let mut by_vulnerability: HashMap<usize, Vec<usize>> = HashMap::new();
        for (place, advisory) in current() {
            let packages = advisory.affected.iter().filter_map(key_of);
            let keys: BTreeSet<Key> = packages.chain(product_keys(advisory)).collect();
            for key in keys {
                by_key.entry(key).or_default().push(place);
            }
            if let Some(vulnerability) = names.get(&advisory.id) {
                by_vulnerability.entry(*vulnerability).or_default().push(place);
            }
        }
        // They are few, the keys many.
        let ecosystems: HashSet<&str> = by_key.keys().map(Key::ecosystem).collect();
        let ecosystems = ecosystems.into_iter().map(str::to_owned).collect();
        Index { knowledge: self, joined, names, ecosystems, by_key, by_vulnerability }
    }
}

/// [`Knowledge`], ready to be asked.
#[derive(Debug)]
pub struct Index<'k> {
    knowledge: &'k Knowledge,
    joined: Vec<alias::Vulnerability>,
    names: HashMap<String, usize>,
    /// The ecosystems of which there are advisories at all.
    ecosystems: HashSet<String>,
    by_key: HashMap<Key, Vec<usize>>,
    by_vulnerability: HashMap<usize, Vec<usize>>,
}

impl Index<'_> {
    /// The vulnerabilities of a component: those that affect it, and those of which it cannot be said. It is known by its
    /// package URL, or by its CPE name where no advisories are filed by the type of its package URL; `beside` are the CPE
    /// names of what it runs on.
    ///
    /// # Errors
    /// A sentence when nothing can be known of it: it has neither, its name is no name, or there are no advisories at all of
    /// its ecosystem.
    pub fn matches(&self, component: &Component, beside: &[Cpe]) -> Result<Vec<Match>, String> {
        let Component { purl, cpe, version, .. } = component;
        let subject = Subject::of(purl.as_deref(), cpe.as_deref(), version.as_deref())?;
        if let Subject::Package(identities) = &subject
            && !identities.iter().any(|identity| self.ecosystems.contains(identity.key.ecosystem()))
        {
            let ecosystem = identities.first().map(|identity| identity.ecosystem.as_str()).unwrap_or_default();
            return Err(format!("no advisories about packages of {ecosystem} were read"));
        }
        Ok(self.of_subject(&subject, beside))
    }

    fn of_subject(&self, subject: &Subject, beside: &[Cpe]) -> Vec<Match> {
        let mut collected: BTreeMap<String, Collected<'_>> = BTreeMap::new();
        for key in subject.keys() {
            for advisory in self.about(&key) {
                for (identity, answer) in subject.assess(&key, advisory, beside) {
                    for name in self.names_of(advisory) {
                        collected.entry(name).or_default().add(identity, advisory, answer.clone());
                    }
                }
            }
        }
        collected.into_iter().map(|(name, collected)| self.told(name, collected)).collect()
    }

    fn about(&self, key: &Key) -> impl Iterator<Item = &Advisory> {
        self.by_key.get(key).into_iter().flatten().map(|place| &self.knowledge.advisories[*place])
    }

    fn names_of(&self, advisory: &Advisory) -> Vec<String> {
        let place = self.names.get(&advisory.id).map(|place| &self.joined[*place]);
        let (name, covers) = place.map_or((&*advisory.id, &[][..]), |joined| (&*joined.name, &*joined.covers));
        names_of(&advisory.id, name, covers, &advisory.upstream)
    }

    /// Adds to what was collected what everybody says of the vulnerability.
    fn told(&self, name: String, collected: Collected<'_>) -> Match {
        let place = self.names.get(&name);
        let ids = place.map_or_else(|| vec![name.clone()], |place| self.joined[*place].ids.clone());
        let others = place.and_then(|place| self.by_vulnerability.get(place)).into_iter().flatten();
        let others: Vec<&Advisory> = others.map(|place| &self.knowledge.advisories[*place]).collect();
        let cves: Vec<&String> = ids.iter().filter(|id| id.starts_with("CVE-")).collect();
        let exploitability = cves.iter().find_map(|id| self.knowledge.scores.get(*id)).copied();
        let known_exploited = cves.iter().find_map(|id| self.knowledge.known_exploited.get(*id)).cloned();
        Match { exploitability, known_exploited, ..collected.told(name, ids, &others) }
    }
}
