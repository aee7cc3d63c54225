//! Which artifacts and commits a document is about, out of what it says of the thing it describes.

use crate::purl;
use shipworthy_model::{Component, InvalidSubject, Subject, Warning};

/// The artifacts by which a described component is known: its SHA-256, and the digest that an image has for a version.
pub(crate) fn of_component(component: &Component) -> Vec<Subject> {
    let image_digest = component.purl.as_deref().and_then(purl::digest);
    let stated = component.hashes.iter().map(String::as_str).chain(component.version.as_deref());
    let mut subjects = Vec::new();
    for text in stated.chain(image_digest.as_deref()) {
        add_artifact(&mut subjects, text);
    }
    subjects
}

/// Adds the artifact that `text` names, as `sha256:…` or as `name@sha256:…`. Every other text names none.
pub(crate) fn add_artifact(subjects: &mut Vec<Subject>, text: &str) {
    let digest = text.rsplit('@').next().unwrap_or(text);
    if let Ok(digest) = digest.parse() {
        add(subjects, Subject::Artifact(digest));
    }
}

/// The subject found at `at`. One that is none is left out with a warning, because evidence would never find its release.
pub(crate) fn usable(
    subject: Result<Subject, InvalidSubject>,
    at: &str,
    warnings: &mut Vec<Warning>,
) -> Option<Subject> {
    let left_out =
        |error: InvalidSubject| warnings.push(Warning { at: at.to_owned(), message: format!("left out: {error}") });
    subject.map_err(left_out).ok()
}

/// Adds a subject, once.
pub(crate) fn add(subjects: &mut Vec<Subject>, subject: Subject) {
    if !subjects.contains(&subject) {
        subjects.push(subject);
    }
}

/// Says of a document about several things, such as `images`, that what it found counts for each of them.
pub(crate) fn warn_of_several(count: usize, things: &str, at: &str, warnings: &mut Vec<Warning>) {
    if count > 1 {
        let message = format!("this document is about {count} {things}; every finding in it counts for each of them");
        warnings.push(Warning { at: at.to_owned(), message });
    }
}
