//! Facts of the phase *source*: where the code came from, who reviewed it, what was measured and found in it.

use super::FindingFacts;
use serde::{Deserialize, Serialize};
use shipworthy_model::{Measures, QualityGate, Review, Scorecard};
use std::collections::{BTreeMap, BTreeSet};
use utoipa::ToSchema;

/// What is known of the source.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SourceFacts {
    /// The repository the release was built from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repository: Option<String>,
    /// The branch it was built from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branch: Option<String>,
    /// The commit, in lower-case hexadecimal digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// The change requests behind the commit. Present once one is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reviews: Option<Vec<ReviewFacts>>,
    /// Measures of quality. Present once a tool measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measures: Option<MeasureFacts>,
    /// How well the project is kept, as OpenSSF Scorecard measures it: the newest word. Present once it was measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scorecard: Option<ScorecardFacts>,
    /// Weaknesses in our own code. Present once a tool looked for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code_findings: Option<FindingFacts>,
    /// Defects of quality without known effect on security. Present once a tool looked for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quality_findings: Option<FindingFacts>,
    /// Credentials in the source. Present once a tool looked for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secrets: Option<FindingFacts>,
    /// The level, 0 to 4, that the commit reaches on SLSA's Source track. Present once there is a verification summary
    /// of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slsa_level: Option<u8>,
}

/// How well a project is kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScorecardFacts {
    /// The project, such as `github.com/octo/shop`.
    pub project: String,
    /// The whole, from 0 to 10. Absent when it was not computed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
    /// Each check with its score from 0 to 10. Checks that could not be told are absent.
    #[serde(default)]
    #[schema(required)]
    pub checks: BTreeMap<String, f64>,
}

impl ScorecardFacts {
    /// The facts of one scorecard.
    #[must_use]
    pub fn of(scorecard: &Scorecard) -> Self {
        let scored = scorecard.checks.iter().filter_map(|check| Some((check.name.clone(), check.score?)));
        Self { project: scorecard.project.clone(), score: scorecard.score, checks: scored.collect() }
    }
}

/// A change request (pull request, merge request) with who stood up for it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewFacts {
    /// The repository, such as `octo/shop`.
    pub repository: String,
    /// Its number there.
    pub number: u64,
    /// Its address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Who opened it.
    pub author: String,
    /// Everybody who wrote a commit of it, where the document says so.
    #[serde(default)]
    #[schema(required)]
    pub commit_authors: Vec<String>,
    /// The last commit of the change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub head_commit: Option<String>,
    /// The commit it became.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merge_commit: Option<String>,
    /// Who merged it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged_by: Option<String>,
    /// Everybody whose latest review is an approval, by name.
    #[serde(default)]
    #[schema(required)]
    pub approved_by: Vec<String>,
    /// Those of `approved_by` who are neither the author nor an author of one of the commits.
    #[serde(default)]
    #[schema(required)]
    pub approved_by_other: Vec<String>,
}

impl ReviewFacts {
    /// The facts of one change request. A reviewer's latest word counts, remarks aside; names are compared without
    /// regard to case, since logins of the common services do not differ in it.
    #[must_use]
    pub fn of(review: &Review) -> Self {
        let mut latest: BTreeMap<&str, &str> = BTreeMap::new();
        for entry in review.reviews.iter().filter(|entry| entry.state != "commented") {
            latest.insert(&entry.reviewer, &entry.state);
        }
        let approved_by: Vec<String> =
            latest.iter().filter(|(_, state)| **state == "approved").map(|(name, _)| (*name).to_owned()).collect();
        let authors: BTreeSet<String> =
            review.commit_authors.iter().chain([&review.author]).map(|name| name.to_lowercase()).collect();
        let approved_by_other =
            approved_by.iter().filter(|name| !authors.contains(&name.to_lowercase())).cloned().collect();
        Self {
            repository: review.repository.clone(),
            number: review.number,
            url: review.url.clone(),
            author: review.author.clone(),
            commit_authors: review.commit_authors.clone(),
            head_commit: review.head_commit.clone(),
            merge_commit: review.merge_commit.clone(),
            merged_by: review.merged_by.clone(),
            approved_by,
            approved_by_other,
        }
    }
}

/// Measures of quality.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MeasureFacts {
    /// The tool's own verdict. Absent when it gave none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quality_gate: Option<QualityGateFacts>,
    /// Metric name to value, both as the tool writes them.
    #[serde(default)]
    #[schema(required)]
    pub metrics: BTreeMap<String, String>,
}

impl MeasureFacts {
    /// The facts of several documents, oldest first: the newest quality gate and the newest value of each metric.
    #[must_use]
    pub fn of<'a>(documents: impl IntoIterator<Item = &'a Measures>) -> Self {
        let mut facts = Self::default();
        for measures in documents {
            if let Some(gate) = &measures.quality_gate {
                facts.quality_gate = Some(QualityGateFacts::of(gate));
            }
            facts.metrics.extend(measures.metrics.clone());
        }
        facts
    }
}

/// A tool's own verdict on quality.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QualityGateFacts {
    /// `passed`, `failed` or `none` (the tool computed no gate).
    pub status: String,
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its conditions.
    #[serde(default)]
    #[schema(required)]
    pub conditions: Vec<QualityConditionFacts>,
}

impl QualityGateFacts {
    /// The facts of one quality gate.
    #[must_use]
    pub fn of(gate: &QualityGate) -> Self {
        let condition = |condition: &shipworthy_model::QualityCondition| QualityConditionFacts {
            metric: condition.metric.clone(),
            status: condition.status.clone(),
            actual: condition.actual.clone(),
            threshold: condition.threshold.clone(),
        };
        Self {
            status: gate.status.clone(),
            name: gate.name.clone(),
            conditions: gate.conditions.iter().map(condition).collect(),
        }
    }
}

/// One condition of a quality gate.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QualityConditionFacts {
    /// The metric.
    pub metric: String,
    /// `passed` or `failed`, or the tool's own word where it has a third.
    pub status: String,
    /// The value found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actual: Option<String>,
    /// The value at which it fails.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold: Option<String>,
}
