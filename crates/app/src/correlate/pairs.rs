//! Components beside advisories, and what comes of it: for each component its vulnerabilities, as the store keeps them.

use super::advisory_of;
use crate::problem::{Answer, Problem};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use shipworthy_advisories::advisory::{Advisory, Ssvc};
use shipworthy_advisories::correlation::{Collected, Match, Subject};
use shipworthy_advisories::due::TechnicalImpact;
use shipworthy_advisories::ecosystem::Key;
use shipworthy_advisories::matching::{Answer as Says, Reason};
use shipworthy_formats::vulnerability_identity;
use shipworthy_model::ComponentRef;
use shipworthy_store::advisory::Saying;
use shipworthy_store::component::Named;
use shipworthy_store::vulnerability_match::VulnerabilityMatch;
use shipworthy_store::{Session, advisory, advisory_alias, advisory_vulnerability};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What is kept of a match beside what is looked up by: new fields have a default.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Because {
    /// All ids of the vulnerability, its name first.
    #[serde(default)]
    pub(crate) ids: Vec<String>,
    /// The CVSS vector behind the score.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) vector: Option<String>,
    /// CWE numbers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) cwes: Vec<u32>,
    /// Why the component is affected, by advisory.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) reasons: Vec<Reason>,
    /// Why it cannot be decided, by advisory.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) unknown: Vec<(String, String)>,
}

impl Because {
    /// Each advisory with what it says, in words.
    pub(crate) fn in_words(&self) -> Vec<(String, String)> {
        let reasons = self.reasons.iter().map(|reason| {
            let Reason { advisory, package, ecosystem, is_source, range, .. } = reason;
            let source = if *is_source { "the source package " } else { "" };
            (advisory.clone(), format!("{source}{package} ({ecosystem}) is affected {range}"))
        });
        reasons.chain(self.unknown.iter().cloned()).collect()
    }
}

/// Components, and what advisories answer about them.
#[derive(Default)]
pub(crate) struct Pairs {
    components: Vec<(Named, Subject)>,
    by_key: HashMap<Key, Vec<usize>>,
    answers: Vec<Answered>,
    advisories: Vec<Advisory>,
}

/// What one advisory answers about one component.
struct Answered {
    component: usize,
    advisory: usize,
    /// Which of the component's names it answers about.
    key: Key,
    /// The answers by the component's names.
    says: Vec<Says>,
}

impl Pairs {
    pub(super) fn add_component(&mut self, named: Named, subject: Subject) {
        for key in subject.keys() {
            self.by_key.entry(key).or_default().push(self.components.len());
        }
        self.components.push((named, subject));
    }

    /// Asks what the advisories say of each component that is filed under the same key.
    pub(super) fn assess(&mut self, sayings: &[Saying]) -> Answer<()> {
        let keys: HashMap<&str, &Key> = self.by_key.keys().map(|key| (key.as_str(), key)).collect();
        let mut answers = Vec::new();
        for saying in sayings {
            let Some(key) = keys.get(saying.key.as_str()) else { continue };
            let advisory = advisory_of(&saying.id, &saying.says)?;
            let mut is_said = false;
            for component in &self.by_key[*key] {
                let says = self.components[*component].1.assess(key, &advisory, &[]);
                let says: Vec<Says> = says.into_iter().map(|(_, says)| says).collect();
                if !says.is_empty() {
                    is_said = true;
                    let (component, advisory, key) = (*component, self.advisories.len(), (*key).clone());
                    answers.push(Answered { component, advisory, key, says });
                }
            }
            if is_said {
                self.advisories.push(advisory);
            }
        }
        self.answers = answers;
        Ok(())
    }

