//! Turns a list of findings into the facts that policies see: counts, the worst, those known to be exploited. The
//! server calls this once with all findings and once without the excused ones.

use crate::Input;
use crate::input::{Counts, FindingFacts, KnownExploited, VulnerabilityFacts, WorstFinding, WorstVulnerability};
use shipworthy_model::{Digest, FindingKind, Phase, Severity};
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// How many of the worst findings of a kind a policy sees.
const WORST_SHOWN: usize = 50;

/// A finding, reduced to what facts and exceptions need. One per rule and component, whoever found it.
#[derive(Clone, Debug, PartialEq)]
pub struct FindingFact {
    /// What sort of problem.
    pub kind: FindingKind,
    /// The phase of the evidence. Tells secrets of the source from those of the artifact.
    pub phase: Phase,
    /// The vulnerability or rule.
    pub rule: String,
    /// Other ids of the same problem.
    pub aliases: Vec<String>,
    /// One line for people.
    pub title: Option<String>,
    /// How bad.
    pub severity: Severity,
    /// The component's package URL in canonical form.
    pub purl: Option<String>,
    /// The component's name.
    pub name: Option<String>,
    /// The component's version.
    pub version: Option<String>,
    /// Versions of the component without the problem.
    pub fixed_versions: Vec<String>,
    /// The CVSS base score.
    pub cvss_score: Option<f64>,
    /// What the catalogue of known exploited vulnerabilities says of it.
    pub known_exploited: Option<Exploited>,
    /// The file it is in.
    pub path: Option<String>,
    /// The line there.
    pub line: Option<u32>,
    /// The artifacts it was found in; empty when it was found in the release as a whole.
    pub artifacts: Vec<Digest>,
}

/// What the catalogue of known exploited vulnerabilities says of a finding.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exploited {
    /// The date until which it tells to act.
    pub due_date: Option<String>,
}

impl FindingFact {
    /// A finding with nothing but kind, phase, rule and severity.
    #[must_use]
    pub fn new(kind: FindingKind, phase: Phase, rule: &str, severity: Severity) -> Self {
        Self {
            kind,
            phase,
            rule: rule.to_owned(),
            aliases: Vec::new(),
            title: None,
            severity,
            purl: None,
            name: None,
            version: None,
            fixed_versions: Vec::new(),
            cvss_score: None,
            known_exploited: None,
            path: None,
            line: None,
            artifacts: Vec::new(),
        }
    }

    /// The component, by purl where it has one, else by name.
    #[must_use]
    pub fn component(&self) -> Option<&str> {
        self.purl.as_deref().or(self.name.as_deref())
    }
}

/// What was looked for, found or not. Without it "nobody looked" and "nothing was found" would be the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LookedFor {
    /// Kinds of findings, each with the phase of the evidence.
    pub kinds: BTreeSet<(FindingKind, Phase)>,
    /// Whether the catalogue of known exploited vulnerabilities is loaded.
    pub known_exploited: bool,
}

impl LookedFor {
    /// Whether a kind was looked for, in one phase or in any.
    fn has(&self, kind: FindingKind, phases: &[Phase]) -> bool {
        phases.iter().any(|phase| self.kinds.contains(&(kind, *phase)))
    }
}

/// The facts with everything that follows from findings written anew from this list.
#[must_use]
pub fn with_findings<'a>(
    mut input: Input,
    findings: impl IntoIterator<Item = &'a FindingFact>,
    looked_for: &LookedFor,
) -> Input {
    use FindingKind::{Code, Dynamic, License, Malware, Misconfiguration, Quality, Secret, Vulnerability};
    let mut sorted: Vec<&FindingFact> = findings.into_iter().collect();
    sorted.sort_by(|a, b| {
        rank(a).cmp(&rank(b)).then_with(|| score(b).total_cmp(&score(a))).then_with(|| tie(a).cmp(&tie(b)))
    });
    let facts = |kind: FindingKind, phases: &[Phase]| {
        let of_kind = || sorted.iter().copied().filter(|fact| fact.kind == kind && phases.contains(&fact.phase));
        (looked_for.has(kind, phases) || of_kind().next().is_some()).then(|| finding_facts(of_kind()))
    };
    let source = Source {
        code_findings: facts(Code, Phase::ALL),
        quality_findings: facts(Quality, Phase::ALL),
        secrets: facts(Secret, &[Phase::Source]),
    };
    let vulnerabilities = || sorted.iter().copied().filter(|fact| fact.kind == Vulnerability);
    let has_vulnerabilities = looked_for.has(Vulnerability, Phase::ALL) || vulnerabilities().next().is_some();
    let artifact = Artifact {
        vulnerabilities: has_vulnerabilities
            .then(|| vulnerability_facts(vulnerabilities(), looked_for.known_exploited)),
        malware: facts(Malware, Phase::ALL),
        misconfigurations: facts(Misconfiguration, Phase::ALL),
        license_findings: facts(License, Phase::ALL),
        secrets: facts(Secret, &[Phase::Build, Phase::Artifact, Phase::Deploy]),
    };
    source.write(&mut input);
    artifact.write(&mut input);
    let dynamic_findings = facts(Dynamic, Phase::ALL);
    if dynamic_findings.is_some() || input.deploy.is_some() {
        input.deploy.get_or_insert_default().dynamic_findings = dynamic_findings;
    }
    input
}

