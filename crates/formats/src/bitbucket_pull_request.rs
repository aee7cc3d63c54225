//! A pull request of Bitbucket Cloud: the answer of its API and the webhooks about pull requests.

use crate::json::Object;
use crate::{Format, Probe, ReadError, change_review};
use shipworthy_model::{Phase, Report, Review, ReviewApproval};

pub(crate) static FORMAT: Format = Format {
    name: "bitbucket-pull-request",
    title: "Bitbucket Cloud pull request",
    homepage: "https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests",
    phase: Phase::Source,
    tool: "bitbucket",
    reads: "the answer of `/pullrequests/<id>` of the API version 2.0 and the webhooks `pullrequest:*`",
    identifies: "",
    severities: "",
    marks: &["pullrequest", "destination", "participants"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| {
        let is_bare = members.has_all(&["id", "destination", "source", "participants", "state"]);
        is_bare || members.has_all(&["pullrequest", "repository"]) && probe.has("pullrequest.destination")
    })
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let root = Object::document(bytes)?;
    let pull = root.object("pullrequest").unwrap_or_else(|| root.clone());
    let Some(number) = pull.count("id") else {
        return Err(ReadError::lacks("pull request of Bitbucket", &pull.at("id"), "expected its number, found none"));
    };
    let is_merged = pull.text("state").as_deref() == Some("MERGED");
    let user = |path: &str| pull.object(path).and_then(|user| account(&user));
    let updated_at = pull.instant("updated_on");
    let review = Review {
        repository: pull.text("destination.repository.full_name").unwrap_or_default(),
        number,
        url: pull.text("links.html.href"),
        title: pull.text("title").unwrap_or_default(),
        author: user("author").unwrap_or_default(),
        base_branch: pull.text("destination.branch.name"),
        head_commit: pull.text("source.commit.hash"),
        merge_commit: pull.text("merge_commit.hash").filter(|_| is_merged),
        // A pull request is closed when it is merged and changes no more.
        merged_at: updated_at.clone().filter(|_| is_merged),
        merged_by: user("closed_by").filter(|_| is_merged),
        commit_authors: Vec::new(),
        reviews: pull.objects("participants").iter().filter_map(reviewed).collect(),
    };
    Ok(change_review::report(&pull, "bitbucket", updated_at, review))
}

/// Names were taken out of the API in 2019; nicknames are not unique, and what else is, nobody recognises.
fn account(user: &Object<'_>) -> Option<String> {
    user.first_text(&["username", "nickname", "display_name", "account_id"])
}

/// Who neither approved nor asked for changes has not reviewed yet.
fn reviewed(participant: &Object<'_>) -> Option<ReviewApproval> {
    let is_approved = participant.flag("approved") == Some(true);
    let state = match participant.text("state").as_deref() {
        Some("approved") => "approved",
        Some("changes_requested") => "changes-requested",
        _ if is_approved => "approved",
        _ => return None,
    };
    let user = participant.object("user").and_then(|user| account(&user));
    Some(change_review::approval(user, state, participant.instant("participated_on")))
}
