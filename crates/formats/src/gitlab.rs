//! What the readers of GitLab's documents share.

use crate::change_review::repository_of;
use crate::json::Object;

/// The words for the state of pipelines and jobs.
pub(crate) const RESULTS: &[(&str, &str)] = &[
    ("success", "succeeded"),
    ("failed", "failed"),
    ("canceled", "cancelled"),
    ("canceling", "cancelled"),
    ("skipped", "cancelled"),
    ("created", "running"),
    ("waiting_for_resource", "running"),
    ("waiting_for_callback", "running"),
    ("preparing", "running"),
    ("pending", "running"),
    ("running", "running"),
    ("scheduled", "running"),
    ("manual", "running"),
];

/// The project: webhooks name it, answers of the API have it in their address alone.
pub(crate) fn project(root: &Object<'_>, url: Option<&String>) -> Option<String> {
    let parts = ["/-/", "/pipelines/", "/merge_requests/", "/jobs/", "/builds/"];
    let named = || root.text("project.path_with_namespace");
    // Older webhooks about jobs have the name for people beside it.
    let of_home = || repository_of(&format!("{}/-/", root.text("repository.homepage")?), &parts);
    url.and_then(|url| repository_of(url, &parts)).or_else(named).or_else(of_home)
}
