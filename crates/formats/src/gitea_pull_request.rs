//! A pull request of Gitea, Forgejo or Gogs, as their webhooks tell of it. A webhook knows one review at most.

use crate::json::Object;
use crate::{Format, Probe, ReadError, change_review};
use shipworthy_model::{Phase, Report, Review, ReviewApproval};

pub(crate) static FORMAT: Format = Format {
    name: "gitea-pull-request",
    title: "Gitea pull request",
    homepage: "https://docs.gitea.com/usage/webhooks",
    phase: Phase::Source,
    tool: "gitea",
    reads: "the webhooks about pull requests and their reviews of Gitea and Forgejo, and those about pull requests of Gogs",
    identifies: "",
    severities: "",
    marks: &["pull_request", "commit_id"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| {
        let is_webhook = members.has_all(&["pull_request", "action", "repository", "number"]);
        // GitHub's webhooks, on which these are modelled, have none of the three.
        let is_other = members.has("secret") || members.has("review") || is_of_gogs(probe);
        is_webhook && is_other && !members.has("comment")
    })
}

pub(crate) fn is_of_gogs(probe: &Probe) -> bool {
    probe.has_all(&["pull_request.head_branch", "pull_request.base_branch"])
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let root = Object::document(bytes)?;
    let Some(pull) = root.object("pull_request") else {
        return Err(ReadError::lacks("webhook of Gitea", "/pull_request", "expected a pull request, found none"));
    };
    let Some(number) = pull.count("number").or_else(|| root.count("number")) else {
        return Err(ReadError::lacks("webhook of Gitea", "/number", "expected its number, found none"));
    };
    root.warn("review", "expected all reviews: a webhook tells of one at most, so who else reviewed is not known");
    let is_merged = pull.flag("merged") == Some(true);
    let merge_commit = pull.first_text(&["merge_commit_sha", "merged_commit_id"]);
    let user = |path: &str| pull.first_text(&[&format!("{path}.login"), &format!("{path}.username")]);
    let review = Review {
        repository: root.text("repository.full_name").unwrap_or_default(),
        number,
        url: pull.first_text(&["html_url", "url"]),
        title: pull.text("title").unwrap_or_default(),
        author: user("user").unwrap_or_default(),
        base_branch: pull.first_text(&["base.ref", "base_branch"]),
        head_commit: pull.text("head.sha"),
        merge_commit: merge_commit.filter(|_| is_merged),
        merged_at: pull.instant("merged_at"),
        merged_by: user("merged_by"),
        commit_authors: Vec::new(),
        reviews: reviewed(&root, &pull).into_iter().collect(),
    };
    let created_at = pull.instant("updated_at");
    Ok(change_review::report(&pull, "gitea", created_at, review))
}

fn reviewed(root: &Object<'_>, pull: &Object<'_>) -> Option<ReviewApproval> {
    let kind = root.text("review.type")?;
    let state = match kind.as_str() {
        "pull_request_review_approved" | "pull_request_approved" => "approved",
        "pull_request_review_rejected" | "pull_request_rejected" => "changes-requested",
        "pull_request_review_comment" | "pull_request_comment" => "commented",
        other => {
            let shown: String = other.chars().take(60).collect();
            root.warn("review.type", format!("left out: expected a review of Gitea, found `{shown}`"));
            return None;
        }
    };
    let reviewer = root.first_text(&["sender.login", "sender.username"]);
    let review = change_review::approval(reviewer, state, pull.instant("updated_at"));
    Some(ReviewApproval { commit: pull.text("head.sha"), ..review })
}
