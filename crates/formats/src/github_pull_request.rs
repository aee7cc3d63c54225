//! A pull request of GitHub with its reviews, in each of the shapes in which GitHub tells of it.
//!
//! From the REST API, put together with the reviews and commits that are answers of their own:
//!
//! ```sh
//! pull=repos/OWNER/NAME/pulls/7
//! jq -n '{pull_request: input, reviews: input, commits: input}' \
//!   <(gh api $pull) <(gh api --paginate $pull/reviews) <(gh api --paginate $pull/commits) > pull-request.json
//! ```
//!
//! From `gh pr view 7 --json author,number,title,url,baseRefName,headRefOid,mergeCommit,mergedAt,mergedBy,reviews,commits`
//! as one answer, and from the webhooks `pull_request` and `pull_request_review`, which know one review at most.

use crate::json::{self, List, Text, stated};
use crate::{Format, Probe, ReadError, gitea_pull_request, subjects};
use serde::Deserialize;
use serde_json::value::RawValue;
use shipworthy_model::{Phase, Report, Review, ReviewApproval, Subject, Tool, Warning};

/// The object is the same in the REST API and in the webhooks.
pub(crate) static FORMAT: Format = Format {
    name: "github-pull-request",
    title: "GitHub pull request with reviews",
    homepage: "https://docs.github.com/en/rest/pulls/pulls",
    phase: Phase::Source,
    tool: "github",
    reads: "`pull_request` with `reviews` of the REST API, the answer of `gh pr view`, the webhooks about pull requests and reviews",
    identifies: "",
    severities: "",
    marks: &["pull_request", "reviews", "review", "baseRefName", "headRefOid"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| {
        let is_put_together = members.has_all(&["pull_request", "reviews"]);
        // Comments on a pull request have `pull_request` too. Gitea's webhooks are modelled on GitHub's, with a `secret`
        // of old and with `number` and `review` together since.
        let is_other = members.has("comment") || members.has("secret") || members.has_all(&["number", "review"]);
        let is_other = is_other || gitea_pull_request::is_of_gogs(probe);
        let is_webhook = members.has_all(&["pull_request", "action", "repository"]) && !is_other;
        let is_bare = members.has_all(&["number", "user", "base", "head", "merge_commit_sha"]);
        is_put_together || is_webhook || is_bare || members.has_all(&["number", "baseRefName", "headRefOid"])
    })
}

/// What is wrapped around a pull request, where something is.
#[derive(Deserialize)]
#[serde(expecting = "an object with a pull request")]
struct Document<'a> {
    #[serde(borrow)]
    pull_request: Option<PullRequest<'a>>,
    #[serde(borrow)]
    reviews: Option<List<'a>>,
    #[serde(borrow)]
    review: Option<&'a RawValue>,
    #[serde(borrow)]
    commits: Option<&'a RawValue>,
}

/// The names of the REST API, and after `alias` those of `gh`.
#[derive(Deserialize)]
#[serde(expecting = "a pull request")]
struct PullRequest<'a> {
    number: u64,
    // `url` is the address for programs in the REST API, and the one for people in `gh`.
    #[serde(borrow)]
    html_url: Option<Text<'a>>,
    #[serde(borrow)]
    url: Option<Text<'a>>,
    #[serde(borrow)]
    title: Option<Text<'a>>,
    #[serde(borrow, alias = "author")]
    user: Option<User<'a>>,
    #[serde(borrow)]
    base: Option<Side<'a>>,
    #[serde(borrow, rename = "baseRefName")]
    base_branch: Option<Text<'a>>,
    #[serde(borrow)]
    head: Option<Side<'a>>,
    #[serde(borrow, rename = "headRefOid")]
    head_commit: Option<Text<'a>>,
    #[serde(borrow)]
    merge_commit_sha: Option<Text<'a>>,
    #[serde(borrow, rename = "mergeCommit")]
    merge_commit: Option<CommitId<'a>>,
    #[serde(borrow, alias = "mergedAt")]
    merged_at: Option<Text<'a>>,
    #[serde(borrow, alias = "mergedBy")]
    merged_by: Option<User<'a>>,
    #[serde(borrow, alias = "updatedAt")]
    updated_at: Option<Text<'a>>,
    /// How many there are in the REST API.
    #[serde(borrow)]
    commits: Option<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(expecting = "a user")]
