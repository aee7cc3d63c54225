//! A merge request of GitLab with its approvals. The API tells of the two, and of the commits, in answers of their own,
//! which are put together like this:
//!
//! ```sh
//! merge=projects/GROUP%2FNAME/merge_requests/7
//! jq -n '{merge_request: input, approvals: input, commits: input}' \
//!   <(glab api $merge) <(glab api $merge/approvals) <(glab api --paginate $merge/commits) > merge-request.json
//! ```
//!
//! The webhook about merge requests knows the one approval that it tells of.

use crate::json::Object;
use crate::{Format, Probe, ReadError, build_run, change_review, deployed, gitlab};
use shipworthy_model::{Phase, Report, Review, ReviewApproval};

pub(crate) static FORMAT: Format = Format {
    name: "gitlab-merge-request",
    title: "GitLab merge request with approvals",
    homepage: "https://docs.gitlab.com/api/merge_requests",
    phase: Phase::Source,
    tool: "gitlab",
    reads: "`merge_request` with `approvals` and `commits` of the API, a merge request alone, and the merge request webhook",
    identifies: "",
    severities: "",
    marks: &["merge_request", "approvals", "iid", "target_branch", "object_kind"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.first_of_lines().or(probe.first_element()).is_some_and(|members| {
        let is_bare = members.has_all(&["iid", "project_id", "source_branch", "target_branch", "merge_status"]);
        let is_webhook = members.value("object_kind") == Some("merge_request") && members.has("object_attributes");
        let is_put_together = members.has_all(&["merge_request", "approvals"]) && probe.has("merge_request.iid");
        is_bare || is_webhook || is_put_together
    })
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let root = build_run::first(Object::documents(bytes)?, "answer of GitLab")?;
    let is_webhook = root.has("object_kind");
    let merge = root.object(if is_webhook { "object_attributes" } else { "merge_request" });
    let merge = merge.unwrap_or_else(|| root.clone());
    let Some(number) = merge.count("iid") else {
        return Err(ReadError::lacks("merge request of GitLab", &merge.at("iid"), "expected its number, found none"));
    };
    let url = merge.first_text(&["web_url", "url"]);
    let is_merged = merge.text("state").as_deref() == Some("merged");
    let merged_by = merge.first_text(&["merge_user.username", "merged_by.username"]);
    let is_of_merge = is_webhook && merge.text("action").as_deref() == Some("merge");
    let by_webhook = || root.text("user.username").filter(|_| is_of_merge);
    let at_webhook = || merge.instant("updated_at").filter(|_| is_of_merge);
    let merge_commit = merge.first_text(&["merge_commit_sha", "squash_commit_sha"]);
    let review = Review {
        repository: gitlab::project(&root, url.as_ref()).unwrap_or_default(),
        number,
        title: merge.text("title").unwrap_or_default(),
        author: author(&root, &merge),
        base_branch: merge.text("target_branch"),
        head_commit: merge.first_text(&["sha", "last_commit.id"]),
        merge_commit: merge_commit.filter(|_| is_merged),
        merged_at: merge.instant("merged_at").or_else(at_webhook),
        merged_by: merged_by.or_else(by_webhook),
        commit_authors: commit_authors(&root),
        reviews: reviews(&root, &merge),
        url,
    };
    let created_at = merge.instant("updated_at");
    Ok(change_review::report(&merge, "gitlab", created_at, review))
}

/// The webhook has the author's number, and the name of whoever did what it tells of: that may be the author.
fn author(root: &Object<'_>, merge: &Object<'_>) -> String {
    let number = merge.text("author_id");
    let is_author = number.is_some() && root.text("user.id") == number;
    let named = merge.text("author.username").or_else(|| root.text("user.username").filter(|_| is_author));
    named.or(number).unwrap_or_default()
}

fn reviews(root: &Object<'_>, merge: &Object<'_>) -> Vec<ReviewApproval> {
    if let Some(approvals) = root.object("approvals") {
        let approved = approvals.objects("approved_by");
        let review =
            |by: &Object<'_>| change_review::approval(by.text("user.username"), "approved", by.instant("approved_at"));
        return approved.iter().map(review).collect();
    }
    root.warn("approvals", "expected all `approvals`: without them, who else approved is not known");
    let state = match merge.text("action").as_deref() {
        Some("approved" | "approval") => "approved",
        Some("unapproved" | "unapproval") => "dismissed",
        _ => return Vec::new(),
    };
    vec![change_review::approval(root.text("user.username"), state, merge.instant("updated_at"))]
}

/// GitLab knows the authors of commits as Git does, by name.
fn commit_authors(root: &Object<'_>) -> Vec<String> {
    let commits = root.objects("commits");
    deployed::distinct(commits.iter().filter_map(|commit| commit.text("author_name")).collect())
}
