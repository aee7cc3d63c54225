//! A build of Azure Pipelines: the answer of its API and the event `build.complete`.

use crate::address::without_credentials;
use crate::json::Object;
use crate::{Format, Probe, ReadError, build_run, times};
use shipworthy_model::{Build, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "azure-devops-build",
    title: "Azure DevOps build",
    homepage: "https://learn.microsoft.com/en-us/rest/api/azure/devops/build/builds/get",
    phase: Phase::Build,
    tool: "azure-devops",
    reads: "the answers of `_apis/build/builds/<id>` and `_apis/build/builds`, the latter's first build, and the event `build.complete`",
    identifies: "",
    severities: "",
    marks: &["buildNumber", "definition", "eventType", "resource", "resourceContainers"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_build = |of: &str| {
        probe.has_all(&[format!("{of}buildNumber").as_str(), &format!("{of}definition.id"), &format!("{of}status")])
    };
    let is_event = probe.value("eventType") == Some("build.complete") && is_build("resource.");
    let is_page = probe.has("count") && is_build("value.");
    probe.first_of_lines().or(probe.first_element()).is_some() && (is_build("") || is_event || is_page)
}

/// The event of older builds has the result for its status.
const RESULTS: &[(&str, &str)] = &[
    ("succeeded", "succeeded"),
    ("partiallySucceeded", "unstable"),
    ("failed", "failed"),
    ("canceled", "cancelled"),
    ("stopped", "cancelled"),
    ("inProgress", "running"),
    ("notStarted", "running"),
    ("postponed", "running"),
    ("cancelling", "running"),
];

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let root = build_run::first(Object::documents(bytes)?, "answer of Azure DevOps")?;
    let run = match root.has("value") {
        true => build_run::first(root.objects("value"), "answer of Azure DevOps")?,
        false => root.object("resource").unwrap_or_else(|| root.clone()),
    };
    let word = if run.text("result").is_some_and(|result| result != "none") { "result" } else { "status" };
    let (started_at, ended_at) = (run.instant("startTime"), run.instant("finishTime"));
    let name = [run.text("project.name"), run.text("definition.name")];
    let (commit, branch) = source(&run);
    let url = run.first_text(&["_links.web.href", "url"]).map(|url| without_credentials(&url));
    let build = Build {
        system: "azure-devops".to_owned(),
        job: name.into_iter().flatten().collect::<Vec<_>>().join("/"),
        number: run.text("buildNumber").unwrap_or_default(),
        url,
        result: build_run::result(&run, word, RESULTS),
        started_by: started_by(&run),
        duration_seconds: times::seconds_between(started_at.as_ref(), ended_at.as_ref()),
        started_at,
        repository: run.first_text(&["repository.name", "repository.id"]),
        commit,
        branch,
    };
    Ok(build_run::report(&run, build, run.text("id").as_deref()))
}

/// Older builds write both in one: `LG:refs/heads/main:600c52d…`.
fn source(run: &Object<'_>) -> (Option<String>, Option<String>) {
    let old = run.text("sourceGetVersion");
    let mut old = old.as_deref().unwrap_or_default().splitn(3, ':').skip(1).map(str::to_owned);
    let (branch, commit) = (old.next(), old.next());
    let branch = build_run::branch(run.text("sourceBranch").or(branch));
    (run.text("sourceVersion").or(commit), branch)
}

fn started_by(run: &Object<'_>) -> Option<String> {
    let named = ["requestedFor.uniqueName", "requestedFor.displayName"];
    let requests = run.objects("requests");
    run.first_text(&named).or_else(|| requests.iter().find_map(|request| request.first_text(&named)))
}
