//! `shipworthy verify-release`: the signed bill of materials of a release, the signed decision about it, and the documents
//! behind both, each for itself and all against each other.

use super::checks::verified_file;
use super::expected::Expected;
use super::report::{Checked, Report, passed, refused, skipped};
use super::trusted::Trust;
use crate::cli::output::{Exit, Failure};
use anyhow::Context as _;
use shipworthy_model::Digest;
use shipworthy_trust::verify::Step;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Check what was handed out about a release, without a server.
#[derive(Debug, clap::Args)]
pub(crate) struct VerifyRelease {
    /// The release's attestation, as `shipworthy release attestation` prints it.
    #[arg(long, value_name = "FILE")]
    dbom: PathBuf,
    /// The decision's attestation, as `shipworthy decision attestation` prints it.
    #[arg(long, value_name = "FILE")]
    decision: PathBuf,
    /// Folder with the documents of the evidence, under any names.
    #[arg(long, value_name = "FOLDER")]
    evidence: Option<PathBuf>,
    #[command(flatten)]
    expected: Expected,
    #[command(flatten)]
    trust: Trust,
    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

impl VerifyRelease {
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        let trusted = self.trust.read().map_err(Failure::Usage)?;
        let expected = self.expected.read().map_err(Failure::Usage)?;
        let mut report = Report::default();
        for file in [&self.dbom, &self.decision] {
            report.files.push(verified_file(file, &trusted, &expected).map_err(Failure::Usage)?);
        }
        let found = self.evidence.as_deref().map(digests_in).transpose().map_err(Failure::Usage)?;
        let [dbom, decision] = [0, 1].map(|file| &report.files[file].attestations[0]);
        let steps = [kinds(dbom, decision), vec![same_release(dbom, decision), same_evidence(dbom, decision)]].concat();
        let documents = documents(dbom, found.as_ref());
        report.steps = [steps, vec![documents]].concat();
        report.finish(self.json)
    }
}

/// A file of the one kind must not stand in for the other.
fn kinds(dbom: &Checked, decision: &Checked) -> Vec<Step> {
    let mut steps = Vec::new();
    if dbom.statement.dbom_digests().is_none() {
        steps.push(refused("dbom", "the file given with --dbom holds no delivery bill of materials".to_owned()));
    }
    if decision.statement.summary().is_none() {
        steps.push(refused("decision", "the file given with --decision holds no decision".to_owned()));
    }
    steps
}

fn same_release(dbom: &Checked, decision: &Checked) -> Step {
    let (of_dbom, of_decision) = (dbom.subject_digests(), decision.subject_digests());
    let resources = (dbom.statement.resource(), decision.statement.resource());
    if of_dbom == of_decision && (resources.1.is_none() || resources.0 == resources.1) {
        return passed("same-release", format!("both are about {}", resources.0.unwrap_or("the same subject")));
    }
    let about = |resource: Option<&str>, digests: &[&str]| {
        let digests: Vec<String> = digests.iter().map(|hex| format!("sha256:{hex}")).collect();
        format!("{} {}", resource.unwrap_or_default(), digests.join(", "))
    };
    let (dbom, decision) = (about(resources.0, &of_dbom), about(resources.1, &of_decision));
    refused(
        "same-release",
        format!("the two attestations disagree: the bill of materials is about {dbom}, the decision about {decision}"),
    )
}

/// What the decision was made from must be known of the release.
fn same_evidence(dbom: &Checked, decision: &Checked) -> Step {
    let (known, used) = (dbom.statement.documents(), decision.statement.documents());
    let unknown: Vec<String> = used.difference(&known).map(|hex| format!("sha256:{hex}")).collect();
    if unknown.is_empty() {
        return passed(
            "same-evidence",
            format!("all {} documents of the decision are in the bill of materials", used.len()),
        );
    }
    let why = "the two attestations disagree: the decision was made from what the bill of materials does not have";
    refused("same-evidence", format!("{why}: {}", unknown.join(", ")))
}

fn documents(dbom: &Checked, found: Option<&BTreeSet<String>>) -> Step {
    let named = dbom.statement.documents();
    let Some(found) = found else {
        return skipped("documents", "no folder with the documents was given");
    };
    let missing: Vec<String> =
        named.iter().filter(|hex| !found.contains(**hex)).map(|hex| format!("sha256:{hex}")).collect();
    if missing.is_empty() {
        return passed("documents", format!("all {} documents are there, unchanged", named.len()));
    }
    let why = format!("{} of {} documents are not there, or were changed", missing.len(), named.len());
    refused("documents", format!("{why}: {}", missing.join(", ")))
}

/// The digests of all files in a folder and the folders in it.
fn digests_in(folder: &Path) -> anyhow::Result<BTreeSet<String>> {
    let shown = folder.display();
    let mut digests = BTreeSet::new();
    for entry in std::fs::read_dir(folder).with_context(|| format!("the folder `{shown}` cannot be read"))? {
        let path = entry?.path();
        if path.is_dir() {
            digests.extend(digests_in(&path)?);
        } else {
            let bytes = std::fs::read(&path).with_context(|| format!("`{}` cannot be read", path.display()))?;
            digests.insert(Digest::of(&bytes).hex().to_owned());
        }
    }
    Ok(digests)
}
