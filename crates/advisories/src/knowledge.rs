//! Everything that is known of vulnerabilities, in memory, and what it says of components: documents of all sources go in,
//! for each component its vulnerabilities come out, each with its reasons. This is how matching works without a server.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use shipworthy_model::{Component, Severity, Warning};

use crate::advisory::{Advisory, Rating};
use crate::cpe::Cpe;
use crate::cvss::Cvss;
use crate::ecosystem::{Identity, Key, identities, key_of};
use crate::fixes::first_clean_version;
use crate::known_exploited::Entry;
use crate::matching::{Answer, Reason, assess_entries};
use crate::products::{Installed, assess_product, key_of_product, product_keys};
use crate::reading::{Unreadable, capped};
use crate::source::Kind;
use crate::{alias, cve, end_of_life, epss, github, known_exploited, nvd, osv};

/// What is known of vulnerabilities.
#[derive(Debug, Default)]
pub struct Knowledge {
    advisories: Vec<Advisory>,
    /// The advisory of each source and id, so that the later reading of one replaces the earlier.
    places: HashMap<(String, String), usize>,
    scores: HashMap<String, Exploitability>,
    known_exploited: HashMap<String, Entry>,
}

/// How likely a vulnerability is exploited in the next 30 days, by EPSS.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Exploitability {
    /// The probability, from 0 to 1.
    pub probability: f64,
    /// The share of all scored vulnerabilities that score the same or lower, from 0 to 1.
    pub percentile: f64,
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

/// A vulnerability of a component, or one of which it is not known.
#[derive(Clone, Debug, PartialEq)]
pub struct Match {
    /// The id by which people know it.
    pub vulnerability: String,
    /// All its ids, that one first.
    pub ids: Vec<String>,
    /// One line for people, where an advisory has one.
    pub title: Option<String>,
    /// How bad it is; unknown where nobody rated it.
    pub severity: Severity,
    /// The CVSS score from 0 to 10 and its vector, where one is given.
    pub cvss: Option<(f64, String)>,
    /// CWE numbers.
    pub cwes: Vec<u32>,
    /// How likely it is exploited.
    pub exploitability: Option<Exploitability>,
    /// Its entry in CISA's catalogue.
    pub known_exploited: Option<Entry>,
    /// Why the component is affected, by advisory; empty where it is not known.
    pub reasons: Vec<Reason>,
    /// Why it is not known whether the component is affected, by advisory; empty where it is affected.
    pub unknown: Vec<(String, String)>,
    /// The first version that none of the advisories affects.
    pub clean_version: Option<String>,
    /// Where to read more.
    pub references: Vec<String>,
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
        let identities = purl.as_deref().map_or(Ok(Vec::new()), |purl| identities(purl, version.as_deref()))?;
        match (identities.first(), cpe, purl) {
            (Some(identity), ..) => {
                let is_known = identities.iter().any(|identity| self.ecosystems.contains(identity.key.ecosystem()));
                let unknown = || format!("no advisories about packages of {} were read", identity.ecosystem);
                is_known.then(|| self.of_package(&identities)).ok_or_else(unknown)
            }
            (None, Some(cpe), _) => self.of_product(cpe, version.as_deref(), beside),
            (None, None, Some(purl)) => {
                let kind = purl.split_once('/').map_or(purl.as_str(), |(kind, _)| kind);
                Err(format!("no advisories are filed by package URLs that begin with `{kind}/` and say no more"))
            }
            (None, None, None) => Err("it has neither a package URL nor a CPE name".to_owned()),
        }
    }

    fn of_product(&self, cpe: &str, version: Option<&str>, beside: &[Cpe]) -> Result<Vec<Match>, String> {
        let name = Cpe::parse(cpe).map_err(|error| error.to_string())?;
        let installed = Installed { cpe: &name, version, beside };
        let mut found: BTreeMap<String, Found<'_>> = BTreeMap::new();
        for advisory in key_of_product(&name).iter().flat_map(|key| self.about(key)) {
            let answer = assess_product(&installed, advisory);
            if answer == Answer::NotAffected {
                continue;
            }
            for name in self.names_of(advisory) {
                found.entry(name).or_default().add(None, advisory, answer.clone());
            }
        }
        Ok(found.into_iter().map(|(name, found)| self.told(name, found)).collect())
    }

    fn of_package(&self, identities: &[Identity]) -> Vec<Match> {
        let mut found: BTreeMap<String, Found<'_>> = BTreeMap::new();
        for identity in identities {
            for advisory in self.about(&identity.key) {
                let entries: Vec<_> =
                    advisory.affected.iter().filter(|entry| key_of(entry).as_ref() == Some(&identity.key)).collect();
                let answer = assess_entries(identity, advisory, &entries);
                if answer == Answer::NotAffected {
                    continue;
                }
                for name in self.names_of(advisory) {
                    found.entry(name).or_default().add(Some(identity), advisory, answer.clone());
                }
            }
        }
        found.into_iter().map(|(name, found)| self.told(name, found)).collect()
    }

    fn about(&self, key: &Key) -> impl Iterator<Item = &Advisory> {
        self.by_key.get(key).into_iter().flatten().map(|place| &self.knowledge.advisories[*place])
    }

    /// The vulnerabilities that an advisory is about. A distribution's advisory is told by the vulnerabilities that it mends,
    /// because that is how everybody else names them.
    fn names_of(&self, advisory: &Advisory) -> Vec<String> {
        let joined =
            |id: &str| self.names.get(id).map_or_else(|| id.to_owned(), |place| self.joined[*place].name.clone());
        let own = joined(&advisory.id);
        if own != advisory.id {
            return vec![own];
        }
        let covers = self.names.get(&advisory.id).map(|place| &self.joined[*place].covers);
        let covered = covers.into_iter().flatten().chain(&advisory.upstream);
        let names: BTreeSet<String> = covered.filter(|id| id.starts_with("CVE-")).map(|id| joined(id)).collect();
        if names.is_empty() { vec![own] } else { names.into_iter().collect() }
    }

    /// Adds to what was found what everybody says of the vulnerability.
    fn told(&self, name: String, found: Found<'_>) -> Match {
        let place = self.names.get(&name);
        let ids = place.map_or_else(|| vec![name.clone()], |place| self.joined[*place].ids.clone());
        let others = place.and_then(|place| self.by_vulnerability.get(place)).into_iter().flatten();
        let mut all: Vec<&Advisory> = found.advisories.clone();
        all.extend(others.map(|place| &self.knowledge.advisories[*place]));
        let mut seen = BTreeSet::new();
        all.retain(|advisory| seen.insert((&advisory.source, &advisory.id)));
        let (severity, cvss) = rated(&all);
        let by_cve = |id: &&String| id.starts_with("CVE-");
        let cves: Vec<&String> = ids.iter().filter(by_cve).collect();
        let mut cwes: Vec<u32> = all.iter().flat_map(|advisory| advisory.cwes.iter().copied()).collect();
        cwes.sort_unstable();
        cwes.dedup();
        let references = all.iter().flat_map(|advisory| &advisory.references).map(|reference| reference.url.clone());
        let references: BTreeSet<String> = references.collect();
        let clean_version = found.identity.and_then(|identity| first_clean_version(identity, &found.advisories));
        Match {
            title: all.iter().find_map(|advisory| advisory.title.as_deref()).map(|title| capped(title, 200)),
            severity,
            cvss,
            cwes,
            exploitability: cves.iter().find_map(|id| self.knowledge.scores.get(*id)).copied(),
            known_exploited: cves.iter().find_map(|id| self.knowledge.known_exploited.get(*id)).cloned(),
            unknown: if found.reasons.is_empty() { found.unknown } else { Vec::new() },
            reasons: found.reasons,
            clean_version,
            references: references.into_iter().collect(),
            vulnerability: name,
            ids,
        }
    }
}