/// Sorts the worst first.
fn rank(fact: &FindingFact) -> (Reverse<Severity>, Reverse<bool>) {
    (Reverse(fact.severity), Reverse(fact.known_exploited.is_some()))
}

fn score(fact: &FindingFact) -> f64 {
    fact.cvss_score.unwrap_or(0.0)
}

/// Makes the order of equally bad ones the same every time.
fn tie(fact: &FindingFact) -> (&str, Option<&str>, Option<&str>, Option<&str>, Option<u32>) {
    (&fact.rule, fact.component(), fact.version.as_deref(), fact.path.as_deref(), fact.line)
}

fn finding_facts<'a>(sorted: impl Iterator<Item = &'a FindingFact>) -> FindingFacts {
    let sorted: Vec<&FindingFact> = sorted.collect();
    let worst = |fact: &&FindingFact| WorstFinding {
        rule: fact.rule.clone(),
        severity: fact.severity.to_string(),
        title: fact.title.clone(),
        component: fact.component().map(str::to_owned),
        path: fact.path.clone(),
        line: fact.line,
    };
    FindingFacts {
        counts: sorted.iter().map(|fact| fact.severity).collect(),
        worst: sorted.iter().take(WORST_SHOWN).map(worst).collect(),
    }
}

fn vulnerability_facts<'a>(
    sorted: impl Iterator<Item = &'a FindingFact>,
    is_catalogue_loaded: bool,
) -> VulnerabilityFacts {
    let sorted: Vec<&FindingFact> = sorted.collect();
    let fixable = sorted.iter().filter(|fact| !fact.fixed_versions.is_empty());
    let exploited = |fact: &&FindingFact| {
        let exploited = fact.known_exploited.as_ref()?;
        let component = fact.component().map(str::to_owned);
        Some(KnownExploited { id: fact.rule.clone(), component, due_date: exploited.due_date.clone() })
    };
    VulnerabilityFacts {
        counts: sorted.iter().map(|fact| fact.severity).collect::<Counts>(),
        fixable: fixable.map(|fact| fact.severity).collect(),
        worst: sorted.iter().take(WORST_SHOWN).map(|fact| worst_vulnerability(fact)).collect(),
        known_exploited: is_catalogue_loaded.then(|| sorted.iter().filter_map(exploited).collect()),
    }
}

fn worst_vulnerability(fact: &FindingFact) -> WorstVulnerability {
    WorstVulnerability {
        id: fact.rule.clone(),
        aliases: fact.aliases.clone(),
        severity: fact.severity.to_string(),
        component: fact.component().map(str::to_owned),
        version: fact.version.clone(),
        fixed_versions: fact.fixed_versions.clone(),
        cvss_score: fact.cvss_score,
        known_exploited: fact.known_exploited.is_some(),
    }
}

/// What findings make of the group `source`.
#[derive(PartialEq, Default)]
struct Source {
    code_findings: Option<FindingFacts>,
    quality_findings: Option<FindingFacts>,
    secrets: Option<FindingFacts>,
}

impl Source {
    fn write(self, input: &mut Input) {
        if input.source.is_none() && self == Self::default() {
            return;
        }
        let group = input.source.get_or_insert_default();
        let Self { code_findings, quality_findings, secrets } = self;
        (group.code_findings, group.quality_findings, group.secrets) = (code_findings, quality_findings, secrets);
    }
}

/// What findings make of the group `artifact`.
#[derive(PartialEq, Default)]
struct Artifact {
    vulnerabilities: Option<VulnerabilityFacts>,
    malware: Option<FindingFacts>,
    misconfigurations: Option<FindingFacts>,
    license_findings: Option<FindingFacts>,
    secrets: Option<FindingFacts>,
}

impl Artifact {
    fn write(self, input: &mut Input) {
        if input.artifact.is_none() && self == Self::default() {
            return;
        }
        let group = input.artifact.get_or_insert_default();
        let Self { vulnerabilities, malware, misconfigurations, license_findings, secrets } = self;
        group.vulnerabilities = vulnerabilities;
        group.malware = malware;
        group.misconfigurations = misconfigurations;
        group.license_findings = license_findings;
        group.secrets = secrets;
    }
}