    /// The vulnerabilities of the components, those among `wanted` where that is given.
    pub(super) async fn matches(
        &self,
        session: &mut Session,
        wanted: Option<&BTreeSet<String>>,
    ) -> Answer<Vec<VulnerabilityMatch>> {
        let ids: BTreeSet<String> = self.advisories.iter().map(|advisory| advisory.id.clone()).collect();
        let names = advisory_vulnerability::of_records(session, &ids).await?;
        let mut collected: BTreeMap<(usize, String), Collected<'_>> = BTreeMap::new();
        for Answered { component, advisory, key, says } in &self.answers {
            let advisory = &self.advisories[*advisory];
            let of_record = names.get(&(advisory.source.clone(), advisory.id.clone()));
            for name in
                of_record.into_iter().flatten().filter(|name| wanted.is_none_or(|wanted| wanted.contains(*name)))
            {
                let so_far = collected.entry((*component, name.clone())).or_default();
                for says in says {
                    so_far.add(self.components[*component].1.identity(key), advisory, says.clone());
                }
            }
        }
        let told: BTreeSet<String> = collected.keys().map(|(_, name)| name.clone()).collect();
        let everybody = Everybody::about(session, &told).await?;
        let found = collected.into_iter().map(|((component, name), collected)| {
            let (ids, records) = everybody.say(&name);
            kept(&self.components[component].0, collected.told(name, ids, &records))
        });
        found.collect()
    }
}

/// What everybody says of some vulnerabilities.
struct Everybody {
    ids: BTreeMap<String, Vec<String>>,
    records: BTreeMap<String, Vec<Advisory>>,
}

impl Everybody {
    async fn about(session: &mut Session, vulnerabilities: &BTreeSet<String>) -> Answer<Self> {
        let ids = advisory_alias::ids_of(session, vulnerabilities).await?;
        let all: Vec<String> = ids.values().flatten().cloned().collect();
        let mut records: BTreeMap<String, Vec<Advisory>> = BTreeMap::new();
        for found in advisory::with_ids(session, &all).await? {
            let advisory = advisory_of(&found.id, &found.body)?;
            if advisory.withdrawn.is_none() {
                records.entry(found.id).or_default().push(advisory);
            }
        }
        Ok(Self { ids, records })
    }

    fn say(&self, vulnerability: &str) -> (Vec<String>, Vec<&Advisory>) {
        let ids = self.ids.get(vulnerability).cloned().unwrap_or_else(|| vec![vulnerability.to_owned()]);
        let records = ids.iter().filter_map(|id| self.records.get(id)).flatten().collect();
        (ids, records)
    }
}

fn kept(named: &Named, found: Match) -> Answer<VulnerabilityMatch> {
    let Match { vulnerability, ids, title, severity, cvss, cwes, reasons, unknown, clean_version, ssvc, .. } = found;
    let component = ComponentRef { purl: named.purl.clone(), name: named.name.clone(), version: named.version.clone() };
    let is_affected = !reasons.is_empty();
    let identity = vulnerability_identity(&vulnerability, &ids, Some(&component));
    let (score, vector) = cvss.map_or((None, None), |(score, vector)| (Some(tenths(score)), Some(vector)));
    let is_malicious = ids.iter().any(|id| id.starts_with("MAL-"));
    let is_total = |impact: TechnicalImpact| impact == TechnicalImpact::Total;
    let because = Because { ids, vector, cwes, reasons, unknown };
    let body = serde_json::to_string(&because).map_err(|error| Problem::internal(error.to_string()))?;
    Ok(VulnerabilityMatch {
        component: named.number,
        vulnerability,
        is_affected,
        identity,
        severity,
        score,
        title: title.unwrap_or_default(),
        fixed_version: clean_version,
        is_automatable: ssvc.as_ref().and_then(Ssvc::is_automatable),
        is_total_impact: ssvc.as_ref().and_then(Ssvc::impact).map(is_total),
        is_malicious,
        first_at: Timestamp::UNIX_EPOCH,
        body,
    })
}

#[expect(clippy::cast_possible_truncation, reason = "a CVSS score has one digit after the point and is at most 10")]
fn tenths(score: f64) -> i64 {
    (score * 10.0).round() as i64
}
