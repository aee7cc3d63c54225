//! A build of Travis CI: the answers of its API version 3 (`/build/<id>` and `/repo/<slug>/builds`) and the content of its
//! webhook.

use crate::json::Object;
use crate::{Format, Probe, ReadError, build_run};
use shipworthy_model::{Build, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "travis-ci-build",
    title: "Travis CI build",
    homepage: "https://developer.travis-ci.com/resource/build",
    phase: Phase::Build,
    tool: "travis",
    reads: "the answers `build` and `builds` of the API version 3, and the JSON in `payload` of the webhook",
    identifies: "",
    severities: "",
    marks: &["@type", "@href", "@representation", "event_type", "matrix", "build_url"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| {
        let is_answer = matches!(members.value("@type"), Some("build" | "builds"));
        is_answer || members.has_all(&["number", "state", "build_url", "commit_id", "matrix"])
    })
}

const RESULTS: &[(&str, &str)] = &[
    ("passed", "succeeded"),
    ("failed", "failed"),
    ("errored", "failed"),
    ("canceled", "cancelled"),
    ("created", "running"),
    ("queued", "running"),
    ("received", "running"),
    ("booting", "running"),
    ("started", "running"),
];

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut root = Object::document(bytes)?;
    if root.text("@type").as_deref() == Some("builds") {
        root = build_run::first(root.objects("builds"), "answer of Travis CI")?;
    }
    let is_webhook = root.has("build_url");
    let build = if is_webhook { of_webhook(&root) } else { of_answer(&root) };
    Ok(build_run::report(&root, build, root.text("id").as_deref()))
}

fn of_answer(root: &Object<'_>) -> Build {
    Build {
        repository: root.text("repository.slug"),
        commit: root.text("commit.sha"),
        // The branch of a build for a tag is called like the tag.
        branch: root.text("branch.name").filter(|branch| root.text("tag.name").as_ref() != Some(branch)),
        started_by: root.text("created_by.login"),
        ..common(root, root.text("repository.slug"))
    }
}

fn of_webhook(root: &Object<'_>) -> Build {
    let slug = [root.text("repository.owner_name"), root.text("repository.name")];
    let slug = slug.into_iter().collect::<Option<Vec<_>>>().map(|parts| parts.join("/"));
    Build {
        repository: slug.clone(),
        url: root.text("build_url"),
        commit: root.text("commit"),
        branch: root.text("branch").filter(|branch| root.text("tag").as_ref() != Some(branch)),
        started_by: root.text("type"),
        ..common(root, slug)
    }
}

/// The status of the webhook is 1 for what failed and for what is not over yet, so that the state alone is asked.
fn common(root: &Object<'_>, slug: Option<String>) -> Build {
    Build {
        system: "travis".to_owned(),
        job: slug.unwrap_or_default(),
        number: root.text("number").unwrap_or_default(),
        result: build_run::result(root, "state", RESULTS),
        started_at: root.instant("started_at"),
        duration_seconds: root.number("duration"),
        ..Build::default()
    }
}
