//! One run of a Jenkins job: the answer of `<job>/<number>/api/json`.

use crate::address::without_credentials;
use crate::jenkins::{self, branch_name, duration_seconds, started_at, subjects};
use crate::json::{self, List, Text, stated};
use crate::{Format, Probe, ReadError};
use serde::Deserialize;
use shipworthy_model::{Build, Phase, Report, ReportedApproval, Tool, Warning};

/// Every Jenkins documents its answers at `/api`; the plug-ins add their own actions.
pub(crate) static FORMAT: Format = Format {
    name: "jenkins-build",
    title: "Jenkins build",
    homepage: "https://www.jenkins.io/doc/book/using/remote-access-api",
    phase: Phase::Build,
    tool: "jenkins",
    reads: "the answer of `<job>/<number>/api/json` of freestyle, pipeline and multibranch jobs, whole or cut with `tree`",
    identifies: "",
    severities: "",
    marks: &["_class", "actions", "building", "fullDisplayName", "queueId"],
    recognises,
    read,
};

/// Every answer of Jenkins has a class; only those about builds have a number with a result or what led to it.
fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| {
        let is_run = members.has("result") || members.has("building");
        members.has_all(&["_class", "number"]) && is_run
    })
}

#[derive(Deserialize)]
#[serde(expecting = "a build")]
struct Answer<'a> {
    number: u64,
    #[serde(borrow)]
    url: Option<Text<'a>>,
    #[serde(borrow, rename = "fullDisplayName")]
    full_display_name: Option<Text<'a>>,
    #[serde(borrow)]
    result: Option<Text<'a>>,
    building: Option<bool>,
    /// Milliseconds since 1970.
    timestamp: Option<i64>,
    /// Milliseconds.
    duration: Option<f64>,
    #[serde(borrow, default)]
    actions: List<'a>,
}

/// Actions are of many classes and often empty; what is read of each stands here together.
#[derive(Default, Deserialize)]
#[serde(expecting = "an action")]
struct Action<'a> {
    #[serde(borrow, default, deserialize_with = "json::null_is_default")]
    causes: Vec<Cause<'a>>,
    #[serde(borrow, rename = "lastBuiltRevision")]
    last_built_revision: Option<Revision<'a>>,
    #[serde(borrow, default, deserialize_with = "json::null_is_default", rename = "remoteUrls")]
    remote_urls: Vec<Text<'a>>,
    #[serde(borrow, rename = "_class")]
    class: Option<Text<'a>>,
    /// Who approved an input that the pipeline waited for.
    #[serde(borrow, rename = "userId")]
    user_id: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(expecting = "a cause")]
struct Cause<'a> {
    #[serde(borrow, rename = "_class")]
    class: Option<Text<'a>>,
    #[serde(borrow, rename = "userId")]
    user_id: Option<Text<'a>>,
    #[serde(borrow, rename = "upstreamProject")]
    upstream_project: Option<Text<'a>>,
    #[serde(borrow, rename = "upstreamBuild")]
    upstream_build: Option<Text<'a>>,
    #[serde(borrow, rename = "shortDescription")]
    description: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(expecting = "a revision")]
struct Revision<'a> {
    #[serde(borrow, rename = "SHA1")]
    commit: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "json::null_is_default")]
    branch: Vec<Branch<'a>>,
}

#[derive(Deserialize)]
#[serde(expecting = "a branch")]
struct Branch<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
}

/// What was checked out of a repository.
#[derive(PartialEq)]
struct Checkout {
    repository: Option<String>,
    commit: Option<String>,
    branch: Option<String>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let answer: Answer = json::document(bytes)?;
    let mut warnings = Vec::new();
    let actions = json::parts::<Action>(&answer.actions, "/actions", &mut warnings);
    let actions: Vec<_> = actions.into_iter().map(|(_, action)| action).collect();
    let from_address = answer.url.as_deref().and_then(jenkins::job_at);
    let from_display = || answer.full_display_name.as_deref().and_then(jenkins::job_shown);
    let job = from_address.or_else(from_display).unwrap_or_default();
    let checkout = checkout(&actions, &job, &mut warnings);
    let (repository, commit, branch) =
        checkout.map_or((None, None, None), |checkout| (checkout.repository, checkout.commit, checkout.branch));
    let result = result(&answer, &mut warnings).to_owned();
    let build = Build {
        system: "jenkins".to_owned(),
        job,
        number: answer.number.to_string(),
        url: stated(answer.url.as_ref()).map(|url| without_credentials(&url)),
        result,
        started_by: started_by(&actions),
        started_at: started_at(answer.timestamp, &mut warnings),
        duration_seconds: duration_seconds(answer.duration, &mut warnings),
        repository,
        commit,
        branch,
    };
    Ok(Report {
        tool: Some(Tool { name: "jenkins".to_owned(), version: None }),
        created_at: build.started_at.clone(),
        subjects: subjects(&build, &mut warnings),
        build: Some(build),
        approvals: approvals(&actions),
        warnings,
        ..Report::default()
    })
}