struct User<'a> {
    #[serde(borrow)]
    login: Option<Text<'a>>,
    #[serde(borrow)]
    name: Option<Text<'a>>,
}

/// The base or the head of a pull request.
#[derive(Deserialize)]
#[serde(expecting = "a branch")]
struct Side<'a> {
    #[serde(borrow, rename = "ref")]
    branch: Option<Text<'a>>,
    #[serde(borrow)]
    sha: Option<Text<'a>>,
    #[serde(borrow)]
    repo: Option<Repository<'a>>,
}

#[derive(Deserialize)]
#[serde(expecting = "a repository")]
struct Repository<'a> {
    #[serde(borrow)]
    full_name: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(expecting = "a commit with `oid`")]
struct CommitId<'a> {
    #[serde(borrow)]
    oid: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(expecting = "a review")]
struct Submitted<'a> {
    #[serde(borrow, alias = "author")]
    user: Option<User<'a>>,
    #[serde(borrow)]
    state: Text<'a>,
    #[serde(borrow)]
    commit_id: Option<Text<'a>>,
    #[serde(borrow)]
    commit: Option<CommitId<'a>>,
    #[serde(borrow, alias = "submittedAt")]
    submitted_at: Option<Text<'a>>,
}

/// A commit: the REST API has its author's account and, where GitHub knows none, what Git says; `gh` has all authors.
#[derive(Deserialize)]
#[serde(expecting = "a commit")]
struct Commit<'a> {
    #[serde(borrow)]
    author: Option<User<'a>>,
    #[serde(borrow)]
    commit: Option<GitCommit<'a>>,
    #[serde(borrow)]
    authors: Option<Vec<User<'a>>>,
}

#[derive(Deserialize)]
#[serde(expecting = "a commit")]
struct GitCommit<'a> {
    #[serde(borrow)]
    author: Option<User<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document = json::document(bytes)?;
    let pull_request = match document.pull_request {
        Some(pull_request) => pull_request,
        None => json::document(bytes)?,
    };
    let mut warnings = Vec::new();
    let reviews = match (&document.reviews, document.review) {
        (Some(list), _) => json::parts(list, "/reviews", &mut warnings),
        (None, Some(review)) => {
            json::part(review, "/review", &mut warnings).map(|review| (0, review)).into_iter().collect()
        }
        (None, None) => Vec::new(),
    };
    if document.reviews.is_none() {
        let message = "expected all `reviews`: without them, who else reviewed is not known".to_owned();
        warnings.push(Warning { at: "/reviews".to_owned(), message });
    }
    let reviews = reviews.into_iter().filter_map(|(index, review)| approval(&review, index, &mut warnings)).collect();
    let commit_authors = commit_authors(document.commits, pull_request.commits, &mut warnings);
    let review = review(&pull_request, reviews, commit_authors);
    Ok(Report {
        tool: Some(Tool { name: "github".to_owned(), version: None }),
        created_at: stated(pull_request.updated_at.as_ref()),
        subjects: subjects(&review, &mut warnings),
        review: Some(review),
        warnings,
        ..Report::default()
    })
}

fn review(pull_request: &PullRequest<'_>, reviews: Vec<ReviewApproval>, commit_authors: Vec<String>) -> Review {
    let url = stated(pull_request.html_url.as_ref()).or(stated(pull_request.url.as_ref()));
    let (base, head) = (pull_request.base.as_ref(), pull_request.head.as_ref());
    let repository = base.and_then(|base| stated(base.repo.as_ref()?.full_name.as_ref()));
    let merged_at = stated(pull_request.merged_at.as_ref());
    let merge_commit = pull_request.merge_commit.as_ref().and_then(|commit| commit.oid.as_ref());
    // Until it is merged, `merge_commit_sha` is a trial that GitHub made to find conflicts, and in no branch.
    let merge_commit = merge_commit.or(pull_request.merge_commit_sha.as_ref()).filter(|_| merged_at.is_some());
    Review {
        repository: repository.or(url.as_deref().and_then(repository_of)).unwrap_or_default(),
        number: pull_request.number,
        title: stated(pull_request.title.as_ref()).unwrap_or_default(),
        author: login(pull_request.user.as_ref()),
        base_branch: stated(base.and_then(|base| base.branch.as_ref()).or(pull_request.base_branch.as_ref())),
        head_commit: stated(head.and_then(|head| head.sha.as_ref()).or(pull_request.head_commit.as_ref())),
        merge_commit: stated(merge_commit),
        merged_by: pull_request.merged_by.as_ref().map(|user| login(Some(user))),
        merged_at,
        commit_authors,
        reviews,
        url,
    }
}

