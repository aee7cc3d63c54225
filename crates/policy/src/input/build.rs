//! Facts of the phase *build*: who built, where, what the tests said, how much they cover, what the provenance says.

use serde::{Deserialize, Serialize};
use shipworthy_model::{Build, Counter, Coverage, Provenance, Tests};
use utoipa::ToSchema;

/// How many failed tests a policy sees by name.
const FAILURES_SHOWN: usize = 20;

/// What is known of the build.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BuildFacts {
    /// The build system that the release names, such as `jenkins`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// What that system calls the run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Its address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Who or what started it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_by: Option<String>,
    /// `succeeded`, `failed`, `unstable`, `cancelled` or `running`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<String>,
    /// Every run that a build system reported for the release. Empty when none did.
    #[serde(default)]
    #[schema(required)]
    pub builds: Vec<BuildRun>,
    /// Test results of all documents together. Present once tests were reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tests: Option<TestFacts>,
    /// Test coverage of all documents together. Present once coverage was reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coverage: Option<CoverageFacts>,
    /// How the artifacts came to be, as provenance statements say. Present once one is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provenance: Option<Vec<ProvenanceFacts>>,
    /// The level that each artifact reaches on SLSA's Build track. Present once there is provenance or a verification
    /// summary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slsa: Option<Vec<BuildLevelFacts>>,
}

/// One run of a build system, as that system tells it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BuildRun {
    /// The build system, such as `jenkins`.
    pub system: String,
    /// The job or pipeline.
    pub job: String,
    /// Its number or id in the job.
    pub number: String,
    /// `succeeded`, `failed`, `unstable`, `cancelled` or `running`.
    pub result: String,
    /// Its address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Who or what started it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_by: Option<String>,
    /// When it started, RFC 3339, as stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<String>,
    /// The repository it built.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repository: Option<String>,
    /// The commit it built.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// The branch it built.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branch: Option<String>,
}

impl BuildRun {
    /// The facts of one run.
    #[must_use]
    pub fn of(build: &Build) -> Self {
        let build = build.clone();
        Self {
            system: build.system,
            job: build.job,
            number: build.number,
            result: build.result,
            url: build.url,
            started_by: build.started_by,
            started_at: build.started_at,
            repository: build.repository,
            commit: build.commit,
            branch: build.branch,
        }
    }
}

/// Test results.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TestFacts {
    /// Test cases counted: `passed + failed + errors + skipped`.
    pub total: u64,
    /// Cases that passed.
    pub passed: u64,
    /// Cases whose assertion failed.
    #[serde(default)]
    #[schema(required)]
    pub failed: u64,
    /// Cases that broke otherwise.
    #[serde(default)]
    #[schema(required)]
    pub errors: u64,
    /// Cases that did not run.
    #[serde(default)]
    #[schema(required)]
    pub skipped: u64,
    /// The first cases that failed or broke, at most 20.
    #[serde(default)]
    #[schema(required)]
    pub failures: Vec<FailedTest>,
}

impl TestFacts {
    /// The facts of several documents together.
    #[must_use]
    pub fn of<'a>(documents: impl IntoIterator<Item = &'a Tests>) -> Self {
        let mut facts = Self::default();
        for tests in documents {
            facts.total += tests.total;
            facts.passed += tests.passed;
            facts.failed += tests.failed;
            facts.errors += tests.errors;
            facts.skipped += tests.skipped;
            let room = FAILURES_SHOWN - facts.failures.len();
            let failed = |test: &shipworthy_model::TestFailure| FailedTest {
                suite: test.suite.clone(),
                name: test.name.clone(),
            };
            facts.failures.extend(tests.failures.iter().take(room).map(failed));
        }
        facts
    }
}

/// A test case that failed or broke.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FailedTest {
    /// Its suite or class.
    pub suite: String,
    /// Its name.
    pub name: String,
}

/// Test coverage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CoverageFacts {
    /// Covered lines in per cent from 0 to 100. Absent when the tool does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line_percent: Option<f64>,
    /// Covered branches in per cent from 0 to 100. Absent when the tool does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branch_percent: Option<f64>,
}

impl CoverageFacts {
    /// The facts of several documents together: their counts are added up. Where one of several documents states a
    /// percentage without counts, the lowest percentage stands, since counts and percentages do not add up.
    #[must_use]
    pub fn of<'a>(documents: impl IntoIterator<Item = &'a Coverage>) -> Self {
        let documents: Vec<&Coverage> = documents.into_iter().collect();
        let is_counted = documents.iter().all(|coverage| coverage.lines.is_some());
        let line_percent = if is_counted {
            together(documents.iter().filter_map(|coverage| coverage.lines))
        } else {
            documents.iter().filter_map(|coverage| coverage.line_percent()).min_by(f64::total_cmp)
        };
        Self { line_percent, branch_percent: together(documents.iter().filter_map(|coverage| coverage.branches)) }
    }
}

/// What all counters together cover, in per cent.
fn together(counters: impl Iterator<Item = Counter>) -> Option<f64> {
    let sum = counters.fold(Counter::default(), |sum, counter| Counter {
        covered: sum.covered + counter.covered,
        total: sum.total + counter.total,
    });
    sum.percent()
}

/// The level that an artifact reaches on SLSA's Build track.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BuildLevelFacts {
    /// The artifact, `sha256:…`.
    pub artifact: String,
    /// The level, 0 to 3: the lower of what the builder is trusted for and what the checks prove.
    pub level: u8,
    /// Whether everything that was asked for was checked and is in order.
    pub is_accepted: bool,
    /// Why the level is no higher, as a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limited_by: Option<String>,
    /// Where two trusted statements contradict one another, as sentences.
    #[serde(default)]
    #[schema(required)]
    pub disagreements: Vec<String>,
}

/// How an artifact came to be, as a provenance statement says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProvenanceFacts {
    /// The builder's identity.
    pub builder_id: String,
    /// What kind of build.
    pub build_type: String,
    /// The source repository.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_uri: Option<String>,
    /// The source commit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_commit: Option<String>,
    /// What is known of its signatures: `verified`, `unsigned`, `invalid`, `unknown-signer` or `unchecked`.
    pub verification: String,
}

impl ProvenanceFacts {
    /// The facts of one statement, with what is known of its signatures.
    #[must_use]
    pub fn of(provenance: &Provenance, verification: &str) -> Self {
        Self {
            builder_id: provenance.builder_id.clone(),
            build_type: provenance.build_type.clone(),
            source_uri: provenance.source_uri.clone(),
            source_commit: provenance.source_commit.clone(),
            verification: verification.to_owned(),
        }
    }
}