/// Every input that was approved, in order. Nothing tells which input it was, and when.
fn approvals(actions: &[Action<'_>]) -> Vec<ReportedApproval> {
    let is_approval =
        |action: &&Action<'_>| action.class.as_deref().is_some_and(|class| class.ends_with(".ApproverAction"));
    let approval = |action: &Action<'_>| ReportedApproval {
        name: "input".to_owned(),
        status: "approved".to_owned(),
        by: stated(action.user_id.as_ref()),
        ..ReportedApproval::default()
    };
    actions.iter().filter(is_approval).map(approval).collect()
}

/// The commit that was built. A pipeline also checks out its libraries and other things, and nothing in the answer tells
/// which is which: the repository that is called like a part of the job is taken, else the last one, because libraries
/// usually come first.
fn checkout(actions: &[Action<'_>], job: &str, warnings: &mut Vec<Warning>) -> Option<Checkout> {
    let mut checkouts: Vec<Checkout> = Vec::new();
    for action in actions {
        let Some(revision) = &action.last_built_revision else { continue };
        let checkout = Checkout {
            repository: action.remote_urls.iter().find_map(Text::stated).map(|url| without_credentials(&url)),
            commit: stated(revision.commit.as_ref()),
            branch: revision.branch.iter().find_map(|branch| stated(branch.name.as_ref())).and_then(branch_name),
        };
        if !checkouts.contains(&checkout) {
            checkouts.push(checkout);
        }
    }
    let is_of_job = |checkout: &Checkout| {
        let name =
            checkout.repository.as_deref().and_then(|url| url.trim_end_matches(".git").rsplit(['/', ':']).next());
        name.is_some_and(|name| job.split('/').any(|part| part.eq_ignore_ascii_case(name)))
    };
    let position = checkouts.iter().rposition(is_of_job).or(checkouts.len().checked_sub(1))?;
    let taken = checkouts.remove(position);
    for other in checkouts.iter().filter(|other| other.commit != taken.commit) {
        let message = format!("the build also checked out {}; {} is taken as built", other.shown(), taken.shown());
        warnings.push(Warning { at: "/actions".to_owned(), message });
    }
    Some(taken)
}

impl Checkout {
    fn shown(&self) -> String {
        let unknown = "unknown".to_owned();
        format!("`{}` of `{}`", self.commit.as_ref().unwrap_or(&unknown), self.repository.as_ref().unwrap_or(&unknown))
    }
}

fn result(answer: &Answer<'_>, warnings: &mut Vec<Warning>) -> &'static str {
    if answer.building == Some(true) {
        return "running";
    }
    match answer.result.as_deref() {
        Some(word) => jenkins::result_or_failed(word, "/result", warnings),
        None if answer.building.is_none() => "running",
        None => {
            let message = "the build is over and has no result: taken for failed".to_owned();
            warnings.push(Warning { at: "/result".to_owned(), message });
            "failed"
        }
    }
}

/// Who or what started the build: a person before anything else, because a build started by hand has other causes too.
fn started_by(actions: &[Action<'_>]) -> Option<String> {
    let causes = || actions.iter().flat_map(|action| &action.causes);
    causes().find_map(|cause| stated(cause.user_id.as_ref())).or_else(|| causes().find_map(described))
}

fn described(cause: &Cause<'_>) -> Option<String> {
    let class = cause.class.as_ref().map_or("", |class| class.rsplit(['.', '$']).next().unwrap_or_default());
    match (class, &cause.upstream_project) {
        (_, Some(project)) => {
            let number = cause.upstream_build.as_ref().map_or("", |number| number);
            Some(format!("build {}/{number}", &**project))
        }
        ("TimerTriggerCause", None) => Some("timer".to_owned()),
        ("SCMTriggerCause", None) => Some("change in the repository".to_owned()),
        _ => stated(cause.description.as_ref()),
    }
}
