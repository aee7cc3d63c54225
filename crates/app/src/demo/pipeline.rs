//! What the pipeline of a service does for a release: hands in what its tools wrote, creates the release, asks the gate
//! of an environment, and deploys.

use crate::demo::people::{APPLICATION, Cast, Person, Pipeline};
use crate::demo::shop::Chapter;
use crate::demo::{Teller, documents, trust};
use anyhow::{Context as _, bail};
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use shipworthy_model::Digest;

/// Whether documents come before their release, as from a pipeline, or after it, as from a registry that scans later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// All documents first.
    EvidenceFirst,
    /// The documents about the image last.
    ReleaseFirst,
}

/// Hands in what is known of a release and creates it.
///
/// # Errors
/// When the server refuses.
pub(crate) async fn build(teller: &Teller, cast: &Cast, of: &Chapter, order: Order) -> anyhow::Result<()> {
    let pipeline = pipeline(cast, of)?;
    let commit = json!({ "commit": of.commit(), "branch": "main", "repository": repository(of) });
    push(teller, pipeline, of, &commit, of.source).await?;
    teller.pass(95);
    let build = json!({ "commit": of.commit(), "build": build_name(of) });
    push(teller, pipeline, of, &build, of.tests).await?;
    push(teller, pipeline, of, &build, &["pipeline/jenkins-build.json"]).await?;
    let image = json!({ "subjects": [of.digest()] });
    if order == Order::ReleaseFirst {
        create(teller, pipeline, of).await?;
        teller.pass(1_800);
    }
    push_provenance(teller, pipeline, of).await?;
    push(teller, pipeline, of, &image, of.image).await?;
    if order == Order::EvidenceFirst {
        create(teller, pipeline, of).await?;
    }
    Ok(())
}

fn pipeline<'c>(cast: &'c Cast, of: &Chapter) -> anyhow::Result<&'c Pipeline> {
    let found = cast.pipelines.iter().find(|pipeline| pipeline.service == of.service);
    found.with_context(|| format!("`{}` has no pipeline", of.service))
}

fn repository(of: &Chapter) -> String {
    format!("https://git.harbour-shop.example/shop/{}", of.service)
}

/// As the reader of Jenkins builds names a run.
fn build_name(of: &Chapter) -> String {
    format!("jenkins/shop/{}/main/{}", of.service, of.build)
}

async fn create(teller: &Teller, pipeline: &Pipeline, of: &Chapter) -> anyhow::Result<()> {
    let image = format!("registry.harbour-shop.example/{}:{}", of.service, of.version);
    let body = json!({
        "application": APPLICATION, "service": of.service, "version": of.version,
        "repository": repository(of), "branch": "main", "commit": of.commit(), "build": build_name(of),
        "artifacts": [{ "digest": of.digest(), "name": image, "kind": "container-image" }],
    });
    pipeline.post(teller, "/releases", &body).await.map(|_| ())
}

async fn push(
    teller: &Teller,
    pipeline: &Pipeline,
    of: &Chapter,
    context: &Value,
    paths: &[&str],
) -> anyhow::Result<()> {
    let values = values(teller, of);
    let mut form = Form::new().part("context", Part::text(context.to_string()).mime_str("application/json")?);
    for path in paths {
        form = form.part("document", named(path, documents::filled(path, &values)?));
    }
    pipeline.push(teller, form).await.map(|_| ())
}

fn named(path: &str, text: String) -> Part {
    Part::text(text).file_name(path.rsplit('/').next().unwrap_or(path).to_owned())
}

async fn push_provenance(teller: &Teller, pipeline: &Pipeline, of: &Chapter) -> anyhow::Result<()> {
    let statement = documents::filled("pipeline/provenance.slsa.json", &values(teller, of))?;
    let envelope = trust::signed(pipeline, &statement)?;
    let context = json!({ "subjects": [of.digest()], "commit": of.commit(), "build": build_name(of) });
    let form = Form::new().part("context", Part::text(context.to_string()).mime_str("application/json")?);
    let form = form.part("document", named("provenance.intoto.json", envelope));
    pipeline.push(teller, form).await.map(|_| ())
}

