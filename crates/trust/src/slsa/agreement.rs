//! Several provenances of one artifact: what all of them together prove, and where they disagree.

use super::{Assessment, BuildLevel, Verdict};
use crate::predicate::NamedDigest;
use crate::verify::StepResult;
use serde::{Deserialize, Serialize};

/// What all that is known of one artifact's build proves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Conclusion {
    /// The artifact.
    pub artifact: NamedDigest,
    /// The level reached.
    pub level: BuildLevel,
    /// Whether one provenance was accepted and none disagrees with it.
    pub verdict: Verdict,
    /// Two that contradict one another, each pair once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub disagreements: Vec<Disagreement>,
    /// Every assessment, the one that counts first. Those of other artifacts are among them and say so.
    pub assessments: Vec<Assessment>,
}

/// Two believed statements that cannot both be right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disagreement {
    /// What they disagree about, as a sentence.
    pub words: String,
    /// The digests of the two statements.
    pub statements: Vec<String>,
}

/// Puts together what several provenances prove of one artifact.
///
/// A statement has a voice when somebody known signed it, it is about this artifact, and its builder is trusted: anybody
/// can sign something else, and must not be able to lower a level by it. Of voices that agree the highest level counts.
/// Where two voices name different source, both are shown, and the level is what both support: the lower of the two.
#[must_use]
pub fn conclude(artifact: &NamedDigest, mut assessments: Vec<Assessment>) -> Conclusion {
    let rank =
        |assessment: &Assessment| (has_voice(assessment), assessment.level, assessment.verdict == Verdict::Accepted);
    assessments.sort_by(|a, b| rank(b).cmp(&rank(a)).then_with(|| a.statement.cmp(&b.statement)));
    let voices: Vec<&Assessment> = assessments.iter().filter(|assessment| has_voice(assessment)).collect();
    let mut disagreements = Vec::new();
    let mut level = assessments.first().map_or(BuildLevel::L0, |best| best.level);
    for (at, one) in voices.iter().enumerate() {
        for other in &voices[at + 1..] {
            if let Some(words) = contradiction(one, other) {
                level = level.min(one.level).min(other.level);
                let statements = [one, other].iter().filter_map(|side| side.statement.clone()).collect();
                disagreements.push(Disagreement { words, statements });
            }
        }
    }
    let verdict = match assessments.first() {
        _ if !disagreements.is_empty() => Verdict::Refused,
        Some(best) => best.verdict,
        None => Verdict::Incomplete,
    };
    Conclusion { artifact: artifact.clone(), level, verdict, disagreements, assessments }
}

fn has_voice(assessment: &Assessment) -> bool {
    let needed = ["signature", "subject", "predicate", "builder"];
    let has_passed =
        |name: &str| assessment.checks.iter().any(|check| check.name == name && check.result == StepResult::Passed);
    needed.into_iter().all(has_passed)
}

/// Two builders that built the same from the same source do not disagree: that is a reproduced build.
fn contradiction(one: &Assessment, other: &Assessment) -> Option<String> {
    let pairs = [
        ("repositories", &one.source.repository, &other.source.repository),
        ("commits", &one.source.commit, &other.source.commit),
    ];
    let (what, left, right) =
        pairs.into_iter().find(|(_, left, right)| left.is_some() && right.is_some() && left != right)?;
    let (left, right) = (left.as_deref().unwrap_or_default(), right.as_deref().unwrap_or_default());
    let names = [one, other].map(|side| side.builder.as_deref().unwrap_or_default());
    Some(format!(
        "two trusted statements name different {what} for the same artifact: {left} (by `{}`) and {right} (by `{}`)",
        names[0], names[1]
    ))
}
