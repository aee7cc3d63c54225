//! What the readers of change requests share: the report of one with its reviews.

use crate::build_run::usable;
use crate::json::Object;
use shipworthy_model::{Report, Review, ReviewApproval, Subject, Tool};

/// The report of a change request, about its last commit and the one it became.
pub(crate) fn report(root: &Object<'_>, tool: &str, created_at: Option<String>, review: Review) -> Report {
    let head = review.head_commit.as_ref().and_then(|commit| usable(root, "head", Subject::commit(commit)));
    let merged = review.merge_commit.as_ref().and_then(|commit| usable(root, "merge", Subject::commit(commit)));
    Report {
        tool: Some(Tool { name: tool.to_owned(), version: None }),
        created_at,
        subjects: head.into_iter().chain(merged).collect(),
        review: Some(review),
        warnings: root.warnings(),
        ..Report::default()
    }
}

/// One review; `state` is a word of the wire.
pub(crate) fn approval(reviewer: Option<String>, state: &str, submitted_at: Option<String>) -> ReviewApproval {
    let reviewer = reviewer.unwrap_or_else(|| "unknown".to_owned());
    ReviewApproval { reviewer, state: state.to_owned(), submitted_at, ..ReviewApproval::default() }
}

/// The repository in an address such as `https://git.example/shop/cart/-/merge_requests/7`.
pub(crate) fn repository_of(url: &str, before: &[&str]) -> Option<String> {
    let (_, path) = url.split_once("://")?.1.split_once('/')?;
    let path = before.iter().find_map(|end| path.split_once(end))?.0;
    Some(path.to_owned()).filter(|path| !path.is_empty())
}
