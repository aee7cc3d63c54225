//! A pull request of Azure Repos: the answer of its API and the events `git.pullrequest.*`.

use crate::json::Object;
use crate::{Format, Probe, ReadError, build_run, change_review};
use shipworthy_model::{Phase, Report, Review, ReviewApproval};

pub(crate) static FORMAT: Format = Format {
    name: "azure-devops-pull-request",
    title: "Azure DevOps pull request",
    homepage: "https://learn.microsoft.com/en-us/rest/api/azure/devops/git/pull-requests/get-pull-request",
    phase: Phase::Source,
    tool: "azure-devops",
    reads: "the answer of `_apis/git/pullrequests/<id>` and the events `git.pullrequest.created`, `.updated` and `.merged`",
    identifies: "",
    severities: "",
    marks: &["pullRequestId", "lastMergeSourceCommit", "targetRefName", "eventType", "resource"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_pull = |of: &str| probe.has_all(&[format!("{of}pullRequestId").as_str(), &format!("{of}targetRefName")]);
    let is_event = probe.value("eventType").is_some_and(|kind| kind.starts_with("git.pullrequest."));
    probe.object().is_some() && (is_pull("") || is_event && is_pull("resource."))
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let root = Object::document(bytes)?;
    let pull = root.object("resource").unwrap_or_else(|| root.clone());
    let Some(number) = pull.count("pullRequestId") else {
        let at = pull.at("pullRequestId");
        return Err(ReadError::lacks("pull request of Azure DevOps", &at, "expected its number, found none"));
    };
    let is_merged = pull.text("status").as_deref() == Some("completed");
    let repository = [pull.text("repository.project.name"), pull.text("repository.name")];
    let review = Review {
        repository: repository.into_iter().flatten().collect::<Vec<_>>().join("/"),
        number,
        url: pull.first_text(&["_links.web.href", "url"]),
        title: pull.text("title").unwrap_or_default(),
        author: account(&pull, "createdBy").unwrap_or_default(),
        base_branch: build_run::branch(pull.text("targetRefName")),
        head_commit: pull.text("lastMergeSourceCommit.commitId"),
        // Until it is completed, the merge commit is a trial.
        merge_commit: pull.text("lastMergeCommit.commitId").filter(|_| is_merged),
        merged_at: pull.instant("closedDate").filter(|_| is_merged),
        merged_by: account(&pull, "closedBy").filter(|_| is_merged),
        commit_authors: Vec::new(),
        reviews: pull.objects("reviewers").iter().filter_map(reviewed).collect(),
    };
    let created_at = pull.instant("closedDate").or_else(|| pull.instant("creationDate"));
    Ok(change_review::report(&pull, "azure-devops", created_at, review))
}

fn account(object: &Object<'_>, path: &str) -> Option<String> {
    object.first_text(&[&format!("{path}.uniqueName"), &format!("{path}.displayName")])
}

/// A vote is 10 or 5 (with suggestions) for, -5 (waits for the author) or -10 against, and 0 where there is none. The vote
/// of a group is that of one of its members, who votes himself.
fn reviewed(reviewer: &Object<'_>) -> Option<ReviewApproval> {
    if reviewer.flag("isContainer") == Some(true) {
        return None;
    }
    let vote = reviewer.number("vote")?;
    let state = match vote {
        vote if vote >= 5.0 => "approved",
        vote if vote <= -5.0 => "changes-requested",
        _ => return None,
    };
    let name = reviewer.first_text(&["uniqueName", "displayName"]);
    Some(change_review::approval(name, state, None))
}
