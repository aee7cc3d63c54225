//! From what single advisories answer to what is known of a vulnerability in a component: which names a component is looked
//! up by, which vulnerabilities an advisory is about, and what everybody together says. Where the advisories are kept is
//! somebody else's matter: [`crate::knowledge`] has them in memory, a server in tables.

use std::collections::{BTreeMap, BTreeSet};

use shipworthy_model::Severity;

use crate::advisory::{Advisory, Rating, Ssvc};
use crate::cpe::Cpe;
use crate::cvss::Cvss;
use crate::ecosystem::{Identity, Key, identities, key_of};
use crate::fixes::first_clean_version;
use crate::known_exploited::Entry;
use crate::matching::{Answer, Reason, assess_entries};
use crate::products::{Installed, assess_product, has_product, key_of_product, product_keys};
use crate::reading::capped;

/// What a component is looked up by.
#[derive(Clone, Debug)]
pub enum Subject {
    /// Its names as a package: at least one.
    Package(Vec<Identity>),
    /// Its name as a product, and the version stated beside it.
    Product(Box<Cpe>, Option<String>),
}

impl Subject {
    /// What a component is looked up by: its package URL, or its CPE name where no advisories are filed by the type of its
    /// package URL.
    ///
    /// # Errors
    /// A sentence when nothing can be known of it: it has neither, or its name is no name.
    pub fn of(purl: Option<&str>, cpe: Option<&str>, version: Option<&str>) -> Result<Self, String> {
        let identities = purl.map_or(Ok(Vec::new()), |purl| identities(purl, version))?;
        match (identities.is_empty(), cpe, purl) {
            (false, ..) => Ok(Self::Package(identities)),
            (true, Some(cpe), _) => {
                let cpe = Cpe::parse(cpe).map_err(|error| error.to_string())?;
                Ok(Self::Product(Box::new(cpe), version.map(str::to_owned)))
            }
            (true, None, Some(purl)) => {
                let kind = purl.split_once('/').map_or(purl, |(kind, _)| kind);
                Err(format!("no advisories are filed by package URLs that begin with `{kind}/` and say no more"))
            }
            (true, None, None) => Err("it has neither a package URL nor a CPE name".to_owned()),
        }
    }

    /// Where advisories about it are filed, each key once.
    #[must_use]
    pub fn keys(&self) -> BTreeSet<Key> {
        match self {
            Self::Package(identities) => identities.iter().map(|identity| identity.key.clone()).collect(),
            Self::Product(cpe, _) => key_of_product(cpe).into_iter().collect(),
        }
    }

    /// The name that is filed under the key, where it is a package's.
    #[must_use]
    pub fn identity(&self, key: &Key) -> Option<&Identity> {
        match self {
            Self::Package(identities) => identities.iter().find(|identity| identity.key == *key),
            Self::Product(..) => None,
        }
    }

    /// What an advisory answers by each name of the component that is filed under the key. `beside` are the CPE names of
    /// what it runs on. Names that are not affected are left out.
    #[must_use]
    pub fn assess(&self, key: &Key, advisory: &Advisory, beside: &[Cpe]) -> Vec<(Option<&Identity>, Answer)> {
        let answers: Vec<(Option<&Identity>, Answer)> = match self {
            Self::Package(identities) => {
                let entries = advisory.affected.iter().filter(|entry| key_of(entry).as_ref() == Some(key));
                let entries: Vec<_> = entries.collect();
                let filed = identities.iter().filter(|identity| identity.key == *key);
                filed.map(|identity| (Some(identity), assess_entries(identity, advisory, &entries))).collect()
            }
            Self::Product(cpe, version) => {
                let installed = Installed { cpe, version: version.as_deref(), beside };
                vec![(None, assess_product(&installed, advisory))]
            }
        };
        answers.into_iter().filter(|(_, answer)| *answer != Answer::NotAffected).collect()
    }
}

