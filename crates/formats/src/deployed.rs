//! What the readers of tools that deploy share: the report of their deployments, and the health of Kubernetes objects in
//! the words of Argo CD.

use crate::json::Object;
use crate::text::capped;
use shipworthy_model::{Report, ReportedDeployment, Subject, Tool};
use std::collections::HashSet;
use std::hash::Hash;

/// The report of deployments, about the digests of their images and about the commits that they deployed.
pub(crate) fn report(tool: &str, deployments: Vec<ReportedDeployment>) -> Report {
    let mut found = Vec::new();
    for deployment in &deployments {
        found.extend(deployment.images.iter().filter_map(|image| artifact(image)));
        // A revision may be the version of a chart, which names no commit.
        found.extend(deployment.revision.as_deref().and_then(|revision| Subject::commit(revision).ok()));
    }
    let started = deployments.iter().filter_map(|deployment| deployment.started_at.clone()).max();
    Report {
        tool: Some(Tool { name: tool.to_owned(), version: None }),
        created_at: started,
        subjects: distinct(found),
        deployments,
        ..Report::default()
    }
}

/// The artifact that an image names by its digest: `registry.example/shop@sha256:…`.
pub(crate) fn artifact(image: &str) -> Option<Subject> {
    let digest = image.rsplit('@').next().unwrap_or(image);
    digest.parse().map(Subject::Artifact).ok()
}

/// The items, each once, in their order. There may be many.
pub(crate) fn distinct<T: Clone + Eq + Hash>(items: Vec<T>) -> Vec<T> {
    let mut known = HashSet::new();
    items.into_iter().filter(|item| known.insert(item.clone())).collect()
}

/// The images of the containers in the specification of a pod at `path`.
pub(crate) fn images_of_pod(object: &Object<'_>, path: &str) -> Vec<String> {
    let mut images = Vec::new();
    let Some(pod) = object.object(path) else { return images };
    for list in ["initContainers", "containers"] {
        images.extend(pod.objects(list).iter().filter_map(|container| container.text("image")));
    }
    distinct(images)
}

/// A message of a tool, cut where it is too long.
pub(crate) fn message(object: &Object<'_>, path: &str) -> Option<String> {
    object.text(path).map(capped)
}

/// The health as it is written on the wire, where the tool's word is one of Argo CD's.
pub(crate) fn health(object: &Object<'_>, path: &str) -> Option<String> {
    let word = object.text(path)?.to_ascii_lowercase();
    if matches!(word.as_str(), "healthy" | "progressing" | "degraded" | "suspended" | "missing" | "unknown") {
        return Some(word);
    }
    let shown: String = word.chars().take(60).collect();
    object.warn(path, format!("left out: expected a health of Argo CD, found `{shown}`"));
    None
}

/// What the health of an object says of its deployment.
pub(crate) fn status_of_health(health: &str) -> &'static str {
    match health {
        "healthy" => "succeeded",
        "progressing" => "running",
        "degraded" => "failed",
        "suspended" => "waiting",
        _ => "unknown",
    }
}