/// GitHub shows the account `ghost` in the place of one that was deleted.
fn login(user: Option<&User<'_>>) -> String {
    user.and_then(|user| stated(user.login.as_ref())).unwrap_or_else(|| "ghost".to_owned())
}

/// The repository in `https://github.com/octo/shop/pull/7`.
fn repository_of(url: &str) -> Option<String> {
    let (before, _) = url.rsplit_once("/pull/").or(url.rsplit_once("/pulls/"))?;
    let mut segments = before.rsplit('/');
    let name = segments.next()?;
    Some(format!("{}/{name}", segments.next()?))
}

/// A review that was submitted. The REST API writes its state in capitals, the webhooks do not.
fn approval(review: &Submitted<'_>, index: usize, warnings: &mut Vec<Warning>) -> Option<ReviewApproval> {
    let state = match review.state.to_ascii_lowercase().as_str() {
        "approved" => "approved",
        "changes_requested" => "changes-requested",
        "commented" => "commented",
        "dismissed" => "dismissed",
        other => {
            let message = match other {
                "pending" => "left out: a pending review is not submitted yet".to_owned(),
                other => format!("left out: expected the state of a review, found `{other}`"),
            };
            warnings.push(Warning { at: format!("/reviews/{index}/state"), message });
            return None;
        }
    };
    let commit = review.commit.as_ref().and_then(|commit| commit.oid.as_ref());
    Some(ReviewApproval {
        reviewer: login(review.user.as_ref()),
        state: state.to_owned(),
        commit: stated(review.commit_id.as_ref().or(commit)),
        submitted_at: stated(review.submitted_at.as_ref()),
    })
}

/// Everybody who wrote a commit, each once: the account, or the name in Git where GitHub knows no account.
fn commit_authors(list: Option<&RawValue>, count: Option<&RawValue>, warnings: &mut Vec<Warning>) -> Vec<String> {
    // A bare pull request has the number of its commits in the place of the list.
    let Some(list) = list.filter(|list| !list.get().starts_with(|c: char| c.is_ascii_digit())) else {
        return Vec::new();
    };
    let Some(list) = json::part::<List>(list, "/commits", warnings) else { return Vec::new() };
    let count = count.and_then(|count| count.get().parse::<usize>().ok());
    if let Some(count) = count.filter(|count| *count > list.items.len()) {
        let message = format!("the pull request has {count} commits, this document holds {}", list.items.len());
        warnings.push(Warning { at: "/commits".to_owned(), message });
    }
    let mut names: Vec<String> = Vec::new();
    for (_, commit) in json::parts::<Commit>(&list, "/commits", warnings) {
        let in_git = commit.commit.as_ref().and_then(|commit| commit.author.as_ref());
        let author = commit.author.as_ref().filter(|author| author.login.is_some()).or(in_git);
        for author in author.into_iter().chain(commit.authors.iter().flatten()) {
            let name = stated(author.login.as_ref()).or(stated(author.name.as_ref()));
            names.extend(name.filter(|name| !names.contains(name)));
        }
    }
    names
}

fn subjects(review: &Review, warnings: &mut Vec<Warning>) -> Vec<Subject> {
    let commits = [("/head", &review.head_commit), ("/merge_commit", &review.merge_commit)];
    let named = commits.into_iter().filter_map(|(at, commit)| Some((at, commit.as_ref()?)));
    named.filter_map(|(at, commit)| subjects::usable(Subject::commit(commit), at, warnings)).collect()
}
