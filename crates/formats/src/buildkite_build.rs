//! A build of Buildkite: the answer of its API and the webhooks `build.*`.

use crate::address::without_credentials;
use crate::json::Object;
use crate::{Format, Probe, ReadError, build_run, times};
use shipworthy_model::{Build, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "buildkite-build",
    title: "Buildkite build",
    homepage: "https://buildkite.com/docs/apis/rest-api/builds",
    phase: Phase::Build,
    tool: "buildkite",
    reads: "a build or a list of builds of the API version 2, of the latter the first, and the webhooks `build.*`",
    identifies: "",
    severities: "",
    marks: &["graphql_id", "rebuilt_from"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_build = |of: &str| {
        probe.has_all(&[format!("{of}commit").as_str(), &format!("{of}scheduled_at"), &format!("{of}state")])
            && probe.has_all(&[format!("{of}number").as_str(), &format!("{of}web_url")])
    };
    let is_event = probe.value("event").is_some_and(|event| event.starts_with("build."));
    let is_bare = probe.has("pipeline.slug") && is_build("");
    probe.first_of_lines().or(probe.first_element()).is_some() && (is_bare || is_event && is_build("build."))
}

const RESULTS: &[(&str, &str)] = &[
    ("passed", "succeeded"),
    ("failed", "failed"),
    ("failing", "running"),
    ("canceled", "cancelled"),
    ("canceling", "cancelled"),
    ("skipped", "cancelled"),
    ("not_run", "cancelled"),
    ("creating", "running"),
    ("scheduled", "running"),
    ("running", "running"),
    ("blocked", "running"),
];

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let root = build_run::first(Object::documents(bytes)?, "answer of Buildkite")?;
    let run = root.object("build").unwrap_or_else(|| root.clone());
    let pipeline = root.object("pipeline");
    let of_pipeline = |path: &str| pipeline.as_ref()?.text(path);
    let (started_at, ended_at) = (run.instant("started_at"), run.instant("finished_at"));
    let build = Build {
        system: "buildkite".to_owned(),
        job: of_pipeline("slug").or_else(|| of_pipeline("name")).unwrap_or_default(),
        number: run.text("number").unwrap_or_default(),
        url: run.text("web_url"),
        result: build_run::result(&run, "state", RESULTS),
        started_by: run.first_text(&["creator.name", "author.username", "author.name", "source"]),
        duration_seconds: times::seconds_between(started_at.as_ref(), ended_at.as_ref()),
        started_at,
        repository: of_pipeline("repository").map(|url| without_credentials(&url)),
        // A build of the newest commit has none until an agent knows it.
        commit: run.text("commit").filter(|commit| commit != "HEAD"),
        branch: run.text("branch").filter(|branch| run.text("tag").as_ref() != Some(branch)),
    };
    Ok(build_run::report(&run, build, run.text("id").as_deref()))
}
