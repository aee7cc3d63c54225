//! The Source track: what summaries of a source control system, and what is known of reviews, prove of a commit.
//! <https://slsa.dev/spec/v1.2/verifying-source>

use super::builders::SignerRule;
use super::requirements::{Requirement, Shown};
use crate::predicate::NamedDigest;
use crate::verify::Attested;
use crate::verify::identity::Pattern;
use crate::vsa::{self, Summary, SummaryCheck, TrustedVerifier};
use serde::{Deserialize, Serialize};

/// The levels of the Source track.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum SourceLevel {
    /// Nothing is known.
    #[serde(rename = "SLSA_SOURCE_LEVEL_0")]
    L0,
    /// It is under version control.
    #[serde(rename = "SLSA_SOURCE_LEVEL_1")]
    L1,
    /// Its history is kept.
    #[serde(rename = "SLSA_SOURCE_LEVEL_2")]
    L2,
    /// Controls hold without a break.
    #[serde(rename = "SLSA_SOURCE_LEVEL_3")]
    L3,
    /// Two people agreed to every change.
    #[serde(rename = "SLSA_SOURCE_LEVEL_4")]
    L4,
}

/// A source control system whose summaries are believed, and how far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceVerifier {
    /// What it is called here.
    pub name: String,
    /// Its `verifier.id`.
    pub verifier: Pattern,
    /// Who signs for it.
    pub signers: Vec<SignerRule>,
    /// The highest level that it is believed.
    pub level: SourceLevel,
}

/// Everything that the assessment of one commit rests on.
#[derive(Clone, Copy, Debug)]
pub struct SourceCase<'a> {
    /// The commit: `gitCommit:…`.
    pub revision: &'a NamedDigest,
    /// The repository that it must be in, in any way of writing it.
    pub repository: &'a str,
    /// The branch or tag that it must be on, `refs/heads/main`. Absent: any.
    pub reference: Option<&'a str>,
    /// Summaries of it, verified.
    pub summaries: &'a [(&'a Attested, &'a Summary)],
    /// Whose summaries are believed.
    pub verifiers: &'a [SourceVerifier],
    /// What is known of its reviews.
    pub reviews: Option<&'a Reviews>,
}

/// What is known of the reviews of a commit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reviews {
    /// How many people other than the author agreed to the change.
    pub approvals: u32,
    /// Whether they agreed to it as it was merged.
    pub of_final_revision: bool,
    /// The digests of the evidence.
    pub evidence: Vec<String>,
}

/// What is proved of one commit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SourceAssessment {
    /// The commit.
    pub revision: NamedDigest,
    /// The level reached.
    pub level: SourceLevel,
    /// What else the summary that counts says of it: the organisation's own words, and SLSA's verified properties.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub properties: Vec<String>,
    /// The requirements of the Source track.
    pub requirements: Vec<Requirement>,
    /// Each summary with its checks, the one that counts first.
    pub summaries: Vec<SummaryCheck>,
}

impl SourceLevel {
    const ALL: [Self; 5] = [Self::L0, Self::L1, Self::L2, Self::L3, Self::L4];

    /// Its word in a verification summary.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::L0 => "SLSA_SOURCE_LEVEL_0",
            Self::L1 => "SLSA_SOURCE_LEVEL_1",
            Self::L2 => "SLSA_SOURCE_LEVEL_2",
            Self::L3 => "SLSA_SOURCE_LEVEL_3",
            Self::L4 => "SLSA_SOURCE_LEVEL_4",
        }
    }

    /// The highest level among the words of a summary.
    fn among(words: &[String]) -> Self {
        let named = |level: &Self| words.iter().any(|word| word == level.as_str());
        Self::ALL.into_iter().rev().find(named).unwrap_or(Self::L0)
    }
}