fn values(teller: &Teller, of: &Chapter) -> Vec<(&'static str, String)> {
    vec![
        ("service", of.service.to_owned()),
        ("version", of.version.to_owned()),
        ("commit", of.commit()),
        ("head", of.head()),
        ("build", of.build.to_string()),
        ("pull", of.pull.to_string()),
        ("change", of.change.to_owned()),
        ("author", of.author.to_owned()),
        ("reviewer", of.reviewer().to_owned()),
        ("digest", of.digest().to_string()),
        ("digest_hex", of.digest().hex().to_owned()),
        ("time", teller.time().to_string()),
        ("milliseconds", teller.time().as_millisecond().to_string()),
    ]
}

/// Asks the gate and checks that it says what the story says.
///
/// # Errors
/// When it says something else.
pub(crate) async fn ask(
    teller: &Teller,
    cast: &Cast,
    of: &Chapter,
    environment: &str,
    expected: &str,
) -> anyhow::Result<Value> {
    let release = json!({ "application": APPLICATION, "service": of.service, "version": of.version });
    let question = json!({ "release": release, "environment": environment });
    let decision = pipeline(cast, of)?.post(teller, "/gates/evaluate", &question).await?;
    if decision["verdict"] != expected {
        let why = serde_json::to_string_pretty(&decision["policies"])?;
        let (service, version) = (of.service, of.version);
        bail!(
            "may {service} {version} go to {environment}? expected {expected}, the gate says {}: {why}",
            decision["verdict"]
        );
    }
    Ok(decision)
}

/// Asks the gate, and deploys what was released.
///
/// # Errors
/// When the gate says other than `expected`, or the server refuses.
pub(crate) async fn ship(
    teller: &Teller,
    cast: &Cast,
    of: &Chapter,
    environment: &str,
    expected: &str,
) -> anyhow::Result<String> {
    let id = begin(teller, cast, of, environment, expected).await?;
    finish(teller, cast, of, &id, &of.digest()).await?;
    Ok(id)
}

/// Asks the gate, and begins a deployment.
///
/// # Errors
/// As [`ship`].
pub(crate) async fn begin(
    teller: &Teller,
    cast: &Cast,
    of: &Chapter,
    environment: &str,
    expected: &str,
) -> anyhow::Result<String> {
    let decision = ask(teller, cast, of, environment, expected).await?;
    let body = json!({ "release": decision["release"]["id"], "environment": environment, "tool": "argo-cd" });
    let started = pipeline(cast, of)?.post(teller, "/deployments", &body).await?;
    teller.pass(75);
    Ok(started["id"].as_str().context("a deployment has an id")?.to_owned())
}

/// Tells that a deployment runs, and what.
///
/// # Errors
/// When the server refuses.
pub(crate) async fn finish(
    teller: &Teller,
    cast: &Cast,
    of: &Chapter,
    id: &str,
    running: &Digest,
) -> anyhow::Result<()> {
    let body = json!({ "running": [running] });
    pipeline(cast, of)?.post(teller, &format!("/deployments/{id}/finish"), &body).await.map(|_| ())
}

/// Tells something else of a deployment: `fail` or `rollback`.
///
/// # Errors
/// When the server refuses.
pub(crate) async fn end(
    teller: &Teller,
    cast: &Cast,
    of: &Chapter,
    id: &str,
    verb: &str,
    body: &Value,
) -> anyhow::Result<()> {
    pipeline(cast, of)?.post(teller, &format!("/deployments/{id}/{verb}"), body).await.map(|_| ())
}

/// Approves a release for production.
///
/// # Errors
/// When the server refuses.
pub(crate) async fn approve(teller: &Teller, person: &Person, of: &Chapter, comment: &str) -> anyhow::Result<()> {
    let found = person.get(teller, &format!("/releases?service={}&q={}", of.service, of.version)).await?;
    let id = found["items"][0]["id"].as_str().context("the release is there")?;
    let body = json!({ "environment": "production", "comment": comment });
    person.post(teller, &format!("/releases/{id}/approvals"), &body).await.map(|_| ())
}

/// Hands in the benchmark of an environment.
///
/// # Errors
/// When the server refuses.
pub(crate) async fn benchmark(teller: &Teller, person: &Person, environment: &str, path: &str) -> anyhow::Result<()> {
    let context = json!({ "environment": environment });
    let form = Form::new().part("context", Part::text(context.to_string()).mime_str("application/json")?);
    let form = form.part("document", named(path, documents::filled(path, &[])?));
    person.push(teller, form).await.map(|_| ())
}
