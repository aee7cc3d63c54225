//! Runs of a Jenkins pipeline as the REST API of Blue Ocean tells of them.

use crate::jenkins::{self, duration_seconds};
use crate::json::{self, At, List, Odd, Text, stated};
use crate::{Format, Members, Probe, ReadError};
use serde::Deserialize;
use shipworthy_model::{Build, Phase, Report, Tool, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "jenkins-blue-ocean",
    title: "Jenkins pipeline run (Blue Ocean)",
    homepage: "https://github.com/jenkinsci/blueocean-plugin/blob/master/blueocean-rest/README.md",
    phase: Phase::Build,
    tool: "jenkins",
    reads: "the answers of `pipelines/<name>/runs` and `…/runs/<number>`, of which the newest run is taken",
    identifies: "",
    severities: "",
    marks: &["_class", "organization", "pipeline", "state", "result", "durationInMillis"],
    recognises: |probe: &Probe| {
        let is_run = |members: &Members| members.has_all(&["pipeline", "state", "result", "durationInMillis"]);
        probe.object().is_some_and(is_run) || probe.first_element().is_some_and(is_run)
    },
    read,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    pipeline: Option<Text<'a>>,
    #[serde(borrow)]
    state: Option<Text<'a>>,
    #[serde(borrow)]
    result: Option<Text<'a>>,
    #[serde(borrow)]
    start_time: Option<Text<'a>>,
    duration_in_millis: Option<f64>,
    #[serde(borrow)]
    commit_id: Option<Text<'a>>,
    #[serde(borrow, default)]
    causes: Odd<Vec<Cause<'a>>>,
    #[serde(borrow, default, rename = "_links")]
    links: Odd<Links<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Cause<'a> {
    #[serde(borrow)]
    user_id: Option<Text<'a>>,
    #[serde(borrow)]
    short_description: Option<Text<'a>>,
}

#[derive(Default, Deserialize)]
struct Links<'a> {
    #[serde(borrow, default, rename = "self")]
    own: Odd<Link<'a>>,
}

#[derive(Default, Deserialize)]
struct Link<'a> {
    #[serde(borrow)]
    href: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let tool = Tool { name: "jenkins".to_owned(), version: None };
    let mut report = Report { tool: Some(tool), ..Report::default() };
    if !bytes.trim_ascii_start().starts_with(b"[") {
        read_run(&json::document(bytes)?, &At::Root, &mut report);
        return Ok(report);
    }
    let list: List<'_> = json::document(bytes)?;
    let runs = json::parts::<Run<'_>>(&list, "", &mut report.warnings);
    // The newest run stands first.
    let Some((index, newest)) = runs.first() else {
        return Err(ReadError::lacks("list of Jenkins runs", "the document", "expected a run, found none"));
    };
    if runs.len() > 1 {
        let message = format!("left out: {} older runs; a document is about one", runs.len() - 1);
        report.warnings.push(Warning { at: String::new(), message });
    }
    read_run(newest, &At::Root.index(*index), &mut report);
    Ok(report)
}

fn read_run(run: &Run<'_>, at: &At<'_>, report: &mut Report) {
    let warnings = &mut report.warnings;
    let is_over = run.state.as_deref() == Some("FINISHED");
    let result = match run.result.as_deref().filter(|_| is_over) {
        Some(word) => jenkins::result_or_failed(word, &at.key("result").to_string(), warnings),
        None => "running",
    };
    let href =
        run.links.get(at.key("_links"), warnings).and_then(|links| stated(links.own.0.as_ref().ok()?.href.as_ref()));
    let causes = || run.causes.0.iter().flatten();
    let user = causes().find_map(|cause| stated(cause.user_id.as_ref()));
    let build = Build {
        system: "jenkins".to_owned(),
        job: href.as_deref().and_then(pipeline_at).or_else(|| stated(run.pipeline.as_ref())).unwrap_or_default(),
        number: stated(run.id.as_ref()).unwrap_or_default(),
        result: result.to_owned(),
        started_by: user.or_else(|| causes().find_map(|cause| stated(cause.short_description.as_ref()))),
        started_at: instant(run.start_time.as_ref()),
        duration_seconds: duration_seconds(run.duration_in_millis, warnings),
        repository: None,
        commit: stated(run.commit_id.as_ref()),
        branch: None,
        url: None,
    };
    report.created_at = build.started_at.clone();
    report.subjects = jenkins::subjects(&build, warnings);
    report.build = Some(build);
}

/// A time such as `2026-03-02T09:00:05.000+0100`, whose offset has no colon, as an instant in UTC.
fn instant(time: Option<&Text<'_>>) -> Option<String> {
    let instant = jiff::Timestamp::strptime("%Y-%m-%dT%H:%M:%S%.f%z", time?.trim()).ok()?;
    Some(instant.to_string())
}

/// The full name of the pipeline in `/blue/rest/organizations/jenkins/pipelines/shop/pipelines/cart/branches/main/runs/7/`.
fn pipeline_at(href: &str) -> Option<String> {
    let segments: Vec<_> = href.split('/').collect();
    let named = segments.windows(2).filter(|pair| matches!(pair[0], "pipelines" | "branches"));
    let named: Vec<_> = named.map(|pair| jenkins::percent_decoded(pair[1])).collect();
    Some(named.join("/")).filter(|name| !name.is_empty())
}
