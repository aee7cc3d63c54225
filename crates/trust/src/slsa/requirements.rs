//! The requirements of the Build track, each with what shows that it is met.
//! <https://slsa.dev/spec/v1.2/build-requirements>

use super::{Assessment, BuildLevel, Check, Code};
use crate::predicate::Provenance;
use crate::verify::StepResult;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// One requirement, and what is known of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requirement {
    /// The level from which it is required: 1 to 3 of the Build track, 1 to 4 of the Source track.
    pub level: u8,
    /// Who has to meet it: `producer`, `build platform` or `source control system`.
    pub whose: Cow<'static, str>,
    /// What is required, in the words of the specification.
    pub name: Cow<'static, str>,
    /// What is known of it.
    pub shown: Shown,
    /// By what, as a sentence.
    pub words: String,
    /// The digests of the evidence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<String>,
}

/// What is known of a requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    /// It is met.
    Met,
    /// It is not met.
    NotMet,
    /// Nothing shows whether it is.
    NotShown,
}

impl Requirement {
    /// Whether it asks for nothing but that provenance is there.
    fn is_of_existence(&self) -> bool {
        [DISTRIBUTED, EXISTS].contains(&self.name.as_ref())
    }
}

const DISTRIBUTED: &str = "Provenance is distributed";
const EXISTS: &str = "Provenance exists";

/// What a check of the provenance itself shows, and what is taken from the list of trusted builders, kept apart in words.
pub(super) fn of_build(assessment: &Assessment, provenance: Option<&Provenance>) -> Vec<Requirement> {
    let facts = Facts { assessment, provenance };
    let mut requirements = vec![
        facts.platform(),
        facts.consistent(),
        facts.distributed(),
        facts.exists(),
        facts.mapped(2, "Provenance is generated on a hosted platform", BuildLevel::L2),
        facts.authentic(),
        facts.mapped(3, "Builds are isolated from one another and from the signing secret", BuildLevel::L3),
        facts.mapped(3, "Provenance is unforgeable by the build itself", BuildLevel::L3),
        facts.enumerated(),
    ];
    let evidence: Vec<String> = assessment.statement.iter().cloned().collect();
    let is_about_it = provenance.is_some() && facts.has_passed("subject");
    for requirement in &mut requirements {
        if !is_about_it {
            requirement.shown = if requirement.is_of_existence() { Shown::NotMet } else { Shown::NotShown };
            requirement.words = "no provenance of this artifact is here".to_owned();
        }
        if requirement.shown != Shown::NotShown {
            requirement.evidence.clone_from(&evidence);
        }
    }
    requirements
}

struct Facts<'a> {
    assessment: &'a Assessment,
    provenance: Option<&'a Provenance>,
}

impl<'a> Facts<'a> {
    fn check(&self, name: &str) -> Option<&'a Check> {
        self.assessment.checks.iter().find(|check| check.name == name)
    }

    fn has_passed(&self, name: &str) -> bool {
        self.check(name).is_some_and(|check| check.result == StepResult::Passed)
    }

    /// Whether the statement is believed to be by the builder that it names.
    fn is_attributed(&self) -> bool {
        self.has_passed("signature") && self.has_passed("builder") && self.has_passed("subject")
    }

    fn platform(&self) -> Requirement {
        let (shown, words) = match &self.assessment.builder {
            Some(builder) if self.is_attributed() => {
                (Shown::Met, format!("built by `{builder}`, which is trusted here"))
            }
            _ => (Shown::NotShown, "no builder is known that is trusted here".to_owned()),
        };
        producer("An appropriate build platform is chosen", shown, words)
    }

    fn consistent(&self) -> Requirement {
        let names = ["source-repository", "build-type", "source-ref", "external-parameters"];
        let checks: Vec<&Check> = names.into_iter().filter_map(|name| self.check(name)).collect();
        let failed = checks.iter().find(|check| check.result == StepResult::Failed);
        let compared: Vec<&str> = names.into_iter().filter(|name| self.has_passed(name)).collect();
        let (shown, words) = match failed {
            Some(check) => (Shown::NotMet, check.words.clone()),
            None if compared.starts_with(&names[..2]) => {
                (Shown::Met, format!("as expected: {}", compared.join(", ").replace('-', " ")))
            }
            None => (Shown::NotShown, "how the package is to be built is not stated".to_owned()),
        };
        producer("A consistent build process is followed", shown, words)
    }

    fn distributed(&self) -> Requirement {
        producer(DISTRIBUTED, Shown::Met, "the provenance is here".to_owned())
    }

    fn exists(&self) -> Requirement {
        let missing = self.provenance.map(|stated| stated.missing.join(", ")).unwrap_or_default();
        let words = match missing.as_str() {
            "" => "it names the artifact by its digest and says how it was built".to_owned(),
            missing => format!("it names the artifact by its digest, and does not state {missing}"),
        };
        platform(1, EXISTS, Shown::Met, words)
    }

    fn authentic(&self) -> Requirement {
        let check = |name| self.check(name);
        let failed =
            ["signature", "builder"].into_iter().filter_map(check).find(|check| check.result == StepResult::Failed);
        let (shown, words) = match failed {
            // Who is not in the list may be as good as those who are.
            Some(check) if check.code == Some(Code::EBuilder) => (Shown::NotShown, check.words.clone()),
            Some(check) => (Shown::NotMet, check.words.clone()),
            None if self.is_attributed() => {
                let signature = self.check("signature").map_or("", |check| check.words.as_str());
                (
                    Shown::Met,
                    format!(
                        "{signature}, who signs for the builder; that the platform and not its user signs is taken from the list of trusted builders"
                    ),
                )
            }
            None => (Shown::NotShown, "the signature was not checked".to_owned()),
        };
        platform(2, "Provenance is authentic", shown, words)
    }

    fn enumerated(&self) -> Requirement {
        let name = "External parameters are complete";
        let stated =
            self.provenance.is_some_and(|stated| !stated.missing.iter().any(|field| field == "externalParameters"));
        if !stated {
            return platform(3, name, Shown::NotMet, "the provenance states no external parameters".to_owned());
        }
        self.mapped(3, name, BuildLevel::L3)
    }

    /// What nothing in a document can show: it was judged when the builder was put into the list.
    fn mapped(&self, level: u8, name: &'static str, needed: BuildLevel) -> Requirement {
        let trusted = self.assessment.mapped_level.filter(|_| self.is_attributed());
        let (shown, words) = match (trusted, &self.assessment.builder) {
            (Some(trusted), Some(builder)) if trusted >= needed => (
                Shown::Met,
                format!("shown by the list of trusted builders: `{builder}` is trusted up to {}", trusted.name()),
            ),
            (Some(trusted), Some(builder)) => {
                (Shown::NotShown, format!("`{builder}` is trusted up to {} only", trusted.name()))
            }
            _ => (Shown::NotShown, "no builder is known that is trusted here".to_owned()),
        };
        platform(level, name, shown, words)
    }
}

fn producer(name: &'static str, shown: Shown, words: String) -> Requirement {
    Requirement { level: 1, whose: "producer".into(), name: name.into(), shown, words, evidence: Vec::new() }
}

fn platform(level: u8, name: &'static str, shown: Shown, words: String) -> Requirement {
    Requirement { level, whose: "build platform".into(), name: name.into(), shown, words, evidence: Vec::new() }
}