/// What advisories say of one vulnerability in a component.
#[derive(Default)]
struct Found<'k> {
    identity: Option<&'k Identity>,
    advisories: Vec<&'k Advisory>,
    reasons: Vec<Reason>,
    unknown: Vec<(String, String)>,
}

impl<'k> Found<'k> {
    fn add(&mut self, identity: Option<&'k Identity>, advisory: &'k Advisory, answer: Answer) {
        match answer {
            Answer::Affected(reason) => {
                self.identity = identity;
                self.advisories.push(advisory);
                self.reasons.push(*reason);
            }
            Answer::Unknown { why } => self.unknown.push((advisory.id.clone(), why.to_string())),
            Answer::NotAffected => {}
        }
    }
}

/// How bad a vulnerability is: by the score of the latest version of CVSS that anybody gives, the highest of several; else
/// by the worst word. Nobody's rating is unknown.
fn rated(advisories: &[&Advisory]) -> (Severity, Option<(f64, String)>) {
    let ratings = || {
        let of_packages = advisories.iter().flat_map(|advisory| &advisory.affected).flat_map(|entry| &entry.ratings);
        advisories.iter().flat_map(|advisory| &advisory.ratings).chain(of_packages)
    };
    let scored = ratings().filter(|rating| rating.scheme == "cvss").filter_map(|rating| {
        let cvss = Cvss::parse(&rating.value).ok()?;
        Some((cvss.version(), cvss.score(), rating.value.clone(), cvss.severity()))
    });
    let best = scored.max_by(|left, right| left.0.cmp(&right.0).then(left.1.total_cmp(&right.1)));
    if let Some((_, score, vector, severity)) = best {
        return (severity, Some((score, vector)));
    }
    (ratings().map(word).max().unwrap_or(Severity::Unknown), None)
}

fn word(rating: &Rating) -> Severity {
    match rating.value.to_ascii_lowercase().as_str() {
        "critical" => Severity::Critical,
        "high" | "important" => Severity::High,
        "medium" | "moderate" => Severity::Medium,
        "low" => Severity::Low,
        "negligible" | "none" | "unimportant" => Severity::Info,
        _ => Severity::Unknown,
    }
}
