//! A pull request of Bitbucket Data Center and Server: the answer of its API and the webhooks about pull requests.

use crate::json::Object;
use crate::{Format, Probe, ReadError, change_review};
use shipworthy_model::{Phase, Report, Review, ReviewApproval};

pub(crate) static FORMAT: Format = Format {
    name: "bitbucket-server-pull-request",
    title: "Bitbucket Data Center pull request",
    homepage: "https://confluence.atlassian.com/bitbucketserver/event-payload-938025882.html",
    phase: Phase::Source,
    tool: "bitbucket",
    reads: "the answer of `/pull-requests/<id>` of the API version 1.0 and the webhooks `pr:*`",
    identifies: "",
    severities: "",
    marks: &["eventKey", "pullRequest", "fromRef", "toRef", "reviewers"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_bare = |members: &crate::Members| members.has_all(&["id", "fromRef", "toRef", "reviewers"]);
    let is_webhook = probe.has_all(&["eventKey", "pullRequest.fromRef", "pullRequest.toRef"]);
    probe.object().is_some_and(|members| is_bare(members) || is_webhook)
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let root = Object::document(bytes)?;
    let pull = root.object("pullRequest").unwrap_or_else(|| root.clone());
    let Some(number) = pull.count("id") else {
        return Err(ReadError::lacks("pull request of Bitbucket", &pull.at("id"), "expected its number, found none"));
    };
    let is_merged = pull.text("state").as_deref() == Some("MERGED");
    let repository = ["toRef.repository.project.key", "toRef.repository.slug"].map(|path| pull.text(path));
    let repository: Vec<_> = repository.into_iter().flatten().collect();
    let merged_by = root.text("actor.name").filter(|_| root.text("eventKey").as_deref() == Some("pr:merged"));
    let review = Review {
        repository: repository.join("/"),
        number,
        url: pull.objects("links.self").iter().find_map(|link| link.text("href")),
        title: pull.text("title").unwrap_or_default(),
        author: pull.text("author.user.name").unwrap_or_default(),
        base_branch: pull.text("toRef.displayId"),
        head_commit: pull.text("fromRef.latestCommit"),
        merge_commit: pull.text("properties.mergeCommit.id").filter(|_| is_merged),
        merged_at: is_merged.then(|| instant(&pull, "closedDate")).flatten(),
        merged_by,
        commit_authors: Vec::new(),
        reviews: ["reviewers", "participants"]
            .iter()
            .flat_map(|list| pull.objects(list))
            .filter_map(|p| reviewed(&p))
            .collect(),
    };
    let updated_at = instant(&pull, "updatedDate");
    Ok(change_review::report(&pull, "bitbucket", updated_at, review))
}

/// Milliseconds since 1970, or where it is configured so, a date.
fn instant(pull: &Object<'_>, path: &str) -> Option<String> {
    let is_number = pull.text(path)?.parse::<f64>().is_ok();
    if is_number { pull.instant_of_milliseconds(path) } else { pull.instant(path) }
}

fn reviewed(participant: &Object<'_>) -> Option<ReviewApproval> {
    let is_approved = participant.flag("approved") == Some(true);
    let state = match participant.text("status").as_deref() {
        Some("APPROVED") => "approved",
        Some("NEEDS_WORK") => "changes-requested",
        _ if is_approved => "approved",
        _ => return None,
    };
    let review = change_review::approval(participant.text("user.name"), state, None);
    Some(ReviewApproval { commit: participant.text("lastReviewedCommit"), ..review })
}
