//! What the readers of tools that deploy share: the report of their deployments, and the health of Kubernetes objects in
//! the words of Argo CD.

use crate::json::Object;
use crate::subjects;
use crate::text::capped;
use shipworthy_model::{Report, ReportedDeployment, Subject, Tool};

/// The report of deployments, about the digests of their images and about the commits that they deployed.
pub(crate) fn report(tool: &str, deployments: Vec<ReportedDeployment>) -> Report {
    let mut found = Vec::new();
    for deployment in &deployments {
        for image in &deployment.images {
            subjects::add_artifact(&mut found, image);
        }
        // A revision may be the version of a chart, which names no commit.
        if let Some(Ok(commit)) = deployment.revision.as_deref().map(Subject::commit) {
            subjects::add(&mut found, commit);
        }
    }
    let started = deployments.iter().filter_map(|deployment| deployment.started_at.clone()).max();
    Report {
        tool: Some(Tool { name: tool.to_owned(), version: None }),
        created_at: started,
        subjects: found,
        deployments,
        ..Report::default()
    }
}

/// Adds texts, each once.
pub(crate) fn add_each(list: &mut Vec<String>, texts: impl IntoIterator<Item = String>) {
    for text in texts {
        if !list.contains(&text) {
            list.push(text);
        }
    }
}

/// The images of the containers in the specification of a pod at `path`.
pub(crate) fn images_of_pod(object: &Object<'_>, path: &str) -> Vec<String> {
    let mut images = Vec::new();
    let Some(pod) = object.object(path) else { return images };
    for list in ["initContainers", "containers"] {
        add_each(&mut images, pod.objects(list).iter().filter_map(|container| container.text("image")));
    }
    images
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