/// What an advisory says about the packages and products of each key, and nothing else: all that [`Subject::assess`] and
/// [`first_clean_version`] look at.
#[must_use]
pub fn sayings(advisory: &Advisory) -> BTreeMap<Key, Advisory> {
    let keys: BTreeSet<Key> = advisory.affected.iter().filter_map(key_of).chain(product_keys(advisory)).collect();
    let saying = |key: Key| {
        let entries = advisory.affected.iter().filter(|entry| key_of(entry).as_ref() == Some(&key));
        let configurations = advisory.configurations.iter().filter(|configuration| has_product(configuration, &key));
        let says = Advisory {
            id: advisory.id.clone(),
            source: advisory.source.clone(),
            withdrawn: advisory.withdrawn,
            affected: entries.cloned().collect(),
            configurations: configurations.cloned().collect(),
            ..Advisory::default()
        };
        (key, says)
    };
    keys.into_iter().map(saying).collect()
}

/// The vulnerabilities that an advisory is about: `name` is what its id belongs to, `covers` are the CVE ids that it
/// names among others ([`crate::alias::Vulnerability`]), `upstream` those that it says it mends. A distribution's advisory
/// is told by the vulnerabilities that it mends, because that is how everybody else names them.
#[must_use]
pub fn names_of(id: &str, name: &str, covers: &[String], upstream: &[String]) -> Vec<String> {
    if name != id {
        return vec![name.to_owned()];
    }
    let covered = covers.iter().chain(upstream).filter(|id| id.starts_with("CVE-"));
    let names: BTreeSet<&String> = covered.collect();
    if names.is_empty() { vec![name.to_owned()] } else { names.into_iter().cloned().collect() }
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
    /// What a coordinator judged of it (SSVC), the latest word where there are several.
    pub ssvc: Option<Ssvc>,
    /// Where to read more.
    pub references: Vec<String>,
}

/// How likely a vulnerability is exploited in the next 30 days, by EPSS.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Exploitability {
    /// The probability, from 0 to 1.
    pub probability: f64,
    /// The share of all scored vulnerabilities that score the same or lower, from 0 to 1.
    pub percentile: f64,
}

/// What advisories answer about one vulnerability in a component.
#[derive(Debug, Default)]
pub struct Collected<'k> {
    identity: Option<&'k Identity>,
    affecting: Vec<&'k Advisory>,
    reasons: Vec<Reason>,
    unknown: Vec<(String, String)>,
}

impl<'k> Collected<'k> {
    /// Adds what one advisory answers about the component by one of its names.
    pub fn add(&mut self, identity: Option<&'k Identity>, advisory: &'k Advisory, answer: Answer) {
        match answer {
            Answer::Affected(reason) => {
                self.identity = identity;
                self.affecting.push(advisory);
                self.reasons.push(*reason);
            }
            Answer::Unknown { why } => self.unknown.push((advisory.id.clone(), why.to_string())),
            Answer::NotAffected => {}
        }
    }

    /// The match, with what everybody says of the vulnerability: `ids` are all its ids, `everybody` the whole records about
    /// it. How likely it is exploited is for the caller to add.
    #[must_use]
    pub fn told(self, vulnerability: String, ids: Vec<String>, everybody: &[&Advisory]) -> Match {
        let mut all: Vec<&Advisory> = everybody.to_vec();
        // The whole record says more than its part about one package.
        all.extend(self.affecting.iter().copied());
        let mut seen = BTreeSet::new();
        all.retain(|advisory| seen.insert((&advisory.source, &advisory.id)));
        all.sort_by_key(|advisory| (&advisory.source, &advisory.id));
        let (severity, cvss) = rated(&all);
        let cwes: BTreeSet<u32> = all.iter().flat_map(|advisory| advisory.cwes.iter().copied()).collect();
        let references = all.iter().flat_map(|advisory| &advisory.references).map(|reference| reference.url.clone());
        let references: BTreeSet<String> = references.collect();
        Match {
            title: all.iter().find_map(|advisory| advisory.title.as_deref()).map(|title| capped(title, 200)),
            severity,
            cvss,
            cwes: cwes.into_iter().collect(),
            exploitability: None,
            known_exploited: None,
            clean_version: self.identity.and_then(|identity| first_clean_version(identity, &self.affecting)),
            unknown: if self.reasons.is_empty() { self.unknown } else { Vec::new() },
            reasons: self.reasons,
            ssvc: all.iter().rev().find_map(|advisory| advisory.ssvc.clone()),
            references: references.into_iter().collect(),
            vulnerability,
            ids,
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
