//! What the answers of Jenkins and its plug-ins have in common: addresses of jobs, times, words for results, and the
//! subjects that a build is.

use crate::{address, subjects};
use shipworthy_model::{Build, Subject, Warning};

/// The full name of the job, as `JOB_NAME` has it within the build, out of the address of the job or of a build of it.
pub(crate) fn job_at(url: &str) -> Option<String> {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let segments: Vec<_> = path.split('/').collect();
    let named = segments.windows(2).filter(|pair| pair[0] == "job").map(|pair| percent_decoded(pair[1]));
    Some(named.collect::<Vec<_>>().join("/")).filter(|job| !job.is_empty())
}

/// The name of the job out of a build's name for display, such as `shop » cart #31`.
pub(crate) fn job_shown(name: &str) -> Option<String> {
    let name = name.rsplit_once(" #").map_or(name, |(job, _)| job);
    Some(name.replace(" » ", "/")).filter(|job| !job.is_empty())
}

/// Our word for a result of Jenkins.
pub(crate) fn result_of(word: &str) -> Option<&'static str> {
    Some(match word {
        "SUCCESS" => "succeeded",
        "UNSTABLE" => "unstable",
        "FAILURE" | "FAILED" => "failed",
        "ABORTED" | "NOT_BUILT" | "NOT_EXECUTED" => "cancelled",
        "IN_PROGRESS" | "PAUSED_PENDING_INPUT" => "running",
        _ => return None,
    })
}

/// Our word for a result of Jenkins; for one that is none of them the build is taken for failed.
pub(crate) fn result_or_failed(word: &str, at: &str, warnings: &mut Vec<Warning>) -> &'static str {
    result_of(word).unwrap_or_else(|| {
        let message = format!("expected a result of Jenkins, found `{word}`: taken for failed");
        warnings.push(Warning { at: at.to_owned(), message });
        "failed"
    })
}

/// A clock that stands at 1970, or runs past the year 9999, tells no time.
pub(crate) fn started_at(milliseconds: Option<i64>, warnings: &mut Vec<Warning>) -> Option<String> {
    let milliseconds = milliseconds?;
    let instant = jiff::Timestamp::from_millisecond(milliseconds).ok().filter(|_| milliseconds > 0);
    if instant.is_none() {
        let message = format!("left out: expected milliseconds since 1970, found `{milliseconds}`");
        warnings.push(Warning { at: "/timestamp".to_owned(), message });
    }
    Some(instant?.to_string())
}

/// A build that still runs has the duration 0.
pub(crate) fn duration_seconds(milliseconds: Option<f64>, warnings: &mut Vec<Warning>) -> Option<f64> {
    let milliseconds = milliseconds?;
    if milliseconds < 0.0 {
        let message = format!("left out: expected milliseconds, found `{milliseconds}`");
        warnings.push(Warning { at: "/duration".to_owned(), message });
    }
    Some(milliseconds / 1000.0).filter(|seconds| *seconds > 0.0)
}

/// The branch without the remote that it was fetched from; a commit that was checked out by itself is on none.
pub(crate) fn branch_name(name: String) -> Option<String> {
    let name = match name.strip_prefix("refs/remotes/").and_then(|name| name.split_once('/')) {
        Some((_, branch)) => branch,
        None => name.strip_prefix("refs/heads/").or(name.strip_prefix("origin/")).unwrap_or(&name),
    };
    Some(name.to_owned()).filter(|name| name != "detached")
}

/// A segment of an address without its escapes.
pub(crate) fn percent_decoded(segment: &str) -> String {
    String::from_utf8_lossy(&address::percent_decoded(segment)).into_owned()
}

/// The build itself and the commit it built. Subjects hold no white space, which names of jobs may.
pub(crate) fn subjects(build: &Build, warnings: &mut Vec<Warning>) -> Vec<Subject> {
    let mut subjects = Vec::new();
    if build.job.is_empty() {
        let message = "expected a `url` or a `fullDisplayName`, which name the job, found neither".to_owned();
        warnings.push(Warning { at: "/url".to_owned(), message });
    } else {
        let id = format!("{}/{}", build.job.replace(char::is_whitespace, "%20"), build.number);
        subjects.extend(subjects::usable(Subject::build(&build.system, &id), "/url", warnings));
    }
    if let Some(commit) = &build.commit {
        subjects.extend(subjects::usable(Subject::commit(commit), "/actions", warnings));
    }
    subjects
}