/// Judges what is proved of one commit. Without a summary that is believed nothing is: level 0.
#[must_use]
pub fn assess_source(case: &SourceCase<'_>) -> SourceAssessment {
    let judged = case.summaries.iter().map(|(attested, summary)| judge(case, attested, summary));
    let mut judged: Vec<(SourceLevel, SummaryCheck)> = judged.collect();
    judged.sort_by(|(a, _), (b, _)| b.cmp(a));
    let (level, best) = judged.first().map_or((SourceLevel::L0, None), |(level, check)| (*level, Some(check.clone())));
    let best = best.filter(|_| level > SourceLevel::L0);
    SourceAssessment {
        revision: case.revision.clone(),
        level,
        properties: best.iter().flat_map(|check| check.properties()).collect(),
        requirements: requirements(level, best.as_ref(), case.reviews),
        summaries: judged.into_iter().map(|(_, check)| check).collect(),
    }
}

/// The level that one summary proves: the lower of what it says and what its issuer is believed.
fn judge(case: &SourceCase<'_>, attested: &Attested, summary: &Summary) -> (SourceLevel, SummaryCheck) {
    let resource = crate::predicate::canonical_repository(case.repository);
    let verifiers: Vec<TrustedVerifier> = case.verifiers.iter().map(SourceVerifier::plain).collect();
    let question = vsa::Question {
        subject: case.revision,
        resource: resource.as_deref().unwrap_or(case.repository),
        is_repository: true,
        reference: case.reference,
        levels: &[],
        verifiers: &verifiers,
    };
    let check = vsa::check(&question, attested, summary);
    if !check.is_accepted {
        return (SourceLevel::L0, check);
    }
    let believed = case.verifiers.iter().find(|verifier| Some(&verifier.name) == check.verifier.as_ref());
    let level = believed.map_or(SourceLevel::L1, |verifier| verifier.level);
    (level.min(SourceLevel::among(&summary.verified_levels)), check)
}

impl SourceVerifier {
    fn plain(&self) -> TrustedVerifier {
        let (name, verifier, signers) = (self.name.clone(), self.verifier.clone(), self.signers.clone());
        TrustedVerifier { name, verifier, signers }
    }
}

const REQUIREMENTS: [(u8, &str); 5] = [
    (1, "The source is under version control, its revisions immutable and identified"),
    (2, "The history of named branches and tags is preserved"),
    (2, "The source control system issues source provenance"),
    (3, "Technical controls on named branches and tags hold without a break"),
    (4, "Two trusted people agreed to every change"),
];

fn requirements(level: SourceLevel, best: Option<&SummaryCheck>, reviews: Option<&Reviews>) -> Vec<Requirement> {
    let of_level =
        |required: u8| SourceLevel::ALL.into_iter().position(|other| other == level) >= Some(required.into());
    let mut requirements: Vec<Requirement> = Vec::new();
    for (required, name) in REQUIREMENTS {
        let verifier = best.and_then(|check| check.verifier.as_deref());
        let (shown, words, evidence) = match (verifier, best) {
            (Some(verifier), Some(check)) if of_level(required) => {
                let words = format!("shown by the summary of `{verifier}`, believed for {}", level.as_str());
                (Shown::Met, words, check.statement.iter().cloned().collect())
            }
            _ if required == 4 => reviewed(reviews),
            _ => (Shown::NotShown, "no summary that is believed says so".to_owned(), Vec::new()),
        };
        let whose = if required == 4 { "producer" } else { "source control system" };
        requirements.push(Requirement {
            level: required,
            whose: whose.into(),
            name: name.into(),
            shown,
            words,
            evidence,
        });
    }
    requirements
}

/// Reviews that are known show one requirement. They raise no level: those below it are not shown by them.
fn reviewed(reviews: Option<&Reviews>) -> (Shown, String, Vec<String>) {
    let Some(reviews) = reviews else {
        return (Shown::NotShown, "nothing is known of reviews".to_owned(), Vec::new());
    };
    let evidence = reviews.evidence.clone();
    match (reviews.approvals, reviews.of_final_revision) {
        (0, _) => (Shown::NotMet, "nobody but the author is known to have agreed to the change".to_owned(), evidence),
        (count, true) => {
            (Shown::Met, format!("{count} beside the author agreed to the change as it was merged"), evidence)
        }
        (count, false) => {
            let words = format!("{count} beside the author agreed, but not to the change as it was merged");
            (Shown::NotShown, words, evidence)
        }
    }
}
