//! The right image: whether what was built is what was released and what runs.

use super::{DbomDigests, DbomRunning, Known};
use shipworthy_model::{DeploymentState, Digest, Subject};
use std::collections::{BTreeMap, BTreeSet};

/// Compares the digests of a release.
pub(super) fn of(known: &Known) -> DbomDigests {
    let built: BTreeSet<&Digest> = known.sections.values().flat_map(built).collect();
    let released: BTreeSet<&Digest> = known.owned.release.artifacts.iter().map(|artifact| &artifact.digest).collect();
    let running = running(known);
    let texts = |digests: &BTreeSet<&Digest>| digests.iter().map(ToString::to_string).collect();
    DbomDigests {
        agree: agree(&built, &released, &running),
        built: texts(&built),
        released: texts(&released),
        running: running
            .iter()
            .map(|(environment, digests)| DbomRunning {
                environment: (*environment).to_owned(),
                digests: texts(digests),
            })
            .collect(),
    }
}

/// What a document says was built: the artifacts of a provenance statement.
pub(super) fn built(sections: &shipworthy_store::document::Sections) -> impl Iterator<Item = &Digest> {
    let report = &sections.report;
    let subjects = report.subjects.iter().filter(|_| report.provenance.is_some());
    subjects.filter_map(|subject| match subject {
        Subject::Artifact(digest) => Some(digest),
        Subject::Commit(_)
        | Subject::Build { .. }
        | Subject::Release(_)
        | Subject::Deployment(_)
        | Subject::Environment(_) => None,
    })
}

fn running(known: &Known) -> BTreeMap<&str, BTreeSet<&Digest>> {
    let is_there = |state: DeploymentState| matches!(state, DeploymentState::Requested | DeploymentState::Running);
    let mut running: BTreeMap<&str, BTreeSet<&Digest>> = BTreeMap::new();
    for placed in known.deployments.iter().filter(|placed| is_there(placed.deployment.state)) {
        if !placed.deployment.running.is_empty() {
            running.entry(&placed.environment_name).or_default().extend(&placed.deployment.running);
        }
    }
    running
}

/// Nothing while there are not two of them to compare. One that is known and differs is enough to disagree.
fn agree(
    built: &BTreeSet<&Digest>,
    released: &BTreeSet<&Digest>,
    running: &BTreeMap<&str, BTreeSet<&Digest>>,
) -> Option<bool> {
    if released.is_empty() || (built.is_empty() && running.is_empty()) {
        return None;
    }
    let is_built = built.is_empty() || released.is_subset(built);
    Some(is_built && running.values().all(|digests| digests.is_subset(released)))
}
