//! Coverage as it is sent to Coveralls.

use crate::covered::Covered;
use crate::json::{self, List, Odd, Text, stated};
use crate::{Format, Probe, ReadError, subjects};
use serde::Deserialize;
use shipworthy_model::{Phase, Report, Subject};

/// The layout: <https://docs.coveralls.io/api-jobs-endpoint>.
pub(crate) static FORMAT: Format = Format {
    name: "coveralls-json",
    title: "Coveralls coverage",
    homepage: "https://docs.coveralls.io/api-jobs-endpoint",
    phase: Phase::Build,
    tool: "coveralls",
    reads: "JSON of a job with its `source_files`",
    identifies: "",
    severities: "",
    marks: &["source_files", "service_name"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has("source_files")) && probe.has("source_files.coverage")
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow)]
    source_files: List<'a>,
    #[serde(borrow, default)]
    git: Odd<Git<'a>>,
    #[serde(borrow)]
    commit_sha: Option<Text<'a>>,
}

#[derive(Default, Deserialize)]
struct Git<'a> {
    #[serde(borrow, default)]
    head: Option<Head<'a>>,
}

#[derive(Deserialize)]
struct Head<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct File<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    coverage: Vec<Option<f64>>,
    /// Line, block, branch and hits, again and again.
    #[serde(default)]
    branches: Option<Vec<f64>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document = json::document(bytes)?;
    let (mut covered, mut warnings) = (Covered::default(), Vec::new());
    for (_, file) in json::parts::<File>(&document.source_files, "/source_files", &mut warnings) {
        let number = covered.file(&file.name);
        for (line, count) in (1..).zip(&file.coverage) {
            if let Some(count) = count {
                covered.line(number, line, *count > 0.0);
            }
        }
        for branch in file.branches.unwrap_or_default().chunks_exact(4) {
            if let [line, block, branch, hits] = branch {
                covered.branch(number, 0, format!("{line} {block} {branch}"), *hits > 0.0);
            }
        }
    }
    let head = document.git.get("/git", &mut warnings).and_then(|git| git.head.as_ref());
    let commit = head.and_then(|head| stated(head.id.as_ref())).or_else(|| stated(document.commit_sha.as_ref()));
    let commit = commit.map(|commit| Subject::commit(&commit));
    let subjects = commit.and_then(|commit| subjects::usable(commit, "/git/head/id", &mut warnings));
    let subjects = subjects.into_iter().collect();
    Ok(Report { subjects, coverage: Some(covered.coverage()), warnings, ..Report::default() })
}
